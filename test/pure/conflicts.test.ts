import fc from 'fast-check';
import type { FileRow, LeaseRow, ShareRow } from '../../libs/locks/src/core/rows';
import { isAsked, isTaken } from '../../libs/locks/src/core/rules/break';
import {
  clashOf,
  fenceBlocks,
  holdBlocks,
  leaseAsk,
  leaseRefusal,
  liveType,
  openAsks,
  stronger,
  voidsPending,
  wantedHold,
  weaker,
} from '../../libs/locks/src/core/rules/conflict';
import { countLease, countShare, enterFile } from '../../libs/locks/src/core/rules/file';
import { newLease } from '../../libs/locks/src/core/rules/grant';
import { type HeldLock, verdict, type Wanted } from '../../libs/locks/src/core/rules/matrix';
import { wouldRefuse } from '../../libs/locks/src/core/rules/way';
import { beginStep, type Step } from '../../libs/locks/src/core/step';
import { PlainRows } from '../support/plain-rows';
import { quickly as expect } from '../support/quickly';

/**
 * The rules decide by counters. Here everything on a file is listed one by one, and each request is compared with each
 * entry by the matrix.
 */
interface Held {
  owner: number;
  type: 'read' | 'write';
  delegation: boolean;
  /** The level that it asks of the fileserver; without `live` it has none yet. */
  pending?: 'read' | 'write';
  live: boolean;
}
interface Opened {
  owner: number;
  access: 'read' | 'write' | 'both';
  deny: 'none' | 'read' | 'write' | 'both';
}
interface World {
  leases: Held[];
  opens: Opened[];
  fence: boolean;
  predecessor: boolean;
  breaking: 'none' | 'read' | undefined;
  breakers: number;
  delayed: number;
  mayHave: 'none' | 'read' | 'write';
}

const now = 1000;
const types = ['none', 'read', 'write'] as const;
const accesses = ['read', 'write', 'both'] as const;
const denials = ['none', 'read', 'write', 'both'] as const;
const changes = ['truncate', 'unlink', 'rename', 'link', 'setattr', 'entries'] as const;
/** All requests that may break leases. */
const requests: Wanted[][] = [
  ...accesses.flatMap((access) => denials.map((deny) => openAsks(access, deny))),
  ...changes.map((change) => [change]),
];

const lease = fc.record({
  type: fc.constantFrom('read', 'write'),
  delegation: fc.boolean(),
  live: fc.boolean(),
  pending: fc.constantFrom(undefined, 'read', 'write'),
});
const worlds: fc.Arbitrary<World> = fc.record({
  leases: fc
    .array(lease, { maxLength: 3 })
    .map((list) => sensible(list.map((each, owner) => ({ ...each, owner })))),
  opens: fc.array(
    fc.record({ owner: fc.nat(3), access: fc.constantFrom(...accesses), deny: fc.constantFrom(...denials) }),
    { maxLength: 2 },
  ),
  fence: fc.boolean(),
  predecessor: fc.boolean(),
  breaking: fc.constantFrom(undefined, undefined, 'none', 'read'),
  breakers: fc.constantFrom(0, 0, 0, 1),
  delayed: fc.constantFrom(0, now, now + 1),
  mayHave: fc.constantFrom(...types),
});

/**
 * A live write lease is the only live lease, a pending one the only pending one; a live lease is pending only for
 * more.
 */
function sensible(leases: Held[]): Held[] {
  const found: Held[] = [];
  for (const each of leases) {
    const live =
      each.live && !found.some((other) => other.live && (other.type === 'write' || each.type === 'write'));
    const upgrade = live ? each.type === 'read' && each.pending === 'write' : true;
    const pending = upgrade ? each.pending : undefined;
    const alone = !found.some((other) => other.pending === 'write' || (pending === 'write' && other.pending));
    found.push({ ...each, live, pending: alone ? pending : undefined });
  }
  return found.filter(({ live, pending }) => live || pending !== undefined);
}

const nameOf = (owner: number): string => `owner ${String(owner)}`;
const shareOf = (): ShareRow => ({ opens: 0, readOpens: 0, writeOpens: 0, denyReads: 0, denyWrites: 0 });

const ref = { fileKey: 'f', exportName: 'local', path: 'f', fileId: 'f', inode: '' };
/** A file without any rows, created once. */
let nothing: { step: Step; row: FileRow } | undefined;
function unused(): { step: Step; row: FileRow } {
  const rows = new PlainRows({ now });
  rows.play('exportDeclare', { name: 'local', breakMs: 1, lockDelayMs: 0 });
  const exp = rows.look('export', 'local');
  if (exp === undefined) throw new Error('no export');
  const step = beginStep(rows, 0);
  return { step, row: enterFile(step, ref, exp).row };
}

