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
import { SetupError, ensureAll, ensureNode, printable, programEnv, root, runScript } from './ensure.mjs';
import { readable } from './log-line.mjs';

/** Far more than a start or a stop takes, even on a busy machine: a program that reaches its limit hangs. */
const startLimitMs = 120_000;
const stopLimitMs = 30_000;
const lastLinesMax = 12;

/**
 * Space for new objects, in MB: with a million leases and the default, garbage collection takes a quarter of the CPU.
 */
const nodeFlags = { 'lease-api': ['--max-semi-space-size=64'] };

/** A child program. Its output goes to the terminal, shortened; its last lines are kept in case it fails. */
class Program {
  #child;
  #lastLines = [];

  constructor(name, args, env) {
    this.name = name;
    // Has its own process group: Ctrl-C reaches only this launcher, which then stops the programs in order.
    const main = join(root, 'dist', 'apps', name, 'src', 'main.js');
    this.#child = spawn(process.execPath, [...(nodeFlags[name] ?? []), main, ...args], {
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

  /** Asks it to stop, and kills it after a time limit. */
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
    const text = readable(line, printable);
    this.#lastLines.push(text);
    if (this.#lastLines.length > lastLinesMax) this.#lastLines.shift();
    console.log(`${this.name.padEnd(10)} ${text}`);
  }
}

/** The address in a variable, checked to be free. Port 0 is replaced by a free port, so that all programs know it. */
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

/** Polls until nothing is missing. Throws what is still missing after the limit. */
async function poll(url, look) {
  const giveUpAt = Date.now() + startLimitMs;
  for (;;) {
    const missing = await look().catch(() => 'it does not answer');
    if (missing === undefined) return;
    if (Date.now() > giveUpAt) {
      throw new SetupError(
        `The service at ${url} was not ready after ${startLimitMs / 1_000} s: ${missing}.`,
      );
    }
    await delay(100);
  }
}

async function read(address) {
  const { LEASEHOLD_ADMIN_TOKEN: token } = process.env;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(address, { headers, signal: AbortSignal.timeout(2_000) });
  return { status: answer.status, body: await answer.json().catch(() => ({})) };
}

/**
 * Why the service is not ready. Checks that its fileserver is the one at `endpoint`: the table may remember an earlier
 * one.
 */
async function missing(url, endpoint) {
  const { status, body } = await read(`${url}/readyz`);
  if (status !== 200) return `/readyz answers ${status} ${JSON.stringify(body)}`;
  const { exports = [] } = (await read(`${url}/v1/exports`)).body;
  const demo = exports.find(({ name }) => name === 'demo');
  if (demo?.endpoint !== endpoint) return 'the fileserver adapter has not registered the export demo';
  return demo.state === 'up' ? undefined : `the export demo is ${demo.state}`;
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

const withoutAdapter = `
The fileserver adapter has stopped, as requested. The lease API continues without it: requests for "demo" wait for another
adapter, up to a limit. Ctrl-C stops the lease API; npm start then starts both again.
`;

await runScript(async () => {
  ensureNode();
  const http = await freeAddress('LEASEHOLD_HTTP', '127.0.0.1:8080');
  const rpc = await freeAddress('LEASEHOLD_RPC', '127.0.0.1:8081');
  // Nobody outside uses this port, so any free one will do.
  const adapter = await freeAddress('', '127.0.0.1:0');
  await ensureAll();
  const directory = join(root, 'exports', 'demo');
  mkdirSync(directory, { recursive: true });
  const hello = join(directory, 'hello.txt');
  if (!existsSync(hello)) writeFileSync(hello, 'Hello from a leased file.\n');

  const exports = (process.env.LEASEHOLD_EXPORTS ?? '').split(',').filter((each) => each !== '');
  const env = programEnv({
    LEASEHOLD_HTTP: http.listen,
    LEASEHOLD_RPC: rpc.listen,
    // Declared before its adapter registers, so that /readyz is not ready until the export is served.
    LEASEHOLD_EXPORTS: [...new Set([...exports, 'demo'])].join(','),
  });
  const url = `http://${http.dial}`;
  const programs = [];
  let over = false;
  const end = new Promise((resolve) => {
    const launch = (...what) => {
      if (over) return;
      const program = new Program(...what, env);
      // The program launched last is stopped first.
      programs.unshift(program);
      void program.ended.then((how) => {
        if (how !== 'exit code 0') resolve({ failed: program, how });
        else if (program.name === 'lease-api') resolve({ told: program });
        else if (!over) console.log(withoutAdapter);
      });
    };
    const start = async () => {
      launch('lease-api', []);
      await poll(url, async () => void (await read(`${url}/livez`)));
      launch(
        'fileserver',
        `--stack posix --export demo=exports/demo --listen ${adapter.listen} --api ${rpc.dial}`.split(' '),
      );
      await poll(url, () => missing(url, adapter.dial));
      console.log(next(url));
    };
    start().catch((error) => resolve({ error }));

    let askedAt;
    const ask = () => {
      // npm repeats the signal that the terminal already sent. A second Ctrl-C by a user comes later: kill at once.
      if (askedAt !== undefined && performance.now() - askedAt > 1_000) {
        for (const program of programs) program.kill('SIGKILL');
      }
      askedAt ??= performance.now();
      resolve({ asked: true });
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, ask);
  });
  const { asked, error, failed, how, told } = await end;
  over = true;
  // Stop the adapter first: it releases its kernel leases while the lease API can still be told.
  if (told) console.log('\nThe lease API has stopped, as requested; the fileserver adapter stops with it.');
  if (asked) console.log('\nStopping: first the fileserver adapter, then the lease API ...');
  const lastLines = programs.map((program) => `${program.name}:\n${program.lastLines}`).join('\n');
  for (const program of programs) await program.stop();
  if (error) throw new SetupError(`${error.message}\nThe last lines were\n${lastLines}`);
  if (failed) {
    throw new SetupError(`${failed.name} has ended (${how}). Its last lines were\n${failed.lastLines}`);
  }
  console.log('Stopped.');
  process.exit(0);
});
if (process.exitCode) process.exit();
