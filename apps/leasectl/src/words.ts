import { InvalidArgumentError } from 'commander';
import { configuration, exportName, file, printable } from '#contracts';

/** Text that people write and read: files, items, spans, instants. */

/** A file, written `EXPORT:PATH`. */
export interface FileRef {
  export: string;
  file: string;
}
export interface ItemRef {
  kind: configuration.ItemKind;
  name: string;
}

/** Reads `EXPORT:PATH`; the path may contain colons. Throws InvalidArgumentError. */
export function fileRef(text: string): FileRef {
  const at = text.indexOf(':');
  if (at < 0)
    throw new InvalidArgumentError(`"${printable(text)}" is not EXPORT:PATH, as in demo:story.txt.`);
  const ref = { export: text.slice(0, at), file: text.slice(at + 1) };
  for (const [schema, part, what] of [
    [exportName, ref.export, 'export'],
    [file, ref.file, 'path'],
  ] as const) {
    const parsed = schema.safeParse(part);
    if (!parsed.success) {
      const why = parsed.error.issues[0]?.message ?? 'malformed';
      throw new InvalidArgumentError(`The ${what} "${printable(part)}" of "${printable(text)}": ${why}.`);
    }
  }
  return ref;
}

/** Reads EXPORT:PATH@FIRST-LAST; LAST may be EOF. */
export function rangeRef(text: string): { name: string; start: bigint; end: bigint | 'EOF' } {
  const [, name = '', first = '', last = ''] = /^(.+)@(\d{1,19})-(\d{1,19}|EOF)$/.exec(text) ?? [];
  const start = BigInt(first);
  const end = last === 'EOF' ? last : BigInt(last);
  if (name === '' || (end !== 'EOF' && end < start))
    throw new InvalidArgumentError(
      `"${printable(text)}" is not EXPORT:PATH@FIRST-LAST, as in demo:story.txt@0-99 or demo:story.txt@0-EOF.`,
    );
  fileRef(name);
  return { name, start, end };
}

/** A file, or all names of an export that begin so. */
export type NamesRef = FileRef | { export: string; prefix: string; file?: undefined };

/** Reads EXPORT:PATH; `EXPORT:` and a path that ends with a slash stand for the names that begin so. */
export function namesRef(text: string): NamesRef {
  const [, exportGiven = '', prefix = ''] = /^([^:]+):((?:.*\/)?)$/s.exec(text) ?? [];
  if (exportGiven === '') return fileRef(text);
  // Whether it may be a name is seen by one that begins so.
  return { export: fileRef(`${exportGiven}:${prefix}x`).export, prefix };
}

/** Reads `KIND/NAME`; the kind may be singular, as in `export/demo`. Throws InvalidArgumentError. */
export function itemRef(text: string): ItemRef {
  const [, kindGiven = '', name = ''] = /^([a-z]+)\/(.*)$/.exec(text) ?? [];
  const kind = [kindGiven, `${kindGiven}s`]
    .map((each) => configuration.itemKind.safeParse(each))
    .find((each) => each.success);
  if (kind === undefined)
    throw new InvalidArgumentError(
      `"${printable(text)}" is not KIND/NAME, as in exports/demo; kinds are ${configuration.itemKind.options.join(', ')}.`,
    );
  if (!configuration.itemName.safeParse(name).success)
    throw new InvalidArgumentError(
      `"${printable(name)}" is not a valid name: letters, digits, . _ - (at most 64).`,
    );
  return { kind: kind.data, name };
}

/** A file or a resource, as people write it. */
export const whereText = (at: { export: string; file: string }): string => `${at.export}:${at.file}`;

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

const unitMs: Record<string, number> = { ms: 1, '': 1_000, s: 1_000, m: 60_000, h: 3_600_000 };

/** Reads a span: seconds, or with a unit as in 500ms, 2m, 1h. Returns whole milliseconds. Throws InvalidArgumentError. */
export function span(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h)?$/.exec(text) ?? [];
  const ms = Math.round(Number(digits) * (unitMs[unit] ?? NaN));
  if (!Number.isSafeInteger(ms))
    throw new InvalidArgumentError('must be a time: seconds, or with a unit as in 500ms, 2m, 1h.');
  return ms;
}

/** A parser for spans within bounds. */
export const spanWithin =
  (minMs: number, maxMs: number) =>
  (text: string): number => {
    const ms = span(text);
    if (ms < minMs || ms > maxMs)
      throw new InvalidArgumentError(`must be from ${spanText(minMs)} to ${spanText(maxMs)}.`);
    return ms;
  };

/** A parser for whole numbers within bounds. */
export const wholeWithin =
  (min: number, max: number) =>
  (text: string): number => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max))
      throw new InvalidArgumentError(`must be a whole number from ${min} to ${max}.`);
    return value;
  };

/** A span for people, with two units at most. */
export function spanText(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${Math.floor(ms / 100) / 10} s`;
  const s = Math.floor(ms / 1_000);
  if (s < 120) return `${s} s`;
  if (s < 7_200) return `${Math.floor(s / 60)} min${s % 60 === 0 ? '' : ` ${s % 60} s`}`;
  return `${Math.floor(s / 3_600)} h${Math.floor((s % 3_600) / 60) === 0 ? '' : ` ${Math.floor((s % 3_600) / 60)} min`}`;
}

/** How long something has been held, or has been waiting. */
export const ageText = ({ ageMs }: { ageMs?: number | undefined }): string =>
  ageMs === undefined
    ? ''
    : spanText(ageMs < 1_000 ? 0 : Math.floor(ageMs / 1_000) * 1_000).replace(/^0 ms$/, '0 s');

interface Holder {
  label?: string | undefined;
  node?: string | undefined;
  pid: number;
  ageMs?: number | undefined;
}

/** Whose it is and for how long, as in `"nightly backup" on n1, pid 7, for 5 s`. */
export function whoText(lock: Holder): string {
  const { label, node, pid } = lock;
  const name = [label === undefined ? '' : `"${label}"`, node === undefined ? '' : `on ${node}`];
  const age = ageText(lock);
  return [name.filter(Boolean).join(' '), `pid ${pid}`, age === '' ? '' : `for ${age}`]
    .filter(Boolean)
    .join(', ');
}

const two = (n: number): string => String(n).padStart(2, '0');

/** The local time of day. */
export const clockText = (at: Date): string =>
  `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;

/** An instant from the API in local time, with its distance from now. */
export function instantText(text: string, now = new Date()): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return printable(text);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const ms = at.getTime() - now.getTime();
  const distance = ms >= 0 ? `in ${spanText(ms)}` : `${spanText(-ms)} ago`;
  return `${day === today ? '' : `${day} `}${clockText(at)} (${distance})`;
}

/** `1 file`, `2 files`. */
export const counted = (n: number, what: string): string =>
  `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;
