import { hash } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Leasehold, type LeaseholdError } from '#client';
import { eventually, within } from '../support/eventually';
import { Leasectl, stopLeasectl } from '../support/leasectl';
import { Oidc } from '../support/oidc';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';
import { TcpProxy } from '../support/tcp-proxy';

/** Clients that outlive their tokens: a new token is got without an error that their users see. */

const directory = mkdtempSync(join(tmpdir(), 'leasehold-renewal-'));
const callersFile = join(directory, 'callers.json');
const rights = ['session', 'lease:write:local', 'locks:admin', 'tree:read'];
let oidc: Oidc;
let api: LeaseApi;
let proxy: TcpProxy;

/** Only this token is accepted from now on, besides those of the issuer. */
function accept(token: string): void {
  const sha256 = hash('sha256', token, 'hex');
  const { issuer, audience, keys } = oidc;
  const callers = {
    tokens: [{ sha256, subject: 'web', rights }],
    issuers: [{ issuer, audience, keys, rights }],
  };
  writeFileSync(`${callersFile}.new`, JSON.stringify(callers), { mode: 0o600 });
  renameSync(`${callersFile}.new`, callersFile);
}
async function replaceBy(token: string): Promise<void> {
  const from = api.lines.length;
  accept(token);
  await api.logged(({ msg }) => msg === 'the callers have been read again', { from });
}

beforeAll(async () => {
  oidc = await new Oidc().start();
  accept('first-token');
  api = await startLeaseApi({ env: { LEASEHOLD_CALLERS: callersFile } });
  proxy = await TcpProxy.start({ target: () => new URL(api.url).host });
});
afterAll(async () => {
  stopLeasectl();
  oidc.stop();
  proxy.close();
  await stopPrograms();
  rmSync(directory, { recursive: true });
});

/** A source of tokens that counts how often it is called. */
function source(first: string): { now: string; calls: number; get: () => Promise<string> } {
  const tokens = {
    now: first,
    calls: 0,
    get: (): Promise<string> => {
      tokens.calls += 1;
      return Promise.resolve(tokens.now);
    },
  };
  return tokens;
}

test('calls, keepalives and event streams go on with a new token, which is got once for all of them', async () => {
  await replaceBy('first-token');
  const tokens = source('first-token');
  const leasehold = new Leasehold({ url: `http://${proxy.address}`, token: tokens.get });
  const session = await leasehold.openSession({ ttlMs: 60_000 });
  const trouble: unknown[] = [];
  session.on('jeopardy', (notice) => trouble.push(notice));
  const lease = await session.acquire({ export: 'local', file: 'f', type: 'write' });
  expect(tokens.calls).toBe(1);

  await replaceBy('second-token');
  tokens.now = 'second-token';
  await Promise.all(Array.from({ length: 8 }, () => leasehold.exports()));
  expect(tokens.calls).toBe(2);
  proxy.cut();
  proxy.mend();
  const broken = new Promise((resolve) => {
    session.once('break', resolve);
  });
  const other = await new Leasehold({ url: api.url, token: 'second-token' }).openSession();
  const opening = other.open({ export: 'local', file: 'f', access: 'write', waitMs: 60_000 });
  await within('the break', broken);
  await lease.release();
  await (await within('the open', opening)).close();
  expect(trouble).toEqual([]);
  expect(tokens.calls).toBe(2);
  await other.end();
  await session.end();
});

test('a JWT that expires is replaced', async () => {
  const nearlyOver = await oidc.token('web', [], { exp: Math.floor(Date.now() / 1_000) - 28 });
  const tokens = source(nearlyOver);
  const leasehold = new Leasehold({ url: api.url, token: tokens.get });
  const headers = { authorization: `Bearer ${nearlyOver}` };
  await eventually(async () => {
    expect((await api.request('GET', '/v1/exports', { headers })).status).toBe(401);
  });
  tokens.now = nearlyOver;
  const refused = await leasehold.exports().catch((error: unknown) => error);
  expect(refused).toMatchObject({ reason: 'bad_token' });
  tokens.now = await oidc.token('web', []);
  await eventually(async () => {
    await leasehold.exports();
  });
});

test('a token that is never accepted is not asked for again and again', async () => {
  const tokens = source('wrong-token');
  const leasehold = new Leasehold({ url: api.url, token: tokens.get, retryMs: 0 });
  const beganAt = performance.now();
  for (let tries = 0; tries < 10; tries++)
    await expect(leasehold.exports()).rejects.toMatchObject({ reason: 'bad_token' });
  // One at first, and then one a second at most.
  expect(tokens.calls).toBeLessThanOrEqual(2 + (performance.now() - beganAt) / 1_000);
});

