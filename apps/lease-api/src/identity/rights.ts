/** What callers may do, as data. docs/rights.md is printed from here and from what every route and method needs. */

interface Described {
  /** What the pattern of a right names; absent: the right has no pattern. */
  readonly of?: 'export' | 'node';
  readonly says: string;
  /** What is done by this right is audited (docs/audit.md). */
  readonly audited?: true;
}

export const actions = {
  session: { says: 'Open sessions, keep them alive, read and end them, and receive their events.' },
  'lease:read': {
    of: 'export',
    says: 'Take read leases, read delegations, opens and range locks for reading, locks in the modes NL, CR and PR; read attributes.',
  },
  'lease:write': { of: 'export', says: 'The same for writing. Includes `lease:read`.' },
  change: { of: 'export', says: 'Announce changes: rename, unlink, truncate and the like.' },
  fence: { of: 'export', says: 'Read and check fencing tokens, as storage servers do.' },
  'tree:read': { says: 'Read which stacks, exports, regions and nodes exist, and their state.' },
  'tree:dependents': {
    says: 'Read who depends on an item of the configuration: sessions and files.',
    audited: true,
  },
  'tree:write': {
    says: 'Change the configuration, hang up exports, stop adapters, pin for items; see where adapters listen.',
    audited: true,
  },
  'locks:admin': {
    says: 'See the locks and sessions of everybody; break leases, release locks and end sessions by force.',
    audited: true,
  },
  'node:beat': { of: 'node', says: 'Send the heartbeats of a node.' },
  'adapter:serve': { of: 'export', says: 'Register an adapter for an export and speak for it.' },
  nfs: { of: 'export', says: 'Act as an NFS server: sessions, opens, locks and delegations of its clients.' },
  metrics: { says: 'Read the metrics.' },
} as const satisfies Record<string, Described>;
export type Action = keyof typeof actions;

const described: Record<string, Described> = actions;
/** Whether acts by this right are audited, and not only their refusal. */
export const isAudited = (action: Action): boolean => described[action]?.audited === true;
const isAction = (text: string): text is Action => Object.hasOwn(actions, text);
const names = Object.keys(actions) as Action[];

/** Rights that come with another one. */
const included: Partial<Record<Action, Action>> = { 'lease:write': 'lease:read' };

/** The names that a pattern admits: one name, a prefix followed by `*`, or all (`*`). */
const pattern = /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,63}\*?|\*)$/;

/** What one caller may do. Immutable; whatever was not granted is denied. */
export class Rights {
  static readonly all = Rights.parse(['*']);

  private constructor(
    /** For each action, the patterns granted; `true`: whatever the name. */
    private readonly granted: Readonly<Partial<Record<Action, true | readonly string[]>>>,
  ) {}

  /**
   * Reads rights such as `lease:write:proj-*`, `locks:admin` or `*`, which is every right.
   * @throws Error that names the wrong right
   */
  static parse(texts: readonly string[]): Rights {
    const granted: Partial<Record<Action, true | string[]>> = {};
    const grant = (action: Action, name: string | undefined): void => {
      const before = granted[action];
      if (name === undefined || name === '*') granted[action] = true;
      else if (before !== true) granted[action] = [...(before ?? []), name];
      const more = included[action];
      if (more !== undefined) grant(more, name);
    };
    for (const text of texts)
      if (text === '*') for (const action of names) grant(action, undefined);
      else {
        const { action, name } = read(text);
        grant(action, name);
      }
    return new Rights(granted);
  }

  /** Whether the action is allowed for every export or node. */
  everywhere(action: Action): boolean {
    return this.granted[action] === true;
  }

  /** Whether the action is allowed for some export or node. */
  anywhere(action: Action): boolean {
    return this.granted[action] !== undefined;
  }

  /** Whether the action is allowed for the export or node of this name. */
  allows(action: Action, name: string): boolean {
    const given = this.granted[action];
    if (given === true || given === undefined) return given === true;
    return given.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each));
  }

  /** These rights and others. */
  and({ granted }: Rights): Rights {
    const both: Partial<Record<Action, true | readonly string[]>> = { ...this.granted };
    for (const action of names) {
      const [ours, theirs] = [both[action], granted[action]];
      if (ours === undefined || theirs === true) both[action] = theirs;
      else if (ours !== true && theirs !== undefined) both[action] = [...ours, ...theirs];
    }
    return new Rights(both);
  }
}

function read(text: string): { action: Action; name?: string } {
  if (isAction(text)) {
    const { of } = described[text] ?? {};
    if (of !== undefined)
      throw new Error(`the right ${text} needs the name of the ${of}: ${text}:NAME or ${text}:*`);
    return { action: text };
  }
  const at = text.lastIndexOf(':');
  const [action, name] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || !isAction(action)) throw new Error(`there is no right ${text}; docs/rights.md lists them`);
  if (described[action]?.of === undefined) throw new Error(`the right ${action} has no name after it`);
  if (!pattern.test(name)) throw new Error(`the right ${text} must end with a name, a name and *, or *`);
  return { action, name };
}

/** How a need is written: `lease:write:EXPORT`. */
export function spelled(action: Action, name?: string): string {
  const { of } = described[action] ?? {};
  return of === undefined ? action : `${action}:${name ?? of.toUpperCase()}`;
}
