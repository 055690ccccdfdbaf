import { setTimeout as pause } from 'node:timers/promises';
import type { LeaseView, PermitView, RangeClass, RangeView, Reason } from '#locks';
import type { Arbiter } from './arbiter';
import { bodyDigest, derivedId, holdText } from './ids';
import type { Leases } from './leases';
import { type Bytes, endOfFile } from './offsets';
import type { Ranges } from './ranges';
import { isRefused, refuse, type Refused } from './refusal';
import { idsOfRepeat } from './repeats';
import type { Semaphores } from './semaphores';

export interface SetRequest {
  sessionId: string;
  owner?: string;
  leases: { export: string; file: string; type: 'read' | 'write'; maxHoldMs?: number }[];
  ranges: (Bytes & { export: string; file: string; class: RangeClass; type: 'read' | 'write' })[];
  permits: { export: string; semaphore: string; limit: number; maxHoldMs?: number }[];
  waitMs: number;
  /** Answer as soon as a part waits: a repeat goes on from there. */
  queued?: boolean;
  requestId: string;
}
/** In the order of the request. */
export interface SetView {
  leases: LeaseView[];
  ranges: RangeView[];
  permits: PermitView[];
  /** The last part that is in it waits; those after it have not been asked for. */
  waiting?: true;
}

type PartView = LeaseView | RangeView | PermitView;

/** A set that is being taken. */
interface Taking {
  id: string;
  body: string;
  sessionId: string;
  digest: string;
  /** In the order in which they are taken. */
  parts: readonly Part[];
  waitMs: number;
  queued: boolean;
}

/** One part of a set: what it is called, and what to do about it. */
interface Part {
  kind: 'lease' | 'range' | 'permit';
  /** Its place in the request. */
  at: number;
  name: string;
  /** Names the part among those of its session; its id is derived from that. */
  requestId: string;
  take(patience: { waitMs: number; queued?: boolean }): Promise<PartView | Refused>;
  get(id: string): Promise<PartView | Refused>;
  release(id: string): Promise<unknown>;
}

/** Sorts ranges by file, space and first byte. */
const byPlace = (a: RangePlace, b: RangePlace): number =>
  compareText(a.name, b.name) || compareText(spaceOf(a), spaceOf(b)) || Number(a.start - b.start);
type RangePlace = Bytes & { name: string; class: RangeClass };
const spaceOf = ({ class: kind }: RangePlace): string => (kind === 'flock' ? 'whole' : 'bytes');
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const endsText = ({ start, end }: Bytes): string[] => [
  String(start),
  end === endOfFile ? 'EOF' : String(end),
];

/** Whether a part is held as it was asked for: it may have been taken away since, or given back. */
const isHeld = (part: PartView): boolean =>
  'leaseId' in part ? part.state === 'active' || part.state === 'breaking' : part.state === 'held';

/** Whether a part may still be granted. */
const isWaiting = (part: PartView): boolean =>
  !isHeld(part) &&
  ('leaseId' in part
    ? part.waitType !== undefined || part.pendingType !== undefined
    : part.state === 'waiting');

/**
 * Several leases, ranges and permits at once, all or none (docs/decisions/0067-sets.md). They are taken one after the other in
 * one order, whatever the order of the request, so sets never wait for each other in a circle. Each part is an ordinary
 * request with an id of its own, derived from that of the set: fileservers, queues and deadlock detection know no sets.
 */
export class Sets {
  /** By session and request: a repeat that comes while the request is under way shares its end. */
  private readonly running = new Map<string, Promise<SetView | Refused>>();

  constructor(
    private readonly arbiter: Arbiter,
    private readonly leases: Leases,
    private readonly ranges: Ranges,
    private readonly semaphores: Semaphores,
  ) {}

  /**
   * Takes all, or refuses and leaves nothing held. With `waitMs` it waits for each in turn and holds those before it;
   * with `queued` it says so instead, and a repeat goes on.
   * A repeat finds the set; after it was taken, the parts as they are by then. A refusal with a `waitId` means that the
   * set goes on: a repeat finds it.
   * Refused: as for a lease, a range and a permit; lease_revoked, lock_over if a part is lost while others are waited for.
   */
  take(request: SetRequest, digest: string): Promise<SetView | Refused> {
    const { sessionId, owner = sessionId, leases, ranges, permits, requestId } = request;
    const { waitMs, queued = false } = request;
    const body = bodyDigest(
      ...['set', owner],
      ...leases.map((each) =>
        JSON.stringify(['lease', each.export, each.file, each.type, ...holdText(each)]),
      ),
      ...ranges.map((each) =>
        JSON.stringify(['range', each.export, each.file, each.class, ...endsText(each), each.type]),
      ),
      ...permits.map((each) =>
        JSON.stringify(['permit', each.export, each.semaphore, each.limit, ...holdText(each)]),
      ),
    );
    const key = JSON.stringify([sessionId, digest, requestId, body, queued]);
    const known = this.running.get(key);
    if (known !== undefined) return known;
    const id = derivedId(sessionId, 'set', requestId);
    const parts = this.parts(request, body, digest);
    const run = this.run({ id, body, sessionId, digest, parts, waitMs, queued }).finally(() => {
      this.running.delete(key);
    });
    this.running.set(key, run);
    return run;
  }

