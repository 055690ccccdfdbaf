import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { closeSync, type FSWatcher, mkdtempSync, openSync, readSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { freePort } from './free-port';
import { compiled } from './openers';

/** A line of a program's JSON log. */
export interface LogLine extends Record<string, unknown> {
  level: number;
  msg: string;
}

/** The secret with which the programs of a test seal their messages. */
export const rpcSecret = 'secret of the tests';

/** Much longer than any step takes: a program that reaches one of these limits hangs. */
const startMsDefault = 180_000;
const stopMs = 120_000;
const linesMax = 20_000;
/**
 * The kernel would choose from the ports of outgoing connections, and one of those could take the port while the program
 * restarts: the program is told a free one instead.
 */
const anyPort = /^(127\.0\.0\.1|0\.0\.0\.0|localhost):0$/;
const chunkBytes = 64 * 1024;
const running = new Set<Program>();
const directories = new Set<string>();
process.on('exit', () => {
  for (const program of running) program.signal('SIGKILL');
});

/** Ends every program that tests have started and removes its files; for `afterEach` or `afterAll`. */
export async function stopPrograms(): Promise<void> {
  await Promise.all([...running].map((program) => program.kill()));
  for (const directory of directories)
    for (const each of [directory, `${directory}.tables`]) rmSync(each, { recursive: true, force: true });
  directories.clear();
}

/** Variables of the tests' own environment must not configure the programs they start. */
function environment(variables: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('LEASEHOLD_'));
  return { ...Object.fromEntries(own), ...variables };
}

/** What one run of a program writes to its standard output and error. */
class Log {
  private readonly directory = mkdtempSync(join(tmpdir(), 'leasehold-log-'));
  private readonly path = join(this.directory, 'log');
  private readonly decoder = new StringDecoder('utf8');
  private readonly chunk = Buffer.allocUnsafe(chunkBytes);
  private watcher: FSWatcher | undefined;
  private position = 0;
  private rest = '';
  private isOpen = true;
  readonly fd = openSync(this.path, 'a+');

  constructor() {
    directories.add(this.directory);
  }

  onChange(listener: () => void): void {
    this.watcher = watch(this.path, { persistent: false }, listener);
  }

  /** The whole lines written since the last call. */
  read(): string[] {
    if (!this.isOpen) return [];
    for (let bytes: number; (bytes = readSync(this.fd, this.chunk, 0, chunkBytes, this.position)) > 0;) {
      this.position += bytes;
      this.rest += this.decoder.write(this.chunk.subarray(0, bytes));
    }
    const lines = this.rest.split('\n');
    this.rest = lines.pop() ?? '';
    return lines;
  }

  close(): void {
    this.watcher?.close();
    closeSync(this.fd);
    this.isOpen = false;
    rmSync(this.directory, { recursive: true, force: true });
    directories.delete(this.directory);
  }
}

/**
 * A built program of this project in its own process, with its log. The log is a file, not a pipe: once the program has
 * answered a request or ended, everything it logged before is there to read.
 */
export class Program extends EventEmitter {
  private readonly heard: LogLine[] = [];
  private text = '';
  private child: ChildProcess | undefined;
  private log: Log | undefined;
  /** By the place in the program's configuration where a free port was asked for. */
  private readonly ports = new Map<string, number>();

  constructor(
    private readonly source: string,
    /** Read again at every start. */
    private readonly how: () => { args: string[]; env: Record<string, string>; nodeFlags?: string[] },
    private readonly startMs = startMsDefault,
    /** The program to run; default: the one built here. */
    private readonly built = (): string => compiled(source),
  ) {
    super();
    this.setMaxListeners(0);
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }
  get isRunning(): boolean {
    return running.has(this);
  }

  /** Everything that it logged in this and earlier runs, and its other output. */
  get lines(): readonly LogLine[] {
    this.readLog();
    return this.heard;
  }
  get output(): string {
    this.readLog();
    return this.text;
  }

  /** Starts it. Returns the log line that says it is ready; throws with its output if it ends or hangs before. */
  async start(): Promise<LogLine> {
    const { args, env, nodeFlags = [] } = this.how();
    for (const [place, value] of [...Object.entries(args), ...Object.entries(env)])
      if (anyPort.test(value) && !this.ports.has(place)) this.ports.set(place, await freePort());
    const listening = (value: string, place: string): string =>
      value.replace(anyPort, `$1:${String(this.ports.get(place))}`);
    const from = this.lines.length;
    const log = new Log();
    this.log = log;
    const flags = args.map((arg, place) => listening(arg, String(place)));
    const variables = Object.entries(env).map(([name, value]) => [name, listening(value, name)]);
    const child = spawn(process.execPath, [...nodeFlags, this.built(), ...flags], {
      env: environment(Object.fromEntries(variables) as Record<string, string>),
      stdio: ['ignore', log.fd, log.fd],
    });
    this.child = child;
    running.add(this);
    log.onChange(() => {
      this.readLog();
    });
    child.once('exit', (code, signal) => {
      this.readLog();
      log.close();
      running.delete(this);
      this.emit('exit', code ?? signal);
    });
    return this.logged(({ msg }) => msg === 'ready', { from, ms: this.startMs });
  }

