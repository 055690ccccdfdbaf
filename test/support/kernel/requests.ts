import fc from 'fast-check';

/**
 * Random histories of processes' requests on files, and what each instruction means at its moment. Requests name
 * processes, descriptors and files by number, so that the kernel and the table can be asked the same thing.
 */
export type Access = 'read' | 'write' | 'both';
export type LockKind = 'posix' | 'ofd' | 'flock';
export type LockType = 'read' | 'write' | 'none';

/** The last possible byte: a lock up to here reaches to the end of the file, wherever that is. */
export const endOfFile = 2n ** 63n - 1n;

/** An open descriptor. Descriptors made by dup share their description, and its locks. */
export interface Descriptor {
  fd: number;
  actor: number;
  file: number;
  description: number;
  access: Access;
}
export interface Range {
  start: bigint;
  /** Inclusive. */
  end: bigint;
}
export type Request =
  | { do: 'open'; on: Descriptor; wait?: number }
  /** By name: it needs no descriptor, and counts as a writer for leases. */
  | { do: 'truncate'; on: Descriptor; wait: number }
  /** `last`: no other descriptor shares the description. */
  | { do: 'close'; on: Descriptor; last: boolean }
  | { do: 'dup'; on: Descriptor; from: Descriptor }
  | { do: 'lock'; on: Descriptor; kind: LockKind; type: LockType; range: Range; wait?: number }
  | { do: 'test'; on: Descriptor; kind: 'posix' | 'ofd'; type: 'read' | 'write'; range: Range }
  | { do: 'cancel'; wait: number; of: Request }
  | { do: 'lease'; on: Descriptor; type: LockType }
  | { do: 'leaseGet'; on: Descriptor };

export interface Blocker extends Range {
  type: LockType;
  /** Actor, or undefined for a lock that no process owns. */
  actor?: number;
}
/** The answer: `ok`, `waiting` or the name of the error; a test's first blocker; the type of a lease. */
export interface Outcome {
  result: string;
  blocker?: Blocker;
  lease?: LockType;
}

export interface Instruction {
  do:
    | 'open'
    | 'waitOpen'
    | 'truncate'
    | 'close'
    | 'dup'
    | 'lock'
    | 'waitLock'
    | 'unlock'
    | 'test'
    | 'cancel'
    | 'lease'
    | 'leaseGet';
  /** Who or which descriptor. */
  who: number;
  file: number;
  kind: LockKind;
  type: 'read' | 'write';
  access: Access;
  from: number;
  to: number;
}

/** How often each occurs: a history favours one kind of request, so that rare combinations occur often. */
const tempers: Record<'locks' | 'waits' | 'leases' | 'all', Partial<Record<Instruction['do'], number>>> = {
  waits: { open: 2, close: 1, lock: 6, waitLock: 16, unlock: 4, cancel: 1 },
  locks: { open: 6, close: 2, dup: 1, lock: 12, waitLock: 9, unlock: 6, test: 4, cancel: 1 },
  leases: { open: 8, waitOpen: 4, truncate: 1, close: 5, dup: 1, lease: 12, leaseGet: 2, cancel: 1 },
  all: {
    open: 6,
    waitOpen: 1,
    close: 2,
    dup: 1,
    lock: 8,
    waitLock: 5,
    unlock: 4,
    test: 2,
    cancel: 1,
    lease: 4,
    leaseGet: 1,
  },
};

const oneOf = <T>(weights: readonly (readonly [T, number])[]): fc.Arbitrary<T> =>
  fc.oneof(...weights.map(([value, weight]) => ({ arbitrary: fc.constant(value), weight })));

const instruction = (temper: keyof typeof tempers, window: Window): fc.Arbitrary<Instruction> =>
  fc.record({
    do: oneOf(Object.entries(tempers[temper]) as [Instruction['do'], number][]),
    who: fc.nat(11),
    file: oneOf([
      [0, 4],
      [1, temper === 'waits' ? 4 : 1],
    ]),
    kind: oneOf<LockKind>([
      ['posix', 5],
      ['ofd', 3],
      ['flock', 2],
    ]),
    type: oneOf<'read' | 'write'>([
      ['read', 1],
      ['write', 1],
    ]),
    access: oneOf<Access>([
      ['read', temper === 'leases' ? 8 : 1],
      ['write', 1],
      ['both', temper === 'leases' ? 1 : 4],
    ]),
    from: fc.integer(window),
    to: fc.integer(window),
  });

/** Neighbours, so that locks touch, overlap and split: at the start, at numeric limits, and at the end. */
const neighbours = (first: bigint): bigint[] => Array.from({ length: 9 }, (_, n) => first + BigInt(n));
const far = [2n ** 31n, 2n ** 53n, 2n ** 62n, endOfFile - 1n, endOfFile];
const offsets = [...neighbours(0n), ...far, ...neighbours(2n ** 32n - 4n), ...neighbours(endOfFile - 8n)];
/** A history uses one of these subsets. */
const windows = [
  { min: 0, max: 13 },
  { min: 0, max: 3 },
  { min: 14, max: 22 },
  { min: 23, max: 31 },
];
type Window = (typeof windows)[number];

/** An example or a prelude overrides some of this. */
export const instruct = (what: Instruction['do'], said: Partial<Instruction>): Instruction => ({
  do: what,
  who: 0,
  file: 0,
  kind: 'posix',
  type: 'write',
  access: 'both',
  from: 0,
  to: 0,
  ...said,
});

