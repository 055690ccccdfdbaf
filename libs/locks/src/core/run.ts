import { sessionEnd, settleDue, tick } from './deadlines';
import { verbFlags, type StepReply, type VerbInput, type VerbName, type VerbOutput } from './io';
import { refuse } from './refuse';
import type { Rows } from './rows';
import { beginStep, endStep, raiseEpoch, type Step, usedUp } from './step';
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
  noteEpoch,
  register,
} from './tree/export';
import { nodeBeat } from './tree/node';
import { exportCount, fileBind, unboundList } from './tree/opening';
import { adapterStop, exportHangup, exportResume, operationGet, operationList } from './tree/operation';
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
import { changeCancel, fileChange } from './verbs/change';
import { delegationWant } from './verbs/delegation';
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
import { rangeCancel, rangeDrop, rangeGet, rangeLock, rangeTest, rangeUnlock } from './verbs/range';
import {
  beginGrace,
  graceGet,
  keepalive,
  reclaimComplete,
  sessionCreate,
  sessionGet,
  sessionList,
} from './verbs/session';

function identify(step: Step, input: VerbInput<'identify'>): VerbOutput<'identify'> {
  const { meta } = step;
  const other = meta.identity !== '' && meta.identity !== input.identity;
  if (other) {
    raiseEpoch(step, meta.epoch);
    doubtAdapters(step);
  }
  meta.limits = input.limits;
  if (meta.identity === '' && input.epochSeen >= meta.epoch) {
    // New to itself, but not to the caller: it has lost everything, and who was there is not known.
    raiseEpoch(step, input.epochSeen);
    beginGrace(step, 0);
  } else {
    noteEpoch(step, input.epochSeen);
  }
  step.changed = true;
  meta.identity = input.identity;
  // Rows of an earlier version have none.
  const key = meta.key ?? input.key;
  meta.key = key;
  if (other) beginGrace(step, meta.sessions);
  return { epoch: meta.epoch, records: meta.records, key };
}

const verbs: { [V in VerbName]: (step: Step, input: VerbInput<V>) => VerbOutput<V> } = {
  identify,
  tick,
  sessionCreate,
  sessionGet,
  keepalive,
  sessionEnd,
  sessionList,
  leaseAlloc,
  leaseSet,
  leaseAcquire,
  leaseUndo,
  leaseGet,
  leaseList,
  leaseFree,
  openCreate,
  openSet,
  openGet,
  openClose,
  delegationWant,
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
  waitGet,
  reclaimComplete,
  graceGet,
  fenceGet,
  fenceCheck,
  lockRelease,
  lockBreak,
  lockGet,
  lockList,
  exportDeclare,
  exportList,
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
  fileserverBreak,
  fileserverLost,
  nameList,
  fileMoved,
  fileDetached,
};

/** Due items and rows that a step tidies up on the way: a tick more than a request. */
const tickItems = 64;
const tickBudget = 256;
const requestItems = 4;
const requestBudget = 64;

/** Runs one verb as one step over the rows: the only way in. */
export function run<V extends VerbName>(rows: Rows, verb: V, input: VerbInput<V>): StepReply<V> {
  const reads = verbFlags[verb] === 'read';
  const step = beginStep(rows, verb === 'tick' ? tickBudget : requestBudget);
  if (!reads) settleDue(step, verb === 'tick' ? tickItems : requestItems);
  const worn = verbFlags[verb] === 'grow' && usedUp(step);
  // Whatever grows may be refused.
  const value = worn ? (refuse('numbers_used_up') as VerbOutput<V>) : verbs[verb](step, input);
  if (!reads) endStep(step);
  return { value, asks: step.asks };
}
