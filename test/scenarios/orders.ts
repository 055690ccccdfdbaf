/**
 * Every order of two things that can happen to a request for a mode: that the answer is final, told exactly once, and
 * true. Each row is data: what happens first and second with its answer, then the resource, and every record about A.
 */

/** What the two sides do. A asks, on node n; H is in the way. */
const acts = {
  request: 'A enq q PR wait 300s',
  repeat: 'A enq q PR again wait 300s',
  grant: 'H deq q',
  cancel: 'A revokes q',
  'early cancel': 'A revokes q unseen',
  convert: 'A converts q EX wait 300s',
  expiry: 'tick 21s',
  death: 'tick 11s',
  'later expiry': 'tick 21s',
} as const;
type Act = keyof typeof acts;
/** Half of an order, and its answer. */
type Half = readonly [Act, string];
type Row = readonly [first: Half, second: Half, resource: string, told: string];

const gone = 'no no_such_lock';

/** A new request; unless an order begins it, it waits already. */
const newRequests: readonly Row[] = [
  [
    ['request', 'waiting PR'],
    ['repeat', 'waiting PR'],
    'granted H EX; converting; waiting A PR; block none',
    'blocking H PR',
  ],
  [
    ['request', 'waiting PR'],
    ['grant', 'unlocked'],
    'granted A PR; converting; waiting; block none',
    'blocking H PR, completed A PR in turn',
  ],
  [
    ['request', 'waiting PR'],
    ['cancel', 'cancelled'],
    'granted H EX; converting; waiting; block none',
    'blocking H PR, dropped A cancelled',
  ],
  [
    ['request', 'waiting PR'],
    ['convert', 'no request_pending'],
    'granted H EX; converting; waiting A PR; block none',
    'blocking H PR',
  ],
  [
    ['request', 'waiting PR'],
    ['expiry', ''],
    'granted H EX; converting; waiting; block none',
    'blocking H PR, dropped A session_expired, expired A',
  ],
  [
    ['request', 'waiting PR'],
    ['death', ''],
    'granted H EX; converting; waiting; block none',
    'blocking H PR, expired A, dropped A session_expired, expired A',
  ],
  [
    ['grant', 'unlocked'],
    ['request', 'granted PR'],
    'granted A PR; converting; waiting; block none',
    'completed A PR',
  ],
  [
    ['grant', 'unlocked'],
    ['grant', gone],
    'granted A PR; converting; waiting; block none',
    'completed A PR in turn',
  ],
  [
    ['grant', 'unlocked'],
    ['cancel', 'too late, granted PR'],
    'granted A PR; converting; waiting; block none',
    'completed A PR in turn',
  ],
  [
    ['grant', 'unlocked'],
    ['convert', 'granted EX'],
    'granted A EX; converting; waiting; block none',
    'completed A PR in turn, completed A EX',
  ],
  [
    ['grant', 'unlocked'],
    ['expiry', ''],
    gone,
    'completed A PR in turn, unlocked A session_expired, expired A',
  ],
  [
    ['grant', 'unlocked'],
    ['death', ''],
    gone,
    'completed A PR in turn, expired A, unlocked A session_expired, expired A',
  ],
  [
    ['early cancel', 'cancelled'],
    ['repeat', 'no cancelled'],
    'granted H EX; converting; waiting; block none',
    'nothing',
  ],
  [['cancel', 'cancelled'], ['grant', 'unlocked'], gone, 'dropped A cancelled'],
  [
    ['cancel', 'cancelled'],
    ['cancel', 'cancelled'],
    'granted H EX; converting; waiting; block none',
    'dropped A cancelled',
  ],
  [
    ['cancel', 'cancelled'],
    ['convert', gone],
    'granted H EX; converting; waiting; block none',
    'dropped A cancelled',
  ],
  [
    ['cancel', 'cancelled'],
    ['expiry', ''],
    'granted H EX; converting; waiting; block none',
    'dropped A cancelled, expired A',
  ],
  [
    ['cancel', 'cancelled'],
    ['death', ''],
    'granted H EX; converting; waiting; block none',
    'dropped A cancelled, expired A, expired A',
  ],
  [
    ['convert', gone],
    ['request', 'waiting PR'],
    'granted H EX; converting; waiting A PR; block none',
    'blocking H PR',
  ],
  [
    ['convert', 'no request_pending'],
    ['grant', 'unlocked'],
    'granted A PR; converting; waiting; block none',
    'completed A PR in turn',
  ],
  [
    ['convert', 'no request_pending'],
    ['cancel', 'cancelled'],
    'granted H EX; converting; waiting; block none',
    'dropped A cancelled',
  ],
  [
    ['convert', 'no request_pending'],
    ['convert', 'no request_pending'],
    'granted H EX; converting; waiting A PR; block none',
    'nothing',
  ],
  [
    ['convert', 'no request_pending'],
    ['expiry', ''],
    'granted H EX; converting; waiting; block none',
    'dropped A session_expired, expired A',
  ],
  [
    ['convert', 'no request_pending'],
    ['death', ''],
    'granted H EX; converting; waiting; block none',
    'expired A, dropped A session_expired, expired A',
  ],
  [
    ['expiry', ''],
    ['request', 'no session_expired'],
    'granted H EX; converting; waiting; block none',
    'expired A',
  ],
  [['expiry', ''], ['grant', 'unlocked'], gone, 'dropped A session_expired, expired A'],
  [
    ['expiry', ''],
    ['cancel', 'no session_expired'],
    'granted H EX; converting; waiting; block none',
    'dropped A session_expired, expired A',
  ],
  [
    ['expiry', ''],
    ['convert', gone],
    'granted H EX; converting; waiting; block none',
    'dropped A session_expired, expired A',
  ],
  [
    ['expiry', ''],
    ['later expiry', ''],
    'granted H EX; converting; waiting; block none',
    'dropped A session_expired, expired A',
  ],
  [
    ['expiry', ''],
    ['death', ''],
    'granted H EX; converting; waiting; block none',
    'dropped A session_expired, expired A',
  ],
  [
    ['death', ''],
    ['request', 'no session_expired'],
    'granted H EX; converting; waiting; block none',
    'expired A, expired A',
  ],
  [['death', ''], ['grant', 'unlocked'], gone, 'expired A, dropped A session_expired, expired A'],
  [
    ['death', ''],
    ['cancel', 'no session_expired'],
    'granted H EX; converting; waiting; block none',
    'expired A, dropped A session_expired, expired A',
  ],
  [
    ['death', ''],
    ['convert', gone],
    'granted H EX; converting; waiting; block none',
    'expired A, dropped A session_expired, expired A',
  ],
  [
    ['death', ''],
    ['later expiry', ''],
    'granted H EX; converting; waiting; block none',
    'expired A, dropped A session_expired, expired A',
  ],
  [
    ['death', ''],
    ['death', ''],
    'granted H EX; converting; waiting; block none',
    'expired A, dropped A session_expired, expired A',
  ],
];

