import type { Reached } from '../../libs/locks/src/core/io';
import type { Entry, Kind, RecordRow, Rows } from '../../libs/locks/src/core/rows';

/** One thing a step can do to the rows, spelled out: the tests of the tables say exactly what a step touches. */
export type Op =
  | { op: 'get' | 'del'; kind: Kind; id: string }
  | { op: 'put'; kind: Kind; id: string; row: unknown }
  | { op: 'change'; kind: Kind; id: string; field: string; value: unknown }
  | { op: 'link' | 'unlink'; list: string; member: string; score: number }
  | { op: 'page'; list: string; after: number; upTo: number; limit: number }
  | { op: 'span'; list: string; from: string; to: string; limit: number }
  | { op: 'record'; text: string }
  | { op: 'number'; n: number }
  | { op: 'member'; member: string }
  | { op: 'wall' }
  | { op: 'fail' };
export interface Result {
  row?: unknown;
  entries?: Entry[];
  members?: string[];
  no?: number;
  digits?: string;
  padded?: string;
  letter?: string;
  begins?: boolean;
  size?: number;
  tail?: string;
  id?: string;
  wall?: number;
}
interface Counters {
  records: number;
  epoch: number;
  identity: string;
}
interface Input {
  ops?: Op[];
  identity?: string;
  seen?: { epoch: number; no: number };
  followed?: { epoch: number; no: number };
}
interface Value {
  results: Result[];
  epoch: number;
  records: number;
  verb: string;
  shards: number;
}

/** Rules that execute given steps; written, like the real ones, to mean the same in JavaScript and in Lua. */
export function portRules(
  rows: Rows,
  verb: string,
  input: Input,
): { value: Value; asks: never[]; reached: Reached } {
  const stored = rows.get('meta', 'counters') as unknown as Counters | undefined;
  const counters: Counters = stored ?? { records: 0, epoch: 0, identity: '' };
  if (input.identity !== undefined && input.identity !== counters.identity) {
    const known = Math.max(input.seen?.epoch ?? 0, input.followed?.epoch ?? 0);
    counters.epoch = Math.max(counters.epoch, known) + 1;
    counters.identity = input.identity;
    rows.put('meta', 'counters', counters as never);
  }
  const results: Result[] = [];
  for (const op of input.ops ?? []) results.push(apply(rows, counters, op));
  const { epoch, records } = counters;
  return {
    value: { results, epoch, records, verb, shards: 1 },
    asks: [],
    reached: { epoch, no: records, token: 0, seq: 0 },
  };
}

function apply(rows: Rows, counters: Counters, op: Op): Result {
  if (op.op === 'get') return { row: rows.get(op.kind, op.id) };
  if (op.op === 'put') rows.put(op.kind, op.id, op.row as never);
  if (op.op === 'del') rows.del(op.kind, op.id);
  if (op.op === 'change') {
    const row = rows.get(op.kind, op.id) as unknown as { [field: string]: unknown };
    row[op.field] = op.value;
    rows.put(op.kind, op.id, row);
  }
  if (op.op === 'link') rows.link(op.list, op.member, op.score);
  if (op.op === 'unlink') rows.unlink(op.list, op.member, op.score);
  if (op.op === 'page') return { entries: rows.page(op.list, op.after, op.upTo, op.limit) };
  if (op.op === 'span') return { members: rows.span(op.list, op.from, op.to, op.limit) };
  if (op.op === 'record') {
    counters.records += 1;
    rows.put('meta', 'counters', counters as never);
    const record: RecordRow = {
      no: counters.records,
      epoch: counters.epoch,
      wall: rows.wall(),
      kind: 'configured',
      item: 'exports/e',
      reason: op.text,
    };
    rows.record(record);
    return { no: counters.records };
  }
  if (op.op === 'number')
    return { digits: rows.digits(op.n), padded: op.n < 0 ? undefined : rows.padded(op.n) };
  if (op.op === 'member')
    return {
      letter: rows.letter(op.member),
      id: rows.idOf(op.member),
      tail: rows.tail(op.member, 1),
      begins: rows.begins(op.member, 'l:é'),
      size: rows.size(op.member),
    };
  if (op.op === 'wall') return { wall: rows.wall() };
  if (op.op === 'fail') return failing(undefined as never);
  return {};
}

/** Fails like a bug, in either language. */
function failing(nothing: { row: Result }): Result {
  return nothing.row;
}
