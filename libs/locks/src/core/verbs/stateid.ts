import type { HeldState, Refused, Shown, VerbInput, VerbOutput } from '../io';
import { refuse } from '../reasons';
import type { LeaseRow, LockStateRow } from '../rows';
import { freeTaken, wasTaken } from '../rules/ended';
import { loadFile } from '../rules/file';
import { forgetFinished } from '../rules/kinds/lease';
import {
  forgetLockState,
  gateShown,
  hasEnded,
  holdsLocks,
  notPresent,
  rememberRequest,
  unknownStateid,
} from '../rules/stateid';
import type { Step } from '../step';
import { settleLease } from './lease';

/** What NFS servers ask about stateids of any kind: TEST_STATEID and FREE_STATEID (RFC 8881 §18.48, §18.38). */

/** Why the stateid of a delegation is not one of something held. */
function notHeld(step: Step, id: string, lease: LeaseRow, shown: Shown): Refused | undefined {
  if (!lease.delegation) return refuse('no_such_lock');
  const away = notPresent(shown, lease);
  if (away !== undefined) return away;
  settleLease(step, id, lease);
  if (lease.state === 'revoked') return refuse(lease.cause === 'expired' ? 'state_expired' : 'lease_revoked');
  return lease.state === 'released' ? refuse('lease_released') : undefined;
}

export function stateidTest(step: Step, input: VerbInput<'stateidTest'>): VerbOutput<'stateidTest'> {
  const { id, shown } = input;
  const refused = gateShown(step, shown, input.digest);
  if (refused !== undefined) return refused;
  const lease = step.rows.get('lease', id);
  if (lease !== undefined) {
    const { exportName, path, times } = lease;
    const access = lease.type === 'write' ? 'both' : 'read';
    return (
      notHeld(step, id, lease, shown) ?? { held: { kind: 'delegation', exportName, path, access, times } }
    );
  }
  const open = step.rows.get('open', id);
  if (open !== undefined) {
    const { exportName, path, access } = open;
    return notPresent(shown, open) ?? { held: { kind: 'open', exportName, path, access } };
  }
  const state = step.rows.get('lockState', id);
  if (state === undefined) return unknownStateid(step, id, shown);
  return notPresent(shown, state) ?? { held: heldLocks(step, state) };
}

function heldLocks(step: Step, { fileKey, openId, owner }: LockStateRow): HeldState {
  const file = loadFile(step, fileKey);
  const open = openId === undefined ? undefined : step.rows.get('open', openId);
  return {
    kind: 'lock',
    exportName: file === undefined ? '' : file.row.exportName,
    path: file === undefined ? '' : file.row.path,
    access: open === undefined ? undefined : open.access,
    owner,
  };
}

export function stateidFree(step: Step, input: VerbInput<'stateidFree'>): VerbOutput<'stateidFree'> {
  const { id, shown } = input;
  const refused = gateShown(step, shown, input.digest);
  if (refused !== undefined) return refused;
  const lease = step.rows.get('lease', id);
  if (lease !== undefined) return freeDelegation(step, id, lease, shown);
  const state = step.rows.get('lockState', id);
  const row = step.rows.get('open', id) ?? state;
  if (row === undefined && wasTaken(step, id, shown.sessionId)) {
    freeTaken(step, id, shown.sessionId, shown.requestId);
    return { freed: true };
  }
  if (row === undefined) return hasEnded(step, id, shown) ? { freed: true } : refuse('no_such_lock');
  const away = notPresent(shown, row);
  if (away !== undefined) return away;
  const held = state === undefined ? id : holdsLocks(step, state);
  if (state === undefined || held !== undefined) return { refused: { reason: 'locks_held', leaseId: held } };
  forgetLockState(step, id, state);
  rememberRequest(step, id, { sessionId: state.sessionId }, shown, 'freed');
  return { freed: true };
}

function freeDelegation(step: Step, id: string, lease: LeaseRow, shown: Shown): VerbOutput<'stateidFree'> {
  const away = notHeld(step, id, lease, shown);
  if (away === undefined) return { refused: { reason: 'locks_held', leaseId: id } };
  if (away.refused.reason !== 'lease_revoked' && away.refused.reason !== 'state_expired') return away;
  forgetFinished(step, id, lease);
  rememberRequest(step, id, { sessionId: lease.sessionId }, shown, 'freed');
  return { freed: true };
}
