import * as keys from '../../libs/locks/src/core/keys';
import { leaseAsk, liveType, openAsks, rank, wantedHold } from '../../libs/locks/src/core/rules/conflict';
import { isRevoked, loadFile } from '../../libs/locks/src/core/rules/file';
import { isBreaking } from '../../libs/locks/src/core/rules/break';
import type { Waiter } from '../../libs/locks/src/core/rules/kinds/kind';
import { type HeldLock, ownRefuses, verdict } from '../../libs/locks/src/core/rules/matrix';
import { waitsBehind } from '../../libs/locks/src/core/rules/queue';
import { lockOf } from '../../libs/locks/src/core/rules/kinds/table';
import { overlap, rangesInTheWay, sameOwner, sameSpace } from '../../libs/locks/src/core/rules/range-tree';
import type {
  DlmRow,
  FileRow,
  LeaseRow,
  PermitRow,
  MetaRow,
  Mode,
  OpenPart,
  OpenRow,
  RequestKind,
  WaitCounts,
} from '../../libs/locks/src/core/rows';
import { settleFile } from '../../libs/locks/src/core/rules/settle';
import { beginStep } from '../../libs/locks/src/core/step';
import type { PlainRows } from './plain-rows';
import { quickly as expect } from './quickly';

const isCurrent = ({ state }: LeaseRow): boolean => state === 'active' || state === 'pending';

