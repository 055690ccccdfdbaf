import { Fuzzer, messages, randomOf, routes, rpcSecret } from '../support/fuzz';
import { calls } from '../support/fuzz-peers';
import { startLeaseApi, stopPrograms } from '../support/service';

/** Whatever arrives, nothing breaks: no 5xx, no hang, no crash. `npm run fuzz` sends 100,000 requests and 20,000 messages. */
const requests = Number(process.env['REQUESTS'] ?? 2_000);
const sent = Number(process.env['MESSAGES'] ?? 500);
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const atOnce = 16;
const longRun = 100_000;
afterAll(stopPrograms);

test('bad input is refused, and never breaks anything', async () => {
  const api = await startLeaseApi({
    env: {
      LEASEHOLD_DIRECTORY_DELEGATIONS: 'local',
      LEASEHOLD_RPC_SECRET: rpcSecret,
      LEASEHOLD_GRPC: '127.0.0.1:0',
    },
  });
  const fuzzer = new Fuzzer(api, randomOf(seed));
  const pick = randomOf(seed + 1);
  let left = requests;
  const one = async (): Promise<void> => {
    for (; left > 0;) {
      // Sessions are what everything else needs; what is removed is made again.
      const route = routes[pick() < 0.05 ? 0 : Math.floor(pick() * routes.length)];
      // What ends others is rarer, so that something lives long enough to be reached.
      const ends = route !== undefined && (route.method === 'DELETE' || route.path.endsWith('/hangup'));
      if (route !== undefined && (!ends || pick() < 0.1)) {
        left -= 1;
        await fuzzer.http(route);
      }
    }
  };
  await fuzzer.begin();
  await Promise.all([fuzzer.rpc(sent), fuzzer.grpc(sent / 2), ...Array.from({ length: atOnce }, one)]);
  fuzzer.close();
  const of = (what: string[]): string[] => what.filter((each) => !fuzzer.reached.has(each));
  const unreached = of(routes.map(({ method, path }) => `${method} ${path}`));
  const kinds = [...messages.map(({ pattern }) => pattern), ...calls.map(({ name }) => `grpc ${name}`)];
  const tallies = kinds.map((what) => ({ what, ...fuzzer.tallies.get(what) }));
  const unheard = tallies.filter(({ past = 0 }) => past === 0).map(({ what }) => what);
  const undone = tallies.filter(({ accepted = 0 }) => accepted === 0).map(({ what }) => what);
  const shares = tallies.map(
    ({ what, sent: all = 0, past = 0, accepted = 0 }) =>
      `${what}: ${String(all)} sent, ${String(past)} past the seal, ${String(accepted)} done`,
  );
  const figures = [...fuzzer.statuses].sort(([, a], [, b]) => b - a).map(([key, n]) => `${String(n)} ${key}`);
  const summary = `SEED=${String(seed)}: ${String(routes.length - unreached.length)} of ${String(routes.length)} routes answered 2xx\n`;
  process.stderr.write(
    `${summary}not: ${unreached.join(', ')}\nnever done: ${undone.join(', ')}\n${figures.join('\n')}\n${shares.join('\n')}\n`,
  );
  expect({ seed, faults: fuzzer.faults.slice(0, 5) }).toEqual({ seed, faults: [] });
  const broken = api.lines.filter((line) => line.level === 60 || line['reason'] === 'invariant');
  expect({ seed, broken }).toEqual({ seed, broken: [] });
  expect((await api.request('GET', '/readyz')).status).toBe(200);
  expect({ seed, unheard }).toEqual({ seed, unheard: [] });
  // Deep states take their time: in a short run some are not reached.
  if (requests >= longRun) expect({ seed, unreached, undone }).toEqual({ seed, unreached: [], undone: [] });
  else expect(unreached.length).toBeLessThan(routes.length / 4);
}, 3_600_000);
