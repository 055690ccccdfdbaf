/**
 * `npm run test:nfs`: tests the stack `nfs4` against real servers. Boots a Linux kernel NFS server in a small virtual
 * machine (test/support/knfsd.sh: Debian packages, nothing is installed), runs test/nfs, and stops it. Ends with one
 * line, "N passed, N failed". Arguments go to jest. KNFSD_… variables are those of knfsd.sh. KERNEL=6.1 takes that kernel,
 * for the server and for the Linux client; tests of what it lacks are skipped by name.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SetupError, ensureAll, root, run, runScript } from './ensure.mjs';
import { freePort } from './free-port.mjs';
import { conclude, inMachine, runJest } from './run-jest.mjs';

/** The same default as in knfsd.sh. */
const cache =
  process.env.KNFSD_DIR ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'leasehold-knfsd');
const script = join(root, 'test', 'support', 'knfsd.sh');

const kernelOf = (env) => spawnSync(script, ['exec', 'uname -r'], { env, encoding: 'utf8' }).stdout.trim();

/** What the kernel lacks, found out by trying. Without a choice of kernel it must lack nothing. */
function lacking(env) {
  const args = ['-r', './test/support/typescript.cjs', 'test/support/knfsd-lacks.ts'];
  const tried = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
  if (tried.status !== 0) throw new SetupError(`What the kernel can do is not known: ${tried.stderr}`);
  const lacks = tried.stdout.split('\n').filter((name) => name !== '');
  if (lacks.length > 0 && env.KNFSD_KERNEL === undefined && env.KNFSD_SUITE === undefined)
    throw new SetupError(
      `This kernel lacks ${lacks.join(', ')}, and a newer one cannot be had: choose it by KERNEL= to test it all the same.`,
    );
  return lacks;
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
    ...(process.env.KERNEL === undefined ? {} : { KNFSD_KERNEL: process.env.KERNEL }),
    KNFSD_NAME: `nfs${process.pid}`,
    KNFSD_EXECPORT: await freePort(),
    // Memory limits how many delegations Linux grants: 3,581 with 1 GiB.
    KNFSD_MEM: process.env.KNFSD_MEM ?? '1024',
    // It ends before if all clients have reclaimed; what is slow on a busy machine must not come too late for it.
    KNFSD_GRACE: process.env.KNFSD_GRACE ?? '45',
    LEASEHOLD_TEST_NFS_PORT: port,
    LEASEHOLD_TEST_NFS_CLIENT_PORT: await freePort(),
    LEASEHOLD_TEST_GANESHA_PORT: await freePort(),
  };
  try {
    if ((await run(script, ['start', port], { env })) !== 0)
      throw new SetupError('The NFS server did not start: see above.');
    const lacks = lacking(env);
    console.log(`Kernel ${kernelOf(env)} lacks ${lacks.join(', ') || 'nothing'}.`);
    env.LEASEHOLD_TEST_NFS_LACKS = lacks.join(',');
    const result = await runJest(['nfs'], [...inMachine, ...process.argv.slice(2)], env);
    for (const name of result.skipped) console.log(`skipped: ${name}`);
    conclude(result);
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
