/** Leases that were revoked all at once: revoked from that instant on, however late their rows are told (semantics.md §4). */
export const revoked: Record<string, string> = {
  'a lease whose revocation has not been told yet is revoked for everybody': `
    limits sessionLocksMax 1000
    export local
    session A 600s
    session B 600s
    session C 600s
    session D 600s
    D.x reads f -> active read
    C wants f read -> active read
    many A 500 reads f -> active read
    A.1 broken f none -> ok
    tick 44s
    outage 1s
    moment
    A.500 has f -> revoked
    A.500 checks f read -> no lease_revoked
    A.499 releases f -> no lease_revoked
    A.499 has f -> revoked
    A.498 writes f -> no lease_revoked
    A.497 forced f -> no no_such_lock
    A.496 broken f none -> no no_such_lock
    A.495 reads f anew -> active read
    C delegation f -> revoked
    C returns f -> no lease_revoked
    A.494 opens f write wait 60s -> waiting
    tick 1s
    A.495 has f -> breaking read to none
    A.495 releases f -> released
    A.494 open f -> open`,
  'a file with nothing but revoked leases is kept until the last of them is told': `
    limits sessionLocksMax 1000
    export local
    session A 600s
    many A 500 reads f -> active read
    told -> granted A f read x500
    A.1 broken f none -> ok
    tick 44s
    told -> break f to none in 1s by admin
    outage 1s
    moment
    A.500 has f -> revoked
    told -> revoked f all by deadline, revoked A f by deadline x128
    tick 1s
    told -> revoked A f by deadline x372
    A.500 has f -> revoked
    files -> 500`,
  'a session that ends, or is gone, takes leases with it whose revocation it has not heard of': `
    limits sessionLocksMax 1000
    export local
    session A 600s
    session B 600s
    session C 46s
    session D 600s
    B wants f read -> active read
    C wants f read -> active read
    many A 100 reads f -> active read
    D reads f -> active read
    A.1 broken f none -> ok
    tick 44s
    outage 1s
    moment
    B ends -> ended
    D ends -> ended
    tick 2s
    C is -> expired
    files -> 101`,
  'a session whose lease is being waited for ends with the wait': `
    export local
    session A 600s
    session B 600s
    session C 600s
    A reads f -> active read
    B reads f -> active read
    A writes f wait 60s -> active read waiting write
    C writes f wait 60s -> waiting write
    told -> granted A f read, granted B f read
    A ends -> ended
    told -> dropped A f by session_ended, released A f by session_ended, expired A by ended
    B releases f -> released
    C has f -> active write`,
  'a lease that is released while it waits for more gives up both': `
    export local
    session A 600s
    session B 600s
    A reads f -> active read
    B reads f -> active read
    A writes f wait 60s -> active read waiting write
    A releases f -> released
    A has f -> released
    B writes f -> active write`,
  'a lease that is revoked while it waits for more gives up both': `
    export local break 5s
    session A 600s
    session B 600s
    session C 600s
    A reads f -> active read
    B reads f -> active read
    A writes f wait 60s -> active read waiting write
    A forced f -> ok
    A has f -> revoked
    B writes f -> active write`,
  'a lease that was only asked for gives back nothing that others have': `
    export posix
    session A 600s
    session B 600s
    session C 600s
    A reads f -> pending read
    fs has f read
    B reads f -> active read
    A writes g -> pending write
    A releases g -> released
    fs has g write
    C wants h read -> pending read
    C forced h -> ok
    fs has h read
    C delegation h -> revoked
    A writes g anew -> pending write
    A forced g -> ok
    A has g -> revoked
    B writes g -> pending write`,
  'an export that is taken away ends what waits on it as well': `
    export local
    session A 600s
    session B 600s
    A reads f -> active read
    B reads f -> active read
    A writes f wait 60s -> active read waiting write
    told -> granted A f read, granted B f read
    hangup local 1s -> begun
    tick 1s
    told -> dropped A f by export_stopped, revoked A f by export_stopped, revoked B f by export_stopped
    tick 10s
    A has f -> revoked
    B has f -> revoked`,
  'only the lease of a session that has expired leaves a delay behind': `
    export local delay 10s
    session A 600s
    session B 600s
    session C 5s
    A reads f -> active read
    A forced f -> ok
    B writes f -> active write
    B releases f -> released
    C writes f -> active write
    tick 6s
    C is -> expired
    A reads f anew -> no lock_delay
    retry -> 9s
    tick 9s
    A reads f anew -> active read`,
  'without a delay nothing is held back after a session has expired, nor after a change': `
    export local
    session A 600s
    session C 5s
    C writes f -> active write
    tick 6s
    C is -> expired
    A writes f -> active write
    A releases f -> released
    A truncates f -> done
    A writes f anew -> active write`,
  'one of several holders that is revoked leaves no fence behind; the last one does': `
    export posix
    session A 600s
    session B 600s
    session C 600s
    A reads f -> pending read
    fs has f read c1
    B reads f -> active read
    A forced f -> ok
    A has f -> revoked
    C reads f -> active read
    B forced f -> ok
    C forced f -> ok
    C has f -> fencing
    A reads f anew -> no fencing
    fs has f none
    C has f -> revoked
    B has f -> revoked
    A reads f anew -> pending read`,
  'one of several holders that is revoked while they are reclaimed leaves no fence behind': `
    export posix
    session A 600s
    session B 600s
    session C 600s
    A reads f -> pending read
    fs has f read c1
    B reads f -> active read
    fs successor i2 -> ok
    A forced f -> ok
    A has f -> revoked
    C reads f -> pending read
    fs has f read c1 -> ok
    B has f -> active read
    C has f -> active read`,
  'a lease from before a restore that is revoked gets no new token, and is told once the fileserver has let go': `
    export posix
    session A 300s
    session W 300s
    A reads f -> pending read
    fs has f read -> ok
    lost
    fs reports f read -> 0 adopted
    W opens f write wait 60s -> waiting
    tick 45s
    A has f -> fencing
    told -> granted A f read in turn, break f to none but W in 0s by open, revoked f all by deadline
    fs has f none -> ok
    A has f -> revoked
    told -> opened W f in turn, revoked A f by deadline`,
};