/** The invariants that the rows must satisfy after every step of any history. */
export function checkInvariants(rows: PlainRows): void {
  checkLists(rows);
  checkShares(rows);
  checkSettled(rows);
  checkHeld(rows);
  checkClients(rows);
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
    // A write lease is alone, even counting pending leases; an upgrade is the same lease.
    expect(writers.length).toBeLessThanOrEqual(1);
    if (writers.length > 0) expect(readers.length).toBe(0);
    const intents = mine.filter(([, lease]) => lease.pendingType !== undefined);
    const pending = intents.filter(([, lease]) => lease.pendingBreakNo === file.breakNo);
    // Void intents are remembered with the reason until all of them are undone.
    if (pending.length < intents.length) expect([key, file.voidPending !== undefined]).toEqual([key, true]);
    expect(pending.filter(([, lease]) => lease.pendingType === 'read').length).toBe(file.pendingReads);
    expect(pending.find(([, lease]) => lease.pendingType === 'write')?.[0]).toBe(file.pendingWriter);
    if (file.pendingWriter !== undefined) {
      expect(live.every(([id]) => id === file.pendingWriter) && file.pendingReads === 0).toBe(true);
    }
    // Opens and leases of different owners do not conflict, except for a lease that is being broken.
    const here = opens.filter(([, open]) => open.fileKey === key);
    const granted = here.filter(([, open]) => open.state === 'open');
    const count = (each: (open: OpenRow) => boolean) => granted.filter(([, open]) => each(open)).length;
    expect({
      opens: granted.length,
      readOpens: count(({ access }) => access !== 'write'),
      writeOpens: count(({ access }) => access !== 'read'),
      denyReads: count(({ deny }) => deny === 'read' || deny === 'both'),
      denyWrites: count(({ deny }) => deny === 'write' || deny === 'both'),
    }).toEqual({
      opens: file.opens,
      readOpens: file.readOpens,
      writeOpens: file.writeOpens,
      denyReads: file.denyReads,
      denyWrites: file.denyWrites,
    });
    for (const [at, [, open]] of granted.entries()) {
      for (const [, lease] of live) {
        if (lease.ownerKey === open.ownerKey || lease.ownerKey === open.clientKey) continue;
        for (const held of openAsks(open.access, open.deny))
          expect(verdict(leaseAsk(lease.type, lease.delegation, lease.notify), held)).toBe('beside');
      }
      for (const [, other] of granted.slice(at + 1)) {
        if (other.ownerKey === open.ownerKey) continue;
        for (const held of openAsks(open.access, open.deny) as HeldLock[])
          for (const wanted of openAsks(other.access, other.deny))
            expect(verdict(held, wanted)).toBe('beside');
      }
    }
    expect(file.delegReads).toBe(readers.filter(([, lease]) => lease.delegation).length);
    expect(file.notified).toBe(readers.filter(([, { notify }]) => notify === true).length || undefined);
    expect(file.announced).toBe(
      rows.all('change').filter(([, { fileKey, announced }]) => fileKey === key && announced === true)
        .length || undefined,
    );
    expect(file.writerDelegation).toBe(writers.some(([, lease]) => lease.delegation));
    // A session has leases on a file or one delegation, never both.
    for (const [, { sessionId }] of live.filter(([, lease]) => lease.delegation))
      expect(live.filter(([, lease]) => lease.sessionId === sessionId)).toHaveLength(1);
    checkRanges(rows, key, file);
    checkResource(rows, key, file);
    checkSemaphore(rows, key, file);
    checkQueue(rows, key, file);
    checkHold(rows, key, file);
    checkBreak(file, live);
    checkUse(rows, file);
    // Whoever is live is backed by the hold, unless the adapter is being replaced.
    const exp = rows.look('export', file.exportName);
    const remote = exp?.local === false && file.unbound !== 'name' && file.resource === undefined;
    if (remote && live.length > 0 && file.reclaim === undefined) {
      const strongest = writers.length > 0 ? 'write' : 'read';
      const excused =
        (file.unbound === 'asked' && (exp.state !== 'up' || !exp.reported)) ||
        file.fsBreak !== undefined ||
        file.ask !== undefined ||
        file.incarnation !== exp.incarnation;
      if (!excused) expect(rank(file.have)).toBeGreaterThanOrEqual(rank(strongest));
    }
    expect(rank(file.mayHave)).toBeGreaterThanOrEqual(rank(file.have));
    // An unsettled hold makes progress: it is asked for, or waits for a time or for an adapter.
    if (remote && file.mayHave !== wantedHold(file) && file.fsBreak === undefined) {
      expect(
        file.ask !== undefined ||
          file.askAfter > 0 ||
          exp.state === 'lost' ||
          !exp.reported ||
          file.incarnation !== exp.incarnation,
      ).toBe(true);
    }
    expect(list('due').get(keys.file(key)) ?? 0).toBe(file.due);
    expect(list(keys.heldFiles(file.exportName)).has(key)).toBe(file.held);
  }
  for (const [id, lease] of leases) {
    // What is held or decided ends by itself only with its session; the others have a time.
    const lapses = lease.state === 'active' || lease.state === 'pending' ? lease.waitNo > 0 : true;
    const remembered = lease.delegation && lease.state === 'revoked';
    if (!remembered)
      expect({ id, state: lease.state, lapses: lease.due > 0 }).toEqual({ id, state: lease.state, lapses });
    if (lease.state === 'pending')
      expect({ id, type: lease.type, pending: lease.pendingType !== undefined }).toEqual({
        id,
        type: 'none',
        pending: true,
      });
    if (lease.delegation) expect(lease.ownerKey).toBe(lease.clientKey);
    if (lease.state === 'active')
      expect(lease.token).toBeLessThanOrEqual(rows.look('file', lease.fileKey)?.maxToken ?? 0);
    expect(list('all').get(keys.lease(id))).toBe(lease.no);
    expect(list('due').get(keys.lease(id)) ?? 0).toBe(lease.due);
    const current = lease.state === 'active' || lease.state === 'pending';
    const kept = lease.delegation && lease.state === 'revoked' && lease.due === 0;
    expect(list(keys.sessionRows(lease.sessionId)).has(keys.lease(id))).toBe(
      current || kept || lease.state === 'allocated',
    );
    expect(list(keys.grants(lease.fileKey)).get(id)).toBe(lease.state === 'active' ? lease.token : undefined);
    expect(list(keys.intents(lease.fileKey)).has(id)).toBe(lease.pendingType !== undefined);
    if (current) expect(rows.look('file', lease.fileKey)).toBeDefined();
    // Its owner finds it by the file.
    if (current && !isRevoked(rows.look('file', lease.fileKey), lease))
      expect(rows.look('share', keys.share(lease.fileKey, lease.ownerKey))?.leaseId).toBe(id);
    // Only what is held has a type.
    if (lease.state === 'allocated' || lease.state === 'pending')
      expect([id, lease.type]).toEqual([id, 'none']);
    // Only a holder that may write is asked for attributes and can report that it changed the file.
    if (lease.asked !== undefined || lease.toldHi !== undefined)
      expect([lease.state, lease.type]).toEqual(['active', 'write']);
    expect(lease.asked?.length ?? 0).toBeLessThanOrEqual(16);
  }
  const others = [...rows.all('change'), ...rows.all('dlm'), ...rows.all('permit')];
  const waiting = [...leases, ...opens, ...rows.all('range'), ...others];
  for (const [, { fileKey, waitNo }] of waiting)
    if (waitNo !== 0) expect(rows.look('file', fileKey)).toBeDefined();
  for (const [id, open] of opens) {
    expect(list(keys.sessionRows(open.sessionId)).get(keys.open(id))).toBe(open.no);
    expect(rows.look('file', open.fileKey)).toBeDefined();
  }
  for (const [id, session] of rows.all('session')) {
    expect(session.rows).toBe(list(keys.sessionRows(id)).size);
    const delegations = leases.filter(
      ([, lease]) => lease.sessionId === id && lease.delegation && isCurrent(lease),
    );
    expect(session.delegations).toBe(delegations.length);
    expect(list('due').get(keys.session(id)) ?? 0).toBe(session.due);
  }
  checkDeadlocks(rows);
  checkTree(rows);
  for (const [name, { delegations }] of rows.all('export'))
    expect({ name, delegations }).toEqual({
      name,
      delegations: leases.filter(
        ([, lease]) => lease.exportName === name && lease.delegation && isCurrent(lease),
      ).length,
    });
  const files = rows.all('file');
  const aliases = rows.all('alias').map(([, { fileKey }]) => rows.look('file', fileKey)?.exportName);
  for (const [name, exp] of rows.all('export')) {
    const there = files.filter(([, file]) => file.exportName === name);
    expect([...list(keys.exportFiles(name)).keys()].sort()).toEqual(there.map(([key]) => key).sort());
    const held = there.filter(([, file]) => file.held);
    expect([...list(keys.heldFiles(name)).keys()].sort()).toEqual(held.map(([key]) => key).sort());
    const unbound = there.filter(([, file]) => file.unbound !== undefined);
    expect([...list(keys.unboundFiles(name)).keys()].sort()).toEqual(unbound.map(([key]) => key).sort());
    const count = (each: (file: FileRow) => boolean) => there.filter(([, file]) => each(file)).length;
    expect({ name, bound: exp.bound, aliases: exp.aliases, unconfirmed: exp.unconfirmed }).toEqual({
      name,
      bound: exp.local
        ? 0
        : count(
            ({ unbound, resource, semaphore }) =>
              unbound !== 'name' && resource === undefined && semaphore === undefined,
          ),
      aliases: aliases.filter((of) => of === name).length,
      unconfirmed: count(({ unconfirmed }) => unconfirmed),
    });
  }
  // Every file has its export.
  expect(files.filter(([, file]) => rows.look('export', file.exportName) === undefined)).toEqual([]);
  const tenures = new Set<string>();
  for (const [member] of list('due')) {
    const kind = keys.rowMember(rows, member);
    if (kind === undefined || kind === 'want')
      throw new Error(`${member} is due, and is nothing that has a deadline`);
    if (kind === 'tenure') tenures.add(keys.idOf(rows, member));
    else expect(rows.get(kind, keys.idOf(rows, member))).toBeDefined();
  }
  // What may be held for a limited time only is due at its end, and nothing else has an end.
  const limited: [string, { endsAt?: number }][] = [
    ...leases.map(([id, row]): [string, LeaseRow] => [keys.lease(id), row]),
    ...rows.all('permit').map(([id, row]): [string, PermitRow] => [keys.permit(id), row]),
  ];
  for (const [member, { endsAt }] of limited) {
    expect(list('due').get(keys.tenure(member))).toBe(endsAt);
    tenures.delete(member);
  }
  expect([...tenures]).toEqual([]);
  for (const [, { state, endsAt }] of leases) if (state !== 'active') expect(endsAt).toBe(undefined);
}

/** Requests in queues, by kind. */
function waitsIn(rows: PlainRows): WaitCounts {
  const of = (kind: RequestKind): number => rows.all(kind).filter(([, { waitNo }]) => waitNo !== 0).length;
  const { waiting = {} } = rows.look('meta', 'shard')?.held ?? {};
  const kinds = ['lease', 'open', 'range', 'change', 'dlm', 'permit'] as const;
  // A kind is counted from its first wait on.
  return Object.fromEntries(
    kinds.filter((kind) => of(kind) > 0 || kind in waiting).map((kind) => [kind, of(kind)]),
  );
}