  /** In the order in which all sets take them: by kind, export, name and first byte. */
  private parts(request: SetRequest, body: string, digest: string): Part[] {
    const { sessionId, owner, leases, ranges, permits, requestId } = request;
    const order = <T extends { name: string }>(all: T[]): T[] =>
      all.sort((a, b) => compareText(a.name, b.name));
    const files = order(leases.map((each, at) => ({ ...each, at, name: `${each.export}:${each.file}` })));
    const bytes = ranges
      .map((each, at) => ({ ...each, at, name: `${each.export}:${each.file}` }))
      .sort(byPlace);
    const semaphores = order(
      permits.map((each, at) => ({ ...each, at, name: `${each.export}:${each.semaphore}` })),
    );
    // No requestId of a caller has a space.
    const named = (no: number): string => `${requestId} ${String(no)}`;
    return [
      ...files.map(({ at, name, ...where }, no): Part => {
        const id = named(no);
        const asked = { ...where, sessionId, owner, requestId: id, within: body };
        return {
          ...{ kind: 'lease', at, name, requestId: id },
          take: (patience) => this.leases.acquire(asked, digest, patience),
          get: (leaseId) => this.leases.get(leaseId, digest),
          release: (leaseId) => this.arbiter.run('leaseSet', { leaseId, digest, type: 'none' }),
        };
      }),
      ...bytes.map(({ at, name, ...where }, no): Part => {
        const id = named(files.length + no);
        const asked = { ...where, sessionId, owner, requestId: id, within: body };
        return {
          ...{ kind: 'range', at, name: `${name}@${endsText(where).join('-')}`, requestId: id },
          take: (patience) => this.ranges.lock(asked, digest, patience),
          get: (rangeId) => this.ranges.get(rangeId, digest),
          release: (rangeId) => this.ranges.giveBack(rangeId, where, digest),
        };
      }),
      ...semaphores.map(({ at, name, ...where }, no): Part => {
        const id = named(files.length + bytes.length + no);
        const asked = { ...where, sessionId, owner, requestId: id, within: body };
        return {
          ...{ kind: 'permit', at, name, requestId: id },
          take: (patience) => this.semaphores.take(asked, digest, patience),
          get: (permitId) => this.semaphores.get(permitId, digest),
          release: (permitId) => this.semaphores.drop(permitId, digest),
        };
      }),
    ];
  }

  private async run(set: Taking): Promise<SetView | Refused> {
    const { parts, waitMs, queued } = set;
    const known = await this.decide(set);
    if (isRefused(known)) return known;
    if (known.how !== undefined) return this.decided(set, known.how);
    const until = performance.now() + waitMs;
    const left = (): number => Math.max(0, Math.round(until - performance.now()));
    const views: PartView[] = [];
    for (const part of parts) {
      const got = queued ? await part.take({ waitMs, queued }) : await this.waitFor(set, part, left());
      if (!isRefused(got) && isWaiting(got)) {
        // Whoever refuses the set at another lease API ends this wait, too, if it finds it: it may have come before.
        const now = await this.decide(set);
        if (isRefused(now)) return now;
        if (now.how !== undefined) return this.decided(set, now.how);
        return { ...inOrder(parts, [...views, got]), waiting: true };
      }
      // It goes on without this call: a repeat finds it, and what was taken before it.
      if (isRefused(got) && got.refused.waitId !== undefined) return got;
      if (isRefused(got)) return this.refuse(set, part, got, views.length === 0);
      views.push(got);
      if (!isHeld(got)) return this.refuse(set, part, overBecause(got));
    }
    // While one was waited for, others may have been broken or taken away.
    for (const [at, part] of parts.entries()) {
      const { kind, requestId } = part;
      const now = await part.get(
        this.arbiter.ids.derived(set.sessionId, kind, requestId, views[at]?.fileKey),
      );
      if (isRefused(now) || !isHeld(now))
        return this.refuse(set, part, isRefused(now) ? now : overBecause(now));
      views[at] = now;
    }
    const decision = await this.decide(set, taken);
    if (isRefused(decision)) return decision;
    return decision.how === taken ? inOrder(parts, views) : this.decided(set, decision.how);
  }

