import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

type Fields = Record<string, unknown>;
interface Frame {
  id?: string;
  pattern?: string;
  data?: Fields;
  response?: Fields;
}

const framed = (frame: Frame): string => {
  const text = JSON.stringify(frame);
  return `${String(text.length)}#${text}`;
};

/** Cuts a direction of an RPC connection into its frames: a length, `#`, JSON. */
function frames(socket: Socket, each: (frame: Frame) => void): void {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (;;) {
      const [head = '', length] = /^(\d+)#/.exec(text) ?? [];
      const end = head.length + Number(length);
      if (length === undefined || text.length < end) return;
      each(JSON.parse(text.slice(head.length, end)) as Frame);
      text = text.slice(end);
    }
  });
}

const differing = (one: Fields, other: Fields, field: string): boolean => one[field] !== other[field];

/** Whoever sits on the wire between two programs, reads all their messages, and mixes them. */
export class Splicer {
  /** The answers to what it made up. */
  readonly answers: Fields[] = [];
  /** The number of requests that it made up. */
  made = 0;
  /** What it mixes. Too many made-up requests would only make the other side slow to answer. */
  mixes: 'requests' | 'answers' | 'nothing' = 'requests';
  mixed = 0;
  private readonly sockets = new Set<Socket>();
  private readonly requests = new Map<string, Required<Pick<Frame, 'pattern' | 'data'>>>();
  private answered: Fields | undefined;

  private constructor(
    private readonly server: Server,
    private readonly target: () => string,
  ) {}

  static async start(target: () => string, host = '127.0.0.1', port = 0): Promise<Splicer> {
    const server = createServer();
    const splicer = new Splicer(server, target);
    server.on('connection', (near) => {
      splicer.join(near);
    });
    server.listen(port, host);
    await once(server, 'listening');
    return splicer;
  }

  get address(): string {
    const { address, port } = this.server.address() as AddressInfo;
    return `${address}:${String(port)}`;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private join(near: Socket): void {
    const [host, port] = this.target().split(':');
    const far = connect({ host, port: Number(port) });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one
        .on('error', () => undefined)
        .on('close', () => {
          this.sockets.delete(one);
          other.destroy();
        });
    }
    frames(near, (frame) => {
      far.write(framed(frame));
      for (const made of this.spliced(frame)) far.write(framed(made));
    });
    frames(far, (frame) => {
      if (frame.id?.startsWith('spliced') !== true) near.write(framed(this.mix(frame)));
      else if (frame.response) this.answers.push(frame.response);
    });
  }

  /** The request with each part of its envelope, and its pattern, taken from the last one of every kind. */
  private *spliced({ pattern, data }: Frame): Generator<Frame> {
    if (pattern === undefined || data === undefined || this.mixes !== 'requests') return;
    for (const old of this.requests.values()) {
      if (old.pattern !== pattern) yield { ...this.named(), pattern: old.pattern, data };
      for (const field of Object.keys(data))
        if (field in old.data && differing(old.data, data, field))
          yield { ...this.named(), pattern, data: { ...data, [field]: old.data[field] } };
    }
    this.requests.set(pattern, { pattern, data });
  }

  private named(): { id: string } {
    return { id: `spliced-${String((this.made += 1))}` };
  }

  /** The answer with the body, the seal, or both, of the one before. */
  private mix(frame: Frame): Frame {
    const { response } = frame;
    const old = this.answered;
    this.answered = response;
    if (this.mixes !== 'answers' || response === undefined || old === undefined) return frame;
    const mixes = [{ ...response, body: old['body'] }, { ...response, mac: old['mac'] }, old];
    return { ...frame, response: mixes[this.mixed++ % mixes.length] };
  }
}
