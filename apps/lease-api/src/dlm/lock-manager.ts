import { dlm, type DlmLocked, limits, type Problem, problemOf } from '#contracts';
import type { ConnectionView, DlmView } from '#locks';
import type { Connections } from '../application/connections';
import type { Dlm } from '../application/dlm';
import { digestOf } from '../application/ids';
import type { Mailbox, Mailboxes } from '../application/mailbox';
import type { Nodes } from '../application/nodes';
import { isRefused, type Refused } from '../application/refusal';
import type { Sessions } from '../application/sessions';
import type { Patience } from '../application/waiting';
import type { Act } from '../fileserver/porter';
import { presentConnection, presentDlm } from '../http/presenter';
import { type Caller, secretOf } from '../identity/caller';
import { lockNeeds, needOfMode } from '../identity/needs';
import { spelled } from '../identity/rights';
import { granted, problemOfError } from '../problem';
import type { LockManagerLog } from '../nfs/nfs-log';
import { noticesFor } from './notices';

export interface LockUseCases {
  readonly sessions: Sessions;
  readonly connections: Connections;
  readonly nodes: Nodes;
  readonly dlm: Dlm;
}
type Handlers = {
  [M in dlm.MethodName]: (
    request: dlm.RequestOf<M>,
    digest: string,
    departed: () => AbortSignal,
    caller: Caller,
  ) => Promise<dlm.AnswerOf<M>>;
};
type Method = keyof typeof lockNeeds;

const issuesMax = 16;

/** Whether the caller may call a method for an export; without one, for some export. */
function mayCall(
  method: Method,
  { rights }: Caller,
  of?: { need: 'lease:read' | 'lease:write'; export: string },
) {
  if (lockNeeds[method] === 'key') return true;
  return of === undefined ? rights.anywhere('lease:read') : rights.allows(of.need, of.export);
}

/** An act with the right that it needs. */
export function lockAct(method: Method, act: Act): Act {
  const need = lockNeeds[method];
  return { ...act, rule: need === 'key' ? need : spelled(need === 'lease' ? 'lease:write' : need) };
}

const lockOf = (view: DlmView) => {
  const { token, waitNo, ...lock }: DlmLocked = presentDlm(view);
  return { ...lock, token: token?.toString(), waitNo: waitNo?.toString() };
};
const connectionOf = (view: ConnectionView) => ({ connection: presentConnection(view) });

/** How long the caller waits here. With `queued` it is told the outcome in a notice. */
function patienceOf(
  { waitMs, queued }: { waitMs?: number | undefined; queued: boolean },
  departed: () => AbortSignal,
): Patience {
  if (queued) return { waitMs: waitMs ?? limits.queuedMsMax, queued };
  return {
    ...{ waitMs: waitMs ?? 0, departed },
    get signal() {
      return departed();
    },
  };
}

/** Carries out what programs ask that speak for a lock manager (leasehold/v1/dlm.proto). */
export class LockManager {
  constructor(
    private readonly use: LockUseCases,
    private readonly mailboxes: Mailboxes,
    private readonly log: LockManagerLog,
  ) {}

  /** Checks rights and shape, runs the method, and turns failures into answers. */
  async answer<M extends dlm.MethodName>(
    method: M,
    raw: unknown,
    caller: Caller,
    departed: () => AbortSignal,
  ): Promise<dlm.AnswerOf<M> | { problem: Problem }> {
    // Who may not call the method at all is not told what is wrong with the request.
    if (!mayCall(method, caller)) return { problem: problemOf('no_right') };
    const parsed = dlm.methods[method].request.safeParse(raw);
    if (!parsed.success) {
      const issues = parsed.error.issues
        .slice(0, issuesMax)
        .map(({ path, message }) => ({ path: path.join('.'), message }));
      return { problem: problemOf('bad_request', { issues }) };
    }
    const request = parsed.data as dlm.RequestOf<M>;
    const digest = 'secret' in request ? digestOf(secretOf(request.secret, caller)) : '';
    try {
      if (!(await this.isFor(method, parsed.data, digest, caller))) return { problem: problemOf('no_right') };
      return await this.handlers[method](request, digest, departed, caller);
    } catch (error) {
      const problem = problemOfError(error);
      if (problem === undefined) this.log.failed(method, error);
      return { problem: problem ?? problemOf('invariant') };
    }
  }

