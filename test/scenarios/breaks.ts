/** Overlapping breaks: a second one joins the first, and each holder is told once, in time, what to give up. */
export const breaks: Record<string, string> = {
  'a breaker’s own lease is spared until another request conflicts with it, and then has the whole break time': `
    export local
    session A 600s
    session B 600s
    session C 600s
    A reads f -> active read
    B reads f -> active read
    told -> granted A f read, granted B f read
    A opens f write wait 300s -> waiting
    told -> break f to none but A in 45s by open
    A has f -> active read
    B has f -> breaking read to none
    A.2 opens f write wait 300s -> waiting
    told -> break f to none for A in 45s by open
    A has f -> breaking read to none
    A.2 opens f@2 write wait 300s -> waiting
    told -> nothing
    A reads g -> active read
    tick 10s
    A deadline f -> 35000
    B deadline f -> 35000`,
  'a second breaker starts the break time of the first one’s lease; the deadline of the others does not move': `
    export local
    session A 600s
    session B 600s
    session C 600s
    A reads f -> active read
    B reads f -> active read
    A opens f write wait 300s -> waiting
    tick 10s
    C opens f write wait 300s -> waiting
    told -> granted A f read, granted B f read, break f to none but A in 35s by open, break f to none for A in 45s by open
    A deadline f -> 45000
    B deadline f -> 35000
    tick 34999ms
    B has f -> breaking read to none
    tick 1ms
    B has f -> revoked
    A has f -> breaking read to none
    A deadline f -> 10000
    told -> revoked f all but A by deadline, opened A f in turn, revoked B f by deadline
    C why f -> break_started, 0 ahead: A read breaking
    tick 9999ms
    A has f -> breaking read to none
    tick 1ms
    A has f -> revoked
    told -> revoked f all by deadline, opened C f in turn, revoked A f by deadline`,
  'a spared holder that answers within its own break time ends the break': `
    export local
    session A 600s
    session B 600s
    session C 600s
    A reads f -> active read
    B reads f -> active read
    A opens f write wait 300s -> waiting
    tick 10s
    C opens f write wait 300s -> waiting
    tick 36s
    B has f -> revoked
    A acknowledges f none -> released
    A open f -> open
    C open f -> open
    B reads f anew -> no open_conflict`,
  'the breaker’s own second request leaves it spared': `
    export local
    session A 600s
    session B 600s
    A reads f -> active read
    B reads f -> active read
    A opens f write wait 300s -> waiting
    A opens f@2 write wait 300s -> waiting
    told -> granted A f read, granted B f read, break f to none but A in 45s by open
    B acknowledges f none -> released
    A has f -> active read
    A open f -> open
    A open f@2 -> open`,
  'a breaker’s own lease that conflicts with nobody survives the deadline of the others': `
    export local
    session A 600s
    session B 600s
    session C 600s
    A reads f -> active read
    B reads f -> active read
    C reads f -> active read
    A opens f write wait 300s -> waiting
    told -> granted A f read, granted B f read, granted C f read, break f to none but A in 45s by open
    tick 45s
    told -> revoked f all but A by deadline, opened A f in turn, revoked B f by deadline, revoked C f by deadline
    A has f -> active read
    A checks f read -> valid
    B checks f read -> no token_old`,
  'a break of delegations spares leases to its end, the breaker’s own included': `
    export local
    limits coolMs 1000
    session A 600s
    session B 600s
    session C 600s
    B wants f read -> active read
    A reads f -> active read
    A opens f write wait 300s -> waiting
    told -> granted B f read, granted A f read, break f to none of delegations but A in 45s by open
    C unlinks f wait 300s -> waiting
    told -> nothing
    A has f -> active read
    B delegation f -> breaking read to none
    tick 45s
    told -> revoked f delegations by deadline, opened A f in turn, changed C f unlink in turn, revoked B f by deadline
    A has f -> active read
    B delegation f -> revoked`,
  'a breaker’s own delegation is spared until a change conflicts with it': `
    export local
    session A 600s
    session B 600s
    session C 600s
    A wants f read -> active read
    B wants f read -> active read
    A opens f write wait 300s -> waiting
    told -> granted A f read, granted B f read, break f to none of delegations but A in 45s by open
    tick 5s
    C unlinks f wait 300s -> waiting
    told -> break f to none of delegations for A in 45s by open
    A delegation f -> breaking read to none
    B returns f -> released
    A delegation f -> breaking read to none
    A returns f -> released
    A open f -> open
    C why f -> no no_such_wait`,
  'a break of leases that is escalated remains a break of leases': `
    export posix
    session A 600s
    session B 600s
    A wants f write -> pending write
    fs has f write -> ok
    fs breaks f read 30s -> taken
    told -> granted A f write in turn, break f to read in 30s by fileserver
    B unlinks f wait 60s -> waiting
    told -> break f to none but B in 30s by change
    A returns f -> released
    asks -> f none`,
  'a break of delegations that becomes one of leases asks the spared holders too': `
    export local
    session A 600s
    session B 600s
    session C 600s
    B wants f read -> active read
    C reads f -> active read
    A unlinks f wait 300s -> waiting
    tick 5s
    told -> granted B f read, granted C f read, break f to none of delegations but A in 40s by change
    C has f -> active read
    A opens f write wait 300s -> waiting
    told -> break f to none but A in 45s by open
    C has f -> breaking read to none
    B delegation f -> breaking read to none
    C acknowledges f none -> released
    B returns f -> released
    told -> released C f by acknowledged, released B f by acknowledged, changed A f unlink in turn, opened A f in turn`,
  'when the fileserver will force the break sooner, every holder is told, also one with its own deadline': `
    export posix
    session A 600s
    session B 600s
    session C 600s
    A reads f -> pending read
    fs has f read -> ok
    B reads f -> active read
    A opens f write wait 300s -> waiting
    C opens f write wait 300s -> waiting
    told -> granted A f read in turn, granted B f read, break f to none but A in 45s by open, break f to none for A in 45s by open
    fs breaks f none 31s -> taken
    told -> break f to none in 31s by open
    A deadline f -> 31000
    B deadline f -> 31000
    fs breaks f none 30600ms -> taken
    told -> nothing
    A deadline f -> 30600
    fs breaks f none 30s -> taken
    told -> break f to none in 30s by open
    fs breaks f none 40s -> taken
    told -> nothing
    A deadline f -> 30000`,
  'a break without a deadline takes the fileserver’s': `
    export posix break 0s limit 0s
    session A 600s
    session B 600s
    A writes f -> pending write
    fs has f write -> ok
    B opens f read wait 300s -> waiting
    A deadline f -> never
    told -> granted A f write in turn, break f to read but B never by open
    fs breaks f read 21s -> taken
    told -> break f to read but B in 21s by open
    A deadline f -> 21000`,
  'a break to read by the fileserver leaves readers their leases, the spared one included': `
    export posix
    session A 600s
    session B 600s
    A reads f -> pending read
    fs has f read -> ok
    B reads f -> active read
    A opens f write wait 300s -> waiting
    fs breaks f read 31s -> taken
    A has f -> active read
    B has f -> breaking read to none
    told -> granted A f read in turn, granted B f read, break f to none but A in 45s by open`,
  'a session that only waits for the fileserver’s answer does not survive a revocation': `
    export posix
    session A 600s
    session B 600s
    A reads f -> pending read
    fs has f read -> ok
    A writes f -> active read pending write
    A gives-up f -> ok
    B reads f -> pending read
    B opens f write wait 300s -> waiting
    told -> granted A f read in turn, undone A f by fileserver_timeout, break f to none but B in 45s by open, undone B f by open_conflict
    tick 44s
    A has f -> breaking read to none
    tick 1s
    told -> revoked f all by deadline
    A has f -> fencing
    fs has f none -> ok
    A has f -> revoked`,
  'revocations are told in bounded steps, each once; a second revocation tells the survivors of the first': `
    limits sessionLocksMax 1000
    export posix
    session A 600s
    session B 600s
    B reads f -> pending read
    fs has f read -> ok
    many A 140 reads f -> active read
    told -> granted B f read in turn, granted A f read x140
    B opens f write wait 300s -> waiting
    told -> break f to none but B in 45s by open
    tick 44s
    outage 1s
    moment -> ok
    told -> revoked f all but B by deadline, opened B f in turn, revoked A f by deadline x63
    fs lost f none -> taken
    told -> revoked A f by deadline x64, revoked f all by fileserver
    moment -> ok
    told -> revoked B f by fileserver, revoked A f by fileserver x13`,
  'how a break ended is measured, and after how long': `
    export local
    session A 300s
    session B 20s
    session C 20s
    session W 300s
    A reads f -> active read
    B reads f -> active read
    W opens f write wait 60s -> waiting
    tick 5s
    A releases f -> released
    measured -> nothing
    tick 2s
    B releases f -> released
    measured -> break answered 7s, open granted 7s
    A writes g -> active write
    W opens g read wait 60s -> waiting
    C reads h -> active read
    W reads h -> active read
    W opens h write wait 60s -> waiting
    tick 13s
    measured -> break expired 13s, open granted 13s
    tick 32s
    A has g -> active read
    measured -> break deadline 45s, open granted 45s
    A writes i -> active write
    W opens i write wait 60s -> waiting
    tick 45s
    measured -> break deadline 45s, open granted 45s`,
  'a lease that the break does not ask for does not decide how it ended': `
    export local
    session A 300s
    session W 300s
    A reads f -> active read
    W reads f -> active read
    W opens f write wait 60s -> waiting
    W forced f -> ok
    tick 2s
    A releases f -> released
    measured -> break answered 2s, open granted 2s`,
  'a break that goes further is measured as one, from its beginning': `
    export local
    session A 300s
    session B 300s
    session C 300s
    session W 300s
    A writes f -> active write
    B opens f read wait 60s -> waiting
    tick 5s
    W opens f write wait 60s -> waiting
    tick 5s
    A releases f -> released
    measured -> break answered 10s, open granted 10s, open granted 5s
    A wants g read -> active read
    B wants g read -> active read
    C reads g -> active read
    W renames g wait 60s -> waiting
    B forced g -> ok
    W opens g write wait 60s -> waiting
    tick 1s
    A returns g -> released
    C releases g -> released
    measured -> change granted 1s, break admin 1s, open granted 1s`,
  'a break of delegations that goes further stays one of delegations': `
    export local
    session A 300s
    session B 300s
    session C 300s
    A wants f write -> active write
    told -> granted A f write
    B opens f read wait 60s -> waiting
    told -> break f to read of delegations but B in 45s by open
    C opens f write wait 60s -> waiting
    told -> break f to none of delegations but C in 45s by open`,
  'a break by the fileserver asks for no more, and for no less, than was asked for before': `
    export posix
    session A 300s
    session W 300s
    A wants f write -> pending write
    fs has f write -> ok
    A wants g write -> pending write
    fs has g write -> ok
    W opens f read wait 60s -> waiting
    W opens g write wait 60s -> waiting
    told -> granted A f write in turn, granted A g write in turn, break f to read of delegations but W in 45s by open, break g to none of delegations but W in 45s by open
    fs breaks f read 30s -> taken
    told -> break f to read in 30s by fileserver
    fs breaks g read 30s -> taken
    told -> break g to none in 30s by fileserver`,
  'when the fileserver gives less time than a holder that was spared would have, that counts for it too': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read -> ok
    B reads f -> active read
    A opens f write wait 60s -> waiting
    told -> granted A f read in turn, granted B f read, break f to none but A in 45s by open
    fs breaks f none 10s -> taken
    told -> break f to none but A in 10s by open, break f to none for A in 10s by open
    A deadline f -> 10000
    tick 10s
    told -> revoked f all by deadline`,
  'holders are not told again of a deadline that moves by half a second': `
    export posix
    session A 300s
    session W 300s
    A reads f -> pending read
    fs has f read -> ok
    W opens f write wait 60s -> waiting
    told -> granted A f read in turn, break f to none but W in 45s by open
    fs breaks f none 44500ms -> taken
    told -> nothing
    A deadline f -> 44500
    fs breaks f none 43999ms -> taken
    told -> break f to none but W in 43.999s by open`,
  'who breaks the delegations of others keeps its own when their time is over': `
    export local
    session A 300s
    session B 300s
    A wants f read -> active read
    B wants f read -> active read
    told -> granted A f read, granted B f read
    A renames f wait 60s -> waiting
    told -> break f to none of delegations but A in 45s by change
    tick 45s
    told -> revoked f delegations but A by deadline, changed A f rename in turn, revoked B f by deadline
    A has f -> active read`,
  'a break ends what is only being asked for, and says why': `
    export posix
    session A 300s
    session W 300s
    A reads f -> pending read
    W opens f write wait 60s -> waiting
    told -> undone A f by open_conflict`,
};
