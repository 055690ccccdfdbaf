import fc from 'fast-check';
import type { RangeRow, RangesAsk, RangeWanted } from '../../libs/locks/src/core/rows';
import { Bench, bytes, fileOf, ownerOf } from '../support/rules-bench';

/**
 * Random histories of range locks that the fileserver holds, too, against a model of its kernel in which programs have
 * locks of their own. The invariants of the rules hold after every step (rules-bench).
 */

type Level = 'none' | 'read' | 'write';
const width = 8;
const strength = { none: 0, read: 1, write: 2 };
const strongest = (a: Level, b: Level): Level => (strength[a] >= strength[b] ? a : b);
const covers = (each: Pick<RangeWanted, 'startLo' | 'endLo'>, at: number): boolean =>
  each.startLo <= at && at <= each.endLo;

/** One adapter: what it has locked, byte by byte. It dies with its locks. */
class Kernel {
  ours: Level[] = Array.from({ length: width }, () => 'none');
  gen = 0;

  constructor(readonly theirs: Level[]) {}

  private admits(type: Level, at: number): boolean {
    const theirs = this.theirs[at] ?? 'none';
    return theirs === 'none' || type === 'none' || (theirs === 'read' && type === 'read');
  }

  set(
    ask: RangesAsk,
  ):
    | { locked: string[]; refused: { id: string; reason: 'range_held_at_fileserver' }[]; lost: string[] }
    | undefined {
    if (ask.gen < this.gen) return undefined;
    this.gen = ask.gen;
    const next: Level[] = Array.from({ length: width }, () => 'none');
    const lock = (each: RangeWanted): boolean => {
      const at = [...next.keys()].filter((byte) => covers(each, byte));
      // What it has already stays possible.
      const free = at.every(
        (byte) => this.admits(each.type, byte) || strength[this.ours[byte] ?? 'none'] >= strength[each.type],
      );
      if (free) for (const byte of at) next[byte] = strongest(next[byte] ?? 'none', each.type);
      return free;
    };
    const lost = ask.held.filter((each) => !lock(each)).map(({ id }) => id);
    const [locked, refused]: [string[], { id: string; reason: 'range_held_at_fileserver' }[]] = [[], []];
    for (const each of ask.wants)
      if (lock(each)) locked.push(each.id);
      else refused.push({ id: each.id, reason: 'range_held_at_fileserver' });
    this.ours = next;
    return { locked, refused, lost };
  }
}

const words = [
  ...([
    'lock',
    'lock',
    'lock',
    'lock',
    'unlock',
    'unlock',
    'drop',
    'answer',
    'answer',
    'answer',
    'answer',
  ] as const),
  ...([
    'lose',
    'late',
    'program',
    'program',
    'successor',
    'dies',
    'end',
    'time',
    'time',
    'stops',
    'restored',
  ] as const),
];
const moves = fc.array(
  fc.record({ what: fc.constantFrom(...words), a: fc.nat(11), b: fc.nat(11), c: fc.nat(11) }),
  { minLength: 1, maxLength: 60, size: 'max' },
);
type Move = { what: (typeof words)[number]; a: number; b: number; c: number };

class History {
  private readonly bench = new Bench({ askMs: 3000 });
  private readonly theirs: Level[] = Array.from({ length: width }, () => 'none');
  private kernel = new Kernel(this.theirs);
  private incarnation = 1;
  private serves = true;
  private asks: RangesAsk[] = [];
  private late: RangesAsk[] = [];
  private count = 0;
  private readonly names = ['', '', ''];
  private readonly ids: string[] = [];
  readonly heard = new Set<string>();

  constructor() {
    const { bench } = this;
    bench.serve('i1', ['posix'], { locksRanges: true });
    bench.ask('streamsTell', { server: 's', sessions: [], format: 4, release: '1' });
    bench.put('posix', { stack: 'posix', own: { ranges: 'kernel' } });
    for (const at of this.names.keys()) this.session(at);
  }

  private session(at: number): void {
    const name = `${String(at)}-${String((this.count += 1))}`;
    this.names[at] = name;
    this.bench.session(name, { ttlMs: 3_000_000 });
  }

