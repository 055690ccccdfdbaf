import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLeaseApi } from '../support/service';
import { type Figure, median, noted, quantile, type Row } from './figure';
import type { GreedyJobs } from './greedy';
import { SideProcess } from './side-process';
import type { Effort } from './turns';
import { newSession, Wire } from './wire';

const inFlight = 50;
const requestsPerSecond = 100;
/** How long the polite caller thinks between two leases. */
const thinkMs = 5;

/** What a polite caller notices of a greedy one, without quotas and with them. */
export async function quota({ rounds, ms }: Effort): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
  const side = new SideProcess<GreedyJobs>('greedy');
  const limits = { subjects: { greedy: { requestsPerSecond, rows: 1_000 } } };
  const apis = {
    free: await startLeaseApi({ env: { LEASEHOLD_CALLERS: callersIn(directory, 'free') } }),
    limited: await startLeaseApi({ env: { LEASEHOLD_CALLERS: callersIn(directory, 'limited', limits) } }),
  };
  const ways = [
    { name: 'alone', url: apis.free.url, beside: false },
    { name: 'beside a greedy caller, no quota', url: apis.free.url, beside: true },
    {
      name: `beside one with ${String(requestsPerSecond)} requests a second`,
      url: apis.limited.url,
      beside: true,
    },
  ];
  const seen = ways.map(() => ({ half: [] as number[], most: [] as number[], granted: 0, refused: 0 }));
  try {
    // The first round warms up.
    for (let round = 0; round <= rounds; round++)
      for (const [at, { url, beside }] of ways.entries()) {
        const flood = beside
          ? side.ask('flood', { url, token: tokenOf('greedy'), inFlight, ms })
          : Promise.resolve({ granted: 0, refused: 0 });
        const [took, { granted, refused }] = await Promise.all([politely(url, ms), flood]);
        const each = seen[at];
        if (round === 0 || each === undefined) continue;
        each.half.push(median(took));
        each.most.push(quantile(took, 0.99));
        each.granted += granted;
        each.refused += refused;
      }
  } finally {
    side.stop();
    await Promise.all(Object.values(apis).map((api) => api.stop()));
    rmSync(directory, { recursive: true });
  }
  const seconds = (rounds * ms) / 1_000;
  const rows: Row[] = ways.map(({ name }, at) => {
    const { half = [], most = [], granted = 0, refused = 0 } = seen[at] ?? {};
    return noted({
      ...{ 'a polite caller': name, 'p50 ms': median(half), 'p99 ms': median(most) },
      ...{ 'greedy: granted/s': granted / seconds, 'refused/s': refused / seconds },
    });
  });
  return [
    {
      title: 'A polite caller beside a greedy one: how long acquire + release takes',
      method: `Embedded table. The polite caller does one at a time and pauses ${String(thinkMs)} ms; the greedy one has ${String(inFlight)} connections and never pauses, whatever the answer. Medians of ${String(rounds)} rounds of ${String(ms)} ms, in turns.`,
      rows,
    },
  ];
}

const tokenOf = (subject: string): string => `token-of-${subject}`;

function callersIn(directory: string, name: string, limits?: object): string {
  const tokens = ['polite', 'greedy'].map((subject) => ({
    sha256: createHash('sha256').update(tokenOf(subject)).digest('hex'),
    subject,
    rights: ['session', 'lease:write:local'],
  }));
  const file = join(directory, `${name}.json`);
  writeFileSync(file, JSON.stringify({ tokens, limits }), { mode: 0o600 });
  return file;
}

/** How long each acquire + release took, in milliseconds. */
async function politely(url: string, ms: number): Promise<number[]> {
  const wire = await Wire.to(url, tokenOf('polite'));
  const { sessionId, secret } = await newSession(wire);
  const took: number[] = [];
  const body = { sessionId, export: 'local', file: 'polite', type: 'write' };
  for (const until = performance.now() + ms; performance.now() < until;) {
    const from = performance.now();
    const text = await wire.expect(201, 'POST', '/v1/leases/acquire', secret, body);
    const { leaseId } = JSON.parse(text) as { leaseId: string };
    await wire.expect(204, 'DELETE', `/v1/leases/${leaseId}`, secret);
    took.push(performance.now() - from);
    await new Promise((resolve) => setTimeout(resolve, thinkMs));
  }
  await wire.expect(204, 'DELETE', `/v1/sessions/${sessionId}`, secret);
  wire.close();
  return took;
}
