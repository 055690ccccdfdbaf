/** Nodes and regions (semantics.md §7). */
export const nodes: Record<string, string> = {
  'a node is up from its first heartbeat until the dead threshold after its last': `
    region r dead 10s
    node n in r
    item nodes n -> down, 0 sessions
    beat n i1 -> up
    item nodes n -> up, 0 sessions
    tick 6s
    beat n i1 -> up
    tick 6s
    item nodes n -> up, 0 sessions
    tick 4s
    item nodes n -> down, 0 sessions
    beat nothing i1 -> no no_such_item`,
  'a shorter dead threshold applies to a node from its next heartbeat, a longer one at once': `
    region r dead 60s
    node n in r
    beat n i1 -> up
    tick 8s
    region r dead 5s -> changed
    tick 2s
    item nodes n -> up, 0 sessions
    beat n i1 -> up
    tick 4s
    item nodes n -> up, 0 sessions
    tick 1s
    item nodes n -> down, 0 sessions
    beat n i2 -> up
    tick 4s
    region r dead 10s -> changed
    tick 4s
    item nodes n -> up, 0 sessions
    tick 2s
    item nodes n -> down, 0 sessions`,
  'a notice to a subscriber does not apply a shorter dead threshold before the node has heard of it': `
    region r dead 60s ack 1s
    node n in r
    session A 300s
    subscribe A r 10
    beat n i1 -> up
    region r dead 500ms ack 1s -> changed
    tick 2s
    notices -> A n up
    item nodes n -> up, 0 sessions
    beat n i1 -> up
    tick 1s
    item nodes n -> recovering, 0 sessions, telling A`,
  'a session on a node needs the node up; a name that is no node is only a label': `
    export local
    region r
    node n in r
    session A 60s on n -> no node_down
    beat n i1
    session A 60s on n -> ok
    session B 60s on elsewhere -> ok
    item nodes n -> up, 1 sessions
    dependents nodes n -> sessions A
    remove nodes n -> no has_dependents: sessions A
    A ends
    item nodes n -> up, 0 sessions
    remove nodes n -> removed`,
  'a dead node loses what its sessions hold, and is told so when it returns': `
    export local
    region r dead 10s
    node n in r
    beat n i1
    session A 300s on n
    session B 300s
    A writes f -> active write
    B reads f -> no lease_conflict
    tick 9s
    B reads f -> no lease_conflict
    tick 1s
    A is -> expired
    B reads f -> active read
    item nodes n -> down, 0 sessions
    beat n i1 -> no node_life_over
    beat n i2 -> up, lost 1
    beat n i2 -> up
    session A 300s on n
    A reads g -> active read`,
  'a node that restarts before it was declared dead has lost its sessions all the same': `
    export local
    region r dead 10s
    node n in r
    beat n i1
    session A 300s on n
    A writes f
    beat n i2 -> recovering, lost 1
    tick 1s
    A is -> expired
    beat n i2 -> up, lost 1
    beat n i1 -> no node_life_over`,
  'a node that stops in order is cleared like a dead one, at once and without an alarm': `
    export local
    region r dead 60s ack 5s
    node n in r
    session S 300s
    session B 300s
    subscribe S r 10 -> subscribed
    beat n i1 leaving -> no node_life_over
    beat n i1 -> up
    tick 1s
    notices -> S n up
    acks S n -> taken
    session A 300s on n
    A writes f -> active write
    news -> stacks/local created, exports/local created, regions/r created, nodes/n created, nodes/n up
    beat n i2 leaving -> no node_life_over
    item nodes n -> up, 1 sessions
    beat n i1 leaving -> recovering, lost 1
    A reads g -> no session_expired
    B reads f -> no lease_conflict
    tick 1s
    notices -> S n down
    acks S n -> taken
    tick 1s
    B reads f -> active read
    item nodes n -> down, 0 sessions
    news -> nodes/n leaving, nodes/n down
    beat n i1 leaving -> no node_life_over
    beat n i2 -> up, lost 1
    tick 61s
    news -> nodes/n up, nodes/n recovering`,
  'subscribers are told one priority after another, and only then is what the node held released': `
    export local
    region r dead 10s ack 5s
    node n in r
    session S 300s
    session T 300s
    session U 300s
    session B 300s
    subscribe T r 20 -> subscribed
    subscribe U r 20 -> subscribed
    subscribe S r 10 -> subscribed
    item regions r -> 1 nodes, 3 subscribers
    beat n i1 -> up
    notices -> nothing
    tick 1s
    notices -> S n up
    acks S n -> taken
    acks S n -> not waited for
    tick 1s
    notices -> T n up, U n up
    acks T n -> taken
    acks U n -> taken
    session A 300s on n
    A writes f
    tick 8s
    item nodes n -> recovering, 1 sessions, telling S
    notices -> S n down
    A reads g -> no session_expired
    B reads f -> no lease_conflict
    acks S n -> taken
    tick 1s
    notices -> T n down, U n down
    acks T n
    B reads f -> no lease_conflict
    acks U n
    tick 1s
    B reads f -> active read
    item nodes n -> down, 0 sessions`,
  'a session on a dead node expires before anybody else is let in': `
    export local
    region r dead 10s ack 60s
    node n in r
    session S 300s
    session B 300s
    beat n i1
    tick 1s
    subscribe S r 10
    session A 300s on n
    A writes f
    records
    tick 9s
    records -> expired A
    notices -> S n down
    B reads f -> no lease_conflict
    acks S n
    tick 1s
    records -> revoked A, expired A
    B reads f -> active read`,
  'a subscriber that does not answer is waited for until its time limit': `
    export local
    region r dead 10s ack 5s
    node n in r
    session S 300s
    session T 300s
    session B 300s
    beat n i1
    tick 1s
    subscribe S r 10
    subscribe T r 20
    session A 300s on n
    A writes f
    tick 9s
    notices -> S n down
    tick 4s
    B reads f -> no lease_conflict
    notices -> nothing
    tick 1s
    notices -> T n down
    tick 5s
    B reads f -> active read`,
  'a subscriber that has gone is not waited for': `
    export local
    region r dead 10s ack 60s
    node n in r
    session S 300s
    session B 300s
    subscribe S r 10
    beat n i1
    tick 1s
    acks S n -> not waited for
    notices -> S n up
    acks S n -> taken
    session A 300s on n
    A writes f
    tick 10s
    notices -> S n down
    B reads f -> no lease_conflict
    S ends
    tick 1s
    B reads f -> active read
    item regions r -> 1 nodes, 0 subscribers`,
  'an export with a region serves only sessions on nodes that are up in that region': `
    stack local
    region r dead 10s
    region q
    node n in r
    node m in q
    put demo on local region r
    use demo local
    beat n i1
    beat m i1
    session A 300s on n
    session M 300s on m
    session B 300s
    B reads f -> no node_required
    M reads f -> no node_required
    M opens f read -> no node_required
    A reads f -> active read
    remove regions r -> no has_dependents: nodes n, exports demo
    tick 5s
    beat m i1
    tick 5s
    A is -> expired`,
  'a node that is removed by force takes its sessions along': `
    export local
    region r
    node n in r
    beat n i1
    session A 300s on n
    A writes f
    remove nodes n force 5s -> begun
    beat n i1 -> no item_removing
    tick 1s
    operation -> done
    did -> sessions 1, nodes/n
    A is -> expired
    session B
    B writes f -> active write`,
  'a node changes its region only while it is down': `
    region r
    region q
    node n in r
    beat n i1
    node n in q -> no node_up
    tick 10s
    node n in q -> changed
    remove regions r -> removed`,
  'a node loses its sessions each time it dies': `
    export local
    region r dead 10s
    node n in r
    beat n i1 -> up
    session A 300s on n
    tick 10s
    A is -> expired
    beat n i2 -> up, lost 1
    session B 300s on n
    tick 10s
    B is -> expired
    beat n i3 -> up, lost 1
    tick 10s
    beat n i4 -> up`,
  'a heartbeat does not shorten the time that subscribers have to acknowledge': `
    region r dead 10s ack 60s
    node n in r
    session S 300s
    session T 300s
    subscribe S r 10
    subscribe T r 20
    beat n i1 -> up
    tick 6s
    notices -> S n up
    beat n i1 -> up
    tick 6s
    beat n i1 -> up
    notices -> nothing
    acks S n -> taken
    tick 1s
    notices -> T n up`,
  'a session of a dead node whose TTL ends meanwhile still waits until all subscribers have been told': `
    export local
    region r dead 10s ack 60s
    node n in r
    session S 300s
    session B 300s
    subscribe S r 10
    beat n i1
    session A 15s on n
    A writes f
    tick 20s
    notices -> S n up, S n down
    B reads f -> no lease_conflict
    acks S n -> taken
    tick 1s
    B reads f -> active read`,
  'the removal of a dead node does not wait for its subscribers': `
    export local
    region r dead 10s ack 60s
    node n in r
    session S 300s
    session B 300s
    subscribe S r 10
    beat n i1
    tick 1s
    acks S n -> not waited for
    session A 300s on n
    A writes f
    tick 10s
    B reads f -> no lease_conflict
    remove nodes n force 30s -> begun
    tick 2s
    operation -> done
    B reads f -> active read`,
  'a repeated subscription keeps its place': `
    region r dead 10s ack 60s
    node n in r
    session S 300s
    session T 300s
    subscribe S r 10 -> subscribed
    subscribe T r 10 -> subscribed
    subscribe S r 10 -> subscribed
    beat n i1
    tick 1s
    notices -> S n up, T n up`,
  'a client in courtesy goes with its node, whether that dies or is removed': `
    export local
    region r dead 10s
    region q dead 300s
    node n in r
    node m in q
    beat n i1
    beat m j1
    exchange A as one v1 3s courtesy 60s on n -> new
    A confirms
    A reclaimed-all
    A opens f read -> open
    exchange B as two v1 3s courtesy 60s on m -> new
    B confirms
    B reclaimed-all
    B opens g read -> open
    tick 4s
    A is -> courtesy
    B is -> courtesy
    remove nodes m force 5s -> begun
    tick 1s
    did -> sessions 1
    B is -> expired
    told
    tick 6s
    A is -> expired
    told -> expired A by node_down, closed A f by session_expired, expired A by expired`,
  'locks that have outlived their sessions go with the node': `
    export local
    region r dead 10s
    node n in r
    beat n i1
    session A 3s on n
    A enq x EX persistent -> granted EX
    tick 4s
    resource x -> granted nobody EX; converting; waiting; block none
    tick 6s
    resource x -> no no_such_lock`,
};
