import type { Entry } from '../../core/rows';
import { TextMap } from './text-map';

export interface ListEntry extends Entry {
  list: string;
}

/** A list with more entries than this is stored as sorted pages. */
const chainMax = 8;
/** Most entries of a page; one with fewer than a quarter is merged with a neighbour that is at most half full. */
const pageMax = 128;

/** An entry of a short list, and the next one. */
class Link {
  constructor(
    readonly member: string,
    readonly score: number,
    readonly slot: number,
    public next: Link | undefined,
  ) {}
}

/** Entries in order, without their slots. */
class Keys {
  constructor(
    readonly scores: number[] = [],
    readonly members: string[] = [],
  ) {}

  get size(): number {
    return this.scores.length;
  }

  /** Position of the first entry that is not below the given one. */
  at(score: number, member: string): number {
    const { scores, members } = this;
    let from = 0;
    let to = scores.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const there = scores[middle] as number;
      if (there < score || (there === score && (members[middle] as string) < member)) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  is(at: number, score: number, member: string): boolean {
    return this.scores[at] === score && this.members[at] === member;
  }

  insert(at: number, score: number, member: string): void {
    this.scores.splice(at, 0, score);
    this.members.splice(at, 0, member);
  }

  remove(at: number): void {
    this.scores.splice(at, 1);
    this.members.splice(at, 1);
  }
}

class Page {
  constructor(
    readonly keys = new Keys(),
    readonly slots: number[] = [],
  ) {}

  insert(at: number, score: number, member: string, slot: number): void {
    this.keys.insert(at, score, member);
    this.slots.splice(at, 0, slot);
  }

  /** Moves the entries from `at` onwards to a new page. */
  split(at: number): Page {
    const { scores, members } = this.keys;
    return new Page(new Keys(scores.splice(at), members.splice(at)), this.slots.splice(at));
  }

  join(after: Page): void {
    this.keys.scores.push(...after.keys.scores);
    this.keys.members.push(...after.keys.members);
    this.slots.push(...after.slots);
  }
}

/** A long list. Scores are in contiguous arrays of numbers, so that a search causes few cache misses. */
class Pages {
  private readonly pages = [new Page()];
  /** Boundaries: entries of page n are below floor n, those of page n + 1 at or above it. */
  private readonly floors = new Keys();

  get empty(): boolean {
    return this.pages.length === 1 && this.pageAt(0).keys.size === 0;
  }

  link(score: number, member: string, slot: number): boolean {
    const no = this.pageOf(score, member);
    const page = this.pageAt(no);
    const at = page.keys.at(score, member);
    if (page.keys.is(at, score, member)) return false;
    if (page.keys.size < pageMax) {
      page.insert(at, score, member, slot);
      return true;
    }
    // A list that grows at its end leaves full pages behind.
    const atEnd = at === pageMax && no === this.pages.length - 1;
    const added = page.split(atEnd ? at : pageMax / 2);
    if (at >= page.keys.size) added.insert(at - page.keys.size, score, member, slot);
    else page.insert(at, score, member, slot);
    this.pages.splice(no + 1, 0, added);
    this.floors.insert(no, added.keys.scores[0] as number, added.keys.members[0] as string);
    return true;
  }

  unlink(score: number, member: string): number | undefined {
    const no = this.pageOf(score, member);
    const page = this.pageAt(no);
    const at = page.keys.at(score, member);
    if (!page.keys.is(at, score, member)) return undefined;
    page.keys.remove(at);
    const [slot] = page.slots.splice(at, 1);
    if (page.keys.size < pageMax / 4 && this.pages.length > 1) this.shrink(no);
    return slot;
  }

  /** Tells every entry from this one on, in order, until `tell` returns false. */
  from(score: number, member: string, tell: (score: number, member: string) => boolean): void {
    let no = this.pageOf(score, member);
    let at = this.pageAt(no).keys.at(score, member);
    for (; no < this.pages.length; no++, at = 0) {
      const { scores, members } = this.pageAt(no).keys;
      for (; at < scores.length; at++) if (!tell(scores[at] as number, members[at] as string)) return;
    }
  }

