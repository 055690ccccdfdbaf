import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wire } from '#nfs4';
import type { Client } from '../../apps/nfs-head/src/server/clients';
import { type Compound, Operations } from '../../apps/nfs-head/src/server/operations';
import { Tree } from '../../apps/nfs-head/src/server/tree';

/** The operations of the NFS head, with answers of the lease service that come when the test says. */

const directory = mkdtempSync(join(tmpdir(), 'leasehold-operations-'));
let tree: Tree;
let operations: Operations;
let now: number;

beforeAll(async () => {
  tree = await Tree.open(directory);
  operations = new Operations(tree, 'local', 90_000);
});
beforeEach(() => {
  now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
  for (const name of ['f', 'g']) writeFileSync(join(directory, name), name);
  symlinkSync('f', join(directory, 's'));
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(async () => {
  await tree.close();
  rmSync(directory, { recursive: true });
});

/** A request in which each call to the lease service takes that long. Keeps the calls. */
function compound(tookMs: number[]): { state: Compound; calls: [method: string, input: object][] } {
  const calls: [string, object][] = [];
  const call = (method: string, input: object): Promise<object> => {
    now += tookMs[calls.length] ?? 0;
    calls.push([method, input]);
    return Promise.resolve({ status: 'NFS4_OK', changeIds: method === 'Change' ? ['c'] : [] });
  };
  const state = {
    ...{ client: { call } as unknown as Client, caller: { uid: 0, gid: 0, gids: [] } },
    ...{ current: tree.root, saved: tree.root, requestId: 'r', stateid: undefined, savedStateid: undefined },
  };
  return { state: state as unknown as Compound, calls };
}
const name = (of: string): Buffer => Buffer.from(of);
const mode = { attrmask: [0, 2], attr_vals: Buffer.from([0, 0, 1, 0x80]) };

const changes: Record<string, [does: (state: Compound) => Promise<unknown>, calls: number]> = {
  RENAME: [(state) => operations.rename({ oldname: name('f'), newname: name('g') }, state), 3],
  'RENAME of a symbolic link': [
    (state) => operations.rename({ oldname: name('s'), newname: name('g') }, state),
    2,
  ],
  REMOVE: [(state) => operations.remove({ target: name('f') }, state), 2],
  SETATTR: [
    async (state) => {
      await operations.lookup(name('f'), state);
      const stateid = { seqid: 0, other: Buffer.alloc(12) };
      return operations.setattr({ stateid, obj_attributes: mode }, state);
    },
    1,
  ],
  LINK: [
    async (state) => {
      await operations.lookup(name('f'), state);
      state.saved = state.current;
      state.current = tree.root;
      return operations.link({ newname: name('h') }, state);
    },
    1,
  ],
};
const seen = (): string[] =>
  readdirSync(directory).map((each) => `${each} ${String(statSync(join(directory, each)).mode)}`);

describe.each(Object.entries(changes))('%s', (_, [make, announcements]) => {
  test('is made if what it is about is quiet until then', async () => {
    const { state, calls } = compound(Array.from({ length: announcements }, () => 400));
    await make(state);
    expect(calls.filter(([method]) => method === 'Change')).toHaveLength(announcements);
    for (const [method, input] of calls)
      if (method === 'ReportChange') expect(input).toMatchObject({ made: true });
  });

  test.each(Array.from({ length: announcements }, (_, n) => n))(
    'is not made if announcement %i takes so long that others may have got delegations meanwhile',
    async (slow) => {
      const before = seen();
      const { state, calls } = compound(
        Array.from({ length: announcements }, (_, n) => (n === slow ? 1_600 : 0)),
      );
      await expect(make(state)).rejects.toMatchObject({ status: wire.NFS4ERR_DELAY });
      expect(seen()).toEqual(before);
      for (const [method, input] of calls)
        if (method === 'ReportChange') expect(input).toMatchObject({ made: false });
      for (const [method, input] of calls)
        if (method === 'Change') expect(input).toMatchObject({ quietMs: 2_000 });
    },
  );
});
