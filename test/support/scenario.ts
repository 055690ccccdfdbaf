import { createHash, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type {
  Blocker,
  CycleMember,
  DelegationAnswer,
  HoldAsk,
  RangesAsk,
  RangeWanted,
  LeaseView,
  LockView,
  OpenView,
  Range,
  RangeView,
  Reason,
  RecordNames,
  RecordOf,
  RecordRow,
  Seen,
  Refused,
  SubjectLimits,
  Table,
  VerbInput,
  VerbName,
  VerbOutput,
} from '#locks';
import { idIn, keyIn, shardFor, shardOfKey, shardOfNumber } from '../../libs/locks/src/table/shards';
import { wholeFile } from '../../libs/locks/src/core/rules/range-tree';
import { formatNewest } from '../../libs/locks/src/core/format';
import type {
  Access,
  ChangeKind,
  Deny,
  DirectoryChange,
  Limits,
  RangeClass,
  Want,
} from '../../libs/locks/src/core/rows';
import { completionText, DlmLines } from './dlm-lines';
import { PermitLines } from './permit-lines';
import { tenureText } from './tenure-text';
import { TreeLines } from './tree-lines';

/**
 * Plays a scenario table against a table of rows: one line a request, time is a verb.
 *
 *   A reads f -> active read          a lease, taken or converted; B.x is owner x of session B
 *   A opens f write wait 10s -> waiting
 *   tick 45s
 *   A has f -> revoked
 *
 * What follows `->` must be the outcome, word for word; a line without it must not be refused. Tokens are watched
 * throughout: every grant on a file has a higher one than all before. `f@2` is a second thing of the same owner on f.
 *
 *   A writes f for 10s, A until f -> 8s of 10s        how long it may be held at most, and what is left of that
 *   names jobs/, A leases jobs/                       everything on names that begin so; the leases of a session there
 *   A version f, B answers-for A f none               the seqid of its stateid; another's answer with one's own secret
 *   A opens f read denying write wanting any signal   an open, and a want of a delegation with it
 *   A reopens f write                                 an OPEN: the owner's one open of the file, to have this as well
 *   A downgrades f read                               OPEN_DOWNGRADE
 *   A opens f read again                              the same request, repeated
 *   A reshares f write, A lowers f read               an open changed in place; to less only
 *   A wants f write signal push timed                 a want that is signalled, or granted later; with the file's times
 *   A wants f read, A delegation f, A returns f       a delegation by itself; what it is now; the answer to its recall
 *   A locks f posix write 0-9 under A                 LOCK, with the stateid of A's open; `showing 2`: its own, seqid 2
 *   A stateid f, A frees-stateid f                    TEST_STATEID and FREE_STATEID of the owner's locks
 *   A locks f posix write 0-9 wait 10s                a range lock, by owner and class; `ranges f` lists them all
 *   A locks f posix write 0-9 under A wait 10s claim 5s  the same, kept for so long if A does not come for it
 *   A locks f posix write 0-9 named, again            with an id of its own, merging with no other; repeated under it
 *   A decides s taken -> taken, A decides s           how the taking of the set s has ended, unless that is decided
 *   A withdraws f posix write 0-9                     the wait for exactly this lock
 *   A tests f ofd read 0-EOF -> B posix write 0-9     who would be in its way
 *   B attributes f 7 100 wait 5s -> asked                what f is like; the fileserver says change 7, size 100
 *   A tells B f 200 dated -2s                         the file was modified 2 s ago
 *   A tells B f 200 modified, B recalls f             the answer, or `refused`; there was none
 *   A truncates f wait 10s quiet 5s                   a change that is no open, and the other kinds
 *   formats                                           all lease APIs read the newest format: directories have notices
 *   A wants d read notified                           a delegation of a directory whose holder is told of changes
 *   A enters d adding x report 5s -> done, announced  a change that is announced, and reported: `A made d`, `A failed d`
 *   A untold d                                        it was not told of changes
 *   A why f -> queued, 1 ahead: B write waiting       why what A asked for last on f waits; `A cancels f` ends that
 *   fs moves f                                        its name leads elsewhere now
 *   fs i1 breaks f none 30s, A checks f read before   said by an earlier adapter; with the token checked last
 *   lost                                              the table is older than what was seen; `A reads f reclaiming`
 *   grace of demo for 30s -> waits for 2              a grace period of one export; `grace of demo`, `A reclaimed-all of demo`
 *   doubted                                           it may be, but its only lease API knows that nothing is missing
 *   A taken, A seen -> 3s ago                         ended by an administrator; its last sign of life
 *   cycle -> A f, B g, retry -> 5s                    of the last refusal: who waits for whom; `blockers` for the others
 *   measured -> open granted 5s, break answered 5s    how waits and breaks ended since the last look, and after how long
 *   tree f -> A lease read breaking [W open write]    holds, and under them who waits for them
 *   session A 30s on n1, use demo, use demo by name, use tmp-1 local probed
 *                                                   a session on a node; the export that the files are on from here
 *   session A 30s of red                              a session of the tenant red
 *   session A 30s of red/a may rows=2 waits=1, used -> 2 of 2
 *                                                     of one subject, with what it may have; of the last refusal
 *   session A 30s of red/a may rows=2 together rows=3 and what its tenant may have as a whole
 *   subjects -> red a: 1 session, 2 rows, 0 waits
 *
 *   exchange A as o v1 by p 30s update, A confirms by p
 *                                                     EXCHANGE_ID with owner, verifier and principal; CREATE_SESSION
 *   exchange A as o v1 30s courtesy 60s              what it holds is kept so long after its TTL
 *   A missing -> 1                                    what was taken from it in courtesy and it has not freed
 *
 * Lines about the configuration tree are in tree-lines.ts, those about locks in modes in dlm-lines.ts, those
 * about semaphores in permit-lines.ts.
 */
export interface Clock {
  /** The monotonic clock. */
  now: number;
  /** How far the wall clock is set ahead of it. */
  ahead: number;
}

const key = (...parts: string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('base64url').slice(0, 22);
const ms = (text: string): number => {
  const found = /^(\d+)(ms|s|m)$/.exec(text);
  if (!found) throw new Error(`not a span: ${text}`);
  return Number(found[1]) * { ms: 1, s: 1000, m: 60_000 }[found[2] as 'ms' | 's' | 'm'];
};

/** `may rows=2 waits=1 together rows=3`: what a subject may have, and its tenant as a whole. */
function limitsSaid(words: readonly string[]): { quota?: SubjectLimits; tenantQuota?: SubjectLimits } {
  const at = words.includes('together') ? words.indexOf('together') : words.length;
  const read = (part: readonly string[]): SubjectLimits | undefined =>
    part.length === 0
      ? undefined
      : Object.fromEntries(
          part
            .slice(1)
            .map((each) => each.split('='))
            .map(([what = '', n]) => [what, Number(n)]),
        );
  return { quota: read(words.slice(0, at)), tenantQuota: read(words.slice(at)) };
}

const word = 2 ** 32;
const offset = (text: string): [number, number] => {
  if (text === 'EOF') return [wholeFile.endHi, wholeFile.endLo];
  const n = BigInt(text);
  return [Number(n / BigInt(word)), Number(n % BigInt(word))];
};
const parseRange = (text: string | undefined): Range => {
  if (text === undefined || !/^\d+-(\d+|EOF)$/.test(text)) return wholeFile;
  const [start = '', end = ''] = text.split('-');
  const [startHi, startLo] = offset(start);
  const [endHi, endLo] = offset(end);
  return { startHi, startLo, endHi, endLo };
};
const digits = (hi: number, lo: number): string => String(BigInt(hi) * BigInt(word) + BigInt(lo));
const rangeText = ({ startHi = 0, startLo = 0, endHi = 0, endLo = 0 }: Partial<Range>): string => {
  const toEnd = endHi === wholeFile.endHi && endLo === wholeFile.endLo;
  return `${digits(startHi, startLo)}-${toEnd ? 'EOF' : digits(endHi, endLo)}`;
};
/** Every shard says this about its own part. */
const isOfTree = (record: RecordRow): boolean =>
  record.kind === 'configured' ||
  record.kind === 'jeopardy' ||
  (record.kind === 'reclaimed' && record.fileKey === undefined);
const isRangeClass = (kind: string): boolean => kind === 'posix' || kind === 'ofd' || kind === 'flock';
const shareText = (access: string, deny: Deny | undefined): string =>
  deny === undefined || deny === 'none' ? access : `${access} denying ${deny}`;

const changes: { [verb: string]: ChangeKind } = {
  truncates: 'truncate',
  unlinks: 'unlink',
  renames: 'rename',
  links: 'link',
  setattrs: 'setattr',
  enters: 'entries',
};

/** `adding x`, `removing x`, `renaming x y`: what its holders are told of a directory; otherwise, of its attributes. */
function noticeIn(words: readonly string[]): DirectoryChange {
  for (const [word, what] of [
    ['adding', 'add'],
    ['removing', 'remove'],
    ['renaming', 'rename'],
  ] as const) {
    const at = words.indexOf(word);
    if (at >= 0) return { what, name: words[at + 1], to: what === 'rename' ? words[at + 2] : undefined };
  }
  return { what: 'attributes' };
}
const noticeText = ({ what, name, to }: DirectoryChange): string =>
  [what, name, to].filter((each) => each !== undefined).join(' ');

export const scenarioLimits: Limits = {
  sessionLocksMax: 1000,
  sessionsMax: 1000,
  queueMax: 3,
  unusedMs: 60_000,
  rememberMs: 60_000,
  askMs: 5_000,
  lostMs: 5_000,
  rangesMax: 1_000,
  fileDelegationsMax: 3,
  sessionDelegationsMax: 5,
  exportDelegationsMax: 8,
  revokedMax: 1,
  courtesyMax: 2,
  coolMs: 10_000,
  graceMs: 0,
  recoveryMs: 0,
};

/** What a verb answers when it does not refuse. */
type Granted<V extends VerbName> = Exclude<VerbOutput<V>, Refused>;

/** A request that waits, or has waited. */
interface Wait {
  id: string;
  kind: 'open' | 'lease' | 'range' | 'change' | 'dlm' | 'permit';
}

export class Scenario {
  private exportName = '';
  private local = true;
  /** Names are not resolved: no adapter has registered yet. */
  private byName = false;
  /** A resource has the key of the file of its name, so that only the rules keep the two apart. */
  private oneKey = false;
  /** Whoever asks has looked its export up before. */
  private probed = false;
  private incarnation = 'i1';
  /** Why the adapter has lost the tree that it serves. */
  private gone: string | undefined;
  private readonly secrets = new Map<string, string>();
  private readonly sessions = new Map<string, string>();
  private readonly leases = new Map<string, string>();
  private readonly opens = new Map<string, string>();
  /** By session and file. */
  private readonly delegations = new Map<string, string>();
  private readonly ranges = new Map<string, string>();
  /** Stateids of locks. */
  private readonly lockStates = new Map<string, string>();
  /** The last attribute query, by actor and file. */
  private readonly questions = new Map<string, { askId: string; leaseId: string }>();
  /** What was asked for last, by actor and file. */
  private readonly waits = new Map<string, Wait>();
  /** The token that was checked last, by actor and file. */
  private readonly checked = new Map<string, number>();
  private readonly names = new Map<string, string>();
  private readonly actors = new Map<string, string>();
  private readonly asks = new Map<string, HoldAsk>();
  private readonly rangeAsks = new Map<string, RangesAsk>();
  private readonly highest = new Map<string, number>();
  private last: Refused['refused'] | undefined;
  private measured: string[] = [];
  /** By shard. */
  private readonly seen: number[] = [];
  /** Whether files of the export are in all shards. */
  private spread = false;
  private breakNo = 0;
  private limits = scenarioLimits;
  /** Of the session that is about to be made. */
  private courtesyMs: number | undefined;
  private epoch = 0;
  /** Of the shards. */
  private epochs: readonly number[] = [];
  /** The highest token seen so far, by shard. */
  private readonly top: number[] = [];
  private readonly treeLines = new TreeLines({
    call: (verb, input) => this.call(verb, input),
    refused: () => this.last,
    actor: (name) => ({ sessionId: this.sessions.get(name) ?? '', digest: this.secrets.get(name) }),
    nameOf: (sessionId) => this.nameOf(sessionId),
    fileOf: (path) => ({
      fileKey: this.keyFor(path, this.exportName, 'name', path),
      realKey: this.keyFor(path, this.exportName, path),
    }),
    exportName: () => this.exportName,
    incarnation: () => this.incarnation,
    span: ms,
  });

  private readonly dlmLines = new DlmLines({
    call: (verb, input) => this.call(verb, input),
    refusal: () => this.refusal(),
    who: (actor) => this.who(actor),
    fileOf: (name) => {
      const path = name.replace(/@.*/, '');
      const { exportName } = this;
      const fileKey = this.oneKey ? this.file(path).fileKey : this.homeKey('resource', exportName, path);
      return { fileKey, exportName, path, fileId: path, inode: '<none>:0', resource: true };
    },
    ownerText: (row) => (row.sessionId === '' ? 'nobody' : this.ownerText(row)),
    span: ms,
    newId: () => this.newId(),
    waits: (slot, id) => this.waits.set(slot, { id, kind: 'dlm' }),
    called: (id, name) => this.names.set(id, name),
  });

  private readonly permitLines = new PermitLines({
    call: (verb, input) => this.call(verb, input),
    refusal: () => this.refusal(),
    who: (actor) => this.who(actor),
    fileOf: (name) => {
      const path = name.replace(/@.*/, '');
      const { exportName } = this;
      const fileKey = this.keyFor(path, 'semaphore', exportName, path);
      return { fileKey, exportName, path, fileId: path, inode: '<none>:0' };
    },
    ownerText: (row) => this.ownerText(row),
    span: ms,
    newId: (name) => this.newId(name.replace(/@.*/, '')),
    waits: (slot, id) => this.waits.set(slot, { id, kind: 'permit' }),
    called: (id, name) => this.names.set(id, name),
  });

  constructor(
    readonly table: Table,
    readonly clock: Clock,
    /** Of a table in shards: all files are in this one. */
    private readonly only?: number,
  ) {}

  async play(text: string): Promise<void> {
    await this.identify(0, []);
    let at = 0;
    for (const raw of text.split('\n')) {
      at += 1;
      const line = raw.replace(/#.*/, '').trim();
      if (line === '') continue;
      const [command = '', expected] = line.split('->').map((part) => part.trim());
      const actual = await this.line(command.split(/\s+/));
      const wrong = expected === undefined ? actual.startsWith('no ') : actual !== expected;
      if (wrong) {
        throw new Error(
          `line ${String(at)}: ${command}\n  expected: ${expected ?? 'anything but a refusal'}\n  actual:   ${actual}`,
        );
      }
    }
    await this.records();
  }

  private async identify(epoch: number, limits: readonly string[]): Promise<string> {
    for (let i = 0; i < limits.length; i += 2)
      this.limits = { ...this.limits, [limits[i] ?? '']: Number(limits[i + 1]) };
    const value = await this.call('identify', {
      identity: 'scenario',
      seen: { epoch, no: 0 },
      seenElsewhere: this.epochs.slice(1).map((each) => ({ epoch: epoch === 0 ? 0 : each + 1, no: 0 })),
      limits: this.limits,
    });
    this.epoch = value.epoch;
    this.epochs = value.epochs ?? [value.epoch];
    return 'ok';
  }

  private async call<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<Granted<V>> {
    const reply = await this.table.call(verb, input);
    for (const ask of reply.asks) this.asks.set(ask.path, ask);
    for (const ask of reply.rangeAsks ?? []) this.rangeAsks.set(ask.path, ask);
    for (const { what, outcome, ms: span } of reply.measured ?? [])
      this.measured.push(`${what} ${outcome} ${String(span / 1000)}s`);
    const { value } = reply;
    this.last = 'refused' in value ? value.refused : undefined;
    return value as Granted<V>;
  }

  private file(name: string) {
    const path = name.replace(/@.*/, '');
    const named = this.local || this.byName;
    return {
      fileKey: this.byName
        ? this.keyFor(path, this.exportName, 'name', path)
        : this.keyFor(path, this.exportName, path),
      exportName: this.exportName,
      path,
      fileId: named ? path : `id-${path}`,
      inode: named ? '<none>:0' : 'fe:00:77',
      placeholder: this.byName ? true : undefined,
      probed: this.probed ? true : undefined,
    };
  }

  /** The key of something on a file, with the shard that it is in. */
  private keyFor(path: string, ...parts: string[]): string {
    const { shards } = this.table;
    const made = key(...parts);
    return shards === 1 ? made : keyIn(this.spread ? (this.only ?? shardFor(path, shards)) : 0, made);
  }
  private homeKey(...parts: string[]): string {
    return this.table.shards === 1 ? key(...parts) : keyIn(0, key(...parts));
  }
  /** An id for something on a file, or for what is on none. */
  private newId(path?: string): string {
    if (this.table.shards === 1) return randomUUID();
    return idIn(path === undefined ? 0 : shardOfKey(this.file(path).fileKey), randomUUID());
  }

  private who(actor: string) {
    const [name = '', owner] = actor.split('.');
    const sessionId = this.sessions.get(name);
    if (sessionId === undefined) throw new Error(`no session ${name}`);
    const ownerKey = key(sessionId, owner ?? name);
    const clientKey = key(sessionId, '', 'client');
    this.actors.set(ownerKey, actor).set(clientKey, name);
    return { sessionId, digest: this.secrets.get(name), owner: owner ?? name, ownerKey, clientKey };
  }

  private refusal(): string | undefined {
    return this.last === undefined ? undefined : `no ${this.last.reason}`;
  }

  private leaseText(lease: LeaseView): string {
    if (lease.state === 'pending') return `pending ${lease.pendingType ?? ''}`;
    if (lease.state === 'allocated' && lease.waitType !== undefined) return `waiting ${lease.waitType}`;
    if (lease.state === 'breaking') return `breaking ${lease.type} to ${lease.break?.target ?? '?'}`;
    const pending = lease.pendingType === undefined ? '' : ` pending ${lease.pendingType}`;
    const waiting = lease.waitType === undefined ? '' : ` waiting ${lease.waitType}`;
    const notified = lease.notify === true ? ' notified' : '';
    if (lease.state === 'active') return `active ${lease.type}${notified}${pending}${waiting}`;
    return lease.state;
  }

  private delegationText(answer: DelegationAnswer): string {
    if (answer.lease !== undefined) return this.leaseText(answer.lease);
    const comes =
      answer.willPush === true ? ' and will be given' : answer.willSignal === true ? ' for now' : '';
    return `none ${answer.whyNot ?? ''}${comes}`;
  }

  private openText(open: OpenView): string {
    if (open.delegation === undefined || open.state !== 'open') return open.state;
    return `open with ${this.delegationText(open.delegation)}`;
  }

  private rangeText(range: RangeView): string {
    const backed = range.backed ? ' backed' : '';
    return `${range.state} ${range.type}${range.class === 'flock' ? '' : ` ${rangeText(range)}`}${backed}`;
  }

  private ownerText(row: { sessionId: string; owner: string; otherTenant?: boolean }): string {
    if (row.otherTenant === true) return row.sessionId + row.owner + 'another-tenant';
    const name = this.nameOf(row.sessionId);
    return row.owner === name || row.owner === row.sessionId ? name : `${name}.${row.owner}`;
  }

  private blockerText(each: Blocker): string {
    const who = this.ownerText(each);
    if (isRangeClass(each.kind)) return `${who} ${each.kind} ${each.type} ${rangeText(each)}`;
    const kind = each.kind === 'delegation' ? 'delegation ' : '';
    return `${who} ${kind}${shareText(each.type, each.deny)} ${each.state}`;
  }

  private blockers(refusal: Refused['refused'] | undefined): string {
    return (refusal?.blockers ?? []).map((each) => this.blockerText(each)).join(', ') || 'nobody';
  }

  private cycleText(cycle: readonly CycleMember[] | undefined): string {
    return (cycle ?? []).map((each) => `${this.ownerText(each)} ${each.path}`).join(', ');
  }

  private treeText(lock: LockView, waits = false): string {
    const range = isRangeClass(lock.kind) && lock.kind !== 'flock' ? ` ${rangeText(lock)}` : '';
    const kind = lock.kind === 'change' ? '' : `${lock.kind} `;
    const what = waits ? (lock.waits ?? lock.type) : lock.type;
    const state = !waits && lock.state !== 'open' && lock.state !== 'held';
    const text = `${this.ownerText(lock)} ${kind}${shareText(what, lock.deny)}${range}${state ? ` ${lock.state}` : ''}`;
    // The waiters of a row come flat, each with its level.
    let at = 0;
    let under = '';
    for (const waiter of lock.waiters ?? []) {
      const level = waiter.level ?? 1;
      under += level > at ? ' [' : level === at ? ', ' : `${']'.repeat(at - level)}, `;
      under += this.treeText(waiter, true);
      at = level;
    }
    return text + under + ']'.repeat(at);
  }

  private async line(words: string[]): Promise<string> {
    const [first = '', verb = '', ...rest] = words;
    if (this.table.shards > 1) await this.lookUp();
    switch (first) {
      case 'export':
        return this.declare(words.slice(1));
      case 'formats':
        await this.call('streamsTell', { server: 'api', sessions: [], format: formatNewest, release: '1' });
        return 'ok';
      case 'use':
        this.exportName = verb;
        this.byName = rest.includes('name');
        this.probed = rest.includes('probed');
        this.local = rest.includes('local');
        return 'ok';
      case 'resources':
        this.oneKey = rest.includes('files');
        return 'ok';
      case 'session': {
        const at = rest.indexOf('courtesy');
        if (at >= 0) this.courtesyMs = ms(rest.splice(at, 2)[1] ?? '');
        return this.session(
          ...([verb, rest[0] ?? '30s', rest[1] === 'on' ? rest[2] : undefined] as const),
          rest[1] === 'of' ? rest[2] : undefined,
          limitsSaid(rest.slice(3)),
          rest.includes('reclaiming'),
        );
      }
      case 'exchange':
        return this.exchange(verb, rest);
      case 'tick':
        return this.tick(ms(verb));
      case 'outage':
        this.clock.now += ms(verb);
        return 'ok';
      case 'wall':
        this.clock.ahead += ms(verb.slice(1)) * (verb.startsWith('-') ? -1 : 1);
        return 'ok';
      case 'fs':
        return this.fileserver(verb, rest);
      case 'asks':
        return [...this.asks.values()].map((ask) => `${ask.path} ${ask.type}`).join(', ') || 'nothing';
      case 'asked':
        return this.askedText(verb);
      case 'records':
        return this.records();
      case 'told':
        return this.told();
      case 'measured':
        return this.measured.splice(0).join(', ') || 'nothing';
      case 'blockers':
        return this.blockers(this.last);
      case 'used':
        return `${String(this.last?.used)} of ${String(this.last?.allowed)}`;
      case 'subjects': {
        const { subjects } = await this.call('subjectList', { after: 0, limit: 100 });
        const texts = subjects.map(
          (each) =>
            `${each.name}: ${String(each.sessions)} sessions, ${String(each.rows)} rows, ${String(each.waits)} waits`,
        );
        return texts.join('; ') || 'none';
      }
      case 'retry':
        return `${String((this.last?.retryAfterMs ?? 0) / 1000)}s`;
      case 'cycle':
        return this.cycleText(this.last?.cycle);
      case 'limits':
        return this.identify(0, words.slice(1));
      case 'lost':
        return this.identify(this.epoch + 1, words.slice(1));
      case 'doubted': {
        const { reached } = await this.table.call('streamsTell', { server: 'api', sessions: [] });
        const { epoch, no, token, seq } = reached;
        const value = await this.call('identify', {
          ...{ identity: 'scenario', limits: this.limits, doubt: true, shared: true, server: 'api' },
          ...{ seen: { epoch, no }, minted: token, numbered: seq },
        });
        this.epoch = value.epoch;
        this.epochs = value.epochs ?? [value.epoch];
        return 'ok';
      }
      case 'grace': {
        const [, , exportName, how, time = ''] = words;
        if (how !== undefined) {
          const value = await this.call('exportGrace', { name: exportName ?? '', graceMs: ms(time) });
          return this.refusal() ?? (value.graceMs === 0 ? 'none' : `waits for ${String(value.sessions)}`);
        }
        const { graceMs, sessions } = await this.call('graceGet', { exportName });
        return graceMs === 0 ? 'none' : `${String(graceMs)}, sessions ${String(sessions)}`;
      }
      case 'tree':
      case 'ranges': {
        const { fileKey } = this.file(verb);
        const { locks } = await this.call('lockList', {
          after: 0,
          limit: 1000,
          fileKey,
          tree: first === 'tree',
        });
        if (first === 'tree') {
          for (const lock of locks) {
            const alone = await this.call('lockGet', { id: lock.id });
            if (!isDeepStrictEqual(alone, { lock })) throw new Error(`${lock.id} by its id is another one.`);
          }
          const live = locks.filter((lock) => lock.state !== 'released' && lock.state !== 'revoked');
          return live.map((lock) => this.treeText(lock)).join(', ') || 'nothing';
        }
        const held = locks.filter((lock) => isRangeClass(lock.kind) && lock.state === 'held');
        return (
          held
            .map((lock) => `${this.ownerText(lock)} ${lock.kind} ${lock.type} ${rangeText(lock)}`)
            .join(', ') || 'nothing'
        );
      }
      case 'names': {
        // By pages of two, of one export.
        const found: string[] = [];
        for (let after: number | undefined = 0; after !== undefined;) {
          const page: VerbOutput<'lockList'> = await this.call('lockList', {
            ...{ after, limit: 2, exportName: this.exportName, prefix: verb },
          });
          found.push(...page.locks.map((lock) => `${this.ownerText(lock)} ${lock.kind} ${lock.path}`));
          after = page.after;
        }
        return found.join(', ') || 'nothing';
      }
      case 'resource':
        return this.dlmLines.resource(verb);
      case 'semaphore':
        return this.permitLines.list(verb);
      case 'many': {
        // Owners A.1 and so on, all of whom do the same; what came of it, each outcome once.
        const [count = '1', ...what] = rest;
        const said = new Set<string>();
        for (let i = 1; i <= Number(count); i += 1)
          said.add(await this.line([`${verb}.${String(i)}`, ...what]));
        return [...said].join(', ');
      }
      case 'moment':
        // One look of one node, and no more: what is left is due still.
        await this.call('tick', {});
        return 'ok';
      case 'files':
        return String((await this.table.call('lockList', { after: 0, limit: 1000 })).value.locks.length);
      default:
        if (!this.treeLines.knows(first)) return this.act(first, verb, rest);
        await this.newRecords();
        return this.treeLines.line(first, words.slice(1));
    }
  }

  /** Where files of the export are, which depends on how it was made. */
  private async lookUp(): Promise<void> {
    const { value } = await this.table.call('exportList', { name: this.exportName });
    this.spread = value.exports[0]?.spread === true;
  }

  private nameOf(sessionId: string): string {
    return this.names.get(sessionId) ?? sessionId;
  }

  private async declare([stack = '', ...options]: string[]): Promise<string> {
    const span = (name: string, otherwise: number): number => {
      const at = options.indexOf(name);
      return at < 0 ? otherwise : ms(options[at + 1] ?? '');
    };
    this.local = stack === 'local';
    this.exportName = stack;
    if (this.local) {
      await this.call('exportDeclare', {
        name: stack,
        breakMs: span('break', 45_000),
        lockDelayMs: span('delay', 0),
        directories: options.includes('directories'),
      });
      return 'ok';
    }
    return this.register('i1', span('break', 45_000), span('limit', 45_000), span('delay', 0));
  }

  private async register(
    incarnation: string,
    breakMs = 45_000,
    breakLimitMs = 45_000,
    lockDelayMs = 0,
  ): Promise<string> {
    this.incarnation = incarnation;
    await this.call('register', {
      stack: 'posix',
      version: '1.2.3',
      major: 1,
      minor: 1,
      incarnation,
      process: { hostId: 'h', bootId: 'b', pid: 1, startTicks: incarnation },
      endpoint: '127.0.0.1:1',
      exports: [this.exportName],
      breakMs,
      lockDelayMs,
      breakLimitMs,
      locksRanges: true,
    });
    const refused = this.refusal();
    if (refused === undefined) await this.call('holdReport', { incarnation, holds: [], done: true });
    return refused ?? 'ok';
  }

  /** An adapter registers, and does not say yet what it holds. Says whom it follows, as far as they are not proven dead. */
  private async registerOnly(incarnation: string, rest: string[]): Promise<string> {
    const after = (name: string): string | undefined => {
      const at = rest.indexOf(name);
      return at < 0 ? undefined : rest[at + 1];
    };
    const [stack = 'posix', host = 'h', adapterKey, at, ids, major = '1', minor = '1'] = [
      ...['as', 'on', 'key', 'at', 'ids'],
      ...['major', 'minor'],
    ].map(after);
    const exports = (after('for') ?? this.exportName).split(',');
    const [fileSystem = '', ...parts] = at?.split('/') ?? [];
    const value = await this.call('register', {
      ...{
        stack,
        version: '1.2.3',
        major: Number(major),
        minor: Number(minor),
        incarnation,
        adapterKey,
        exports,
      },
      process: { hostId: host, bootId: 'b', pid: 1, startTicks: incarnation },
      endpoint: '127.0.0.1:1',
      breakMs: ms(after('break') ?? '45s'),
      lockDelayMs: ms(after('delay') ?? '0s'),
      breakLimitMs: ms(after('limit') ?? '45s'),
      directories: rest.includes('directories') ? true : undefined,
      locksRanges: rest.includes('locking') ? true : undefined,
      places:
        at === undefined
          ? undefined
          : exports.map((exportName) => ({ exportName, fileSystem, parts, ancestry: ids?.split('/') })),
    });
    const overlap = this.last?.overlap;
    if (overlap !== undefined) return `${this.refusal() ?? ''} ${overlap.exportName} ${overlap.other}`;
    const refused = this.refusal();
    if (refused !== undefined) return refused;
    this.incarnation = incarnation;
    return ['ok', ...value.predecessors.map((each) => each.incarnation)].join(' ');
  }

  private async session(
    name: string,
    ttl: string,
    node?: string,
    of?: string,
    quotas: { quota?: SubjectLimits; tenantQuota?: SubjectLimits } = {},
    reclaim = false,
  ): Promise<string> {
    const [tenant, subject = name] = of?.split('/') ?? [];
    const sessionId = this.newId();
    this.sessions.set(name, sessionId);
    this.names.set(sessionId, name);
    this.secrets.set(name, `secret-${name}`);
    await this.call('sessionCreate', {
      sessionId,
      digest: `secret-${name}`,
      ttlMs: ms(ttl),
      node,
      pid: 800 + this.sessions.size,
      reclaim: reclaim ? true : undefined,
      courtesyMs: this.courtesyMs,
      ...(tenant === undefined ? {} : { tenant, subject, ...quotas }),
    });
    this.courtesyMs = undefined;
    return this.refusal() ?? 'ok';
  }

  /** EXCHANGE_ID: whoever finds a client's session has its secret, too. */
  private async exchange(name: string, words: readonly string[]): Promise<string> {
    const after = (word: string): string | undefined => words[words.indexOf(word) + 1];
    const [, client = '', verifier = ''] = words;
    const fresh = this.newId();
    const value = await this.call('clientExchange', {
      ...{ sessionId: fresh, digest: `secret of ${fresh}`, client, verifier, pid: 0 },
      principal: (words.includes('by') ? after('by') : undefined) ?? '',
      ttlMs: ms(words.find((word) => /^\d+m?s$/.test(word)) ?? '30s'),
      node: words.includes('on') ? after('on') : undefined,
      update: words.includes('update'),
      courtesyMs: words.includes('courtesy') ? ms(after('courtesy') ?? '') : undefined,
    });
    const refused = this.refusal();
    if (refused !== undefined) return refused;
    const { sessionId } = value.session;
    this.sessions.set(name, sessionId);
    if (!this.names.has(sessionId)) this.names.set(sessionId, name);
    this.secrets.set(name, `secret of ${sessionId}`);
    return value.confirmed ? 'confirmed' : 'new';
  }

  /** Time passes as it does for a service: the sweeper looks at least once a second, and the adapter beats. */
  private async tick(span: number): Promise<string> {
    const end = this.clock.now + span;
    while (this.clock.now < end) {
      this.clock.now = Math.min(end, this.clock.now + 1000);
      if (!this.local && this.incarnation !== '') await this.beat();
      let looks = 0;
      while ((await this.call('tick', {})).nextMs === 0) {
        looks += 1;
        if (looks === 1000) throw new Error('what is due does not get done');
      }
    }
    return 'ok';
  }

  private beat(seen?: Seen) {
    const { incarnation, gone, exportName } = this;
    const exports = gone === undefined ? [exportName] : [];
    const lost = gone === undefined ? undefined : [{ exportName, cause: gone }];
    return this.call('heartbeat', { incarnation, exports, dead: [], lost, seen });
  }

  private async fileserver(verb: string, rest: string[]): Promise<string> {
    const [next = '', ...others] = rest;
    if (/^i\d+$/.test(verb)) {
      const present = this.incarnation;
      this.incarnation = verb;
      const said = await this.fileserver(next, others);
      this.incarnation = present;
      return said;
    }
    const path = rest[0] ?? '';
    const ask = this.asks.get(path);
    switch (verb) {
      case 'has':
      case 'refuses': {
        if (ask === undefined) throw new Error(`nothing is asked about ${path}`);
        this.asks.delete(path);
        this.gens.set(path, ask.holdGen);
        const have = rest[1] as 'none' | 'read' | 'write';
        const value = await this.call('holdAnswered', {
          fileKey: ask.fileKey,
          holdGen: ask.holdGen,
          have,
          reason: verb === 'refuses' ? ((rest[2] ?? 'fileserver_refused') as Reason) : undefined,
          cookie: have === 'none' || rest[2] === 'uncookied' ? undefined : (rest[2] ?? 'c0'),
          inode: verb === 'has' ? rest[3] : undefined,
        });
        return value.settled ? 'ok' : 'no longer awaited';
      }
      case 'silent':
        if (ask === undefined) throw new Error(`nothing is asked about ${path}`);
        this.asks.delete(path);
        await this.call('holdAnswered', {
          fileKey: ask.fileKey,
          holdGen: ask.holdGen,
          failed: 'fileserver_timeout',
        });
        return 'ok';
      case 'breaks':
      case 'moves':
      case 'lost': {
        const before = rest.includes('before');
        const holdGen = before ? (this.gens.get(path) ?? 0) : this.holdOf(path);
        const common = {
          fileKey: this.file(path).fileKey,
          exportName: this.exportName,
          holdGen,
          incarnation: this.incarnation,
        };
        if (verb === 'lost') {
          const value = await this.call('fileserverLost', {
            ...common,
            have: rest[1] as 'none' | 'read',
            cause: 'fileserver',
          });
          return this.refusal() ?? (value.taken ? 'taken' : 'not taken');
        }
        if (verb === 'moves') {
          const value = await this.call('fileDetached', { ...common, path });
          return this.refusal() ?? (value.taken ? 'taken' : 'not taken');
        }
        this.breakNo += 1;
        const value = await this.call('fileserverBreak', {
          ...common,
          breakNo: this.breakNo,
          target: rest[1] as 'none' | 'read',
          remainingMs: rest[2] === undefined ? undefined : ms(rest[2]),
        });
        return this.refusal() ?? (value.taken ? 'taken' : 'not taken');
      }
      case 'dies':
        this.incarnation = '';
        return 'ok';
      case 'stops':
      case 'stopped': {
        // In order: it says that it is about to let go, or that it has nothing any more.
        const { incarnation } = this;
        const letGo = verb === 'stopped';
        if (letGo) this.incarnation = '';
        const { exports } = await this.call('deregister', { incarnation, letGo });
        return exports.join(' ');
      }
      case 'successor':
        return this.register(path);
      case 'registers':
        return this.registerOnly(path, others);
      case 'beat': {
        // Its tree is not what people see: why. Or it was told more by another life of the table than this one knows.
        if (path === 'lost') this.gone = rest[1];
        if (path === 'back') this.gone = undefined;
        // The same of every shard.
        const shards = Array.from({ length: this.table.shards }, (_, shard) => this.top[shard] ?? 0);
        const [first = { epoch: 0, token: 0 }, ...others] = shards.map((top, shard) =>
          path === 'ahead'
            ? { epoch: this.epochs[shard] ?? 0, token: top + word }
            : { epoch: (this.epochs[shard] ?? 0) + 4096, token: 1 },
        );
        const seen = path === 'ahead' || path === 'elsewhere' ? { ...first, others } : undefined;
        const value = await this.beat(seen);
        for (const [shard, { token }] of [first, ...others].entries())
          if (seen !== undefined) this.top[shard] = Math.max(this.top[shard] ?? 0, token);
        const refused = this.refusal();
        if (refused !== undefined) return refused;
        const opening = value.opening.length > 0 ? `, opening ${value.opening.join(' ')}` : '';
        return (
          this.refusal() ?? `${value.known ? 'known' : 'not known'}${opening}${value.stop ? ', stop' : ''}`
        );
      }
      case 'dead': {
        await this.call('heartbeat', {
          incarnation: this.incarnation,
          exports: [this.exportName],
          dead: [path],
        });
        return this.refusal() ?? 'ok';
      }
      case 'beats':
        await this.call('heartbeat', {
          incarnation: path,
          exports: [this.exportName],
          dead: [],
        });
        return this.refusal() ?? 'ok';
      case 'locks':
      case 'unheard':
        return this.lockAtFileserver(path, verb, others);
      case 'reports': {
        const holds =
          path === 'nothing'
            ? []
            : [
                {
                  ...this.file(path),
                  type: rest[1] as 'read',
                  holdGen: 900,
                  ranges: rest.includes('ranges') ? true : undefined,
                },
              ];
        const done = !rest.includes('first');
        for (const { path: reported, holdGen } of holds) this.gens.set(reported, holdGen);
        const value = await this.call('holdReport', { incarnation: this.incarnation, holds, done });
        return `${String(value.adopted)} adopted`;
      }
      default:
        throw new Error(`no such line: fs ${verb}`);
    }
  }

  /**
   * The fileserver answers an ask for ranges: it locks everything that is wanted, or refuses it `but REASON`, or cannot
   * lock what is held (`lost`), or does not answer (`unheard`).
   */
  private async lockAtFileserver(path: string, verb: string, rest: string[]): Promise<string> {
    const ask = this.rangeAsks.get(path);
    if (ask === undefined) throw new Error(`no ranges of ${path} are asked for`);
    if (!rest.includes('again')) this.rangeAsks.delete(path);
    const wants = ask.wants.map(({ id }) => id);
    const at = rest.indexOf('but');
    const reason = (at < 0 ? undefined : rest[at + 1]) as Reason | undefined;
    const value = await this.call('rangesAnswered', {
      fileKey: ask.fileKey,
      gen: ask.gen,
      ...(verb === 'unheard'
        ? { failed: 'fileserver_timeout' }
        : {
            locked: reason === undefined ? wants : [],
            refused: reason === undefined ? [] : wants.map((id) => ({ id, reason })),
            lost: rest.includes('lost') ? ask.held.map(({ id }) => id) : [],
          }),
    });
    return value.settled ? 'ok' : 'no longer awaited';
  }

  private askedText(path: string): string {
    const ask = this.rangeAsks.get(path);
    if (ask === undefined) return 'nothing';
    const text = (each: RangeWanted): string =>
      `${each.type} ${each.class === 'flock' ? 'flock' : rangeText(each)}`;
    const held = ask.held.map(text).sort();
    return `held ${held.join(', ') || 'nothing'}; wants ${ask.wants.map(text).join(', ') || 'nothing'}`;
  }

  /** The generation under which the fileserver last answered: kept by the scenario as the adapter would. */
  private readonly gens = new Map<string, number>();
  private holdOf(path: string): number {
    const asked = this.asks.get(path);
    return asked?.holdGen ?? this.gens.get(path) ?? 0;
  }

  private async act(actor: string, verb: string, rest: string[]): Promise<string> {
    return (
      (await this.actOnLease(actor, verb, rest)) ??
      (await this.actOnOpen(actor, verb, rest)) ??
      (await this.actOnDelegation(actor, verb, rest)) ??
      (await this.actOnAttributes(actor, verb, rest)) ??
      (await this.actOnRange(actor, verb, rest)) ??
      (await this.dlmLines.act(actor, verb, rest)) ??
      (await this.permitLines.act(actor, verb, rest)) ??
      (await this.actOnFile(actor, verb, rest)) ??
      (await this.actOnWait(actor, verb, rest)) ??
      (await this.actOnSession(actor, verb, rest))
    );
  }

  private options(rest: readonly string[]) {
    const after = (name: string): string | undefined => {
      const at = rest.indexOf(name);
      return at < 0 ? undefined : rest[at + 1];
    };
    const wait = after('wait');
    const quiet = after('quiet');
    const longest = after('for');
    return {
      after,
      waitMs: wait === undefined ? 0 : ms(wait),
      maxHoldMs: longest === undefined ? undefined : ms(longest),
      quietMs: quiet === undefined ? 0 : ms(quiet),
      reclaim: rest.includes('reclaiming') ? true : undefined,
      signal: rest.includes('signal') ? true : undefined,
      push: rest.includes('push') ? true : undefined,
      times: rest.includes('timed') ? true : undefined,
    };
  }

  private async actOnLease(actor: string, verb: string, rest: string[]): Promise<string | undefined> {
    const who = this.who(actor);
    const path = rest[0] ?? '';
    const slot = `${actor}:${path}`;
    switch (verb) {
      case 'reads':
      case 'writes':
      case 'releases':
      case 'acknowledges':
        return this.set(actor, verb, rest);
      case 'allocates': {
        const leaseId = this.newId(rest[0]);
        const { owner, ownerKey, clientKey } = who;
        const { maxHoldMs } = this.options(rest);
        const items = [{ leaseId, ...this.file(path), owner, ownerKey, clientKey, maxHoldMs }];
        await this.call('leaseAlloc', { ...who, items });
        if (this.last === undefined) this.leases.set(slot, leaseId);
        return this.refusal() ?? 'allocated';
      }
      case 'has': {
        const leaseId = this.leases.get(slot) ?? this.delegations.get(this.delegationSlot(actor, path));
        if (leaseId === undefined) return 'nothing';
        const value = await this.call('leaseGet', { leaseId });
        return this.refusal() ?? this.leaseText(value.lease);
      }
      case 'leases': {
        const { sessionId, digest } = who;
        const { leases } = await this.call('leaseList', {
          ...{ sessionId, digest, after: 0, limit: 100, exportName: this.exportName, prefix: path },
        });
        return this.refusal() ?? (leases.map((lease) => lease.path).join(', ') || 'nothing');
      }
      case 'until': {
        const value = await this.call('leaseGet', { leaseId: this.leases.get(slot) ?? '' });
        return this.refusal() ?? tenureText(value.lease);
      }
      case 'backed': {
        const value = await this.call('leaseGet', { leaseId: this.leases.get(slot) ?? '' });
        return this.refusal() ?? (value.lease.backed ? 'yes' : 'no');
      }
      case 'inode': {
        const value = await this.call('lockGet', { id: this.leases.get(slot) ?? '' });
        return this.refusal() ?? value.lock.inode;
      }
      case 'deadline': {
        const leaseId = this.leases.get(slot) ?? this.delegations.get(this.delegationSlot(actor, path));
        const value = await this.call('leaseGet', { leaseId: leaseId ?? '' });
        return this.refusal() ?? String(value.lease.break?.remainingMs ?? 'never');
      }
      case 'version': {
        const leaseId = this.leases.get(slot) ?? this.delegations.get(this.delegationSlot(actor, path));
        const value = await this.call('leaseGet', { leaseId: leaseId ?? '' });
        return this.refusal() ?? String(value.lease.seqid);
      }
      case 'answers-for': {
        const [other = '', name = '', type] = rest;
        const leaseId = this.leases.get(`${other}:${name}`) ?? '';
        const value = await this.call('leaseSet', { leaseId, digest: who.digest, type: type as 'none' });
        return this.refusal() ?? this.leaseText(value.lease);
      }
      case 'checks': {
        if (!rest.includes('before')) {
          const leaseId =
            this.leases.get(slot) ?? this.delegations.get(this.delegationSlot(actor, path)) ?? '';
          const { value } = await this.table.call('leaseGet', { leaseId });
          this.checked.set(slot, 'lease' in value ? value.lease.token : 0);
        }
        const token = this.checked.get(slot);
        await this.call('fenceCheck', {
          fileKey: this.file(path).fileKey,
          token: token ?? 0,
          access: rest[1] as 'read',
        });
        return this.refusal() ?? 'valid';
      }
      case 'forced':
      case 'broken': {
        const id =
          this.leases.get(slot) ??
          this.delegations.get(this.delegationSlot(actor, path)) ??
          this.opens.get(slot) ??
          this.ranges.get(slot) ??
          this.waits.get(slot)?.id ??
          '';
        if (verb === 'forced') await this.call('lockRelease', { id, unfenced: rest[1] === 'unfenced' });
        else await this.call('lockBreak', { id, target: rest[1] as 'none' });
        return this.refusal() ?? 'ok';
      }
      case 'gives-up':
        await this.call('leaseUndo', { leaseId: this.leases.get(slot) ?? '', reason: 'fileserver_timeout' });
        return 'ok';
      default:
        return undefined;
    }
  }

  private async actOnOpen(actor: string, verb: string, rest: string[]): Promise<string | undefined> {
    const who = this.who(actor);
    const path = rest[0] ?? '';
    const slot = `${actor}:${path}`;
    const { after, waitMs, reclaim, signal, push, times } = this.options(rest);
    const access = rest[1] as Access;
    const deny = (after('denying') ?? 'none') as Deny;
    const openId = this.opens.get(slot) ?? '';
    const asked = (open: OpenView | undefined, text: (open: OpenView) => string): string => {
      if (open === undefined || this.last !== undefined) return this.refusal() ?? '';
      this.opens.set(slot, open.openId);
      this.waits.set(slot, { id: open.openId, kind: 'open' });
      return text(open);
    };
    switch (verb) {
      case 'opens':
      case 'reopens': {
        const want = after('wanting') as Want | undefined;
        const reopen = verb === 'reopens';
        const known = reopen || rest.includes('again');
        const delegationId = want === undefined ? undefined : this.newId(path);
        const value = await this.call('openCreate', {
          ...who,
          openId: known && openId !== '' ? openId : this.newId(path),
          // Its holder says what it had, whatever it asked for at first.
          body: !reopen && known && reclaim === true ? undefined : shareText(access, deny),
          file: this.file(path),
          access,
          deny,
          waitMs,
          reopen: reopen ? true : undefined,
          want,
          delegationId,
          ...{ signal, push, times, reclaim },
        });
        const text = asked(value.open, (open) =>
          reopen && want === undefined ? this.openShareText(open) : this.openText(open),
        );
        if (this.last === undefined && delegationId !== undefined)
          this.delegations.set(
            this.delegationSlot(actor, path),
            value.open.delegation?.lease?.leaseId ?? delegationId,
          );
        return text;
      }
      case 'reshares':
      case 'lowers': {
        const { digest } = who;
        const lower = verb === 'lowers';
        const value = await this.call('openSet', { openId, digest, access, deny, waitMs, lower });
        return asked(value.open, (open) => this.openShareText(open));
      }
      case 'open': {
        const value = await this.call('openGet', { openId, digest: who.digest });
        return this.refusal() ?? this.openText(value.open);
      }
      case 'seqid': {
        const value = await this.call('openGet', { openId, digest: who.digest });
        return this.refusal() ?? String(value.open.seqid);
      }
      case 'share': {
        const value = await this.call('openGet', { openId, digest: who.digest });
        return this.refusal() ?? this.openShareText(value.open);
      }
      case 'downgrades': {
        const shown = { sessionId: who.sessionId, seqid: 0 };
        const { digest } = who;
        const value = await this.call('openSet', {
          openId,
          digest,
          access,
          deny,
          waitMs: 0,
          lower: true,
          shown,
        });
        return asked(value.open, (open) => this.openShareText(open));
      }
      case 'closes': {
        await this.call('openClose', { openId, digest: who.digest });
        return this.refusal() ?? 'closed';
      }
      default:
        return undefined;
    }
  }

  private openShareText(open: OpenView): string {
    const has = shareText(open.access, open.deny);
    if (open.toAccess === undefined) return open.state === 'open' ? has : `waiting ${has}`;
    return `${has} waiting ${shareText(open.toAccess, open.toDeny)}`;
  }

  private delegationSlot(actor: string, path: string): string {
    return `${actor.replace(/\..*/, '')}:${path.replace(/@.*/, '')}`;
  }

  private async actOnDelegation(actor: string, verb: string, rest: string[]): Promise<string | undefined> {
    const who = this.who(actor);
    const path = rest[0] ?? '';
    const slot = this.delegationSlot(actor, path);
    const { reclaim, signal, push, times } = this.options(rest);
    const leaseId = this.delegations.get(slot);
    const { digest } = who;
    switch (verb) {
      case 'wants': {
        const wanted = this.newId(path);
        const value = await this.call('delegationWant', {
          ...who,
          leaseId: wanted,
          file: this.file(path),
          want: rest[1] as Want,
          ...{ signal, push, times, reclaim },
          directory: rest.includes('directory') || rest.includes('notified') ? true : undefined,
          notify: rest.includes('notified') ? true : undefined,
        });
        const refused = this.refusal();
        if (refused !== undefined) return refused;
        if (value.lease !== undefined || value.willPush === true)
          this.delegations.set(slot, value.lease?.leaseId ?? wanted);
        return this.delegationText(value);
      }
      case 'delegation': {
        if (leaseId === undefined) return 'nothing';
        const value = await this.call('leaseGet', { leaseId, digest });
        return this.refusal() ?? this.leaseText(value.lease);
      }
      case 'returns': {
        const type = rest[1] === 'read' ? 'read' : 'none';
        const value = await this.call('leaseSet', { leaseId: leaseId ?? '', digest, type });
        return this.refusal() ?? this.leaseText(value.lease);
      }
      case 'untold': {
        const value = await this.call('delegationUntold', { leaseId: leaseId ?? '', digest });
        return this.refusal() ?? (value.recalled ? 'recalled' : 'nothing');
      }
      case 'frees': {
        const value = await this.call('leaseFree', {
          leaseId: leaseId ?? this.leases.get(`${actor}:${path}`) ?? '',
          digest,
        });
        return this.refusal() ?? (value.freed ? 'freed' : 'not freed');
      }
      default:
        return undefined;
    }
  }

  private async actOnAttributes(actor: string, verb: string, rest: string[]): Promise<string | undefined> {
    const { sessionId, digest } = this.who(actor);
    switch (verb) {
      case 'attributes': {
        const [path = '', change = '', size = ''] = rest;
        const { waitMs } = this.options(rest);
        const askId = this.newId();
        const [changeHi, changeLo] = offset(change);
        const [sizeHi, sizeLo] = offset(size);
        const at = { changeHi, changeLo, sizeHi, sizeLo };
        const file = this.file(path);
        const times = rest.includes('times') ? true : undefined;
        const value = await this.call('attributesAsk', {
          ...{ sessionId, digest, askId, file, ...at, times, waitMs },
        });
        const refused = this.refusal();
        if (refused !== undefined) return refused;
        this.questions.set(`${actor}:${path}`, { askId, leaseId: value.leaseId ?? '' });
        return value.holder === 'other' ? 'asked' : value.holder;
      }
      case 'tells': {
        const [asker = '', path = '', size = ''] = rest;
        const question = this.questions.get(`${asker}:${path}`) ?? { askId: '', leaseId: '' };
        const [sizeHi, sizeLo] = /^\d+$/.test(size) ? offset(size) : [];
        const dated = this.dated(this.options(rest).after('dated'));
        await this.call('attributesTell', {
          ...{ ...question, digest, sizeHi, sizeLo },
          modified: rest.includes('modified'),
          refused: size === 'refused' ? true : undefined,
          modifiedAt: dated?.text,
          modifiedMs: dated?.ms,
        });
        return this.refusal() ?? 'told';
      }
      case 'recalls': {
        const question = this.questions.get(`${actor}:${rest[0] ?? ''}`) ?? { askId: '', leaseId: '' };
        const value = await this.call('attributesRecall', { sessionId, digest, ...question });
        return this.refusal() ?? value.holder;
      }
      default:
        return undefined;
    }
  }

  /** `+2s`, `-2s`: a time from now. */
  private dated(text: string | undefined): { text: string; ms: number } | undefined {
    if (text === undefined) return undefined;
    const from = this.clock.now + this.clock.ahead;
    const span = ms(text.slice(1));
    return { text, ms: text.startsWith('-') ? from - span : from + span };
  }

  private attributesText({ cause, attributes }: RecordOf<'answered'>): string {
    if (attributes === undefined) return cause ?? '';
    const { changeHi, changeLo, sizeHi, sizeLo, modified } = attributes;
    const modifiedAt = attributes.modifiedNow === true ? 'its answer' : attributes.modifiedAt;
    const text = `${digits(changeHi, changeLo)} size ${digits(sizeHi, sizeLo)}`;
    return `${text}${modified ? ' modified' : ''}${modifiedAt === undefined ? '' : ` at ${modifiedAt}`}`;
  }

  /** `under A`: the stateid of A's open; `showing 2`: that of the owner's locks, with this seqid. */
  private lockShown(actor: string, path: string, rest: string[]): VerbInput<'rangeLock'>['shown'] {
    const { after } = this.options(rest);
    const [opener, seqid] = [after('under'), after('showing')];
    if (opener === undefined && seqid === undefined) return undefined;
    const { sessionId } = this.who(actor);
    const common = { sessionId, seqid: Number(seqid ?? 0), freshId: this.newId(path) };
    if (opener !== undefined) return { ...common, of: 'open', id: this.opens.get(`${opener}:${path}`) ?? '' };
    return { ...common, of: 'lock', id: this.lockStates.get(`${actor}:${path}`) ?? '' };
  }

  private unlockShown(actor: string, path: string, rest: string[]): VerbInput<'rangeUnlock'>['shown'] {
    const seqid = this.options(rest).after('showing');
    if (seqid === undefined) return undefined;
    const { sessionId } = this.who(actor);
    return { sessionId, seqid: Number(seqid), id: this.lockStates.get(`${actor}:${path}`) ?? '' };
  }

  private async actOnRange(actor: string, verb: string, rest: string[]): Promise<string | undefined> {
    const who = this.who(actor);
    const [path = '', kind = '', type = ''] = rest;
    const slot = `${actor}:${path}`;
    const { waitMs, reclaim } = this.options(rest);
    const file = this.file(path);
    const common = { ...who, class: kind as RangeClass };
    switch (verb) {
      case 'locks': {
        const value = await this.call('rangeLock', {
          ...common,
          ...parseRange(rest[3]),
          type: type as 'read',
          file,
          rangeId: rest.includes('again') ? (this.ranges.get(slot) ?? '') : this.newId(path),
          splitId: this.newId(path),
          body: rest.includes('named') ? rest.slice(0, 4).join(' ') : undefined,
          waitMs,
          reclaim,
          claimMs: rest.includes('claim') ? ms(rest[rest.indexOf('claim') + 1] ?? '') : undefined,
          shown: this.lockShown(actor, path, rest),
        });
        const refused = this.refusal();
        if (refused !== undefined) return refused;
        this.ranges.set(slot, value.range.rangeId);
        this.waits.set(slot, { id: value.range.rangeId, kind: 'range' });
        if (value.stateid !== undefined) this.lockStates.set(slot, value.stateid.id);
        const seqid =
          value.stateid === undefined || value.waiting ? '' : `, seqid ${String(value.stateid.seqid)}`;
        return `${this.rangeText(value.range)}${seqid}`;
      }
      case 'stateid': {
        const shown = { sessionId: who.sessionId, seqid: 0 };
        const id = this.lockStates.get(slot) ?? '';
        await this.call('stateidTest', { id, digest: who.digest, shown });
        return this.refusal() ?? 'held';
      }
      case 'frees-stateid': {
        const shown = { sessionId: who.sessionId, seqid: 0 };
        const id = this.lockStates.get(slot) ?? '';
        await this.call('stateidFree', { id, digest: who.digest, shown });
        return this.refusal() ?? 'freed';
      }
      case 'unlocks': {
        const value = await this.call('rangeUnlock', {
          ...common,
          ...parseRange(rest[2]),
          fileKey: file.fileKey,
          splitId: this.newId(path),
          shown: this.unlockShown(actor, path, rest),
        });
        const seqid = value.stateid === undefined ? '' : `, seqid ${String(value.stateid.seqid)}`;
        return this.refusal() ?? (value.unlocked ? `unlocked${seqid}` : `nothing there${seqid}`);
      }
      case 'tests': {
        const value = await this.call('rangeTest', {
          ...common,
          ...parseRange(rest[3]),
          type: type as 'read',
          file,
        });
        const refused = this.refusal();
        if (refused !== undefined) return refused;
        if (value.blocker !== undefined) return this.blockerText(value.blocker);
        return value.ask === undefined ? 'free' : `free here, ${value.ask.path} to be asked about`;
      }
      case 'lock': {
        const value = await this.call('rangeGet', {
          rangeId: this.ranges.get(slot) ?? '',
          digest: who.digest,
        });
        return this.refusal() ?? this.rangeText(value.range);
      }
      case 'withdraws': {
        const value = await this.call('rangeCancel', {
          ...common,
          ...parseRange(rest[3]),
          type: type as 'read',
          file,
        });
        return this.refusal() ?? (value.cancelled ? 'withdrawn' : 'over');
      }
      case 'decides': {
        const ask = { sessionId: who.sessionId, digest: who.digest, setId: `${actor} ${path}` };
        const { how } = await this.call('setDecide', { ...ask, body: path, how: rest[1] });
        return this.refusal() ?? how ?? 'nothing';
      }
      case 'drops':
        await this.call('rangeDrop', { rangeId: this.ranges.get(slot) ?? '', digest: who.digest });
        return this.refusal() ?? 'dropped';
      default:
        return undefined;
    }
  }

  private async actOnFile(actor: string, verb: string, rest: string[]): Promise<string | undefined> {
    const path = rest[0] ?? '';
    const { waitMs, quietMs, after } = this.options(rest);
    if (verb === 'made' || verb === 'failed') {
      const { id = '' } = this.waits.get(`${actor}:${path}`) ?? {};
      const value = await this.call('changeReport', {
        digest: this.who(actor).digest,
        changeId: id,
        made: verb === 'made',
      });
      return this.refusal() ?? (value.reported ? 'reported' : 'over');
    }
    const kind = changes[verb];
    if (kind === undefined) return undefined;
    const report = after('report');
    const before = this.waits.get(`${actor}:${path}`);
    const changeId = rest.includes('again') && before !== undefined ? before.id : this.newId(path);
    const file = this.file(path);
    const value = await this.call('fileChange', {
      ...this.who(actor),
      changeId,
      file,
      kind,
      waitMs,
      quietMs,
      body: kind,
      notice: report === undefined ? undefined : noticeIn(rest),
      reportMs: report === undefined ? undefined : ms(report),
    });
    const refused = this.refusal();
    if (refused !== undefined) return refused;
    this.waits.set(`${actor}:${path}`, { id: changeId, kind: 'change' });
    if (value.waiting) return 'waiting';
    return value.change.announced === true ? 'done, announced' : 'done';
  }

  private async actOnWait(actor: string, verb: string, rest: string[]): Promise<string | undefined> {
    const { digest } = this.who(actor);
    const slot = `${actor}:${rest[0] ?? ''}`;
    const { id, kind } = this.waits.get(slot) ?? { id: '', kind: 'lease' };
    switch (verb) {
      case 'why': {
        const { wait } = await this.call('waitGet', { id, digest });
        const refused = this.refusal();
        if (refused !== undefined) return refused;
        return `${wait.why.reason}, ${wait.ahead} ahead: ${this.blockers(wait.why)}`;
      }
      case 'cancels':
        if (kind === 'change') {
          const value = await this.call('changeCancel', { changeId: id, digest });
          return this.refusal() ?? (value.cancelled ? 'cancelled' : 'over');
        }
        if (kind === 'range') await this.call('rangeDrop', { rangeId: id, digest });
        else if (kind === 'lease') await this.call('leaseUndo', { leaseId: id, reason: 'cancelled' });
        else {
          const { open } = await this.call('openGet', { openId: id, digest });
          const refused = this.refusal();
          if (refused !== undefined) return refused;
          const { access, deny } = open;
          if (open.state === 'waiting') await this.call('openClose', { openId: id, digest });
          else await this.call('openSet', { openId: id, digest, access, deny, waitMs: 0, lower: true });
        }
        return this.refusal() ?? 'cancelled';
      default:
        return undefined;
    }
  }

  private async actOnSession(actor: string, verb: string, rest: readonly string[]): Promise<string> {
    const { sessionId, digest } = this.who(actor);
    switch (verb) {
      case 'lives':
        await this.call('keepalive', { sessionId, digest });
        return this.refusal() ?? 'ok';
      case 'confirms':
        for (;;) {
          const principal = rest[0] === 'by' ? rest[1] : undefined;
          const value = await this.call('clientConfirm', { sessionId, digest, principal });
          const refused = this.refusal();
          if (refused !== undefined) return refused;
          if (!value.more) return 'confirmed';
        }
      case 'ends':
        for (;;) {
          const value = await this.call('sessionEnd', { sessionId, digest });
          const refused = this.refusal();
          if (refused !== undefined) return refused;
          if (!value.more) return 'ended';
        }
      case 'taken':
        for (;;) {
          const value = await this.call('sessionEnd', { sessionId });
          const refused = this.refusal();
          if (refused !== undefined) return refused;
          if (!value.more) return 'taken';
        }
      case 'streams': {
        const [count, server] = [Number(rest[0]), rest[2] ?? ''];
        if (rest[0] === 'none') {
          await this.call('streamsTell', { server, sessions: [], leaving: true });
          return '';
        }
        if (rest.length > 0)
          await this.call('streamsTell', { server, sessions: [{ sessionId, streams: count }] });
        const value = await this.call('sessionGet', { sessionId });
        return this.refusal() ?? String(value.session.streams);
      }
      case 'seen': {
        const value = await this.call('sessionGet', { sessionId });
        return this.refusal() ?? `${String((this.clock.now - value.session.seenWall) / 1000)}s ago`;
      }
      case 'missing': {
        const value = await this.call('sessionGet', { sessionId });
        return this.refusal() ?? String(value.session.taken);
      }
      case 'is': {
        const value = await this.call('sessionGet', { sessionId });
        return this.refusal() ?? value.session.state;
      }
      case 'reclaimed-all': {
        const exportName = rest[0] === 'of' ? rest[1] : undefined;
        const value = await this.call('reclaimComplete', { sessionId, digest, exportName });
        return this.refusal() ?? (value.graceMs === 0 ? 'grace is over' : `grace ${value.graceMs}`);
      }
      default:
        throw new Error(`no such line: ${actor} ${verb}`);
    }
  }

  private async set(actor: string, verb: string, [path = '', ...options]: string[]): Promise<string> {
    const who = this.who(actor);
    const slot = `${actor}:${path}`;
    const { waitMs, reclaim, maxHoldMs } = this.options(options);
    const known = this.leases.get(slot);
    const fresh = known === undefined || options.includes('anew');
    let lease: LeaseView;
    const again = options.includes('again');
    if ((fresh || again) && (verb === 'reads' || verb === 'writes')) {
      const leaseId = again ? (known ?? '') : this.newId(path);
      const { owner, ownerKey, clientKey } = who;
      const value = await this.call('leaseAcquire', {
        ...who,
        item: { leaseId, ...this.file(path), owner, ownerKey, clientKey, maxHoldMs },
        type: verb === 'reads' ? 'read' : 'write',
        body: again && reclaim === true ? undefined : verb,
        waitMs,
        reclaim,
      });
      if (this.last === undefined) this.leases.set(slot, leaseId);
      lease = value.lease;
    } else {
      const asked = { releases: 'none', reads: 'read', writes: 'write' }[verb] ?? options[0];
      const breakId = verb === 'acknowledges' ? await this.breakOf(known ?? '', options) : undefined;
      const value = await this.call('leaseSet', {
        leaseId: known ?? '',
        digest: who.digest,
        type: asked as 'none' | 'read' | 'write',
        file: options.includes('resolved-again') ? this.file(path) : undefined,
        breakId,
        waitMs,
      });
      lease = value.lease;
    }
    const refused = this.refusal();
    if (refused !== undefined) return refused;
    if (lease.waitType !== undefined) this.waits.set(slot, { id: lease.leaseId, kind: 'lease' });
    return this.leaseText(lease);
  }

  /** The break the holder was told of: the running one, or with `late` one that is over. */
  private async breakOf(leaseId: string, options: string[]): Promise<string> {
    const { value } = await this.table.call('leaseGet', { leaseId });
    const running = 'lease' in value ? value.lease.break : undefined;
    return options.includes('late') ? 'b0' : (running?.breakId ?? 'b0');
  }

  /** The records since the last call. */
  /** Records since the last look; those about the tree are kept for its lines. */
  private async newRecords(): Promise<void> {
    const all: RecordRow[] = [];
    // What a shard's records follow from is in the first one, and what they lead to, too: as if they came in between.
    for (let shard = this.table.shards - 1; shard >= 0; shard -= 1) {
      const { records } = await this.table.history(this.seen[shard] ?? 0, 1000, shard);
      for (const record of records) this.watch(record);
      this.seen[shard] = records.at(-1)?.no ?? this.seen[shard] ?? 0;
      all.push(...records.filter((record) => shard === 0 || !isOfTree(record)));
    }
    all.sort((a, b) => a.wall - b.wall);
    this.unread.push(...this.treeLines.sift(all));
  }
  private unread: RecordRow[] = [];

  private async records(): Promise<string> {
    await this.newRecords();
    const records = this.unread;
    this.unread = [];
    const texts = records.map((record) => {
      const { sessionId }: RecordNames = record;
      const who = sessionId === undefined ? '' : ` ${this.nameOf(sessionId)}`;
      const turn = 'turn' in record && record.turn ? ' in turn' : '';
      return `${record.kind}${who}${this.recordText(record)}${turn}`;
    });
    return texts.join(', ') || 'nothing';
  }

  /** The same, with all that they say: of which file or export, why, and until when. */
  private async told(): Promise<string> {
    await this.newRecords();
    const records = this.unread;
    this.unread = [];
    const texts: [string, number][] = [];
    for (const text of records.map((record) => this.toldText(record))) {
      const before = texts.at(-1);
      if (before?.[0] === text) before[1] += 1;
      else texts.push([text, 1]);
    }
    return texts.map(([text, n]) => (n > 1 ? `${text} x${String(n)}` : text)).join(', ') || 'nothing';
  }

  private toldText(record: RecordRow): string {
    const { sessionId }: RecordNames = record;
    const whose = sessionId === undefined ? '' : ` ${this.nameOf(sessionId)}`;
    const what = 'path' in record ? ` ${record.path}` : 'exportName' in record ? ` ${record.exportName}` : '';
    const turn = 'turn' in record && record.turn ? ' in turn' : '';
    const why = 'cause' in record ? (record.cause ?? '') : 'reason' in record ? record.reason : '';
    const by = (key: string | undefined, word: string): string =>
      key === undefined ? '' : ` ${word} ${this.actors.get(key) ?? key}`;
    let more = '';
    if (record.kind === 'break') {
      const { deadlineWall, exempt, only, delegations } = record;
      const left = ((deadlineWall ?? 0) - this.clock.now - this.clock.ahead) / 1000;
      more = ` to ${record.target}${delegations === true ? ' of delegations' : ''}${by(only, 'for')}${by(exempt, 'but')}`;
      more += deadlineWall === undefined ? ' never' : ` in ${String(left)}s`;
    } else if (record.kind === 'revoked' && record.leaseId === undefined) {
      more = `${record.delegations === true ? ' delegations' : ' all'}${by(record.survivor, 'but')}`;
    } else if (record.kind === 'downgraded') {
      more = ` to ${record.type}`;
    } else if (record.kind === 'attributes') {
      more = ` within ${String((record.deadlineWall - this.clock.now - this.clock.ahead) / 1000)}s`;
    } else if (record.kind !== 'dropped' && record.kind !== 'undone') {
      more = this.recordText(record);
    }
    return `${record.kind}${whose}${what}${more}${why === '' ? '' : ` by ${why}`}${turn}`;
  }

  private recordText(record: RecordRow): string {
    switch (record.kind) {
      case 'break': {
        const { target, delegations, only } = record;
        const whom = only === undefined ? '' : ` for ${this.actors.get(only) ?? only}`;
        return ` to ${target}${delegations === true ? ' of delegations' : ''}${whom}`;
      }
      case 'revoked':
        return record.leaseId === undefined && record.delegations === true ? ' of delegations' : '';
      case 'granted':
      case 'locked':
        return ` ${record.type}`;
      case 'available':
        return ` ${record.type}${record.leaseId === undefined ? '' : ' given'}`;
      case 'recallAny':
        return ` but ${String(record.keep)}, short of ${record.cause}`;
      case 'completed':
        return completionText(record);
      case 'blocking':
        return ` ${record.mode}`;
      case 'recovery':
        return ` ${record.exportName} ${record.notice.node}${record.acknowledge === true ? ' to acknowledge' : ''}`;
      case 'disconnected':
        return ` ${record.exportName} ${record.reason}`;
      case 'changed':
        return ` ${record.what}${record.announced === true ? ', announced' : ''}`;
      case 'directoryChanged':
        return ` ${noticeText(record.change)} but ${this.actors.get(record.exempt) ?? record.exempt}`;
      case 'answered':
        return ` ${this.attributesText(record)}`;
      case 'attributes':
        return record.times === true ? ' and times' : '';
      case 'reclaimed':
        return record.rangeId === undefined ? '' : ` range ${record.type}`;
      case 'jeopardy':
        return record.ranges === true ? ' of ranges, too,' : '';
      case 'undone':
      case 'unlocked':
      case 'surrendered':
      case 'taken':
      case 'dropped':
        return ` ${record.reason}`;
      default:
        return '';
    }
  }

  private watch(record: RecordRow): void {
    if (record.kind !== 'granted') return;
    const { token } = record;
    const before = this.highest.get(record.fileKey) ?? 0;
    if (token <= before)
      throw new Error(`token ${String(token)} of ${record.path} does not grow (was ${String(before)})`);
    const shard = shardOfNumber(token, this.table.shards);
    if (token <= (this.top[shard] ?? 0))
      throw new Error(`token ${String(token)} of ${record.path} was given out before`);
    this.highest.set(record.fileKey, token);
    this.top[shard] = token;
  }
}
