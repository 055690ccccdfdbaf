import type { Socket } from 'node:net';
import { ClientTCP, JsonSocket, ServerTCP } from '@nestjs/microservices';
import { limits } from '#contracts';

/** For whoever speaks something else than the port that was dialled: most do HTTP, and the rest shows what it got. */
export const answerToStranger = (text: string): string =>
  'HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n' +
  `content-length: ${String(Buffer.byteLength(text))}\r\nconnection: close\r\n\r\n${text}`;
const notRpc = answerToStranger(
  'This port speaks the RPC of Leasehold with fileserver adapters and NFS servers; HTTP is at LEASEHOLD_HTTP.\n',
);

/** Connections that the kernel keeps until they are accepted: a burst of them must not keep others out (Node: 511). */
export const connectionsWaitingMax = 8_192;

/** Nest's server with room for a burst. Who starts it hears from its `error` event why it cannot listen. */
export class PromptServer extends ServerTCP {
  override listen(callback: (error?: unknown) => void): void {
    this.server.listen({ port: this.port, host: this.host, backlog: connectionsWaitingMax }, callback);
  }
}

/**
 * Nest's framing over a socket that sends at once. A small message would otherwise wait for the acknowledgement of
 * the one before, up to 40 ms. Frames are bounded, a peer that reads nothing is cut off, and one that speaks something
 * else is told at once.
 */
export class PromptSocket extends JsonSocket {
  private readonly wire: Socket;
  private speaks: 'unknown' | 'rpc' | 'other' = 'unknown';

  constructor(socket: Socket) {
    // A body travels as JSON text inside JSON text, which at worst doubles it.
    super(socket, {
      maxBufferSize: 2 * limits.rpcBytesMax + 4096,
      maxSendBufferSize: 64 * limits.rpcBytesMax,
    });
    this.wire = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 5_000);
  }

  override handleData(data: Buffer | string): void {
    // A frame begins with its length.
    if (this.speaks === 'unknown') this.speaks = /^\d/.test(data.toString('latin1', 0, 1)) ? 'rpc' : 'other';
    if (this.speaks === 'rpc') {
      super.handleData(data);
      return;
    }
    if (/^HTTP\//.test(data.toString('latin1')))
      throw new Error('this port speaks HTTP; use LEASEHOLD_RPC for RPC');
    if (this.wire.writable) this.wire.end(notRpc);
  }
}

/** Nest's client over that socket. */
export class PromptClient extends ClientTCP {
  constructor(at: { host: string; port: number }) {
    super({ ...at, socketClass: PromptSocket });
  }

  /** Whoever awaits an answer hears it, and knows whether it is worth a line; Nest would always write one. */
  override handleError(): void {
    return;
  }
}
