import fc from 'fast-check';
import type { FileRef, ModalFlags, RecordRow, StepReply, Table, VerbInput, VerbName } from '#locks';
import type { Mode } from '../../libs/locks/src/core/rows';
import { scenarioLimits } from './scenario';

/**
 * Random histories of locks in modes: four holders, each with a few locks on two resources. The same moves go to our
 * tables and to the kernel's DLM (test/dlm), and what each lock hears of a move has one form.
 */
export const holders = 4;
const slots = 3;
const modes: readonly Mode[] = ['NL', 'CR', 'CW', 'PR', 'PW', 'EX'];

export interface Move {
  do: 'lock' | 'convert' | 'cancel' | 'unlock' | 'kill' | 'wait';
  holder: number;
  slot: number;
  resource: number;
  mode: Mode;
  /** Picks the flags. */
  flags: number;
  block: number;
}

const completions = ['granted', 'refused', 'deadlock', 'cancelled', 'unlocked', 'adopted'] as const;
const news = [...completions, 'blocking', 'invalid', 'busy', 'missing'] as const;

/** What one lock hears: a completion with its status, or a notice. Statuses are those of libdlm. */
export interface Heard {
  lock: number;
  what: (typeof news)[number];
  mode?: Mode;
  demoted?: true;
  alternative?: true;
  block?: string;
  invalid?: true;
  /** Of an adopted lock: the strongest mode that it was in the way of, of which nobody was told. */
  missed?: Mode;
}

const newFlags: ModalFlags[] = [
  ...[{}, {}, {}, { noqueue: true }, { noqueue: true, noqueuebast: true }, {}],
  ...[{ altpr: true }, { altcw: true }, { altpr: true, noqueue: true }, { expedite: true }],
  ...[{ persistent: true }, { quecvt: true }, { headque: true }, { orphan: true }],
  ...[{ persistent: true }, { persistent: true, noqueue: true }, { nodlckwt: true }, { orphan: true }],
  ...[{}, {}, {}, {}],
];
const convertFlags: ModalFlags[] = [
  ...[
    {},
    {},
    { convdeadlk: true },
    { noqueue: true },
    { noqueue: true, noqueuebast: true },
    { quecvt: true },
  ],
  ...[{ convdeadlk: true }, { convdeadlk: true }, { altpr: true }, { altcw: true }, { ivvalblk: true }],
  ...[{ expedite: true }, { headque: true }, { nodlckwt: true }, { nodlckwt: true }, {}],
  ...[{ convdeadlk: true }, { convdeadlk: true }, { convdeadlk: true }, { convdeadlk: true }],
  ...[
    { convdeadlk: true, altpr: true },
    { convdeadlk: true, headque: true },
    { convdeadlk: true, quecvt: true },
  ],
  ...[
    { nodlckwt: true, headque: true },
    { nodlckwt: true, quecvt: true },
  ],
];
export const movesOf = (maxLength: number): fc.Arbitrary<Move[]> =>
  fc.array(
    fc.record({
      do: fc.oneof(
        ...(
          [
            ['lock', 10],
            ['convert', 14],
            ['cancel', 2],
            ['unlock', 5],
            ['kill', 2],
            ['wait', 1],
          ] as const
        ).map(([what, weight]) => ({ arbitrary: fc.constant(what), weight })),
      ),
      holder: fc.nat(holders - 1),
      slot: fc.nat(slots - 1),
      resource: fc.nat(5).map((n) => (n === 5 ? 1 : 0)),
      mode: fc.constantFrom(...modes, 'PR', 'EX'),
      flags: fc.nat(convertFlags.length - 1),
      block: fc.integer({ min: 1, max: 250 }),
    }),
    { maxLength, size: 'max' },
  );

/** What a move asks for, in full: a lock that is there is converted and not asked for again. */
export interface Request {
  do: Move['do'] | 'nothing';
  holder: number;
  lock: number;
  /** The lock's number in the kernel: that of the request that adopted it, if one did. */
  there: number;
  resource: string;
  mode: Mode;
  flags: ModalFlags;
  /** The lock has a value block; what a request would write. */
  valblk: boolean;
  block: string;
  persistent: boolean;
}

interface Known {
  lock: number;
  there: number;
  resource: string;
  valblk: boolean;
  persistent: boolean;
  ivvalblk: boolean;
}

/** Turns moves into requests. It knows which locks exist from what was heard. */
export class Requests {
  private readonly known = new Map<string, Known>();
  private count = 0;

  constructor(private readonly name: string) {}

