import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { transformSync } from '@swc/core';
import { Leasehold } from '#client';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { startRedis } from '../support/redis-server';
import { type LeaseApi, rpcSecret, startFileserver, startLeaseApi, stopPrograms } from '../support/service';
import { Page } from '../support/snippets';

/** The commands of the pages that have no test of their own, as somebody follows them in a checkout of this repository. */

const root = join(__dirname, '../..');
let place: string;
/** Addresses and paths in the pages, and what they are here. */
let here: [string, string][];
const shells = new Set<Shell>();

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'leasehold-pages-'));
  for (const name of ['package.json', 'scripts', 'dist', 'node_modules', 'packages'])
    symlinkSync(join(root, name), join(place, name));
  mkdirSync(join(place, 'exports/demo'), { recursive: true });
  mkdirSync(join(place, 'bin'));
  // As on a terminal: a line at a time.
  program('jq', `exec /usr/bin/env PATH="\${PATH#*:}" jq --unbuffered "$@"`);
  program('leasectl', `exec '${process.execPath}' '${join(root, 'scripts/leasectl.mjs')}' "$@"`);
  here = [
    ['/srv/demo', join(place, 'exports/demo')],
    ['--inspect=9230', '--inspect=127.0.0.1:0'],
    ['--inspect ', '--inspect=127.0.0.1:0 '],
    ['--inspect-brk ', '--inspect-brk=127.0.0.1:0 '],
  ];
});
afterEach(async () => {
  for (const shell of shells) await shell.end();
  await stopPrograms();
  rmSync(place, { recursive: true, force: true });
});

