import { Failures } from '../../apps/lease-api/src/failures';
import { createLog } from '#telemetry';

/** Failed credentials are remembered by address, for a while, in bounded number. */
let now = 0;
const failures = (): Failures => new Failures(createLog('test', 'silent'), () => now);
const at = (remoteAddress: string): { remoteAddress: string } => ({ remoteAddress });
/** Whether it takes time: a turn that comes at once has come after a few promises. */
const waits = async (turn: Promise<void>): Promise<boolean> => {
  let hasCome = false;
  void turn.then(() => {
    hasCome = true;
  });
  for (let no = 0; no < 20; no += 1) await Promise.resolve();
  return !hasCome;
};
const fail = (all: Failures, address: string, times = 21): void => {
  for (let n = 0; n < times; n += 1) all.note(at(address), 'token', 'GET /');
};

test('twenty failures are free, the next waits, and the allowance returns with time', async () => {
  const all = failures();
  fail(all, '192.0.2.1', 20);
  expect(await waits(all.turn(at('192.0.2.1')))).toBe(false);
  fail(all, '192.0.2.1', 1);
  expect(await waits(all.turn(at('192.0.2.1')))).toBe(true);
  expect(await waits(all.turn(at('192.0.2.2')))).toBe(false);
  now += 5_000;
  expect(await waits(all.turn(at('192.0.2.1')))).toBe(false);
});

test('callers wait one after another; one that would wait too long is told when to retry', async () => {
  const all = failures();
  fail(all, '192.0.2.1');
  const turns = Array.from({ length: 20 }, () => all.turn(at('192.0.2.1')));
  await expect(all.turn(at('192.0.2.1'))).rejects.toMatchObject({
    problem: { code: 'EDQUOT', reason: 'too_many_failures', retryAfterMs: 5_250 },
  });
  await Promise.all(turns);
});

test('a credential that was right at an address does not wait there for those who fail, and only there', async () => {
  const all = failures();
  all.trust(at('192.0.2.1'), 'known');
  fail(all, '192.0.2.1');
  fail(all, '192.0.2.2');
  expect(await waits(all.turn(at('192.0.2.1'), 'known'))).toBe(false);
  expect(await waits(all.turn(at('192.0.2.1'), 'new'))).toBe(true);
  expect(await waits(all.turn(at('192.0.2.1')))).toBe(true);
  expect(await waits(all.turn(at('192.0.2.2'), 'known'))).toBe(true);
  // Once it is wrong it waits like any other.
  all.note(at('192.0.2.1'), 'token', 'GET /', 'known');
  expect(await waits(all.turn(at('192.0.2.1'), 'known'))).toBe(true);
});

test('the number of right credentials that are remembered is bounded: the one used longest ago is forgotten', async () => {
  const all = failures();
  for (let n = 0; n <= 16_384; n += 1) {
    all.trust(at('192.0.2.1'), 'used');
    all.trust(at('192.0.2.1'), String(n));
  }
  fail(all, '192.0.2.1');
  expect(await waits(all.turn(at('192.0.2.1'), 'used'))).toBe(false);
  expect(await waits(all.turn(at('192.0.2.1'), '0'))).toBe(true);
});

test('an IPv6 host counts as its network, and an IPv4 address is the same in either form', async () => {
  const all = failures();
  fail(all, '2001:db8:1:2::1');
  expect(await waits(all.turn(at('2001:db8:1:2:ffff::9')))).toBe(true);
  expect(await waits(all.turn(at('2001:db8:1:3::1')))).toBe(false);
  fail(all, '::ffff:192.0.2.7');
  expect(await waits(all.turn(at('192.0.2.7')))).toBe(true);
});

test('the number of remembered addresses is bounded: the oldest is forgotten', async () => {
  const all = failures();
  fail(all, '192.0.2.1');
  for (let n = 0; n < 4_096; n += 1)
    all.note(at(`10.0.${String(n >> 8)}.${String(n & 255)}`), 'token', 'GET /');
  expect(await waits(all.turn(at('192.0.2.1')))).toBe(false);
});
