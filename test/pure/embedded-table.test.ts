import { once } from 'node:events';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { open } from 'lmdb';
import { Packr } from 'msgpackr';
import { openEmbeddedTable } from '../../libs/locks/src/table/embedded/embedded-table';
import { openLmdbStore } from '../../libs/locks/src/table/embedded/lmdb-store';
import { Log } from '../../libs/locks/src/table/embedded/log';
import { OrderedLists } from '../../libs/locks/src/table/embedded/ordered-lists';
import { type Store, StoreFull } from '../../libs/locks/src/table/embedded/store';
import { TextMap } from '../../libs/locks/src/table/embedded/text-map';
import { type Table, TableFull, TableUnreachable } from '../../libs/locks/src/table/table';
import { eventually, within } from '../support/eventually';
import { MemoryStore } from '../support/memory-store';
import { type Op, portRules } from '../support/port-rules';
import { collect, step } from '../support/steps';
import { valuesIn } from '../support/stored-values';
import { describeTable } from '../support/table-conformance';

describeTable('embedded');
describeTable('lmdb');

const put = (id: string, n: number): Op => ({ op: 'put', kind: 'lease', id, row: { n } });
const get = (id: string): Op => ({ op: 'get', kind: 'lease', id });
const change = (id: string, n: number): Op => ({ op: 'change', kind: 'lease', id, field: 'n', value: n });
const record = (text: string): Op => ({ op: 'record', text });
const openWith = (store: MemoryStore, commitMs?: number): Promise<Table> =>
  openEmbeddedTable({ store, rules: portRules as never, commitMs });

/** Whether a promise is settled after everything that needs no disk has run. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  const mark = () => {
    done = true;
  };
  promise.then(mark, mark);
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  return done;
}

describe('the log of a store', () => {
  /** What a log that is opened again finds in these entries. */
  function reopened(entries: ReadonlyMap<number, Buffer>): Map<string, string> {
    const log = new Log(4, (no) => entries.get(no) ?? Buffer.alloc(0));
    const all = [...entries].sort(([a], [b]) => a - b);
    for (const [no, bytes] of all) expect(log.found(no, bytes)).toBe(true);
    const valid = new Map<string, string>();
    for (const [no, bytes] of all)
      log.eachValid(no, bytes, (space, key, from, to) =>
        valid.set(`${space} ${String(key)}`, bytes.toString('utf8', from, to)),
      );
    return valid;
  }
  const write = fc.record({
    key: fc.tuple(fc.constantFrom('slot' as const, 'record' as const), fc.nat(80)),
    text: fc.option(fc.string({ maxLength: 40 }), { nil: undefined }),
  });

  test('has what is valid, whatever was written, and is bounded by it', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.uniqueArray(write, { minLength: 1, maxLength: 20, selector: ({ key }) => key.join(' ') }),
          { minLength: 80, maxLength: 120 },
        ),
        (commits) => {
          const spare = 10;
          const entries = new Map<number, Buffer>();
          const model = new Map<string, string>();
          const log = new Log(4, (no) => entries.get(no) as Buffer, spare);
          for (const commit of commits) {
            const { no, bytes, dropped } = log.append(
              commit.map(({ key, text }) => [key, text === undefined ? undefined : Buffer.from(text)]),
            );
            entries.set(no, Buffer.from(bytes.subarray(4)));
            for (const old of dropped) expect(entries.delete(old)).toBe(true);
            for (const { key, text } of commit)
              if (text === undefined) model.delete(key.join(' '));
              else model.set(key.join(' '), text);
          }
          expect(reopened(entries)).toEqual(model);
          let frames = 0;
          for (const bytes of entries.values())
            for (let at = 0; at < bytes.length; at += 11 + bytes.readUInt32BE(at + 7)) frames += 1;
          // What the last commit wrote may come on top.
          expect(frames).toBeLessThanOrEqual(2 * model.size + spare + 20);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('is refused if an entry is missing in it', () => {
    const log = new Log(0, () => Buffer.alloc(0));
    expect([4, 5, 7].map((no) => log.found(no, Buffer.alloc(0)))).toEqual([true, true, false]);
  });
});

