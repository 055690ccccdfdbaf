import type { Refused } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import type { ExportRow } from '../rows';
import { endOfList, type Step } from '../step';
import { type File, loadFile, usedBy } from './file';
import { comeBack, heldUntil } from './courtesy';
import { inGrace, mayReclaimIn, neverHeld, settleGrace, wasThere } from './grace';
import { mayAsk } from './hold';
import { rowsOver } from './quota';
import { makeRoom } from './surplus';

/**
 * The checks that a request passes before anything is decided about its file, in fixed order (semantics.md §10): the
 * session and its secret, then the export, then the grace period, then room in the session.
 */

// --- the session

/**
 * The checks of every call on behalf of a session, in fixed order: the session exists, the secret is right, and the
 * session is live, or comes back from courtesy with this. Without a digest the caller is an administrator.
 */
export function gate(step: Step, sessionId: string, digest: string | undefined): Refused | undefined {
  const refused = gateClient(step, sessionId, digest);
  if (refused !== undefined) return refused;
  return step.rows.get('session', sessionId)?.unconfirmed === true ? refuse('client_unconfirmed') : undefined;
}

/** Whether sessions are at home in this shard. */
function isHome({ meta }: Step): boolean {
  return (meta.shard ?? 0) === 0;
}

function enterFirst(sessionId: string): Refused {
  return { refused: { reason: 'enter_first', enters: sessionId } };
}

/** The same for the few calls that an NFS client may make before CREATE_SESSION has confirmed it. */
export function gateClient(step: Step, sessionId: string, digest: string | undefined): Refused | undefined {
  const session = step.rows.get('session', sessionId);
  // Its home knows whether there is one.
  if (session === undefined) return isHome(step) ? refuse('no_such_session') : enterFirst(sessionId);
  // What is over here, or has never been, only its home can judge.
  const isGuest = session.guest === true;
  const isOpen = session.state === 'live' || (session.state === 'courtesy' && digest === undefined);
  if (isGuest && !isOpen) return enterFirst(sessionId);
  if (digest !== undefined && session.digest !== digest) return { refused: { reason: 'not_holder' } };
  if (isGuest) return undefined;
  const isOver = session.state !== 'live' || session.expires <= step.now;
  // Whatever its client asks for shows that it is there again; an administrator does not.
  const returns = session.state === 'live' || session.state === 'courtesy';
  if (isOver && returns && heldUntil(session) > step.now) {
    if (digest !== undefined) comeBack(step, sessionId, session);
    return undefined;
  }
  return isOver ? { refused: { reason: 'session_expired' } } : undefined;
}

/** Whether the session may have `n` more rows. */
export function roomFor(step: Step, sessionId: string, n: number): Refused | undefined {
  const session = step.rows.get('session', sessionId);
  if (session === undefined) return { refused: { reason: 'no_such_session' } };
  makeRoom(step, sessionId, n);
  if (session.rows + n > step.meta.limits.sessionLocksMax)
    return { refused: { reason: 'session_locks_max' } };
  return rowsOver(step, sessionId, n);
}

/** The process id that the session gave; 0 = none. */
export function pidOf(step: Step, sessionId: string): number {
  const session = step.rows.get('session', sessionId);
  return session === undefined ? 0 : session.pid;
}

// --- the grace period: after the table may have lost something, only reclaims are granted

/**
 * Whether the grace period, of the table or of the export, permits this request: during it only reclaims are granted,
 * outside it none.
 */
export function claim(
  step: Step,
  sessionId: string,
  reclaim: boolean | undefined,
  exportName: string,
): Refused | undefined {
  const session = step.rows.get('session', sessionId);
  const isClient = session?.client !== undefined;
  if (!inGrace(step)) {
    const exp = step.meta.graces === undefined ? undefined : step.rows.get('export', exportName);
    const left = exp === undefined ? 0 : settleGrace(step, exp);
    if (exp !== undefined && left > 0) {
      if (reclaim !== true) return { refused: { reason: 'grace', retryAfterMs: left } };
      const may = session !== undefined && mayReclaimIn(step, exp, sessionId, session);
      return may ? undefined : refuse('no_grace');
    }
    if (reclaim === true) return refuse('no_grace');
    // RFC 8881 §18.51.3: a client first says that it has nothing left to reclaim.
    return isClient && session.complete !== true ? refuse('reclaims_incomplete') : undefined;
  }
  if (reclaim !== true) {
    const left = step.meta.graceUntil - step.now;
    // The other lease APIs usually connect within a moment.
    return {
      refused: {
        reason: 'grace',
        retryAfterMs: step.meta.unheard === undefined ? left : Math.min(left, 500),
      },
    };
  }
  const done = session !== undefined && session.reclaimedIn === step.meta.graceNo;
  const there = session === undefined || wasThere(step, session);
  return done || !there ? refuse('no_grace') : undefined;
}