/** The table counts what is held, in all its files. */
function checkHeld(rows: PlainRows): void {
  const meta = rows.look('meta', 'shard');
  if (meta === undefined) return;
  const files = rows.all('file').map(([, file]) => file);
  const sum = (of: (file: FileRow) => number): number => files.reduce((total, file) => total + of(file), 0);
  const writers = (delegation: boolean): number =>
    sum((file) => (file.writer !== undefined && file.writerDelegation === delegation ? 1 : 0));
  expect(meta.held).toEqual({
    reads: sum(({ reads, delegReads }) => reads - delegReads),
    writes: writers(false),
    delegReads: sum(({ delegReads }) => delegReads),
    delegWrites: writers(true),
    opens: sum(({ opens }) => opens),
    ranges: sum(({ ranges }) => ranges),
    waits: sum(({ waiting }) => waiting),
    waiting: waitsIn(rows),
    breaks: sum(({ breaking }) => (breaking === undefined ? 0 : 1)),
    ...counted('connections', rows.all('connection').length, meta),
    ...(rows.all('dlm').length === 0 && meta.held?.modes === undefined ? {} : { modes: modesHeld(rows) }),
    ...counted(
      'permits',
      sum(({ semaphore }) => semaphore?.held ?? 0),
      meta,
    ),
  });
  const over = rows.all('session').filter(([, { state }]) => state === 'expired' || state === 'ended');
  expect(meta.sessions).toBe(rows.all('session').length - over.length);
  // A step before this does not look for deadlines.
  for (const [, at] of rows.lists.get('due') ?? []) expect(meta.firstDue ?? 0).toBeLessThanOrEqual(at);
  checkSubjects(rows, meta);
}

/** What is counted from the first on. */
function counted(what: 'connections' | 'permits', count: number, { held }: MetaRow): object {
  return count === 0 && held?.[what] === undefined ? {} : { [what]: count };
}

/** The row of a subject, or of a tenant as a whole, counts what its counted sessions have. */
function checkSubjects(rows: PlainRows, { subjects = 0 }: MetaRow): void {
  const sessions = rows.all('session');
  const waiting = new Map<string, number>();
  for (const kind of ['lease', 'open', 'range', 'change', 'dlm', 'permit'] as const)
    for (const [, { sessionId, waitNo }] of rows.all(kind))
      if (waitNo !== 0) waiting.set(sessionId, (waiting.get(sessionId) ?? 0) + 1);
  const expected: Record<string, { sessions: number; rows: number; waits: number }> = {};
  const counted = sessions.flatMap(([id, session]) => [
    ...(session.counted === true
      ? [{ id, session, name: keys.subject(session.tenant, session.subject) }]
      : []),
    ...(session.countedTenant === true ? [{ id, session, name: keys.subject(session.tenant, '') }] : []),
  ]);
  for (const { id, session, name } of counted) {
    const sum = (expected[name] ??= { sessions: 0, rows: 0, waits: 0 });
    sum.sessions += 1;
    sum.rows += session.rows;
    sum.waits += waiting.get(id) ?? 0;
  }
  const found = rows.all('subject').map(([id, row]) => {
    const { sessions: open, rows: has, waits } = row;
    return [id, { sessions: open, rows: has, waits }] as const;
  });
  expect(Object.fromEntries(found)).toEqual(expected);
  expect(subjects).toBe(found.length);
}

function modesHeld(rows: PlainRows): Record<Mode, number> {
  const counts = { NL: 0, CR: 0, CW: 0, PR: 0, PW: 0, EX: 0 };
  for (const [, { mode }] of rows.all('dlm')) if (mode !== undefined) counts[mode] += 1;
  return counts;
}

/** What is known of the fileserver's side is no more than what can be so, and nothing is remembered that is over. */
function checkHold(rows: PlainRows, key: string, file: FileRow): void {
  const exp = rows.look('export', file.exportName);
  const { have, mayHave, ask, predecessor, fence, reclaim, reads } = file;
  const live = liveType(file);
  const alone =
    exp?.local !== false || file.unbound === 'name' || (file.resource ?? file.semaphore) !== undefined;
  const known = { ask, predecessor, reclaim, fence, fsBreak: file.fsBreak, cookie: file.cookie };
  if (alone) {
    const nothing = {
      ask: undefined,
      predecessor: undefined,
      reclaim: undefined,
      fsBreak: undefined,
      cookie: undefined,
    };
    const { held, unconfirmed } = file;
    expect({ key, ...known, have, mayHave, held, unconfirmed }).toEqual({
      ...{ key, ...nothing, fence: false, have: wantedHold(file), mayHave: wantedHold(file) },
      ...{ held: false, unconfirmed: false },
    });
  } else {
    if (ask !== undefined)
      expect([rank(have) <= rank(ask.type), rank(mayHave) >= rank(ask.type)]).toEqual([true, true]);
    if (reclaim !== undefined)
      expect({ key, reclaim, reads: reads > 0, have }).toEqual({ key, reclaim, reads: true, have: 'none' });
    if (fence)
      expect({ key, fence: predecessor !== undefined || rank(mayHave) > rank(live) }).toEqual({ key, fence });
    if (predecessor !== undefined && file.incarnation === exp.incarnation && exp.walkAfter === undefined)
      expect((exp.predecessors ?? []).map(({ incarnation }) => incarnation)).toContain(predecessor);
    const unconfirmed =
      ask !== undefined || predecessor !== undefined || have !== mayHave || mayHave !== wantedHold(file);
    expect({ key, unconfirmed: file.unconfirmed }).toEqual({ key, unconfirmed });
    const held =
      ask !== undefined ||
      predecessor !== undefined ||
      reclaim !== undefined ||
      file.locked !== undefined ||
      mayHave !== 'none' ||
      file.unbound === 'asked' ||
      file.waiting > 0 ||
      file.wants > 0;
    expect({ key, held: file.held }).toEqual({ key, held });
  }
  // It is looked at again in time for whatever ends by itself.
  const left = file.voidPending !== undefined || file.morePending || (file.clearUpTo > 0 && !fence);
  const until = [
    file.breaking?.deadline ?? 0,
    ask?.until ?? file.askAfter,
    file.lockDelayUntil,
    file.coolUntil,
  ];
  const next = Math.min(...until.filter((at) => at > rows.clock.now - skewOf(rows)));
  if (left || Number.isFinite(next)) expect(file.due !== 0 && (left || file.due <= next)).toBe(true);
}

/** How far table time is behind the clock. */
function skewOf(rows: PlainRows): number {
  return rows.look('meta', 'shard')?.skew ?? 0;
}

