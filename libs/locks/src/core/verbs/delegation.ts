import { formatOf, formatOfNotices } from '../format';
import type { VerbInput, VerbOutput } from '../io';
import { refuse } from '../reasons';
import { exportFor, gate } from '../rules/admission';
import { enterFile, isRevoked, loadFile, shareOf } from '../rules/file';
import { neverDelegated, offer } from '../rules/offer';
import { newLease } from '../rules/grant';
import { recallNotified } from '../rules/notify';
import { leaseKind, leaseView } from '../rules/kinds/lease';
import { bringUp, settleFile } from '../rules/settle';
import { makeWay } from '../rules/takeover';
import type { Step } from '../step';

/**
 * A delegation without an open (WANT_DELEGATION, RFC 8881 §18.49). A delegation that is not granted is a normal answer,
 * with the reason.
 */
export function delegationWant(step: Step, input: VerbInput<'delegationWant'>): VerbOutput<'delegationWant'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const ref = input.file;
  const { exp, refused: away } = exportFor(step, ref, input, 0);
  if (exp === undefined) return away;
  if (input.directory === true) {
    if (!exp.directories) return { pending: false, whyNot: 'IS_DIR', willSignal: false };
    if (input.want === 'write')
      return { pending: false, whyNot: 'WRITE_DELEG_NOT_SUPP_FTYPE', willSignal: false };
  }
  // A table that an earlier version shares would not tell the holder.
  const notify = input.directory === true && input.notify === true && formatOf(step.meta) >= formatOfNotices;
  const file = enterFile(step, ref, exp);
  bringUp(step, file);
  if (input.reclaim === true && neverDelegated(step, file, input)) return refuse('reclaim_bad');
  // An id that is taken already: by this delegation, or by what is none any more.
  const isOther = shareOf(step, file.key, input.clientKey).leaseId !== input.leaseId;
  if (isOther && step.rows.get('lease', input.leaseId) !== undefined) return refuse('reclaim_bad');
  if (input.want !== 'none' && input.want !== 'cancel') {
    const { sessionId, clientKey } = input;
    const { exportName, path, fileId, inode } = ref;
    const item = {
      fileKey: file.key,
      exportName,
      path,
      fileId,
      inode,
      owner: sessionId,
      ownerKey: clientKey,
      clientKey,
    };
    const row = newLease(item, sessionId, 0, true);
    row.delegation = true;
    row.waitType = input.want === 'write' ? 'write' : 'read';
    makeWay(step, file, { kind: leaseKind, id: input.leaseId, row });
  }
  const { leaseId, whyNot, willSignal, willPush } = offer(step, file, {
    leaseId: input.leaseId,
    sessionId: input.sessionId,
    clientKey: input.clientKey,
    file: ref,
    want: input.want,
    writes: false,
    signal: input.signal === true,
    push: input.push === true,
    times: input.times === true,
    notify,
    reclaim: input.reclaim === true,
  });
  settleFile(step, file);
  const lease = leaseId === undefined ? undefined : step.rows.get('lease', leaseId);
  if (lease === undefined || leaseId === undefined)
    return { pending: false, whyNot: whyNot ?? 'CONTENTION', willSignal, willPush };
  return { lease: leaseView(step, leaseId, lease), pending: lease.pendingType !== undefined };
}

export function delegationUntold(
  step: Step,
  input: VerbInput<'delegationUntold'>,
): VerbOutput<'delegationUntold'> {
  const lease = step.rows.get('lease', input.leaseId);
  if (lease === undefined) return refuse('no_such_lease');
  const refused = gate(step, lease.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const file = loadFile(step, lease.fileKey);
  if (file === undefined || lease.state !== 'active' || isRevoked(file.row, lease))
    return { recalled: false };
  recallNotified(step, file, lease);
  settleFile(step, file);
  return { recalled: lease.notify === true };
}
