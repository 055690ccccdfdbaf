import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Damaged } from './store';

/*
 * LMDB maps its file and trusts what it finds there: a damaged page causes a crash or, worse, a table with rows
 * missing. So the file is first read as plain bytes, and everything LMDB will rely on is checked. The values have
 * checksums of their own. The layout is that of MDB_page, MDB_node and MDB_meta in lmdb's mdb.c, little-endian, 64
 * bits.
 */

const header = 24;
const nodeHeader = 8;
/** Flag of an entry whose value has pages of its own, and the size of the reference to them. */
const bigData = 1;
const overflowReference = 24;
const magic = 0xbeefc0de;
const version = 2;
const flag = { branch: 1, leaf: 2, overflow: 4, meta: 8 };
const depthMax = 32;
const pagesMax = 2 ** 31;

/** What a meta page says about one of its two trees. */
interface Tree {
  name: string;
  pad: number;
  flags: number;
  depth: number;
  counts: Counts;
  root: number | undefined;
  compare: Compare;
}
interface Counts {
  branches: number;
  leaves: number;
  overflows: number;
  entries: number;
}
interface Meta {
  free: Tree;
  rows: Tree;
  lastPage: number;
  txn: number;
}
interface Key {
  page: Buffer;
  from: number;
  to: number;
}
type Compare = (a: Key, b: Key) => number;

/** Throws, saying what is wrong, unless the newest commit is complete and nothing would mislead the next one. */
export function checkLmdbFile(file: string): void {
  const fd = openSync(file, 'r');
  try {
    new Check(fd).run();
  } finally {
    closeSync(fd);
  }
}

class Check {
  private readonly size: number;
  private pageSize = 4096;
  private txn = 0;
  /** By page: 1 = in use, or in a list of free pages. */
  private claims = new Uint8Array();
  /** One page buffer per level of the tree being walked. */
  private readonly pages: Buffer[] = [];

  constructor(private readonly fd: number) {
    this.size = fstatSync(fd).size;
  }

  run(): void {
    const { free, rows, lastPage, txn } = this.newest();
    this.txn = txn;
    this.claims = new Uint8Array(lastPage + 1);
    this.claim(0, 2);
    const lists: Buffer[] = [];
    this.walk(free, (list) => lists.push(list));
    this.walk(rows);
    for (const list of lists) this.claimFree(list);
  }

  /** Both meta pages must be intact: transaction n writes page n % 2, so one is always exactly one behind the other. */
  private newest(): Meta {
    const even = this.metaOf(0);
    this.pageSize = even.free.pad;
    const odd = this.metaOf(1);
    if (Math.abs(even.txn - odd.txn) !== 1 || even.txn % 2 !== 0)
      throw damaged(`its meta pages belong to the transactions ${String(even.txn)} and ${String(odd.txn)}`);
    for (const tree of ['free', 'rows'] as const)
      if (even[tree].pad !== odd[tree].pad || even[tree].flags !== odd[tree].flags)
        throw damaged('its meta pages disagree about what kind of file it is');
    this.checkAge(even);
    this.checkAge(odd);
    return even.txn > odd.txn ? even : odd;
  }

  /**
   * Every commit rewrites the root of the rows, so the root shows which commit a meta page belongs to. Otherwise a meta
   * page whose number was damaged could pass for another, and the last commit would be lost. A page of the older commit
   * is not reused before the next commit but one.
   */
  private checkAge({ rows: { root }, lastPage, txn }: Meta): void {
    if (root !== undefined && (root > lastPage || number64(this.read(root, 1), 8) !== txn))
      throw damaged(`the meta page of transaction ${String(txn)} leads to rows of another`);
  }

  private metaOf(no: number): Meta {
    const page = this.read(no, 0);
    if (page.readUInt16LE(18) !== flag.meta || page.readUInt32LE(header) !== magic)
      throw damaged(`page ${String(no)} is not the expected meta page`);
    if (page.readUInt32LE(header + 4) !== version) throw damaged('it was written by another version of LMDB');
    const free = treeOf(page, header + 24, 'free pages', compareNumbers);
    if (free.pad < 4096 || free.pad > 65_536 || (free.pad & (free.pad - 1)) !== 0)
      throw damaged(`it claims pages of ${String(free.pad)} bytes`);
    const rows = treeOf(page, header + 72, 'rows', compareBytes);
    const lastPage = number64(page, header + 120);
    if (lastPage < 1 || lastPage > pagesMax) throw damaged(`it claims ${String(lastPage + 1)} pages`);
    return { free, rows, lastPage, txn: number64(page, header + 128) };
  }