  play({ what, a, b, c }: Move): void {
    const { bench } = this;
    const name = this.names[a % 3] ?? '';
    const [from, to] = [Math.min(b, c) % width, Math.max(b % width, c % width)];
    const at = bytes(Math.min(from, to), to);
    switch (what) {
      case 'lock': {
        const id = `r${String((this.count += 1))}`;
        this.ids.push(id);
        const waitMs = [0, 0, 5000, 60_000][c % 4] ?? 0;
        const locked = bench.lock(id, name, 'posix:f', b % 2 === 0 ? 'read' : 'write', {
          ...at,
          waitMs,
          ...where(),
        });
        this.note('refused' in locked ? locked.refused.reason : locked.range.backed ? 'backed' : 'asked');
        break;
      }
      case 'unlock':
        bench.ask('rangeUnlock', {
          ...{
            sessionId: name,
            digest: name,
            splitId: `s${String((this.count += 1))}`,
            class: 'posix',
            ...at,
          },
          ...{ fileKey: 'posix:f', ...ownerOf(name) },
        });
        break;
      case 'drop':
        bench.ask('rangeDrop', { rangeId: this.ids.at(-1 - a) ?? '', digest: name, ifWaiting: b % 2 === 0 });
        break;
      case 'answer':
      case 'late': {
        const ask = this.asks.shift() ?? this.late.shift();
        if (ask === undefined || ask.incarnation !== `i${String(this.incarnation)}`) return;
        const answer = this.kernel.set(ask);
        // The answer is lost, and the ask comes again later.
        if (what === 'late') this.late.push(ask);
        else if (answer !== undefined) this.answered(ask, answer);
        break;
      }
      case 'lose': {
        const ask = this.asks.shift();
        if (ask !== undefined) this.answered(ask, { failed: 'fileserver_timeout' });
        break;
      }
      case 'program': {
        const level = (['none', 'read', 'write'] as const)[b % 3] ?? 'none';
        for (let at = a % width; at < Math.min(width, (a % width) + 3); at += 1) {
          const ours = this.kernel.ours[at] ?? 'none';
          if (level === 'none' || ours === 'none' || (ours === 'read' && level === 'read'))
            this.theirs[at] = level;
        }
        break;
      }
      case 'successor': {
        const dead = `i${String(this.incarnation)}`;
        this.incarnation += 1;
        this.kernel = new Kernel(this.theirs);
        this.serve();
        if (b % 3 !== 0) this.beat([dead]);
        break;
      }
      case 'dies':
        this.kernel.ours = this.kernel.ours.map(() => 'none');
        this.incarnation += 1;
        this.kernel = new Kernel(this.theirs);
        if (b % 2 === 0) bench.pass(30_000);
        this.serve();
        this.beat([`i${String(this.incarnation - 1)}`]);
        break;
      case 'stops': {
        const incarnation = `i${String(this.incarnation)}`;
        bench.ask('deregister', { incarnation, letGo: false });
        this.kernel = new Kernel(this.theirs);
        bench.ask('deregister', { incarnation, letGo: true });
        this.incarnation += 1;
        if (b % 2 === 0) this.serve();
        else this.serves = false;
        break;
      }
      case 'end':
        bench.ask('sessionEnd', { sessionId: name, digest: name });
        this.session(a % 3);
        break;
      case 'restored':
        // The lease API starts again: the adapter reports what it has.
        bench.ask('identify', {
          identity: 'bench',
          // It may also have been restored.
          doubt: b % 6 === 0,
          opening: `o${String(this.count)}`,
          limits: bench.limits,
        });
        if (this.serves) this.report();
        break;
      case 'time':
        if (this.serves) this.beat([]);
        bench.pass(500 * a);
        break;
    }
    this.gather();
    this.check();
  }

  private serve(): void {
    this.serves = true;
    this.bench.register(`i${String(this.incarnation)}`, ['posix'], { locksRanges: true });
    this.report();
  }

  private report(): void {
    const has = this.kernel.ours.some((level) => level !== 'none');
    const file = { ...where().file, type: 'none' as const, holdGen: this.kernel.gen, ranges: true };
    const incarnation = `i${String(this.incarnation)}`;
    this.bench.ask('holdReport', { incarnation, holds: has ? [file] : [], done: true });
  }

  private beat(dead: string[]): void {
    if (this.serves) this.bench.beat(`i${String(this.incarnation)}`, ['posix'], { dead });
  }

  private answered(ask: RangesAsk, answer: object): void {
    this.bench.ask('rangesAnswered', { fileKey: ask.fileKey, gen: ask.gen, ...answer });
  }

  private gather(): void {
    this.asks.push(...this.bench.rangeAsks.splice(0));
    for (const record of this.bench.told()) if ('reason' in record) this.note(record.reason);
  }

  private note(word: string): void {
    this.heard.add(word);
  }

  /** Nothing is shown as backed that the kernel has not locked, for every holder at once. */
  private check(): void {
    for (const { id, row } of this.held()) {
      const { range } = this.bench.ask('rangeGet', { rangeId: id, digest: row.sessionId }) as {
        range: { backed: boolean };
      };
      this.note(range.backed ? 'backed' : 'unbacked');
      if (!range.backed) continue;
      for (const [at, level] of this.kernel.ours.entries())
        if (covers(row, at)) expect([id, at, strength[level] >= strength[row.type]]).toEqual([id, at, true]);
    }
  }