  next(move: Move): Request {
    const { holder, slot, mode } = move;
    const at = `${String(holder)} ${String(slot)}`;
    const known = this.known.get(at);
    const request: Request = {
      ...{
        do: move.do,
        holder,
        lock: known?.lock ?? 0,
        there: known?.there ?? 0,
        resource: known?.resource ?? `${this.name}${String(move.resource)}`,
        mode,
      },
      ...{ flags: {}, valblk: known?.valblk ?? move.block % 2 === 0, persistent: known?.persistent === true },
      block: move.block.toString(16).padStart(2, '0').repeat(32),
    };
    if (move.do === 'kill' || move.do === 'wait') return request;
    if (known === undefined) {
      this.count += 1;
      const flags = newFlags[move.flags] ?? {};
      const persistent = flags.persistent === true || flags.orphan === true;
      const lock = this.count;
      const { resource, valblk } = request;
      this.known.set(at, { lock, there: lock, resource, valblk, persistent, ivvalblk: false });
      return { ...request, do: 'lock', lock, there: lock, flags, persistent };
    }
    if (move.do === 'lock' || move.do === 'convert') {
      const flags = convertFlags[move.flags] ?? {};
      known.ivvalblk = flags.ivvalblk === true;
      return { ...request, do: 'convert', flags };
    }
    // Only this is certain of an unlock through libdlm (dlm-differences.ts).
    const ivvalblk = known.ivvalblk || known.valblk ? true : undefined;
    return move.do === 'unlock' ? { ...request, flags: { ivvalblk } } : request;
  }

  /** Learns which locks are gone, and which one was adopted. */
  heard(request: Request, news: readonly Heard[]): void {
    const adopted = news.find(({ what }) => what === 'adopted');
    if (adopted !== undefined) {
      for (const each of this.known.values()) if (each.lock === request.lock) each.lock = adopted.lock;
      request.lock = adopted.lock;
    }
    const gone = new Set(news.filter(({ what }) => what === 'unlocked').map(({ lock }) => lock));
    // A new lock that was not granted is gone, and so is one whose request was cancelled before any grant. One that
    // waits stays when a conversion of it is refused.
    const ends = [
      'cancelled',
      'deadlock',
      'missing',
      ...(request.do === 'lock' ? ['refused', 'invalid'] : []),
    ];
    for (const { lock, what } of news) if (!this.granted.has(lock) && ends.includes(what)) gone.add(lock);
    for (const { lock, what } of news) if (what === 'granted') this.granted.add(lock);
    for (const [at, { lock }] of this.known) {
      const killed = request.do === 'kill' && at.startsWith(`${String(request.holder)} `);
      if (killed || gone.has(lock)) this.known.delete(at);
    }
  }
  private readonly granted = new Set<number>();

  /** Every lock that exists, by holder, as it is numbered in the kernel. */
  all(): [number, number][] {
    return [...this.known].map(([at, { there }]) => [Number(at.split(' ')[0]), there]);
  }

  /** The locks of a holder. */
  of(holder: number): Set<number> {
    return new Set(
      [...this.known].flatMap(([at, { lock }]) => (Number(at.split(' ')[0]) === holder ? [lock] : [])),
    );
  }
}

type Call = <V extends VerbName>(verb: V, input: VerbInput<V>) => Promise<StepReply<V>>;
const waitMs = 3_000_000;

/** Our side: every lock has an owner of its own, since the kernel knows no owners. */
export class DlmPlayer {
  private readonly lives = [0, 0, 0, 0];
  private seen = 0;

  constructor(
    private readonly table: Pick<Table, 'history'> & { call: Call },
    private readonly clock: { now: number },
    private readonly exportName = 'local',
  ) {}

  async begin(): Promise<void> {
    const limits = { ...scenarioLimits, queueMax: 100 };
    await this.table.call('identify', { identity: 'dlm', limits });
    await this.table.call('exportDeclare', { name: this.exportName, breakMs: 4000, lockDelayMs: 0 });
    for (let holder = 0; holder < holders; holder += 1) await this.session(holder);
  }

  private id(holder: number): string {
    return `s${String(holder)}.${String(this.lives[holder])}`;
  }

  private session(holder: number): Promise<unknown> {
    const sessionId = this.id(holder);
    return this.table.call('sessionCreate', { sessionId, digest: sessionId, ttlMs: 3_600_000, pid: holder });
  }

  /** Ends every session. */
  async end(): Promise<void> {
    for (let holder = 0; holder < holders; holder += 1) while ((await this.endOne(holder)).more);
  }

