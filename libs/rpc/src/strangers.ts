import type { Socket } from 'node:net';

/**
 * The answer to a peer that speaks another protocol. Most such peers speak HTTP; others show the bytes they receive.
 */
export const answerToStranger = (text: string): string =>
  'HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n' +
  `content-length: ${String(Buffer.byteLength(text))}\r\nconnection: close\r\n\r\n${text}`;

const bounds = {
  /** How many connections there may be whose other end has not shown that it knows a secret. */
  connections: 4_096,
  /** How many bytes of unfinished frames they may make us keep, all together. */
  bytes: 32 * 1024 * 1024,
  /** How long one of them may take for its first valid message. */
  proofMs: 60_000,
};

/** Who watches a connection. */
const watchers = new WeakMap<object, Strangers>();

/** The other end of this connection has shown that it knows a secret. */
export function proven(socket: object): void {
  watchers.get(socket)?.release(socket);
}

/** So many bytes of an unfinished frame are kept for this connection. */
export function unfinished(socket: object, bytes: number): void {
  watchers.get(socket)?.keeps(socket, bytes);
}

interface Stranger {
  readonly socket: Socket;
  readonly late: NodeJS.Timeout;
  bytes: number;
}

/**
 * Connections whose other end has not shown yet that it knows a secret. Anybody may connect, so they are bounded in
 * number, in time, and in what they make us keep. The oldest makes room for the next, and the one that makes us keep
 * the most is cut off first: a peer that sends whole messages is not affected by those that do not.
 */
export class Strangers {
  /** The oldest first. */
  private readonly watched = new Map<object, Stranger>();
  private bytes = 0;

  constructor(private readonly max = bounds) {}

  admit(socket: Socket): void {
    const late = setTimeout(() => socket.destroy(), this.max.proofMs).unref();
    this.watched.set(socket, { socket, late, bytes: 0 });
    watchers.set(socket, this);
    socket.once('close', () => {
      this.release(socket);
    });
    const [oldest] = this.watched.values();
    if (this.watched.size > this.max.connections && oldest !== undefined) this.cut(oldest);
  }

  keeps(socket: object, bytes: number): void {
    const stranger = this.watched.get(socket);
    if (stranger === undefined) return;
    this.bytes += bytes - stranger.bytes;
    stranger.bytes = bytes;
    if (this.bytes <= this.max.bytes) return;
    let greediest = stranger;
    for (const each of this.watched.values()) if (each.bytes > greediest.bytes) greediest = each;
    this.cut(greediest);
  }

  release(socket: object): void {
    const stranger = this.watched.get(socket);
    if (stranger === undefined) return;
    clearTimeout(stranger.late);
    this.bytes -= stranger.bytes;
    this.watched.delete(socket);
    watchers.delete(socket);
  }

  private cut({ socket }: Stranger): void {
    socket.destroy();
    this.release(socket);
  }
}