/**
 * A conversion of a lock that A has in PR, as H has; unless an order begins it, it waits already. A repeat is of the
 * request that made the lock.
 */
const conversions: readonly Row[] = [
  [
    ['repeat', 'granted PR'],
    ['convert', 'converting PR to EX'],
    'granted H PR; converting A PR-EX; waiting; block none',
    'blocking H EX',
  ],
  [
    ['repeat', 'converting PR to EX'],
    ['repeat', 'converting PR to EX'],
    'granted H PR; converting A PR-EX; waiting; block none',
    'nothing',
  ],
  [
    ['repeat', 'converting PR to EX'],
    ['grant', 'unlocked'],
    'granted A EX; converting; waiting; block none',
    'completed A EX in turn',
  ],
  [
    ['repeat', 'converting PR to EX'],
    ['cancel', 'cancelled'],
    'granted H PR, A PR; converting; waiting; block none',
    'dropped A cancelled',
  ],
  [
    ['repeat', 'converting PR to EX'],
    ['expiry', ''],
    'granted H PR; converting; waiting; block none',
    'unlocked A session_expired, expired A',
  ],
  [
    ['repeat', 'converting PR to EX'],
    ['death', ''],
    'granted H PR; converting; waiting; block none',
    'expired A, unlocked A session_expired, expired A',
  ],
  [
    ['convert', 'converting PR to EX'],
    ['repeat', 'converting PR to EX'],
    'granted H PR; converting A PR-EX; waiting; block none',
    'blocking H EX',
  ],
  [
    ['grant', 'unlocked'],
    ['repeat', 'granted EX'],
    'granted A EX; converting; waiting; block none',
    'completed A EX in turn',
  ],
  [
    ['cancel', 'cancelled'],
    ['repeat', 'granted PR'],
    'granted H PR, A PR; converting; waiting; block none',
    'dropped A cancelled',
  ],
  [
    ['expiry', ''],
    ['repeat', 'no session_expired'],
    'granted H PR; converting; waiting; block none',
    'unlocked A session_expired, expired A',
  ],
  [
    ['death', ''],
    ['repeat', 'no session_expired'],
    'granted H PR; converting; waiting; block none',
    'expired A, unlocked A session_expired, expired A',
  ],
  [
    ['convert', 'converting PR to EX'],
    ['convert', 'no request_pending'],
    'granted H PR; converting A PR-EX; waiting; block none',
    'blocking H EX',
  ],
  [
    ['convert', 'converting PR to EX'],
    ['grant', 'unlocked'],
    'granted A EX; converting; waiting; block none',
    'blocking H EX, completed A EX in turn',
  ],
  [
    ['convert', 'converting PR to EX'],
    ['cancel', 'cancelled'],
    'granted H PR, A PR; converting; waiting; block none',
    'blocking H EX, dropped A cancelled',
  ],
  [
    ['convert', 'converting PR to EX'],
    ['expiry', ''],
    'granted H PR; converting; waiting; block none',
    'blocking H EX, unlocked A session_expired, expired A',
  ],
  [
    ['convert', 'converting PR to EX'],
    ['death', ''],
    'granted H PR; converting; waiting; block none',
    'blocking H EX, expired A, unlocked A session_expired, expired A',
  ],
  [
    ['grant', 'unlocked'],
    ['convert', 'granted EX'],
    'granted A EX; converting; waiting; block none',
    'completed A EX',
  ],
  [
    ['grant', 'unlocked'],
    ['grant', gone],
    'granted A EX; converting; waiting; block none',
    'completed A EX in turn',
  ],
  [
    ['grant', 'unlocked'],
    ['cancel', 'too late, granted EX'],
    'granted A EX; converting; waiting; block none',
    'completed A EX in turn',
  ],
  [
    ['grant', 'unlocked'],
    ['expiry', ''],
    gone,
    'completed A EX in turn, unlocked A session_expired, expired A',
  ],
  [
    ['grant', 'unlocked'],
    ['death', ''],
    gone,
    'completed A EX in turn, expired A, unlocked A session_expired, expired A',
  ],
  [
    ['cancel', 'too late, granted PR'],
    ['convert', 'converting PR to EX'],
    'granted H PR; converting A PR-EX; waiting; block none',
    'blocking H EX',
  ],
  [
    ['cancel', 'cancelled'],
    ['grant', 'unlocked'],
    'granted A PR; converting; waiting; block none',
    'dropped A cancelled',
  ],
  [
    ['cancel', 'cancelled'],
    ['cancel', 'too late, granted PR'],
    'granted H PR, A PR; converting; waiting; block none',
    'dropped A cancelled',
  ],
  [
    ['cancel', 'cancelled'],
    ['expiry', ''],
    'granted H PR; converting; waiting; block none',
    'dropped A cancelled, unlocked A session_expired, expired A',
  ],
  [
    ['cancel', 'cancelled'],
    ['death', ''],
    'granted H PR; converting; waiting; block none',
    'dropped A cancelled, expired A, unlocked A session_expired, expired A',
  ],
  [
    ['expiry', ''],
    ['convert', gone],
    'granted H PR; converting; waiting; block none',
    'unlocked A session_expired, expired A',
  ],
  [['expiry', ''], ['grant', 'unlocked'], gone, 'unlocked A session_expired, expired A'],
  [
    ['expiry', ''],
    ['cancel', 'no session_expired'],
    'granted H PR; converting; waiting; block none',
    'unlocked A session_expired, expired A',
  ],
  [
    ['expiry', ''],
    ['later expiry', ''],
    'granted H PR; converting; waiting; block none',
    'unlocked A session_expired, expired A',
  ],
  [
    ['expiry', ''],
    ['death', ''],
    'granted H PR; converting; waiting; block none',
    'unlocked A session_expired, expired A',
  ],
  [
    ['death', ''],
    ['convert', gone],
    'granted H PR; converting; waiting; block none',
    'expired A, unlocked A session_expired, expired A',
  ],
  [['death', ''], ['grant', 'unlocked'], gone, 'expired A, unlocked A session_expired, expired A'],
  [
    ['death', ''],
    ['cancel', 'no session_expired'],
    'granted H PR; converting; waiting; block none',
    'expired A, unlocked A session_expired, expired A',
  ],
  [
    ['death', ''],
    ['later expiry', ''],
    'granted H PR; converting; waiting; block none',
    'expired A, unlocked A session_expired, expired A',
  ],
  [
    ['death', ''],
    ['death', ''],
    'granted H PR; converting; waiting; block none',
    'expired A, unlocked A session_expired, expired A',
  ],
];

