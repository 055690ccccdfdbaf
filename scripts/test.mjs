/**
 * `npm test`: sets up what is missing, then runs the checks and every test. Ends with one line, "N passed, N failed". A
 * failing check, or a suite that cannot run, counts as a failed test. With --smoke (`npm run test:node24`): runs only
 * the tests that show whether the programs work at all under this version of Node.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { SetupError, ensureAll, root, run, runScript } from './ensure.mjs';
import { conclude, inMachine, realProcesses, runJest } from './run-jest.mjs';

const has = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Programs that tests run, and the packages that have them. */
const programs = [
  { command: 'redis-server', has: 'redis-server 7 or later (or valkey with its redis-server link)' },
  { command: 'faketime', has: 'faketime' },
  { command: 'etcd', has: 'etcd-server', package: 'etcd-server' },
  { command: 'etcdctl', has: 'etcd-client', package: 'etcd-client', version: 'version' },
  { command: 'promtool', has: 'prometheus (for promtool)', package: 'prometheus' },
  { command: 'systemd-analyze', has: 'systemd (for systemd-analyze)', package: 'systemd' },
];

async function ensurePrograms() {
  const missing = () => programs.filter(({ command, version = '--version' }) => !has(command, version));
  if (missing().length === 0) return;
  const names = missing().map(({ command, package: name = command }) => name);
  const said = `${missing()
    .map(({ command }) => command)
    .join(' and ')} missing`;
  const byHand = `Install ${missing()
    .map((each) => each.has)
    .join(' and ')} and run npm test again.`;
  if (!has('apt-get', '--version'))
    throw new SetupError(`${said}, and this system has no apt-get. ${byHand}`);
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (sudo.length > 0 && !has('sudo', '-n', 'true'))
    throw new SetupError(`${said}, and installing needs root or sudo without a password. ${byHand}`);
  console.log(`Installing ${names.join(' and ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', '-qq', '-y', ...args];
    return run(command, rest, { env });
  };
  // Old package lists may suffice, so continue if the update fails.
  await apt('update');
  if ((await apt('install', '--no-install-recommends', ...names)) !== 0 || missing().length > 0)
    throw new SetupError(`${said}, and could not be installed: see above. ${byHand}`);
}

/** These cover native modules and threads, the embedded table, kernel leases, both transports and the command line. */
const smokeTests = 'pure/(embedded-table|client)|e2e/(path|leasectl|new-stack|nfs-contract)\\.test';

async function smoke() {
  console.log(`Node ${process.version}`);
  return runJest(['pure', 'e2e'], ['--testPathPatterns', smokeTests, ...realProcesses]);
}

/** It changes settings of the kernel, which all adapters of the machine notice: with leases off, they serve nothing. */
const wholeKernel = 'e2e/posix-driver\\.test';

async function all() {
  const checked = await run(process.execPath, [join(root, 'scripts', 'check.mjs'), '--without-tests']);
  if (checked !== 0) console.error('The checks failed: see above.');
  const site = await run(process.execPath, [join(root, 'scripts', 'docs.mjs'), '--build']);
  if (site !== 0) console.error('The docs site could not be built: see above.');
  const fast = await runJest(['pure', 'scenarios'], []);
  const real = await runJest(['redis', 'e2e'], ['--testPathIgnorePatterns', wholeKernel, ...realProcesses]);
  const alone = await runJest(['e2e'], ['--testPathPatterns', wholeKernel, ...inMachine]);
  return {
    passed: fast.passed + real.passed + alone.passed,
    failed: fast.failed + real.failed + alone.failed + (checked === 0 ? 0 : 1) + (site === 0 ? 0 : 1),
  };
}

await runScript(async () => {
  await ensureAll();
  await ensurePrograms();
  conclude(await (process.argv.includes('--smoke') ? smoke() : all()));
});
