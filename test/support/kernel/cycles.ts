import type { LockView } from '#locks';
import { clash, fieldsOf, type Fields } from './listing';
import { lineOf } from './table-side';

interface Range {
  id: string;
  no: number;
  waits: boolean;
  kind: string;
  /** The holder: a process or an open file description. */
  owner: string;
  fields: Fields;
  line: string;
}
const rangeOf = (row: LockView): Range => {
  const line = lineOf(row);
  const { id, no, kind } = row;
  const waits = row.state === 'waiting';
  return { id, no, waits, kind, owner: `${row.sessionId}/${row.owner}`, fields: fieldsOf(line), line };
};
const meets = (a: Range, b: Range): boolean =>
  (a.owner !== b.owner || a.kind !== b.kind) && clash(a.fields, b.fields);

/** Finds range locks of the table that wait for each other during a history: there must never be any. */
export class Cycles {
  /** For each wait, the earlier waits for its own owner when it began: it does not queue behind those. */
  private readonly spared = new Map<string, string[]>();

  isSpared(later: string, first: string): boolean {
    return this.spared.get(later)?.includes(first) === true;
  }

  /** The lines of a cycle, if there is one. */
  find(rows: readonly LockView[]): string[] | undefined {
    const ranges = rows.filter(({ startHi }) => startHi !== undefined).map(rangeOf);
    const waiting = ranges.filter(({ waits }) => waits);
    const held = ranges.filter(({ waits }) => !waits);
    const waitsForOwner = (first: Range, { owner, kind }: Range): boolean =>
      held.some((hold) => hold.owner === owner && hold.kind === kind && meets(hold, first));
    for (const each of waiting) {
      if (this.spared.has(each.id)) continue;
      const spared = waiting.filter((first) => first.no < each.no && waitsForOwner(first, each));
      this.spared.set(
        each.id,
        spared.map(({ id }) => id),
      );
    }
    const behind = (first: Range, later: Range): boolean =>
      first.no < later.no &&
      meets(first, later) &&
      !this.isSpared(later.id, first.id) &&
      !waitsForOwner(first, later);
    const closes = (path: readonly Range[], owner: string): string[] | undefined => {
      if (path.some((each) => each.owner === owner)) return path.map(({ line }) => line);
      for (const waiter of waiting.filter((each) => each.owner === owner)) {
        for (const next of [
          ...held.filter((hold) => meets(hold, waiter)),
          ...waiting.filter((first) => behind(first, waiter)),
        ]) {
          const cycle = closes([...path, waiter], next.owner);
          if (cycle !== undefined) return cycle;
        }
      }
      return undefined;
    };
    for (const { owner } of waiting) {
      const cycle = closes([], owner);
      if (cycle !== undefined) return cycle;
    }
    return undefined;
  }
}
