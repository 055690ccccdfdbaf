import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { statfsSync } from 'node:fs';

/** One row of a table; a column's name carries its unit. */
export type Row = Record<string, string | number>;

/** The result of one measurement. */
export interface Figure {
  title: string;
  /** How it was measured, in one or two sentences. */
  method: string;
  rows: Row[];
}

/** The clock shared by all processes of this machine (CLOCK_MONOTONIC), in milliseconds. */
export function clockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The value below which a share `q` (0 to 1) of the samples lies. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** Three significant digits: more would suggest a false precision. */
export function rounded(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}

/** Prints a row to standard error as soon as it is measured, since a benchmark takes minutes. Returns it. */
export function noted(row: Row): Row {
  const cells = Object.entries(row).map(([name, value]) => `${name} ${shown(value)}`);
  process.stderr.write(`  ${cells.join(', ')}\n`);
  return row;
}

/** The figure as lines of text. */
export function drawn({ title, method, rows }: Figure): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) => names.map((name) => shown(row[name])));
  const widths = names.map((name, at) =>
    Math.max(name.length, ...cells.map((line) => line[at]?.length ?? 0)),
  );
  const line = (values: string[]): string =>
    values
      .map((value, at) => (at === 0 ? value.padEnd(widths[at] ?? 0) : value.padStart(widths[at] ?? 0)))
      .join('   ');
  return [`\n${title}`, method, '', line(names), ...cells.map(line)].join('\n');
}

function shown(value: string | number | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'number'
    ? rounded(value).toLocaleString('en-US', { maximumFractionDigits: 3 })
    : value;
}

/** The machine of the figures, which cannot be compared with those of another machine or of another hour. */
export function machine(): Row {
  const extFour = 0xef53;
  const { type } = statfsSync(tmpdir());
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    'memory GB': Math.round(totalmem() / 1e9),
    kernel: release(),
    node: process.version,
    redis: (/v=(\S+)/.exec(execFileSync('redis-server', ['--version'], { encoding: 'utf8' })) ?? [])[1] ?? '',
    'file system': type === extFour ? 'ext4' : `0x${type.toString(16)}`,
    'load at start': rounded(loadavg()[0] ?? 0),
  };
}
