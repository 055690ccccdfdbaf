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
/** How often the bytes are counted that connections have sent, where nobody says what is unfinished. */
const lookMs = 100;

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
  readonly network: string;
  readonly late: NodeJS.Timeout;
  readonly onClose: () => void;
  bytes: number;
}

/** The other end of a connection. */
export type Peer = Partial<Pick<Socket, 'remoteAddress' | 'remotePort'>>;

const nameOf = ({ remoteAddress = '', remotePort = 0 }: Peer): string =>
  `${remoteAddress} ${String(remotePort)}`;

/** What connections are counted by: the address; for IPv6 the network, since a host has any number of addresses. */
export function networkOf(address: string): string {
  const text = address.replace(/^::ffff:(?=\d+\.)/, '');
  if (!text.includes(':')) return text;
  const [start = '', tail] = text.split('::');
  const left = start.split(':');
  const right = tail === undefined ? [] : tail.split(':');
  const groups =
    tail === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill('0')];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/**
 * Connections whose other end has not shown yet that it knows a secret. Anybody may connect, so they are bounded in
 * number, in time, and in what they make us keep. The address with the most makes room for the next, with its oldest,
 * and the one that makes us keep the most is cut off first: a peer that sends whole messages is not affected by those
 * that do not, nor one address by another.
 */
export class Strangers {
  /** By name, the oldest first. */
  private readonly watched = new Map<string, Stranger>();
  private readonly byNetwork = new Map<string, Set<Stranger>>();
  private readonly names = new WeakMap<object, string>();
  /** Connections by network, those included that are no strangers any more. */
  private readonly open = new Map<string, Set<string>>();
  private bytes = 0;
  private looking: NodeJS.Timeout | undefined;

  /** `perAddress`: how many connections one address may have, strangers or not; undefined: any number. */
  constructor(
    private readonly max = bounds,
    private readonly perAddress: () => number | undefined = () => undefined,
  ) {}

  get size(): number {
    return this.watched.size;
  }

  admit(socket: Socket): void {
    const network = networkOf(socket.remoteAddress ?? '');
    if (!this.count(socket, network)) {
      socket.destroy();
      return;
    }
    const name = nameOf(socket);
    const late = setTimeout(() => socket.destroy(), this.max.proofMs).unref();
    const onClose = (): void => {
      if (this.watched.get(name) === stranger) this.forget(name);
    };
    const stranger: Stranger = { socket, network, late, onClose, bytes: 0 };
    this.watched.set(name, stranger);
    this.byNetwork.set(network, (this.byNetwork.get(network) ?? new Set<Stranger>()).add(stranger));
    this.alias(socket);
    socket.on('close', onClose);
    if (this.watched.size > this.max.connections) this.makeRoom();
  }

  /** Another object stands for the same connection: what TLS makes of it. */
  alias(socket: Socket): void {
    this.names.set(socket, nameOf(socket));
    watchers.set(socket, this);
  }

  /** For transports that do not say what is unfinished: every byte counts that a stranger has sent. */
  countBytes(): this {
    this.looking ??= setInterval(() => {
      for (const { socket } of this.watched.values()) this.keeps(socket, socket.bytesRead);
    }, lookMs).unref();
    return this;
  }

  stop(): void {
    clearInterval(this.looking);
  }

  keeps(socket: object, bytes: number): void {
    const stranger = this.watched.get(this.names.get(socket) ?? '');
    if (stranger === undefined) return;
    this.bytes += bytes - stranger.bytes;
    stranger.bytes = bytes;
    if (this.bytes <= this.max.bytes) return;
    let greediest = stranger;
    for (const each of this.watched.values()) if (each.bytes > greediest.bytes) greediest = each;
    this.cut(greediest);
  }

  release(socket: object): void {
    this.forget(this.names.get(socket) ?? '');
  }

  /** The peer has shown that it knows a secret. */
  provenAs(peer: Peer): void {
    this.forget(nameOf(peer));
  }

  /** Counts a connection once, whether or not TLS is put on it. */
  private count(socket: Socket, network: string): boolean {
    const name = nameOf(socket);
    const beside = this.open.get(network) ?? new Set<string>();
    if (!beside.has(name) && beside.size >= (this.perAddress() ?? Number.POSITIVE_INFINITY)) return false;
    this.open.set(network, beside.add(name));
    socket.on('close', () => {
      beside.delete(name);
      if (beside.size === 0 && this.open.get(network) === beside) this.open.delete(network);
    });
    return true;
  }

  private makeRoom(): void {
    let most = new Set<Stranger>();
    for (const each of this.byNetwork.values()) if (each.size > most.size) most = each;
    const [oldest] = most;
    if (oldest !== undefined) this.cut(oldest);
  }

  private forget(name: string): void {
    const stranger = this.watched.get(name);
    if (stranger === undefined) return;
    clearTimeout(stranger.late);
    // Of a connection that stays, nothing more needs to be kept.
    stranger.socket.off('close', stranger.onClose);
    this.bytes -= stranger.bytes;
    this.watched.delete(name);
    const beside = this.byNetwork.get(stranger.network);
    beside?.delete(stranger);
    if (beside?.size === 0) this.byNetwork.delete(stranger.network);
  }

  private cut({ socket }: Stranger): void {
    this.release(socket);
    socket.destroy();
  }
}