describe('the embedded table publishes only what is on disk', () => {
  test('no answer, record or read leaves before the commit it depends on', async () => {
    const store = new MemoryStore();
    const table = await openWith(store);
    const seen = collect(table);
    const release = store.hold();
    const written = step(table, [put('a', 1), record('a')]);
    await store.nextCommit();
    const read = step(table, [get('a')]);
    expect(await settled(written)).toBe(false);
    expect(await settled(read)).toBe(false);
    expect(seen.records).toEqual([]);
    expect(await table.history(0, 10)).toEqual({ records: [], complete: true, last: 0 });
    release();
    await written;
    expect(await read).toEqual([{ row: { n: 1 } }]);
    await seen.upTo(1);
  });

  test('a follower may send a call at once', async () => {
    const store = new MemoryStore();
    const table = await openWith(store);
    const answers: Promise<unknown>[] = [];
    table.follow(
      (records) => {
        if (records.some(({ no }) => no === 1))
          answers.push(step(table, [get('a')]), step(table, [put('b', 1)]));
      },
      () => undefined,
    );
    await step(table, [put('a', 1), record('a')]);
    await eventually(() => {
      expect(answers).toHaveLength(2);
    });
    expect(await within('the answers', Promise.all(answers))).toEqual([[{ row: { n: 1 } }], [{}]]);
  });

  test('all changes made during a commit go into the next one', async () => {
    const store = new MemoryStore();
    const table = await openWith(store);
    const release = store.hold();
    const first = step(table, [put('a', 1)]);
    await store.nextCommit();
    const later = Array.from({ length: 100 }, (_, n) => step(table, [put(String(n), n)]));
    store.flow();
    release();
    await Promise.all([first, ...later]);
    expect(store.commits).toBe(2);
  });

  test('a commit writes its rows as they were when it began', async () => {
    const store = new MemoryStore();
    const table = await openWith(store);
    const releaseFirst = store.hold();
    const first = step(table, [put('a', 1), put('b', 1)]);
    await store.nextCommit();
    store.hold();
    const second = step(table, [change('a', 2), change('b', 2)]);
    releaseFirst();
    await first;
    const found = await openWith(store.powerCut());
    expect(await step(found, [get('a'), get('b')])).toEqual([{ row: { n: 1 } }, { row: { n: 1 } }]);
    expect(await settled(second)).toBe(false);
  });

  test('a disk that stops before the flush loses only what nobody was told', async () => {
    const store = new MemoryStore();
    const table = await openWith(store);
    await step(table, [put('told', 1), record('told')]);
    store.hold();
    const untold = step(table, [
      put('untold', 1),
      { op: 'del', kind: 'lease', id: 'told' },
      record('untold'),
    ]);
    await store.nextCommit();
    expect(await settled(untold)).toBe(false);
    const found = await openWith(store.powerCut());
    expect(await step(found, [get('told'), get('untold'), record('next')])).toEqual([
      { row: { n: 1 } },
      {},
      { no: 2 },
    ]);
    expect((await found.history(0, 10)).records.map((each) => 'reason' in each && each.reason)).toEqual([
      'told',
      'next',
    ]);
  });

  test('closing waits for calls under way', async () => {
    const store = new MemoryStore();
    const table = await openWith(store);
    const release = store.hold();
    const written = step(table, [put('a', 1)]);
    const closed = table.close();
    expect(await settled(closed)).toBe(false);
    release();
    await Promise.all([written, closed]);
    await expect(step(table, [get('a')])).rejects.toThrow(TableUnreachable);
    expect(table.ready()).toBe(false);
  });
});