  private async endOne(holder: number): Promise<{ more: boolean }> {
    const { value } = await this.table.call('sessionEnd', { sessionId: this.id(holder) });
    if ('refused' in value) throw new Error(value.refused.reason);
    return value;
  }

  /** What every lock heard of this request. */
  async ask(request: Request): Promise<Heard[]> {
    const answer = await this.send(request);
    const { records } = await this.table.history(this.seen, 10_000);
    this.seen = records.at(-1)?.no ?? this.seen;
    const told = records.flatMap((record) => heardIn(record));
    // The kernel completes an unlock, and so the request that waited, once.
    const isTwice = ({ lock, what }: Heard): boolean => what === 'cancelled' && lock === request.lock;
    return [...answer, ...(request.do === 'unlock' ? told.filter((each) => !isTwice(each)) : told)];
  }

  private async send({ do: what, ...request }: Request): Promise<Heard[]> {
    const { lock, holder, mode, flags, valblk, block, resource } = request;
    const sessionId = this.id(holder);
    const lockId = `l${String(lock)}`;
    const file: FileRef = {
      ...{ fileKey: resource, exportName: this.exportName, path: resource, fileId: resource },
      ...{ inode: '<none>:0', resource: true },
    };
    const owner = { owner: lockId, ownerKey: `${sessionId}/${lockId}`, clientKey: sessionId };
    const asked = { ...flags, valblk: valblk ? true : undefined };
    const written = valblk ? block : undefined;
    switch (what) {
      case 'lock': {
        const input = { sessionId, lockId, file, ...owner, mode, flags: asked, waitMs };
        const before = flags.orphan === true ? await this.granted(resource) : [];
        const reply = await this.table.call('dlmLock', input);
        if (flags.orphan !== true || 'refused' in reply.value) return this.refusal(lock, reply);
        const adopted = reply.value.lock.lockId;
        const missed = before.find((each) => each.lockId === adopted)?.blocking;
        return [
          { lock: Number(adopted.slice(1)), what: 'adopted', ...(missed === undefined ? {} : { missed }) },
        ];
      }
      case 'convert':
        return this.refusal(
          lock,
          await this.table.call('dlmConvert', { lockId, mode, flags: asked, waitMs, block: written }),
        );
      case 'cancel':
        await this.table.call('dlmCancel', { sessionId, lockId, ahead: true });
        return [];
      case 'unlock': {
        const { ivvalblk } = flags;
        const reply = await this.table.call('dlmUnlock', { lockId, ivvalblk, block: written });
        return 'unlocked' in reply.value ? [{ lock, what: 'unlocked' }] : this.refusal(lock, reply);
      }
      case 'kill':
        while ((await this.endOne(holder)).more);
        this.lives[holder] = (this.lives[holder] ?? 0) + 1;
        await this.session(holder);
        return [];
      default:
        this.clock.now += 500;
        await this.table.call('tick', {});
        return [];
    }
  }

  private async granted(fileKey: string): Promise<readonly { lockId: string; blocking?: Mode }[]> {
    const { value } = await this.table.call('resourceGet', { fileKey, limit: 100 });
    return 'refused' in value ? [] : value.resource.granted;
  }

  private refusal(lock: number, { value }: { value: object }): Heard[] {
    if (!('refused' in value)) return [];
    const { reason } = (value as { refused: { reason: string } }).refused;
    const what = refusals[reason];
    if (what === undefined) throw new Error(`refused: ${reason}`);
    return [{ lock, what }];
  }
}

const refusals: { readonly [reason: string]: Heard['what'] } = {
  mode_conflict: 'refused',
  queued: 'refused',
  deadlock: 'deadlock',
  bad_flags: 'invalid',
  request_pending: 'busy',
  no_such_lock: 'missing',
};

function heardIn(record: RecordRow): Heard[] {
  if (record.kind === 'completed') {
    const { lockId, demoted, altMode, read } = record;
    const heard: Heard = { lock: Number(lockId.slice(1)), what: 'granted' };
    if (demoted === true) heard.demoted = true;
    if (altMode === true) heard.alternative = true;
    if (read?.block !== undefined) heard.block = read.block;
    if (read?.block !== undefined && !read.valid) heard.invalid = true;
    return [heard];
  }
  if (record.kind === 'blocking')
    return [{ lock: Number(record.lockId.slice(1)), what: 'blocking', mode: record.mode }];
  if (record.kind !== 'dropped' || record.lockId === undefined) return [];
  const what = record.reason === 'deadlock' ? 'deadlock' : 'cancelled';
  return record.reason === 'session_expired' ? [] : [{ lock: Number(record.lockId.slice(1)), what }];
}
