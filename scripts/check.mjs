/**
 * `npm run check`: format, types, lint, dependency rules, dead code, the OpenAPI document and the tests that need only Node, a few at a time.
 * Prints failures, one line with the time per check, and the total time. Needs no Redis. `npm test` runs and counts
 * those tests itself, so it passes --without-tests.
 */
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { root } from './ensure.mjs';

const bin = (path) => join(root, 'node_modules', path);
/** Longest first, so that none is left to run alone at the end. */
const checks = [
  ['tests', bin('jest/bin/jest.js'), '--selectProjects', 'pure', '--maxWorkers=2'],
  ['types and lint', bin('oxlint/bin/oxlint'), '--deny-warnings'],
  [
    'format',
    bin('prettier/bin/prettier.cjs'),
    '--check',
    '--log-level=warn',
    '--cache',
    '--cache-strategy=content',
    '.',
  ],
  // ESLint checks our own rules and the code that compiles to Lua; oxlint checks the rest, types included, far faster.
  [
    'lint of the core',
    bin('eslint/bin/eslint.js'),
    'libs/locks/src/core',
    'libs/locks/src/table/redis/lua',
    'test/support/lua',
    '--max-warnings=0',
  ],
  [
    'arrows',
    bin('dependency-cruiser/bin/dependency-cruise.mjs'),
    'apps',
    'libs',
    'test',
    '--output-type=err-long',
  ],
  ['dead code', bin('knip/bin/knip.js'), '--no-progress'],
  ['OpenAPI document', bin('@redocly/cli/bin/cli.js'), 'lint', 'docs/openapi.json'],
];

/** A check still running after this time hangs. */
const limitMs = 20 * 60_000;

const secondsSince = (startedAt) => ((performance.now() - startedAt) / 1000).toFixed(1);

/** Runs one check; returns whether it passed. */
function run([name, ...command]) {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('close', (code) => {
      const passed = code === 0;
      if (!passed) console.log(`\n${output.trim()}\n`);
      console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name} (${secondsSince(startedAt)} s)`);
      resolve(passed);
    });
  });
}

const startedAt = performance.now();
const waiting = checks.filter(([name]) => name !== 'tests' || !process.argv.includes('--without-tests'));
const failed = [];
async function work() {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift())
    if (!(await run(check))) failed.push(check[0]);
}
await Promise.all(Array.from({ length: Math.min(cpus().length, 3) }, work));
console.log(
  `${failed.length === 0 ? 'All checks passed' : `Failed: ${failed.join(', ')}`} (${secondsSince(startedAt)} s).`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
