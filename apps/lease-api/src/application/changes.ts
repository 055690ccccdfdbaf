import { posix } from 'node:path';
import type { ChangeKind, DirectoryChange, FileRef, VerbInput } from '#locks';
import type { Arbiter } from './arbiter';
import { blockersOn } from './blockers';
import type { Exports, Parking } from './exports';
import { bodyDigest, randomId } from './ids';
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
  /** For `entries`: the entry that is added. */
  name?: string;
  /** Within this time it will be reported whether the change was made; absent: it will not. */
  reportMs?: number;
}
/** What a change needs on one file. */
export interface ChangeStep {
  path: string;
  kind: ChangeKind;
  /** What holders of delegations can be told of it. */
  notice?: DirectoryChange;
}
export interface ChangeAnswer {
  /** The id of the step that waits, or of the last step. */
  changeId: string;
  owner: string;
  /** `step` is in the queue. Repeat the request once it is granted: further steps may follow. */
  waiting: boolean;
  /** The number under which it waits there. */
  waitNo?: number;
  step: ChangeStep;
  /** The steps of which somebody is to be told, once it is reported that the change was made. */
  announced: string[];
}
/** How a step ended. */
interface StepAnswer {
  waiting: boolean;
  waitNo?: number;
  announced: boolean;
  /** It was in the queue. */
  waited?: boolean;
}
/** A step, and the id of its change, which it gets when its file is known and keeps. */
interface StepTaken {
  readonly step: ChangeStep;
  changeId?: string;
}
/** All steps, one after the other. */
interface Pass {
  /** The last step that there was, or the one that waits. */
  last: ChangeAnswer | undefined;
  /** A step waited after another one had been allowed. */
  later: boolean;
}

/** The directory a name is in. */
const parentOf = (path: string): string => posix.dirname(path);

/**
 * The files that a change affects: the file itself, the directories in which a name changes, and the file that a rename
 * replaces.
 */
function stepsOf({ file, kind, to, name }: ChangeRequest): ChangeStep[] {
  const entry = (what: DirectoryChange['what'], path: string, after?: string): ChangeStep => ({
    path: parentOf(path),
    kind: 'entries',
    notice: { what, name: posix.basename(path), to: after },
  });
  if (kind === 'entries')
    return [{ path: file, kind, notice: name === undefined ? undefined : { what: 'add', name } }];
  if (kind === 'setattr') return [{ path: file, kind, notice: { what: 'attributes' } }];
  const steps: ChangeStep[] = [{ path: file, kind }];
  if (kind === 'rename' && to !== undefined) {
    steps.push({ path: to, kind: 'unlink' });
    if (parentOf(file) === parentOf(to)) steps.push(entry('rename', file, posix.basename(to)));
    else steps.push(entry('remove', file), entry('add', to));
  } else if (kind === 'link' && to !== undefined) steps.push(entry('add', to));
  else if (kind === 'unlink') steps.push(entry('remove', file));
  return steps;
}

