/**
 * `npm run test:packages`: packs the packages as for a release, installs them into empty projects under several versions of
 * Node, and runs them there and in a browser. Needs the npm registry and Chromium. Ends with one line, "N passed, N failed".
 */
import { spawnSync } from 'node:child_process';
import { SetupError, ensureAll, runScript } from './ensure.mjs';
import { conclude, realProcesses, runJest } from './run-jest.mjs';

const chromium = () => spawnSync('chromium', ['--version'], { stdio: 'ignore' }).status === 0;

await runScript(async () => {
  await ensureAll();
  if (!chromium()) {
    console.log('Installing chromium ...');
    const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
    const [command, ...args] = [
      ...sudo,
      'apt-get',
      '-qq',
      '-y',
      'install',
      '--no-install-recommends',
      'chromium',
    ];
    spawnSync(command, args, { stdio: 'inherit' });
    if (!chromium()) throw new SetupError('Install chromium and run npm run test:packages again.');
  }
  conclude(await runJest(['packages'], [...realProcesses, ...process.argv.slice(2)]));
});
