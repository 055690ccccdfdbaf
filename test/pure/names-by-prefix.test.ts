import type { LeaseView, LockView } from '../../libs/locks/src/core/io';
import { CountedRows } from '../support/counted-rows';
import { scenarioLimits } from '../support/scenario';

/** Listings by how names begin, when nearly everything is on other names (docs/decisions/0048-names-by-prefix.md). */
const others = 3_000;
const wanted = 5;
const rows = new CountedRows({ now: 1_700_000_000_000 });

beforeAll(() => {
  const limits = { ...scenarioLimits, sessionLocksMax: 10_000 };
  rows.play('identify', { identity: 'i', seen: { epoch: 1, no: 0 }, limits });
  rows.play('exportDeclare', { name: 'local', breakMs: 45_000, lockDelayMs: 0 });
  rows.play('sessionCreate', { sessionId: 's', digest: 'd', ttlMs: 60_000, pid: 0 });
  const names = [
    ...Array.from({ length: others }, (_, n) => `other/${String(n)}`),
    ...Array.from({ length: wanted }, (_, n) => `wanted/${String(n)}`),
  ];
  for (const path of names) {
    const file = { fileKey: path, exportName: 'local', path, fileId: path, inode: '' };
    const item = { ...file, leaseId: path, owner: 's', ownerKey: 's', clientKey: 'c' };
    rows.play('leaseAcquire', { sessionId: 's', digest: 'd', item, type: 'read', waitMs: 0 });
  }
});

interface Page {
  found: readonly (LockView | LeaseView)[];
  after?: number;
}
/** Reads all pages. Returns what was found, and the most that one page has looked at. */
function read(page: (after: number) => Page): { found: string[]; pages: number; most: number } {
  const all: string[] = [];
  let [pages, most] = [0, 0];
  for (let after: number | undefined = 0; after !== undefined; pages += 1) {
    rows.looks = 0;
    const { found, after: next }: Page = page(after);
    most = Math.max(most, rows.looks);
    all.push(...found.map(({ path }) => path));
    after = next;
  }
  return { found: all, pages, most };
}
const expected = Array.from({ length: wanted }, (_, n) => `wanted/${String(n)}`);
const by = { exportName: 'local', prefix: 'wanted/' };

test.each([10, 100])(
  'a page of %i of all locks looks at a few hundred rows, and the pages together at each row once',
  (limit) => {
    const { found, pages, most } = read((after) => {
      const { locks, after: next } = rows.play('lockList', { ...by, after, limit }).value;
      return { found: locks, after: next };
    });
    expect(found).toEqual(expected);
    expect(most).toBeLessThan(1_000);
    expect(pages).toBeLessThan(others / 200);
  },
);

test('a page of the leases of a session looks at as many rows as it may have', () => {
  const limit = 100;
  const { found, most } = read((after) => {
    const { value } = rows.play('leaseList', { ...by, sessionId: 's', digest: 'd', after, limit });
    if ('refused' in value) throw new Error(value.refused.reason);
    return { found: value.leases, after: value.after };
  });
  expect(found).toEqual(expected);
  expect(most).toBeLessThan(4 * limit);
});
