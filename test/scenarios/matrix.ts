import {
  matrix as data,
  ownRefuses,
  verdict,
  type HeldLock,
  type Verdict,
  type Wanted,
} from '../../libs/locks/src/core/rules/matrix';

/**
 * Every cell of the conflict matrix as a history, generated from the data itself (core/rules/matrix.ts): A holds, B
 * asks, and the table does what the cell says. Then the same with A asking: an owner conflicts with itself only by
 * `ownRefuses`.
 */

/** Every kind that can be held, in the order of the data. A record, so that a new kind must be added. */
const kinds: { readonly [H in HeldLock]: true } = {
  leaseRead: true,
  leaseWrite: true,
  delegationRead: true,
  delegationNotified: true,
  delegationWrite: true,
  openRead: true,
  openWrite: true,
  denyRead: true,
  denyWrite: true,
  rangeRead: true,
  rangeWrite: true,
  flockRead: true,
  flockWrite: true,
};
export const heldKinds = Object.keys(kinds) as HeldLock[];
export const wantedKinds = Object.keys(data) as Wanted[];

/** A request and its outcome, as lines; `asks` is everything it asks for: a deny mode comes with an access. */
interface Way {
  asks: readonly Wanted[];
  line: string;
  granted: string;
  refused?: string;
  /** How it is shown while held, and how its holder is then named. */
  look?: string;
  blocker?: string;
  /** How it is released. */
  end?: string;
}

const open = (access: 'read' | 'write', deny?: 'read' | 'write'): Way => {
  const share = deny === undefined ? access : `${access} denying ${deny}`;
  const asks: Wanted[] = [access === 'read' ? 'openRead' : 'openWrite'];
  if (deny !== undefined) asks.push(deny === 'read' ? 'denyRead' : 'denyWrite');
  return {
    asks,
    line: `opens F ${share}`,
    granted: 'open',
    refused: 'share_denied',
    look: `share F -> ${share}`,
    blocker: `${share} open`,
    end: 'closes F',
  };
};
const lease = (asks: HeldLock, type: 'read' | 'write'): Way => ({
  asks: [asks],
  line: `${type}s F`,
  granted: `active ${type}`,
  look: `has F -> active ${type}`,
  blocker: `${type} active`,
  end: 'releases F',
});
const delegation = (asks: HeldLock, type: 'read' | 'write'): Way => ({
  asks: [asks],
  line: `wants F ${type}`,
  granted: `active ${type}`,
  look: `delegation F -> active ${type}`,
  blocker: `delegation ${type} active`,
  end: 'returns F',
});
const range = (asks: HeldLock, kind: 'posix' | 'flock', type: 'read' | 'write'): Way => {
  const bytes = kind === 'posix' ? ' 0-9' : '';
  return {
    asks: [asks],
    line: `locks F ${kind} ${type}${bytes}`,
    granted: `held ${type}${bytes}`,
    refused: 'range_conflict',
    look: `lock F -> held ${type}${bytes}`,
    blocker: `${kind} ${type} ${kind === 'posix' ? '0-9' : '0-EOF'}`,
    end: `unlocks F ${kind}${bytes}`,
  };
};
const change = (kind: Wanted, verb: string): Way => ({
  asks: [kind],
  line: `${verb} F`,
  granted: 'done',
  refused: 'share_denied',
});