/** A file exists as long as anything is on it or in progress with it, and is due when the first of that is. */
function checkUse(rows: PlainRows, file: FileRow): void {
  const time = rows.clock.now - skewOf(rows);
  const { breaking, ask, coolUntil, lockDelayUntil, have, mayHave } = file;
  const modal = Object.values(file.resource?.granted ?? {}).reduce((sum, count) => sum + count, 0);
  const named = modal + (file.semaphore?.held ?? 0);
  const counts =
    file.reads + file.pendingReads + file.opens + file.ranges + file.waiting + file.wants + named;
  const somebody =
    counts + (file.announced ?? 0) > 0 || file.writer !== undefined || file.pendingWriter !== undefined;
  const rests = coolUntil > lastLook(rows, time) || lockDelayUntil > lastLook(rows, time);
  const left = file.clearUpTo > 0 || file.voidPending !== undefined || file.morePending;
  const hold =
    file.locked !== undefined ||
    ask !== undefined ||
    file.predecessor !== undefined ||
    have !== 'none' ||
    mayHave !== 'none';
  expect(somebody || rests || left || hold || breaking !== undefined).toBe(true);
  expect(file.listed).toBe(true);
  if (file.unbound === 'name') expect(file.tree).toBe(undefined);
  if (file.due === 0) return;
  const { locked } = file;
  const times = [breaking?.deadline, ask?.until, file.askAfter, lockDelayUntil, coolUntil];
  times.push(locked?.ask?.until, locked?.askAfter, locked?.again);
  // Or work that one step could not do is gone on with.
  expect(times.includes(file.due) || left || file.ending !== undefined).toBe(true);
}

/** A file with nothing left on it is removed by the next step that looks at it. */
function lastLook(rows: PlainRows, time: number): number {
  const [first] = [...(rows.lists.get('due') ?? [])].map(([, at]) => at).sort((a, b) => a - b);
  return Math.min(time, (first ?? time) - 1);
}

/** A break runs exactly as long as a holder is asked to go down. */
function checkBreak(file: FileRow, live: [string, LeaseRow][]): void {
  const { breaking } = file;
  if (breaking === undefined) return;
  const above = live.filter(
    ([, { type, delegation }]) => rank(type) > rank(breaking.target) && (delegation || !breaking.delegations),
  );
  expect(above.some(([, { ownerKey }]) => ownerKey !== breaking.exempt)).toBe(true);
  for (const [, { grantNo }] of above) expect(grantNo).toBeLessThanOrEqual(breaking.upTo);
  expect(breaking.lateDeadline === 0 || breaking.late !== undefined).toBe(true);
  if (breaking.enforced !== 0)
    expect(breaking.deadline !== 0 && breaking.deadline <= breaking.enforced).toBe(true);
}

/** Lists by what they begin with: how a list of nobody is named. */
const families: [string, 'owned' | 'reads' | 'writes' | 'nodes' | 'checked'][] = [
  [keys.ownerRanges('', 'bytes', '', '').slice(0, 2), 'owned'],
  [keys.readRanges('', 'bytes').slice(0, 2), 'reads'],
  [keys.writeRanges('', 'bytes').slice(0, 2), 'writes'],
  [keys.rangeNodes('', 'bytes').slice(0, 2), 'nodes'],
  ...[keys.fileRows, keys.queue, keys.ownerWaits, keys.grants, keys.intents, keys.fileOpens].map(
    (list) => [list(''), 'checked'] satisfies [string, 'checked'],
  ),
  [keys.sameFile('', '').slice(0, 2), 'checked'],
  [keys.turns(''), 'checked'],
  [keys.orphans('', '').slice(0, 2), 'checked'],
  [keys.grantedIn('', 'NL').slice(0, 2), 'checked'],
  [keys.connectionLocks(''), 'checked'],
  [keys.nodeOrphans(''), 'checked'],
];
const listFamily = (name: string) => families.find(([prefix]) => name.startsWith(prefix))?.[1];

/** Every row is in the lists where it belongs, and the lists contain nothing else. */
function checkLists(rows: PlainRows): void {
  const expected = new Map<string, [string, number][]>();
  const listed = (list: string, member: string, score: number): void => {
    expected.set(list, [...(expected.get(list) ?? []), [member, score]]);
  };
  const everywhere = (member: string, row: { no: number; fileKey: string }): void => {
    listed('all', member, row.no);
    listed(keys.fileRows(row.fileKey), member, row.no);
  };
  const waits = (member: string, row: { waitNo: number; fileKey: string; ownerKey: string }): void => {
    if (row.waitNo === 0) return;
    listed(keys.queue(row.fileKey), member, row.waitNo);
    listed(keys.ownerWaits(row.ownerKey), member, row.waitNo);
  };
  for (const [id, row] of rows.all('lease')) {
    everywhere(keys.lease(id), row);
    waits(keys.lease(id), row);
    if (row.state === 'active') listed(keys.grants(row.fileKey), id, row.token);
    if (row.pendingType !== undefined) listed(keys.intents(row.fileKey), id, row.no);
  }
  for (const [id, row] of rows.all('open')) {
    everywhere(keys.open(id), row);
    waits(keys.open(id), row);
    if (row.state === 'open') listed(keys.fileOpens(row.fileKey), id, row.no);
  }
  const ranges = { owned: 0, reads: 0, writes: 0, nodes: 0 };
  for (const [id, row] of rows.all('range')) {
    everywhere(keys.range(id), row);
    waits(keys.range(id), row);
    listed(keys.sessionRows(row.sessionId), keys.range(id), row.no);
    if (row.state === 'waiting') continue;
    ranges.owned += 1;
    if (row.type === 'write') ranges.writes += 1;
    else ranges.reads += 1;
  }
  ranges.nodes = 2 * ranges.reads;
  for (const [id, row] of rows.all('change')) {
    everywhere(keys.change(id), row);
    waits(keys.change(id), row);
    // It waits for its turn or for its report.
    expect([id, row.waitNo !== 0]).toEqual([id, row.announced !== true]);
    expect(rows.lists.get('due')?.get(keys.change(id))).toBe(row.due);
    listed(keys.sessionRows(row.sessionId), keys.change(id), row.no);
  }
  for (const [id, row] of rows.all('dlm')) {
    everywhere(keys.dlm(id), row);
    waits(keys.dlm(id), row);
    if (row.connection !== undefined) listed(keys.connectionLocks(row.connection), id, row.no);
    if (row.home !== undefined) listed(keys.nodeOrphans(row.home), id, row.no);
    if (row.sessionId === '') listed(keys.orphans(row.fileKey, row.tenant ?? ''), id, row.no);
    else listed(keys.sessionRows(row.sessionId), keys.dlm(id), row.no);
    if (row.wants !== undefined) listed(keys.turns(row.fileKey), id, row.place);
    else if (row.mode !== undefined) listed(keys.grantedIn(row.fileKey, row.mode), id, row.grantNo);
  }
  for (const [id, row] of rows.all('permit')) {
    everywhere(keys.permit(id), row);
    waits(keys.permit(id), row);
    listed(keys.sessionRows(row.sessionId), keys.permit(id), row.no);
    if (row.token !== 0) listed(keys.grants(row.fileKey), id, row.token);
  }
  for (const [id, row] of rows.all('connection'))
    listed(keys.sessionRows(row.sessionId), keys.connection(id), row.no);
  for (const [id, row] of rows.all('session')) listed('sessions', id, row.no);
  for (const [key, row] of rows.all('file')) {
    if (row.tree !== undefined) listed(keys.sameFile(row.tree, row.fileId), key, row.no);
    if (row.breaking !== undefined) listed(keys.breaks, key, row.no);
  }
  const sorted = (members: Iterable<[string, number]>) => [...members].sort(([a], [b]) => (a < b ? -1 : 1));
  const found = { owned: 0, reads: 0, writes: 0, nodes: 0 };
  for (const [name, members] of rows.lists) {
    const family = listFamily(name);
    if (family !== undefined && family in found) found[family as keyof typeof found] += members.size;
    if (family === 'checked' || name === 'all' || name === 'sessions' || name === keys.breaks)
      expect([name, sorted(members)]).toEqual([name, sorted(expected.get(name) ?? [])]);
    // Who is tangled waits; the queue's own check says who must be.
    if (!name.startsWith(keys.tangled(''))) continue;
    const queue = rows.lists.get(keys.queue(name.slice(keys.tangled('').length)));
    for (const [member, no] of members) expect([name, queue?.get(member)]).toEqual([name, no]);
  }
  expect(found).toEqual(ranges);
  for (const [name, members] of expected)
    for (const [member, score] of members) expect(rows.lists.get(name)?.get(member)).toBe(score);
}

