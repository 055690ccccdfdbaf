import {
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** How far a table has come: its epoch, and the highest record and token that anyone may have been told of. */
export interface Reached {
  epoch: number;
  records: number;
  token: number;
}

/** Fits three numbers. Each note is a single write to memory that survives the death of the process. */
const size = 64;

/** In the machine's memory: no backup contains it, and no file system snapshot restores it. */
export function witnessDirectory(): string {
  const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  return join(parent, `leasehold-${String(userInfo().uid)}`);
}

/**
 * Notes how far a table has come, outside of what a backup, a copy or a snapshot restores. A table that is behind its
 * note was restored; a table without a note may have been.
 */
export class Witness {
  /** What was noted last, by any process. */
  readonly reached: Reached | undefined;
  private readonly fd: number;

  /** `name` identifies the table, wherever it is. Throws if other users can write the directory. */
  constructor(directory: string, name: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(directory);
    if (uid !== userInfo().uid || (mode & 0o022) !== 0)
      throw new Error(
        `${directory}, where it is noted how far the table was, can be written by others: remove it, or set LEASEHOLD_WITNESS`,
      );
    const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
    this.fd = openSync(join(directory, name), O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
    const bytes = Buffer.alloc(size);
    readSync(this.fd, bytes, 0, size, 0);
    const [, epoch, records, token] = /^(\d{1,16}) (\d{1,16}) (\d{1,16}) *\n$/.exec(bytes.toString()) ?? [];
    if (epoch !== undefined)
      this.reached = { epoch: Number(epoch), records: Number(records), token: Number(token) };
  }

  note({ epoch, records, token }: Reached): void {
    const text = [epoch, records, token].map((each) => each.toFixed(0)).join(' ');
    writeSync(this.fd, `${text.padEnd(size - 1)}\n`, 0);
  }

  close(): void {
    closeSync(this.fd);
  }
}