/** Why a reclaim by its id cannot be of more than the table has: what it has stays as it is. */
export function notMissing(step: Step, sessionId: string, { exp, row }: File): Refused | undefined {
  return claim(step, sessionId, true, row.exportName) ?? neverHeld(step, true, exp);
}

// --- the export

/** Whether a request wants to hold for longer than the export permits. */
export function holdTooLong(exp: ExportRow, maxHoldMs: number | undefined): Refused | undefined {
  const allowed = exp.own?.maxHoldMs;
  if (allowed === undefined || maxHoldMs === undefined || maxHoldMs <= allowed) return undefined;
  return { refused: { reason: 'hold_too_long', allowed } };
}

/** A file as a request names it. */
interface Named {
  fileKey: string;
  fileId: string;
  exportName: string;
  exportNo?: number;
  placeholder?: boolean;
  resource?: boolean;
  semaphore?: number;
}

/** Whether the export's files are identified by name at the moment, although it has a fileserver or will have one. */
export function byName(exp: ExportRow): boolean {
  // A file that the fileserver has identified may be the same as one known by name: both must never be granted side by
  // side.
  return !exp.local && exp.opening !== true && !mayAsk(exp) && exp.policy === 'local' && exp.bound === 0;
}

/** Whether some of its files are still in use by name: the files these names lead to are unknown or not settled. */
function hasUnbound(step: Step, exp: ExportRow): boolean {
  return (
    exp.withoutBackend !== undefined &&
    step.rows.page(keys.unboundFiles(exp.name), 0, endOfList, 1).length > 0
  );
}

function livesIn(step: Step, sessionId: string, region: string): boolean {
  const session = step.rows.get('session', sessionId);
  if (session?.bound !== true || session.node === undefined) return false;
  const node = step.rows.get('node', session.node);
  return node?.region === region && node.state === 'up';
}

/**
 * Why the export cannot accept a new request on a file, or undefined. `resolve_again`: the export has changed since the
 * name was resolved.
 */
export function turnedAway(step: Step, ref: Named, sessionId: string): Refused | undefined {
  const exp = step.rows.get('export', ref.exportName);
  if (exp === undefined) return refuse('no_such_export');
  if (exp.stopped === true) return refuse('export_stopped');
  if (exp.operation !== undefined) return refuse('export_stopping');
  if (exp.region !== undefined && !livesIn(step, sessionId, exp.region)) return refuse('node_required');
  if (ref.exportNo !== undefined && ref.exportNo !== exp.no) return refuse('resolve_again');
  // A resource or a semaphore is found by its name alone.
  if (exp.local || ref.resource === true || ref.semaphore !== undefined) return undefined;
  const fits = ref.placeholder === true ? byName(exp) : !byName(exp) && !hasUnbound(step, exp);
  // A file that is already in use keeps its key.
  if (!fits && loadFile(step, ref.fileKey) === undefined) return refuse('resolve_again');
  const other = ref.placeholder === true ? undefined : usedBy(step, exp, ref.fileId);
  return other === undefined ? undefined : { refused: { reason: 'file_in_other_export', usedBy: other } };
}

/**
 * The export for a new request, if the export accepts it, the grace period permits it (claim), and the session has room
 * for `rows` more rows: the checks of every such request, in fixed order.
 */
export function exportFor(
  step: Step,
  ref: Named,
  request: { sessionId: string; reclaim?: boolean },
  rows: number,
): { exp: ExportRow; refused?: undefined } | { exp?: undefined; refused: Refused } {
  const named = step.rows.get('export', ref.exportName);
  const refused =
    turnedAway(step, ref, request.sessionId) ??
    claim(step, request.sessionId, request.reclaim, ref.exportName) ??
    (ref.resource === true || ref.semaphore !== undefined
      ? neverHeld(step, request.reclaim, named)
      : undefined) ??
    (rows === 0 ? undefined : roomFor(step, request.sessionId, rows));
  const exp = step.rows.get('export', ref.exportName);
  if (refused !== undefined || exp === undefined) return { refused: refused ?? refuse('no_such_export') };
  return { exp };
}
