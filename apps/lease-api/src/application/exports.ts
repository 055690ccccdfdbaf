import type { ExportView, FileRef, RecordRow } from '#locks';
import type { Arbiter } from './arbiter';
import type { FileserverPort } from './fileserver-port';
import type { Placed } from './ids';
import { isRefused, refuse, type Refused } from './refusal';
import type { Follower, Relay } from './relay';
import { type Patience, stoppedMs } from './waiting';

/** How long an export that was read is trusted, even if no record reports a change. */
const believedMs = 1_000;
/** How long a request waits for a fileserver if it names no time. */
const parkMsDefault = 5_000;
/** How many requests may wait for the fileserver of one export at this node. */
const parkedMax = 1_000;
/** When to retry an adapter that is up in the table but cannot be reached: no record reports its return. */
const unreachableMs = 250;
/** Counters are written at most this often. */
const countMs = 1_000;
/** What is printed for a file that has no inode in any kernel. */
export const noInode = '<none>:0';

/** How long one request may wait for its fileserver in total, and what has happened to it so far. */
export class Parking {
  /** Its outcome has been counted. */
  counted = false;
  /** It has had to wait. */
  parked = false;
  /** The request is being retried with the present state of its export. */
  again = false;
  /** Its export was created or kept for it, and the request has not used it yet. */
  probed = false;
  /** The export does not exist and cannot be created: a retry is useless. */
  unknown = false;
  private readonly until: number;
  private gone: AbortSignal | undefined;

  constructor(private readonly patience: Pick<Patience, 'backendMs' | 'departed'> = {}) {
    this.until = performance.now() + (patience.backendMs ?? parkMsDefault);
  }

  get leftMs(): number {
    return Math.max(0, this.until - performance.now());
  }
  /** Fires when the caller has gone. */
  get signal(): AbortSignal | undefined {
    this.gone ??= this.patience.departed?.();
    return this.gone;
  }
}

/** Whether the name of a file is its identity. */
const isNamed = ({ local, byName }: ExportView): boolean => local || byName;

/** Where a file is: its name, and the identity that it had when the caller last saw it, which then counts. */
export interface Whereabouts {
  export: string;
  file: string;
  handle?: string;
}
/** Reasons that prove that a name leads to another file, or to none; all others may be the fileserver's trouble. */
export const leadsElsewhere = (reason: string): boolean =>
  reason === 'no_such_file' || reason === 'lease_type_unsupported';

const noExport = (name: string): Refused => refuse('no_such_export', { missing: `exports/${name}` });

/** Whether a request for this export waits while no adapter serves it. An opening adapter is always waited for. */
function waitsAt({ state, policy }: ExportView): boolean {
  return state === 'opening' || policy === 'wait' || (policy === 'local' && state === 'up');
}

/** Exports: resolves names in them, and holds or refuses requests while no fileserver serves them (semantics.md §7). */
export class Exports implements Follower {
  private readonly known = new Map<string, { view: ExportView; readAt: number }>();
  private readonly reading = new Map<string, Promise<ExportView | undefined>>();
  private restoring: Promise<void> | undefined;
  /** The number of requests that wait here, by export. */
  private readonly parked = new Map<string, number>();
  /** Name prefixes of exports that are created on demand, longest first. */
  private prefixes: { readAt: number; found: Promise<{ stack: string; prefix: string }[]> } | undefined;
  private readonly counts = new Map<string, { refused: number; queued: number }>();
  private counting: NodeJS.Timeout | undefined;
  /** Makes this node and its exports known to the table again. */
  onMissing: () => Promise<void> = async () => {
    await this.declare();
  };

  constructor(
    private readonly arbiter: Arbiter,
    private readonly fileservers: FileserverPort,
    private readonly relay: Relay,
    private readonly declared: {
      /** Exports that need no fileserver. */
      names: readonly string[];
      /** Exports that exist before their fileserver has come. */
      served?: readonly { name: string; stack: string }[];
      breakMs: number;
      lockDelayMs: number;
      /** Exports among `names` whose directories may be delegated. */
      directories?: readonly string[];
    },
  ) {
    relay.follow(this);
  }

