import { formatOf } from '../../../core/format';
import type { Rows } from '../../../core/rows';
import type { Kind } from '../../../core/rows';
import { begin, convert, enter, flush, type Input, refuseLater, rows, undo, worked } from './redis-rows';

export type Rules = (rows: Rows, verb: never, input: never, short: boolean) => unknown;

/**
 * Registers the rules as three functions that differ in what Redis lets them do: `read` may not write, `grow` is
 * refused when memory is full, `settle` never is. A fourth, `convert`, converts rows of an earlier format. KEYS: the
 * root of the table. ARGV: the caller's monotonic clock (its name and value), the wall clock in tests or nothing, and for
 * each step: verb, input in MessagePack, `short` or nothing. The steps are independent: one that fails has changed
 * nothing, and the next is run. Returns for each what the rules return, in MessagePack, or an error. Those that
 * were not begun, as the others had too much to do, have no answer.
 */
export function register(rules: Rules): void {
  function step(verb: string, packed: string, how: string): string {
    const input = cmsgpack.unpack(packed);
    begin(root, wall, monotonic, input as Input);
    const meta = rows.get('meta', 'shard');
    if (meta !== undefined) refuseLater(formatOf(meta));
    const [done, reply] = pcall(rules, rows, verb as never, input as never, how === 'short');
    if (!done) {
      undo();
      error(reply, 0);
    }
    flush();
    return cmsgpack.pack(reply);
  }
  function serve(keys: readonly string[], args: readonly string[]): unknown {
    enter();
    root = keys[0] as string;
    monotonic = { name: args[0] as string, ms: tonumber(args[1] as string) };
    wall = wallClock(args[2] as string);
    const begunAt = worked();
    const answers: unknown[] = [];
    const count = args.length;
    for (let at = 3; at < count; at += 3) {
      if (worked() - begunAt > workMax) break;
      const [done, answer] = pcall(step, args[at] as string, args[at + 1] as string, args[at + 2] as string);
      answers.push(done ? answer : { err: failureOf(answer) });
    }
    return answers;
  }
  redis.register_function({ function_name: libraryName + '_read', callback: serve, flags: ['no-writes'] });
  redis.register_function({ function_name: libraryName + '_grow', callback: serve, flags: [] });
  redis.register_function({ function_name: libraryName + '_settle', callback: serve, flags: ['allow-oom'] });
  redis.register_function({
    function_name: libraryName + '_convert',
    callback: takeOver,
    flags: ['allow-oom'],
  });
}

/** KEYS: the root of the table. ARGV: the kind. Returns "more" or nothing. */
function takeOver(keys: readonly string[], args: readonly string[]): string {
  enter();
  return convert(keys[0] as string, args[0] as Kind) ? 'more' : '';
}

/**
 * Redis answers nobody else while a function runs. After so many rows and list entries no further step is begun: those of 64
 * usual steps, or of three that tidy up as much as a step may.
 */
const workMax = 1500;

/** What the steps of one call have in common. */
let root = '';
let wall = 0;
let monotonic = { name: '', ms: 0 };

/** The text of what a step has thrown: of Redis, of Lua, or of ours. */
function failureOf(thrown: unknown): string {
  const text = type(thrown) === 'table' ? (thrown as { err: string }).err : (thrown as string);
  return 'ERR user_function: ' + text;
}

/** Milliseconds. Uses Redis's clock, so that the nodes' clocks need not agree. */
function wallClock(given: string): number {
  if (given !== '') return tonumber(given);
  const time = redis.call('TIME') as string[];
  return tonumber(time[0] as string) * 1000 + Math.floor(tonumber(time[1] as string) / 1000);
}
