import { idIn, keyIn, shardFor, shardOfId, shardOfKey } from '../../libs/locks/src/table/shards';
import fc from 'fast-check';
import type { HoldAsk, StepReply, VerbInput, VerbName } from '#locks';
import { formatNewest } from '../../libs/locks/src/core/format';
import { scenarioLimits } from './scenario';

/**
 * Random histories: lists of small instructions whose meaning does not depend on the table, so that one history can be
 * played through several tables, and shrunk. An instruction picks by index from what exists at that moment.
 */
export interface Instruction {
  do:
    | 'acquire'
    | 'allocate'
    | 'set'
    | 'acknowledge'
    | 'open'
    | 'close'
    | 'undo'
    | 'keepalive'
    | 'end'
    | 'session'
    | 'tick'
    | 'outage'
    | 'answer'
    | 'silent'
    | 'fsbreak'
    | 'fslost'
    | 'detached'
    | 'successor'
    | 'heartbeat'
    | 'deregister'
    | 'identify'
    | 'report'
    | 'release'
    | 'break'
    | 'check'
    | 'list'
    | 'reopen'
    | 'reset'
    | 'want'
    | 'free'
    | 'lock'
    | 'unlock'
    | 'test'
    | 'unwait'
    | 'change'
    | 'why'
    | 'reclaimed'
    | 'streams'
    | 'naming'
    | 'bind'
    | 'put'
    | 'remove'
    | 'hangup'
    | 'resume'
    | 'stop'
    | 'pin'
    | 'unpin'
    | 'beat'
    | 'subscribe'
    | 'noticed'
    | 'touch'
    | 'tree'
    | 'attributes'
    | 'tell'
    | 'recall';
  a: number;
  b: number;
  c: number;
}

const exportNames = ['local', 'posix'];

const weights: [Instruction['do'], number][] = [
  ['acquire', 12],
  ['allocate', 2],
  ['set', 10],
  ['acknowledge', 6],
  ['open', 8],
  ['close', 5],
  ['undo', 2],
  ['keepalive', 3],
  ['end', 1],
  ['session', 2],
  ['tick', 10],
  ['outage', 1],
  ['answer', 12],
  ['silent', 2],
  ['fsbreak', 4],
  ['fslost', 1],
  ['detached', 1],
  ['successor', 1],
  ['heartbeat', 4],
  ['deregister', 1],
  ['identify', 1],
  ['report', 3],
  ['release', 1],
  ['break', 2],
  ['check', 3],
  ['list', 2],
  ['reopen', 2],
  ['reset', 4],
  ['want', 6],
  ['free', 2],
  ['lock', 16],
  ['unlock', 6],
  ['test', 3],
  ['unwait', 3],
  ['change', 4],
  ['why', 3],
  ['reclaimed', 1],
  ['streams', 1],
  ['naming', 2],
  ['bind', 4],
  ['put', 3],
  ['remove', 1],
  ['hangup', 1],
  ['resume', 1],
  ['stop', 1],
  ['pin', 2],
  ['unpin', 1],
  ['beat', 4],
  ['subscribe', 2],
  ['noticed', 2],
  ['touch', 2],
  ['tree', 2],
  ['attributes', 5],
  ['tell', 5],
  ['recall', 1],
];

export const histories = (maxLength: number): fc.Arbitrary<Instruction[]> =>
  fc.array(
    fc.record({
      do: fc.oneof(...weights.map(([what, weight]) => ({ arbitrary: fc.constant(what), weight }))),
      a: fc.nat(11),
      b: fc.nat(11),
      c: fc.nat(11),
    }),
    { maxLength, size: 'max' },
  );

/** A history that is written as one line: `lock 1 2 3, tick 0 0 0`. */
export const parsedHistory = (text: string): Instruction[] =>
  text.split(', ').map((each) => {
    const [what, ...numbers] = each.split(' ');
    const [a = 0, b = 0, c = 0] = numbers.map(Number);
    return { do: what as Instruction['do'], a, b, c };
  });

const historyLimits = { ...scenarioLimits, sessionLocksMax: 9, graceMs: 3000, queueMax: 4, coolMs: 3000 };

/** Limits that change while the service runs: mostly the same as before, some wider, some narrower. */
const limitsOf = (a: number, b: number, c: number) => ({
  ...historyLimits,
  queueMax: [1, 4, 40][a % 3] ?? 4,
  coolMs: b % 2 === 0 ? 0 : 3000,
  sessionLocksMax: c % 3 === 0 ? 40 : 9,
  fileDelegationsMax: c % 4 === 0 ? 1 : 3,
  rangesMax: c % 5 === 0 ? 4 : 1000,
});

/** Of a subject that histories bring to its limits. */
const little = { sessions: 2, rows: 5, quietMs: 1000, waits: 2, queueShare: 1 };

type Call = <V extends VerbName>(verb: V, input: VerbInput<V>) => Promise<StepReply<V>>;

