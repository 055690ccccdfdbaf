import { posix } from 'node:path';
import type { ChangeKind, FileRef, VerbInput } from '#locks';
import type { Arbiter } from './arbiter';
import { blockersOn } from './blockers';
import type { Exports, Parking } from './exports';
import { bodyDigest, derivedId, randomId } from './ids';
import { ownerRef } from './owner';
import { isRefused, refuse, type Refused } from './refusal';
import type { Relay } from './relay';
import { type Patience, refusedBecause, type Verdict, Waiting } from './waiting';

export interface ChangeRequest {
  sessionId: string;
  owner?: string;
  export: string;
  /** The directory itself, for `entries`; `.` is the root of the export. */
  file: string;
  /** The identity of `file`; not for `entries`. */
  handle?: string;
  kind: ChangeKind;
  /** The other name of a rename or a link. */
  to?: string;
  /** How long afterwards no lease and no delegation is granted. */
  quietMs?: number;
  /** With it, a repeated request finds its place in the queue. */
  requestId?: string;
}
/** What a change needs on one file. */
export interface ChangeStep {
  path: string;
  kind: ChangeKind;
}
export interface ChangeAnswer {
  /** The id of the step that waits, or of the last step. */
  changeId: string;
  owner: string;
  /** `step` is in the queue. Repeat the request once it is granted: further steps may follow. */
  waiting: boolean;
  step: ChangeStep;
}

/** The directory a name is in. */
const parentOf = (path: string): string => posix.dirname(path);

/**
 * The files that a change affects: the file itself, the directories in which a name changes, and the file that a rename
 * replaces.
 */
function stepsOf({ file, kind, to }: ChangeRequest): ChangeStep[] {
  const steps: ChangeStep[] = [{ path: file, kind }];
  const entries = (path: string): void => {
    const directory = parentOf(path);
    if (!steps.some((step) => step.path === directory && step.kind === 'entries'))
      steps.push({ path: directory, kind: 'entries' });
  };
  if (kind === 'rename' && to !== undefined) {
    steps.push({ path: to, kind: 'unlink' });
    entries(file);
    entries(to);
  } else if (kind === 'link' && to !== undefined) entries(to);
  else if (kind === 'unlink') entries(file);
  return steps;
}

