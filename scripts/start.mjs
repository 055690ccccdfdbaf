/**
 * `npm start`: installs and builds what is missing, then runs the lease API and one posix fileserver adapter that serves
 * exports/demo as the export `demo`, until Ctrl-C.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { SetupError, ensureAll, ensureNode, programEnv, root, runScript } from './ensure.mjs';

const startLimitMs = 30_000;
const stopLimitMs = 10_000;
const lastLinesMax = 12;

/** A child program: its output goes to the terminal, shortened, and its last lines are remembered for a bad end. */
class Program {
  #child;
  #lastLines = [];

  constructor(name, entry, args, env) {
    this.name = name;
    // A process group of its own: Ctrl-C reaches this launcher only, which then stops the programs in order.
    this.#child = spawn(process.execPath, [join(root, 'dist', 'apps', entry, 'src', 'main.js'), ...args], {
      cwd: root,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const read = [this.#child.stdout, this.#child.stderr].map((stream) => {
      const lines = createInterface({ input: stream });
      lines.on('line', (line) => this.#show(line));
      return new Promise((resolve) => lines.once('close', resolve));
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(String(error)));
      this.#child.once('exit', (code, signal) => {
        this.gone = true;
        const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
        void Promise.race([Promise.all(read), delay(1_000)]).then(() => resolve(how));
      });
    });
  }

  get lastLines() {
    return this.#lastLines.map((line) => `  ${line}`).join('\n');
  }

  kill(signal) {
    if (!this.gone) this.#child.kill(signal);
  }

  /** Asks it to stop, and makes it after a while. */
  async stop() {
    this.kill('SIGTERM');
    const limit = new AbortController();
    const late = delay(stopLimitMs, undefined, { signal: limit.signal }).then(
      () => {
        console.error(`${this.name} did not stop within ${stopLimitMs / 1_000} s and is killed.`);
        this.kill('SIGKILL');
      },
      () => undefined,
    );
    await this.ended;
    limit.abort();
    await late;
  }

  #show(line) {
    const text = readable(line);
    this.#lastLines.push(text);
    if (this.#lastLines.length > lastLinesMax) this.#lastLines.shift();
    console.log(`${this.name.padEnd(10)} ${text}`);
  }
}

const levels = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

/** A line of JSON log as a person reads it: time, level, message, then the rest as name=value. */
function readable(line) {
  try {
    const { time, level, msg, err, ...rest } = JSON.parse(line);
    const at = new Date(time ?? Date.now()).toTimeString().slice(0, 8);
    const facts = Object.entries(rest).map(([name, value]) => `${name}=${brief(value)}`);
    if (err) facts.push(brief(err.message ?? err));
    return [at, levels[level] ?? level, msg ?? '', ...facts].join(' ').slice(0, 400);
  } catch {
    return line.slice(0, 400);
  }
}

const brief = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

/** The address a variable names, free to listen on. Port 0 becomes a free one, so that both programs know it. */
async function freeAddress(variable, otherwise) {
  const text = process.env[variable] ?? otherwise;
  const at = text.lastIndexOf(':');
  const host = text.slice(0, at).replace(/^\[|\]$/g, '');
  const wanted = Number(text.slice(at + 1));
  if (at < 1 || !Number.isInteger(wanted)) throw new SetupError(`${variable}: ${text} is not HOST:PORT.`);
  const port = await new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', ({ code, message }) => {
      const other = `${text.slice(0, at)}:${wanted + 10}`;
      reject(
        new SetupError(
          code === 'EADDRINUSE'
            ? `${text} is in use: another program, or another Leasehold, listens there. ` +
                `Stop it, or choose another address: ${variable}=${other} npm start`
            : `Cannot listen on ${text} (${variable}): ${message}`,
        ),
      );
    });
    probe.listen(wanted, host, () => {
      const chosen = probe.address().port;
      probe.close(() => resolve(chosen));
    });
  });
  const any = { '0.0.0.0': '127.0.0.1', '::': '::1' };
  const reach = any[host] ?? host;
  return {
    listen: `${text.slice(0, at)}:${port}`,
    dial: `${reach.includes(':') ? `[${reach}]` : reach}:${port}`,
  };
}

