import { wantedKinds, ways } from './matrix';

/** Locks in six modes on resources: what the kernel's DLM does, and what sessions add to it (semantics.md §4.7). */

const modes = ['NL', 'CR', 'CW', 'PR', 'PW', 'EX'] as const;
/** Written out once more, on purpose: the compatibility of the VMS and Linux DLMs. */
const beside: Record<(typeof modes)[number], string> = {
  NL: 'NL CR CW PR PW EX',
  CR: 'NL CR CW PR PW',
  CW: 'NL CR CW',
  PR: 'NL CR PR',
  PW: 'NL CR',
  EX: 'NL',
};

/** Every pair of modes: one held by A, the other asked for by B, and by another owner of A. */
const pairs = Object.fromEntries(
  modes.map((held) => [
    `${held} held: what others may have beside it`,
    [
      'export local',
      'session A',
      'session B',
      `A enq r ${held} -> granted ${held}`,
      ...modes.flatMap((wanted) => {
        const fits = beside[held].split(' ').includes(wanted);
        const lines = (actor: string, lock: string): string[] =>
          fits
            ? [`${actor} enq ${lock} ${wanted} -> granted ${wanted}`, `${actor} deq ${lock} -> unlocked`]
            : [`${actor} enq ${lock} ${wanted} -> no mode_conflict`, `blockers -> A ${held} granted`];
        return [...lines('B', 'r'), ...lines('A', 'r@2')];
      }),
    ].join('\n'),
  ]),
);

/**
 * Every mode beside every kind of hold and change on the file of that name, even if the two had one key: each is granted
 * while the other is held, whichever came first.
 */
const apart = Object.fromEntries(
  modes.map((mode) => [
    `${mode} on a resource and everything on the file of its name do not meet`,
    [
      'limits sessionDelegationsMax 100 exportDelegationsMax 100',
      'export local directories',
      'formats',
      'resources like files',
      'session A',
      'session B',
      ...wantedKinds.flatMap((kind) => {
        const { line, granted, look, end } = ways[kind][0] ?? { line: '', granted: '' };
        const ends = end === undefined ? [] : [`A ${end}`];
        const looks = look === undefined ? [] : [`A ${look}`];
        const first = [`A ${line} -> ${granted}`, `B enq F ${mode} -> granted ${mode}`, ...looks];
        const last = [`B enq F ${mode} -> granted ${mode}`, 'records', `A ${line} -> ${granted}`];
        const files = [
          [...first, ...ends, 'B deq F -> unlocked'],
          [...last, 'B at F -> granted ' + mode, ...ends, 'B deq F -> unlocked'],
        ];
        return files.flatMap((lines, at) =>
          lines.map((each) => each.replace(/\bF\b/g, `${kind}${String(at)}`)),
        );
      }),
      'resource openRead0 -> no no_such_lock',
    ].join('\n'),
  ]),
);

