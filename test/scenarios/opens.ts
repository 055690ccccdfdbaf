/**
 * Opens: access and deny, changes in place, and what they do to leases (semantics.md §3; RFC 8881 §9.7, RFC 8881
 * §18.16 to RFC 8881 §18.18).
 */

const accesses = ['read', 'write', 'both'] as const;
const denies = ['none', 'read', 'write', 'both'] as const;
const meets = (deny: string, access: string): boolean =>
  deny !== 'none' && (deny === 'both' || access === 'both' || deny === access);

/** Every open combined with every open of another owner, by the rule of the RFC and not by our matrix. */
const pairs: Record<string, string> = {};
for (const access of accesses) {
  for (const deny of denies) {
    const lines = ['export local', 'session A', 'session B', 'session C'];
    for (const other of accesses) {
      for (const denied of denies) {
        const file = `${other}-${denied}`;
        const refused = meets(deny, other) || meets(denied, access);
        lines.push(
          `A opens ${file} ${access} denying ${deny} -> open`,
          `B opens ${file} ${other} denying ${denied} -> ${refused ? 'no share_denied' : 'open'}`,
          `C opens ${file} ${other} denying ${denied} -> ${refused || meets(denied, other) ? 'no share_denied' : 'open'}`,
        );
      }
    }
    pairs[`${access} denying ${deny} beside every open of another`] = lines.join('\n');
  }
}

