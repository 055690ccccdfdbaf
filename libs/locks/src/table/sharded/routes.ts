import type {
  Dependent,
  ExportView,
  OperationView,
  Refused,
  Seen,
  SessionView,
  VerbInput,
  VerbName,
  VerbOutput,
} from '../../core/io';
import type { Held } from '../../core/rows';
import { shardOfId, shardOfKey, shardOfNumber } from '../shards';
import { isRefused, type Work } from './work';

/** How each verb goes: to which shards, and what their answers are together. */

/** How many dependents a refusal names. */
const namedMax = 16;

/** A place that no table has: who has seen it knows more than any. */
const lostPlace = { epoch: 1, no: 1 };

type Value<V extends VerbName> = Exclude<VerbOutput<V>, Refused>;

type Route<V extends VerbName> = (work: Work, input: VerbInput<V>) => Promise<VerbOutput<V>>;

const home =
  <V extends VerbName>(verb: V): Route<V> =>
  (work, input) =>
    work.step(0, verb, input);
/** Where the thing with this id is. */
const byId =
  <V extends VerbName>(verb: V, idOf: (input: VerbInput<V>) => string): Route<V> =>
  (work, input) =>
    work.at(shardOfId(idOf(input)), verb, input);
const byKey =
  <V extends VerbName>(verb: V, keyOf: (input: VerbInput<V>) => string): Route<V> =>
  (work, input) =>
    work.at(shardOfKey(keyOf(input)), verb, input);
const inFile = (input: { file: { fileKey: string } }): string => input.file.fileKey;
const fileKey = (input: { fileKey: string }): string => input.fileKey;

const sum = (numbers: readonly (number | undefined)[]): number =>
  numbers.reduce<number>((all, each) => all + (each ?? 0), 0);

/** With the lives of all shards: any of them may have lost something. */
const inLives = (work: Work, session: SessionView): SessionView => ({ ...session, tableLives: work.lives });

/** Goes home, and answers with a session. */
const session =
  <V extends 'sessionCreate' | 'keepalive'>(verb: V): Route<V> =>
  async (work, input) => {
    const found = await work.step(0, verb, input);
    if (isRefused(found)) return found;
    return { ...found, session: inLives(work, found.session) };
  };

/** Adds what it has in other shards. */
async function whole(work: Work, found: SessionView): Promise<SessionView> {
  const session = inLives(work, found);
  const { sessionId, shards = [] } = session;
  if (shards.length === 0) return session;
  const there = await work.elsewhere('sessionGet', () => ({ sessionId }), shards);
  const guests = there.flatMap((each) => (isRefused(each) ? [] : [each.session]));
  const added = (field: 'rows' | 'revoked' | 'taken'): number =>
    session[field] + sum(guests.map((guest) => guest[field]));
  return {
    ...session,
    ...{ rows: added('rows'), revoked: added('revoked'), taken: added('taken') },
    mayReclaim: session.mayReclaim || guests.some(({ mayReclaim }) => mayReclaim),
  };
}

function heldIn(all: readonly (Held | undefined)[]): Held | undefined {
  const known = all.filter((each) => each !== undefined);
  const [first] = known;
  if (first === undefined) return undefined;
  const added = <T extends object>(each: readonly (T | undefined)[]): T =>
    each.reduce<{ [name: string]: number }>((total, counts) => {
      for (const [name, count] of Object.entries(counts ?? {}))
        if (typeof count === 'number') total[name] = (total[name] ?? 0) + count;
      return total;
    }, {}) as T;
  const held = added(known);
  if (known.some(({ waiting }) => waiting !== undefined))
    held.waiting = added(known.map(({ waiting }) => waiting));
  if (known.some(({ modes }) => modes !== undefined)) held.modes = added(known.map(({ modes }) => modes));
  return held;
}

/** What all shards have of an export; its settings are the first one's. */
function wholeExport(view: ExportView, others: readonly ExportView[]): ExportView {
  const ready = others.every(({ state }) => state === view.state);
  return {
    ...view,
    state: view.state === 'up' && !ready ? 'opening' : view.state,
    unconfirmed: view.unconfirmed + sum(others.map(({ unconfirmed }) => unconfirmed)),
    delegations: view.delegations + sum(others.map(({ delegations }) => delegations)),
  };
}

