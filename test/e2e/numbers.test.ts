import { join } from 'node:path';
import { Fuzzer, numbers, randomOf, routes, rpcSecret } from '../support/fuzz';
import { ownExport } from '../support/fuzz-own';
import { checkInvariants } from '../support/invariants';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';
import { storedRows } from '../support/stored-rows';

/**
 * No number from outside affects the numbers that the table issues: tries every numeric field of every request, message
 * and gRPC call of the contracts, with numbers at and beyond every limit; all other fields are valid.
 */
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
/** The number of fields to try, different ones every time; `FIELDS=1000` tries all. */
const sample = Number(process.env['FIELDS'] ?? 25);
/** Requests sent first, so that later ones can use existing ids. */
const begun = 300;
afterAll(stopPrograms);

/** The token of a lease that a new client gets on a file that nobody has used. */
async function freshToken(api: LeaseApi, file: string): Promise<number> {
  const { sessionId, secret } = await api.session();
  const body = { sessionId, export: 'steady', file, type: 'write' };
  const { text } = await api.request('POST', '/v1/leases/acquire', { body, secret });
  await api.request('DELETE', `/v1/sessions/${sessionId}`, { secret });
  const { token } = JSON.parse(text) as { token?: number };
  if (token === undefined) throw new Error(`no lease: ${text}`);
  return token;
}

test('after any number in any field, a new client gets a lease with a larger token, and the listing works', async () => {
  const api = await startLeaseApi({
    env: {
      LEASEHOLD_LOCAL_EXPORTS: `local,steady,${ownExport}`,
      LEASEHOLD_RPC_SECRET: rpcSecret,
      LEASEHOLD_GRPC: '127.0.0.1:0',
    },
  });
  const fuzzer = new Fuzzer(api, randomOf(seed));
  await fuzzer.begin();
  const makes = routes.filter(({ method, path }) => method !== 'DELETE' && !path.endsWith('/hangup'));
  for (let n = 0; n < begun; n++) await fuzzer.http(makes[n % makes.length] as (typeof makes)[number]);
  const all = fuzzer.numberFields();
  const order = randomOf(seed + 1);
  const fields = all
    .map((field) => ({ ...field, at: order() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, sample);
  let last = 0;
  let files = 0;
  for (const { what, send } of fields) {
    for (const value of numbers) {
      await send(value);
      const token = await freshToken(api, `fresh${String(++files)}`);
      expect({ seed, what, value, grew: token > last }).toEqual({ seed, what, value, grew: true });
      last = token;
    }
    expect({ seed, what, status: (await api.request('GET', '/v1/locks')).status }).toEqual({
      ...{ seed, what, status: 200 },
    });
  }
  fuzzer.close();
  process.stderr.write(
    `SEED=${String(seed)}: ${String(fields.length)} of ${String(all.length)} fields, ${String(files)} numbers sent\n`,
  );
  expect({ seed, faults: fuzzer.faults.slice(0, 5) }).toEqual({ seed, faults: [] });
  expect(api.lines.filter((line) => line.level === 60 || line['reason'] === 'invariant')).toEqual([]);
  expect(all.length).toBeGreaterThan(150);
  expect(await api.stop()).toBe(0);
  const rows = await storedRows(join(api.directory, 'main'));
  expect(rows.all('file').length).toBeGreaterThan(0);
  checkInvariants(rows);
}, 3_600_000);