/** Nodes of sessions that only expire are kept up by their beats. */
function linesFor(act: Act): string[] {
  if (act === 'expiry') return ['tick 9s', 'beat n i1', 'tick 9s', 'beat n i1', 'tick 3s'];
  return [acts[act]];
}

function scenario(held: readonly string[], begun: Act, [first, second, resource, told]: Row): string {
  const begins = [first[0], second[0]].some((act) => act === begun || act === 'early cancel');
  const half = ([act, answer]: Half): string[] => {
    const lines = linesFor(act);
    return [...lines.slice(0, -1), `${lines.at(-1) ?? ''}${answer === '' ? '' : ` -> ${answer}`}`];
  };
  return [
    'export local',
    'region all dead 10s',
    'node n in all',
    'beat n i1',
    'session H 3000s',
    'session A 20s on n',
    ...held,
    ...(begins ? [] : [acts[begun]]),
    'records',
    ...half(first),
    ...half(second),
    `resource q -> ${resource}`,
    `records -> ${told}`,
  ].join('\n');
}

const titled = (what: string, rows: readonly Row[], held: readonly string[], begun: Act) =>
  rows.map((row) => [
    `${what}: ${row[0][0]}, then ${row[1][0]}`,
    scenario(held, begun, row),
  ]) satisfies (readonly [string, string])[];

export const orders: Record<string, string> = Object.fromEntries([
  ...titled('a new request', newRequests, ['H enq q EX'], 'request'),
  ...titled('a conversion', conversions, ['H enq q PR', 'A enq q PR'], 'convert'),
]);
