/**
 * The histories that go another way in a table of several shards (decision 0074), and why: where all files are in one shard that is not
 * the sessions' home (`together`), where they are in all shards (`spread`), or in both.
 */
export interface Different {
  why: string;
  both?: readonly string[];
  together?: readonly string[];
  spread?: readonly string[];
}

export const different: readonly Different[] = [
  {
    why: 'Deadlocks over several shards are found by two looks in a row, not by the request that closes the circle.',
    both: ['deadlock: a cycle of 10: of every kind', 'deadlock: a cycle of 64: of every kind'],
    together: [
      'modal: a conversion with convdeadlk that would close another cycle keeps its mode and its token',
      'modal: a grant that passes the queue may close a cycle; the youngest wait in it is dropped',
    ],
    spread: [
      'deadlock: a cycle may lead through a session that only waits',
      'deadlock: a cycle of 10: change',
      'deadlock: a cycle of 10: flock',
      'deadlock: a cycle of 10: lease',
      'deadlock: a cycle of 10: mixed',
      'deadlock: a cycle of 10: ofd',
      'deadlock: a cycle of 10: open',
      'deadlock: a cycle of 10: posix',
      'deadlock: a cycle of 2: change',
      'deadlock: a cycle of 2: flock',
      'deadlock: a cycle of 2: lease',
      'deadlock: a cycle of 2: mixed',
      'deadlock: a cycle of 2: of every kind',
      'deadlock: a cycle of 2: ofd',
      'deadlock: a cycle of 2: open',
      'deadlock: a cycle of 2: posix',
      'deadlock: a cycle of 3: change',
      'deadlock: a cycle of 3: flock',
      'deadlock: a cycle of 3: lease',
      'deadlock: a cycle of 3: mixed',
      'deadlock: a cycle of 3: of every kind',
      'deadlock: a cycle of 3: ofd',
      'deadlock: a cycle of 3: open',
      'deadlock: a cycle of 3: posix',
      'deadlock: a grant by the fileserver may close a cycle; the request behind the dropped one gets its turn',
      'deadlock: a holder that is asked to release, and waits itself, may close a cycle with another open',
      'deadlock: grants of the fileserver at the same time may each close a cycle',
      'deadlock: a lease that a break does not ask for may be part of a cycle while the break runs',
      'deadlock: a request that stands behind two of a queue is followed to each, whoever met them first',
      'deadlock: a session that waits may close a cycle by opening another file',
      'deadlock: a short cycle is found although there is also one that is too long',
      'deadlock: a wait for a lease that is not being broken may close a cycle',
      'deadlock: no alarm: the wait that would have closed it is over',
      'deadlock: no alarm: the waiting owner no longer holds anything there',
      'deadlock: one of several blockers is enough to close a cycle',
      'deadlock: one of several waits of an owner is enough to close a cycle',
      'semaphores: a holder that waits for an open, or behind another request, may be part of a cycle',
      'semaphores: a holder with several waits can go on only if all of them end',
      'semaphores: a permit that is granted in turn may close a cycle; the youngest wait in it is dropped',
      'semaphores: the last holder that begins to wait closes the cycle of all',
      'semaphores: who waits for a larger one is in a deadlock only if no holder can go on',
      'semaphores: who waits for a semaphore of one may close a cycle',
      'tenants: a deadlock through a file that only others use does not name it',
    ],
  },
  {
    why: 'Each shard counts for itself what a session, a subject or an export has, and asks for room for itself.',
    both: [
      'courtesy: a silent client whose rows are not enough makes no room',
      'courtesy: a silent client makes no room for another subject',
      'courtesy: a silent client makes room for others of its subject and its tenant',
      'quotas: rows of one subject, in whichever session',
    ],
    spread: [
      'delegations: a limit reached elsewhere in the meantime holds back no signal',
      'delegations: a revoked delegation counts as a row of its session until it is freed',
      'delegations: a session that has reached a limit meanwhile is told instead of being given',
      'delegations: a session that runs short of rows is asked, too',
      'delegations: a session that was revoked too often is offered no more delegations, and is sent no signal of them',
      'delegations: a subject and a tenant that run short ask their own sessions, and nobody else’s',
      'delegations: an export that runs short asks all who hold many, in turn',
      'delegations: every answer without a delegation says why',
      'delegations: for a subject that runs short, its sessions are looked through once a second',
      'delegations: no signal is promised to a subject that has all the rows it may have',
      'delegations: no signal is promised while the limit of the export or of the session is reached',
      'delegations: of a subject with many such sessions a few are asked at a time, also for requests that are refused',
      'delegations: of many sessions with many delegations a few are asked at a time',
      'delegations: revocations that the holder has freed do not count against it',
      'delegations: signals are promised only up to the queue limit, and only to sessions with room for a row',
      'delegations: the delegations of a session are limited, and no signal tells it that there is room',
      'delegations: the delegations of an export are limited',
      'delegations: who has few delegations is asked for none',
      'delegations: who holds many delegations is asked for some before its limit is reached, and then not for a while',
      'opens: a session remembers the last 256 opens that ended',
      'quotas: how much of a tenant waits, in all and for one file',
      'quotas: waits of one subject',
      'quotas: what a tenant has as a whole, over all its subjects',
      'quotas: what expires no longer counts, and a subject without sessions is forgotten',
      'ranges: an unlock in the middle of a range needs room for another row',
    ],
  },
  {
    why: 'A shard that has lost something is in grace by itself: it knows who was there of those who had entered it, and of nobody else.',
    both: [
      'clients: only those who were there reclaim, and each says once that it is done',
      'courtesy: in a grace period only reclaims take from silent clients, and afterwards what is wanted',
      'grace: grace does not wait for sessions that are gone',
      'grace: grace ends early when every session from before has reclaimed',
      'grace: where nothing is missing, only what the table has is reclaimed',
      'grace: where nothing was missing before, and something is this time, what is missing may be reclaimed',
    ],
    together: ['courtesy: a grace period does not wait for a silent client, which may come back and reclaim'],
    spread: [
      'grace: an export that is in grace again waits for nobody from the first time',
      'grace: in a grace period of one export what is held is reclaimed by its id, as the table has it, and nothing else',
      'grace: a session that comes while an export is in grace reclaims nothing there, and a grace period of the table goes before',
      'grace: the grace period of an export does not wait for a silent client, which may come back and reclaim',
      'grace: the grace period of an export ends with its time, and with what it waits for',
      'grace: where more hold something than are listed, the grace period of an export lasts its whole time',
    ],
  },
  {
    why: 'A table in shards has its format from the beginning.',
    both: [
      'grace: of an export that does not exist, or beside an earlier version, no grace period begins',
      'kernelRanges: the setting is refused where it cannot be true, or while anything is held',
      'notices: a table that an earlier version shares gives delegations that are told of nothing',
    ],
  },
  {
    why: 'An export whose files are in several shards cannot grant by name before its fileserver has come.',
    both: [
      'adapters: a tree that another export has taken over stays there, whatever is granted by name in the first',
      'adapters: an adapter that was silent while its tree moved to another export must register under another name',
    ],
  },
  {
    why: 'What happens in several shards at the same time has no order, and listings go through one shard after the other.',
    together: [
      'kernelRanges: holders of ranges are told when these are in doubt, and when the fileserver certainly has them again',
      'kernelRanges: a request that does not wait ends with its fileserver that is lost',
      'nodes: a client in courtesy goes with its node, whether that dies or is removed',
    ],
    both: ['leases: names are listed by how they begin, character by character, whatever holds them'],
    spread: [
      'breaks: a break by the fileserver asks for no more, and for no less, than was asked for before',
      'changes: a change of a file that nobody holds happens at once and leaves nothing behind',
      'delegations: a delegation comes with an open that wants one',
      'delegations: a delegation granted after a recall began is not part of that recall',
      'delegations: an upgrade may ask for the times, a read delegation has none',
      'holds: a lease without a cookie cannot be proven untouched',
      'holds: a successor revokes leases that it cannot prove untouched: read leases with another cookie, write leases always',
      'holds: a write lease of an adapter that stopped in order is revoked, and nobody waits for proof of its death',
      'leases: an adapter stops in order: holders are told at once, and leases that cannot be proven are revoked without a wait',
      'leases: an administrator ends a session: its leases are revoked, and the waiters go on',
      'queue: how a wait ended is measured, and after how long: leases',
    ],
  },
  {
    why: 'The other shards hear of it with the next tick, or are done with their part earlier.',
    together: [
      'courtesy: a silent client makes room only for its own subject or its own tenant',
      'nodes: a node that is removed by force takes its sessions along',
      'nodes: a node that stops in order is cleared like a dead one, at once and without an alarm',
      'queue: a query for blockers just after a break has lapsed changes nothing twice',
    ],
    spread: [
      'tree: an adapter stops in order, and its exports wait for its successor',
      'tree: an export is hung up and resumed',
      'tree: removal by force breaks all holds, revokes them at the deadline, and reports what it did',
    ],
  },
];