/** The same as rows and counters. */
function rowsOf(world: World) {
  nothing ??= unused();
  const file: FileRow = { ...nothing.row };
  const leases = new Map<number, LeaseRow>();
  for (const { owner, type, delegation, pending, live } of world.leases) {
    const [id, who] = [nameOf(owner), { owner: 'o', ownerKey: nameOf(owner), clientKey: 'c' }];
    const row = newLease({ ...ref, ...who }, 's', 1, true);
    Object.assign(row, { delegation, state: live ? 'active' : 'pending', type: live ? type : 'none' });
    if (live) countLease(nothing.step, file, id, row, 1);
    row.pendingType = pending;
    if (pending === 'write') file.pendingWriter = id;
    if (pending === 'read') file.pendingReads += 1;
    leases.set(owner, row);
  }
  const shares = [0, 1, 2, 3].map(shareOf);
  for (const { owner, access, deny } of world.opens) {
    countShare(file, access, deny, 1);
    countShare(shares[owner] ?? shareOf(), access, deny, 1);
  }
  file.fence = world.fence;
  file.predecessor = world.predecessor ? 'i0' : undefined;
  file.breakers = world.breakers;
  file.lockDelayUntil = world.delayed;
  file.mayHave = world.mayHave;
  if (world.breaking !== undefined)
    file.breaking = {
      ...{ breakId: 'b', upTo: 9, target: world.breaking, deadline: 0, cause: 'open' },
      ...{ enforced: 0, lateDeadline: 0, delegations: false },
    };
  return { file, shares, leases };
}

const holdsOf = ({ leases }: World, but: number): { held: HeldLock; delegation: boolean }[] =>
  leases.flatMap(({ owner, type, delegation, live }) =>
    live && owner !== but ? { held: leaseAsk(type, delegation, false), delegation } : [],
  );
const pendingOf = ({ leases }: World, but: number): ('read' | 'write')[] =>
  leases.flatMap(({ owner, pending }) => (owner !== but && pending !== undefined ? [pending] : []));
const deniedBy = ({ opens }: World, but: number): HeldLock[] =>
  opens.flatMap(({ owner, access, deny }) => (owner === but ? [] : (openAsks(access, deny) as HeldLock[])));

/** The strongest lease that may remain beside this request. */
function staying(asks: readonly Wanted[]): (typeof types)[number] {
  const verdicts = asks.flatMap((wanted) => [verdict('leaseWrite', wanted), verdict('leaseRead', wanted)]);
  if (verdicts.includes('breaks to none')) return 'none';
  return verdicts.includes('breaks to read') ? 'read' : 'write';
}
const rankOf = (type: (typeof types)[number]): number => types.indexOf(type);

const always = { numRuns: 150, seed: 11, endOnFailure: true };
/** The requester has leases there, or (3) opens at most. */
const askers = [0, 1, 2, 3];

test('a lease is refused by leases of others, held or pending, then by their opens, then by breaks and waits in progress', () => {
  const expected = (world: World, owner: number, wanted: ReturnType<typeof leaseAsk>) => {
    const pending = pendingOf(world, owner).map((type) => leaseAsk(type, false, false));
    const leases = [...holdsOf(world, owner).map(({ held }) => held), ...pending];
    if (leases.some((held) => verdict(held, wanted) === 'refused')) return 'lease_conflict';
    const ownWrites = world.opens.some((open) => open.owner === owner && open.access !== 'read');
    if (deniedBy(world, owner).some((held) => verdict(held, wanted) === 'refused')) return 'open_conflict';
    if (wanted === 'leaseRead' && ownWrites) return 'open_conflict';
    if (world.fence) return 'fencing';
    if (world.breaking === 'none') return 'break_started';
    if (world.breakers > 0) return 'breaker_queued';
    return world.delayed > now ? 'lock_delay' : undefined;
  };
  fc.assert(
    fc.property(worlds, (world) => {
      const { file, shares, leases } = rowsOf(world);
      for (const owner of askers) {
        const own = leases.get(owner);
        // A holder with a pending ask does not ask again.
        if (own?.pendingType === 'read') continue;
        for (const type of ['read', 'write'] as const)
          for (const delegation of [false, true]) {
            const wanted = leaseAsk(type, delegation, false);
            const share = shares[owner] ?? shareOf();
            expect(leaseRefusal(file, share, nameOf(owner), own, wanted, now)).toBe(
              expected(world, owner, wanted),
            );
          }
      }
    }),
    always,
  );
});