export const opens: Record<string, string> = {
  ...pairs,
  'a deny mode denies others only, never its own owner': `
    export local
    session A
    session B
    A opens f both denying both -> open
    A opens f@2 both -> open
    A opens f@3 read denying write -> open
    B opens f read -> no share_denied
    blockers -> A both denying both open
    A closes f -> closed
    B opens f read -> open
    B closes f -> closed
    B opens f write -> no share_denied
    blockers -> A read denying write open`,
  'a refused open breaks nobody': `
    export local
    session A
    session B
    session W
    A opens f read denying write -> open
    B reads f -> active read
    W opens f write -> no share_denied
    W opens f write wait 60s -> waiting
    B has f -> active read
    records -> opened A, granted B read
    A closes f -> closed
    B has f -> breaking read to none
    W why f -> break_started, 0 ahead: B read breaking
    B acknowledges f none -> released
    W open f -> open`,
  'a wait for an open that denies ends when that closes, oldest first': `
    export local
    session A
    session B
    session C
    A opens f both denying both -> open
    B opens f write wait 60s -> waiting
    C opens f read wait 60s -> waiting
    B why f -> share_denied, 0 ahead: A both denying both open
    C why f -> share_denied, 1 ahead: A both denying both open
    tree f -> A open both denying both [B open write, C open read]
    A closes f -> closed
    B open f -> open
    C open f -> open
    records -> opened A, closed A, opened B in turn, opened C in turn`,
  'a repeated request finds its open, also while that waits': `
    export local
    session A
    session B
    A opens f both denying both -> open
    A opens f both denying both again -> open
    B opens f write wait 60s -> waiting
    B opens f write wait 60s again -> waiting
    B why f -> share_denied, 0 ahead: A both denying both open
    B opens f read again -> no id_reused_with_other_body
    A closes f -> closed
    B opens f write again -> open
    records -> opened A, closed A, opened B in turn`,
  'a late repeat is told how the open ended, and makes no new one': `
    export local
    session A
    session B
    A opens f both denying both -> open
    B opens f write wait 60s -> waiting
    B closes f -> closed
    A closes f -> closed
    A opens f both denying both again -> no open_closed
    A opens f read again -> no id_reused_with_other_body
    B opens f write wait 60s again -> no open_closed
    tree f -> nothing
    A opens f both denying both -> open
    A reopens f read -> both denying both
    A closes f -> closed
    A reopens f read -> read
    A closes f -> closed
    A ends -> ended
    A opens f read again -> no session_expired`,
  'a request whose wait has elapsed may be repeated': `
    export local
    session A
    session B
    A opens f both denying both -> open
    B opens f write wait 5s -> waiting
    tick 6s
    A closes f -> closed
    B opens f write wait 5s again -> open`,
  'a session remembers the last 256 opens that ended': `
    export local
    session A
    A opens g read -> open
    A closes g -> closed
    ${'A opens f read -> open\n    A closes f -> closed\n    '.repeat(255)}A opens g read again -> no open_closed
    A opens f read -> open
    A closes f -> closed
    A opens f read again -> no open_closed
    A opens g read again -> open`,
  // --- in place
  'an open is upgraded and lowered in place': `
    export local
    session A
    session B
    A opens f read -> open
    A seqid f -> 1
    A reshares f both denying write -> both denying write
    A seqid f -> 2
    B opens f write -> no share_denied
    A lowers f read denying write -> read denying write
    B opens f write -> no share_denied
    A lowers f read -> read
    A seqid f -> 4
    B opens f write -> open
    tree f -> A open read, B open write`,
  'a downgrade may not ask for more than the open has': `
    export local
    session A
    A opens f read denying write -> open
    A lowers f both -> no above_present
    A lowers f read denying both -> no above_present
    A lowers f write denying none -> no above_present
    A share f -> read denying write
    A seqid f -> 1`,
  'a second open by the same owner merges with the first': `
    export local
    session A
    session B
    A opens f read denying write -> open
    A reopens f write -> both denying write
    A reopens f read denying read -> both denying both
    B opens f read -> no share_denied
    blockers -> A both denying both open
    A closes f -> closed
    B opens f read -> open
    files -> 1`,
  'an upgrade that another open denies leaves everything as it was': `
    export local
    session A
    session B
    A opens f read -> open
    B opens f read denying write -> open
    A reshares f both -> no share_denied
    blockers -> B read denying write open
    A share f -> read
    A reshares f read denying read -> no share_denied
    A share f -> read
    A seqid f -> 1
    A reopens f write -> no share_denied
    A share f -> read`,
  'an open whose upgrade waits stays as it is until the grant': `
    export local
    session A
    session B
    A opens f read -> open
    B opens f read denying write -> open
    A reshares f both wait 60s -> read waiting both
    A open f -> open
    A why f -> share_denied, 0 ahead: B read denying write open
    tree f -> A open read, B open read denying write [A open both]
    B closes f -> closed
    A share f -> both
    A seqid f -> 2
    records -> opened A, opened B, closed B, opened A in turn`,
  'an upgrade is withdrawn, or its wait elapses, and the open is still there': `
    export local
    session A 300s
    session B 300s
    A opens f read -> open
    B opens f read denying write -> open
    A reshares f both wait 60s -> read waiting both
    A cancels f -> cancelled
    A share f -> read
    A reshares f both wait 5s -> read waiting both
    tick 5s
    A share f -> read
    A reshares f both wait 5s -> read waiting both
    A lowers f read -> read
    B closes f -> closed
    A share f -> read
    records -> opened A, opened B, dropped A cancelled, dropped A wait_elapsed, dropped A cancelled, closed B`,
  'a repeated upgrade keeps its place in the queue; a different one replaces it': `
    export local
    session A 300s
    session B 300s
    session C 300s
    A opens f read -> open
    C opens f read -> open
    B opens f read denying write -> open
    A reshares f both wait 60s -> read waiting both
    C reshares f both wait 60s -> read waiting both
    A reshares f both wait 60s -> read waiting both
    A why f -> share_denied, 0 ahead: B read denying write open
    records -> opened A, opened C, opened B
    A reshares f write wait 60s -> read waiting write
    A why f -> share_denied, 1 ahead: B read denying write open
    records -> dropped A cancelled
    B closes f -> closed
    A share f -> write
    C share f -> both`,
  'closing an open ends its waiting upgrade': `
    export local
    session A
    session B
    session C
    A opens f read -> open
    B opens f read denying write -> open
    A reshares f both denying read wait 60s -> read waiting both denying read
    C opens f read wait 60s -> waiting
    A closes f -> closed
    C open f -> open
    B closes f -> closed
    tree f -> C open read`,
  'a downgrade lets in an open that waits for it': `
    export local
    session A
    session B
    session C
    A opens f both denying both -> open
    B opens f read wait 60s -> waiting
    C opens f write wait 60s -> waiting
    A lowers f both denying write -> both denying write
    B open f -> open
    C open f -> waiting
    A lowers f both -> both
    C open f -> open`,
  // --- opens and leases
  'an upgrade to write breaks leases, and so does one to deny reading': `
    export local
    session A
    session B
    A opens f read -> open
    B reads f -> active read
    A reshares f read denying write -> read denying write
    B has f -> active read
    A reshares f read denying both wait 60s -> read denying write waiting read denying both
    B has f -> breaking read to none
    B acknowledges f none -> released
    A share f -> read denying both
    A opens g read -> open
    B reads g -> active read
    A reshares g both -> no break_started
    B has g -> breaking read to none
    A share g -> read`,
  'an open that denies reading keeps out the leases of others': `
    export local
    session A
    session B
    A opens f read denying read -> open
    B reads f -> no open_conflict
    blockers -> A read denying read open
    B writes f -> no open_conflict
    A reads f -> active read
    A lowers f read -> read
    B reads f -> active read`,
  'a requested lease waits for the open to close': `
    export local
    session A
    session B
    A opens f write -> open
    B reads f wait 60s -> waiting read
    B why f -> open_conflict, 0 ahead: A write open
    tree f -> A open write [B lease read]
    A closes f -> closed
    B has f -> active read
    records -> opened A, closed A, granted B read in turn`,
  'a lease that would wait for its owner’s own open is refused as a deadlock': `
    export local
    session A
    A opens f write -> open
    A reads f wait 60s -> no deadlock
    cycle -> A f
    A closes f -> closed
    A reads f wait 60s -> active read`,
  'a downgrade to read makes room for the owner’s read lease': `
    export local
    session A
    A opens f both -> open
    A reads f -> no open_conflict
    A lowers f read -> read
    A reads f -> active read
    A reshares f both -> both
    A has f -> active read`,
  'an open by another owner of the same session conflicts like any other': `
    export local
    session A
    A.x writes f -> active write
    A.y opens f read -> no break_started
    blockers -> A.x write breaking
    A.x opens f read -> open
    A.x acknowledges f read -> active read
    A.y opens f read -> open
    A.y opens f@2 write denying read -> no share_denied
    blockers -> A.x read open`,
  'an open for reading that comes during a break to read waits only for that break': `
    export local
    session A
    session R
    session D
    A writes f -> active write
    R opens f read wait 60s -> waiting
    D opens f read denying write wait 60s -> waiting
    A has f -> breaking write to read
    A acknowledges f read -> active read
    R open f -> open
    D open f -> open
    A has f -> active read`,
  'a holder whose own open denies is broken only when it no longer denies': `
    export local
    session A
    session B
    A writes f -> active write
    A opens f both denying both -> open
    B opens f read wait 60s -> waiting
    A has f -> active write
    B why f -> share_denied, 0 ahead: A both denying both open
    A closes f -> closed
    A has f -> breaking write to read
    A acknowledges f read -> active read
    B open f -> open`,
  // --- ends
  'the opens of a session end with it, granted or waiting': `
    export local
    session A
    session B 300s
    session C 300s
    A opens f both denying both -> open
    A opens f@2 read -> open
    B opens f write wait 60s -> waiting
    A ends -> ended
    B open f -> open
    C opens g read denying both -> open
    B opens g read wait 60s -> waiting
    B ends -> ended
    tree g -> C open read denying both
    tree f -> nothing`,
  'an expired session closes what it had and leaves the queue': `
    export local delay 10s
    session A 5s
    session B 300s
    session C 5s
    A opens f read denying write -> open
    C opens f write wait 60s -> waiting
    B opens f write wait 60s -> waiting
    tick 5s
    B open f -> open
    tree f -> B open write
    A open f -> no no_such_open`,
  'an administrator closes an open': `
    export local
    session A
    session B
    A opens f read denying both -> open
    B opens f read wait 60s -> waiting
    A forced f -> ok
    A open f -> no no_such_open
    B open f -> open`,
  'an open is kept while a lock under it is held, no matter who its owner is': `
    export local
    session A
    A opens f both -> open
    A locks f posix write 0-9 -> held write 0-9
    A.x locks f posix write 10-19 under A -> held write 10-19, seqid 1
    A closes f -> no locks_held
    A open f -> open
    A.x unlocks f posix 0-EOF -> unlocked
    A closes f -> closed
    A.x stateid f -> no no_such_lock`,
  'the locks of an owner on a file have one stateid, whose seqid moves with every answer': `
    export local
    session A
    session B
    A opens f both -> open
    A opens g both -> open
    A.x locks f posix write 0-9 under A -> held write 0-9, seqid 1
    A.x locks f posix write 20-29 showing 1 -> held write 20-29, seqid 2
    A.x locks f posix write 40-49 showing 1 -> no seqid_old
    A.x locks f posix write 40-49 showing 3 -> no no_such_lock
    A.x locks f posix read 40-49 showing 0 -> held read 40-49, seqid 3
    B locks f posix write 0-9 wait 60s -> waiting write 0-9
    A.x stateid f -> held
    A.x unlocks f posix 0-9 showing 2 -> no seqid_old
    A.x unlocks f posix 0-9 showing 3 -> unlocked, seqid 4
    A.x frees-stateid f -> no locks_held
    A.x unlocks f posix 0-EOF showing 4 -> unlocked, seqid 5
    A.x frees-stateid f -> freed
    A.x stateid f -> no no_such_lock
    A.x locks f posix write 40-49 showing 5 -> no no_such_lock
    A.x locks g posix read 0-9 under A -> held read 0-9, seqid 1
    A.y locks f posix read 50-59 under A -> held read 50-59, seqid 1`,
  'a lock needs an open with its access': `
    export local
    session A
    A opens f read -> open
    A opens g write -> open
    A.x locks f posix write 0-9 under A -> no open_mode
    A.x locks f posix read 0-9 under A -> held read 0-9, seqid 1
    A.x locks f posix write 0-9 showing 1 -> no open_mode
    A.x locks g posix read 0-9 under A -> no open_mode
    A.x locks g posix write 0-9 under A -> held write 0-9, seqid 1`,
  'a lock that waits is no less under its open': `
    export local
    session A
    session B
    B locks f posix write 0-9 -> held write 0-9
    A opens f both -> open
    A.x locks f posix write 0-9 under A wait 60s -> waiting write 0-9
    B unlocks f posix 0-9 -> unlocked
    A closes f -> no locks_held
    A.x locks f posix write 0-9 under A -> held write 0-9, seqid 1`,
  'an owner that opens a file again after it was closed gets another open': `
    export local
    session A
    A reopens f read -> read
    A reopens f write -> both
    A seqid f -> 2
    A reopens f read -> both
    A seqid f -> 3
    A closes f -> closed
    A reopens f read -> read
    A seqid f -> 1`,
  'OPEN_DOWNGRADE goes back to a union of some of the OPENs': `
    export local
    session A
    A reopens f both -> both
    A downgrades f read -> no not_a_union
    A reopens f read -> both
    A downgrades f write -> no not_a_union
    A downgrades f read -> read
    A downgrades f both -> no not_a_union
    A reopens f write denying write -> both denying write
    A downgrades f both -> no not_a_union
    A downgrades f write denying write -> write denying write
    A reopens f read denying read -> both denying both
    A reopens f read -> both denying both
    A downgrades f both denying write -> both denying write
    A downgrades f read -> read
    A seqid f -> 9
    A closes f -> closed`,
  'opens with many deny modes come and go, and the counters return to zero': `
    export local
    session A
    session B
    A opens f read denying write -> open
    A opens f@2 both denying read -> open
    A.x opens g write denying both -> open
    A reshares f both denying both -> both denying both
    A lowers f@2 write -> write
    A closes f -> closed
    B opens f read denying read -> open
    A closes f@2 -> closed
    B closes f -> closed
    B writes f -> active write
    A.x closes g -> closed
    B writes g -> active write
    B opens f both denying both -> open`,
  'a delegation comes with what an open is granted, not with what it waits for or is refused': `
    export local
    session A 300s
    session B 300s
    A opens f read -> open
    B opens f read denying write -> open
    A reopens f write wanting read -> no share_denied
    tree f -> A open read, B open read denying write
    A reopens f write wait 60s wanting read signal -> open with none CONTENTION
    tree f -> A open read, B open read denying write [A open both]
    B closes f
    A open f -> open with active read`,
  'an open that is opened again without a want keeps what came with it': `
    export local
    session A 300s
    A opens f read wanting read -> open with active read
    A reopens f read -> read
    A open f -> open with active read`,
  'a want of an open that is opened again is a new one': `
    export local
    session A 300s
    session B 300s
    A opens f read wanting read -> open with active read
    A returns f -> released
    B opens f write -> open
    A reopens f read wanting read signal -> open with none CONTENTION for now
    told
    B closes f
    told -> closed B f by holder, available A f read`,
  'an open reclaims its delegation in a grace period, even where it would not be offered one now': `
    limits graceMs 20000
    export local
    session A 300s
    session B 300s
    A wants f read -> active read
    A wants g read -> active read
    B unlinks f wait 10s -> waiting
    B unlinks g wait 10s -> waiting
    A returns f -> released
    A returns g -> released
    A opens f read wanting read -> open with none CONTENTION
    A opens g read -> open
    lost graceMs 20000
    A opens f@2 read wanting read reclaiming -> open with active read
    A reopens g read wanting read reclaiming -> open with active read`,
  'what an open wants when it asks again while it waits is what it gets in its turn': `
    export local
    session A 300s
    session B 300s
    A opens f read wanting read -> open with active read
    A returns f -> released
    B opens f read denying write -> open
    A reopens f write wait 60s wanting read -> open with none CONTENTION
    B closes f
    A opens g read -> open
    B opens g read denying write -> open
    A reopens g write wait 60s -> read waiting both
    A reopens g write wait 60s wanting read -> open with none CONTENTION
    B closes g
    A open g -> open with active read`,
  'an owner does not wait behind its own request': `
    export local
    session A
    session B
    B opens f read denying write -> open
    A opens f write wait 60s -> waiting
    A opens f@2 read denying write -> open`,
};
