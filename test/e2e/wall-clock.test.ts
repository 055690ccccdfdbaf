import { eventually } from '../support/eventually';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';
import { WallClock } from '../support/wall-clock';

/** The wall clock is set under a running service with an embedded table (docs/decisions/0014-time-and-restore.md). */
const ttlMs = 6_000;
const hourMs = 3_600_000;
let clock: WallClock;
let api: LeaseApi;

afterEach(async () => {
  await stopPrograms();
  clock.remove();
});

/** A lease on the file for a session without keepalives. */
async function take(file: string): Promise<{ token: number; session: string; secret: string }> {
  const { sessionId, secret } = await api.session(ttlMs);
  const body = { sessionId, export: 'local', file, type: 'write', waitMs: 60_000 };
  const answer = await api.request('POST', '/v1/leases/acquire', { body, secret });
  expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  return { token: Number(answer.body['token']), session: sessionId, secret };
}

const isHeld = async (session: string): Promise<boolean> => {
  const { body } = await api.request('GET', `/v1/locks?session=${session}`);
  return (body['locks'] as object[]).length > 0;
};

beforeEach(async () => {
  clock = new WallClock();
  api = await startLeaseApi({ env: clock.env });
});

test.each<[string, number[]]>([
  ['steps of 2.5 s, each too small for an outage', Array.from({ length: 12 }, (_, n) => 2_500 * (n + 1))],
  ['an hour ahead', [hourMs]],
  ['an hour back', [-hourMs]],
  ['to and fro', [hourMs, -hourMs, 4_000, -4_000, 2_000, 0]],
])('a session lives as long as its TTL, no shorter and not for ever: %s', async (_title, offsets) => {
  const from = performance.now();
  const { session } = await take('f');
  for (const offset of offsets) {
    clock.set(offset);
    // The table stores its clock with every change.
    await api.session();
  }
  await eventually(async () => {
    expect(await isHeld(session)).toBe(false);
  });
  expect(performance.now() - from).toBeGreaterThanOrEqual(ttlMs);
});

test('tokens only grow, wherever the clock is set', async () => {
  let last = 0;
  for (const offset of [0, hourMs, -hourMs, 24 * hourMs, -365 * 24 * hourMs, 0]) {
    clock.set(offset);
    const { token, session, secret } = await take('f');
    expect(token).toBeGreaterThan(last);
    last = token;
    expect((await api.request('DELETE', `/v1/sessions/${session}`, { secret })).status).toBe(204);
  }
  await api.kill();
  clock.set(-hourMs);
  await api.start();
  expect((await take('f')).token).toBeGreaterThan(last);
});
