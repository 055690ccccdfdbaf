import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface WireAnswer {
  status: number;
  text: string;
}

/**
 * One persistent connection that understands only the HTTP/1.1 that the lease API sends: one request at a time,
 * bodies with a length. A load generator must cost less than the service it loads, and fetch costs more.
 */
export class Wire {
  private received = '';
  private answered: ((answer: WireAnswer) => void) | undefined;
  private failed: ((error: Error) => void) | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly host: string,
    private readonly credentials: string,
  ) {
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.received += text;
      this.read();
    });
    socket.on('error', (error) => this.failed?.(error));
    socket.on('close', () => this.failed?.(new Error('the lease API has closed the connection')));
  }

  /** `token`: whose requests they are; absent: whoever needs none. */
  static async to(url: string, token?: string): Promise<Wire> {
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new Wire(socket, host, token === undefined ? '' : `authorization: Bearer ${token}\r\n`);
  }

  /** Sends a request (its path begins with /v1) and resolves with the answer, whatever its status. */
  request(method: string, path: string, secret?: string, body?: object): Promise<WireAnswer> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const head =
      `${method} ${path} HTTP/1.1\r\nhost: ${this.host}\r\n${this.credentials}` +
      (secret === undefined ? '' : `x-session-secret: ${secret}\r\n`) +
      (text === ''
        ? ''
        : `content-type: application/json\r\ncontent-length: ${String(Buffer.byteLength(text))}\r\n`);
    return new Promise((resolve, reject) => {
      this.answered = resolve;
      this.failed = reject;
      this.socket.write(`${head}\r\n${text}`);
    });
  }

  /** As `request`. Throws if the answer has another status than `status`. */
  async expect(
    status: number,
    method: string,
    path: string,
    secret?: string,
    body?: object,
  ): Promise<string> {
    const answer = await this.request(method, path, secret, body);
    if (answer.status !== status)
      throw new Error(`${method} ${path} was answered ${String(answer.status)}: ${answer.text}`);
    return answer.text;
  }

  close(): void {
    this.failed = undefined;
    this.socket.destroy();
  }

  private read(): void {
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.received.slice(0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.received.length < end + 4 + length) return;
    const text = this.received.slice(end + 4, end + 4 + length);
    this.received = this.received.slice(end + 4 + length);
    this.answered?.({ status: Number(head.slice(9, 12)), text });
  }
}

export interface SessionKey {
  sessionId: string;
  secret: string;
}

/** A session that outlives every benchmark without keepalives. */
export async function newSession(wire: Wire): Promise<SessionKey> {
  return JSON.parse(
    await wire.expect(201, 'POST', '/v1/sessions', undefined, { ttlMs: 3_600_000 }),
  ) as SessionKey;
}