const program = (name: string, script: string): void => {
  writeFileSync(join(place, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
};
const localized = (text: string): string => here.reduce((now, [from, to]) => now.replaceAll(from, to), text);

/** What `npm start` starts, for the addresses in the pages. */
async function start(env: Record<string, string> = {}): Promise<LeaseApi> {
  const api = await startLeaseApi({
    env: {
      LEASEHOLD_GRPC: `127.0.0.1:${String(await freePort())}`,
      LEASEHOLD_LOCAL_EXPORTS: 'local',
      ...env,
    },
  });
  const exports = { demo: join(place, 'exports/demo') };
  await startFileserver({ exports, apis: [api.rpcAddress] }, api);
  here.push(
    ['127.0.0.1:8080', api.url.replace('http://', '')],
    ['127.0.0.1:8081', api.rpcAddress],
    ['127.0.0.1:8082', api.grpcAddress],
    ['127.0.0.1:8083', `127.0.0.1:${String(await freePort())}`],
  );
  return api;
}

/** A shell in which somebody types; what runs in it, also in the background, ends with it. */
class Shell {
  private readonly child: ChildProcess;
  private readonly events = new EventEmitter();
  private text = '';
  private ended: number | string | undefined;

  constructor(script: string, env: Record<string, string> = {}) {
    const own = Object.entries(process.env).filter(([name]) => !/^(LEASEHOLD_|npm_)/.test(name));
    this.child = spawn(
      'bash',
      ['--norc', '--noprofile', '-euc', `${localized(script)}\necho "the end"\nsleep infinity`],
      {
        cwd: place,
        env: {
          ...Object.fromEntries(own),
          PATH: `${join(place, 'bin')}:${process.env['PATH'] ?? ''}`,
          LEASEHOLD_API: localized('http://127.0.0.1:8080'),
          LEASEHOLD_RPC_SECRET: rpcSecret,
          NO_COLOR: '1',
          ...env,
        },
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.text += chunk.toString();
        this.events.emit('change');
      });
    this.child.once('close', (code, signal) => {
      this.ended = code ?? signal ?? 'unknown';
      this.events.emit('change');
    });
    shells.add(this);
  }

  /** Waits until it has printed all of these. A command that fails ends the shell: nothing more will come then. */
  async says(...patterns: RegExp[]): Promise<string> {
    const limit = AbortSignal.timeout(120_000);
    for (;;) {
      const missing = patterns.filter((pattern) => !pattern.test(this.text));
      if (missing.length === 0) return this.text;
      const what = `it does not say ${missing.join(' and ')}:\n${this.text}`;
      if (this.ended !== undefined) throw new Error(`it has ended with ${String(this.ended)}, and ${what}`);
      await once(this.events, 'change', { signal: limit }).catch(() => {
        throw new Error(what);
      });
    }
  }

  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    shells.delete(this);
    if (this.child.pid === undefined || this.ended !== undefined) return;
    const exited = once(this.child, 'exit');
    process.kill(-this.child.pid, signal);
    await exited;
  }
}

/** Commands that go on until they are stopped, one after another, each until it says what it should. */
async function inTurn(snippet: string, env: Record<string, string>, ...patterns: RegExp[]): Promise<void> {
  const lines = snippet.trim().split('\n');
  expect(lines).toHaveLength(patterns.length);
  for (const [at, pattern] of patterns.entries()) {
    const shell = new Shell(lines[at] ?? '', env);
    await shell.says(pattern);
    await shell.end();
  }
}

test('README.md', async () => {
  const page = new Page('README.md');
  const api = await start();
  const story = new Shell(`${page.take('sh')}\n${page.take('sh')}`);
  const said = await story.says(
    ...[/LEASE +ACTIVE/i, /event: break/, /hello\n/, /the writer got through/, /"type":"none"/],
    ...[/event: granted/, /"deny":"write"/, /the end/],
  );
  expect(said).not.toContain('"reason"');
  await story.end();
  const env = {
    LEASEHOLD_HTTP: '127.0.0.1:0',
    LEASEHOLD_RPC: '127.0.0.1:0',
    LEASEHOLD_TABLE: `embedded:${join(place, 'table')}`,
    LEASEHOLD_WITNESS: join(place, 'witness'),
  };
  expect(api.isRunning).toBe(true);
  await inTurn(page.take('sh'), env, /"msg":"ready"/, /"msg":"ready"/, /the end/);
  expect(page.rest()).toEqual([]);
});

test('docs/configuration.md', async () => {
  const page = new Page('docs/configuration.md');
  const api = await start();
  const commands: string[] = [];
  while (page.snippets.length > commands.length + 1) commands.push(page.take('sh'));
  await new Shell(commands.join('\n')).says(
    ...[/"reason":"version_old"/, /"backed":false[^]*"backed":true/, /"reason":"has_dependents"/],
    ...[
      /"because":"a backup runs"/,
      /"removed":\["exports\/later"\]/,
      /event: nodeUp[^]*event: nodeDown[^]*event: nodeUp/,
    ],
    ...[/"kind":"hangup".*"state":"done"/, /"kind":"stop"/, /the end/],
  );

  const leasehold = new Leasehold({ url: api.url });
  const told: unknown[] = [];
  const code = transformSync(
    `async function example(leasehold, stopWriting, goOn, dropEverything, recover) {${page.take('ts')}}`,
    {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      isModule: false,
    },
  ).code;
  const example = runInNewContext(`${code}\nexample`) as (...args: unknown[]) => Promise<void>;
  const nothing = (): void => undefined;
  await example(leasehold, nothing, nothing, nothing, (...what: unknown[]) => told.push(what));
  expect(page.rest()).toEqual([]);
});

test('docs/leasectl.md', async () => {
  const page = new Page('docs/leasectl.md');
  await start();
  for (const name of ['story.txt', 'db', 'cache']) writeFileSync(join(place, 'exports/demo', name), '');
  for (const name of ['make', 'backup.sh', 'serve']) program(name, `echo "${name} runs"`);
  await new Shell(`${page.take('sh')}\ncomplete -p leasectl`).says(
    /Usage: leasectl/,
    /complete .*leasectl\n/,
    /the end/,
  );
  const ends = /the end/;
  const holder = new Shell('exec leasectl hold demo:cache -- sleep infinity');
  await eventually(async () => {
    expect(await new Shell('leasectl ls').says(/the end/)).toContain('cache');
  });
  await inTurn(
    page.take('sh'),
    {},
    /ready[^]*demo/,
    /cache/,
    /cache/,
    ends,
    / \+ .*cache/,
    /make runs\nthe end/,
  );
  await holder.end('SIGTERM');
  await inTurn(page.take('sh'), {}, /backup.sh runs\nthe end/, /serve runs\nthe end/);
  expect(page.rest()).toEqual([]);
});

test('docs/posix-where.md', async () => {
  const page = new Page('docs/posix-where.md');
  await start();
  writeFileSync(join(place, 'exports/demo/a.txt'), '');
  const [hold = '', write = ''] = page.take('sh').split(/(?<=&\n)/);
  const held = 'until leasectl why demo:a.txt | grep -q active; do sleep 0.1; done';
  await new Shell(`${hold}${held}\n${write}`).says(/the end/);
  expect(page.rest()).toEqual([]);
});

test('docs/console.md', async () => {
  const page = new Page('docs/console.md');
  await start();
  writeFileSync(join(place, 'exports/demo/story.txt'), '');
  const [follow = '', past = ''] = page.take('sh').trim().split('\n');
  const stream = new Shell(follow);
  await eventually(async () => {
    const shell = new Shell('leasectl hold demo:story.txt -- true');
    await shell.says(/the end/);
    expect(await stream.says(/"what":"granted"/)).toContain('story.txt');
  });
  await new Shell(past).says(/story.txt[^]*the end/);
  expect(page.rest()).toEqual([]);
});

test('docs/debugging.md', async () => {
  const page = new Page('docs/debugging.md');
  const redis = await startRedis();
  try {
    await start({ LEASEHOLD_TABLE: redis.url });
    program('redis-cli', `exec /usr/bin/env PATH="\${PATH#*:}" redis-cli -p ${String(redis.port)} "$@"`);
    await new Shell(page.take('sh')).says(/"locks"/, /"demo"/, /"ready"/, /leasehold_sessions/, /the end/);
    const port = await freePort();
    const env = {
      LEASEHOLD_HTTP: `127.0.0.1:${String(port)}`,
      LEASEHOLD_RPC: '127.0.0.1:0',
      LEASEHOLD_TABLE: `embedded:${join(place, 'table')}`,
      LEASEHOLD_WITNESS: join(place, 'witness'),
    };
    const ready = (): Promise<void> =>
      eventually(async () => {
        expect((await fetch(`http://127.0.0.1:${String(port)}/readyz`)).status).toBe(200);
      });
    const errors = new Shell(page.take('sh'), env);
    await ready();
    await errors.end();
    const requests = new Shell(page.take('sh'), env);
    await ready();
    await requests.says(/\["[^"]+","GET","\/readyz",200,/);
    await requests.end();
    const listening = /Debugger listening/;
    await inTurn(page.take('sh'), env, listening, listening, listening);
    await new Shell(page.take('sh')).says(/:rows/, /:log/, /\d+-\d+/, /the end/);
    expect(page.rest()).toEqual([]);
  } finally {
    await redis.stop();
  }
});

test('docs/audit.md', async () => {
  const page = new Page('docs/audit.md');
  const log = join(place, 'audit.log');
  here.push(['/var/log/leasehold/audit.log', log]);
  const api = await start({ LEASEHOLD_AUDIT: log, LEASEHOLD_ADMIN_TOKEN: 'the token of administrators' });
  expect((await api.request('GET', '/v1/locks')).status).toBe(401);
  const command = page.take('sh');
  await eventually(async () => {
    const said = await new Shell(command).says(/the end/);
    expect(said).toMatch(/"GET \/v1\/locks","\/v1\/locks","locks:admin","no_credentials"/);
  });
  expect(page.rest()).toEqual([]);
});

test('docs/quotas.md', async () => {
  const page = new Page('docs/quotas.md');
  const callers = join(place, 'callers.json');
  writeFileSync(callers, page.take('json'), { mode: 0o600 });
  const api = await startLeaseApi({ env: { LEASEHOLD_CALLERS: callers } });
  expect(api.isRunning).toBe(true);
  expect(page.rest()).toEqual([]);
});
