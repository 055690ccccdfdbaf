/** Holds at the fileserver: nobody is granted more than the hold, and only reports on the current hold count. */
export const holds = {
  'a reader is not granted while the fileserver is asked to reduce its hold': `
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
  'nobody is granted while a break by the fileserver is unanswered': `
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
  'a pending writer keeps readers out': `
    export posix
    session A 300s
    session B 300s
    A writes f -> pending write
    B reads f -> no lease_conflict
    blockers -> A write pending
    fs has f write -> ok
    A has f -> active write`,
  'only the latest token of a lease is valid, and only while the lease is held': `
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
  'messages of a superseded adapter are ignored': `
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
  'ranges merge and split at the border between the halves of a 64-bit offset': `
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
  'an adapter is asked for nothing until it has reported its holds': `
    export posix
    session A 300s
    fs dies -> ok
    fs registers i2 -> ok i1
    A reads f -> no no_backend
    asks -> nothing
    fs reports h read -> 1 adopted
    asks -> h none
    A reads f -> pending read`,
  'a reader waits for the fileserver’s answer to an upgrade that was given up': `
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
  'nobody is granted until the fileserver has been told that its break was answered': `
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
  'an allocated lease whose request fails remains allocated, and is forgotten at its deadline': `
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
  'a lease that was made for a failed request goes with it': `
    export posix
    session A 600s
    A reads f -> pending read
    fs silent f -> ok
    A has f -> no no_such_lease
    told -> undone A f by fileserver_timeout`,
  'a failed upgrade leaves the lease as it was': `
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
  'an unanswered ask is repeated after a second, and nobody is granted in between': `
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
  'a refusal carries the fileserver’s reason, or that the fileserver refused': `
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
  'leases stronger than a hold that comes back weaker are lost': `
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
  'a hold that the fileserver took back before its answer arrived counts only as what is left of it': `
    export posix
    session A 600s
    A writes f -> pending write
    fs lost f none -> taken
    fs has f write -> ok
    A has f -> no no_such_lease
    told -> undone A f by fileserver_refused
    asks -> nothing`,
  'the inode of a file is the one that the fileserver named last': `
    export posix
    session A 600s
    A reads f -> pending read
    A inode f -> fe:00:77
    fs has f read c1 fe:00:99 -> ok
    A inode f -> fe:00:99
    A writes f -> active read pending write
    fs has f write c1 -> ok
    A inode f -> fe:00:99`,
  'a hold that is less than was asked for, or more than is still wanted, is asked about again after a second': `
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
  'failed intents beyond the limit of one step are cleared in the next steps, for the same reason': `
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
  'intents beyond the limit of one step are granted in the next steps': `
    export posix
    session A 600s
    many A 70 reads f -> pending read
    fs has f read -> ok
    A.64 has f -> active read
    A.65 has f -> active read
    moment -> ok
    A.65 has f -> active read
    A.70 has f -> active read`,
  'a request that cannot be sent to the fileserver is undone at once when its adapter is lost': `
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
  'a pending lease fails when another adapter takes over': `
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
  'a successor revokes leases that it cannot prove untouched: read leases with another cookie, write leases always': `
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
  'a lease without a cookie cannot be proven untouched': `
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
  'a lease is proven untouched by its latest cookie': `
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
  'leases are lost when a successor does not get the hold': `
    export posix
    session A 600s
    A reads f -> pending read
    fs has f read c1 -> ok
    fs successor i2 -> ok
    told -> granted A f read in turn
    fs refuses f none -> ok
    told -> revoked f all by fileserver_lost
    A has f -> fencing`,
  'nobody is granted what a superseded adapter may still hold until that adapter is proven dead': `
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
  'a hold released before its adapter was superseded fences nothing': `
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
  'a file that two superseded adapters may hold waits until both are proven dead': `
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
  'a write lease of an adapter that stopped in order is revoked, and nobody waits for proof of its death': `
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
  'an administrator vouches that the fileserver holds nothing any more: the fence ends at once': `
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
  'a break by the fileserver that goes further undoes what is pending, one that is repeated does not': `
    export posix
    session A 300s
    session B 300s
    A writes f -> pending write
    fs has f write
    fs breaks f read 30s -> taken
    B reads f wait 5s -> waiting read
    A acknowledges f read -> active read
    asks -> f read
    B has f -> pending read
    told
    fs breaks f read 30s -> taken
    B has f -> pending read
    told -> nothing
    fs breaks f none 30s -> taken
    told -> break f to none in 30s by fileserver, undone B f by fileserver_refused
    B has f -> no no_such_lease`,
  'a hold that the fileserver has taken away needs no answer to its break': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read
    fs breaks f none 30s -> taken
    fs lost f none -> taken
    A has f -> revoked
    asks -> nothing`,
  'what a fileserver takes back is confirmed before anybody else is asked for': `
    export posix
    session A 300s
    session B 300s
    A writes f -> pending write
    fs has f write
    fs breaks f read 30s -> taken
    B reads f wait 5s -> waiting read
    A releases f
    asks -> f none
    fs has f none
    B has f -> pending read
    fs has f read
    B has f -> active read`,
  'an earlier adapter that an administrator vouched for is waited for no more, however many came since': `
    export posix
    session A 600s
    session B 600s
    A reads f -> pending read
    fs has f read c1
    B reads f -> active read
    fs successor i2 -> ok
    fs successor i3 -> ok
    A forced f unfenced -> ok
    fs has f read c1
    B has f -> active read
    fs successor i4 -> ok
    fs dead i3
    B releases f
    A writes f anew -> pending write`,
  'what nobody holds any more is given back before it is asked for again for others': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read
    B writes f wait 60s -> waiting write
    A releases f
    asks -> f none`,
  'what an open breaks as it is granted in its turn is undone at once': `
    export posix
    session A 300s
    session B 300s
    A opens f read wanting any -> open with pending read
    B opens f both denying both wait 60s -> waiting
    told -> opened A f
    A closes f
    told -> closed A f by holder, undone A f by open_conflict`,
};
