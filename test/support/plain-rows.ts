import type { StepReply, VerbInput, VerbName } from '../../libs/locks/src/core/io';
import type { Entry, Kind, RecordRow, RowOf, Rows } from '../../libs/locks/src/core/rows';
import { run } from '../../libs/locks/src/core/run';

/**
 * The rows port in its plainest form, for tests of the rules to inspect. It keeps what a step has put
 * and nothing else, and fails on a member that is linked twice or unlinked without being there.
 */
export class PlainRows implements Rows {
  readonly kinds = new Map<Kind, Map<string, unknown>>();
  readonly lists = new Map<string, Map<string, number>>();
  readonly records: RecordRow[] = [];
  /** Rows that the step has read or put: one object each. */
  private readonly read = new Map<string, { kind: Kind; id: string; row: unknown; put: boolean }>();

  constructor(readonly clock: { now: number; ahead?: number }) {}

  /** Runs a verb as one step; `short`: on a table without free space. */
  play<V extends VerbName>(verb: V, input: VerbInput<V>, short = false): StepReply<V> {
    const reply = run(this, verb, input, short);
    this.flush();
    return reply;
  }

  /** Ends a step: keeps the rows it has put, and discards its other changes. */
  private flush(): void {
    this.keepPuts();
    this.read.clear();
  }

  /** Reads from outside see the rows put so far; a row that was put stays the same object. */
  private keepPuts(): void {
    for (const { kind, id, row, put } of this.read.values()) if (put) this.keep(kind, id, copyOf(row));
  }

  private keep(kind: Kind, id: string, row: unknown): void {
    if (row === undefined) this.kinds.get(kind)?.delete(id);
    else if (!this.kinds.has(kind)) this.kinds.set(kind, new Map([[id, row]]));
    else this.kinds.get(kind)?.set(id, row);
  }

  /** A copy of the rows and lists, for a trial; records start empty. */
  copy(): PlainRows {
    this.keepPuts();
    const copy = new PlainRows({ now: this.clock.now });
    for (const [kind, rows] of this.kinds) copy.kinds.set(kind, new Map(rows));
    for (const [name, members] of this.lists) copy.lists.set(name, new Map(members));
    return copy;
  }

  wall(): number {
    return this.clock.now + (this.clock.ahead ?? 0);
  }
  monotonic(): { name: string; ms: number } {
    return { name: 'plain', ms: this.clock.now };
  }
  all<K extends Kind>(kind: K): [string, RowOf[K]][] {
    this.keepPuts();
    return [...(this.kinds.get(kind) ?? new Map<string, unknown>())] as [string, RowOf[K]][];
  }
  /** A stored row, for reading only. */
  look<K extends Kind>(kind: K, id: string): RowOf[K] | undefined {
    this.keepPuts();
    return this.kinds.get(kind)?.get(id) as RowOf[K] | undefined;
  }
  get<K extends Kind>(kind: K, id: string): RowOf[K] | undefined {
    const name = `${kind}:${id}`;
    let known = this.read.get(name);
    if (known === undefined) {
      known = { kind, id, row: copyOf(this.kinds.get(kind)?.get(id)), put: false };
      this.read.set(name, known);
    }
    return known.row as RowOf[K] | undefined;
  }
  put<K extends Kind>(kind: K, id: string, row: RowOf[K]): void {
    this.read.set(`${kind}:${id}`, { kind, id, row, put: true });
  }
  del(kind: Kind, id: string): void {
    this.read.set(`${kind}:${id}`, { kind, id, row: undefined, put: true });
  }
  link(list: string, member: string, score: number): void {
    const members = this.lists.get(list) ?? new Map<string, number>();
    if (members.has(member)) throw new Error(`${member} is in ${list} already`);
    members.set(member, score);
    this.lists.set(list, members);
  }
  unlink(list: string, member: string, score: number): void {
    const members = this.lists.get(list);
    if (members?.get(member) !== score) throw new Error(`${member} is not in ${list} at ${String(score)}`);
    members.delete(member);
    if (members.size === 0) this.lists.delete(list);
  }
  page(list: string, after: number, upTo: number, limit: number): Entry[] {
    return [...(this.lists.get(list) ?? [])]
      .map(([member, score]) => ({ member, score }))
      .filter(({ score }) => score > after && score <= upTo)
      .sort((a, b) => a.score - b.score || (a.member < b.member ? -1 : 1))
      .slice(0, limit);
  }
  span(list: string, from: string, to: string, limit: number): string[] {
    return [...(this.lists.get(list) ?? [])]
      .map(([member]) => member)
      .filter((member) => member >= from && member < to)
      .sort((a, b) => (a < b ? -1 : 1))
      .slice(0, limit);
  }
  record(row: RecordRow): void {
    this.records.push(row);
  }
  digits(n: number): string {
    return n.toFixed(0);
  }
  padded(n: number): string {
    return n.toFixed(0).padStart(10, '0');
  }
  letter(member: string): string {
    return member.charAt(0);
  }
  idOf(member: string): string {
    return member.slice(2);
  }
  begins(text: string, prefix: string): boolean {
    return text.startsWith(prefix);
  }
  size(text: string): number {
    return Buffer.byteLength(text);
  }
  tail(text: string, n: number): string {
    return text.slice(n);
  }
}

/** Rows are plain data: a copy of each list and object in them. */
function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  const copy: { [name: string]: unknown } = { ...value };
  for (const name in copy) if (typeof copy[name] === 'object') copy[name] = copyOf(copy[name]);
  return copy;
}
