import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A page of docs/ that is generated from data: checks that it matches, or rewrites it with WRITE=1. */
export function expectPage(name: string, text: string): void {
  const page = join(__dirname, '../../docs', name);
  if (process.env['WRITE'] !== undefined) writeFileSync(page, text);
  expect(readFileSync(page, 'utf8')).toBe(text);
}

/** A table, unpadded, so that one changed cell is one changed line; the first row is the header. */
export function markdownTable(rows: readonly (readonly string[])[]): string[] {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  return rows.flatMap((row, at) => (at === 0 ? [line(row), line(row.map(() => '---'))] : [line(row)]));
}