describe('an embedded table that cannot go on', () => {
  test('ends after a failed commit: every call is rejected with the cause', async () => {
    const store = new MemoryStore();
    const table = await openWith(store);
    const release = store.hold();
    const first = step(table, [put('a', 1)]);
    await store.nextCommit();
    const second = step(table, [put('b', 1)]);
    const read = step(table, [get('a')]);
    const broken = new Error('no space left');
    store.fail(broken);
    release();
    const pending = [first, second, read].map((call) =>
      expect(call).rejects.toMatchObject({ name: 'TableUnreachable', cause: broken }),
    );
    await Promise.all(pending);
    for (const call of [step(table, [get('a')]), table.history(0, 1)])
      await expect(call).rejects.toMatchObject({ name: 'TableUnreachable', cause: broken });
    expect(table.ready()).toBe(false);
  });

  test('waits when the disk is full: no call is answered until there is room, and then calls under way are written', async () => {
    const store = new MemoryStore();
    const told: unknown[] = [];
    const table = await openEmbeddedTable({
      store,
      rules: portRules as never,
      onDead: (error) => told.push(error),
    });
    store.fail(new StoreFull('the disk is full'));
    await expect(step(table, [put('a', 1)])).rejects.toThrow(/is waiting for space on its disk/);
    await expect(step(table, [get('a')])).rejects.toThrow(/is waiting for space on its disk/);
    expect(table.ready()).toBe(false);
    expect(table.trouble()).toMatch(/is waiting for space on its disk/);
    store.fail(undefined);
    await eventually(async () => {
      expect(await step(table, [get('a')])).toEqual([{ row: { n: 1 } }]);
    });
    expect(table.ready()).toBe(true);
    expect(told).toEqual([]);
    expect(await step(await openWith(store.powerCut()), [get('a')])).toEqual([{ row: { n: 1 } }]);
  });

  test('on a nearly full disk still takes releases, and refuses grants with the reason', async () => {
    const store = new MemoryStore();
    const told: unknown[] = [];
    const table = await openEmbeddedTable({
      store,
      rules: portRules as never,
      onFull: (why) => told.push(why),
    });
    store.room = false;
    await expect(step(table, [put('a', 1)], 'sessionCreate')).rejects.toThrow(TableFull);
    await step(table, [put('a', 2)], 'tick');
    store.room = true;
    await step(table, [put('a', 3)], 'sessionCreate');
    expect(told).toEqual(['the disk of the embedded table is full', undefined]);
  });

  test('treats a disk that never answers as failed', async () => {
    const store = new MemoryStore();
    const table = await openWith(store, 20);
    store.hold();
    await expect(step(table, [put('a', 1)])).rejects.toThrow(/a commit to disk failed/);
    expect(table.ready()).toBe(false);
  });

  test('keeps nothing of rules that fail half way', async () => {
    const store = new MemoryStore();
    const table = await openWith(store);
    await step(table, [put('a', 1)]);
    const neighbour = step(table, [put('b', 1)]);
    await expect(step(table, [put('a', 2), { op: 'fail' }])).rejects.toThrow(/the rules failed in tick/);
    await expect(neighbour).rejects.toThrow(TableUnreachable);
    await expect(step(table, [get('a')])).rejects.toThrow(TableUnreachable);
    const found = await openWith(store.powerCut());
    expect(await step(found, [get('a'), get('b')])).toEqual([{ row: { n: 1 } }, {}]);
  });

  test('treats a record with a wrong number as a failure of the rules', async () => {
    const store = new MemoryStore();
    await step(await openWith(store), [record('a'), record('b')]);
    const table = await openWith(store.powerCut());
    const forgetful: Op = {
      op: 'put',
      kind: 'meta',
      id: 'counters',
      row: { records: 0, epoch: 1, identity: '' },
    };
    await step(table, [forgetful]);
    await expect(step(table, [record('again')])).rejects.toMatchObject({
      cause: { message: 'record 1 does not follow 2' },
    });
  });

  test('lets no more than 50,000 calls wait for the disk', async () => {
    const store = new MemoryStore();
    const table = await openWith(store);
    const release = store.hold();
    const first = step(table, [put('a', 0)]);
    await store.nextCommit();
    const waiting = Array.from({ length: 50_000 }, () => table.call('tick', { ops: [put('a', 1)] } as never));
    await expect(step(table, [put('a', 2)])).rejects.toThrow(/this one was not run/);
    store.flow();
    release();
    await Promise.all([first, ...waiting]);
    expect(await step(table, [get('a')])).toEqual([{ row: { n: 1 } }]);
  });
});

const recordsIn = (store: Store): number => valuesIn(store).filter(([[kind]]) => kind === 'record').length;

