import fc from 'fast-check';
import { run } from '../../libs/locks/src/core/verbs';
import { histories, Player } from '../support/history';
import { checkInvariants } from '../support/invariants';
import { PlainRows } from '../support/plain-rows';
import { scenarioLimits } from '../support/scenario';

test('invariants hold after every step of any history, and everything goes when everybody goes', async () => {
  await fc.assert(
    fc.asyncProperty(histories(120), async (history) => {
      const clock = { now: 1_700_000_000_000 };
      const rows = new PlainRows(clock);
      const player = new Player((verb, input) => Promise.resolve(run(rows, verb, input)), clock);
      await player.begin();
      checkInvariants(rows);
      for (const instruction of history) {
        await player.step(instruction);
        checkInvariants(rows);
      }
      const tokens = new Map<string, number>();
      for (const record of rows.records) {
        if (record.token === undefined || record.fileKey === undefined) continue;
        expect(record.token).toBeGreaterThan(tokens.get(record.fileKey) ?? 0);
        tokens.set(record.fileKey, record.token);
      }
      // Nobody keeps anything alive any more; the fileserver answers whatever it is asked.
      let asks = run(rows, 'tick', {}).asks;
      for (let i = 0; i < 400 && rows.all('session').length > 0; i += 1) {
        clock.now += 2900;
        const exp = rows.get('export', 'posix');
        const beat = run(rows, 'heartbeat', {
          incarnation: exp?.incarnation ?? '',
          exports: ['posix'],
          epochSeen: 0,
          dead: (exp?.ghosts ?? []).map((ghost) => ghost.incarnation),
        });
        const report = run(rows, 'holdReport', {
          incarnation: exp?.incarnation ?? '',
          holds: [],
          done: true,
        });
        asks = [...asks, ...beat.asks, ...report.asks, ...run(rows, 'tick', {}).asks];
        for (let ask = asks.shift(); ask !== undefined; ask = asks.shift()) {
          asks.push(
            ...run(rows, 'holdAnswered', { fileKey: ask.fileKey, holdGen: ask.holdGen, have: ask.type }).asks,
          );
        }
      }
      checkInvariants(rows);
      const left = (['file', 'lease', 'open', 'range', 'change', 'share', 'session'] as const).map(
        (kind) => rows.all(kind).length,
      );
      expect(left).toEqual([0, 0, 0, 0, 0, 0, 0]);
      // Only the tree is left.
      const ofTree = /^(due|exports|stacks|nodes|regions|operations|[APQU]:.*)$/;
      expect([...rows.lists.keys()].filter((name) => !ofTree.test(name))).toEqual([]);
    }),
    {
      numRuns: Number(process.env['HISTORIES'] ?? 40),
      seed: process.env['SEED'] === undefined ? undefined : Number(process.env['SEED']),
    },
  );
}, 3_600_000);

test('the grace of an emptied table does not end with the sessions that came after the loss', () => {
  const rows = new PlainRows({ now: 1_700_000_000_000 });
  run(rows, 'sessionCreate', { sessionId: 's', digest: 'd', ttlMs: 60_000, pid: 0 });
  run(rows, 'identify', { identity: 'i', epochSeen: 1, limits: { ...scenarioLimits, graceMs: 9_000 } });
  run(rows, 'reclaimComplete', { sessionId: 's', digest: 'd' });
  expect(run(rows, 'graceGet', {}).value).toEqual({ graceMs: 9_000, sessions: 0 });
});
