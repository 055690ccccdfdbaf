import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type Table } from '#locks';
import { clientKeyOf, ownerKeyOf, randomId } from '../../apps/lease-api/src/application/ids';
import { encode } from '../../libs/locks/src/table/redis/codec';
import { startRedis } from '../support/redis-server';
import { median, noted, type Figure, type Row } from './figure';
import { fileOf, preparedTable, sessionDigest as digest, redisTable } from './fill';
import type { Effort } from './turns';

const atOnce = 50;
const nothing = 'a function that does nothing';
/** Commands of the benchmark and the table themselves, not of a step. */
const around = /^(fcall|info|config|client|hello|function|select)/;

/** The cost of one call in Redis: processor time, and the commands that the function calls. */
interface Step {
  micros: number;
  calls: number;
  callMicros: number;
}

/** The cost of each step in Redis, next to a function that does nothing and a lock written by hand. */
export async function steps({ rounds, leases }: Effort): Promise<Figure> {
  const count = Math.min(2_000, Math.floor(leases / 20));
  const server = await startRedis();
  const redis = new Redis(server.url, { enableAutoPipelining: true });
  const table = await redisTable(server.url);
  try {
    await preparedTable(table);
    await redis.call('FUNCTION', 'LOAD', readFileSync(join(__dirname, 'steps.lua'), 'utf8'));
    const samples = new Map<string, Step[]>();
    // The first round runs with empty caches and an empty log.
    for (let round = 0; round <= rounds; round++) {
      for (const [name, play] of await plays(table, redis, round, count)) {
        const step = await measured(redis, count, play);
        if (round > 0) samples.set(name, [...(samples.get(name) ?? []), step]);
      }
    }
    return figure(
      [...samples].map(([name, all]) => [name, middle(all)] as const),
      count,
      rounds,
    );
  } finally {
    await table.close();
    redis.disconnect();
    await server.stop();
  }
}

type Play = (no: number) => Promise<unknown>;

/** The steps, in this order: each round has separate files. */
async function plays(table: Table, redis: Redis, round: number, count: number): Promise<[string, Play][]> {
  const [sessionId, breaker] = [await newSession(table), await newSession(table)];
  await redis.hset('bench:session', sessionId, digest);
  const ids = () => Array.from({ length: count }, randomId);
  const [leases, opens, ranges, broken, breakers] = [ids(), ids(), ids(), ids(), ids()];
  const file = (no: number) => fileOf(`steps/${String(round)}-${String(no)}`);
  const by = (session: string) => ({
    sessionId: session,
    digest,
    owner: session,
    ownerKey: ownerKeyOf(session, session),
    clientKey: clientKeyOf(session),
  });
  const own = by(sessionId);
  const { owner, ownerKey, clientKey } = own;
  const lease = (leaseId = '', no: number, type: 'read' | 'write') => ({
    sessionId,
    digest,
    type,
    item: { leaseId, ...file(no), owner, ownerKey, clientKey },
  });
  const released = (leaseId = '') => ({ leaseId, sessionId, digest, type: 'none' as const });
  const open = (openId = '', no: number, session: string, access: 'read' | 'write') =>
    table.call('openCreate', {
      ...by(session),
      openId,
      file: file(no),
      access,
      deny: 'none',
      waitMs: 0,
    });
  const range = { ...own, class: 'posix' as const, startHi: 0, startLo: 0, endHi: 0, endLo: 99 };
  const byHand = (name: string, input: object) => redis.call('FCALL', name, '0', encode(input));
  return [
    [nothing, () => redis.call('FCALL', 'bench_nothing', '0')],
    ['acquire, by hand', (no) => byHand('bench_acquire', lease(leases[no], no, 'write'))],
    ['release, by hand', (no) => byHand('bench_release', released(leases[no]))],
    ['acquire', (no) => done(table.call('leaseAcquire', lease(leases[no], no, 'write')))],
    ['release', (no) => done(table.call('leaseSet', released(leases[no])))],
    ['open', (no) => done(open(opens[no], no, sessionId, 'read'))],
    ['close', (no) => done(table.call('openClose', { openId: opens[no] ?? '', digest }))],
    ['keepalive', () => done(table.call('keepalive', { sessionId, digest }))],
    [
      'lock a range',
      (no) =>
        done(
          table.call('rangeLock', {
            ...range,
            file: file(no),
            rangeId: ranges[no] ?? '',
            splitId: randomId(),
            type: 'write',
            waitMs: 0,
          }),
        ),
    ],
    [
      'unlock a range',
      (no) => done(table.call('rangeUnlock', { ...range, fileKey: file(no).fileKey, splitId: randomId() })),
    ],
    ['acquire, to be broken', (no) => done(table.call('leaseAcquire', lease(broken[no], no, 'read')))],
    ['open that breaks', (no) => open(breakers[no], no, breaker, 'write')],
    ['acknowledge', (no) => done(table.call('leaseSet', released(broken[no])))],
  ];
}

