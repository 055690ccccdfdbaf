import type { OpenAnswer, OpenView, Refused, Shown, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import type { Access, Deny, OpenPart, OpenRow } from '../rows';
import { claim, exportFor, gate, notMissing, pidOf } from '../rules/admission';
import { refusalOfEnded, rememberEnd } from '../rules/ended';
import { inGraceOf, neverHeld } from '../rules/grace';
import { enterFile, enterLists, leaveLists, loadFile, saveShare, shareOf, type File } from '../rules/file';
import { dropWaiter, waitNoOf, type Waiter } from '../rules/kinds/kind';
import { leaseView } from '../rules/kinds/lease';
import { endOpen, openKind } from '../rules/kinds/open';
import { offerWith } from '../rules/offer';
import { aheadOf, enqueue } from '../rules/queue';
import { mayNotWait, reasonFor } from '../rules/refusal';
import { bringUp, settleFile } from '../rules/settle';
import {
  closeLocks,
  gateShown,
  hasEnded,
  isRepeat,
  notPresent,
  rememberRequest,
  unknownStateid,
} from '../rules/stateid';
import { makeWay } from '../rules/takeover';
import { clearWay } from '../rules/way';
import type { Step } from '../step';

/** Opens break leases and, by their deny mode, refuse other opens (semantics.md §3, §4). */

function openView(step: Step, id: string, open: OpenRow): OpenView {
  const view: OpenView = {
    openId: id,
    sessionId: open.sessionId,
    owner: open.owner,
    exportName: open.exportName,
    path: open.path,
    fileId: open.fileId,
    fileKey: open.fileKey,
    access: open.access,
    deny: open.deny,
    seqid: open.seqid,
    state: open.state,
    toAccess: open.toAccess,
    toDeny: open.toDeny,
    waitNo: waitNoOf(open),
  };
  if (open.want === undefined || open.want === 'none' || open.state === 'waiting') return view;
  const lease = open.delegationId === undefined ? undefined : step.rows.get('lease', open.delegationId);
  if (lease !== undefined && open.delegationId !== undefined) {
    view.delegation = {
      lease: leaseView(step, open.delegationId, lease),
      pending: lease.pendingType !== undefined,
    };
  } else {
    view.delegation = {
      pending: false,
      whyNot: open.whyNot ?? 'CONTENTION',
      willSignal: open.willSignal === true,
      willPush: open.willPush === true,
    };
  }
  return view;
}

function answer(step: Step, id: string, open: OpenRow): OpenAnswer {
  return { open: openView(step, id, open), waiting: open.waitNo !== 0 };
}

export function openCreate(step: Step, input: VerbInput<'openCreate'>): VerbOutput<'openCreate'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const ref = input.file;
  const id = (input.reopen === true ? openOfOwner(step, input) : undefined) ?? input.openId;
  const known = knownOpen(step, input, id);
  if (known !== undefined) return again(step, input, id, known);
  // An owner that reopens a file after closing it makes a new request, not a repeat.
  const over = input.reopen === true ? undefined : refusalOfEnded(step, input.openId, input.body);
  if (over !== undefined) return over;
  const { exp, refused: away } = exportFor(step, ref, input, 1);
  if (exp === undefined) return away;
  const never = neverHeld(step, input.reclaim, exp);
  if (never !== undefined) return never;
  const file = enterFile(step, ref, exp);
  bringUp(step, file);
  const open: OpenRow = {
    no: 0,
    sessionId: input.sessionId,
    owner: input.owner,
    ownerKey: input.ownerKey,
    clientKey: input.clientKey,
    fileKey: file.key,
    exportName: ref.exportName,
    path: ref.path,
    fileId: ref.fileId,
    inode: ref.inode,
    pid: pidOf(step, input.sessionId),
    access: input.access,
    deny: input.deny,
    seqid: 0,
    state: 'waiting',
    waitNo: 0,
    due: 0,
    body: input.body,
    want: input.want,
    signal: input.signal,
    push: input.push,
    times: input.times,
    reclaim: input.reclaim,
    offerId: input.delegationId,
    request: input.requestId,
  };
  const waiter: Waiter<OpenRow> = { kind: openKind, id: input.openId, row: open };
  const verdict = enter(step, file, waiter, input.waitMs, true);
  if (verdict === undefined) {
    step.rows.put('open', input.openId, open);
    if (input.reopen === true) {
      const share = shareOf(step, file.key, input.ownerKey);
      share.openId = input.openId;
      saveShare(step, file.key, input.ownerKey, share);
    }
  }
  settleFile(step, file);
  if (verdict !== undefined) return verdict;
  return answer(step, input.openId, open);
}

