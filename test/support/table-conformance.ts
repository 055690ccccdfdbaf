import type { RecordRow } from '../../libs/locks/src/core/rows';
import { openPortTable } from './port-tables';
import type { Op, Result } from './port-rules';
import { collect, step } from './steps';
import { closeTables, type StoreName, type OpenTable } from './tables';

const texts = [
  '',
  'plain',
  'NUL \0 inside',
  'ünïcödé 文件 🔒',
  '"quotes" \\ and \r\n',
  '\u0001\u007f\u0080\uffff',
  '-0',
  'false',
];
const numbers = [
  0,
  1,
  -1,
  255,
  256,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 32 + 1,
  1_790_000_000_000,
  2 ** 53 - 1,
];

/** What every store of the rows must do alike. */
export function describeTable(store: StoreName): void {
  describe(`rows and lists in the ${store} table`, () => {
    let open: OpenTable;
    let now = 1_000_000;
    beforeEach(async () => {
      open = await openPortTable(store, { wall: () => now });
    });
    afterEach(() => open.close());
    afterAll(closeTables);

    const put = (id: string, row: unknown): Op => ({ op: 'put', kind: 'lease', id, row });
    const get = (id: string): Op => ({ op: 'get', kind: 'lease', id });
    const link = (list: string, member: string, score: number): Op => ({ op: 'link', list, member, score });
    const unlink = (list: string, member: string, score: number): Op => ({
      op: 'unlink',
      list,
      member,
      score,
    });
    const page = (list: string, after: number, upTo: number, limit = 100): Op => ({
      op: 'page',
      list,
      after,
      upTo,
      limit,
    });
    const members = ([result]: Result[]) => result?.entries?.map(({ member }) => member);

    test('a row that was never put is absent', async () => {
      expect(await step(open.table, [get('nobody')])).toEqual([{}]);
    });

    test.each(texts)('the text %j is returned unchanged', async (text) => {
      await step(open.table, [put('a', { text, nested: { text } })]);
      await open.reopen();
      expect(await step(open.table, [get('a')])).toEqual([{ row: { text, nested: { text } } }]);
    });

    test.each(numbers)('the number %d is returned unchanged, and as decimal text', async (n) => {
      await step(open.table, [put('a', { n, flag: n === 0 })]);
      await open.reopen();
      expect(await step(open.table, [get('a'), { op: 'number', n }])).toEqual([
        { row: { n, flag: n === 0 } },
        { digits: String(n), ...(n >= 0 ? { padded: String(n).padStart(10, '0') } : {}) },
      ]);
    });

    test('a field set to undefined is absent, at once and later', async () => {
      await step(open.table, [put('a', { kept: 'x', gone: 'y', list: ['p', 'q'] })]);
      const change: Op = { op: 'change', kind: 'lease', id: 'a', field: 'gone', value: undefined };
      expect(await step(open.table, [change, get('a')])).toEqual([
        {},
        { row: { kept: 'x', list: ['p', 'q'] } },
      ]);
      await open.reopen();
      expect(await step(open.table, [get('a')])).toEqual([{ row: { kept: 'x', list: ['p', 'q'] } }]);
    });

    test('rows of different kinds do not collide, and a deleted one may be put again', async () => {
      await step(open.table, [put('a', { n: 1 }), { op: 'put', kind: 'open', id: 'a', row: { n: 2 } }]);
      expect(
        await step(open.table, [
          { op: 'del', kind: 'lease', id: 'a' },
          get('a'),
          { op: 'get', kind: 'open', id: 'a' },
          put('a', { n: 3 }),
          get('a'),
        ]),
      ).toEqual([{}, {}, { row: { n: 2 } }, {}, { row: { n: 3 } }]);
      await step(open.table, [{ op: 'del', kind: 'open', id: 'a' }]);
      await open.reopen();
      expect(await step(open.table, [get('a'), { op: 'get', kind: 'open', id: 'a' }])).toEqual([
        { row: { n: 3 } },
        {},
      ]);
    });

    test('ids and lists with unusual characters do not collide', async () => {
      const odd = ['a', 'a\0', 'a:b', 'ä', 'a\0b'];
      await step(
        open.table,
        odd.flatMap((id, n) => [put(id, { n }), link(id, `m:${id}`, n)]),
      );
      await open.reopen();
      for (const [n, id] of odd.entries())
        expect(await step(open.table, [get(id), page(id, -1, 100)])).toEqual([
          { row: { n } },
          { entries: [{ member: `m:${id}`, score: n }] },
        ]);
    });

    test('a page begins after its cursor, ends at its bound, and keeps its limit', async () => {
      await step(
        open.table,
        [5, 3, 9, 1, 7].map((score) => link('l', `m${String(score)}`, score)),
      );
      expect(members(await step(open.table, [page('l', 1, 7)]))).toEqual(['m3', 'm5', 'm7']);
      expect(members(await step(open.table, [page('l', 0, 100, 2)]))).toEqual(['m1', 'm3']);
      expect(members(await step(open.table, [page('l', 9, 100)]))).toEqual([]);
      expect(members(await step(open.table, [page('l', 0, 2 ** 53 - 1, 0)]))).toEqual([]);
      expect(members(await step(open.table, [page('other', 0, 100)]))).toEqual([]);
    });

    test('a span is in the order of characters, from its first up to its bound', async () => {
      const all = ['w:0000000010', 'w:0000000009', 'r:1', 'w:2147483647', 'x'];
      await step(
        open.table,
        all.map((member) => link('lex', member, 0)),
      );
      const span = (from: string, to: string, limit: number): Op => ({
        op: 'span',
        list: 'lex',
        from,
        to,
        limit,
      });
      const sorted = { members: ['w:0000000009', 'w:0000000010', 'w:2147483647'] };
      expect(await step(open.table, [span('w:', 'w;', 9)])).toEqual([sorted]);
      expect(await step(open.table, [span('w:0000000009', 'w:0000000010', 9), span('a', 'z', 1)])).toEqual([
        { members: ['w:0000000009'] },
        { members: ['r:1'] },
      ]);
      await step(open.table, [unlink('lex', 'w:0000000010', 0)]);
      await open.reopen();
      const moved = [link('lex', 'w:0000000011', 0), span('w:0000000009', 'x', 2), span('y', 'z', 9)];
      const [, found, none] = await step(open.table, moved);
      expect(found).toEqual({ members: ['w:0000000009', 'w:0000000011'] });
      expect(none?.members ?? []).toHaveLength(0);
    });

    test('all members with equal scores come in the order of their text', async () => {
      await step(
        open.table,
        ['l:b', 'o:a', 'l:a', 's:z'].map((member) => link('due', member, 5)),
      );
      await step(open.table, [link('due', 'l:early', 4), link('due', 'l:late', 6)]);
      expect(members(await step(open.table, [page('due', 4, 5)]))).toEqual(['l:a', 'l:b', 'o:a', 's:z']);
      expect(members(await step(open.table, [page('due', 0, 5, 3)]))).toEqual(['l:early', 'l:a', 'l:b']);
    });

    test('scores up to 2^53 keep their order', async () => {
      const scores = [2 ** 53 - 1, 2 ** 32 + 1, 1_790_000_000_001, 2 ** 53 - 2, 2 ** 32, 1_790_000_000_000];
      await step(
        open.table,
        scores.map((score) => link('l', String(score), score)),
      );
      await open.reopen();
      const [all] = await step(open.table, [page('l', 0, 2 ** 53 - 1)]);
      expect(all?.entries?.map(({ score }) => score)).toEqual([...scores].sort((a, b) => a - b));
      expect(members(await step(open.table, [page('l', 2 ** 53 - 2, 2 ** 53 - 1)]))).toEqual([
        String(2 ** 53 - 1),
      ]);
    });

    test('unlinking removes one member, may be repeated, and is visible within the same step', async () => {
      await step(open.table, [link('l', 'a', 1), link('l', 'b', 2)]);
      const moved = await step(open.table, [
        page('l', 0, 9),
        unlink('l', 'a', 1),
        unlink('l', 'a', 1),
        link('l', 'a', 3),
        page('l', 0, 9),
        unlink('l', 'b', 2),
      ]);
      expect(moved[4]?.entries).toEqual([
        { member: 'b', score: 2 },
        { member: 'a', score: 3 },
      ]);
      await open.reopen();
      expect(await step(open.table, [page('l', 0, 9)])).toEqual([{ entries: [{ member: 'a', score: 3 }] }]);
    });

    test('a thousand members are read page by page without loss', async () => {
      const scores = Array.from({ length: 1000 }, (_, n) => n + 1);
      await step(
        open.table,
        scores.map((score) => link('l', `m${String(score)}`, score)),
      );
      const seen: number[] = [];
      for (let after = 0; ;) {
        const [found] = await step(open.table, [page('l', after, 2 ** 53 - 1, 96)]);
        if (found?.entries?.length === 0) break;
        seen.push(...(found?.entries ?? []).map(({ score }) => score));
        after = seen.at(-1) ?? 0;
      }
      expect(seen).toEqual(scores);
    });

    test('members are a letter, a colon and an id', async () => {
      expect(await step(open.table, [{ op: 'member', member: 'l:0a:1' }])).toEqual([
        { letter: 'l', id: '0a:1', tail: ':0a:1', begins: false, size: 6 },
      ]);
      expect(await step(open.table, [{ op: 'member', member: 'l:é' }])).toMatchObject([
        { begins: true, size: 4 },
      ]);
      expect(await step(open.table, [{ op: 'member', member: 'l:è' }])).toMatchObject([{ begins: false }]);
    });

    test('the wall clock is the given one', async () => {
      expect(await step(open.table, [{ op: 'wall' }])).toEqual([{ wall: now }]);
      now += 3_600_000;
      expect(await step(open.table, [{ op: 'wall' }])).toEqual([{ wall: now }]);
    });

    test('every flag of verb reaches the rules', async () => {
      await step(open.table, [put('a', { n: 1 })], 'sessionCreate');
      expect(await step(open.table, [get('a')], 'sessionList')).toEqual([{ row: { n: 1 } }]);
    });

    test('steps that are sent together run one after another, in order', async () => {
      await step(open.table, [put('a', { n: 0, seen: '' })]);
      const change = (field: string, value: unknown): Op => ({
        op: 'change',
        kind: 'lease',
        id: 'a',
        field,
        value,
      });
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, n) => step(open.table, [get('a'), change('n', n + 1)])),
      );
      // The row that a step handed out may have been changed since by those after it, so only the end is looked at.
      expect(answers).toHaveLength(200);
      expect(await step(open.table, [get('a')])).toEqual([{ row: { n: 200, seen: '' } }]);
    });
  });

  describe(`records in the ${store} table`, () => {
    let open: OpenTable;
    beforeEach(async () => {
      open = await openPortTable(store, { wall: () => 7 });
      await open.table.call('identify', {} as never);
    });
    afterEach(() => open.close());
    afterAll(closeTables);

    const record = (text: string): Op => ({ op: 'record', text });
    const row = (no: number, text: string): RecordRow => ({
      no,
      epoch: 1,
      wall: 7,
      kind: 'configured',
      item: 'exports/e',
      reason: text,
    });

    test('an empty log has no history and misses nothing', async () => {
      expect(await open.table.history(0, 10)).toEqual({ records: [], complete: true, last: 0 });
    });

    test('history begins after its cursor, keeps its limit and survives a restart', async () => {
      await step(open.table, [record('a'), record('b')]);
      await step(open.table, [record('c')]);
      for (const reopen of [false, true]) {
        const table = reopen ? await open.reopen() : open.table;
        expect(await table.history(0, 2)).toEqual({
          records: [row(1, 'a'), row(2, 'b')],
          complete: true,
          last: 3,
        });
        expect(await table.history(2, 10)).toEqual({ records: [row(3, 'c')], complete: true, last: 3 });
        expect(await table.history(3, 10)).toEqual({ records: [], complete: true, last: 3 });
      }
    });

    test('a cursor beyond the end is reported as incomplete: its log is gone', async () => {
      await step(open.table, [record('a')]);
      expect(await open.table.history(5, 10)).toEqual({ records: [], complete: false, last: 1 });
    });

    test('a follower sees the records written after it began, in order, and none once it has stopped', async () => {
      await step(open.table, [record('before')]);
      const seen = collect(open.table);
      await Promise.all([step(open.table, [record('b'), record('c')]), step(open.table, [record('d')])]);
      await seen.upTo(4);
      seen.stop();
      await step(open.table, [record('after')]);
      expect(seen.records).toEqual([row(2, 'b'), row(3, 'c'), row(4, 'd')]);
      expect(seen.gaps()).toBe(0);
    });

    test('several followers see the same records', async () => {
      const both = [collect(open.table), collect(open.table)];
      await step(open.table, [record('a')]);
      for (const seen of both) {
        await seen.upTo(1);
        expect(seen.records).toEqual([row(1, 'a')]);
        seen.stop();
      }
    });
  });
}
