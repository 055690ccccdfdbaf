import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, stopClusters } from '../support/cluster';
import { rpcSecret, startFileserver } from '../support/service';

/** `test/support/notes-stack`: one folder, and one line where the stacks are listed. */
const program = join(__dirname, '../support/notes-stack/main.ts');
const nodeFlags = ['-r', join(__dirname, '../support/typescript.cjs')];
const directory = mkdtempSync(join(tmpdir(), 'leasehold-notes-'));

afterAll(async () => {
  await stopClusters();
  rmSync(directory, { recursive: true });
});

function refused(...args: string[]): string {
  const env = { ...process.env, LEASEHOLD_RPC_SECRET: rpcSecret };
  const { status, stderr } = spawnSync(process.execPath, [...nodeFlags, program, ...args], { env });
  expect(status).toBe(2);
  return String(stderr);
}

test('the adapter program serves a new stack beside its own', async () => {
  const cluster = await Cluster.start();
  writeFileSync(join(directory, 'f'), 'text\n');
  const api = cluster.api;
  const fileserver = await startFileserver(
    {
      stack: 'notes',
      exports: { noted: directory },
      apis: [api.rpcAddress],
      own: ['--notes-limit', '50000'],
      ...{ program, nodeFlags },
    },
    api,
  );
  const { body } = await api.request('GET', '/v1/exports/noted');
  expect(body).toMatchObject({ stack: 'notes', state: 'up', fileSystem: 'notes', breakLimitMs: 50_000 });

  const { session, ear } = await cluster.holder();
  const lease = await session.acquire({ export: 'noted', file: 'f', type: 'write' });
  expect(lease.backed).toBe(true);
  writeFileSync(join(directory, 'f.break'), '');
  expect(await ear.next('break', 'f')).toMatchObject({ leaseId: lease.id });
  await lease.release();
  expect(await fileserver.stop()).toBe(0);
});

test('its name, its locations and its options are in the usage text and in refusals', () => {
  const text = refused('--stack', 'notes', '--export', 'a=b');
  expect(text).toContain('--export: must begin with /\n');
  expect(text).toContain('fileserver --stack notes --export NAME=ABSOLUTE-DIR [--export …]');
  expect(text).toContain(
    'with --stack notes:\n  --notes-limit MS  how long a broken hold lasts\n                    (default: 30000)\n',
  );
  expect(refused('--stack', 'other', '--export', 'a=/b')).toContain(
    '--stack: must be posix or nfs4 or dlm or notes\n',
  );
  expect(refused('--export', 'a=/b', '--notes-limit', '7')).toContain(
    '--notes-limit: only with --stack notes\n',
  );
  expect(refused('--stack', 'notes', '--export', 'a=/b', '--notes-limit', 'x', '--auth-sys', '1:1')).toMatch(
    /^--auth-sys: only with --stack nfs4\n--notes-limit: must be milliseconds\n/,
  );
});
