/** Changes of the rules that make no observable difference, by their content, with the reason. */
export const equivalent: readonly {
  why: string;
  /** Function, line before, line after: as `npm run mutate` prints them. */
  mutants: readonly (readonly [within: string, from: string, to: string])[];
}[] = [
  {
    why: 'Two equal numbers are the same, whichever of them is kept.',
    mutants: [
      [
        'report',
        'if (compare(ask.changeHi, ask.changeLo, toldHi, toldLo) > 0) {',
        'if (compare(ask.changeHi, ask.changeLo, toldHi, toldLo) >= 0) {',
      ],
    ],
  },
  {
    why: 'No other lock of a resource has the same place.',
    mutants: [
      [
        'isDeadlocked',
        'return row !== other && blocks(row, other) && (other.place < row.place || blocks(other, row));',
        'return row !== other && blocks(row, other) && (other.place <= row.place || blocks(other, row));',
      ],
      [
        'module',
        'meets: (earlier, later) => earlier.place < later.place,',
        'meets: (earlier, later) => earlier.place <= later.place,',
      ],
    ],
  },
  {
    why: 'The search only looks at more, or earlier, for what it finds anyway.',
    mutants: [
      [
        'isWaitedFor',
        'if (own.length > ownLooked) return true;',
        'if (own.length >= ownLooked) return true;',
      ],
      ['grantedLocks', 'if (granted[held] === 0) continue;', 'if (false) continue;'],
      ['grantedLocks', 'const left = max - found.length;', 'const left = max + found.length;'],
    ],
  },
  {
    why: 'Nobody waits for itself but for a permit: such a wait is refused as it begins.',
    mutants: [
      [
        'mayBeServed',
        'if (any && owner === waiter.row.ownerKey) return true;',
        'if (owner === waiter.row.ownerKey) return true;',
      ],
    ],
  },
  {
    why: 'A step sees its own changes of a row, stored or not; on a file that is new nobody waits.',
    mutants: [
      [
        'fileOf',
        'return row.fileKey === settled.key ? settled : loadFile(step, row.fileKey);',
        'return false ? settled : loadFile(step, row.fileKey);',
      ],
    ],
  },
  {
    why: 'What does not wait is in no cycle.',
    mutants: [
      [
        'breakFrom',
        'if (waiter === undefined || waiter.row.waitNo === 0) return;',
        'if (waiter === undefined) return;',
      ],
    ],
  },
  {
    why: 'To remove a row that is not there does nothing.',
    mutants: [
      [
        'countOrphan',
        "else if (count > 0) step.rows.del('orphans', id);",
        "else if (count >= 0) step.rows.del('orphans', id);",
      ],
      [
        'countOrphan',
        "else if (count > 0) step.rows.del('orphans', id);",
        "else if (true) step.rows.del('orphans', id);",
      ],
    ],
  },
  {
    why: 'A wait that ends at the same time stays as it is.',
    mutants: [
      ['again', 'if (row.waitNo !== 0 && until > row.due) {', 'if (row.waitNo !== 0 && until >= row.due) {'],
      ['prolong', 'if (until <= row.due) return;', 'if (until < row.due) return;'],
    ],
  },
  {
    why: 'Whoever gives back a permit settles its semaphore: no two places are free at once, and behind a full one nobody is granted.',
    mutants: [
      ['admitPermit', 'if (isFull(file)) return false;', 'if (isFull(file)) return true;'],
      ['admitPermit', 'return true;', 'return false;'],
    ],
  },
  {
    why: 'Of a connection only the name of its export is looked at, and whether that exists is said before.',
    mutants: [
      [
        'connect',
        "const ref = { fileKey: '', fileId: '', exportName, resource: true };",
        "const ref = { fileKey: '?', fileId: '', exportName, resource: true };",
      ],
      [
        'connect',
        "const ref = { fileKey: '', fileId: '', exportName, resource: true };",
        "const ref = { fileKey: '', fileId: '?', exportName, resource: true };",
      ],
      [
        'connect',
        "if (away !== undefined || exp === undefined) return away ?? refuse('no_such_export');",
        "if (away !== undefined || exp === undefined) return away ?? refuse('no_such_file');",
      ],
    ],
  },
  {
    why: 'What is remembered of a lock that is still held is overwritten when that ends.',
    mutants: [
      [
        'connectionHangup',
        "if (lock.mode === undefined) rememberEnd(step, member, lock, 'hung_up');",
        "if (true) rememberEnd(step, member, lock, 'hung_up');",
      ],
      [
        'dlmCancel',
        "if (row.mode === undefined && input.repeatable !== true) rememberEnd(step, id, row, 'cancelled');",
        "if (input.repeatable !== true) rememberEnd(step, id, row, 'cancelled');",
      ],
    ],
  },
  {
    why: 'To settle a file twice is to settle it once.',
    mutants: [
      [
        'connectionHangup',
        'if (touched[file.key] !== true) files.push(file.key);',
        'if (true) files.push(file.key);',
      ],
      ['connectionHangup', 'touched[file.key] = true;', ''],
      ['connectionHangup', 'touched[file.key] = true;', 'touched[file.key] = false;'],
    ],
  },
  {
    why: 'An export whose time has come is looked at, and stays if it is needed.',
    mutants: [
      [
        'countConnection',
        'if (exp.demand !== undefined && by < 0) setDue(step, keys.exportItem(exportName), exp, step.now);',
        'if (exp.demand !== undefined || by < 0) setDue(step, keys.exportItem(exportName), exp, step.now);',
      ],
      [
        'countConnection',
        'if (exp.demand !== undefined && by < 0) setDue(step, keys.exportItem(exportName), exp, step.now);',
        'if (exp.demand !== undefined) setDue(step, keys.exportItem(exportName), exp, step.now);',
      ],
      [
        'countConnection',
        'if (exp.demand !== undefined && by < 0) setDue(step, keys.exportItem(exportName), exp, step.now);',
        'if (by < 0) setDue(step, keys.exportItem(exportName), exp, step.now);',
      ],
      [
        'countConnection',
        'if (exp.demand !== undefined && by < 0) setDue(step, keys.exportItem(exportName), exp, step.now);',
        'if (true) setDue(step, keys.exportItem(exportName), exp, step.now);',
      ],
      [
        'countConnection',
        'if (exp.demand !== undefined && by < 0) setDue(step, keys.exportItem(exportName), exp, step.now);',
        'if (exp.demand !== undefined && by <= 0) setDue(step, keys.exportItem(exportName), exp, step.now);',
      ],
    ],
  },
  {
    why: 'Every lock has its file.',
    mutants: [
      [
        'lockFor',
        "if (file === undefined) return { refused: refuse('no_such_lock') };",
        "if (file === undefined) return { refused: refuse('no_such_open') };",
      ],
    ],
  },
  {
    why: 'A request that was cancelled is refused whatever its body is.',
    mutants: [
      [
        'dlmCancel',
        "rememberEnd(step, input.lockId, { sessionId: input.sessionId, body: '' }, 'cancelled');",
        "rememberEnd(step, input.lockId, { sessionId: input.sessionId, body: '?' }, 'cancelled');",
      ],
    ],
  },
  {
    why: 'No session and no lease API has such an id, and no tenant is the same as one without a name.',
    mutants: [
      ['awaitReports', "const { server = '', shared } = input;", "const { server = '?', shared } = input;"],
      [
        'dlmGet',
        "const { sessionId = '' } = step.rows.get('ended', input.lockId) ?? {};",
        "const { sessionId = '?' } = step.rows.get('ended', input.lockId) ?? {};",
      ],
      [
        'orphan',
        "row.tenant = tenant === '' ? undefined : tenant;",
        'row.tenant = false ? undefined : tenant;',
      ],
    ],
  },
  {
    why: 'To settle a file on which nothing happened does nothing, as the invariants say after every step.',
    mutants: [
      [
        'fileMoved',
        'if (page.length > 0) settleFile(step, file);',
        'if (page.length >= 0) settleFile(step, file);',
      ],
      ['fileMoved', 'if (page.length > 0) settleFile(step, file);', 'if (true) settleFile(step, file);'],
    ],
  },
  {
    why: 'Where the lease cannot be granted, nobody looks at who is ahead.',
    mutants: [
      [
        'enter',
        'const ahead = not === undefined ? aheadOf(step, file, waiter) : undefined;',
        'const ahead = true ? aheadOf(step, file, waiter) : undefined;',
      ],
    ],
  },
  {
    why: 'It spares a look at a list that is empty, or a second look that would find nothing.',
    mutants: [
      [
        'walkQueue',
        'else if (frees && still.length > 0) freed = true;',
        'else if (still.length > 0) freed = true;',
      ],
      [
        'siftLock',
        "if (running !== undefined && lease !== undefined && stateOf(file.row, lease) === 'breaking')",
        'if (running !== undefined && lease !== undefined)',
      ],
      [
        'hasUnbound',
        'exp.withoutBackend !== undefined && step.rows.page(keys.unboundFiles(exp.name), 0, endOfList, 1).length > 0',
        'step.rows.page(keys.unboundFiles(exp.name), 0, endOfList, 1).length > 0',
      ],
      [
        'sparedBehind',
        'if (file.row.waiting === 0 || later.kind.own?.ahead !== undefined) return undefined;',
        'if (later.kind.own?.ahead !== undefined) return undefined;',
      ],
      [
        'counted',
        'return (step.meta.subjects ?? 0) === 0 ? neither : both;',
        'return false ? neither : both;',
      ],
      ['aheadOf', 'if (file.row.waiting === 0) return undefined;', 'if (false) return undefined;'],
      ['module', 'mayFree: () => false,', 'mayFree: () => true,'],
      [
        'serveQueue',
        'while (file.row.waiting > 0 && walkQueue(step, file));',
        'while (walkQueue(step, file));',
      ],
      [
        'serveQueue',
        'while (file.row.waiting > 0 && walkQueue(step, file));',
        'while (file.row.waiting >= 0 && walkQueue(step, file));',
      ],
      [
        'walkQueue',
        'if (!behind && waitsBehind(step, file, earlier, waiter)) behind = true;',
        'if (waitsBehind(step, file, earlier, waiter)) behind = true;',
      ],
      ['walkQueue', 'else if (frees && still.length > 0) freed = true;', 'else if (frees) freed = true;'],
      [
        'walkQueue',
        'else if (frees && still.length > 0) freed = true;',
        'else if (frees && still.length >= 0) freed = true;',
      ],
      [
        'walkQueue',
        'else if (frees && still.length > 0) freed = true;',
        'else if (frees || still.length > 0) freed = true;',
      ],
      ['walkQueue', 'else if (frees && still.length > 0) freed = true;', 'else if (true) freed = true;'],
      [
        'opensRefusing',
        'if (asks.length === 0 || file.row.opens === 0) return found;',
        'if (asks.length === 0 && file.row.opens === 0) return found;',
      ],
      [
        'opensRefusing',
        'if (asks.length === 0 || file.row.opens === 0) return found;',
        'if (asks.length === 0) return found;',
      ],
      [
        'opensRefusing',
        'if (asks.length === 0 || file.row.opens === 0) return found;',
        'if (file.row.opens === 0) return found;',
      ],
      [
        'opensRefusing',
        'if (asks.length === 0 || file.row.opens === 0) return found;',
        'if (false) return found;',
      ],
      ['opensRefusing', 'if (page.length < opensPage) return found;', 'if (false) return found;'],
      [
        'signalWants',
        'if (row.wants === 0 || whyNotHere(step, file) !== undefined) return;',
        'if (whyNotHere(step, file) !== undefined) return;',
      ],
      ['endWants', 'if (file.row.wants === 0) return;', 'if (false) return;'],
      [
        'leaseOfSession',
        'const writer = row.writer !== undefined && !row.writerDelegation;',
        'const writer = row.writer !== undefined;',
      ],
      [
        'opensOfSession',
        "if (type === 'read' && row.writeOpens === 0 && row.denyReads === 0) return share;",
        'if (false) return share;',
      ],
      ['ownersInTheWay', 'if (file.row.waiting === 0) return owners;', 'if (false) return owners;'],
    ],
  },
  {
    why: 'Two levels of one rank are one level.',
    mutants: [
      ['stronger', 'return ranks[a] >= ranks[b] ? a : b;', 'return ranks[a] > ranks[b] ? a : b;'],
      ['weaker', 'return ranks[a] <= ranks[b] ? a : b;', 'return ranks[a] < ranks[b] ? a : b;'],
    ],
  },
  {
    why: 'Numbers in queues are given out once, and a request is not in its own way.',
    mutants: [
      [
        'youngestOf',
        'if (youngest === undefined || waiter.row.waitNo > youngest.row.waitNo) youngest = waiter;',
        'if (youngest === undefined || waiter.row.waitNo >= youngest.row.waitNo) youngest = waiter;',
      ],
      [
        'ownersInTheWay',
        'if (space?.ahead === undefined && waiter.row.waitNo !== 0 && entry.score >= waiter.row.waitNo) continue;',
        'if (space?.ahead === undefined && waiter.row.waitNo !== 0 && entry.score > waiter.row.waitNo) continue;',
      ],
    ],
  },
  {
    why: 'No lease has an empty name or a question mark as its name.',
    mutants: [
      [
        'offer',
        "const not = whyNotNow(step, file, own === undefined ? asked.leaseId : (ownId ?? ''), asker, type);",
        "const not = whyNotNow(step, file, own === undefined ? asked.leaseId : (ownId ?? '?'), asker, type);",
      ],
      [
        'signalWants',
        "const { leaseId = '' } = shareOf(step, file.key, clientKey);",
        "const { leaseId = '?' } = shareOf(step, file.key, clientKey);",
      ],
    ],
  },
  {
    why: 'Rows that a revocation has passed and that are not told yet have its cause.',
    mutants: [
      [
        'clearRevoked',
        "finishLease(step, entry.member, lease, 'revoked', row.clearCause ?? 'deadline');",
        "finishLease(step, entry.member, lease, 'revoked', row.clearCause ?? 'deadline?');",
      ],
      [
        'tellRevoked',
        "if (lease.state === 'active') finishLease(step, id, lease, 'revoked', file.row.clearCause ?? 'deadline');",
        "if (lease.state === 'active') finishLease(step, id, lease, 'revoked', file.row.clearCause ?? 'deadline?');",
      ],
    ],
  },
  {
    why: 'A pace is due when the wall clock has moved since the last step, and not otherwise.',
    mutants: [
      [
        'paceTime',
        'if (pace === undefined || step.wall < step.meta.wall || step.wall - step.meta.wall > outageMs)',
        'if (pace === undefined || step.wall <= step.meta.wall || step.wall - step.meta.wall > outageMs)',
      ],
    ],
  },
  {
    why: 'Of two processes that were silent for equally long, either may be forgotten.',
    mutants: [
      [
        'setClock',
        'for (const clock of all) if (oldest !== undefined && clock.seen < oldest.seen) oldest = clock;',
        'for (const clock of all) if (oldest !== undefined && clock.seen <= oldest.seen) oldest = clock;',
      ],
    ],
  },
  {
    why: 'The stateid of locks that is shown has been found: it is the one of its owner on that file.',
    mutants: [
      ['noteLock', "if (shown.of === 'open' && shown.id !== undefined) {", 'if (shown.id !== undefined) {'],
    ],
  },
  {
    why: 'A change that waits, or was allowed and not announced, is not among those announced on its file.',
    mutants: [
      [
        'admitChange',
        'if (!announced) forgetChange(step, file, id, row);',
        'if (!announced) forgetChange(step, undefined, id, row);',
      ],
      ['module', 'forgetChange(step, file, id, row);', 'forgetChange(step, undefined, id, row);'],
    ],
  },
  {
    why: 'Nobody waits for the owner, so the search that is spared would find no cycle.',
    mutants: [
      [
        'findCycle',
        'if (!leadsAway(step, file, waiter) || !isWaitedFor(step, settled, file, waiter)) return undefined;',
        'if (!leadsAway(step, file, waiter)) return undefined;',
      ],
    ],
  },
  {
    why: 'The row is stored as it is once more.',
    mutants: [
      ['admitChange', 'if (row.notice !== undefined && !mayAnnounce(file)) {', 'if (!mayAnnounce(file)) {'],
    ],
  },
  {
    why: 'What the matrix refuses beside a read delegation, or to one, is the same whether its holder is told of changes.',
    mutants: [
      [
        'module',
        "asks: (row) => [leaseAsk(row.waitType ?? 'read', row.delegation, row.notify)],",
        "asks: (row) => [leaseAsk(row.waitType ?? 'read', row.delegation, undefined)],",
      ],
      [
        'addLeases',
        "if (verdict(leaseAsk(stays, lease.delegation, lease.notify), wanted) === 'refused')",
        "if (verdict(leaseAsk(stays, lease.delegation, undefined), wanted) === 'refused')",
      ],
    ],
  },
  {
    why: 'A lease that is allocated and waits for nothing is behind nobody.',
    mutants: [
      [
        'module',
        "onlyWaits: (row) => row.waitNo !== 0 && row.state === 'allocated',",
        "onlyWaits: (row) => row.state === 'allocated',",
      ],
    ],
  },
  {
    why: 'Whoever asks for a delegation is live; of the others only whether there is a reason is looked at.',
    mutants: [
      [
        'whyNotOffered',
        "if (session === undefined || session.state !== 'live') return 'CANCELLED';",
        "if (session === undefined || session.state !== 'live') return 'IS_DIR';",
      ],
    ],
  },
  {
    why: 'Where nothing is held or asked for, what is begun ends in the same step; where something is, it has begun.',
    mutants: [
      [
        'syncRanges',
        'const idle = !backsRanges(file) || standsAlone(file) || (row.ranges === 0 && row.waiting === 0);',
        'const idle = !backsRanges(file) || standsAlone(file) && (row.ranges === 0 && row.waiting === 0);',
      ],
      [
        'syncRanges',
        'const idle = !backsRanges(file) || standsAlone(file) || (row.ranges === 0 && row.waiting === 0);',
        'const idle = !backsRanges(file) || standsAlone(file);',
      ],
      [
        'syncRanges',
        'const idle = !backsRanges(file) || standsAlone(file) || (row.ranges === 0 && row.waiting === 0);',
        'const idle = !backsRanges(file) || (row.ranges === 0 && row.waiting === 0);',
      ],
      [
        'syncRanges',
        'const idle = !backsRanges(file) || standsAlone(file) || (row.ranges === 0 && row.waiting === 0); #2',
        'const idle = !backsRanges(file) || (row.ranges === 0 && row.waiting === 0);',
      ],
      [
        'syncRanges',
        'const idle = !backsRanges(file) || standsAlone(file) || (row.ranges === 0 && row.waiting === 0);',
        'const idle = !backsRanges(file) || standsAlone(file) || (row.waiting === 0);',
      ],
      [
        'syncRanges',
        'const idle = !backsRanges(file) || standsAlone(file) || (row.ranges === 0 && row.waiting === 0);',
        'const idle = !backsRanges(file) || standsAlone(file) || (row.ranges !== 0 && row.waiting === 0);',
      ],
      ['syncRanges', 'if (locked.again === 0) row.locked = undefined;', 'if (true) row.locked = undefined;'],
    ],
  },
  {
    why: 'It spares a look at what is not there, or at what has been granted already.',
    mutants: [
      ['wanted', 'if (file.row.waiting === 0) return found;', 'if (false) return found;'],
      [
        'wanted',
        'if (waiter === undefined || !mustAsk(step, file, waiter.row)) continue;',
        'if (waiter === undefined) continue;',
      ],
      [
        'waitingRange',
        "if (keys.rowMember(step.rows, member) !== 'range') return undefined;",
        'if (false) return undefined;',
      ],
      ['heldRanges', 'if (file.row.ranges === 0) return found;', 'if (false) return found;'],
    ],
  },
  {
    why: 'Only an ask that is open is not answered; the compiler does not know.',
    mutants: [
      [
        'unanswered',
        'const gen = locked.ask === undefined ? 0 : locked.ask.gen;',
        'const gen = locked.ask === undefined ? 1 : locked.ask.gen;',
      ],
    ],
  },
  {
    why: 'An ask is sent, and so answered, only when that time is past.',
    mutants: [['rangesLocked', 'locked.askAfter = 0;', '']],
  },
  {
    why: 'Nothing is held there before the first answer, which says it.',
    mutants: [['beginLocked', 'sure: false,', 'sure: true,']],
  },
  {
    why: 'To settle a file on which nothing happened since it was settled does nothing.',
    mutants: [['leftOver', 'let any = false;', 'let any = true;']],
  },
  {
    why: 'What the matrix refuses to a delegation it refuses to a lease, too.',
    mutants: [
      ['delegationWant', 'row.delegation = true;', ''],
      ['delegationWant', 'row.delegation = true;', 'row.delegation = false;'],
    ],
  },
  {
    why: 'A time long past is as good as none.',
    mutants: [
      [
        'answered',
        'row.askAfter = have === ask.type ? 0 : step.now + askAgainMs;',
        'row.askAfter = have === ask.type ? 1 : step.now + askAgainMs;',
      ],
    ],
  },
  {
    why: 'To look at something before it is due, or once more, does nothing; it is then due when it was.',
    mutants: [
      [
        'bury',
        'if (row.predecessors === undefined) return false;',
        'if (row.predecessors === undefined) return true;',
      ],
      ['bury', 'let found = false;', 'let found = true;'],
      ['walk', 'if (row.walkAfter !== undefined && walks) {', 'if (row.walkAfter !== undefined) {'],
      ['nodeBeat', 'const until = step.now + region.deadMs;', 'const until = step.now - region.deadMs;'],
      [
        'emptyExport',
        "return row.phase === 'revoking' ? step.now + lookMs : Math.min(row.deadline, step.now + lookMs);",
        "return row.phase === 'revoking' ? step.now + lookMs : Math.min(row.deadline, step.now - lookMs);",
      ],
    ],
  },
  {
    why: 'Whoever comes to a node after its death has a higher number than all who were there.',
    mutants: [['die', 'node.walkAfter = 0;', '']],
  },
  {
    why: 'Two equal levels, deadlines or places are the same, whichever of them is kept; the numbers of rows are never equal.',
    mutants: [
      [
        'fileserverBreak',
        'const target = known !== undefined && rank(known.target) < rank(input.target) ? known.target : input.target;',
        'const target = known !== undefined && rank(known.target) <= rank(input.target) ? known.target : input.target;',
      ],
      [
        'nodeBeat',
        'if (node.due > until) setDue(step, keys.nodeItem(input.name), node, until);',
        'if (node.due >= until) setDue(step, keys.nodeItem(input.name), node, until);',
      ],
      [
        'dependentsOf',
        'if (other !== undefined && (file === undefined || other.score < file.score)) {',
        'if (other !== undefined && (file === undefined || other.score <= file.score)) {',
      ],
    ],
  },
  {
    why: 'An empty list is read as none.',
    mutants: [
      [
        'tellNext',
        'notice.waits = waits.length === 0 ? undefined : waits;',
        'notice.waits = false ? undefined : waits;',
      ],
      [
        'settleNotice',
        'notice.waits = left.length > 0 ? left : undefined;',
        'notice.waits = left.length >= 0 ? left : undefined;',
      ],
      [
        'settleNotice',
        'notice.waits = left.length > 0 ? left : undefined;',
        'notice.waits = true ? left : undefined;',
      ],
    ],
  },
  {
    why: 'An export with the name of the adapter that serves it is among its exports anyway.',
    mutants: [
      [
        'exportsOf',
        "keys.itemMember(step.rows, entry.member) === 'export' ? step.rows.get('export', name) : undefined;",
        "true ? step.rows.get('export', name) : undefined;",
      ],
    ],
  },
  {
    why: 'Every member of the tree is of a kind; the compiler does not know.',
    mutants: [
      [
        'folderOf',
        "return kind === undefined ? '' : folders[kind];",
        "return kind === undefined ? '?' : folders[kind];",
      ],
    ],
  },
  {
    why: 'No rule reads it: it is for whoever looks into a store by hand.',
    mutants: [['heard', 'row.seen = step.now;', '']],
  },
  {
    why: 'It spares work: a file that is settled stays as it is, a queue or tree that is empty shows nobody, and of many the first is the first.',
    mutants: [
      [
        'holdInTheWay',
        'for (const { id } of opensRefusing(step, file, waiter, 1)) return id;',
        'for (const { id } of opensRefusing(step, file, waiter, -1)) return id;',
      ],
      ['treeOf', 'trees[fileKey] = tree;', ''],
      [
        'treeOf',
        'if (file === undefined || file.row.waiting === 0) return tree;',
        'if (file === undefined) return tree;',
      ],
      ['listed', 'if (tree.length === 0) return view;', 'if (false) return view;'],
    ],
  },
  {
    why: 'The row is only compared with others; one that is stored is made anew.',
    mutants: [
      [
        'delegationWant',
        'const row = newLease(item, sessionId, 0, true);',
        'const row = newLease(item, sessionId, 0, false);',
      ],
      ['rowOf', "state: 'waiting',", "state: 'held',"],
      ['rowOf', "splitId: '',", "splitId: '?',"],
    ],
  },
  {
    why: 'The numbers of rows are far above 1.',
    mutants: [
      [
        'beginGrace',
        'meta.graceUpTo = known > 0 ? meta.seq : 0;',
        'meta.graceUpTo = known > 0 ? meta.seq : 1;',
      ],
    ],
  },
  {
    why: 'What directories an export lies under is looked at only where its place is known, and comes with that.',
    mutants: [['settleDown', 'row.ancestry = undefined;', '']],
  },
  {
    why: 'A lease that is not granted yet has no type, and whoever writes is alone on its file.',
    mutants: [
      [
        'others',
        "const reads = own !== undefined && own.state === 'active' && own.type === 'read' ? 1 : 0;",
        "const reads = own !== undefined && own.type === 'read' ? 1 : 0;",
      ],
      [
        'others',
        "const reads = own !== undefined && own.state === 'active' && own.type === 'read' ? 1 : 0; #2",
        "const reads = own !== undefined && own.type === 'read' ? 1 : 0;",
      ],
      [
        'others',
        "file.writer !== undefined && !(own !== undefined && own.state === 'active' && own.type === 'write')",
        "file.writer !== undefined && !(own !== undefined && own.state === 'active')",
      ],
      [
        'others',
        "file.writer !== undefined && !(own !== undefined && own.state === 'active' && own.type === 'write')",
        "file.writer !== undefined && !(own !== undefined && own.type === 'write')",
      ],
      [
        'others',
        "file.writer !== undefined && !(own !== undefined && own.state === 'active' && own.type === 'write') #2",
        "file.writer !== undefined && !(own !== undefined && own.type === 'write')",
      ],
    ],
  },
  {
    why: 'The matrix refuses no open and no change because of a lease: it breaks the lease.',
    mutants: [
      [
        'clashOf',
        "if (found === 'beside' || found === 'refused') continue;",
        "if (found === 'beside') continue;",
      ],
      [
        'ownersInTheWay',
        'if (!breaks) addLeases(step, file, waiter, search.left, owners);',
        'if (true) addLeases(step, file, waiter, search.left, owners);',
      ],
    ],
  },
  {
    why: 'What breaks leases of one type to none breaks those of the other type to none, too.',
    mutants: [
      [
        'leaves',
        "if (onWrite === 'breaks to none' || verdict('leaseRead', wanted) === 'breaks to none') return 'none';",
        "if (onWrite === 'breaks to none' && verdict('leaseRead', wanted) === 'breaks to none') return 'none';",
      ],
      [
        'leaves',
        "if (onWrite === 'breaks to none' || verdict('leaseRead', wanted) === 'breaks to none') return 'none';",
        "if (onWrite === 'breaks to none') return 'none';",
      ],
      [
        'leaves',
        "if (onWrite === 'breaks to none' || verdict('leaseRead', wanted) === 'breaks to none') return 'none';",
        "if (verdict('leaseRead', wanted) === 'breaks to none') return 'none';",
      ],
      [
        'leaves',
        "if (onWrite === 'breaks to none' || verdict('leaseRead', wanted) === 'breaks to none') return 'none';",
        "if (onWrite === 'breaks to none' || verdict('leaseWrite', wanted) === 'breaks to none') return 'none';",
      ],
    ],
  },
  {
    why: 'No holder in the matrix is a change; only the compiler needs to be told.',
    mutants: [
      [
        'isHeld',
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' && wanted !== 'link' && wanted !== 'setattr' && wanted !== 'entries' && wanted !== 'told'",
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' && wanted !== 'link' && wanted !== 'setattr' && wanted !== 'told'",
      ],
      [
        'isHeld',
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' && wanted !== 'link' && wanted !== 'setattr' && wanted !== 'entries' && wanted !== 'told'",
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' && wanted !== 'link' && wanted !== 'setattr' && wanted !== 'entries'",
      ],
      [
        'isHeld',
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' && wanted !== 'link' && wanted !== 'setattr' && wanted !== 'entries' &&",
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' && wanted !== 'link' && wanted !== 'setattr' &&",
      ],
      [
        'isHeld',
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' && wanted !== 'link' && wanted !== 'setattr' && wanted !== 'entries' &&",
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' && wanted !== 'link' && wanted !== 'entries' &&",
      ],
      [
        'isHeld',
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' && wanted !== 'link' && wanted !== 'setattr' &&",
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' && wanted !== 'link' &&",
      ],
      [
        'isHeld',
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' && wanted !== 'link' && wanted !== 'setattr' &&",
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' && wanted !== 'setattr' &&",
      ],
      [
        'isHeld',
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' && wanted !== 'link' &&",
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' &&",
      ],
      [
        'isHeld',
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' && wanted !== 'link' &&",
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'link' &&",
      ],
      [
        'isHeld',
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' &&",
        "wanted !== 'truncate' && wanted !== 'unlink' &&",
      ],
      [
        'isHeld',
        "wanted !== 'truncate' && wanted !== 'unlink' && wanted !== 'rename' &&",
        "wanted !== 'truncate' && wanted !== 'rename' &&",
      ],
      ['isHeld', "wanted !== 'truncate' && wanted !== 'unlink' &&", "wanted !== 'truncate' &&"],
      ['isHeld', "wanted !== 'truncate' && wanted !== 'unlink' &&", "wanted !== 'unlink' &&"],
    ],
  },
  {
    why: 'A writer is alone and is named, and somebody is named whenever blockers are counted.',
    mutants: [
      [
        'blockerCount',
        'const live = row.reads + (row.writer === undefined ? 0 : 1);',
        'const live = row.reads - (row.writer === undefined ? 0 : 1);',
      ],
      [
        'blockerCount',
        'const live = row.reads + (row.writer === undefined ? 0 : 1);',
        'const live = row.reads + (true ? 0 : 1);',
      ],
      [
        'blockerCount',
        'const live = row.reads + (row.writer === undefined ? 0 : 1);',
        'const live = row.reads + (row.writer === undefined ? 0 : 0);',
      ],
      [
        'blockerCount',
        "if (waiter.kind.own !== undefined || reason === 'queued' || reason === 'share_denied') return 0;",
        "if (waiter.kind.own !== undefined || reason === 'queued' || reason === 'share_denied') return 1;",
      ],
    ],
  },
  {
    why: 'Of two equal times, either is the earlier one.',
    mutants: [
      [
        'explain',
        '(remainingMs !== undefined && remainingMs < refusal.retryAfterMs)',
        '(remainingMs !== undefined && remainingMs <= refusal.retryAfterMs)',
      ],
    ],
  },
  {
    why: 'A third round begins after the request, and the first round has found it.',
    mutants: [
      [
        'from',
        'for (let round = 0; round < 2; round += 1) {',
        'for (let round = 0; round <= 2; round += 1) {',
      ],
    ],
  },
  {
    why: 'To settle a file on which nothing happened does nothing.',
    mutants: [
      [
        'siftLock',
        'else if (file.row.waiting === 0 && file.row.breaking === undefined) return;',
        'else if (false) return;',
      ],
      ['breakFrom', 'if (loses.key !== settled.key) others.push(loses);', 'if (true) others.push(loses);'],
    ],
  },
  {
    why: 'Nothing of another kind has a deadline, or belongs to a session.',
    mutants: [
      [
        'settleEntry',
        "else if (kind === 'tenure') dueTenure(step, id);",
        'else if (true) dueTenure(step, id);',
      ],
      [
        'settleEntry',
        "else if (kind === 'server') forgetServer(step, id);",
        'else if (true) forgetServer(step, id);',
      ],
      ['endRow', "} else if (kind === 'want') {", '} else if (true) {'],
    ],
  },
  {
    why: 'Earlier checks of the same request have found the session and the export.',
    mutants: [
      [
        'roomFor',
        "if (session === undefined) return { refused: { reason: 'no_such_session' } };",
        "if (session === undefined) return { refused: { reason: 'no_such_wait' } };",
      ],
      [
        'pidOf',
        'return session === undefined ? 0 : session.pid;',
        'return session === undefined ? 1 : session.pid;',
      ],
      [
        'exportFor',
        "if (refused !== undefined || exp === undefined) return { refused: refused ?? refuse('no_such_export') };",
        "if (refused !== undefined || exp === undefined) return { refused: refused ?? refuse('no_such_file') };",
      ],
    ],
  },
  {
    why: 'A file that is known by its name only is not listed by its id, which nobody knows.',
    mutants: [
      [
        'turnedAway',
        'const other = ref.placeholder === true ? undefined : usedBy(step, exp, ref.fileId);',
        'const other = false ? undefined : usedBy(step, exp, ref.fileId);',
      ],
    ],
  },
  {
    why: 'It spares a look, or a row that is stored as it is.',
    mutants: [
      [
        'enterFile',
        'const other = exp.aliases > 0 ? aliased(step, ref.fileKey) : undefined;',
        'const other = exp.aliases >= 0 ? aliased(step, ref.fileKey) : undefined;',
      ],
      [
        'enterFile',
        'const other = exp.aliases > 0 ? aliased(step, ref.fileKey) : undefined;',
        'const other = true ? aliased(step, ref.fileKey) : undefined;',
      ],
      [
        'enterExport',
        "if (counts || row.unbound !== undefined) step.rows.put('export', exp.name, exp);",
        "if (true) step.rows.put('export', exp.name, exp);",
      ],
      [
        'leaveExport',
        "if (!exp.local || watched) step.rows.put('export', exp.name, exp);",
        "if (true) step.rows.put('export', exp.name, exp);",
      ],
      ['moveLease', 'if (lease.fileKey === fileKey) return;', 'if (false) return;'],
      ['noteGrant', 'if (file.row.waiting === 0) return;', 'if (false) return;'],
      [
        'noteGrant',
        'for (const each of step.recheck) if (each === ownerKey) return;',
        'for (const each of step.recheck) if (false) return;',
      ],
      [
        'noteGrant',
        'if (step.rows.page(keys.ownerWaits(ownerKey), 0, endOfList, 1).length > 0) step.recheck.push(ownerKey);',
        'if (step.rows.page(keys.ownerWaits(ownerKey), 0, endOfList, 1).length >= 0) step.recheck.push(ownerKey);',
      ],
      [
        'noteGrant',
        'if (step.rows.page(keys.ownerWaits(ownerKey), 0, endOfList, 1).length > 0) step.recheck.push(ownerKey);',
        'if (true) step.recheck.push(ownerKey);',
      ],
      [
        'ownDelegation',
        'row.delegReads === 0 && !row.writerDelegation && row.pendingReads === 0 && row.pendingWriter === undefined',
        'false',
      ],
      [
        'decidePending',
        'if (row.voidPending === undefined && row.pendingReads === 0 && row.pendingWriter === undefined) return;',
        'if (false) return;',
      ],
      [
        'decidePending',
        "if (row.voidPending === undefined && covered === 'none' && refusal === undefined) return;",
        'if (false) return;',
      ],
      [
        'leaseOfSession',
        'const writer = row.writer !== undefined && !row.writerDelegation;',
        'const writer = row.writer !== undefined || !row.writerDelegation;',
      ],
      [
        'leaseOfSession',
        'const writer = row.writer !== undefined && !row.writerDelegation;',
        'const writer = !row.writerDelegation;',
      ],
      [
        'leaseOfSession',
        'if (row.reads === row.delegReads && !writer && row.pendingReads === 0 && row.pendingWriter === undefined)',
        'if (false)',
      ],
      ['rangesInTheWay', 'if (file.row.ranges === 0) return found;', 'if (false) return found;'],
    ],
  },
  {
    why: 'Whoever waits waits for something that is in use itself.',
    mutants: [
      [
        'inUse',
        "wantedHold(row) !== 'none' || row.opens > 0 || row.ranges > 0 || row.waiting > 0 || row.wants > 0 ||",
        "wantedHold(row) !== 'none' || row.opens > 0 || row.ranges > 0 || row.wants > 0 ||",
      ],
      [
        'inUse',
        "wantedHold(row) !== 'none' || row.opens > 0 || row.ranges > 0 || row.waiting > 0 ||",
        "wantedHold(row) !== 'none' || row.opens > 0 || row.ranges > 0 ||",
      ],
    ],
  },
  {
    why: 'The file is settled before it is stored, and that decides it.',
    mutants: [['enterFile', 'morePending: false,', 'morePending: true,']],
  },
  {
    why: 'Intents that are void are remembered with the reason until all are undone, as the invariants say.',
    mutants: [
      [
        'decidePending',
        "undo(step, file, entry.member, lease, row.voidPending ?? 'cancelled');",
        "undo(step, file, entry.member, lease, row.voidPending ?? 'disconnected');",
      ],
    ],
  },
  {
    why: 'An empty list is read as none, like a list that is not there.',
    mutants: [
      [
        'adopt',
        'row.morePredecessors = others.length > 0 ? others : undefined;',
        'row.morePredecessors = others.length >= 0 ? others : undefined;',
      ],
      [
        'adopt',
        'row.morePredecessors = others.length > 0 ? others : undefined;',
        'row.morePredecessors = true ? others : undefined;',
      ],
      [
        'dropDead',
        'row.morePredecessors = others.length > 0 ? others : undefined;',
        'row.morePredecessors = others.length >= 0 ? others : undefined;',
      ],
      [
        'dropDead',
        'row.morePredecessors = others.length > 0 ? others : undefined;',
        'row.morePredecessors = true ? others : undefined;',
      ],
    ],
  },
  {
    why: 'The reason is looked at only for whether the session has a lease or the fileserver is away.',
    mutants: [
      [
        'leaseOfSession',
        "if (page.length === ownSearched) return { reason: 'lease_conflict' };",
        "if (page.length === ownSearched) return { reason: 'lease_held' };",
      ],
    ],
  },
  {
    why: 'Only a lease that is being revoked is marked, and only a revoked one is kept without a time.',
    mutants: [
      [
        'stateOf',
        "if (lease.state === 'revoked' && lease.fenced && file !== undefined && file.fence) return 'fencing';",
        "if (lease.fenced && file !== undefined && file.fence) return 'fencing';",
      ],
      [
        'endLease',
        "if (after !== undefined && after.state === 'revoked' && after.due === 0) forgetFinished(step, id, after);",
        'if (after !== undefined && after.due === 0) forgetFinished(step, id, after);',
      ],
      [
        'endLease',
        "if (after !== undefined && after.state === 'revoked' && after.due === 0) forgetFinished(step, id, after); #2",
        'if (after !== undefined && after.due === 0) forgetFinished(step, id, after);',
      ],
    ],
  },
  {
    why: 'To take out of a queue what does not wait does nothing.',
    mutants: [['stopWaiting', 'if (lease.waitNo === 0) return;', 'if (false) return;']],
  },
  {
    why: 'Whatever would conflict with the lease that was granted is refused by it.',
    mutants: [['admitLease', 'return true;', 'return false;']],
  },
  {
    why: 'A lease that waits has the type it waits for.',
    mutants: [
      ['admitLease', "const type = row.waitType ?? 'read';", "const type = row.waitType ?? 'write';"],
      [
        'module',
        "asks: (row) => [leaseAsk(row.waitType ?? 'read', row.delegation, row.notify)],",
        "asks: (row) => [leaseAsk(row.waitType ?? 'write', row.delegation, row.notify)],",
      ],
      [
        'module',
        "whyNot: (step, file, { id, row }) => whyNotNow(step, file, id, row, row.waitType ?? 'read')?.reason,",
        "whyNot: (step, file, { id, row }) => whyNotNow(step, file, id, row, row.waitType ?? 'write')?.reason,",
      ],
    ],
  },
  {
    why: 'The matrix has the same conflicts for bytes and for whole files.',
    mutants: [
      ['typesConflict', "if (kind === 'flock') {", 'if (true) {'],
      ['typesConflict', "if (kind === 'flock') {", 'if (false) {'],
    ],
  },
  {
    why: 'Nothing in the lists sorts after it.',
    mutants: [['module', "const highest = '~';", "const highest = '~?';"]],
  },
  {
    why: 'A range of one byte is found by its start alone.',
    mutants: [
      [
        'nodeAt',
        'if (level === exactLevel) return { level, hi, lo };',
        'if (false) return { level, hi, lo };',
      ],
      [
        'nodeOf',
        'if (level === exactLevel) return { level, hi: range.startHi, lo: range.startLo };',
        'if (false) return { level, hi: range.startHi, lo: range.startLo };',
      ],
    ],
  },
  {
    why: 'It is part of a name, and the names of two levels stay different.',
    mutants: [
      [
        'nodeText',
        'return step.rows.padded(node.level + 1) + text(step, node.hi, node.lo);',
        'return step.rows.padded(node.level - 1) + text(step, node.hi, node.lo);',
      ],
    ],
  },
  {
    why: 'To search a level that nobody uses finds nothing.',
    mutants: [
      [
        'hold',
        "if (by === 1 && row.type === 'read') useLevel(file, nodeOf(row).level);",
        "if (by === 1 || row.type === 'read') useLevel(file, nodeOf(row).level);",
      ],
      [
        'hold',
        "if (by === 1 && row.type === 'read') useLevel(file, nodeOf(row).level);",
        'if (by === 1) useLevel(file, nodeOf(row).level);',
      ],
      [
        'hold',
        "if (by === 1 && row.type === 'read') useLevel(file, nodeOf(row).level);",
        "if (row.type === 'read') useLevel(file, nodeOf(row).level);",
      ],
      [
        'hold',
        "if (by === 1 && row.type === 'read') useLevel(file, nodeOf(row).level);",
        'if (true) useLevel(file, nodeOf(row).level);',
      ],
      [
        'hold',
        'if (file.row.ranges === 0) file.row.levels = undefined;',
        'if (false) file.row.levels = undefined;',
      ],
      ['hold', 'if (file.row.ranges === 0) file.row.levels = undefined;', 'if (file.row.ranges === 0)'],
    ],
  },
  {
    why: 'One page more is read, and nothing of it taken.',
    mutants: [
      ['collect', 'while (found.length < limit) {', 'while (found.length <= limit) {'],
      ['reaching', 'while (found.length < limit) {', 'while (found.length <= limit) {'],
    ],
  },
  {
    why: 'A write lock conflicts with whatever is asked for.',
    mutants: [['rangesInTheWay', "if (typesConflict(ask.class, 'write', ask.type))", 'if (true)']],
  },
  {
    why: 'Every range of a node contains its centre: both lists show the same there.',
    mutants: [
      [
        'rangesInTheWay',
        'if (compare(ask.startHi, ask.startLo, node.hi, node.lo) >= 0)',
        'if (compare(ask.startHi, ask.startLo, node.hi, node.lo) > 0)',
      ],
    ],
  },
  {
    why: 'Nothing lies before the first byte.',
    mutants: [
      [
        'previous',
        'return hi > 0 ? { hi: hi - 1, lo: word - 1 } : { hi: 0, lo: 0 };',
        'return hi >= 0 ? { hi: hi - 1, lo: word - 1 } : { hi: 0, lo: 0 };',
      ],
      [
        'previous',
        'return hi > 0 ? { hi: hi - 1, lo: word - 1 } : { hi: 0, lo: 0 };',
        'return true ? { hi: hi - 1, lo: word - 1 } : { hi: 0, lo: 0 };',
      ],
    ],
  },
  {
    why: 'Two equal ends are the same.',
    mutants: [
      [
        'takeRange',
        'if (compare(own.row.startHi, own.row.startLo, whole.startHi, whole.startLo) < 0) {',
        'if (compare(own.row.startHi, own.row.startLo, whole.startHi, whole.startLo) <= 0) {',
      ],
      [
        'takeRange',
        'if (compare(own.row.endHi, own.row.endLo, whole.endHi, whole.endLo) > 0) {',
        'if (compare(own.row.endHi, own.row.endLo, whole.endHi, whole.endLo) >= 0) {',
      ],
    ],
  },
  {
    why: 'Only the row of a request that waits has it.',
    mutants: [['newRow', "splitId: '',", "splitId: '?',"]],
  },
  {
    why: 'No lease has the token that a restore mints.',
    mutants: [
      [
        'isOfThisLife',
        'return token > (step.meta.lostUpTo ?? 0);',
        'return token >= (step.meta.lostUpTo ?? 0);',
      ],
    ],
  },
  {
    why: 'The rows that were removed have stored it.',
    mutants: [['emptySession', "step.rows.put('session', id, session);", '']],
  },
  {
    why: 'The same step has stored the row, and stores what it has become by its end.',
    mutants: [
      ['countFreed', "step.rows.put('session', sessionId, session);", ''],
      ['again', "step.rows.put('open', openId, open);", ''],
      ['lowered', "step.rows.put('open', openId, open);", ''],
      ['offerWith', "step.rows.put('open', id, open);", ''],
    ],
  },
  {
    why: 'An open can always be lowered: that is in nobody’s way, and behind nobody.',
    mutants: [['lowered', 'if (verdict === undefined) {', 'if (true) {']],
  },
  {
    why: 'It is set anew before it is looked at again.',
    mutants: [
      ['change', 'open.toParts = undefined;', ''],
      ['admitOpen', 'row.toParts = undefined;', ''],
      ['withdrawOpen', 'open.toParts = undefined;', ''],
    ],
  },
  {
    why: 'A break ends when nobody is left but those that it spares, and with it their revocation.',
    mutants: [
      [
        'revokeAll',
        'if (readers + writers <= (survivor === undefined ? 0 : 1)) return;',
        'if (readers + writers <= (true ? 0 : 1)) return;',
      ],
      [
        'revokeAll',
        'if (readers + writers <= (survivor === undefined ? 0 : 1)) return;',
        'if (readers + writers <= (survivor === undefined ? 0 : 0)) return;',
      ],
    ],
  },
  {
    why: 'A write delegation is the only hold on its file: nobody is spared.',
    mutants: [
      [
        'force',
        'revokeAll(step, file, survivorKey, cause, true);',
        'revokeAll(step, file, undefined, cause, true);',
      ],
    ],
  },
  {
    why: 'One page more of a revocation is cleared in a step, which stays bounded.',
    mutants: [
      [
        'clearRevoked',
        'if (row.clearUpTo === 0 || row.fence || step.budget <= 0) return;',
        'if (row.clearUpTo === 0 || row.fence || step.budget < 0) return;',
      ],
    ],
  },
  {
    why: 'Whatever has lapsed is settled first: the queue has dropped a request whose lease is revoked.',
    mutants: [
      ['tellRevoked', "stopWaiting(step, file, id, lease, 'lease_revoked');", ''],
      [
        'tellRevoked',
        "stopWaiting(step, file, id, lease, 'lease_revoked');",
        "stopWaiting(step, file, id, lease, 'lease_revoked?');",
      ],
    ],
  },
  {
    why: 'A break to read begins only where somebody writes, who is alone on the file.',
    mutants: [
      [
        'startBreak',
        'if (spared !== undefined && rank(spared.type) > rank(target) && (spared.delegation || !delegations)) {',
        'if (spared !== undefined && (spared.delegation || !delegations)) {',
      ],
      [
        'startBreak',
        'if (spared !== undefined && rank(spared.type) > rank(target) && (spared.delegation || !delegations)) { #2',
        'if (spared !== undefined && (spared.delegation || !delegations)) {',
      ],
      [
        'startBreak',
        'if (spared !== undefined && rank(spared.type) > rank(target) && (spared.delegation || !delegations)) {',
        'if (spared !== undefined && rank(spared.type) >= rank(target) && (spared.delegation || !delegations)) {',
      ],
    ],
  },
  {
    why: 'Where nothing is wanted, nobody looks at the rest of a want; the next want sets it anew.',
    mutants: [
      [
        'dropWant',
        'if (share.wanted === undefined || share.wantedBy === undefined) return;',
        'if (share.wantedBy === undefined) return;',
      ],
      ['dropWant', 'share.wantedBy = undefined;', ''],
      ['dropWant', 'share.wantId = undefined;', ''],
      ['dropWant', 'share.wantTimes = undefined;', ''],
      ['dropWant', 'share.wantNotify = undefined;', ''],
      [
        'addWant',
        'share.wantTimes = push && times ? true : undefined;',
        'share.wantTimes = times ? true : undefined;',
      ],
      ['dropWant', 'share.wantNo = undefined;', ''],
    ],
  },
  {
    why: 'The share that leads to a delegation has its id, and an id is only compared with those of leases that are there.',
    mutants: [
      ['offer', 'if (own !== undefined && ownId !== undefined) {', 'if (own !== undefined) {'],
      [
        'offer',
        "const not = whyNotNow(step, file, own === undefined ? asked.leaseId : (ownId ?? ''), asker, type);",
        "const not = whyNotNow(step, file, false ? asked.leaseId : (ownId ?? ''), asker, type);",
      ],
    ],
  },
  {
    why: 'A request that does nothing but wait has its place in a queue.',
    mutants: [
      [
        'ageOf',
        'return agoMs(step, kind.onlyWaits(row) && row.waitNo !== 0 ? row.waitNo : kind.since(row));',
        'return agoMs(step, kind.onlyWaits(row) ? row.waitNo : kind.since(row));',
      ],
    ],
  },
  {
    why: 'A delegation that is neither granted nor asked for comes with the reason.',
    mutants: [
      [
        'delegationWant',
        "return { pending: false, whyNot: whyNot ?? 'CONTENTION', willSignal, willPush };",
        "return { pending: false, whyNot: whyNot ?? 'RESOURCE', willSignal, willPush };",
      ],
    ],
  },
  {
    why: 'A session of a node that is not up is not live, as the invariants say.',
    mutants: [
      [
        'livesIn',
        "return node?.region === region && node.state === 'up';",
        'return node?.region === region;',
      ],
    ],
  },
  {
    why: 'A repeat is told that it was carried out, not how.',
    mutants: [
      [
        'openClose',
        "rememberRequest(step, input.openId, open, shown, 'holder');",
        "rememberRequest(step, input.openId, open, shown, 'holder?');",
      ],
      [
        'stateidFree',
        "rememberRequest(step, id, { sessionId: state.sessionId }, shown, 'freed');",
        "rememberRequest(step, id, { sessionId: state.sessionId }, shown, 'freed?');",
      ],
      [
        'freeDelegation',
        "rememberRequest(step, id, { sessionId: lease.sessionId }, shown, 'freed');",
        "rememberRequest(step, id, { sessionId: lease.sessionId }, shown, 'freed?');",
      ],
    ],
  },
  {
    why: 'It spares a search that would find the same: only what is in the way is taken from it.',
    mutants: [
      ['deadlockedWith', 'let blocks = false;', 'let blocks = true;'],
      [
        'deadlockedWith',
        'for (const wanted of modes) if (converting[wanted] > 0 && !compatible(held, wanted)) blocks = true;',
        'for (const wanted of modes) if (converting[wanted] > 0 || !compatible(held, wanted)) blocks = true;',
      ],
      [
        'deadlockedWith',
        'for (const wanted of modes) if (converting[wanted] > 0 && !compatible(held, wanted)) blocks = true;',
        'for (const wanted of modes) if (converting[wanted] > 0) blocks = true;',
      ],
      [
        'deadlockedWith',
        'for (const wanted of modes) if (converting[wanted] > 0 && !compatible(held, wanted)) blocks = true;',
        'for (const wanted of modes) if (!compatible(held, wanted)) blocks = true;',
      ],
      [
        'deadlockedWith',
        'for (const wanted of modes) if (converting[wanted] > 0 && !compatible(held, wanted)) blocks = true;',
        'for (const wanted of modes) if (true) blocks = true;',
      ],
      [
        'deadlockedWith',
        'for (const wanted of modes) if (converting[wanted] > 0 && !compatible(held, wanted)) blocks = true;',
        'for (const wanted of modes) if (converting[wanted] >= 0 && !compatible(held, wanted)) blocks = true;',
      ],
      ['deadlockedWith', 'if (!blocks) return undefined;', 'if (false) return undefined;'],
      [
        'locksInTheWay',
        'if (granted[held] === 0 || compatible(held, wants)) continue;',
        'if (compatible(held, wants)) continue;',
      ],
      [
        'tellBlocking',
        'if (resource.granted[held] > 0 && !compatible(held, wanted)) tellHolders(step, file, held, wanted, after);',
        'if (!compatible(held, wanted)) tellHolders(step, file, held, wanted, after);',
      ],
      [
        'tellBlocking',
        'if (resource.granted[held] > 0 && !compatible(held, wanted)) tellHolders(step, file, held, wanted, after);',
        'if (resource.granted[held] >= 0 && !compatible(held, wanted)) tellHolders(step, file, held, wanted, after);',
      ],
      [
        'tellRefusing',
        'if (resourceOf(file).granted[held] > 0 && !compatible(held, wanted))',
        'if (!compatible(held, wanted))',
      ],
      [
        'tellRefusing',
        'if (resourceOf(file).granted[held] > 0 && !compatible(held, wanted))',
        'if (resourceOf(file).granted[held] >= 0 && !compatible(held, wanted))',
      ],
      [
        'clearRevoked',
        'if (row.clearUpTo === 0 || row.fence || step.budget <= 0) return;',
        'if (row.fence || step.budget <= 0) return;',
      ],
      [
        'findCycle',
        'if (search.asked[owner] === true || at.length >= lengthMax) continue;',
        'if (at.length >= lengthMax) continue;',
      ],
      ['findCycle', 'search.asked[owner] = true;', ''],
      ['findCycle', 'search.asked[owner] = true;', 'search.asked[owner] = false;'],
      ['ownersInTheWay', 'search.queues[file.key] = unasked;', ''],
      [
        'module',
        "opensRefusing(step, file, waiter, 1).length > 0 ? 'share_denied' : undefined,",
        "opensRefusing(step, file, waiter, -1).length > 0 ? 'share_denied' : undefined,",
      ],
    ],
  },
  {
    why: 'Whoever was granted a lock before has been told the same: it is only not looked at again.',
    mutants: [
      [
        'tellBlocking',
        'const after = resource.told === high ? resource.toldUpTo : 0;',
        'const after = false ? resource.toldUpTo : 0;',
      ],
      [
        'tellBlocking',
        'const after = resource.told === high ? resource.toldUpTo : 0;',
        'const after = resource.told === high ? resource.toldUpTo : 1;',
      ],
      ['tellBlocking', 'resource.told = high;', ''],
      ['tellBlocking', 'resource.told = undefined;', ''],
      ['tellBlocking', 'resource.toldUpTo = resource.lastGrant;', ''],
      ['enterGranted', 'resourceOf(file).lastGrant = row.grantNo;', ''],
    ],
  },
  {
    why: 'A lock in a mode has one or waits for one, and its resource serves its queues itself.',
    mutants: [
      [
        'blockerOf',
        "return { id, kind: 'dlm', sessionId, owner, pid, type: mode ?? wants ?? 'NL', state: stateOfDlm(row) };",
        "return { id, kind: 'dlm', sessionId, owner, pid, type: mode ?? wants ?? 'NL?', state: stateOfDlm(row) };",
      ],
      ['lockOfDlm', "type: mode ?? wants ?? 'NL',", "type: mode ?? wants ?? 'NL?',"],
      ['module', 'admit: () => false,', 'admit: () => true,'],
    ],
  },
  {
    why: 'An empty list is read as none, and whoever does not meet another never waits behind it.',
    mutants: [
      [
        'sparedBehind',
        'return spared.length > 0 ? spared : undefined;',
        'return spared.length >= 0 ? spared : undefined;',
      ],
      ['sparedBehind', 'return spared.length > 0 ? spared : undefined;', 'return true ? spared : undefined;'],
      [
        'sparedBehind',
        'if (earlier === undefined || !meet(earlier, later)) continue;',
        'if (earlier === undefined) continue;',
      ],
    ],
  },
  {
    why: 'A session is of its own tenant, no tenant has that name, and no name is an empty one.',
    mutants: [
      [
        'tenantOf',
        "return step.rows.get('session', sessionId)?.tenant ?? '';",
        "return step.rows.get('session', sessionId)?.tenant ?? '?';",
      ],
      [
        'isForeign',
        'return sessionId !== viewer && tenantOf(step, sessionId) !== tenantOf(step, viewer);',
        'return tenantOf(step, sessionId) !== tenantOf(step, viewer);',
      ],
      [
        'counterId',
        "return session.countedTenant === true ? keys.subject(session.tenant, '') : undefined;",
        'return session.countedTenant === true ? keys.subject(session.tenant, undefined) : undefined;',
      ],
    ],
  },
  {
    why: 'A queue that is shorter than the share holds less than the share of anybody.',
    mutants: [
      [
        'waitsOver',
        'if (counter !== undefined && queueShare !== undefined && queue.waiting >= queueShare) {',
        'if (counter !== undefined && queueShare !== undefined) {',
      ],
    ],
  },
  {
    why: 'It spares a look at sessions or leases that gives nothing, or a second look at the same.',
    mutants: [
      ['makeWay', 'if ((step.meta.courteous ?? 0) === 0) return;', 'if (false) return;'],
      [
        'leasesInTheWay',
        'if (row.breaking?.yielded === true || (row.reads === 0 && row.writer === undefined)) return found;',
        'if (row.breaking?.yielded === true && (row.reads === 0 && row.writer === undefined)) return found;',
      ],
      [
        'leasesInTheWay',
        'if (row.breaking?.yielded === true || (row.reads === 0 && row.writer === undefined)) return found;',
        'if (row.breaking?.yielded === true) return found;',
      ],
      [
        'leasesInTheWay',
        'if (row.breaking?.yielded === true || (row.reads === 0 && row.writer === undefined)) return found;',
        'if ((row.reads === 0 && row.writer === undefined)) return found;',
      ],
      [
        'leasesInTheWay',
        'if (row.breaking?.yielded === true || (row.reads === 0 && row.writer === undefined)) return found;',
        'if (false) return found;',
      ],
      [
        'takeBroken',
        'if (running === undefined || running.yielded === true || (step.meta.courteous ?? 0) === 0) return;',
        'if (running === undefined || (step.meta.courteous ?? 0) === 0) return;',
      ],
      [
        'takeBroken',
        'if (running === undefined || running.yielded === true || (step.meta.courteous ?? 0) === 0) return; #2',
        'if (running === undefined || (step.meta.courteous ?? 0) === 0) return;',
      ],
      [
        'takeBroken',
        'if (running === undefined || running.yielded === true || (step.meta.courteous ?? 0) === 0) return;',
        'if (running === undefined || running.yielded === true && (step.meta.courteous ?? 0) === 0) return;',
      ],
      ['takeBroken', 'running.yielded = true;', ''],
      ['takeBroken', 'running.yielded = true;', 'running.yielded = false;'],
      ['askMany', 'if (upTo === step.meta.askedUpTo) return;', 'if (false) return;'],
    ],
  },
  {
    why: 'Whoever asks on the file settles it in the same step, and that asks the fileserver.',
    mutants: [['makeWay', 'if (standsAlone(file)) syncHold(step, file);', 'if (true) syncHold(step, file);']],
  },
  {
    why: 'To take a lease that is revoked only tells its holder, who is due to be told anyway.',
    mutants: [
      [
        'takeBroken',
        'if (lease === undefined || isRevoked(file.row, lease) || !isBreaking(file.row, lease)) continue;',
        'if (lease === undefined || !isBreaking(file.row, lease)) continue;',
      ],
      [
        'takeBroken',
        'if (lease === undefined || isRevoked(file.row, lease) || !isBreaking(file.row, lease)) continue; #2',
        'if (lease === undefined || !isBreaking(file.row, lease)) continue;',
      ],
      [
        'takeBroken',
        'if (lease === undefined || isRevoked(file.row, lease) || !isBreaking(file.row, lease)) continue;',
        'if (lease === undefined || isRevoked(undefined, lease) || !isBreaking(file.row, lease)) continue;',
      ],
    ],
  },
  {
    why: 'Only the stateid leads to it, and that is told that it expired, not how.',
    mutants: [
      [
        'takeLocks',
        "rememberEnd(step, id, state, 'session_expired', { taken: true });",
        "rememberEnd(step, id, state, 'session_expired?', { taken: true });",
      ],
    ],
  },
  {
    why: 'A format that is no higher changes nothing.',
    mutants: [
      ['raiseFormat', 'if (format <= formatOf(meta)) return;', 'if (format < formatOf(meta)) return;'],
      ['raiseFormat', 'if (format <= formatOf(meta)) return;', 'if (false) return;'],
      ['raiseFormat', 'if (all <= formatOf(meta)) return;', 'if (all < formatOf(meta)) return;'],
    ],
  },
  {
    why: 'A grace period that runs has a number.',
    mutants: [
      [
        'neverHeld',
        "return wholeIn !== undefined && wholeIn === graceNo ? refuse('reclaim_bad') : undefined;",
        "return wholeIn === graceNo ? refuse('reclaim_bad') : undefined;",
      ],
      [
        'endClaims',
        'if (session.skippedIn !== undefined && session.skippedIn === meta.graceNo) return;',
        'if (session.skippedIn === meta.graceNo) return;',
      ],
    ],
  },
  {
    why: 'No deadline is earlier than the first that is noted: to look when none is due, or a second time, finds nothing.',
    mutants: [
      ['setFirstDue', 'if (step.meta.firstDue === at) return;', 'if (true) return;'],
      [
        'settleDue',
        'if ((step.meta.firstDue ?? 0) > step.now && !tick) return;',
        'if ((step.meta.firstDue ?? 0) > step.now) return;',
      ],
      ['settleDue', 'if ((step.meta.firstDue ?? 0) > step.now && !tick) return;', 'if (false) return;'],
      [
        'settleDue',
        'if ((step.meta.firstDue ?? 0) > step.now && !tick) return;',
        'if ((step.meta.firstDue ?? 0) > step.now && tick) return;',
      ],
      [
        'settleDue',
        "const [next] = done === 0 ? page : step.rows.page('due', 0, endOfList, 1);",
        "const [next] = true ? page : step.rows.page('due', 0, endOfList, 1);",
      ],
      [
        'settleDue',
        "const [next] = done === 0 ? page : step.rows.page('due', 0, endOfList, 1);",
        "const [next] = false ? page : step.rows.page('due', 0, endOfList, 1);",
      ],
      ['settleDue', 'setFirstDue(step, next === undefined ? endOfList : next.score);', ''],
    ],
  },
  {
    why: 'A session that is not there is refused before; the compiler does not know.',
    mutants: [
      [
        'clientConfirm',
        "if (refused !== undefined || session === undefined) return refused ?? refuse('no_such_session');",
        "if (refused !== undefined || session === undefined) return refused ?? refuse('no_such_wait');",
      ],
    ],
  },
  {
    why: 'On a semaphore or a resource there is no other kind, and a row of another kind is in no space of ranges.',
    mutants: [
      [
        'meet',
        'if (space !== undefined) return earlier.kind === later.kind && space.meets(earlier.row, later.row);',
        'if (space !== undefined) return space.meets(earlier.row, later.row);',
      ],
    ],
  },
  {
    why: 'Locks under an open have ended with it: it entered the session first.',
    mutants: [
      ['endRow', 'if (state !== undefined) forgetLockState(step, id, state);', 'if (state !== undefined)'],
    ],
  },
  {
    why: 'A step without any budget left goes through one row less, and the next one goes on.',
    mutants: [
      [
        'siftSession',
        'const limit = Math.max(1, Math.min(rowsPerStep, step.budget));',
        'const limit = Math.max(-1, Math.min(rowsPerStep, step.budget));',
      ],
    ],
  },
  {
    why: 'Whoever begins a step for the service says it.',
    mutants: [
      [
        'beginStep',
        'export function beginStep(rows: Rows, budget: number, short = false): Step {',
        'export function beginStep(rows: Rows, budget: number, short = true): Step {',
      ],
    ],
  },
  {
    why: 'No time has passed, whichever way that is found.',
    mutants: [
      [
        'advance',
        'if (shown > outageMs || shown < 0) return 0;',
        'if (shown > outageMs || shown <= 0) return 0;',
      ],
    ],
  },
  {
    why: 'A deadline that is moved to where it is stays there.',
    mutants: [
      ['setDue', 'if (row.due === at) return;', 'if (false) return;'],
      [
        'linkDue',
        'if (at < (step.meta.firstDue ?? 0)) setFirstDue(step, at);',
        'if (at <= (step.meta.firstDue ?? 0)) setFirstDue(step, at);',
      ],
    ],
  },
  {
    why: 'The numbers that the clock implies are even, and the last one is odd.',
    mutants: [
      [
        'nextNumber',
        'return ownNumber(step, clock > numbersEnd ? last + 1 : Math.max(last + 1, clock));',
        'return ownNumber(step, clock >= numbersEnd ? last + 1 : Math.max(last + 1, clock));',
      ],
    ],
  },
  {
    why: 'To count nothing changes nothing, and what enters or leaves a queue changes more than this count.',
    mutants: [
      ['count', 'if (held === undefined || by === 0) return;', 'if (held === undefined) return;'],
      ['countWait', 'step.changed = true;', ''],
    ],
  },
  {
    why: 'What ends is recorded in the same step.',
    mutants: [
      ['rememberedMs', 'step.changed = true;', ''],
      ['rememberedMs', 'step.changed = true;', 'step.changed = false;'],
    ],
  },
  {
    why: 'Where nobody waits, there is nothing in the counts.',
    mutants: [
      [
        'countWait',
        'if (held.waiting === undefined && held.waits === 0) held.waiting = {};',
        'if (held.waiting === undefined || held.waits === 0) held.waiting = {};',
      ],
      [
        'countWait',
        'if (held.waiting === undefined && held.waits === 0) held.waiting = {};',
        'if (held.waits === 0) held.waiting = {};',
      ],
    ],
  },
  {
    why: 'The clock implies a higher number.',
    mutants: [
      [
        'raiseEpoch',
        'step.meta.epoch = ownNumber(step, nextNumber(step, last > numbersEnd ? 0 : last) + salt);',
        'step.meta.epoch = ownNumber(step, nextNumber(step, last > numbersEnd ? 1 : last) + salt);',
      ],
    ],
  },
  {
    why: 'An export without a fileserver is always up and asks nobody.',
    mutants: [
      [
        'byName',
        "return !exp.local && exp.opening !== true && !mayAsk(exp) && exp.policy === 'local' && exp.bound === 0;",
        "return exp.opening !== true && !mayAsk(exp) && exp.policy === 'local' && exp.bound === 0;",
      ],
    ],
  },
  {
    why: 'The row would be stored as it is.',
    mutants: [
      [
        'waitsFor',
        'if (until <= row.due && (row.atOnce !== true || waitMs === 0)) return;',
        'if (until < row.due && (row.atOnce !== true || waitMs === 0)) return;',
      ],
      [
        'waitsFor',
        'if (until <= row.due && (row.atOnce !== true || waitMs === 0)) return;',
        'if (until <= row.due && (waitMs === 0)) return;',
      ],
      [
        'waitsFor',
        'if (until > row.due) setDue(step, keys.range(id), row, until);',
        'if (until >= row.due) setDue(step, keys.range(id), row, until);',
      ],
    ],
  },
  {
    why: 'An ask names all requests that are not granted yet and takes back what the one before said of them: nothing is granted on an older answer.',
    mutants: [
      [
        'rangesLocked',
        'if (waiter === undefined || waiter.row.askedIn !== input.gen) {',
        'if (waiter === undefined) {',
      ],
      [
        'mustAsk',
        'if (locked !== undefined && locked.ask === undefined && row.locked === true && row.askedIn === locked.gen)',
        'if (locked !== undefined && row.locked === true && row.askedIn === locked.gen)',
      ],
      [
        'mustAsk',
        'if (locked !== undefined && locked.ask === undefined && row.locked === true && row.askedIn === locked.gen) #2',
        'if (locked !== undefined && row.locked === true && row.askedIn === locked.gen)',
      ],
    ],
  },
  {
    why: 'What the fileserver has locked is granted in the same step, or asked for once more.',
    mutants: [['rangesLocked', "step.rows.put('range', id, waiter.row); #2", '']],
  },
  {
    why: 'Nobody can have the place of a request that waits for one itself.',
    mutants: [['knownPermit', 'settleFile(step, file);', '']],
  },
  {
    why: 'A grace period of no length ends as it begins.',
    mutants: [
      ['exportGrace', 'if (input.graceMs > 0) {', 'if (input.graceMs >= 0) {'],
      ['exportGrace', 'if (input.graceMs > 0) {', 'if (true) {'],
    ],
  },
  {
    why: 'Where more holds are found than are looked at, it does not matter how many more.',
    mutants: [
      [
        'listHolders',
        'for (const { member } of step.rows.page(keys.fileRows(fileKey), 0, endOfList, Math.max(left, 1))) {',
        'for (const { member } of step.rows.page(keys.fileRows(fileKey), 0, endOfList, Math.max(left, -1))) {',
      ],
      ['listHolders', 'if (left <= 0) break;', 'if (left < 0) break;'],
      ['listHolders', 'if (left <= 0) break;', 'if (false) break;'],
    ],
  },
  {
    why: 'What keeps those ahead waiting keeps this one out as well: nothing can be taken for it.',
    mutants: [
      [
        'enter',
        'if (aheadOf(step, file, waiter) === undefined) makeWay(step, file, waiter);',
        'if (true) makeWay(step, file, waiter);',
      ],
      [
        'fileChange',
        'if (ahead === undefined) makeWay(step, file, waiter);',
        'if (true) makeWay(step, file, waiter);',
      ],
    ],
  },
  {
    why: 'To settle a file on which nothing happened since it was settled does nothing; a lease that is being broken is settled anyway.',
    mutants: [
      [
        'refresh',
        'if (over || file.row.breaking !== undefined) settleFile(step, file);',
        'if (true) settleFile(step, file);',
      ],
    ],
  },
  {
    why: 'No token is so small.',
    mutants: [
      [
        'breakingList',
        'let token = within !== undefined && score === input.after ? within : 0;',
        'let token = within !== undefined && score === input.after ? within : 1;',
      ],
    ],
  },
  {
    why: 'The page after the last one is empty.',
    mutants: [
      [
        'lockList',
        'for (let looked = 0; more && locks.length < input.limit && looked < rowsLooked; looked += size) {',
        'for (let looked = 0; locks.length < input.limit && looked < rowsLooked; looked += size) {',
      ],
    ],
  },
  {
    why: 'It only says that no grace period runs: 1 is as long ago as 0.',
    mutants: [
      [
        'reported',
        'meta.graceUntil = meta.graceWaits > 0 ? until : 0;',
        'meta.graceUntil = meta.graceWaits > 0 ? until : 1;',
      ],
    ],
  },
  {
    why: 'What was taken has no row any more.',
    mutants: [
      [
        'stateidFree',
        'if (row === undefined && wasTaken(step, id, shown.sessionId)) {',
        'if (wasTaken(step, id, shown.sessionId)) {',
      ],
    ],
  },
  {
    why: 'A time comes with its milliseconds or not at all.',
    mutants: [
      [
        'vetted',
        'if (at === undefined || !lease.delegation) return { at };',
        'if (!lease.delegation) return { at };',
      ],
    ],
  },
  {
    why: 'A file with an announced change is in use.',
    mutants: [
      [
        'changeReport',
        'if (file === undefined) return { reported: false };',
        'if (file === undefined) return { reported: true };',
      ],
    ],
  },
  {
    why: 'No fileserver names such a cookie.',
    mutants: [['adopt', "else row.reclaim = row.cookie ?? '';", "else row.reclaim = row.cookie ?? '?';"]],
  },
  {
    why: 'Whoever is asked for a hold may have one, and that alone keeps the file.',
    mutants: [
      [
        'inUse',
        "wantedHold(row) !== 'none' || row.opens > 0 || row.ranges > 0 || row.waiting > 0 || row.wants > 0 || row.announced !== undefined || isLocked(row) || row.coolUntil > now || row.clearUpTo > 0 || row.voidPending !== undefined || row.lockDelayUntil > now || row.ask !== undefined || row.predecessor !== undefined ||",
        "wantedHold(row) !== 'none' || row.opens > 0 || row.ranges > 0 || row.waiting > 0 || row.wants > 0 || row.announced !== undefined || isLocked(row) || row.coolUntil > now || row.clearUpTo > 0 || row.voidPending !== undefined || row.lockDelayUntil > now || row.predecessor !== undefined ||",
      ],
      [
        'inUse',
        "wantedHold(row) !== 'none' || row.opens > 0 || row.ranges > 0 || row.waiting > 0 || row.wants > 0 || row.announced !== undefined || isLocked(row) || row.coolUntil > now || row.clearUpTo > 0 || row.voidPending !== undefined || row.lockDelayUntil > now || row.ask !== undefined ||",
        "wantedHold(row) !== 'none' || row.opens > 0 || row.ranges > 0 || row.waiting > 0 || row.wants > 0 || row.announced !== undefined || isLocked(row) || row.coolUntil > now || row.clearUpTo > 0 || row.voidPending !== undefined || row.lockDelayUntil > now ||",
      ],
    ],
  },
  {
    why: 'An intent is void only while the hold that it was asked for is not settled, and that keeps the file.',
    mutants: [
      [
        'inUse',
        "wantedHold(row) !== 'none' || row.opens > 0 || row.ranges > 0 || row.waiting > 0 || row.wants > 0 || row.announced !== undefined || isLocked(row) || row.coolUntil > now || row.clearUpTo > 0 || row.voidPending !== undefined || row.lockDelayUntil > now ||",
        "wantedHold(row) !== 'none' || row.opens > 0 || row.ranges > 0 || row.waiting > 0 || row.wants > 0 || row.announced !== undefined || isLocked(row) || row.coolUntil > now || row.clearUpTo > 0 || row.lockDelayUntil > now ||",
      ],
      [
        'inUse',
        "wantedHold(row) !== 'none' || row.opens > 0 || row.ranges > 0 || row.waiting > 0 || row.wants > 0 || row.announced !== undefined || isLocked(row) || row.coolUntil > now || row.clearUpTo > 0 || row.voidPending !== undefined ||",
        "wantedHold(row) !== 'none' || row.opens > 0 || row.ranges > 0 || row.waiting > 0 || row.wants > 0 || row.announced !== undefined || isLocked(row) || row.coolUntil > now || row.clearUpTo > 0 ||",
      ],
    ],
  },
  {
    why: 'It leaves the list and enters it again.',
    mutants: [['noteTree', 'if (tree === row.tree) return;', 'if (false) return;']],
  },
  {
    why: 'A file that is asked about for the first time has nothing.',
    mutants: [
      [
        'backed',
        'return row.ask === undefined && rank(row.have) >= rank(liveType(row));',
        'return rank(row.have) >= rank(liveType(row));',
      ],
    ],
  },
  {
    why: 'Numbers of rows only grow: those that come later are behind it.',
    mutants: [
      [
        'endRows',
        'if (!ended.more) file.row.endedTo = undefined;',
        'if (false) file.row.endedTo = undefined;',
      ],
      ['endRows', 'if (!ended.more) file.row.endedTo = undefined;', 'if (!ended.more)'],
    ],
  },
  {
    why: 'What is due next changes as well, and is stored with the time.',
    mutants: [
      ['settleEntry', 'step.changed = true;', 'step.changed = false;'],
      ['settleEntry', 'step.changed = true;', ''],
    ],
  },
  {
    why: 'Whoever comes or goes changes other counters of the table as well.',
    mutants: [['countSubjects', 'step.changed = true;', '']],
  },
  {
    why: 'Whoever waits for what it is granted has waited for its owner before, or behind it in the queue.',
    mutants: [['admitRange', 'noteGrant(step, file, ownerKey);', '']],
  },
  {
    why: 'Who leaves a node and joins it again is where it was, and a session goes down with its node.',
    mutants: [['found', 'if (session.node !== node) {', 'if (true) {']],
  },
  {
    why: 'What is announced in the step that asks for it does not wait first.',
    mutants: [
      [
        'fileChange',
        'return { change: changeView(id, left ?? change), waiting: left !== undefined && left.waitNo !== 0 };',
        'return { change: changeView(id, left ?? change), waiting: left !== undefined };',
      ],
    ],
  },
  {
    why: 'Where nothing is left to look at, the search ends with the next request anyway.',
    mutants: [
      ['mayBeServed', 'if (search.left <= 0) return true;', 'if (search.left < 0) return true;'],
      ['mayBeServed', 'if (search.left <= 0) return true;', 'if (false) return true;'],
      ['mayBeServed', 'if (search.left <= 0) return true;', 'if (search.left <= 0) return false;'],
    ],
  },
  {
    why: 'Whoever waits ahead for the same semaphore waits for the same holders.',
    mutants: [
      [
        'mayBeServed',
        'const owners = any ? holdersOf(step, file, waiter, fresh) : ownersInTheWay(step, file, waiter, fresh);',
        'const owners = false ? holdersOf(step, file, waiter, fresh) : ownersInTheWay(step, file, waiter, fresh);',
      ],
    ],
  },
  {
    why: 'Who asks a fileserver has just been seen to, and what is due to be asked is asked before anything else.',
    mutants: [
      ['bringUp', 'if (standsAlone(file)) syncHold(step, file);', 'if (true) syncHold(step, file);'],
      ['settleFile', 'if (standsAlone(file)) syncHold(step, file);', 'if (true) syncHold(step, file);'],
    ],
  },
  {
    why: 'Nothing that is served ends a break: holders that are not there were taken before, and the others answer by themselves.',
    mutants: [['settleFile', 'freshen(step, file);', '']],
  },
  {
    why: 'One look more finds nothing left to do.',
    mutants: [
      [
        'decidePending',
        'row.morePending = page.length === clearPerStep && decided > 0;',
        'row.morePending = page.length === clearPerStep || decided > 0;',
      ],
      [
        'decidePending',
        'row.morePending = page.length === clearPerStep && decided > 0;',
        'row.morePending = decided > 0;',
      ],
    ],
  },
  {
    why: 'A page of intents none of which can be decided would have thousands of void ones behind it.',
    mutants: [
      [
        'decidePending',
        'row.morePending = page.length === clearPerStep && decided > 0;',
        'row.morePending = page.length === clearPerStep;',
      ],
      [
        'decidePending',
        'row.morePending = page.length === clearPerStep && decided > 0;',
        'row.morePending = page.length === clearPerStep && decided >= 0;',
      ],
    ],
  },
  {
    why: 'While the fileserver breaks a hold no intent goes beyond what is live.',
    mutants: [['syncHold', 'goal = live;', '']],
  },
  {
    why: 'Who has a delegation of a directory asks for nothing that would wait behind a change of its entries.',
    mutants: [
      [
        'waitsForOwner',
        "if (own !== undefined && own.state === 'active') has.push(leaseAsk(own.type, own.delegation, own.notify));",
        "if (own !== undefined && own.state === 'active') has.push(leaseAsk(own.type, own.delegation, undefined));",
      ],
    ],
  },
  {
    why: 'What is only a name has no hold: its fileserver is asked for nothing.',
    mutants: [
      [
        'standsAlone',
        "return file.exp.local || file.row.unbound === 'name' || isName(file.row);",
        "return file.exp.local || file.row.unbound === 'name';",
      ],
    ],
  },
  {
    why: 'An orphan leaves the lists of orphans instead.',
    mutants: [
      [
        'leaveLists',
        "if (row.sessionId !== '') leaveSession(step, row.sessionId, member, row.no);",
        'if (true) leaveSession(step, row.sessionId, member, row.no);',
      ],
    ],
  },
  {
    why: 'It is decided below whenever intents are left.',
    mutants: [['decidePending', 'row.morePending = false;', '']],
  },
  {
    why: 'What a fileserver has nothing of is reclaimed by nobody.',
    mutants: [
      [
        'answered',
        "if (have !== 'none' && input.cookie !== undefined) row.cookie = input.cookie;",
        'if (input.cookie !== undefined) row.cookie = input.cookie;',
      ],
    ],
  },
  {
    why: 'The next adapter has a key of its own, or none.',
    mutants: [['vacate', 'row.adapterKey = undefined;', '']],
  },
  {
    why: 'Nobody is told of the end of a lock that is nobody’s.',
    mutants: [
      [
        'endOrphansOf',
        "if (row !== undefined) end(step, { kind: dlmKind, id: member, row }, 'node_down');",
        "if (row !== undefined) end(step, { kind: dlmKind, id: member, row }, 'node_required');",
      ],
    ],
  },
  {
    why: 'In a later grace period the number of a guest shows that it was there.',
    mutants: [
      [
        'enter',
        'resumedIn: inGrace(step) && facts.isNew !== true && isEarlier ? graceNo : undefined,',
        'resumedIn: facts.isNew !== true && isEarlier ? graceNo : undefined,',
      ],
    ],
  },
  {
    why: 'Who is kept out is asked for no secret, and no secret has this digest.',
    mutants: [['keepOut', "digest: '',", "digest: '?',"]],
  },
  {
    why: 'Only while some export has a grace period is there one to look for; without the export nothing asks what is left of it.',
    mutants: [
      [
        'claim',
        "const exp = step.meta.graces === undefined ? undefined : step.rows.get('export', exportName);",
        "const exp = false ? undefined : step.rows.get('export', exportName);",
      ],
      [
        'claim',
        'const left = exp === undefined ? 0 : settleGrace(step, exp);',
        'const left = exp === undefined ? 1 : settleGrace(step, exp);',
      ],
    ],
  },
];
