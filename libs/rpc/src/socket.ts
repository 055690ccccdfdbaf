import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ClientTCP, JsonSocket, ServerTCP } from '@nestjs/microservices';
import { catchError, type Observable, throwError } from 'rxjs';
import { limits } from '#contracts';
import { answerToStranger, proven, type Strangers, unfinished } from './strangers';
import { type Tls, TlsDoor, tlsFailure, TlsRefusal } from './tls';

const notRpc = answerToStranger(
  'This port speaks the RPC of Leasehold with fileserver adapters and NFS servers; HTTP is at LEASEHOLD_HTTP.\n',
);

/** Backlog of connections not yet accepted: a burst must not keep others out (Node's default: 511). */
export const connectionsWaitingMax = 8_192;

/**
 * Nest's server with a larger backlog. Its `error` event reports why it cannot listen. What arrives on a connection is
 * never an error of ours: anybody may connect, send what is no message, and reset the connection.
 */
export class PromptServer extends ServerTCP {
  private readonly strangers: Strangers | undefined;
  private readonly door: TlsDoor | undefined;

  /**
   * @param strangers bounds connections until their other end has been `proven`
   * @param tls is put under every connection; `name` is the port's, for the log
   */
  constructor(
    at: { host: string; port: number },
    { strangers, tls, name = '' }: { strangers?: Strangers; tls?: Tls; name?: string } = {},
  ) {
    super({ ...at, socketClass: PromptSocket });
    this.strangers = strangers;
    if (tls !== undefined)
      this.door = new TlsDoor(tls, name, (socket, raw) => {
        // What counts from now on is what arrives inside.
        proven(raw);
        this.open(socket);
      });
  }

  /** Only faults of the listening socket have a system call. */
  protected override handleError(error: unknown): void {
    if (error instanceof Error && 'syscall' in error) this.logger.error(error);
    else this.logger.debug?.(error);
  }

  /** Ignores messages that expect no answer: there are none in this protocol. */
  override handleEvent(): Promise<void> {
    return Promise.resolve();
  }

  override bindHandler(socket: Socket): void {
    if (this.door === undefined) {
      this.open(socket);
      return;
    }
    this.strangers?.admit(socket);
    this.trackOpenSocket(socket);
    this.door.admit(socket);
  }

  private open(socket: Socket): void {
    this.strangers?.admit(socket);
    super.bindHandler(socket);
  }

  override listen(callback: (error?: unknown) => void): void {
    this.server.listen({ port: this.port, host: this.host, backlog: connectionsWaitingMax }, callback);
  }
}

/**
 * Nest's framing over a socket that sends at once; otherwise a small message would wait up to 40 ms for the
 * acknowledgement of the previous one. Frames are bounded, a peer that does not read is cut off, and a peer that speaks
 * another protocol is told at once.
 */
export class PromptSocket extends JsonSocket {
  private readonly wire: Socket;
  private speaks: 'unknown' | 'rpc' | 'other' = 'unknown';
  /** The bytes received since the last whole frame. */
  private unfinished = 0;

  constructor(socket: Socket) {
    // A body is JSON text inside JSON text, which at worst doubles its size.
    super(socket, {
      maxBufferSize: 2 * limits.rpcBytesMax + 4096,
      maxSendBufferSize: 64 * limits.rpcBytesMax,
    });
    this.wire = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 5_000);
    this.on('message', () => {
      this.unfinished = 0;
    });
  }

  override handleData(data: Buffer | string): void {
    // A frame begins with its length.
    if (this.speaks === 'unknown') this.speaks = /^\d/.test(data.toString('latin1', 0, 1)) ? 'rpc' : 'other';
    if (this.speaks === 'rpc') {
      this.unfinished += data.length;
      super.handleData(data);
      unfinished(this.wire, this.unfinished);
      return;
    }
    const text = data.toString('latin1');
    if (/^HTTP\//.test(text)) throw new Error(strangersAnswer(text));
    // An alert of TLS (RFC 8446 §6).
    if (text.startsWith('\x15\x03')) throw new Error('the other end speaks TLS: set LEASEHOLD_TLS_CERT');
    if (this.wire.writable) this.wire.end(notRpc);
  }
}

/** What a port that speaks no RPC has answered: one of ours says why. */
function strangersAnswer(text: string): string {
  const [, says] =
    /\r\ncontent-type: text\/plain[^]*?\r\n\r\n((?:This port|Your certificate) [\x20-\x7e]{1,300})/.exec(
      text,
    ) ?? [];
  return says === undefined
    ? 'this port speaks HTTP; use LEASEHOLD_RPC for RPC'
    : `the other end answers: ${says}`;
}

/** The error of a request that was under way when its connection ended, as Nest has it. */
const cutOff = 'Connection closed';

/** Nest's client over this socket. Its errors say why the other end, or its certificate, is not accepted. */
export class PromptClient extends ClientTCP {
  /** Why the last connection ended, or was never made. */
  private failure: unknown;

  constructor(
    private readonly at: { host: string; port: number },
    private readonly tls?: Tls,
  ) {
    super({ ...at, socketClass: PromptSocket, ...(tls === undefined ? {} : { tlsOptions: {} }) });
  }

  /** Dials with what the files of TLS contain now. */
  override createSocket(): JsonSocket {
    this.failure = undefined;
    const { host, port } = this.at;
    return this.tls === undefined
      ? (super.createSocket() as JsonSocket)
      : new PromptSocket(connectTls({ ...this.tls.dialling(host), port }));
  }

  override send<T>(pattern: unknown, data: unknown): Observable<T> {
    return super
      .send<T>(pattern, data)
      .pipe(catchError((error: unknown) => throwError(() => this.explained(error))));
  }

  /**
   * Writes nothing: the caller that awaits the answer gets the error and decides whether to log it. Nest would always
   * log.
   */
  override handleError(error: unknown): void {
    this.failure = error;
  }

  /** Nothing may be sent before the certificate of the other end is accepted. */
  protected override connect$(instance: unknown): Observable<unknown> {
    return super.connect$(instance, 'error', this.tls === undefined ? 'connect' : 'secureConnect');
  }

  private explained(error: unknown): unknown {
    const { host, port } = this.at;
    const isCut = error instanceof Error && error.message === cutOff;
    const why = isCut ? (this.failure ?? error) : error;
    // Our own socket reports in words what it cannot read.
    if (typeof why === 'string') return new TlsRefusal(why);
    const failure = this.tls && tlsFailure(why, `${host}:${String(port)}`, this.tls.files);
    return failure === undefined ? error : new TlsRefusal(failure, { cause: why });
  }
}