/** Some histories begin with a descriptor in every process, so that not all must open one first. */
const preludes: Instruction[][] = [
  [],
  Array.from({ length: 4 }, (_, who) => instruct('open', { who })),
  Array.from({ length: 3 }, (_, who) => instruct('open', { who, access: 'read' })),
  Array.from({ length: 6 }, (_, n) => instruct('open', { who: n % 3, file: n < 3 ? 0 : 1 })),
];

export const histories = (maxLength: number): fc.Arbitrary<Instruction[]> =>
  fc
    .tuple(
      fc.constantFrom(...preludes),
      fc.oneof(
        ...(['locks', 'locks', 'waits', 'leases', 'all'] as const).flatMap((temper) =>
          windows.map((window) => fc.array(instruction(temper, window), { maxLength, size: 'max' })),
        ),
      ),
    )
    .map(([prelude, rest]) => [...prelude, ...rest]);

export const actorsMax = 3;
export const filesMax = 2;
const descriptorsMax = 7;
export const waitsMax = 12;

const at = <T>(list: readonly T[], index: number): T | undefined =>
  list.length === 0 ? undefined : list[index % list.length];

const writes = (access: Access): boolean => access !== 'read';
const reads = (access: Access): boolean => access !== 'write';

/** The open descriptors and the waits: the part of the state from which requests are generated. */
export class World {
  readonly descriptors: Descriptor[] = [];
  /** Requests that were answered `waiting`, by number. */
  readonly waits = new Map<number, Request>();
  private count = 0;

  /** What an instruction asks for now, or undefined if it has no meaning. */
  request(instruction: Instruction): Request | undefined {
    const { who, file, kind, type } = instruction;
    if (this.waits.size >= waitsMax && ['waitOpen', 'waitLock', 'truncate'].includes(instruction.do))
      return undefined;
    const on = at(this.descriptors, who);
    const low = offsets[Math.min(instruction.from, instruction.to)] ?? 0n;
    const high = offsets[Math.max(instruction.from, instruction.to)] ?? 0n;
    const range = kind === 'flock' ? { start: 0n, end: endOfFile } : { start: low, end: high };
    switch (instruction.do) {
      case 'open':
      case 'waitOpen': {
        if (this.descriptors.length + this.waitingOpens() >= descriptorsMax) return undefined;
        const fd = ++this.count;
        const made = { fd, actor: who % actorsMax, file, description: fd, access: instruction.access };
        return { do: 'open', on: made, wait: instruction.do === 'waitOpen' ? ++this.count : undefined };
      }
      case 'truncate': {
        const wait = ++this.count;
        const made = { fd: 0, actor: who % actorsMax, file, description: wait, access: 'write' } as const;
        return { do: 'truncate', on: made, wait };
      }
      case 'close':
        if (on === undefined || this.isWaitedOn(on)) return undefined;
        return { do: 'close', on, last: this.isLast(on) };
      case 'dup':
        if (on === undefined || this.descriptors.length + this.waitingOpens() >= descriptorsMax)
          return undefined;
        return { do: 'dup', on: { ...on, fd: ++this.count }, from: on };
      case 'lock':
      case 'waitLock': {
        if (on === undefined || !mayLock(on, kind, type)) return undefined;
        if (instruction.do === 'lock') return { do: 'lock', on, kind, type, range };
        // The grant order of two waits of one owner would depend on how two threads are scheduled.
        if ([...this.waits.values()].some((each) => sameOwner(each, on, kind))) return undefined;
        return { do: 'lock', on, kind, type, range, wait: ++this.count };
      }
      case 'unlock':
        return on && { do: 'lock', on, kind, type: 'none', range };
      case 'test':
        if (on === undefined || kind === 'flock') return undefined;
        return { do: 'test', on, kind, type, range };
      case 'cancel': {
        const [wait, of] = at([...this.waits], who) ?? [];
        return wait === undefined || of === undefined ? undefined : { do: 'cancel', wait, of };
      }
      case 'lease':
        return on && { do: 'lease', on, type: instruction.to % 3 === 0 ? 'none' : type };
      case 'leaseGet':
        return on && { do: 'leaseGet', on };
    }
  }

  /** The changes made by a granted request. */
  done(request: Request): void {
    if (request.do === 'open' || request.do === 'dup') this.descriptors.push(request.on);
    else if (request.do === 'close') this.descriptors.splice(this.descriptors.indexOf(request.on), 1);
  }

  /** Whether no other descriptor shares the description. */
  private isLast(on: Descriptor): boolean {
    return !this.descriptors.some((each) => each !== on && each.description === on.description);
  }

  private waitingOpens(): number {
    return [...this.waits.values()].filter((each) => each.do === 'open').length;
  }

  /** A descriptor that a thread waits on stays open: its locks would outlive its close until the wait ends. */
  private isWaitedOn(on: Descriptor): boolean {
    return [...this.waits.values()].some(
      (each) => each.do === 'lock' && each.on.description === on.description,
    );
  }
}

const mayLock = (on: Descriptor, kind: LockKind, type: 'read' | 'write'): boolean =>
  kind === 'flock' || (type === 'read' ? reads(on.access) : writes(on.access));

/** POSIX locks belong to the process, the others to the open file description. */
export function sameOwner(waiting: Request, on: Descriptor, kind: LockKind): boolean {
  if (waiting.do !== 'lock' || waiting.kind !== kind || waiting.on.file !== on.file) return false;
  return kind === 'posix' ? waiting.on.actor === on.actor : waiting.on.description === on.description;
}
