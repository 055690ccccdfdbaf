/** Grace: when the table may have lost state, earlier holders reclaim first (RFC 8881 §8.4.2, §10.2.1). */
export const grace: Record<string, string> = {
  'no grace, no reclaim': `
    limits graceMs 10000
    export local
    session A
    grace -> none
    A reads f reclaiming -> no no_grace
    A opens f read reclaiming -> no no_grace
    A wants f read reclaiming -> no no_grace
    A locks f posix read 0-9 reclaiming -> no no_grace
    A reads f -> active read`,
  'without a grace period nothing is held back': `
    export local
    session A
    lost
    grace -> none
    A reads f -> active read
    A reads g reclaiming -> no no_grace`,
  'a token from before a restore is no longer valid; its holder keeps the lease and is told the new token': `
    export local
    session A
    A writes f -> active write
    A checks f write -> valid
    lost
    A checks f write before -> no token_old
    A checks f write -> valid
    A checks f write before -> valid
    A reads f -> active read
    A checks f write before -> no token_old`,
  'only reclaims are granted in grace': `
    limits graceMs 10000
    export local
    session A 300s
    session B 300s
    lost
    grace -> 10000, sessions 2
    A reads f -> no grace
    A opens f read -> no grace
    A wants f read -> no grace
    A locks f posix read 0-9 -> no grace
    A truncates f -> no grace
    A opens f read wait 60s -> no grace
    A reads f reclaiming -> active read
    A opens f read reclaiming -> open
    A locks f posix read 0-9 reclaiming -> held read 0-9
    B wants f read reclaiming -> active read
    A tests f posix write 0-9 -> free
    tick 10s
    grace -> none
    B opens g both denying both -> open
    A reads h reclaiming -> no no_grace`,
  'grace ends early when every session from before has reclaimed': `
    limits graceMs 10000
    export local
    session A 300s
    session B 300s
    lost
    session C 300s
    grace -> 10000, sessions 2
    A reads f reclaiming -> active read
    A reclaimed-all -> grace 10000
    A reclaimed-all -> grace 10000
    grace -> 10000, sessions 1
    A reads g reclaiming -> no no_grace
    A reads g -> no grace
    C reads g -> no grace
    C reclaimed-all -> grace 10000
    grace -> 10000, sessions 1
    B reclaimed-all -> grace is over
    grace -> none
    A reads g -> active read`,
  'grace does not wait for sessions that are gone': `
    limits graceMs 60000
    export local
    session A 300s
    session B 5s
    session C 300s
    lost
    A reclaimed-all -> grace 60000
    C ends -> ended
    grace -> 60000, sessions 1
    tick 5s
    B is -> expired
    grace -> none
    A writes f -> active write`,
  'a session that the table has forgotten comes back as a new one and reclaims': `
    limits graceMs 10000
    export local
    lost
    grace -> 10000, sessions 0
    session A 300s
    A writes f -> no grace
    A writes f reclaiming -> active write
    A reclaimed-all -> grace 10000
    A writes g reclaiming -> no no_grace
    tick 10s
    A writes g -> active write`,
  'reclaims conflict as usual; a reclaim breaks nobody': `
    limits graceMs 10000
    export local
    session A 300s
    session B 300s
    lost
    A writes f reclaiming -> active write
    B reads f reclaiming -> no lease_conflict
    B locks f posix write 0-9 reclaiming -> held write 0-9
    A locks f posix write 0-9 reclaiming -> no range_conflict
    A opens g read denying write reclaiming -> open
    B opens g write reclaiming -> no share_denied`,
  'opens are reclaimed by their ids, as they were after their last change': `
    limits graceMs 10000
    export local
    session A 300s
    session B 300s
    A opens f read -> open
    A opens g write -> open
    B opens g read denying write wait 60s -> waiting
    A opens h write -> open
    lost
    A opens f both denying both again -> no id_reused_with_other_body
    B opens f both denying both again reclaiming -> no share_denied
    A opens f both denying both again reclaiming -> open
    A opens f read again reclaiming -> open
    B opens f read reclaiming -> open
    A opens f read denying read again reclaiming -> no share_denied
    B opens g read denying write again reclaiming -> no share_denied
    A opens h both denying write again reclaiming -> open
    A opens h both denying write again reclaiming -> open
    B opens h write reclaiming -> no share_denied
    A opens g read denying read again reclaiming -> open
    tick 10s
    A opens h both again reclaiming -> no id_reused_with_other_body`,
  'permits are reclaimed by their ids, and none is found in the queue': `
    limits graceMs 10000
    export local
    session A 300s
    session B 300s
    A takes s of 1 -> held
    B takes s of 1 wait 60s -> waiting
    lost
    B takes s of 1 again reclaiming -> no semaphore_full
    A takes s of 1 again reclaiming -> held
    A takes s of 1 again -> held
    B takes t of 1 -> no grace
    B takes t of 1 reclaiming -> held
    A takes t of 1 reclaiming -> no semaphore_full
    A takes u of 2 reclaiming -> held
    B takes u of 2 wait 60s reclaiming -> held
    A takes u of 3 reclaiming -> no limit_differs`,
  'a reclaim that is refused leaves the place of a request in the queue': `
    limits graceMs 10000
    export local
    session A 300s
    session B 300s
    A opens w write -> open
    B opens w read denying write wait 60s -> waiting
    A takes s of 1 -> held
    B takes s of 1 wait 60s -> waiting
    A enq x EX -> granted EX
    B enq x PR wait 60s -> waiting PR
    lost
    B reclaimed-all -> grace 10000
    B opens w read denying write again reclaiming -> no no_grace
    B takes s of 1 again reclaiming -> no no_grace
    B enq x PR again reclaiming -> no no_grace
    A closes w -> closed
    B open w -> open
    A gives s back -> given
    B permit s -> held
    A deq x -> unlocked
    B at x -> granted PR`,
  'a lock in a mode is reclaimed by its id, in the mode that its holder had': `
    limits graceMs 10000
    export local
    session A 300s
    session B 300s
    A enq r CR -> granted CR
    B enq r NL -> granted NL
    A enq s EX valblk -> granted EX block none
    B enq s PR wait 60s -> waiting PR
    A enq t EX -> granted EX
    A converts t NL valblk block aa -> granted NL
    lost
    A enq r EX again -> no id_reused_with_other_body
    A enq r EX again reclaiming -> granted EX
    A enq r EX again reclaiming -> granted EX
    B enq r PR again reclaiming -> no mode_conflict
    B at r -> granted NL
    B enq s PR again reclaiming -> no mode_conflict
    B at s -> no no_such_lock
    A enq s EX again reclaiming -> granted EX block none
    B enq t PR reclaiming valblk -> granted PR block aa invalid
    A enq u PR -> no grace`,
  'a conversion that goes up waits for those who reclaim': `
    limits graceMs 10000
    export local
    session A 300s
    session B 300s
    A enq r NL -> granted NL
    B enq r PR -> granted PR
    lost
    A converts r CR -> no grace
    A converts r EX wait 60s -> no grace
    B converts r CR -> granted CR
    B converts r CW -> no grace
    A converts r NL -> granted NL
    tick 10s
    A converts r CR -> granted CR`,
  'where nothing is missing, only what the table has is reclaimed': `
    limits graceMs 10000
    export local
    session A 300s
    session B 300s
    A opens f read denying write -> open
    A locks f posix write 0-9 -> held write 0-9
    A wants g read -> active read
    A reads h -> active read
    B opens k read -> open
    doubted
    grace -> 10000, sessions 2
    A reopens f read denying write reclaiming -> read denying write
    A reopens f write reclaiming -> no reclaim_bad
    A locks f posix write 0-9 reclaiming -> held write 0-9
    A locks f posix write 2-3 reclaiming -> held write 0-9
    A locks f posix read 2-3 reclaiming -> no reclaim_bad
    A locks f posix write 5-10 reclaiming -> no reclaim_bad
    A wants g read reclaiming -> active read
    B wants g read reclaiming -> no reclaim_bad
    A reads k reclaiming -> no reclaim_bad
    B opens g read reclaiming -> no reclaim_bad
    A enq r EX reclaiming -> no reclaim_bad
    A takes s of 1 reclaiming -> no reclaim_bad
    A reads g -> no grace
    A reclaimed-all -> grace 10000
    B reclaimed-all -> grace is over
    B opens g read -> open`,
  'an open brings back no delegation that was revoked': `
    limits graceMs 10000
    export local break 5s
    session A 300s
    session B 300s
    A wants f read -> active read
    limits revokedMax 9
    A wants g read -> active read
    A wants k read -> active read
    B opens f write -> no break_started
    B opens k write -> no break_started
    tick 5s
    A has k -> revoked
    A has f -> revoked
    lost
    A opens f read reclaiming wanting read -> open with none CONTENTION
    A opens g read reclaiming wanting read -> open with active read
    tick 20s
    A wants k read -> active read
    A.x opens f read wanting read -> open with active read`,
  'a delegation that was revoked is not reclaimed, whatever is missing': `
    limits graceMs 10000
    export local break 5s
    session A 300s
    session B 300s
    A wants f read -> active read
    A wants g read -> active read
    B opens f write -> no break_started
    tick 5s
    A has f -> revoked
    A wants k read -> active read
    A returns k -> released
    lost
    A wants f read reclaiming -> no reclaim_bad
    B wants f read reclaiming -> active read
    A wants k read reclaiming -> active read
    A wants g read reclaiming -> active read
    A wants h read reclaiming -> active read
    A frees f -> freed
    A wants f read reclaiming -> active read`,
  'who was not there reclaims nothing; who shows a secret from before was': `
    limits graceMs 10000
    export local
    session A 300s
    lost
    session B 300s
    B reads f reclaiming -> no no_grace
    B opens f read reclaiming -> no no_grace
    B locks f posix read 0-9 reclaiming -> no no_grace
    session C 300s reclaiming
    C opens f read reclaiming -> open
    A reads f reclaiming -> active read`,
  'leases from before grace are still there, may be released, and answer a break': `
    limits graceMs 60000
    export local break 10s
    session A 300s
    session B 300s
    A reads f -> active read
    A opens g both -> open
    A locks g posix write 0-9 -> held write 0-9
    B opens f write wait 60s -> waiting
    lost
    A has f -> breaking read to none
    A writes f -> no above_target
    A acknowledges f none -> released
    B open f -> open
    A unlocks g posix 0-9 -> unlocked
    A lowers g read -> read
    A closes g -> closed`,
  'a request that waited before grace keeps its place and gets its turn': `
    limits graceMs 10000
    export local
    session A 300s
    session B 300s
    session C 300s
    A locks f posix write 0-9 -> held write 0-9
    B locks f posix write 0-9 wait 60s -> waiting write 0-9
    lost
    C locks f posix write 0-9 wait 60s -> no grace
    A unlocks f posix 0-9 -> unlocked
    B lock f -> held write 0-9`,
  'a delegation is reclaimed whatever the limits say': `
    limits graceMs 10000 fileDelegationsMax 1
    export local
    session A 300s
    session B 300s
    A wants f read -> active read
    B wants f read -> none RESOURCE
    lost
    B wants f read reclaiming -> active read
    A opens f read wanting read reclaiming -> open with active read`,
  'a second loss during grace starts grace again': `
    limits graceMs 10000
    export local
    session A 300s
    session B 300s
    lost
    A reclaimed-all -> grace 10000
    tick 5s
    grace -> 5000, sessions 1
    lost
    grace -> 10000, sessions 2
    A reads f reclaiming -> active read
    A reclaimed-all -> grace 10000
    B reclaimed-all -> grace is over`,
  'a table that has lost everything begins with grace': `
    lost graceMs 10000
    grace -> 10000, sessions 0
    export local
    session A 300s
    A writes f -> no grace`,
  'nothing that is held is upgraded in grace': `
    limits graceMs 10000
    export local
    session A 300s
    A reads f -> active read
    A opens f read -> open
    A locks f posix read 0-9 -> held read 0-9
    lost
    A writes f -> no grace
    A reads f -> active read
    A reshares f both -> no grace
    A reopens f write -> no grace
    A reopens f write reclaiming -> both
    A locks f posix write 0-9 -> no grace
    A lowers f read -> read
    A share f -> read
    tick 10s
    A writes f -> active write
    A reshares f both -> both`,
  'where nothing was missing before, and something is this time, what is missing may be reclaimed': `
    limits graceMs 10000
    export local
    session A 300s
    A opens f read -> open
    doubted
    A opens g read reclaiming -> no reclaim_bad
    lost
    A opens g read reclaiming -> open`,
  'in a grace period of one export those who held something there reclaim it, and nobody else gets anything there': `
    formats
    export local
    put two on local -> created
    session A 300s
    session B 300s
    session C 300s
    use local local
    A opens f read denying write -> open
    A locks f posix write 0-9 -> held write 0-9
    A wants g read -> active read
    A reads h -> active read
    B opens k read -> open
    use two local
    C opens f read -> open
    grace of local for 30s -> waits for 2
    grace of local -> 30000, sessions 2
    grace of two -> none
    grace -> none
    C opens g both denying both -> open
    A opens h read -> open
    use local local
    C opens f read -> no grace
    C opens f read reclaiming -> no no_grace
    C locks f posix read 20-29 -> no grace
    C wants g read -> no grace
    C reads h -> no grace
    C truncates k -> no grace
    B reopens k both -> no grace
    A reads h reclaiming -> active read
    A reopens f read denying write reclaiming -> read denying write
    A reopens f both reclaiming -> no reclaim_bad
    A locks f posix write 0-9 reclaiming -> held write 0-9
    A locks f posix write 20-29 reclaiming -> no reclaim_bad
    A wants g read reclaiming -> active read
    A wants k read reclaiming -> no reclaim_bad
    A reads k reclaiming -> no reclaim_bad
    B opens g read reclaiming -> no reclaim_bad
    B reclaimed-all -> grace is over
    B opens k read reclaiming -> no no_grace
    C opens f read -> no grace
    grace of local -> 30000, sessions 1
    A reclaimed-all of local -> grace is over
    grace of local -> none
    C opens f read -> open
    A opens f read reclaiming -> no no_grace`,
  'in a grace period of one export what is held is reclaimed by its id, as the table has it, and nothing else': `
    formats
    export local
    put two on local -> created
    session A 300s
    session B 300s
    session C 300s
    use two local
    C opens f read -> open
    use local local
    A reads l -> active read
    A opens f read -> open
    A opens w write -> open
    B opens w read denying write wait 60s -> waiting
    A takes s of 1 -> held
    B takes s of 1 wait 60s -> waiting
    A enq r CR -> granted CR
    A enq x EX -> granted EX
    B enq x PR wait 60s -> waiting PR
    grace of local for 30s -> waits for 2
    A reads l again reclaiming -> active read
    A writes l again reclaiming -> no reclaim_bad
    A opens f read again reclaiming -> open
    A opens f both again reclaiming -> no reclaim_bad
    A share f -> read
    A takes s of 1 again reclaiming -> held
    A enq r CR again reclaiming -> granted CR
    A enq r EX again reclaiming -> no reclaim_bad
    A at r -> granted CR
    B opens w read denying write again reclaiming -> no reclaim_bad
    B takes s of 1 again reclaiming -> no reclaim_bad
    B enq x PR again reclaiming -> no reclaim_bad
    C takes u of 1 reclaiming -> no no_grace
    C enq r CR reclaiming -> no no_grace
    C takes u of 1 -> no grace
    C enq r CR -> no grace
    A takes u of 1 reclaiming -> no reclaim_bad
    A enq u CR reclaiming -> no reclaim_bad
    use two local
    C opens f both again reclaiming -> no id_reused_with_other_body
    A enq r CR reclaiming -> no no_grace
    use local local
    A closes w -> closed
    B open w -> open
    A gives s back -> given
    B permit s -> held
    A deq x -> unlocked
    B at x -> granted PR
    A reclaimed-all of none -> no no_such_export
    A reclaimed-all -> grace is over
    A opens f both again reclaiming -> no no_grace
    A takes v of 1 reclaiming -> no no_grace
    A opens f read again reclaiming -> open
    C takes u of 1 -> no grace
    B reclaimed-all -> grace is over
    grace of local -> none
    C takes u of 1 -> held`,
  'the grace period of an export ends with its time, and with what it waits for': `
    formats
    export local
    session A 300s
    session B 300s
    session C 20s
    grace of local for 10s -> none
    A opens f read -> open
    grace of local for 10s -> waits for 1
    B opens g read -> no grace
    tick 10s
    grace of local -> none
    B opens g read -> open
    C opens h read -> open
    grace of local for 60s -> waits for 3
    A ends -> ended
    B reclaimed-all -> grace is over
    grace of local -> 60000, sessions 1
    tick 10s
    C is -> expired
    B opens h write -> open
    grace of local for 60s -> waits for 1
    B opens f write -> no grace
    grace of local for 0s -> none
    B opens f write -> open`,
  'an export that is in grace again waits for nobody from the first time': `
    formats
    export local
    session A 300s
    session B 300s
    A opens f read -> open
    B opens g read -> open
    grace of local for 60s -> waits for 2
    grace of local for 0s -> none
    A closes f -> closed
    grace of local for 60s -> waits for 1
    B reclaimed-all of local -> grace is over`,
  'the grace period of an export does not wait for a silent client, which may come back and reclaim': `
    formats
    export local
    exchange A as a v1 10s courtesy 100s -> new
    A confirms -> confirmed
    A reclaimed-all -> grace is over
    A opens f read denying write -> open
    session B 300s
    B opens g read -> open
    tick 10s
    A is -> courtesy
    grace of local for 60s -> waits for 1
    B opens f write -> no grace
    A reopens f read denying write reclaiming -> read denying write
    A is -> live
    grace of local -> 60000, sessions 2
    B reclaimed-all of local -> grace 60000
    A reclaimed-all -> grace is over
    grace of local -> none
    B opens f write -> no share_denied
    A reclaimed-all -> no reclaims_complete`,
  'a session that comes while an export is in grace reclaims nothing there, and a grace period of the table goes before': `
    formats
    limits graceMs 10000
    export local
    session A 300s
    A opens f read -> open
    grace of local for 60s -> waits for 1
    session B 300s
    B opens f read reclaiming -> no no_grace
    A reopens f write -> no grace
    A opens g read -> no grace
    lost
    B opens g read reclaiming -> open
    grace of local -> 10000, sessions 2
    tick 10s
    B opens f read -> no grace
    grace of local -> 50000, sessions 1`,
  'an export that is removed leaves no grace period behind': `
    formats
    export local
    session A 300s
    A opens f read -> open
    grace of local for 60s -> waits for 1
    A closes f -> closed
    remove exports local -> removed
    grace of local -> none
    export local
    session B 300s
    B opens f read -> open
    grace of local for 60s -> waits for 1`,
  'of an export that does not exist, or beside an earlier version, no grace period begins': `
    export local
    session A
    A opens f read -> open
    grace of none for 10s -> no no_such_export
    grace of local for 10s -> no earlier_version
    A opens g read -> open`,
  'where more hold something than are listed, the grace period of an export lasts its whole time': `
    formats
    export local
${Array.from({ length: 257 }, (_, n) => `    session S${String(n)} 300s\n    S${String(n)} opens f${String(n)} read -> open`).join('\n')}
    grace of local for 30s -> waits for 0
    grace of local -> 30000, sessions 0
    S1 reclaimed-all -> grace is over
    S1 opens f1 read reclaiming -> no no_grace
    S2 reopens f2 read reclaiming -> read
    S2 opens g read reclaiming -> no reclaim_bad
    session B 300s
    B opens f1 read reclaiming -> no no_grace
    B opens f1 read -> no grace
    tick 30s
    B opens f1 read -> open`,
};
