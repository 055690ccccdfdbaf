import { isDeepStrictEqual } from 'node:util';
import type { Blocker, BreakView, LockView, Refusal, TenureView } from '../../libs/locks/src/core/io';
import { rank } from '../../libs/locks/src/core/rules/conflict';
import { isOfThisLife } from '../../libs/locks/src/core/lives';
import { lockById } from '../../libs/locks/src/core/rules/kinds/table';
import { beginStep } from '../../libs/locks/src/core/step';
import type {
  ChangeRow,
  CycleMember,
  FileRow,
  LeaseRow,
  OpenRow,
  PermitRow,
  RangeRow,
  RecordRow,
  DlmRow,
  RequestRow,
  RowOf,
} from '../../libs/locks/src/core/rows';
import { waitsFor } from './invariants';
import type { PlainRows } from './plain-rows';
import { quickly as expect } from './quickly';

/** Rows as a step left them. Putting a row stores a new object, so a row that is the same object has not changed. */
type Watched = 'lease' | 'open' | 'range' | 'change' | 'dlm' | 'permit' | 'file';
type Snapshot = { readonly [K in Watched]: ReadonlyMap<string, RowOf[K]> };

const nothing: ReadonlyMap<string, never> = new Map<string, never>();
const snapshot = (rows: PlainRows): Snapshot => {
  const of = <K extends Watched>(kind: K) => new Map(rows.all(kind));
  return {
    ...{ lease: of('lease'), open: of('open'), range: of('range'), change: of('change') },
    ...{ dlm: of('dlm'), permit: of('permit'), file: of('file') },
  };
};
const empty: Snapshot = {
  ...{ lease: nothing, open: nothing, range: nothing, change: nothing, dlm: nothing, permit: nothing },
  file: nothing,
};

/** Whether a revocation of many has passed it: what the file's watermarks say. */
const isPassed = (file: FileRow | undefined, lease: LeaseRow): boolean =>
  lease.state === 'active' &&
  file !== undefined &&
  lease.grantNo <= (lease.delegation ? file.delegRevokedUpTo : file.revokedUpTo);

/**
 * What a step changed is told by its records, and what they tell has happened; what is answered about a lock is what its row
 * says. Looks at one step after the other.
 */
export class Witness {
  private before: Snapshot = empty;
  private seen = 0;

  constructor(private readonly rows: PlainRows) {}

  /** `asked`: the input of the verb. */
  look(value: unknown, asked: object): void {
    const after = snapshot(this.rows);
    const told = this.rows.records.slice(this.seen);
    this.seen = this.rows.records.length;
    const { before } = this;
    this.before = after;
    for (const record of told) checkNames(record, before, after);
    checkLeases(this.rows, told, before, after);
    checkOpens(told, before, after);
    checkWaits(told, before, after);
    checkBreaks(this.rows, told, before, after);
    checkPredecessors(this.rows, told, before, after);
    for (const kind of ['lease', 'open', 'range', 'change', 'dlm', 'permit'] as const)
      for (const [id, row] of after[kind])
        if (before[kind].get(id) !== row || before.file.get(row.fileKey) !== after.file.get(row.fileKey))
          checkView(this.rows, id, kind, row);
    if (typeof value === 'object' && value !== null && 'refused' in value)
      checkBlockers(this.rows, value.refused as Refusal, asked);
  }
}

const rowOf = (rows: Snapshot, kind: Exclude<Watched, 'file'> | 'wait', id: string) =>
  kind === 'wait'
    ? (rows.range.get(id) ?? rows.change.get(id) ?? rows.dlm.get(id) ?? rows.permit.get(id))
    : rows[kind].get(id);

/** A record names the row that it is about as that is named, and the file as that is. */
function checkNames(record: RecordRow, before: Snapshot, after: Snapshot): void {
  const said: { [name: string]: unknown } = { ...record };
  const same = (row: object | undefined, names: readonly string[]): void => {
    if (row === undefined) return;
    const has: { [name: string]: unknown } = { ...row };
    for (const name of names)
      if (name in said && !Object.is(said[name], has[name]))
        expect({ record: record.kind, [name]: said[name] }).toEqual({
          record: record.kind,
          [name]: has[name],
        });
  };
  for (const [name, kind] of [
    ['leaseId', 'lease'],
    ['openId', 'open'],
    ['waitId', 'wait'],
  ] as const) {
    const id = said[name];
    if (typeof id !== 'string' || record.kind === 'attributes') continue;
    const row = rowOf(after, kind, id) ?? rowOf(before, kind, id);
    same(row, ['sessionId', 'owner', 'ownerKey', 'fileKey', 'exportName', 'path']);
  }
  if (typeof said['fileKey'] === 'string' && !('sessionId' in said)) {
    const file = after.file.get(said['fileKey']) ?? before.file.get(said['fileKey']);
    // A record about a name that leads elsewhere uses the name that its reporter used.
    same(file, record.kind === 'detached' ? ['exportName'] : ['exportName', 'path']);
  }
}

