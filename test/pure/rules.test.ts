import fc from 'fast-check';
import { isRevoked } from '../../libs/locks/src/core/file';
import { rank, wantedHold } from '../../libs/locks/src/core/conflict';
import { run } from '../../libs/locks/src/core/verbs';
import { histories, Player } from '../support/history';
import { PlainRows } from '../support/plain-rows';

/** What must be true of the rows after every step, whatever came before. */
function checkInvariants(rows: PlainRows): void {
  const leases = rows.all('lease');
  const opens = rows.all('open');
  const list = (name: string): Map<string, number> => rows.lists.get(name) ?? new Map<string, number>();
  for (const [key, file] of rows.all('file')) {
    const mine = leases.filter(([, lease]) => lease.fileKey === key);
    const live = mine.filter(([, lease]) => lease.state === 'active' && !isRevoked(file, lease));
    const readers = live.filter(([, lease]) => lease.type === 'read');
    const writers = live.filter(([, lease]) => lease.type === 'write');
    expect({ key, reads: file.reads, writer: file.writer }).toEqual({
      key,
      reads: readers.length,
      writer: writers[0]?.[0],
    });
    // A write lease is alone, also among what is pending; an own upgrade is the same lease.
    expect(writers.length).toBeLessThanOrEqual(1);
    if (writers.length > 0) expect(readers.length).toBe(0);
    const pending = mine.filter(
      ([, lease]) => lease.pendingType !== undefined && lease.pendingBreakNo === file.breakNo,
    );
    expect(pending.filter(([, lease]) => lease.pendingType === 'read').length).toBe(file.pendingReads);
    expect(pending.find(([, lease]) => lease.pendingType === 'write')?.[0]).toBe(file.pendingWriter);
    if (file.pendingWriter !== undefined) {
      expect(live.every(([id]) => id === file.pendingWriter) && file.pendingReads === 0).toBe(true);
    }
    // Opens and leases of different owners do not conflict, except for a lease that is being broken.
    const here = opens.filter(([, open]) => open.fileKey === key);
    const granted = here.filter(([, open]) => open.state === 'open');
    expect(granted.length).toBe(file.opens);
    expect(granted.filter(([, open]) => open.access !== 'read').length).toBe(file.writeOpens);
    expect(here.length - granted.length).toBe(file.waiting);
    for (const [, open] of granted) {
      for (const [, lease] of live) {
        if (lease.ownerKey === open.ownerKey) continue;
        expect(`${open.access} beside ${lease.type}`).toBe('read beside read');
      }
    }
    // Whoever is live is backed by the hold, unless the adapter is being replaced.
    if (file.exportName === 'posix' && live.length > 0 && file.reclaim === undefined) {
      const exp = rows.get('export', 'posix');
      const strongest = writers.length > 0 ? 'write' : 'read';
      const excused =
        file.fsBreak !== undefined || file.ask !== undefined || file.incarnation !== exp?.incarnation;
      if (!excused) expect(rank(file.have)).toBeGreaterThanOrEqual(rank(strongest));
    }
    expect(rank(file.mayHave)).toBeGreaterThanOrEqual(rank(file.have));
    // An unsettled hold is being worked on: asked, waiting for a time, or for an adapter.
    if (file.exportName === 'posix' && file.mayHave !== wantedHold(file) && file.fsBreak === undefined) {
      const exp = rows.get('export', 'posix');
      expect(
        file.ask !== undefined ||
          file.askAfter > 0 ||
          exp?.state === 'lost' ||
          exp?.reported === false ||
          file.incarnation !== exp?.incarnation,
      ).toBe(true);
    }
    expect(list('due').get(`f:${key}`) ?? 0).toBe(file.due);
    expect(list(`h:${file.exportName}`).has(key)).toBe(file.held);
  }
  for (const [id, lease] of leases) {
    expect(list('all').get(`l:${id}`)).toBe(lease.no);
    expect(list('due').get(`l:${id}`) ?? 0).toBe(lease.due);
    const current = lease.state === 'active' || lease.state === 'pending';
    expect(list(`s:${lease.sessionId}`).has(`l:${id}`)).toBe(current || lease.state === 'allocated');
    expect(list(`f:${lease.fileKey}`).get(id)).toBe(lease.state === 'active' ? lease.token : undefined);
    expect(list(`p:${lease.fileKey}`).has(id)).toBe(lease.pendingType !== undefined);
    if (current) expect(rows.get('file', lease.fileKey)).toBeDefined();
  }
  for (const [id, open] of opens) {
    expect(list(`s:${open.sessionId}`).get(`o:${id}`)).toBe(open.no);
    expect(rows.get('file', open.fileKey)).toBeDefined();
  }
  for (const [id, session] of rows.all('session')) {
    expect(session.rows).toBe(list(`s:${id}`).size);
    expect(list('due').get(`s:${id}`) ?? 0).toBe(session.due);
  }
  const exp = rows.get('export', 'posix');
  expect(exp?.unconfirmed ?? 0).toBe(rows.all('file').filter(([, file]) => file.unsure).length);
  for (const [member] of list('due')) {
    const kinds = { f: 'file', s: 'session', l: 'lease', o: 'open', e: 'export' } as const;
    expect(rows.get(kinds[member.charAt(0) as keyof typeof kinds], member.slice(2))).toBeDefined();
  }
}

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
      const left = (['file', 'lease', 'open', 'share', 'session'] as const).map(
        (kind) => rows.all(kind).length,
      );
      expect(left).toEqual([0, 0, 0, 0, 0]);
      expect([...rows.lists.keys()].sort()).toEqual(['due', 'exports']);
    }),
    {
      numRuns: Number(process.env['HISTORIES'] ?? 40),
      seed: process.env['SEED'] === undefined ? undefined : Number(process.env['SEED']),
    },
  );
}, 120_000);
