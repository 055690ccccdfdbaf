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
      ['sparedBehind', 'if (file.row.waiting === 0) return undefined;', 'if (false) return undefined;'],
      ['aheadOf', 'if (file.row.waiting === 0) return undefined;', 'if (false) return undefined;'],
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
      ['stronger', 'return rank(a) >= rank(b) ? a : b;', 'return rank(a) > rank(b) ? a : b;'],
      ['weaker', 'return rank(a) <= rank(b) ? a : b;', 'return rank(a) < rank(b) ? a : b;'],
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
        'if (waiter.row.waitNo !== 0 && entry.score >= waiter.row.waitNo) continue;',
        'if (waiter.row.waitNo !== 0 && entry.score > waiter.row.waitNo) continue;',
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
    why: 'An offer that brings no lease always says why.',
    mutants: [
      [
        'delegationWant',
        "return { pending: false, whyNot: whyNot ?? 'CONTENTION', willSignal };",
        "return { pending: false, whyNot: whyNot ?? 'RESOURCE', willSignal };",
      ],
    ],
  },
  {
    why: 'It spares work: a file that is settled stays as it is, a queue or tree that is empty shows nobody, and of many the first is the first.',
    mutants: [
      [
        'refresh',
        'if (file !== undefined && file.row.breaking !== undefined) settleFile(step, file);',
        'if (file !== undefined) settleFile(step, file);',
      ],
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
];
