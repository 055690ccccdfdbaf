import type { LeaseView, PermitView } from '#locks';
import type { Arbiter } from './arbiter';
import { bodyDigest, derivedId, holdText } from './ids';
import type { Leases } from './leases';
import { isRefused, refuse, type Refused } from './refusal';
import type { Semaphores } from './semaphores';

export interface SetRequest {
  sessionId: string;
  owner?: string;
  leases: { export: string; file: string; type: 'read' | 'write'; maxHoldMs?: number }[];
  permits: { export: string; semaphore: string; limit: number; maxHoldMs?: number }[];
  waitMs: number;
  requestId: string;
}
/** In the order of the request. */
export interface SetView {
  leases: LeaseView[];
  permits: PermitView[];
}

/** One part of a set: what it is called, and what to do about it. */
interface Part {
  kind: 'lease' | 'permit';
  id: string;
  /** Its place in the request. */
  at: number;
  name: string;
  take(patience: { waitMs: number }): Promise<LeaseView | PermitView | Refused>;
  get(): Promise<LeaseView | PermitView | Refused>;
  release(): Promise<unknown>;
}

/** Whether a part is held as it was asked for: it may have been taken away since, or given back. */
const isHeld = (part: LeaseView | PermitView): boolean =>
  'permitId' in part ? part.state === 'held' : part.state === 'active' || part.state === 'breaking';

/**
 * Several leases and permits at once, all or none (docs/decisions/0067-sets.md). They are taken one after the other in
 * one order, whatever the order of the request, so sets never wait for each other in a circle. Each part is an ordinary
 * request with an id of its own, derived from that of the set: fileservers, queues and deadlock detection know no sets.
 */
export class Sets {
  /** By session and request: a repeat that comes while the request is under way shares its end. */
  private readonly running = new Map<string, Promise<SetView | Refused>>();

  constructor(
    private readonly arbiter: Arbiter,
    private readonly leases: Leases,
    private readonly semaphores: Semaphores,
  ) {}

  /**
   * Takes all, or refuses and leaves nothing held. With `waitMs` it waits for each in turn and holds those before it.
   * A repeat finds the set; after it was taken, the parts as they are by then. A refusal with a `waitId` means that the
   * set goes on: a repeat finds it.
   * Refused: as for a lease and for a permit; lease_revoked, lock_over if a part is lost while others are waited for.
   */
  take(request: SetRequest, digest: string): Promise<SetView | Refused> {
    const { sessionId, owner = sessionId, leases, permits, requestId } = request;
    const body = bodyDigest(
      ...['set', owner],
      ...leases.map((each) =>
        JSON.stringify(['lease', each.export, each.file, each.type, ...holdText(each)]),
      ),
      ...permits.map((each) =>
        JSON.stringify(['permit', each.export, each.semaphore, each.limit, ...holdText(each)]),
      ),
    );
    const key = JSON.stringify([sessionId, digest, requestId, body]);
    const known = this.running.get(key);
    if (known !== undefined) return known;
    const run = this.run(this.parts(request, body, digest), request).finally(() => {
      this.running.delete(key);
    });
    this.running.set(key, run);
    return run;
  }

