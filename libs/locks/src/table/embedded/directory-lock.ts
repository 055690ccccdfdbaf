import { closeSync, constants, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'koffi';

const lockExclusive = 2;
const lockNonBlocking = 4;
let flock: ((fd: number, operation: number) => number) | undefined;

/**
 * Makes `directory` where it is missing and takes it for this process until the returned function is called. A flock(2)
 * and not a file with a pid: the kernel lets go of it however the process ends, and no pid can be mistaken for another.
 * Throws when another process, or this one, has it already.
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'owner');
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  flock ??= load(null).func('int flock(int fd, int operation)') as unknown as typeof flock & object;
  if (flock(fd, lockExclusive | lockNonBlocking) !== 0) {
    const holder = readFileSync(path, 'utf8').trim();
    closeSync(fd);
    throw new Error(
      `${directory} is in use by ${holder === '' ? 'another process' : holder}: an embedded table belongs to one process. ` +
        'Stop that process, give this one its own directory, or use a table in Redis to share it.',
    );
  }
  ftruncateSync(fd);
  writeSync(fd, `process ${String(process.pid)} since ${new Date().toISOString()}\n`, 0);
  return () => {
    closeSync(fd);
  };
}
