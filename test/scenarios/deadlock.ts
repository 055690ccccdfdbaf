/** Deadlocks: a request that would close a cycle of waits is refused, and the refusal names the cycle. */

/** How each kind of hold is acquired on a file, and how another session waits for it. */
const kinds = {
  posix: ['locks F posix write 0-9', 'locks F posix write 0-9'],
  ofd: ['locks F ofd write 5-EOF', 'locks F ofd read 0-9'],
  mixed: ['locks F posix read 7-7', 'locks F ofd write 0-9'],
  flock: ['locks F flock read', 'locks F flock write'],
  open: ['opens F read denying write', 'opens F both'],
  lease: ['writes F', 'reads F'],
  change: ['opens F read denying write', 'truncates F'],
  mode: ['enq F EX', 'enq F PR'],
} as const;
type Kind = keyof typeof kinds;
const all = Object.keys(kinds) as Kind[];

/** Each of n owners holds a file and waits for the next one's; the last closes the cycle, or does not. */
function cycle(n: number, of: readonly Kind[], close: boolean): string {
  const lines = ['export local'];
  const kind = (at: number): Kind => of[at % of.length] ?? 'posix';
  const ask = (at: number, which: 0 | 1): string => kinds[kind(at)][which].replace('F', `f${at}`);
  for (let i = 0; i < n; i += 1) lines.push(`session S${i} 300s`, `S${i} ${ask(i, 0)}`);
  for (let i = 0; i < n - 1; i += 1) lines.push(`S${i} ${ask(i + 1, 1)} wait 60s`, `S${i} why f${i + 1}`);
  const last = n - 1;
  if (!close) {
    // An outsider waits for all of them, and the last waits for an owner that does not wait.
    lines.push('session X', 'X locks x posix write 0-9', `S${last} locks x posix write 0-9 wait 60s`);
    lines.push('session Y', `Y ${ask(0, 1)} wait 60s`, `Y why f0`);
    return lines.join('\n');
  }
  const names = Array.from({ length: n - 1 }, (_, i) => `S${i} f${i + 1}`);
  lines.push(`S${last} ${ask(0, 1)} wait 60s -> no deadlock`, `cycle -> S${last} f0, ${names.join(', ')}`);
  // Nobody else loses anything, and without the refused request the cycle unwinds.
  for (let i = 0; i < last; i += 1) lines.push(`S${i} why f${i + 1}`);
  lines.push(`S${last} ends`);
  for (let i = last - 1; i >= 0; i -= 1) lines.push(`S${i} why f${i + 1} -> no no_such_wait`, `S${i} ends`);
  lines.push('tree f0 -> nothing');
  return lines.join('\n');
}

/** R waits for N directly, and through so many others that the cycle through them is too long. */
function shortcut(between: number): string {
  const lines = ['export local', 'session R 300s', 'session N 300s', 'session M 300s'];
  for (let i = 0; i < between; i += 1) lines.push(`session A${i} 300s`, `A${i} locks f${i} posix write 0-0`);
  lines.push('N locks f0 posix write 1-1', 'N locks n posix write 0-9', 'M locks m posix write 0-9');
  for (let i = 0; i < between; i += 1)
    lines.push(`A${i} locks ${i + 1 < between ? `f${i + 1}` : 'n'} posix write 0-0 wait 60s`);
  lines.push(
    'R locks r posix write 0-9',
    'N locks m posix read 0-9 wait 60s',
    'M locks r posix read 0-9 wait 60s',
  );
  lines.push('R locks f0 posix read 0-9 wait 60s -> no deadlock', 'cycle -> R f0, N m, M r');
  return lines.join('\n');
}

/** One owner has many blocking locks, and the blocker that waits for the requester comes after them. */
function behindMany(locks: number): string {
  const lines = ['export local', `limits rangesMax ${2 * locks} sessionLocksMax ${2 * locks}`];
  lines.push('session A 300s', 'session B 300s', 'session R 300s', 'R locks r posix write 0-9');
  for (let i = 0; i < locks; i += 1) lines.push(`A locks f posix write ${2 * i}-${2 * i}`);
  lines.push(`B locks f posix write ${2 * locks}-EOF`, 'B locks r posix write 0-9 wait 60s');
  lines.push('R locks f posix write 0-EOF wait 60s -> no deadlock', 'cycle -> R f, B r');
  return lines.join('\n');
}