type About<K extends RecordRow['kind']> = Extract<RecordRow, { kind: K }>;
const those = <K extends RecordRow['kind']>(told: readonly RecordRow[], ...kinds: K[]): About<K>[] =>
  told.filter((record): record is About<K> => (kinds as string[]).includes(record.kind));

/** Every grant, change and end of a lease has exactly one record. */
function checkLeases(rows: PlainRows, told: readonly RecordRow[], before: Snapshot, after: Snapshot): void {
  const lostUpTo = rows.look('meta', 'shard')?.lostUpTo ?? 0;
  const granted = those(told, 'granted', 'downgraded');
  const ended = those(told, 'released', 'revoked');
  const undone = those(told, 'undone');
  const ids = new Set([...before.lease.keys(), ...after.lease.keys()]);
  for (const id of ids) {
    const [was, is] = [before.lease.get(id), after.lease.get(id)];
    if (was === is && was !== undefined && before.file.get(was.fileKey) === after.file.get(was.fileKey))
      continue;
    const ends = ended.filter(({ leaseId }) => leaseId === id);
    const grants = granted.filter(({ leaseId }) => leaseId === id);
    const last = grants.at(-1);
    const stillLive = is?.state === 'active';
    if (stillLive && last !== undefined) expect([id, last.type, last.token]).toEqual([id, is.type, is.token]);
    if (
      stillLive &&
      last !== undefined &&
      last === told.filter((each) => 'leaseId' in each && each.leaseId === id).at(-1)
    )
      expect([id, last.grantNo <= is.grantNo]).toEqual([id, true]);
    // A token from before a restore is changed when its holder looks at the lease, without a word to others.
    const restored = was?.state === 'active' && was.token <= lostUpTo;
    const anew = stillLive && !restored && (was?.state !== 'active' || was.token !== is.token);
    expect([id, 'granted', grants.length > 0 || ends.length > 0]).toEqual([
      id,
      'granted',
      anew || grants.length > 0 || ends.length > 0,
    ]);
    if (last?.kind === 'downgraded') expect(last.type).toBe('read');
    if (anew) expect([id, 'seqid', is.seqid > (was?.seqid ?? 0)]).toEqual([id, 'seqid', true]);
    // It keeps its place among the grants, unless the rest were revoked.
    const survives = ended.some((each) => each.leaseId === undefined && each.survivor === is?.ownerKey);
    if (was?.state === 'active' && stillLive && !survives)
      expect([id, is.grantNo]).toEqual([id, was.grantNo]);
    if (was !== undefined && was.state === 'active' && is?.state !== 'active')
      expect([id, 'ended', ends.length]).toEqual([id, 'ended', 1]);
    else if (grants.length === 0) {
      // One that was never granted may be given back, or lost.
      const most = was?.state === 'allocated' || was?.state === 'pending' ? 1 : 0;
      expect([id, 'not ended', ends.length <= most]).toEqual([id, 'not ended', true]);
    }
    if (is !== undefined && ends.length > 0) expect([id, ends[0]?.kind]).toEqual([id, is.state]);
    if (is !== undefined && ends.length > 0) expect([id, ends[0]?.cause]).toEqual([id, is.cause]);
    // An intent must be committed or undone.
    if (was?.pendingType !== undefined && is?.pendingType === undefined)
      expect([
        id,
        'decided',
        grants.length + ends.length + undone.filter(({ leaseId }) => leaseId === id).length > 0,
      ]).toEqual([id, 'decided', true]);
    // The record of a watermark covers every lease at or below it.
    const [fileWas, fileIs] = [
      before.file.get((was ?? is)?.fileKey ?? ''),
      after.file.get((was ?? is)?.fileKey ?? ''),
    ];
    if (was?.state === 'active' && is !== undefined && !isPassed(fileWas, was) && isPassed(fileIs, is)) {
      const taken = ended.some(
        (each) =>
          each.leaseId === undefined &&
          each.fileKey === is.fileKey &&
          is.grantNo <= each.upTo &&
          is.ownerKey !== each.survivor &&
          (each.delegations !== true || is.delegation),
      );
      expect([id, 'told', taken]).toEqual([id, 'told', true]);
      // A check of its token reports that it is old.
      expect([id, (fileIs?.maxToken ?? 0) > was.token]).toEqual([id, true]);
    }
  }
  for (const record of those(told, 'revoked')) {
    if (record.leaseId !== undefined) continue;
    const taken =
      told.length > 60 ||
      [...before.lease.values(), ...after.lease.values()].some(
        (row) =>
          row.fileKey === record.fileKey &&
          row.grantNo > 0 &&
          row.grantNo <= record.upTo &&
          row.ownerKey !== record.survivor &&
          (record.delegations !== true || row.delegation),
      );
    expect([record.kind, taken]).toEqual([record.kind, true]);
    if (record.survivor === undefined) continue;
    const survivor = [...after.lease.values()].find(
      (row) => row.state === 'active' && row.fileKey === record.fileKey && row.ownerKey === record.survivor,
    );
    if (survivor !== undefined) {
      expect(survivor.grantNo).toBe(record.survivorGrantNo);
      expect(isPassed(after.file.get(record.fileKey), survivor)).toBe(false);
    }
  }
}

