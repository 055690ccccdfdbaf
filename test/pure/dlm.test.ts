import fc from 'fast-check';
import type { ModalFlags, VerbOutput } from '../../libs/locks/src/core/io';
import { blockMoves, compatible, mayQueue, modes } from '../../libs/locks/src/core/rules/modes';
import { DlmPlayer, holders, movesOf, Requests, type Move } from '../support/dlm-history';
import { CountedRows } from '../support/counted-rows';
import { PlainRows } from '../support/plain-rows';
import { fileOf, ownerOf } from '../support/rules-bench';
import { rulesTable } from '../support/rules-table';
import { scenarioLimits } from '../support/scenario';

/** Locks in modes, played on the rules alone; the invariants hold after every step (rulesTable). */

async function play(moves: readonly Move[]): Promise<string[]> {
  const clock = { now: 1_700_000_000_000 };
  const table = rulesTable(clock);
  const player = new DlmPlayer(table, clock);
  await player.begin();
  const requests = new Requests('r');
  const heard: string[] = [];
  for (const move of moves) {
    const request = requests.next(move);
    const news = await player.ask(request);
    requests.heard(request, news);
    for (const { what, demoted, alternative, invalid, block } of news)
      heard.push(
        what,
        ...(demoted === true ? ['demoted'] : []),
        ...(alternative === true ? ['alternative'] : []),
        ...(invalid === true ? ['block invalid'] : block === undefined ? [] : ['block']),
      );
  }
  await player.end();
  const { value } = await table.call('lockList', { after: 0, limit: 100 });
  // Only orphans outlive their sessions.
  expect(value.locks.filter(({ sessionId }) => sessionId !== '')).toEqual([]);
  return heard;
}

/** Always the same, so that what they reach is known. */
test('histories that are the same in every run reach everything that a lock can hear', async () => {
  const heard = new Set<string>();
  for (const moves of fc.sample(movesOf(60), { numRuns: 200, seed: 7 }))
    for (const each of await play(moves)) heard.add(each);
  expect([...heard].sort()).toEqual(
    [
      ...['granted', 'refused', 'deadlock', 'cancelled', 'unlocked', 'blocking', 'invalid', 'busy'],
      ...['demoted', 'alternative', 'block', 'block invalid', 'adopted', 'missing'],
    ].sort(),
  );
});

test('any history: the invariants hold, and nothing but orphans is left', async () => {
  await fc.assert(
    fc.asyncProperty(movesOf(60), async (moves) => {
      await play(moves);
    }),
    { numRuns: Number(process.env['HISTORIES'] ?? 30) },
  );
}, 3_600_000);

test('a resource keeps at most 64 orphans', async () => {
  const clock = { now: 1_700_000_000_000 };
  const table = rulesTable(clock);
  const player = new DlmPlayer(table, clock);
  await player.begin();
  const asked = {
    do: 'lock',
    resource: 'r',
    mode: 'CR',
    valblk: false,
    block: '',
    persistent: true,
  } as const;
  for (let lock = 0; lock < 70; lock += 1)
    await player.ask({ ...asked, holder: lock % holders, lock, there: lock, flags: { persistent: true } });
  const held = async () => (await table.call('lockList', { after: 0, limit: 100 })).value.locks.length;
  expect(await held()).toBe(70);
  await player.end();
  expect(await held()).toBe(64);
});

test('an export keeps at most 4096 orphans of each tenant', () => {
  const rows = new PlainRows({ now: 1_700_000_000_000 });
  rows.play('identify', { identity: 'i', limits: { ...scenarioLimits, sessionLocksMax: 9999 } });
  rows.play('exportDeclare', { name: 'local', breakMs: 45_000, lockDelayMs: 0 });
  const life = (count: number, tenant = 'red') => {
    const sessionId = `S${String(count)}`;
    rows.play('sessionCreate', { sessionId, digest: 'd', ttlMs: 90_000, pid: 0, tenant });
    for (let no = 0; no < count; no += 1) {
      const file = { ...fileOf(`r${String(no % 70)}`), resource: true };
      rows.play('dlmLock', {
        ...{ ...ownerOf(sessionId), sessionId, lockId: `${String(count)}-${String(no)}`, file },
        ...{ mode: 'CR', flags: { persistent: true }, waitMs: 0 },
      });
    }
    let ended: VerbOutput<'sessionEnd'> = { more: true };
    while ('more' in ended && ended.more) ended = rows.play('sessionEnd', { sessionId }).value;
  };
  life(4090);
  expect(rows.all('dlm')).toHaveLength(4090);
  life(20);
  expect(rows.all('dlm')).toHaveLength(4096);
  rows.play('sessionCreate', { sessionId: 'S', digest: 'd', ttlMs: 90_000, pid: 0, tenant: 'red' });
  const one = (flags: ModalFlags) =>
    rows.play('dlmLock', {
      ...{ ...ownerOf('S'), sessionId: 'S', lockId: 'one', file: { ...fileOf('new'), resource: true } },
      ...{ mode: 'CR', flags, waitMs: 0 },
    }).value;
  expect(one({ persistent: true })).toEqual({
    refused: { reason: 'orphans_max', used: 4096, allowed: 4096 },
  });
  expect(one({})).toMatchObject({ waiting: false });
  life(30, 'blue');
  expect(rows.all('dlm')).toHaveLength(4096 + 1 + 30);
});

test.each(['EX', 'PR'] as const)(
  'whoever comes last of 300 who wait looks at no more than the third (%s)',
  (mode) => {
    const rows = new CountedRows({ now: 1_700_000_000_000 });
    rows.play('identify', { identity: 'i', limits: { ...scenarioLimits, queueMax: 400 } });
    rows.play('exportDeclare', { name: 'local', breakMs: 45_000, lockDelayMs: 0 });
    const looks: number[] = [];
    for (let no = 0; no <= 300; no += 1) {
      const sessionId = `S${String(no)}`;
      rows.play('sessionCreate', { sessionId, digest: 'd', ttlMs: 90_000, pid: 0 });
      const own = { ...ownerOf(sessionId), sessionId, flags: {}, waitMs: 60_000 };
      // Everybody has something that nobody waits for.
      rows.play('dlmLock', {
        ...own,
        lockId: `o${sessionId}`,
        file: { ...fileOf(sessionId), resource: true },
        mode: 'EX',
      });
      const before = rows.looks;
      const file = { ...fileOf('r'), resource: true };
      rows.play('dlmLock', { ...own, lockId: sessionId, file, mode: no === 0 ? 'EX' : mode });
      looks.push(rows.looks - before);
    }
    expect(rows.look('file', fileOf('r').fileKey)?.waiting).toBe(300);
    expect(looks[300]).toBe(looks[3]);
  },
);

test('the modes are ordered, and compatibility is symmetric', () => {
  for (const [at, a] of modes.entries())
    for (const [beside, b] of modes.entries()) {
      expect([a, b, compatible(a, b)]).toEqual([a, b, compatible(b, a)]);
      expect(blockMoves(a, b) === 'read').toBe(beside > at || (a === b && a !== 'PW' && a !== 'EX'));
      if (mayQueue(a, b)) expect(a).not.toBe(b);
    }
});