  private held(): { id: string; row: RangeRow }[] {
    return this.bench.rows.all('range').flatMap(([id, row]) => (row.state === 'held' ? [{ id, row }] : []));
  }

  /** When no program has a lock any more and all asks are answered, everything is backed and nothing is left over. */
  settle(): void {
    this.theirs.fill('none');
    if (!this.serves) this.serve();
    this.beat(Array.from({ length: this.incarnation - 1 }, (_, i) => `i${String(i + 1)}`));
    for (let round = 0; round < 200; round += 1) {
      this.gather();
      const ask = this.asks.shift();
      if (ask === undefined) {
        if (round > 100) break;
        this.beat([]);
        this.bench.pass(1000);
        continue;
      }
      if (ask.incarnation !== `i${String(this.incarnation)}`) continue;
      const answer = this.kernel.set(ask);
      if (answer !== undefined) this.answered(ask, answer);
    }
    const expected: Level[] = Array.from({ length: width }, (_, at) =>
      this.held().reduce<Level>(
        (level, { row }) => (covers(row, at) ? strongest(level, row.type) : level),
        'none',
      ),
    );
    expect(this.kernel.ours).toEqual(expected);
    for (const { id, row } of this.held())
      expect(this.bench.ask('rangeGet', { rangeId: id, digest: row.sessionId })).toMatchObject({
        range: { backed: true },
      });
    for (const name of this.names) this.bench.ask('sessionEnd', { sessionId: name, digest: name });
    this.bench.pass(1000);
    this.gather();
    for (let ask = this.asks.shift(); ask !== undefined; ask = this.asks.shift()) {
      const answer = this.kernel.set(ask);
      if (answer !== undefined) this.answered(ask, answer);
      this.gather();
    }
    expect(this.kernel.ours.every((level) => level === 'none')).toBe(true);
    expect(this.bench.rows.all('file')).toEqual([]);
  }
}

const where = () => ({ file: { ...fileOf('f'), fileKey: 'posix:f', exportName: 'posix' } });

function play(history: readonly Move[]): Set<string> {
  const player = new History();
  for (const move of history) player.play(move);
  player.settle();
  return player.heard;
}

test('histories that are the same in every run reach every outcome', () => {
  const heard = new Set<string>();
  for (const history of fc.sample(moves, { numRuns: 20, seed: 7 }))
    for (const each of play(history)) heard.add(each);
  for (const word of ['backed', 'asked', 'range_held_at_fileserver', 'fileserver_lost', 'fileserver_timeout'])
    expect([word, heard.has(word)]).toEqual([word, true]);
});

test('any history: what is backed is locked, and in the end the kernel has what the table has', () => {
  fc.assert(
    fc.property(moves, (history) => {
      play(history);
    }),
    { numRuns: Number(process.env['HISTORIES'] ?? 10) },
  );
}, 3_600_000);

test('a file has no more rows of ranges than one ask names, whatever else the table admits', () => {
  const bench = new Bench({ rangesMax: 10_000, sessionLocksMax: 10_000 });
  bench.serve('i1', ['posix', 'table'], { locksRanges: true });
  bench.ask('streamsTell', { server: 's', sessions: [], format: 4, release: '1' });
  bench.put('posix', { stack: 'posix', own: { ranges: 'kernel' } });
  bench.put('table', { stack: 'posix' });
  bench.session('a');
  const most = (exportName: string): number | undefined => {
    bench.lock(exportName, 'a', `${exportName}/f`, 'write', bytes(0, 10_000));
    for (const { fileKey, gen, wants } of bench.rangeAsks.splice(0))
      bench.ask('rangesAnswered', { fileKey, gen, locked: wants.map(({ id }) => id), refused: [], lost: [] });
    for (let i = 1; i < 1100; i += 1)
      bench.rows.play('rangeUnlock', {
        ...{ sessionId: 'a', ...ownerOf('a'), class: 'posix', splitId: `${exportName}${String(i)}` },
        ...{ fileKey: `${exportName}/f`, ...bytes(2 * i, 2 * i) },
      });
    return bench.rows.look('file', `${exportName}/f`)?.ranges;
  };
  expect([most('posix'), most('table')]).toEqual([1024, 1100]);
});

