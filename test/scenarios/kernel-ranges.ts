/** Range locks that the fileserver's kernel holds, too (semantics.md §3): `ranges: kernel` of an export. */
const served = `
    export posix
    formats
    put posix on posix policy refuse kernel -> changed
    session A 300s
    session B 300s`;

export const kernelRanges: Record<string, string> = {
  // --- granted when the fileserver has locked it
  'a range is granted when the fileserver has locked it': `${served}
    A locks f posix write 0-9 -> waiting write 0-9
    asked f -> held nothing; wants write 0-9
    ranges f -> nothing
    fs locks f -> ok
    A lock f -> held write 0-9 backed
    asked f -> nothing
    records -> locked A write in turn`,
  'a second range asks for the first as well, and reading beside reading too': `${served}
    A locks f posix read 0-9 -> waiting read 0-9
    fs locks f
    B locks f posix read 5-20 -> waiting read 5-20
    asked f -> held read 0-9; wants read 5-20
    fs locks f
    B lock f -> held read 5-20 backed
    asked f -> nothing`,
  'what a program at the fileserver has locked is refused with a reason of its own': `${served}
    A locks f posix write 0-9 -> waiting write 0-9
    fs locks f but range_held_at_fileserver
    A lock f -> no no_such_lock
    ranges f -> nothing
    asked f -> nothing
    records -> dropped A range_held_at_fileserver
    dependents exports posix -> none`,
  'who waits is asked for again after a second, and granted when the fileserver can': `${served}
    A locks f posix write 0-9 wait 30s -> waiting write 0-9
    fs locks f but range_held_at_fileserver
    A why f -> range_held_at_fileserver, 0 ahead: nobody
    asked f -> nothing
    tick 900ms
    asked f -> nothing
    tick 200ms
    asked f -> held nothing; wants write 0-9
    fs locks f
    A lock f -> held write 0-9 backed`,
  'a wait for the fileserver has its bound': `${served}
    A locks f posix write 0-9 wait 3s -> waiting write 0-9
    fs locks f but range_held_at_fileserver
    tick 2s
    fs locks f but range_held_at_fileserver
    tick 60s
    A lock f -> no no_such_lock`,
  'refusals that do not pass end the wait': `${served}
    A locks f posix write 0-9 wait 30s -> waiting write 0-9
    fs locks f but file_changed
    A lock f -> no no_such_lock
    records -> dropped A file_changed`,
  'what the table refuses is not asked for': `${served}
    A locks f posix write 0-9
    fs locks f
    B locks f posix write 5-6 -> no range_conflict
    asked f -> nothing
    B locks f posix write 5-6 wait 30s -> waiting write 5-6
    asked f -> nothing
    A unlocks f posix 0-9
    asked f -> held nothing; wants write 5-6
    fs locks f
    B lock f -> held write 5-6 backed`,
  'requests that the fileserver is asked for keep others out, who wait behind them': `${served}
    A locks f posix write 0-9 -> waiting write 0-9
    B locks f posix write 5-6 -> no queued
    fs locks f
    B locks f posix write 5-6 -> no range_conflict`,
  'one ask is in flight, and the next takes all that have come since': `${served}
    session C
    A locks f posix write 0-9
    B locks f posix write 20-29
    C locks f posix write 30-39
    asked f -> held nothing; wants write 0-9
    fs locks f
    asked f -> held write 0-9; wants write 20-29, write 30-39
    fs locks f
    ranges f -> A posix write 0-9, B posix write 20-29, C posix write 30-39`,

  'who waits behind a request that the fileserver refuses is not asked for before it': `${served}
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    B locks f posix write 5-6 wait 60s -> waiting write 5-6
    fs locks f but range_held_at_fileserver
    asked f -> nothing
    tick 1s
    asked f -> held nothing; wants write 0-9`,
  'no more is asked for than the file has room for': `${served}
    session C 300s
    limits rangesMax 3
    fs reports nothing
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    B locks f posix write 20-29 wait 60s -> waiting write 20-29
    C locks f posix write 40-49 wait 60s -> waiting write 40-49
    fs locks f
    asked f -> held write 0-9; wants write 20-29`,
  'requests that are no range locks are not asked for, and leave nothing behind': `${served}
    A opens f read denying write -> open
    B opens f write wait 60s -> waiting
    asked f -> nothing
    A closes f -> closed
    B open f -> open
    B closes f -> closed
    dependents exports posix -> none`,
  'of what the fileserver refuses for good nobody waits for another answer': `${served}
    A locks f posix write 0-9 wait 30s -> waiting write 0-9
    fs locks f but no_such_file
    A lock f -> no no_such_lock
    A locks f posix write 0-9 wait 30s -> waiting write 0-9
    fs locks f but fileserver_denied
    A lock f -> no no_such_lock
    A locks f posix write 0-9 wait 30s -> waiting write 0-9
    fs locks f but ranges_unsupported
    A lock f -> no no_such_lock
    records -> dropped A no_such_file, dropped A fileserver_denied, dropped A ranges_unsupported`,
  'a request that does not wait outlasts an ask that is not answered, and its own': `${served}
    A locks f posix write 0-9 -> waiting write 0-9
    B locks f posix write 20-29 -> waiting write 20-29
    tick 5s
    records -> dropped A fileserver_timeout
    B lock f -> waiting write 20-29
    tick 5s
    asked f -> held nothing; wants write 20-29
    fs locks f -> ok
    B lock f -> held write 20-29 backed`,

  // --- what is asked for, and when
  'what two requests are locked for at once is granted to one of them, and unlocked for the other': `${served}
    session C 300s
    A locks f posix read 0-9
    fs locks f
    B locks f posix write 0-4 wait 60s -> waiting write 0-4
    C locks f posix write 20-29 -> waiting write 20-29
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    A unlocks f posix 0-9
    fs locks f
    asked f -> held write 20-29; wants write 0-4, write 0-9
    fs locks f
    ranges f -> C posix write 20-29, B posix write 0-4
    A lock f -> waiting write 0-9
    asked f -> held write 0-4, write 20-29; wants nothing`,
  'a request that does not wait is refused if another was granted first': `${served}
    session C 300s
    A locks f posix read 0-9
    fs locks f
    B locks f posix write 0-4 wait 60s -> waiting write 0-4
    C locks f posix write 20-29 -> waiting write 20-29
    A locks f posix write 0-9 -> waiting write 0-9
    A unlocks f posix 0-9
    fs locks f
    asked f -> held write 20-29; wants write 0-4, write 0-9
    records
    fs locks f
    records -> locked B write in turn, dropped A range_conflict
    asked f -> held write 0-4, write 20-29; wants nothing`,
  'what was locked for an earlier request with the same id is not locked for this one': `${served}
    A locks f posix write 0-9 wait 30s -> waiting write 0-9
    A drops f -> dropped
    A locks f posix write 20-29 wait 30s again -> waiting write 20-29
    fs locks f
    A lock f -> waiting write 20-29
    asked f -> held nothing; wants write 20-29
    fs locks f
    A lock f -> held write 20-29 backed`,
  'what an adapter has locked whose successor has registered is locked again by this one': `${served}
    A locks f posix write 20-29
    fs locks f
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    fs registers i2 locking -> ok i1
    A unlocks f posix 20-29 -> unlocked
    fs locks f -> ok
    A lock f -> waiting write 0-9
    fs reports nothing -> 0 adopted
    asked f -> held nothing; wants write 0-9
    fs locks f but range_held_at_fileserver
    A lock f -> waiting write 0-9`,
  'nobody waits for the answer of an adapter that has stopped': `${served}
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    fs stopped -> posix
    fs locks f -> no longer awaited`,
  'a new adapter is asked for nothing while the only request has been refused a moment ago': `${served}
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    fs locks f but range_held_at_fileserver
    fs successor i2 -> ok
    asked f -> nothing
    tick 1s
    asked f -> held nothing; wants write 0-9`,
  'a new adapter has nothing to unlock': `${served}
    A locks f posix write 0-9
    fs locks f
    B locks f posix write 20-29 wait 60s -> waiting write 20-29
    A unlocks f posix 0-9
    B drops f -> dropped
    fs successor i2 -> ok
    dependents exports posix -> none`,
  'after a restore the fileserver is told that nothing is held of a file, too': `${served}
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    fs locks f but range_held_at_fileserver
    doubted
    fs reports nothing
    asked f -> held nothing; wants nothing`,
  'what was unlocked while the adapter was silent is unlocked there once it is heard again': `${served}
    A locks f posix write 0-9
    fs locks f
    fs dies
    tick 10s
    A unlocks f posix 0-9 -> unlocked
    fs beats i1
    asked f -> held nothing; wants nothing
    fs locks f
    dependents exports posix -> none`,
  'a request that does not wait ends with its fileserver that is lost': `${served}
    A locks f posix write 0-9 -> waiting write 0-9
    B locks f posix write 20-29 -> waiting write 20-29
    fs dies
    tick 30s
    records -> jeopardy of ranges, too,, dropped A fileserver_timeout, dropped B fileserver_timeout`,
  'a range that its session ends with is not reported as taken': `${served}
    A locks f posix write 0-9
    fs locks f
    records
    A ends
    records -> expired A`,
  'what is unlocked after the adapter has stopped is unlocked': `${served}
    A locks f posix write 0-9
    fs locks f
    fs stopped -> posix
    A unlocks f posix 0-9 -> unlocked
    dependents exports posix -> none`,
  'a request that merges with no other ends when its owner has locked something there': `${served}
    A locks f posix write 0-9 wait 60s named -> waiting write 0-9
    fs locks f but range_held_at_fileserver
    A locks f posix write 5-5 -> waiting write 5-5
    asked f -> held nothing; wants write 5-5
    fs locks f
    records -> locked A write in turn, dropped A owner_has_range`,
  'ranges are not held at the fileserver of an export without one': `
    export local
    formats
    put local on local policy refuse kernel -> no ranges_unsupported
    put here on local policy refuse kernel -> no ranges_unsupported`,
  'an adapter that cannot lock ranges has no say once it has stopped': `
    export posix
    formats
    fs registers i2 -> ok i1
    fs reports nothing -> 0 adopted
    put posix on posix policy refuse kernel -> no ranges_unsupported
    fs stopped -> posix
    put posix on posix policy refuse kernel -> changed`,
  'an adapter that cannot lock ranges has no say on what the next stack can do': `
    export posix
    formats
    fs registers i2 -> ok i1
    fs reports nothing -> 0 adopted
    stack nfs4
    put posix on nfs4 policy refuse kernel -> changed`,

  // --- unlocking and converting
  'what its owner has locked as strongly is locked already, and more is not': `${served}
    A locks f posix read 0-9
    fs locks f
    A locks f posix read 2-3 -> held read 0-9 backed
    asked f -> held read 0-9; wants nothing
    fs locks f
    A locks f posix read 5-19 -> waiting read 5-19
    fs locks f
    asked f -> nothing
    A locks f posix write 5-9 -> waiting write 5-9
    fs locks f
    asked f -> nothing
    A locks f posix write 5-25 -> waiting write 5-25
    fs locks f
    asked f -> nothing
    ranges f -> A posix read 0-4, A posix write 5-25`,
  'where reading takes the place of writing after a wait, the fileserver is told': `${served}
    A locks f posix write 0-9
    fs locks f
    A locks f posix read 0-19 -> waiting read 0-19
    fs locks f
    asked f -> held read 0-19; wants nothing`,
  'an unlock is in the table first, and the fileserver is told what is left': `${served}
    A locks f posix write 0-99
    fs locks f
    A unlocks f posix 40-49 -> unlocked
    asked f -> held write 0-39, write 50-99; wants nothing
    fs locks f
    A unlocks f posix 0-99 -> unlocked
    asked f -> held nothing; wants nothing
    dependents exports posix -> files f
    fs locks f
    dependents exports posix -> none`,
  'going down needs no answer, going up does, and keeps what there is if it is refused': `${served}
    A locks f posix write 0-9
    fs locks f
    A locks f posix read 0-9 -> held read 0-9 backed
    asked f -> held read 0-9; wants nothing
    fs locks f
    A locks f posix write 0-9 -> waiting write 0-9
    fs locks f but range_held_at_fileserver
    ranges f -> A posix read 0-9`,
  'a flock that is converted is asked for, and is gone if that is refused': `${served}
    A locks f flock read -> waiting read
    asked f -> held nothing; wants read flock
    fs locks f
    A locks f flock write -> waiting write
    fs locks f but range_held_at_fileserver
    ranges f -> nothing`,
  'what was locked for a request that has gone is unlocked again': `${served}
    A locks f posix write 0-9 wait 30s
    A drops f -> dropped
    fs locks f
    asked f -> held nothing; wants nothing
    fs locks f
    dependents exports posix -> none`,
  'the end of a session unlocks at the fileserver': `${served}
    A locks f posix write 0-9
    fs locks f
    A ends
    asked f -> held nothing; wants nothing
    fs locks f
    dependents exports posix -> none`,

  // --- no answer, and other adapters
  'no answer refuses, and the fileserver is asked again for what there is': `${served}
    A locks f posix write 0-9 -> waiting write 0-9
    fs unheard f
    records -> dropped A fileserver_timeout
    asked f -> nothing
    tick 1s
    asked f -> held nothing; wants nothing
    fs locks f
    dependents exports posix -> none`,
  'an answer of an older ask is not taken': `${served}
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    fs locks f again but range_held_at_fileserver -> ok
    fs locks f -> no longer awaited
    A lock f -> waiting write 0-9
    asked f -> nothing`,
  'a pin on an export, and a connection, are no reason to keep its ranges where they are': `
    export posix
    formats
    session A 300s
    pin A on exports posix
    A connects posix
    put posix on posix policy refuse kernel -> changed`,
  'an ask that is not answered is sent again': `${served}
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    asked f -> held nothing; wants write 0-9
    fs locks f again but range_held_at_fileserver
    tick 1s
    tick 30s
    fs locks f
    A lock f -> held write 0-9 backed`,
  'a new adapter is told all, and what it cannot lock is lost': `${served}
    A locks f posix write 0-9
    fs locks f
    fs successor i2 -> ok
    A lock f -> held write 0-9
    asked f -> held write 0-9; wants nothing
    fs dead i1
    fs locks f
    A lock f -> held write 0-9 backed
    fs successor i3 -> ok
    fs dead i2
    records
    fs locks f lost
    A lock f -> no no_such_lock
    records -> taken A fileserver_lost`,
  'what an earlier adapter may still have is tried again until it is dead': `${served}
    A locks f posix write 0-9
    fs locks f
    fs successor i2 -> ok
    fs locks f lost
    A lock f -> held write 0-9
    asked f -> nothing
    tick 1s
    asked f -> held write 0-9; wants nothing
    fs dead i1
    fs locks f lost
    A lock f -> no no_such_lock`,
  'an adapter that cannot lock ranges holds none of them': `${served}
    A locks f posix write 0-9
    fs locks f
    fs registers i2 -> ok i1
    fs reports nothing -> 0 adopted
    A lock f -> no no_such_lock
    records -> locked A write in turn, taken A fileserver_lost
    A locks f posix write 0-9 -> no ranges_unsupported
    dependents exports posix -> none`,
  'after a restore nothing is backed before the fileserver has locked it anew': `${served}
    A locks f posix write 0-9
    fs locks f
    A lock f -> held write 0-9 backed
    doubted
    A lock f -> held write 0-9
    fs reports nothing
    asked f -> held write 0-9; wants nothing
    fs locks f
    A lock f -> held write 0-9 backed`,
  'without an adapter nothing is locked, and nothing is backed': `${served}
    A locks f posix write 0-9
    fs locks f
    tick 100ms
    fs stops
    A lock f -> held write 0-9
    B locks f posix write 20-29 -> no no_backend
    A locks f posix write 0-9 -> held write 0-9
    A unlocks f posix 0-9 -> unlocked`,
  'what an adapter has locked and nobody knows of is unlocked': `${served}
    fs reports f none ranges -> 0 adopted
    asked f -> held nothing; wants nothing
    fs locks f
    dependents exports posix -> none`,

  // --- an administrator vouches that the fileserver holds nothing it should not
  'what is held is asked for again when an administrator lets go of the file': `${served}
    A locks f posix write 0-9
    fs locks f
    session C 300s
    C reads f -> pending read
    fs has f read
    asked f -> nothing
    C forced f unfenced -> ok
    asked f -> held write 0-9; wants nothing
    A lock f -> held write 0-9 backed
    fs locks f -> ok
    asked f -> nothing`,
  'an ask in flight is not waited for after an administrator has let go of the file': `${served}
    A locks f posix write 0-9
    fs locks f
    session C 300s
    C reads f -> pending read
    fs has f read
    B locks f posix write 20-29 wait 60s -> waiting write 20-29
    A unlocks f posix 0-9
    asked f -> held write 0-9; wants write 20-29
    C forced f unfenced -> ok
    asked f -> held nothing; wants write 20-29`,
  'what was unlocked is still unlocked at a fileserver that is there after an administrator has let go of the file': `${served}
    A locks f posix write 0-9
    fs locks f
    session C 300s
    C reads f -> pending read
    fs has f read
    A unlocks f posix 0-9
    C forced f unfenced -> ok
    dependents exports posix -> files f
    fs locks f -> ok
    dependents exports posix -> none`,
  'nothing is left of a file whose fileserver is gone after an administrator has let go of it': `${served}
    A locks f posix write 0-9
    fs locks f
    session C 300s
    C reads f -> pending read
    fs has f read
    fs dies
    tick 10s
    A unlocks f posix 0-9
    dependents exports posix -> files f
    C forced f unfenced -> ok
    dependents exports posix -> none`,
  'ranges outlive an administrator that lets go of the file while its fileserver is gone': `${served}
    A locks f posix write 0-9
    fs locks f
    session C 300s
    C reads f -> pending read
    fs has f read
    fs dies
    tick 10s
    C forced f unfenced -> ok
    fs beats i1
    A lock f -> held write 0-9 backed
    asked f -> held write 0-9; wants nothing`,

  // --- what holders are told
  'holders of ranges are told when these are in doubt, and when the fileserver certainly has them again': `${served}
    A locks f posix write 0-9
    fs locks f
    told
    fs dies
    tick 10s
    told -> jeopardy posix of ranges, too, by fileserver_lost
    A lock f -> held write 0-9
    fs beats i1
    told -> reclaimed posix, reclaimed A f range write
    A lock f -> held write 0-9 backed
    B locks f posix write 20-29
    fs locks f
    told -> locked B f write in turn
    fs successor i2 -> ok
    told -> nothing
    fs dead i1
    told -> nothing
    fs locks f
    told -> reclaimed A f range write, reclaimed B f range write
    fs stops
    told -> jeopardy posix of ranges, too, by fileserver_stopped
    fs successor i3 -> ok
    told -> nothing
    fs locks f lost`,
  'a range of which nothing was in doubt is not reported, and of a table without backing nobody': `
    export posix
    session A 300s
    A locks f posix write 0-9
    told
    fs dies
    tick 10s
    told -> jeopardy posix by fileserver_lost
    fs beats i1
    told -> reclaimed posix`,

  // --- questions (F_GETLK)
  'what nobody has in the table is asked about at the fileserver, and what somebody has is not': `${served}
    B tests f posix write 0-9 -> free here, f to be asked about
    A locks f posix write 0-9
    fs locks f
    B tests f posix write 5-6 -> A posix write 0-9
    B tests f posix write 20-29 -> free here, f to be asked about
    A tests f posix write 0-9 -> free
    A tests f posix write 0-19 -> free here, f to be asked about`,
  'nobody says that a range is free while its fileserver cannot be asked': `${served}
    A locks f posix write 0-9
    fs locks f
    fs stops
    B tests f posix write 0-9 -> A posix write 0-9
    B tests f posix write 20-29 -> no no_backend
    B tests g posix write 20-29 -> no no_backend
    A tests f posix write 0-9 -> free
    fs registers i2 -> ok i1
    fs reports nothing -> 0 adopted
    B tests g posix write 20-29 -> no ranges_unsupported`,

  // --- the setting
  'the setting is refused where it cannot be true, or while anything is held': `
    export posix
    put posix on posix policy refuse kernel -> no ranges_unsupported
    formats
    put posix on posix policy refuse kernel -> changed
    details posix
    session A
    A locks f posix write 0-9
    put posix on posix policy refuse -> no ranges_in_use: files f
    fs locks f
    A unlocks f posix 0-9
    fs locks f
    put posix on posix policy refuse -> changed
    A locks f posix write 0-9 -> held write 0-9`,
  'the setting is refused of an adapter that cannot lock ranges, and not before there is one': `
    export posix
    formats
    fs registers i2 -> ok i1
    fs reports nothing -> 0 adopted
    put posix on posix policy refuse kernel -> no ranges_unsupported
    put other on posix policy refuse kernel -> created`,
  'a file has no more ranges than one ask can name': `${served}
    limits rangesMax 3
    fs reports nothing
    A locks f posix write 0-9
    fs locks f
    A locks f posix write 20-29
    fs locks f
    A locks f posix write 40-49 -> no file_ranges_max`,
};
