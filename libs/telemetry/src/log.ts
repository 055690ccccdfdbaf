import { destination, type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { printable, printableJson, printableLines } from '#contracts';
import { originFields } from './origin';

export type Log = Logger;

const outputs = { stdout: 1, stderr: 2 } as const;

/**
 * The log of a program: a JSON object per line, the same fields in all programs; on a terminal, text for people. Each
 * line is written before the call returns, so that the last one before an exit is kept.
 */
export function createLog(program: string, level = 'info', to: keyof typeof outputs = 'stdout'): Log {
  const fields = { level, base: { program }, timestamp: stdTimeFunctions.isoTime, mixin: originFields };
  const out = destination({ fd: outputs[to], sync: true });
  return process[to].isTTY
    ? pino(fields, forPeople(out))
    : pino({ ...fields, hooks: { streamWrite: printableJson } }, out);
}

/** Nothing in a line may speak to the terminal, whoever chose it. */
export function forPeople(
  out: DestinationStream,
  colorize = process.env['NO_COLOR'] === undefined,
): DestinationStream {
  const pretty = prettyFactory({
    colorize,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'program',
    singleLine: true,
  });
  return {
    write: (line) => {
      out.write(pretty(printableIn(JSON.parse(line) as unknown)));
    },
  };
}

/** The same value with printable texts and names. */
function printableIn(value: unknown): unknown {
  if (typeof value === 'string') return printableLines(value);
  if (Array.isArray(value)) return value.map(printableIn);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [printable(name), printableIn(each)]),
  );
}
