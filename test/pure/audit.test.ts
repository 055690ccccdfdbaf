import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Audit, openAudit } from '../../apps/lease-api/src/telemetry/audit';
import { createLog } from '#telemetry';
import { eventually } from '../support/eventually';

/** The audit log is behind the requests, bounded, and follows its file. */
const log = createLog('test', 'silent');
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'leasehold-audit-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});
const actionsIn = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { action: string }).action);
const act = (action: string) => ({ outcome: 'allowed', action }) as const;

test('records go to the file in order, and after logrotate to the new one', async () => {
  const path = join(directory, 'audit');
  const audit = openAudit(path, log);
  for (const action of ['a', 'b']) audit.record(act(action));
  await eventually(() => {
    expect(actionsIn(readFileSync(path, 'utf8'))).toEqual(['a', 'b']);
  });
  renameSync(path, `${path}.1`);
  audit.record(act('c'));
  await audit.stop();
  expect(actionsIn(readFileSync(`${path}.1`, 'utf8'))).toEqual(['a', 'b']);
  expect(actionsIn(readFileSync(path, 'utf8'))).toEqual(['c']);
});

test('a path that cannot be written is an error', () => {
  expect(() => openAudit(directory, log)).toThrow(/^LEASEHOLD_AUDIT: cannot write .*EISDIR/);
});

test('no record can forge a line or obey a terminal', async () => {
  const path = join(directory, 'audit');
  const audit = openAudit(path, log);
  audit.record({ ...act('a'), target: 'x\n{"outcome":"allowed"}\u001b[2J\u202e' });
  await audit.stop();
  const text = readFileSync(path, 'utf8');
  expect(text.split('\n')).toHaveLength(2);
  expect(text).not.toMatch(/[\u001b\u202e]/u);
});

test('what does not fit is dropped, counted and said, and nobody waits', async () => {
  const written: string[] = [];
  let free: (() => void) | undefined;
  const sink = {
    write: (text: string) =>
      new Promise<void>((resolve) => {
        free = () => {
          written.push(text);
          resolve();
        };
      }),
    close: () => undefined,
  };
  const audit = new Audit(sink, log, { records: 3, chars: 10_000 });
  let dropped = 0;
  audit.onDrop = () => {
    dropped += 1;
  };
  for (const action of ['a', 'b', 'c', 'd', 'e']) audit.record(act(action));
  expect(dropped).toBe(2);
  free?.();
  await eventually(() => {
    expect(written).toHaveLength(1);
  });
  await eventually(() => {
    audit.record(act('f'));
    free?.();
    expect(written.join('')).toContain('"f"');
  });
  expect(written.join('')).toMatch(/"outcome":"dropped","action":"audit","count":2}/);
});

test('what cannot be written now is written later', async () => {
  const written: string[] = [];
  let isFull = true;
  const sink = {
    write: (text: string) => {
      if (isFull) return Promise.reject(new Error('ENOSPC'));
      written.push(text);
      return Promise.resolve();
    },
    close: () => undefined,
  };
  const audit = new Audit(sink, log);
  audit.record(act('a'));
  await new Promise((resolve) => setImmediate(resolve));
  isFull = false;
  audit.record(act('b'));
  await eventually(() => {
    expect(actionsIn(written.join(''))).toEqual(['a', 'b']);
  });
});
