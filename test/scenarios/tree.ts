/** The configuration tree (semantics.md §7): items, versions, pins, removal, hangup. */
export const tree: Record<string, string> = {
  'an export is made before its stack has an adapter, and keeps its place': `
    put demo on posix -> no no_such_item
    stack posix -> created
    put demo on posix -> created
    item exports demo -> posix refuse none
    put demo on posix policy wait -> changed
    item exports demo -> posix wait none
    news -> stacks/posix created, exports/demo created, exports/demo changed
    dependents stacks posix -> exports demo`,
  'a change states the version that it expects': `
    stack s expect 5 -> no version_old false
    stack s expect 0 -> created
    stack s expect 0 -> no version_old true
    stack s -> changed
    region r expect 1 -> no version_old false
    node n in r -> no no_such_item
    region r -> created
    node n in r expect 0 -> created
    node n in r expect 1 -> no version_old true
    put x on s expect 0 -> created
    put x on s expect 0 -> no version_old true
    remove exports x expect 1 -> no version_old true`,
  'an item with dependents is not removed, and the refusal names them': `
    stack s
    region r
    node n in r
    put x on s region r
    remove stacks s -> no has_dependents: exports x
    remove regions r -> no has_dependents: nodes n, exports x
    put x on s
    remove regions r -> no has_dependents: nodes n
    remove nodes n -> removed
    remove regions r -> removed
    remove stacks s -> no has_dependents: exports x
    remove exports x -> removed
    remove stacks s -> removed
    remove stacks s -> no no_such_item
    item exports x -> none of that name`,
  'the stack local is built in': `
    export local
    remove stacks local -> no built_in
    remove stacks local force 1s -> no built_in
    remove exports local -> removed
    put local on local -> created
    session A
    A reads f -> active read`,
  'an export in use is not removed, and the refusal names its files': `
    export local
    session A 300s
    A reads f -> active read
    A opens g read -> open
    remove exports local -> no has_dependents: files f, files g
    A releases f -> released
    A closes g -> closed
    remove exports local -> removed
    A reads f -> no no_such_export`,
  'a pin keeps an item until its session ends': `
    export local
    session A 5s
    pin A on exports local because backup -> pinned
    dependents exports local -> pins because backup
    remove exports local -> no has_dependents: pins because backup
    unpin A -> unpinned
    unpin A -> no no_such_pin
    pin A on exports nothing -> no no_such_item
    dependents exports nothing -> no no_such_item
    pin A on exports local
    tick 5s
    A is -> expired
    dependents exports local -> none
    remove exports local -> removed`,
  'a pin by an item ends with that item': `
    stack s
    put x on s
    put y on s
    pin exports y on exports x because mirror
    remove exports x -> no has_dependents: pins because mirror
    remove exports y -> removed
    remove exports x -> removed`,
  'nothing depends on itself, over any number of items': `
    stack s
    region r
    node n in r
    put x on s region r
    pin exports x on exports x -> no pin_cycle
    pin regions r on exports x -> no pin_cycle
    pin nodes n on exports x -> pinned
    pin regions r on nodes n -> no pin_cycle
    pin exports x on nodes n -> no pin_cycle
    pin stacks s on nodes n -> no pin_cycle
    dependents exports x -> pins
    dependents nodes n -> none`,
  'a pin on an item that is being removed fails and leaves no count': `
    export local
    session A 300s
    session B 300s
    A reads f
    remove exports local force 10s -> begun
    pin B on exports local -> no item_removing
    dependents exports local -> files f
    A has f -> breaking read to none
    A releases f
    tick 1s
    operation -> done
    did -> broken 1, exports/local`,
  'the stack of an export in use cannot be changed': `
    stack other
    export local
    session A 300s
    A reads f
    put local on other -> no stack_busy: files f
    A releases f
    put local on other -> changed
    item exports local -> other refuse none
    dependents stacks local -> none
    put local on local -> changed
    A reads f@2 -> active read`,
  'removal by force breaks all holds, revokes them at the deadline, and reports what it did': `
    export local
    session A 300s
    session B 300s
    A reads f
    A opens g both
    A locks g posix write 0-9
    B opens g read denying both wait 60s -> waiting
    pin B on exports local
    remove exports local force 10s -> begun
    remove exports local -> no operation_running
    hangup local 1s -> no operation_running
    put local on local -> no operation_running
    tick 1s
    operation -> breaking, 2 left
    A has f -> breaking read to none
    B reads h -> no export_stopping
    B opens h read -> no export_stopping
    A locks g posix write 20-29 -> no export_stopping
    tick 8s
    operation -> breaking, 2 left
    tick 2s
    operation -> done
    did -> cancelled 1, broken 1, revoked 1, closed 1, unlocked 1, pins 1, exports/local
    A has f -> revoked
    item exports local -> none of that name`,
  'holds revoked by the deadline of an earlier break are counted, too': `
    export local break 2s
    session A 300s
    session B 300s
    A reads f
    B reads f
    A writes g
    hangup local 10s -> begun
    tick 3s
    A has f -> revoked
    operation -> done
    did -> broken 2, revoked 3`,
  'the dependents of an item are removed before it': `
    stack s
    region r
    node n in r
    put x on s region r
    put y on s
    pin exports y on exports x
    remove regions r force 10s -> begun
    tick 2s
    operation -> done
    did -> pins 1, nodes/n, exports/x, regions/r
    item exports y -> s refuse none`,
  'an export is hung up and resumed': `
    export local
    session A 300s
    A reads f
    A opens g read
    hangup local 10s -> begun
    item exports local -> local refuse stopping
    A reads h -> no export_stopping
    A releases f
    tick 1s
    operation -> breaking, 1 left
    A closes g
    tick 1s
    operation -> done
    item exports local -> local refuse stopped
    A reads f@2 -> no export_stopped
    resume local -> resumed
    resume local -> was not stopped
    A reads f@2 -> active read
    resume nothing -> no no_such_export
    hangup nothing 1s -> no no_such_export`,
  'a holder that answers in time ends a hangup before its deadline': `
    export local break 45s
    session A 300s
    A writes f
    hangup local 60s -> begun
    A has f -> breaking write to none
    A releases f
    tick 1s
    operation -> done
    did -> broken 1`,
  'the hangup of an export ends when its fileserver has released its holds, too': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read
    hangup posix 5s -> begun
    tick 1s
    operation -> breaking, 1 left
    tick 5s
    asks -> f none
    operation -> revoking, 1 left
    fs has f none
    tick 1s
    operation -> done
    item exports posix -> posix refuse stopped`,
  'a fileserver that does not answer delays a hangup, but not for ever': `
    export posix
    session A 300s
    A reads f
    fs has f read
    fs dies
    tick 5s
    remove exports posix force 5s -> begun
    tick 10s
    operation -> revoking, 1 left
    tick 10s
    operation -> done
    did -> broken 1, revoked 1, exports/posix
    A has f -> revoked`,
  'what a hangup has taken is remembered, however long the fileserver takes': `
    export posix
    session A 300s
    session B 300s
    A reads f
    B wants f read
    fs has f read
    A reads g
    A releases g
    fs dies
    tick 6s
    hangup posix 1s -> begun
    tick 5s
    A has f -> revoked
    B delegation f -> fencing
    A has g -> released
    operation -> revoking, 2 left
    tick 10s
    A has f -> revoked
    A writes f -> no lease_revoked
    B frees f -> freed
    operation -> done`,
  'a hangup that ends more leases than one step can goes through all of them, and they are remembered': `
    limits sessionLocksMax 1000
    export posix
    session A 300s
    many A 150 reads f -> pending read
    fs has f read -> ok
    tick 2s
    A.150 has f -> active read
    hangup posix 1s -> begun
    tick 5s
    A.1 has f -> revoked
    A.150 has f -> fencing
    fs has f none -> ok
    tick 2s
    operation -> done
    A.1 has f -> revoked
    A.1 writes f -> no lease_revoked
    A.150 has f -> revoked`,
  'an adapter stops in order, and its exports wait for its successor': `
    export posix
    session A 300s
    A reads f
    fs has f read
    stop posix i9 10s -> no no_such_adapter
    stop posix i1 10s -> begun
    stop posix i1 10s -> no operation_running
    item stacks posix -> 1 exports, i1 1.2.3 1.1 stopping [posix]
    A has f -> breaking read to none
    A reads g -> no export_stopping
    A releases f
    fs has f none
    tick 1s
    operation -> done
    item exports posix -> posix refuse none
    item stacks posix -> 1 exports, i1 1.2.3 1.1 stopped []
    dependents stacks posix -> exports posix
    fs successor i2 -> ok
    A reads f@2 -> pending read
    item exports posix -> posix refuse up`,
  'the break time of an export may not exceed what its fileserver allows': `
    export posix
    put posix on posix break 60s -> no break_time_too_long
    put posix on posix break 0s -> no break_time_too_long
    put posix on posix break 40s -> changed
    stack posix
    put other on posix break 60s -> created
    use other
    fs successor i2 -> no break_time_too_long
    put other on posix break 45s -> changed
    fs successor i3 -> ok`,
  'an export that was removed is brought back not by the adapter that served it, but by its successor': `
    export posix
    session A 300s
    remove exports posix -> removed
    fs beats i1 -> ok
    fs successor i1 -> ok
    item exports posix -> none of that name
    item stacks posix -> 0 exports, i1 1.2.3 1.1 up []
    remove stacks posix -> no has_dependents: adapters i1
    put posix on posix -> created
    fs successor i1 -> ok
    item exports posix -> posix refuse up
    A reads f -> pending read
    fs has f read
    remove exports posix force 0s -> begun
    tick 1s
    fs has f none
    tick 1s
    operation -> done
    item exports posix -> none of that name
    fs successor i2 -> ok
    item exports posix -> posix refuse up`,
  'an adapter that registers while its stack is being removed is refused': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read
    remove stacks posix force 60s -> begun
    tick 1s
    fs successor i2 -> no item_removing
    fs successor i1 -> no item_removing
    A releases f
    fs has f none
    tick 2s
    operation -> done
    did -> broken 1, exports/posix, stacks/posix
    fs successor i2 -> ok
    item exports posix -> posix refuse up`,
  'an adapter keeps the protocol version that it registered with': `
    export posix
    item stacks posix -> 1 exports, i1 1.2.3 1.1 up [posix]
    fs successor i2
    item stacks posix -> 1 exports, i1 1.2.3 1.1 up [], i2 1.2.3 1.1 up [posix]
    tick 6s
    item stacks posix -> 1 exports, i1 1.2.3 1.1 lost [], i2 1.2.3 1.1 up [posix]
    dependents stacks posix -> exports posix, adapters i2`,
  'a want for a delegation does not hold up the removal of an export': `
    export posix
    session A 300s
    fs dies
    tick 10s
    A wants f read signal -> none RESOURCE for now
    remove exports posix by force 2s -> begun
    records
    tick 5s
    records -> available A read
    operation -> done`,
  'a waiting request is not granted what a hangup revokes from others': `
    export local
    session A 300s
    session B 300s
    A opens f both denying both
    B opens f read wait 60s -> waiting
    records
    hangup local 0s -> begun
    tick 1s
    records -> dropped B export_stopped, closed A
    operation -> done
    did -> cancelled 1, closed 1`,
  'a hangup leaves the pins, and a pin does not hold it up': `
    export local
    session A 300s
    pin A on exports local because backup
    hangup local 10s -> begun
    tick 1s
    operation -> done
    dependents exports local -> pins because backup`,
  'a hangup is over at its deadline and not later': `
    export local
    session A 300s
    A opens f read
    hangup local 100ms -> begun
    moment
    operation -> breaking, 1 left
    tick 99ms
    A open f -> open
    tick 1ms
    A open f -> no no_such_open`,
  'a cool-down after a recall does not delay a hangup': `
    export local
    session A 300s
    session B 300s
    A wants f read -> active read
    B unlinks f wait 10s -> waiting
    A returns f -> released
    hangup local 60s -> begun
    tick 1s
    operation -> done`,
  'a hangup does not vouch for a fileserver before its time, and not later': `
    export posix break 5s
    session A 300s
    session B 300s
    A reads f
    fs has f read
    B opens f write -> no break_started
    tick 6s
    A has f -> fencing
    hangup posix 10s -> begun
    tick 1s
    A has f -> fencing
    operation -> breaking, 1 left
    tick 18s
    operation -> revoking, 1 left
    tick 1s
    operation -> done`,
  'an operation that is done counts no files, whatever is opened then': `
    export local
    session A 300s
    hangup local 1s -> begun
    tick 1s
    operation -> done
    resume local
    A reads f -> active read
    operation -> done`,
  'the adapter of a stack that is being removed serves until its exports are gone': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read
    remove stacks posix force 60s -> begun
    tick 1s
    fs beat -> known
    A releases f
    fs has f none
    tick 1s
    fs beat -> known, stop
    tick 1s
    operation -> done
    did -> broken 1, exports/posix, stacks/posix`,
  'holds on dependents are revoked at the deadline of the whole removal': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read
    remove stacks posix force 5s -> begun
    tick 4s
    A has f -> breaking read to none
    asks -> nothing
    tick 2s
    asks -> f none
    fs has f none
    tick 2s
    operation -> done
    did -> broken 1, revoked 1, exports/posix, stacks/posix`,
  'an adapter that leaves before its exports are idle ends the stop, and they end by themselves': `
    export posix
    session A 300s
    A reads f
    fs has f read
    stop posix i1 10s -> begun
    fs stopped -> posix
    tick 1s
    operation -> done
    item exports posix -> posix refuse stopping
    A has f -> breaking read to none
    tick 10s
    operation -> done
    item exports posix -> posix refuse none`,
  'an export that another adapter has taken over stays with it when the stop of the first is done': `
    export posix
    session A 300s
    A reads f
    fs has f read
    stop posix i1 10s -> begun
    fs successor i2 -> ok
    fs dead i1
    tick 20s
    item exports posix -> posix refuse up
    details posix -> up break 45s 0s 45s, adapter i2/1.1, counts 0 0 0`,
  'an adapter that dies while it is being stopped counts as stopped': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read
    stop posix i1 60s -> begun
    item stacks posix -> 1 exports, i1 1.2.3 1.1 stopping [posix]
    fs dies
    tick 6s
    item stacks posix -> 1 exports, i1 1.2.3 1.1 stopped [posix]`,
  'an adapter that has stopped or was lost is forgotten after ten minutes': `
    export posix
    fs stops -> posix
    item stacks posix -> 1 exports, i1 1.2.3 1.1 stopped [posix]
    fs dies
    tick 599s
    item stacks posix -> 1 exports, i1 1.2.3 1.1 stopped [posix]
    tick 1s
    item stacks posix -> 1 exports`,
  'a lost adapter that announces its stop is stopped, like any other': `
    export posix
    fs dies
    tick 6s
    item stacks posix -> 1 exports, i1 1.2.3 1.1 lost [posix]
    fs i1 stops -> posix
    item stacks posix -> 1 exports, i1 1.2.3 1.1 stopped [posix]
    remove stacks posix -> no has_dependents: exports posix`,
  'an export stays in its region when it is put there again': `
    stack s
    region r
    put x on s region r -> created
    put x on s region r -> changed
    dependents regions r -> exports x
    region r expect 0 -> no version_old true
    put x on s -> changed
    dependents regions r -> none`,
  'a node depends on its region, so a pin of the region on its node is a cycle': `
    region r
    node n in r
    pin regions r on nodes n -> no pin_cycle`,
  'an export that is only pinned changes its stack': `
    stack other
    export local
    session A 300s
    pin A on exports local because backup
    put local on other -> changed
    item exports local -> other refuse none
    dependents exports local -> pins because backup`,
  'a stopping adapter is told of no export that is not its own any more': `
    export posix
    session A 300s
    A reads f -> pending read
    fs has f read
    fs registers i1 for posix,more -> ok
    stop posix i1 60s -> begun
    tick 1s
    remove exports more -> removed
    put more on posix -> created
    use more
    fs beat -> known`,
  'a lease that is spared when others are revoked is not counted with them': `
    export local
    session A 300s
    session B 300s
    A reads f -> active read
    B reads f -> active read
    A opens f write wait 100s -> waiting
    tick 40s
    hangup local 100s -> begun
    tick 6s
    A has f -> breaking read to none
    did local -> cancelled 1, broken 1, revoked 1
    tick 40s
    did local -> cancelled 1, broken 1, revoked 2`,
  'a lease that was allocated and never asked for ends with the export, as the opens beside it do': `
    export local
    session A 300s
    session W 300s
    A allocates f -> allocated
    W opens f read -> open
    hangup local 2s -> begun
    tick 3s
    did local -> closed 1
    A has f -> no no_such_lease`,
};