/** An open is the union of its OPENs, if they are several. */
function checkParts({ parts, access, deny }: OpenRow): void {
  if (parts === undefined) return;
  const has = (each: (part: OpenPart) => boolean) => parts.some(each);
  const of = (one: boolean, other: boolean, both: boolean) => both || (one && other);
  expect(parts.length > 1).toBe(true);
  expect(access).toBe(
    of(
      has((p) => p.access === 'read'),
      has((p) => p.access === 'write'),
      has((p) => p.access === 'both'),
    )
      ? 'both'
      : parts[0]?.access,
  );
  const denies = [...new Set(parts.map((part) => part.deny))].filter((each) => each !== 'none');
  expect(deny).toBe(denies.length > 1 ? 'both' : (denies[0] ?? 'none'));
}

/** What an owner has on a file is what its rows say, and what a session wants is in the lists of both. */
function checkShares(rows: PlainRows): void {
  const opens = rows.all('open').filter(([, { state }]) => state === 'open');
  const wanted = new Map<string, number>();
  for (const [id, share] of rows.all('share')) {
    const fileKey = id.slice(0, id.indexOf(':'));
    const ownerKey = id.slice(id.indexOf(':') + 1);
    const mine = opens.filter(([, open]) => open.fileKey === fileKey && open.ownerKey === ownerKey);
    const count = (each: (open: OpenRow) => boolean) => mine.filter(([, open]) => each(open)).length;
    expect({ id, ...share }).toMatchObject({
      id,
      opens: mine.length,
      readOpens: count(({ access }) => access !== 'write'),
      writeOpens: count(({ access }) => access !== 'read'),
      denyReads: count(({ deny }) => deny === 'read' || deny === 'both'),
      denyWrites: count(({ deny }) => deny === 'write' || deny === 'both'),
    });
    // The stateid of locks may outlast the locks, until it is freed.
    if (share.lockId === undefined) expect(rows.look('file', fileKey)).toBeDefined();
    const lease = share.leaseId === undefined ? undefined : rows.look('lease', share.leaseId);
    if (share.leaseId !== undefined) expect(lease).toMatchObject({ fileKey, ownerKey });
    if (lease !== undefined) expect(isCurrent(lease)).toBe(true);
    const { openId, lockId } = share;
    const used = [share.leaseId, share.wanted, openId, lockId].some((each) => each !== undefined);
    expect(share.opens > 0 || used).toBe(true);
    if (openId !== undefined) expect(rows.look('open', openId)).toMatchObject({ fileKey, ownerKey });
    if (lockId !== undefined) expect(rows.look('lockState', lockId)).toMatchObject({ fileKey, ownerKey });
    if (share.wanted === undefined) continue;
    wanted.set(fileKey, (wanted.get(fileKey) ?? 0) + 1);
    expect(rows.lists.get(keys.wants(fileKey))?.get(ownerKey)).toBe(share.wantNo);
    expect(rows.lists.get(keys.sessionRows(share.wantedBy ?? ''))?.get(keys.want(fileKey))).toBe(
      share.wantNo,
    );
  }
  for (const [key, { wants }] of rows.all('file')) {
    expect({ key, wants }).toEqual({ key, wants: wanted.get(key) ?? 0 });
    expect(rows.lists.get(keys.wants(key))?.size ?? 0).toBe(wants);
  }
  const states = rows.all('lockState');
  for (const [id, { fileKey, ownerKey, sessionId, openId, no }] of states) {
    expect(rows.look('share', keys.share(fileKey, ownerKey))?.lockId).toBe(id);
    expect(rows.lists.get(keys.sessionRows(sessionId))?.get(keys.lockState(id))).toBe(no);
    if (openId !== undefined) expect(rows.lists.get(keys.openLocks(openId))?.get(id)).toBe(no);
  }
  const listed = (lists: string): string[] =>
    [...rows.lists].flatMap(([name, members]) => (name.startsWith(lists) ? [...members.keys()] : []));
  const ofSessions = listed(keys.sessionRows('')).filter((member) => member.startsWith(keys.lockState('')));
  expect(ofSessions.length).toBe(states.length);
  expect(listed(keys.openLocks('')).length).toBe(states.filter(([, row]) => row.openId !== undefined).length);
  for (const [, open] of rows.all('open')) checkParts(open);
  const there = rows.all('session').filter(([, { state }]) => state !== 'expired' && state !== 'ended');
  expect(rows.look('meta', 'shard')?.sessions ?? 0).toBe(there.length);
  // Sessions in courtesy are listed and counted; what was taken from a session and not freed is known.
  const kept = there.filter(([, { state }]) => state === 'courtesy');
  expect(rows.look('meta', 'shard')?.courteous ?? 0).toBe(kept.length);
  // Exports in grace are counted, and nothing is left of a grace period that is over.
  const graces = rows.all('export').filter(([, { graceUntil }]) => graceUntil !== undefined);
  expect(rows.look('meta', 'shard')?.graces ?? 0).toBe(graces.length);
  const inGrace = new Set(graces.map(([name]) => keys.graceOf(name)));
  const left = [...rows.lists.keys()].filter(
    (name) => name.startsWith(keys.graceOf('')) && !inGrace.has(name),
  );
  expect(left).toEqual([]);
  expect([...(rows.lists.get(keys.courtesy) ?? [])]).toEqual(
    kept
      .map(([id, { courtesyNo }]) => [id, courtesyNo])
      .sort(([, a = 0], [, b = 0]) => Number(a) - Number(b)),
  );
  for (const [id, { taken = 0 }] of there) {
    const ended = rows.all('ended').filter(([, row]) => row.taken === true && row.sessionId === id);
    const leases = rows
      .all('lease')
      .filter(([, row]) => row.sessionId === id && row.due === 0 && row.cause === 'expired');
    expect([id, taken]).toEqual([id, ended.length + leases.length]);
  }
}

