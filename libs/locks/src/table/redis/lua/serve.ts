import type { Rows } from '../../../core/rows';
import type { Kind } from '../../../core/rows';
import { begin, convert, flush, type Input, rows, undo } from './redis-rows';

export type Rules = (rows: Rows, verb: never, input: never, short: boolean) => unknown;

/**
 * Registers the rules as three functions that differ in what Redis lets them do: `read` may not write, `grow` is
 * refused when memory is full, `settle` never is. A fourth, `convert`, converts rows of an earlier format. KEYS: the
 * root of the table. ARGV: verb, input in MessagePack, `short` or nothing, the caller's monotonic clock (its name and
 * value) and, in tests, the wall clock. Returns what the rules return, in MessagePack.
 */
export function register(rules: Rules): void {
  function serve(keys: readonly string[], args: readonly string[]): string {
    const monotonic = { name: args[3] as string, ms: tonumber(args[4] as string) };
    const input = cmsgpack.unpack(args[1] as string);
    begin(keys[0] as string, wallClock(args[5]), monotonic, input as Input);
    const [done, reply] = pcall(rules, rows, args[0] as never, input as never, args[2] === 'short');
    if (!done) {
      undo();
      error(reply, 0);
    }
    flush();
    return cmsgpack.pack(reply);
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
  return convert(keys[0] as string, args[0] as Kind) ? 'more' : '';
}

/** Milliseconds. Uses Redis's clock, so that the nodes' clocks need not agree. */
function wallClock(given: string | undefined): number {
  if (given !== undefined) return tonumber(given);
  const time = redis.call('TIME') as string[];
  return tonumber(time[0] as string) * 1000 + Math.floor(tonumber(time[1] as string) / 1000);
}
