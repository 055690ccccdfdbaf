import type { Entry, Kind, RecordRow, RowOf, Rows } from '../../libs/locks/src/core/rows';

/** The rows port in its plainest form, open to inspection: what tests of the rules look into. */
export class PlainRows implements Rows {
  readonly kinds = new Map<Kind, Map<string, unknown>>();
  readonly lists = new Map<string, Map<string, number>>();
  readonly records: RecordRow[] = [];

  constructor(readonly clock: { now: number }) {}

  /** The same rows and lists, to try something on; records begin anew. */
  copy(): PlainRows {
    const copy = new PlainRows({ now: this.clock.now });
    for (const [kind, rows] of this.kinds) copy.kinds.set(kind, structuredClone(rows));
    for (const [name, members] of this.lists) copy.lists.set(name, new Map(members));
    return copy;
  }

  wall(): number {
    return this.clock.now;
  }
  all<K extends Kind>(kind: K): [string, RowOf[K]][] {
    return [...(this.kinds.get(kind) ?? new Map<string, unknown>())] as [string, RowOf[K]][];
  }
  get<K extends Kind>(kind: K, id: string): RowOf[K] | undefined {
    return this.kinds.get(kind)?.get(id) as RowOf[K] | undefined;
  }
  put<K extends Kind>(kind: K, id: string, row: RowOf[K]): void {
    if (!this.kinds.has(kind)) this.kinds.set(kind, new Map());
    this.kinds.get(kind)?.set(id, row);
  }
  del(kind: Kind, id: string): void {
    this.kinds.get(kind)?.delete(id);
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
  tail(text: string, n: number): string {
    return text.slice(n);
  }
}
