import { closeSync, constants, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'koffi';

const lockExclusive = 2;
const lockNonBlocking = 4;
let flock: ((fd: number, operation: number) => number) | undefined;

/**
 * Creates `directory` if it is missing and locks it for this process until the returned function is called. It uses
 * flock(2) rather than a pid file: the kernel releases the lock however the process ends, and a pid may be reused.
 * Throws if another process, or this one, already holds the lock.
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