  /** The first matching line at or after number `from` (default: the first line), present or future. */
  async logged(
    matches: (line: LogLine) => boolean,
    { from = 0, ms = 120_000 }: { from?: number; ms?: number } = {},
  ): Promise<LogLine> {
    const limit = AbortSignal.timeout(ms);
    for (let at = from; ;) {
      const { lines } = this;
      for (; at < lines.length; at++) {
        const line = lines[at];
        if (line !== undefined && matches(line)) return line;
      }
      if (!this.isRunning) throw new Error(`${this.source} has ended:\n${this.output}`);
      const heard = new AbortController();
      const signal = AbortSignal.any([limit, heard.signal]);
      await Promise.race([once(this, 'line', { signal }), once(this, 'exit', { signal })])
        .catch(() => {
          throw new Error(`${this.source} did not log it within ${String(ms)} ms:\n${this.output}`);
        })
        // Otherwise the one that has not come is listened for once more with every line.
        .finally(() => {
          heard.abort();
        });
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** How it ends: its exit code, or the signal that killed it. */
  async ended(ms = stopMs): Promise<number | string> {
    const { child } = this;
    if (child === undefined) throw new Error(`${this.source} was never started`);
    if (!this.isRunning) return child.exitCode ?? child.signalCode ?? 'unknown';
    const [how] = (await once(this, 'exit', { signal: AbortSignal.timeout(ms) })) as [number | string];
    return how;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    const ended = this.ended();
    this.signal('SIGKILL');
    await ended;
  }

  /** Asks it to stop, and returns its exit code. */
  async stop(): Promise<number | string> {
    const ended = this.ended();
    this.signal('SIGTERM');
    return ended;
  }

  pause(): void {
    this.signal('SIGSTOP');
  }
  resume(): void {
    this.signal('SIGCONT');
  }

  private readLog(): void {
    const lines = this.log?.read() ?? [];
    for (const line of lines) this.hear(line);
    if (lines.length > 0) this.emit('line');
  }

  private hear(text: string): void {
    if (this.heard.length >= linesMax) return;
    this.text += `${text}\n`;
    let line: LogLine;
    try {
      line = JSON.parse(text) as LogLine;
    } catch {
      line = { level: 0, msg: text };
    }
    this.heard.push(line);
  }
}

export interface LeaseApiOptions {
  /** Default: an embedded table in a directory of its own. */
  table?: string;
  /** More LEASEHOLD_ variables. */
  env?: Record<string, string>;
  /** LEASEHOLD_HTTP or LEASEHOLD_RPC; default: free ports of 127.0.0.1. */
  listen?: Record<string, string>;
  /** More flags of Node. */
  nodeFlags?: string[];
  /** The program of another build, instead of this one's; read again at every start. */
  program?: string;
  /** How long the start may take; a large embedded table is read as a whole. */
  startMs?: number;
}

/** A running lease API. It keeps its ports and its table over `restart`. */
export class LeaseApi extends Program {
  /** Where the embedded table is. */
  readonly directory = mkdtempSync(join(tmpdir(), 'leasehold-api-'));
  /** The file that records the table's position. */
  readonly witness = `${this.directory}-witness`;
  private http = '127.0.0.1:0';
  private rpc = '127.0.0.1:0';
  private grpc: string | undefined;

  constructor(options: LeaseApiOptions) {
    const { nodeFlags = [] } = options;
    const how = () => ({
      args: [],
      // As scripts/start.mjs starts it.
      nodeFlags: ['--max-semi-space-size=64', ...nodeFlags],
      env: {
        LEASEHOLD_TABLE: options.table ?? `embedded:${this.directory}`,
        LEASEHOLD_WITNESS: this.witness,
        LEASEHOLD_RPC_SECRET: rpcSecret,
        ...options.env,
        LEASEHOLD_HTTP: this.http,
        LEASEHOLD_RPC: this.rpc,
        ...(this.grpc === undefined ? {} : { LEASEHOLD_GRPC: this.grpc }),
        ...options.listen,
      },
    });
    const source = 'apps/lease-api/src/main.ts';
    super(source, how, options.startMs, () => options.program ?? compiled(source));
    for (const each of [this.directory, this.witness]) directories.add(each);
  }

  /** `http://127.0.0.1:PORT` */
  get url(): string {
    return `http://${this.http}`;
  }
  /** HOST:PORT of the microservice listener, for an adapter's `--api`. */
  get rpcAddress(): string {
    return this.rpc;
  }

  /** HOST:PORT of the gRPC listener, where LEASEHOLD_GRPC asks for one. */
  get grpcAddress(): string {
    return this.grpc ?? '';
  }

  override async start(): Promise<LogLine> {
    const ready = await super.start();
    this.http = String(ready['http']);
    this.rpc = String(ready['rpc']);
    const { grpc } = ready;
    if (typeof grpc === 'string') this.grpc = grpc;
    return ready;
  }

  /** One request; the body, if any, is JSON, and so is the answer where it has one. */
  async request(
    method: string,
    path: string,
    { body, secret, headers }: { body?: unknown; secret?: string; headers?: Record<string, string> } = {},
  ): Promise<{ status: number; headers: Headers; body: Record<string, unknown>; text: string }> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(secret === undefined ? {} : { 'x-session-secret': secret }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = /[/+]json;/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
      text,
    };
  }

  /** A new session by plain HTTP, for tests of the HTTP surface itself; others use the client. */
  async session(ttlMs = 60_000): Promise<{ sessionId: string; secret: string }> {
    const { body, status, text } = await this.request('POST', '/v1/sessions', { body: { ttlMs } });
    if (status !== 201) throw new Error(`no session: ${text}`);
    return { sessionId: String(body['sessionId']), secret: String(body['secret']) };
  }
}

/** Starts the built lease API on free ports and waits until it is ready. */
export async function startLeaseApi(options: LeaseApiOptions = {}): Promise<LeaseApi> {
  const api = new LeaseApi(options);
  await api.start();
  return api;
}

export interface FileserverOptions {
  /** Default posix. */
  stack?: string;
  /** Options of the stack. */
  own?: string[];
  /** Export name → directory, or URL. */
  exports: Record<string, string>;
  /** Microservice listeners of lease APIs. */
  apis: string[];
  /** Default: a free port of 127.0.0.1. */
  listen?: string;
  /** The address where lease APIs dial it, if different. */
  advertise?: string;
  env?: Record<string, string>;
  /** The program of another build, instead of this one's; read again at every start. */
  program?: string | undefined;
  nodeFlags?: string[];
}

/** A running fileserver adapter, on the same port after every start. */
export class Fileserver extends Program {
  private listen: string;

