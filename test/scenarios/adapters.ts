/** Which adapter may serve an export, and what it reports about itself and its tree. */
export const adapters = {
  'an export is declared before its adapter comes, and keeps what is declared first': `
    declare demo as posix break 10s delay 3s directories -> declared
    news -> stacks/posix created, exports/demo created
    details demo -> none break 10s 3s 0s, adapter /0.0, counts 0 0 0, directories
    item exports demo -> posix wait none
    declare demo as posix break 20s -> declared
    details demo -> none break 20s 0s 0s, adapter /0.0, counts 0 0 0
    item exports demo -> posix wait none
    news -> nothing
    declare demo as nfs4 -> not declared
    declare demo -> not declared
    details demo -> none break 20s 0s 0s, adapter /0.0, counts 0 0 0
    declare plain break 7s -> declared
    item exports plain -> local refuse up
    details plain -> up break 7s 0s 0s, adapter /0.0, counts 0 0 0, local
    declare plain as posix -> not declared
    news -> stacks/local created, exports/plain created
    put demo on posix policy refuse -> changed
    declare demo as posix break 20s -> declared
    item exports demo -> posix refuse none`,
  'an adapter that registers an export it is not set up for is refused, with the reason': `
    declare plain -> declared
    declare demo as posix -> declared
    use demo
    fs registers i1 for plain -> no stack_mismatch
    fs registers i1 for demo as nfs4 -> no stack_mismatch
    fs registers i1 for demo break 46s limit 45s -> no break_time_too_long
    fs registers i1 for demo break 45s limit 45s -> ok
    fs reports nothing -> 0 adopted
    fs registers i2 for demo -> ok i1
    fs registers i1 for demo -> no incarnation_superseded`,
  'an adapter on another host may succeed one that has announced its stop': `
    export posix
    fs stops -> posix
    fs registers i2 on other -> ok i1
    fs reports nothing -> 0 adopted
    item exports posix -> posix refuse up`,
  'a successor is told its predecessors until they are proven dead': `
    export posix
    fs successor i2 -> ok
    fs registers i3 -> ok i2 i1
    fs dead i1 -> ok
    fs reports nothing -> 0 adopted
    fs registers i4 -> ok i3 i2
    fs dead i2 -> ok
    fs dead i3 -> ok
    fs reports nothing -> 0 adopted
    fs registers i5 -> ok i4
    fs registers i2 -> no incarnation_superseded
    item stacks posix -> 1 exports, i4 1.2.3 1.1 up [], i5 1.2.3 1.1 up [posix]`,
  'the successor of an adapter that never reported its holds need not wait': `
    export posix
    fs registers i2 -> ok i1
    fs registers i3 -> ok i1
    fs registers i4 -> ok i1
    fs registers i2 -> no incarnation_superseded
    fs beats i2 -> no incarnation_superseded
    item stacks posix -> 1 exports, i1 1.2.3 1.1 up [], i4 1.2.3 1.1 up [posix]`,
  'an adapter that never reported its holds is forgotten when nothing is left to it': `
    export posix
    fs registers i2 for posix,other -> ok i1
    fs registers i3 -> ok i1
    item stacks posix -> 2 exports, i1 1.2.3 1.1 up [], i2 1.2.3 1.1 up [other], i3 1.2.3 1.1 up [posix]
    fs registers i3 for posix,other -> ok i1
    item stacks posix -> 2 exports, i1 1.2.3 1.1 up [], i3 1.2.3 1.1 up [posix other]`,
  'the same adapter registers again': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read -> ok
    told -> granted A f read in turn
    fs registers i1 break 9s delay 2s limit 30s directories -> ok
    A has f -> active read
    told -> nothing
    details posix -> up break 9s 2s 30s, adapter i1/1.1, counts 0 0 0, directories
    news -> stacks/posix created, exports/posix registered, exports/posix serves, exports/posix registered
    fs registers i1 -> ok
    details posix -> up break 45s 0s 45s, adapter i1/1.1, counts 0 0 0`,
  'a silent adapter is lost and its holders are told; when it answers again they are backed again': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read -> ok
    A backed f -> yes
    told -> granted A f read in turn
    news -> stacks/posix created, exports/posix registered, exports/posix serves
    fs dies -> ok
    tick 4s
    A backed f -> yes
    told -> nothing
    tick 1s
    told -> jeopardy posix by fileserver_lost
    news -> exports/posix lost
    details posix -> lost break 45s 0s 45s, adapter i1/1.1, counts 0 0 0
    A backed f -> no
    fs beats i1 -> ok
    told -> reclaimed posix
    news -> exports/posix registered
    details posix -> up break 45s 0s 45s, adapter i1/1.1, counts 0 0 0
    A backed f -> yes
    A has f -> active read`,
  'an adapter that may have stopped while no lease API ran is not reported as a fault': `
    export posix
    session A 300s
    A streams 0 at one -> 0
    A streams 0 at two -> 0
    A streams none at one
    fs dies -> ok
    limits lostMs 5000 -> ok
    tick 5s
    told -> jeopardy posix by fileserver_lost
    fs beats i1 -> ok
    told -> reclaimed posix
    A streams none at two
    limits lostMs 5000 -> ok
    tick 1s
    A streams 0 at three -> 0
    tick 4s
    told -> jeopardy posix by fileserver_away
    fs beats i1 -> ok
    told -> reclaimed posix
    tick 15s
    told -> jeopardy posix by fileserver_lost
    fs beats i1 -> ok
    told -> reclaimed posix
    A streams none at three
    tick 15s
    told -> jeopardy posix by fileserver_away`,
  'a lost adapter that registers again under its incarnation backs its leases again': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read -> ok
    told -> granted A f read in turn
    fs dies -> ok
    tick 6s
    told -> jeopardy posix by fileserver_lost
    fs registers i1 -> ok
    told -> reclaimed posix
    A has f -> active read
    A backed f -> yes`,
  'an export is served from one host until its adapter is silent or has stopped': `
    export posix
    tick 1s
    fs registers i2 on other -> no export_served
    fs dies -> ok
    tick 4999ms
    fs registers i2 on other -> no export_served
    tick 1ms
    fs registers i2 on other -> ok i1
    fs reports nothing -> 0 adopted
    fs stops -> posix
    fs registers i3 on third -> ok i2 i1`,
  'an adapter with a key of its own is followed, while it lives, only by an adapter with the same key': `
    export posix
    fs registers i2 on h key mine -> ok i1
    fs reports nothing -> 0 adopted
    fs registers i3 on h key other -> no export_served
    fs registers i3 on h -> no export_served
    fs registers i3 on elsewhere key mine -> ok i2 i1
    fs reports nothing -> 0 adopted
    fs dies -> ok
    tick 4999ms
    fs registers i4 on elsewhere key other -> no export_served
    tick 1ms
    fs registers i4 on elsewhere key other -> ok i3 i2 i1
    fs reports nothing -> 0 adopted
    fs registers i5 on elsewhere key mine -> no export_served
    fs stopped -> posix
    fs registers i5 on h -> ok i3 i2 i1
    fs reports nothing -> 0 adopted
    fs registers i6 on other key mine -> no export_served
    fs registers i6 on h key mine -> ok i5 i3 i2 i1`,
  'an adapter that reports its tree lost puts holders in jeopardy, once for each cause': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read -> ok
    told -> granted A f read in turn
    news -> stacks/posix created, exports/posix registered, exports/posix serves
    fs beat lost root_renamed -> known
    told -> jeopardy posix by root_renamed
    news -> exports/posix lost
    details posix -> lost break 45s 0s 45s, adapter i1/1.1, counts 0 0 0, root_renamed
    A backed f -> no
    tick 9s
    told -> nothing
    news -> nothing
    fs beat lost root_unmounted -> known
    told -> jeopardy posix by root_unmounted
    details posix -> lost break 45s 0s 45s, adapter i1/1.1, counts 0 0 0, root_unmounted
    A reads g -> no no_backend
    fs beat back -> known
    told -> reclaimed posix
    news -> exports/posix lost, exports/posix registered
    details posix -> up break 45s 0s 45s, adapter i1/1.1, counts 0 0 0
    A backed f -> yes
    fs beat lost root_unmounted -> known
    told -> jeopardy posix by root_unmounted
    fs registers i1 -> ok
    told -> reclaimed posix
    details posix -> up break 45s 0s 45s, adapter i1/1.1, counts 0 0 0`,
  'a superseded adapter cannot say that a tree is lost': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read -> ok
    fs successor i2 -> ok
    told -> granted A f read in turn
    fs i1 beat lost root_renamed -> known
    told -> nothing
    item exports posix -> posix refuse up`,
  'an adapter whose heartbeat names an unknown life of the table starts grace; adapters are asked for nothing until they have reported their holds': `
    limits graceMs 20000
    export posix
    session A 300s
    session B 300s
    A reads f -> pending read
    fs has f read -> ok
    fs beat -> known
    grace -> none
    fs beat elsewhere -> not known
    grace -> 20000, sessions 2
    A reads g -> no grace
    fs reports nothing -> 0 adopted
    A reads g -> no grace
    fs beat -> known`,
  'an adapter that knows a later token than the table proves that the table has lost data': `
    limits graceMs 20000
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read -> ok
    told -> granted A f read in turn
    fs beat ahead -> not known
    grace -> 20000, sessions 1
    item exports posix -> posix refuse opening
    tick 21s
    fs reports nothing -> 0 adopted
    A reads g -> pending read
    fs has g read -> ok
    told -> granted A g read in turn
    fs beat ahead -> not known
    grace -> 20000, sessions 1`,
  'a tree is served under one name: a second export of it, or of a part of it, is refused': `
    export posix
    fs registers i1 for one at fs1/srv/a -> ok
    fs registers i2 for two at fs1/srv/a -> no export_overlap two one
    fs registers i2 for two at fs1/srv/a/b -> no export_overlap two one
    fs registers i2 for two at fs1/srv -> no export_overlap two one
    fs registers i2 for two at fs1/srv/ab -> ok
    fs registers i1 for one at fs1/srv/a -> ok
    details one -> opening break 45s 0s 45s, adapter i1/1.1, counts 0 0 0, on fs1
    details two -> opening break 45s 0s 45s, adapter i2/1.1, counts 0 0 0, on fs1
    fs registers i3 for three at fs1/srv/ab/c -> no export_overlap three two
    fs registers i1 for one -> ok
    details one -> opening break 45s 0s 45s, adapter i1/1.1, counts 0 0 0
    fs registers i3 for three at fs1/srv/a -> ok`,
  'a tree is served by one stack: another that shows the same directory, one above or one in it, is refused': `
    export posix
    fs registers i1 for one at fs1/srv/a ids a/srv/top -> ok
    fs registers i2 as nfs4 for two at server/a ids a/srv -> no export_overlap two one
    fs registers i2 as nfs4 for two at server/a/b ids b/a/srv -> no export_overlap two one
    fs registers i2 as nfs4 for two at server ids srv -> no export_overlap two one
    fs registers i2 as nfs4 for two at server/b ids b/srv -> ok
    fs registers i3 as nfs4 for three at server/c -> ok
    fs registers i1 for one at fs1/srv/a ids a/srv/top -> ok
    fs registers i4 for four at fs1/srv ids srv/top -> no export_overlap four one
    fs registers i4 for four at fs2/b ids c/b -> no export_overlap four two`,
  'a tree may move to another export when the first is unserved and nothing is held there': `
    use one
    session A 300s
    fs registers i1 for one at fs1/srv/a -> ok
    fs reports nothing -> 0 adopted
    A reads f -> pending read
    fs has f read -> ok
    fs stopped -> one
    use two
    fs registers i2 for two at fs1/srv/a -> no export_overlap two one
    A releases f -> released
    use one
    tick 3s
    use two
    fs registers i2 for two at fs1/srv/a -> ok
    details two -> opening break 45s 0s 45s, adapter i2/1.1, counts 0 0 0, on fs1
    use one
    fs i1 beat -> no incarnation_superseded
    fs registers i3 for one at fs1/srv/a -> no export_overlap one two
    fs registers i3 for one at fs1/srv/b -> ok
    details one -> opening break 45s 0s 45s, adapter i3/1.1, counts 0 0 0, on fs1`,
  'a lost adapter that sends a heartbeat again is up, and depends on its stack again': `
    export posix
    fs dies
    tick 6s
    item stacks posix -> 1 exports, i1 1.2.3 1.1 lost [posix]
    dependents stacks posix -> exports posix
    fs beats i1 -> ok
    item stacks posix -> 1 exports, i1 1.2.3 1.1 up [posix]
    dependents stacks posix -> adapters i1, exports posix`,
  'an adapter whose tree is gone keeps its place, but not its export from another host': `
    use one
    fs registers i1 for one at fs1/srv/a -> ok
    fs reports nothing -> 0 adopted
    fs beat lost root_renamed -> known
    use two
    fs registers i2 for two at fs1/srv/a -> no export_overlap two one
    use one
    fs registers i3 on other -> ok i1
    fs stopped -> one
    details one -> none break 45s 0s 45s, adapter /0.0, counts 0 0 0`,
  'an adapter that was silent while its tree moved to another export must register under another name': `
    use one
    fs registers i1 for one at fs1/srv/a -> ok
    fs reports nothing -> 0 adopted
    fs dies
    tick 6s
    put one on posix policy local -> changed
    use two
    fs registers i2 for two at fs1/srv/a -> ok
    fs reports nothing -> 0 adopted
    use one
    fs i1 beat -> not known
    item exports one -> posix local lost by name
    fs registers i1 for one at fs1/srv/a -> no export_overlap one two
    fs registers i1 for one at fs1/srv/b -> ok
    fs reports nothing -> 0 adopted
    fs beat -> known`,
  'a tree that another export has taken over stays there, whatever is granted by name in the first': `
    use one
    session A 300s
    fs registers i1 for one at fs1/srv/a -> ok
    fs reports nothing -> 0 adopted
    put one on posix policy local -> changed
    fs dies
    tick 6s
    use two
    fs registers i2 for two at fs1/srv/a -> ok
    fs reports nothing -> 0 adopted
    use one by name
    A reads f -> active read
    use two
    fs registers i2 for two at fs1/srv/a -> ok`,
  'an adapter that registers again receives the asks that it missed while it was lost': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read
    fs dies
    tick 6s
    A releases f
    asks -> nothing
    fs registers i1 -> ok
    asks -> f none`,
  'adapters are asked to release holds once they have reported their holds again': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read
    told -> granted A f read in turn
    fs beat ahead -> not known
    A releases f
    asks -> nothing
    fs reports nothing -> 0 adopted
    asks -> f none`,
  'a grant after the report of a later token gets an even later one': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read
    told -> granted A f read in turn
    fs beat ahead -> not known
    fs reports nothing -> 0 adopted
    A reads g -> pending read
    fs has g read
    told -> granted A g read in turn`,
  'one adapter that knows of another life puts all exports with a fileserver in doubt, and no other': `
    declare plain -> declared
    use two
    fs registers i2 for two -> ok
    fs reports nothing -> 0 adopted
    item exports two -> posix refuse up
    export posix
    fs beat elsewhere -> not known
    item exports posix -> posix refuse opening
    item exports two -> posix refuse opening
    item exports plain -> local refuse up`,
  'a successor may report on a file only once it has a hold there': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read
    fs registers i2 -> ok i1
    fs breaks f none 30s -> not taken
    tick 1s
    A has f -> active read`,
  'a hold unknown to the table can be broken like any other while it is released': `
    export posix
    fs reports f read -> 1 adopted
    asks -> f none
    fs breaks f none 30s before -> taken`,
  'an adapter that registers a local export is refused': `
    export posix
    declare plain -> declared
    fs registers i2 for plain as local -> no stack_mismatch`,
  'an adapter whose tree was gone and that leaves takes the cause along': `
    export posix
    fs beat lost root_renamed -> known
    details posix -> lost break 45s 0s 45s, adapter i1/1.1, counts 0 0 0, root_renamed
    fs stopped -> posix
    details posix -> none break 45s 0s 45s, adapter /0.0, counts 0 0 0`,
};
