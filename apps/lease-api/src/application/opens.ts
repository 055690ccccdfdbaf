import type { Access, OpenAnswer, OpenView } from '#locks';
import type { Arbiter } from './arbiter';
import { blockersOn } from './blockers';
import type { Exports } from './exports';
import { bodyDigest, clientKeyOf, derivedId, ownerKeyOf, randomId } from './ids';
import { isRefused, refuse, type Refused } from './refusal';
import type { Relay } from './relay';

/** The table ends a wait; this is how long its record may take beyond that. */
const marginMs = 2_000;

/** Opens: what breaks leases (semantics.md §3, §4). */
export class Opens {
  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
    private readonly relay: Relay,
  ) {}

  /**
   * Opens a file; with `waitMs` it waits its turn behind a break. With `requestId` a repeat finds the same open, also
   * while it waits, in the same place.
   * Refused: break_started, fencing, queue_full, wait_elapsed, and what a name or a session may be refused for.
   */
  async create(
    request: {
      sessionId: string;
      owner?: string;
      export: string;
      file: string;
      access: Access;
      waitMs: number;
      requestId?: string;
    },
    digest: string,
  ): Promise<OpenView | Refused> {
    const { sessionId, owner = sessionId, access, waitMs, requestId } = request;
    const file = await this.exports.resolveFor(sessionId, digest, request.export, request.file);
    const openId = requestId === undefined ? randomId() : derivedId(sessionId, 'open', requestId);
    const body =
      requestId === undefined ? undefined : bodyDigest('open', request.export, request.file, owner, access);
    const ownerKey = ownerKeyOf(sessionId, owner);
    const watch = this.relay.watch(openId);
    try {
      const made = isRefused(file)
        ? ((await this.made(openId, digest, body)) ?? file)
        : await this.arbiter.run('openCreate', {
            sessionId,
            digest,
            openId,
            owner,
            ownerKey,
            clientKey: clientKeyOf(sessionId),
            file,
            access,
            deny: 'none',
            waitMs,
            body,
          });
      if (isRefused(made)) return made;
      if (!made.waiting) return made.open;
      const { fileKey } = made.open;
      const until = performance.now() + waitMs + marginMs;
      for (let left = waitMs + marginMs; left > 0 && !this.relay.stopping; left = until - performance.now()) {
        const record = await watch.next(left);
        const now = await this.arbiter.run('openGet', { openId, digest });
        if (!isRefused(now)) {
          if (now.open.state === 'open') return now.open;
        } else if (now.refused.reason !== 'no_such_open') return now;
        else return await this.dropped(record?.reason ?? 'wait_elapsed', fileKey, { sessionId, owner });
      }
      // Nobody would hear of a grant from here on: the place in the queue is given up.
      await this.arbiter.run('openClose', { openId, digest });
      return await this.dropped('wait_elapsed', fileKey, { sessionId, owner });
    } finally {
      watch.close();
    }
  }

  /** Refused: no_such_open, no_such_session, not_holder, session_expired. */
  async get(openId: string, digest: string): Promise<OpenView | Refused> {
    const found = await this.arbiter.run('openGet', { openId, digest });
    return isRefused(found) ? found : found.open;
  }

  /** Closes an open or gives up its wait. Refused: no_such_open, no_such_session, not_holder, session_expired. */
  async close(openId: string, digest: string): Promise<Refused | undefined> {
    const closed = await this.arbiter.run('openClose', { openId, digest });
    return isRefused(closed) ? closed : undefined;
  }

  /** What an earlier request with this content made: it is found though its name can no longer be followed. */
  private async made(
    openId: string,
    digest: string,
    body: string | undefined,
  ): Promise<OpenAnswer | Refused | undefined> {
    if (body === undefined) return undefined;
    const known = await this.arbiter.run('openGet', { openId, digest, body });
    if (!isRefused(known)) return { ...known, waiting: known.open.state === 'waiting' };
    return known.refused.reason === 'no_such_open' ? undefined : known;
  }

  private async dropped(
    reason: string,
    fileKey: string,
    own: { sessionId: string; owner: string },
  ): Promise<Refused> {
    return refuse(reason, reason === 'wait_elapsed' ? await blockersOn(this.arbiter, fileKey, own) : {});
  }
}
