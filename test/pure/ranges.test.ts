import fc from 'fast-check';
import { Bench, fileOf, ownerOf } from '../support/rules-bench';

/** The range locks of a file by their plain definition, byte by byte as it were: what the tree of the rules must equal. */
interface Lock {
  owner: string;
  type: 'read' | 'write';
  from: bigint;
  to: bigint;
}

const end = 2n ** 63n - 1n;
const word = 2n ** 32n;

class Model {
  locks: Lock[] = [];

  inTheWay(owner: string, type: string, from: bigint, to: bigint): Lock[] {
    return this.locks.filter(
      (lock) =>
        lock.owner !== owner &&
        lock.from <= to &&
        lock.to >= from &&
        (type === 'write' || lock.type === 'write'),
    );
  }

  unlock(owner: string, from: bigint, to: bigint): boolean {
    const hit = this.locks.some((lock) => lock.owner === owner && lock.from <= to && lock.to >= from);
    this.locks = this.locks.flatMap((lock) => {
      if (lock.owner !== owner || lock.from > to || lock.to < from) return [lock];
      const before = { ...lock, to: from - 1n };
      const after = { ...lock, from: to + 1n };
      return [...(lock.from < from ? [before] : []), ...(lock.to > to ? [after] : [])];
    });
    return hit;
  }

  lock(owner: string, type: 'read' | 'write', from: bigint, to: bigint): Lock {
    this.unlock(owner, from, to);
    const lock = { owner, type, from, to };
    const near = (other: Lock): boolean =>
      other.owner === owner &&
      other.type === type &&
      (other.to === lock.from - 1n || other.from === lock.to + 1n);
    for (const other of this.locks.filter(near)) {
      if (other.from < lock.from) lock.from = other.from;
      if (other.to > lock.to) lock.to = other.to;
      this.locks = this.locks.filter((each) => each !== other);
    }
    this.locks.push(lock);
    return lock;
  }

  text(): string[] {
    return this.locks
      .map(({ owner, type, from, to }) => `${owner} ${type} ${String(from)}-${String(to)}`)
      .sort();
  }
}

const split = (n: bigint): [number, number] => [Number(n / word), Number(n % word)];
const joined = (hi = 0, lo = 0): bigint => BigInt(hi) * word + BigInt(lo);
const halves = (from: bigint, to: bigint) => {
  const [startHi, startLo] = split(from);
  const [endHi, endLo] = split(to);
  return { startHi, startLo, endHi, endLo };
};

/** Offsets at and beside the boundaries of binary levels, where a node, a carry or a borrow is decided. */
const offset = fc
  .tuple(fc.nat(63), fc.nat(40), fc.integer({ min: -2, max: 2 }))
  .map(([level, more, beside]) => {
    const n = 2n ** BigInt(level) * (more > 20 ? 3n : 1n) + BigInt(beside) + (more % 5 === 0 ? word : 0n);
    return n < 0n ? 0n : n > end ? end : n;
  });
const steps = fc.array(
  fc.record({
    what: fc.constantFrom('lock', 'lock', 'lock', 'unlock', 'test'),
    owner: fc.constantFrom('A', 'B', 'C'),
    type: fc.constantFrom('read', 'read', 'write'),
    a: offset,
    b: offset,
    bytes: fc.bigInt(0n, 3n),
    far: fc.boolean(),
  }),
  { minLength: 20, maxLength: 60, size: 'max' },
);
type Steps = typeof steps extends fc.Arbitrary<infer T> ? T : never;
const moves = (all: Steps): Move[] =>
  all.map(({ what, owner, type, a, b, bytes, far }) => {
    const other = far ? b : a + bytes > end ? end : a + bytes;
    return { what, owner, type, ...(a <= other ? { from: a, to: other } : { from: other, to: a }) };
  });

interface Move {
  what: string;
  owner: string;
  type: 'read' | 'write';
  from: bigint;
  to: bigint;
}

function play(history: readonly Move[]): void {
  const bench = new Bench();
  bench.declare();
  for (const owner of new Set(history.map((move) => move.owner))) bench.session(owner);
  const model = new Model();
  const held = (): string[] =>
    bench.rows
      .all('range')
      .map(([, row]) => {
        const [from, to] = [joined(row.startHi, row.startLo), joined(row.endHi, row.endLo)];
        return `${row.sessionId} ${row.type} ${String(from)}-${String(to)}`;
      })
      .sort();
  for (const [at, { what, owner, type, from, to }] of history.entries()) {
    const blockers = model.inTheWay(owner, type, from, to);
    if (what === 'lock') {
      const value = bench.lock(`r${String(at)}`, owner, 'f', type, halves(from, to));
      const granted = !('refused' in value);
      expect([at, granted]).toEqual([at, blockers.length === 0]);
      if (granted) {
        const whole = model.lock(owner, type, from, to);
        const { range } = value;
        expect([joined(range.startHi, range.startLo), joined(range.endHi, range.endLo)]).toEqual([
          whole.from,
          whole.to,
        ]);
      } else expect(value.refused.blockers).toHaveLength(Math.min(4, blockers.length));
    } else if (what === 'test') {
      const file = fileOf('f');
      const test = { sessionId: owner, file, type, class: 'posix' as const, ...ownerOf(owner) };
      const { blocker } = bench.ask('rangeTest', { ...test, ...halves(from, to) }) as { blocker?: object };
      expect([at, blocker !== undefined]).toEqual([at, blockers.length > 0]);
    } else {
      const unlock = {
        sessionId: owner,
        splitId: `s${String(at)}`,
        fileKey: 'local/f',
        class: 'posix' as const,
      };
      const value = bench.ask('rangeUnlock', { ...unlock, ...ownerOf(owner), ...halves(from, to) });
      expect([at, value]).toEqual([at, { unlocked: model.unlock(owner, from, to) }]);
    }
    expect(held()).toEqual(model.text());
  }
}

