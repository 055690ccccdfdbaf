import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Damaged } from './store';

/** Nobody has been answered from a table whose marker still says so. */
const begun = 'This table is being made.\n';
const made =
  'This directory holds a Leasehold table. While this file is here, no new table is made in it,\n' +
  'even if the data file is gone. Remove this file to begin anew on purpose.\n';

/**
 * What was a table before is never silently a new one: a file beside the data says that there is one. Returns whether the
 * data file has to be made; `markTable` then says that it is. Throws when it should be there and is not.
 */
export function mustMakeTable(directory: string, file: string): boolean {
  const marker = join(directory, 'marker');
  const marked = existsSync(marker) ? readFileSync(marker, 'utf8') : undefined;
  const size = existsSync(file) ? statSync(file).size : undefined;
  if (marked !== begun && (marked !== undefined || size !== undefined)) {
    if (size === undefined || size === 0)
      throw new Damaged(
        `${file} is ${size === 0 ? 'empty' : 'missing'}, ` +
          (marked === undefined
            ? 'and this program leaves no empty file'
            : `and ${marker} says that there was a table`),
      );
    return false;
  }
  write(marker, begun, directory);
  for (const rest of [file, `${file}-lock`]) rmSync(rest, { force: true });
  return true;
}

/** The data file is there, and must be from now on. */
export function markTable(directory: string): void {
  const marker = join(directory, 'marker');
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== made) write(marker, made, directory);
}

function write(file: string, text: string, directory: string): void {
  const fd = openSync(file, 'w', 0o600);
  writeSync(fd, text);
  fsyncSync(fd);
  closeSync(fd);
  const parent = openSync(directory, 'r');
  fsyncSync(parent);
  closeSync(parent);
}
