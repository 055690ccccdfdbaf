import type { VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import { breakView, startBreak } from '../rules/break';
import { rank } from '../rules/conflict';
import { forgetLease, leaveSession, loadFile } from '../rules/file';
import { releaseUnfenced } from '../rules/hold';
import { loseLease, stateOf } from '../rules/kinds/lease';
import { lockById } from '../rules/kinds/table';
import { settleFile } from '../rules/settle';
import type { Step } from '../step';
import { end } from './ending';

/** What administrators do besides listing: force a release, force a break. */

export function lockRelease(step: Step, input: VerbInput<'lockRelease'>): VerbOutput<'lockRelease'> {
  const lock = lockById(step, input.id);
  if (lock === undefined) return refuse('no_such_lock');
  const lease = step.rows.get('lease', input.id);
  if (lease === undefined) {
    end(step, lock, 'admin');
    return { released: true };
  }
  const file = loadFile(step, lease.fileKey);
  if (file === undefined) {
    if (lease.state !== 'allocated') return refuse('no_such_lock');
    leaveSession(step, lease.sessionId, keys.lease(input.id), lease.no);
    forgetLease(step, input.id, lease);
    return { released: true };
  }
  settleFile(step, file);
  const state = stateOf(file.row, lease);
  if (state === 'released' || state === 'revoked') return refuse('no_such_lock');
  // A fencing lease is already revoked: for that one only `unfenced` does anything.
  loseLease(step, file, input.id, lease, 'admin');
  if (input.unfenced) releaseUnfenced(step, file);
  settleFile(step, file);
  return { released: true };
}

export function lockBreak(step: Step, input: VerbInput<'lockBreak'>): VerbOutput<'lockBreak'> {
  const lease = step.rows.get('lease', input.id);
  const file = lease === undefined ? undefined : loadFile(step, lease.fileKey);
  if (lease === undefined || file === undefined) return refuse('no_such_lock');
  settleFile(step, file);
  const state = stateOf(file.row, lease);
  if (state !== 'active' && state !== 'breaking') return refuse('no_such_lock');
  if (rank(lease.type) > rank(input.target))
    startBreak(step, file, input.target, 'admin', undefined, 0, false);
  settleFile(step, file);
  const running = file.row.breaking;
  return { break: running === undefined ? undefined : breakView(step, running, lease.ownerKey) };
}
