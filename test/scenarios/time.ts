/**
 * Table time follows monotonic clocks; `wall +2500ms` sets the wall clock of the machine or of Redis (semantics.md
 * §6).
 */
export const time: Record<string, string> = {
  'a clock that is set forward again and again shortens no TTL': `
    export local
    session A 10s
    A reads f -> active read
    tick 300ms
    wall +2500ms
    tick 300ms
    wall +2500ms
    tick 300ms
    wall +2500ms
    tick 300ms
    wall +2500ms
    tick 300ms
    wall +2500ms
    tick 8000ms
    A is -> live
    tick 600ms
    A is -> expired`,
  'one step of the clock by an hour or a year, forward or back, shortens no TTL': `
    export local
    session A 10s
    tick 2s
    wall +60m
    tick 2s
    wall -120m
    tick 2s
    wall +525600m
    tick 2s
    wall -525600m
    tick 1s
    A is -> live
    tick 1200ms
    A is -> expired`,
  'a clock that is set back again and again prolongs nothing for long': `
    export local
    session A 10s
    tick 2s
    wall -2500ms
    tick 2s
    wall -2500ms
    tick 2s
    wall -2500ms
    tick 2s
    A is -> live
    tick 3s
    A is -> expired`,
  'a break ends at its announced deadline, whatever the wall clock says then': `
    export local break 10s
    session A 300s
    session B 300s
    A reads f -> active read
    B opens f write wait 60s -> waiting
    tick 5s
    wall +2500ms
    tick 2s
    wall -60m
    tick 2s
    A has f -> breaking read to none
    tick 1200ms
    A has f -> revoked
    B open f -> open`,
  'an outage shortens no TTL, even if the wall clock is set meanwhile': `
    export local
    session A 10s
    tick 5s
    outage 60s
    wall +60m
    tick 4s
    A is -> live
    outage 60s
    wall -120m
    tick 500ms
    A is -> live
    tick 2s
    A is -> expired`,
};
