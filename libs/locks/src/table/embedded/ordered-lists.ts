import BTree from 'sorted-btree';
import type { Entry } from '../../core/rows';

export interface ListEntry extends Entry {
  list: string;
}

/** By list, then score, then member, so that one tree holds every list and an empty list costs nothing. */
function compare(a: ListEntry, b: ListEntry): number {
  if (a.list !== b.list) return a.list < b.list ? -1 : 1;
  if (a.score !== b.score) return a.score - b.score;
  if (a.member === b.member) return 0;
  return a.member < b.member ? -1 : 1;
}

/** All ordered lists of a table in memory, and the slot in which the store has each entry. Scores are integers. */
export class OrderedLists {
  private readonly slots = new BTree<ListEntry, number>(undefined, compare, 64);

  /** Returns whether the entry is new. */
  link(entry: ListEntry, slot: number): boolean {
    return this.slots.setIfNotPresent(entry, slot);
  }

  /** Returns the slot that is free now, if the entry was there. */
  unlink(entry: ListEntry): number | undefined {
    const slot = this.slots.get(entry);
    if (slot !== undefined) this.slots.delete(entry);
    return slot;
  }

  /** Entries with after < score <= upTo, ascending by score and then member, at most `limit`. */
  page(list: string, after: number, upTo: number, limit: number): Entry[] {
    const found: Entry[] = [];
    if (limit <= 0) return found;
    this.slots.editRange(
      { list, score: after + 1, member: '' },
      { list, score: upTo + 1, member: '' },
      false,
      (entry) => {
        found.push({ member: entry.member, score: entry.score });
        return found.length < limit ? undefined : { break: true };
      },
    );
    return found;
  }

  /** Members with score 0, from `from` up to but not `to`, ascending, at most `limit`. */
  span(list: string, from: string, to: string, limit: number): string[] {
    const found: string[] = [];
    if (limit <= 0) return found;
    this.slots.editRange(
      { list, score: 0, member: from },
      { list, score: 0, member: to },
      false,
      ({ member }) => {
        found.push(member);
        return found.length < limit ? undefined : { break: true };
      },
    );
    return found;
  }
}