test('keeps the last 100,000 records of the log, on disk too', async () => {
  const store = new MemoryStore();
  const table = await openWith(store);
  for (let written = 0; written < 100_010; written += 10_001)
    await step(
      table,
      Array.from({ length: 10_001 }, (_, n) => record(String(n))),
    );
  const found = await openWith(store.powerCut());
  for (const each of [table, found]) {
    expect(await each.history(9, 1)).toMatchObject({ records: [{ no: 11 }], complete: false, last: 100_010 });
    expect((await each.history(10, 1)).records.map(({ no }) => no)).toEqual([11]);
    expect(await each.history(10, 1)).toMatchObject({ complete: true });
    expect((await each.history(100_009, 5)).records.map(({ no }) => no)).toEqual([100_010]);
  }
  expect(recordsIn(store)).toBe(100_000);
});

test('keeps at most 64 MiB of records, at two bytes a character, on disk too', async () => {
  const store = new MemoryStore();
  const table = await openWith(store);
  const text = 'x'.repeat(1_000_000);
  // Some 33 fit, and no more even if one step writes them all.
  for (const count of [20, 1, 1, 50, 1])
    await step(
      table,
      Array.from({ length: count }, () => record(text)),
    );
  await step(table, [put('a', 1)]);
  expect(recordsIn(store)).toBe(33);
  const found = await openWith(store.powerCut());
  for (const each of [table, found]) {
    const { records, complete, last } = await each.history(0, 1_000);
    expect({ complete, last, first: records[0]?.no, count: records.length }).toEqual({
      complete: false,
      last: 73,
      first: 41,
      count: 33,
    });
  }
  // The newest is kept whatever its size.
  await step(table, [record('x'.repeat(40_000_000))]);
  expect((await table.history(73, 1)).records.map(({ no }) => no)).toEqual([74]);
});

test('removes records that a store has beyond the bound', async () => {
  const store = new MemoryStore();
  await step(await openWith(store), [record('a')]);
  await store.commit(
    Array.from({ length: 40 }, (_, n) => [
      ['record', n + 2],
      { no: n + 2, kind: 'undone', reason: 'x'.repeat(1_000_000) },
    ]),
    { epoch: 0, records: 0, token: 0 },
  );
  const disk = store.powerCut();
  const found = await openWith(disk);
  expect(await found.history(0, 1)).toMatchObject({ records: [{ no: 9 }], complete: false, last: 41 });
  await step(found, [put('a', 1)]);
  expect(recordsIn(disk)).toBe(33);
});

test('a row is the same after a restart, whether it is read, changed, replaced or deleted first', async () => {
  const store = new MemoryStore();
  const rows = Array.from({ length: 40 }, (_, n) => ({ n, text: 'x'.repeat(n === 7 ? 3_000_000 : 60_000) }));
  await step(
    await openWith(store),
    rows.map((row, n): Op => ({ op: 'put', kind: 'lease', id: String(n), row })),
  );
  const disk = store.powerCut();
  const table = await openWith(disk);
  const del = (id: string): Op => ({ op: 'del', kind: 'lease', id });
  await step(table, [change('3', 300), put('4', 400), del('5'), del('6'), put('6', 600)]);
  const expected = rows.map((row, n) => ({
    row: [{ ...row, n: 300 }, { n: 400 }, undefined, { n: 600 }][n - 3] ?? (n === 5 ? undefined : row),
  }));
  for (const each of [table, table, await openWith(disk.powerCut())])
    expect(
      await step(
        each,
        rows.map((_, n) => get(String(n))),
      ),
    ).toEqual(expected.map(({ row }) => (row === undefined ? {} : { row })));
});

