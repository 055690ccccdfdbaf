import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Logger } from '@nestjs/common';
import { ClientTCP, ServerTCP } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { fileserver, problemOf, type LeaseType, type Problem } from '#contracts';
import { Door, isAdapterProven, keyOf, keyPairOf, partsOf, sessionSecret } from '#rpc';
import { anything, type Facts, type Pattern, sealedTo } from '../support/rpc';
import { rpcSecret } from '../support/service';
import { compiled, kernelLines, killOpeners, open, temporaryDirectory } from '../support/openers';

Logger.overrideLogger(false); // connections of killed programs are reset, as they should be

type Answer = { ok: true; [fact: string]: unknown } | { ok: false; problem: Problem };

/** As in the table of these lease APIs. */
const pair = keyPairOf('of the table');
const sessionOf = (incarnation: string, secret: string): string =>
  sessionSecret(keyOf(secret), incarnation, pair.privateKey, partsOf(incarnation)?.publicKey ?? '') ?? '';

/** The messages it listens for, whether or not it answers them. */
const heard = ['hello', 'register', 'heartbeat', 'break', 'detached', 'lost', 'deregister'] as const;

/** A lease API played by the test: a real server of the same transport that records its messages. */
class Api extends EventEmitter {
  /** Its answers; a message without one here is left unanswered. */
  readonly answers: Partial<Record<Pattern, (message: Facts) => Answer>> = {
    hello: () => ({
      ok: true,
      protocol: fileserver.protocol,
      instance: 'this one',
      publicKey: pair.publicKey,
    }),
    register: () => ({
      ok: true,
      protocol: { major: 1, minor: 0 },
      epoch: 7,
      memento: 'kept as it is',
      predecessors: [],
    }),
    heartbeat: () => ({ ok: true, epoch: 7, known: true }),
    break: () => ({ ok: true, taken: true }),
    detached: () => ({ ok: true }),
    lost: () => ({ ok: true, taken: true }),
    deregister: () => ({ ok: true }),
  };
  private readonly told: { name: Pattern; message: Facts }[] = [];
  private server: ServerTCP | undefined;
  port = 0;
  private readonly door = new Door(({ from }) => ({
    secret: from === undefined ? this.secret : sessionOf(from, this.secret),
  }));

  constructor(private readonly secret = rpcSecret) {
    super();
    this.setMaxListeners(0);
  }

