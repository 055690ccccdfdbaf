/** The queue of a file: first come, first served where requests conflict, and nobody waits for ever (semantics.md §4). */

/** Readers and a writer take turns: an endless stream of readers does not keep the writer out. */
function alternation(lock: (type: 'read' | 'write') => string, unlock: string): string {
  const lines = ['export local', 'limits queueMax 100', 'session W'];
  for (let i = 0; i < 6; i += 1) lines.push(`session R${i}`);
  lines.push(`R0 ${lock('read')}`, `W ${lock('write')} wait 60s`);
  for (let i = 1; i < 6; i += 1) lines.push(`R${i} ${lock('read')} wait 60s`);
  lines.push(
    'records',
    `R0 ${unlock}`,
    'records -> locked W write in turn',
    `R0 ${lock('write')} wait 60s`,
    `W ${unlock}`,
    `records -> ${[1, 2, 3, 4, 5].map((i) => `locked R${i} read in turn`).join(', ')}`,
    `W ${lock('read')} wait 60s`,
  );
  for (let i = 1; i < 6; i += 1) lines.push(`R${i} ${unlock}`);
  lines.push('records -> locked R0 write in turn', `R0 ${unlock}`, 'records -> locked W read in turn');
  return lines.join('\n');
}

export const queue: Record<string, string> = {
  'readers and writers take turns, POSIX': alternation(
    (type) => `locks f posix ${type} 0-9`,
    'unlocks f posix 0-9',
  ),
  'readers and writers take turns, OFD': alternation(
    (type) => `locks f ofd ${type} 0-9`,
    'unlocks f ofd 0-9',
  ),
  'readers and writers take turns, flock': alternation((type) => `locks f flock ${type}`, 'unlocks f flock'),
  'a request that does not wait does not overtake those that do': `
    export local
    session A
    session B
    session C
    A locks f posix read 0-9 -> held read 0-9
    B locks f posix write 0-9 wait 60s -> waiting write 0-9
    C locks f posix read 0-9 -> no queued
    blockers -> B posix write 0-9
    C locks f posix read 0-9 wait 60s -> waiting read 0-9
    C why f -> queued, 1 ahead: B posix write 0-9
    tree f -> A posix read 0-9 [B posix write 0-9 [C posix read 0-9]]
    A unlocks f posix 0-9 -> unlocked
    B lock f -> held write 0-9
    C lock f -> waiting read 0-9
    B unlocks f posix 0-9 -> unlocked
    C lock f -> held read 0-9`,
  'a waiting lease is granted after the last of the opens that break leases': `
    export local break 10s
    session X 300s
    session B 300s
    session C 300s
    session D 300s
    X writes f -> active write
    B reads f wait 60s -> waiting read
    C opens f read wait 60s -> waiting
    D opens f read wait 60s -> waiting
    records
    X acknowledges f read -> active read
    records -> downgraded X, opened C in turn, opened D in turn, granted B read in turn`,
  'a session is told that its waiting upgrade was withdrawn': `
    export local
    session A 300s
    session B 300s
    A opens f read -> open
    B opens f read denying write -> open
    A reshares f both wait 60s -> read waiting both
    records
    A reshares f read -> read
    records -> dropped A cancelled
    A reshares f both wait 60s -> read waiting both
    A reshares f write wait 60s -> read waiting write
    records -> dropped A cancelled
    A reads g -> active read
    B reads g -> active read
    A writes g wait 60s -> active read waiting write
    records
    A reads g -> active read
    records -> dropped A cancelled
    A why g -> no no_such_wait`,
  'a waiting upgrade ends with the lease it is for': `
    export local break 10s
    session A 300s
    session B 300s
    session W 300s
    A reads f -> active read
    B reads f -> active read
    A writes f wait 60s -> active read waiting write
    W opens f write wait 60s -> waiting
    tick 10s
    A has f -> revoked
    W open f -> open
    W closes f -> closed
    B writes f anew -> active write
    tick 61s
    files -> 1`,
  'a lock request waits only behind requests that overlap it': `
    export local
    session A
    session B
    session C
    A locks f posix write 0-9 -> held write 0-9
    B locks f posix write 5-14 wait 60s -> waiting write 5-14
    C locks f posix write 15-19 -> held write 15-19
    C locks f posix read 14-14 -> no queued
    C locks f flock write -> held write
    C locks f posix read 14-14 wait 60s -> waiting read 14-14
    A unlocks f posix 5-9 -> unlocked
    B lock f -> held write 5-14
    C lock f -> waiting read 14-14
    B unlocks f posix 10-14 -> unlocked
    C lock f -> held read 14-14`,
  'waiting readers do not make readers wait': `
    export local
    session A
    session B
    session C
    A locks f posix write 0-9 -> held write 0-9
    B locks f posix read 0-19 wait 60s -> waiting read 0-19
    C locks f posix read 10-19 -> held read 10-19
    A unlocks f posix 0-9 -> unlocked
    B lock f -> held read 0-19`,
  'a holder that others wait for may lock more': `
    export local
    session A
    session B
    session C
    A locks f posix read 0-9 -> held read 0-9
    B locks f posix write 0-19 wait 60s -> waiting write 0-19
    C locks f posix read 10-19 -> no queued
    A locks f posix read 10-19 -> held read 0-19
    A locks f posix write 0-4 -> held write 0-4
    B lock f -> waiting write 0-19
    A unlocks f posix 0-EOF -> unlocked
    B lock f -> held write 0-19`,
  'a holder that others wait for may open more': `
    export local
    session A
    session B
    session C
    A opens f read denying write -> open
    B opens f write denying read wait 60s -> waiting
    C opens f read -> no queued
    blockers -> B write denying read waiting
    A opens f@2 read -> open
    A closes f -> closed
    B open f -> waiting
    A closes f@2 -> closed
    B open f -> open`,
  'a holder that is being broken may open more': `
    export local
    session A
    session B
    session C
    A reads f -> active read
    B opens f write denying read wait 60s -> waiting
    C opens f read -> no queued
    A opens f read -> open
    A acknowledges f none -> released
    B open f -> waiting
    A closes f -> closed
    B open f -> open`,
  'a request waits behind another that waits': `
    export local
    session A
    session B
    session C
    session D
    A locks f posix write 0-9 -> held write 0-9
    B locks f posix write 0-19 wait 60s -> waiting write 0-19
    C locks f posix write 10-29 wait 60s -> waiting write 10-29
    D locks f posix write 20-29 -> no queued
    blockers -> C posix write 10-29
    B cancels f -> cancelled
    C lock f -> held write 10-29
    A unlocks f posix 0-9 -> unlocked
    D locks f posix write 20-29 -> no range_conflict
    blockers -> C posix write 10-29`,
  'a wait elapses and the next waiter goes on': `
    export local
    session A 300s
    session B 300s
    session C 300s
    A locks f posix read 0-9 -> held read 0-9
    B locks f posix write 0-9 wait 5s -> waiting write 0-9
    C locks f posix read 0-9 wait 60s -> waiting read 0-9
    tick 4s
    C lock f -> waiting read 0-9
    tick 1s
    B lock f -> no no_such_lock
    C lock f -> held read 0-9
    records -> dropped B wait_elapsed, locked C read in turn`,
  'a wait is cancelled and the next waiter goes on': `
    export local
    session A
    session B
    session C
    A opens f read -> open
    B opens f write denying read wait 60s -> waiting
    C opens f write wait 60s -> open
    A opens g read -> open
    B opens g write denying read wait 60s -> waiting
    C opens g read wait 60s -> waiting
    C why g -> queued, 1 ahead: B write denying read waiting
    B cancels g -> cancelled
    C open g -> open
    B open g -> no no_such_open`,
  'a session ends with its waits, and the next waiters go on': `
    export local
    limits queueMax 4
    session A 300s
    session B
    session C 300s
    session D 300s
    A locks f posix read 0-9 -> held read 0-9
    B locks f posix write 0-9 wait 60s -> waiting write 0-9
    B.x locks f posix write 0-9 wait 60s -> waiting write 0-9
    C locks f posix read 0-9 wait 60s -> waiting read 0-9
    D locks f posix read 0-9 wait 60s -> waiting read 0-9
    B ends -> ended
    C lock f -> held read 0-9
    D lock f -> held read 0-9
    records -> dropped B session_ended, dropped B session_ended, locked C read in turn, locked D read in turn, expired B`,
  'the queue of a file is bounded across all kinds of requests': `
    export local
    session A
    session B
    A writes f -> active write
    A locks f posix write 0-9 -> held write 0-9
    B opens f read wait 60s -> waiting
    B unlinks f -> done
    B truncates f wait 60s -> waiting
    B locks f posix read 0-9 wait 60s -> waiting read 0-9
    B.x opens f read wait 60s -> no queue_full
    retry -> 45s
    B.x reads f wait 60s -> no queue_full
    B.x locks f ofd read 0-9 wait 60s -> no queue_full
    retry -> 60s
    B.x truncates f wait 60s -> no queue_full
    B.x locks f ofd read 10-19 wait 60s -> held read 10-19
    A opens f read wait 60s -> open
    A unlocks f posix 0-9 -> unlocked
    B.x locks f ofd write 0-9 wait 60s -> waiting write 0-9`,
  // --- leases in the queue
  'a requested lease waits for another lease': `
    export local
    session A
    session B
    session C
    A writes f -> active write
    B reads f wait 60s -> waiting read
    C reads f wait 60s -> waiting read
    B why f -> lease_conflict, 0 ahead: A write active
    C why f -> lease_conflict, 1 ahead: A write active
    A has f -> active write
    tree f -> A lease write active [B lease read, C lease read]
    A reads f -> active read
    B has f -> active read
    C has f -> active read
    records -> granted A write, downgraded A, granted B read in turn, granted C read in turn`,
  'a requested lease breaks nobody, and keeps its place': `
    export local
    session A
    session B
    session C
    A reads f -> active read
    B writes f wait 60s -> waiting write
    C reads f wait 60s -> waiting read
    C why f -> queued, 1 ahead: B write waiting
    A has f -> active read
    A releases f -> released
    B has f -> active write
    C has f -> waiting read
    B releases f -> released
    C has f -> active read`,
  'readers and writers take turns, leases': `
    limits queueMax 10
    export local
    session A
    session B
    session C
    session D
    A reads f -> active read
    B writes f wait 60s -> waiting write
    C reads f wait 60s -> waiting read
    D writes f wait 60s -> waiting write
    A.y reads f wait 60s -> waiting read
    tree f -> A lease read active [B lease write [C lease read [D lease write], A.y lease read]]
    A releases f -> released
    B has f -> active write
    B releases f -> released
    C has f -> active read
    A.y has f -> waiting read
    C releases f -> released
    D has f -> active write
    D releases f -> released
    A.y has f -> active read`,
  'an upgrade waits until the others have gone; the lease stays as it is until then': `
    export local
    session A
    session B
    A reads f -> active read
    B reads f -> active read
    A writes f wait 60s -> active read waiting write
    A checks f read -> valid
    B has f -> active read
    B releases f -> released
    A has f -> active write
    records -> granted A read, granted B read, released B, granted A write in turn`,
  'a waiting upgrade is withdrawn by asking for the type that is held': `
    export local
    session A 300s
    session B 300s
    A reads f -> active read
    B reads f -> active read
    A writes f wait 60s -> active read waiting write
    A writes f wait 60s -> active read waiting write
    A reads f -> active read
    A writes f wait 60s -> active read waiting write
    A cancels f -> cancelled
    A has f -> active read
    A writes f wait 5s -> active read waiting write
    tick 5s
    A has f -> active read
    A writes f wait 5s -> active read waiting write
    A releases f -> released
    B has f -> active read
    tree f -> B lease read active`,
  'a lease is broken while its upgrade waits': `
    export local
    session A
    session B
    session W
    A reads f -> active read
    B reads f -> active read
    A writes f wait 60s -> active read waiting write
    W opens f write wait 60s -> waiting
    A has f -> breaking read to none
    B releases f -> released
    A releases f -> released
    W open f -> open
    W closes f -> closed
    A has f -> released`,
  'a waiting breaker keeps out new leases, not those requested before it': `
    export local
    session A
    session B
    session C
    session W
    A writes f -> active write
    B reads f wait 60s -> waiting read
    W opens f write wait 60s -> waiting
    C reads f -> no lease_conflict
    C reads f wait 60s -> waiting read
    A releases f -> released
    W open f -> open
    B has f -> waiting read
    W closes f -> closed
    B has f -> active read
    C has f -> active read`,
  'a wait for a lease elapses or is cancelled': `
    export local
    session A 300s
    session B 300s
    session C 300s
    A writes f -> active write
    B reads f wait 4s -> waiting read
    C reads f wait 60s -> waiting read
    C cancels f -> cancelled
    tick 4s
    B has f -> no no_such_lease
    C has f -> no no_such_lease
    records -> granted A write, dropped C cancelled, dropped B wait_elapsed
    A releases f -> released
    files -> 1`,
  'a waiting lease ends with its session, and leaves nothing behind': `
    export local
    session A 300s
    session C
    session D 5s
    A writes f -> active write
    C reads f wait 60s -> waiting read
    D reads f wait 60s -> waiting read
    C ends -> ended
    tick 5s
    records -> granted A write, dropped C session_ended, expired C, dropped D session_expired, expired D
    A releases f -> released
    files -> 1`,
  'the tree shows a waiter under its blockers, and under nothing else': `
    export local
    session D
    session R
    D opens f read denying read -> open
    D reads f -> active read
    R opens f read wait 60s -> waiting
    R why f -> share_denied, 0 ahead: D read denying read open
    tree f -> D open read denying read [R open read], D lease read active`,
  'an allocated lease waits like an acquired one, and is allocated again when its wait elapses': `
    export local
    session A 300s
    session B 300s
    A writes f -> active write
    B allocates f -> allocated
    B reads f wait 5s -> waiting read
    tick 5s
    B has f -> allocated
    B reads f wait 60s -> waiting read
    A releases f -> released
    B has f -> active read`,
  'a repeated request for a lease finds it, waiting or granted': `
    export local
    session A
    session B
    A writes f -> active write
    B reads f wait 60s -> waiting read
    B reads f wait 60s again -> waiting read
    B why f -> lease_conflict, 0 ahead: A write active
    A releases f -> released
    B reads f again -> active read
    B writes f again -> no id_reused_with_other_body`,
  'a lease that waits for a lock delay is granted when that is over': `
    export local delay 10s
    session A 5s
    session B 300s
    A writes f -> active write
    tick 5s
    B writes f wait 60s -> waiting write
    B why f -> lock_delay, 0 ahead: nobody
    tick 9s
    B has f -> waiting write
    tick 1s
    B has f -> active write`,
  'the fileserver is asked for a waiting lease when its turn comes': `
    export posix
    session A
    session B
    A writes f -> pending write
    fs has f write
    B reads f wait 60s -> waiting read
    asks -> nothing
    A releases f -> released
    B has f -> pending read
    asks -> f none
    fs has f none
    asks -> f read
    fs has f read
    B has f -> active read`,
  'the time of an outage does not count toward a wait': `
    export local
    session A 300s
    session B 300s
    A locks f posix write 0-9 -> held write 0-9
    B locks f posix write 0-9 wait 10s -> waiting write 0-9
    tick 5s
    outage 1000s
    tick 5s
    B lock f -> waiting write 0-9
    tick 1s
    B lock f -> no no_such_lock`,
  // --- blockers
  'a query for blockers just after a break has lapsed changes nothing twice': `
    export local break 2s
    session A 300s
    session W 300s
    session C 300s
    A reads f -> active read
    W opens f write wait 60s -> waiting
    session E1 1s
    session E2 1200ms
    session E3 1300ms
    session E4 1400ms
    outage 2500ms   # nobody has swept
    records
    W why f -> no no_such_wait
    W open f -> open
    tick 1s
    records -> expired E1, expired E2, expired E3, expired E4, revoked, opened W in turn, revoked A`,
  'a repeated query for blockers is answered with the present state': `
    export local
    session A
    session B
    session W
    session V
    A reads f -> active read
    B opens f read denying write -> open
    W opens f write wait 60s -> waiting
    V opens f write denying write wait 60s -> waiting
    W why f -> share_denied, 0 ahead: B read denying write open
    V why f -> queued, 1 ahead: W write waiting
    B closes f -> closed
    W why f -> break_started, 0 ahead: A read breaking
    A releases f -> released
    W open f -> open
    V why f -> share_denied, 0 ahead: W write open
    W closes f -> closed
    V why f -> no no_such_wait
    V open f -> open`,
  'nobody waits behind a request that waits for that owner’s own holds': `
    export local
    session A 300s
    session B 300s
    A opens f read -> open
    B opens f write denying read wait 60s -> waiting
    A opens f@2 read -> open
    A opens g write -> open
    B opens g read denying write wait 60s -> waiting
    A opens g@2 write -> open
    A opens h write denying read -> open
    B opens h read wait 60s -> waiting
    A opens h@2 write denying read -> open
    A opens i read denying write -> open
    B opens i write wait 60s -> waiting
    A opens i@2 read denying write -> open
    A opens j read -> open
    B opens j write denying read wait 60s -> waiting
    A.2 opens j read -> no queued
    blockers -> B write denying read waiting`,
  'a release of something that an earlier request waits for puts nobody behind that request': `
    export local
    session A 300s
    session B 300s
    session C 300s
    session D 300s
    A opens f write -> open
    D opens f write -> open
    C opens f read -> open
    B opens f read denying write wait 300s -> waiting
    A opens f@2 write denying read wait 300s -> waiting
    A why f@2 -> share_denied, 1 ahead: C read open
    A closes f -> closed
    B why f -> share_denied, 0 ahead: D write open
    C closes f -> closed
    A open f@2 -> open
    B open f -> waiting`,
  'up to four blockers are named, and the rest counted': `
    limits queueMax 9
    export local
    session A 300s
    session B 300s
    session C 300s
    many A 6 reads f -> active read
    C writes f -> no lease_conflict
    blockers -> A.1 read active, A.2 read active, A.3 read active, A.4 read active
    A.1 opens g read denying write -> open
    many B 6 opens g write wait 60s -> waiting
    C reads g -> no breaker_queued
    blockers -> B.1 write waiting, B.2 write waiting, B.3 write waiting, B.4 write waiting
    many A 6 opens h read -> open
    C writes h -> no open_conflict
    blockers -> A.1 read open, A.2 read open, A.3 read open, A.4 read open
    C reads h -> active read
    many A 6 opens i write -> open
    C opens i write -> open
    C writes i -> no open_conflict
    blockers -> A.1 write open, A.2 write open, A.3 write open, A.4 write open
    C reads i -> no open_conflict
    blockers -> A.1 write open, A.2 write open, A.3 write open, A.4 write open`,
  'an open that denies is found behind any number of opens that do not': `
    export local
    session A 300s
    session B 300s
    session D 300s
    many A 32 opens f read -> open
    D opens f read denying write -> open
    B opens f write -> no share_denied
    blockers -> D read denying write open
    B truncates f -> no share_denied
    D closes f -> closed
    B opens f write -> open`,
  'a full queue says when to retry: when the first wait elapses or a break ends, a minute at most': `
    limits queueMax 2
    export local break 20s
    session A 300s
    session B 300s
    A opens f read denying write -> open
    B opens f write wait 30s -> waiting
    B opens f@2 write wait 90s -> waiting
    B opens f@3 write wait 90s -> no queue_full
    retry -> 30s
    tick 29999ms
    B opens f@3 write wait 90s -> no queue_full
    retry -> 0.001s
    tick 1ms
    B opens f@3 write wait 90s -> waiting
    B opens f@4 write wait 90s -> no queue_full
    retry -> 60s
    A reads g -> active read
    B opens g write wait 30s -> waiting
    B opens g@2 write wait 30s -> waiting
    B opens g@3 write wait 30s -> no queue_full
    retry -> 20s
    A writes h -> active write
    B opens h write wait 10s -> waiting
    B opens h@2 write wait 30s -> waiting
    B opens h@3 write wait 30s -> no queue_full
    retry -> 10s`,
  'a request is shown under what is in its way, and that is nothing of its own session': `
    export local
    session A 300s
    session B 300s
    B wants f read -> active read
    A reads f -> active read
    B opens f write wait 60s -> waiting
    tree f -> B delegation read active, A lease read breaking [B open write]`,
  'a request that waits for a fileserver is shown under what was revoked, unless somebody else holds it up': `
    export posix break 5s
    session A 300s
    session B 300s
    session C 300s
    A reads f -> pending read
    fs has f read
    C opens f read -> open
    B opens f write wait 60s -> waiting
    C opens g read -> open
    tick 5s
    A has f -> fencing
    tree f -> A lease read fencing [B open write], C open read
    A reads g -> pending read
    fs has g read
    C opens g read denying read -> no break_started
    tick 5s
    C opens g read denying write -> open
    B opens g write wait 60s -> waiting
    tree g -> C open read, A lease read fencing, C open read denying write [B open write]`,
  'two that wait for each other, one of whom must answer, are shown under each other once': `
    export local
    session A 300s
    session B 300s
    A opens f read -> open
    B reads f -> active read
    B writes f wait 60s -> active read waiting write
    A reopens f write wait 60s -> read waiting both
    tree f -> A open read [B lease write], B lease read breaking [A open both]`,
  'a request that nothing holds up but time is shown by itself': `
    export local
    session A 300s
    session B 300s
    A truncates f quiet 10s -> done
    B reads f wait 60s -> waiting read
    tree f -> B lease none allocated`,
  'a request that only waits behind another is shown under that, not under what is in nobody’s way': `
    export local
    session B 300s
    session D 300s
    D opens f write wanting read -> open with active read
    B opens f read denying write wait 60s -> waiting
    D.x opens f write wait 60s -> waiting
    tree f -> D open write [B open read denying write [D.x open write]], D delegation read active`,
  'how a wait ended is measured, and after how long: leases': `
    export local
    session A 300s
    session B 300s
    session W 300s
    A writes f -> active write
    B reads f wait 60s -> waiting read
    B.1 reads f wait 60s -> waiting read
    tick 2s
    B releases f -> released
    measured -> lease cancelled 2s
    A releases f -> released
    measured -> lease granted 2s
    A reads g -> active read
    B reads g -> active read
    A writes g wait 60s -> active read waiting write
    tick 1s
    A releases g -> released
    measured -> lease cancelled 1s
    A reads h -> active read
    B reads h -> active read
    A writes h wait 300s -> active read waiting write
    W opens h write wait 60s -> waiting
    tick 45s
    measured -> break deadline 45s, lease lease_revoked 45s, open granted 45s
    told -> granted A f write, released B f by holder, released A f by holder, granted B f read in turn, granted A g read, granted B g read, released A g by holder, granted A h read, granted B h read, break h to none but W in 0s by open, revoked h all by deadline, dropped A h by lease_revoked, opened W h in turn, revoked A h by deadline, revoked B h by deadline`,
  'how a wait ended is measured, and after how long: opens, changes and range locks': `
    export local
    session A 300s
    session B 300s
    session C 20s
    B opens f read denying write -> open
    A opens f write wait 60s -> waiting
    A.2 opens f@2 write wait 60s -> waiting
    A.3 truncates f wait 60s -> waiting
    tick 3s
    A.2 cancels f@2 -> cancelled
    B closes f -> closed
    measured -> open cancelled 3s, open granted 3s, change granted 3s
    A opens g read -> open
    B opens g read denying write -> open
    A reshares g write wait 60s -> read waiting write
    A.2 opens g read -> open
    A.2 reshares g write wait 60s -> read waiting write
    C opens g read -> open
    C reshares g write wait 60s -> read waiting write
    tick 1s
    A closes g -> closed
    measured -> open cancelled 1s
    tick 19s
    measured -> open session_expired 17s
    B closes g -> closed
    measured -> open granted 20s
    A locks h posix write 0-9 -> held write 0-9
    B locks h posix write 0-9 wait 60s -> waiting write 0-9
    B.2 locks h posix write 0-9 wait 5s -> waiting write 0-9
    tick 6s
    measured -> range wait_elapsed 5s
    A unlocks h posix 0-9 -> unlocked
    measured -> range granted 6s`,
  'a change that is over lets in an earlier request that waited for it only': `
    export local
    session A 300s
    session B 300s
    session C 300s
    A writes f -> active write
    B reads f wait 60s -> waiting read
    C truncates f wait 60s -> waiting
    tick 1s
    A releases f -> released
    told -> granted A f write, break f to none but C in 44s by change, released A f by acknowledged, changed C f truncate in turn, granted B f read in turn`,
  'an open that is granted less lets in an earlier request that waited for it only': `
    export local
    session A 300s
    session B 300s
    session C 300s
    A opens f write -> open
    B opens f write -> open
    C opens f read denying write wait 60s -> waiting
    A reshares f read denying write wait 60s -> write waiting read denying write
    B closes f -> closed
    told -> opened A f, opened B f, closed B f by holder, opened A f in turn, opened C f in turn`,
  'who was spared a place in the queue has one when it asks again, and nobody waits for it any more': `
    export local
    session A 300s
    session B 300s
    session C 300s
    session D 300s
    A opens f write -> open
    D opens f write -> open
    B opens f read -> open
    A opens f@2 read -> open
    C opens f read denying write wait 300s -> waiting
    A reshares f@2 read denying read wait 100s -> read waiting read denying read
    A cancels f@2 -> cancelled
    A closes f -> closed
    B closes f -> closed
    A reshares f@2 read denying read wait 100s -> read waiting read denying read
    D closes f -> closed
    C open f -> open`,
  'who is asking for a lease does not have it yet, and waits behind others like anybody': `
    export posix
    session A 300s
    session B 300s
    session D 300s
    D opens f read denying write -> open
    A reads f -> pending read
    B opens f write wait 60s -> waiting
    A opens f read denying write -> no queued
    fs has f read -> ok
    A has f -> active read`,
};