/** Every opening, change and closing of an open has a record. */
function checkOpens(told: readonly RecordRow[], before: Snapshot, after: Snapshot): void {
  const opened = those(told, 'opened');
  const gone = those(told, 'closed');
  for (const id of new Set([...before.open.keys(), ...after.open.keys()])) {
    const [was, is] = [before.open.get(id), after.open.get(id)];
    if (was === is) continue;
    const opens = opened.filter(({ openId }) => openId === id);
    const ends = gone.filter(({ openId }) => openId === id).length;
    expect([id, 'closed', ends]).toEqual([
      id,
      'closed',
      (was?.state === 'open' || opens.length > 0) && is === undefined ? 1 : 0,
    ]);
    if (is?.state !== 'open') continue;
    const other = was?.state !== 'open' || was.access !== is.access || was.deny !== is.deny;
    expect([id, 'opened', opens.length > 0]).toEqual([id, 'opened', other]);
    // An OPEN that changes nothing moves the seqid, too.
    if (other) expect([id, 'seqid', is.seqid > (was?.seqid ?? 0)]).toEqual([id, 'seqid', true]);
    else expect([id, 'seqid', is.seqid >= was.seqid]).toEqual([id, 'seqid', true]);
    const last = opens.at(-1);
    // Who changes its mind has not waited for what it is granted then.
    const waited =
      was !== undefined && was.waitNo !== 0 && !those(told, 'dropped').some(({ openId }) => openId === id);
    if (last !== undefined) expect([id, last.access, last.turn]).toEqual([id, is.access, waited]);
  }
}

/** A request leaves the queue granted or with a reason; rows that were made only for the request go with it. */
function checkWaits(told: readonly RecordRow[], before: Snapshot, after: Snapshot): void {
  const waits = (rows: Snapshot) => {
    const all: [string, RequestRow][] = [...rows.lease, ...rows.open, ...rows.range, ...rows.change];
    return all.filter(([, { waitNo }]) => waitNo !== 0);
  };
  const dropped = those(told, 'dropped');
  const now = new Map(waits(after));
  for (const [id, was] of waits(before)) {
    if (now.get(id)?.waitNo === was.waitNo) continue;
    const about = told.filter(
      (each) =>
        ('leaseId' in each && each.leaseId === id) ||
        ('openId' in each && each.openId === id) ||
        ('waitId' in each && each.waitId === id) ||
        ('lockId' in each && each.lockId === id),
    );
    const lease = after.lease.get(id);
    const intends = lease?.pendingType !== undefined;
    expect([id, 'served or dropped', about.length > 0 || intends]).toEqual([id, 'served or dropped', true]);
    const changedMind = about.some((each) => each.kind === 'dropped');
    for (const each of changedMind ? [] : about)
      if ('turn' in each && !('leaseId' in each))
        expect([id, 'in turn', each.turn]).toEqual([id, 'in turn', true]);
  }
  const waited = new Map(waits(before));
  for (const record of dropped) {
    const id = record.leaseId ?? record.openId ?? record.waitId ?? record.lockId ?? '';
    expect([
      record.kind,
      [record.leaseId, record.openId, record.waitId, record.lockId].filter((each) => each !== undefined)
        .length,
    ]).toEqual([record.kind, 1]);
    if (record.reason === 'deadlock') expect(record.cycle?.[0]?.id).toBe(id);
    const row = now.get(id);
    if (row !== undefined) expect([id, row.waitNo]).not.toEqual([id, waited.get(id)?.waitNo]);
  }
  for (const record of those(told, 'locked')) {
    const lock = after.range.get(record.rangeId);
    if (lock !== undefined) expect([lock.owner, lock.type]).toEqual([record.owner, record.type]);
  }
}