  async start(): Promise<this> {
    const server = new ServerTCP({ host: '127.0.0.1', port: this.port });
    for (const name of heard) {
      server.addHandler(fileserver.patterns[name], (raw: unknown) => this.hear(name, raw));
    }
    await new Promise<void>((resolve) => {
      server.listen(() => {
        resolve();
      });
    });
    this.port = (server.unwrap<Server>().address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  stop(): void {
    this.server?.close();
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The next message of this kind, in order of arrival; each is handed out once. */
  async next(name: Pattern): Promise<Facts> {
    for (;;) {
      const at = this.told.findIndex((each) => each.name === name);
      const [found] = at < 0 ? [] : this.told.splice(at, 1);
      if (found) return found.message;
      await once(this, 'told');
    }
  }

  /** Resolves when it has answered one as it answers now: the first may have been answered before. */
  async hears(name: Pattern): Promise<void> {
    while (this.count(name) > 0) await this.next(name);
    for (let times = 0; times < 2; times++) await this.next(name);
  }

  count(name: Pattern): number {
    return this.told.filter((each) => each.name === name).length;
  }

  private hear(name: Pattern, raw: unknown): Promise<object> {
    const opened = this.door.open(fileserver.patterns[name], raw, anything);
    if (!opened.ok)
      return opened.reply === undefined ? new Promise(() => undefined) : Promise.resolve(opened.reply);
    this.told.push({ name, message: opened.message });
    this.emit('told');
    const answer = this.answers[name]?.(opened.message);
    return answer ? Promise.resolve(opened.sealed(answer)) : new Promise(() => undefined);
  }
}

const program = compiled('apps/fileserver/src/main.ts');
const running = new Set<ChildProcess>();

const sysctlNames = ['leases-enable', 'lease-break-time'] as const;
/** What a setting of a running adapter becomes, without a moment in which it is empty. */
function setSysctl(directory: string, name: (typeof sysctlNames)[number], value: string): void {
  const fd = openSync(join(directory, name), constants.O_RDWR | constants.O_CREAT);
  writeSync(fd, `${value}\n`, 0);
  closeSync(fd);
}

const overlaid = (directory: string, name: string): string =>
  `mount --bind ${join(directory, name)} ${join('/proc/sys/fs', name)} && `;

interface AdapterOptions {
  secret?: string;
  /** Runs as this user. */
  uid?: number;
  /** Node, if that user can execute only another copy of it. */
  node?: string;
  /** Its limit of open descriptors. */
  descriptors?: number;
  /** A directory with files that it sees in the place of these in /proc/sys/fs: others keep the real ones. */
  sysctls?: string;
}

/** The adapter program as shipped, in its own process. */
class Adapter {
  readonly lines: Facts[] = [];
  /** The lines as they were written. */
  readonly written: string[] = [];
  readonly exited: Promise<number | string>;
  incarnation = '';
  private readonly child: ChildProcess;
  private readonly news = new EventEmitter();
  private client: ClientTCP | undefined;
  private holdGen = 0;

  constructor(
    apis: Api[],
    exported: string,
    private readonly options: AdapterOptions = {},
  ) {
    const args = ['--export', `demo=${exported}`, ...apis.flatMap(({ address }) => ['--api', address])];
    const limited = `ulimit -n ${options.descriptors ?? '$(ulimit -n)'} && exec "$0" "$@"`;
    const { sysctls } = options;
    const shown = sysctls === undefined ? '' : sysctlNames.map((name) => overlaid(sysctls, name)).join('');
    const shell = ['sh', '-c', `${shown}${limited}`, options.node ?? process.execPath, program, ...args];
    // The mounts of a namespace of its own are seen by nobody else.
    this.child = spawn('unshare', [...(sysctls === undefined ? [] : ['--mount']), ...shell], {
      env: { ...process.env, LEASEHOLD_RPC_SECRET: options.secret ?? rpcSecret },
      stdio: ['ignore', 'pipe', 'inherit'],
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    });
    running.add(this.child);
    if (this.child.stdout) {
      createInterface(this.child.stdout).on('line', (line) => {
        this.written.push(line);
        this.lines.push(JSON.parse(line) as Facts);
        this.news.emit('line');
      });
    }
    this.exited = once(this.child, 'exit').then(([code, signal]) => {
      running.delete(this.child);
      return (code ?? signal) as number | string;
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async line(message: string): Promise<Facts> {
    for (;;) {
      const found = this.lines.find((line) => String(line['msg']).includes(message));
      if (found) return found;
      const ended = this.exited.then((how) =>
        Promise.reject(new Error(`ended with ${how} before "${message}"`)),
      );
      await Promise.race([once(this.news, 'line'), ended]);
    }
  }

  async ready(): Promise<this> {
    const { endpoint, incarnation } = await this.line('ready');
    const [host = '', port = ''] = String(endpoint).split(':');
    this.incarnation = String(incarnation);
    this.client = new ClientTCP({ host, port: Number(port) });
    return this;
  }

  /** A message as a lease API would send and seal it. */
  async ask(name: Pattern, message: object, secret = this.options.secret ?? rpcSecret): Promise<Facts> {
    await this.line('registered');
    return this.askWith(name, message, sessionOf(this.incarnation, secret));
  }

  /** The same, sealed with another secret than the one shared with the service. */
  async askWith(name: Pattern, message: object, secret: string, to = this.incarnation): Promise<Facts> {
    const pattern = fileserver.patterns[name];
    if (!this.client) throw new Error('not ready');
    const sent = sealedTo(to, pattern, message, secret);
    const raw = await lastValueFrom(this.client.send<unknown>(pattern, sent.envelope));
    const opened = sent.open(raw, anything);
    return opened.ok ? opened.message : opened;
  }

  async set(path: string, type: LeaseType): Promise<Facts> {
    const { fileId } = await this.ask('resolve', { export: 'demo', path });
    const { incarnation } = this;
    return this.ask('setlease', { export: 'demo', path, fileId, type, holdGen: ++this.holdGen, incarnation });
  }

  hangUp(): void {
    this.client?.close();
  }
}

let directory: ReturnType<typeof temporaryDirectory>;
let exported: string;
let apis: Api[];
let adapters: Adapter[];

const api = async (secret?: string): Promise<Api> => {
  const started = await new Api(secret).start();
  apis.push(started);
  return started;
};
const start = async (served: Api[], options?: AdapterOptions): Promise<Adapter> => {
  const adapter = new Adapter(served, exported, options);
  adapters.push(adapter);
  return adapter.ready();
};
const file = (name: string, content = 'text\n'): void => {
  writeFileSync(join(exported, name), content);
};

beforeEach(() => {
  directory = temporaryDirectory();
  exported = join(directory.path, 'export');
  mkdirSync(exported);
  apis = [];
  adapters = [];
});

afterEach(async () => {
  for (const each of adapters) each.hangUp();
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(adapters.map((each) => each.exited));
  for (const each of apis) each.stop();
  killOpeners();
  directory.remove();
});

describe('registration', () => {
  test('registers what it serves, then sends a heartbeat every second', async () => {
    const lease = await api();
    const adapter = await start([lease]);
    const ready = await adapter.line('ready');
    expect(ready).toMatchObject({
      stack: 'posix',
      exports: { demo: exported },
      incarnation: adapter.incarnation,
    });
    const register = await lease.next('register');
    const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as {
      version: string;
    };
    const registered = fileserver.registerRequest.parse(register);
    expect(registered.adapter && isAdapterProven(registered.adapter, adapter.incarnation)).toBe(true);
    expect(registered).toEqual({
      adapter: registered.adapter,
      stack: 'posix',
      version,
      protocol: { major: 1, minorMax: fileserver.protocol.minor },
      incarnation: adapter.incarnation,
      process: expect.objectContaining({ pid: adapter.pid }) as unknown,
      endpoint: ready['endpoint'],
      exports: ['demo'],
      breakLimitMs: Number(readFileSync('/proc/sys/fs/lease-break-time', 'utf8')) * 1000,
      holdsDieWithProcess: true,
      locksRanges: true,
      places: [
        {
          export: 'demo',
          fileSystem: expect.any(String) as string,
          parts: expect.arrayContaining(['export']) as string[],
          ancestry: expect.arrayContaining([expect.stringContaining(hostname())]) as string[],
        },
      ],
    });
    const beat = fileserver.heartbeatRequest.parse(await lease.next('heartbeat'));
    expect(beat).toEqual({
      incarnation: adapter.incarnation,
      exports: ['demo'],
      lost: [],
      memento: 'kept as it is',
      dead: [],
    });
    const between = performance.now();
    for (let beats = 0; beats < 3; beats++) await lease.next('heartbeat');
    expect(performance.now() - between).toBeGreaterThan(2_000);
  });

  test('waits for a lease API that starts later', async () => {
    const lease = await api();
    lease.stop();
    const adapter = await start([lease]);
    await adapter.line('no lease API answers');
    await lease.start();
    expect(await lease.next('register')).toMatchObject({ incarnation: adapter.incarnation });
    await adapter.line('registered');
  });

  test('registers again with a lease API that no longer knows it', async () => {
    const lease = await api();
    const adapter = await start([lease]);
    await lease.next('register');
    lease.answers.heartbeat = () => ({ ok: true, epoch: 7, known: false });
    for (let again = 0; again < 5; again++) await lease.next('register');
    lease.answers.register = () => ({ ok: false, problem: problemOf('protocol_mismatch') });
    await adapter.line('refuses this adapter');
    // It has said so once, not each time.
    expect(adapter.lines.filter(({ msg }) => msg === 'registered')).toHaveLength(1);
  });

  test('told to stop, releases everything, says so and exits', async () => {
    const lease = await api();
    const adapter = await start([lease]);
    await lease.next('heartbeat');
    file('a');
    await adapter.set('a', 'write');
    lease.answers.heartbeat = () => ({ ok: true, epoch: 7, known: true, stop: true });
    expect(await adapter.exited).toBe(0);
    await adapter.line('told to stop; releasing every lease');
    expect(await open('cat a', exported).exited).toBe(0);
  });

  test('continues at the next lease API when one is down', async () => {
    const [first, second] = [await api(), await api()];
    const adapter = await start([first, second]);
    await first.next('heartbeat');
    expect(second.count('heartbeat')).toBe(0);
    first.stop();
    await second.next('heartbeat');
    file('a');
    await adapter.set('a', 'read');
    open('echo more >> a', exported);
    expect(await second.next('break')).toMatchObject({ incarnation: adapter.incarnation });
  });

  test('gives up a lease API that does not answer in time, and asks the next', async () => {
    const [silent, second] = [await api(), await api()];
    delete silent.answers.register;
    await start([silent, second]);
    await silent.next('register');
    await second.next('register');
  });

  test('logs a refused registration once, with what to do, and keeps trying', async () => {
    const lease = await api();
    const registered = lease.answers.register;
    const detail = 'This service speaks 2.0, the adapter 1.0.';
    lease.answers.register = () => ({ ok: false, problem: problemOf('protocol_mismatch', { detail }) });
    const adapter = await start([lease]);
    for (let i = 0; i < 3; i++) await lease.next('register');
    await adapter.line('refuses this adapter');
    const said = adapter.lines.filter((line) => String(line['msg']).includes('refuses this adapter'));
    expect(said.map((line) => line['msg'])).toEqual([expect.stringContaining(detail)]);
    lease.answers.register = registered;
    await adapter.line('registered');
  });

  test('reports dead predecessors, and only those, until the report is acknowledged', async () => {
    const lease = await api();
    const dead = await start([lease]);
    const deadProcess = fileserver.registerRequest.parse(await lease.next('register')).process;
    const alive = await start([lease]);
    const aliveProcess = fileserver.registerRequest.parse(await lease.next('register')).process;
    lease.answers.register = () => ({
      ok: true,
      protocol: { major: 1, minor: 0 },
      epoch: 7,
      predecessors: [
        { incarnation: dead.incarnation, process: deadProcess },
        { incarnation: alive.incarnation, process: aliveProcess },
        { incarnation: 'elsewhere', process: { ...deadProcess, hostId: 'another host' } },
        { incarnation: 'earlier-boot', process: { ...aliveProcess, bootId: 'another boot' } },
        { incarnation: 'pid-reused', process: { ...aliveProcess, startTicks: '1' } },
      ],
    });
    dead.kill('SIGKILL');
    await dead.exited;
    const proven = ['earlier-boot', 'pid-reused', dead.incarnation].sort();
    const successor = await start([lease]);
    const beat = async (): Promise<string[]> => {
      for (;;) {
        const message = await lease.next('heartbeat');
        if (message['incarnation'] === successor.incarnation) return (message['dead'] as string[]).sort();
      }
    };
    lease.answers.heartbeat = ({ dead: named }) =>
      (named as string[]).length === 0
        ? { ok: true, epoch: 7, known: true }
        : { ok: false, problem: problemOf('table_unreachable') };
    expect(await beat()).toEqual(proven);
    expect(await beat()).toEqual(proven);
    lease.answers.heartbeat = () => ({ ok: true, epoch: 7, known: true });
    expect(await beat()).toEqual(proven);
    expect(await beat()).toEqual([]);
    alive.kill('SIGKILL'); // the live one is checked again and again
    await alive.exited;
    for (let named = await beat(); named.length === 0;) named = await beat();
  });
});

describe('messages', () => {
  test('a break is reported, and the opener goes on when the hold is set to none', async () => {
    const lease = await api();
    const adapter = await start([lease]);
    file('a');
    const { fileId } = await adapter.ask('resolve', { export: 'demo', path: 'a' });
    expect(await adapter.set('a', 'read')).toMatchObject({ ok: true, have: 'read' });
    const writer = open('echo more >> a', exported);
    const message = fileserver.breakRequest.parse(await lease.next('break'));
    const { incarnation } = adapter;
    expect(message).toMatchObject({
      export: 'demo',
      fileId,
      holdGen: 1,
      incarnation,
      breakNo: 1,
      target: 'none',
    });
    expect(message.remainingMs).toBeGreaterThan(0);
    expect(writer.running).toBe(true);
    expect(await adapter.set('a', 'none')).toEqual({ ok: true, have: 'none' });
    expect(await writer.exited).toBe(0);
  });

  test('events while no lease API runs are reported to the next one, with their current state', async () => {
    const lease = await api();
    const adapter = await start([lease]);
    file('a');
    file('b');
    await adapter.set('a', 'read');
    await adapter.set('b', 'read');
    await lease.next('heartbeat');
    lease.stop();
    open('echo more >> a', exported);
    open('mv b c', exported);
    await adapter.line('no lease API answers');
    const limitMs = Number(readFileSync('/proc/sys/fs/lease-break-time', 'utf8')) * 1000;
    delete lease.answers.break;
    await lease.start();
    const first = fileserver.breakRequest.parse(await lease.next('break'));
    expect(first.remainingMs).toBeLessThan(limitMs);
    expect(fileserver.detachedRequest.parse(await lease.next('detached'))).toMatchObject({
      path: 'b',
      holdGen: 2,
    });
    const second = fileserver.breakRequest.parse(await lease.next('break')); // was not acknowledged
    expect(second).toMatchObject({ breakNo: first.breakNo, target: 'none' });
    expect(second.remainingMs).toBeLessThan((first.remainingMs ?? 0) - 1_500);
  });

  test('a message that is no longer relevant is not sent', async () => {
    const lease = await api();
    const adapter = await start([lease]);
    file('a');
    await adapter.set('a', 'read');
    await lease.next('heartbeat');
    lease.stop();
    const writer = open('echo more >> a', exported);
    await adapter.line('no lease API answers');
    await adapter.set('a', 'none');
    expect(await writer.exited).toBe(0);
    await lease.start();
    await lease.next('heartbeat');
    await lease.next('heartbeat');
    expect(lease.count('break')).toBe(0);
  });

  test('requests that are malformed, or meant for another adapter, change nothing', async () => {
    const adapter = await start([await api()]);
    file('a');
    const { fileId, inode } = await adapter.ask('resolve', { export: 'demo', path: 'a' });
    const ask = {
      export: 'demo',
      path: 'a',
      fileId,
      type: 'read',
      holdGen: 1,
      incarnation: adapter.incarnation,
    };
    const refused = (reason: string): Facts => ({
      ok: false,
      problem: expect.objectContaining({ reason }) as unknown,
    });
    expect(await adapter.ask('setlease', { ...ask, incarnation: 'another' })).toMatchObject({
      reason: 'incarnation_superseded',
    });
    expect(await adapter.ask('setlease', { ...ask, export: 'other' })).toEqual(refused('no_such_export'));
    expect(await adapter.ask('setlease', { ...ask, type: 'exclusive' })).toEqual(refused('bad_request'));
    expect(await adapter.ask('setlease', { ...ask, path: '../a' })).toEqual(refused('bad_request'));
    expect(await adapter.ask('setlease', { ...ask, path: 'a\0b' })).toEqual(refused('bad_request'));
    expect(await adapter.ask('resolve', { export: 'demo', path: 'missing' })).toEqual(
      refused('no_such_file'),
    );
    const elsewhere = { export: 'demo', path: 'a', incarnation: 'another' };
    expect(await adapter.ask('resolve', elsewhere)).toEqual(refused('incarnation_superseded'));
    expect(kernelLines(String(inode))).toEqual([]);
    expect(await adapter.ask('setlease', ask)).toMatchObject({ have: 'read', inode });
    const { incarnation } = adapter;
    const hold = { export: 'demo', fileId, path: 'a', type: 'read', holdGen: 1 };
    expect(await adapter.ask('status', { limit: 10 })).toEqual({ ok: true, incarnation, holds: [hold] });
  });

  test('numbers beyond every limit, from the service itself, leave the adapter as able as before', async () => {
    // JSON writes NaN as null.
    const numbers = [0, -1, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e308, NaN];
    const lease = await api();
    const adapter = await start([lease]);
    const { incarnation } = adapter;
    const isAble = async (name: string): Promise<void> => {
      file(name);
      expect(await adapter.set(name, 'read')).toMatchObject({ ok: true, have: 'read' });
    };
    for (const [n, value] of numbers.entries()) {
      file(`n${n}`);
      const { fileId } = await adapter.ask('resolve', { export: 'demo', path: `n${n}` });
      const ask = { export: 'demo', path: `n${n}`, fileId, type: 'read', incarnation };
      const { ok } = await adapter.ask('setlease', { ...ask, holdGen: value });
      expect({ value, ok }).toEqual({ value, ok: Number.isSafeInteger(value) && value >= 0 });
      await adapter.ask('status', { limit: value });
      await isAble(`a${n}`);
    }
    const { register, heartbeat } = lease.answers;
    for (const [n, value] of numbers.entries()) {
      const process = { hostId: 'h', bootId: 'b', pid: value, startTicks: '1' };
      // Told that it is unknown, the adapter registers again, whatever the last answer was.
      lease.answers.heartbeat = () => ({ ok: true, epoch: 7, known: false });
      lease.answers.register = () => ({
        ...{ ok: true, protocol: { major: 1, minor: value }, epoch: value },
        predecessors: [{ incarnation: 'earlier', process }],
      });
      await lease.hears('register');
      await isAble(`b${n}`);
      lease.answers.register = register;
      lease.answers.heartbeat = () => ({ ok: true, epoch: value, known: false });
      await lease.hears('heartbeat');
      await isAble(`c${n}`);
    }
    lease.answers.heartbeat = heartbeat;
    await lease.hears('heartbeat');
    await isAble('last');
  });

  test('names that a terminal would obey are written by their codes', async () => {
    const lease = await api();
    const adapter = await start([lease]);
    const path = 'a\x1b[2Jb\x9b2J\r\n\x85\u2028\u202e\u200b\x7f"level":60';
    file(path);
    // Open for writing, so the kernel refuses a lease, and the adapter logs that.
    const writing = openSync(join(exported, path), 'r+');
    const { fileId } = await adapter.ask('resolve', { export: 'demo', path });
    const ask = { export: 'demo', path, fileId, type: 'read', incarnation: adapter.incarnation };
    expect(await adapter.ask('setlease', { ...ask, holdGen: 1 })).toMatchObject({ have: 'none' });
    closeSync(writing);
    expect((await adapter.line('the fileserver refused'))['path']).toBe(path);
    const problem = problemOf('protocol_mismatch', { detail: path });
    lease.answers.heartbeat = () => ({ ok: false, problem });
    expect((await adapter.line('refuses this adapter'))['msg']).toContain(path);
    expect(adapter.written.filter((line) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line))).toEqual([]);
  });

  test('with a secret, both sides seal, and only messages with a valid seal are served', async () => {
    const lease = await api('a secret');
    const adapter = await start([lease], { secret: 'a secret' });
    await lease.next('register');
    file('a');
    const ask = { export: 'demo', path: 'a' };
    const refused = { ok: false, problem: expect.objectContaining({ reason: 'no_credentials' }) as unknown };
    expect(await adapter.ask('resolve', ask, 'another secret')).toEqual(refused);
    // A holder of the common secret, such as an adapter, is not the service.
    expect(await adapter.askWith('resolve', ask, 'a secret')).toEqual(refused);
    const earlier = `${adapter.incarnation.slice(0, -43)}${'e'.repeat(43)}`;
    const own = sessionOf(adapter.incarnation, 'a secret');
    expect(await adapter.askWith('resolve', ask, own, earlier)).toMatchObject({
      problem: { reason: 'no_such_adapter' },
    });
    expect(await adapter.ask('resolve', ask)).toMatchObject({ ok: true });
    const stranger = await start([lease], { secret: 'another secret' });
    expect((await stranger.line('refuses this adapter'))['msg']).toContain('LEASEHOLD_RPC_SECRET');
  });
});

describe('the end', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s releases every lease, lets openers go on, and exits with 0',
    async (signal) => {
      const adapter = await start([await api()]);
      file('a');
      file('b');
      const { inode } = await adapter.set('a', 'write');
      await adapter.set('b', 'read');
      const writer = open('echo more >> b', exported);
      await apis[0]?.next('break');
      adapter.kill(signal);
      expect(await apis[0]?.next('deregister')).toMatchObject({ letGo: false });
      expect(await apis[0]?.next('deregister')).toMatchObject({ letGo: true });
      expect(await adapter.exited).toBe(0);
      expect(kernelLines(String(inode))).toEqual([]);
      expect(await writer.exited).toBe(0);
    },
  );

  test('kill -9: the kernel drops the leases with the process', async () => {
    const lease = await api();
    const adapter = await start([lease]);
    file('a');
    const { inode } = await adapter.set('a', 'read');
    expect(kernelLines(String(inode))).toEqual([
      `LEASE  ACTIVE    READ ${adapter.pid} ${String(inode)} 0 EOF`,
    ]);
    const writer = open('echo more >> a', exported);
    await lease.next('break');
    adapter.kill('SIGKILL');
    expect(await writer.exited).toBe(0);
    expect(await adapter.exited).toBe('SIGKILL');
    expect(kernelLines(String(inode))).toEqual([]);
  });

  test('an adapter that is superseded releases everything and exits with 3', async () => {
    const lease = await api();
    const adapter = await start([lease]);
    file('a');
    const { inode } = await adapter.set('a', 'read');
    adapter.kill('SIGSTOP'); // sleeps while its successor runs
    lease.answers.heartbeat = () => ({ ok: false, problem: problemOf('incarnation_superseded') });
    adapter.kill('SIGCONT');
    expect(await adapter.exited).toBe(3);
    expect(kernelLines(String(inode))).toEqual([]);
    expect(await adapter.line('a newer adapter has taken over')).toBeDefined();
  });
});

describe('what changes under a running adapter', () => {
  /** Heartbeats go out every second. */
  const heartbeats = async (lease: Api, fits: (beat: Facts) => boolean): Promise<void> => {
    for (let n = 0; n < 4;) if (fits(await lease.next('heartbeat'))) n += 1;
  };
  const said = (adapter: Adapter, what: RegExp): unknown[] =>
    adapter.lines.map(({ msg }) => msg).filter((msg) => what.test(String(msg)));

  test('a sysctl: one line with its name, and one when it is right again', async () => {
    const sysctls = join(directory.path, 'sysctls');
    mkdirSync(sysctls);
    setSysctl(sysctls, 'leases-enable', '1');
    setSysctl(sysctls, 'lease-break-time', '45');
    const lease = await api();
    const adapter = await start([lease], { sysctls });
    expect(await lease.next('register')).toMatchObject({ breakLimitMs: 45_000 });
    setSysctl(sysctls, 'leases-enable', '0');
    await adapter.line('fs.leases-enable is 0');
    await heartbeats(lease, () => true);
    setSysctl(sysctls, 'leases-enable', '1');
    await adapter.line('fs.leases-enable is no longer a problem');
    setSysctl(sysctls, 'lease-break-time', '60');
    await adapter.line('fs.lease-break-time was 45 s');
    expect(await lease.next('register')).toMatchObject({ breakLimitMs: 60_000 });
    await heartbeats(lease, () => true);
    expect(said(adapter, /fs\.lease/)).toEqual([
      expect.stringContaining('fs.leases-enable is 0'),
      'fs.leases-enable is no longer a problem',
      'fs.lease-break-time was 45 s, and is 60 s now',
    ]);
  });

  test('a mount over the directory that it serves: one line, and one when it is gone again', async () => {
    const lease = await api();
    const adapter = await start([lease]);
    await lease.next('heartbeat');
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', exported]);
    try {
      await heartbeats(lease, ({ lost }) => (lost as object[]).length === 1);
    } finally {
      execFileSync('umount', ['-l', exported]);
    }
    await heartbeats(lease, ({ exports, lost }) => `${String(exports)}${String(lost)}` === 'demo');
    expect(said(adapter, /tree that is served/)).toEqual([
      'the name of the export no longer leads to the tree that is served: the export is lost',
      'the name of the export leads to the tree that is served again',
    ]);
  });
});

describe('the limits of the system', () => {
  test('a lease on another user’s file is denied without CAP_LEASE', async () => {
    chmodSync(directory.path, 0o755);
    chmodSync(exported, 0o755);
    const node = join(directory.path, 'node');
    copyFileSync(process.execPath, node, constants.COPYFILE_FICLONE);
    const adapter = await start([await api()], { uid: 65_534, node });
    file('a');
    expect(await adapter.set('a', 'read')).toMatchObject({ have: 'none', reason: 'fileserver_denied' });
  });

  test('holds are refused before descriptors run out, and the answer says why', async () => {
    const adapter = await start([await api()], { descriptors: 80 });
    const answers: Facts[] = [];
    for (let i = 0; i < 41; i++) {
      file(`f${i}`);
      answers.push(await adapter.set(`f${i}`, 'read'));
    }
    expect(answers.slice(0, 40).every((answer) => answer['have'] === 'read')).toBe(true);
    expect(answers[40]).toMatchObject({ have: 'none', reason: 'fileserver_refused' });
    expect(answers[40]?.['detail']).toContain('RLIMIT_NOFILE');
    await adapter.set('f0', 'none');
    expect(await adapter.set('f40', 'read')).toMatchObject({ have: 'read' });
  });

  const secret = { LEASEHOLD_RPC_SECRET: 'a secret' };
  test.each([
    [
      'beyond loopback without a secret',
      ['--export', 'demo=/tmp', '--listen', '192.0.2.1:0'],
      {},
      2,
      'LEASEHOLD_RPC_SECRET',
    ],
    [
      'beyond loopback without TLS',
      ['--export', 'demo=/tmp', '--listen', '192.0.2.1:0'],
      secret,
      2,
      'LEASEHOLD_TLS_CERT',
    ],
    ['without an export', [], {}, 2, '--export: at least one is required'],
    [
      'with a directory that does not exist',
      ['--export', 'demo=/nowhere'],
      {},
      1,
      'export demo: cannot open /nowhere',
    ],
    [
      'at an address that is not its own',
      ['--export', 'demo=/tmp', '--listen', '192.0.2.1:0'],
      { ...secret, LEASEHOLD_NETWORK: 'trusted' },
      1,
      'cannot listen on',
    ],
  ])('does not start %s', (_title, args, environment, code, says) => {
    const env = { ...process.env, LEASEHOLD_RPC_SECRET: '', ...environment };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      encoding: 'utf8',
      env,
    });
    expect(status).toBe(code);
    expect(stdout + stderr).toContain(says);
  });
});
