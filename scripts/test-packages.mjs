/**
 * `npm run test:packages`: packs the packages as for a release, installs them into empty projects under several versions of
 * Node, and runs them there and in a browser; and generates a Python client. Checks the
 * Helm chart. Needs the npm registry, Chromium, Java, Go, and Python with a few modules. Ends with one line, "N passed, N failed".
 */
import { spawnSync } from 'node:child_process';
import { SetupError, ensureAll, runScript } from './ensure.mjs';
import { conclude, inMachine, runJest } from './run-jest.mjs';

/** What tests run, and the Debian packages that have it. */
const programs = [
  { packages: ['chromium'], check: ['chromium', '--version'] },
  { packages: ['default-jre-headless'], check: ['java', '-version'] },
  // The template engine of Helm, as Debian has it.
  {
    packages: ['golang-go', 'golang-github-masterminds-sprig-dev', 'golang-github-ghodss-yaml-dev'],
    check: [
      'sh',
      '-c',
      'go version && cd /usr/share/gocode/src/github.com && ls Masterminds/sprig ghodss/yaml',
    ],
  },
  {
    packages: ['python3', 'python3-urllib3', 'python3-dateutil', 'python3-certifi', 'python3-six'],
    check: ['/usr/bin/python3', '-c', 'import urllib3, dateutil, certifi, six'],
  },
];

const missing = () =>
  programs.filter(
    ({ check: [command, ...args] }) => spawnSync(command, args, { stdio: 'ignore' }).status !== 0,
  );

await runScript(async () => {
  await ensureAll();
  const packages = missing().flatMap((each) => each.packages);
  if (packages.length > 0) {
    const names = packages.join(' ');
    console.log(`Installing ${names} ...`);
    const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
    for (const what of [['update'], ['install', '--no-install-recommends', ...packages]]) {
      const [command, ...args] = [...sudo, 'apt-get', '-qq', '-y', ...what];
      spawnSync(command, args, {
        stdio: 'inherit',
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    }
    if (missing().length > 0) throw new SetupError(`Install ${names} and run npm run test:packages again.`);
  }
  conclude(await runJest(['packages'], [...inMachine, ...process.argv.slice(2)]));
});