/** A reclaim of an open by its id. */
function reclaims(step: Step, { reclaim, body, reopen, file }: VerbInput<'openCreate'>): boolean {
  return reclaim === true && body === undefined && reopen !== true && inGraceOf(step, file.exportName);
}

/** The open that exists already. One whose grant is lost waits still, and is reclaimed as if it were not there. */
function knownOpen(step: Step, input: VerbInput<'openCreate'>, id: string): OpenRow | undefined {
  const open = step.rows.get('open', id);
  if (open === undefined || open.state !== 'waiting' || open.sessionId !== input.sessionId) return open;
  const file = reclaims(step, input) ? loadFile(step, open.fileKey) : undefined;
  if (file === undefined || notMissing(step, input.sessionId, file) !== undefined) return open;
  dropWaiter(step, file, { kind: openKind, id, row: open }, 'cancelled');
  settleFile(step, file);
  return undefined;
}

/** The open that an NFS client's owner has on the file. Its id names one life: the next one gets another. */
function openOfOwner(step: Step, { file: ref, ownerKey }: VerbInput<'openCreate'>): string | undefined {
  const file = loadFile(step, ref.fileKey);
  return file === undefined ? undefined : shareOf(step, file.key, ownerKey).openId;
}

/** The open exists already: returns it, or with `reopen` adds to its access and deny. */
function again(
  step: Step,
  input: VerbInput<'openCreate'>,
  openId: string,
  open: OpenRow,
): VerbOutput<'openCreate'> {
  const { sessionId } = input;
  if (open.sessionId !== sessionId) return refuse('not_holder');
  if (reclaims(step, input)) return reclaimed(step, input, openId, open);
  if (input.reopen !== true) {
    return open.body === input.body ? answer(step, openId, open) : refuse('id_reused_with_other_body');
  }
  const file = loadFile(step, open.fileKey);
  if (file === undefined || open.state === 'waiting') return answer(step, openId, open);
  if (input.requestId !== undefined && open.request === input.requestId) return answer(step, openId, open);
  const unclaimed = claim(step, sessionId, input.reclaim, open.exportName);
  if (unclaimed !== undefined) return unclaimed;
  const to = { access: both(open.access, input.access), deny: bothDenied(open.deny, input.deny) };
  const has = to.access === open.access && to.deny === open.deny;
  const never = has ? undefined : neverHeld(step, input.reclaim, file.exp);
  if (never !== undefined) return never;
  wantAgain(open, input);
  const { seqid } = open;
  const verdict = change(step, file, openId, open, to, partsWith(open, input), input.waitMs);
  if (verdict === undefined && open.waitNo === 0) {
    // Every OPEN gives the client a stateid of its own, so that a CLOSE that has overtaken it is found out.
    if (open.seqid === seqid) open.seqid += 1;
    open.request = input.requestId;
    step.rows.put('open', openId, open);
    offerWith(step, file, openId, open);
  }
  settleFile(step, file);
  return verdict ?? answer(step, openId, open);
}

/** The table has the open, but may lack its last change: it becomes what its holder had. */
function reclaimed(
  step: Step,
  input: VerbInput<'openCreate'>,
  openId: string,
  open: OpenRow,
): VerbOutput<'openCreate'> {
  const { access, deny } = input;
  const file = loadFile(step, open.fileKey);
  if (file === undefined || (open.access === access && open.deny === deny && open.waitNo === 0))
    return answer(step, openId, open);
  const refused = notMissing(step, open.sessionId, file);
  if (refused !== undefined) return refused;
  const verdict = change(step, file, openId, open, { access, deny }, undefined, 0);
  settleFile(step, file);
  return verdict ?? answer(step, openId, open);
}