/** A break is announced when it begins, is escalated or shortened, and to owners that it no longer spares. */
function checkBreaks(rows: PlainRows, told: readonly RecordRow[], before: Snapshot, after: Snapshot): void {
  const skew = rows.look('meta', 'shard')?.skew ?? 0;
  const breaks = those(told, 'break');
  for (const [key, file] of after.file) {
    const was = before.file.get(key)?.breaking;
    const is = file.breaking;
    if (is === undefined || before.file.get(key) === file) continue;
    const mine = breaks.filter(({ fileKey, breakId }) => fileKey === key && breakId === is.breakId);
    if (was?.breakId !== is.breakId) expect([key, mine.length > 0]).toEqual([key, true]);
    else {
      const sooner = was.deadline === 0 ? is.deadline !== 0 : was.deadline - is.deadline > 500;
      const shortened = is.deadline !== 0 && sooner;
      const late = was.exempt !== undefined && is.exempt === undefined;
      expect([key, mine.filter(({ only }) => only === undefined).length]).toEqual([key, shortened ? 1 : 0]);
      expect([key, mine.filter(({ only }) => only !== undefined).length]).toEqual([key, late ? 1 : 0]);
    }
    for (const record of mine) {
      const { target, cause, delegations, only, exempt, upTo, deadlineWall } = record;
      const deadline = only === undefined || is.late === undefined ? is.deadline : is.lateDeadline;
      expect({ target, cause, delegations, upTo }).toEqual({
        ...{ target: is.target, cause: is.cause, upTo: is.upTo },
        delegations: is.delegations ? true : undefined,
      });
      if (only === undefined && is.late === undefined) expect(exempt).toBe(is.exempt);
      if (only !== undefined && was?.breakId === is.breakId) expect(only).toBe(was.exempt);
      if (record !== mine.filter((each) => (each.only === undefined) === (only === undefined)).at(-1))
        continue;
      expect(deadlineWall === undefined).toBe(deadline === 0);
      // One that begins and is shortened by little in the same step is announced as it began.
      const late = (deadlineWall ?? 0) - skew - deadline;
      const begins = was?.breakId !== is.breakId && late > 0;
      if (deadline !== 0) expect([key, begins ? late <= 500 : late]).toEqual([key, begins ? true : 0]);
    }
  }
}

/** A superseded adapter may still hold its files, until it is proven dead or the file is taken over. */
function checkPredecessors(
  rows: PlainRows,
  told: readonly RecordRow[],
  before: Snapshot,
  after: Snapshot,
): void {
  const of = ({ predecessor, morePredecessors = [] }: FileRow) =>
    predecessor === undefined ? [] : [predecessor, ...morePredecessors];
  for (const [key, file] of after.file) {
    const was = before.file.get(key);
    if (was === file || was === undefined) continue;
    const living = (rows.look('export', file.exportName)?.predecessors ?? []).map((each) => each.incarnation);
    // What the next adapter reports of a file in the step in which that comes to it may be the last one's, too.
    const may = was.mayHave !== 'none' || of(file).includes(was.incarnation);
    const superseded = was.incarnation !== file.incarnation && may ? [was.incarnation] : [];
    const expected = [...superseded, ...of(was)].filter((each) => living.includes(each));
    // Somebody vouched for it, or it was found untouched.
    const over = of(file).length === 0 && !file.fence;
    const reclaimed = those(told, 'reclaimed').some(({ fileKey }) => fileKey === key);
    if (over || reclaimed) continue;
    expect([key, of(file)]).toEqual([key, expected]);
  }
}