export const modal: Record<string, string> = {
  ...pairs,
  'a request that waits for a resource keeps nobody from the file of its name, even if the two had one key': `
    export local
    resources like files
    session A
    session B
    session C
    B enq r EX -> granted EX
    C enq r EX wait 30s -> waiting EX
    A reads r -> active read
    A releases r -> released
    A wants r read -> active read`,
  'requests are granted in order, and nobody passes a request that waits': `
    export local
    session A
    session B
    session C
    A enq r PR -> granted PR
    B enq r EX wait 30s -> waiting EX
    C enq r PR wait 30s -> waiting PR
    C why r -> queued, 1 ahead: B EX waiting
    A enq r@2 NL -> no queued
    blockers -> B EX waiting
    A enq r@2 NL expedite -> granted NL
    resource r -> granted A NL, A PR; converting; waiting B EX, C PR; block none
    A deq r -> unlocked
    resource r -> granted A NL, B EX; converting; waiting C PR; block none
    B deq r -> unlocked
    C at r -> granted PR`,
  'headque puts a request before the others': `
    export local
    session A
    session B
    session C
    A enq r EX -> granted EX
    B enq r PR wait 30s -> waiting PR
    C enq r CW headque wait 30s -> waiting CW
    resource r -> granted A EX; converting; waiting C CW, B PR; block none
    A deq r -> unlocked
    resource r -> granted C CW; converting; waiting B PR; block none`,
  'the holders in the way are told the mode that is wanted, once for each stronger mode': `
    export local
    session A
    session B
    session C
    A enq r PR
    A enq r@2 CR
    records -> completed A PR, completed A CR
    B enq r CW wait 30s -> waiting CW
    records -> blocking A CW
    C enq r PR wait 30s -> waiting PR
    records -> nothing
    C revokes r -> cancelled
    C enq r EX wait 30s -> waiting EX
    records -> dropped C cancelled, blocking A EX, blocking A EX
    C revokes r -> cancelled
    C enq r PW wait 30s -> waiting PW
    records -> dropped C cancelled`,
  'with noqueue nobody is told, unless noqueuebast': `
    export local
    session A
    session B
    A enq r PR -> granted PR
    B enq r EX noqueue wait 30s -> no mode_conflict
    records -> completed A PR
    B enq r EX noqueue noqueuebast -> no mode_conflict
    records -> blocking A EX`,
  'a conversion is granted in place and passes the requests that wait': `
    export local
    session A
    session B
    session C
    A enq r NL -> granted NL
    B enq r PR -> granted PR
    C enq r EX wait 30s -> waiting EX
    A converts r PR -> granted PR
    A converts r CR -> granted CR
    A converts r EX -> no mode_conflict
    A at r -> granted CR
    A converts r EX wait 30s -> converting CR to EX
    A converts r PR -> no request_pending
    B converts r NL -> granted NL
    A at r -> granted EX
    A deq r -> unlocked
    C at r -> granted EX`,
  'conversions are served in order; quecvt does not pass them': `
    export local
    session A
    session B
    session C
    A enq r PR -> granted PR
    B enq r NL -> granted NL
    C enq r NL -> granted NL
    B converts r CW wait 30s -> converting NL to CW
    C converts r CR quecvt wait 30s -> converting NL to CR
    resource r -> granted A PR; converting B NL-CW, C NL-CR; waiting; block none
    C revokes r -> cancelled
    C converts r CR -> granted CR
    C converts r NL quecvt -> no bad_flags
    A deq r -> unlocked
    B at r -> granted CW`,
  'two conversions that wait for each other: the second is refused, and told for whom': `
    export local
    session A
    session B
    A enq r PR
    B enq r PR
    A converts r EX wait 30s -> converting PR to EX
    B converts r EX wait 30s -> no deadlock
    cycle -> B r, A r
    B at r -> granted PR
    B converts r NL -> granted NL
    A at r -> granted EX`,
  'with convdeadlk the second is demoted to NL and lets the first through': `
    export local
    session A
    session B
    A enq r PR
    B enq r PR
    A converts r EX wait 30s -> converting PR to EX
    B converts r EX convdeadlk wait 30s -> converting NL to EX demoted
    A at r -> granted EX
    A deq r -> unlocked
    B at r -> granted EX demoted`,
  'a demotion may be all that a conversion needs': `
    export local
    session A
    session B
    A enq r PR
    B enq r CR
    A converts r EX wait 30s -> converting PR to EX
    B converts r CR convdeadlk wait 30s -> granted CR`,
  'with nodlckwt both wait, and the second is told that it is in the way': `
    export local
    session A
    session B
    A enq r PR
    B enq r PR
    A converts r EX wait 30s -> converting PR to EX
    records -> completed A PR, completed B PR, blocking B EX
    B converts r EX nodlckwt wait 30s -> converting PR to EX
    B revokes r -> cancelled
    B converts r NL -> granted NL
    A at r -> granted EX`,
  'with nodlckwt on both sides, both are told that they are in the way': `
    export local
    session A
    session B
    A enq r PR
    B enq r PR
    A converts r EX nodlckwt wait 30s -> converting PR to EX
    records -> completed A PR, completed B PR, blocking B EX
    B converts r EX nodlckwt wait 30s -> converting PR to EX
    records -> blocking A EX`,
  'an earlier conversion with convdeadlk is lowered when one with nodlckwt closes the circle': `
    export local
    session A
    session B
    A enq r PR
    B enq r PR
    A converts r EX convdeadlk wait 30s -> converting PR to EX
    B converts r PW nodlckwt wait 30s -> converting PR to PW
    A at r -> converting NL to EX demoted
    resource r -> granted; converting A NL-EX, B PR-PW; waiting; block none
    B revokes r -> cancelled
    B converts r NL -> granted NL
    A at r -> granted EX demoted`,
  'with headque a conversion passes others, and those in its way with convdeadlk are lowered': `
    export local
    session A
    session B
    session C
    A enq r PR
    B enq r NL
    C enq r CR
    A converts r EX convdeadlk wait 30s -> converting PR to EX
    B converts r EX headque wait 30s -> converting NL to EX
    resource r -> granted C CR; converting B NL-EX, A NL-EX; waiting; block none
    C deq r -> unlocked
    B at r -> granted EX`,
  'a conversion in a deadlock gets its alternative only when the deadlock is over': `
    export local
    session A
    session B
    session C
    A enq r CR
    B enq r CR
    C enq r CW
    A converts r EX altpr wait 30s -> converting CR to EX
    B converts r EX nodlckwt wait 30s -> converting CR to EX
    C deq r -> unlocked
    A at r -> converting CR to EX
    B revokes r -> cancelled
    A at r -> granted PR alternative`,
  'a deadlock through a request that headque has put first is found': `
    export local
    session X
    session W
    session A
    X enq r EX
    W enq s EX
    W enq r EX wait 30s -> waiting EX
    A enq r EX headque wait 30s -> waiting EX
    A enq s EX wait 30s -> no deadlock
    cycle -> A s, W r`,
  'only what is in the way of a conversion that enters with headque is lowered, and only in a deadlock': `
    export local
    session A
    session B
    session C
    A enq r CR
    B enq r NL
    C enq r CR
    A converts r EX convdeadlk wait 30s -> converting CR to EX
    B converts r EX noqueue headque -> no mode_conflict
    A at r -> converting CR to EX
    C converts r PW headque wait 30s -> granted PW
    C converts r CR -> granted CR
    B converts r PW headque wait 30s -> granted PW
    B converts r NL -> granted NL
    B enq r@2 CW expedite -> no bad_flags
    C converts r CW -> granted CW
    B converts r PW headque wait 30s -> converting NL to PW
    A at r -> converting CR to EX
    resource r -> granted C CW; converting B NL-PW, A CR-EX; waiting; block none`,
  'a conversion that blocks a later one without being blocked by it is not lowered': `
    export local
    session A
    session B
    session C
    A enq r PR
    B enq r NL
    C enq r CR
    A converts r EX convdeadlk wait 30s -> converting PR to EX
    B converts r CW nodlckwt wait 30s -> converting NL to CW
    A at r -> converting PR to EX
    C deq r -> unlocked
    A at r -> granted EX`,
  'a deadlock of conversions is told with the one that waits for what the lock holds': `
    export local
    session A
    session B
    session C
    session X
    X enq r CW
    A enq r CR
    B enq r NL
    C enq r NL
    B converts r PR wait 30s -> converting NL to PR
    C converts r EX wait 30s -> converting NL to EX
    A converts r PR wait 30s -> no deadlock
    cycle -> A r, C r
    A converts r PR convdeadlk wait 30s -> converting NL to PR demoted`,
  'a conversion that may not wait keeps what it holds, also with convdeadlk': `
    export local
    limits queueMax 1
    session A
    session B
    session C
    A enq r PR
    B enq r PR
    C enq r CR
    A converts r EX wait 30s -> converting PR to EX
    B converts r EX convdeadlk wait 30s -> no queue_full
    B at r -> granted PR
    resource r -> granted C CR, B PR; converting A PR-EX; waiting; block none
    B converts r EX headque nodlckwt wait 30s -> no queue_full
    A revokes r
    B deq r -> unlocked
    A converts r EX convdeadlk wait 30s -> converting PR to EX
    C converts r PW headque nodlckwt wait 30s -> no queue_full
    A at r -> converting PR to EX`,
  'a conversion with convdeadlk that would close another cycle keeps its mode and its token': `
    export local
    session B
    session C
    session D
    C locks f posix write 0-9
    C enq r PW
    D enq r CR
    B enq r NL
    B converts r CW wait 30s -> converting NL to CW
    B locks f posix write 0-9 wait 30s -> waiting write 0-9
    C converts r EX convdeadlk wait 30s -> no deadlock
    cycle -> C r, B f
    C at r -> granted PW
    resource r -> granted D CR, C PW; converting B NL-CW; waiting; block none`,
  'a grant that passes the queue may close a cycle; the youngest wait in it is dropped': `
    export local
    session A
    session B
    session C
    A enq r NL
    B enq r CR
    C locks f posix write 0-9
    C enq r EX wait 60s -> waiting EX
    A locks f posix write 0-9 wait 60s -> waiting write 0-9
    records
    A converts r CR -> granted CR
    records -> completed A CR, blocking A EX, dropped A deadlock
    C at r -> waiting EX`,
  'new requests wait while a conversion does, and all conversions that can be granted are': `
    export local
    session A
    session B
    session C
    A enq r PR
    B enq r NL
    B converts r EX wait 30s -> converting NL to EX
    C enq r CR wait 30s -> waiting CR
    B revokes r -> cancelled
    C at r -> granted CR
    C deq r
    A converts r EX -> granted EX
    C enq r NL expedite
    B converts r PR wait 30s -> converting NL to PR
    C converts r PR wait 30s -> converting NL to PR
    A converts r NL
    B at r -> granted PR
    C at r -> granted PR`,
  'an alternative is granted in turn although the lock itself holds what is in its way': `
    export local
    session A
    session B
    session C
    A enq r CW
    B enq r CW
    C enq r CR
    A converts r EX altpr wait 30s -> converting CW to EX
    B deq r -> unlocked
    A at r -> granted PR alternative`,
  'who has CW is in the way of PR, though CW is wanted as well': `
    export local
    session A
    session C
    session D
    A enq r EX
    C enq r PR wait 30s -> waiting PR
    D enq r CW wait 30s -> waiting CW
    records
    A converts r CW -> granted CW
    records -> completed A CW, blocking A PR`,
  'a mode that is told once is told again after a conversion, and of what is wanted at most': `
    export local
    session A
    session B
    A enq r PR
    B enq r PR
    A converts r CW wait 30s -> converting PR to CW
    records -> completed A PR, completed B PR, blocking B CW
    B converts r PW nodlckwt wait 30s -> converting PR to PW
    records -> blocking B PW`,
  'a repeat of a request does not prolong the conversion of its lock, nor a conversion to another mode its wait': `
    export local
    session A 300s
    session B 300s
    A enq r PR
    B enq r NL
    B converts r EX wait 10s -> converting NL to EX
    B enq r NL again wait 60s -> converting NL to EX
    B converts r PW wait 60s -> no request_pending
    tick 11s
    B at r -> granted NL
    B enq r@2 EX wait 10s -> waiting EX
    B converts r@2 EX wait 60s -> no request_pending
    tick 11s
    B at r@2 -> no no_such_lock`,
  'altpr and altcw accept another mode, and say so': `
    export local
    session A
    session B
    A enq r PR
    B enq r EX altpr -> granted PR alternative
    B converts r EX altcw -> no mode_conflict
    B deq r -> unlocked
    A converts r CW -> granted CW
    B enq r EX altcw wait 30s -> granted CW alternative
    B deq r -> unlocked
    A converts r EX -> granted EX
    B enq r EX altpr wait 30s -> waiting EX
    A converts r PR -> granted PR
    B at r -> granted PR alternative`,
  'flags that do not fit are refused and change nothing': `
    export local
    session A
    A enq r PR quecvt -> no bad_flags
    A enq r PR convdeadlk -> no bad_flags
    A enq r PR expedite -> no bad_flags
    A enq r NL expedite noqueue -> no bad_flags
    A enq r NL -> granted NL
    A converts r PR expedite -> no bad_flags
    A converts r PR persistent -> no bad_flags
    A converts r PR orphan -> no bad_flags
    A converts r PR convdeadlk noqueue -> no bad_flags
    A at r -> granted NL
    files -> 1`,
  'a repeat of a request or a conversion that waits keeps its place and may wait for longer, never for less': `
    export local
    session A 300s
    session B 300s
    A enq r PR -> granted PR
    B enq r EX wait 10s -> waiting EX
    tick 8s
    B enq r EX again wait 10s -> waiting EX
    B enq r EX again wait 1s -> waiting EX
    tick 8s
    B at r -> waiting EX
    tick 3s
    B at r -> no no_such_lock
    B enq r@2 NL -> granted NL
    B converts r@2 EX wait 10s -> converting NL to EX
    tick 8s
    B converts r@2 EX wait 10s -> no request_pending
    tick 8s
    A deq r -> unlocked
    B at r@2 -> granted EX`,
  'a conversion that names the seqid is made once': `
    export local
    session A
    A enq r PR -> granted PR
    A converts r EX seqid 2 -> no seqid_old
    A converts r EX seqid 1 -> granted EX
    A converts r EX seqid 1 -> no seqid_old
    A converts r PR seqid 2 block aa -> granted PR
    A converts r PR seqid 2 block bb -> no seqid_old
    A converts r CR valblk seqid 3 -> granted CR`,
  // --- the value block
  'the block is written on the way down or out, and read on the way in or up': `
    export local
    session A
    session B
    A enq r EX valblk -> granted EX block none
    A converts r PR block aa01 -> granted PR
    B enq r NL valblk -> granted NL block aa01
    B converts r PR valblk -> granted PR block aa01
    A converts r PR valblk -> granted PR block aa01
    B converts r CR block ff -> granted CR
    A deq r block ff -> unlocked
    B converts r PW valblk -> granted PW block aa01
    B converts r PW block bb -> granted PW
    A enq r CR valblk -> granted CR block bb
    A converts r NL valblk -> granted NL
    B deq r block cc -> unlocked
    A converts r EX valblk -> granted EX block cc
    A deq r -> unlocked
    resource r -> no no_such_lock`,
  'those who are granted by the same step read what was written in it': `
    export local
    session A
    session B
    A enq r EX
    B enq r PR valblk wait 30s -> waiting PR
    A deq r block dd -> unlocked
    B at r -> granted PR block dd
    records -> completed A EX, blocking A PR, completed B PR block dd in turn`,
  'a holder of PW or EX that dies leaves the block invalid until somebody writes it': `
    export local
    session A 10s
    session B 300s
    B enq r NL
    A enq r EX
    A converts r EX block ee -> granted EX
    tick 20s
    B converts r PR valblk -> granted PR block ee invalid
    B converts r EX valblk -> granted EX block ee invalid
    B converts r NL block ab -> granted NL
    B converts r PR valblk -> granted PR block ab
    session A 10s
    A enq r CR
    tick 20s
    B converts r EX valblk -> granted EX block ab
    B converts r NL ivvalblk -> granted NL
    B converts r PR valblk -> granted PR block ab invalid`,
  'a block that nobody has written is not zero': `
    export local
    session A
    session B
    B enq r NL
    A enq r EX
    A ends
    B converts r PR valblk -> granted PR block none
    resource r -> granted B PR; converting; waiting; block none`,
  // --- cancel, and every other end
  'a cancelled conversion keeps what was granted; a cancel that is late says how it is': `
    export local
    session A
    session B
    A enq r PR
    B enq r PR
    A converts r EX wait 30s -> converting PR to EX
    A revokes r -> cancelled
    A at r -> granted PR
    A revokes r -> too late, granted PR
    B enq s EX
    A enq s PR wait 30s -> waiting PR
    A revokes s -> cancelled
    A revokes s -> cancelled
    A at s -> no cancelled
    A enq s PR again wait 30s -> no cancelled`,
  'a cancel that comes before the request takes effect when that comes': `
    export local
    session A
    A revokes r unseen -> cancelled
    A enq r EX again -> no cancelled
    files -> 0`,
  'a repeat of a request is told about the lock that it made': `
    export local
    session A
    session B
    A enq r EX
    A enq r EX again -> granted EX
    A enq r PR again -> no id_reused_with_other_body
    A deq r -> unlocked
    A revokes r -> too late, gone
    A enq r EX again -> no lock_over`,
  'an administrator ends a lock, and its holder is told': `
    export local
    session A
    session B
    A enq r EX
    B enq r PR valblk wait 30s -> waiting PR
    records -> completed A EX, blocking A PR
    hangup local 10s -> begun
    tick 12s
    records -> dropped B export_stopping, unlocked A export_stopped`,
  'an unlock also ends what the lock waits for': `
    export local
    session A
    session B
    A enq r EX
    B enq r NL
    B converts r PR wait 60s -> converting NL to PR
    B deq r -> unlocked
    B enq r PR wait 60s -> waiting PR
    B deq r -> unlocked
    records -> completed A EX, completed B NL, blocking A PR, dropped B cancelled, dropped B cancelled
    resource r -> granted A EX; converting; waiting; block none`,
  'a wait ends with its time': `
    export local
    session A
    session B
    A enq r EX
    B enq r NL
    B converts r PR wait 5s -> converting NL to PR
    tick 10s
    B at r -> granted NL`,
  // --- sessions
  'locks go with their session; persistent ones stay as orphans and can be adopted': `
    export local
    session A
    session B
    A enq r PW persistent -> granted PW
    A enq s EX -> granted EX
    A ends
    resource r -> granted nobody PW; converting; waiting; block none
    resource s -> no no_such_lock
    B enq r EX -> no mode_conflict
    B enq r EX orphan -> no mode_conflict
    B enq s EX orphan -> no no_such_lock
    B enq r PW orphan -> granted PW
    B converts r NL block aa -> granted NL
    B deq r
    files -> 0`,
  'who adopts a lock is not told how it came by its mode': `
    export local
    session A
    session B
    session C
    C enq r PR
    A enq r EX persistent altpr -> granted PR alternative
    A ends
    B enq r PR orphan -> granted PR
    C converts r EX wait 30s -> converting PR to EX
    session A
    A enq s PR persistent
    C enq s PR
    C converts s EX wait 30s -> converting PR to EX
    A converts s NL convdeadlk wait 30s -> granted NL
    C at s -> granted EX
    C converts s PR
    A converts s PR
    C converts s CW wait 30s -> converting PR to CW
    A converts s CW convdeadlk wait 30s -> granted CW demoted
    A ends
    B enq s CW orphan -> granted CW`,
  'who adopts a lock that is in the way is told': `
    export local
    session A
    session B
    session C
    A enq r EX persistent -> granted EX
    A ends
    C enq r PR wait 60s -> waiting PR
    B enq r EX orphan -> granted EX
    records -> completed A EX, expired A, blocking B PR
    B deq r
    C at r -> granted PR`,
  'who adopts a lock reads the value block as it is now, if valblk asks for it': `
    export local
    session A
    session B
    B enq r EX
    B converts r NL block aa
    A enq r NL persistent valblk -> granted NL block aa
    A enq r@2 NL persistent valblk -> granted NL block aa
    A ends
    B converts r EX
    B converts r NL block bb
    B enq r@2 NL orphan -> granted NL
    B enq r@3 NL orphan valblk -> granted NL block bb`,
  'a converting lock that is persistent stays in the mode that it had': `
    export local
    session A 10s
    session B 300s
    A enq r PR persistent
    B enq r PR
    A converts r EX wait 60s -> converting PR to EX
    tick 20s
    resource r -> granted B PR, nobody PR; converting; waiting; block none`,
  'a persistent lock goes with its node, and what it protected is in doubt': `
    export local
    region all dead 10s
    node n in all
    beat n i1
    session B 300s
    session A 300s on n
    A enq r EX persistent
    A converts r EX block aa
    B enq r NL
    B converts r PR valblk wait 60s -> converting NL to PR
    tick 11s
    B at r -> granted PR block aa invalid
    resource r -> granted B PR; converting; waiting; block aa invalid
    B enq r EX orphan -> no no_such_lock`,
  'a persistent lock whose session ends on a live node is an orphan, until the node dies, too': `
    export local
    region all dead 10s
    node n in all
    beat n i1
    session B 300s
    session A 300s on n
    A enq r EX persistent
    A enq r@2 NL persistent
    A converts r EX block aa
    A ends
    resource r -> granted nobody NL, nobody EX; converting; waiting; block aa
    B enq r EX orphan -> granted EX
    B converts r NL -> granted NL
    B enq r@2 PR valblk -> granted PR block aa
    B deq r@2 -> unlocked
    tick 11s
    resource r -> granted B NL; converting; waiting; block aa
    B enq r NL orphan -> no no_such_lock`,
  'a dead node is granted nothing, even while the release of what it held waits for acknowledgements': `
    export local
    region all dead 10s ack 60s
    node n in all
    session S 300s
    session B 300s
    session C 300s
    subscribe S all 10 -> subscribed
    beat n i1
    tick 1s
    notices -> S n up
    acks S n -> taken
    session A 300s on n
    session D 300s on n
    A enq r PR
    B enq r PR
    A converts r EX wait 100s -> converting PR to EX
    D enq q EX
    D converts q PR block aa -> granted PR
    D converts q NL -> granted NL
    B enq q PR
    A enq q EX wait 100s -> waiting EX
    A enq q@2 EX altpr wait 100s -> waiting EX
    C enq q PR wait 100s -> waiting PR
    records
    tick 11s
    notices -> S n down
    records -> expired A, expired D
    B deq r -> unlocked
    B deq q -> unlocked
    records -> dropped A session_expired, dropped A session_expired, dropped A session_expired, completed C PR in turn
    B enq r PR -> granted PR
    resource r -> granted A PR, B PR; converting; waiting; block none
    resource q -> granted D NL, C PR; converting; waiting; block aa
    acks S n -> taken
    tick 1s
    resource q -> granted C PR; converting; waiting; block aa
    resource r -> granted B PR; converting; waiting; block none`,
  'a hangup of the export ends orphans, too': `
    export local
    session A
    session B
    A enq r PR persistent
    A enq r@2 PR persistent
    A ends
    resource r -> granted nobody PR, nobody PR; converting; waiting; block none
    records
    hangup local 0s -> begun
    tick 1s
    records -> nothing
    resource r -> no no_such_lock`,
  'a persistent lock outlives its session, and nothing else': `
    export local
    session A
    A enq r PR persistent
    A enq s EX
    A takes t of 1
    hangup local 0s -> begun
    tick 1s
    resource r -> no no_such_lock
    did -> unlocked 3`,
  'an orphan in EX on a node that dies leaves the value block in doubt': `
    export local
    region all dead 10s
    node n in all
    beat n i1
    session B 300s
    session A 300s on n
    A enq r EX persistent
    A converts r EX block aa
    A ends
    B enq r NL
    B converts r PR valblk wait 60s -> converting NL to PR
    tick 11s
    B at r -> granted PR block aa invalid`,
  'subscribers hear of a dead node before its locks are given away': `
    export local
    region all dead 10s ack 60s
    node n in all
    session S 300s
    session B 300s
    subscribe S all 10 -> subscribed
    beat n i1
    tick 1s
    notices -> S n up
    acks S n -> taken
    session A 300s on n
    A enq r EX
    B enq r PR wait 60s -> waiting PR
    tick 11s
    notices -> S n down
    B at r -> waiting PR
    acks S n -> taken
    tick 1s
    B at r -> granted PR`,
  'a deadlock over two resources is found; two locks of one owner are none': `
    export local
    session A
    session B
    A enq r EX
    B enq s EX
    A enq r@2 EX wait 30s -> waiting EX
    A revokes r@2 -> cancelled
    A enq s EX wait 30s -> waiting EX
    B enq r EX wait 30s -> no deadlock
    cycle -> B r, A s
    B enq r EX nodlckwt wait 30s -> waiting EX`,
  'a deadlock through a request in the queue is found, whichever of its two waits came first': `
    export local
    session H
    session A
    session B
    session R
    H enq hot EX
    R enq r EX
    A enq hot EX wait 30s -> waiting EX
    A enq r EX wait 30s -> waiting EX
    R enq hot EX wait 30s -> no deadlock
    cycle -> R hot, A r
    A revokes hot -> cancelled
    R enq hot EX wait 30s -> waiting EX
    R revokes hot -> cancelled
    B enq r EX wait 30s -> waiting EX
    B enq hot EX wait 30s -> waiting EX
    R enq hot EX wait 30s -> no deadlock
    cycle -> R hot, B r
    B revokes r -> cancelled
    B enq r EX wait 30s -> waiting EX
    R enq hot EX wait 30s -> no deadlock
    cycle -> R hot, B r`,
  'the grace period admits only reclaims': `
    export local
    limits graceMs 60000
    session A
    lost graceMs 60000
    A enq r EX -> no grace
    A enq r EX reclaiming -> granted EX`,
  'limits: locks of a resource, requests that wait, locks of a session': `
    export local
    limits rangesMax 3 queueMax 2
    session A
    session B
    A enq r PR
    A enq r@2 EX wait 30s -> waiting EX
    A enq r@3 EX wait 30s -> waiting EX
    B enq r EX wait 30s -> no resource_locks_max
    limits rangesMax 9
    B enq r EX wait 30s -> no queue_full`,
  ...apart,
};