  /** Waits for a part, but not on after another lease API has refused the set: what that gives back is not to be taken again. */
  private async waitFor(set: Taking, part: Part, waitMs: number): Promise<PartView | Refused> {
    const done = new AbortController();
    const look = async (): Promise<void> => {
      for (;;) {
        await pause(lookMs, undefined, { signal: done.signal });
        const known = await this.decide(set);
        if (!isRefused(known) && known.how !== undefined && known.how !== taken)
          await this.release(set, part);
      }
    };
    // It ends with the wait, or as the table does not answer: then the wait ends likewise.
    if (waitMs > 0) void look().catch(() => undefined);
    try {
      return await part.take({ waitMs });
    } finally {
      done.abort();
    }
  }

  /** What the first lease API to come to an end of it has decided, which may be this one now. */
  private decide({ id, body, sessionId, digest }: Taking, how?: string): Promise<{ how?: string } | Refused> {
    return this.arbiter.run('setDecide', { sessionId, digest, setId: id, body, how });
  }

  /** A repeat after the end: the parts as they are by then; of a set that was refused, nothing is left. */
  private async decided(set: Taking, how = ''): Promise<SetView | Refused> {
    if (how !== taken) return this.giveBack(set, undefined, refuse(how as Reason));
    const views: PartView[] = [];
    for (const part of set.parts) {
      const view = await this.find(set, part);
      if (isRefused(view)) return view;
      views.push(view);
    }
    return inOrder(set.parts, views);
  }

  /** A part that another call may have taken. */
  private async find(set: Taking, part: Part): Promise<PartView | Refused> {
    let found: PartView | Refused = refuse('no_such_lock');
    for (const id of await idsOfRepeat(this.arbiter, set, part.kind, part.requestId)) {
      found = await part.get(id);
      if (!isRefused(found) || !notThere.has(found.refused.reason)) return found;
    }
    return found;
  }

  /**
   * Gives back what was taken, unless this is decided already: a repeat of this at another lease API may have found all of it
   * held. A set that took `nothing` may be asked for again.
   */
  private async refuse(set: Taking, of: Part, got: Refused, nothing = false): Promise<SetView | Refused> {
    const { reason } = got.refused;
    const decision = await this.decide(set, nothing ? undefined : reason);
    if (isRefused(decision)) return decision;
    if (decision.how === undefined) return saysNothingHeld(of, got);
    return decision.how === reason ? this.giveBack(set, of, got) : this.decided(set, decision.how);
  }

  private async release(set: Taking, part: Part): Promise<void> {
    for (const id of await idsOfRepeat(this.arbiter, set, part.kind, part.requestId)) await part.release(id);
  }

  /** Gives back what there is of it, the last first, before the refusal leaves. */
  private async giveBack(set: Taking, of: Part | undefined, got: Refused): Promise<Refused> {
    for (const part of set.parts.toReversed()) await this.release(set, part);
    return saysNothingHeld(of, got, ' Ask again with another requestId.');
  }
}

const notThere: ReadonlySet<Reason> = new Set<Reason>(['no_such_lease', 'no_such_lock']);
/** How often a set that waits looks whether it was refused elsewhere. */
const lookMs = 1_000;

/** How a set was decided whose parts were all held at once; any other word is why it was refused. */
const taken = 'taken';

const saysNothingHeld = (of: Part | undefined, { refused }: Refused, next = ''): Refused => {
  const what = of === undefined ? '' : ` It was refused the ${of.kind} of ${of.name}.`;
  return { refused: { ...refused, detail: `Nothing of the set is held.${what}${next}` } };
};

/** The views of all parts, in the order of the request. */
function inOrder(parts: readonly Part[], views: readonly PartView[]): SetView {
  const set: SetView = { leases: [], ranges: [], permits: [] };
  for (const [no, { at }] of parts.entries()) {
    const view = views[no];
    if (view === undefined) continue;
    if ('permitId' in view) set.permits[at] = view;
    else if ('rangeId' in view) set.ranges[at] = view;
    else set.leases[at] = view;
  }
  // Those that have not been asked for have left holes.
  return {
    ...{ leases: set.leases.filter(Boolean), ranges: set.ranges.filter(Boolean) },
    permits: set.permits.filter(Boolean),
  };
}

const overBecause = (part: PartView): Refused =>
  refuse('leaseId' in part ? (part.state === 'released' ? 'lease_released' : 'lease_revoked') : 'lock_over');
