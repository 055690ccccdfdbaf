import type { Socket } from 'node:net';
import { JsonSocket } from '@nestjs/microservices';
import { limits } from '#contracts';

/**
 * Nest's framing over a socket that sends at once: a small message would otherwise wait for the acknowledgement of the
 * one before. Frames are bounded, a peer that reads nothing is cut off. The adapter has the same at its end.
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
