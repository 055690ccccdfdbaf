/** Exports before, without and with their adapters (semantics.md §7). */
export const backend: Record<string, string> = {
  'refuse: every request is refused, and counted': `
    stack posix
    put posix on posix policy refuse
    use posix
    session A
    A reads f -> no no_backend
    count posix 3 2 -> counted
    count nothing 1 1 -> counted
    item exports posix -> posix refuse none refused 3 queued 2`,
  'local: a lease is granted by name and marked; the fileserver is asked for it before any new request is served': `
    stack posix
    put posix on posix policy local
    item exports posix -> posix local none by name
    use posix by name
    session A 300s
    session B 300s
    A reads f -> active read
    A opens g write -> open
    item exports posix -> posix local none by name unbacked 2
    B reads g -> no open_conflict
    fs successor i1
    item exports posix -> posix local opening unbacked 2
    unbound -> f g
    B reads h -> no resolve_again
    bind g -> bound
    item exports posix -> posix local opening unbacked 2
    bind f -> bound
    asks -> f read
    B reads h -> no resolve_again
    item exports posix -> posix local opening unbacked 2
    fs has f read
    item exports posix -> posix local up unbacked 2
    A has f -> active read
    asks -> nothing
    use posix
    B reads f -> active read
    B reads g -> no open_conflict
    A releases f
    B releases f
    fs has f none
    A closes g
    B reads g -> pending read
    fs has g read
    B has g -> active read`,
  'local: a lease that the fileserver refuses is revoked, and then others are served': `
    stack posix
    put posix on posix policy local
    use posix by name
    session A 300s
    A writes f -> active write
    fs successor i1
    bind f -> bound
    asks -> f write
    fs refuses f none
    A has f -> revoked
    item exports posix -> posix local up unbacked 1
    use posix
    A reads f@2 -> pending read`,
  'local: a fileserver that does not answer for local grants holds nobody up for ever': `
    stack posix
    put posix on posix policy local
    use posix by name
    session A 300s
    A reads f
    fs successor i1
    bind f
    asks -> f read
    tick 6s
    A has f -> fencing
    fs has f none
    A has f -> revoked
    item exports posix -> posix local up unbacked 1`,
  'local: a name bound while the adapter is silent is asked for when the adapter is back': `
    stack posix
    put posix on posix policy local
    use posix local by name   # no heartbeats
    session A 300s
    A reads f -> active read
    fs successor i1
    tick 6s
    bind f -> bound
    asks -> nothing
    fs beats i1
    tick 1s
    asks -> f read
    fs has f read
    A has f -> active read
    item exports posix -> posix local up unbacked 1`,
  'local: leases granted on a name that does not resolve are lost': `
    stack posix
    put posix on posix policy local
    use posix by name
    session A 300s
    session B 300s
    A reads f
    A opens f read
    B opens f write wait 60s -> waiting
    fs successor i1
    bind f failing no_such_file -> bound
    tick 1s
    A has f -> revoked
    item exports posix -> posix local up unbacked 1
    bind f -> not bound
    use posix
    B reads f -> pending read`,
  'local: a semaphore is found by its name, also by whoever knows the files of a fileserver that is not there': `
    stack posix
    put posix on posix policy local
    use posix
    session A 300s
    A takes s of 1 -> held
    A locks f posix write 0-9 -> no resolve_again
    use posix by name
    A locks f posix write 0-9 -> held write 0-9`,
  'local: two names of one file are not granted side by side': `
    stack posix
    put posix on posix policy local
    use posix by name
    session A 300s
    session B 300s
    A writes f -> active write
    B writes g -> active write
    fs successor i1
    bind f
    bind g to f
    fs has f write
    tick 1s
    A has f -> active write
    B has g -> revoked
    item exports posix -> posix local up unbacked 2`,
  'local: a lease allocated by name is set once the fileserver is there': `
    stack posix
    put posix on posix policy local
    use posix by name
    session A 300s
    A allocates f -> allocated
    A allocates g -> allocated
    fs successor i1
    item exports posix -> posix local up
    A reads f -> no resolve_again
    use posix
    A reads f resolved-again -> pending read
    fs has f read
    A has f -> active read`,
  'local: once a fileserver has served the export, requests wait for it, or its files might be granted twice': `
    stack posix
    put posix on posix policy local
    use posix
    session A 300s
    session B 300s
    fs successor i1
    A reads f
    fs has f read
    fs dies
    tick 6s
    item exports posix -> posix local lost
    use posix by name
    B reads f -> no resolve_again
    use posix
    B reads g -> no no_backend
    A releases f
    B ends
    fs successor i2
    fs dead i1
    fs dies
    tick 6s
    item exports posix -> posix local lost by name`,
  'local: an adapter that comes and goes while names are bound leaves no one waiting': `
    stack posix
    put posix on posix policy local
    use posix by name
    session A 300s
    A reads f
    A reads g
    fs successor i1
    bind f
    fs dies
    tick 6s
    item exports posix -> posix local lost unbacked 2
    A has f -> fencing
    fs successor i2
    fs dead i1
    item exports posix -> posix local opening unbacked 2
    unbound -> g
    bind g
    fs has g read
    A has g -> active read
    A has f -> revoked
    item exports posix -> posix local up unbacked 2`,
  'an export on demand appears at its first use and goes after its last': `
    stack local on-demand tmp- refuse -> created
    touch tmp-1 local -> there
    touch other nothing -> no no_such_export
    item exports tmp-1 -> local refuse up
    use tmp-1 local probed
    session A 300s
    A reads f -> active read
    touch tmp-1 local
    A releases f
    tick 1s
    item exports tmp-1 -> local refuse up
    tick 2s
    item exports tmp-1 -> none of that name
    A reads f@2 -> no no_such_export
    touch tmp-1 local
    A reads f@2
    A releases f@2
    tick 1s
    item exports tmp-1 -> none of that name`,
  'a use without a preceding probe does not consume the probe of another use': `
    stack local on-demand tmp- refuse
    touch tmp-1 local
    use tmp-1 local
    session A 300s
    A reads f -> active read
    A releases f
    tick 1s
    item exports tmp-1 -> local refuse up
    use tmp-1 local probed
    A reads g -> active read
    A releases g
    tick 1s
    item exports tmp-1 -> none of that name`,
  'an export on demand that was looked up once goes after its last use, by however many it was used': `
    stack local on-demand tmp- refuse
    touch tmp-1 local
    use tmp-1 local probed
    session A 300s
    A reads f -> active read
    A reads g -> active read
    A releases f
    A releases g
    tick 1s
    item exports tmp-1 -> none of that name`,
  'a pin keeps an export on demand, and a put makes it permanent': `
    stack local on-demand tmp- refuse
    touch tmp-1 local
    session A 300s
    pin A on exports tmp-1
    tick 5s
    item exports tmp-1 -> local refuse up
    unpin A
    tick 5s
    item exports tmp-1 -> none of that name
    touch tmp-2 local
    put tmp-2 on local -> changed
    tick 5s
    item exports tmp-2 -> local refuse up`,
  'an export on demand takes the pins that it made with it': `
    stack local on-demand tmp- refuse
    put kept on local
    touch tmp-1 local
    pin exports tmp-1 on exports kept because mirror -> pinned
    remove exports kept -> no has_dependents: pins because mirror
    tick 3s
    item exports tmp-1 -> none of that name
    dependents exports kept -> none
    remove exports kept -> removed`,
  'a probe that no use follows is forgotten': `
    stack local on-demand tmp- refuse
    touch tmp-1 local
    tick 1s
    item exports tmp-1 -> local refuse up
    tick 1s
    item exports tmp-1 -> none of that name`,
  'names are bound once, and only by an adapter that has reported its holds': `
    stack posix
    put posix on posix policy local
    use posix by name
    session A 300s
    A reads f
    A reads g
    fs registers i1 -> ok
    unbound -> nothing
    bind f -> not bound
    fs reports nothing -> 0 adopted
    unbound -> f g
    bind f -> bound
    unbound -> g
    bind f -> not bound
    bind g failing no_such_file -> bound
    unbound -> nothing
    bind g -> not bound
    fs registers i2 -> ok i1
    unbound -> nothing
    fs beat -> not known`,
  'an adapter that leaves while names are bound leaves them to the next': `
    stack posix
    put posix on posix policy local
    use posix by name
    session A 300s
    A reads f -> active read
    fs successor i1
    item exports posix -> posix local opening unbacked 1
    fs stopped -> posix
    item exports posix -> posix local none by name unbacked 1
    A reads g -> active read`,
  'a name that is bound and released before its fileserver is asked leaves nothing to ask': `
    stack posix
    put posix on posix policy local
    use posix local by name   # no heartbeats
    session A 300s
    A reads f -> active read
    fs successor i1
    tick 6s
    bind f -> bound
    A releases f
    fs beats i1
    tick 1s
    asks -> nothing
    item exports posix -> posix local up unbacked 1`,
  'a lease that was allocated for a file in use by its name joins that file': `
    stack posix
    put posix on posix policy local
    use posix by name
    session A 300s
    session B 300s
    A reads f -> active read
    fs successor i1
    bind f
    fs has f read
    use posix
    B allocates f -> allocated
    B reads f -> active read
    tree f -> A lease read active, B lease read active
    A writes f -> no lease_conflict`,
  'a lease whose name was resolved again stays on that file, although the request was refused': `
    export local
    session A 300s
    session B 300s
    A allocates f -> allocated
    B writes f -> active write
    A reads f resolved-again -> no lease_conflict
    A has f -> allocated
    B releases f
    A reads f -> active read`,
  'an export made on demand stays while an operation runs on it': `
    stack local on-demand tmp- refuse
    touch tmp-1 local
    use tmp-1 local probed
    session A 300s
    A opens f read
    hangup tmp-1 10s -> begun
    tick 1s
    A closes f
    tick 1s
    operation -> done
    item exports tmp-1 -> local refuse stopped`,
  'an export on demand is not lost for want of an adapter that never came': `
    stack posix on-demand tmp- wait
    stack local on-demand own- refuse
    session A 300s
    touch tmp-1 posix
    touch own-1 local
    pin A on exports tmp-1
    tick 4s
    pin A on exports own-1 -> no no_such_item
    touch own-1 local
    pin A on exports own-1
    touch tmp-1 posix
    tick 7s
    touch own-1 local
    touch tmp-1 posix
    tick 7s
    item exports tmp-1 -> posix wait none
    item exports own-1 -> local refuse up
    details tmp-1 -> none break 45s 0s 0s, adapter /0.0, counts 0 0 0, on demand`,
  'an export made on demand is looked up though its stack makes no more of them': `
    stack local on-demand tmp- refuse
    touch tmp-1 local -> there
    stack local -> changed
    touch tmp-1 local -> there
    touch tmp-2 local -> no no_such_export
    item exports tmp-1 -> local refuse up`,
};
