import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { type Key, keyOf } from './identity';
import { installationSecret } from './secret';

/** The longest value that a file may have. */
const fileBytesMax = 64 * 1024;

/**
 * The value in a file, as mounted secrets have it: without the end of its last line. Reads a pipe, too. Throws an Error
 * that names the file if it cannot be read, is too long or empty.
 */
export function valueIn(file: string): string {
  const bytes = Buffer.alloc(fileBytesMax + 1);
  let length = 0;
  const fd = openSync(file, 'r');
  try {
    for (let read: number; (read = readSync(fd, bytes, length, bytes.length - length, null)) > 0;)
      length += read;
  } catch (error) {
    throw new Error(`${(error as Error).message}: ${file}`, { cause: error });
  } finally {
    closeSync(fd);
  }
  if (length > fileBytesMax) throw new Error(`${file} is longer than 64 KiB`);
  const value = bytes.toString('utf8', 0, length).trimEnd();
  if (value === '') throw new Error(`${file} is empty`);
  return value;
}

/** Variables that name files and are no values in files: these files are created if they are missing. */
const madeIfMissing = ['LEASEHOLD_RPC_SECRET_FILE', 'LEASEHOLD_ADAPTER_KEY_FILE'];

/**
 * Adds the values of variables that are in files: `NAME_FILE` names the file with the value of `NAME`, as mounted
 * secrets do. What is wrong is added to `faults`.
 * @param names the variables that there are
 */
export function withFiles(
  env: Readonly<Record<string, string>>,
  names: readonly string[],
  faults: string[],
): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const target = name.replace(/_FILE$/, '');
    const isFile = name !== target && names.includes(target);
    if (isFile && target in env) faults.push(`${name}: ${target} is set, too; set only one of them`);
    else if (!isFile || madeIfMissing.includes(name)) given[name] = value;
    else
      try {
        given[target] = valueIn(value);
      } catch (error) {
        faults.push(`${name}: ${(error as Error).message}`);
      }
  }
  return given;
}

/**
 * The key with which a program seals what it sends to lease APIs.
 * @param elsewhere whether a lease API is on another host; it would not know a secret that was made here
 */
export function programKey(
  { secret, secretFile, keyId }: { secret?: string; secretFile: string; keyId?: string },
  elsewhere: boolean,
): Key {
  if (secret === undefined && elsewhere && !existsSync(secretFile))
    throw new Error(
      `LEASEHOLD_RPC_SECRET_FILE: there is no ${secretFile}: copy it from a lease API, or set LEASEHOLD_RPC_SECRET`,
    );
  const given = secret ?? installationSecret(secretFile);
  return keyId === undefined ? keyOf(given) : { id: keyId, secret: given };
}
