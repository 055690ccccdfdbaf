import type { Access, Delegation as DelegationRow, Deny, EventOf, Open as OpenRow } from '#contracts';
import type { Call } from './call';
import { LeaseholdError, isFor, isOpen } from './error';
import { Holding, type Host } from './holding';
import type { Lease, OnBreak } from './lease';
import type { Ear, Patience, Waited } from './waits';

/** A delegation, or why it was refused and whether `available` will follow once it may be granted. */
export type Delegated =
  { lease: Lease } | { lease?: undefined; whyNot: NonNullable<DelegationRow['whyNot']>; willSignal: boolean };

/** What an open needs from its session. */
export interface OpenHost extends Host {
  delegated(row: DelegationRow, onBreak: OnBreak | undefined): Delegated;
}

/** An open of a file, held until it is closed or its session ends. Kept current by the session's event stream. */
export class FileOpen extends Holding {
  readonly #session: OpenHost;
  readonly #onBreak: OnBreak | undefined;
  #row: OpenRow;
  #delegation: Delegated | undefined;
  #ear: Ear | undefined;
  /** What a change that waits was to make of it. */
  #asked: { access: Access; deny: Deny } | undefined;
  #resuming: Promise<void> | undefined;

  /** Created by a session; call `session.open`. */
  constructor(session: OpenHost, row: OpenRow, onBreak: OnBreak | undefined) {
    super(session);
    this.#session = session;
    this.#row = row;
    this.#onBreak = onBreak;
  }

  get id(): string {
    return this.#row.openId;
  }
  get waitNo(): number | undefined {
    return this.#row.waitNo;
  }
  get access(): Access {
    return this.#row.access;
  }
  get deny(): Deny {
    return this.#row.deny;
  }
  get export(): string {
    return this.#row.export;
  }
  get file(): string {
    return this.#row.file;
  }
  get owner(): string {
    return this.#row.owner;
  }
  /** The stateid under which an NFS server would know the open now. */
  get stateid(): OpenRow['stateid'] {
    return this.#row.stateid;
  }
  /** It waits in the queue, or a change of it does; possible if asked with `queued`. */
  get waiting(): boolean {
    const { state, toAccess, toDeny } = this.#row;
    return state === 'waiting' || toAccess !== undefined || toDeny !== undefined;
  }
  /** Whether the fileserver has it too, so that it conflicts with opens made there. */
  get backed(): boolean {
    return this.#row.backed;
  }
  /** The outcome of `want`. */
  get delegation(): Delegated | undefined {
    return this.#delegation;
  }

