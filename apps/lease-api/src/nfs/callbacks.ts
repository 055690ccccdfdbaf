import { nfs } from '#contracts';
import type { Delegations } from '../application/delegations';
import type { Leases } from '../application/leases';
import type { Mailbox, Mailboxes, Subscriber } from '../application/mailbox';
import { isRefused, type Refused } from '../application/refusal';
import type { SessionEvent, SessionEvents } from '../application/session-events';
import { delegationOfType, directoryChanges, ownerBytesOf, presentDelegation, stateidOf } from './words';

/** A client that does not poll for this long is forgotten; its next poll begins anew after what it acknowledges. */
const idleMs = 90_000;
const pageRows = 1_000;

type What = Omit<nfs.Callback, 'position'>;
/** A break's id is its file's. */
const breakOf = (leaseId: string, breakId: string): string => `${leaseId} ${breakId}`;
/** Says in the words of NFS servers what a session is told. */
class Translator {
  /** The breaks that `present` has told: their event may still be on its way. */
  private recalled = new Set<string>();

  constructor(
    private readonly subscriber: Subscriber,
    private readonly leases: Leases,
    private readonly delegations: Delegations,
  ) {}

  async callbacksFor(told: SessionEvent): Promise<What[]> {
    switch (told.event) {
      case 'break':
        return this.recall(told.data);
      case 'revoked':
        return this.revoked(told.data);
      case 'granted':
        return notice(told.data, true, '');
      case 'dropped':
        return notice(told.data, false, told.data.reason);
      case 'attributes':
        return this.getAttr(told.data);
      case 'available':
        return this.available(told.data);
      case 'recallAny': {
        const { keep, types, cause } = told.data;
        const typeMask = types.reduce((mask, type) => mask | nfs.recallAnyBits[type], 0);
        return [{ recallAny: { objectsToKeep: keep, typeMask, cause } }];
      }
      case 'directoryChanged':
        return this.notify(told.data);
      case 'resync':
        return [{ resync: told.data }, ...(await this.present())];
      case 'expired':
        return [{ expired: {} }];
      default:
        return [];
    }
  }

  private async recall({ leaseId, news, ...rest }: SessionEvents['break']): Promise<What[]> {
    const lease = await this.leases.get(leaseId, this.subscriber.digest);
    // The delegation has been returned meanwhile, or it is a lease, which the REST interface reports.
    if (isRefused(lease) || !lease.delegation || lease.state !== 'breaking') return [];
    if (this.recalled.delete(breakOf(leaseId, news.breakId))) return [];
    const { export: exportName, file } = rest;
    const { deadlineAt, remainingMs } = news;
    const where = { export: exportName, file };
    const stateid = stateidOf(leaseId, lease.seqid);
    return [{ recall: { stateid, ...where, truncate: false, deadlineAt, remainingMs } }];
  }

  private async getAttr({
    leaseId,
    export: exportName,
    file,
    ...rest
  }: SessionEvents['attributes']): Promise<What[]> {
    const lease = await this.leases.get(leaseId, this.subscriber.digest);
    if (isRefused(lease) || !lease.delegation || lease.type !== 'write') return [];
    const { askId, times = false, deadlineAt, remainingMs } = rest;
    const stateid = stateidOf(leaseId, lease.seqid);
    return [{ getAttr: { askId, stateid, export: exportName, file, times, deadlineAt, remainingMs } }];
  }

  private async available({
    export: exportName,
    file,
    type,
    leaseId,
  }: SessionEvents['available']): Promise<What[]> {
    const where = { export: exportName, file };
    if (leaseId === undefined) return [{ available: { ...where, type: delegationOfType(type) } }];
    const lease = await this.leases.get(leaseId, this.subscriber.digest);
    // If it is being recalled already, that follows.
    if (isRefused(lease)) return [];
    const delegation = presentDelegation({ lease, pending: false });
    return delegation.stateid === undefined ? [] : [{ pushDeleg: { ...where, delegation } }];
  }

  private async notify({
    leaseId,
    export: exportName,
    file,
    change,
    name = '',
    to = '',
  }: SessionEvents['directoryChanged']): Promise<What[]> {
    const lease = await this.leases.get(leaseId, this.subscriber.digest);
    if (isRefused(lease) || lease.notify !== true) return [];
    const about = { stateid: stateidOf(leaseId, lease.seqid), export: exportName, file };
    return [{ notify: { ...about, change: directoryChanges[change], name, to } }];
  }

