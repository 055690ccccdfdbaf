/**
 * `npm run test:nfs`: tests the stack `nfs4` against real servers. Boots a Linux kernel NFS server in a small virtual
 * machine (test/support/knfsd.sh: Debian packages, nothing is installed), runs test/nfs, and stops it. Ends with one
 * line, "N passed, N failed". Arguments go to jest. KNFSD_… variables are those of knfsd.sh.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SetupError, ensureAll, root, run, runScript } from './ensure.mjs';
import { conclude, inMachine, runJest } from './run-jest.mjs';

/** The same default as in knfsd.sh. */
const cache =
  process.env.KNFSD_DIR ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'leasehold-knfsd');
const script = join(root, 'test', 'support', 'knfsd.sh');

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

await runScript(async () => {
  await ensureAll();
  for (const program of ['bash', 'apt-get', 'dpkg', 'mkfs.ext4']) {
    const found = spawnSync('sh', ['-c', `PATH=$PATH:/sbin:/usr/sbin command -v ${program}`]);
    if (found.status !== 0)
      throw new SetupError(
        `test:nfs builds its server from Debian packages, and there is no ${program} here.`,
      );
  }
  const port = await freePort();
  const env = {
    ...process.env,
    KNFSD_NAME: `nfs${process.pid}`,
    KNFSD_EXECPORT: await freePort(),
    // Memory limits how many delegations Linux grants: 3,581 with 1 GiB.
    KNFSD_MEM: process.env.KNFSD_MEM ?? '1024',
    LEASEHOLD_TEST_NFS_PORT: port,
    LEASEHOLD_TEST_NFS_CLIENT_PORT: await freePort(),
    LEASEHOLD_TEST_GANESHA_PORT: await freePort(),
  };
  try {
    if ((await run(script, ['start', port], { env })) !== 0)
      throw new SetupError('The NFS server did not start: see above.');
    conclude(await runJest(['nfs'], [...inMachine, ...process.argv.slice(2)], env));
  } finally {
    for (const [verb, name] of [
      ['stop', env.KNFSD_NAME],
      ['client-stop', `${env.KNFSD_NAME}c`],
    ]) {
      spawnSync(script, [verb], { env: { ...env, KNFSD_NAME: name }, stdio: 'ignore' });
      rmSync(join(cache, 'run', name), { recursive: true, force: true });
    }
  }
});
