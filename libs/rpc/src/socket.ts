import type { Socket } from 'node:net';
import { ClientTCP, JsonSocket, ServerTCP } from '@nestjs/microservices';
import { limits } from '#contracts';
import { type Strangers, unfinished } from './strangers';

/**
 * The answer to a peer that speaks another protocol. Most such peers speak HTTP; others show the bytes they receive.
 */
export const answerToStranger = (text: string): string =>
  'HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n' +
  `content-length: ${String(Buffer.byteLength(text))}\r\nconnection: close\r\n\r\n${text}`;
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
  /** @param strangers bounds connections until their other end has been `proven` */
  constructor(
    options: ConstructorParameters<typeof ServerTCP>[0],
    private readonly strangers?: Strangers,
  ) {
    super(options);
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
    if (/^HTTP\//.test(data.toString('latin1')))
      throw new Error('this port speaks HTTP; use LEASEHOLD_RPC for RPC');
    if (this.wire.writable) this.wire.end(notRpc);
  }
}

/** Nest's client over this socket. */
export class PromptClient extends ClientTCP {
  constructor(at: { host: string; port: number }) {
    super({ ...at, socketClass: PromptSocket });
  }

  /**
   * Writes nothing: the caller that awaits the answer gets the error and decides whether to log it. Nest would always
   * log.
   */
  override handleError(): void {
    return;
  }
}
