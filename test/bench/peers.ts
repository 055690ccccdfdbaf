import { startRedis } from '../support/redis-server';
import { startLeaseApi } from '../support/service';
import { howToInstallEtcd, startEtcd } from './etcd';
import { type Figure, noted, type Row } from './figure';
import type { LoadJobs } from './load';
import { SideProcess } from './side-process';
import { type Contender, type Effort, inTurns, middleOf, sumOf, type Turn } from './turns';

const inFlight = 50;
const etcdLock = 'etcd lock()';
const redlock = 'redlock, one Redis';

/** Acquire and release in this service and in others, each on disk before it is answered. */
export async function peers(effort: Effort): Promise<Figure[]> {
  const load = new SideProcess<LoadJobs>('load');
  const [redis, theirs] = [await durableRedis(), await durableRedis()];
  const started: { stop(): unknown }[] = [load, redis, theirs];
  try {
    const [embedded, shared] = [await startLeaseApi(), await startLeaseApi({ table: redis.url })];
    started.push(embedded, shared);
    const etcd = await startEtcd();
    if (etcd === undefined)
      process.stderr.write(`${howToInstallEtcd}. The others are measured without it.\n`);
    else started.push(etcd);
    const by = (job: keyof LoadJobs, url: string, servers: Contender['servers']): Contender => ({
      servers,
      load: (ms) => load.ask(job, { url, inFlight, ms }),
    });
    const own = { server: () => embedded.pid };
    const ownAndRedis = { server: () => shared.pid, redis: () => redis.pid };
    const theirRedis = { redis: () => theirs.pid };
    const all: Record<string, Contender> = {
      'Leasehold, embedded, HTTP': by('leases', embedded.url, own),
      'Leasehold, embedded, client': by('client', embedded.url, own),
      'Leasehold, Redis, HTTP': by('leases', shared.url, ownAndRedis),
      'Leasehold, Redis, client': by('client', shared.url, ownAndRedis),
      ...(etcd === undefined ? {} : { [etcdLock]: by('etcd', etcd.address, { server: () => etcd.pid }) }),
      [redlock]: by('redlock', theirs.url, theirRedis),
      'SET NX PX + DEL': by('locks', theirs.url, theirRedis),
      'LMDB put + remove': by('puts', '', { server: () => load.pid }),
    };
    const turns = await inTurns(Object.values(all), effort);
    return [figure(Object.keys(all), turns.map(middleOf), effort)];
  } finally {
    for (const each of started.reverse()) await each.stop();
  }
}

const durableRedis = () => startRedis({ appendonly: 'yes', appendfsync: 'always' });

function figure(names: string[], turns: Turn[], { rounds, ms }: Effort): Figure {
  const [etcd, lock] = [turns[names.indexOf(etcdLock)], turns[names.indexOf(redlock)]];
  const rows = turns.map((turn, at): Row => {
    const { server, redis } = turn.micros;
    return noted({
      what: names[at] ?? '',
      'pairs/s': turn.rate,
      ...(etcd === undefined ? {} : { '/ etcd': turn.rate / etcd.rate }),
      '/ redlock': turn.rate / (lock?.rate ?? Number.NaN),
      ...(server === undefined ? {} : { 'server µs a pair': server }),
      ...(redis === undefined ? {} : { 'Redis µs a pair': redis }),
      ...(etcd === undefined ? {} : { 'processor / etcd': sumOf(turn.micros) / sumOf(etcd.micros) }),
    });
  });
  return {
    title: `Acquire and release beside others, ${String(inFlight)} in flight`,
    method:
      'Equal durability: every answered write is on disk (LMDB as the embedded table has it; etcd as it is by default; Redis ' +
      'with appendfsync always for Leasehold, redlock and SET NX alike), and all of them flush what came together at once. ' +
      'etcd lock(): the calls of the npm package etcd3 (grant a lease, put the key if there is none, revoke the lease), sent ' +
      'by gRPC directly. Processor time is that of the servers, and for LMDB that of the process it is in; all loads run in one ' +
      `process on the same processors. In turns, median of ${String(rounds)} of ${String(ms / 1000)} s.`,
    rows,
  };
}