// --- answers about a lock

function breakOf(rows: PlainRows, file: FileRow, ownerKey: string): BreakView | undefined {
  const { breaking } = file;
  if (breaking === undefined) return undefined;
  const { breakId, target, cause } = breaking;
  const deadline = breaking.late === ownerKey ? breaking.lateDeadline : breaking.deadline;
  if (deadline === 0) return { breakId, target, cause };
  const { wall, now } = beginStep(rows, 0);
  const remainingMs = Math.max(0, deadline - now);
  return { breakId, target, cause, deadlineWall: deadline + wall - now, remainingMs };
}

function tenureOf(rows: PlainRows, maxHoldMs?: number, endsAt?: number): TenureView {
  if (endsAt === undefined) return { maxHoldMs };
  const { wall, now } = beginStep(rows, 0);
  return { maxHoldMs, endsWall: endsAt + wall - now, remainingMs: Math.max(0, endsAt - now) };
}

function stateOf(file: FileRow | undefined, lease: LeaseRow): string {
  if (isPassed(file, lease) || (lease.state === 'revoked' && lease.fenced))
    return file?.fence === true ? 'fencing' : 'revoked';
  const running = file?.breaking;
  if (lease.state !== 'active' || running === undefined) return lease.state;
  const asked =
    lease.grantNo <= running.upTo &&
    rank(lease.type) > rank(running.target) &&
    (lease.delegation || !running.delegations) &&
    lease.ownerKey !== running.exempt;
  return asked ? 'breaking' : 'active';
}

const onFile = ({ sessionId, owner, exportName, path, fileId, inode, pid }: RequestRow) => ({
  ...{ sessionId, owner, exportName, path, fileId, inode, pid },
});
const endsOf = ({ startHi, startLo, endHi, endLo }: RangeRow) => ({ startHi, startLo, endHi, endLo });

/** Whether the adapter that serves has locked every range of the file, in this life of the table. */
function hasLocked(rows: PlainRows, { fileKey, exportName }: RangeRow): boolean {
  const locked = rows.look('file', fileKey)?.locked;
  const exp = rows.look('export', exportName);
  const serves = exp?.state === 'up' && exp.reported && locked?.incarnation === exp.incarnation;
  return serves && locked.sure && locked.epoch >= (rows.look('meta', 'shard')?.restoredIn ?? 0);
}

/** How a row should read. */
function viewOf(rows: PlainRows, id: string, kind: string, row: RequestRow): LockView {
  const { no } = row as RequestRow & { no: number };
  const common = { id, no, ...onFile(row) };
  if (kind === 'open') {
    const { access, deny, state, toAccess } = row as OpenRow;
    const waits = row.waitNo === 0 ? undefined : (toAccess ?? access);
    return { ...common, kind: 'open', type: access, deny, waits, state };
  }
  if (kind === 'range') {
    const range = row as RangeRow;
    const waits = range.state === 'waiting' ? range.type : undefined;
    const backed = range.state === 'held' && hasLocked(rows, range);
    const { class: name, type, state } = range;
    return { ...common, kind: name, type, waits, state, ...endsOf(range), backed };
  }
  if (kind === 'change') {
    const { kind: what } = row as ChangeRow;
    const announced = (row as ChangeRow).announced === true;
    const [waits, state] = announced ? ([undefined, 'announced'] as const) : ([what, 'waiting'] as const);
    return { ...common, kind: 'change', type: what, waits, state };
  }
  if (kind === 'dlm') {
    const { mode, wants, token } = row as DlmRow;
    const state = mode === undefined ? 'waiting' : wants === undefined ? 'granted' : 'converting';
    const type = mode ?? wants ?? '';
    return { ...common, kind: 'dlm', type, waits: wants, state, token: token === 0 ? undefined : token };
  }
  if (kind === 'permit') {
    const { token, maxHoldMs, endsAt } = row as PermitRow;
    const [waits, state] = token === 0 ? (['permit', 'waiting'] as const) : ([undefined, 'held'] as const);
    const known = isOfThisLife(beginStep(rows, 0), token) ? token : undefined;
    return {
      ...common,
      kind: 'permit',
      type: 'permit',
      waits,
      state,
      token: known,
      ...tenureOf(rows, maxHoldMs, endsAt),
    };
  }
  const lease = row as LeaseRow;
  const file = rows.look('file', lease.fileKey);
  const exp = rows.look('export', lease.exportName);
  const state = stateOf(file, lease);
  const live = state === 'active' || state === 'breaking';
  return {
    ...common,
    ...{ kind: lease.delegation ? 'delegation' : 'lease', inode: file?.inode ?? lease.inode },
    ...{ type: live || state === 'fencing' ? lease.type : 'none', pendingType: lease.pendingType },
    ...{
      waits: lease.waitType,
      state,
      token: isOfThisLife(beginStep(rows, 0), lease.token) ? lease.token : undefined,
    },
    ...tenureOf(rows, lease.maxHoldMs, lease.endsAt),
    backed: live && exp?.local === false && exp.state === 'up' && file?.unbound === undefined,
    break: state === 'breaking' && file !== undefined ? breakOf(rows, file, lease.ownerKey) : undefined,
  };
}

