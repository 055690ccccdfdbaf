import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Toward the side that was dialled, or back to the one that dialled. */
export type Direction = 'there' | 'back';

const opened = new Set<TcpProxy>();

/** Ends every proxy: for `afterAll`. */
export function closeProxies(): void {
  for (const proxy of opened) proxy.close();
}

export interface TcpProxyOptions {
  /** HOST:PORT, called for every connection. */
  target: () => string;
  /** Default 127.0.0.1, and a free port. */
  host?: string;
  port?: number;
  /** Changes the data in that direction. The length must stay the same. */
  rewrite?: (chunk: Buffer) => Buffer;
}

/** A network cable that a test can cut, block, and make repeat data. */
export class TcpProxy {
  address = '';
  private readonly pairs = new Set<{ near: Socket; far: Socket }>();
  private readonly holds: Record<Direction, Hold | undefined> = { there: undefined, back: undefined };
  private readonly twice: Record<Direction, string | undefined> = { there: undefined, back: undefined };
  private broken = false;
  private server: Server | undefined;

  private constructor(private readonly options: TcpProxyOptions) {}

  static async start(options: TcpProxyOptions): Promise<TcpProxy> {
    const proxy = new TcpProxy(options);
    const server = createServer({ noDelay: true }, (near) => {
      proxy.join(near);
    }).listen(options.port ?? 0, options.host ?? '127.0.0.1');
    proxy.server = server;
    await once(server, 'listening');
    const { address, port } = server.address() as AddressInfo;
    proxy.address = `${address}:${String(port)}`;
    opened.add(proxy);
    return proxy;
  }

  get port(): number {
    return Number(this.address.split(':')[1]);
  }
  /** Connections that pass through it now. */
  get connections(): number {
    return this.pairs.size;
  }

  /**
   * Cuts every connection, and every new one until `mend`. Without a reset: Node may never end after one
   * that hits a write under way.
   */
  cut(): void {
    this.broken = true;
    for (const { near, far } of [...this.pairs]) {
      near.destroy();
      far.destroy();
    }
  }
  mend(): void {
    this.broken = false;
  }

  /**
   * Holds back every chunk that contains `text`, or only the first few, and passes the rest. A held chunk outlives
   * its sender, like a packet on its way in a slow network.
   */
  hold(direction: Direction, text: string | Buffer, most = Infinity): Hold {
    const hold = new Hold(text, most, () => {
      if (this.holds[direction] === hold) this.holds[direction] = undefined;
    });
    this.holds[direction] = hold;
    return hold;
  }

  /** Delivers every chunk in this direction that contains `text` twice, until called without arguments. */
  stutter(direction: Direction, text?: string): void {
    this.twice[direction] = text;
  }

  close(): void {
    opened.delete(this);
    this.cut();
    this.server?.close();
  }

  private join(near: Socket): void {
    if (this.broken) {
      near.destroy();
      return;
    }
    const [host, port] = this.options.target().split(':');
    const far = connect({ host, port: Number(port), noDelay: true });
    const pair = { near, far };
    this.pairs.add(pair);
    const { rewrite = (chunk: Buffer) => chunk } = this.options;
    near.on('data', (chunk: Buffer) => {
      this.pass('there', rewrite(chunk), far);
    });
    far.on('data', (chunk: Buffer) => {
      this.pass('back', chunk, near);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => {
        this.pairs.delete(pair);
        if (!this.isAwaited(other)) other.destroy();
      });
    }
  }

  /** Whether a chunk is held back for this socket. */
  private isAwaited(socket: Socket): boolean {
    return [this.holds.there, this.holds.back].some((hold) => hold?.keptFor(socket));
  }

  private pass(direction: Direction, chunk: Buffer, to: Socket): void {
    const again = this.twice[direction];
    const parts = again !== undefined && chunk.includes(again) ? [chunk, chunk] : [chunk];
    for (const part of parts) if (this.holds[direction]?.keeps(part, to) !== true) to.write(part);
  }
}

/** Chunks that are held back. */
export class Hold {
  /** Resolves when the first of them has arrived. */
  readonly caught: Promise<void>;
  private readonly kept: { chunk: Buffer; to: Socket }[] = [];
  private tell: () => void = () => undefined;

  constructor(
    private readonly text: string | Buffer,
    private readonly most: number,
    private readonly end: () => void,
  ) {
    this.caught = new Promise((resolve) => {
      this.tell = resolve;
    });
  }

  /** For the proxy: whether this chunk is held back. */
  keeps(chunk: Buffer, to: Socket): boolean {
    if (this.kept.length >= this.most || !chunk.includes(this.text)) return false;
    this.kept.push({ chunk, to });
    this.tell();
    return true;
  }
  /** For the proxy: whether a chunk is on its way to this socket. */
  keptFor(socket: Socket): boolean {
    return this.kept.some(({ to }) => to === socket);
  }

  /** Releases its chunks in order, and holds no more. */
  release(): void {
    this.end();
    for (const { chunk, to } of this.kept.splice(0)) to.write(chunk);
  }
  /** Discards its chunks and their connections, and holds no more. */
  drop(): void {
    this.end();
    for (const { to } of this.kept.splice(0)) to.destroy();
  }
}