test('after a successor has registered nothing is backed until it has locked it, of any number of files', () => {
  const bench = new Bench();
  bench.serve('i1', ['posix'], { locksRanges: true });
  bench.ask('streamsTell', { server: 's', sessions: [], format: 4, release: '1' });
  bench.put('posix', { stack: 'posix', own: { ranges: 'kernel' } });
  bench.session('a');
  const answer = (): void => {
    for (const { fileKey, gen, wants } of bench.rangeAsks.splice(0))
      bench.ask('rangesAnswered', {
        ...{ fileKey, gen, locked: wants.map(({ id }) => id), refused: [], lost: [] },
      });
  };
  const backed = (): number =>
    bench.ask('lockList', { after: 0, limit: 1000 }).locks.filter((lock) => lock.backed).length;
  const files = 70;
  for (let i = 1; i <= files; i += 1) {
    const name = `f${String(i)}`;
    bench.lock(name, 'a', name, 'write', {
      file: { ...fileOf(name), fileKey: `posix:${name}`, exportName: 'posix' },
    });
    answer();
  }
  expect(backed()).toBe(files);
  bench.serve('i2', ['posix'], { locksRanges: true });
  // It is asked about 64 files with each step.
  expect(bench.rangeAsks.length).toBeLessThan(files);
  expect(backed()).toBe(0);
  for (let round = 0; backed() < files && round < 100; round += 1) {
    const before = backed();
    const asked = bench.rangeAsks.length;
    answer();
    expect(backed()).toBe(before + asked);
  }
  expect(backed()).toBe(files);
});

describe('an answer', () => {
  let bench: Bench;
  const lock = (id: string, from: number, path = 'f') =>
    bench.lock(id, 'a', path, 'write', {
      ...{ ...bytes(from, from + 9), waitMs: 60_000, owner: id, ownerKey: `a/${id}` },
      file: { ...fileOf(path), fileKey: `posix:${path}`, exportName: 'posix' },
    });
  const stateOf = (id: string) => bench.rows.look('range', id)?.state;
  const answer = (more: object = {}): void => {
    const { fileKey, gen, wants } = bench.rangeAsks.shift() ?? { fileKey: '', gen: 0, wants: [] };
    const locked = wants.map(({ id }) => id);
    bench.ask('rangesAnswered', { ...{ fileKey, gen, locked, refused: [], lost: [] }, ...more });
  };
  beforeEach(() => {
    bench = new Bench({ queueMax: 200 });
    bench.serve('i1', ['posix'], { locksRanges: true });
    bench.ask('streamsTell', { server: 's', sessions: [], format: 4, release: '1' });
    bench.put('posix', { stack: 'posix', own: { ranges: 'kernel' } });
    bench.session('a');
  });

  test('says nothing of what it was not asked', () => {
    lock('1', 0, 'g');
    answer();
    lock('2', 0);
    lock('3', 20);
    const locked = ['2', '3'];
    const lost = ['1', '3', 'nobody'];
    const nowhere = { fileKey: 'posix:nowhere', gen: 1, locked: [], refused: [], lost: [] };
    expect(bench.ask('rangesAnswered', nowhere)).toEqual({ settled: false });
    answer({ locked, lost });
    expect(['1', '2', '3'].map(stateOf)).toEqual(['held', 'held', 'waiting']);
    answer({ locked: [], refused: [{ id: '3', reason: 'range_held_at_fileserver' }] });
    lock('4', 40);
    answer({ locked: [], refused: [{ id: '3', reason: 'no_such_file' }] });
    expect(['3', '4'].map(stateOf)).toEqual(['waiting', 'waiting']);
  });

  test('is for 64 requests at most', () => {
    for (let i = 0; i < 70; i += 1) lock(String(i), 20 * i);
    answer();
    expect(bench.rangeAsks[0]?.wants).toHaveLength(64);
    answer();
    expect(bench.rangeAsks[0]?.wants).toHaveLength(5);
  });

  test('that an adapter owes ends with it: the next one is asked at once', () => {
    lock('1', 0);
    bench.serve('i2', ['posix'], { locksRanges: true });
    expect(bench.rangeAsks.map(({ incarnation }) => incarnation)).toEqual(['i1', 'i2']);
    answer();
    expect(stateOf('1')).toBe('waiting');
    answer();
    expect(stateOf('1')).toBe('held');
  });

  test('that fails puts off the next ask, but not that of another adapter', () => {
    lock('1', 0);
    answer({ failed: 'fileserver_timeout' });
    expect(bench.rangeAsks).toEqual([]);
    bench.serve('i2', ['posix'], { locksRanges: true });
    expect(bench.rangeAsks).toHaveLength(1);
  });
});

test('more ranges than one ask can name are for files whose ranges no kernel holds', () => {
  const bench = new Bench({ rangesMax: 2_000, sessionLocksMax: 9_999 });
  bench.declare();
  bench.session('a');
  for (let i = 0; i < 1_030; i += 1)
    bench.rows.play('rangeLock', {
      ...{ sessionId: 'a', rangeId: `r${String(i)}`, splitId: 's', file: fileOf('f'), ...ownerOf('a') },
      ...{ class: 'posix', type: 'write', waitMs: 0, ...bytes(2 * i, 2 * i) },
    });
  expect(bench.rows.look('file', 'local/f')?.ranges).toBe(1_030);
});