/** Histories of what only a table in shards has: f, g, a and c are in four different ones; sessions are at home with f. */
export const overShards: Record<string, string> = {
  'a session that ends leaves nothing in any shard': `
    export local
    session A 300s
    session B 300s
    A writes f -> active write
    A writes g -> active write
    A locks a posix write 0-9 -> held write 0-9
    A opens c write denying both -> open
    A ends -> ended
    B writes f -> active write
    B writes g -> active write
    B locks a posix write 0-9 -> held write 0-9
    B opens c write -> open`,
  'a session that is kept alive at home keeps what it has elsewhere, and loses it with its TTL': `
    export local
    session A 10s
    session B 300s
    A writes g -> active write
    tick 9s
    A lives -> ok
    tick 9s
    A has g -> active write
    B writes g -> no lease_conflict
    tick 1s
    B writes g -> active write
    A writes a -> no session_expired`,
  'an administrator ends a session in all shards': `
    export local
    session A 300s
    session B 300s
    A writes g -> active write
    A writes a -> active write
    A taken -> taken
    B writes g -> active write
    B writes a -> active write
    A writes c -> no session_expired`,
  'a deadlock over two shards is found by the second look: the youngest wait ends': `
    export local
    session A 300s
    session B 300s
    A locks f posix write 0-9 -> held write 0-9
    B locks g posix write 0-9 -> held write 0-9
    A locks g posix write 0-9 wait 60s -> waiting write 0-9
    B locks f posix write 0-9 wait 60s -> waiting write 0-9
    moment
    B lock f -> waiting write 0-9
    moment
    B lock f -> no no_such_lock
    A lock g -> waiting write 0-9
    B unlocks g posix 0-9 -> unlocked
    A lock g -> held write 0-9`,
  'a deadlock over four shards, of several kinds': `
    export local
    session A 300s
    session B 300s
    session C 300s
    session D 300s
    A locks f posix write 0-9 -> held write 0-9
    B opens g write denying both -> open
    C writes a -> active write
    D takes c of 1 -> held
    A opens g write wait 60s -> waiting
    B writes a wait 60s -> waiting write
    C takes c of 1 wait 60s -> waiting
    D locks f posix write 0-9 wait 60s -> waiting write 0-9
    moment
    moment
    D lock f -> no no_such_lock
    A open g -> waiting
    C permit c -> waiting`,
  'a circle that somebody can leave is no deadlock': `
    export local
    session A 300s
    session B 300s
    session C 300s
    A takes c of 2 -> held
    C takes c of 2 -> held
    B locks g posix write 0-9 -> held write 0-9
    B takes c of 2 wait 60s -> waiting
    A locks g posix write 0-9 wait 60s -> waiting write 0-9
    moment
    moment
    B permit c -> waiting
    A lock g -> waiting write 0-9
    C gives c back
    B permit c -> held`,
  'who waits behind a deadlock goes on when it has ended': `
    export local
    session A 300s
    session B 300s
    session C 300s
    A locks f posix write 0-9 -> held write 0-9
    B locks g posix write 0-9 -> held write 0-9
    A locks g posix write 0-9 wait 60s -> waiting write 0-9
    B locks f posix write 0-9 wait 60s -> waiting write 0-9
    C locks f posix write 0-9 wait 60s -> waiting write 0-9
    moment
    moment
    B lock f -> no no_such_lock
    C lock f -> waiting write 0-9
    A unlocks f posix 0-9 -> unlocked
    C lock f -> held write 0-9`,
  'what a client holds in another shard is taken when its lease time is over, and counted': `
    export local
    exchange A as one v1 10s courtesy 100s -> new
    A confirms -> confirmed
    A reclaimed-all -> grace is over
    session B 300s
    A opens g read denying write -> open
    A opens a read denying write -> open
    tick 10s
    A is -> courtesy
    B opens g write -> open
    A missing -> 1
    A lives -> ok
    A share a -> read denying write
    B opens a write -> no share_denied`,
  'an export is not removed while files are in use in any shard': `
    export local
    session A 300s
    A writes g -> active write
    remove exports local -> no has_dependents: files g
    A releases g
    remove exports local -> removed`,
  'a hangup is done when the files of all shards are free': `
    export local break 10s
    session A 300s
    A writes g -> active write
    A writes a -> active write
    hangup local 30s
    tick 1s
    operation -> breaking, 2 left
    A releases g
    tick 1s
    operation -> breaking, 1 left
    A releases a
    tick 1s
    operation -> done`,
  'leases are listed through all shards, and each once': `
    export local
    session A 300s
    A reads f -> active read
    A reads g -> active read
    A reads a -> active read
    A reads c -> active read
    files -> 4
    A leases f -> f`,
};
