import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What a client wants: the part of a request that says what would conflict with it. */
export type Want =
  | { kind: 'lease'; type: 'read' | 'write' }
  | { kind: 'open'; access: 'read' | 'write'; deny: 'none' | 'read' | 'write' }
  | { kind: 'range'; type: 'read' | 'write'; start: number; end: number }
  | { kind: 'permit'; limit: number };

/** One of several things that are taken together, all or none. Its hold is that of the set and its number: `x#1/0`. */
export interface Part {
  file: string;
  want: Want;
}

/** What a client asked. `hold` is the client's own name for what it wants, the same in every repeat. */
export type Asked =
  | { verb: 'session' }
  | { verb: 'keepalive' | 'end' }
  | { verb: 'takeSet'; hold: string; parts: Part[]; waitMs: number; attempt: number }
  | { verb: 'take'; hold: string; file: string; want: Want; waitMs: number; attempt: number }
  | { verb: 'acknowledge'; hold: string; target: 'read' | 'none' }
  | { verb: 'read' | 'release'; hold: string; attempt: number };

/**
 * One line of a history. `at` is in milliseconds of one monotonic clock, `who` is one life of a client: one session.
 * The history of a run is all that the checker knows.
 */
export type Line =
  | { at: number; say: 'run'; breakMs: number; ttlMs: number; wallMs: number }
  /** Written before the request is sent. */
  | { at: number; say: 'asks'; who: string; no: number; node: number; ask: Asked }
  /** Written when the whole answer is there. Status 0: there was none. */
  | { at: number; say: 'told'; who: string; no: number; status: number; body: unknown }
  /** `stream` is a number for each connection. */
  | { at: number; say: 'stream'; who: string; stream: number; place: string; is: 'open' | 'closed' }
  | { at: number; say: 'event'; who: string; stream: number; id?: string; event: string; data: unknown }
  /** The stream has come so far, without an event for this session. */
  | { at: number; say: 'ping'; who: string; stream: number; id?: string }
  | { at: number; say: 'fault'; fault: string; is: 'begins' | 'ends' };

/** Milliseconds of the monotonic clock of this machine. */
export const now = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;

/** Writes a history, one line of JSON after another. */
export class Journal {
  private readonly fd: number;
  lines = 0;

  constructor(readonly path: string) {
    this.fd = openSync(path, 'w');
  }

  write(line: Line): void {
    writeSync(this.fd, `${JSON.stringify(line)}\n`);
    this.lines += 1;
  }

  close(): void {
    closeSync(this.fd);
  }
}

export function readHistory(path: string): Line[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Line);
}
