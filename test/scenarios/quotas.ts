/** What one subject may have, over all its sessions: the rest is for others. */
export const quotas: Record<string, string> = {
  'sessions of one subject': `
    export local
    session A1 300s of red/a may sessions=2
    session A2 300s of red/a may sessions=2
    session A3 300s of red/a may sessions=2 -> no subject_sessions_max
    used -> 2 of 2
    session B1 300s of red/b may sessions=2
    subjects -> red a: 2 sessions, 0 rows, 0 waits; red b: 1 sessions, 0 rows, 0 waits
    A1 ends
    session A3 300s of red/a may sessions=2`,

  'rows of one subject, in whichever session': `
    export local
    session A1 300s of red/a may rows=5
    session A2 300s of red/a may rows=5
    A1 reads f
    A1 opens g read
    A2 locks h posix write 0-9
    A1 reads i
    A2 opens j read
    A2 reads k -> no subject_rows_max
    used -> 5 of 5
    A1 opens k read -> no subject_rows_max
    A2 locks h posix write 20-29 -> no subject_rows_max
    A2 enq r EX -> no subject_rows_max
    subjects -> red a: 2 sessions, 5 rows, 0 waits
    A1 releases f
    A2 reads k
    session B 300s of red/b may rows=3
    B reads f
    session N 300s
    N reads g`,

  'waits of one subject': `
    export local
    session B 300s of red/b may waits=1
    session A1 300s of red/a may waits=2
    session A2 300s of red/a may waits=2
    session H 300s
    H locks f posix write 0-9
    H locks g posix write 0-9
    A1 locks f posix write 0-9 wait 60s
    A2 locks g posix write 0-9 wait 60s
    A1 opens h read
    A1 locks g posix write 0-9 wait 60s -> no subject_waits_max
    used -> 2 of 2
    B locks f posix write 0-9 wait 60s
    subjects -> red b: 1 sessions, 1 rows, 1 waits; red a: 2 sessions, 3 rows, 2 waits
    H ends
    subjects -> red b: 1 sessions, 1 rows, 1 waits; red a: 2 sessions, 3 rows, 0 waits`,

  'a share of the queue of one file': `
    export local
    limits queueMax 4
    session A1 300s of red/a may queueShare=2
    session A2 300s of red/a may queueShare=2
    session B 300s of red/b may queueShare=2
    session H 300s
    H locks f posix write 0-9
    H locks g posix write 0-9
    A1 locks f posix write 0-9 wait 60s
    A2 locks f posix write 0-9 wait 60s
    A1 locks f flock write wait 60s
    A2 locks f posix read 5-5 wait 60s -> no subject_queue_share
    used -> 2 of 2
    A2 locks g posix read 5-5 wait 60s
    B locks f posix write 0-9 wait 60s`,

  'a share of the queue of one resource': `
    export local
    session A1 300s of red/a may queueShare=1
    session A2 300s of red/a may queueShare=1
    session B 300s of red/b may queueShare=1
    session H 300s
    H enq r EX
    A1 enq r EX wait 60s
    A2 enq r EX wait 60s -> no subject_queue_share
    B enq r EX wait 60s`,

  'quiet times of one subject': `
    export local
    session A 300s of red/a may quietMs=2000
    A truncates f quiet 5s -> no subject_quiet_max
    used -> 5000 of 2000
    A truncates f quiet 2s
    session N 300s
    N truncates g quiet 5s`,

  'what a tenant has as a whole, over all its subjects': `
    export local
    session A 300s of red/a may rows=9 together sessions=3 rows=4
    session B1 10s of red/b together sessions=3 rows=4
    session B2 300s of red/b together sessions=3 rows=4
    session C 300s of red/c together sessions=3 rows=4 -> no tenant_sessions_max
    used -> 3 of 3
    session D 300s of blue/a may rows=1 together rows=1
    A reads f
    B1 opens g read
    B2 reads h
    A reads i
    B2 reads j -> no tenant_rows_max
    used -> 4 of 4
    A opens k read -> no tenant_rows_max
    D reads f
    subjects -> red a: 1 sessions, 2 rows, 0 waits; red : 3 sessions, 4 rows, 0 waits; blue a: 1 sessions, 1 rows, 0 waits; blue : 1 sessions, 1 rows, 0 waits
    A releases i
    B2 reads j
    tick 15s
    subjects -> red a: 1 sessions, 1 rows, 0 waits; red : 2 sessions, 3 rows, 0 waits; blue a: 1 sessions, 1 rows, 0 waits; blue : 1 sessions, 1 rows, 0 waits
    A opens k read
    session C 300s of red/c together sessions=3 rows=4
    A ends
    B2 ends
    C ends
    subjects -> blue a: 1 sessions, 1 rows, 0 waits; blue : 1 sessions, 1 rows, 0 waits`,

  'how much of a tenant waits, in all and for one file': `
    export local
    session A 300s of red/a together waits=2 queueShare=1
    session B 300s of red/b together waits=2 queueShare=1
    session C 300s of blue/c may waits=1 together waits=1
    session H 300s
    H locks m posix write 0-9
    H locks n posix write 0-9
    A locks m posix write 0-9 wait 60s
    B locks m posix write 0-9 wait 60s -> no tenant_queue_share
    used -> 1 of 1
    C locks m posix write 0-9 wait 60s
    B locks n posix write 0-9 wait 60s
    A locks n posix write 20-29 wait 60s
    H locks o posix write 0-9
    A locks o posix write 0-9 wait 60s -> no tenant_waits_max
    used -> 2 of 2
    H ends
    subjects -> red : 2 sessions, 3 rows, 0 waits; blue c: 1 sessions, 1 rows, 1 waits; blue : 1 sessions, 1 rows, 1 waits`,

  'what expires no longer counts, and a subject without sessions is forgotten': `
    export local
    session A1 10s of red/a may rows=2
    session A2 300s of red/a may rows=2
    A1 reads f
    A1 reads g
    A2 reads h -> no subject_rows_max
    tick 15s
    subjects -> red a: 1 sessions, 0 rows, 0 waits
    A2 reads h
    A2 ends
    subjects -> none`,
};
