/**
 * Delegations (semantics.md §3; RFC 8881 §10.2, §10.4, §10.9, §18.16, §18.49): what comes with an open, and is
 * recalled by a break.
 */

const many = (n: number): string[] => Array.from({ length: n }, (_, i) => String(i));

export const delegations: Record<string, string> = {
  // --- granted
  'a delegation comes with an open that wants one': `
    export local
    session A
    A opens f read wanting read -> open with active read
    A opens g write wanting write -> open with active write
    A opens h read wanting any -> open with active read
    A opens i both wanting any -> open with active write
    A opens j read -> open
    A delegation j -> nothing
    records -> granted A read, opened A, granted A write, opened A, granted A read, opened A, granted A write, opened A, opened A`,
  'a delegation is granted without an open': `
    export local
    session A
    session B
    A wants f read -> active read
    B wants f read -> active read
    B wants g any -> active read
    A wants h write -> active write
    B wants h read -> none CONTENTION
    A wants i none -> none NOT_WANTED
    tree f -> A delegation read active, B delegation read active`,
  'a want of any delegation gets write for a lone writer, read beside readers, none beside writers': `
    export local
    session A
    session B
    session C
    B opens f read -> open
    A opens f both wanting any -> open with active read
    B closes f -> closed
    C opens g write -> open
    A opens g read wanting any -> open with none CONTENTION
    A opens g@2 both wanting any -> open with none CONTENTION`,
  'opens of the same session are no contention, those of another are': `
    export local
    session A
    session B
    A.x opens f write -> open
    A.y opens f read wanting read -> open with active read
    B opens g read -> open
    A opens g read wanting write -> open with none CONTENTION
    B closes g -> closed
    A wants g write -> active write`,
  'an open that denies reading denies a read delegation too': `
    export local
    session A
    session B
    A opens f read denying read -> open
    B wants f read -> none CONTENTION
    A wants f read -> active read`,
  'a want for more than the holder has upgrades it when it is alone; a want for less is not supported': `
    export local
    session A
    session B
    A wants f read -> active read
    B wants f read -> active read
    A wants f write -> none CONTENTION
    A delegation f -> active read
    B returns f -> released
    A wants f write -> active write
    A wants f read -> none NOT_SUPP_DOWNGRADE
    A wants f any -> active write
    A wants f write -> active write
    records -> granted A read, granted B read, released B, granted A write`,
  'a want for the type already held returns the same delegation': `
    export local
    session A
    A wants f read -> active read
    A opens f read wanting read -> open with active read
    A opens f@2 read wanting any -> open with active read
    A.x opens f read wanting read -> open with active read
    tree f -> A delegation read active, A open read, A open read, A.x open read`,
  'a repeated open with a want gets a delegation': `
    export local
    session A
    session B
    A opens f read -> open
    A reopens f read wanting read -> open with active read
    B opens g write -> open
    A opens g read -> open
    A reopens g both wanting any -> open with none CONTENTION`,
  'a session has either leases or a delegation on a file': `
    export local
    session A
    session B
    A reads f -> active read
    A wants f read -> none CONTENTION
    A.x reads f -> active read
    B wants f read -> active read
    B reads f -> no owner_has_lease
    B.x reads f -> no owner_has_lease
    A releases f -> released
    A.x releases f -> released
    A wants f read -> active read`,
  'a want that comes with a waiting open is decided when the open is granted': `
    export local
    session A
    session B
    A opens f both denying both -> open
    B opens f read wanting read wait 60s -> waiting
    A closes f -> closed
    B open f -> open with active read
    records -> opened A, closed A, granted B read, opened B in turn`,
  'the open succeeds although no delegation comes with it': `
    export local
    session A
    session B
    A opens f write -> open
    B opens f both wanting write signal -> open with none CONTENTION for now
    B open f -> open with none CONTENTION for now`,
  // --- recalled
  'a read delegation is recalled by an open for write': `
    export local
    session A
    session B
    A opens f read wanting read -> open with active read
    B opens f both wait 60s -> waiting
    A delegation f -> breaking read to none
    A deadline f -> 45000
    records -> granted A read, opened A, break to none of delegations
    A returns f -> released
    B open f -> open
    A returns f -> released`,
  'an open for reading does not recall a read delegation': `
    export local
    session A
    session B
    A wants f read -> active read
    B opens f read -> open
    B opens f@2 read denying write -> open
    A delegation f -> active read`,
  'a reader recalls a write delegation to read, a writer recalls it to none': `
    export local
    session A
    session B
    session C
    A opens f both wanting write -> open with active write
    B opens f read wait 60s -> waiting
    A delegation f -> breaking write to read
    A returns f read -> active read
    B open f -> open
    C opens f write wait 60s -> waiting
    A delegation f -> breaking read to none
    A returns f read -> no above_target
    A returns f -> released
    C open f -> open`,
  'a write delegation whose holder is silent is revoked, by a reader too, and the holder is told': `
    export local break 10s
    session A 300s
    session B 300s
    A opens f both wanting write -> open with active write
    A version f -> 1
    B opens f read wait 60s -> waiting
    A delegation f -> breaking write to read
    tick 10s
    records -> granted A write, opened A, break to read of delegations, revoked of delegations, opened B in turn, revoked A
    A delegation f -> revoked
    A version f -> 1
    A returns f -> no lease_revoked
    B open f -> open
    A frees f -> freed
    A frees f -> no no_such_lease`,
  'a silent holder of a write lease is left with a read lease, as on Linux': `
    export local break 10s
    session A 300s
    session B 300s
    A writes f -> active write
    B opens f read wait 60s -> waiting
    tick 10s
    A has f -> active read
    B open f -> open`,
  'revocations that the holder has freed do not count against it': `
    limits revokedMax 1
    export local break 10s
    session A 300s
    session B 300s
    A wants f write -> active write
    B opens f read wait 60s -> waiting
    A wants g write -> active write
    B opens g read wait 60s -> waiting
    tick 10s
    A wants h read -> none RESOURCE
    A frees f -> freed
    A wants h read -> active read`,
  'returning the whole delegation also answers a recall to read': `
    export local
    session A
    session B
    A wants f write -> active write
    B opens f read wait 60s -> waiting
    A returns f -> released
    B open f -> open`,
  'the delegation outlives the open it came with': `
    export local
    session A
    session B
    A opens f read wanting read -> open with active read
    A closes f -> closed
    A delegation f -> active read
    A opens f read -> open
    A locks f posix read 0-9 -> held read 0-9
    A closes f -> closed
    B opens f write -> no break_started
    A delegation f -> breaking read to none
    A returns f -> released
    B opens f write -> open`,
  'many delegations are recalled at once': `
    limits fileDelegationsMax 100
    export local
    session A
    session B
    session C
    session D
    session W
    A wants f read -> active read
    B wants f read -> active read
    C wants f read -> active read
    D wants f read -> active read
    records -> granted A read, granted B read, granted C read, granted D read
    W opens f write wait 60s -> waiting
    records -> break to none of delegations
    A returns f -> released
    B returns f -> released
    C returns f -> released
    W open f -> waiting
    D returns f -> released
    W open f -> open`,
  'requests of the holder and of its session recall nothing': `
    export local
    session A
    session B
    A wants f read -> active read
    A opens f write -> open
    A.x opens f both denying read -> open
    A truncates f -> done
    A unlinks f -> done
    A setattrs f -> done
    A delegation f -> active read
    A wants g write -> active write
    A.x opens g both -> open
    A.x renames g -> done
    A delegation g -> active write
    B opens g read -> no break_started
    A delegation g -> breaking write to read`,
  'the holder’s own write open does not recall its delegation, another session’s does': `
    export local
    session A
    session B
    A wants f read -> active read
    A opens f write -> open
    B wants f read -> none CONTENTION
    B opens f write wait 60s -> waiting
    A delegation f -> breaking read to none
    A returns f -> released
    B open f -> open`,
  'an open that another open denies recalls nothing': `
    export local
    session A
    session B
    A opens f read denying write wanting read -> open with active read
    B opens f write -> no share_denied
    A delegation f -> active read
    records -> granted A read, opened A`,
  'during a recall the holder claims the opens it has made under its delegation': `
    export local
    session A
    session W
    A wants f read -> active read
    W opens f write denying both wait 60s -> waiting
    A delegation f -> breaking read to none
    A opens f read -> open
    A.x opens f read -> open
    A returns f -> released
    W why f -> share_denied, 0 ahead: A read open, A.x read open
    A closes f -> closed
    A.x closes f -> closed
    W open f -> open`,
  'no delegation is offered during a recall, nor afterwards until the file has cooled down': `
    export local
    session A 300s
    session B 300s
    A wants f read -> active read
    B opens f write wait 60s -> waiting
    B wants f read -> none CONTENTION
    A returns f -> released
    B open f -> open
    B closes f -> closed
    A wants f read -> none CONTENTION
    tick 9s
    A wants f read -> none CONTENTION
    A opens f read wanting any -> open with none CONTENTION
    tick 1s
    A wants f read -> active read`,
  'the cool-down does not apply to leases: they are asked for, not offered': `
    export local
    session A
    session B
    A wants f read -> active read
    B opens f write wait 60s -> waiting
    A returns f -> released
    B closes f -> closed
    A reads f -> active read`,
  // --- revoked
  'a holder that does not answer the recall is revoked; the revoked delegation stays listed until it is freed': `
    export local break 10s
    session A 300s
    session B 300s
    A wants f read -> active read
    B opens f write wait 60s -> waiting
    A frees f -> no lease_held
    tick 10s
    B open f -> open
    A delegation f -> revoked
    A returns f -> no lease_revoked
    tick 200s
    A delegation f -> revoked
    B delegation f -> nothing
    A frees f -> freed
    A delegation f -> no no_such_lease
    A frees f -> no no_such_lease`,
  'a returned delegation is remembered for a while, and may be freed earlier': `
    export local
    session A 300s
    A wants f read -> active read
    A returns f -> released
    A delegation f -> released
    A frees f -> freed
    A delegation f -> no no_such_lease
    A wants g read -> active read
    A returns g -> released
    tick 60s
    A delegation g -> no no_such_lease`,
  'a session that was revoked too often is offered no more delegations, and is sent no signal of them': `
    export local break 5s
    session A 300s
    session W 300s
    A wants f read -> active read
    A wants g read -> active read
    W opens f write wait 60s -> waiting
    tick 5s
    A wants h read -> active read
    W opens g write wait 60s -> waiting
    tick 5s
    A delegation g -> revoked
    A wants i read signal -> none RESOURCE
    A delegation h -> active read
    A opens i read wanting any -> open with none RESOURCE
    W wants i read -> active read
    A reads j -> active read`,
  'an administrator revokes a delegation': `
    export local
    session A
    session B
    A wants f write -> active write
    A forced f -> ok
    A delegation f -> revoked
    B wants f write -> active write
    A frees f -> freed`,
  'a revoked delegation counts as a row of its session until it is freed': `
    limits sessionLocksMax 2
    export local break 5s
    session A 300s
    session B 300s
    A wants f read -> active read
    A wants g read -> active read
    A wants h read -> none RESOURCE
    B opens f write wait 60s -> waiting
    tick 5s
    A delegation f -> revoked
    A opens h read -> no session_locks_max
    A frees f -> freed
    A opens h read -> open`,
  'the holder expires during a recall': `
    export local
    session A 10s
    session W 300s
    A wants f read -> active read
    W opens f write wait 60s -> waiting
    tick 10s
    W open f -> open
    A is -> expired
    tree f -> W open write`,
  'the holder ends its session during a recall': `
    export local
    session A
    session W
    A wants f write -> active write
    A opens f write -> open
    W opens f write wait 60s -> waiting
    A ends -> ended
    W open f -> open`,
  'the session that caused a recall dies, and the recall continues': `
    export local
    session A 300s
    session W 5s
    A wants f read -> active read
    W opens f write wait 60s -> waiting
    tick 5s
    W is -> expired
    A delegation f -> breaking read to none
    A returns f -> released
    tree f -> nothing`,
  // --- why there is none, and what follows
  'every answer without a delegation says why': `
    limits fileDelegationsMax 1
    limits sessionDelegationsMax 2
    limits revokedMax 0
    export local break 10s
    session A 300s
    session B 300s
    session C 300s
    A wants f none -> none NOT_WANTED
    A wants f cancel -> none CANCELLED
    A opens f read wanting cancel -> open with none CANCELLED
    A wants f write -> active write
    A wants f read -> none NOT_SUPP_DOWNGRADE
    A wants g read -> active read
    A wants h read -> none RESOURCE
    B opens h read wanting read -> open with active read
    C opens h read wanting read -> open with none RESOURCE
    C opens i both -> open
    B opens i read wanting any -> open with none CONTENTION
    B opens g write wait 60s -> waiting
    C opens g read wanting read -> open with none CONTENTION
    C wants g read -> none CONTENTION
    tick 10s
    C wants g read -> none CONTENTION
    A returns f -> released
    A wants j read -> none RESOURCE
    A frees g -> freed
    A wants j read -> active read`,
  'a want that is over is not signalled': `
    export local
    session A
    session B
    B opens f write -> open
    A wants f read signal -> none CONTENTION for now
    A opens f read wanting cancel -> open with none CANCELLED
    A closes f -> closed
    records
    B closes f -> closed
    records -> closed B`,
  'WANT_NO_DELEG of an open leaves an earlier want': `
    export local
    session A
    session B
    B opens f write -> open
    A wants f read signal -> none CONTENTION for now
    A opens f read wanting none -> open
    A closes f -> closed
    records
    B closes f -> closed
    records -> closed B, available A read`,
  'a delegation that was refused is given once it may be granted, if that was asked for': `
    export local
    session A
    session B
    B opens f write -> open
    A wants f read signal push -> none CONTENTION and will be given
    A delegation f -> no no_such_lease
    records
    B closes f -> closed
    records -> closed B, granted A read, available A read given
    A delegation f -> active read
    B opens f write wait 60s -> waiting
    A delegation f -> breaking read to none
    A returns f -> released
    B open f -> open`,
  'delegations are given in the order in which they were asked for': `
    export local
    session A
    session B
    session C
    C opens f write -> open
    A opens f read wanting read push -> open with none CONTENTION and will be given
    B wants f read push -> none CONTENTION and will be given
    records
    C closes f -> closed
    records -> closed C, granted A read, available A read given, granted B read, available B read given
    tree f -> A open read, A delegation read active, B delegation read active`,
  'of two who want to write the first is given it, the other waits on': `
    export local
    session A
    session B
    session C
    C opens f write -> open
    A wants f write push -> none CONTENTION and will be given
    B wants f write push -> none CONTENTION and will be given
    records
    C closes f -> closed
    records -> closed C, granted A write, available A write given
    A returns f -> released
    records -> released A, granted B write, available B write given`,
  'a session that has reached a limit meanwhile is told instead of being given': `
    limits sessionDelegationsMax 1
    export local
    session A
    session B
    B opens f write -> open
    A wants f read push -> none CONTENTION and will be given
    A wants g read -> active read
    records
    B closes f -> closed
    records -> closed B, available A read
    A delegation f -> no no_such_lease`,
  'where a fileserver has to be asked, nothing is given': `
    export posix
    session A
    session B
    B opens f write -> open
    A wants f read push -> none CONTENTION
    A wants f read signal push -> none CONTENTION for now`,
  // --- when something runs short (CB_RECALL_ANY)
  'who holds many delegations is asked for some before its limit is reached, and then not for a while': [
    'limits sessionDelegationsMax 16\n limits exportDelegationsMax 1000',
    'export local\n session A 300s\n session B 300s',
    ...many(13).map((i) => `A wants f${i} read -> active read`),
    'records',
    'A wants g read -> active read',
    'records -> recallAny A but 6, short of session, granted A read',
    'A wants h read -> active read',
    'records -> granted A read',
    ...many(8).map((i) => `A returns f${i} -> released`),
    'tick 30s',
    'A wants i read -> active read',
    ...many(5).map((i) => `A wants j${i} read -> active read`),
    'records',
    'A wants k read -> active read',
    'records -> recallAny A but 6, short of session, granted A read',
  ].join('\n'),
  'who has few delegations is asked for none': `
    limits sessionDelegationsMax 8
    export local
    session A 300s
    ${many(8)
      .map((i) => `A wants f${i} read -> active read`)
      .join('\n')}
    records -> ${many(8)
      .map(() => 'granted A read')
      .join(', ')}
    A wants g read -> none RESOURCE
    records -> recallAny A but 4, short of session`,
  'an export that runs short asks all who hold many, in turn': [
    'limits exportDelegationsMax 19\n limits sessionDelegationsMax 100',
    'export local\n session A 300s\n session B 300s\n session C 300s',
    ...many(8).map((i) => `A wants f${i} read -> active read`),
    ...many(8).map((i) => `B wants g${i} read -> active read`),
    'records',
    'C wants h read -> active read',
    'records -> recallAny A but 4, short of export, recallAny B but 4, short of export, granted C read',
    'C wants i read -> active read',
    'records -> granted C read',
  ].join('\n'),
  'of many sessions with many delegations a few are asked at a time': [
    'limits exportDelegationsMax 156\n limits sessionDelegationsMax 100',
    'export local\n session X 300s\n session Y 300s',
    'Y opens k write -> open',
    ...many(17).flatMap((i) => [
      `session S${i} 300s`,
      ...many(8).map((n) => `S${i} wants f${i}-${n} read -> active read`),
    ]),
    'records',
    'X wants k read -> none CONTENTION',
    `records -> ${many(16)
      .map((i) => `recallAny S${i} but 4, short of export`)
      .join(', ')}`,
    'X wants g read -> active read',
    'records -> granted X read',
    'tick 1s',
    'X wants h read -> active read',
    'records -> recallAny S16 but 4, short of export, granted X read',
  ].join('\n'),
  'a subject and a tenant that run short ask their own sessions, and nobody else’s': [
    'limits sessionDelegationsMax 100\n limits exportDelegationsMax 100',
    'export local',
    'session A 300s of red/a may rows=16\n session B 300s of red/a may rows=16\n session C 300s of blue/c may rows=100',
    ...many(8).map((i) => `A wants f${i} read -> active read`),
    ...many(8).map((i) => `C wants g${i} read -> active read`),
    ...many(5).map((i) => `B opens h${i} read -> open`),
    'records',
    'B opens i read -> open',
    'records -> recallAny A but 4, short of subject, opened B',
  ].join('\n'),
  'a session that runs short of rows is asked, too': [
    'limits sessionLocksMax 20\n limits sessionDelegationsMax 100\n limits exportDelegationsMax 100',
    'export local\n session A 300s',
    ...many(8).map((i) => `A wants f${i} read -> active read`),
    ...many(9).map((i) => `A opens g${i} read -> open`),
    `records -> ${[...many(8).map(() => 'granted A read'), ...many(9).map(() => 'opened A')].join(', ')}`,
    'A opens h read -> open',
    'records -> recallAny A but 4, short of session, opened A',
  ].join('\n'),
  'for a subject that runs short, its sessions are looked through once a second': [
    'limits sessionDelegationsMax 100\n limits exportDelegationsMax 100',
    'export local\n session B 300s of red/a may rows=24\n session A 300s of red/a may rows=24',
    'session C 300s\n C opens x write denying both -> open',
    ...many(8).map((i) => `A wants f${i} read -> active read`),
    ...many(7).map((i) => `B wants g${i} read -> active read`),
    ...many(5).map((i) => `B opens h${i} read -> open`),
    'records',
    'B opens x read -> no share_denied',
    'records -> recallAny A but 4, short of subject',
    'B wants g read -> active read',
    'B opens i read -> open',
    'records -> granted B read, opened B',
    'tick 1s',
    'B opens j read -> open',
    'records -> recallAny B but 4, short of subject, opened B',
  ].join('\n'),
  'of a subject with many such sessions a few are asked at a time, also for requests that are refused': [
    'limits exportDelegationsMax 1000\n limits sessionDelegationsMax 100',
    'export local\n session X 300s of red/a may rows=156\n session Y 300s',
    'Y opens k write denying both -> open',
    ...many(17).flatMap((i) => [
      `session S${i} 300s of red/a may rows=156`,
      ...many(8).map((n) => `S${i} wants f${i}-${n} read -> active read`),
    ]),
    'records',
    'X opens k read -> no share_denied',
    `records -> ${many(16)
      .map((i) => `recallAny S${i} but 4, short of subject`)
      .join(', ')}`,
    'X opens k read -> no share_denied',
    'records -> nothing',
    'tick 1s',
    'X opens k read -> no share_denied',
    'records -> recallAny S16 but 4, short of subject',
  ].join('\n'),
  // --- times (RFC 9754)
  'the holder of a delegation with the times reports them, others do not': `
    export local
    session A 300s
    session B 300s
    A opens f both wanting write timed -> open with active write
    A wants g write -> active write
    tick 5s
    records
    B attributes f 7 100 times wait 5s -> asked
    records -> attributes A and times
    A tells B f 100 dated -2s -> told
    records -> answered B 7 size 100 at -2s
    B attributes g 7 100 times wait 5s -> asked
    records -> attributes A
    A tells B g 100 dated -2s -> told
    records -> answered B 7 size 100`,
  'no time from before the delegation is believed, nor one that is yet to come': `
    export local
    session A 300s
    session B 300s
    tick 60s
    A opens f both wanting write timed -> open with active write
    tick 5s
    records
    B attributes f 7 100 times wait 5s -> asked
    A tells B f 100 dated -6s -> told
    B attributes f 7 100 times wait 5s -> asked
    A tells B f 100 dated -5s -> told
    B attributes f 7 100 times wait 5s -> asked
    A tells B f 100 dated +1ms -> told
    records -> attributes A and times, answered B 7 size 100, attributes A and times, answered B 7 size 100 at -5s, attributes A and times, answered B 7 size 100 at its answer`,
  'an upgrade may ask for the times, a read delegation has none': `
    export local
    session A 300s
    session B 300s
    A wants f read timed -> active read
    A wants f write timed -> active write
    B attributes f 7 100 times wait 5s -> asked
    A wants g read -> active read
    A wants g write -> active write
    B attributes g 7 100 times wait 5s -> asked
    records -> granted A read, granted A write, attributes A and times, granted A read, granted A write, attributes A`,
  // --- limits and signals
  'the delegations of a file are limited; a session that wants a signal gets it when one has gone': `
    export local
    session A
    session B
    session C
    session D
    session E
    A wants f read -> active read
    B wants f read -> active read
    C wants f read -> active read
    D wants f read signal -> none RESOURCE for now
    E wants f read -> none RESOURCE
    records -> granted A read, granted B read, granted C read
    B returns f -> released
    records -> released B, available D read
    D wants f read -> active read`,
  'the delegations of a session are limited, and no signal tells it that there is room': `
    limits sessionDelegationsMax 2
    export local
    session A
    session B
    A wants f read -> active read
    A wants g read -> active read
    A wants h read signal -> none RESOURCE
    B wants h read -> active read
    A returns f -> released
    A wants h read -> active read`,
  'the delegations of an export are limited': `
    limits exportDelegationsMax 2
    export local
    session A
    session B
    session C
    A wants f read -> active read
    B wants g read -> active read
    C wants h read -> none RESOURCE
    A ends -> ended
    C wants h read -> active read`,
  'limits count delegations that the fileserver is being asked for': `
    limits fileDelegationsMax 2
    export posix
    session A
    session B
    session C
    A wants f read -> pending read
    B wants f read -> pending read
    C wants f read -> none RESOURCE
    fs has f read
    A delegation f -> active read
    B delegation f -> active read`,
  'a session that wants a signal gets it, once, when the writer has gone': `
    export local
    session A
    session B
    session W
    W opens f write -> open
    A wants f read signal -> none CONTENTION for now
    A wants f read signal -> none CONTENTION for now
    B opens f read wanting any signal -> open with none CONTENTION for now
    records -> opened W, opened B
    W closes f -> closed
    records -> closed W, available A read, available B read
    W opens f write -> open
    W closes f -> closed
    records -> opened W, closed W`,
  'a session that wants a write delegation gets a signal when it would be alone': `
    export local
    session A
    session B
    B opens f read -> open
    A wants f write signal -> none CONTENTION for now
    records -> opened B
    B closes f -> closed
    records -> closed B, available A write`,
  'a signal is sent after the cool-down, not before': `
    export local
    session A 300s
    session W 300s
    A wants f read -> active read
    W opens f write wait 60s -> waiting
    A returns f -> released
    W closes f -> closed
    A wants f read signal -> none CONTENTION for now
    records -> granted A read, break to none of delegations, released A, opened W in turn, closed W
    tick 9s
    records -> nothing
    tick 1s
    records -> available A read`,
  'a want ends when it is withdrawn, with a grant, or with its session': `
    export local
    session A
    session B
    session C 5s
    session W 300s
    W opens f write -> open
    A wants f read signal -> none CONTENTION for now
    B wants f read signal -> none CONTENTION for now
    C wants f read signal -> none CONTENTION for now
    A wants f none -> none CANCELLED
    A wants f none -> none NOT_WANTED
    tick 5s
    C is -> expired
    B ends -> ended
    records -> opened W, expired C, expired B
    W closes f -> closed
    records -> closed W`,
  // --- directories
  'directory delegations are granted where the export allows them': `
    export local directories
    session A
    session B
    A wants d read directory -> active read
    B wants d read directory -> active read
    A wants e write directory -> none WRITE_DELEG_NOT_SUPP_FTYPE
    A wants e any directory -> active read
    A enters d wait 60s -> waiting
    A delegation d -> active read
    B delegation d -> breaking read to none
    B returns d -> released
    A cancels d -> over
    A delegation d -> active read`,
  'directory delegations are refused where the export does not allow them': `
    export local
    session A
    A wants d read directory -> none IS_DIR
    A wants f read -> active read`,
  // --- beside leases
  'a change that breaks only delegations leaves leases alone': `
    export local
    session A
    session B
    session C
    A reads f -> active read
    B wants f read -> active read
    C links f wait 60s -> waiting
    A has f -> active read
    B delegation f -> breaking read to none
    B returns f -> released
    C cancels f -> over
    A has f -> active read`,
  'a silent delegation is revoked at the deadline, the lease beside it stays': `
    export local break 10s
    session A 300s
    session B 300s
    session C 300s
    A reads f -> active read
    B wants f read -> active read
    C unlinks f wait 60s -> waiting
    tick 10s
    C cancels f -> over
    B delegation f -> revoked
    A has f -> active read
    A checks f read -> valid
    A writes f -> active write`,
  'a writer that comes during a recall breaks the leases too': `
    export local break 10s
    session A 300s
    session B 300s
    session C 300s
    session W 300s
    A reads f -> active read
    B wants f read -> active read
    C renames f wait 60s -> waiting
    records -> granted A read, granted B read, break to none of delegations
    tick 4s
    W opens f write wait 60s -> waiting
    records -> break to none
    A has f -> breaking read to none
    A deadline f -> 10000
    B returns f -> released
    C cancels f -> over
    W open f -> waiting
    A acknowledges f none -> released
    W open f -> open`,
  'a recall that comes while a writer breaks everything joins that break': `
    export local
    session A
    session B
    session C
    session W
    A reads f -> active read
    B wants f read -> active read
    W opens f write wait 60s -> waiting
    C renames f wait 60s -> waiting
    records -> granted A read, granted B read, break to none
    B returns f -> released
    C cancels f -> over
    W open f -> waiting
    A acknowledges f none -> released
    W open f -> open`,
  'a recall that joins a break leaves the first breaker its own lease': `
    export local
    session A
    session B
    session C
    session W
    A reads f -> active read
    B wants f read -> active read
    W reads f -> active read
    W opens f write wait 60s -> waiting
    C links f wait 60s -> waiting
    W has f -> active read
    B returns f -> released
    A releases f -> released
    W open f -> open
    W has f -> active read
    C cancels f -> over`,
  'a delegation granted after a recall began is not part of that recall': `
    export local
    session A
    session B
    A wants f write -> active write
    B links f -> no break_started
    A returns f -> released
    B links f -> done
    B wants g read -> active read
    A links g -> no break_started
    A links g -> no break_started
    records -> granted A write, break to none of delegations, released A, changed B link, granted B read, break to none of delegations`,
  // --- with a fileserver
  'the fileserver is asked for the first delegation, not for the second': `
    export posix
    session A
    session B
    A opens f read wanting read -> open with pending read
    asks -> f read
    fs has f read
    A open f -> open with active read
    B opens f read wanting any -> open with active read
    asks -> nothing`,
  'when the fileserver refuses, the open stays without a delegation': `
    export posix
    session A
    A opens f read wanting read -> open with pending read
    fs refuses f none
    A open f -> open with none CONTENTION
    A delegation f -> no no_such_lease
    records -> opened A, undone A fileserver_refused`,
  'a rename or an unlink that the fileserver tells of breaks delegations, and leaves leases alone': `
    export posix
    session A
    session B
    A wants f read -> pending read
    fs has f read
    B reads f -> active read
    fs moves f -> taken
    A delegation f -> breaking read to none
    B has f -> active read
    fs moves f -> taken
    A returns f -> released
    B has f -> active read
    asks -> nothing`,
  'a recall cancels a delegation that the fileserver is being asked for': `
    export posix
    session A
    session W
    A wants f read -> pending read
    W opens f write wait 60s -> waiting
    A delegation f -> no no_such_lease
    fs has f read
    asks -> f none
    fs has f none
    W open f -> open`,
  'a recalled delegation is released at the fileserver before the writer goes on': `
    export posix
    session A
    session W
    A wants f write -> pending write
    fs has f write
    W opens f read wait 60s -> waiting
    A delegation f -> breaking write to read
    A returns f read -> active read
    W open f -> waiting
    asks -> f read
    fs has f read
    W open f -> open
    A delegation f -> active read`,
  'a reader comes while an upgrade is on its way to the fileserver': `
    export posix
    session A
    session R
    A wants f read -> pending read
    fs has f read
    A wants f write -> active read pending write
    R opens f read wait 60s -> waiting
    A delegation f -> active read
    fs has f write
    asks -> f read
    fs has f read
    R open f -> open
    A delegation f -> active read`,
  'after its holder expires, a new delegation is available only when the lock delay is over': `
    export local delay 10s
    session A 5s
    session B 300s
    A wants f write -> active write
    tick 5s
    B wants f read signal -> none CONTENTION for now
    tick 9s
    records -> granted A write, revoked A, expired A
    tick 1s
    records -> available B read
    B wants f read -> active read`,
  'a revoked delegation fences the file until the fileserver has released its hold': `
    export posix break 10s
    session A 300s
    session W 300s
    A wants f write -> pending write
    fs has f write
    W opens f write wait 60s -> waiting
    tick 10s
    A delegation f -> fencing
    A frees f -> freed
    W open f -> waiting
    asks -> f none
    fs has f none
    W open f -> open`,
  'a break by the fileserver recalls leases and delegations': `
    export posix
    session A
    session B
    A wants f read -> pending read
    fs has f read
    B reads f -> active read
    fs breaks f none 43s -> taken
    A delegation f -> breaking read to none
    B has f -> breaking read to none
    A returns f -> released
    B releases f -> released
    asks -> f none
    fs has f none -> ok`,
  'the holder’s own write open leaves its pending delegation alone': `
    export posix
    session A
    A wants f read -> pending read
    A opens f write -> open
    A delegation f -> pending read
    fs has f read
    A delegation f -> active read`,
  // --- attributes of a file that another client writes (CB_GETATTR)
  'attributes of a file that nobody writes come from the fileserver': `
    export local
    session A
    session B
    B attributes f 7 100 wait 5s -> none
    A wants f read -> active read
    A reads g -> active read
    B attributes f 7 100 wait 5s -> none
    B attributes g 7 100 wait 5s -> none
    A returns f -> released
    A wants f write -> active write
    A attributes f 7 100 wait 5s -> own
    records -> granted A read, granted A read, released A, granted A write`,
  'attributes under a write delegation: its holder is asked, and nothing is recalled': `
    export local
    session A
    session B
    A wants f write timed -> active write
    B attributes f 7 100 wait 5s -> asked
    B attributes f 7 100 times wait 5s -> asked
    records -> granted A write, attributes A, attributes A and times
    A tells B f 100 dated -0s -> told
    records -> answered B 7 size 100 at -0s
    A delegation f -> active write
    A tells B f 100 -> no ask_over`,
  'attributes under a write lease: its holder is asked, and nothing is broken': `
    export local
    session A
    session B
    A.x writes f -> active write
    B attributes f 7 100 wait 5s -> asked
    A tells B f 150 modified -> told
    records -> granted A write, attributes A, answered B 8 size 150 modified`,
  'attributes of a file that was changed: the change attribute grows with every answer, until the lease ends': `
    export local
    session A
    session B
    session C
    A wants f write -> active write
    B attributes f 7 100 wait 5s -> asked
    C attributes f 7 100 wait 5s -> asked
    A tells B f 200 modified -> told
    A tells C f 200 -> told
    B attributes f 7 200 wait 5s -> asked
    A tells B f 200 -> told
    # Some of it was written back, and the fileserver is ahead of what was told.
    B attributes f 30 200 wait 5s -> asked
    A tells B f 200 -> told
    C attributes f 12 200 wait 5s -> asked
    A tells C f 200 -> told
    records -> granted A write, attributes A, attributes A, answered B 8 size 200 modified, answered C 9 size 200 modified, attributes A, answered B 10 size 200 modified, attributes A, answered B 31 size 200 modified, attributes A, answered C 32 size 200 modified
    A returns f read -> active read
    A wants f write -> active write
    B attributes f 31 200 wait 5s -> asked
    A tells B f 200 -> told
    records -> downgraded A, granted A write, attributes A, answered B 31 size 200`,
  'attributes: a different size is a change, even if the holder denies one': `
    export local
    session A
    session B
    A wants f write -> active write
    B attributes f 4294967295 4294967296 wait 5s -> asked
    A tells B f 4294967297 -> told
    records -> granted A write, attributes A, answered B 4294967296 size 4294967297 modified
    B attributes f 18446744073709551615 4294967297 wait 5s -> asked
    A tells B f 4294967297 -> told
    records -> attributes A, answered B 0 size 4294967297 modified`,
  'attributes: a holder that refuses or does not answer in time is recalled': `
    export local break 45s
    session A 300s
    session B 300s
    A wants f write -> active write
    B attributes f 7 100 wait 5s -> asked
    A tells B f refused -> told
    records -> granted A write, attributes A, answered B refused
    B recalls f -> no break_started
    blockers -> A delegation write breaking
    A delegation f -> breaking write to read
    records -> break to read
    # While it is on its way back nobody is asked.
    B attributes f 7 100 wait 5s -> no break_started
    A returns f read -> active read
    B attributes f 7 100 wait 5s -> none
    A wants f write -> none CONTENTION
    tick 10s
    A wants f write -> active write
    B attributes f 7 100 wait 5s -> asked
    tick 5s
    A tells B f 100 -> no ask_over
    B recalls f -> no break_started
    B recalls f -> no break_started
    records -> downgraded A, granted A write, attributes A, break to read
    tick 45s
    A delegation f -> revoked`,
  'attributes: the client that asked is told when the lease ends or is downgraded instead': `
    export local break 10s
    session A 300s
    session B 300s
    session C 300s
    A wants f write -> active write
    B attributes f 7 100 wait 60s -> asked
    A returns f -> released
    B recalls f -> none
    A tells B f 100 -> no ask_over
    records -> granted A write, attributes A, answered B ended, released A
    A wants g write -> active write
    B attributes g 7 100 wait 60s -> asked
    C opens g write wait 60s -> waiting
    tick 10s
    records -> granted A write, attributes A, break to none of delegations, revoked of delegations, opened C in turn, answered B ended, revoked A
    A wants h write -> active write
    B attributes h 7 100 wait 60s -> asked
    A ends -> ended
    A tells B h 100 -> no session_expired`,
  'attributes: the holder dies while a query waits for it': `
    export local
    session A 10s
    session B 300s
    A wants f write -> active write
    B attributes f 7 100 wait 60s -> asked
    tick 11s
    records -> granted A write, attributes A, answered B ended, revoked A, expired A
    B attributes f 7 100 wait 60s -> none`,
  'attributes: a holder is asked only while its fileserver has granted the hold': `
    export posix break 10s
    session A 300s
    session B 300s
    A wants f write -> pending write
    B attributes f 7 100 wait 5s -> none
    fs has f write
    B attributes f 7 100 wait 5s -> asked
    B recalls f -> no break_started
    A returns f read -> active read
    asks -> f read
    B attributes f 7 100 wait 5s -> none
    fs has f read
    A delegation f -> active read
    A wants g write -> pending write
    fs has g write
    B attributes g 7 100 wait 60s -> asked
    fs breaks g none 8s -> taken
    B attributes g 7 100 wait 60s -> no break_started
    tick 8s
    A tells B g 100 -> no ask_over
    B recalls g -> none`,
  'attributes: only the holder may answer, and only a query that it was sent': `
    export local
    session A
    session B
    session C
    A wants f write -> active write
    C wants g write -> active write
    B attributes f 7 100 wait 5s -> asked
    C tells B f 100 -> no not_holder
    A tells C f 100 -> no no_such_lease
    A tells B f 100 -> told`,
  'attributes: queries are limited in number and expire': `
    export local
    session A 300s
    session B 300s
    A wants f write -> active write
    ${'B attributes f 7 100 wait 5s -> asked\n    '.repeat(16)}B attributes f 7 100 wait 5s -> no asks_max
    A tells B f 100 -> told
    B attributes f 7 100 wait 5s -> asked
    B attributes f 7 100 wait 5s -> no asks_max
    tick 5s
    B attributes f 7 100 wait 5s -> asked`,
  'attributes: in grace a query is refused where no holder is known: the writer may not have reclaimed yet': `
    limits graceMs 20000
    export local
    session A 300s
    session B 300s
    A wants f write -> active write
    lost
    B attributes g 7 100 wait 5s -> no grace
    B attributes f 7 100 wait 5s -> asked
    A tells B f 100 -> told`,
  'every session that was promised a signal gets one, however many there are': [
    'limits queueMax 40 fileDelegationsMax 40 coolMs 0',
    'export local',
    'session W 300s',
    'W writes f -> active write',
    ...many(20).map((i) => `session S${i} 300s`),
    ...many(20).map((i) => `S${i} wants f read signal -> none CONTENTION for now`),
    'records',
    'W releases f',
    `records -> released W, ${many(20)
      .map((i) => `available S${i} read`)
      .join(', ')}`,
  ].join('\n'),
  'wants that cannot be met yet do not hold up one that can': [
    'limits queueMax 40 coolMs 0',
    'export local',
    'session W 300s',
    'session R 300s',
    'W writes f -> active write',
    ...many(20).map((i) => `session S${i} 300s`),
    ...many(20).map((i) => `S${i} wants f write signal -> none CONTENTION for now`),
    'R wants f read signal -> none CONTENTION for now',
    'records',
    'W reads f -> active read',
    'records -> downgraded W, available R read',
  ].join('\n'),
  'a limit reached elsewhere in the meantime holds back no signal': `
    limits sessionDelegationsMax 1 coolMs 0
    export local
    session A 300s
    session B 300s
    session W 300s
    W writes f -> active write
    A wants f read signal -> none CONTENTION for now
    B wants f read signal -> none CONTENTION for now
    A wants g read -> active read
    records
    W releases f
    records -> released W, available A read, available B read
    A wants f read signal -> none RESOURCE`,
  'the holder of a read delegation gets a signal when it may upgrade to write': `
    export local
    session A 300s
    session B 300s
    A wants f read -> active read
    B wants f read -> active read
    A wants f write signal -> none CONTENTION for now
    records
    B returns f -> released
    records -> released B, available A write
    A wants f write -> active write`,
  'the return of a fileserver sends a signal, too': `
    export posix
    session A 300s
    fs dies
    tick 10s
    A wants f read signal -> none RESOURCE for now
    records
    fs successor i2
    tick 1s
    records -> available A read`,
  'pending delegations count toward the limit of a file, and a write delegation counts as one': `
    limits fileDelegationsMax 1
    export posix
    session A 300s
    session B 300s
    A wants f read -> pending read
    B wants f read -> none RESOURCE
    B wants f read signal -> none RESOURCE for now
    A wants f read -> pending read
    A wants f write -> none CONTENTION
    A wants f write signal -> none CONTENTION
    A wants g write -> pending write
    B wants g read -> none RESOURCE
    A wants g any -> pending write
    A wants g read -> none NOT_SUPP_DOWNGRADE
    fs has g write -> ok
    B wants g read -> none RESOURCE
    A wants g write -> active write`,
  'signals are promised only up to the queue limit, and only to sessions with room for a row': `
    limits queueMax 1 sessionLocksMax 2
    export local
    session A 300s
    session B 300s
    session C 300s
    session D 300s
    A writes f -> active write
    D reads g -> active read
    D.2 reads g -> active read
    D wants f read signal -> none CONTENTION
    B wants f read signal -> none CONTENTION for now
    C wants f read signal -> none CONTENTION
    B wants f write signal -> none CONTENTION for now
    told -> granted A f write, granted D g read x2
    A releases f -> released
    told -> released A f by holder, available B f write
    A writes f anew -> active write
    C wants f read signal -> none CONTENTION for now
    C wants f none -> none CANCELLED
    C wants f none -> none NOT_WANTED
    D.2 releases g -> released
    D wants f read signal -> none CONTENTION for now
    A releases f -> released
    told -> granted A f write, released D g by holder, released A f by holder, available D f read`,
  'no signal is promised while the limit of the export or of the session is reached': `
    limits exportDelegationsMax 2 sessionDelegationsMax 1
    export local
    session A 300s
    session B 300s
    session C 300s
    A wants f read -> active read
    A wants g read signal -> none RESOURCE
    B wants g read -> active read
    C wants h read signal -> none RESOURCE
    A returns f -> released
    C wants h read -> active read`,
  'a session with a lease on a file is offered neither a delegation there nor a signal': `
    export local
    session A 300s
    session B 300s
    A reads f -> active read
    A wants f read signal -> none CONTENTION
    A.2 writes g -> active write
    A wants g read signal -> none CONTENTION
    B wants f read -> active read
    B reads f -> no owner_has_lease
    B.2 reads f -> no owner_has_lease
    A opens f read -> open
    A opens h read wanting none -> open`,
  'no signal is promised to a subject that has all the rows it may have': `
    export local
    session A 300s of red/a may rows=1
    session B 300s
    B opens f write -> open
    A opens g read -> open
    A wants f read signal -> none CONTENTION
    subjects -> red a: 1 sessions, 1 rows, 0 waits
    A closes g -> closed
    A wants f read signal -> none CONTENTION for now
    subjects -> red a: 1 sessions, 1 rows, 0 waits`,
};