  private async revoked({
    leaseId,
    export: exportName,
    file,
    cause,
  }: SessionEvents['revoked']): Promise<What[]> {
    const lease = await this.leases.get(leaseId, this.subscriber.digest);
    if (isRefused(lease) || !lease.delegation) return [];
    return [{ revoked: { stateid: stateidOf(leaseId, lease.seqid), export: exportName, file, cause } }];
  }

  /** The present state of the delegations, for a client that has missed callbacks. */
  private async present(): Promise<What[]> {
    const { sessionId, digest } = this.subscriber;
    const found: What[] = [];
    this.recalled = new Set();
    for (let after: number | undefined = 0; after !== undefined;) {
      const page = await this.leases.list(sessionId, {}, after, pageRows, digest);
      if (isRefused(page)) return found;
      for (const lease of page.leases) {
        if (!lease.delegation) continue;
        const { leaseId, seqid, exportName, path: file, break: running } = lease;
        const about = { stateid: stateidOf(leaseId, seqid), export: exportName, file };
        if (running !== undefined) {
          const { breakId, deadlineWall, remainingMs } = running;
          this.recalled.add(breakOf(leaseId, breakId));
          const deadlineAt = deadlineWall === undefined ? undefined : new Date(deadlineWall).toISOString();
          found.push({ recall: { ...about, truncate: false, deadlineAt, remainingMs } });
        } else if (lease.state === 'revoked' || lease.state === 'fencing')
          found.push({ revoked: { ...about, cause: 'unknown' } });
        // It may have missed a notification. The recall follows as an event.
        else if (lease.notify === true && lease.state === 'active')
          await this.delegations.untold(leaseId, digest);
      }
      after = page.after;
    }
    return found;
  }
}

/** CB_NOTIFY_LOCK, if the event is about a lock that waited. */
function notice(
  {
    waitId,
    owner = '',
    export: exportName = '',
    file = '',
  }: SessionEvents['granted'] | SessionEvents['dropped'],
  granted: boolean,
  reason: string,
): What[] {
  if (waitId === undefined) return [];
  const lockOwner = ownerBytesOf(owner);
  return [{ notifyLock: { waitId, export: exportName, file, lockOwner, granted, reason } }];
}

type Box = Mailbox<nfs.Callback>;

/** Callbacks to NFS clients, by stream or by polling. */
export class Callbacks {
  private readonly polled = new Map<string, { mailbox: Box; digest: string; idle: NodeJS.Timeout }>();

  constructor(
    private readonly mailboxes: Mailboxes,
    private readonly leases: Leases,
    private readonly delegations: Delegations,
  ) {}

  /** Refused: no_such_session, not_holder, session_expired, subject_streams_max, tenant_streams_max. */
  stream(subscriber: Subscriber): Promise<Box | Refused> {
    const translator = new Translator(subscriber, this.leases, this.delegations);
    return this.mailboxes.open(subscriber, (told) => translator.callbacksFor(told));
  }

  /**
   * Acknowledges `after` and returns the callbacks that follow it; waits if there are none.
   * Refused: as `stream`.
   */
  async poll(
    subscriber: Subscriber,
    waitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<nfs.Callback[] | Refused> {
    const mailbox = await this.polledBy(subscriber);
    if (isRefused(mailbox)) return mailbox;
    if (subscriber.after !== undefined) mailbox.acknowledge(subscriber.after);
    mailbox.rewind();
    const until = performance.now() + waitMs;
    for (;;) {
      const taken = mailbox.take();
      const left = until - performance.now();
      if (taken.length > 0 || left <= 0 || mailbox.over || signal?.aborted === true) return taken;
      await mailbox.changed(left, signal);
    }
  }

  private async polledBy(subscriber: Subscriber): Promise<Box | Refused> {
    const { sessionId, digest, after } = subscriber;
    const known = this.polled.get(sessionId);
    if (known?.digest === digest) {
      if (known.mailbox.continues(after)) {
        known.idle.refresh();
        return known.mailbox;
      }
      // The new one may need its place among the streams of the subject.
      this.forget(sessionId);
    }
    const mailbox = await this.stream(subscriber);
    if (isRefused(mailbox)) return mailbox;
    this.forget(sessionId);
    const idle = setTimeout(() => {
      if (this.polled.get(sessionId)?.mailbox === mailbox) this.forget(sessionId);
    }, idleMs);
    idle.unref();
    this.polled.set(sessionId, { mailbox, digest, idle });
    return mailbox;
  }

  private forget(sessionId: string): void {
    const known = this.polled.get(sessionId);
    if (known === undefined) return;
    clearTimeout(known.idle);
    this.polled.delete(sessionId);
    known.mailbox.cut();
  }
}