test('a source that fails is asked again, and its error is told if it goes on', async () => {
  await replaceBy('first-token');
  let calls = 0;
  const token = (): string => {
    calls += 1;
    if (calls < 3) throw new Error('the issuer is being restarted');
    return 'first-token';
  };
  await new Leasehold({ url: api.url, token }).exports();
  expect(calls).toBe(3);
  const never = new Leasehold({
    url: api.url,
    token: () => Promise.reject(new Error('the issuer is gone')),
    retryMs: 0,
  });
  const error = (await never.exports().catch((failure: unknown) => failure)) as LeaseholdError;
  expect([error.code, error.reason, error.message]).toEqual([
    'EACCES',
    'no_token',
    expect.stringContaining('the issuer is gone'),
  ]);
});

test('a call whose token never comes ends with its signal', async () => {
  const leasehold = new Leasehold({ url: api.url, token: () => new Promise<string>(() => undefined) });
  const ended = new AbortController();
  const calling = leasehold.exports({ signal: ended.signal });
  ended.abort(new Error('enough'));
  await expect(calling).rejects.toThrow('enough');
});

describe('leasectl', () => {
  test('reads a token file or runs a command again when the token is refused', async () => {
    await replaceBy('first-token');
    const leasectl = new Leasectl(api.url);
    const good = leasectl.file('good', 'first-token\n');
    expect(await leasectl.run(['ls', '--token-file', good])).toMatchObject({ exit: 0 });
    expect(await leasectl.run(['ls'], { env: { LEASEHOLD_TOKEN_FILE: good } })).toMatchObject({ exit: 0 });
    expect(await leasectl.run(['ls'], { env: { LEASEHOLD_TOKEN: 'first-token' } })).toMatchObject({
      exit: 0,
    });
    // The first token it gives is stale.
    const mark = join(directory, 'mark');
    const command = `if [ -e ${mark} ]; then cat ${good}; else touch ${mark}; echo stale-token; fi`;
    expect(await leasectl.run(['ls', '--token-command', command])).toMatchObject({ exit: 0 });
    const failing = await leasectl.run(['ls', '--token-command', 'exit 3']);
    expect(failing.exit).toBe(6);
    expect(failing.err).toContain('--token-command failed: exit 3');
  });

  test('`hold` keeps its lease and hears of a break after its token was replaced', async () => {
    await replaceBy('first-token');
    const leasectl = new Leasectl(`http://${proxy.address}`);
    const file = leasectl.file('renewed', 'first-token\n');
    const trap = `trap 'echo told; exit 3' TERM; echo begun; while :; do sleep 0.1; done`;
    const holding = leasectl.start(['hold', 'local:held', '--token-file', file, '--', 'sh', '-c', trap]);
    await holding.says('begun');
    leasectl.file('renewed', 'second-token\n');
    await replaceBy('second-token');
    proxy.cut();
    proxy.mend();
    const other = await new Leasehold({ url: api.url, token: 'second-token' }).openSession();
    const opening = other.open({ export: 'local', file: 'held', access: 'write', waitMs: 60_000 });
    await holding.says('told');
    const { exit, err } = await holding.ended;
    expect(exit).toBe(3);
    expect(err).not.toMatch(/lost|in doubt/);
    await (await within('the open', opening)).close();
    await other.end();
  });

  test('a command under `hold` has the token of its caller, and the fencing token beside it', async () => {
    await replaceBy('first-token');
    const script = `leasectl hold local:both -- sh -c 'leasectl ls -q local:both --state active; test "$LEASEHOLD_FENCING_TOKEN" -gt 0'`;
    const env = { LEASEHOLD_TOKEN: 'first-token' };
    const { exit, out } = await new Leasectl(api.url).bash(script, { env });
    expect(exit).toBe(0);
    expect(out).toMatch(/^[0-9a-f-]{36}\n$/);
  });

  test('`watch` goes on with a new token', async () => {
    await replaceBy('first-token');
    const leasectl = new Leasectl(api.url);
    const file = leasectl.file('renewed', 'first-token\n');
    const watching = leasectl.start(['watch', '--interval', '100ms', '--token-file', file]);
    const first = await new Leasehold({ url: api.url, token: 'first-token' }).openSession();
    await first.acquire({ export: 'local', file: 'before', type: 'read' });
    await watching.says(/\+ .*local:before/);
    leasectl.file('renewed', 'second-token\n');
    await replaceBy('second-token');
    const second = await new Leasehold({ url: api.url, token: 'second-token' }).openSession();
    await second.acquire({ export: 'local', file: 'after', type: 'read' });
    await watching.says(/\+ .*local:after/);
    watching.signal('SIGTERM');
    expect(await watching.ended).toMatchObject({ exit: 0, err: '' });
    await second.end();
  });

  test.each<[string, () => Record<string, string>, RegExp]>([
    ['two ways', () => ({ LEASEHOLD_TOKEN: 'a', LEASEHOLD_TOKEN_FILE: callersFile }), /in one way/],
    ['a file that is missing', () => ({ LEASEHOLD_TOKEN_FILE: '/nonexistent' }), /ENOENT.*\/nonexistent/],
  ])('%s in the environment: a usage error', async (_title, env, says) => {
    const done = await new Leasectl(api.url).run(['ls'], { env: env() });
    expect(done.exit).toBe(2);
    expect(done.err).toMatch(says);
  });
});