  constructor(options: FileserverOptions) {
    const { stack = 'posix', own = [], exports, apis, listen = '127.0.0.1:0', advertise } = options;
    const { env = {}, nodeFlags } = options;
    const how = () => ({
      args: [
        '--stack',
        stack,
        ...Object.entries(exports).flatMap(([name, directory]) => ['--export', `${name}=${directory}`]),
        '--listen',
        this.listen,
        ...(advertise === undefined ? [] : ['--advertise', advertise]),
        ...apis.flatMap((api) => ['--api', api]),
        ...own,
      ],
      nodeFlags,
      env: { LEASEHOLD_RPC_SECRET: rpcSecret, ...env },
    });
    const source = 'apps/fileserver/src/main.ts';
    super(source, how, undefined, () => options.program ?? compiled(source));
    this.listen = listen;
  }

  override async start(): Promise<LogLine> {
    const ready = await super.start();
    if (this.listen.endsWith(':0')) this.listen = String(ready['endpoint']);
    return ready;
  }
}

/** Starts the built adapter and waits until each lease API, if it is there, has its exports up. */
export async function startFileserver(options: FileserverOptions, ...apis: LeaseApi[]): Promise<Fileserver> {
  const fileserver = new Fileserver(options);
  await fileserver.start();
  await Promise.all(apis.map((api) => exportsUp(api, Object.keys(options.exports))));
  return fileserver;
}

/** Waits until the lease API says that these exports are served. */
export async function exportsUp(api: LeaseApi, names: string[], ms = 120_000): Promise<void> {
  const until = performance.now() + ms;
  for (;;) {
    const { body } = await api.request('GET', '/v1/exports');
    const exports = (body['exports'] ?? []) as { name: string; state: string }[];
    if (names.every((name) => exports.some((each) => each.name === name && each.state === 'up'))) return;
    if (performance.now() > until) throw new Error(`not up: ${names.join(', ')}\n${api.output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