/** A client is known by sessions that are not over yet, and only as long as there are any. */
function checkClients(rows: PlainRows): void {
  for (const [key, { confirmed, unconfirmed, ending }] of rows.all('client')) {
    const states = [confirmed, unconfirmed, ending].flatMap((id) =>
      id === undefined ? [] : [rows.look('session', id)?.state],
    );
    const over = states.filter((state) => state === undefined || state === 'expired' || state === 'ended');
    expect([key, states.length > 0, over]).toEqual([key, true, []]);
  }
}

/** No waiter could be granted, no signal is owed, no ask is missing: settling a file again changes nothing. */
function checkSettled(rows: PlainRows): void {
  // One is enough for all files: it stays as it is, or the check fails.
  let copy: PlainRows | undefined;
  for (const [key, row] of rows.all('file')) {
    copy ??= rows.copy();
    const step = beginStep(copy, 64);
    // What is due is not forgotten, nor what is left for the next step.
    if (row.due !== 0 && row.due <= step.now) continue;
    // A break of what is not held is confirmed when somebody comes to the file.
    if (row.fsBreak !== undefined && !row.held) continue;
    const file = loadFile(step, key);
    if (file === undefined) continue;
    // It is looked at once its adapter has said what it holds.
    const { local, state, reported, walkAfter, incarnation } = file.exp;
    const served = state === 'up' && reported && walkAfter === undefined && incarnation === row.incarnation;
    if (!local && !served) continue;
    settleFile(step, file);
    expect({ key, records: copy.records, asks: step.asks }).toEqual({ key, records: [], asks: [] });
    // A step that changed nothing does not store the time: after an outage, what was over by then may be due again.
    const settled = copy.look('file', key);
    // That it was looked through for sessions in courtesy is noted once there are any, of whatever file.
    const breaking = settled?.breaking && { ...settled.breaking, yielded: row.breaking?.yielded };
    // An adapter that has come back may serve another tree; the file notes that when somebody comes to it.
    expect({ ...settled, breaking, due: row.due }).toEqual({ ...row, tree: settled?.tree });
  }
}

/** Dependencies agree on both sides, nothing depends on an item that does not exist, and every item is listed. */
function checkTree(rows: PlainRows): void {
  const list = (name: string): string[] => [...(rows.lists.get(name)?.keys() ?? [])].sort();
  for (const kind of ['stack', 'export', 'region', 'node', 'operation'] as const)
    expect([kind, list(`${kind}s`)]).toEqual([
      kind,
      rows
        .all(kind)
        .map(([name]) => name)
        .sort(),
    ]);
  for (const [name] of rows.all('stack')) {
    const mine = rows.all('adapter').filter(([, adapter]) => adapter.stack === name);
    expect([name, list(keys.stackAdapters(name))]).toEqual([name, mine.map(([id]) => id).sort()]);
  }
  const expected = new Map<string, string[]>();
  const depends = (on: string, who: string): void => {
    expected.set(keys.dependents(on), [...(expected.get(keys.dependents(on)) ?? []), who].sort());
  };
  for (const [name, exp] of rows.all('export')) {
    expect(rows.look('stack', exp.stack)).toBeDefined();
    depends(keys.stackItem(exp.stack), keys.exportItem(name));
    if (exp.region !== undefined) {
      expect(rows.look('region', exp.region)).toBeDefined();
      depends(keys.regionItem(exp.region), keys.exportItem(name));
    }
    if (exp.operation !== undefined) expect(rows.look('operation', exp.operation)?.state).toBe('running');
    if (exp.opening === true) expect(list(keys.unboundFiles(name))).not.toEqual([]);
  }
  for (const [name, node] of rows.all('node')) {
    expect(rows.look('region', node.region)).toBeDefined();
    depends(keys.regionItem(node.region), keys.nodeItem(name));
    const here = rows.all('session').filter(([, session]) => session.bound === true && session.node === name);
    expect(node.sessions).toBe(here.length);
    for (const [id, session] of here) {
      depends(keys.nodeItem(name), keys.dependentSession(id));
      // No session acts for a node that is dead and cleared.
      expect(node.state === 'down' && session.state === 'live').toBe(false);
    }
  }
  for (const [id, adapter] of rows.all('adapter'))
    if (adapter.state === 'up' || adapter.state === 'stopping')
      depends(keys.stackItem(adapter.stack), keys.adapter(id));
  for (const [id, { exportName, stack, region }] of rows.all('connection')) {
    depends(keys.exportItem(exportName), keys.connection(id));
    // What was agreed is pinned.
    expect(rows.look('export', exportName)).toMatchObject({ stack, region });
  }
  for (const [name, { connections = 0 }] of rows.all('export'))
    expect(connections).toBe(rows.all('connection').filter(([, row]) => row.exportName === name).length);
  const orphans = new Map<string, number>();
  for (const [, { sessionId, exportName, tenant = '' }] of rows.all('dlm')) {
    const id = keys.orphansIn(exportName, tenant);
    if (sessionId === '') orphans.set(id, (orphans.get(id) ?? 0) + 1);
  }
  expect(new Map(rows.all('orphans').map(([id, { count }]) => [id, count]))).toEqual(orphans);
  for (const [id, pin] of rows.all('pin')) {
    depends(pin.on, keys.pin(id));
    if (pin.by !== undefined) expect(list(keys.pinsBy(pin.by))).toContain(id);
    if (pin.sessionId !== undefined) expect(list(keys.sessionRows(pin.sessionId))).toContain(keys.pin(id));
  }
  for (const [name, members] of rows.lists)
    if (name.startsWith(keys.dependents('')) && members.size > 0)
      expect(list(name)).toEqual(expected.get(name) ?? []);
  for (const [name, who] of expected) expect(list(name)).toEqual(who);
  const remembered = [...rows.all('session')].reduce((sum, [id, { ended = 0 }]) => {
    expect(list(keys.sessionEnded(id))).toHaveLength(ended);
    return sum + ended;
  }, 0);
  expect([...rows.all('ended')]).toHaveLength(remembered);
  for (const [, { region, sessionId, connection }] of rows.all('subscription')) {
    expect(list(keys.subscribers(region))).toContain(connection ?? sessionId);
    if (connection !== undefined) expect(rows.look('connection', connection)?.region).toBe(region);
    else expect(list(keys.sessionRows(sessionId))).toContain(keys.subscription(`${region}:${sessionId}`));
  }
}