const levels = ['none', 'read', 'write'] as const;
const denials = ['none', 'none', 'none', 'read', 'write', 'both'] as const;
const accesses = ['read', 'write', 'both'] as const;
const wants = ['none', 'read', 'write', 'any'] as const;
const classes = ['posix', 'posix', 'ofd', 'flock'] as const;
const items = [
  ['exports', 'posix'],
  ['exports', 'local'],
  ['exports', 'tmp-1'],
  ['nodes', 'n'],
  ['regions', 'r'],
  ['stacks', 'posix'],
  ['stacks', 'local'],
] as const;
const policies = ['wait', 'refuse', 'local', 'local'] as const;
const kinds = ['truncate', 'unlink', 'rename', 'link', 'setattr', 'entries'] as const;
/** Offsets near the boundaries of halves, levels and ends. */
const offsets: [number, number][] = [
  [0, 0],
  [0, 1],
  [0, 2],
  [0, 3],
  [0, 4],
  [0, 7],
  [0, 8],
  [0, 4294967295],
  [1, 0],
  [1, 1],
  [2147483647, 4294967294],
  [2147483647, 4294967295],
];
const at = <T>(list: readonly T[], index: number): T | undefined =>
  list.length === 0 ? undefined : list[index % list.length];

interface Locker {
  sessionId: string;
  owner: string;
  ownerKey: string;
  clientKey: string;
}

/** What some of the requests say about how long to hold. */
const spanOf = (n: number): number | undefined => (n % 4 === 3 ? 1500 * n : undefined);

/** Carries out instructions on one table. It picks only from what earlier answers contained. */
export class Player {
  private readonly sessions: string[] = [];
  private readonly leases: string[] = [];
  private readonly opens: string[] = [];
  /** Of locks. */
  private readonly stateids: string[] = [];
  /** Who locks under each stateid. */
  private readonly lockers = new Map<string, Locker>();
  /** The sessions of leases and opens, by their ids. */
  private readonly holders = new Map<string, string>();
  /** Everything that may hold a range or wait. */
  private readonly waits: string[] = [];
  private readonly permitted: string[] = [];
  private readonly breaks: string[] = [];
  /** The file that was last leased for writing, according to the answers. */
  private written = 0;
  /** Attribute queries. */
  private readonly questions: { askId: string; leaseId: string; sessionId: string }[] = [];
  private readonly tokens: { fileKey: string; token: number }[] = [];
  private readonly spoken: HoldAsk[] = [];
  private asks: HoldAsk[] = [];
  private incarnation = 1;
  private count = 0;
  /** Names of the export with a fileserver are not resolved. */
  private byName = false;
  private readonly pins: string[] = [];
  /** The last that was begun, or refused. */
  private operationId = '';

  constructor(
    private readonly run: Call,
    private readonly clock: { now: number },
    /** How many shards the table has. */
    private readonly shards = 1,
  ) {}

  /** `late`: the export has files in use by name before its adapter comes. */
  async begin(late = false): Promise<unknown[]> {
    this.byName = late;
    const served = () => this.call('holdReport', { incarnation: 'i1', holds: [], done: true });
    const posix = {
      name: 'posix',
      stack: 'posix',
      policy: 'local',
      own: {},
      breakMs: 4000,
      lockDelayMs: 0,
    } as const;
    const configured = async () => [
      await this.call('stackPut', { name: 'posix', policy: 'local' }),
      await this.call('exportPut', posix),
    ];
    const answers: unknown[] = [
      await this.call('identify', {
        identity: 'history',
        limits: historyLimits,
      }),
      await this.call('exportDeclare', { name: 'local', breakMs: 4000, lockDelayMs: 1000 }),
      late ? await configured() : [await this.register(), await served()],
    ];
    for (let i = 0; i < 3; i += 1) answers.push(await this.newSession(i));
    return answers;
  }

  private async call<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>> {
    const reply = await this.run(verb, input);
    this.asks.push(...reply.asks);
    this.learn(reply.value);
    return reply;
  }

