import BTree from 'sorted-btree';
import type { Entry } from '../../core/rows';

interface ListEntry extends Entry {
  list: string;
}

/** By list, then score, then member, so that one tree holds every list and an empty list costs nothing. */
function compare(a: ListEntry, b: ListEntry): number {
  if (a.list !== b.list) return a.list < b.list ? -1 : 1;
  if (a.score !== b.score) return a.score - b.score;
  if (a.member === b.member) return 0;
  return a.member < b.member ? -1 : 1;
}

/** All ordered lists of a table in memory. Scores are integers. */
export class OrderedLists {
  private readonly tree = new BTree<ListEntry, undefined>(undefined, compare, 64);

  link(list: string, member: string, score: number): void {
    this.tree.set({ list, score, member }, undefined);
  }

  unlink(list: string, member: string, score: number): void {
    this.tree.delete({ list, score, member });
  }

  /** Entries with after < score <= upTo, ascending by score and then member, at most `limit`. */
  page(list: string, after: number, upTo: number, limit: number): Entry[] {
    const found: Entry[] = [];
    if (limit <= 0) return found;
    this.tree.editRange(
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
}
