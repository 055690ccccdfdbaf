import { clientConfirm, sessionEnd, settleDue, tick } from './deadlines';
import { formatOfShards } from './format';
import { verbFlags, type StepReply, type VerbInput, type VerbName, type VerbOutput } from './io';
import { beginAnew, beginLife, hasMinted, hasReached, leadsOnFrom, noteGone } from './lives';
import { refuse } from './reasons';
import type { Rows } from './rows';
import { beginStep, endStep, type Step, usedUp } from './step';
import {
  deregister,
  doubtAdapters,
  exportDeclare,
  exportList,
  fileDetached,
  fileserverBreak,
  fileserverLost,
  heartbeat,
  holdAnswered,
  holdReport,
  rangesAnswered,
  register,
} from './tree/export';
import { nodeBeat } from './tree/node';
import { exportCopy, exportFollow } from './tree/follow';
import { exportCount, fileBind, unboundList } from './tree/opening';
import {
  adapterStop,
  exportHangup,
  exportResume,
  operationAlone,
  operationGet,
  operationList,
} from './tree/operation';
import { dependentList, pinAdd, pinDrop, pinGet } from './tree/pins';
import { noticeAck, subscribe, unsubscribe } from './tree/subscription';
import {
  exportPut,
  exportTouch,
  itemRemove,
  nodeList,
  nodePut,
  regionList,
  regionPut,
  stackList,
  stackPut,
} from './tree/tree';
import { lockBreak, lockRelease } from './verbs/admin';
import { attributesAsk, attributesRecall, attributesTell } from './verbs/attributes';
import { changeCancel, changeReport, fileChange } from './verbs/change';
import { clientExchange } from './verbs/client';
import { delegationUntold, delegationWant } from './verbs/delegation';
import { connect, connectionGet, connectionHangup, connectionList, disconnect } from './tree/connection';
import { dlmCancel, dlmConvert, dlmGet, dlmList, dlmLock, dlmUnlock, resourceGet } from './verbs/dlm';
import { exportGrace, graceGet, reclaimComplete } from './verbs/grace';
import {
  fenceCheck,
  fenceGet,
  leaseAcquire,
  leaseAlloc,
  leaseFree,
  leaseGet,
  leaseList,
  leaseSet,
  leaseUndo,
} from './verbs/lease';
import { lockGet, lockList, waitGet } from './verbs/listing';
import { fileMoved, nameList } from './verbs/names';
import { openClose, openCreate, openGet, openSet } from './verbs/open';
import { permitCheck, permitDrop, permitGet, permitTake } from './verbs/permit';
import { rangeCancel, rangeDrop, rangeGet, rangeLock, rangeTest, rangeUnlock } from './verbs/range';
import {
  awaitReports,
  beginGrace,
  keepalive,
  reported,
  sessionCreate,
  sessionGet,
  sessionList,
} from './verbs/session';
import { guestCheck, guestSet, newsList, newsTold, sessionEnter, waitDrop, waitList } from './guests';
import { setDecide } from './verbs/set';
import { stateidFree, stateidTest } from './verbs/stateid';
import { serverList, streamsTell } from './verbs/streams';
import { subjectList, subjectSet } from './verbs/subject';

function identify(step: Step, input: VerbInput<'identify'>): VerbOutput<'identify'> {
  const { meta } = step;
  const { seen, limits, identity, opening = identity, salt = 0 } = input;
  const fresh = meta.identity === '';
  if (fresh && input.mustExist === true) return { epoch: 0, records: 0, restored: false, fresh, shards: 1 };
  if (fresh && input.shards !== undefined) {
    meta.shard = input.shard;
    meta.shards = input.shards;
    if (input.shards > 1) meta.format = formatOfShards;
  }
  const lost = hasLost(step, input);
  const restored = lost || (!fresh && (meta.identity !== identity || input.doubt === true));
  if (meta.unattended === true) meta.backAt = step.now;
  meta.unattended = undefined;
  const above = Math.max(seen?.epoch ?? 0, input.followed?.epoch ?? 0);
  if (restored) beginAnew(step, above, salt);
  else if (meta.opening !== opening) beginLife(step, above, salt);
  step.changed = true;
  meta.limits = limits;
  meta.identity = identity;
  meta.opening = opening;
  // Rows of an earlier version have no key.
  const key = meta.key ?? input.key;
  meta.key = key;
  if (restored) doubtAdapters(step);
  // A table that is new, though the caller knows it, has lost everything, and nobody knows which sessions existed.
  if (lost) beginGrace(step, fresh ? 0 : meta.sessions, true);
  else if (restored) awaitReports(step, input);
  else reported(step, input.server);
  return { epoch: meta.epoch, records: meta.records, key, restored, fresh, shards: meta.shards ?? 1 };
}