  /** Creates the configured exports. Returns the names that exports of another stack already have. */
  async declare(): Promise<string[]> {
    const { names, served = [], breakMs, lockDelayMs, directories: delegated = [] } = this.declared;
    const taken: string[] = [];
    for (const each of served) {
      const { declared } = await this.arbiter.run('exportDeclare', { ...each, breakMs, lockDelayMs });
      if (!declared) taken.push(each.name);
    }
    for (const name of names) {
      const directories = delegated.includes(name);
      const { declared } = await this.arbiter.run('exportDeclare', {
        ...{ name, breakMs, lockDelayMs, directories },
      });
      if (!declared) taken.push(name);
    }
    return taken;
  }

  records(records: readonly RecordRow[]): void {
    for (const record of records) {
      if (record.kind === 'jeopardy' || record.kind === 'reclaimed') this.forget(record.exportName);
      if (record.kind !== 'configured') continue;
      if (record.item.startsWith('exports/')) this.forget(record.item.slice(8));
      else if (record.item.startsWith('stacks/')) this.prefixes = undefined;
    }
  }

  gap(): void {
    this.forget();
    this.prefixes = undefined;
  }

  /** Drops what is cached about one export, or about all: it has changed. */
  forget(name?: string): void {
    // A read that is already running may return the old state, so it is dropped too.
    if (name === undefined) {
      this.known.clear();
      this.reading.clear();
    } else {
      this.known.delete(name);
      this.reading.delete(name);
    }
  }

  /** The configured exports that no fileserver serves now. */
  async unserved(): Promise<string[]> {
    const { served = [] } = this.declared;
    if (served.length === 0) return [];
    const exports = await this.list();
    const isUp = (name: string): boolean => exports.some((each) => each.name === name && each.state === 'up');
    return served.map(({ name }) => name).filter((name) => !isUp(name));
  }

  async list(): Promise<readonly ExportView[]> {
    return (await this.arbiter.run('exportList', {})).exports;
  }

  /**
   * Runs a request that uses an export. If the export has changed since its name was looked up, runs the request once
   * more with the present state. If the adapter is lost meanwhile, waits for it as the policy says.
   * Refused: the refusals of `run`; no_backend, queue_full.
   */
  async attempt<T extends object>(
    exportName: string,
    patience: Pick<Patience, 'backendMs' | 'departed'> | undefined,
    run: (parking: Parking) => Promise<T | Refused>,
  ): Promise<T | Refused> {
    const parking = new Parking(patience);
    for (;;) {
      const answer = await run(parking);
      if (!isRefused(answer)) return answer;
      const { reason } = answer.refused;
      if (reason === 'resolve_again' || reason === 'no_such_export') {
        if (parking.unknown) return answer;
        if (parking.again)
          return reason === 'no_such_export'
            ? answer
            : refuse('no_backend', { detail: 'The export is being changed at this moment.' });
        parking.again = true;
        this.forget(exportName);
        continue;
      }
      if (reason !== 'no_backend') return answer;
      const found = await this.find(exportName);
      if (isRefused(found)) return answer;
      if (!waitsAt(found)) {
        this.count(exportName, 'refused', parking);
        return answer;
      }
      const over = await this.park(found, parking);
      if (over !== undefined) return over;
    }
  }

  /**
   * The identity of a file as its fileserver sees it now. If the export has no fileserver, or none yet and its policy
   * is `local`, the name is the identity. With `parking` it waits for the fileserver as the policy says, after calling
   * `first`.
   * Refused: no_such_export, items_max, no_backend, queue_full, export_stopping, export_stopped, no_such_file,
   * fileserver_timeout, fileserver_denied, lease_type_unsupported; and the refusals of `first`.
   */
  async resolve(
    exportName: string,
    path: string,
    parking?: Parking,
    first?: () => Promise<Refused | undefined>,
  ): Promise<FileRef | Refused> {
    for (;;) {
      const found = await this.find(exportName, parking);
      if (isRefused(found)) {
        if (parking !== undefined) parking.unknown = true;
        return found;
      }
      const answer = await this.locate(found, path);
      if (!isRefused(answer)) {
        if (parking?.probed !== true) return answer;
        parking.probed = false;
        return { ...answer, probed: true };
      }
      if (answer.refused.reason !== 'no_backend') return answer;
      if (parking === undefined || !waitsAt(found)) return answer;
      const over = (parking.parked ? undefined : await first?.()) ?? (await this.park(found, parking));
      if (over !== undefined) return over;
    }
  }

