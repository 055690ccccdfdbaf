import type { Socket } from 'node:net';
import { JsonSocket } from '@nestjs/microservices';
import { limits } from '#contracts';

/**
 * Nest's framing over a socket that sends at once. A small message would otherwise wait for the acknowledgement of
 * the one before, up to 40 ms. Frames are bounded, a peer that reads nothing is cut off.
 */
export class PromptSocket extends JsonSocket {
  constructor(socket: Socket) {
    // A body travels as JSON text inside JSON text, which at worst doubles it.
    super(socket, {
      maxBufferSize: 2 * limits.rpcBytesMax + 4096,
      maxSendBufferSize: 64 * limits.rpcBytesMax,
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 5_000);
  }
}