/** Resolves when the service is ready and the export is up. Throws what is still missing after the limit. */
async function ready(url) {
  const { LEASEHOLD_ADMIN_TOKEN: token } = process.env;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const read = async (path) => {
    const answer = await fetch(url + path, { headers, signal: AbortSignal.timeout(2_000) });
    const body = await answer.json().catch(() => ({}));
    return { status: answer.status, body };
  };
  const giveUpAt = Date.now() + startLimitMs;
  for (let missing = 'it does not answer'; ;) {
    try {
      const health = await read('/readyz');
      const { body } = await read('/v1/exports');
      const state = body.exports?.find(({ name }) => name === 'demo')?.state ?? 'not registered';
      if (health.status === 200 && state === 'up') return;
      missing =
        health.status === 200
          ? `the export demo is ${state}`
          : `/readyz answers ${health.status} ${JSON.stringify(health.body)}`;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > giveUpAt) {
      throw new SetupError(
        `The service at ${url} was not ready after ${startLimitMs / 1_000} s: ${missing}.`,
      );
    }
    await delay(100);
  }
}

const next = (url) => `
Leasehold is running: lease API at ${url}, export "demo" = exports/demo.
The whole story, explained: npm run demo      By hand, in a second terminal, from this directory:

  API=${url}; J='content-type: application/json'
  # A session owns leases and lives for its TTL; its secret goes with every call on its behalf.
  S=$(curl -s $API/v1/sessions -H "$J" -d '{"ttlMs":600000}'); ID=$(node -pe "($S).sessionId"); KEY="x-session-secret: $(node -pe "($S).secret")"
  # Watch its events, in the background.
  curl -sN $API/v1/sessions/$ID/events -H "$KEY" &
  # Take a read lease: the adapter holds a real kernel lease now.
  L=$(curl -s $API/v1/leases/acquire -H "$KEY" -H "$J" -d '{"sessionId":"'$ID'","export":"demo","file":"hello.txt","type":"read"}'); echo "$L"
  # Readers go through; a writer waits, and the event "break" arrives.
  cat exports/demo/hello.txt
  sh -c 'echo more >> exports/demo/hello.txt && echo written' &
  # See it waiting, as the kernel would print it; then answer, and the writer goes on.
  curl -s $API/v1/locks -H 'accept: text/plain'
  curl -s -X PUT $API/v1/leases/$(node -pe "($L).leaseId") -H "$KEY" -H "$J" -d '{"type":"none"}'

Ctrl-C stops both programs.
`;

await runScript(async () => {
  ensureNode();
  const http = await freeAddress('LEASEHOLD_HTTP', '127.0.0.1:8080');
  const rpc = await freeAddress('LEASEHOLD_RPC', '127.0.0.1:8081');
  await ensureAll();
  const directory = join(root, 'exports', 'demo');
  mkdirSync(directory, { recursive: true });
  const hello = join(directory, 'hello.txt');
  if (!existsSync(hello)) writeFileSync(hello, 'Hello from a leased file.\n');

  const env = programEnv({ LEASEHOLD_HTTP: http.listen, LEASEHOLD_RPC: rpc.listen });
  const api = new Program('lease-api', 'lease-api', [], env);
  const adapterArgs = [
    '--stack',
    'posix',
    '--export',
    'demo=exports/demo',
    '--listen',
    '127.0.0.1:0',
    '--api',
    rpc.dial,
  ];
  const adapter = new Program('fileserver', 'fileserver', adapterArgs, env);

  const asked = new Promise((resolve) => {
    let times = 0;
    const ask = () => {
      times += 1;
      if (times === 1) resolve({ asked: true });
      // Asked twice: no more waiting for what does not stop.
      else for (const program of [adapter, api]) program.kill('SIGKILL');
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, ask);
  });
  const ended = Promise.race(
    [api, adapter].map((program) => program.ended.then((how) => ({ failed: program, how }))),
  );
  const url = `http://${http.dial}`;
  const started = ready(url).then(
    () => ({}),
    (error) => ({ error }),
  );
  let outcome = await Promise.race([started, ended, asked]);
  if (!outcome.error && !outcome.failed && !outcome.asked) {
    console.log(next(url));
    outcome = await Promise.race([ended, asked]);
  }
  // The adapter first: it lets go of its kernel leases while there is still somebody to tell.
  if (outcome.asked) console.log('\nStopping: first the fileserver adapter, then the lease API ...');
  await adapter.stop();
  await api.stop();
  const { error, failed, how } = outcome;
  if (error)
    throw new SetupError(`${error.message}\nIts last lines:\n${api.lastLines}\n${adapter.lastLines}`);
  if (failed) throw new SetupError(`${failed.name} has ended (${how}). Its last lines:\n${failed.lastLines}`);
  console.log('Both have stopped.');
  process.exit(0);
});
if (process.exitCode) process.exit();
