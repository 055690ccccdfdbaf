/** What the fileserver has for the cluster: nobody is granted more, and only what it says of the present hold counts. */
export const holds = {
  'a reader is not granted while the fileserver is asked for less': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read -> ok
    A releases f -> released
    asks -> f none
    B reads f -> pending read
    fs has f none -> ok
    B has f -> pending read
    asks -> f read
    fs has f read -> ok
    B has f -> active read`,
  'nobody is granted while a break of the fileserver is open': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read -> ok
    fs breaks f none 30s -> taken
    A has f -> breaking read to none
    B reads f -> no break_started
    A releases f -> released
    asks -> f none
    B reads f -> pending read
    B has f -> pending read
    fs has f none -> ok
    B has f -> pending read`,
  'a break of an older hold changes nothing': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read -> ok
    A releases f -> released
    fs has f none -> ok
    B reads f -> pending read
    fs breaks f none 30s before -> not taken
    fs has f read -> ok
    B has f -> active read`,
  'a writer who is pending keeps readers out': `
    export posix
    session A 300s
    session B 300s
    A writes f -> pending write
    B reads f -> no lease_conflict
    blockers -> A write pending
    fs has f write -> ok
    A has f -> active write`,
  'a token is valid while its lease is held, and only the last one minted': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read -> ok
    A checks f read -> valid
    A checks f write -> no token_old
    A writes f -> active read pending write
    fs has f write -> ok
    A checks f read before -> no token_old
    A checks f write -> valid
    A checks f write before -> valid
    A releases f -> released
    A checks f read -> no token_old`,
  'an adapter that was superseded is not heard': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read c1
    fs successor i2 -> ok
    fs has f read c1 -> ok
    A has f -> active read
    fs i1 breaks f none 30s -> no incarnation_superseded
    fs i1 lost f none -> no incarnation_superseded
    A has f -> active read`,
  'ranges that meet where the lower half of an offset ends become one, and part there': `
    export local
    session A 300s
    A locks f posix write 0-4294967295 -> held write 0-4294967295
    A locks f posix write 4294967296-8589934591
    ranges f -> A posix write 0-8589934591
    A unlocks f posix 4294967296-4294967296 -> unlocked
    ranges f -> A posix write 0-4294967295, A posix write 4294967297-8589934591
    A unlocks f posix 4294967295-4294967295 -> unlocked
    ranges f -> A posix write 0-4294967294, A posix write 4294967297-8589934591
    A locks f posix read 4294967295-4294967296
    ranges f -> A posix write 0-4294967294, A posix write 4294967297-8589934591, A posix read 4294967295-4294967296`,
  'an adapter is asked nothing until it has said what it holds': `
    export posix
    session A 300s
    fs dies -> ok
    fs registers i2 -> ok i1
    A reads f -> no no_backend
    asks -> nothing
    fs reports h read -> 1 adopted
    asks -> h none
    A reads f -> pending read`,
  'a reader waits for the answer while an upgrade that was given up is on its way': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read -> ok
    A writes f -> active read pending write
    A gives-up f -> ok
    B reads f -> pending read
    fs has f write -> ok
    B has f -> active read
    A has f -> active read
    asks -> f read`,
  'nobody is granted while the fileserver has not heard that its break was answered': `
    export posix
    session A 300s
    session B 300s
    A writes f -> pending write
    fs has f write -> ok
    fs breaks f read 30s -> taken
    A has f -> breaking write to read
    A acknowledges f read -> active read
    asks -> f read
    fs silent f -> ok
    B reads f -> pending read
    asks -> nothing
    tick 1s
    asks -> f read
    fs has f read -> ok
    B has f -> active read
    told -> granted A f write in turn, break f to read in 29s by fileserver, downgraded A f to read by acknowledged, granted B f read in turn`,
  'an allocated lease whose request comes to nothing is allocated as before, and forgotten when its time is over': `
    export posix
    session A 600s
    A allocates f -> allocated
    tick 50s
    A reads f -> pending read
    fs silent f -> ok
    A has f -> allocated
    tick 50s
    A has f -> allocated
    tick 11s
    A has f -> no no_such_lease
    told -> undone A f by fileserver_timeout`,
  'a lease that was made for a request that comes to nothing is gone with it': `
    export posix
    session A 600s
    A reads f -> pending read
    fs silent f -> ok
    A has f -> no no_such_lease
    told -> undone A f by fileserver_timeout`,
  'an upgrade that comes to nothing leaves what was held': `
    export posix
    session A 600s
    A reads f -> pending read
    fs has f read -> ok
    A writes f -> active read pending write
    fs refuses f read -> ok
    A has f -> active read
    told -> granted A f read in turn, undone A f by fileserver_refused
    A writes f -> active read pending write
    tick 3s
    A has f -> active read pending write
    fs has f write -> ok
    A has f -> active write`,
  'what the fileserver did not answer is asked again after a second, and nobody is granted meanwhile': `
    export posix
    session A 600s
    session B 600s
    A reads f -> pending read
    tick 5s
    told -> undone A f by fileserver_timeout
    asks -> f read
    B reads f -> pending read
    B has f -> pending read
    tick 999ms
    asks -> f read
    tick 1ms
    asks -> f read
    fs has f read -> ok
    B has f -> active read`,
  'a refusal says what the fileserver says, or that it refused': `
    export posix
    session A 600s
    A reads f -> pending read
    fs refuses f none fileserver_denied -> ok
    told -> undone A f by fileserver_denied
    A reads g -> pending read
    fs refuses g none -> ok
    told -> undone A g by fileserver_refused
    A reads h -> pending read
    fs has h none -> ok
    told -> undone A h by fileserver_refused
    A reads k -> pending read
    fs refuses k none incarnation_superseded -> ok
    told -> undone A k by no_backend
    tick 1s
    asks -> k none`,
  'a hold that comes back weaker than it was takes the leases above it': `
    export posix
    session A 600s
    session B 600s
    A writes f -> pending write
    fs has f write -> ok
    fs lost f read -> taken
    told -> granted A f write in turn, downgraded A f to read by fileserver
    A has f -> active read
    asks -> nothing
    B reads f -> active read
    fs lost f none -> taken
    told -> granted B f read, revoked f all by fileserver, revoked A f by fileserver, revoked B f by fileserver
    A has f -> revoked
    B has f -> revoked`,
  'a hold that the fileserver took back before its answer was heard counts for no more than is left': `
    export posix
    session A 600s
    A writes f -> pending write
    fs lost f none -> taken
    fs has f write -> ok
    A has f -> no no_such_lease
    told -> undone A f by fileserver_refused
    asks -> nothing`,
  'the inode of a file is the one that the fileserver says last': `
    export posix
    session A 600s
    A reads f -> pending read
    A inode f -> fe:00:77
    fs has f read c1 fe:00:99 -> ok
    A inode f -> fe:00:99
    A writes f -> active read pending write
    fs has f write c1 -> ok
    A inode f -> fe:00:99`,
  'an answer that is less than was asked for, or more than is left to want, is asked for again after a second': `
    export posix
    session A 600s
    session B 600s
    A reads f -> pending read
    fs has f read -> ok
    A.2 reads f -> active read
    A releases f -> released
    A.2 releases f -> released
    asks -> f none
    fs has f read -> ok
    asks -> nothing
    tick 999ms
    asks -> nothing
    tick 1ms
    asks -> f none
    fs has f none -> ok
    asks -> nothing`,
  'more intents than one step can tell come to nothing in the steps that follow, for the same reason': `
    limits sessionRowsMax 1000
    export posix
    session A 600s
    session B 600s
    many A 70 reads f -> pending read
    fs refuses f none fileserver_denied -> ok
    A.70 has f -> no no_such_lease
    B reads f -> pending read
    moment -> ok
    A.70 has f -> no no_such_lease
    told -> undone A f by fileserver_denied x70
    tick 1s
    fs has f read -> ok
    B has f -> active read`,
  'more intents than one step can grant are granted in the steps that follow': `
    export posix
    session A 600s
    many A 70 reads f -> pending read
    fs has f read -> ok
    A.64 has f -> active read
    A.65 has f -> active read
    moment -> ok
    A.65 has f -> active read
    A.70 has f -> active read`,
  'what cannot be asked for is undone at once when its adapter is lost': `
    limits lostMs 3000
    export posix
    session A 600s
    session B 600s
    A reads f -> pending read
    fs dies -> ok
    tick 3s
    A has f -> pending read
    told -> jeopardy posix by fileserver_lost
    B reads f -> no no_backend
    told -> nothing`,
  'a pending lease comes to nothing when another adapter takes over': `
    export posix
    session A 600s
    session B 600s
    A reads f -> pending read
    fs successor i2 -> ok
    told -> undone A f by no_backend
    A has f -> no no_such_lease
    fs dead i1 -> ok
    B reads f -> pending read
    fs has f read -> ok
    B has f -> active read`,
  'a lease that cannot be proven under a new adapter is revoked: read leases of another cookie, write leases always': `
    export posix
    session A 600s
    session B 600s
    session C 600s
    A reads f -> pending read
    fs has f read c1 -> ok
    B reads g -> pending read
    fs has g read c1 -> ok
    C writes h -> pending write
    fs has h write c1 -> ok
    told -> granted A f read in turn, granted B g read in turn, granted C h write in turn
    fs successor i2 -> ok
    told -> revoked h all by fileserver_lost
    C has h -> fencing
    asks -> f read, g read
    A checks f read -> valid
    fs has f read c1 -> ok
    fs has g read c2 -> ok
    told -> reclaimed f, revoked g all by fileserver_lost
    A has f -> active read
    B has g -> fencing
    A backed f -> yes`,
  'a lease without a cookie cannot be proven': `
    export posix
    session A 600s
    session B 600s
    A reads f -> pending read
    fs has f read uncookied -> ok
    B reads g -> pending read
    fs has g read c1 -> ok
    told -> granted A f read in turn, granted B g read in turn
    fs successor i2 -> ok
    fs has f read uncookied -> ok
    fs has g read uncookied -> ok
    told -> revoked f all by fileserver_lost, revoked g all by fileserver_lost
    A has f -> fencing
    B has g -> fencing`,
  'a lease is proven by the cookie that came last': `
    export posix
    session A 600s
    A writes f -> pending write
    fs has f write c1 -> ok
    A reads f -> active read
    fs has f read c2 -> ok
    fs successor i2 -> ok
    fs has f read c2 -> ok
    A has f -> active read
    A releases f -> released
    fs has f none -> ok
    A reads f anew -> pending read
    fs has f read uncookied -> ok
    fs successor i3 -> ok
    fs has f read c2 -> ok
    A has f -> fencing`,
  'a new adapter that does not get the hold has lost it': `
    export posix
    session A 600s
    A reads f -> pending read
    fs has f read c1 -> ok
    fs successor i2 -> ok
    told -> granted A f read in turn
    fs refuses f none -> ok
    told -> revoked f all by fileserver_lost
    A has f -> fencing`,
  'nobody is granted what a superseded adapter may still hold, until that is proven dead': `
    export posix
    session A 600s
    session B 600s
    A writes f -> pending write
    fs has f write -> ok
    told -> granted A f write in turn
    fs successor i2 -> ok
    A has f -> fencing
    told -> revoked f all by fileserver_lost
    B reads f -> no fencing
    asks -> nothing
    fs dead i1 -> ok
    A has f -> revoked
    B reads f -> pending read
    fs has f read -> ok
    B has f -> active read`,
  'what was let go of before the adapter was superseded is no fence': `
    export posix
    session A 600s
    session B 600s
    A writes f -> pending write
    fs has f write -> ok
    A releases f -> released
    fs has f none -> ok
    fs successor i2 -> ok
    B writes f -> pending write
    fs has f write -> ok
    B has f -> active write`,
  'two adapters that are not proven dead: both must be': `
    export posix
    session A 600s
    session B 600s
    A writes f -> pending write
    fs has f write -> ok
    fs successor i2 -> ok
    fs successor i3 -> ok
    B writes f -> no fencing
    fs dead i2 -> ok
    B writes f -> no fencing
    fs dead i1 -> ok
    B writes f -> pending write
    fs has f write -> ok
    B has f -> active write`,
  'a write lease of an adapter that has stopped in order is revoked, and nobody waits for proof': `
    export posix
    session A 600s
    session B 600s
    A writes f -> pending write
    fs has f write -> ok
    B reads g -> pending read
    fs has g read c1 -> ok
    told -> granted A f write in turn, granted B g read in turn
    fs stops -> posix
    told -> jeopardy posix by fileserver_stopped
    fs stopped -> posix
    told -> revoked f all by fileserver_stopped, revoked A f by fileserver_stopped
    A has f -> revoked
    B has g -> active read
    fs successor i2 -> ok
    A writes f anew -> pending write
    fs has f write -> ok
    fs has g read c1 -> ok
    A has f -> active write
    B has g -> active read
    told -> granted A f write in turn, reclaimed g`,
  'an administrator vouches for what the fileserver may still hold: it is told so, and nobody waits for it': `
    export posix
    session A 600s
    session B 600s
    A writes f -> pending write
    fs has f write -> ok
    told -> granted A f write in turn
    A forced f -> ok
    A has f -> fencing
    B reads f -> no fencing
    asks -> f none
    A forced f unfenced -> ok
    A has f -> revoked
    B reads f -> pending read
    asks -> f read
    fs has f read -> ok
    B has f -> active read
    told -> revoked A f by admin, granted B f read in turn`,
  'an administrator vouches for a file whose adapter is superseded': `
    export posix
    session A 600s
    session B 600s
    A writes f -> pending write
    fs has f write -> ok
    fs successor i2 -> ok
    A has f -> fencing
    B writes f -> no fencing
    A forced f unfenced -> ok
    B writes f -> pending write
    fs has f write -> ok
    B has f -> active write`,
  'an administrator vouches while the adapter is away': `
    export posix
    session A 600s
    session B 600s
    A writes f -> pending write
    fs has f write -> ok
    fs dies -> ok
    tick 6s
    A forced f -> ok
    A has f -> fencing
    asks -> nothing
    A forced f unfenced -> ok
    A has f -> revoked
    asks -> nothing
    fs successor i2 -> ok
    B writes f -> pending write
    fs has f write -> ok
    B has f -> active write`,
};
