import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { Oidc } from '../support/oidc';
import { Page } from '../support/snippets';

/** Runs the commands of docs/callers.md as written, in a directory of its own, with an issuer at another address. */

const root = join(__dirname, '../..');
const page = new Page('docs/callers.md');

const place = mkdtempSync(join(tmpdir(), 'leasehold-callers-page-'));
let oidc: Oidc;
let port: number;
let service: ChildProcess | undefined;

const here = (text: string): string =>
  text
    .replaceAll('/etc/leasehold', place)
    .replaceAll('8443', String(port))
    .replaceAll(
      'https://id.example.org/realms/demo/protocol/openid-connect',
      oidc.keys.replace(/\/certs$/, ''),
    );

function commands(name: string): { text: string; env: NodeJS.ProcessEnv } {
  const text = page.takeNamed(name);
  // The name of the service leads to this host.
  writeFileSync(join(place, '.curlrc'), `resolve = "leases.example.org:${String(port)}:127.0.0.1"\n`);
  writeFileSync(
    join(place, 'names.cjs'),
    `const dns = require('node:dns'); const { lookup } = dns;
     dns.lookup = (name, ...rest) => lookup(name === 'leases.example.org' ? '127.0.0.1' : name, ...rest);`,
  );
  const own = Object.entries(process.env).filter(([variable]) => !variable.startsWith('LEASEHOLD_'));
  const env = {
    ...{ CURL_HOME: place, NODE_OPTIONS: `--require ${join(place, 'names.cjs')}` },
    ...{ LEASEHOLD_RPC: '127.0.0.1:0', LEASEHOLD_RPC_SECRET: 'a secret of this test' },
    ...{ LEASEHOLD_TABLE: `embedded:${join(place, 'table')}`, LEASEHOLD_WITNESS: join(place, 'witness') },
  };
  return { text: here(text), env: { ...Object.fromEntries(own), ...env } };
}
/** Not synchronously: the issuer answers in this process. */
async function follow(name: string): Promise<string> {
  const { text, env } = commands(name);
  return (await promisify(execFile)('sh', ['-euc', text], { cwd: root, env })).stdout;
}
/** A program of the page, beside the modules of this repository. */
async function runProgram(name: string): Promise<string> {
  const text = page.takeNamed(name);
  const { env } = commands('call with a certificate');
  const source = here(text).replace('@leasehold/client', '#client');
  const args = ['--input-type=module', '--eval', source];
  return (await promisify(execFile)(process.execPath, args, { cwd: root, env })).stdout;
}

afterAll(async () => {
  if (service?.pid !== undefined) {
    const ended = once(service, 'exit');
    process.kill(-service.pid, 'SIGKILL');
    await ended;
  }
  oidc.stop();
  rmSync(place, { recursive: true, force: true });
});

test('static tokens, OpenID Connect and client certificates work as the page says', async () => {
  oidc = await new Oidc().start();
  port = await freePort();
  await follow('make certificates');
  const [sha256 = ''] = (await follow('make a token')).split(' ');
  let tokens = 0;
  const sum = (): string => (tokens++ === 0 ? sha256 : String(tokens).repeat(64));
  // One file for all of them, with the roles of the first: the page shows one for each.
  const callers = ['json', 'json', 'json']
    .map((language) => page.take(language))
    .map((text) => JSON.parse(here(text).replaceAll('…', sum)) as object);
  writeFileSync(join(place, 'callers.json'), JSON.stringify(Object.assign({}, ...callers.reverse())), {
    mode: 0o600,
  });

  const { text, env } = commands('start');
  service = spawn('sh', ['-euc', text], { cwd: root, env, detached: true, stdio: 'ignore' });
  await eventually(async () => {
    expect(await follow('call with a token')).toMatch(/"local"[^]*local/);
  });
  expect(await follow('call with a token of the issuer')).toContain('local');
  expect(await follow('call with a certificate')).toMatch(/leasehold_[^]*local/);
  expect(await runProgram('call with a certificate from a program')).toContain("name: 'local'");
  expect(page.rest()).toEqual([]);
});
