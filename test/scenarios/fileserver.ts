/** Holds at the fileserver, while holders, administrators and adapters come and go (semantics.md §2.3, §7). */
export const fileserver: Record<string, string> = {
  'every adapter that may still hold the file must be proven dead: the last one first': `
    export posix
    session A 300s
    session B 300s
    A writes f -> pending write
    fs has f write
    fs successor i2 -> ok
    fs reports f read -> 1 adopted
    A has f -> fencing
    fs successor i3 -> ok
    fs reports f read -> 1 adopted
    fs successor i4 -> ok
    A has f -> fencing
    fs dead i3 -> ok
    A has f -> fencing
    B writes f -> no fencing
    fs dead i2 -> ok
    A has f -> fencing
    B writes f -> no fencing
    fs dead i1 -> ok
    A has f -> revoked
    B writes f -> pending write`,
  'every adapter that may still hold the file must be proven dead: the first one first': `
    export posix
    session A 300s
    session B 300s
    A writes f -> pending write
    fs has f write
    fs successor i2 -> ok
    fs reports f read -> 1 adopted
    fs successor i3 -> ok
    fs reports f read -> 1 adopted
    fs successor i4 -> ok
    fs dead i1 -> ok
    A has f -> fencing
    B writes f -> no fencing
    fs dead i2 -> ok
    A has f -> fencing
    B writes f -> no fencing
    fs dead i3 -> ok
    A has f -> revoked
    B writes f -> pending write`,
  'every adapter that may still hold the file must be proven dead: the middle one first': `
    export posix
    session A 300s
    session B 300s
    A writes f -> pending write
    fs has f write
    fs successor i2 -> ok
    fs reports f read -> 1 adopted
    fs successor i3 -> ok
    fs reports f read -> 1 adopted
    fs successor i4 -> ok
    fs dead i2 -> ok
    fs dead i3 -> ok
    A has f -> fencing
    B writes f -> no fencing
    fs dead i1 -> ok
    A has f -> revoked
    B writes f -> pending write`,
  'nobody waits for the death of an adapter that had no hold on the file': `
    export posix
    session A 300s
    A writes f -> pending write
    fs has f write
    fs successor i2 -> ok
    fs successor i3 -> ok
    A has f -> fencing
    fs dead i1 -> ok
    A has f -> revoked`,
  'an administrator vouches for a file with respect to all earlier adapters': `
    export posix
    session A 300s
    session B 300s
    A writes f -> pending write
    fs has f write
    fs successor i2 -> ok
    fs reports f read -> 1 adopted
    fs successor i3 -> ok
    A forced f unfenced -> ok
    A has f -> revoked
    B writes f -> pending write
    fs has f write
    fs successor i4 -> ok
    B has f -> fencing
    fs dead i3 -> ok
    B has f -> revoked`,
  'an adapter that finds a file untouched takes it over from all earlier adapters': `
    export posix
    session A 300s
    session B 300s
    session C 300s
    A reads f -> pending read
    fs has f read c1
    fs successor i2 -> ok
    fs has f read c1 -> ok
    told -> granted A f read in turn, reclaimed f
    fs successor i3 -> ok
    fs has f read c1 -> ok
    told -> reclaimed f
    A releases f -> released
    fs has f none
    B writes f -> pending write
    fs has f write
    C opens f write wait 60s -> waiting
    tick 45s
    B has f -> fencing
    fs has f none
    B has f -> revoked
    C open f -> open`,
  'a released hold that was not confirmed may remain at the superseded adapter': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read
    A releases f -> released
    asks -> f none
    fs successor i2 -> ok
    B reads f -> no fencing
    B opens f write -> no fencing
    fs dead i1 -> ok
    B reads f -> pending read`,
  'a new lease is requested while the hold is being released': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read
    A releases f -> released
    asks -> f none
    B reads f -> pending read
    fs has f none
    asks -> f read
    fs has f read
    B has f -> active read`,
  'a read lease is requested while another is being reclaimed': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read c1
    fs successor i2 -> ok
    B reads f -> pending read
    fs has f read c1 -> ok
    A has f -> active read
    B has f -> active read`,
  'an adapter proven dead before its successor has reported fences nothing': `
    export posix
    session A 300s
    A writes f -> pending write
    fs has f write
    A writes g -> pending write
    fs has g write
    A releases g -> released
    fs registers i2 -> ok i1
    fs dead i1 -> ok
    A has f -> active write
    A opens g read -> no fencing
    fs reports nothing -> 0 adopted
    A has f -> revoked
    A writes g anew -> pending write
    asks -> g write`,
  'the holds of an adapter count until its successor has reported its own': `
    export posix
    session A 300s
    session B 300s
    A writes f -> pending write
    fs has f write
    fs registers i2 -> ok i1
    B opens f read -> no break_started
    A has f -> breaking write to read
    fs reports nothing -> 0 adopted
    A has f -> fencing`,
  'a lease granted by name survives a change of adapters': `
    stack posix
    put posix on posix policy local
    use posix by name
    session A 300s
    session B 300s
    A writes f -> active write
    B opens g read -> open
    fs successor i1 -> ok
    A releases f@2 -> no no_such_lease
    A has f -> active write
    B closes g -> closed
    A has f -> active write
    A acknowledges f read -> no break_over
    A has f -> active write`,
  'a lease that is released during its reclaim is not reclaimed, and the superseded adapter may still hold the file': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read c1
    fs successor i2 -> ok
    told -> granted A f read in turn
    A releases f -> released
    fs has f read c1 -> ok
    told -> released A f by holder
    asks -> f none
    fs has f none
    B opens f write -> no fencing
    fs dead i1 -> ok
    B opens f write -> open`,
  'a break whose deadline passes during a reclaim revokes the lease even if the file is untouched': `
    export posix break 2s
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read c1
    B opens f write wait 60s -> waiting
    fs successor i2 -> ok
    told -> granted A f read in turn, break f to none but B in 2s by open
    outage 2s
    fs has f read c1 -> ok
    told -> revoked f all by deadline
    A has f -> fencing`,
  'a pending lease is undone when its adapter stops before it was asked': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read
    A releases f -> released
    B reads f -> pending read
    fs stops -> posix
    records -> granted A read in turn, released A, jeopardy
    fs has f none
    told -> undone B f by no_backend
    B has f -> no no_such_lease`,
  'a successor is asked at once, whatever its predecessor answered': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read c1
    A reads g -> pending read
    fs has g read c1
    A writes g -> active read pending write
    fs silent g
    asks -> nothing
    fs successor i2 -> ok
    asks -> f read, g read`,
  'a break by a superseded adapter does not bind its successor': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read c1
    fs breaks f none 40s -> taken
    A has f -> breaking read to none
    fs successor i2 -> ok
    asks -> f read
    fs has f read c1 -> ok
    A has f -> breaking read to none
    A acknowledges f none
    asks -> f none
    fs has f none
    B reads f -> pending read
    fs has f read
    B has f -> active read
    asks -> nothing`,
  'a reclaim that comes after the release proves nothing': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read c1
    fs successor i2 -> ok
    A has f -> active read
    A releases f -> released
    B reads f -> no fencing
    fs has f read c1 -> ok
    B reads f -> no fencing
    fs has f none
    fs dead i1 -> ok
    B reads f -> pending read`,
  'a lease that could not be reclaimed ends when the superseded adapter is proven dead': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read uncookied
    fs successor i2 -> ok
    fs has f read uncookied -> ok
    A has f -> fencing
    fs dead i1 -> ok
    fs has f none
    A has f -> revoked`,
  'a cookie from before a release proves nothing': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read c1
    A releases f -> released
    fs has f none
    A reads f anew -> pending read
    fs has f read uncookied
    fs successor i2 -> ok
    fs has f read c1 -> ok
    A has f -> fencing`,
  'a successor must find the latest cookie': `
    export posix
    session A 300s
    session B 300s
    A writes f -> pending write
    fs has f write c1
    B opens f read wait 60s -> waiting
    A acknowledges f read -> active read
    fs has f read c2
    B open f -> open
    B closes f -> closed
    fs successor i2 -> ok
    fs has f read c2 -> ok
    A has f -> active read
    fs successor i3 -> ok
    fs has f read uncookied -> ok
    A has f -> fencing`,
  'an answer without a cookie keeps the previous one': `
    export posix
    session A 300s
    session B 300s
    A writes f -> pending write
    fs has f write c1
    B opens f read wait 60s -> waiting
    A acknowledges f read -> active read
    fs has f read uncookied
    B open f -> open
    fs successor i2 -> ok
    fs has f read c1 -> ok
    A has f -> active read`,
  'a successor that does not get the hold proves nothing: the lease is revoked': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read c1
    fs successor i2 -> ok
    told -> granted A f read in turn
    fs has f none c1 -> ok
    A has f -> fencing
    told -> revoked f all by fileserver_lost`,
  'an administrator vouches for a file: asks that are under way are abandoned': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    B reads f -> pending read
    A forced f unfenced -> ok
    told -> revoked A f by admin, undone B f by cancelled
    B has f -> no no_such_lease
    asks -> f none
    fs has f none -> no longer awaited
    B reads f anew -> pending read
    fs has f read -> ok
    B has f -> active read`,
  'an administrator vouches for a file: a break by the fileserver ends': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read
    fs breaks f none 40s -> taken
    A forced f unfenced -> ok
    asks -> f none
    B reads f -> pending read
    asks -> f read
    fs has f read -> ok
    B has f -> active read`,
  'an administrator vouches for a file while its adapter is silent: the hold is asked for again later': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read
    fs dies
    tick 6s
    A forced f unfenced -> ok
    A has f -> revoked
    asks -> nothing
    B reads f -> no no_backend
    fs beats i1
    B reads f -> pending read
    fs has f read -> ok
    B has f -> active read`,
  'an administrator vouches for one lease of several: the others are kept': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    B reads f -> pending read
    fs has f read
    A forced f unfenced -> ok
    asks -> f read
    B has f -> active read
    A has f -> revoked`,
  'an administrator vouches for a file without a fileserver: nobody is asked': `
    export local
    session A 300s
    A reads f -> active read
    A forced f unfenced -> ok
    A has f -> revoked
    asks -> nothing`,
  'a delegation that the fileserver refuses does not count as revoked': `
    limits revokedMax 1
    export posix
    session A 300s
    A wants f read -> pending read
    fs refuses f none
    A wants g read -> pending read
    fs refuses g none
    A wants h read -> pending read
    fs has h read
    A delegation h -> active read`,
  'an answer to an older ask is ignored': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read -> ok
    A writes f -> active read pending write
    fs silent f
    A has f -> active read
    tick 1s
    A writes f -> active read pending write
    fs has f write -> ok
    A has f -> active write`,
  'the answer of a superseded adapter does not count, and its successor is asked': `
    export posix
    session A 300s
    A reads f -> pending read
    fs refuses f none incarnation_superseded -> ok
    told -> undone A f by no_backend
    A reads f anew -> pending read`,
  'an answer that a break by the fileserver has overtaken does not end the break': `
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read
    A writes f -> active read pending write
    fs breaks f none 40s before -> taken
    A has f -> breaking read to none
    fs has f write -> ok
    asks -> nothing
    A has f -> breaking read to none
    B reads f -> no break_started
    A acknowledges f none -> released
    asks -> f none
    fs has f none
    B reads f -> pending read
    fs has f read
    B has f -> active read`,
  'intents that a break cancels are undone with its reason, however many others there are': `
    limits sessionLocksMax 1000
    export posix
    session A 300s
    session B 300s
    session C 300s
    A.1 allocates f -> allocated
    many B 900 reads f -> pending read
    C opens f write -> no fencing
    told -> undone B f by open_conflict x128
    A.1 reads f -> pending read
    told -> undone B f by open_conflict x254
    tick 1s
    told -> undone B f by open_conflict x518
    A.1 has f -> pending read
    fs has f read
    A.1 has f -> active read`,
  'a request whose fileserver does not answer is undone, and says so': `
    export posix
    session A 300s
    A reads f -> pending read
    told -> nothing
    fs silent f -> ok
    told -> undone A f by fileserver_timeout
    A reads g -> pending read
    fs refuses g none no_backend -> ok
    told -> undone A g by no_backend`,
};
