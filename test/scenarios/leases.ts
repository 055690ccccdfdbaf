/** Leases, breaks, sessions and the fileserver, as histories in which time is a verb. */
export const leases: Record<string, string> = {
  'names are listed by how they begin, character by character, whatever holds them': `
    export local
    session A 300s
    session B 300s
    A writes jobs/1 -> active write
    A reads job -> active read
    A reads jobs -> active read
    B locks jobs/2 posix write 0-9 -> held write 0-9
    B takes jobs/1 of 2 -> held
    B opens jobs/é/x read -> open
    B reads jobs/é -> active read
    A writes Jobs/1 -> active write
    A enq jobs/1 EX -> granted EX
    names jobs/ -> A lease jobs/1, B posix jobs/2, B permit jobs/1, B open jobs/é/x, B lease jobs/é, A dlm jobs/1
    names jobs/é -> B open jobs/é/x, B lease jobs/é
    names jobs/2 -> B posix jobs/2
    names jobs/22 -> nothing
    A leases jobs -> jobs/1, jobs
    A leases jobs/ -> jobs/1
    B leases jobs/ -> jobs/é
    A leases k -> nothing`,
  // --- grants and conflicts (semantics.md §3)
  'readers share, a writer is refused and breaks nobody': `
    export local
    session A
    session B
    A reads f -> active read
    B reads f -> active read
    B writes g -> active write
    A writes f -> no lease_conflict
    A reads g -> no lease_conflict
    blockers -> B write active
    B has g -> active write
    A has f -> active read`,
  'an upgrade needs to be alone; a downgrade lets others in': `
    export local
    session A
    session B
    A reads f -> active read
    A writes f -> active write
    B reads f -> no lease_conflict
    A reads f -> active read
    B reads f -> active read
    A writes f -> no lease_conflict
    B releases f -> released
    A writes f -> active write`,
  'one live lease per owner and file; owners of one session are strangers': `
    export local
    session A
    A reads f -> active read
    A reads f anew -> no owner_has_lease
    A.x reads f -> active read
    A.x writes f -> no lease_conflict`,
  'the same type again changes nothing': `
    export local
    session A
    A reads f -> active read
    records -> granted A read
    A reads f -> active read
    records -> nothing`,
  'an open for write refuses a read lease, also to its own owner': `
    export local
    session A
    A opens f write -> open
    A reads f -> no open_conflict
    A writes f -> active write
    A closes f -> closed
    A reads f -> active read`,
  'a write lease is refused while others have it open': `
    export local
    session A
    session B
    B opens f read -> open
    A writes f -> no open_conflict
    A reads f -> active read
    B closes f -> closed
    A writes f -> active write`,
  'a holder’s own open never breaks its lease': `
    export local
    session A
    A writes f -> active write
    A opens f both -> open
    A has f -> active write`,
  'a refusal names the blockers, and nobody else': `
    export local
    session A
    session B
    session C
    A opens f read -> open
    B opens f write -> open
    A reads f -> no open_conflict
    blockers -> B write open
    C writes f -> no open_conflict
    blockers -> A read open, B write open
    B closes f -> closed
    A reads f -> active read
    C reads f -> active read
    A writes f -> no lease_conflict
    blockers -> C read active`,
  // --- breaks (semantics.md §4)
  'a write open breaks readers; the last answer lets it in': `
    export local
    session A
    session B
    session W
    A reads f -> active read
    B reads f -> active read
    records -> granted A read, granted B read
    W opens f write wait 60s -> waiting
    records -> break to none
    A has f -> breaking read to none
    A releases f -> released
    W open f -> waiting
    B has f -> breaking read to none
    B acknowledges f none -> released
    W open f -> open
    records -> released A, released B, opened W in turn`,
  'an open that does not wait is refused, and the break it started continues': `
    export local
    session A 300s
    session W 300s
    A reads f -> active read
    W opens f write -> no break_started
    blockers -> A read breaking
    A has f -> breaking read to none
    tick 45s
    A has f -> revoked
    W opens f write -> open`,
  'a reader breaks a write lease to read': `
    export local
    session A
    session R
    A writes f -> active write
    R opens f read wait 60s -> waiting
    A has f -> breaking write to read
    A writes f -> no above_target
    A acknowledges f read -> active read
    R open f -> open
    R reads f -> active read`,
  'an acknowledgement below the target is accepted': `
    export local
    session A
    session R
    A writes f -> active write
    R opens f read wait 60s -> waiting
    A acknowledges f none -> released
    R open f -> open`,
  'an administrator sees which sessions have no connection, even after a lease API was killed': `
    session A 300s
    session B 300s
    A streams -> 0
    A streams 1 at one -> 1
    A streams 2 at two -> 3
    A streams 1 at two -> 2
    tick 14s
    B streams 1 at one -> 1
    tick 2s
    A streams -> 1
    A streams 1 at three -> 2
    A streams 0 at one -> 1
    A streams 0 at three -> 0
    A ends -> ended
    B streams -> 1
    tick 16s
    B streams -> 0`,
  'a repeated break does not notify again; an escalation does, with a fresh deadline': `
    export local break 10s
    session A
    session R
    session W
    A writes f -> active write
    records -> granted A write
    R opens f read -> no break_started
    R opens f read -> no break_started
    records -> break to read
    tick 6s
    A deadline f -> 4000
    W opens f write -> no break_started
    records -> break to none
    A deadline f -> 10000
    A has f -> breaking write to none
    A acknowledges f read -> no above_target`,
  'acknowledging an earlier break is too late': `
    export local
    session A
    session R
    A writes f -> active write
    R opens f read -> no break_started
    A acknowledges f read late -> no break_over
    A has f -> breaking write to read
    A acknowledges f read -> active read
    A acknowledges f read -> no break_over`,
  'a silent reader is revoked at the deadline, and its late answer is refused': `
    export local break 10s
    session A
    session W
    A reads f -> active read
    W opens f write wait 60s -> waiting
    tick 9s
    W open f -> waiting
    A has f -> breaking read to none
    A checks f read -> valid
    tick 1s
    W open f -> open
    A has f -> revoked
    A checks f read -> no token_old
    A acknowledges f none -> no lease_revoked
    A releases f -> no lease_revoked
    A reads f anew -> no open_conflict`,
  'a silent writer is downgraded to read at the deadline and keeps that': `
    export local break 10s
    session A
    session R
    A writes f -> active write
    R opens f read wait 60s -> waiting
    tick 10s
    A has f -> active read
    R open f -> open
    A checks f write -> no token_old
    A checks f read -> valid`,
  'the deadline of a break holds, whether or not anybody waits': `
    export local break 10s
    session A
    session W
    A reads f -> active read
    W opens f write -> no break_started
    tick 10s
    A reads g -> active read
    A has f -> revoked`,
  'no grants while a break to none runs or a breaker waits': `
    export local break 10s
    session A
    session B
    session W
    A reads f -> active read
    W opens f write -> no break_started
    B reads f -> no break_started
    W opens f write wait 60s -> waiting
    A releases f -> released
    W open f -> open`,
  'a breaker keeps its own lease; a second breaker ends that exemption': `
    export local break 10s
    session A
    session B
    session C
    A reads f -> active read
    B reads f -> active read
    C reads f -> active read
    A opens f write wait 60s -> waiting
    A has f -> active read
    B has f -> breaking read to none
    tick 4s
    C opens f write wait 60s -> waiting
    A has f -> breaking read to none
    A deadline f -> 10000
    B deadline f -> 6000
    C has f -> breaking read to none
    tick 6s
    B has f -> revoked
    C has f -> revoked
    A has f -> breaking read to none
    A open f -> open
    C open f -> waiting
    tick 4s
    A has f -> revoked
    C open f -> open`,
  'an exempt lease survives the revocation of the others; a later break revokes it': `
    export local break 10s
    session A
    session B
    session C
    A reads f -> active read
    B reads f -> active read
    A opens f write wait 60s -> waiting
    tick 10s
    B has f -> revoked
    A has f -> active read
    A open f -> open
    A closes f -> closed
    C reads f -> active read
    C opens f write wait 60s -> waiting
    A has f -> breaking read to none
    tick 10s
    A has f -> revoked
    C has f -> active read
    C open f -> open`,
  'break time 0 is never forced': `
    export local break 0s
    session A 3600s
    session W 3600s
    A reads f -> active read
    W opens f write wait 60s -> waiting
    A deadline f -> never
    tick 59s
    A has f -> breaking read to none
    W open f -> waiting
    tick 1s
    W open f -> no no_such_open
    A has f -> breaking read to none`,
  'a waiter gives up at its own deadline; the break goes on': `
    export local
    session A 300s
    session W 300s
    A reads f -> active read
    W opens f write wait 5s -> waiting
    tick 5s
    W open f -> no no_such_open
    A has f -> breaking read to none
    records -> granted A read, break to none, dropped W wait_elapsed`,
  'the queue of a file is bounded': `
    export local
    session A
    session W
    A reads f -> active read
    W.1 opens f write wait 60s -> waiting
    W.2 opens f write wait 60s -> waiting
    W.3 opens f write wait 60s -> waiting
    W.4 opens f write wait 60s -> no queue_full
    A releases f -> released
    W.1 open f -> open
    W.2 open f -> open
    W.3 open f -> open`,
  // --- breaks upon breaks
  'a lease is broken to read, and after the answer to none': `
    export local break 10s
    session A
    session R
    session W
    A writes f -> active write
    R opens f read wait 60s -> waiting
    A acknowledges f read -> active read
    R open f -> open
    tick 6s
    W opens f write wait 60s -> waiting
    A has f -> breaking read to none
    A deadline f -> 10000
    A acknowledges f none -> released
    W open f -> open
    records -> granted A write, break to read, downgraded A, opened R in turn, break to none, released A, opened W in turn`,
  'a lease that was broken, answered and granted again is broken by a new break': `
    export local
    session A
    session W
    A reads f -> active read
    W opens f write wait 60s -> waiting
    A acknowledges f none -> released
    W open f -> open
    W closes f -> closed
    A reads f anew -> active read
    A has f -> active read
    W opens f write wait 60s -> waiting
    A has f -> breaking read to none
    A acknowledges f none late -> no break_over
    A acknowledges f none -> released
    W open f -> open`,
  'two openers wait for the same acknowledgement': `
    export local
    session A
    session R
    session S
    A writes f -> active write
    R opens f read wait 60s -> waiting
    S opens f read wait 60s -> waiting
    records -> granted A write, break to read
    A acknowledges f read -> active read
    R open f -> open
    S open f -> open`,
  'a downgrade to read is not enough once a writer has escalated the break': `
    export local
    session A
    session R
    session W
    A writes f -> active write
    R opens f read wait 60s -> waiting
    W opens f write wait 60s -> waiting
    A has f -> breaking write to none
    A acknowledges f read late -> no break_over
    A acknowledges f read -> no above_target
    R open f -> waiting
    A acknowledges f none -> released
    R open f -> open
    W open f -> open`,
  'a lease downgraded before a writer comes is broken as a read lease': `
    export local
    session A
    session B
    session W
    A writes f -> active write
    A reads f -> active read
    B reads f -> active read
    W opens f write wait 60s -> waiting
    A has f -> breaking read to none
    B has f -> breaking read to none
    A writes f -> no above_target
    A releases f -> released
    B releases f -> released
    W open f -> open`,
  'a writer breaks a lease that a deadline has downgraded to read': `
    export local break 10s
    session A 300s
    session R 300s
    session W 300s
    A writes f -> active write
    R opens f read wait 60s -> waiting
    tick 10s
    A has f -> active read
    A acknowledges f read -> no break_over
    W opens f write wait 60s -> waiting
    A has f -> breaking read to none
    A deadline f -> 10000
    tick 10s
    A has f -> revoked
    W open f -> open`,
  'an escalation at the last moment gives a fresh deadline': `
    export local break 10s
    session A 300s
    session R 300s
    session W 300s
    A writes f -> active write
    R opens f read wait 60s -> waiting
    tick 9s
    W opens f write wait 60s -> waiting
    tick 9s
    A has f -> breaking write to none
    R open f -> waiting
    tick 1s
    A has f -> revoked
    R open f -> open
    W open f -> open`,
  'only its holder may answer for a lease': `
    export local
    session A
    session B
    session W
    A reads f -> active read
    B answers-for A f none -> no not_holder
    W opens f write wait 60s -> waiting
    W answers-for A f none -> no not_holder
    A has f -> breaking read to none`,
  'the version of a lease changes with its type, and with nothing else': `
    export local
    session A
    session R
    A reads f -> active read
    A version f -> 1
    A reads f -> active read
    A version f -> 1
    A writes f -> active write
    A version f -> 2
    R opens f read -> no break_started
    A version f -> 2
    A acknowledges f read -> active read
    A version f -> 3
    A releases f -> released
    A version f -> 3`,
  'breaks of several owners, sessions, files and types run side by side': `
    export local
    session A
    session B
    session R
    session W
    A.x reads f -> active read
    A.y reads f -> active read
    B reads f -> active read
    A.x writes g -> active write
    B writes h -> active write
    A.x writes f -> no lease_conflict
    W opens f write wait 60s -> waiting
    R opens g read wait 60s -> waiting
    A.x has f -> breaking read to none
    A.x has g -> breaking write to read
    B has h -> active write
    A.x releases f -> released
    A.x acknowledges g read -> active read
    R open g -> open
    A.y releases f -> released
    W open f -> waiting
    B releases f -> released
    W open f -> open
    A.x has g -> active read
    B has h -> active write`,
  'a holder with opens of its own answers another session’s open': `
    export local
    session A
    session R
    session W
    A opens f both -> open
    A writes f -> active write
    R opens f read wait 60s -> waiting
    A acknowledges f read -> active read
    R open f -> open
    A closes f -> closed
    A writes f -> no open_conflict
    R closes f -> closed
    A writes f -> active write
    W opens f write wait 60s -> waiting
    A releases f -> released
    A writes f anew -> no open_conflict
    W open f -> open`,
  // --- a session dies
  'a session dies while its lease is being broken: the waiter goes on': `
    export local delay 5s
    session A 10s
    session B
    session R 300s
    session W 300s
    A writes f -> active write
    R opens f read wait 60s -> waiting
    W opens f write wait 60s -> waiting
    tick 10s
    A is -> expired
    R open f -> open
    W open f -> open
    A acknowledges f none -> no session_expired
    B reads g -> active read
    W opens g write wait 60s -> waiting
    B ends -> ended
    W open g -> open`,
  'one of two sessions being broken dies, the other answers': `
    export local
    session A 10s
    session B 300s
    session W 300s
    A reads f -> active read
    B reads f -> active read
    W opens f write wait 60s -> waiting
    tick 10s
    W open f -> waiting
    B has f -> breaking read to none
    B releases f -> released
    W open f -> open`,
  'the breaker dies while it waits: another waiter goes on': `
    export local
    session A 300s
    session V 5s
    session W 300s
    A reads f -> active read
    V opens f write denying both wait 60s -> waiting
    W opens f write wait 60s -> waiting
    tick 5s
    V is -> expired
    A releases f -> released
    W open f -> open`,
  'a session dies while its lease is pending': `
    export posix
    session A 3s
    session B
    session W 300s
    A reads f -> pending read
    tick 3s
    A is -> expired
    fs has f read
    asks -> f none
    fs has f none
    W opens f write -> open
    W closes f -> closed
    B writes f -> pending write
    B ends -> ended
    W opens f write wait 60s -> waiting
    fs has f write
    asks -> f none
    fs has f none
    W open f -> open`,
  'a session dies while its upgrade is pending': `
    export posix
    session A 3s
    session W 300s
    A reads f -> pending read
    fs has f read
    A writes f -> active read pending write
    W opens f read wait 60s -> waiting
    tick 3s
    A is -> expired
    fs has f write
    W open f -> waiting
    asks -> f none
    fs has f none
    W open f -> open`,
  'a session dies while its revoked lease still fences the file': `
    export posix break 5s
    session A 8s
    session W 300s
    A writes f -> pending write
    fs has f write
    W opens f write wait 60s -> waiting
    tick 5s
    A has f -> fencing
    tick 3s
    A is -> expired
    W open f -> waiting
    asks -> f none
    fs has f none
    W open f -> open`,
  // --- pending and broken
  'a writer comes while a downgrade is on its way to the fileserver': `
    export posix
    session A
    session W
    A writes f -> pending write
    fs has f write
    A reads f -> active read
    asks -> f read
    W opens f write wait 60s -> waiting
    A has f -> breaking read to none
    fs has f read
    asks -> nothing
    A releases f -> released
    asks -> f none
    W open f -> waiting
    fs has f none
    W open f -> open`,
  'a reader comes while an upgrade is on its way to the fileserver': `
    export posix
    session A
    session R
    A reads f -> pending read
    fs has f read
    A writes f -> active read pending write
    R opens f read wait 60s -> waiting
    A has f -> active read
    records -> granted A read in turn, undone A open_conflict
    fs has f write
    asks -> f read
    R open f -> waiting
    fs has f read
    R open f -> open
    A has f -> active read`,
  // --- sessions (semantics.md §6)
  'an expired session loses its leases, and the waiters go on': `
    export local
    session A 10s
    session W 300s
    A reads f -> active read
    A reads g -> active read
    W opens f write wait 60s -> waiting
    tick 5s
    A lives
    tick 9s
    W open f -> waiting
    tick 1s
    W open f -> open
    A is -> expired
    A reads h anew -> no session_expired
    A has g -> no session_expired`,
  'an administrator ends a session: its leases are revoked, and the waiters go on': `
    export local delay 5s
    session A 60s
    session B 60s
    session C 60s
    A writes f -> active write
    A locks g posix write 0-9 -> held write 0-9
    B opens f read wait 60s -> waiting
    C locks g posix write 0-9 wait 60s -> waiting write 0-9
    A opens h read denying both -> open
    tick 3s
    A seen -> 3s ago
    A taken -> taken
    A is -> expired
    A seen -> 3s ago
    A lives -> no session_expired
    B open f -> open
    C lock g -> held write 0-9
    B reads f -> no lock_delay
    A taken -> taken
    records -> granted A write, break to read, opened A, revoked A, opened B in turn, locked C write in turn, closed A, expired A`,
  'ending a session releases at once': `
    export local delay 10s
    session A
    session W
    A writes f -> active write
    A opens g write -> open
    A ends -> ended
    W writes f -> active write
    W writes g -> active write`,
  'an expired session leaves a lock delay behind': `
    export local delay 10s
    session A 5s
    session W 300s
    A writes f -> active write
    tick 5s
    A is -> expired
    W writes f -> no lock_delay
    tick 10s
    W writes f -> active write`,
  'a session that dies while it waits leaves the queue': `
    export local
    session A 300s
    session W 5s
    A reads f -> active read
    W opens f write wait 60s -> waiting
    tick 5s
    records -> granted A read, break to none, dropped W session_expired, expired W
    A has f -> breaking read to none`,
  'an outage shortens no TTL and no deadline': `
    export local break 10s
    session A 10s
    session W 30s
    A reads f -> active read
    W opens f write wait 60s -> waiting
    tick 4s
    outage 1000s
    A has f -> breaking read to none
    A deadline f -> 6000
    A lives
    W open f -> waiting`,
  'an outage is credited once, however many reads come before the next write': `
    export local
    session A 10s
    A reads f -> active read
    tick 4s
    outage 1000s
    tree f -> A lease read active
    tree f -> A lease read active
    tick 5s
    A has f -> active read
    tick 2s
    A has f -> no session_expired`,
  'an allocated lease that is never set is forgotten': `
    export local
    session A 300s
    A allocates f -> allocated
    A has f -> allocated
    tick 60s
    A has f -> no no_such_lease`,
  // --- fences and admin
  'an administrator releases and breaks by force': `
    export local
    session A
    session B
    A writes f -> active write
    A broken f read -> ok
    A has f -> breaking write to read
    A acknowledges f read -> active read
    A forced f -> ok
    A has f -> revoked
    B writes f -> active write`,
  // --- the fileserver (semantics.md §2)
  'the fileserver is asked before a grant, and only once for many readers': `
    export posix
    session A
    session B
    A reads f -> pending read
    asks -> f read
    fs has f read -> ok
    A has f -> active read
    B reads f -> active read
    asks -> nothing
    records -> granted A read in turn, granted B read`,
  'a request that comes while the fileserver is asked waits for the same answer': `
    export posix
    session A
    session B
    A reads f -> pending read
    B reads f -> pending read
    asks -> f read
    fs has f read
    A has f -> active read
    B has f -> active read`,
  'a refusal leaves nothing behind': `
    export posix
    session A
    A reads f -> pending read
    fs refuses f none -> ok
    A has f -> no no_such_lease
    asks -> nothing
    records -> undone A fileserver_refused
    files -> 0`,
  'the fileserver does not answer: the intent is undone, and the hold is taken back later': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs silent f -> ok
    A has f -> no no_such_lease
    records -> undone A fileserver_timeout
    B opens f write -> no fencing
    tick 1s
    asks -> f none
    fs has f none
    B opens f write -> open`,
  'the sweeper repeats an ask whose node died': `
    export posix
    session A 300s
    A reads f -> pending read
    tick 5s
    A has f -> no no_such_lease
    tick 1s
    asks -> f none
    fs has f none -> ok
    A reads f anew -> pending read`,
  'an upgrade that the fileserver refuses keeps the read lease': `
    export posix
    session A
    A reads f -> pending read
    fs has f read
    A writes f -> active read pending write
    asks -> f write
    fs refuses f read
    A has f -> active read
    asks -> nothing`,
  'a release answers at once; the hold follows': `
    export posix
    session A
    session B
    A writes f -> pending write
    fs has f write
    A releases f -> released
    asks -> f none
    B opens f read -> no fencing
    B opens f read wait 60s -> waiting
    fs has f none
    B open f -> open`,
  'a conflicting open cancels a pending lease and waits until the hold is released': `
    export posix
    session A
    session W
    A reads f -> pending read
    W opens f write wait 60s -> waiting
    A has f -> no no_such_lease
    records -> undone A open_conflict
    fs has f read -> ok
    asks -> f none
    W open f -> waiting
    fs has f none
    W open f -> open`,
  'a break by the fileserver goes to the holders, and their answer back to the fileserver': `
    export posix
    session A
    session B
    A reads f -> pending read
    fs has f read
    B reads f -> active read
    records -> granted A read in turn, granted B read
    fs breaks f none 43s -> taken
    records -> break to none
    A deadline f -> 43000
    A releases f -> released
    asks -> nothing
    B acknowledges f none -> released
    asks -> f none
    fs has f none -> ok`,
  'a repeated break by the fileserver may shorten the deadline and never extends it': `
    export posix
    session A
    A reads f -> pending read
    fs has f read
    fs breaks f none 43s -> taken
    fs breaks f none 20s -> taken
    A deadline f -> 20000
    fs breaks f none 40s -> taken
    A deadline f -> 20000`,
  'a silent holder of a fileserver break is revoked before the fileserver forces it': `
    export posix
    session A
    A reads f -> pending read
    fs has f read
    fs breaks f none 4s -> taken
    tick 4s
    A has f -> fencing
    asks -> f none
    fs has f none
    A has f -> revoked`,
  'nobody is granted while a revoked lease is still held at the fileserver': `
    export posix break 10s
    session A 300s
    session B 300s
    session W 300s
    A writes f -> pending write
    fs has f write
    W opens f write -> no break_started
    tick 10s
    A has f -> fencing
    A checks f write -> no lease_revoked
    B writes f -> no fencing
    W opens f write wait 60s -> waiting
    asks -> f none
    fs has f none
    W open f -> open
    A has f -> revoked`,
  'a break by the fileserver cancels an ask that it overtakes': `
    export posix
    session A
    A reads f -> pending read
    fs breaks f none 43s -> taken
    A has f -> no no_such_lease
    records -> undone A fileserver_refused
    fs has f read -> ok
    asks -> f none
    fs has f none -> ok`,
  'a kernel reader breaks a write lease to read, then a kernel writer breaks it to none': `
    export posix
    session A
    A writes f -> pending write
    fs has f write
    fs breaks f read 43s -> taken
    A has f -> breaking write to read
    fs breaks f none 42s -> taken
    A has f -> breaking write to none
    A acknowledges f read -> no above_target
    A acknowledges f none -> released
    asks -> f none
    fs has f none -> ok`,
  'the fileserver forces a break: the holders are told': `
    export posix
    session A
    A reads f -> pending read
    fs has f read
    fs lost f none -> taken
    A has f -> revoked
    asks -> nothing`,
  'the fileserver forces a break while it is asked for an upgrade: the old holder has lost its lease': `
    export posix
    session A
    session B
    A reads f -> pending read
    fs has f read
    A writes f -> active read pending write
    fs lost f none before -> taken
    A has f -> fencing
    fs has f write -> ok
    asks -> f none
    fs has f none -> ok
    A has f -> revoked
    B reads f -> pending read`,
  'no adapter, no grant': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read
    fs dies
    tick 6s
    records -> granted A read in turn, jeopardy
    A has f -> active read
    A reads g -> no no_backend`,
  'a successor reclaims leases on files that are provably untouched': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read c1
    fs dies
    fs successor i2 -> ok
    asks -> f read
    A has f -> active read
    fs has f read c1 -> ok
    A has f -> active read
    records -> granted A read in turn, reclaimed
    fs beats i1 -> no incarnation_superseded
    fs beats i2 -> ok`,
  'an adapter stops in order: holders are told at once, and leases that cannot be proven are revoked without a wait': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read c1
    B writes g -> pending write
    fs has g write
    fs stops -> posix
    records -> granted A read in turn, granted B write in turn, jeopardy
    A has f -> active read
    B has g -> active write
    A reads h -> no no_backend
    fs beats i1 -> ok
    fs stopped -> posix
    tick 1s
    A has f -> active read
    B has g -> revoked
    fs beats i1 -> no incarnation_superseded
    fs successor i2 -> ok
    asks -> f read
    fs has f read c1 -> ok
    A has f -> active read
    A writes g -> pending write
    fs has g write -> ok
    A has g -> active write`,
  'an adapter stops in order: leases on files that its successor finds touched are gone at once': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read c1
    fs stops -> posix
    fs stopped -> posix
    tick 60s
    A has f -> active read
    fs successor i2 -> ok
    fs has f read c2 -> ok
    asks -> f none
    fs has f none -> ok
    A has f -> revoked
    B writes f -> pending write`,
  'requests under way at an adapter that stops are not granted': `
    export posix
    session A 300s
    A reads f -> pending read
    fs stops -> posix
    fs has f read -> ok
    A has f -> active read
    A reads g -> no no_backend
    fs stopped -> posix`,
  'a successor finds the file touched: the lease is revoked': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read c1
    fs dies
    fs successor i2 -> ok
    fs has f read c2 -> ok
    A has f -> fencing
    asks -> f none
    fs has f none -> ok
    A has f -> fencing
    fs dead i1 -> ok
    A has f -> revoked`,
  'a write lease cannot be proven untouched; it fences until the old adapter is dead': `
    export posix
    session A 300s
    session B 300s
    A writes f -> pending write
    fs has f write c1
    fs successor i2 -> ok
    A has f -> fencing
    B writes f -> no fencing
    fs dead i1 -> ok
    A has f -> revoked
    B writes f -> pending write
    fs has f write -> ok
    B has f -> active write`,
  'an administrator may release unfenced': `
    export posix
    session A 300s
    session B 300s
    A writes f -> pending write
    fs has f write c1
    fs successor i2 -> ok
    A has f -> fencing
    A forced f unfenced -> ok
    A has f -> revoked
    B writes f -> pending write`,
  'a hold without a row is released': `
    export posix
    fs reports f read -> 1 adopted
    asks -> f none
    fs has f none -> ok`,
  'break time beyond the limit of the fileserver is refused': `
    export posix break 60s limit 45s -> no break_time_too_long
    export posix break 0s limit 45s -> no break_time_too_long
    export posix break 45s limit 45s -> ok
    export posix break 0s limit 0s -> ok`,
  'a repeated upgrade asks the fileserver once': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read
    A writes f -> active read pending write
    told -> granted A f read in turn
    asks -> f write
    A writes f -> active read pending write
    told -> nothing
    A reads f -> active read
    told -> undone A f by cancelled`,
  'giving up a request that was already granted changes nothing, and nobody is told': `
    export local
    session A 300s
    A reads f -> active read
    told -> granted A f read
    A gives-up f
    A has f -> active read
    told -> nothing`,
  'a lease that only a waiting request blocks is refused with that request as blocker': `
    export local
    session A 300s
    session B 300s
    session C 300s
    A reads f -> active read
    B writes f wait 60s -> waiting write
    C reads f -> no queued`,
  'a request does not wait where nobody can grant the lease': `
    stack posix
    put posix on posix policy refuse
    use posix
    session A 300s
    A allocates f -> allocated
    A reads f wait 10s -> no no_backend
    A has f -> allocated`,
};