async function newSession(table: Table): Promise<string> {
  const sessionId = randomId();
  await table.call('sessionCreate', { sessionId, digest, ttlMs: 3_600_000, pid: 0 });
  return sessionId;
}

/** Throws if a step was refused, since that would measure something else. */
async function done(reply: Promise<{ value: object }>): Promise<void> {
  const { value } = await reply;
  if ('refused' in value) throw new Error(`a step was refused: ${JSON.stringify(value.refused)}`);
}

async function measured(redis: Redis, count: number, play: Play): Promise<Step> {
  await redis.config('RESETSTAT');
  const before = await processorMicros(redis);
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < count) await play(next++);
    }),
  );
  const micros = ((await processorMicros(redis)) - before) / count;
  const stats = await redis.info('commandstats');
  const commands = [...stats.matchAll(/^cmdstat_(\S+?):calls=(\d+),usec=(\d+)/gm)].map(
    ([, name = '', calls, micros]) => ({ name, calls: Number(calls), micros: Number(micros) }),
  );
  const inner = commands.filter(({ name }) => !around.test(name));
  const sum = (of: 'calls' | 'micros') => inner.reduce((total, each) => total + each[of], 0) / count;
  return { micros, calls: sum('calls'), callMicros: sum('micros') };
}

async function processorMicros(redis: Redis): Promise<number> {
  const info = await redis.info('cpu');
  const part = (name: string) => Number(new RegExp(`^used_cpu_${name}:([\\d.]+)`, 'm').exec(info)?.[1]);
  return (part('user') + part('sys')) * 1e6;
}

function middle(all: readonly Step[]): Step {
  const of = (name: keyof Step) => median(all.map((step) => step[name]));
  return { micros: of('micros'), calls: of('calls'), callMicros: of('callMicros') };
}

function figure(all: (readonly [string, Step])[], count: number, rounds: number): Figure {
  const micros = new Map(all.map(([name, step]) => [name, step.micros]));
  const rows = all.map(([name, step]): Row => {
    const hand = micros.get(`${name}, by hand`);
    return noted({
      step: name,
      'processor µs': step.micros,
      '/ nothing': step.micros / (micros.get(nothing) ?? Number.NaN),
      ...(hand === undefined ? {} : { '/ by hand': step.micros / hand }),
      'Redis calls': step.calls,
      'µs in these': step.callMicros,
    });
  });
  return {
    title: 'What a step takes in Redis',
    method:
      `Straight at the table, ${String(atOnce)} at once, a file for each of ${String(count)} calls, without a log; in turns, median of ${String(rounds)}. ` +
      'Processor time of Redis (INFO cpu), which includes the call itself; the commands that the function calls, and the time ' +
      'that Redis counts for them, by INFO commandstats. By hand: test/bench/steps.lua.',
    rows,
  };
}