const cycles: Record<string, string> = {};
for (const kind of all) {
  for (const n of [2, 3, 10]) cycles[`a cycle of ${n}: ${kind}`] = cycle(n, [kind], true);
}
for (const n of [2, 3, 10, 64]) {
  cycles[`a cycle of ${n}: of every kind`] = cycle(n, all, true);
  cycles[`a chain of ${n} is none: of every kind`] = cycle(n, all, false);
}

export const deadlock: Record<string, string> = {
  ...cycles,
  'a short cycle is found although there is also one that is too long': shortcut(62),
  'a holder behind a thousand locks of another is seen': behindMany(1200),
  'two readers that both want to write deadlock, POSIX': `
    export local
    session A
    session B
    A locks f posix read 0-9 -> held read 0-9
    B locks f posix read 0-9 -> held read 0-9
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    B locks f posix write 0-9 wait 60s -> no deadlock
    cycle -> B f, A f
    B unlocks f posix 0-9 -> unlocked
    A lock f -> held write 0-9`,
  'two readers that both want to write deadlock, leases': `
    export local
    session A
    session B
    A reads f -> active read
    B reads f -> active read
    A writes f wait 60s -> active read waiting write
    B writes f wait 60s -> no deadlock
    cycle -> B f, A f
    B has f -> active read
    B releases f -> released
    A has f -> active write`,
  'two opens that both want to deny reading deadlock': `
    export local
    session A
    session B
    A opens f read -> open
    B opens f read -> open
    A reshares f read denying read wait 60s -> read waiting read denying read
    B reshares f read denying read wait 60s -> no deadlock
    cycle -> B f, A f
    B share f -> read
    B closes f -> closed
    A share f -> read denying read`,
  'two flocks that are converted do not deadlock: each gives up its lock first': `
    export local
    session A
    session B
    A locks f flock read -> held read
    B locks f flock read -> held read
    A locks f flock write wait 60s -> waiting write
    B locks f flock write wait 60s -> waiting write
    A lock f -> held write
    B lock f -> waiting write`,
  'POSIX and OFD locks of one owner wait for each other': `
    export local
    session A
    A locks f posix write 0-9 -> held write 0-9
    A locks f ofd read 5-5 wait 60s -> no deadlock
    cycle -> A f
    A unlocks f posix 5-5 -> unlocked
    A locks f ofd read 5-5 wait 60s -> held read 5-5`,
  'a request that stands behind two of a queue is followed to each, whoever met them first': `
    export local
    session H
    session R
    session E
    session Y
    H locks f posix write 0-100 -> held write 0-100
    R locks k posix write 0-9 -> held write 0-9
    E locks f posix write 0-9 wait 60s -> waiting write 0-9
    E locks k posix write 0-9 wait 60s -> waiting write 0-9
    Y locks f posix write 0-29 wait 60s -> waiting write 0-29
    R locks f posix write 20-29 wait 60s -> no deadlock
    cycle -> R f, Y f, E k`,
  'no alarm: a request does not wait for those that come after it': `
    export local
    session H
    session R
    session A
    session L
    H locks f posix write 0-9 -> held write 0-9
    R locks k posix write 0-9 -> held write 0-9
    A locks g posix write 0-9 -> held write 0-9
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    L locks f posix write 0-9 wait 60s -> waiting write 0-9
    L locks k posix write 0-9 wait 60s -> waiting write 0-9
    R locks g posix write 0-9 wait 60s -> waiting write 0-9`,
  'two requests of one owner and the one between them, modes': `
    export local
    session H
    session R
    session W
    H enq r EX
    R enq r EX wait 60s -> waiting EX
    W enq r EX wait 60s -> waiting EX
    R enq r@2 EX wait 60s -> no deadlock
    cycle -> R r, W r`,
  'a second request behind one that waits for the first lock, modes': `
    export local
    session R
    session W
    R enq r PR
    W enq r EX wait 60s -> waiting EX
    R enq r@2 PR wait 60s -> no deadlock
    cycle -> R r, W r`,
  'no alarm: a lease that is asked for anyway does not make its holder one to wait for': `
    export local break 10s
    session A 300s
    session R 300s
    session X 300s
    A reads f -> active read
    R locks k posix write 0-9 -> held write 0-9
    A locks k posix write 0-9 wait 60s -> waiting write 0-9
    X opens f write wait 60s -> waiting
    R writes f wait 60s -> waiting write
    tick 10s
    A has f -> revoked`,
  'no alarm: a holder is made to go down to read, and read is all that is asked for': `
    export local break 10s
    session A 300s
    session R 300s
    session X 300s
    A writes f -> active write
    R locks k posix write 0-9 -> held write 0-9
    A locks k posix write 0-9 wait 60s -> waiting write 0-9
    X opens f read wait 60s -> waiting
    A has f -> breaking write to read
    R reads f wait 60s -> waiting read`,
  'a lease that a break does not ask for may be part of a cycle while the break runs': `
    export local break 10s
    session A 300s
    session D 300s
    session R 300s
    session X 300s
    A reads f -> active read
    D wants f read -> active read
    R locks k posix write 0-9 -> held write 0-9
    A locks k posix write 0-9 wait 60s -> waiting write 0-9
    X unlinks f wait 60s -> waiting
    R writes f wait 60s -> no deadlock
    cycle -> R f, A k`,
  'no alarm: who had a revoked lease does not decide when the fileserver lets go of it': `
    export posix break 10s
    session A 300s
    session R 300s
    session X 300s
    A reads f -> pending read
    fs has f read
    R locks k posix write 0-9 -> held write 0-9
    A locks k posix write 0-9 wait 60s -> waiting write 0-9
    X opens f write wait 60s -> waiting
    tick 10s
    A has f -> fencing
    R writes f wait 60s -> waiting write`,
  'a cycle may lead through a session that only waits': `
    export local
    session A
    session B
    session C
    A locks f posix read 0-9 -> held read 0-9
    C locks g posix write 0-9 -> held write 0-9
    B locks f posix write 0-9 wait 60s -> waiting write 0-9
    A locks g posix write 0-9 wait 60s -> waiting write 0-9
    C locks f posix read 0-9 -> no queued
    C locks f posix read 0-9 wait 60s -> no deadlock
    cycle -> C f, B f, A g
    B cancels f -> cancelled
    C locks f posix read 0-9 wait 60s -> held read 0-9`,
  'one of several blockers is enough to close a cycle': `
    export local
    session A
    session B
    session C
    session D
    A locks f posix read 0-9 -> held read 0-9
    B locks f posix read 5-14 -> held read 5-14
    C locks f ofd read 0-EOF -> held read 0-EOF
    D locks g posix write 0-9 -> held write 0-9
    A locks h posix write 0-9 -> held write 0-9
    B locks h posix read 0-9 wait 60s -> waiting read 0-9
    C locks g posix write 0-9 wait 60s -> waiting write 0-9
    D locks f posix write 20-20 wait 60s -> no deadlock
    cycle -> D f, C g
    D locks f posix write 8-8 wait 60s -> no deadlock
    A locks g posix read 0-9 wait 60s -> waiting read 0-9
    C unlocks f ofd 0-EOF -> unlocked
    D locks f posix write 14-14 wait 60s -> no deadlock
    cycle -> D f, B h, A g`,
  'one of several waits of an owner is enough to close a cycle': `
    export local
    session A
    session B
    session C
    A locks f posix write 0-9 -> held write 0-9
    C locks h posix write 0-9 -> held write 0-9
    B locks g posix write 0-9 -> held write 0-9
    A locks h posix write 0-9 wait 60s -> waiting write 0-9
    A locks g posix write 0-9 wait 60s -> waiting write 0-9
    B locks f posix write 0-9 wait 60s -> no deadlock
    cycle -> B f, A g`,
  'no alarm: the owners differ, though the session is one': `
    export local
    session A
    A.x locks f posix write 0-9 -> held write 0-9
    A.y locks g posix write 0-9 -> held write 0-9
    A.x locks g posix write 0-9 wait 60s -> waiting write 0-9
    A.z locks f posix write 0-9 wait 60s -> waiting write 0-9
    A.y unlocks g posix 0-9 -> unlocked
    A.x lock g -> held write 0-9`,
  'no alarm: the waiting owner no longer holds anything there': `
    export local
    session A
    session B
    A locks f posix write 0-9 -> held write 0-9
    B locks g posix write 0-9 -> held write 0-9
    A locks g posix write 0-9 wait 60s -> waiting write 0-9
    A unlocks f posix 5-9 -> unlocked
    B locks f posix write 5-9 wait 60s -> held write 5-9
    B locks f posix write 0-9 wait 60s -> no deadlock`,
  'no alarm: a request that does not wait is refused for the conflict itself': `
    export local
    session A
    session B
    A locks f posix write 0-9 -> held write 0-9
    B locks g posix write 0-9 -> held write 0-9
    A locks g posix write 0-9 wait 60s -> waiting write 0-9
    B locks f posix write 0-9 -> no range_conflict
    blockers -> A posix write 0-9`,
  'no alarm: the wait that would have closed it is over': `
    export local
    session A 300s
    session B 300s
    A locks f posix write 0-9 -> held write 0-9
    B locks g posix write 0-9 -> held write 0-9
    A locks g posix write 0-9 wait 5s -> waiting write 0-9
    tick 5s
    B locks f posix write 0-9 wait 60s -> waiting write 0-9
    A locks g posix write 0-9 wait 5s -> no deadlock
    cycle -> A g, B f`,
  'no alarm: a lease that is being broken is released or revoked in the end': `
    export local break 10s
    session A 300s
    session B 300s
    A reads f -> active read
    B locks g posix write 0-9 -> held write 0-9
    A locks g posix write 0-9 wait 60s -> waiting write 0-9
    B opens f write wait 60s -> waiting
    A has f -> breaking read to none
    tick 10s
    A has f -> revoked
    B open f -> open`,
  'a wait for a lease that is not being broken may close a cycle': `
    export local
    session A
    session B
    A reads f -> active read
    B locks g posix write 0-9 -> held write 0-9
    A locks g posix write 0-9 wait 60s -> waiting write 0-9
    B writes f wait 60s -> no deadlock
    cycle -> B f, A g
    B writes f -> no lease_conflict`,
  'a session that waits may close a cycle by opening another file': `
    export local
    session A
    session B
    session C
    C opens f read -> open
    B locks g posix write 0-9 -> held write 0-9
    B writes f wait 60s -> waiting write
    A locks g posix write 0-9 wait 60s -> waiting write 0-9
    A opens f read -> open
    records -> opened C, opened A, dropped A deadlock
    C closes f -> closed
    A closes f -> closed
    B has f -> active write`,
  'a grant by the fileserver may close a cycle; the request behind the dropped one gets its turn': `
    export posix
    session X 300s
    session Y 300s
    session Z 300s
    Y opens g read -> open
    X reads f -> pending read
    Y writes f wait 60s -> waiting write
    X writes g wait 60s -> waiting write
    Z reads g wait 60s -> waiting read
    records
    fs has f read
    records -> granted X read in turn, dropped X deadlock
    asks -> g read
    fs has g read
    Z has g -> active read
    Y has f -> waiting write`,
  'grants of the fileserver at the same time may each close a cycle': `
    export posix
    session X 300s
    session Y 300s
    session P 300s
    session Q 300s
    Y opens g read -> open
    Q opens h read -> open
    X reads f -> pending read
    P reads f -> pending read
    Y writes f wait 60s -> waiting write
    Q writes f wait 60s -> waiting write
    X writes g wait 60s -> waiting write
    P writes h wait 60s -> waiting write
    records
    fs has f read
    records -> granted X read in turn, granted P read in turn, dropped X deadlock, dropped P deadlock
    Y has f -> waiting write
    Q has f -> waiting write`,
  'a holder that is asked to release, and waits itself, may close a cycle with another open': `
    export local
    session A
    session W
    W locks g posix write 0-9 -> held write 0-9
    A reads f -> active read
    A locks g posix write 0-9 wait 60s -> waiting write 0-9
    W opens f write denying both wait 60s -> waiting
    A opens f read -> open
    records -> granted A read, break to none, opened A, dropped W deadlock
    A lock g -> waiting write 0-9
    W unlocks g posix 0-9 -> unlocked
    A lock g -> held write 0-9`,
};