/** How each kind is acquired; of two ways, the one without other conflicts is used. */
export const ways: { readonly [W in Wanted]: readonly Way[] } = {
  leaseRead: [lease('leaseRead', 'read')],
  leaseWrite: [lease('leaseWrite', 'write')],
  delegationRead: [delegation('delegationRead', 'read')],
  delegationNotified: [
    {
      ...delegation('delegationNotified', 'read'),
      line: 'wants F read notified',
      granted: 'active read notified',
      look: 'delegation F -> active read notified',
    },
  ],
  delegationWrite: [delegation('delegationWrite', 'write')],
  openRead: [open('read')],
  openWrite: [open('write')],
  denyRead: [open('read', 'read'), open('write', 'read')],
  denyWrite: [open('read', 'write'), open('write', 'write')],
  rangeRead: [range('rangeRead', 'posix', 'read')],
  rangeWrite: [range('rangeWrite', 'posix', 'write')],
  flockRead: [range('flockRead', 'flock', 'read')],
  flockWrite: [range('flockWrite', 'flock', 'write')],
  truncate: [change('truncate', 'truncates')],
  unlink: [change('unlink', 'unlinks')],
  rename: [change('rename', 'renames')],
  link: [change('link', 'links')],
  setattr: [change('setattr', 'setattrs')],
  entries: [change('entries', 'enters')],
  told: [{ ...change('told', 'enters'), line: 'enters F adding x report 60s' }],
};

const order: readonly Verdict[] = ['beside', 'breaks to read', 'breaks to none', 'refused'];
type Cell = (held: HeldLock, wanted: Wanted) => Verdict;
const ofOthers: Cell = verdict;
const ofOwn: Cell = (held, wanted) =>
  held === ownRefuses.held && wanted === ownRefuses.wanted ? 'refused' : 'beside';

/** The outcome of a combination: the strongest of its cells. */
function meeting(has: Way, asks: Way, cell: Cell): Verdict {
  const verdicts = has.asks.flatMap((held) => asks.asks.map((wanted) => cell(held as HeldLock, wanted)));
  return order[Math.max(...verdicts.map((each) => order.indexOf(each)))] ?? 'beside';
}

/** The combinations that this cell alone decides or, if there are none, those where other cells agree with it. */
function pick(held: HeldLock, wanted: Wanted, cell: Cell): { has: Way; asks: Way; comes: Verdict } {
  const pairs = ways[held].flatMap((has) => ways[wanted].map((asks) => ({ has, asks })));
  const alone = ({ has, asks }: { has: Way; asks: Way }): boolean =>
    has.asks.every((h) =>
      asks.asks.every((w) => (h === held && w === wanted) || cell(h as HeldLock, w) === 'beside'),
    );
  const same = (pair: { has: Way; asks: Way }): boolean =>
    meeting(pair.has, pair.asks, cell) === cell(held, wanted);
  const found = pairs.find(alone) ?? pairs.find(same) ?? pairs[0];
  if (found === undefined) throw new Error(`no way to ${held} and ${wanted}`);
  return { ...found, comes: meeting(found.has, found.asks, cell) };
}

const isLease = (kind: Wanted): boolean => /^(lease|delegation)/.test(kind);
const isDelegation = (kind: Wanted): boolean => kind.startsWith('delegation');
const isChange = (kind: Wanted): boolean => !Object.hasOwn(kinds, kind);

/** Another's request against a hold. */
function cellLines(held: HeldLock, wanted: Wanted): string[] {
  const { has, asks, comes } = pick(held, wanted, ofOthers);
  const before = `A ${has.line} -> ${has.granted}`;
  const still = `A ${has.look ?? ''}`;
  if (comes === 'beside') {
    const announced = held === 'delegationNotified' && wanted === 'told' ? ', announced' : '';
    return [before, `B ${asks.line} -> ${asks.granted}${announced}`, still];
  }
  if (comes === 'refused') {
    // A want for a delegation is never an error, and does not wait.
    if (isDelegation(wanted)) {
      const later = `B ${asks.line} -> ${asks.granted}`;
      return [before, `B ${asks.line} -> none CONTENTION`, still, `A ${has.end ?? ''}`, later];
    }
    const conflict = isLease(held) ? 'lease_conflict' : 'open_conflict';
    return [
      before,
      `B ${asks.line} -> no ${asks.refused ?? conflict}`,
      `blockers -> A ${has.blocker ?? ''}`,
      still,
      `B ${asks.line} wait 60s`,
      `B why F -> ${asks.refused ?? conflict}, 0 ahead: A ${has.blocker ?? ''}`,
      `A ${has.end ?? ''}`,
      asks.look === undefined ? 'B cancels F -> over' : `B ${asks.look}`,
    ];
  }
  const target = comes === 'breaks to none' ? 'none' : 'read';
  const type = /Write$/.test(held) ? 'write' : 'read';
  const look = isDelegation(held) ? 'delegation' : 'has';
  const answer = isDelegation(held) ? `returns F ${target}` : `acknowledges F ${target}`;
  const left = target === 'none' ? 'released' : 'active read';
  return [
    before,
    `B ${asks.line} -> no break_started`,
    `blockers -> A ${isDelegation(held) ? 'delegation ' : ''}${type} breaking`,
    `A ${look} F -> breaking ${type} to ${target}`,
    `B ${asks.line} wait 60s -> waiting`,
    `A ${answer} -> ${left}`,
    isChange(wanted) ? 'B cancels F -> over' : `B ${asks.look ?? ''}`,
    `A ${look} F -> ${left}`,
  ];
}