test('range locks are what byte by byte they would be, at every boundary of 64 bits', () => {
  const property = fc.property(steps, (all) => {
    play(moves(all));
  });
  fc.assert(property, { numRuns: 10, seed: 11 });
});

const lock = (owner: string, type: 'read' | 'write', from: number, to: number): Move => ({
  ...{ what: 'lock', owner, type, from: BigInt(from), to: BigInt(to) },
});
const many = Array.from({ length: 40 }, (_, i) => i);

test('forty locks of one owner are found, joined, and given up at once', () => {
  const apart = many.map((i) => lock('A', i % 2 === 0 ? 'read' : 'write', 10 * i, 10 * i + 5));
  play([
    ...apart,
    lock('B', 'read', 395, 500),
    { ...lock('B', 'read', 388, 393), what: 'test' },
    lock('A', 'read', 3, 393),
    { ...lock('A', 'read', 100, 101), what: 'unlock' },
    ...many.map((i) => lock('A', 'write', 10 * i, 10 * i)),
    { ...lock('A', 'read', 0, 1000), what: 'unlock' },
  ]);
});

test('forty owners of read locks over the same bytes are all in the way of a writer', () => {
  const owners = many.map((i) => lock(`owner ${String(i)}`, 'read', 1000 - i, 1024 + 2 * i));
  play([
    ...owners,
    lock('W', 'write', 1024, 1024),
    lock('W', 'write', 1102, 1102),
    ...many.slice(1).map((i): Move => ({ ...lock(`owner ${String(i)}`, 'read', 0, 5000), what: 'unlock' })),
    lock('W', 'write', 1025, 1030),
    lock('W', 'write', 1024, 1024),
    lock('owner 0', 'read', 1023, 1030),
  ]);
});

const unlock = (owner: string, from: number, to: number): Move => ({
  ...{ ...lock(owner, 'read', from, to), what: 'unlock' },
});
const two32 = 2 ** 32;

test.each([0, 1, 2, 3, 7, 15, 16, 30, 31, 32, 33, 34, 47, 58, 61, 62])(
  'a read lock over the multiple of 2^%i at which two halves meet is found from either half',
  (level) => {
    const middle = 2n ** BigInt(level) + (level < 59 ? 5n * 2n ** BigInt(level + 2) : 0n);
    const at = (owner: string, type: 'read' | 'write', from: bigint, to: bigint): Move => ({
      ...{ what: 'lock', owner, type, from, to },
    });
    const reach = level > 2 ? 2n ** BigInt(level - 1) : 1n;
    play([
      at('A', 'read', middle - 1n, middle),
      at('B', 'read', middle - reach, middle + reach - 1n),
      ...[middle - reach, middle - 1n, middle, middle + reach - 1n].map((n) => at('W', 'write', n, n)),
      { ...at('B', 'read', middle - reach, middle + reach), what: 'unlock' },
      ...[middle - 1n, middle].map((n) => at('W', 'write', n, n)),
    ]);
  },
);

test('locks meet, are joined and are cut at the boundary of 32 bits as anywhere', () => {
  play([
    lock('A', 'read', two32 - 2, two32 - 1),
    lock('A', 'read', two32, two32 + 1),
    unlock('A', 0, two32 - 1),
    lock('A', 'write', two32 - 4, two32 - 3),
    unlock('A', two32, two32),
    lock('B', 'read', 0, 0),
    lock('B', 'read', 1, 5 * two32 - 1),
  ]);
});

test('unlocking says whether anything was unlocked, also beside another lock', () => {
  play([lock('A', 'read', 0, 4), lock('A', 'write', 6, 9), unlock('A', 0, 5), unlock('A', 0, 5)]);
});

test('at most four of many in the way are named, writers and readers', () => {
  const others = ['B', 'C', 'D', 'E', 'F', 'G'];
  play([...others.map((owner, i) => lock(owner, 'write', 2 * i, 2 * i)), lock('A', 'read', 0, 100)]);
  play([...others.map((owner, i) => lock(owner, 'read', 100 + i, 200)), lock('A', 'write', 150, 151)]);
  play([...others.map((owner, i) => lock(owner, 'read', 100 + i, 200)), lock('A', 'write', 0, 300)]);
});

test('the lock of another is found behind twenty of its own', () => {
  const own = Array.from({ length: 20 }, (_, i) => lock('A', 'write', 2 * i, 2 * i));
  play([...own, lock('B', 'write', 99, 99), lock('A', 'write', 0, 200), lock('A', 'read', 0, 98)]);
});

test('a session that may have no more rows can shorten a lock, and cannot cut it in two', () => {
  const bench = new Bench({ sessionLocksMax: 2 });
  bench.declare();
  bench.session('A');
  bench.lock('r', 'A', 'f', 'write');
  bench.lease('l', 'A', 'g', 'read');
  const give = (from: bigint, to: bigint) =>
    bench.ask('rangeUnlock', {
      ...{ sessionId: 'A', splitId: 'x', fileKey: 'local/f', class: 'posix', ...ownerOf('A') },
      ...halves(from, to),
    });
  expect(give(4n, 6n)).toMatchObject({ refused: { reason: 'session_locks_max' } });
  expect([give(8n, 9n), give(0n, 1n), give(6n, 20n)]).toEqual([
    ...[{ unlocked: true }, { unlocked: true }, { unlocked: true }],
  ]);
});
