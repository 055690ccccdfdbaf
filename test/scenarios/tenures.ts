/** How long a live holder may hold (semantics.md §6). */
const scenarios: Record<string, string> = {
  'a lease ends when its holder has had it for as long as it asked, though nobody wants it': `
    A writes f for 10s -> active write
    A until f -> 10s of 10s
    tick 9s
    A has f -> active write
    A until f -> 1s of 10s
    A checks f write -> valid
    records -> granted A write
    tick 1s
    A has f -> revoked
    A checks f write before -> no token_old
    told -> revoked A f by max_hold
    A writes f -> no lease_revoked
  `,
  'whoever waits for it is granted it then, at the latest': `
    A writes f for 10s -> active write
    B writes f wait 60s -> waiting write
    tick 9s
    B has f -> waiting write
    tick 1s
    A has f -> revoked
    B has f -> active write
    B until f -> no end
  `,
  'a break does not prolong it': `
    A writes f for 10s -> active write
    B opens f read wait 60s -> waiting
    A has f -> breaking write to read
    tick 10s
    A has f -> revoked
    B open f -> open
  `,
  'of several readers each has its own end': `
    A reads f for 10s -> active read
    B reads f for 20s -> active read
    C reads f -> active read
    tick 10s
    A has f -> revoked
    B has f -> active read
    tick 10s
    B has f -> revoked
    C has f -> active read
  `,
  'it begins with the first grant, not with the wait; conversions and repeats do not move it': `
    B writes f -> active write
    A reads f for 10s wait 60s -> waiting read
    A until f -> no end of 10s
    tick 20s
    B releases f -> released
    A until f -> 10s of 10s
    tick 4s
    A reads f for 10s again -> active read
    A writes f -> active write
    A reads f -> active read
    A until f -> 6s of 10s
    tick 6s
    A has f -> revoked
  `,
  'whoever releases it and asks again begins anew, behind those who wait': `
    A writes f for 10s -> active write
    B writes f for 10s wait 60s -> waiting write
    tick 9s
    A releases f -> released
    B has f -> active write
    A writes f anew for 10s wait 60s -> waiting write
    tick 10s
    A has f -> active write
    A until f -> 10s of 10s
  `,
  'an upgrade that waits is over with it': `
    A reads f for 10s -> active read
    B reads f -> active read
    A writes f wait 60s -> active read waiting write
    records
    tick 10s
    A has f -> revoked
    told -> dropped A f by max_hold, revoked A f by max_hold
    B releases f -> released
    A has f -> revoked
  `,
  'the export has a limit: for requests that say nothing, and above which none may ask': `
    export local
    session A 300s
    session B 300s
    put local on local hold 20s -> changed
    details local -> up break 45s 0s 0s, adapter /0.0, counts 0 0 0, hold 20s, local
    A writes f -> active write
    A until f -> 20s
    A writes g for 5s -> active write
    A until g -> 5s of 5s
    A writes h for 21s -> no hold_too_long
    A allocates h for 21s -> no hold_too_long
    A allocates h for 20s -> allocated
    A writes h -> active write
    A until h -> 20s of 20s
    A takes s of 1 for 21s -> no hold_too_long
    A takes s of 1 -> held
    A keeps s -> 20s
    tick 20s
    A has f -> revoked
    A permit s -> no no_such_lock
  `,
  'a limit of the export that changes is for later grants': `
    export local
    session A 300s
    A allocates f for 60s -> allocated
    A writes g -> active write
    put local on local hold 20s -> changed
    A until g -> no end
    A writes f -> active write
    A until f -> 20s of 60s
    put local on local -> changed
    A until f -> 20s of 60s
    tick 20s
    A has f -> revoked
    A has g -> active write
  `,
  'a permit ends the same way, and the next in line has it': `
    A takes s of 1 for 10s -> held
    B takes s of 1 wait 60s -> waiting
    A keeps s -> 10s of 10s
    A guards s -> held
    tick 10s
    A guards s before -> no token_old
    A permit s -> no no_such_lock
    B permit s -> held
    B keeps s -> no end
    A takes s of 1 for 10s again -> no lock_over
    told -> permitted A s, surrendered A s max_hold by max_hold, permitted B s in turn
  `,
  'of hundreds that end at once none is valid any longer, though not all are cleared yet': `
    limits sessionLocksMax 1000
    many A 300 reads f for 2s -> active read
    many A 300 takes s of 300 for 2s -> held
    many A 300 checks f read -> valid
    many A 300 guards s -> held
    outage 2s
    A.150 has f -> revoked
    A.151 writes f -> no lease_revoked
    many A 300 guards s before -> no token_old
    many A 300 checks f read before -> no token_old
  `,
  'the time of an outage does not count': `
    A writes f for 10s -> active write
    tick 5s
    outage 60s
    A until f -> 5s of 10s
    tick 5s
    A has f -> revoked
  `,
  'the wall clock may be set: the end does not move': `
    A writes f for 10s -> active write
    wall +60m
    A until f -> 10s of 10s
    tick 10s
    A has f -> revoked
  `,
  'with a fileserver, others wait until it has confirmed': `
    export posix break 45s
    session A 300s
    session B 300s
    A writes f for 10s -> pending write
    fs has f write -> ok
    A until f -> 10s of 10s
    B reads f -> no lease_conflict
    A checks f write -> valid
    tick 10s
    A has f -> fencing
    A checks f write before -> no token_old
    B reads f -> no fencing
    fs has f none -> ok
    A has f -> revoked
    B reads f -> pending read
  `,
  'delegations, opens, ranges and locks in modes have no such end': `
    export local
    session A 300s
    put local on local hold 10s -> changed
    A wants f read -> active read
    A opens g write -> open
    A locks h posix write 0-9 -> held write 0-9
    A enq r EX -> granted EX
    tick 20s
    A delegation f -> active read
    A open g -> open
    A lock h -> held write 0-9
    A at r -> granted EX
  `,
};

const begin = `
    export local
    session A 300s
    session B 300s
    session C 300s`;
export const tenures = Object.fromEntries(
  Object.entries(scenarios).map(([title, text]) => [title, text.includes('session A') ? text : begin + text]),
);