describe('what the embedded table keeps in memory', () => {
  /** Pseudorandom numbers, the same for the same seed. */
  const random = (seed: number) => (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
    return (seed >>> 8) % below;
  };
  /** The number of entries over time: it rises and falls, so that every structure grows and shrinks. */
  const tide = (round: number): number => [3, 40, 2_000, 40, 0, 700, 1][Math.floor(round / 3_000)] ?? 0;
  const rounds = 21_000;

  test('a map of texts behaves like a Map', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const pick = random(seed);
        const map = new TextMap<{ n: number }>();
        const plain = new Map<string, { n: number }>();
        for (let round = 0; round < rounds; round++) {
          const key = `${['', 'x:', '\0', 'é文'][pick(4)] ?? ''}${String(pick(1_000))}`;
          if (pick(2) === 0 ? plain.size < tide(round) : plain.size <= tide(round)) {
            const value = { n: round };
            map.set(key, value);
            plain.set(key, value);
          } else {
            map.delete(key);
            plain.delete(key);
          }
          for (const each of [key, String(pick(1_000))])
            if (map.get(each) !== plain.get(each)) throw new Error(`round ${String(round)}: ${each}`);
        }
        for (const [key, value] of plain) expect(map.get(key)).toBe(value);
      }),
      { numRuns: 5 },
    );
  });

  test('an ordered list, short or long, has the members that were linked and not unlinked, in order', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(1, 3, 5_000), (seed, scores) => {
        const pick = random(seed);
        const lists = new OrderedLists();
        const plain = new Map<string, { list: string; member: string; score: number; slot: number }>();
        const names: string[] = [];
        const expected = (list: string) =>
          [...plain.values()]
            .filter((entry) => entry.list === list)
            .sort((a, b) => a.score - b.score || (a.member < b.member ? -1 : 1))
            .map(({ member, score }) => ({ member, score }));
        const compare = (list: string) => {
          const all = expected(list);
          expect(lists.page(list, -1, 10_000, 10_000)).toEqual(all);
          const [after, upTo] = [pick(scores) - 1, pick(scores)];
          const within = all.filter(({ score }) => score > after && score <= upTo);
          expect(lists.page(list, after, upTo, 20)).toEqual(within.slice(0, 20));
          const [from, to] = [`m${String(pick(1_000))}`, `m${String(pick(1_000))}`];
          const spanned = all.filter(({ score, member }) => score === 0 && member >= from && member < to);
          expect(lists.span(list, from, to, 20)).toEqual(spanned.slice(0, 20).map(({ member }) => member));
        };
        for (let round = 0; round < rounds; round++) {
          const list = ['long', 'long', 'long', 'short'][pick(4)] ?? '';
          const member = `m${String(pick(list === 'long' ? 3_000 : 12))}`;
          // Sometimes ascending, as issued numbers are.
          const score = scores === 5_000 && pick(3) > 0 ? round % scores : pick(scores);
          const entry = { list, member, score };
          const name = `${list} ${member} ${String(score)}`;
          if (plain.size < tide(round)) {
            if (lists.link(entry, round) === plain.has(name)) throw new Error(`round ${String(round)}`);
            if (!plain.has(name)) names.push(name);
            plain.set(name, plain.get(name) ?? { ...entry, slot: round });
          } else {
            const at = pick(names.length + 1);
            const gone = names[at] ?? '';
            const was = plain.get(gone);
            const absent = plain.has(name) ? { ...entry, list: 'none' } : entry;
            if (lists.unlink(was ?? absent) !== was?.slot) throw new Error(`round ${String(round)}`);
            plain.delete(gone);
            const last = names.pop();
            if (last !== undefined && at < names.length) names[at] = last;
            else if (last !== undefined && was === undefined) names.push(last);
          }
          if (round % 500 === 0) for (const each of ['long', 'short', 'none']) compare(each);
        }
      }),
      { numRuns: 6 },
    );
  });
});

