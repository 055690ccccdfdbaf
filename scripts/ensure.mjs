/**
 * Ensures what everything in this repository needs to run: Node, the packages of the lock file, the build. Uses no
 * dependencies, because it runs before any are installed. `node scripts/ensure.mjs` does all of it.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A problem that only a person can fix: shown without a stack trace. */
export class SetupError extends Error {}

const nodeMin = [20, 19];

export function ensureNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > nodeMin[0] || (major === nodeMin[0] && minor >= nodeMin[1])) return;
  throw new SetupError(
    `Leasehold needs Node ${nodeMin.join('.')} or later; this is ${process.version} (${process.execPath}).`,
  );
}

/** Runs `npm ci` if node_modules is missing or differs from package-lock.json. */
export async function ensureInstalled() {
  const difference = lockDifference();
  if (difference === undefined) return;
  console.log(`Installing packages (${difference}) ...`);
  await runNpm(['ci'], 'Installing the packages failed: see above; npm needs its registry for this.');
}

/** How node_modules differs from the lock file, or undefined if it does not. */
function lockDifference() {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return 'there are none';
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  for (const [path, { version, optional, devOptional }] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = present[path]?.version;
    // Missing optional packages are for other platforms.
    if (found === undefined && (optional || devOptional)) continue;
    if (found !== version)
      return `${path.replace(/^.*node_modules\//, '')}: ${found ?? 'none'}, not ${version}`;
  }
  return undefined;
}

const stamp = join(root, 'dist', '.built');

/** Builds if dist is missing or older than any source. */
export async function ensureBuilt() {
  const builtAt = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  if (builtAt > 0 && newestSource() <= builtAt) return;
  const startedAt = new Date();
  console.log('Building ...');
  await runNpm(['run', '--silent', 'build'], 'The build failed: see above.');
  writeFileSync(stamp, '');
  // The start time, so that a file edited while the compiler ran counts as newer.
  utimesSync(stamp, startedAt, startedAt);
}

function newestSource() {
  const files = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((name) => join(root, name));
  for (const folder of ['apps', 'libs']) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) files.push(join(entry.parentPath ?? entry.path, entry.name));
    }
  }
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

/** Makes foreign text safe for a terminal. Loaded after the build; before that, no foreign text is shown. */
export let printable = (text) => text;
let printableLines = printable;

export async function ensureAll() {
  ensureNode();
  await ensureInstalled();
  await ensureBuilt();
  ({ printable, printableLines } = await import('#contracts'));
}

/** Runs npm with its output on this terminal. Throws a SetupError with `otherwise` if it fails. */
async function runNpm(args, otherwise) {
  const cli = process.env.npm_execpath;
  const [command, before] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  const code = await run(command, [...before, ...args]);
  if (code !== 0) throw new SetupError(otherwise);
}

/** Runs a command in the repository with its output on this terminal; resolves with its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 1));
  });
}

/** Variables for clients: those of the demo and of leasectl, and those that leasectl sets for the commands it runs. */
const ofClients = 'URL DEMO_DIR API SESSION_SECRET SESSION_ID LEASE_ID TOKEN TYPE EXPORT FILE'.split(' ');

/** The environment for the programs, without client variables: the programs refuse variables that they do not know. */
export function programEnv(extra = {}) {
  const isOfClients = (name) => ofClients.some((each) => name === `LEASEHOLD_${each}`);
  const env = Object.entries(process.env).filter(([name]) => !isOfClients(name));
  return { ...Object.fromEntries(env), ...extra };
}

/** Runs `main`; a SetupError is shown as a sentence, another one with its stack; the exit code is then 1. */
export async function runScript(main) {
  try {
    await main();
  } catch (error) {
    console.error(`\n${error instanceof SetupError ? printableLines(error.message) : described(error)}`);
    process.exitCode = 1;
  }
}

/** The message of a failure may come from a server, and is one line here. */
function described(error) {
  const { message = String(error), stack = '' } = error ?? {};
  const frames = stack.split('\n').filter((line) => /^ +at /.test(line));
  return [printable(`${error?.name ?? 'Error'}: ${message}`), ...frames.map(printable)].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runScript(ensureAll);