  /** In the order in which all sets take them: by kind, export and name. */
  private parts(request: SetRequest, body: string, digest: string): Part[] {
    const { sessionId, owner, leases, permits, requestId } = request;
    const order = <T extends { name: string }>(all: T[]): T[] =>
      all.sort((a, b) => (a.name < b.name ? -1 : 1));
    const files = order(leases.map((each, at) => ({ ...each, at, name: `${each.export}:${each.file}` })));
    const semaphores = order(
      permits.map((each, at) => ({ ...each, at, name: `${each.export}:${each.semaphore}` })),
    );
    // No requestId of a caller has a space.
    const named = (no: number): string => `${requestId} ${String(no)}`;
    return [
      ...files.map(({ at, name, ...where }, no): Part => {
        const leaseId = derivedId(sessionId, 'lease', named(no));
        const asked = { ...where, sessionId, owner, requestId: named(no), within: body };
        return {
          ...{ kind: 'lease', id: leaseId, at, name },
          take: (patience) => this.leases.acquire(asked, digest, patience),
          get: () => this.leases.get(leaseId, digest),
          release: () => this.arbiter.run('leaseSet', { leaseId, digest, type: 'none' }),
        };
      }),
      ...semaphores.map(({ at, name, ...where }, no): Part => {
        const id = named(files.length + no);
        const permitId = derivedId(sessionId, 'permit', id);
        const asked = { ...where, sessionId, owner, requestId: id, within: body };
        return {
          ...{ kind: 'permit', id: permitId, at, name },
          take: (patience) => this.semaphores.take(asked, digest, patience),
          get: () => this.semaphores.get(permitId, digest),
          release: () => this.semaphores.drop(permitId, digest),
        };
      }),
    ];
  }

  private async run(parts: readonly Part[], { waitMs }: SetRequest): Promise<SetView | Refused> {
    // The last part is taken last: if that is decided, the whole set was, and a repeat changes nothing.
    const last = parts.at(-1);
    const known = await last?.get();
    if (last !== undefined && known !== undefined && !isRefused(known) && isDecided(known)) {
      // It is there, so this takes nothing; but another set may have made it.
      const same = await last.take({ waitMs: 0 });
      return isRefused(same) ? same : this.views(parts);
    }
    const until = performance.now() + waitMs;
    const taken: Part[] = [];
    for (const part of parts) {
      const left = Math.max(0, Math.round(until - performance.now()));
      const got = await part.take({ waitMs: waitMs === 0 ? 0 : left });
      // It goes on without this call: a repeat finds it, and what was taken before it.
      if (isRefused(got) && got.refused.waitId !== undefined) return got;
      if (isRefused(got)) return this.giveBack(taken, part, got);
      taken.push(part);
      if (!isHeld(got)) return this.giveBack(taken, part, overBecause(got));
    }
    // While one was waited for, others may have been broken or taken away.
    const found = await this.views(parts);
    if (isRefused(found)) return this.giveBack(taken, parts.at(-1), found);
    const all = [...found.leases, ...found.permits];
    const lost = all.find((view) => !isHeld(view));
    if (lost === undefined) return found;
    return this.giveBack(
      taken,
      parts.find(({ id }) => id === idOf(lost)),
      overBecause(lost),
    );
  }

  /** All parts as they are now, in the order of the request. */
  private async views(parts: readonly Part[]): Promise<SetView | Refused> {
    const set: SetView = { leases: [], permits: [] };
    for (const part of parts) {
      const { at } = part;
      const view = await part.get();
      if (isRefused(view)) return view;
      if ('permitId' in view) set.permits[at] = view;
      else set.leases[at] = view;
    }
    return set;
  }

  /** Gives back what was taken, the last first, before the refusal leaves. */
  private async giveBack(taken: readonly Part[], of: Part | undefined, got: Refused): Promise<Refused> {
    for (const part of taken.toReversed()) await part.release();
    const what = of === undefined ? '' : ` It was refused the ${of.kind} of ${of.name}.`;
    // Under the same id a repeat would find the parts that were given back.
    const again = taken.length === 0 ? '' : ' Ask again with another requestId.';
    return { refused: { ...got.refused, detail: `Nothing of the set is held.${what}${again}` } };
  }
}

/** Whether a part waits no longer: it is held, or was. */
const isDecided = (part: LeaseView | PermitView): boolean =>
  'permitId' in part
    ? part.state === 'held'
    : part.state !== 'pending' && part.state !== 'allocated' && part.waitType === undefined;

const idOf = (part: LeaseView | PermitView): string => ('permitId' in part ? part.permitId : part.leaseId);

const overBecause = (part: LeaseView | PermitView): Refused =>
  refuse('permitId' in part ? 'lock_over' : part.state === 'released' ? 'lease_released' : 'lease_revoked');