/** Locked ranges of a file: one owner's do not overlap, different owners' do not conflict, every search is complete. */
function checkRanges(rows: PlainRows, key: string, file: FileRow): void {
  const held = rows.all('range').filter(([, range]) => range.fileKey === key && range.state === 'held');
  expect(held.length).toBe(file.ranges);
  for (const [at, [, a]] of held.entries()) {
    for (const [, b] of held.slice(at + 1)) {
      if (!sameSpace(a.class, b.class)) continue;
      if (sameOwner(a, b)) {
        expect(overlap(a, b)).toBe(false);
        const same = a.endHi === b.startHi && a.endLo + 1 === b.startLo;
        const carried = a.endHi + 1 === b.startHi && a.endLo === 2 ** 32 - 1 && b.startLo === 0;
        if (same || carried) expect(a.type).not.toBe(b.type);
      } else if (overlap(a, b)) {
        expect([a.type, b.type]).toEqual(['read', 'read']);
      }
    }
  }
  const exp = rows.look('export', file.exportName);
  if (exp === undefined) return;
  for (const [id, range] of held) {
    for (const type of ['read', 'write'] as const) {
      const ask = { ...range, type, ownerKey: 'a stranger' };
      const found = rangesInTheWay(beginStep(rows, 0), { key, row: file, exp }, ask, 1000).map(
        (each) => each.id,
      );
      const expected = held.filter(
        ([, each]) =>
          sameSpace(each.class, range.class) &&
          overlap(each, range) &&
          (type === 'write' || each.type === 'write'),
      );
      expect([...found].sort()).toEqual(expected.map(([each]) => each).sort());
      if (type === 'write') expect(found).toContain(id);
    }
  }
}

/** Whether two modes may be held side by side: the table once more, as sets. */
const together = new Set(
  [
    'NL NL',
    'NL CR',
    'NL CW',
    'NL PR',
    'NL PW',
    'NL EX',
    'CR CR',
    'CR CW',
    'CR PR',
    'CR PW',
    'CW CW',
    'PR PR',
  ].flatMap((pair) => [pair, pair.split(' ').reverse().join(' ')]),
);
const fits = (a: Mode, b: Mode): boolean => together.has(`${a} ${b}`);

/**
 * A resource: no two granted modes conflict, the counts agree with the rows, the first of each queue is blocked, and
 * whoever blocks it has been told.
 */
function checkResource(rows: PlainRows, key: string, { resource, ending, maxToken }: FileRow): void {
  const locks = rows.all('dlm').filter(([, lock]) => lock.fileKey === key);
  if (resource === undefined) {
    expect(locks).toEqual([]);
    return;
  }
  const count = (each: (lock: DlmRow, mode: Mode) => boolean) =>
    Object.fromEntries(
      Object.keys(resource.granted).map((mode) => [
        mode,
        locks.filter(([, lock]) => each(lock, mode as Mode)).length,
      ]),
    );
  expect({
    key,
    granted: resource.granted,
    wanted: resource.wanted,
    converting: resource.converting,
  }).toEqual({
    key,
    granted: count(({ mode }, of) => mode === of),
    wanted: count(({ wants }, of) => wants === of),
    converting: count(({ mode, wants }, of) => mode !== undefined && wants === of),
  });
  const holders = locks.flatMap(([id, lock]) =>
    lock.mode === undefined ? [] : [{ id, lock, mode: lock.mode }],
  );
  for (const a of holders)
    for (const b of holders)
      if (a !== b) expect([a.mode, b.mode, fits(a.mode, b.mode)]).toEqual([a.mode, b.mode, true]);
  for (const [id, lock] of locks) {
    expect({ id, waits: lock.waitNo !== 0, place: lock.place !== 0 }).toEqual({
      ...{ id, waits: lock.wants !== undefined, place: lock.wants !== undefined },
    });
    // A token for each tenure of PW and EX, and for nothing else.
    expect({ id, token: lock.token !== 0 }).toEqual({ id, token: lock.mode === 'PW' || lock.mode === 'EX' });
    expect(lock.token).toBeLessThanOrEqual(maxToken);
    // Only what waits has a time, and only an orphan has a tenant and a node of its own.
    expect({ id, ends: lock.due !== 0 }).toEqual({ id, ends: lock.waitNo !== 0 });
    if (lock.sessionId !== '') expect([id, lock.tenant, lock.home]).toEqual([id, undefined, undefined]);
  }
  // What a step has begun to end is served when it is done.
  if (ending !== undefined) return;
  const queued = locks
    .filter(([, { wants }]) => wants !== undefined)
    .sort(([, a], [, b]) => a.place - b.place);
  const conversions = queued.filter(([, { mode }]) => mode !== undefined);
  const [next] = conversions.length > 0 ? conversions : queued;
  if (next === undefined) return;
  const [first, { wants: wanted = 'NL' }] = next;
  const blocking = holders.filter(({ id, mode }) => id !== first && !fits(mode, wanted));
  expect({ first, blocked: blocking.length > 0 }).toEqual({ first, blocked: true });
  for (const { id, lock } of blocking)
    if (lock.wants === undefined) expect({ id, told: lock.told !== undefined }).toEqual({ id, told: true });
}

