import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { verbFlags } from '../../libs/locks/src/core/io';
import { stateOf } from '../../libs/locks/src/core/rules/kinds/lease';
import { histories, type Instruction, parsedHistory } from '../support/history';
import { PlainRows } from '../support/plain-rows';
import { playHistory, playInShards, type Watcher } from '../support/play-history';
import { Refusals } from '../support/refusals';
import { scenarioLimits } from '../support/scenario';

/** All reasons of the rules. */
const reasons = [
  ...readFileSync(join(__dirname, '../../libs/locks/src/core/reasons.ts'), 'utf8').matchAll(
    /^  \| '(\w+)'/gm,
  ),
].map(([, reason = '']) => reason);

/**
 * Every state that a row can be in, by its type in rows.ts: each value of a field with several, and each optional field,
 * present and absent.
 */
function statesOfRows(): string[] {
  const source = readFileSync(join(__dirname, '../../libs/locks/src/core/rows.ts'), 'utf8');
  const words = (text: string): string[] => [...text.matchAll(/'(\w+)'/g)].map(([, word = '']) => word);
  const named = new Map(
    [...source.matchAll(/^export type (\w+) =([\s|]*(?:'\w+'[\s|]*)+);/gm)].map(
      ([, name = '', text = '']) => [name, words(text)],
    ),
  );
  const states: string[] = [];
  for (const [, name = '', body = ''] of source.matchAll(
    /^export interface (\w+)Row[^{]*\{([^}]*(?:\{[^}]*\}[^}]*)*?)^\}/gm,
  )) {
    if (name === 'Request') continue;
    const kind = name.charAt(0).toLowerCase() + name.slice(1);
    for (const [, field = '', optional, type = ''] of body.matchAll(/^  (\w+)(\?)?: ([^;{]+);/gm)) {
      if (optional !== undefined) states.push(`${kind} ${field}`);
      const each = named.get(type) ?? (/^['\w |]+$/.test(type) && type.includes("'") ? words(type) : []);
      for (const word of each) states.push(`${kind} ${field} ${word}`);
      if (type === 'boolean') states.push(`${kind} ${field} true`);
    }
  }
  return states;
}
/** The states of rows seen in the histories so far. */
const seen = new Set<string>();
const looked = new WeakSet<object>();
function lookAtStates(rows: PlainRows): void {
  for (const [kind, each] of rows.kinds)
    for (const row of each.values() as Iterable<{ [name: string]: unknown }>) {
      if (looked.has(row)) continue;
      looked.add(row);
      for (const name in row) {
        const value = row[name];
        if (value === undefined) continue;
        seen.add(`${kind} ${name}`);
        if (typeof value === 'string' || value === true) seen.add(`${kind} ${name} ${String(value)}`);
      }
    }
  for (const [, lease] of rows.all('lease'))
    seen.add(`lease reads as ${stateOf(rows.look('file', lease.fileKey), lease)}`);
}

/** Reasons with which a wait or an intent ended without a grant. */
const ends = new Set<string>();

/** The outcomes of each verb in the histories so far. */
const outcomes = new Map<string, Set<string>>();

const watcher: Watcher = {
  replied: (verb, { value }) => {
    const outcome = 'refused' in value ? value.refused.reason : 'done';
    outcomes.set(verb, (outcomes.get(verb) ?? new Set()).add(outcome));
  },
  stepped: lookAtStates,
};

async function play(history: readonly Instruction[], late = false): Promise<void> {
  const rows = await playHistory(history, late, watcher);
  for (const record of rows.records) if ('reason' in record) ends.add(record.reason);
}

/** Always the same histories, so that their coverage is known. In the last 30 the adapter comes late. */
const known = fc.sample(histories(120), { numRuns: 150, seed: 7 });

/**
 * Short histories, each of which shows a fault in the rules that none of the others shows: `npm run mutate -- --gather`
 * finds them.
 */
const telling = JSON.parse(readFileSync(join(__dirname, '../support/telling-histories.json'), 'utf8')) as {
  late: boolean;
  history: string;
}[];

test.each(telling.map(({ late, history }) => [history, late] as const))(
  'invariants hold after every step of a short history: %s',
  async (history, late) => {
    await play(parsedHistory(history), late);
  },
);

test.each(known.map((history, no) => [no, history] as const))(
  'invariants hold after every step of history %i, and nothing is left when every session has ended',
  async (no, history) => {
    await play(history, no >= 120);
  },
);

const inShards = fc.sample(histories(120), { numRuns: 60, seed: 11 });
test.each(inShards.map((history, no) => [no, history] as const))(
  'the same after every step of history %i in four shards, and in each of them',
  async (_no, history) => {
    await playInShards(history, 4, watcher);
  },
);

/** What the known histories do not reach, by the tests that do. */
const unreached = {
  /** pure/dlm and pure/connections play random histories of their own; scenarios/modes, /connections and /clients. */
  neverDone: [
    ...['dlmLock', 'dlmConvert', 'dlmCancel', 'dlmUnlock', 'dlmGet', 'dlmList', 'resourceGet'],
    ...['clientExchange', 'clientConfirm'],
    ...['connect', 'connectionGet', 'connectionList', 'connectionHangup', 'disconnect'],
    // pure/kernel-ranges has random histories of its own.
    'rangesAnswered',
    // scenarios/shards.
    'waitDrop',
  ],
  reasons: {
    /** These need numbers, times and sequences that random steps do not hit. */
    scenarios: 'open_closed predecessors_max node_up stack_busy asks_max file_ranges_max',
    'other tests of pure, or e2e': 'same_file file_in_other_export numbers_used_up file_changed',
    'scenarios/tenures': 'hold_too_long',
    'scenarios/quotas': 'tenant_queue_share tenant_rows_max tenant_sessions_max tenant_waits_max',
    'scenarios/courtesy': 'state_expired',
    'scenarios/grace': 'reclaim_bad',
    'scenarios/clients':
      'client_in_use client_unconfirmed no_such_client not_principal reclaims_complete reclaims_incomplete verifier_differs',
    'pure/dlm and scenarios/modes': 'bad_flags lock_over mode_conflict orphans_max resource_locks_max',
    'pure/connections and scenarios/connections':
      'protocol_mismatch no_such_connection connection_over connection_live hung_up other_node disconnected',
    'pure/kernel-ranges and scenarios/kernel-ranges':
      'range_held_at_fileserver ranges_in_use ranges_unsupported fileserver_lost',
    /** Limits of a thousand and more, and full stores. */
    'by hand only, or in e2e': 'sessions_max items_max table_full',
    /** Reasons of the service, its drivers and its contracts; the rules only pass them on. */
    'not of the rules':
      'range_lease_held bad_request no_such_file nothing_there fileserver_denied hold_gen_old lease_type_unsupported service_stopping subject_streams_max tenant_streams_max',
  },
};

/** Values and fields of rows that the known histories do not reach, by the tests that do. */
const unseen = {
  /** These last beyond one step only if there are more rows than a step processes. */
  'scenarios, with many rows':
    'session state ending, file voidPending, file morePending true, file endedTo, session siftAfter',
  scenarios:
    'node left, node left true, open toDeny write, open whyNot NOT_WANTED, open whyNot CANCELLED, file morePredecessors, file ending, export ancestry, export yielded, export yielded true',
  /** Numbers, texts and keys that the rules only store. */
  'other tests of pure, or e2e': 'meta key, lease exportNo, lease request, open toParts',
  'scenarios/clients':
    'session client, session verifier, session principal, session unconfirmed, session unconfirmed true, client confirmed, client unconfirmed, client ending, lockState unclaimed, range claimMs',
  /** A session with many delegations, and a file that moves while it is in use. */
  'scenarios/delegations': 'meta askedUpTo, session askedBackAt, export lookedAt, open want cancel',
  'pure/recovery': 'meta unheard, server heardIn',
  'scenarios/grace and scenarios/courtesy':
    'meta wholeIn, session resumedIn, session skippedIn, export graceOpen, export graceOpen true',
  'pure/dlm and scenarios/modes': [
    ...['mode', 'wants', 'told', 'alt'].flatMap((field) =>
      ['', ' NL', ' CR', ' CW', ' PR', ' PW', ' EX'].map((mode) => `dlm ${field}${mode}`),
    ),
    ...['valblk', 'nodlckwt', 'convdeadlk', 'persistent', 'demoted', 'altMode'].flatMap((field) => [
      ...[`dlm ${field}`, `dlm ${field} true`],
    ]),
    ...['dlm body', 'dlm read', 'file resource'],
  ].join(', '),
  'scenarios/tenants': 'dlm tenant',
  'pure/modes': 'ended adopted',
  'pure/connections and scenarios/connections':
    'dlm connection, dlm home, connection state connected, connection state hungUp, connection node, connection region, connection body, export connections, subscription connection',
  'pure/kernel-ranges and scenarios/kernel-ranges':
    'range atOnce, range atOnce true, range askedIn, range locked, range locked true, range refusedBy, range askAfter, file locked, export locksRanges, export locksRanges true, export doubts',
  /** Values of RFC 8881 that the service does not use, and a type that is never requested. */
  nobody:
    'lease pendingType none, open whyNot NOT_SUPP_FTYPE, open whyNot WRITE_DELEG_NOT_SUPP_FTYPE, open whyNot NOT_SUPP_UPGRADE, open whyNot IS_DIR',
};

/** `COVERAGE=1` prints the coverage: the outcomes of each verb, and the states of rows. */
test('the known histories bring rows into every state except those listed', () => {
  const states = [
    ...statesOfRows(),
    ...['active', 'breaking', 'fencing', 'revoked'].map((word) => `lease reads as ${word}`),
  ];
  if (process.env['COVERAGE'] !== undefined)
    process.stdout.write(`states: ${states.filter((state) => seen.has(state)).join(', ')}\n`);
  expect(states.length).toBeGreaterThan(200);
  const listed = new Set(Object.values(unseen).join(', ').split(', '));
  expect({
    unseen: states.filter((state) => !seen.has(state) && !listed.has(state)),
    seen: [...listed].filter((state) => seen.has(state)),
    unknown: [...listed].filter((state) => !states.includes(state)),
  }).toEqual({ unseen: [], seen: [], unknown: [] });
});

test('the known histories reach every verb and every refusal except those listed', () => {
  if (process.env['COVERAGE'] !== undefined)
    for (const [verb, each] of [...outcomes].sort())
      process.stdout.write(`${verb}: ${[...each].sort().join(', ')}\n`);
  const verbs = Object.keys(verbFlags);
  const isDone = (verb: string): boolean => outcomes.get(verb)?.has('done') === true;
  const refusals = new Set([...ends, ...[...outcomes.values()].flatMap((each) => [...each])]);
  const listed = new Set(Object.values(unreached.reasons).join(' ').split(' '));
  expect({
    neverDone: verbs.filter((verb) => isDone(verb) === unreached.neverDone.includes(verb)),
    reasons: reasons.filter((reason) => refusals.has(reason) === listed.has(reason)),
    unknown: [...listed].filter((reason) => !reasons.includes(reason)),
  }).toEqual({ neverDone: [], reasons: [], unknown: [] });
});

test('whatever a verb refuses, its code was read to refuse: the OpenAPI document is made from that', () => {
  const read = new Refusals(new Set(reasons));
  const faults: string[] = [];
  let checked = 0;
  for (const [verb, each] of outcomes) {
    const node = read.verb(verb);
    const known = node === undefined ? new Set<string>() : read.of(node).reasons;
    for (const outcome of each) {
      if (outcome === 'done') continue;
      checked += 1;
      if (!known.has(outcome)) faults.push(`${verb}: ${outcome}`);
    }
  }
  expect(faults.sort()).toEqual([]);
  expect(checked).toBeGreaterThan(150);
}, 600_000);

test('any history: invariants hold after every step, and nothing is left when every session has ended', async () => {
  await fc.assert(fc.asyncProperty(histories(120), fc.boolean(), play), {
    numRuns: Number(process.env['HISTORIES'] ?? 12),
  });
}, 3_600_000);

test('the grace of an emptied table does not end with the sessions that came after the loss', () => {
  const rows = new PlainRows({ now: 1_700_000_000_000 });
  rows.play('sessionCreate', { sessionId: 's', digest: 'd', ttlMs: 60_000, pid: 0 });
  rows.play('identify', {
    identity: 'i',
    seen: { epoch: 1, no: 0 },
    limits: { ...scenarioLimits, graceMs: 9_000 },
  });
  rows.play('reclaimComplete', { sessionId: 's', digest: 'd' });
  expect(rows.play('graceGet', {}).value).toEqual({ graceMs: 9_000, sessions: 0 });
});

/** Counts reads. */
class CountingRows extends PlainRows {
  reads = 0;
  override get: PlainRows['get'] = (kind, id) => {
    this.reads += 1;
    return super.get(kind, id);
  };
}

test('one more queued request costs reads in proportion to the length of the queue, not more', () => {
  const rows = new CountingRows({ now: 1_700_000_000_000 });
  const limits = { ...scenarioLimits, queueMax: 256, sessionLocksMax: 1_000 };
  rows.play('identify', { identity: 'i', seen: { epoch: 1, no: 0 }, limits });
  rows.play('sessionCreate', { sessionId: 's', digest: 'd', ttlMs: 60_000, pid: 0 });
  rows.play('exportDeclare', { name: 'local', breakMs: 45_000, lockDelayMs: 0 });
  const file = { fileKey: 'f', exportName: 'local', path: 'f', fileId: 'f', inode: '' };
  /** The rows read for the request of one more owner. */
  const cost = (i: number): number => {
    const before = rows.reads;
    const owner = `o${String(i)}`;
    const item = { ...file, leaseId: `l${String(i)}`, owner, ownerKey: `s:${owner}`, clientKey: 's' };
    const want = { sessionId: 's', digest: 'd', item, type: 'write', waitMs: 60_000 } as const;
    expect(rows.play('leaseAcquire', want).value).toMatchObject({ waiting: i > 0 });
    return rows.reads - before;
  };
  const costs = Array.from({ length: 201 }, (_, i) => cost(i));
  expect((costs[200] ?? 0) / (costs[100] ?? 1)).toBeLessThan(3);
});

test('a grant to an owner that waits elsewhere is checked only for cycles through that owner', () => {
  /** The rows read to end a session with this many owners, each waiting for two files in turn. */
  const cost = (owners: number): number => {
    const rows = new CountingRows({ now: 1_700_000_000_000 });
    const limits = { ...scenarioLimits, queueMax: 256, sessionLocksMax: 1_000 };
    rows.play('identify', { identity: 'i', seen: { epoch: 1, no: 0 }, limits });
    rows.play('exportDeclare', { name: 'local', breakMs: 45_000, lockDelayMs: 0 });
    for (const sessionId of ['h', 's'])
      rows.play('sessionCreate', { sessionId, digest: 'd', ttlMs: 60_000, pid: 0 });
    const where = (name: string) => ({
      fileKey: name,
      exportName: 'local',
      path: name,
      fileId: name,
      inode: '',
    });
    const lock = (sessionId: string, owner: string, name: string): void => {
      const range = { class: 'posix', type: 'write', startHi: 0, startLo: 0, endHi: 0, endLo: 9 } as const;
      const who = { sessionId, digest: 'd', owner, ownerKey: `${sessionId}:${owner}`, clientKey: sessionId };
      const ids = { rangeId: `${owner}-${name}`, splitId: `${owner}-${name}-split` };
      rows.play('rangeLock', { ...who, ...ids, ...range, file: where(name), waitMs: 60_000 });
    };
    lock('h', 'h', 'f');
    for (const name of ['g', 'f']) for (let i = 0; i < owners; i += 1) lock('s', `o${String(i)}`, name);
    expect(rows.all('range')).toHaveLength(2 * owners + 1);
    const before = rows.reads;
    rows.play('sessionEnd', { sessionId: 's', digest: 'd' });
    for (let i = 0; i < owners && rows.all('range').length > 1; i += 1) rows.play('tick', {});
    expect(rows.all('range')).toHaveLength(1);
    return rows.reads - before;
  };
  const [few, many] = [cost(8), cost(32)];
  // Each is granted something once and checked then; the search reads every other request.
  expect(many / few).toBeLessThan(30);
});
