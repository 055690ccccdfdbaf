import { connect as connectTcp, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { AbstractConnector, Redis, type RedisOptions } from 'ioredis';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Where a table in Redis is. */
export interface RedisAddress {
  /** One server; the master that Sentinels name; or the master in a Redis Cluster that has the table's slot. */
  readonly shape: 'single' | 'sentinel' | 'cluster';
  readonly tls: boolean;
  /** The server, the Sentinels, or some nodes of the Cluster. */
  readonly hosts: readonly HostPort[];
  /** The name by which the Sentinels know the master. */
  readonly master?: string;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: string;
  /** The version of IP to use for names; absent: both. */
  readonly family?: 4 | 6;
}

/** TLS options for a host; without one, those that hold for every host. */
export type TlsFor = (host?: string) => ConnectionOptions;

/** The key that stands for a shard of the table: all its keys share the hash tag, and so the slot in a Cluster. */
export const rootOf = (table: string, shard = 0): string => `{lh:${table}:${String(shard)}}`;

const shown = ({ host, port }: HostPort): string =>
  `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;

/** The address in words, without secrets. */
export function addressText({ shape, hosts, master = '' }: RedisAddress): string {
  const list = hosts.map(shown).join(', ');
  if (shape === 'single') return list;
  return shape === 'cluster' ? `Cluster ${list}` : `master ${master} of Sentinels ${list}`;
}

/** A client of the Redis that has this shard of a table. Every connection goes to whatever is the master at that moment. */
export function redisClient(
  at: RedisAddress,
  table: string,
  options: RedisOptions,
  tlsFor?: TlsFor,
  shard = 0,
): Redis {
  const { shape, hosts, master, db, username, password, family } = at;
  const common: RedisOptions = { ...options, db, username, password, family };
  const [first] = hosts;
  if (shape === 'single') return new Redis({ ...common, ...first, tls: tlsFor?.(first?.host) });
  if (shape === 'cluster') {
    const to: Slot = { at, key: rootOf(table, shard), tlsFor, askMs: options.connectTimeout ?? askMsUsual };
    return new Redis({ ...common, tls: tlsFor?.(), Connector: connectorTo(to) });
  }
  return new Redis({
    ...common,
    sentinels: hosts.map(({ host, port }) => ({ host, port })),
    name: master,
    sentinelUsername: at.sentinelUsername,
    sentinelPassword: at.sentinelPassword,
    sentinelCommandTimeout: options.connectTimeout,
    // A master that is only stuck keeps its connections: Sentinels say when another one has taken over.
    failoverDetector: true,
    tls: tlsFor?.(),
    sentinelTLS: tlsFor?.(),
    enableTLSForSentinelMode: tlsFor !== undefined,
  });
}

const askMsUsual = 2_000;
const againMsMax = 1_000;

interface Slot {
  at: RedisAddress;
  /** A key in it. */
  key: string;
  tlsFor: TlsFor | undefined;
  /** How long a node may take to say who has it. */
  askMs: number;
}

/** Makes ioredis connect to the master that has this slot, as any node of the Cluster knows. */
function connectorTo(slot: Slot): NonNullable<RedisOptions['Connector']> {
  return class extends AbstractConnector {
    private nodes = slot.at.hosts;
    private turn = 0;

    constructor(options: unknown) {
      super((options as RedisOptions).disconnectTimeout ?? againMsMax);
    }

    /** One that has just become a replica is still named by those that do not know yet. */
    override check({ role }: { role?: string }): boolean {
      return role === undefined || role === 'master';
    }

    /** Goes on until it succeeds or `disconnect` is called: ioredis would give up for good. */
    override async connect(emit: (type: string, error: Error) => void): Promise<Socket> {
      this.connecting = true;
      for (let failures = 0; ; failures += 1) {
        // Each time another node: one that is cut off from the others names the wrong master.
        const node = this.nodes[(this.turn += 1) % this.nodes.length] ?? { host: '', port: 0 };
        try {
          const { owner, nodes } = await ownerOf(slot, node);
          if (!this.isWanted()) throw new Error('Connection is closed.');
          this.nodes = nodes;
          const stream = dial(slot, owner);
          this.stream = stream;
          stream.once('error', (error: Error) => {
            this.firstError = error;
          });
          return stream;
        } catch (error) {
          if (!this.isWanted()) throw error;
          emit('error', error instanceof Error ? error : new Error(String(error)));
          // It may have been one that has left.
          if (failures % this.nodes.length === this.nodes.length - 1) this.nodes = slot.at.hosts;
        }
        await pause(Math.min(50 * 2 ** Math.min(failures, 5), againMsMax));
        if (!this.isWanted()) throw new Error('Connection is closed.');
      }
    }

    private isWanted(): boolean {
      return this.connecting;
    }
  };
}

function dial({ at, tlsFor }: Slot, { host, port }: HostPort): Socket {
  const { family } = at;
  return tlsFor === undefined
    ? connectTcp({ host, port, family })
    : connectTls({ ...tlsFor(host), host, port });
}

/** Asks a node which master has the slot, and which other nodes there are. Throws if it does not know. */
async function ownerOf(
  { at, key, tlsFor, askMs }: Slot,
  { host, port }: HostPort,
): Promise<{ owner: HostPort; nodes: HostPort[] }> {
  const { username, password, family } = at;
  const redis = new Redis({
    ...{ host, port, username, password, family, tls: tlsFor?.(host), lazyConnect: true },
    ...{ retryStrategy: () => null, connectTimeout: askMs, commandTimeout: askMs, enableReadyCheck: false },
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const slot = await redis.cluster('KEYSLOT', key);
    const nodes: HostPort[] = [];
    let owner: HostPort | undefined;
    const ranges: readonly unknown[] = await redis.cluster('SLOTS');
    for (const [from, to, ...members] of ranges as SlotRange[]) {
      const there = members.flatMap(([name, at]) => {
        // Without a name: the one that was asked for.
        if (name === '?') return [];
        return [{ host: name === null || name === '' ? host : name, port: at }];
      });
      nodes.push(...there);
      if (slot >= from && slot <= to) [owner] = there;
    }
    if (owner === undefined)
      throw new Error(`${shown({ host, port })} knows no master for slot ${String(slot)}`);
    return { owner, nodes };
  } finally {
    redis.disconnect();
  }
}

type SlotRange = [from: number, to: number, ...members: [host: string | null, port: number, id: string][]];