/** These kinds are one lease, which is converted; a session has either leases on a file or a delegation. */
const ownLeases: { readonly [held: string]: { readonly [wanted: string]: string } } = {
  leaseRead: {
    leaseRead: 'active read',
    leaseWrite: 'active write',
    delegationRead: 'none CONTENTION',
    delegationNotified: 'none CONTENTION',
    delegationWrite: 'none CONTENTION',
  },
  leaseWrite: {
    leaseRead: 'active read',
    leaseWrite: 'active write',
    delegationRead: 'none CONTENTION',
    delegationNotified: 'none CONTENTION',
    delegationWrite: 'none CONTENTION',
  },
  delegationRead: {
    leaseRead: 'no owner_has_lease',
    leaseWrite: 'no owner_has_lease',
    delegationRead: 'active read',
    delegationNotified: 'active read',
    delegationWrite: 'active write',
  },
  delegationNotified: {
    leaseRead: 'no owner_has_lease',
    leaseWrite: 'no owner_has_lease',
    delegationRead: 'active read notified',
    delegationNotified: 'active read notified',
    delegationWrite: 'active write',
  },
  delegationWrite: {
    leaseRead: 'no owner_has_lease',
    leaseWrite: 'no owner_has_lease',
    delegationRead: 'none NOT_SUPP_DOWNGRADE',
    delegationNotified: 'none NOT_SUPP_DOWNGRADE',
    delegationWrite: 'active write',
  },
};

/** An owner's request against its own hold. */
function ownLines(held: HeldLock, wanted: Wanted): string[] {
  const { has, asks, comes } = pick(held, wanted, ofOwn);
  const before = `A ${has.line} -> ${has.granted}`;
  const leases = ownLeases[held]?.[wanted];
  if (leases !== undefined) return [before, `A ${asks.line} -> ${leases}`];
  if (comes === 'refused') return [before, `A ${asks.line} -> no open_conflict`];
  // A second open is separate; a second range lock merges with the first, or replaces it.
  const second = asks.line.replace(/^opens F/, 'opens F@2');
  const still = /^(range|flock)/.test(held) ? [] : [`A ${has.look ?? ''}`];
  return [before, `A ${second} -> ${asks.granted}`, ...still];
}

/** Every cell on a separate file, named after the hold there. */
function history(wanted: Wanted, lines: (held: HeldLock, wanted: Wanted) => string[]): string {
  const cells = heldKinds.flatMap((held) => [
    `# ${held}`,
    ...lines(held, wanted).map((line) => line.replace(/\bF\b/g, held)),
  ]);
  return [
    'limits sessionDelegationsMax 100 exportDelegationsMax 100',
    'export local directories',
    'formats',
    'session A',
    'session B',
    ...cells,
  ].join('\n');
}

export const matrix: Record<string, string> = {};
for (const wanted of wantedKinds) {
  matrix[`${wanted}, asked by another`] = history(wanted, cellLines);
  matrix[`${wanted}, asked by the holder itself`] = history(wanted, ownLines);
}