test('an open or a change is refused by opens of others, or breaks their leases as far as its strictest part needs', () => {
  fc.assert(
    fc.property(worlds, fc.constantFrom(...requests), (world, asks) => {
      const { file, shares, leases } = rowsOf(world);
      for (const owner of askers) {
        const refused = deniedBy(world, owner).some((held) =>
          asks.some((wanted) => verdict(held, wanted) === 'refused'),
        );
        const broken = holdsOf(world, owner).flatMap(({ held, delegation }) =>
          asks.map((wanted) => ({ what: verdict(held, wanted), delegation })),
        );
        const to = (what: string) => broken.filter((each) => each.what === what);
        const [none, read] = [to('breaks to none'), to('breaks to read')];
        const target = none.length > 0 ? 'none' : read.length > 0 ? 'read' : undefined;
        const delegations = [...none, ...read].every(({ delegation }) => delegation);
        const found = clashOf(file, shares[owner] ?? shareOf(), leases.get(owner), asks);
        expect({ target: undefined, ...found }).toEqual({ refused, target, delegations });
      }
    }),
    always,
  );
});

test('a break cancels pending grants above its target, and waits for holds above it at the fileserver', () => {
  fc.assert(
    fc.property(worlds, fc.constantFrom(...requests), (world, asks) => {
      const { file, leases } = rowsOf(world);
      const stays = rankOf(staying(asks));
      for (const owner of askers)
        expect(voidsPending(file, leases.get(owner), asks)).toBe(
          pendingOf(world, owner).some((type) => rankOf(type) > stays),
        );
      const all: (typeof types)[number][] = world.leases.flatMap(
        ({ live, type, pending = 'none' as const }) => [live ? type : 'none', pending],
      );
      const wants = Math.max(0, ...all.map(rankOf));
      expect(wantedHold(file)).toBe(types[wants]);
      expect(holdBlocks(file, asks)).toBe(rankOf(world.mayHave) > Math.max(wants, stays));
      const blocks = stays === 0 || (stays === 1 && world.predecessor);
      expect(fenceBlocks(file, asks)).toBe(world.fence && blocks);
    }),
    always,
  );
});

test('levels are ordered by strength, and a live lease counts at its strongest', () => {
  for (const a of types)
    for (const b of types) {
      expect(stronger(a, b)).toBe(types[Math.max(rankOf(a), rankOf(b))]);
      expect(weaker(a, b)).toBe(types[Math.min(rankOf(a), rankOf(b))]);
    }
  fc.assert(
    fc.property(worlds, (world) => {
      const live = world.leases.filter((each) => each.live).map(({ type }) => rankOf(type));
      expect(liveType(rowsOf(world).file)).toBe(types[Math.max(0, ...live)]);
    }),
    always,
  );
});

test('a later request conflicts with what an earlier one will hold; a change will hold nothing', () => {
  for (const earlier of requests)
    for (const later of requests) {
      const holds = earlier.filter(
        (each): each is HeldLock => !(changes as readonly string[]).includes(each),
      );
      const refused = holds.some((held) => later.some((wanted) => verdict(held, wanted) === 'refused'));
      expect(wouldRefuse(earlier, later)).toBe(refused);
    }
});

test('a break or a revocation is announced to the holders it affects, granted before it and not spared', () => {
  for (const grantNo of [4, 5, 6])
    for (const type of types)
      for (const delegation of [false, true])
        for (const delegations of [undefined, true])
          for (const ownerKey of ['a', 'b']) {
            const held = { grantNo, type, delegation, ownerKey };
            const concerned = grantNo <= 5 && (delegation || delegations === undefined);
            expect(isTaken({ upTo: 5, delegations }, held)).toBe(concerned);
            expect(isTaken({ upTo: 5, delegations, survivor: 'a' }, held)).toBe(
              concerned && ownerKey === 'b',
            );
            for (const target of ['none', 'read'] as const) {
              const asked = { upTo: 5, target, delegations };
              const above = concerned && rankOf(type) > rankOf(target);
              expect(isAsked(asked, held)).toBe(above);
              expect(isAsked({ ...asked, exempt: 'a' }, held)).toBe(above && ownerKey === 'b');
              expect(isAsked({ ...asked, only: 'a' }, held)).toBe(above && ownerKey === 'a');
              expect(isAsked({ ...asked, exempt: 'b', only: 'a' }, held)).toBe(above && ownerKey === 'a');
            }
          }
});
