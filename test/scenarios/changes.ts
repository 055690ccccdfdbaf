/**
 * Changes other than opens: truncate, unlink, rename, link, setattr, and names in a directory (semantics.md §3,
 * fs/locks.c).
 */
export const changes: Record<string, string> = {
  'a change of a file that nobody holds happens at once and leaves nothing behind': `
    export local
    session A
    A truncates f -> done
    A unlinks f -> done
    A renames f wait 60s -> done
    A enters d -> done
    files -> 0
    records -> changed A truncate, changed A unlink, changed A rename, changed A entries`,
  'a truncation breaks leases and goes on after the last answer': `
    export local
    session A
    session B
    session W
    A reads f -> active read
    B wants f read -> active read
    W truncates f -> no break_started
    blockers -> A read breaking, B delegation read breaking
    W truncates f wait 60s -> waiting
    W why f -> break_started, 0 ahead: A read breaking, B delegation read breaking
    tree f -> A lease read breaking [W truncate], B delegation read breaking
    A releases f -> released
    B returns f -> released
    W cancels f -> over
    records -> granted A read, granted B read, break to none, released A, released B, changed W truncate in turn`,
  'a change goes on at the deadline of the break': `
    export local break 10s
    session A 300s
    session W 300s
    A writes f -> active write
    W truncates f wait 60s -> waiting
    tick 10s
    A has f -> revoked
    W cancels f -> over
    records -> granted A write, break to none, revoked, changed W truncate in turn, revoked A`,
  'a change gives up before the deadline, and the break continues': `
    export local break 10s
    session A 300s
    session W 300s
    A writes f -> active write
    W truncates f wait 5s -> waiting
    tick 5s
    records -> granted A write, break to none, dropped W wait_elapsed
    A has f -> breaking write to none
    W truncates f wait 60s -> waiting
    W cancels f -> cancelled
    A has f -> breaking write to none
    tick 5s
    A has f -> revoked`,
  'a repeated change that is still waiting is the same request': `
    export local
    session A
    session W
    A writes f -> active write
    W truncates f wait 60s -> waiting
    W truncates f wait 60s again -> waiting
    W unlinks f wait 60s again -> no id_reused_with_other_body
    tree f -> A lease write breaking [W truncate]
    A releases f -> released
    records -> granted A write, break to none, released A, changed W truncate in turn`,
  'a change leaves its owner’s holds alone and breaks the others': `
    export local
    session A
    session B
    A reads f -> active read
    B reads f -> active read
    A truncates f wait 60s -> waiting
    A has f -> active read
    B has f -> breaking read to none
    B releases f -> released
    A cancels f -> over
    A has f -> active read`,
  'two sessions that change the same file both lose their leases': `
    export local
    session A
    session B
    A reads f -> active read
    B reads f -> active read
    A truncates f wait 60s -> waiting
    B truncates f wait 60s -> waiting
    A has f -> breaking read to none
    B has f -> breaking read to none
    A releases f -> released
    A why f -> break_started, 0 ahead: B read breaking
    B releases f -> released
    A cancels f -> over
    B cancels f -> over`,
  'an open that denies writing denies truncation, and no other change': `
    export local
    session A
    session B
    A opens f read denying write -> open
    B truncates f -> no share_denied
    blockers -> A read denying write open
    B setattrs f -> done
    B unlinks f -> done
    B renames f -> done
    B truncates f wait 60s -> waiting
    B why f -> share_denied, 0 ahead: A read denying write open
    tree f -> A open read denying write [B truncate]
    A truncates f -> done
    A lowers f read -> read
    B cancels f -> over`,
  'a truncation waits its turn behind an open that denies writing': `
    export local
    session A
    session B
    session C
    A opens f write -> open
    B opens f read denying write wait 60s -> waiting
    C truncates f wait 60s -> waiting
    C why f -> queued, 1 ahead: B read denying write waiting
    C unlinks f -> done
    A closes f -> closed
    B open f -> open
    B closes f -> closed
    C cancels f -> over`,
  'no lease is granted while a change waits, nor during the lock delay after it': `
    export local
    session A 300s
    session B 300s
    session W 300s
    A writes f -> active write
    W truncates f wait 60s quiet 5s -> waiting
    B reads f -> no lease_conflict
    A releases f -> released
    W cancels f -> over
    B reads f -> no lock_delay
    B wants f read -> none CONTENTION
    B opens f read wanting read -> open with none CONTENTION
    tick 5s
    B reads f -> active read`,
  'the lock delay starts when the change happens, and applies to that file only': `
    export local
    session A 300s
    session W 300s
    W unlinks f quiet 3s -> done
    A reads f -> no lock_delay
    A reads g -> active read
    A opens f both denying both -> open
    A locks f posix write 0-9 -> held write 0-9
    tick 3s
    A writes f -> active write`,
  'an entry of a directory breaks the delegation of the directory': `
    export local directories
    session A
    session B
    session W
    A wants d read directory -> active read
    B wants d read directory -> active read
    W enters d wait 60s -> waiting
    A delegation d -> breaking read to none
    A returns d -> released
    B returns d -> released
    W cancels d -> over
    A wants d read directory -> none CONTENTION`,
  'a rename is four changes, each of which asks the holders it concerns': `
    export local directories
    session A
    session B
    session W
    A wants f read -> active read
    B wants d read directory -> active read
    W renames f wait 60s -> waiting
    W unlinks g -> done
    W enters d wait 60s -> waiting
    W enters e -> done
    A returns f -> released
    W cancels f -> over
    B returns d -> released
    W cancels d -> over`,
  'the session of a change ends or expires while the change waits': `
    export local
    session A 300s
    session W
    session V 5s
    A writes f -> active write
    W truncates f wait 60s -> waiting
    V truncates f wait 60s -> waiting
    W ends -> ended
    tick 5s
    V is -> expired
    A has f -> breaking write to none
    tree f -> A lease write breaking`,
  'the holder dies while a change waits': `
    export local
    session A 5s
    session W 300s
    A wants f write -> active write
    W unlinks f wait 60s -> waiting
    tick 5s
    W cancels f -> over
    A is -> expired`,
  'a truncation waits until the fileserver has released its hold': `
    export posix
    session A
    session W
    A writes f -> pending write
    fs has f write
    W truncates f wait 60s -> waiting
    A releases f -> released
    W why f -> fencing, 0 ahead: nobody
    asks -> f none
    fs has f none
    W cancels f -> over`,
  'a truncation cancels a request to the fileserver that is under way, an unlink does not': `
    export posix
    session A
    session W
    A reads f -> pending read
    W unlinks f -> done
    A has f -> pending read
    W truncates f wait 60s -> waiting
    A has f -> no no_such_lease
    fs has f read
    asks -> f none
    fs has f none
    W cancels f -> over`,
  'a change of a name breaks delegations and no leases': `
    export local
    session A
    session B
    session W
    A reads f -> active read
    B wants f read -> active read
    W unlinks f wait 60s -> waiting
    W why f -> break_started, 0 ahead: B delegation read breaking
    tree f -> A lease read active, B delegation read breaking [W unlink]
    A has f -> active read
    B returns f -> released
    W cancels f -> over`,
  'the lock delay after an expired session does not shorten a longer one that a change has started': `
    export local delay 1s
    session A 5s
    session B 300s
    A writes f -> active write
    A unlinks f quiet 30s
    tick 8s
    B reads f -> no lock_delay
    tick 20s
    B reads f -> no lock_delay
    tick 2s
    B reads f -> active read`,
};
