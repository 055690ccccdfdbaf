import { formatNewest } from '../../libs/locks/src/core/format';
import { eventually } from '../support/eventually';
import { Fuzzer, messages, randomOf, routes, rpcSecret } from '../support/fuzz';
import { ownExport } from '../support/fuzz-own';
import { calls } from '../support/fuzz-peers';
import { startLeaseApi, stopPrograms } from '../support/service';

/** No input causes a 5xx, a hang or a crash. `npm run fuzz` sends 100,000 requests and 20,000 messages. */
const requests = Number(process.env['REQUESTS'] ?? 2_000);
const sent = Number(process.env['MESSAGES'] ?? 500);
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const atOnce = 16;
/** Requests between two tours; a short run has one in the middle and one at the end. */
const tourEvery = 5_000;
afterAll(stopPrograms);

test('bad input is refused and breaks nothing', async () => {
  const api = await startLeaseApi({
    env: {
      LEASEHOLD_LOCAL_EXPORTS: `local,${ownExport}`,
      LEASEHOLD_DIRECTORY_DELEGATIONS: `local,${ownExport}`,
      LEASEHOLD_RPC_SECRET: rpcSecret,
      LEASEHOLD_GRPC: '127.0.0.1:0',
    },
  });
  // What only the newest format has is tried, too.
  await eventually(async () => {
    expect((await api.request('GET', '/readyz')).body['format']).toBe(formatNewest);
  });
  const fuzzer = new Fuzzer(api, randomOf(seed));
  const pick = randomOf(seed + 1);
  let left = requests;
  const one = async (): Promise<void> => {
    for (; left > 0;) {
      // Everything else needs sessions; removed items are created again.
      const route = routes[pick() < 0.05 ? 0 : Math.floor(pick() * routes.length)];
      // Requests that end other rows are rarer, so that some rows live long enough to be used.
      const ends = route !== undefined && (route.method === 'DELETE' || route.path.endsWith('/hangup'));
      if (route !== undefined && (!ends || pick() < 0.1)) {
        left -= 1;
        await fuzzer.http(route);
      }
    }
  };
  /** Correct clients continue meanwhile: their requests succeed, whatever else is sent. */
  const tours = async (): Promise<void> => {
    for (let at = requests - Math.min(tourEvery, requests / 2); at > 0; at -= tourEvery) {
      while (left > at) await new Promise((resolve) => setImmediate(resolve));
      await fuzzer.tour();
    }
  };
  await fuzzer.begin();
  const sending = [fuzzer.rpc(sent), fuzzer.grpc(sent / 2), ...Array.from({ length: atOnce }, one)];
  await Promise.all([...sending, tours()]);
  const names = routes.map(({ method, path }) => `${method} ${path}`);
  const byChance = names.filter((each) => fuzzer.reached.has(each)).length;
  await fuzzer.tour();
  fuzzer.close();
  const unreached = names.filter((each) => !fuzzer.reached.has(each));
  const kinds = [...messages.map(({ pattern }) => pattern), ...calls.map(({ name }) => `grpc ${name}`)];
  const tallies = kinds.map((what) => ({ what, ...fuzzer.tallies.get(what) }));
  const undone = tallies.filter(({ accepted = 0 }) => accepted === 0).map(({ what }) => what);
  const shares = tallies.map(
    ({ what, sent: all = 0, past = 0, accepted = 0 }) =>
      `${what}: ${String(all)} sent, ${String(past)} past the seal, ${String(accepted)} done`,
  );
  const figures = [...fuzzer.statuses].sort(([, a], [, b]) => b - a).map(([key, n]) => `${String(n)} ${key}`);
  const summary = `SEED=${String(seed)}: ${String(names.length - unreached.length)} of ${String(names.length)} routes answered 2xx`;
  process.stderr.write(
    `${summary} (${String(byChance)} before the last tour)\n${figures.join('\n')}\n${shares.join('\n')}\n`,
  );
  const [faults, missed] = [fuzzer.faults.slice(0, 5), fuzzer.missed.slice(0, 5)];
  expect({ seed, faults, missed }).toEqual({ seed, faults: [], missed: [] });
  expect({ seed, undocumented: [...fuzzer.undocumented] }).toEqual({ seed, undocumented: [] });
  const broken = api.lines.filter((line) => line.level === 60 || line['reason'] === 'invariant');
  expect({ seed, broken }).toEqual({ seed, broken: [] });
  expect((await api.request('GET', '/readyz')).status).toBe(200);
  expect({ seed, unreached, undone }).toEqual({ seed, unreached: [], undone: [] });
}, 3_600_000);
