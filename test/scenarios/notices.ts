/**
 * Directory delegations whose holders are told of changes (CB_NOTIFY; semantics.md §3, RFC 8881 §10.9, §20.4): a change
 * that will be reported is announced, and what was not reported or not told recalls.
 */
const start = `
    formats
    export local directories
    session A 600s
    session B 600s
    session W 600s`;
const holders = `${start}
    A wants d read notified -> active read notified
    B wants d any notified -> active read notified`;

export const notices: Record<string, string> = {
  'holders are told of a change after it is made, and keep their delegations': `${holders}
    W enters d adding x report 10s -> done, announced
    told -> granted A d read, granted B d read, changed W d entries, announced
    W made d -> reported
    W made d -> over
    W unlinks d/x -> done
    W enters d removing x report 10s -> done, announced
    W made d -> reported
    W enters d renaming x y report 10s -> done, announced
    W made d -> reported
    W setattrs d report 10s -> done, announced
    W made d -> reported
    A delegation d -> active read notified
    B delegation d -> active read notified`,
  'nobody is told of a change that was not made': `${holders}
    W enters d adding x report 10s -> done, announced
    W failed d -> reported
    W failed d -> over
    tick 20s
    A delegation d -> active read notified
    records -> granted A read, granted B read, changed W entries, announced`,
  'who made the change is not told of it': `${holders}
    A enters d adding x report 10s -> done, announced
    A made d -> reported
    B returns d -> released
    A enters d adding y report 10s -> done
    A made d -> over
    A delegation d -> active read notified
    records -> granted A read, granted B read, changed A entries, announced, directoryChanged add x but A, released B, changed A entries`,
  'a delegation that becomes one for writing is told of nothing, and keeps others out': `${start}
    A wants d read notified -> active read notified
    A wants d write -> active write
    A opens d write -> open
    A closes d -> closed
    A enters d adding x report 10s -> done
    B wants d read notified -> none CONTENTION
    W opens d read -> no break_started
    A returns d read -> active read notified
    W opens d read -> open`,
  'of one directory 64 changes may await their reports; one more recalls': `${holders}
    many W 64 enters d adding x report 60s -> done, announced
    W enters d adding y report 60s -> no break_started
    A delegation d -> breaking read to none`,
  'a change that waits, and has to recall, does so whatever is reported meanwhile': `${start}
    A wants d read notified -> active read notified
    B wants d read directory -> active read
    W enters d adding x report 60s wait 60s -> waiting
    many B 64 enters d adding y report 60s -> done, announced
    told -> granted A d read, granted B d read, break d to none of delegations but W in 45s by change, changed B d entries, announced x64
    B returns d -> released
    B.1 made d -> reported
    told -> released B d by acknowledged, directoryChanged d add y but B
    A returns d -> released
    told -> released A d by acknowledged, changed W d entries in turn`,
  'delegations that were revoked are told of nothing any more': `
    formats
    export local directories break 5s
    session A 600s
    session C 600s
    session W 600s
    A wants d read notified -> active read notified
    W opens d write wait 60s -> waiting
    tick 5s
    A delegation d -> revoked
    W closes d -> closed
    tick 20s
    C wants d read directory -> active read
    W enters d adding x report 10s -> no break_started
    C delegation d -> breaking read to none`,
  'a delegation that is told of changes is available also while some await their reports': `
    limits fileDelegationsMax 1
    ${start}
    B wants d read notified -> active read notified
    A wants d read notified signal -> none RESOURCE for now
    W enters d adding x report 60s -> done, announced
    told -> granted B d read, changed W d entries, announced
    B returns d -> released
    told -> released B d by holder, available A d read`,
  'a change that nobody will report recalls, as from a delegation that is told of nothing': `${holders}
    W enters d -> no break_started
    A delegation d -> breaking read to none
    B delegation d -> breaking read to none
    A returns d -> released
    B returns d -> released
    W enters d -> done`,
  'a removal of the directory itself recalls': `${holders}
    W unlinks d -> no break_started
    A delegation d -> breaking read to none`,
  'one delegation that is told of nothing makes a change recall them all': `${start}
    A wants d read notified -> active read notified
    B wants d read directory -> active read
    W enters d adding x report 10s -> no break_started
    blockers -> B delegation read breaking
    A delegation d -> breaking read to none
    B delegation d -> breaking read to none`,
  'a change that waits is announced when its turn comes': `${start}
    A wants d read notified -> active read notified
    B wants d read directory -> active read
    W enters d adding x report 10s wait 60s -> waiting
    W made d -> over
    B returns d -> released
    A delegation d -> breaking read to none
    W made d -> reported
    A delegation d -> breaking read to none
    records -> granted A read, granted B read, break to none of delegations, released B, changed W entries, announced in turn, directoryChanged add x but W`,
  'its maker leaves the only delegation that is told of nothing alone': `${start}
    A wants d read notified -> active read notified
    B wants d read directory -> active read
    B enters d adding x report 10s -> done, announced
    B made d -> reported
    A delegation d -> active read notified
    B delegation d -> active read`,
  'the delegations are recalled if no report comes in time, but not from who made the change': `${holders}
    A enters d adding x report 10s -> done, announced
    W enters d adding y report 30s -> done, announced
    tick 9s
    B delegation d -> active read notified
    tick 1s
    A delegation d -> active read notified
    B delegation d -> breaking read to none
    A made d -> over
    W made d -> reported
    B returns d -> released
    A delegation d -> active read notified`,
  'the delegations are recalled when the session that announced a change ends': `${holders}
    W enters d adding x report 10m -> done, announced
    W ends
    A delegation d -> breaking read to none
    B delegation d -> breaking read to none`,
  'a holder that could not be told is recalled': `${holders}
    A untold d -> recalled
    A delegation d -> breaking read to none
    A returns d -> released
    A untold d -> nothing
    B returns d -> released
    W enters d adding x report 10s -> done`,
  'a delegation that is told of nothing is not recalled because of that': `${start}
    B wants d read directory -> active read
    B untold d -> nothing
    B delegation d -> active read
    B untold e -> no no_such_lease`,
  'while a report is awaited, only who will be told gets a delegation': `${start}
    A wants d read notified -> active read notified
    W enters d adding x report 10s -> done, announced
    B wants d read directory signal -> none CONTENTION for now
    B wants d read notified -> active read notified
    B returns d -> released
    B wants d read directory signal -> none CONTENTION for now
    A returns d -> released
    W made d -> reported
    B wants d read directory -> active read
    records -> granted A read, changed W entries, announced, granted B read, released B, released A, directoryChanged add x but W, available B read, granted B read`,
  'of one directory 64 reports are awaited at most, and another change recalls': `${holders}
${Array.from({ length: 64 }, (_, no) => `    W enters d adding x${String(no)} report 10s -> done, announced`).join('\n')}
    A enters d adding y report 10s -> no break_started
    B delegation d -> breaking read to none`,
  'nobody gets a delegation between a change that nobody is told of and the change itself': `${start}
    W enters d adding x report 10s quiet 5s -> done
    A wants d read notified -> none CONTENTION
    B wants d read directory signal -> none CONTENTION for now
    tick 5s
    A wants d read notified -> active read notified
    records -> changed W entries, available B read, granted A read`,
  'a report that nobody wants any more recalls nothing': `${holders}
    W enters d adding x report 10s -> done, announced
    A returns d -> released
    B returns d -> released
    tick 20s
    A wants d read notified -> active read notified
    tick 20s
    A delegation d -> active read notified`,
  'a repeat of an announced change is the same change': `${holders}
    W enters d adding x report 10s -> done, announced
    W enters d adding x report 10s again -> done, announced
    W cancels d -> over
    W made d -> reported
    W enters d adding x report 10s again -> done, announced
    W made d -> reported`,
  'a pushed delegation is told as it was wanted': `${start}
    A writes d -> active write
    B wants d read notified push -> none CONTENTION and will be given
    A releases d -> released
    W enters d adding x report 10s -> done, announced
    W made d -> reported`,
  'a table that an earlier version shares gives delegations that are told of nothing': `
    export local directories
    session A
    session W
    A wants d read notified -> active read
    W enters d adding x report 10s -> no break_started
    A delegation d -> breaking read to none`,
  'an announced change is listed, and no longer waits': `${holders}
    W enters d adding x report 10s -> done, announced
    W why d -> no no_such_wait
    tree d -> A delegation read active, B delegation read active, W entries announced`,
  'a change that was announced is reported also when nobody is left to hear of it': `
    formats
    export local directories
    session A 300s
    session B 300s
    A wants d read notified -> active read notified
    B enters d adding x report 5s -> done, announced
    A returns d -> released
    B made d -> reported
    files -> 1`,
};
