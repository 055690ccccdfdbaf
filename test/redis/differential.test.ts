import fc from 'fast-check';
import { ShardedTable, type Table } from '#locks';
import { DlmPlayer, movesOf, Requests, type Move } from '../support/dlm-history';
import { histories, type Instruction, Player } from '../support/history';
import { closeTables, openTable } from '../support/tables';

afterAll(closeTables);

/**
 * Absent equals undefined, and an empty array equals an empty object: MessagePack from Lua cannot distinguish them. Which
 * library runs the rules, only a table in Redis knows.
 */
const plain = (value: unknown): unknown => {
  const text = JSON.stringify(value, (name, each: unknown) => (name === 'library' ? undefined : each));
  return JSON.parse(text.replaceAll('{}', '[]')) as unknown;
};

async function playThrough(store: 'embedded' | 'redis', history: Instruction[]): Promise<unknown[]> {
  const clock = { now: 1_700_000_000_000 };
  const open = await openTable(store, { wall: () => clock.now });
  const player = new Player((verb, input) => open.table.call(verb, input), clock);
  const answers: unknown[] = [await player.begin()];
  for (const instruction of history) answers.push({ instruction, answer: await player.step(instruction) });
  answers.push(await everything(open.table));
  await open.close();
  return answers.map(plain);
}

const shards = 4;

/** The same in four shards. */
async function playInShards(store: 'embedded' | 'redis', history: Instruction[]): Promise<unknown[]> {
  const clock = { now: 1_700_000_000_000 };
  const open = await Promise.all(
    Array.from({ length: shards }, () => openTable(store, { wall: () => clock.now })),
  );
  const table = new ShardedTable(open.map((each) => each.table));
  const player = new Player((verb, input) => table.call(verb, input), clock, shards);
  const answers: unknown[] = [await player.begin()];
  for (const instruction of history) answers.push({ instruction, answer: await player.step(instruction) });
  answers.push(await everything(table));
  for (let shard = 1; shard < shards; shard += 1) answers.push(await table.history(0, 10_000, shard));
  await Promise.all(open.map((each) => each.close()));
  return answers.map(plain);
}

async function everything(table: Table): Promise<unknown> {
  const locks = await table.call('lockList', { after: 0, limit: 1000, tree: true });
  const exports = await table.call('exportList', {});
  const sessions = await table.call('sessionList', { after: 0, limit: 1000 });
  return [locks, exports, sessions, await table.history(0, 10_000)];
}

test('in a random history two tables give the same answers, records and listings', async () => {
  await fc.assert(
    fc.asyncProperty(histories(80), async (history) => {
      const embedded = await playThrough('embedded', history);
      expect(await playThrough('redis', history)).toEqual(embedded);
    }),
    {
      numRuns: Number(process.env['HISTORIES'] ?? 60),
    },
  );
}, 3_600_000);

test('the same in four shards', async () => {
  await fc.assert(
    fc.asyncProperty(histories(80), async (history) => {
      expect(await playInShards('redis', history)).toEqual(await playInShards('embedded', history));
    }),
    { numRuns: Number(process.env['HISTORIES'] ?? 15) },
  );
}, 3_600_000);

/** Locks in modes: the same moves, and what every lock hears. */
async function playModes(store: 'embedded' | 'redis', moves: readonly Move[]): Promise<unknown[]> {
  const clock = { now: 1_700_000_000_000 };
  const open = await openTable(store, { wall: () => clock.now });
  const player = new DlmPlayer(open.table, clock);
  await player.begin();
  const requests = new Requests('r');
  const heard: unknown[] = [];
  for (const move of moves) {
    const request = requests.next(move);
    const news = await player.ask(request);
    requests.heard(request, news);
    heard.push({ move, news });
  }
  for (const fileKey of ['r0', 'r1'])
    heard.push(await open.table.call('resourceGet', { fileKey, limit: 50 }));
  heard.push(await everything(open.table));
  await open.close();
  return heard.map(plain);
}

test('in a random history of locks in modes two tables give the same answers, records and listings', async () => {
  await fc.assert(
    fc.asyncProperty(movesOf(60), async (moves) => {
      expect(await playModes('redis', moves)).toEqual(await playModes('embedded', moves));
    }),
    { numRuns: Number(process.env['HISTORIES'] ?? 20) },
  );
}, 3_600_000);