  /** Breaks and tokens that an answer mentions can be used later, rightly or too late. */
  private learn(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, each] of Object.entries(value)) {
      if (name === 'breakId' && typeof each === 'string' && !this.breaks.includes(each))
        this.breaks.push(each);
      else this.learn(each);
    }
    if ('stateid' in value) this.learnStateid(value.stateid);
    const id = 'leaseId' in value ? value.leaseId : 'openId' in value ? value.openId : undefined;
    if (typeof id === 'string' && 'sessionId' in value && typeof value.sessionId === 'string')
      this.holders.set(id, value.sessionId);
    if (
      'token' in value &&
      'fileKey' in value &&
      typeof value.token === 'number' &&
      typeof value.fileKey === 'string'
    ) {
      this.tokens.push({ fileKey: value.fileKey, token: value.token });
      if ('type' in value && 'path' in value && 'exportName' in value) this.learnWriter(value);
    }
  }

  private learnStateid(stateid: unknown): void {
    if (typeof stateid !== 'object' || stateid === null || !('id' in stateid)) return;
    if (typeof stateid.id === 'string' && !this.stateids.includes(stateid.id)) this.stateids.push(stateid.id);
  }

  private learnWriter(value: { type: unknown; path: unknown; exportName: unknown }): void {
    if (value.type !== 'write') return;
    for (let n = 0; n < 6; n += 1) {
      const { path, exportName } = this.file(n);
      if (path === value.path && exportName === value.exportName) this.written = n;
    }
  }

  /** An id for something on a file, or for what is on none. */
  private id(kind: string, fileKey?: string): string {
    this.count += 1;
    const id = `${kind}-${String(this.count)}`;
    return this.shards === 1 ? id : idIn(fileKey === undefined ? 0 : shardOfKey(fileKey), `${id}-00000000`);
  }

  /** In a table of several shards a key says in which it is; files of exports that are made on demand are in the first. */
  private key(text: string, { exportName, path }: { exportName: string; path: string }): string {
    if (this.shards === 1) return text;
    const shard = exportName === 'tmp-1' || this.byName ? 0 : shardFor(path, this.shards);
    return keyIn(shard, text.padEnd(21, '~'));
  }

  /** A change of a directory of which a holder is told, or will be. */
  private async notice(a: number, b: number, c: number): Promise<StepReply<VerbName>> {
    await this.call('exportDeclare', { name: 'local', breakMs: 4000, lockDelayMs: 1000, directories: true });
    await this.call('streamsTell', { server: 's1', sessions: [], format: formatNewest, release: '1.0.0' });
    const [holder, maker] = [at(this.sessions, a) ?? '', at(this.sessions, a + 1) ?? ''];
    const file = this.file(2 * b + 1);
    const [leaseId, changeId] = [this.id('l', file.fileKey), this.id('c', file.fileKey)];
    this.leases.push(leaseId);
    const { clientKey } = this.owner(holder, 0);
    await this.call('delegationWant', {
      ...{ sessionId: holder, leaseId, file, clientKey, want: 'read', directory: true, notify: true },
      ...{ signal: b % 2 === 0, push: b % 2 === 0 },
    });
    await this.call('fileChange', {
      ...{
        sessionId: maker,
        changeId,
        file,
        ...this.owner(maker, a),
        kind: c === 10 ? 'entries' : 'setattr',
      },
      ...{ quietMs: 0, body: 'notice', waitMs: 5000, reportMs: 250 * (1 + b) },
      notice: c === 10 ? { what: 'add', name: 'x' } : { what: 'attributes' },
    });
    if (b % 3 === 0) return this.call('delegationUntold', { leaseId });
    if (b % 3 === 1) return this.call('changeReport', { changeId, made: a % 2 === 0 });
    return this.call('tick', {});
  }

  private file(n: number) {
    const exportName = n === 11 ? 'tmp-1' : n % 2 === 0 ? 'posix' : 'local';
    const path = `f${String(n % 3)}`;
    if (exportName === 'posix' && this.byName) {
      const named = { exportName, path, fileId: path, inode: '<none>:0', placeholder: true };
      return { fileKey: this.key(`named/${path}`, named), ...named };
    }
    const fileKey = this.key(`${exportName}/${path}`, { exportName, path });
    return { fileKey, exportName, path, fileId: path, inode: '<none>:0' };
  }

  private owner(sessionId: string, n: number) {
    const owner = n % 4 === 0 ? 'other' : 'self';
    return { owner, ownerKey: `${sessionId}/${owner}`, clientKey: `${sessionId}/` };
  }

  /** A stateid as an NFS server shows it; the last requests are repeated now and then. */
  private shown(id: string, b: number, c: number) {
    const sessionId = (b === 11 ? undefined : this.holders.get(id)) ?? at(this.sessions, b) ?? '';
    return { sessionId, seqid: c > 6 ? c % 4 : 0, requestId: b % 2 === 0 ? `r${String(b % 3)}` : undefined };
  }

  /** A LOCK that shows the stateid of an open, or of locks; mostly by whom it belongs to. */
  private lockShown(a: number, b: number): { who: Locker; shown: VerbInput<'rangeLock'>['shown'] } {
    const of = a % 3 === 0 ? 'lock' : 'open';
    const id = at(of === 'lock' ? this.stateids : this.opens, b) ?? '';
    const shown = this.shown(id, a, 0);
    const { sessionId } = shown;
    const who = this.lockers.get(id) ?? { sessionId, ...this.owner(sessionId, a) };
    return { who, shown: { ...shown, of, id, freshId: this.id('k', this.file(b).fileKey) } };
  }

  /** A LOCKU that shows a stateid, by whom it belongs to; of all the locks under it, or of a range. */
  private lockuShown(id: string, b: number, c: number, all: boolean): VerbInput<'rangeUnlock'> {
    const shown = { ...this.shown(id, b, c), id };
    const { sessionId } = shown;
    const who = this.lockers.get(id) ?? { sessionId, ...this.owner(sessionId, b) };
    const whole = { class: 'posix', startHi: 0, startLo: 0, endHi: 2147483647, endLo: 4294967295 } as const;
    const range = all ? whole : this.range(b, c);
    const { fileKey } = this.file(b);
    return { ...who, splitId: this.id('r', fileKey), fileKey, ...range, shown };
  }

  private range(b: number, c: number) {
    const kind = classes[(b + c) % 4] ?? 'posix';
    const first = Math.min(b, c);
    const [startHi, startLo] = (kind === 'flock' ? offsets[0] : offsets[first]) ?? [0, 0];
    const [endHi, endLo] = (kind === 'flock' ? offsets[11] : offsets[Math.max(b, c)]) ?? [0, 0];
    return { class: kind, startHi, startLo, endHi, endLo };
  }

  private newSession(n: number, node?: string): Promise<unknown> {
    const sessionId = this.id('s');
    this.sessions.push(sessionId);
    const ttlMs = 5000 + 5000 * (n % 4);
    const subject = `s${String(n % 3)}`;
    const of = { tenant: `t${String(n % 2)}`, subject, quota: n % 3 === 2 ? little : {} };
    const by = n % 4 === 3 ? {} : n % 4 === 2 ? { ...of, tenantQuota: {} } : of;
    return this.call('sessionCreate', {
      sessionId,
      digest: sessionId,
      ttlMs,
      pid: n,
      node,
      label: 'l',
      courtesyMs: n % 5 === 1 ? 4000 : undefined,
      ...by,
    });
  }

  private register(a = 1, b = 0): Promise<unknown> {
    const incarnation = `i${String(this.incarnation)}`;
    return this.call('register', {
      stack: 'posix',
      version: '1.2.3',
      major: 1,
      minor: 1,
      incarnation,
      adapterKey: 'k',
      process: { hostId: 'h', bootId: 'b', pid: this.incarnation, startTicks: '1' },
      endpoint: 'e',
      exports: ['posix'],
      breakMs: 4000,
      lockDelayMs: 0,
      breakLimitMs: 9000,
      places: [{ exportName: 'posix', fileSystem: 'ext4', parts: ['disk', 'posix'] }],
      ...this.oddities(a, b),
    });
  }

  /** What may be wrong with an adapter that registers. */
  private oddities(a: number, b: number): Partial<VerbInput<'register'>> {
    if (a !== 0) return {};
    const odd: Partial<VerbInput<'register'>>[] = [
      { breakLimitMs: 1000 },
      { stack: 'other' },
      { adapterKey: 'another' },
      { exports: ['twice'], places: [{ exportName: 'twice', fileSystem: 'ext4', parts: ['disk'] }] },
      { incarnation: 'i1', major: 2 },
    ];
    return at(odd, b) ?? {};
  }

  /** Carries out one instruction and returns the answer, for comparison. */
  async step({ do: what, a, b, c }: Instruction): Promise<unknown> {
    const sessionId = at(this.sessions, a) ?? '';
    const leaseId = at(this.leases, a) ?? '';
    switch (what) {
      case 'session':
        return this.newSession(a);
      case 'acquire': {
        const { fileKey } = this.file(b);
        const isHere = this.shards === 1 || shardOfId(leaseId) === shardOfKey(fileKey);
        const id = c === 0 && this.leases.length > 0 && isHere ? leaseId : this.id('l', fileKey);
        const reply = await this.call('leaseAcquire', {
          sessionId,
          digest: sessionId,
          item: { leaseId: id, ...this.file(b), ...this.owner(sessionId, c), maxHoldMs: spanOf(c) },
          type: c % 3 === 0 ? 'write' : 'read',
          body: String(b % 2),
          waitMs: a > 5 ? 1000 * a : 0,
          reclaim: c === 11 ? true : undefined,
        });
        if ('lease' in reply.value) this.leases.push(id);
        return reply;
      }
      case 'allocate': {
        const id = this.id('l', this.file(b).fileKey);
        this.leases.push(id);
        return this.call('leaseAlloc', {
          sessionId,
          digest: sessionId,
          items: [{ leaseId: id, ...this.file(b), ...this.owner(sessionId, c), maxHoldMs: spanOf(c) }],
        });
      }
      case 'set':
        return this.call('leaseSet', {
          leaseId,
          type: levels[b % 3] ?? 'none',
          ifToken: c === 1 ? at(this.tokens, b)?.token : undefined,
          waitMs: c > 8 ? 500 * c : 0,
        });
      case 'acknowledge':
        return this.call('leaseSet', {
          leaseId,
          type: b % 3 === 0 ? 'read' : 'none',
          breakId: this.breaks.at(-1 - (c % 2)) ?? 'b0',
        });
      case 'open': {
        const { fileKey } = this.file(b);
        const id = this.id('o', fileKey);
        const reply = await this.call('openCreate', {
          sessionId,
          digest: sessionId,
          openId: id,
          file: this.file(b),
          ...this.owner(sessionId, b + c),
          access: accesses[c % 3] ?? 'read',
          deny: denials[(a + c) % 6] ?? 'none',
          waitMs: c < 8 ? 3000 * c : 0,
          want: wants[(a + b) % 4],
          delegationId: this.id('l', fileKey),
          ...{ signal: c % 2 === 0, push: a % 3 === 0, times: b % 2 === 0 },
          reclaim: c === 11 ? true : undefined,
          body: 'open',
        });
        if ('open' in reply.value) this.opens.push(id);
        if ('open' in reply.value && reply.value.open.delegation?.lease !== undefined)
          this.leases.push(reply.value.open.delegation.lease.leaseId);
        return reply;
      }
      case 'reopen':
        return this.call('openCreate', {
          sessionId,
          openId: at(this.opens, b) ?? '',
          file: this.file(b),
          ...this.owner(sessionId, b + c),
          access: accesses[c % 3] ?? 'read',
          deny: denials[a % 6] ?? 'none',
          waitMs: a > 8 ? 3000 : 0,
          reopen: true,
          requestId: `r${String(a % 3)}`,
        });
      case 'reset':
        if (a === 11) {
          const openId = at(this.opens, b) ?? '';
          return this.call('openSet', {
            openId,
            access: accesses[c % 3] ?? 'read',
            deny: 'none',
            waitMs: 0,
            lower: true,
            shown: this.shown(openId, b, c),
          });
        }
        // Two readers, one of whom wants more.
        if (a > 8) for (const other of [0, 1]) await this.step({ do: 'open', a: other, b: a, c: 0 });
        return this.call('openSet', {
          openId: at(this.opens, a > 8 ? this.opens.length - 1 : a) ?? '',
          access: accesses[b % 3] ?? 'read',
          deny: denials[c % 6] ?? 'none',
          waitMs: b > 5 ? 4000 : 0,
          lower: c % 4 === 0,
        });
      case 'want': {
        const id = this.id('l', this.file(b).fileKey);
        const reply = await this.call('delegationWant', {
          sessionId,
          leaseId: id,
          file: this.file(b),
          clientKey: this.owner(sessionId, 0).clientKey,
          want: c === 11 ? 'cancel' : (wants[c % 4] ?? 'read'),
          signal: a % 2 === 0,
          push: b % 3 === 0,
          times: b % 2 === 0,
          reclaim: a === 11 ? true : undefined,
        });
        if ('lease' in reply.value || ('willPush' in reply.value && reply.value.willPush === true))
          this.leases.push(id);
        return reply;
      }
      case 'free': {
        if (c % 3 === 0) return this.call('leaseFree', { leaseId });
        const isLock = c % 2 === 0;
        if (isLock && this.stateids.length === 0) await this.step({ do: 'lock', a, b, c: 4 });
        const id = at(isLock ? this.stateids : this.leases, a) ?? '';
        // As NFS clients do that are done with a file.
        if (isLock && c < 8) await this.call('rangeUnlock', this.lockuShown(id, 0, 0, true));
        return this.call('stateidFree', { id, shown: this.shown(id, b, c) });
      }
      case 'lock': {
        if (b === 11) return this.crowd(a, c);
        const { fileKey } = this.file(b);
        const id = this.id('r', fileKey);
        this.waits.push(id);
        const byStateid = c === 4 ? this.lockShown(a, b) : undefined;
        const who = byStateid?.who ?? { sessionId, ...this.owner(sessionId, a) };
        const reply = await this.call('rangeLock', {
          ...who,
          rangeId: id,
          splitId: this.id('r', fileKey),
          file: this.file(b),
          ...this.range(b, c),
          type: (a + c) % 2 === 0 ? 'write' : 'read',
          waitMs: a > 3 ? 1000 * a : 0,
          reclaim: c === 11 ? true : undefined,
          body: c === 9 || c === 2 ? 'of a set' : undefined,
          shown: byStateid?.shown,
        });
        if ('stateid' in reply.value && reply.value.stateid !== undefined) {
          const { id: stateid } = reply.value.stateid;
          this.holders.set(stateid, who.sessionId);
          this.lockers.set(stateid, who);
        }
        return reply;
      }
      case 'unlock': {
        if (c === 4 || c === 8)
          return this.call('rangeUnlock', this.lockuShown(at(this.stateids, b) ?? '', b, c, false));
        return this.call('rangeUnlock', {
          sessionId,
          splitId: this.id('r', this.file(b).fileKey),
          fileKey: this.file(b).fileKey,
          ...this.owner(sessionId, a),
          ...this.range(b, c),
        });
      }
      case 'test':
        if (c % 4 === 1) return this.permits(a, b, c);
        if (c % 4 === 0) {
          const id = at([this.leases, this.opens, this.stateids][b % 3] ?? [], a) ?? '';
          return this.call('stateidTest', { id, shown: this.shown(id, b, c) });
        }
        return this.call('rangeTest', {
          sessionId,
          file: this.file(b),
          ...this.owner(sessionId, a),
          ...this.range(b, c),
          ...(a === 11 ? { startHi: 1, startLo: 0, endHi: 0, endLo: 0 } : {}),
          type: c % 2 === 0 ? 'write' : 'read',
        });
      case 'unwait':
        if (c % 3 === 0)
          return this.call('rangeCancel', {
            sessionId,
            file: this.file(b),
            ...this.owner(sessionId, a),
            ...this.range(b, c),
            type: (a + c) % 2 === 0 ? 'write' : 'read',
          });
        return b % 2 === 0
          ? this.call('rangeDrop', { rangeId: at(this.waits, a) ?? '' })
          : this.call('changeCancel', { changeId: at(this.waits, a) ?? '' });
      case 'change': {
        if (c > 9) return this.notice(a, b, c);
        // Others have a lease and a delegation that it may break.
        await this.step({ do: 'acquire', a: a + 1, b, c: 4 });
        await this.step({ do: 'want', a: a + 2, b, c: 1 });
        const id = this.id('c', this.file(b).fileKey);
        this.waits.push(id);
        return this.call('fileChange', {
          sessionId,
          changeId: id,
          file: this.file(b),
          ...this.owner(sessionId, a),
          kind: kinds[(b + c) % 6] ?? 'truncate',
          quietMs: c === 0 ? 2000 : 0,
          body: 'change',
          waitMs: a > 3 ? 5000 : 0,
        });
      }
      case 'why':
        return this.call('waitGet', {
          id: at([...this.waits, ...this.opens, ...this.leases], 3 * a + b) ?? '',
        });
      case 'attributes': {
        const askId = this.id('q');
        const [changeHi, changeLo] = offsets[a] ?? [0, 0];
        const [sizeHi, sizeLo] = offsets[c] ?? [0, 0];
        const reply = await this.call('attributesAsk', {
          ...{ sessionId, digest: sessionId, askId, file: this.file(c < 3 ? b : this.written) },
          ...{ changeHi, changeLo, sizeHi, sizeLo },
          times: c % 2 === 0 ? true : undefined,
          waitMs: 500 * c,
        });
        if ('leaseId' in reply.value)
          this.questions.push({ askId, leaseId: reply.value.leaseId ?? '', sessionId });
        return reply;
      }
      case 'tell': {
        const { askId = 'q', leaseId: asked = '' } = at(this.questions.slice(-3), a) ?? {};
        const [sizeHi, sizeLo] = c < 4 ? [] : (offsets[c] ?? []);
        return this.call('attributesTell', {
          ...{ askId, leaseId: b === 0 ? leaseId : asked, sizeHi, sizeLo },
          modified: b % 2 === 0,
          refused: b === 5 ? true : undefined,
          digest: b === 7 ? 'wrong' : undefined,
          modifiedAt: c === 5 ? 't' : undefined,
        });
      }
      case 'recall': {
        const question = at(this.questions.slice(-3), a);
        return this.call('attributesRecall', {
          sessionId: b === 0 ? sessionId : (question?.sessionId ?? sessionId),
          askId: question?.askId ?? 'q',
          leaseId: question?.leaseId ?? leaseId,
        });
      }
      case 'streams':
        return this.call('streamsTell', {
          server: `s${String(b % 3)}`,
          sessions: [{ sessionId, streams: c % 3 }],
          leaving: c === 11,
          // One of an earlier version does not say what it is.
          ...(b % 3 === 0 ? {} : { format: 2, release: '1.0.0', library: 'rules' }),
        });
      case 'reclaimed': {
        const exportName = exportNames[b % 2] ?? '';
        if (c > 9) return this.call('exportGrace', { name: exportName, graceMs: b % 3 === 0 ? 0 : 1000 });
        return this.call('reclaimComplete', { sessionId, exportName: c > 7 ? exportName : undefined });
      }
      case 'close':
        return this.call('openClose', {
          openId: at(this.opens, b) ?? '',
          digest: c === 0 ? 'wrong' : undefined,
          shown: c > 7 ? this.shown(at(this.opens, b) ?? '', b, c) : undefined,
        });
      case 'undo':
        return this.call('leaseUndo', { leaseId, reason: 'fileserver_timeout' });
      case 'keepalive':
        return this.call('keepalive', { sessionId, digest: sessionId });
      case 'end':
        return this.call('sessionEnd', { sessionId, digest: sessionId });
      case 'tick':
        this.clock.now += 250 * (1 + b);
        return this.call('tick', {});
      case 'outage':
        this.clock.now += b % 2 === 0 ? 100_000 : -5000;
        // Somebody may look before anything is done about it.
        if (c % 2 === 0) await this.call('graceGet', c % 4 === 0 ? { exportName: 'local' } : {});
        return this.call('tick', {});
      case 'release':
        return this.call('lockRelease', {
          id: b % 3 === 0 ? (at(this.opens, a) ?? '') : leaseId,
          unfenced: c % 2 === 0,
        });
      case 'break':
        return this.call('lockBreak', { id: leaseId, target: b % 2 === 0 ? 'none' : 'read' });
      case 'check': {
        const known = at(this.tokens, b);
        return this.call('fenceCheck', {
          fileKey: known?.fileKey ?? 'x',
          token: known?.token ?? 0,
          access: c % 2 === 0 ? 'read' : 'write',
        });
      }
      case 'list':
        if (b > 5) return this.reads(sessionId, leaseId, a, c);
        if (b === 0) return this.call('lockGet', { id: c % 2 === 0 ? leaseId : (at(this.opens, a) ?? '') });
        return this.call('lockList', {
          after: 0,
          limit: 3 + b,
          tree: c % 2 === 0,
          state: c % 3 === 0 ? 'breaking' : undefined,
          fileKey: a % 3 === 0 ? this.file(b).fileKey : undefined,
        });
      case 'identify':
        if (b === 5)
          return this.call('subjectSet', {
            tenant: 't0',
            subject: `s${String(a % 3)}`,
            limits: a % 3 === 2 ? little : {},
          });
        return this.call('identify', {
          identity: b % 4 === 0 ? `other${String(a)}` : 'history',
          seen: { epoch: b === 1 ? c : 0, no: 0 },
          limits: limitsOf(a, b, c),
        });
      default:
        return (await this.tree(what, a, b, c)) ?? this.fileserver(what, a, b, c);
    }
  }

  /** Takes and gives back permits of two semaphores, of three sizes, or looks at one. */
  private async permits(a: number, b: number, c: number): Promise<unknown> {
    const exportName = b % 2 === 0 ? 'posix' : 'local';
    const name = `s${String(b % 3)}`;
    const file = {
      fileKey: this.key(`${exportName}//${name}`, { exportName, path: name }),
      exportName,
      path: name,
      fileId: name,
      inode: '<none>:0',
    };
    const known = at(this.permitted, b) ?? '';
    const last = this.tokens.findLast(({ fileKey }) => fileKey === file.fileKey);
    const answers: unknown[] = [
      await this.call('permitGet', { permitId: known, digest: a === 0 ? 'wrong' : undefined }),
      await this.call('permitCheck', { fileKey: file.fileKey, token: last?.token ?? 1 }),
    ];
    if (c === 5) {
      const sessionId = at(this.sessions, a) ?? '';
      const how = b % 3 === 0 ? undefined : ['taken', 'queued'][b % 2];
      answers.push(
        await this.call('setDecide', { sessionId, setId: `set${String(a)}`, body: String(b % 4), how }),
      );
    }
    if (c === 1) answers.push(await this.call('permitDrop', { permitId: known, ifWaiting: a > 8 }));
    for (const n of c === 1 ? [a] : [a, a + 1, a + 2]) {
      const sessionId = at(this.sessions, n) ?? '';
      // An open may have the empty id.
      const permitId = n === 11 && known !== '' ? known : this.id('q', file.fileKey);
      const reply = await this.call('permitTake', {
        ...{ sessionId, digest: sessionId, permitId, body: String(b % 2), maxHoldMs: spanOf(n) },
        ...{ ...this.owner(sessionId, n), waitMs: n % 4 === 0 ? 0 : 1000 * n },
        file: { ...file, semaphore: n === 10 ? 3 : 1 + (b % 2) },
        reclaim: c === 5 && a === 1 ? true : undefined,
      });
      if ('permit' in reply.value) this.permitted.push(permitId);
      answers.push(reply);
    }
    return answers;
  }

  /** Readers of two files, and then others who want the same, in a row. */
  private async crowd(a: number, c: number): Promise<unknown[]> {
    const answers: unknown[] = [];
    const [here, there] = [a % 2, 2 + (a % 2)];
    const each = [4, 5, 11, 2, 9, 7].map((other) => [other, here]);
    for (const [other, b] of [...each, [4, there], [5, there], [8, here]])
      answers.push(await this.step({ do: 'lock', a: other ?? 0, b: b ?? 0, c: c % 2 === 0 ? 1 : 5 }));
    return answers;
  }

  /** What is asked by its id, and by whom it belongs to. */
  private async reads(sessionId: string, leaseId: string, a: number, c: number): Promise<unknown> {
    return [
      await this.call('sessionGet', { sessionId, digest: c === 0 ? 'wrong' : undefined }),
      await this.call('sessionList', { after: 0, limit: 1 + c }),
      await this.call('subjectList', { after: 0, limit: 1 + c }),
      await this.call('serverList', {}),
      await this.call('leaseGet', { leaseId, digest: c === 1 ? 'wrong' : undefined }),
      await this.call('leaseList', { sessionId, after: 0, limit: 1 + c }),
      await this.call('openGet', { openId: at(this.opens, a) ?? '' }),
      await this.call('rangeGet', { rangeId: at(this.waits, a) ?? '' }),
      await this.call('placeCheck', { epoch: c, no: a }),
      await this.call('fenceGet', { fileKey: this.file(c).fileKey }),
      await this.call('pinGet', { pinId: at(this.pins, a) ?? '' }),
      await this.call('operationGet', { operationId: this.operationId }),
      await this.call('exportCount', { name: 'posix', refused: 1, queued: 0 }),
    ];
  }

  /** The operations of administrators, nodes and the service itself on the configuration tree. */
  private async tree(what: Instruction['do'], a: number, b: number, c: number): Promise<unknown> {
    const sessionId = at(this.sessions, a) ?? '';
    const [kind, name] = at(items, b) ?? items[0];
    const operation = { operationId: this.id('g'), deadlineMs: 1000 * c };
    if (['remove', 'hangup', 'stop'].includes(what)) this.operationId = operation.operationId;
    switch (what) {
      case 'naming':
        this.byName = b % 2 === 0;
        return 'ok';
      case 'bind': {
        const incarnation = `i${String(this.incarnation)}`;
        // The adapter comes.
        if (this.byName && c > 8) {
          await this.register();
          await this.call('holdReport', { incarnation, holds: [], done: true });
        }
        const unbound = await this.call('unboundList', { exportName: 'posix', incarnation, limit: 9 });
        const file = at(unbound.value.files, a);
        if (file === undefined) return unbound;
        const path = c === 0 ? 'f0' : file.path;
        return this.call('fileBind', {
          exportName: 'posix',
          fileKey: file.fileKey,
          incarnation,
          realKey: `posix/${path}`,
          fileId: path,
          inode: 'fe:00:7',
          failed: c === 1 ? 'no_such_file' : undefined,
        });
      }
      case 'put': {
        const policy = policies[a % 4] ?? 'refuse';
        const described = { description: 'described' };
        switch (b % 4) {
          case 0:
            return this.region(c === 0 ? 'q' : 'r', a === 0 ? 1 : undefined);
          case 1:
            return this.call('nodePut', { name: 'n', region: c === 0 ? 'q' : 'r', ...described });
          case 2:
            return this.call('stackPut', { name: 'local', prefix: 'tmp-', ...described, policy });
          default:
            return this.call('exportPut', {
              name: c % 2 === 0 ? 'posix' : 'local',
              stack: c % 2 === 0 ? 'posix' : 'local',
              policy,
              directories: c === 3,
              region: c > 9 ? 'r' : undefined,
              own: c === 4 || c === 5 ? { maxHoldMs: 3000 } : {},
              breakMs: 4000,
              lockDelayMs: 0,
            });
        }
      }
      case 'remove':
        return this.call('itemRemove', { kind, name, force: a > 5, ...operation });
      case 'hangup':
        return this.call('exportHangup', { name: b % 2 === 0 ? 'posix' : 'local', ...operation });
      case 'resume':
        return this.call('exportResume', { name: b % 2 === 0 ? 'posix' : 'local' });
      case 'stop':
        return this.call('adapterStop', {
          ...{ stack: 'posix', incarnation: `i${String(this.incarnation)}`, ...operation },
        });
      case 'pin': {
        const pinId = this.id('p');
        this.pins.push(pinId);
        const [by, owner] = at(items, c) ?? items[0];
        const who = a % 2 === 0 ? { sessionId } : { by: { kind: by, name: owner } };
        return this.call('pinAdd', { pinId, kind, name, because: 'why', ...who });
      }
      case 'unpin':
        return this.call('pinDrop', { pinId: at(this.pins, a) ?? '' });
      case 'beat': {
        const incarnation = `n${String(c % 4)}`;
        const beat = await this.call('nodeBeat', { name: 'n', incarnation, leaving: a === 0 });
        if ('refused' in beat.value && beat.value.refused.reason === 'no_such_item') {
          await this.region('r');
          return this.call('nodePut', { name: 'n', region: 'r' });
        }
        if (b > 6) await this.newSession(a, 'n');
        return beat;
      }
      case 'subscribe':
        return b % 4 === 0
          ? this.call('unsubscribe', { region: 'r', sessionId })
          : this.call('subscribe', { region: 'r', sessionId, priority: c % 3 });
      case 'noticed': {
        const { nodes } = (await this.call('nodeList', {})).value;
        const noticeId = nodes[0]?.notice?.noticeId ?? '';
        return this.call('noticeAck', { node: 'n', sessionId, noticeId });
      }
      case 'touch':
        return this.call('exportTouch', { name: 'tmp-1', stack: 'local', breakMs: 4000, lockDelayMs: 0 });
      case 'tree':
        return [
          await this.call('exportList', {}),
          await this.call('stackList', {}),
          await this.call('nodeList', {}),
          await this.call('regionList', {}),
          await this.call('operationList', {}),
          await this.call('dependentList', { kind, name, after: 0, limit: 1 + c }),
        ];
      default:
        return undefined;
    }
  }

  private region(name: string, expect?: number): Promise<unknown> {
    return this.call('regionPut', { name, beatMs: 1000, deadMs: 5000, ackMs: 1000, expect });
  }

  /** The adapter: it mostly does what it was asked, sometimes not, sometimes twice or late. */
  private async fileserver(what: Instruction['do'], a: number, b: number, c: number): Promise<unknown> {
    const incarnation = `i${String(this.incarnation - (c === 0 ? 1 : 0))}`;
    const hold = at(this.spoken.slice(-3), a);
    const spoken = {
      fileKey: hold?.fileKey ?? 'posix/f0',
      exportName: 'posix',
      holdGen: hold?.holdGen ?? 1,
      incarnation,
    };
    switch (what) {
      case 'answer':
      case 'silent': {
        const ask = at(this.asks, a);
        if (ask === undefined) return 'nothing asked';
        // Every fourth answer comes again later.
        if (b % 4 !== 0) this.asks = this.asks.filter((each) => each !== ask);
        this.spoken.push(ask);
        const refused = what === 'answer' && c > 8 && ask.type !== 'none';
        return this.call('holdAnswered', {
          fileKey: ask.fileKey,
          holdGen: ask.holdGen,
          failed: what === 'silent' ? 'fileserver_timeout' : undefined,
          have: what === 'silent' ? undefined : refused ? 'none' : ask.type,
          reason: refused ? 'fileserver_refused' : undefined,
          cookie: ask.type === 'none' ? undefined : `c${String(b % 2)}`,
        });
      }
      case 'fsbreak':
        return this.call('fileserverBreak', {
          ...spoken,
          breakNo: 1,
          target: b % 3 === 0 ? 'read' : 'none',
          remainingMs: b % 4 === 0 ? undefined : 500 * b,
        });
      case 'fslost':
        return this.call('fileserverLost', {
          ...spoken,
          have: b % 2 === 0 ? 'none' : 'read',
          cause: 'fileserver',
        });
      case 'detached':
        if (b % 2 === 0) {
          const { fileKey, fileId, path } = this.file(a % 2);
          return [
            await this.call('nameList', { exportName: 'posix', after: 0 }),
            await this.call('fileMoved', { fileKey, fileId, path, incarnation }),
          ];
        }
        return this.call('fileDetached', { ...spoken, path: 'f0' });
      case 'successor':
        this.incarnation += 1;
        return this.register(a % 3, b);
      case 'deregister':
        return this.call('deregister', { incarnation, letGo: b % 2 === 0 });
      case 'report':
        return this.call('holdReport', {
          incarnation,
          holds: [{ ...this.file(0), type: 'read', holdGen: 5 }],
          done: c !== 1,
        });
      default:
        return this.call('heartbeat', {
          incarnation,
          exports: ['posix'],
          lost: c === 7 ? [{ exportName: 'posix', cause: 'export_moved' }] : undefined,
          dead: b % 2 === 0 ? [`i${String(this.incarnation - 1)}`] : [],
        });
    }
  }
}