  /**
   * `resolve` on behalf of a session. A problem with the session takes precedence over a problem with the name,
   * although the name is resolved first.
   * With a handle it is the file of that identity, whatever the name leads to by now.
   * Refused: as for `resolve`; file_changed if the name leads elsewhere and nobody has anything on the file.
   */
  resolveFor(
    sessionId: string,
    digest: string,
    where: Whereabouts,
    parking?: Parking,
  ): FileRef | Refused | Promise<FileRef | Refused> {
    const found = parking?.again === true ? undefined : this.believed(where.export);
    // The usual case, without a wait and its promises.
    if (found !== undefined && parking?.probed !== true && isNamed(found))
      return this.named(found, where.handle ?? where.file);
    return this.resolvePatiently(sessionId, digest, where, parking);
  }

  private async resolvePatiently(
    sessionId: string,
    digest: string,
    where: Whereabouts,
    parking: Parking | undefined,
  ): Promise<FileRef | Refused> {
    const first = (): Promise<Refused | undefined> => this.outOfOrder(sessionId, digest);
    const byName = await this.resolve(where.export, where.file, parking, first);
    const file =
      where.handle === undefined ? byName : await this.ofHandle(where.export, where.handle, byName);
    return isRefused(file) ? ((await first()) ?? file) : file;
  }

  /** The file of an identity: the name may lead there, or somebody has something on it. */
  private async ofHandle(
    exportName: string,
    handle: string,
    byName: FileRef | Refused,
  ): Promise<FileRef | Refused> {
    if (isRefused(byName) ? !leadsElsewhere(byName.refused.reason) : byName.fileId === handle) return byName;
    const found = await this.find(exportName);
    if (isRefused(found)) return found;
    const fileKey = this.arbiter.ids.fileKey(found, handle);
    const { locks } = await this.arbiter.run('lockList', { fileKey, after: 0, limit: 1 });
    const [known] = locks;
    if (known === undefined) return refuse('file_changed');
    return { fileKey, exportName, exportNo: found.no, path: known.path, fileId: handle, inode: known.inode };
  }

  /** Whether directories of this export may be delegated. If not, nothing is ever held on a directory. */
  async delegatesDirectories(exportName: string): Promise<boolean> {
    const found = await this.find(exportName);
    return !isRefused(found) && found.directories;
  }

  /**
   * A file by its name alone, for decisions that do not need its identity.
   * Refused: no_such_export, no_such_session, not_holder, session_expired.
   */
  async nameFor(
    sessionId: string,
    digest: string,
    exportName: string,
    path: string,
  ): Promise<FileRef | Refused> {
    const refused = await this.outOfOrder(sessionId, digest);
    if (refused !== undefined) return refused;
    const found = await this.find(exportName);
    return isRefused(found) ? found : this.named(found, path);
  }

  /**
   * A resource, on behalf of a session: its name is all there is, whatever fileserver the export has.
   * Refused: no_such_export, no_such_session, not_holder, session_expired.
   */
  resourceFor(
    sessionId: string,
    digest: string,
    where: { export: string; name: string },
    parking: Parking,
  ): Promise<FileRef | Refused> {
    return this.refFor(sessionId, digest, where, parking, ({ name }) => ({
      fileKey: this.arbiter.ids.resourceKey(name, where.name),
      resource: true,
    }));
  }

  /** A semaphore, likewise. */
  semaphoreFor(
    sessionId: string,
    digest: string,
    where: { export: string; name: string; limit: number },
    parking: Parking,
  ): Promise<(FileRef & { semaphore: number }) | Refused> {
    return this.refFor(sessionId, digest, where, parking, (found) => ({
      fileKey: this.arbiter.ids.semaphoreKey(found, where.name),
      semaphore: where.limit,
    }));
  }