function checkView(rows: PlainRows, id: string, kind: string, row: RequestRow): void {
  const { value } = rows.play('lockGet', { id });
  if ('refused' in value) throw new Error(`${kind} ${id} is not found by its id`);
  const { waiters, blockedBy, ageMs, label, node, courtesy, ...view } = value.lock;
  if (!isDeepStrictEqual(compact(view), compact(viewOf(rows, id, kind, row))))
    expect(compact(view)).toEqual(compact(viewOf(rows, id, kind, row)));
  checkWhose(rows, row.sessionId, { id, ageMs, label, node, courtesy });
  if (waiters !== undefined) for (const each of waiters) expect(each.level).toBeDefined();
  if (blockedBy !== undefined) expect([id, row.waitNo > 0]).toEqual([id, true]);
}
/** Whoever may know a row is told whose it is, and since when. */
function checkWhose(
  rows: PlainRows,
  sessionId: string,
  {
    id,
    ageMs = -1,
    label,
    node,
    courtesy = false,
  }: { id: string; ageMs?: number; label?: string; node?: string; courtesy?: boolean },
): void {
  const session = rows.look('session', sessionId);
  expect({ id, label, node, courtesy, aged: ageMs >= 0 }).toEqual({
    ...{ id, label: session?.label, node: session?.node, courtesy: session?.state === 'courtesy' },
    aged: true,
  });
}
const compact = (view: object) =>
  Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined));

/** The part of a request that says who asks for what. */
interface Asked {
  file?: { fileKey: string };
  item?: { fileKey: string; ownerKey: string; clientKey: string };
  ownerKey?: string;
  clientKey?: string;
  type?: string;
}

/** The number of blockers, counted one by one; undefined if only the named ones are known. */
function countOf(rows: PlainRows, reason: string, asked: Asked): number | undefined {
  const { fileKey, ownerKey, clientKey } = { ...asked.file, ...asked, ...asked.item };
  const file = fileKey === undefined ? undefined : rows.look('file', fileKey);
  if (file === undefined || fileKey === undefined) return undefined;
  if (['range_conflict', 'mode_conflict', 'queued', 'share_denied'].includes(reason)) return 0;
  if (reason === 'breaker_queued') {
    const all: RequestRow[] = [...rows.all('open'), ...rows.all('change')].map(([, row]) => row);
    return all.filter((row) => row.fileKey === fileKey && row.waitNo !== 0).length;
  }
  if (reason === 'open_conflict') {
    const opens = rows.all('open').filter(([, row]) => row.fileKey === fileKey && row.state === 'open');
    const [reads, writes] = [opens.filter(([, { access }]) => access !== 'read'), opens];
    return asked.type === 'read'
      ? reads.length
      : writes.filter(([, row]) => row.ownerKey !== ownerKey).length;
  }
  if (reason !== 'lease_conflict') return undefined;
  const live = rows
    .all('lease')
    .filter(([, row]) => row.fileKey === fileKey && row.state === 'active' && !isPassed(file, row));
  return live.filter(([, row]) => row.ownerKey !== ownerKey && row.ownerKey !== clientKey).length;
}