describe('the directory of an embedded table', () => {
  let directory = '';
  const children = new Set<ChildProcess>();
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'leasehold-table-'));
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
    rmSync(`${directory}-copy`, { recursive: true, force: true });
  });

  /** A process that writes row after row; `limit` is the size its files may have, in blocks of 512 bytes. */
  function writer(limit?: number): { child: ChildProcess; lines: AsyncIterableIterator<string> } {
    const program = [process.execPath, '-r', join(__dirname, '../support/typescript.cjs')];
    const command = [...program, join(__dirname, '../support/lmdb-writer.ts'), directory];
    const shell = limit === undefined ? 'exec "$@"' : `trap '' XFSZ; ulimit -f ${String(limit)}; exec "$@"`;
    const child = spawn('sh', ['-c', shell, 'sh', ...command], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.add(child);
    return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
  }

  /** What a writer left: the numbers of the existing rows, on which all three places must agree. */
  async function left(): Promise<number> {
    const table = await openEmbeddedTable({ store: openLmdbStore(directory), rules: portRules as never });
    try {
      const { last } = await table.history(0, 1);
      const [entries] = await step(table, [{ op: 'page', list: 'all', after: 0, upTo: 1e9, limit: 1e9 }]);
      expect(entries?.entries?.map(({ score }) => score)).toEqual(
        Array.from({ length: last }, (_, n) => n + 1),
      );
      const rows = await step(
        table,
        Array.from({ length: last }, (_, n) => get(String(n + 1))),
      );
      expect(rows.every(({ row }, n) => (row as { n: number } | undefined)?.n === n + 1)).toBe(true);
      return last;
    } finally {
      await table.close();
    }
  }

  test('kill -9, repeated, loses no answered call and leaves nothing half done', async () => {
    let answered = 0;
    for (const upTo of [60, 400]) {
      const { child, lines } = writer();
      const exited = once(child, 'exit');
      let own = 0;
      for await (const line of lines) {
        if (Number(line) > 0) own += 1;
        if (own === upTo) child.kill('SIGKILL');
      }
      await exited;
      expect(own).toBeGreaterThanOrEqual(upTo);
      answered = own;
      expect(await left()).toBeGreaterThanOrEqual(answered);
      rmSync(directory, { recursive: true, force: true });
    }
  });

  test('a full disk ends the table with a message that says so; every answered call is there', async () => {
    const { child, lines } = writer(4_000);
    const exited = once(child, 'exit');
    let answered = 0;
    let failure = '';
    for await (const line of lines) {
      if (Number(line) > 0) answered = Math.max(answered, Number(line));
      if (line.startsWith('failed')) failure = line;
    }
    await exited;
    expect(failure).toMatch(/^failed ready=false .*restart to continue from what is on disk/);
    expect(failure).toContain(`the commit to ${directory} failed; is the disk full or broken?`);
    expect(answered).toBeGreaterThan(0);
    expect(await left()).toBe(answered);
  });

  test('a second process is refused: the message names the directory, the owner and what to do', async () => {
    const { child, lines } = writer();
    await lines.next();
    expect(() => openLmdbStore(directory)).toThrow(
      new RegExp(
        `^${directory} is in use by process ${String(child.pid)} since .* Stop that process, give this one`,
      ),
    );
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    const store = openLmdbStore(directory);
    expect(() => openLmdbStore(directory)).toThrow(/is in use by process/);
    await store.close();
    await openLmdbStore(directory).close();
  });

  test('the identity outlives the process, and every copy has the same', async () => {
    const store = openLmdbStore(directory);
    await store.close();
    cpSync(directory, `${directory}-copy`, { recursive: true });
    for (const at of [directory, `${directory}-copy`]) {
      const again = openLmdbStore(at);
      expect(again.identity).toBe(store.identity);
      await again.close();
    }
  });

  test('rows of more than 32 shapes are read again, restart after restart', async () => {
    const rows = new Map<number, unknown>();
    for (let life = 0; life < 3; life++) {
      const store = openLmdbStore(directory);
      const found = new Map<number, unknown>();
      for (const [[, slot], value] of valuesIn(store)) found.set(slot, value);
      expect(found).toEqual(rows);
      for (let n = life * 50; n < (life + 1) * 50; n++)
        rows.set(n, { kind: 'lease', id: '', row: { [`field${String(n)}`]: n, n } });
      const writes = [...rows].map(([slot, row]) => [['slot', slot], row] as const);
      await store.commit(writes, { epoch: 1, records: 0, token: 0 });
      await store.close();
    }
  });

  test('values with other fields in front are read as well, and texts and scores of every length', async () => {
    const ids = ['', 'é', 'x'.repeat(31), 'x'.repeat(32), 'x'.repeat(300), '文'.repeat(70_000)];
    const scores = [0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53];
    const values = [
      ...ids.map((id, n) => ({ kind: 'lease', id, row: { n, id } })),
      ...ids.map((list) => ({ list, score: 1, member: `l:${list}` })),
      ...scores.map((score) => ({ list: 'all', score, member: 'm' })),
      { row: { n: 1 }, id: 'other order', kind: 'file' },
      { member: 'm', list: 'other order', score: 3 },
    ];
    const store = openLmdbStore(directory);
    await store.commit(
      values.map((value, at) => [['slot', at + 1], value]),
      { epoch: 1, records: 0, token: 0 },
    );
    await store.close();
    const again = openLmdbStore(directory);
    expect(valuesIn(again).map(([, value]) => value)).toEqual(values);
    await again.close();
  });

  test('a table in an older format is not misread', async () => {
    const db = open(join(directory, 'table.mdb'), { keyEncoding: 'binary', encoding: 'binary' });
    await db.put(Buffer.from('!identity'), Buffer.from('x'));
    await db.put(Buffer.from('!identity'), Buffer.from('y'));
    await db.close();
    const causes: unknown[] = [];
    try {
      openLmdbStore(directory);
    } catch (error) {
      for (let each = error; each instanceof Error; each = each.cause) causes.push(each.message);
    }
    expect(causes).toEqual([
      `the embedded table in ${directory} cannot be opened; check that this user can read and write it, and that the disk works`,
      'it was written in format 1, and this version reads format 4 only',
    ]);
  });

  const bare = () =>
    open<Buffer, Buffer>(join(directory, 'table.mdb'), {
      keyEncoding: 'binary',
      encoding: 'binary',
      overlappingSync: false,
    });
  /** A table in format 3: a key for each slot and each record, the value behind the checksum of both. */
  async function formatThree(slots: number): Promise<Map<string, unknown>> {
    const db = bare();
    const packr = new Packr({
      getStructures: () => [],
      maxSharedStructures: 1000,
      saveStructures: () => undefined,
    });
    const sealed = (seed: number, bytes: Buffer): Buffer => {
      const sum = Buffer.alloc(4);
      sum.writeUInt32LE(crc32(bytes, seed));
      return Buffer.concat([sum, bytes]);
    };
    const values = new Map<string, unknown>();
    const writes: Promise<boolean>[] = [];
    const write = (space: 'slot' | 'record', no: number, value: object): void => {
      const key = Buffer.alloc(9);
      key.write(space === 'slot' ? 's' : 'r');
      key.writeUIntBE(no, 3, 6);
      writes.push(db.put(key, sealed((space === 'slot' ? no : -no) >>> 0, Buffer.from(packr.pack(value)))));
      values.set(`${space} ${String(no)}`, value);
    };
    for (let no = 1; no <= slots; no++)
      write('slot', no * 3, { kind: 'lease', id: `l${String(no)}`, row: { no } });
    for (let no = 7; no < 40; no++) write('record', no, { no, kind: 'granted' });
    writes.push(db.put(Buffer.from('!format'), Buffer.from('3')));
    writes.push(db.put(Buffer.from('!identity'), sealed(crc32('!identity'), Buffer.from('the-same'))));
    const shapes = [['kind', 'id', 'row'], ['no'], ['no', 'kind']];
    writes.push(
      db.put(Buffer.from('!shapes'), sealed(crc32('!shapes'), Buffer.from(new Packr().pack(shapes)))),
    );
    await Promise.all(writes);
    // Both meta pages are those of a commit.
    await db.put(Buffer.from('!format'), Buffer.from('3'));
    await db.close();
    return values;
  }
  const found = (store: Store): Map<string, unknown> =>
    new Map(valuesIn(store).map(([key, value]) => [key.join(' '), value]));

  test('a table in format 3 is converted, however often that is interrupted', async () => {
    const values = await formatThree(6_000);
    const interrupted = bare();
    await interrupted.put(Buffer.concat([Buffer.from('l'), Buffer.alloc(8, 1)]), Buffer.from('half done'));
    await interrupted.close();
    for (let life = 0; life < 3; life++) {
      const store = openLmdbStore(directory);
      expect(store.identity).toBe('the-same');
      expect(found(store)).toEqual(values);
      values.set('slot 3', { kind: 'lease', id: 'l1', row: { no: life } });
      values.delete('record 7');
      await store.commit(
        [
          [['slot', 3], values.get('slot 3')],
          [['record', 7], undefined],
        ],
        { epoch: 1, records: 0, token: 0 },
      );
      await store.close();
      // Its keys are left if the process ends right after the conversion.
      const left = bare();
      expect([...left.getKeys({ start: Buffer.from('r'), end: Buffer.from('t') })]).toEqual([]);
      await left.put(Buffer.concat([Buffer.from('s'), Buffer.alloc(8, 1)]), Buffer.from('left'));
      await left.close();
    }
  });

  test('a path that cannot be opened is named', () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(() => openLmdbStore(join(file, 'table'))).toThrow(file);
  });
});
