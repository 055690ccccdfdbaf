import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '../support/redis-server';
import { type LeaseApi, startLeaseApi } from '../support/service';
import type { EchoJobs } from './echo';
import { type Figure, median, noted, type Row } from './figure';
import type { LoadJobs } from './load';
import { SideProcess, typescript } from './side-process';
import { type Contender, type Effort, inTurns, type Turn } from './turns';

const inFlight = 1;
/** What others are compared with. */
const echoes = { bare: 'bare @grpc/grpc-js echo', durable: 'the echo, with a put to LMDB' };
/** As the lease API is started. */
const nodeFlags = ['--max-semi-space-size=64'];
const env = { LEASEHOLD_GRPC: '127.0.0.1:0' };
const pairs = { open: 'open + close', lock: 'lock + unlock' } as const;

/** What an NFS server's requests take over gRPC, beside an echo that answers with the same messages. */
export async function grpc({ rounds, ms, warmUpMs }: Effort): Promise<Figure[]> {
  const load = new SideProcess<LoadJobs>('load');
  const echo = new SideProcess<EchoJobs>('echo', nodeFlags);
  const durable = new SideProcess<EchoJobs>('echo', nodeFlags);
  const redis = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
  const started: { stop(): unknown }[] = [load, echo, durable, redis];
  try {
    const places: { name: string; url: string; servers: Contender['servers'] }[] = [
      {
        ...{ name: echoes.bare, url: await echo.ask('grpc', {}) },
        servers: { server: () => echo.pid },
      },
      {
        ...{ name: echoes.durable, url: await durable.ask('grpc', { directory }) },
        servers: { server: () => durable.pid },
      },
    ];
    const add = (name: string, api: LeaseApi, more: Contender['servers'] = {}): void => {
      started.push(api);
      places.push({ name, url: api.grpcAddress, servers: { server: () => api.pid, ...more } });
    };
    const onMaps = [...typescript, '-r', join(__dirname, 'stub.ts')];
    add('rules on Maps', await startLeaseApi({ env: { ...env, BENCH_STUB: 'disk' }, nodeFlags: onMaps }));
    add('embedded (LMDB)', await startLeaseApi({ env }));
    add('Redis, fsync always', await startLeaseApi({ env, table: redis.url }), { redis: () => redis.pid });
    const kinds = Object.keys(pairs) as (keyof typeof pairs)[];
    const cells = kinds.flatMap((what) => places.map((place) => ({ what, ...place })));
    const turns = await inTurns(
      cells.map(({ what, url, servers }) => ({
        servers,
        load: (turnMs) => load.ask('grpc', { what, url, inFlight, ms: turnMs }),
        // One at a time, a slow disk would keep the compiler from ever seeing enough.
        warm: (turnMs) => load.ask('grpc', { what, url, inFlight: 50, ms: turnMs }),
      })),
      { rounds, ms, warmUpMs },
    );
    const rows = cells.map(({ what, name }, at) => {
      const floorOf = (echo: string): Turn[] =>
        turns[cells.findIndex((each) => each.what === what && each.name === echo)] ?? [];
      return row(`${pairs[what]}: ${name}`, turns[at] ?? [], floorOf(echoes.bare), floorOf(echoes.durable));
    });
    return [
      {
        title: `Requests of an NFS server over gRPC: processor time a pair, ${String(inFlight)} in flight`,
        method:
          'Time of the server process, all its threads; the load, which seals every call, is a process of its own. The echo reads ' +
          `and writes the same messages and does nothing else. In turns, median of ${String(rounds)} of ${String(ms / 1000)} s; ` +
          'the ratio is that of neighbouring turns.',
        rows,
      },
    ];
  } finally {
    for (const each of started.reverse()) await each.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function row(what: string, turns: readonly Turn[], bare: readonly Turn[], durable: readonly Turn[]): Row {
  const of = (turn: Turn | undefined, name = 'server'): number => turn?.micros[name] ?? Number.NaN;
  const redis = median(turns.map((turn) => of(turn, 'redis')));
  return noted({
    what,
    'µs a pair': median(turns.map((turn) => of(turn))),
    '/ echo': median(turns.map((turn, at) => of(turn) / of(bare[at]))),
    '/ echo with a put': median(turns.map((turn, at) => of(turn) / of(durable[at]))),
    ...(Number.isNaN(redis) ? {} : { 'Redis µs a pair': redis }),
    'pairs/s': median(turns.map(({ rate }) => rate)),
  });
}