/** A reopen may ask for a delegation that the first open did not get. */
function wantAgain(open: OpenRow, input: VerbInput<'openCreate'>): void {
  if (input.want === undefined) return;
  open.want = input.want;
  open.signal = input.signal;
  open.push = input.push;
  open.times = input.times;
  open.reclaim = input.reclaim;
  open.offerId = input.delegationId;
  open.delegationId = undefined;
}

/** The OPENs that an open is the union of. */
function partsOf(open: OpenRow): OpenPart[] {
  return open.parts ?? [{ access: open.access, deny: open.deny }];
}

/** The same with one OPEN more; undefined: there is only one. */
function partsWith(open: OpenRow, { access, deny }: OpenPart): OpenPart[] | undefined {
  const parts: OpenPart[] = [];
  for (const part of partsOf(open)) if (part.access !== access || part.deny !== deny) parts.push(part);
  if (parts.length === 0) return undefined;
  parts.push({ access, deny });
  return parts;
}

/** The OPENs that OPEN_DOWNGRADE leaves; undefined if what it asks for is not their union (RFC 8881 §18.18.3). */
function partsWithin(open: OpenRow, to: OpenPart): OpenPart[] | undefined {
  const parts: OpenPart[] = [];
  let union: OpenPart | undefined;
  for (const part of partsOf(open)) {
    const within = both(part.access, to.access) === to.access && bothDenied(part.deny, to.deny) === to.deny;
    if (!within) continue;
    parts.push(part);
    union =
      union === undefined
        ? part
        : { access: both(union.access, part.access), deny: bothDenied(union.deny, part.deny) };
  }
  return union?.access === to.access && union.deny === to.deny ? parts : undefined;
}

function both(a: Access, b: Access): Access {
  return a === b ? a : 'both';
}
function bothDenied(a: Deny, b: Deny): Deny {
  if (a === 'none') return b;
  return b === 'none' || a === b ? a : 'both';
}

/** Grants or queues the request, or returns why neither. `fresh`: it has no row yet. */
function enter(
  step: Step,
  file: File,
  waiter: Waiter<OpenRow>,
  waitMs: number,
  fresh: boolean,
): Refused | undefined {
  const { id, row } = waiter;
  const ahead = aheadOf(step, file, waiter);
  if (ahead === undefined) {
    makeWay(step, file, waiter);
    // The table has no room for an open that needs to break nothing.
    if (fresh && step.short && clearWay(step, file, waiter, 'open')) return refuse('table_full');
    if (fresh) row.no = enterLists(step, keys.open(id), row.sessionId, file.key);
    if (openKind.admit(step, file, waiter, false)) return undefined;
    if (fresh) leaveLists(step, keys.open(id), row);
  }
  // The break goes on although nobody waits for it, as with O_NONBLOCK.
  const verdict = mayNotWait(step, file, waiter, reasonFor(step, file, waiter), waitMs);
  if (verdict !== undefined) return verdict;
  if (fresh) row.no = enterLists(step, keys.open(id), row.sessionId, file.key);
  enqueue(step, file, waiter, waitMs);
  return undefined;
}

