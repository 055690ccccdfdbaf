import { join } from 'node:path';
import { startRedis } from '../support/redis-server';
import { type LeaseApi, startLeaseApi } from '../support/service';
import type { Bare, EchoJobs } from './echo';
import { type Figure, noted, type Row } from './figure';
import type { LoadJobs } from './load';
import { SideProcess, typescript } from './side-process';
import type { Stub } from './stub';
import { type Contender, type Effort, inTurns, middleOf, type Turn } from './turns';
import { newSession, Wire } from './wire';

const inFlight = 50;
const reference = 'bare Fastify';
/** As the lease API is started. */
const nodeFlags = ['--max-semi-space-size=64'];

/** The processor time of each layer of the service for the same requests. */
export async function layers(effort: Effort): Promise<Figure[]> {
  const load = new SideProcess<LoadJobs>('load');
  const redis = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
  const started: { stop(): unknown }[] = [load, redis];
  const served = (url: string, servers: Contender['servers']): Contender => ({
    servers,
    load: (ms) => load.ask('leases', { url, inFlight, ms }),
  });
  const program = (api: LeaseApi, more: Contender['servers'] = {}): Contender => {
    started.push(api);
    return served(api.url, { server: () => api.pid, ...more });
  };
  const bare = async (as: Bare, answer: unknown): Promise<Contender> => {
    const echo = new SideProcess<EchoJobs>('echo', nodeFlags);
    started.push(echo);
    return served(await echo.ask('listen', { as, answer }), { server: () => echo.pid });
  };
  try {
    const lmdb = await startLeaseApi();
    const answer = await answerOf(lmdb);
    const all: Record<string, Contender> = {
      'bare node:http': await bare('http', answer),
      [reference]: await bare('fastify', answer),
      'bare Nest on Fastify': await bare('nest', answer),
      'our HTTP, application stubbed': program(await startStubbed('application')),
      'and the application, table stubbed': program(await startStubbed('table')),
      'and the rules, on Maps': program(await startStubbed('disk')),
      'the same with LMDB': program(lmdb),
      'over Redis, fsync always': program(await startLeaseApi({ table: redis.url }), {
        redis: () => redis.pid,
      }),
    };
    const turns = await inTurns(Object.values(all), effort);
    return [figure(Object.keys(all), turns.map(middleOf), effort)];
  } finally {
    for (const each of started.reverse()) await each.stop();
  }
}

function figure(names: string[], turns: Turn[], { rounds, ms }: Effort): Figure {
  // A pair is two requests.
  const server = (turn: Turn | undefined): number => (turn?.micros['server'] ?? Number.NaN) / 2;
  const least = server(turns[names.indexOf(reference)]);
  const rows = turns.map((turn, at): Row => {
    const redis = turn.micros['redis'];
    return noted({
      layer: names[at] ?? '',
      'µs a request': server(turn),
      '/ Fastify': server(turn) / least,
      ...(redis === undefined ? {} : { 'Redis µs a request': redis / 2 }),
      'requests/s': turn.rate * 2,
    });
  });
  return {
    title: `What each layer takes: processor time a request, ${String(inFlight)} in flight`,
    method:
      'Acquire and release, with the same bodies and answers for every layer. Time of the server process, all its threads; ' +
      `the load is a process of its own. In turns, median of ${String(rounds)} of ${String(ms / 1000)} s. Requests a second ` +
      'tell of the load as well, for it runs on the same processors.',
    rows,
  };
}

function startStubbed(stub: Stub): Promise<LeaseApi> {
  return startLeaseApi({
    env: { BENCH_STUB: stub },
    nodeFlags: [...typescript, '-r', join(__dirname, 'stub.ts')],
  });
}

/** The answers to a lease and a session request in one, since the bare servers do not distinguish them. */
async function answerOf(api: LeaseApi): Promise<unknown> {
  const wire = await Wire.to(api.url);
  const session = await newSession(wire);
  const body = { sessionId: session.sessionId, export: 'local', file: 'pairs/0.dat', type: 'write' };
  const lease = await wire.expect(201, 'POST', '/v1/leases/acquire', session.secret, body);
  const { leaseId, ...rest } = JSON.parse(lease) as { leaseId: string };
  await wire.expect(204, 'DELETE', `/v1/leases/${leaseId}`, session.secret);
  wire.close();
  return { ...rest, leaseId, secret: session.secret };
}
