/** Range locks: POSIX and OFD on bytes, flock on the whole file (fcntl_locking(2), flock(2), F_OFD_SETLK(2const)). */
export const ranges: Record<string, string> = {
  'who does not wait behind one still waits behind others': `
    export local
    session A 300s
    session B 300s
    session C 300s
    session H 300s
    B locks f posix write 0-9 -> held write 0-9
    H locks f posix write 30-35 -> held write 30-35
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    C locks f posix write 20-35 wait 60s -> waiting write 20-35
    B locks f posix write 5-25 wait 60s -> waiting write 5-25
    ranges f -> B posix write 0-9, H posix write 30-35
    H unlocks f posix 30-35 -> unlocked
    C lock f -> held write 20-35
    B lock f -> waiting write 5-25
    C unlocks f posix 20-35 -> unlocked
    ranges f -> B posix write 0-25`,
  // --- one owner
  'adjacent ranges of one type merge': `
    export local
    session A
    A locks f posix write 0-9 -> held write 0-9
    A locks f posix write 20-29 -> held write 20-29
    ranges f -> A posix write 0-9, A posix write 20-29
    A locks f posix write 10-19 -> held write 0-29
    ranges f -> A posix write 0-29
    A locks f posix write 5-15 -> held write 0-29
    A locks f posix write 25-40 -> held write 0-40
    A locks f posix read 41-50 -> held read 41-50
    ranges f -> A posix write 0-40, A posix read 41-50`,
  'a lock over many ranges replaces them by one': `
    export local
    session A
    A locks f posix read 10-19 -> held read 10-19
    A locks f posix read 30-39 -> held read 30-39
    A locks f posix write 50-59 -> held write 50-59
    A locks f posix read 70-79 -> held read 70-79
    A locks f posix read 0-100 -> held read 0-100
    ranges f -> A posix read 0-100
    files -> 1`,
  'a part of a range is upgraded, and both sides stay': `
    export local
    session A
    A locks f posix read 0-99 -> held read 0-99
    A locks f posix write 40-59 -> held write 40-59
    ranges f -> A posix read 0-39, A posix read 60-99, A posix write 40-59
    A locks f posix read 40-59 -> held read 0-99
    ranges f -> A posix read 0-99`,
  'a part of a range is downgraded at either end': `
    export local
    session A
    A locks f posix write 10-19 -> held write 10-19
    A locks f posix read 5-12 -> held read 5-12
    A locks f posix read 18-30 -> held read 18-30
    ranges f -> A posix write 13-17, A posix read 5-12, A posix read 18-30
    A locks f posix read 13-17 -> held read 5-30
    ranges f -> A posix read 5-30`,
  'an unlock takes the middle, the ends, more than is locked, or nothing': `
    export local
    session A
    A locks f posix write 0-99 -> held write 0-99
    A unlocks f posix 40-59 -> unlocked
    ranges f -> A posix write 0-39, A posix write 60-99
    A unlocks f posix 0-9 -> unlocked
    A unlocks f posix 90-200 -> unlocked
    ranges f -> A posix write 10-39, A posix write 60-89
    A unlocks f posix 40-59 -> nothing there
    A unlocks g posix 0-EOF -> nothing there
    A unlocks f posix 20-69 -> unlocked
    ranges f -> A posix write 10-19, A posix write 70-89
    A unlocks f posix 0-EOF -> unlocked
    ranges f -> nothing
    files -> 0`,
  'a lock covers the first byte, the last byte, or every byte to the end': `
    export local
    session A
    session B
    A locks f posix write 0-0 -> held write 0-0
    A locks f posix write 9223372036854775807-EOF -> held write 9223372036854775807-EOF
    B tests f posix read 1-9223372036854775806 -> free
    B tests f posix read 0-EOF -> A posix write 0-0
    B tests f posix read 1-EOF -> A posix write 9223372036854775807-EOF
    A locks f posix write 1-9223372036854775806 -> held write 0-EOF
    A unlocks f posix 1-EOF -> unlocked
    ranges f -> A posix write 0-0
    A locks f posix read 5-4 -> no bad_range
    A locks f posix read 0-9223372036854775808 -> no bad_range
    A locks f flock read 0-9 -> no bad_range`,
  'offsets may exceed 32 bits': `
    export local
    session A
    session B
    A locks f posix write 4294967290-4294967299 -> held write 4294967290-4294967299
    B tests f posix read 0-4294967289 -> free
    B tests f posix read 4294967300-EOF -> free
    B tests f posix read 4294967295-4294967295 -> A posix write 4294967290-4294967299
    B tests f posix read 4294967296-4294967296 -> A posix write 4294967290-4294967299
    A unlocks f posix 4294967295-4294967296 -> unlocked
    ranges f -> A posix write 4294967290-4294967294, A posix write 4294967297-4294967299
    A locks f posix write 4294967295-4294967296 -> held write 4294967290-4294967299
    B locks f posix read 4294967300-281474976710655 -> held read 4294967300-281474976710655
    A tests f posix write 281474976710655-EOF -> B posix read 4294967300-281474976710655
    A tests f posix write 281474976710656-EOF -> free`,
  // --- several owners
  'overlapping readers share, an overlapping writer is alone': `
    export local
    session A
    session B
    A locks f posix read 0-9 -> held read 0-9
    B locks f posix read 5-14 -> held read 5-14
    B locks f posix write 0-4 -> no range_conflict
    blockers -> A posix read 0-9
    B locks f posix write 10-20 -> held write 10-20
    A locks f posix read 10-10 -> no range_conflict
    blockers -> B posix write 10-20
    A locks f posix write 0-4 -> held write 0-4
    ranges f -> A posix read 5-9, B posix read 5-9, B posix write 10-20, A posix write 0-4`,
  'owners of one session conflict like strangers': `
    export local
    session A
    A.x locks f posix write 0-9 -> held write 0-9
    A.y locks f posix write 0-9 -> no range_conflict
    blockers -> A.x posix write 0-9
    A.y locks f posix write 10-19 -> held write 10-19
    A.x unlocks f posix 0-EOF -> unlocked
    ranges f -> A.y posix write 10-19`,
  'a failed upgrade leaves the ranges as they were': `
    export local
    session A
    session B
    A locks f posix read 0-9 -> held read 0-9
    B locks f posix read 5-5 -> held read 5-5
    A locks f posix write 0-9 -> no range_conflict
    blockers -> B posix read 5-5
    ranges f -> A posix read 0-9, B posix read 5-5
    A locks f posix write 0-4 -> held write 0-4
    ranges f -> A posix read 5-9, B posix read 5-5, A posix write 0-4`,
  'POSIX and OFD locks conflict with each other, also those of one owner; flock conflicts with flock only': `
    export local
    session A
    session B
    A locks f posix write 0-9 -> held write 0-9
    A locks f ofd read 0-9 -> no range_conflict
    blockers -> A posix write 0-9
    B locks f ofd read 5-20 -> no range_conflict
    B locks f ofd write 10-20 -> held write 10-20
    B locks f posix read 10-10 -> no range_conflict
    blockers -> B ofd write 10-20
    B locks f flock write -> held write
    A locks f flock read -> no range_conflict
    blockers -> B flock write 0-EOF
    A locks g flock read -> held read
    B locks g flock read -> held read
    B locks g posix write 0-EOF -> held write 0-EOF
    A unlocks f ofd 0-EOF -> nothing there
    ranges f -> A posix write 0-9, B ofd write 10-20, B flock write 0-EOF`,
  'a lock test names one blocker, and never the owner itself': `
    export local
    session A
    session B
    session C
    A locks f posix read 10-19 -> held read 10-19
    B locks f ofd read 15-24 -> held read 15-24
    C tests f posix read 0-EOF -> free
    C tests f posix write 0-9 -> free
    C tests f posix write 20-30 -> B ofd read 15-24
    C tests f ofd write 0-12 -> A posix read 10-19
    A tests f posix write 0-14 -> free
    A tests f posix write 0-15 -> B ofd read 15-24
    B tests f ofd write 16-EOF -> A posix read 10-19
    C tests f flock write -> free
    C tests g posix write 0-EOF -> free
    files -> 2`,
  'short, long and equal read locks of many owners are all found': `
    export local
    session A
    session B
    session C
    session D
    A locks f posix read 0-EOF -> held read 0-EOF
    B locks f posix read 7-7 -> held read 7-7
    C locks f ofd read 0-1000000 -> held read 0-1000000
    A unlocks f posix 100-EOF -> unlocked
    D tests f posix write 1000001-EOF -> free
    D tests f posix write 1000000-EOF -> C ofd read 0-1000000
    C unlocks f ofd 0-EOF -> unlocked
    D tests f posix write 100-EOF -> free
    D tests f posix write 99-99 -> A posix read 0-99
    A unlocks f posix 0-EOF -> unlocked
    D tests f posix write 0-6 -> free
    D tests f posix write 7-8 -> B posix read 7-7
    D tests f posix write 6-7 -> B posix read 7-7
    D tests f posix write 8-EOF -> free
    B unlocks f posix 7-7 -> unlocked
    D tests f posix write 0-EOF -> free`,
  // --- flock
  'a flock that is converted is released first, and may be lost': `
    export local
    session A
    session B
    A locks f flock read -> held read
    B locks f flock read -> held read
    A locks f flock write -> no range_conflict
    blockers -> B flock read 0-EOF
    ranges f -> B flock read 0-EOF
    B locks f flock write -> held write
    B locks f flock read -> held read
    A locks f flock read -> held read`,
  'a flock that waits for its conversion lets others in': `
    export local
    session A
    session B
    session C
    A locks f flock write -> held write
    B locks f flock write wait 60s -> waiting write
    A locks f flock read wait 60s -> waiting read
    B lock f -> held write
    B unlocks f flock -> unlocked
    A lock f -> held read`,
  'a repeated flock is the same lock': `
    export local
    session A
    A locks f flock write -> held write
    A locks f flock write -> held write
    ranges f -> A flock write 0-EOF
    A unlocks f flock -> unlocked
    A unlocks f flock -> nothing there`,
  // --- waiting
  'a waiting lock is granted when the last blocker has gone': `
    export local
    session A
    session B
    session W
    A locks f posix read 0-4 -> held read 0-4
    B locks f ofd read 5-9 -> held read 5-9
    W locks f posix write 0-9 wait 60s -> waiting write 0-9
    W why f -> range_conflict, 0 ahead: A posix read 0-4, B ofd read 5-9
    tree f -> A posix read 0-4 [W posix write 0-9], B ofd read 5-9
    A unlocks f posix 0-EOF -> unlocked
    W lock f -> waiting write 0-9
    tree f -> B ofd read 5-9 [W posix write 0-9]
    B unlocks f ofd 5-7 -> unlocked
    W lock f -> waiting write 0-9
    B unlocks f ofd 8-9 -> unlocked
    W lock f -> held write 0-9
    records -> locked W write in turn`,
  'unlocking a part lets in a request that waits for that part': `
    export local
    session A
    session B
    session C
    A locks f posix write 0-99 -> held write 0-99
    B locks f posix write 10-19 wait 60s -> waiting write 10-19
    C locks f posix read 50-59 wait 60s -> waiting read 50-59
    A unlocks f posix 50-60 -> unlocked
    C lock f -> held read 50-59
    B lock f -> waiting write 10-19
    A locks f posix read 0-30 -> held read 0-30
    B lock f -> waiting write 10-19
    A unlocks f posix 10-19 -> unlocked
    B lock f -> held write 10-19`,
  'a downgrade lets readers in': `
    export local
    session A
    session B
    A locks f posix write 0-9 -> held write 0-9
    B locks f posix read 0-9 wait 60s -> waiting read 0-9
    A locks f posix read 0-9 -> held read 0-9
    B lock f -> held read 0-9`,
  'a lock that was waited for merges with the owner’s ranges': `
    export local
    session A
    session B
    B locks f posix write 10-19 -> held write 10-19
    A locks f posix write 0-9 -> held write 0-9
    A locks f posix write 5-15 wait 60s -> waiting write 5-15
    B unlocks f posix 10-19 -> unlocked
    ranges f -> A posix write 0-15
    A locks g posix read 0-99 -> held read 0-99
    B locks g posix read 50-50 -> held read 50-50
    A locks g posix write 50-50 wait 60s -> waiting write 50-50
    B unlocks g posix 50-50 -> unlocked
    ranges g -> A posix read 0-49, A posix read 51-99, A posix write 50-50`,
  'a repeated request keeps its place, a different one gets its own': `
    export local
    session A
    session B
    session C
    A locks f posix write 0-9 -> held write 0-9
    B locks f posix write 0-9 wait 60s -> waiting write 0-9
    C locks f posix write 0-9 wait 60s -> waiting write 0-9
    B locks f posix write 0-9 wait 60s -> waiting write 0-9
    B why f -> range_conflict, 0 ahead: A posix write 0-9
    C why f -> queued, 1 ahead: B posix write 0-9
    A unlocks f posix 0-9 -> unlocked
    B lock f -> held write 0-9
    C lock f -> waiting write 0-9
    C why f -> range_conflict, 0 ahead: B posix write 0-9`,
  'a wait for a range elapses, is cancelled, or is ended by an administrator': `
    export local
    session A 300s
    session B 300s
    A locks f posix write 0-9 -> held write 0-9
    B locks f posix read 0-9 wait 5s -> waiting read 0-9
    tick 5s
    B lock f -> no no_such_lock
    B locks f posix read 0-9 wait 60s -> waiting read 0-9
    B cancels f -> cancelled
    B locks f posix read 0-9 wait 60s -> waiting read 0-9
    B forced f -> ok
    records -> dropped B wait_elapsed, dropped B cancelled, dropped B admin
    A drops f -> dropped
    ranges f -> nothing
    files -> 0`,
  'a wait is withdrawn by its exact owner, class, type and range; nothing else is touched': `
    export local
    session A 300s
    session B 300s
    A locks f posix write 0-9 -> held write 0-9
    A locks f posix write 20-29 -> held write 20-29
    B locks f posix read 20-29 wait 60s -> waiting read 20-29
    B locks f posix read 0-9 wait 60s -> waiting read 0-9
    B withdraws f posix write 0-9 -> over
    B withdraws f posix read 0-8 -> over
    B withdraws f ofd read 0-9 -> over
    B.x withdraws f posix read 0-9 -> over
    A withdraws f posix write 0-9 -> over
    B withdraws g posix read 0-9 -> over
    B withdraws f posix read 0-9 -> withdrawn
    B withdraws f posix read 0-9 -> over
    A unlocks f posix 0-EOF -> unlocked
    ranges f -> B posix read 20-29
    records -> dropped B cancelled, locked B read in turn`,
  // --- ends
  'the locks of a session end with it, and waiters get in': `
    export local
    session A
    session B 300s
    session C 5s
    A locks f posix write 0-9 -> held write 0-9
    A.x locks f ofd write 10-19 -> held write 10-19
    A locks g flock write -> held write
    B locks f posix write 0-19 wait 60s -> waiting write 0-19
    B locks g flock read wait 60s -> waiting read
    A ends -> ended
    B lock f -> held write 0-19
    B lock g -> held read
    C locks h posix write 0-9 -> held write 0-9
    B locks h posix write 0-9 wait 60s -> waiting write 0-9
    tick 5s
    C is -> expired
    B lock h -> held write 0-9`,
  'an administrator unlocks a range as a whole': `
    export local
    session A
    session B
    A locks f posix write 0-9 -> held write 0-9
    A locks f posix write 20-29 -> held write 20-29
    B locks f posix write 0-29 wait 60s -> waiting write 0-29
    records
    A forced f -> ok
    records -> taken A admin
    ranges f -> A posix write 0-9
    B lock f -> waiting write 0-29
    A unlocks f posix 0-9 -> unlocked
    B lock f -> held write 0-29`,
  'the ranges of a file are limited': `
    limits rangesMax 4
    export local
    session A
    session B
    A locks f posix write 0-0 -> held write 0-0
    A locks f posix write 2-2 -> held write 2-2
    A locks f posix write 4-4 -> held write 4-4
    A locks f posix write 6-6 -> no file_ranges_max
    A unlocks f posix 0-0 -> unlocked
    A locks f posix write 6-6 -> held write 6-6
    A locks g posix write 0-EOF -> held write 0-EOF`,
  'the rows of a session are limited': `
    limits sessionLocksMax 3
    export local
    session A
    A locks f posix write 0-0 -> held write 0-0
    A locks f posix write 2-2 -> held write 2-2
    A locks f posix write 4-4 -> no session_locks_max
    A unlocks f posix 0-EOF -> unlocked
    A locks f posix write 4-4 -> held write 4-4`,
  'ranges do not conflict with leases, delegations or opens': `
    export local
    session A
    session B
    A locks f posix write 0-EOF -> held write 0-EOF
    A locks f flock write -> held write
    B opens f both denying both -> open
    B closes f -> closed
    B writes f -> active write
    A unlocks f posix 0-9 -> unlocked
    A locks f ofd read 0-9 -> held read 0-9
    B has f -> active write`,
  'an unlock in the middle of a range needs room for another row': `
    limits rangesMax 4 sessionLocksMax 6
    export local
    session A 300s
    session B 300s
    A locks f posix write 0-99 -> held write 0-99
    A unlocks f posix 10-10 -> unlocked
    A unlocks f posix 20-20 -> unlocked
    A unlocks f posix 30-30 -> unlocked
    A unlocks f posix 40-40 -> no file_ranges_max
    A unlocks f posix 31-39 -> unlocked
    A unlocks f posix 0-30 -> unlocked
    ranges f -> A posix write 40-99
    A locks g posix write 0-99 -> held write 0-99
    A unlocks g posix 10-10 -> unlocked
    A unlocks g posix 20-20 -> unlocked
    A unlocks f posix 50-50 -> unlocked
    A unlocks f posix 60-60 -> unlocked
    A unlocks g posix 30-30 -> no session_locks_max
    A unlocks g posix 0-99 -> unlocked`,
  'a lock with an id of its own is found by a repeat, and by one that comes too late how it ended': `
    export local
    session A 300s
    session B 300s
    A locks f posix write 0-9 named -> held write 0-9
    A locks f posix write 0-9 named again -> held write 0-9
    A locks f posix read 0-9 named again -> no id_reused_with_other_body
    ranges f -> A posix write 0-9
    A unlocks f posix 0-9 -> unlocked
    A locks f posix write 0-9 named again -> no lock_over
    A locks f posix read 0-9 named again -> no id_reused_with_other_body
    ranges f -> nothing`,
  'a lock with an id of its own is not merged with what its owner has there, and takes nothing from it': `
    export local
    session A 300s
    A locks f posix write 10-19 -> held write 10-19
    A locks f posix write 15-24 named -> no owner_has_range
    blockers -> A posix write 10-19
    A locks f posix read 15-24 named -> no owner_has_range
    A locks f posix write 20-29 named -> no owner_has_range
    A locks f posix write 0-9 named -> no owner_has_range
    A locks f posix read 20-29 named -> held read 20-29
    A locks f ofd write 40-49 named -> held write 40-49
    A.2 locks f posix write 30-39 named -> held write 30-39
    A locks f posix write 20-39 -> no range_conflict`,
  'a request with an id of its own shares its place with no other, and waits for longer if it is repeated': `
    export local
    session A 300s
    session B 300s
    A locks f posix write 0-9 -> held write 0-9
    B locks f posix write 0-9 named wait 10s -> waiting write 0-9
    B.2 locks g posix write 0-9 -> held write 0-9
    tick 8s
    B locks f posix write 0-9 named again wait 10s -> waiting write 0-9
    tick 8s
    B lock f -> waiting write 0-9
    B withdraws f posix write 0-9 -> over
    A unlocks f posix 0-9 -> unlocked
    B lock f -> held write 0-9
    B locks f posix write 0-9 named again -> held write 0-9`,
  'a request with an id of its own is dropped if its owner locks something there meanwhile': `
    export local
    session A 300s
    session B 300s
    A locks f posix write 0-9 -> held write 0-9
    B locks f posix write 0-19 named wait 60s -> waiting write 0-19
    B locks f posix write 20-29 -> held write 20-29
    B lock f -> held write 20-29
    A unlocks f posix 0-9 -> unlocked
    ranges f -> B posix write 20-29`,
  'how the taking of a set has ended is decided once': `
    export local
    session A 300s
    session B 300s
    A decides s -> nothing
    A decides s taken -> taken
    A decides s queued -> taken
    A decides s -> taken
    B decides s queued -> queued
    A ends
    A decides s -> no session_expired`,
  'who reads beside a reader that waits has to wait behind it to write': `
    export local
    session A
    session B
    session C
    A locks f posix read 0-3 -> held read 0-3
    B locks f posix write 5-5 -> held write 5-5
    C locks f posix read 0-9 wait 10s -> waiting read 0-9
    A locks f posix write 2-3 -> no queued
    B unlocks f posix 5-5 -> unlocked
    C lock f -> held read 0-9`,
};