export function openSet(step: Step, input: VerbInput<'openSet'>): VerbOutput<'openSet'> {
  const away = gateShown(step, input.shown, input.digest);
  if (away !== undefined) return away;
  const open = step.rows.get('open', input.openId);
  const file = open === undefined ? undefined : loadFile(step, open.fileKey);
  if (open === undefined || file === undefined) return noOpen(step, input.openId, input.shown);
  if (input.shown !== undefined) return lowered(step, file, input, open);
  const refused = gate(step, open.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (open.state === 'waiting') return refuse('request_pending');
  const { access, deny } = input;
  const more = both(open.access, access) !== open.access || bothDenied(open.deny, deny) !== open.deny;
  if (input.lower && more) return refuse('above_present');
  const unclaimed = more ? claim(step, open.sessionId, undefined, open.exportName) : undefined;
  if (unclaimed !== undefined) return unclaimed;
  const verdict = change(step, file, input.openId, open, { access, deny }, undefined, input.waitMs);
  settleFile(step, file);
  return verdict ?? answer(step, input.openId, open);
}

/** OPEN_DOWNGRADE: takes back some of the OPENs. It is never in anybody's way, and does not wait. */
function lowered(
  step: Step,
  file: File,
  { openId, shown, access, deny }: VerbInput<'openSet'>,
  open: OpenRow,
): VerbOutput<'openSet'> {
  if (isRepeat(shown, open) && open.sessionId === shown?.sessionId) return answer(step, openId, open);
  const old = notPresent(shown, open);
  if (old !== undefined) return old;
  const parts = partsWithin(open, { access, deny });
  if (parts === undefined) return refuse('not_a_union');
  const { seqid } = open;
  const verdict = change(step, file, openId, open, { access, deny }, undefined, 0);
  if (verdict === undefined) {
    open.parts = parts.length > 1 ? parts : undefined;
    if (open.seqid === seqid) open.seqid += 1;
    open.request = shown?.requestId;
    step.rows.put('open', openId, open);
  }
  settleFile(step, file);
  return verdict ?? answer(step, openId, open);
}

/** Changes an open, queues the request for it, or returns why neither. `parts`: the OPENs that it then consists of. */
function change(
  step: Step,
  file: File,
  id: string,
  open: OpenRow,
  { access, deny }: OpenPart,
  parts: OpenPart[] | undefined,
  waitMs: number,
): Refused | undefined {
  const waiter: Waiter<OpenRow> = { kind: openKind, id, row: open };
  bringUp(step, file);
  // A repeat of the same request keeps its place in the queue.
  if (open.toAccess === access && open.toDeny === deny) {
    step.rows.put('open', id, open);
    return undefined;
  }
  // An earlier request on this open that still waits is cancelled, and its caller is told.
  if (open.waitNo !== 0) dropWaiter(step, file, waiter, 'cancelled');
  let verdict: Refused | undefined;
  if (open.access !== access || open.deny !== deny) {
    open.toAccess = access;
    open.toDeny = deny;
    open.toParts = parts;
    verdict = enter(step, file, waiter, waitMs, false);
    if (verdict !== undefined) {
      open.toAccess = undefined;
      open.toDeny = undefined;
      open.toParts = undefined;
    }
  } else {
    open.parts = parts;
  }
  step.rows.put('open', id, open);
  return verdict;
}

export function openGet(step: Step, input: VerbInput<'openGet'>): VerbOutput<'openGet'> {
  const open = step.rows.get('open', input.openId);
  if (open === undefined) return refuse('no_such_open');
  const refused = gate(step, open.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (input.body !== undefined && open.body !== input.body) return refuse('id_reused_with_other_body');
  return { open: openView(step, input.openId, open) };
}

/** Why there is no such open. */
function noOpen(step: Step, id: string, shown: Shown | undefined): Refused {
  const { refused } = unknownStateid(step, id, shown);
  return refused.reason === 'state_expired' ? { refused } : refuse('no_such_open');
}

export function openClose(step: Step, input: VerbInput<'openClose'>): VerbOutput<'openClose'> {
  const { shown } = input;
  const away = gateShown(step, shown, input.digest);
  if (away !== undefined) return away;
  const open = step.rows.get('open', input.openId);
  if (open === undefined)
    return hasEnded(step, input.openId, shown) ? { closed: true } : noOpen(step, input.openId, shown);
  const refused = notPresent(shown, open) ?? gate(step, open.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (input.ifWaiting === true && open.state === 'open') return { closed: false };
  const locked = closeLocks(step, input.openId);
  if (locked !== undefined) return locked;
  const gaveUp = open.state === 'waiting' && input.ifWaiting !== true;
  const file = loadFile(step, open.fileKey);
  endOpen(step, file, input.openId, open, 'holder');
  if (file !== undefined) settleFile(step, file);
  // After `ifWaiting` the wait is over and a repeat may ask again; a plain close of a waiting open means that no repeat
  // may create it.
  if (gaveUp) rememberEnd(step, input.openId, open, 'cancelled');
  rememberRequest(step, input.openId, open, shown, 'holder');
  return { closed: true };
}
