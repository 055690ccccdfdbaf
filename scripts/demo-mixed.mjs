/**
 * `npm run demo:mixed`: one holder with leases on files of three stacks (local, posix, nfs4), and one event stream for all
 * of them. Starts everything it needs, including a Linux NFS server in a small virtual machine (test/support/knfsd.sh:
 * Debian packages, nothing is installed; the first run takes minutes), and leaves nothing behind. Exit code 0 if
 * everything went as described.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { SetupError, ensureAll, printable, programEnv, root, run, runScript } from './ensure.mjs';

const limitMs = 20_000;
const knfsd = join(root, 'test', 'support', 'knfsd.sh');

let steps = 0;
const step = (title) => console.log(`\n${(steps += 1)}. ${title}`);
const say = (text) => console.log(`   ${printable(text)}`);
function check(holds, sentence) {
  if (!holds) throw new SetupError(`The story went wrong at step ${steps}: expected that ${sentence}`);
}
async function within(promise, what) {
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

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

/** What must be stopped at the end, the latest first. */
const endings = [];

/** Starts one of our programs. Returns what it prints once it is ready. */
async function program(name, args, env = {}) {
  const main = join(root, 'dist', 'apps', name, 'src', 'main.js');
  const child = spawn(process.execPath, [main, ...args], {
    env: programEnv(env),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  endings.unshift(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const lines = [];
  const ready = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line.includes('"msg":"ready"')) resolve(JSON.parse(line));
    });
  });
  const failed = ended.then(() => {
    throw new SetupError(`${name} has ended:\n${lines.join('\n')}`);
  });
  failed.catch(() => undefined);
  return within(Promise.race([ready, failed]), `${name} to be ready`);
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

async function story({ Leasehold }) {
  step('Three fileservers, one lease API');
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-mixed-'));
  endings.unshift(() => rmSync(directory, { recursive: true, force: true }));
  const port = await freePort();
  const env = { KNFSD_NAME: `demo${process.pid}`, KNFSD_EXECPORT: await freePort(), KNFSD_LEASE: '30' };
  endings.unshift(async () => {
    await server(env, 'stop');
    await server(env, 'clean');
  });
  say('booting a Linux NFS server in a virtual machine ...');
  if ((await run(knfsd, ['start', port], { env: { ...process.env, ...env } })) !== 0)
    throw new SetupError('The NFS server did not start: see above.');
  const inGuest = (command) => server(env, 'exec', command);
  const api = await program('lease-api', [], {
    LEASEHOLD_TABLE: `embedded:${join(directory, 'table')}`,
    LEASEHOLD_HTTP: '127.0.0.1:0',
    LEASEHOLD_RPC: '127.0.0.1:0',
    LEASEHOLD_LOCAL_EXPORTS: 'here',
    LEASEHOLD_BREAK_MS: '20000',
  });
  const exported = mkdtempSync(join(directory, 'exported-'));
  await program('fileserver', `--stack posix --export disk=${exported} --api ${api.rpc}`.split(' '));
  await program(
    'fileserver',
    `--stack nfs4 --export nfs=nfs://127.0.0.1:${port}/export --auth-sys 0:0 --api ${api.rpc}`.split(' '),
  );
  const leasehold = new Leasehold({ url: `http://${api.http}` });
  const up = async () => {
    for (;;) {
      const exports = await leasehold.exports();
      if (
        ['here', 'disk', 'nfs'].every((name) =>
          exports.some((one) => one.name === name && one.state === 'up'),
        )
      )
        return exports;
      await delay(50);
    }
  };
  for (const { name, stack } of await within(up(), 'three exports')) say(`export ${name}: ${stack}`);

  step('One holder, a read lease on a file of each');
  const file = 'story.txt';
  writeFileSync(join(exported, file), 'first line\n');
  await inGuest(`echo first line > /srv/export/${file}`);
  const holder = await leasehold.openSession({ label: 'the holder', ttlMs: 60_000 });
  const writer = await leasehold.openSession({ label: 'a writer', ttlMs: 60_000 });
  endings.unshift(async () => {
    await holder.end();
    await writer.end();
  });
  const heard = [];
  void (async () => {
    for await (const notice of holder.events()) {
      heard.push(notice);
      const { export: from = '', cause = '' } = notice.data;
      say(`event ${notice.event} ${from} ${cause}`.trimEnd());
    }
  })();
  const leases = [];
  for (const name of ['here', 'disk', 'nfs'])
    leases.push(
      await holder.acquire({ export: name, file, type: 'read' }, { onBreak: () => Promise.resolve('none') }),
    );
  check(
    leases.every(({ state }) => state === 'active'),
    'the three leases are active.',
  );
  const ofServer = (await server(env, 'states')).split('\n').filter((line) => line.includes('type: deleg'));
  check(ofServer.length === 1, 'the NFS server has granted one delegation.');
  say(`the NFS server itself: ${ofServer[0].trim()}`);

  step('Somebody writes to each: through the API, on the disk, in the NFS server');
  const opening = writer.open({ export: 'here', file, access: 'write', waitMs: limitMs });
  const shell = run('sh', ['-c', `echo more >> '${join(exported, file)}'`]);
  const guest = inGuest(`echo more >> /srv/export/${file}`);
  const [opened, code] = await within(Promise.all([opening, shell, guest]), 'the three writers');
  check(code === 0, 'the shell succeeds.');
  await opened.close();
  const told = heard.filter(({ event }) => event === 'break').map(({ data }) => data.export);
  check(
    ['here', 'disk', 'nfs'].every((name) => told.includes(name)),
    'one event stream reported three breaks.',
  );
  check(readFileSync(join(exported, file), 'utf8') === 'first line\nmore\n', 'the file was written.');
  say(`${told.length} breaks over one event stream: ${told.join(', ')}. Each writer waited for the holder.`);
}

await runScript(async () => {
  await ensureAll();
  const client = await import('#client');
  try {
    await story(client);
    console.log('\nDone. Everything is stopped and removed.');
  } finally {
    for (const end of endings)
      await Promise.resolve(end()).catch((error) => console.error(printable(String(error))));
  }
});
process.exit();