function stepAnswer({
  change,
  waiting,
}: {
  change: { announced?: boolean; waitNo?: number };
  waiting: boolean;
}): StepAnswer {
  return { waiting, waitNo: change.waitNo, announced: change.announced === true };
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
    const { quietMs = 0 } = request;
    const until = performance.now() + patience.waitMs;
    const steps = stepsOf(request).map((step): StepTaken => ({ step }));
    const announced = new Set<string>();
    let passed: Pass | Refused;
    do {
      passed = await this.pass(request, steps, announced, digest, { ...patience, until }, parking);
      if (isRefused(passed)) return this.unsaid([...announced], digest, passed);
      // While a later file was waited for, the quiet of an earlier one went on: all have to be quiet together.
    } while (quietMs > 0 && passed.later && passed.last?.waiting === false);
    if (passed.last !== undefined) return passed.last;
    // Nothing can be in the way, for example because directories are not delegated here.
    const known = await this.exports.nameFor(request.sessionId, digest, request.export, request.file);
    if (isRefused(known)) return known;
    const step = { path: request.file, kind: request.kind };
    const { owner } = ownerRef(request);
    return { changeId: randomId(), owner, waiting: false, step, announced: [...announced] };
  }

  /** Takes the steps one after the other, up to one that waits. `announced` gets the ids of those that are. */
  private async pass(
    request: ChangeRequest,
    steps: readonly StepTaken[],
    announced: Set<string>,
    digest: string,
    patience: Patience & { until: number },
    parking: Parking,
  ): Promise<Pass | Refused> {
    const { sessionId, requestId } = request;
    const { owner } = ownerRef(request);
    const { ids } = this.arbiter;
    const passed: Pass = { last: undefined, later: false };
    for (const [index, taken] of steps.entries()) {
      const { step } = taken;
      const file = await this.file(request, step, index === 0, digest, parking);
      if (file === undefined) continue;
      if (isRefused(file)) return file;
      const named = requestId === undefined ? undefined : `${requestId} ${String(index)}`;
      const changeId =
        named !== undefined
          ? ids.derived(sessionId, 'change', named, file.fileKey)
          : ids.kept(taken.changeId, file.fileKey);
      taken.changeId = changeId;
      // All files share one `waitMs`. It stays at least 1, so that a request that may wait can still wait on the last
      // file.
      const left = Math.round(patience.until - performance.now());
      const waitMs = patience.waitMs === 0 ? 0 : Math.max(1, left);
      const answer = await this.one(request, step, file, changeId, digest, { ...patience, waitMs });
      if (isRefused(answer)) return answer;
      if (answer.announced) announced.add(changeId);
      const { waiting, waitNo, waited = false } = answer;
      if (waited && passed.last !== undefined) passed.later = true;
      passed.last = { changeId, owner, waiting, waitNo, step, announced: [...announced] };
      if (waiting) break;
    }
    return passed;
  }

  /**
   * Cancels a waiting change. `cancelled` is false if it already went ahead or was cancelled.
   * Refused: as for a session.
   */
  cancel(changeId: string, digest: string): Promise<{ cancelled: boolean } | Refused> {
    return this.arbiter.run('changeCancel', { changeId, digest });
  }

  /**
   * Reports whether a change was made that had been announced under these ids. `reported` is false if no report is awaited
   * for any of them.
   * Refused: as for a session.
   */
  async report(
    changeIds: readonly string[],
    made: boolean,
    digest: string,
  ): Promise<{ reported: boolean } | Refused> {
    let reported = false;
    for (const changeId of changeIds) {
      const answer = await this.arbiter.run('changeReport', { changeId, made, digest });
      if (isRefused(answer)) return answer;
      reported ||= answer.reported;
    }
    return { reported };
  }

  /** A change was refused after some of its steps had been announced. */
  private async unsaid(announced: readonly string[], digest: string, refused: Refused): Promise<Refused> {
    await this.report(announced, false, digest);
    return refused;
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
    { path, kind, notice }: ChangeStep,
    file: FileRef,
    changeId: string,
    digest: string,
    patience: Patience,
  ): Promise<StepAnswer | Refused> {
    const { sessionId, quietMs = 0, requestId, reportMs } = request;
    const ref = ownerRef(request);
    const body =
      requestId === undefined
        ? undefined
        : bodyDigest('change', request.export, path, kind, request.file, request.to ?? '', ref.owner);
    const input: VerbInput<'fileChange'> = {
      ...{ sessionId, digest, changeId, file, kind, quietMs, waitMs: patience.waitMs, body, ...ref },
      ...(reportMs === undefined ? {} : { notice, reportMs }),
    };
    const watch = this.relay.watch(changeId);
    try {
      const made = await this.arbiter.run('fileChange', input);
      if (isRefused(made)) return made;
      if (!made.waiting || patience.queued === true) return stepAnswer(made);
      const found = await this.waiting.follow<StepAnswer>(watch, patience, {
        id: changeId,
        findable: requestId === undefined ? 'nowhere' : 'named',
        look: async () => {
          const wait = await this.arbiter.run('waitGet', { id: changeId, digest });
          if (!isRefused(wait)) return 'waits';
          return wait.refused.reason === 'no_such_wait' ? 'gone' : wait;
        },
        ended: (verdict) => this.ended(verdict, input, made.change.waitNo),
        withdraw: async () => {
          const { cancelled } = await this.arbiter
            .run('changeCancel', { changeId, digest })
            .then((answer) => (isRefused(answer) ? { cancelled: true } : answer));
          if (cancelled) return undefined;
          const ended = await this.ended(undefined, input);
          return isRefused(ended) ? undefined : ended;
        },
      });
      if (!isRefused(found)) return { ...found, waited: true };
      if (found.refused.reason !== 'wait_elapsed') return found;
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
    waitNo?: number,
  ): Promise<StepAnswer | Refused> {
    if (verdict?.kind !== 'changed' && verdict !== undefined) return refusedBecause(verdict);
    if (verdict?.waitNo === waitNo && verdict !== undefined)
      return { waiting: false, announced: verdict.announced === true };
    // The record of how it ended was missed, or is that of an earlier wait. A change holds nothing, so it is safe to ask again.
    const again = await this.arbiter.run('fileChange', { ...input, waitMs: 0 });
    return isRefused(again) ? again : stepAnswer({ ...again, waiting: false });
  }
}
