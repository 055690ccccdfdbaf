/** A line a hundred times, each for a lock of its own. */
const many = (line: string): string =>
  Array.from({ length: 100 }, (_, no) => line.replace('@N', `@o${String(no)}`)).join('\n');

/** Connections of sessions to lock domains: connect, hang up, disconnect (semantics.md §7; decision 0033). */
export const connections: Record<string, string> = {
  'a connection takes the stack that the export has, or only the one it names': `
    export local
    session A
    A connects local -> connected local 1.1
    A connection local -> connected local 1.1
    session B
    B connects local stack local -> connected local 1.1
    session C
    C connects local stack posix -> no stack_mismatch
    C connects nowhere -> no no_such_export
    dependents exports local -> connections A-local, connections B-local`,
  'each connection has the lower minor version of both sides; another major one is refused': `
    export local
    session A
    session B
    session C
    A connects local speaks 1.0 -> connected local 1.0
    B connects local speaks 1.1 -> connected local 1.1
    C connects local speaks 1.9 -> connected local 1.1
    C connects local speaks 2.0 -> no protocol_mismatch
    C connects local speaks 0.9 -> no protocol_mismatch`,
  'what was agreed is pinned: a repeat finds it, and the export keeps its stack and region': `
    stack local
    stack other
    region r
    region s
    put d on local
    session A
    A connects d speaks 1.0 -> connected local 1.0
    A connects d speaks 1.0 again -> connected local 1.0
    A connects d speaks 1.1 again -> no id_reused_with_other_body
    put d on other -> no stack_busy: connections A-d
    put d on local region r -> no stack_busy: connections A-d
    put d on local break 5s -> changed
    remove exports d -> no has_dependents: connections A-d
    A hangs up d -> hung up
    A disconnects d -> disconnected
    A connects d speaks 1.0 again -> no connection_over
    A connects d speaks 1.1 again -> no id_reused_with_other_body
    put d on other -> changed`,
  'this node: the session must be on it': `
    stack local
    region r
    node n in r
    beat n i1
    put d on local region r
    session A 300s on n
    session B
    A connects d on n -> connected local 1.1 on n up
    B connects d -> no node_required
    export local
    B connects local on n -> no other_node
    B connects local -> connected local 1.1`,
  'a connection needs no adapter, whatever its files are found by meanwhile': `
    stack posix
    put d on posix policy local
    session A
    A connects d -> connected posix 1.1`,
  'a lock is made through a connection of its own session and domain, or through none': `
    export local
    put d on local
    session A
    session B
    A connects d
    A connects local
    A enq r EX over d -> no no_such_connection
    B enq r EX over A:local -> no not_holder
    A enq r EX over local -> granted EX
    B enq r CR -> no mode_conflict
    A enq r@2 NL -> granted NL`,
  'a hangup cancels what waits and takes nothing more; what is held stays until the disconnect': `
    export local
    session A
    session B
    A connects local
    A enq held EX over local -> granted EX
    A enq other PR over local -> granted PR
    A enq mine NL -> granted NL
    B enq r EX
    B enq other PR
    A enq r PR over local wait 60s -> waiting PR
    A converts other EX wait 60s -> converting PR to EX
    A disconnects local -> no connection_live
    records -> completed A EX, completed A PR, completed A NL, completed B EX, completed B PR, blocking B PR, blocking B EX
    A hangs up local -> hung up
    records -> dropped A hung_up, dropped A hung_up
    A connection local -> hungUp local 1.1
    A at other -> granted PR
    A converts other NL -> no hung_up
    A enq new NL over local -> no hung_up
    A converts mine PR -> granted PR
    A hangs up local -> hung up
    A deq other -> unlocked
    B enq held PR wait 60s -> waiting PR
    records -> completed A PR, blocking A PR
    A disconnects local -> disconnected
    records -> unlocked A disconnected, completed B PR in turn, disconnected A local disconnected
    A connection local -> no no_such_connection
    A at mine -> granted PR`,
  'of two requests on one resource, none is granted by the hangup of the other': `
    export local
    session A
    session B
    A connects local
    B enq r PR
    A enq r EX over local wait 60s -> waiting EX
    A enq r@2 PR over local wait 60s -> waiting PR
    A hangs up local -> hung up
    resource r -> granted B PR; converting; waiting; block none`,
  'a hangup and a disconnect go on over many locks': `
    export local
    limits queueMax 256
    session A
    session B
    A connects local
    B enq r EX
    ${many('A enq r@N PR over local wait 60s')}
    A hangs up local -> more
    A hangs up local -> hung up
    resource r -> granted B EX; converting; waiting; block none
    A disconnects local -> disconnected
    A connects local
    ${many('A enq s@N PR over local')}
    A hangs up local -> more
    A hangs up local -> hung up
    A disconnects local -> more
    A disconnects local -> disconnected
    files -> 1`,
  'a disconnect counts as a loss of what was held: the value block is in doubt, persistent locks stay': `
    export local
    session A
    session B
    A connects local
    A enq r EX over local
    A converts r EX block aa
    A enq r@2 NL persistent over local
    B enq r NL
    A hangs up local
    A disconnects local -> disconnected
    B converts r PR valblk -> granted PR block aa invalid
    resource r -> granted nobody NL, B PR; converting; waiting; block aa invalid
    A enq r NL orphan -> granted NL`,
  'an orphan that is adopted over a connection ends with it': `
    export local
    session A
    session B
    A enq r EX persistent
    A ends
    B connects local
    B enq r EX orphan over local -> granted EX
    B hangs up local
    B disconnects local -> disconnected
    resource r -> granted nobody EX; converting; waiting; block none`,
  'an export made on demand is kept by its connections, and goes after the last': `
    stack local on-demand tmp- local
    touch tmp-1 local
    session A 300s
    session B 300s
    A connects tmp-1 -> connected local 1.1
    B connects tmp-1 -> connected local 1.1
    tick 60s
    A hangs up tmp-1
    A disconnects tmp-1 -> disconnected
    tick 60s
    item exports tmp-1 -> local local up
    B hangs up tmp-1
    B disconnects tmp-1 -> disconnected
    tick 1s
    item exports tmp-1 -> none of that name`,
  'at the end of its session a connection goes after all of its locks': `
    export local
    session A 10s
    session B 300s
    A connects local
    A enq r EX over local
    A enq s PR over local
    B enq s EX wait 60s -> waiting EX
    records -> completed A EX, completed A PR, blocking A EX
    tick 11s
    records -> unlocked A session_expired, unlocked A session_expired, completed B EX in turn, disconnected A local session_expired, expired A
    dependents exports local -> files s`,
  'a connection ends as its session does': `
    export local
    session A
    A connects local
    A ends
    records -> disconnected A local session_ended, expired A`,
  'an export that is removed by force ends its connections last': `
    stack local
    put d on local
    export local
    session A
    A connects d
    remove exports d by force 10s -> begun
    A connects d -> no export_stopping
    tick 1s
    records -> disconnected A d item_removing
    operation -> done
    did -> exports/d
    put d on local
    A connects d again -> no connection_over
    A connects d -> connected local 1.1`,
  'a recovery notice comes when a node dies, before its locks are given away': `
    stack local
    region r dead 10s ack 5s
    node n in r
    node m in r
    beat n i1
    put d on local region r
    session A 300s on n
    session D 300s on n
    tick 6s
    beat m j1
    session B 300s on m
    A connects d -> connected local 1.1 on n up
    B connects d -> connected local 1.1 on m up
    use d
    A enq r EX over d
    B enq r PR over d wait 60s -> waiting PR
    records -> completed A EX, blocking A PR
    tick 4s
    beat m j1
    records -> expired A, expired D, recovery B d n to acknowledge
    B at r -> waiting PR
    B recovers d n -> taken
    B recovers d n -> not waited for
    tick 1s
    B at r -> granted PR`,
  'a connection of minor 0 is told and not waited for': `
    stack local
    region r dead 10s ack 60s
    node n in r
    node m in r
    beat n i1
    put d on local region r
    session A 300s on n
    tick 6s
    beat m j1
    session B 300s on m
    A connects d
    B connects d speaks 1.0 -> connected local 1.0 on m up
    use d
    A enq r EX over d
    B enq r PR over d wait 60s -> waiting PR
    records -> completed A EX, blocking A PR
    tick 4s
    beat m j1
    tick 1s
    records -> expired A, recovery B d n, unlocked A session_expired, completed B PR in turn, disconnected A d session_expired, expired A
    B at r -> granted PR`,
  'a connection that is gone is not waited for; its notice is for nobody else to acknowledge': `
    stack local
    region r dead 10s ack 60s
    node n in r
    node m in r
    beat n i1
    put d on local region r
    session A 300s on n
    tick 6s
    beat m j1
    session B 300s on m
    session C 300s on m
    B connects d
    use d
    A enq r EX
    C enq r PR wait 60s -> waiting PR
    tick 4s
    beat m j1
    C recovers B:d n -> no not_holder
    C at r -> waiting PR
    B hangs up d -> hung up
    B disconnects d -> disconnected
    tick 1s
    C at r -> granted PR`,
  'the notice runs out after the time of the region': `
    stack local
    region r dead 10s ack 5s
    node n in r
    node m in r
    beat n i1
    put d on local region r
    session A 300s on n
    tick 6s
    beat m j1
    session B 300s on m
    B connects d
    use d
    A enq r EX
    B enq r PR over d wait 60s -> waiting PR
    tick 4s
    beat m j1
    tick 4s
    beat m j1
    B at r -> waiting PR
    tick 2s
    B at r -> granted PR`,
  'a session may have as many connections as it may have rows, and frees them': `
    limits sessionLocksMax 2
    export local
    put d on local
    session A
    A connects local
    A connects d
    A enq r NL -> no session_locks_max
    A connects d -> no session_locks_max
    A hangs up d
    A disconnects d -> disconnected
    A enq r NL -> granted NL`,
  'a connection ends after its locks when its export is removed by force': `
    region r dead 300s
    node n in r
    beat n i1
    stack local
    put d on local region r
    session A 300s on n
    A connects d
    use d
    A enq r EX over d
    remove exports d by force 10s -> begun
    tick 5s
    records -> completed A EX
    tick 6s
    records -> unlocked A export_stopped, disconnected A d item_removing`,
  'connections are not told of a node that is up': `
    region r dead 10s ack 5s
    node n in r
    node m in r
    beat m j1
    stack local
    put d on local region r
    session B 300s on m
    B connects d
    beat n i1 -> up
    tick 2s
    records -> nothing`,
};
