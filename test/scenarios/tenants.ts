/** What a session is told about the holds of another tenant: what conflicts and for how long, not whose it is. */
const start = `
    export local
    session A 300s of red
    session R 300s of red
    session B 300s of blue
    session N 300s`;

export const tenants: Record<string, string> = {
  'a lease of another tenant that blocks has no names': `${start}
    B writes f
    A reads f -> no lease_conflict
    blockers -> another-tenant write active
    N reads f -> no lease_conflict
    blockers -> another-tenant write active`,

  'within a tenant everything is told, as it is among sessions without one': `${start}
    session M 300s
    R writes f
    A reads f -> no lease_conflict
    blockers -> R write active
    N writes g
    M reads g -> no lease_conflict
    blockers -> N write active`,

  'an open of another tenant that refuses has no names': `${start}
    B opens f read denying both
    A opens f read -> no share_denied
    blockers -> another-tenant read denying both open`,

  'a wait behind another tenant is explained without names': `${start}
    B locks f posix write 0-9
    R locks f posix write 20-29
    A locks f posix write 0-29 wait 60s -> waiting write 0-29
    A why f -> range_conflict, 0 ahead: another-tenant posix write 0-9, R posix write 20-29
    A tests f ofd read 0-5 -> another-tenant posix write 0-9
    A tests f ofd read 20-29 -> R posix write 20-29`,

  'a lock in a mode of another tenant has no names': `${start}
    B enq r PW
    A enq r EX -> no mode_conflict
    blockers -> another-tenant PW granted`,

  'a lock that outlived a session of another tenant blocks, and is not adopted': `${start}
    session N2 300s
    B enq r PR persistent
    N enq s PR persistent
    B ends
    N ends
    A enq r EX -> no mode_conflict
    blockers -> another-tenant PR granted
    A enq r PR orphan -> no no_such_lock
    A enq r EX orphan -> no no_such_lock
    A enq s PR orphan -> no no_such_lock
    N2 enq r PR orphan -> no no_such_lock
    N2 enq s PR orphan -> granted PR
    session B2 300s of blue
    B2 enq r PR orphan -> granted PR
    B2 ends
    resource r -> granted nobody PR; converting; waiting; block none
    session B3 300s of blue
    B3 enq r PR orphan -> granted PR`,

  'a tenant whose orphans fill a resource leaves room for those of others, and can have no more': `${start}
    session A2 300s of red
    session B2 300s of blue
    session N2 300s
    many A 64 enq r CR persistent -> granted CR
    A enq r CR persistent -> granted CR
    B enq r CR persistent -> granted CR
    N enq r CR persistent -> granted CR
    A ends
    A2 enq r CR persistent -> no orphans_max
    used -> 64 of 64
    A2 enq r CR -> granted CR
    B ends
    N ends
    B2 enq r CR orphan -> granted CR
    N2 enq r CR orphan -> granted CR
    A2 enq r@2 CR orphan -> granted CR
    A2 enq r@3 CR persistent -> granted CR`,

  'a recall of another tenant, asked for attributes, has no names': `${start}
    B writes f
    A opens f read wait 60s -> waiting
    A attributes f 7 100 wait 5s -> no break_started
    blockers -> another-tenant write breaking`,

  'a deadlock with another tenant names its kind, and the files that are no news': `${start}
    A locks a posix write 0-9
    B locks b posix write 0-9
    B locks a posix write 0-9 wait 60s
    A locks b posix write 0-9 wait 60s -> no deadlock
    cycle -> A b, another-tenant a`,

  'a deadlock through a file that only others use does not name it': `${start}
    session C 300s of blue
    A locks a posix write 0-9
    B locks b posix write 0-9
    C locks c posix write 0-9
    B locks c posix write 0-9 wait 60s
    C locks a posix write 0-9 wait 60s
    A locks b posix write 0-9 wait 60s -> no deadlock
    cycle -> A b, another-tenant , another-tenant a`,

  'a deadlock over two resources with another tenant has no names': `${start}
    A enq a EX
    B enq b EX
    B enq a EX wait 30s
    A enq b EX wait 30s -> no deadlock
    cycle -> A b, another-tenant a`,

  'who depends on an export that another tenant uses, too': `${start}
    pin A on exports local because mine
    pin B on exports local because theirs
    A reads a
    B reads b
    dependents exports local -> pins because mine, pins because theirs, files a, files b
    dependents exports local for A -> pins because mine, pins of another tenant, files of another tenant, files of another tenant`,
  'who depends on a node is shown to the tenant whose it is': `${start}
    region r
    node n in r
    beat n i1
    session C 300s on n
    dependents nodes n for C -> sessions C
    dependents nodes n for B -> sessions of another tenant`,
  'what depends on a stack is nobody’s secret': `${start}
    stack s
    pin exports local on stacks s because needed
    dependents stacks s for B -> pins because needed`,
};
