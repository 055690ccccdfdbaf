/** Locked bytes: what the ranges of many holders come to, for each byte the strongest. */

export interface Piece {
  type: 'read' | 'write';
  start: bigint;
  end: bigint;
}
/** Bytes whose lock differs between two sets. */
export interface Change {
  from: Piece['type'] | 'none';
  to: Piece['type'] | 'none';
  start: bigint;
  end: bigint;
}

/** Disjoint pieces in ascending order, as large as they can be. */
export function unite(ranges: readonly Piece[]): Piece[] {
  const united: Piece[] = [];
  for (const { start, end, types } of cut([ranges])) {
    const [type = 'none'] = types;
    const last = united.at(-1);
    if (type === 'none') continue;
    if (last?.type === type && last.end + 1n === start) last.end = end;
    else united.push({ type, start, end });
  }
  return united;
}

/** What has to be done to get from one set to another, in ascending order. */
export function changes(from: readonly Piece[], to: readonly Piece[]): Change[] {
  const found: Change[] = [];
  for (const { start, end, types } of cut([from, to])) {
    const [was = 'none', is = 'none'] = types;
    if (was === is) continue;
    const last = found.at(-1);
    if (last?.from === was && last.to === is && last.end + 1n === start) last.end = end;
    else found.push({ from: was, to: is, start, end });
  }
  return found;
}

const strongest = (reads: number, writes: number): Change['to'] =>
  writes > 0 ? 'write' : reads > 0 ? 'read' : 'none';

/** Cuts the offsets wherever a range begins or ends; `types`: what each list has there. */
function cut(lists: readonly (readonly Piece[])[]): { start: bigint; end: bigint; types: Change['to'][] }[] {
  const events = lists.flatMap((list, which) =>
    list.flatMap(({ type, start, end }) => [
      { at: start, which, type, by: 1 },
      { at: end + 1n, which, type, by: -1 },
    ]),
  );
  events.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const counts = lists.map(() => ({ read: 0, write: 0 }));
  const pieces: { start: bigint; end: bigint; types: Change['to'][] }[] = [];
  for (const [n, { at, which, type, by }] of events.entries()) {
    const count = counts[which];
    if (count) count[type] += by;
    const next = events[n + 1]?.at;
    if (next === undefined || next === at) continue;
    pieces.push({
      start: at,
      end: next - 1n,
      types: counts.map(({ read, write }) => strongest(read, write)),
    });
  }
  return pieces;
}
