import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { Damaged, Missing } from './store';

/** Nobody has been answered from a table whose marker still says so. */
const begun = 'This table is being made.\n';
const made =
  'This directory holds a Leasehold table. While this file exists, no new table is created here,\n' +
  'even if the data file is missing. To create a new table on purpose, remove this file.\n';

/** When a table may be made. */
export interface Beginning {
  /**
   * A file that lists the tables that were made, outside of the directory that they are in: whoever removes, renames or
   * unmounts that leaves the list where it is.
   */
  list?: string;
  /** Where it is noted how far a table was (witness.ts); without it, whoever opens one that is not new suspects a restore. */
  witness?: string;
  /** Never: it must be there. */
  mustExist?: boolean;
  /** The list cannot be written: nothing but the directory itself remembers the table. */
  onUnlisted?: (error: unknown) => void;
}

/** What is wrong where there is no trace of a table in the directory, and there should be one. */
export function missingTable(directory: string, file: string, beginning: Beginning): Missing | undefined {
  const { list, mustExist } = beginning;
  if ([file, join(directory, 'marker')].some((each) => existsSync(each))) return undefined;
  const name = basename(directory);
  if (list !== undefined && listed(list).includes(name))
    return new Missing(
      `it is empty, but ${list} says that there was a table`,
      `mount its disk, or restore it from a backup; or, to start with a new, empty table, remove the line ${name} from ${list}`,
    );
  if (mustExist !== true) return undefined;
  return new Missing(
    'it is empty, and no new table may be created',
    'mount its disk, correct its path, or restore it from a backup; or allow a new table once',
  );
}

const listed = (list: string): string[] => (existsSync(list) ? readFileSync(list, 'utf8').split('\n') : []);

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
            : `but ${marker} says that there was a table`),
      );
    return false;
  }
  write(marker, begun, directory);
  for (const rest of [file, `${file}-lock`]) rmSync(rest, { force: true });
  return true;
}

/** The data file is there, and must be from now on. */
export function markTable(directory: string, { list, onUnlisted }: Beginning): void {
  const marker = join(directory, 'marker');
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== made) write(marker, made, directory);
  const name = basename(directory);
  try {
    if (list !== undefined && !listed(list).includes(name))
      appendFileSync(list, `${name}\n`, { flush: true });
  } catch (error) {
    onUnlisted?.(error);
  }
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