  private pageAt(no: number): Page {
    return this.pages[no] as Page;
  }

  /** The page that this entry is in, or would be in. */
  private pageOf(score: number, member: string): number {
    const at = this.floors.at(score, member);
    return this.floors.is(at, score, member) ? at + 1 : at;
  }

  private shrink(no: number): void {
    const small = this.pageAt(no).keys.size;
    for (const left of [no, no - 1]) {
      if (left < 0 || left + 1 >= this.pages.length) continue;
      const other = this.pageAt(left === no ? no + 1 : left);
      if (small > 0 && other.keys.size > pageMax / 2) continue;
      this.pageAt(left).join(this.pageAt(left + 1));
      this.pages.splice(left + 1, 1);
      this.floors.remove(left);
      return;
    }
  }
}

/**
 * All ordered lists of a table in memory, with the store's slot of each entry. Scores are integers. Most lists have one
 * or two entries (those of a file), a few have up to a million; empty lists are dropped.
 */
export class OrderedLists {
  private readonly lists = new TextMap<Link | Pages>();

  /** Returns whether the entry is new. */
  link({ list, score, member }: ListEntry, slot: number): boolean {
    const found = this.lists.get(list);
    if (found instanceof Pages) return found.link(score, member, slot);
    let before: Link | undefined;
    let after = found;
    let size = 0;
    for (; after !== undefined && isBelow(after, score, member); after = after.next) {
      before = after;
      size += 1;
    }
    if (after?.score === score && after.member === member) return false;
    const added = new Link(member, score, slot, after);
    if (before === undefined) this.lists.set(list, added);
    else before.next = added;
    for (; after !== undefined; after = after.next) size += 1;
    if (size < chainMax) return true;
    const pages = new Pages();
    for (let each = before === undefined ? added : found; each !== undefined; each = each.next)
      pages.link(each.score, each.member, each.slot);
    this.lists.set(list, pages);
    return true;
  }

  /** Returns the slot that this frees, if the entry existed. */
  unlink({ list, score, member }: ListEntry): number | undefined {
    const found = this.lists.get(list);
    if (found instanceof Pages) {
      const slot = found.unlink(score, member);
      if (found.empty) this.lists.delete(list);
      return slot;
    }
    let before: Link | undefined;
    for (let each = found; each !== undefined; before = each, each = each.next) {
      if (each.score !== score || each.member !== member) continue;
      if (before !== undefined) before.next = each.next;
      else if (each.next !== undefined) this.lists.set(list, each.next);
      else this.lists.delete(list);
      return each.slot;
    }
    return undefined;
  }

  /** Entries with after < score <= upTo, ascending by score and then member, at most `limit`. */
  page(list: string, after: number, upTo: number, limit: number): Entry[] {
    const found: Entry[] = [];
    if (limit <= 0) return found;
    this.from(list, after + 1, '', (score, member) => {
      if (score > upTo) return false;
      found.push({ member, score });
      return found.length < limit;
    });
    return found;
  }

  /** Members with score 0 and from <= member < to, ascending, at most `limit`. */
  span(list: string, from: string, to: string, limit: number): string[] {
    const found: string[] = [];
    if (limit <= 0) return found;
    this.from(list, 0, from, (score, member) => {
      if (score > 0 || member >= to) return false;
      found.push(member);
      return found.length < limit;
    });
    return found;
  }

  private from(
    list: string,
    score: number,
    member: string,
    tell: (score: number, member: string) => boolean,
  ): void {
    const found = this.lists.get(list);
    if (found instanceof Pages) {
      found.from(score, member, tell);
      return;
    }
    for (let each = found; each !== undefined; each = each.next)
      if (!isBelow(each, score, member) && !tell(each.score, each.member)) return;
  }
}

function isBelow(link: Link, score: number, member: string): boolean {
  return link.score < score || (link.score === score && link.member < member);
}
