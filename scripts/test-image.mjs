/**
 * `npm run test:image`: builds the image from the Dockerfile as it is and runs it, also by docker-compose.yml. Needs root,
 * Podman and a few other Debian packages, the npm registry, and the base image from its registry or, where that cannot be
 * reached, Debian's mirror to make one like it. What was built stays in /tmp/leasehold-image for the next run.
 * Ends with one line, "N passed, N failed".
 */
import { spawnSync } from 'node:child_process';
import { SetupError, ensureAll, runScript } from './ensure.mjs';
import { conclude, inMachine, runJest } from './run-jest.mjs';

/** What tests run, and the Debian packages that have it. */
const programs = [
  { packages: ['podman', 'netavark', 'aardvark-dns'], check: ['podman', '--version'] },
  { packages: ['runc'], check: ['runc', '--version'] },
  { packages: ['mmdebstrap'], check: ['mmdebstrap', '--version'] },
  { packages: ['catatonit'], check: ['catatonit', '--version'] },
  { packages: ['docker-compose'], check: ['docker-compose', '--version'] },
];

const missing = () =>
  programs.filter(
    ({ check: [command, ...args] }) => spawnSync(command, args, { stdio: 'ignore' }).status !== 0,
  );

await runScript(async () => {
  if (process.getuid?.() !== 0) throw new SetupError('npm run test:image has to run as root.');
  await ensureAll();
  const packages = missing().flatMap((each) => each.packages);
  if (packages.length > 0) {
    const names = packages.join(' ');
    console.log(`Installing ${names} ...`);
    for (const what of [['update'], ['install', '--no-install-recommends', ...packages]])
      spawnSync('apt-get', ['-qq', '-y', ...what], {
        stdio: 'inherit',
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    if (missing().length > 0) throw new SetupError(`Install ${names} and run npm run test:image again.`);
  }
  conclude(await runJest(['image'], [...inMachine, ...process.argv.slice(2)]));
});
