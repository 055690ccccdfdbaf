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

/** While the marker has this text, nobody has received an answer from the table. */
const begun = 'This table is being made.\n';
const made =
  'This directory holds a Leasehold table. While this file exists, no new table is created here,\n' +
  'even if the data file is missing. To create a new table on purpose, remove this file.\n';

/** Whether a new table may be created. */
export interface Beginning {
  /**
   * A file that lists the tables created. It is outside their directory, so that it survives if that is removed,
   * renamed or unmounted.
   */
  list?: string;
  /**
   * Directory of the notes on how far tables have come (witness.ts). Without it, opening an existing table always
   * suspects a restore.
   */
  witness?: string;
  /** No new table may be created: it must exist. */
  mustExist?: boolean;
  /** Called if the list cannot be written: then only the directory itself shows that the table existed. */
  onUnlisted?: (error: unknown) => void;
}

/** The error if the directory shows no trace of a table but should have one. */
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
 * An existing table is never silently replaced by a new one: a marker file beside the data shows that it exists.
 * Returns whether the data file must be created; `markTable` then records that it was. Throws if it should exist and
 * does not.
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

/** Records that the data file exists: from now on it must. */
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
