import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chaos } from '../chaos/run';
import { changed, changeFor, sabotages } from '../chaos/sabotage';
import { closeProxies } from '../support/tcp-proxy';
import { stopPrograms } from '../support/service';

/** A short run of `npm run chaos`; the longer the run, the more it finds. */
const directory = mkdtempSync(join(tmpdir(), 'leasehold-chaos-'));

afterAll(async () => {
  closeProxies();
  await stopPrograms();
  rmSync(directory, { recursive: true, force: true });
});

test('two lease APIs over one Redis, while programs stop and links fail: no promise is broken', async () => {
  const { violations, counts } = await chaos({
    shape: 'redis',
    seed: 7,
    ms: 5_000,
    path: join(directory, 'history.jsonl'),
    // Starting a program again would take most of the time.
    faults: /SIGSTOP|link/,
    lateMs: 120_000,
  });
  expect(violations).toEqual([]);
  expect(counts['faults']).toBeGreaterThan(0);
  expect(counts['done take']).toBeGreaterThan(0);
});

test.each(Object.entries(sabotages))('--sabotage %s: what it changes is there', (_name, sabotage) => {
  for (const shape of ['embedded', 'redis']) expect(changed(changeFor(sabotage, shape))).not.toBe('');
});