const counted = [
  ...(['requestsCancelled', 'leasesBroken', 'leasesRevoked', 'opensClosed'] as const),
  ...(['rangesReleased', 'sessionsEnded', 'pinsDropped', 'filesLeft'] as const),
];
const phases = ['cancelling', 'breaking', 'revoking', 'done'];

/** What an operation is in all shards: done when all its parts are. */
function wholeOperation(view: OperationView, others: readonly OperationView[]): OperationView {
  const all = [view, ...others];
  const added = Object.fromEntries(counted.map((name) => [name, sum(all.map((each) => each[name]))]));
  const behind = [...all].sort((a, b) => phases.indexOf(a.phase) - phases.indexOf(b.phase))[0] ?? view;
  const isDone = all.every(({ state }) => state === 'done');
  return {
    ...view,
    ...(added as Pick<OperationView, (typeof counted)[number]>),
    state: isDone ? 'done' : 'running',
    phase: behind.phase,
    endedWall: isDone ? Math.max(...all.map(({ endedWall }) => endedWall ?? 0)) : undefined,
  };
}

type Operated = 'exportHangup' | 'adapterStop' | 'operationGet';
/** Goes to all shards, each of which has its part of one operation. */
const operation =
  <V extends Operated>(verb: V): Route<V> =>
  async (work, input) => {
    const { home: first, others } = await work.all(verb, () => input);
    if (isRefused(first)) return first;
    const parts = others.flatMap((each) => (isRefused(each) ? [] : [each.operation]));
    return { operation: wholeOperation(first.operation, parts) };
  };

const seenIn = (seen: Seen | undefined, shard: number): Seen | undefined =>
  shard === 0 || seen === undefined ? seen : seen.others?.[shard - 1];

/** The first few dependents of an export, if other shards have some. */
async function dependentsOf(work: Work, name: string): Promise<Dependent[]> {
  const ask = { kind: 'exports', name, after: 0, limit: namedMax } as const;
  const { home: first, others } = await work.all('dependentList', () => ask);
  const of = (page: VerbOutput<'dependentList'>): Dependent[] => (isRefused(page) ? [] : page.dependents);
  const elsewhere = others.flatMap(of);
  return elsewhere.length === 0 ? [] : [...of(first), ...elsewhere].slice(0, namedMax);
}

