/**
 * `npm run test:dlm`: compares locks in modes with the DLM of the Linux kernel. Boots a kernel in a small virtual machine
 * (test/support/dlm-vm.sh: Debian packages), runs test/dlm, and stops it. Ends with one line, "N passed, N failed".
 * Arguments go to jest. HISTORIES= sets the number of random histories, SEED= repeats them.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError, ensureInstalled, ensureNode, root, run, runScript } from './ensure.mjs';
import { conclude, realProcesses, runJest } from './run-jest.mjs';

const script = join(root, 'test', 'support', 'dlm-vm.sh');

await runScript(async () => {
  ensureNode();
  await ensureInstalled();
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-dlm-'));
  try {
    if ((await run('bash', [script, 'start', directory])) !== 0)
      throw new SetupError('The virtual machine did not start: see above.');
    const env = { ...process.env, LEASEHOLD_TEST_DLM: directory };
    conclude(await runJest(['dlm'], [...realProcesses, ...process.argv.slice(2)], env));
  } finally {
    spawnSync('bash', [script, 'stop', directory], { stdio: 'ignore' });
    rmSync(directory, { recursive: true, force: true });
  }
});