/** The blockers that a refusal names exist and are as it says, and no retry time is in the past. */
function checkBlockers(
  rows: PlainRows,
  { reason, blockers, blockerCount, retryAfterMs, cycle }: Refusal,
  asked: Asked,
): void {
  const all = asked.item === undefined && asked.file === undefined ? undefined : countOf(rows, reason, asked);
  if (blockers !== undefined && all !== undefined)
    expect([reason, blockerCount]).toEqual([reason, Math.max(blockers.length, all)]);
  const about = rows.look('file', asked.item?.fileKey ?? asked.file?.fileKey ?? '');
  const time = beginStep(rows, 0).now;
  if (reason === 'lock_delay' && about !== undefined && about.breaking === undefined)
    expect([reason, retryAfterMs]).toEqual([reason, about.lockDelayUntil - time]);
  if (['lock_delay', 'no_backend', 'grace'].includes(reason))
    expect([reason, blockers]).toEqual([reason, undefined]);
  expect([reason, blockers === undefined]).toEqual([reason, blockerCount === undefined]);
  if (blockers !== undefined) {
    expect([reason, blockers.length >= 1 && blockers.length <= 4]).toEqual([reason, true]);
    expect([reason, (blockerCount ?? 0) >= blockers.length]).toEqual([reason, true]);
    const named = blockers.filter(({ otherTenant }) => otherTenant !== true);
    expect(new Set(named.map(({ id }) => id)).size).toBe(named.length);
  }
  for (const each of blockers ?? [])
    if (each.otherTenant === true) expectVeiled(each);
    else checkBlocker(rows, reason, each);
  if (retryAfterMs !== undefined) expect([reason, retryAfterMs >= 0]).toEqual([reason, true]);
  expect([reason, cycle !== undefined]).toEqual([reason, reason === 'deadlock']);
  checkCycle(rows, cycle ?? []);
}

/** Each member of a cycle waits for the next; the first is the refused request, which has no row. */
function checkCycle(rows: PlainRows, cycle: readonly CycleMember[]): void {
  const step = beginStep(rows, 0);
  const waiters = cycle.map(({ id }) => lockById(step, id));
  for (const [at, member] of cycle.entries()) {
    const { id, kind, owner, sessionId, exportName, path } = member;
    const waiter = waiters[at];
    if (at === 0) continue;
    if (member.otherTenant === true) {
      expectVeiled(member);
      continue;
    }
    if (waiter === undefined) throw new Error(`${id} is in a cycle and is not there`);
    const { row } = waiter;
    expect({ id, kind, owner, sessionId, exportName, path }).toEqual({
      ...{ id, kind: waiter.kind.name, owner: row.owner, sessionId: row.sessionId },
      ...{ exportName: row.exportName, path: row.path },
    });
    const next = waiters[at + 1]?.row.ownerKey;
    if (next !== undefined) expect([id, waitsFor(rows, waiter).includes(next)]).toEqual([id, true]);
  }
}

/** Nothing in it says whose it is. */
function expectVeiled(of: {
  id: string;
  sessionId: string;
  owner: string;
  pid?: number;
  label?: string;
  node?: string;
  courtesy?: boolean;
}): void {
  const { id, sessionId, owner, pid = 0, label, node, courtesy } = of;
  expect({ id, sessionId, owner, pid, label, node, courtesy }).toEqual({
    ...{ id: '', sessionId: '', owner: '', pid: 0, label: undefined, node: undefined, courtesy: undefined },
  });
}

function checkBlocker(rows: PlainRows, reason: string, blocker: Blocker): void {
  for (const kind of ['lease', 'open', 'range', 'change', 'dlm', 'permit'] as const) {
    const row = rows.look(kind, blocker.id);
    if (row === undefined) continue;
    const {
      id,
      kind: name,
      sessionId,
      owner,
      pid,
      type,
      deny,
      state,
      ...ends
    } = viewOf(rows, blocker.id, kind, row);
    const range = kind === 'range' ? endsOf(row as RangeRow) : {};
    const lease = kind === 'lease' ? (row as LeaseRow) : undefined;
    // A request in front of others is named as what it waits for.
    const waits = reason === 'queued' ? lease?.waitType : undefined;
    const said = waits ?? lease?.pendingType ?? lease?.type ?? type;
    const { ageMs, label, node, courtesy, ...told } = blocker;
    checkWhose(rows, row.sessionId, { id, ageMs, label, node, courtesy });
    expect(ends).toBeDefined();
    expect({ reason, ...compact(told) }).toEqual({
      reason,
      ...compact({ id, kind: name, sessionId, owner, pid, type: said, deny, ...range }),
      state: waits === undefined ? state : 'waiting',
    });
    return;
  }
  throw new Error(`${reason}: ${blocker.id} is in the way and is not there`);
}
