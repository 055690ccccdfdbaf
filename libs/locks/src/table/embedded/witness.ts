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

/** How far a table was: the life it was in, the records and the tokens of which somebody may have been told. */
export interface Reached {
  epoch: number;
  records: number;
  token: number;
}

/** Long enough for three numbers; written by one call each time, in memory that a killed process leaves as it is. */
const size = 64;

/** In memory of the machine: no backup has it, and no snapshot of a file system brings it back. */
export function witnessDirectory(): string {
  const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  return join(parent, `leasehold-${String(userInfo().uid)}`);
}

/**
 * Notes how far a table was, outside of what a backup, a copy or a snapshot puts back. A table that has not reached what
 * is noted was restored; one of which nothing is noted may have been.
 */
export class Witness {
  /** What was noted last, in whatever process. */
  readonly reached: Reached | undefined;
  private readonly fd: number;

  /** `name`: of the table, wherever it lies. Throws when others than its owner can write the note. */
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
