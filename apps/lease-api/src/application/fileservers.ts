import { setTimeout as pause } from 'node:timers/promises';
import type { ProcessIdentity, VerbInput, VerbOutput } from '#locks';
import type { Log } from '../telemetry/logger';
import type { Arbiter } from './arbiter';
import type { Exports } from './exports';
import { noInode } from './exports';
import type { FileserverPort } from './fileserver-port';
import { fileKeyOf } from './ids';
import { isRefused, type Refused } from './refusal';

/** One hold as its adapter names it. */
export interface HoldRef {
  export: string;
  fileId: string;
  holdGen: number;
  incarnation: string;
}

/** After these the comparison is left to the adapter's next registration. */
const pullTries = 5;
/** How long a registration waits for the comparison; well below what the adapter waits for its answer. */
const compareMs = 1_000;

/** Fileserver adapters: who serves what, and what they tell of their holds (semantics.md §4, §7). */
export class Fileservers {
  private readonly comparing = new Map<string, Promise<void>>();

  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
    private readonly port: FileserverPort,
    private readonly times: { breakMs: number; lockDelayMs: number },
    private readonly log: Log,
  ) {}

  /**
   * An adapter takes over its exports. It is asked what it holds, what nobody wants is released, and then it serves.
   * Refused: break_time_too_long, stack_mismatch, incarnation_superseded.
   */
  async register(request: {
    stack: string;
    incarnation: string;
    process: ProcessIdentity;
    endpoint: string;
    exports: string[];
    breakLimitMs: number;
    holdsDieWithProcess: boolean;
    epochSeen: number;
  }): Promise<VerbOutput<'register'>> {
    const answer = await this.arbiter.run('register', { ...request, ...this.times });
    const { stack, incarnation, endpoint, exports, breakLimitMs } = request;
    const who = { stack, incarnation, endpoint, exports };
    if (isRefused(answer)) {
      this.log.warn(
        { ...who, reason: answer.refused.reason, breakLimitMs, breakMs: this.times.breakMs },
        'a fileserver adapter was turned away',
      );
      return answer;
    }
    this.log.info(who, 'a fileserver adapter has registered');
    this.exports.forget();
    // Usually it serves by the time it is told that it is registered; many holds may take longer to compare.
    await Promise.race([this.compare(endpoint, incarnation), pause(compareMs, undefined, { ref: false })]);
    return answer;
  }

  heartbeat(request: VerbInput<'heartbeat'>): Promise<VerbOutput<'heartbeat'>> {
    return this.arbiter.run('heartbeat', request);
  }

  /** The fileserver breaks a hold. `taken` is false for a hold that is no longer the present one. */
  break(
    request: HoldRef & { breakNo: number; target: 'none' | 'read'; remainingMs?: number },
  ): Promise<{ taken: boolean } | Refused> {
    const { breakNo, target, remainingMs } = request;
    return this.arbiter.run('fileserverBreak', { ...keyed(request), breakNo, target, remainingMs });
  }

  /** A hold is gone without having been asked for. */
  lost(
    request: HoldRef & { have: 'none' | 'read' | 'write'; cause: string },
  ): Promise<{ taken: boolean } | Refused> {
    const { have, cause } = request;
    return this.arbiter.run('fileserverLost', { ...keyed(request), have, cause });
  }

  /** The name no longer leads to the file that is held. */
  detached(request: HoldRef & { path: string }): Promise<{ taken: boolean } | Refused> {
    return this.arbiter.run('fileDetached', { ...keyed(request), path: request.path });
  }

  /** At start: compares with every adapter that is known to be up. */
  async compareAll(): Promise<void> {
    for (const each of await this.exports.list())
      if (!each.local && each.state === 'up') void this.compare(each.endpoint, each.incarnation);
  }

  /** Reads what an adapter holds and tells the table, which lets go of what nobody wants. One reading at a time. */
  private compare(endpoint: string, incarnation: string): Promise<void> {
    const running = this.comparing.get(incarnation);
    if (running !== undefined) return running;
    const begun = this.tryToPull(endpoint, incarnation).finally(() => this.comparing.delete(incarnation));
    this.comparing.set(incarnation, begun);
    return begun;
  }

  private async tryToPull(endpoint: string, incarnation: string): Promise<void> {
    for (let tries = 1; tries <= pullTries; tries++) {
      const failure = await this.pull(endpoint, incarnation).catch((error: unknown) => String(error));
      if (failure === undefined) return;
      this.log.warn(
        { endpoint, incarnation, tries, failure },
        'what a fileserver adapter holds could not be read; it does not serve before',
      );
      await pause(tries * 500, undefined, { ref: false });
    }
  }

  /** Returns what went wrong, if anything did. */
  private async pull(endpoint: string, incarnation: string): Promise<string | undefined> {
    let cursor: string | undefined;
    do {
      const page = await this.port.status(endpoint, cursor);
      if (isRefused(page)) return page.refused.detail ?? page.refused.reason;
      if (page.incarnation !== incarnation) return undefined;
      const holds = page.holds.map((hold) => ({
        ...hold,
        fileKey: fileKeyOf(hold.exportName, hold.fileId),
        inode: noInode,
      }));
      const done = page.cursor === undefined;
      const { adopted } = await this.arbiter.run('holdReport', { incarnation, holds, done });
      if (done) this.exports.forget();
      if (adopted > 0)
        this.log.warn({ endpoint, incarnation, adopted }, 'holds that no row knew of are being released');
      cursor = page.cursor;
    } while (cursor !== undefined);
    return undefined;
  }
}

function keyed(ref: HoldRef): { fileKey: string; exportName: string; holdGen: number; incarnation: string } {
  const { fileId, holdGen, incarnation } = ref;
  return { fileKey: fileKeyOf(ref.export, fileId), exportName: ref.export, holdGen, incarnation };
}
