/** Runs one jest project that needs a machine started before it, for test-nfs.mjs and test-dlm.mjs. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from './ensure.mjs';

/** Generous, because emulation is slow. */
const jestLimitMs = 20 * 60_000;

/** Ends with one line, "N passed, N failed"; resolves with the exit code. The script's own arguments go to jest. */
export async function runJest(project, env, limitMs = jestLimitMs) {
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-jest-'));
  const outputFile = join(directory, 'result.json');
  try {
    const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
    const options = ['--selectProjects', project, '--runInBand', '--forceExit', '--json'];
    const code = await run(
      process.execPath,
      [jest, ...options, `--outputFile=${outputFile}`, ...process.argv.slice(2)],
      { env, stdio: ['ignore', 'ignore', 'inherit'], timeout: limitMs, killSignal: 'SIGKILL' },
    );
    let passed = 0;
    let failed = 0;
    try {
      const result = JSON.parse(readFileSync(outputFile, 'utf8'));
      passed = result.numPassedTests;
      failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    } catch {
      console.error('jest left no result.');
    }
    if (failed === 0 && (code !== 0 || passed === 0)) failed = 1;
    console.log(`${passed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