export const routes: { [V in VerbName]: Route<V> } = {
  identify: async (work, input) => {
    const inputOf = (shard: number): VerbInput<'identify'> => ({
      ...input,
      ...(shard === 0 ? {} : { seen: input.seenElsewhere?.[shard - 1], key: undefined }),
      ...{ shard, shards: work.shards },
    });
    const { home: first, others } = await work.all('identify', inputOf);
    const all = [first, ...others];
    if (first.fresh && input.mustExist === true) return first;
    for (const shard of work.others)
      if (!first.fresh && all[shard]?.fresh === true)
        // It is empty, and the table is not new: it has lost what it had, and nobody knows what that was.
        all[shard] = await work.step(shard, 'identify', { ...inputOf(shard), seen: lostPlace });
    await work.follow();
    return {
      ...first,
      epochs: all.map(({ epoch }) => epoch),
      restored: all.some(({ restored }) => restored),
    };
  },
  placeCheck: (work, input) => work.step(shardOfNumber(input.epoch, work.shards), 'placeCheck', input),
  tick: async (work) => {
    const [first, ...others] = await Promise.all([
      work.step(0, 'tick', {}),
      ...work.others.map((shard) => work.step(shard, 'tick', {})),
    ]);
    const all = [first, ...others];
    work.note(all.map(({ life }) => life));
    const told = first.news === true && (await work.carryNews());
    const goesOn = first.operations === true && (await work.carryOperations());
    await work.checkGuests();
    await work.breakDeadlocks(all.map(({ held }) => held?.waits ?? 0));
    return {
      ...first,
      nextMs: told || goesOn ? 0 : Math.min(...all.map(({ nextMs }) => nextMs)),
      epochs: all.map(({ epoch }) => epoch),
      held: heldIn(all.map(({ held }) => held)),
    };
  },

  sessionCreate: session('sessionCreate'),
  clientExchange: home('clientExchange'),
  clientConfirm: async (work, input) => {
    const confirmed = await work.step(0, 'clientConfirm', input);
    if (!isRefused(confirmed) && confirmed.more) await work.carryNews();
    return confirmed;
  },
  sessionGet: async (work, input) => {
    const found = await work.step(0, 'sessionGet', input);
    return isRefused(found) ? found : { session: await whole(work, found.session) };
  },
  keepalive: session('keepalive'),
  sessionEnd: async (work, input) => {
    const ended = await work.step(0, 'sessionEnd', input);
    if (!isRefused(ended) && ended.more) await work.carryNews();
    return ended;
  },
  sessionList: async (work, input) => {
    const { sessions, after } = await work.step(0, 'sessionList', input);
    return { sessions: await Promise.all(sessions.map((each) => whole(work, each))), after };
  },
  sessionEnter: home('sessionEnter'),
  guestSet: home('guestSet'),
  guestCheck: home('guestCheck'),
  newsList: home('newsList'),
  newsTold: home('newsTold'),
  waitList: home('waitList'),
  waitDrop: home('waitDrop'),
  streamsTell: async (work, input) => {
    const { home: first, others } = await work.all('streamsTell', (shard) =>
      shard === 0 ? input : { ...input, sessions: [] },
    );
    const all = [first, ...others];
    return { known: all.every(({ known }) => known), format: Math.min(...all.map(({ format }) => format)) };
  },
  serverList: home('serverList'),
  subjectSet: async (work, input) => (await work.all('subjectSet', () => input)).home,
  subjectList: async (work, input) => {
    const { subjects, after } = await work.step(0, 'subjectList', input);
    const names = subjects.map(({ name }) => name);
    const pages = await work.elsewhere('subjectList', () => ({ after: 0, limit: names.length, names }));
    const there = pages.flatMap((page) => page.subjects);
    const added = (name: string, field: 'rows' | 'waits'): number =>
      sum(there.filter((each) => each.name === name).map((each) => each[field]));
    return {
      subjects: subjects.map((each) => ({
        ...each,
        rows: each.rows + added(each.name, 'rows'),
        waits: each.waits + added(each.name, 'waits'),
      })),
      after,
    };
  },

  leaseAlloc: async (work, input) => {
    const { items, ...rest } = input;
    const shards = [...new Set(items.map((item) => shardOfKey(item.fileKey)))];
    const [only = 0] = shards;
    if (shards.length <= 1) return work.at(only, 'leaseAlloc', input);
    const made: Value<'leaseAlloc'>['leases'] = [];
    for (const shard of shards) {
      const here = items.filter((item) => shardOfKey(item.fileKey) === shard);
      const allocated = await work.at(shard, 'leaseAlloc', { ...rest, items: here });
      if (isRefused(allocated)) {
        // All or none.
        for (const { leaseId } of made)
          await work.step(shardOfId(leaseId), 'leaseSet', { leaseId, type: 'none' });
        return allocated;
      }
      made.push(...allocated.leases);
    }
    const inOrder = items.map(({ leaseId }) => made.find((lease) => lease.leaseId === leaseId));
    return { leases: inOrder.filter((lease) => lease !== undefined) };
  },
  leaseSet: byId('leaseSet', ({ leaseId }) => leaseId),
  leaseAcquire: byKey('leaseAcquire', ({ item }) => item.fileKey),
  leaseUndo: byId('leaseUndo', ({ leaseId }) => leaseId),
  leaseGet: byId('leaseGet', ({ leaseId }) => leaseId),
  leaseList: async (work, input) => {
    const rangesOn = new Set<string>();
    // Its home says what is wrong with a session.
    const found = await work.through(input.after, input.limit, async (shard, after, limit) => {
      const page = await work.step(shard, 'leaseList', { ...input, after, limit });
      if (isRefused(page)) return page.refused.reason === 'enter_first' ? { items: [] } : page;
      for (const each of page.rangesOn ?? []) rangesOn.add(each);
      return { items: page.leases, after: page.after };
    });
    if (isRefused(found)) return found;
    return {
      leases: found.items,
      after: found.after,
      rangesOn: input.ranges === true ? [...rangesOn] : undefined,
    };
  },
  leaseFree: byId('leaseFree', ({ leaseId }) => leaseId),
  stateidTest: byId('stateidTest', ({ id }) => id),
  stateidFree: byId('stateidFree', ({ id }) => id),
  openCreate: byKey('openCreate', inFile),
  openSet: byId('openSet', ({ openId }) => openId),
  openGet: byId('openGet', ({ openId }) => openId),
  openClose: byId('openClose', ({ openId }) => openId),
  delegationWant: byKey('delegationWant', inFile),
  delegationUntold: byId('delegationUntold', ({ leaseId }) => leaseId),
  attributesAsk: byKey('attributesAsk', inFile),
  attributesTell: byId('attributesTell', ({ leaseId }) => leaseId),
  attributesRecall: byId('attributesRecall', ({ leaseId }) => leaseId),
  rangeLock: (work, input) => {
    const { file, shown } = input;
    const shard = file === undefined ? shardOfId(shown?.id ?? '') : shardOfKey(file.fileKey);
    return work.at(shard, 'rangeLock', input);
  },
  rangeUnlock: (work, input) => {
    const shard = input.shown === undefined ? shardOfKey(input.fileKey) : shardOfId(input.shown.id);
    return work.at(shard, 'rangeUnlock', input);
  },
  rangeTest: byKey('rangeTest', inFile),
  rangeCancel: byKey('rangeCancel', inFile),
  rangeGet: byId('rangeGet', ({ rangeId }) => rangeId),
  rangeDrop: byId('rangeDrop', ({ rangeId }) => rangeId),
  fileChange: byKey('fileChange', inFile),
  changeCancel: byId('changeCancel', ({ changeId }) => changeId),
  changeReport: byId('changeReport', ({ changeId }) => changeId),
  permitTake: byKey('permitTake', inFile),
  permitGet: byId('permitGet', ({ permitId }) => permitId),
  permitDrop: byId('permitDrop', ({ permitId }) => permitId),
  permitCheck: byKey('permitCheck', fileKey),
  fenceGet: byKey('fenceGet', fileKey),
  fenceCheck: byKey('fenceCheck', fileKey),
  waitGet: byId('waitGet', ({ id }) => id),
  setDecide: home('setDecide'),

  connect: home('connect'),
  connectionGet: home('connectionGet'),
  connectionList: home('connectionList'),
  connectionHangup: home('connectionHangup'),
  disconnect: home('disconnect'),
  dlmLock: home('dlmLock'),
  dlmConvert: home('dlmConvert'),
  dlmCancel: home('dlmCancel'),
  dlmUnlock: home('dlmUnlock'),
  dlmGet: home('dlmGet'),
  dlmList: home('dlmList'),
  resourceGet: home('resourceGet'),

  reclaimComplete: async (work, input) => {
    const { sessionId } = input;
    const done = await work.step(0, 'reclaimComplete', input);
    // It may be complete here and not in another shard.
    if (isRefused(done) && done.refused.reason !== 'reclaims_complete') return done;
    const found = await work.step(0, 'sessionGet', { sessionId });
    if (isRefused(found)) return found;
    const all = [
      done,
      ...(await work.elsewhere('reclaimComplete', () => input, found.session.shards ?? [])),
    ].flatMap((each) => (isRefused(each) ? [] : [each.graceMs]));
    return all.length === 0 ? done : { graceMs: Math.max(...all) };
  },
  exportGrace: async (work, input) => {
    const { home: first, others } = await work.all('exportGrace', () => input);
    if (isRefused(first)) return first;
    const all = [first, ...others.flatMap((each) => (isRefused(each) ? [] : [each]))];
    return {
      graceMs: Math.max(...all.map(({ graceMs }) => graceMs)),
      sessions: Math.max(...all.map(({ sessions }) => sessions)),
    };
  },
  graceGet: async (work, input) => {
    const { home: first, others } = await work.all('graceGet', () => input);
    const all = [first, ...others];
    return {
      graceMs: Math.max(...all.map(({ graceMs }) => graceMs)),
      sessions: Math.max(...all.map(({ sessions }) => sessions)),
    };
  },

  lockRelease: byId('lockRelease', ({ id }) => id),
  lockBreak: byId('lockBreak', ({ id }) => id),
  lockGet: byId('lockGet', ({ id }) => id),
  lockList: async (work, input) => {
    if (input.fileKey !== undefined) return work.step(shardOfKey(input.fileKey), 'lockList', input);
    let within = input.within;
    const found = await work.through(input.after, input.limit, async (shard, after, limit) => {
      const { viewer } = input;
      // What it may be told depends on its tenant, which this shard has to know.
      if (viewer !== undefined && isRefused(await work.step(shard, 'sessionGet', { sessionId: viewer })))
        await work.enter(viewer, shard);
      const page = await work.step(shard, 'lockList', { ...input, after, limit, within });
      within = page.within;
      return { items: page.locks, after: page.after };
    });
    return isRefused(found) ? { locks: [] } : { locks: found.items, after: found.after, within };
  },

  exportDeclare: async (work, input) => {
    const declared = await work.step(0, 'exportDeclare', input);
    await work.follow(input.name);
    return declared;
  },
  exportList: async (work, input) => {
    const { home: first, others } = await work.all('exportList', () => input);
    const elsewhere = others.flatMap(({ exports }) => exports);
    return {
      exports: first.exports.map((view) =>
        view.spread === true
          ? wholeExport(
              view,
              elsewhere.filter(({ name }) => name === view.name),
            )
          : view,
      ),
    };
  },
  exportCopy: home('exportCopy'),
  exportFollow: home('exportFollow'),
  operationAlone: home('operationAlone'),
  exportPut: async (work, input) => {
    const { name } = input;
    const { exports } = await work.step(0, 'exportCopy', { name });
    const [known] = exports;
    const moves = known !== undefined && known.stack !== input.stack;
    const relies = known !== undefined && (known.own?.ranges ?? 'table') !== (input.own.ranges ?? 'table');
    const busy = moves || relies ? await dependentsOf(work, name) : [];
    if (busy.length > 0)
      return { refused: { reason: moves ? 'stack_busy' : 'ranges_in_use', dependents: busy } };
    const put = await work.step(0, 'exportPut', input);
    if (!isRefused(put)) await work.follow(name);
    return put;
  },
  exportTouch: home('exportTouch'),
  exportCount: home('exportCount'),
  stackPut: home('stackPut'),
  stackList: home('stackList'),
  regionPut: home('regionPut'),
  regionList: home('regionList'),
  nodePut: home('nodePut'),
  nodeList: home('nodeList'),
  itemRemove: async (work, input) => {
    const { kind, name, force } = input;
    const [known] = kind === 'exports' ? (await work.step(0, 'exportList', { name })).exports : [];
    if (known !== undefined && known.operation === undefined && !force) {
      const dependents = await dependentsOf(work, name);
      if (dependents.length > 0) return { refused: { reason: 'has_dependents', dependents } };
    }
    const removed = await work.step(0, 'itemRemove', input);
    if (isRefused(removed) || (kind !== 'exports' && kind !== 'stacks')) return removed;
    if (force) await work.elsewhere('itemRemove', () => ({ ...input, expect: undefined }));
    else if (kind === 'exports') await work.follow(name);
    return removed;
  },
  dependentList: async (work, input) => {
    if (input.kind !== 'exports') return work.step(0, 'dependentList', input);
    const found = await work.through(input.after, input.limit, async (shard, after, limit) => {
      const page = await work.step(shard, 'dependentList', { ...input, after, limit });
      if (!isRefused(page)) return { items: page.dependents, after: page.after };
      return shard === 0 ? page : { items: [] };
    });
    return isRefused(found) ? found : { dependents: found.items, after: found.after };
  },
  pinAdd: home('pinAdd'),
  pinGet: home('pinGet'),
  pinDrop: home('pinDrop'),
  exportHangup: operation('exportHangup'),
  exportResume: async (work, input) => (await work.all('exportResume', () => input)).home,
  adapterStop: operation('adapterStop'),
  operationGet: operation('operationGet'),
  operationList: async (work, input) => {
    const { home: first, others } = await work.all('operationList', () => input);
    const parts = others.flatMap(({ operations }) => operations);
    return {
      operations: first.operations.map((view) =>
        wholeOperation(
          view,
          parts.filter(({ operationId }) => operationId === view.operationId),
        ),
      ),
    };
  },
  nodeBeat: home('nodeBeat'),
  subscribe: home('subscribe'),
  unsubscribe: home('unsubscribe'),
  noticeAck: home('noticeAck'),
  unboundList: home('unboundList'),
  fileBind: home('fileBind'),

  register: async (work, input) => {
    const registered = await work.step(0, 'register', { ...input, seen: seenIn(input.seen, 0) });
    if (isRefused(registered)) return registered;
    await work.follow();
    const { spread: exports = [] } = registered;
    const others = await work.elsewhere('register', (shard) => ({
      ...input,
      exports,
      seen: seenIn(input.seen, shard),
    }));
    const predecessors = [...registered.predecessors];
    const seen: Seen[] = [];
    for (const each of others) {
      if (isRefused(each)) return each;
      seen.push(each.seen);
      for (const one of each.predecessors)
        if (predecessors.every(({ incarnation }) => incarnation !== one.incarnation)) predecessors.push(one);
    }
    return { ...registered, predecessors, seen: { ...registered.seen, others: seen } };
  },
  heartbeat: async (work, input) => {
    const first = await work.step(0, 'heartbeat', { ...input, seen: seenIn(input.seen, 0) });
    if (isRefused(first)) return first;
    const { spread: exports = [] } = first;
    const others = await work.elsewhere('heartbeat', (shard) => ({
      ...input,
      ...{ exports, seen: seenIn(input.seen, shard) },
    }));
    const all: Value<'heartbeat'>[] = [first];
    for (const each of others) {
      if (isRefused(each)) return each;
      all.push(each);
    }
    return {
      ...first,
      seen: { ...first.seen, others: all.slice(1).map(({ seen }) => seen) },
      known: all.every(({ known }) => known),
      // What is to be bound is in the first.
      opening: first.opening,
      stop: all.every(({ stop }) => stop),
    };
  },
  deregister: async (work, input) => (await work.all('deregister', () => input)).home,
  holdReport: async (work, input) => {
    const { holds, ...rest } = input;
    const { home: first, others } = await work.all('holdReport', (shard) => ({
      ...rest,
      holds: holds.filter((hold) => shardOfKey(hold.fileKey) === shard),
    }));
    return { adopted: first.adopted + sum(others.map(({ adopted }) => adopted)) };
  },
  holdAnswered: byKey('holdAnswered', fileKey),
  rangesAnswered: byKey('rangesAnswered', fileKey),
  fileserverBreak: byKey('fileserverBreak', fileKey),
  fileserverLost: byKey('fileserverLost', fileKey),
  nameList: async (work, input) => {
    const { exportName } = input;
    const shard = shardOfNumber(input.after, work.shards);
    const from = input.after < work.shards ? 0 : input.after;
    const { files, after } = await work.step(shard, 'nameList', { exportName, after: from });
    // 0 is the end, of this shard or of all.
    return { files, after: after > 0 ? after : shard + 1 < work.shards ? shard + 1 : 0 };
  },
  fileMoved: byKey('fileMoved', fileKey),
  fileDetached: byKey('fileDetached', fileKey),
};
