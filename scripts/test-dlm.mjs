/**
 * `npm run test:dlm`: compares locks in modes with the DLM of the Linux kernel, and tests the stack `dlm` on it. Boots a
 * kernel in two small virtual machines, the nodes of a cluster (test/support/dlm-vm.sh: Debian packages; it needs no KVM),
 * runs test/dlm, and stops them. Ends with one line, "N passed, N failed".
 * Arguments go to jest. HISTORIES= sets the number of random histories, SEED= repeats them.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError, ensureAll, root, run, runScript } from './ensure.mjs';
import { freePort } from './free-port.mjs';
import { conclude, inMachine, runJest } from './run-jest.mjs';

const script = join(root, 'test', 'support', 'dlm-vm.sh');

await runScript(async () => {
  await ensureAll();
  for (const program of ['bash', 'apt-get', 'dpkg']) {
    const found = spawnSync('sh', ['-c', `command -v ${program}`]);
    if (found.status !== 0)
      throw new SetupError(
        `test:dlm builds its machine from Debian packages, and there is no ${program} here.`,
      );
  }
  const port = await freePort();
  const [directory, other] = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'leasehold-dlm-')));
  const machines = [
    [directory, port, '1', other],
    [other, '', '2', directory],
  ];
  try {
    for (const machine of machines)
      if ((await run('bash', [script, 'start', ...machine])) !== 0)
        throw new SetupError('The virtual machine did not start: see above.');
    const env = {
      ...process.env,
      LEASEHOLD_TEST_DLM: directory,
      LEASEHOLD_TEST_DLM_OTHER: other,
      LEASEHOLD_TEST_DLM_PORT: port,
    };
    conclude(await runJest(['dlm'], [...inMachine, ...process.argv.slice(2)], env));
  } finally {
    for (const [each] of machines) {
      spawnSync('bash', [script, 'stop', each], { stdio: 'ignore' });
      rmSync(each, { recursive: true, force: true });
    }
  }
});
