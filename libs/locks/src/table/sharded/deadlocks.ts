import type { Wait } from '../../core/io';
import type { CycleMember } from '../../core/rows';

/** Most cycles that one look ends: the next look sees what is left. */
const cyclesAtOnce = 16;

/** A wait that is to end, and the requests that wait for each other, itself first. */
export interface Victim {
  id: string;
  waitNo: number;
  cycle: CycleMember[];
}

/**
 * Deadlocks over several shards. Each shard finds its own at once (core/rules/deadlock.ts); the others show only when what waits
 * in all of them is put together. The shards are read one after the other, so a wait may have ended before the next is read: only what
 * two looks in a row have found is a deadlock, as all of it has waited for each other in between.
 */
export class Deadlocks {
  /** Who waited for whom, as of the last look, among those who could not go on. */
  private before = new Set<string>();

  /** Of each cycle that was there before, the youngest wait. */
  look(waits: readonly Wait[]): Victim[] {
    let left = stuckAmong(waits);
    const now = new Set(left.flatMap((wait) => wait.owners.map((owner) => edge(wait, owner))));
    const known = this.before;
    this.before = now;
    const victims: Victim[] = [];
    while (victims.length < cyclesAtOnce) {
      const cycle = cycleAmong(left, (wait, owner) => known.has(edge(wait, owner)));
      const [first] = cycle;
      if (first === undefined) break;
      const youngest = cycle.reduce((a, b) => (b.waitNo > a.waitNo ? b : a), first);
      const at = cycle.indexOf(youngest);
      const told = [...cycle.slice(at), ...cycle.slice(0, at)];
      victims.push({ id: youngest.id, waitNo: youngest.waitNo, cycle: told.map(memberOf) });
      left = stuckAmong(waits.filter((wait) => !victims.some(({ id }) => id === wait.id)));
    }
    return victims;
  }
}

const edge = ({ id, waitNo }: Wait, owner: string): string => `${id} ${String(waitNo)} ${owner}`;

const memberOf = ({ id, kind, sessionId, owner, exportName, path }: Wait): CycleMember => ({
  ...{ id, kind, sessionId, owner, exportName, path },
});

function byOwner(waits: readonly Wait[]): Map<string, Wait[]> {
  const of = new Map<string, Wait[]>();
  for (const wait of waits) {
    const own = of.get(wait.ownerKey);
    if (own === undefined) of.set(wait.ownerKey, [wait]);
    else own.push(wait);
  }
  return of;
}

/** The waits that nobody can end by going on: an owner goes on when all its waits are over. */
function stuckAmong(waits: readonly Wait[]): Wait[] {
  let left = [...waits];
  for (;;) {
    const of = byOwner(left);
    const goesOn = (owner: string): boolean => !of.has(owner);
    // Whoever has one of its own may give that back.
    const servable = ({ owners, any, ownerKey }: Wait): boolean =>
      any ? owners.some((owner) => owner === ownerKey || goesOn(owner)) : owners.every(goesOn);
    const stuck = left.filter((wait) => !servable(wait));
    if (stuck.length === left.length) return stuck;
    left = stuck;
  }
}

/** Waits that wait for each other in a circle; empty if there are none. */
function cycleAmong(waits: readonly Wait[], counts: (wait: Wait, owner: string) => boolean): Wait[] {
  const of = byOwner(waits);
  const done = new Set<Wait>();
  for (const start of waits) {
    const path: { wait: Wait; next: Wait[] }[] = [];
    const enter = (wait: Wait): void => {
      const next = wait.owners.flatMap((owner) => (counts(wait, owner) ? (of.get(owner) ?? []) : []));
      path.push({ wait, next });
    };
    if (!done.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const wait = top.next.pop();
      if (wait === undefined) {
        done.add(top.wait);
        path.pop();
        continue;
      }
      const at = path.findIndex((each) => each.wait === wait);
      if (at >= 0) return path.slice(at).map((each) => each.wait);
      if (!done.has(wait)) enter(wait);
    }
  }
  return [];
}
