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
};