/** Changes to files that are not opens. They are announced before they are made (semantics.md §3). */
export class Changes {
  private readonly waiting: Waiting;

  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
    private readonly relay: Relay,
  ) {
    this.waiting = new Waiting(relay);
  }

  /**
   * Breaks what the change conflicts with, file by file, and answers when it may go ahead. With `queued` it answers at
   * the first file on which it waits.
   * Refused: break_started, share_denied, fencing, queued, queue_full, deadlock, wait_elapsed, cancelled, grace,
   * id_reused_with_other_body, and the refusals of a name or a session.
   */
  change(request: ChangeRequest, digest: string, patience: Patience): Promise<ChangeAnswer | Refused> {
    return this.exports.attempt(request.export, patience, (parking) =>
      this.attempt(request, digest, patience, parking),
    );
  }

  private async attempt(
    request: ChangeRequest,
    digest: string,
    patience: Patience,
    parking: Parking,
  ): Promise<ChangeAnswer | Refused> {
    const { sessionId, requestId } = request;
    const until = performance.now() + patience.waitMs;
    const { owner } = ownerRef(request);
    let last: ChangeAnswer | undefined;
    for (const [index, step] of stepsOf(request).entries()) {
      const file = await this.file(request, step, index === 0, digest, parking);
      if (file === undefined) continue;
      if (isRefused(file)) return file;
      const changeId =
        requestId === undefined
          ? randomId()
          : derivedId(sessionId, 'change', `${requestId} ${String(index)}`);
      // All files share one `waitMs`. It stays at least 1, so that a request that may wait can still wait on the last
      // file.
      const waitMs = patience.waitMs === 0 ? 0 : Math.max(1, Math.round(until - performance.now()));
      const answer = await this.one(request, step, file, changeId, digest, { ...patience, waitMs });
      if (isRefused(answer)) return answer;
      last = { changeId, owner, waiting: answer.waiting, step };
      if (answer.waiting) return last;
    }
    if (last !== undefined) return last;
    // Nothing can be in the way, for example because directories are not delegated here.
    const known = await this.exports.nameFor(sessionId, digest, request.export, request.file);
    const step = { path: request.file, kind: request.kind };
    return isRefused(known) ? known : { changeId: randomId(), owner, waiting: false, step };
  }

  /**
   * Cancels a waiting change. `cancelled` is false if it already went ahead or was cancelled.
   * Refused: as for a session.
   */
  cancel(changeId: string, digest: string): Promise<{ cancelled: boolean } | Refused> {
    return this.arbiter.run('changeCancel', { changeId, digest });
  }

  /** The file of a step; undefined if nothing can be in the way there. */
  private async file(
    { sessionId, export: exportName, handle }: ChangeRequest,
    { path, kind }: ChangeStep,
    first: boolean,
    digest: string,
    parking: Parking,
  ): Promise<FileRef | Refused | undefined> {
    if (kind === 'entries' && !(await this.exports.delegatesDirectories(exportName))) return undefined;
    const where = {
      export: exportName,
      file: path,
      handle: first && kind !== 'entries' ? handle : undefined,
    };
    const file = await this.exports.resolveFor(sessionId, digest, where, parking);
    if (!isRefused(file)) return file;
    const { reason } = file.refused;
    // Nobody holds a file that cannot be leased, nor the missing target of a rename.
    if (reason === 'lease_type_unsupported') return undefined;
    return reason === 'no_such_file' && !first ? undefined : file;
  }

  private async one(
    request: ChangeRequest,
    { path, kind }: ChangeStep,
    file: FileRef,
    changeId: string,
    digest: string,
    patience: Patience,
  ): Promise<{ waiting: boolean } | Refused> {
    const { sessionId, quietMs = 0, requestId } = request;
    const ref = ownerRef(request);
    const body =
      requestId === undefined
        ? undefined
        : bodyDigest('change', request.export, path, kind, request.file, request.to ?? '', ref.owner);
    const input: VerbInput<'fileChange'> = {
      ...{ sessionId, digest, changeId, file, kind, quietMs, waitMs: patience.waitMs, body, ...ref },
    };
    const watch = this.relay.watch(changeId);
    try {
      const made = await this.arbiter.run('fileChange', input);
      if (isRefused(made)) return made;
      if (!made.waiting || patience.queued === true) return { waiting: made.waiting };
      const found = await this.waiting.follow<{ waiting: boolean }>(watch, patience, {
        id: changeId,
        findable: requestId === undefined ? 'nowhere' : 'named',
        look: async () => {
          const wait = await this.arbiter.run('waitGet', { id: changeId, digest });
          if (!isRefused(wait)) return 'waits';
          return wait.refused.reason === 'no_such_wait' ? 'gone' : wait;
        },
        ended: (verdict) => this.ended(verdict, input),
        withdraw: async () => {
          const { cancelled } = await this.arbiter
            .run('changeCancel', { changeId, digest })
            .then((answer) => (isRefused(answer) ? { cancelled: true } : answer));
          if (cancelled) return undefined;
          const ended = await this.ended(undefined, input);
          return isRefused(ended) ? undefined : ended;
        },
      });
      if (!isRefused(found) || found.refused.reason !== 'wait_elapsed') return found;
      return refuse(
        'wait_elapsed',
        await blockersOn(this.arbiter, file.fileKey, { sessionId, owner: ref.owner }),
      );
    } finally {
      watch.close();
    }
  }

  private async ended(
    verdict: Verdict | undefined,
    input: VerbInput<'fileChange'>,
  ): Promise<{ waiting: boolean } | Refused> {
    if (verdict?.kind === 'changed') return { waiting: false };
    if (verdict !== undefined) return refusedBecause(verdict);
    // The record of how it ended was missed. A change holds nothing, so it is safe to ask again.
    const again = await this.arbiter.run('fileChange', { ...input, waitMs: 0 });
    return isRefused(again) ? again : { waiting: false };
  }
}
