/**
 * Courtesy (RFC 8881 §8.4.2.3): a client that is silent beyond its lease time keeps what it holds until somebody wants it.
 * Each scenario begins with a client A that is confirmed.
 */
const begin = `
    export local break 45s
    exchange A as a v1 10s courtesy 100s -> new
    A confirms -> confirmed
    A reclaimed-all -> grace is over
    session B 300s`;

export const courtesy: Record<string, string> = {
  'a client that comes back before anybody wants anything goes on with all that it holds': `${begin}
    A opens f read denying write -> open
    A locks f posix write 0-9 -> held write 0-9
    A wants g write -> active write
    A checks g write -> valid
    tick 50s
    A is -> courtesy
    A checks g write -> valid
    A lives -> ok
    A is -> live
    A missing -> 0
    A share f -> read denying write
    A has g -> active write
    A checks g write -> valid
    A unlocks f posix 0-9 -> unlocked
    tick 9s
    A is -> live
    A closes f -> closed`,
  'what its client asks for shows that it is there again; an administrator does not': `${begin}
    A opens f read -> open
    tick 15s
    A is -> courtesy
    A opens g read -> open
    A is -> live`,
  'the same client at another server comes back, and after a restart it loses everything when it is confirmed': `${begin}
    A opens f read denying write -> open
    tick 15s
    exchange A2 as a v1 10s courtesy 100s -> confirmed
    A is -> live
    tick 15s
    A is -> courtesy
    exchange C as a v2 10s -> new
    A is -> courtesy
    C confirms -> confirmed
    A is -> ended
    B opens f write -> open`,
  'another principal may use the owner of a client whose lease time is over': `${begin}
    A opens f read denying write -> open
    exchange C as a v1 by q 10s -> no client_in_use
    tick 15s
    A is -> courtesy
    exchange C as a v1 by q 10s -> new
    C confirms -> confirmed
    A is -> ended`,
  'an open takes the opens in its way, and nothing else': `${begin}
    A opens f read denying write -> open
    A opens g read denying write -> open
    tick 15s
    B opens f read -> open
    A missing -> 0
    B opens f write -> open
    A missing -> 1
    A lives -> ok
    A missing -> 1
    A share g -> read denying write
    A closes f -> no no_such_open
    A opens f read denying write -> no share_denied`,
  'an open takes a delegation at once, and its holder is told; the next token is larger': `${begin}
    A wants f write -> active write
    A checks f write -> valid
    tick 15s
    B opens f read -> open
    A checks f write before -> no token_old
    A missing -> 1
    A lives -> ok
    A has f -> revoked
    A frees f -> freed
    A missing -> 0
    B wants f read -> active read`,
  'a waiting request takes nothing that a living holder keeps from it': `${begin}
    A opens f read denying write -> open
    B opens f read denying write -> open
    session C 300s
    tick 15s
    C opens f write -> no share_denied
    C opens f write wait 60s -> waiting
    A missing -> 0
    A is -> courtesy
    B closes f -> closed
    C open f -> open
    A missing -> 1`,
  'who waits for what a client holds gets it when the lease time of the client is over': `${begin}
    A opens f read denying write -> open
    A wants g write -> active write
    A locks h posix write 0-9 -> held write 0-9
    B opens f write wait 60s -> waiting
    B.x opens g read wait 60s -> waiting
    B locks h posix write 0-9 wait 60s -> waiting write 0-9
    tick 10s
    B open f -> open
    B.x open g -> open
    B lock h -> held write 0-9
    A is -> courtesy
    A missing -> 2`,
  'a recall that began before the lease time was over takes the delegation then': `${begin}
    A wants f write -> active write
    B opens f read -> no break_started
    A has f -> breaking write to read
    tick 10s
    A is -> courtesy
    A has f -> revoked
    B opens f read -> open`,
  'a lock takes the locks in its way, with all under their stateid': `${begin}
    A opens f both -> open
    A locks f posix write 0-9 under A -> held write 0-9, seqid 1
    A locks f posix write 20-29 showing 1 -> held write 20-29, seqid 2
    tick 15s
    B locks f posix read 40-49 -> held read 40-49
    A missing -> 0
    B locks f posix write 5-6 -> held write 5-6
    ranges f -> B posix read 40-49, B posix write 5-6
    A missing -> 1
    A lives -> ok
    A stateid f -> no state_expired
    A unlocks f posix 20-29 showing 2 -> no state_expired
    A locks f posix write 60-69 showing 2 -> no state_expired
    A frees-stateid f -> freed
    A missing -> 0
    A stateid f -> no no_such_lock
    A locks f posix write 60-69 under A -> held write 60-69, seqid 1`,
  'an open that is taken takes the locks under it': `${begin}
    A opens f both denying both -> open
    A locks f posix write 0-9 under A -> held write 0-9, seqid 1
    tick 15s
    B opens f read -> open
    ranges f -> nothing
    A missing -> 2
    A lives -> ok
    A stateid f -> no state_expired
    A locks f posix write 0-9 under A -> no state_expired
    A frees-stateid f -> freed
    A missing -> 1`,
  'a lock that was granted after a wait is taken before its owner has come for it, and is over': `${begin}
    A opens f both -> open
    B locks f posix write 0-9 -> held write 0-9
    A locks f posix write 0-9 under A wait 9s claim 60s -> waiting write 0-9
    B unlocks f posix 0-9 -> unlocked
    tick 15s
    A is -> courtesy
    ranges f -> A posix write 0-9
    B locks f posix write 0-9 -> held write 0-9
    tick 60s
    ranges f -> B posix write 0-9
    A missing -> 1`,
  'a revoked lease that has not been told yet keeps nobody from what a silent client holds': `
    limits sessionLocksMax 2000
    export local
    session A 600s
    session B 600s
    many A 1000 reads f -> active read
    A.1 broken f none -> ok
    tick 44s
    outage 1s
    moment
    A.1000 has f -> revoked
    session K 2s courtesy 100s
    K reads f -> active read
    outage 2s
    moment
    K is -> courtesy
    A.999 has f -> revoked
    B writes f -> active write`,
  'a lease that is not granted yet, or never asked for, is not kept': `
    export posix
    session A 3s courtesy 100s
    A opens g read -> open
    A writes f -> pending write
    A allocates h -> allocated
    tick 3s
    A is -> courtesy
    A has f -> revoked
    A has h -> no no_such_lease
    A share g -> read`,
  'what a break takes makes way for all that wait': `${begin}
    session C 300s
    A wants f write -> active write
    B truncates f wait 60s -> waiting
    C reads f wait 60s -> waiting read
    tick 10s
    A is -> courtesy
    C has f -> active read`,
  'a change and a lease take, too': `${begin}
    A wants f read -> active read
    A opens g read -> open
    A wants h write -> active write
    tick 15s
    B unlinks f -> done
    A missing -> 1
    B writes g -> active write
    A missing -> 2
    B wants h read -> active read
    A missing -> 3`,
  'a lease waits for the lock delay since the holder was last there, an open does not': `
    export local break 45s delay 20s
    exchange A as a v1 10s courtesy 100s -> new
    A confirms -> confirmed
    A reclaimed-all -> grace is over
    session B 300s
    A wants f write -> active write
    tick 15s
    B writes f -> no lock_delay
    retry -> 15s
    A missing -> 1
    B opens f read -> open
    tick 15s
    B.x reads f -> active read`,
  'what it waits for ends with its lease time, and so does what is not of files': `${begin}
    B opens f read denying write -> open
    B writes g -> active write
    A opens h read -> open
    A opens f write wait 60s -> waiting
    A reads g wait 60s -> waiting read
    A takes s of 1 -> held
    B.y takes s of 1 wait 60s -> waiting
    tick 10s
    A is -> courtesy
    B.y permit s -> held
    B closes f -> closed
    B releases g -> released
    A lives -> ok
    A share f -> no no_such_open
    A share h -> read`,
  'a client that never comes back ends when its time is over': `${begin}
    A opens f read denying write -> open
    tick 109s
    A is -> courtesy
    tick 1s
    A is -> expired
    A lives -> no session_expired
    B opens f write -> open`,
  'a client that holds nothing, or that was never confirmed, expires': `
    export local
    exchange A as a v1 10s courtesy 100s -> new
    A confirms -> confirmed
    exchange B as b v1 10s courtesy 100s -> new
    tick 10s
    A is -> expired
    B is -> expired`,
  'of more silent clients than may be kept, the first ends': `
    export local
    exchange A as a v1 10s courtesy 100s -> new
    exchange B as b v1 11s courtesy 100s -> new
    exchange C as c v1 12s courtesy 100s -> new
    A confirms -> confirmed
    B confirms -> confirmed
    C confirms -> confirmed
    A reclaimed-all -> grace is over
    B reclaimed-all -> grace is over
    C reclaimed-all -> grace is over
    A opens f read -> open
    B opens f read -> open
    C opens f read -> open
    tick 11s
    A is -> courtesy
    B is -> courtesy
    tick 1s
    A is -> expired
    B is -> courtesy
    C is -> courtesy`,
  'where sessions are short, a silent client makes room': `
    limits sessionsMax 2
    export local
    exchange A as a v1 10s courtesy 100s -> new
    A confirms -> confirmed
    A reclaimed-all -> grace is over
    A opens f read denying write -> open
    session B 300s
    session C 300s -> no sessions_max
    tick 10s
    A is -> courtesy
    session C 300s -> ok
    A lives -> no session_expired
    tick 1s
    A is -> expired
    C opens f write -> open
    session D 300s -> no sessions_max`,
  'what an open of it waits for besides ends, and the open stays': `${begin}
    B opens f read denying write -> open
    A reopens f read -> read
    A reopens f write wait 60s -> read waiting both
    tick 10s
    A is -> courtesy
    B closes f -> closed
    A share f -> read
    A reopens f write -> both`,
  'a silent client makes room for others of its subject and its tenant': `
    export local
    session A 10s courtesy 100s of red/a may sessions=1 rows=2 together sessions=2 rows=3
    A opens f read denying write -> open
    A.x opens f read -> open
    session B 300s of red/a may sessions=1 rows=2 together sessions=2 rows=3 -> no subject_sessions_max
    tick 10s
    A is -> courtesy
    session B 300s of red/a may sessions=1 rows=2 together sessions=2 rows=3 -> ok
    B opens f write -> open
    A is -> expired
    session C 10s courtesy 100s of red/c may rows=9 together sessions=2 rows=3
    C opens g read -> open
    C opens h read -> open
    B opens k read -> no tenant_rows_max
    tick 10s
    C is -> courtesy
    B opens k read -> open
    tick 1s
    C is -> expired`,
  'a break that began while its holder was there takes from it when it falls silent, also where others are': `${begin}
    exchange X as x v1 5s courtesy 100s -> new
    X confirms -> confirmed
    X reclaimed-all -> grace is over
    X opens g read -> open
    A wants f read -> active read
    tick 6s
    X is -> courtesy
    B opens f write wait 60s -> waiting
    A has f -> breaking read to none
    tick 4s
    A is -> courtesy
    B open f -> open
    X missing -> 0`,
  'nothing is taken for a request that others are ahead of': `${begin}
    session H 300s
    session C 300s
    A opens f read denying write -> open
    H opens f read -> open
    tick 10s
    A is -> courtesy
    B opens f write denying read wait 60s -> waiting
    C opens f both wait 60s -> waiting
    A missing -> 0
    H closes f -> closed
    A missing -> 1
    B open f -> open
    C open f -> waiting`,
  'a silent client makes room only for its own subject or its own tenant': `
    limits courtesyMax 9
    export local
    session X 9s courtesy 100s of blue/x may sessions=9 together sessions=1
    X opens g read -> open
    session C 10s courtesy 100s of red/c may sessions=9 together sessions=3
    C opens f read -> open
    session A 10s courtesy 100s of red/a may sessions=1 together sessions=3
    A opens f read -> open
    tick 10s
    X is -> courtesy
    C is -> courtesy
    A is -> courtesy
    session B 300s of red/a may sessions=1 together sessions=3 -> ok
    A is -> expired
    C is -> courtesy
    session D 300s of red/d may sessions=9 together sessions=3 -> ok
    session E 300s of red/e may sessions=9 together sessions=3 -> ok
    C is -> expired
    X is -> courtesy`,
  'a delegation takes what is in its way, and one that is not wanted takes nothing': `${begin}
    A opens f write -> open
    A opens g read -> open
    tick 15s
    B wants f cancel
    B wants f none
    A missing -> 0
    B wants g read -> active read
    A missing -> 0
    B wants f read -> active read
    A missing -> 1`,
  'an administrator ends it, as any session': `${begin}
    A opens f read denying write -> open
    tick 15s
    A is -> courtesy
    A taken -> taken
    A is -> expired
    B opens f write -> open`,
  'a grace period does not wait for a silent client, which may come back and reclaim': `
    limits graceMs 50000
    export local
    exchange A as a v1 10s courtesy 100s -> new
    A confirms -> confirmed
    A reclaimed-all -> grace is over
    A opens f read denying write -> open
    session B 300s
    tick 10s
    A is -> courtesy
    lost
    grace -> 50000, sessions 1
    B reclaimed-all -> grace is over
    A lives -> ok
    A share f -> read denying write
    lost
    grace -> 50000, sessions 2
    tick 10s
    A is -> courtesy
    grace -> 40000, sessions 1
    A reopens f read denying write reclaiming -> read denying write
    A reclaimed-all -> grace 40000
    grace -> 40000, sessions 1
    B reclaimed-all -> grace is over`,
  'an outage does not count': `${begin}
    A opens f read -> open
    tick 50s
    A is -> courtesy
    outage 500s
    tick 50s
    A is -> courtesy
    A lives -> ok
    A share f -> read`,
  'the fileserver takes, too, and nobody is granted before it has let go': `
    export posix break 45s
    exchange A as a v1 10s courtesy 100s -> new
    A confirms -> confirmed
    A reclaimed-all -> grace is over
    session B 300s
    A wants f write -> pending write
    fs has f write
    A has f -> active write
    tick 15s
    fs breaks f none 30s -> taken
    A has f -> fencing
    A missing -> 1
    B writes f -> no fencing
    asks -> f none
    fs has f none
    A has f -> revoked
    B writes f -> pending write`,
  'a client that came back may end, and be silent again': `${begin}
    A opens f read denying write -> open
    tick 10s
    A is -> courtesy
    session C 3s
    A lives -> ok
    tick 10s
    A is -> courtesy
    A lives -> ok
    A ends -> ended
    B opens f write -> open`,
  'a client that was never confirmed has no time beyond its lease time': `
    export local
    exchange A as a v1 9500ms courtesy 100s -> new
    exchange B as b v1 9500ms courtesy 100s -> new
    exchange C as c v1 9500ms courtesy 100s -> new
    exchange D as d v1 9500ms courtesy 100s -> new
    exchange E as e v1 10s courtesy 100s -> new
    tick 9s
    outage 1s
    E confirms -> no session_expired`,
  'where no silent client may be kept, it ends with its lease time': `
    limits courtesyMax 0
    ${begin}
    A opens f read denying write -> open
    tick 10s
    A is -> expired
    B opens f write -> open`,
  'a silent client that the grace period began without may come back in it': `
    limits graceMs 50000
    ${begin}
    A opens f read -> open
    tick 10s
    A is -> courtesy
    lost
    grace -> 50000, sessions 1
    A lives -> ok
    A reclaimed-all -> grace 50000
    grace -> 50000, sessions 1
    tick 10s
    A is -> courtesy
    grace -> 40000, sessions 1`,
  'a silent client makes no room for another subject': `
    export local
    session A 10s courtesy 100s of red/a may rows=1
    session C 11s courtesy 100s of blue/c may sessions=2 rows=1
    session B 300s of blue/c may sessions=2 rows=1
    A opens f read -> open
    C opens g read -> open
    tick 10s
    A is -> courtesy
    B opens h read -> no subject_rows_max
    tick 1s
    C is -> courtesy
    B opens h read -> open
    A is -> courtesy
    C is -> expired`,
  'a lock takes nothing that a living holder keeps from it': `${begin}
    A locks f posix write 0-9 -> held write 0-9
    B locks f posix write 20-29 -> held write 20-29
    session C 300s
    tick 15s
    C locks f posix write 0-29 -> no range_conflict
    ranges f -> A posix write 0-9, B posix write 20-29`,
  'a lock that is taken leaves those of another class under no stateid of its own': `${begin}
    A opens f both -> open
    A locks f posix write 0-9 under A -> held write 0-9, seqid 1
    A locks f ofd write 20-29 -> held write 20-29
    tick 15s
    B locks f ofd write 20-29 -> held write 20-29
    ranges f -> A posix write 0-9, B ofd write 20-29
    A missing -> 0`,
  'what an open does not mind is not taken': `${begin}
    A wants f read -> active read
    tick 15s
    B opens f read -> open
    A has f -> active read
    A missing -> 0`,
  'a break takes what silent clients hold, and asks the living': `${begin}
    A reads f -> active read
    A opens f read denying write -> open
    B reads f -> active read
    session C 300s
    tick 15s
    records
    C opens f write -> no break_started
    told -> closed A f by session_expired, revoked A f by expired, break f to none but C in 45s by open
    A has f -> revoked
    B has f -> breaking read to none`,
  'a lease takes nothing where a living holder has one': `${begin}
    A reads f -> active read
    B reads f -> active read
    session C 300s
    tick 15s
    C writes f -> no lease_conflict
    A has f -> active read
    B has f -> active read`,
  'an upgrade takes the leases of silent clients': `${begin}
    A reads f -> active read
    B reads f -> active read
    A wants g read -> active read
    B wants g read -> active read
    tick 15s
    B writes f -> active write
    A has f -> revoked
    B wants g write -> active write
    A missing -> 1`,
  'whoever waits for the end of a break has it when the last holder is silent': `${begin}
    session C 300s
    A wants f write -> active write
    B opens f read -> no break_started
    C reads f wait 60s -> waiting read
    tick 10s
    A is -> courtesy
    A has f -> revoked
    C has f -> active read`,
  'the break of a client that fell silent goes on, and it keeps its own lease': `${begin}
    A reads f -> active read
    B reads f -> active read
    A opens f write wait 60s -> waiting
    B has f -> breaking read to none
    tick 10s
    A is -> courtesy
    A has f -> active read
    B has f -> breaking read to none`,
  'a lease that a delegation of its own session refuses takes nothing': `${begin}
    A wants f read -> active read
    B wants f read -> active read
    tick 15s
    B writes f -> no owner_has_lease
    A missing -> 0`,
  'a silent client keeps what it holds beyond the death of its server, unless it is bound to a node that dies': `
    export local
    region r dead 20s
    node n in r
    beat n i1 -> up
    exchange A as a v1 10s courtesy 100s on n -> new
    A confirms -> confirmed
    A reclaimed-all -> grace is over
    exchange C as c v1 10s courtesy 100s on elsewhere -> new
    C confirms -> confirmed
    C reclaimed-all -> grace is over
    A opens f read denying write -> open
    A wants g write -> active write
    C opens k read denying write -> open
    session B 300s
    tick 15s
    A is -> courtesy
    C is -> courtesy
    item nodes n -> up, 1 sessions
    B opens h read -> open
    A share f -> read denying write
    tick 5s
    A is -> expired
    A lives -> no session_expired
    B opens f write -> open
    B opens g read -> open
    item nodes n -> down, 0 sessions
    C is -> courtesy
    exchange D as c v1 10s courtesy 100s on another -> confirmed
    C is -> live
    C share k -> read denying write
    B opens k write -> no share_denied`,
  'a silent client whose node restarts loses what it holds, as on its death': `
    export local
    region r dead 60s
    node n in r
    beat n i1 -> up
    exchange A as a v1 10s courtesy 100s on n -> new
    A confirms -> confirmed
    A reclaimed-all -> grace is over
    A opens f read denying write -> open
    session B 300s
    tick 15s
    A is -> courtesy
    beat n i2 -> recovering, lost 1
    tick 1s
    A is -> expired
    B opens f write -> open`,
  'in a grace period only reclaims take from silent clients, and afterwards what is wanted': `
    limits graceMs 30000
    export local
    exchange A as a v1 10s courtesy 100s -> new
    A confirms -> confirmed
    A reclaimed-all -> grace is over
    A opens f read denying write -> open
    A wants g write -> active write
    A locks h posix write 0-9 -> held write 0-9
    A opens k read denying write -> open
    session B 300s
    tick 15s
    A is -> courtesy
    lost
    B opens f write -> no grace
    B opens f write reclaiming -> open
    A is -> courtesy
    A missing -> 1
    B reclaimed-all -> grace is over
    B opens g read -> open
    B locks h posix write 0-9 -> held write 0-9
    A missing -> 2
    A lives -> ok
    A is -> live
    A share k -> read denying write
    B opens k write -> no share_denied`,
  'a silent client whose rows are not enough makes no room': `
    export local
    session K 3s courtesy 60s of red/a may rows=3
    K opens f read -> open
    session A 300s of red/a may rows=3
    A opens g read -> open
    tick 4s
    A locks h posix write 0-9 -> no subject_rows_max
    used -> 2 of 3
    K is -> courtesy
    A opens h read -> open
    A opens i read -> open
    K is -> expired`,
  'what is being broken as a client falls silent is taken at once': `
    export local
    session A 3s courtesy 60s
    session B 300s
    A wants f read -> active read
    tick 2s
    B truncates f -> no break_started
    records -> granted A read, break to none of delegations
    tick 2s
    records -> revoked A
    tree f -> nothing`,
};