  mayListen(caller: Caller): boolean {
    return mayCall('Notices', caller);
  }

  /** The notices that a first message of a stream asks for; undefined if the message is wrong. */
  async notices(
    raw: unknown,
    caller: Caller,
  ): Promise<{ sessionId: string; mailbox: Mailbox<dlm.Notice> | Refused } | undefined> {
    const parsed = dlm.subscribe.safeParse(raw);
    if (!parsed.success) return undefined;
    const { sessionId, secret, connectionId, after } = parsed.data;
    const subscriber = { sessionId, digest: digestOf(secretOf(secret, caller)), after, caller };
    const of = connectionId && (await this.use.connections.get(connectionId, subscriber.digest));
    if (typeof of === 'object' && isRefused(of)) return { sessionId, mailbox: of };
    const mailbox = await this.mailboxes.open<dlm.Notice>(
      subscriber,
      (told) => Promise.resolve(noticesFor(told)),
      connectionId,
    );
    return { sessionId, mailbox };
  }

  /** Whether the caller may do this in the export that the request is about, if it is about one. */
  private async isFor(method: Method, request: object, digest: string, caller: Caller): Promise<boolean> {
    const { export: named, mode, flags } = request as { export?: string; mode?: unknown; flags?: unknown[] };
    const need = mode === undefined ? 'lease:read' : needOfMode(mode, flags ?? []);
    if (named !== undefined) return mayCall(method, caller, { need, export: named });
    if (mode === undefined || !('lockId' in request)) return true;
    const found = await this.use.dlm.get(String(request.lockId), digest);
    // What is wrong with the lock, its answer says.
    return isRefused(found) || mayCall(method, caller, { need, export: found.exportName });
  }

  private readonly handlers: Handlers = {
    OpenSession: async (request, _digest, _departed, caller) => {
      const { session, secret } = granted(await this.use.sessions.create(request, caller));
      const { graceMs } = await this.use.sessions.grace();
      return { sessionId: session.sessionId, secret, graceMs };
    },
    RenewSession: async ({ sessionId }, digest) => {
      granted(await this.use.sessions.keepalive(sessionId, digest));
      return {};
    },
    EndSession: async ({ sessionId }, digest) => {
      granted(await this.use.sessions.end(sessionId, digest));
      return {};
    },
    Connect: async (request, digest) =>
      connectionOf(granted(await this.use.connections.connect(request, digest))),
    GetConnection: async ({ connectionId }, digest) =>
      connectionOf(granted(await this.use.connections.get(connectionId, digest))),
    Hangup: async ({ connectionId }, digest) =>
      connectionOf(granted(await this.use.connections.hangup(connectionId, digest))),
    Disconnect: async ({ connectionId }, digest) => {
      granted(await this.use.connections.disconnect(connectionId, digest));
      return {};
    },
    AcknowledgeRecovery: async ({ node, sessionId, connectionId, noticeId }, digest) =>
      granted(await this.use.nodes.acknowledge(node, { sessionId, connectionId, noticeId }, digest)),
    Lock: async (request, digest, departed) => ({
      lock: lockOf(granted(await this.use.dlm.lock(request, digest, patienceOf(request, departed)))),
    }),
    Convert: async (request, digest, departed) => ({
      lock: lockOf(
        granted(await this.use.dlm.convert(request.lockId, request, digest, patienceOf(request, departed))),
      ),
    }),
    Unlock: async (request, digest) => {
      granted(await this.use.dlm.unlock(request.lockId, request, digest));
      return {};
    },
    Cancel: async (request, digest) => {
      const { cancelled, lock } = granted(await this.use.dlm.cancel(request, digest));
      return { cancelled, lock: lock && lockOf(lock) };
    },
    GetLock: async ({ lockId }, digest) => ({
      lock: lockOf(granted(await this.use.dlm.get(lockId, digest))),
    }),
    ListLocks: async ({ sessionId, cursor, limit }, digest) => {
      const found = granted(await this.use.dlm.list(sessionId, Number(cursor ?? 0), limit, digest));
      return { locks: found.locks.map(lockOf), cursor: found.after?.toString() };
    },
  };
}