  private async refFor<R extends Partial<FileRef> & { fileKey: string }>(
    sessionId: string,
    digest: string,
    { export: exportName, name }: { export: string; name: string },
    parking: Parking,
    ref: (found: ExportView) => R,
  ): Promise<(FileRef & R) | Refused> {
    const found = await this.find(exportName, parking);
    if (!isRefused(found))
      return {
        ...{ exportName, path: name, fileId: name, inode: noInode, exportNo: found.no },
        ...ref(found),
      };
    parking.unknown = true;
    return (await this.outOfOrder(sessionId, digest)) ?? found;
  }

  /** What the keys of the files of an export depend on, also if it is not there any more. */
  async placed(name: string): Promise<Placed> {
    if (!this.arbiter.ids.sharded) return { name };
    return this.believed(name) ?? (await this.read(name)) ?? { name };
  }

  /** Writes the counters to the table. */
  async flush(): Promise<void> {
    clearTimeout(this.counting);
    this.counting = undefined;
    const counts = [...this.counts];
    this.counts.clear();
    for (const [name, { refused, queued }] of counts)
      await this.arbiter.run('exportCount', { name, refused, queued });
  }

  /** The refusal if the session is not usable. */
  private async outOfOrder(sessionId: string, digest: string): Promise<Refused | undefined> {
    const known = await this.arbiter.run('sessionGet', { sessionId, digest });
    if (isRefused(known)) return known;
    const { state } = known.session;
    return state === 'live' || state === 'courtesy' ? undefined : refuse('session_expired');
  }

  /** For a retried request, keeps the export until the request has used it. Refused: no_such_export, items_max. */
  private async find(name: string, parking?: Parking): Promise<ExportView | Refused> {
    const touch = parking?.again === true;
    const known = touch ? undefined : this.believed(name);
    if (known !== undefined) return known;
    const touched = touch ? await this.touch(name, parking) : undefined;
    if (touch) this.forget(name);
    let found = await this.read(name);
    if (found === undefined && this.declared.names.includes(name)) {
      // The table has been emptied since the exports were declared.
      this.restoring ??= this.onMissing().finally(() => {
        this.restoring = undefined;
      });
      await this.restoring;
      found = await this.read(name);
    }
    if (found !== undefined) return found;
    const refused = touched ?? (await this.touch(name, parking));
    if (refused !== undefined) return refused;
    this.forget(name);
    return (await this.read(name)) ?? noExport(name);
  }

  /** What was read of an export, if that is not too long ago. */
  private believed(name: string): ExportView | undefined {
    const known = this.known.get(name);
    return known !== undefined && performance.now() - known.readAt <= believedMs ? known.view : undefined;
  }

  /** Creates an on-demand export, or keeps it for this request. */
  private async touch(name: string, parking?: Parking): Promise<Refused | undefined> {
    const { breakMs, lockDelayMs } = this.declared;
    const stack = await this.stackFor(name);
    if (stack === undefined) return noExport(name);
    const touched = await this.arbiter.run('exportTouch', { name, stack, breakMs, lockDelayMs });
    if (isRefused(touched)) return touched;
    if (parking !== undefined) parking.probed = true;
    return undefined;
  }

  /** The stack that creates exports of this name on demand: the one with the longest matching prefix. */
  private async stackFor(name: string): Promise<string | undefined> {
    if (this.prefixes === undefined || performance.now() - this.prefixes.readAt > believedMs)
      this.prefixes = { readAt: performance.now(), found: this.readPrefixes() };
    const found = await this.prefixes.found;
    return found.find(({ prefix }) => name.startsWith(prefix))?.stack;
  }

  private async readPrefixes(): Promise<{ stack: string; prefix: string }[]> {
    try {
      const { stacks } = await this.arbiter.run('stackList', {});
      return stacks
        .flatMap(({ name: stack, prefix }) => (prefix === undefined ? [] : [{ stack, prefix }]))
        .sort((a, b) => b.prefix.length - a.prefix.length);
    } catch (error) {
      this.prefixes = undefined;
      throw error;
    }
  }

