/** Runs jest and counts results, for test.mjs, test-nfs.mjs and test-dlm.mjs. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from './ensure.mjs';

/** A run still going after this time hangs: ten times what it takes at rest, because the machine may be busy. */
const limitMs = 150 * 60_000;

/**
 * Tests with real processes mostly wait, so two files run side by side: every file has ports, directories, mounts and
 * settings of its own. After some of them Node 20 can spin for ever while cleaning up native handles on exit; jest has
 * its results by then.
 */
export const realProcesses = ['--maxWorkers=2', '--forceExit'];

/** Tests in a virtual machine, or with a whole browser: one at a time. */
export const inMachine = ['--runInBand', '--forceExit'];

/**
 * Runs jest projects and resolves with how many tests passed and failed, and the names of those skipped. A suite that could not run counts as one failed
 * test, and so does a run without a result.
 */
export async function runJest(projects, options, env = process.env) {
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-jest-'));
  const outputFile = join(directory, 'result.json');
  try {
    const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
    const code = await run(
      process.execPath,
      [jest, '--selectProjects', ...projects, '--json', `--outputFile=${outputFile}`, ...options],
      // The report goes to the file; jest's readable output goes to standard error.
      { env, stdio: ['ignore', 'ignore', 'inherit'], timeout: limitMs, killSignal: 'SIGKILL' },
    );
    const counted = count(outputFile);
    if (counted.failed > 0 || (code === 0 && counted.passed > 0)) return counted;
    console.error(`jest ended with ${code} for ${projects.join(', ')}.`);
    return { ...counted, failed: 1 };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function count(outputFile) {
  try {
    const result = JSON.parse(readFileSync(outputFile, 'utf8'));
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
      skipped: result.testResults
        .flatMap(({ assertionResults }) => assertionResults)
        .filter(({ status }) => status === 'pending')
        .map(({ fullName }) => fullName),
    };
  } catch {
    return { passed: 0, failed: 0, skipped: [] };
  }
}

/** The one line with which every run of tests ends. */
export function conclude({ passed, failed }) {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