  /** Resolves with the open as granted, at once if it is not waiting. Throws LeaseholdError if the wait was dropped. */
  async granted({ signal }: { signal?: AbortSignal } = {}): Promise<this> {
    this.signal.throwIfAborted();
    const waitsAs = (): Waited | undefined => (this.waiting ? this : undefined);
    // Also if an event has said meanwhile that it is granted: what came with the grant is read from the service.
    if (this.waiting || this.#ear !== undefined)
      await this.#session.waits.outcome(this.#ear, { ask: () => this.#read(), waitsAs, signal });
    this.#ear = undefined;
    this.signal.throwIfAborted();
    return this;
  }

  /** Changes it in place; `lower` refuses any access or deny that it does not already have. */
  async set(
    access: Access,
    deny: Deny,
    options: Patience & { lower?: boolean; signal?: AbortSignal } = {},
  ): Promise<this> {
    const { lower, signal, ...given } = options;
    const before = { access: this.access, deny: this.deny };
    const put: Call = { method: 'PUT', path: this.path, signals: [signal] };
    try {
      await this.#session.waits.patient(
        given,
        async ({ waitMs, queued }, ear) => {
          const body = { access, deny, lower, waitMs, queued };
          const call: Call = { ...put, body, waitMs: queued === true ? 0 : waitMs };
          await this.#session.ask(
            () => this.#session.call<OpenRow>(call),
            (row) => {
              this.hear(ear, row);
            },
          );
        },
        () => (this.waiting && !this.signal.aborted ? this : undefined),
        signal,
      );
      this.#asked = given.queued === true && this.waiting ? { access, deny } : undefined;
      if (this.#asked !== undefined) this.changing({ access, deny, lower }, given.waitMs);
      return this;
    } catch (error) {
      this.#loseIf(error);
      // Gives back what the open may have gained; what it gave up stays given up.
      if (signal?.aborted === true || isOpen(error))
        this.#session.insist(() =>
          this.#session.call({ method: 'PUT', path: this.path, body: { ...before, lower: true } }),
        );
      throw error;
    }
  }

  /** Also resolves if it is already closed. */
  close(): Promise<void> {
    return this.release();
  }

  /** Reads the open from the service; one that is gone is lost. */
  async refresh(): Promise<void> {
    await this.#read().catch((error: unknown) => {
      if (!this.signal.aborted) throw error;
    });
  }

  // --- called by the session

  async reassert(): Promise<void> {
    if (this.isRequest) {
      this.#session.insist(() => this.refresh());
      return;
    }
    const found = await this.look<OpenRow>();
    const isOlder = found?.state === 'waiting' || (found?.stateid.seqid ?? 0) < this.#row.stateid.seqid;
    if (found !== undefined && !isOlder) {
      this.apply(found);
      this.#session.insist(() => this.#resume());
      return;
    }
    const { openId, export: on, file, owner, access, deny } = this.#row;
    const where = { export: on, file, owner, access, deny, openId };
    const now = await this.reclaim<OpenRow>('/opens', where);
    if (now instanceof LeaseholdError) this.loseFor('open_closed', now, found !== undefined);
    else if (!this.signal.aborted) {
      this.#row = now;
      this.#session.insist(() => this.#resume());
    }
  }

  /** @param ear hears how the wait is decided, if it waits. */
  hear(ear: Ear | undefined, row: OpenRow): void {
    this.apply(row);
    this.#ear = this.waiting ? ear : undefined;
  }

  /** Applies a row from the service; a row older than the known one changes nothing. */
  apply(row: OpenRow): void {
    if (this.signal.aborted || row.stateid.seqid < this.#row.stateid.seqid) return;
    this.#row = row;
    if (row.delegation !== undefined)
      this.#delegation = this.#session.delegated(row.delegation, this.#onBreak);
  }

  /** It, or a change of it, was granted after it had waited. */
  grant(): void {
    const { access, deny, toAccess, toDeny } = this.#row;
    const now = { access: toAccess ?? access, deny: toDeny ?? deny };
    this.#row = {
      ...this.#row,
      ...now,
      state: 'open',
      toAccess: undefined,
      toDeny: undefined,
      waitNo: undefined,
    };
    this.#decided();
  }

  /** Its wait is over. An open whose change waited stays as it was. */
  stopWaiting(why: EventOf<'dropped'>): void {
    if (this.#row.state === 'waiting') this.lose(LeaseholdError.dropped(why));
    else this.#row = { ...this.#row, toAccess: undefined, toDeny: undefined, waitNo: undefined };
    this.#decided();
  }

  // --- inside

  protected get path(): string {
    return `/opens/${this.id}`;
  }
  protected get isRequest(): boolean {
    return this.#row.state === 'waiting';
  }
  protected givenBack(): LeaseholdError {
    return LeaseholdError.of('open_closed', { detail: 'It was closed.' });
  }

  async #read(): Promise<void> {
    try {
      await this.#session.ask(
        () => this.read<OpenRow>(),
        (row) => {
          this.apply(row);
        },
      );
      await this.#resume();
    } catch (error) {
      this.#loseIf(error);
      throw error;
    }
  }

  #decided(): void {
    this.#asked = undefined;
    this.changed();
  }

  /** A change of it that waits no longer, and of which nobody has said why, was granted, has run out, or is asked for again. */
  #resume(): Promise<void> {
    this.#resuming ??= this.#change().finally(() => (this.#resuming = undefined));
    return this.#resuming;
  }

  async #change(): Promise<void> {
    const asked = this.#asked;
    if (asked === undefined || this.waiting || this.signal.aborted) return;
    this.#asked = undefined;
    if (asked.access === this.access && asked.deny === this.deny) return;
    const row = await this.changeAgain<OpenRow>();
    if (row === undefined) throw LeaseholdError.of('wait_elapsed');
    this.#asked = asked;
    this.apply(row);
  }

  #loseIf(error: unknown): void {
    if (!isFor(error, 'no_such_open')) return;
    const detail = 'The service does not have it any more.';
    this.lose(LeaseholdError.of('open_closed', { detail }));
  }
}
