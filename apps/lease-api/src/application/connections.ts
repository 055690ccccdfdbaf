import type { ConnectionView, VerbOutput } from '#locks';
import type { Arbiter } from './arbiter';
import type { Exports } from './exports';
import { bodyDigest, derivedId, randomId } from './ids';
import { isRefused, type Refused } from './refusal';

export interface Connect {
  sessionId: string;
  /** The lock domain. */
  export: string;
  stack?: string;
  protocol: { major: number; minor: number };
  node?: string;
  /** A repeat of the request with the same id finds the connection that the first attempt made. */
  requestId?: string;
}

/** Connections of sessions to lock domains (decision 0033): connect, hang up, disconnect, in this order. */
export class Connections {
  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
  ) {}

  /**
   * Refused: protocol_mismatch, stack_mismatch, other_node, node_required, connection_over, id_reused_with_other_body,
   * items_max, and the refusals of an export or a session.
   */
  connect(request: Connect, digest: string): Promise<ConnectionView | Refused> {
    const { sessionId, export: exportName, stack, protocol, node, requestId } = request;
    const { major, minor } = protocol;
    const connectionId = requestId === undefined ? randomId() : derivedId(sessionId, 'connection', requestId);
    const said = [exportName, stack ?? '', String(major), String(minor), node ?? ''];
    const body = requestId === undefined ? undefined : bodyDigest('connect', ...said);
    return this.exports.attempt(exportName, undefined, async (parking) => {
      const where = { export: exportName, name: exportName };
      const domain = await this.exports.resourceFor(sessionId, digest, where, parking);
      if (isRefused(domain)) return domain;
      const made = await this.arbiter.run('connect', {
        ...{ sessionId, digest, connectionId, exportName, stack, major, minor, node, body },
      });
      return isRefused(made) ? made : made.connection;
    });
  }

  /** Refused: no_such_connection, and as for a session. */
  async get(connectionId: string, digest: string): Promise<ConnectionView | Refused> {
    const found = await this.arbiter.run('connectionGet', { connectionId, digest });
    return isRefused(found) ? found : found.connection;
  }

  /** The connections to a domain, page by page. Refused: no_such_export. */
  list(exportName: string, after: number, limit: number): Promise<VerbOutput<'connectionList'>> {
    return this.arbiter.run('connectionList', { exportName, after, limit });
  }

  /** No more requests are taken, and those that wait are cancelled. Refused: as for `get`. */
  async hangup(connectionId: string, digest: string): Promise<ConnectionView | Refused> {
    for (;;) {
      const done = await this.arbiter.run('connectionHangup', { connectionId, digest });
      if (isRefused(done)) return done;
      if (!done.more) return this.get(connectionId, digest);
    }
  }

  /** After the hangup: unlocks what is left, and ends the connection. Refused: connection_live, and as for `get`. */
  async disconnect(connectionId: string, digest: string): Promise<Refused | undefined> {
    for (;;) {
      const done = await this.arbiter.run('disconnect', { connectionId, digest });
      if (isRefused(done)) return done;
      if (!done.more) return undefined;
    }
  }
}
