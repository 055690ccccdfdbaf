/** What the demos tell their stories with: steps, programs, and a virtual machine; all of it ends with the story. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { SetupError, ensureAll, printable, programEnv, root, run, runScript } from './ensure.mjs';
import { freePort } from './free-port.mjs';

export const limitMs = 20_000;
const knfsd = join(root, 'test', 'support', 'knfsd.sh');

let steps = 0;
export const step = (title) => console.log(`\n${(steps += 1)}. ${title}`);
export const say = (text) => console.log(`   ${printable(text)}`);
export function check(holds, sentence) {
  if (!holds) throw new SetupError(`The story went wrong at step ${steps}: expected that ${sentence}`);
}
export async function within(promise, what) {
  const over = new AbortController();
  const late = delay(limitMs, undefined, { signal: over.signal }).then(() => {
    throw new SetupError(`The story stopped at step ${steps}: waited ${limitMs} ms for ${what}.`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
  }
}

/** What must be stopped at the end, the latest first. */
export const endings = [];

/** Starts one of our programs. Returns what it prints once it is ready. */
export async function program(name, args, env = {}) {
  const main = join(root, 'dist', 'apps', name, 'src', 'main.js');
  const child = spawn(process.execPath, [main, ...args], {
    env: programEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  endings.unshift(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const lines = [];
  const ready = new Promise((resolve) => {
    // Some log to standard error, as their standard output has a story of its own.
    for (const input of [child.stdout, child.stderr])
      createInterface({ input }).on('line', (line) => {
        lines.push(line);
        if (line.includes('"msg":"ready"')) resolve(JSON.parse(line));
      });
  });
  const failed = ended.then(() => {
    throw new SetupError(`${name} has ended:\n${lines.join('\n')}`);
  });
  failed.catch(() => undefined);
  const said = await within(Promise.race([ready, failed]), `${name} to be ready`);
  return { ...said, pid: child.pid };
}

/** Runs a command of knfsd.sh. Returns its output. */
async function server(env, ...args) {
  const child = spawn(knfsd, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new SetupError(`knfsd.sh ${args.join(' ')} ended with ${code}: ${output}`);
  return output;
}

/** The virtual machine with an NFS server, the kernel's NFS client and a shell; `exec` runs a command there. */
export async function guest(lease = '30') {
  const port = await freePort();
  const env = { KNFSD_NAME: `demo${process.pid}`, KNFSD_EXECPORT: await freePort(), KNFSD_LEASE: lease };
  endings.unshift(async () => {
    await server(env, 'stop');
    await server(env, 'clean');
  });
  if ((await run(knfsd, ['start', port], { env: { ...process.env, ...env } })) !== 0)
    throw new SetupError('The virtual machine did not start: see above.');
  return { port, exec: (command) => server(env, 'exec', command), states: () => server(env, 'states') };
}

/** Runs a story and ends whatever it has started. */
export async function tell(story) {
  await runScript(async () => {
    await ensureAll();
    try {
      await story();
      console.log('\nDone. Everything is stopped and removed.');
    } finally {
      for (const end of endings)
        await Promise.resolve(end()).catch((error) => console.error(printable(String(error))));
    }
  });
  process.exit();
}
