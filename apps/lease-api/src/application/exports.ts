import type { ExportView, FileRef } from '#locks';
import type { Arbiter } from './arbiter';
import type { FileserverPort } from './fileserver-port';
import { fileKeyOf } from './ids';
import { isRefused, refuse, type Refused } from './refusal';

/** How long the list of exports is believed; also bounds how often it is read. */
const believedMs = 1_000;
/** What a file prints as where no kernel has an inode for it. */
export const noInode = '<none>:0';

function named(exportName: string, path: string): FileRef {
  return { fileKey: fileKeyOf(exportName, path), exportName, path, fileId: path, inode: noInode };
}

/** Exports, and what their names lead to. */
export class Exports {
  private known = new Map<string, ExportView>();
  private readAt = Number.NEGATIVE_INFINITY;
  private reading: Promise<void> | undefined;
  private restoring: Promise<void> | undefined;
  /** Makes this node known to the table again, its exports among the rest. */
  onMissing: () => Promise<void> = async () => {
    await this.declare();
  };

  constructor(
    private readonly arbiter: Arbiter,
    private readonly fileservers: FileserverPort,
    private readonly declared: {
      names: readonly string[];
      breakMs: number;
      lockDelayMs: number;
      /** Those of them whose directories may be delegated. */
      directories?: readonly string[];
    },
  ) {}

  /** Makes the exports that need no fileserver. Returns the names that are taken by one that has one. */
  async declare(): Promise<string[]> {
    const { names, breakMs, lockDelayMs, directories: delegated = [] } = this.declared;
    const taken: string[] = [];
    for (const name of names) {
      const directories = delegated.includes(name);
      const { declared } = await this.arbiter.run('exportDeclare', {
        ...{ name, breakMs, lockDelayMs, directories },
      });
      if (!declared) taken.push(name);
    }
    return taken;
  }

  /** The list is known to have changed. */
  forget(): void {
    this.readAt = Number.NEGATIVE_INFINITY;
  }

  async list(): Promise<readonly ExportView[]> {
    await this.read();
    return [...this.known.values()];
  }

  /**
   * The identity of a file, as its fileserver sees it now; for an export without a fileserver the name is the identity.
   * Refused: no_such_export, no_backend, no_such_file, fileserver_timeout, fileserver_denied, lease_type_unsupported.
   */
  async resolve(exportName: string, path: string): Promise<FileRef | Refused> {
    const found = await this.find(exportName);
    if (found === undefined) return refuse('no_such_export');
    if (found.local) return named(exportName, path);
    let answer = await this.ask(found, path);
    if (isRefused(answer) && answer.refused.reason === 'no_backend') {
      // The adapter may have just come back, elsewhere.
      await this.read();
      const now = this.known.get(exportName);
      if (now !== undefined && (now.endpoint !== found.endpoint || now.state !== found.state))
        answer = await this.ask(now, path);
    }
    if (isRefused(answer)) return answer;
    return { fileKey: fileKeyOf(exportName, answer.fileId), exportName, path, ...answer };
  }

  /**
   * `resolve` on behalf of a session. Whose session is not in order hears that first, though the name is looked at
   * before the table is: what is wrong with the session outranks what is wrong with the name.
   */
  async resolveFor(
    sessionId: string,
    digest: string,
    exportName: string,
    path: string,
  ): Promise<FileRef | Refused> {
    const file = await this.resolve(exportName, path);
    return isRefused(file) ? ((await this.outOfOrder(sessionId, digest)) ?? file) : file;
  }

  /** Whether directories of this export may be delegated; where they may not, nothing is ever held on one. */
  async delegatesDirectories(exportName: string): Promise<boolean> {
    return (await this.find(exportName))?.directories === true;
  }

  /**
   * A file by its name alone, for what is decided without looking at it.
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
    return (await this.find(exportName)) === undefined ? refuse('no_such_export') : named(exportName, path);
  }

  /** What is wrong with a session. */
  private async outOfOrder(sessionId: string, digest: string): Promise<Refused | undefined> {
    const known = await this.arbiter.run('sessionGet', { sessionId, digest });
    if (isRefused(known)) return known;
    return known.session.state === 'live' ? undefined : refuse('session_expired');
  }

  private async find(exportName: string): Promise<ExportView | undefined> {
    const found = this.known.get(exportName);
    if (found !== undefined && performance.now() - this.readAt <= believedMs) return found;
    await this.read();
    if (!this.known.has(exportName) && this.declared.names.includes(exportName)) {
      // The table has been emptied since they were declared.
      this.restoring ??= this.onMissing().finally(() => {
        this.restoring = undefined;
      });
      await this.restoring;
      await this.read();
    }
    return this.known.get(exportName);
  }

  private ask(found: ExportView, path: string): ReturnType<FileserverPort['resolve']> {
    if (found.state !== 'up') return Promise.resolve(refuse('no_backend'));
    return this.fileservers.resolve(found.endpoint, found.name, path);
  }

  /** Reads the list again; whoever asks meanwhile shares the answer. */
  private read(): Promise<void> {
    this.reading ??= this.arbiter
      .run('exportList', {})
      .then(({ exports }) => {
        this.known = new Map(exports.map((each) => [each.name, each]));
        this.readAt = performance.now();
      })
      .finally(() => {
        this.reading = undefined;
      });
    return this.reading;
  }
}
