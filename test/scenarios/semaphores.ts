/** Semaphores: at most so many permits of one name at a time (semantics.md §3). */
const scenarios: Record<string, string> = {
  'at most so many hold a permit; the next waits, and is served when one is given back': `
    A takes s of 2 -> held
    B takes s of 2 -> held
    C takes s of 2 -> no semaphore_full
    blockers -> A permit held, B permit held
    C takes s of 2 wait 10s -> waiting
    C why s -> semaphore_full, 0 ahead: A permit held, B permit held
    semaphore s -> A held, B held, C waiting
    B gives s back -> given
    C permit s -> held
    semaphore s -> A held, C held
  `,
  'permits are granted strictly in order of arrival': `
    A takes s of 1 -> held
    B takes s of 1 wait 20s -> waiting
    C takes s of 1 wait 20s -> waiting
    C why s -> queued, 1 ahead: B permit waiting
    A gives s back -> given
    A takes s of 1 -> no semaphore_full
    C permit s -> waiting
    A takes s@2 of 1 wait 20s -> waiting
    B gives s back -> given
    A permit s@2 -> waiting
    C permit s -> held
  `,
  'the limit is what the first request said, until nobody holds a permit or waits for one': `
    A takes s of 2 -> held
    B takes s of 3 -> no limit_differs
    B takes s of 2 -> held
    A gives s back -> given
    B takes s@2 of 1 -> no limit_differs
    B gives s back -> given
    B takes s of 1 -> held
    A takes s of 1 -> no semaphore_full
  `,
  'an owner may have several permits, and each counts': `
    A takes s of 2 -> held
    A takes s@2 of 2 -> held
    B takes s of 2 -> no semaphore_full
    A gives s@2 back -> given
    B takes s of 2 -> held
  `,
  'a wait ends when its time is over, and the place in the queue is free': `
    A takes s of 1 -> held
    B takes s of 1 wait 5s -> waiting
    C takes s of 1 wait 20s -> waiting
    tick 6s
    B permit s -> no no_such_lock
    A gives s back -> given
    C permit s -> held
  `,
  'a session that ends or expires gives its permits back': `
    session A 10s
    session B 60s
    session C 60s
    session D 60s
    A takes s of 2 -> held
    B takes s of 2 -> held
    C takes s of 2 wait 50s -> waiting
    D takes s of 2 wait 50s -> waiting
    B ends -> ended
    C permit s -> held
    D permit s -> waiting
    tick 11s
    D permit s -> held
    semaphore s -> C held, D held
  `,
  'each permit has a token, which is valid as long as the permit is held': `
    A takes s of 2 -> held
    B takes s of 2 -> held
    A guards s -> held
    B guards s -> held
    A gives s back -> given
    A guards s before -> no token_old
    B guards s before -> held
    A takes s of 2 -> held
    A guards s before -> no token_old
    A guards s -> held
  `,
  'the same request finds its permit, and nothing once that is over': `
    A takes s of 1 -> held
    A takes s of 1 again -> held
    B takes s of 1 wait 5s -> waiting
    B takes s of 1 wait 30s again -> waiting
    tick 6s
    B permit s -> waiting
    A gives s back -> given
    B takes s of 1 again -> held
    A takes s of 1 again -> no lock_over
    A takes s of 2 again -> no id_reused_with_other_body
  `,
  'a request that waits is withdrawn; one that is granted is not, if only the wait was to end': `
    A takes s of 1 -> held
    A gives s back waiting -> given
    A permit s -> held
    B takes s of 1 wait 30s -> waiting
    B gives s back waiting -> given
    B permit s -> no no_such_lock
  `,
  'who waits for a semaphore of one may close a cycle': `
    A takes s of 1 -> held
    B takes t of 1 -> held
    A takes t of 1 wait 30s -> waiting
    B takes s of 1 wait 30s -> no deadlock
    cycle -> B s, A t
  `,
  'who waits for a larger one is in a deadlock only if no holder can go on': `
    A takes s of 2 -> held
    B takes s of 2 -> held
    C locks f posix write 0-9 -> held write 0-9
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    C takes s of 2 wait 60s -> waiting
    B locks f posix write 0-9 wait 60s -> no deadlock
    B gives s back -> given
    C permit s -> held
  `,
  'the last holder that begins to wait closes the cycle of all': `
    A takes s of 2 -> held
    B takes s of 2 -> held
    C locks f posix write 0-9 -> held write 0-9
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    B locks f posix write 0-9 wait 60s -> waiting write 0-9
    C takes s of 2 wait 60s -> no deadlock
    C unlocks f posix 0-9
    A gives s back -> given
    C takes s of 2 -> held
  `,
  'a permit that is granted in turn may close a cycle; the youngest wait in it is dropped': `
    B takes s of 1 -> held
    C locks f posix write 0-9
    A takes s of 1 wait 60s -> waiting
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    C takes s of 1 wait 60s -> waiting
    B gives s back -> given
    A permit s -> held
    C permit s -> no no_such_lock
    A lock f -> waiting write 0-9
  `,
  'a holder that waits for an open, or behind another request, may be part of a cycle': `
    A takes s of 1 -> held
    C opens f read denying write -> open
    A opens f write wait 60s -> waiting
    C takes s of 1 wait 60s -> no deadlock
    cycle -> C s, A f
    C closes f -> closed
    B locks g posix write 0-9 -> held write 0-9
    C locks h posix write 0-9 -> held write 0-9
    session D
    D locks g posix write 0-9 wait 60s -> waiting write 0-9
    D locks h posix write 0-9 wait 60s -> waiting write 0-9
    A locks g posix write 0-9 wait 60s -> waiting write 0-9
    C takes s of 1 wait 60s -> no deadlock
    cycle -> C s, A g, D h
  `,
  'a holder with several waits can go on only if all of them end': `
    B takes s of 1 -> held
    A locks g posix write 0-9 -> held write 0-9
    C locks f posix write 0-9 -> held write 0-9
    B locks f posix write 0-9 wait 60s -> waiting write 0-9
    B locks g posix write 0-9 wait 60s -> waiting write 0-9
    C takes s of 1 wait 60s -> no deadlock
    cycle -> C s, B f
  `,
  'no alarm: a holder waits only for somebody who can go on': `
    A takes s of 2 -> held
    B takes s of 2 -> held
    session D
    D locks g posix write 0-9 -> held write 0-9
    C locks f posix write 0-9 -> held write 0-9
    A locks g posix write 0-9 wait 60s -> waiting write 0-9
    B locks f posix write 0-9 wait 60s -> waiting write 0-9
    C takes s of 2 wait 60s -> waiting
    D unlocks g posix 0-9 -> unlocked
    A gives s back -> given
    C permit s -> held
  `,
  'no alarm: two that a holder waits for wait for the same one, which can go on': `
    session X
    session Y
    session Z
    A takes s of 2 -> held
    B takes s of 2 -> held
    Z locks z posix write 0-9 -> held write 0-9
    X locks e posix read 0-9 -> held read 0-9
    Y locks e posix read 0-9 -> held read 0-9
    X locks z posix read 0-3 wait 60s -> waiting read 0-3
    Y locks z posix read 4-9 wait 60s -> waiting read 4-9
    C locks f posix write 0-9 -> held write 0-9
    A locks e posix write 0-9 wait 60s -> waiting write 0-9
    B locks f posix write 0-9 wait 60s -> waiting write 0-9
    C takes s of 2 wait 60s -> waiting
  `,
  'no alarm: a holder that waits for another permit may give back its own': `
    A takes s of 2 -> held
    B takes s of 2 -> held
    A takes t of 1 -> held
    C locks f posix write 0-9 -> held write 0-9
    B locks f posix write 0-9 wait 60s -> waiting write 0-9
    A takes s@2 of 2 wait 60s -> waiting
    C takes t of 1 wait 60s -> waiting
    A gives s back -> given
    A permit s@2 -> held
  `,
  'an owner that has all permits may wait for another: it gives one back itself': `
    A takes s of 2 -> held
    A takes s@2 of 2 -> held
    A takes s@3 of 2 wait 30s -> waiting
    A takes s@4 of 2 wait 30s -> waiting
    A gives s back -> given
    A permit s@3 -> held
    A permit s@4 -> waiting
  `,
  'an administrator takes a permit, or ends a wait': `
    A takes s of 1 -> held
    B takes s of 1 wait 30s -> waiting
    A forced s -> ok
    A permit s -> no no_such_lock
    B permit s -> held
  `,
  'a semaphore has nothing to do with the file or the resource of its name': `
    A takes f of 1 -> held
    B reads f -> active read
    C enq f EX -> granted EX
    B takes f of 1 -> no semaphore_full
  `,
};

const begin = `
    export local
    session A 300s
    session B 300s
    session C 300s`;
export const semaphores = Object.fromEntries(
  Object.entries(scenarios).map(([title, text]) => [
    title,
    text.includes('session A') ? `\n    export local${text}` : begin + text,
  ]),
);