/** Whether the caller knows of something the table does not: a place not reached, or a token or a number not given out. */
function hasLost(step: Step, input: VerbInput<'identify'>): boolean {
  const { meta } = step;
  const { seen, minted = 0, numbered = 0, followed } = input;
  let gone = minted > meta.token;
  if (seen !== undefined && seen.epoch > 0) {
    const known = hasReached(step, seen) && hasMinted(step, seen.epoch, minted, numbered);
    if (!known && noteGone(step, seen.epoch)) gone = true;
  }
  if (followed !== undefined && followed.epoch > 0) {
    if (!hasReached(step, followed) && noteGone(step, followed.epoch)) gone = true;
  }
  meta.token = Math.max(meta.token, minted);
  meta.seq = Math.max(meta.seq, numbered);
  return gone;
}

function placeCheck(step: Step, input: VerbInput<'placeCheck'>): VerbOutput<'placeCheck'> {
  return { reached: leadsOnFrom(step, input) };
}

const verbs: { [V in VerbName]: (step: Step, input: VerbInput<V>) => VerbOutput<V> } = {
  identify,
  placeCheck,
  tick,
  sessionCreate,
  clientExchange,
  clientConfirm,
  streamsTell,
  serverList,
  sessionGet,
  keepalive,
  sessionEnd,
  sessionList,
  sessionEnter,
  guestSet,
  guestCheck,
  newsList,
  newsTold,
  waitList,
  waitDrop,
  subjectSet,
  subjectList,
  leaseAlloc,
  leaseSet,
  leaseAcquire,
  leaseUndo,
  leaseGet,
  leaseList,
  leaseFree,
  stateidTest,
  stateidFree,
  openCreate,
  openSet,
  openGet,
  openClose,
  delegationWant,
  delegationUntold,
  attributesAsk,
  attributesTell,
  attributesRecall,
  rangeLock,
  rangeUnlock,
  rangeTest,
  rangeCancel,
  rangeGet,
  rangeDrop,
  fileChange,
  changeCancel,
  changeReport,
  connect,
  connectionGet,
  connectionList,
  connectionHangup,
  disconnect,
  dlmLock,
  dlmConvert,
  dlmCancel,
  dlmUnlock,
  dlmGet,
  dlmList,
  resourceGet,
  permitTake,
  permitGet,
  permitDrop,
  permitCheck,
  setDecide,
  waitGet,
  reclaimComplete,
  exportGrace,
  graceGet,
  fenceGet,
  fenceCheck,
  lockRelease,
  lockBreak,
  lockGet,
  lockList,
  exportDeclare,
  exportList,
  exportCopy,
  exportFollow,
  operationAlone,
  exportPut,
  exportTouch,
  exportCount,
  stackPut,
  stackList,
  regionPut,
  regionList,
  nodePut,
  nodeList,
  itemRemove,
  dependentList,
  pinAdd,
  pinGet,
  pinDrop,
  exportHangup,
  exportResume,
  adapterStop,
  operationGet,
  operationList,
  nodeBeat,
  subscribe,
  unsubscribe,
  noticeAck,
  unboundList,
  fileBind,
  register,
  heartbeat,
  deregister,
  holdReport,
  holdAnswered,
  rangesAnswered,
  fileserverBreak,
  fileserverLost,
  nameList,
  fileMoved,
  fileDetached,
};

/** How many due items and rows one step tidies up: more for a tick than for a request. */
const tickItems = 64;
const tickBudget = 256;
const requestItems = 4;
const requestBudget = 64;

/** Runs one verb as one step over the rows: the only entry point. */
export function run<V extends VerbName>(
  rows: Rows,
  verb: V,
  input: VerbInput<V>,
  short = false,
): StepReply<V> {
  const flag = verbFlags[verb];
  const reads = flag === 'read';
  const step = beginStep(rows, verb === 'tick' ? tickBudget : requestBudget, short);
  if (!reads) settleDue(step, verb === 'tick' ? tickItems : requestItems, verb === 'tick');
  const worn = (flag === 'grow' || flag === 'break') && usedUp(step);
  // Every verb that grows the table may return a refusal.
  const value = worn ? (refuse('numbers_used_up') as VerbOutput<V>) : verbs[verb](step, input);
  if (!reads) endStep(step);
  const { epoch, records, token, seq } = step.meta;
  return {
    value,
    asks: step.asks,
    measured: step.measured,
    rangeAsks: step.rangeAsks,
    reached: { epoch, no: records, token, seq },
  };
}