  /** Visits every page of a tree and compares the counts with those of the meta page. */
  private walk(tree: Tree, onValue?: (value: Buffer) => unknown): void {
    const { name, depth, root, counts } = tree;
    if (depth > depthMax || (root === undefined) !== (depth === 0))
      throw damaged(`its tree of ${name} claims a depth of ${String(depth)}`);
    const counted: Counts = { branches: 0, leaves: 0, overflows: 0, entries: 0 };
    if (root !== undefined) this.visit(root, 1, { tree, counted, onValue }, {});
    for (const each of ['branches', 'leaves', 'overflows', 'entries'] as const)
      if (counted[each] !== counts[each])
        throw damaged(
          `its tree of ${name} has ${String(counted[each])} ${each}, but should have ${String(counts[each])}`,
        );
  }

  /** Checks one page and everything below it. Its keys must be at least `low` and less than `high`. */
  private visit(no: number, level: number, walk: Walk, { low, high }: { low?: Key; high?: Key }): void {
    const { tree, counted } = walk;
    this.claim(no, 1);
    const page = this.read(no, level);
    const isLeaf = level === tree.depth;
    const wrong = (what: string) => damaged(`page ${String(no)} of ${tree.name}: ${what}`);
    if (number64(page, 0) !== no || number64(page, 8) > this.txn) throw wrong('it has another page number');
    if (page.readUInt16LE(18) !== (isLeaf ? flag.leaf : flag.branch)) throw wrong('it is of another kind');
    const [lower, upper] = [page.readUInt16LE(20), page.readUInt16LE(22)];
    const count = lower / 2;
    if (lower % 2 !== 0 || count < (isLeaf ? 1 : 2) || lower > upper || header + upper > this.pageSize)
      throw wrong('its bounds are impossible');
    if (isLeaf) counted.leaves += 1;
    else counted.branches += 1;

    const keys = new Array<Key>(count);
    let used = 0;
    let before = low;
    for (let n = 0; n < count; n++) {
      const node = header + page.readUInt16LE(header + 2 * n);
      if (node < header + upper || node + nodeHeader > this.pageSize)
        throw wrong('an entry is out of bounds');
      const from = node + nodeHeader;
      const key = { page, from, to: from + page.readUInt16LE(node + 6) };
      keys[n] = key;
      const size = isLeaf ? inPage(key) : 0;
      if (key.to + size > this.pageSize) throw wrong('an entry does not fit');
      used += even(nodeHeader + key.to - from + size);
      // LMDB ignores the first key of a branch.
      if (!isLeaf && n === 0) continue;
      const order = before === undefined ? -1 : tree.compare(before, key);
      if (order > 0 || (order === 0 && before !== low)) throw wrong('its keys are out of order');
      before = key;
    }
    if (high !== undefined && tree.compare(keys[count - 1] as Key, high) >= 0)
      throw wrong('its keys belong to another page');
    if (used !== this.pageSize - header - upper) throw wrong('its entries do not add up');
    for (const [n, key] of keys.entries()) {
      if (isLeaf) this.value(key, walk, wrong);
      else this.visit(childOf(key), level + 1, walk, { low: n === 0 ? low : key, high: keys[n + 1] ?? high });
    }
  }

  private value(key: Key, { counted, onValue }: Walk, wrong: Wrong): void {
    const { page, from, to } = key;
    const size = page.readUInt32LE(from - nodeHeader);
    const kind = kindOf(key);
    counted.entries += 1;
    if (kind === 0) {
      onValue?.(Buffer.from(page.subarray(to, to + size)));
      return;
    }
    if (kind !== bigData) throw wrong('an entry is of another kind');
    const [no, txn, pages] = [number64(page, to), number64(page, to + 8), number64(page, to + 16)];
    // A shorter value may have replaced a longer one and kept its pages.
    if (pages < Math.floor((header - 1 + size) / this.pageSize) + 1)
      throw wrong('the size of a long value does not match its pages');
    this.claim(no, pages);
    const first = this.bytes(no, onValue === undefined ? header : header + size);
    // The file may end within the value's last page.
    if ((no + pages - 1) * this.pageSize >= this.size) throw this.short(no + pages);
    if (
      number64(first, 0) !== no ||
      first.readUInt16LE(18) !== flag.overflow ||
      first.readUInt32LE(20) !== pages ||
      Math.max(txn, number64(first, 8)) > this.txn
    )
      throw wrong(`its long value on page ${String(no)} is missing`);
    counted.overflows += pages;
    onValue?.(first.subarray(header));
  }