/** A semaphore: never more holders than its limit, each with a token of its own, and nobody waits beside a free place. */
function checkSemaphore(rows: PlainRows, key: string, file: FileRow): void {
  const { semaphore, ending, waiting, maxToken } = file;
  const permits = rows.all('permit').filter(([, { fileKey }]) => fileKey === key);
  if (semaphore === undefined) {
    expect(permits).toEqual([]);
    return;
  }
  const { limit, held } = semaphore;
  const holders = permits.filter(([, { token }]) => token !== 0);
  expect({ key, held, fits: held <= limit }).toEqual({ key, held: holders.length, fits: true });
  expect(permits.length - holders.length).toBe(waiting);
  for (const [id, { token, waitNo }] of permits) {
    expect({ id, waits: waitNo !== 0 }).toEqual({ id, waits: token === 0 });
    expect(token).toBeLessThanOrEqual(maxToken);
  }
  expect([...(rows.lists.get(keys.grants(key)) ?? [])].sort()).toEqual(
    holders.map(([id, { token }]) => [id, token]).sort(),
  );
  if (waiting > 0 && ending === undefined) expect({ key, held }).toEqual({ key, held: limit });
}

/** The queue of a file: its order, lists and counters agree with the rows of its waiters. */
function checkQueue(rows: PlainRows, key: string, file: FileRow): void {
  const members = [...(rows.lists.get(keys.queue(key)) ?? [])].sort(([, a], [, b]) => a - b);
  const step = beginStep(rows, 0);
  const waiters = members.map(([member, no]) => {
    const waiter = lockOf(step, member);
    expect(waiter?.row.waitNo).toBe(no);
    if (waiter === undefined) throw new Error(`${member} waits and is not there`);
    const ofOwner = rows.lists.get(keys.ownerWaits(waiter.row.ownerKey));
    expect(ofOwner?.get(member)).toBe(no);
    if ((ofOwner?.size ?? 0) > 1) expect(rows.lists.get(keys.tangled(key))?.get(member)).toBe(no);
    expect(rows.lists.get('due')?.get(member)).toBe(waiter.row.due);
    return waiter;
  });
  expect(file.waiting).toBe(waiters.length);
  expect(file.breakers).toBe(waiters.filter(({ kind }) => kind.breaks).length);
}

/** The owners whose holds or earlier requests a request waits for, computed one by one. */
export function waitsFor(rows: PlainRows, { kind, id, row }: Waiter): string[] {
  const step = beginStep(rows, 0);
  const file = loadFile(step, row.fileKey);
  if (file === undefined) return [];
  const owners: string[] = [];
  const range = rows.look('range', id);
  for (const [, held] of range === undefined ? [] : rows.all('range'))
    if (
      range !== undefined &&
      held.state === 'held' &&
      held.fileKey === range.fileKey &&
      sameSpace(held.class, range.class) &&
      !sameOwner(held, range) &&
      overlap(held, range) &&
      (held.type === 'write' || range.type === 'write')
    )
      owners.push(held.ownerKey);
  if (kind.name === 'permit') {
    const { limit = 0, held = 0 } = file.row.semaphore ?? {};
    const holders = rows
      .all('permit')
      .filter(([, { fileKey, token }]) => fileKey === file.key && token !== 0);
    const owners = holders.map(([, { ownerKey }]) => ownerKey);
    // Whoever has one of its own may give that back.
    return held < limit || owners.includes(row.ownerKey) ? [] : owners;
  }
  const modal = rows.look('dlm', id);
  for (const [other, lock] of modal === undefined || modal.nodlckwt === true ? [] : rows.all('dlm'))
    if (
      other !== id &&
      lock.fileKey === row.fileKey &&
      lock.mode !== undefined &&
      !fits(lock.mode, modal?.wants ?? 'NL')
    )
      owners.push(lock.ownerKey);
  if (modal !== undefined) {
    const queue = modal.nodlckwt === true ? [] : rows.all('dlm');
    for (const [, lock] of queue)
      if (
        lock.fileKey === row.fileKey &&
        lock.waitNo !== 0 &&
        lock.waitNo < row.waitNo &&
        lock.place < modal.place
      )
        owners.push(lock.ownerKey);
    return owners.filter((owner) => owner !== row.ownerKey);
  }
  const asks = kind.asks(row);
  const refused = (held: readonly HeldLock[]) =>
    asks.some((wanted) => held.some((each) => verdict(each, wanted) === 'refused'));
  for (const [, open] of rows.all('open')) {
    if (open.fileKey !== file.key || open.state !== 'open') continue;
    const own = open.ownerKey === row.ownerKey;
    const writesItself = own && asks.includes(ownRefuses.wanted) && open.access !== 'read';
    const ofSession = row.ownerKey === row.clientKey && open.clientKey === row.clientKey;
    if (writesItself || (!own && !ofSession && refused(openAsks(open.access, open.deny) as HeldLock[])))
      owners.push(open.ownerKey);
  }
  for (const [, lease] of kind.name === 'lease' ? rows.all('lease') : []) {
    if (lease.fileKey !== file.key || lease.state !== 'active' || isRevoked(file.row, lease)) continue;
    if (lease.ownerKey === row.ownerKey || lease.ownerKey === row.clientKey) continue;
    // Who is asked for it is made to let go.
    const stays = isBreaking(file.row, lease) ? (file.row.breaking?.target ?? 'none') : lease.type;
    if (stays !== 'none' && refused([leaseAsk(stays, lease.delegation, lease.notify)]))
      owners.push(lease.ownerKey);
  }
  for (const [member, no] of rows.lists.get(keys.queue(file.key)) ?? []) {
    const earlier = no < row.waitNo ? lockOf(step, member) : undefined;
    if (earlier !== undefined && waitsBehind(step, file, earlier, { kind, id, row }))
      owners.push(earlier.row.ownerKey);
  }
  return owners;
}

/**
 * Everybody who waits can be served by what others do by themselves, computed with another algorithm than the rules use: who
 * waits for nothing can go on, then who waits only for those, and so on. Any one holder of a semaphore is enough.
 */
function checkDeadlocks(rows: PlainRows): void {
  const step = beginStep(rows, 0);
  const waits: { owner: string; behind: string[]; any: boolean }[] = [];
  for (const [key, { waiting }] of rows.all('file'))
    for (const [member] of waiting === 0 ? [] : (rows.lists.get(keys.queue(key)) ?? [])) {
      const waiter = lockOf(step, member);
      if (waiter === undefined) continue;
      const behind = waitsFor(rows, waiter);
      waits.push({ owner: waiter.row.ownerKey, behind, any: waiter.kind.name === 'permit' });
    }
  let stuck = new Set(waits.map(({ owner }) => owner));
  for (;;) {
    const blocked = waits.filter(({ behind, any }) =>
      any
        ? behind.length > 0 && behind.every((each) => stuck.has(each))
        : behind.some((each) => stuck.has(each)),
    );
    const still = new Set(blocked.map(({ owner }) => owner));
    if (still.size === stuck.size) break;
    stuck = still;
  }
  expect([...stuck]).toEqual([]);
}
