/** What the cluster has at the fileserver, while holders, administrators and adapters come and go (semantics.md §2.3, §7). */
export const fileserver: Record<string, string> = {
  'every adapter that may still have the file must be proven dead, the last one first': `
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
  'every adapter that may still have the file must be proven dead, the first one first': `
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
  'every adapter that may still have the file must be proven dead, the one in the middle first': `
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
  'an adapter that had nothing of the file is not waited for': `
    export posix
    session A 300s
    A writes f -> pending write
    fs has f write
    fs successor i2 -> ok
    fs successor i3 -> ok
    A has f -> fencing
    fs dead i1 -> ok
    A has f -> revoked`,
  'an administrator who vouches for the file vouches for all adapters before': `
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
  'whoever finds the file untouched has taken it over from all adapters before': `
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
  'a hold that nobody has any more may still be that of the last adapter': `
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
  'while a hold is being given back, the next lease is asked for': `
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
  'while a read lease is being reclaimed others may ask for one': `
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
  'an adapter that is proven dead before its successor has spoken is not feared': `
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
  'the holds of an adapter stand until its successor has said what it has': `
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
  'what is granted by name is not the adapters to lose': `
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
  'a lease that is let go while it is reclaimed is not reclaimed, and the last adapter may still have the file': `
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
  'a break that is over when the file is found untouched has ended all the same': `
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
  'without an adapter nobody waits for an answer about a new lease': `
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
  'a new adapter is asked at once, however its predecessor answered': `
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
  'a break by the last adapter binds the next one no more': `
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
  'a reclaim that comes too late proves nothing for whoever has let go': `
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
  'what could not be reclaimed is forgotten with the adapter that would have known it': `
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
  'the identity of a file that was given back proves nothing about it': `
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
  'the identity that was told last is what a successor must find': `
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
  'a file that the fileserver could not look at keeps the identity that it had': `
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
  'a fileserver that does not give the file back to a successor has proven nothing': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read c1
    fs successor i2 -> ok
    told -> granted A f read in turn
    fs has f none c1 -> ok
    A has f -> fencing
    told -> revoked f all by fileserver_lost`,
  'an administrator who vouches gives up whatever the fileserver was about to do': `
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
  'a break by the fileserver is over when an administrator vouches for the file': `
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
  'a hold that an administrator has vouched for is asked for anew, though its adapter is silent then': `
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
  'an administrator vouches for one of several: the others keep what they have': `
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
  'a file without a fileserver has nobody to be told that an administrator vouches': `
    export local
    session A 300s
    A reads f -> active read
    A forced f unfenced -> ok
    A has f -> revoked
    asks -> nothing`,
  'a delegation that the fileserver does not back was never revoked': `
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
  'an answer to an older ask is not heard': `
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
  'a superseded adapter answers for nothing, and its successor is asked': `
    export posix
    session A 300s
    A reads f -> pending read
    fs refuses f none incarnation_superseded -> ok
    told -> undone A f by no_backend
    A reads f anew -> pending read`,
  'an answer that was on its way when the fileserver broke the lease does not end the break': `
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
  'intents that a break has voided are undone for its reason, however many are before them and after': `
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
};