  /**
   * A list of free pages: its length, then page numbers. -n followed by a page means n pages from there; 0 means none.
   */
  private claimFree(list: Buffer): void {
    const length = signed64(list, 0);
    if (length < 0 || 8 * (length + 1) > list.length)
      throw damaged('a list of free pages claims more pages than it has');
    for (let n = 1; n <= length; n++) {
      const entry = signed64(list, 8 * n);
      if (entry > 0) this.claim(entry, 1);
      if (entry >= 0) continue;
      n += 1;
      if (n > length) throw damaged('a list of free pages ends in the middle');
      this.claim(signed64(list, 8 * n), -entry);
    }
  }

  /** Throws if a page is already claimed. */
  private claim(no: number, pages: number): void {
    if (no < 0 || no + pages > this.claims.length) throw damaged(`page ${String(no)} does not exist`);
    for (let each = no; each < no + pages; each++) {
      if (this.claims[each] !== 0) throw damaged(`page ${String(each)} is used twice`);
      this.claims[each] = 1;
    }
  }

  /** Reads a page into a buffer that the next page of the same level overwrites. */
  private read(no: number, level: number): Buffer {
    const page = (this.pages[level] ??= Buffer.alloc(this.pageSize));
    if (readSync(this.fd, page, 0, this.pageSize, no * this.pageSize) !== this.pageSize)
      throw this.short(no + 1);
    return page;
  }

  private bytes(no: number, size: number): Buffer {
    const bytes = Buffer.alloc(size);
    if (readSync(this.fd, bytes, 0, size, no * this.pageSize) !== size) throw this.short(no + 1);
    return bytes;
  }

  private short(pages: number): Error {
    const least = pages * this.pageSize;
    return damaged(`it is truncated: it has ${String(this.size)} bytes but needs ${String(least)}`);
  }
}

interface Walk {
  tree: Tree;
  counted: Counts;
  onValue?: (value: Buffer) => unknown;
}
type Wrong = (what: string) => Error;

function damaged(what: string): Error {
  return new Damaged(`its file is damaged: ${what}`);
}

function treeOf(page: Buffer, at: number, name: string, compare: Compare): Tree {
  const root = page.readBigUInt64LE(at + 40);
  return {
    name,
    compare,
    pad: page.readUInt32LE(at),
    flags: page.readUInt16LE(at + 4),
    depth: page.readUInt16LE(at + 6),
    counts: {
      branches: number64(page, at + 8),
      leaves: number64(page, at + 16),
      overflows: number64(page, at + 24),
      entries: number64(page, at + 32),
    },
    root: root === 0xffffffffffffffffn ? undefined : Number(root),
  };
}

/** How many bytes of an entry's value are in its page. */
function inPage(key: Key): number {
  return kindOf(key) === bigData ? overflowReference : key.page.readUInt32LE(key.from - nodeHeader);
}

function kindOf({ page, from }: Key): number {
  return page.readUInt16LE(from - 4);
}

function childOf({ page, from }: Key): number {
  return page.readUInt32LE(from - nodeHeader) + page.readUInt16LE(from - 4) * 2 ** 32;
}

function compareBytes(a: Key, b: Key): number {
  const [sizeA, sizeB] = [a.to - a.from, b.to - b.from];
  for (let n = 0; n < sizeA && n < sizeB; n++) {
    const difference = (a.page[a.from + n] as number) - (b.page[b.from + n] as number);
    if (difference !== 0) return difference;
  }
  return sizeA - sizeB;
}

function compareNumbers(a: Key, b: Key): number {
  return a.to - a.from === 8 && b.to - b.from === 8 ? number64(a.page, a.from) - number64(b.page, b.from) : 1;
}

function number64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
}

function signed64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readInt32LE(at + 4) * 2 ** 32;
}

function even(size: number): number {
  return size + (size % 2);
}