  /** The file that a name leads to now. */
  private async locate(found: ExportView, path: string): Promise<FileRef | Refused> {
    if (isNamed(found)) return this.named(found, path);
    let [asked, answer] = [found, await this.ask(found, path)];
    if (isRefused(answer) && answer.refused.reason === 'no_backend' && found.state === 'up') {
      // The adapter may have just come back at another address.
      const now = await this.read(found.name);
      if (now !== undefined && now.endpoint !== found.endpoint)
        [asked, answer] = [now, await this.ask(now, path)];
    }
    if (isRefused(answer)) {
      const { state } = asked;
      return state === 'stopping' || state === 'stopped' ? refuse(`export_${state}`) : answer;
    }
    const { name: exportName, no: exportNo } = asked;
    const fileKey = this.arbiter.ids.fileKey(asked, answer.fileId);
    return { fileKey, exportName, exportNo, path, ...answer };
  }

  private named(found: ExportView, path: string): FileRef {
    const { name: exportName, no: exportNo, byName, local } = found;
    const fileKey = this.arbiter.ids.fileKey(found, path);
    const ref: FileRef = { fileKey, exportName, path, fileId: path, inode: noInode, exportNo };
    if (byName && !local) ref.placeholder = true;
    return ref;
  }

  private ask(found: ExportView, path: string): ReturnType<FileserverPort['resolve']> {
    const { state, endpoint, incarnation, name } = found;
    switch (state) {
      case 'stopping':
      case 'stopped':
        // Nothing new is granted there, but holders must still find their files to release them.
        if (endpoint === '') return Promise.resolve(refuse(`export_${state}`));
        break;
      case 'up':
        break;
      default:
        return Promise.resolve(refuse('no_backend'));
    }
    return this.fileservers.resolve({ endpoint, incarnation }, name, path);
  }

  /** Waits until something about an export changes. Returns a refusal if the request must end instead. */
  private async park(found: ExportView, parking: Parking): Promise<Refused | undefined> {
    const { name } = found;
    const others = this.parked.get(name) ?? 0;
    // Waiters that named no time are gone after this long.
    if (others >= parkedMax) return refuse('queue_full', { retryAfterMs: parkMsDefault });
    if (this.relay.stopping) return refuse('service_stopping', { retryAfterMs: stoppedMs });
    if (parking.leftMs === 0 || parking.signal?.aborted === true) {
      this.count(name, 'refused', parking);
      return refuse('no_backend');
    }
    parking.parked = true;
    this.count(name, 'queued', parking);
    this.parked.set(name, others + 1);
    const watch = this.relay.watch(`exports/${name}`);
    try {
      // Read again: a change before the watch began left no record in it.
      const now = await this.find(name);
      if (!isRefused(now) && now.state === found.state && now.no === found.no && now.policy === found.policy)
        await watch.next(
          now.state === 'up' ? Math.min(parking.leftMs, unreachableMs) : parking.leftMs,
          parking.signal,
        );
      return undefined;
    } finally {
      watch.close();
      const left = (this.parked.get(name) ?? 1) - 1;
      if (left === 0) this.parked.delete(name);
      else this.parked.set(name, left);
    }
  }

  /** Counts the outcome of a request, once. */
  private count(name: string, what: 'refused' | 'queued', parking: Parking): void {
    if (parking.counted) return;
    parking.counted = true;
    const counts = this.counts.get(name) ?? { refused: 0, queued: 0 };
    counts[what] += 1;
    this.counts.set(name, counts);
    if (this.counting !== undefined) return;
    this.counting = setTimeout(() => {
      // If the table cannot be reached, losing these counts does not matter.
      this.flush().catch(() => undefined);
    }, countMs);
    this.counting.unref();
  }

  /** Reads one export anew. Concurrent callers share the answer. */
  private read(name: string): Promise<ExportView | undefined> {
    const running = this.reading.get(name);
    if (running !== undefined) return running;
    const begun: Promise<ExportView | undefined> = this.arbiter
      .run('exportList', { name })
      .then(({ exports: [view] }) => {
        if (this.reading.get(name) === begun && view !== undefined)
          this.known.set(name, { view, readAt: performance.now() });
        return view;
      })
      .finally(() => {
        if (this.reading.get(name) === begun) this.reading.delete(name);
      });
    this.reading.set(name, begun);
    return begun;
  }
}
