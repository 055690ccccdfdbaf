import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Logger } from '@nestjs/common';
import { ClientTCP } from '@nestjs/microservices';
import { firstValueFrom, timeout } from 'rxjs';
import { fileserver, printable, printableJson, printableLines } from '#contracts';
import { procLocksLines } from '../../apps/lease-api/src/http/proc-locks';
import { compiled } from '../support/openers';
import { rpcSecret, startLeaseApi, stopPrograms } from '../support/service';

/**
 * A name from outside never forges or clears a line that a person reads. This file covers the log, what `npm start`
 * makes of it, and the text of the listing; `leasectl` has its own file.
 */
Logger.overrideLogger(false);
afterAll(stopPrograms);

/** Clears the screen in two ways, starts a line in five, reverses the text, hides it. */
const evil = 'a\x1b[2Jb\x9b2J\r\n\x0b\x85\u2028\u2029\u202e\u200b\x7f\x07"level":60';
/** Characters that a terminal obeys, except the line feed that ends a line. */
const obeyed = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('printed text', () => {
  test('is one line, with control characters as codes', () => {
    expect(printable(evil)).not.toMatch(obeyed);
    expect(printable('a\nb ü漢')).toBe('a\\x0ab ü漢');
    expect(printableLines('a\x1b\nb')).toBe('a\\x1b\nb');
  });

  test('stays the same JSON, on one line', () => {
    const json = printableJson(`${JSON.stringify({ evil, tag: '\u{e0041}' })}\n`);
    expect(json.trimEnd()).not.toMatch(obeyed);
    expect(JSON.parse(json)).toEqual({ evil, tag: '\u{e0041}' });
  });
});

test('the log of the lease API shows control characters in a request as codes', async () => {
  const api = await startLeaseApi();
  const [host, port] = api.rpcAddress.split(':');
  const client = new ClientTCP({ host, port: Number(port) });
  const envelope = { body: '{}', [evil]: 1 };
  const answer = client.send<object>(fileserver.patterns.heartbeat, envelope).pipe(timeout(10_000));
  expect(await firstValueFrom(answer)).toMatchObject({ ok: false });
  const line = await api.logged(({ msg }) => msg === 'a message from an adapter was refused');
  expect(JSON.stringify(line)).toContain(JSON.stringify(evil).slice(1, -1).slice(0, 12));
  expect(api.output.split('\n').filter((text) => obeyed.test(text))).toEqual([]);
  client.close();
});

test('npm start prints one line per log line, and no value can pass for another', async () => {
  const root = join(__dirname, '..', '..');
  const lines = [
    JSON.stringify({ level: 30, time: 0, msg: 'configured', item: evil, err: { message: evil } }),
    JSON.stringify({
      level: 30,
      time: 0,
      msg: 'configured',
      owner: 'x level=60 y',
      program: 'lease-api',
      free: 'ok',
    }),
    `not JSON ${evil}`,
  ];
  const script = `
    import { readable } from './scripts/log-line.mjs';
    import { printable } from '#contracts';
    console.log(JSON.stringify(JSON.parse(process.argv[1]).map((line) => readable(line, printable))));`;
  const node = ['--input-type=module', '-e', script, JSON.stringify(lines)];
  const { stdout } = await promisify(execFile)(process.execPath, node, { cwd: root });
  const shown = JSON.parse(stdout) as string[];
  for (const text of shown) expect(text).not.toMatch(obeyed);
  expect(shown[1]).toMatch(/ info configured owner="x level=60 y" free=ok$/);
});

test('the listing as text has one line per lock, whatever an adapter reports as inode', () => {
  const inode = `fd:01:1${evil}`;
  const row = {
    id: 'l',
    no: 1,
    kind: 'lease',
    sessionId: 's',
    owner: evil,
    exportName: 'e',
    path: evil,
  } as const;
  const text = procLocksLines({ ...row, fileId: evil, pid: 1, type: 'read', inode, state: 'active' });
  expect(text.trimEnd()).not.toMatch(obeyed);
  const answer = { fileId: 'f', inode };
  expect(fileserver.resolveAnswer.safeParse(answer).success).toBe(false);
  expect(fileserver.resolveAnswer.safeParse({ ...answer, inode: 'fd:01:1' }).success).toBe(true);
});

describe('programs that tell a story show what a stranger answered by its codes', () => {
  const root = join(__dirname, '..', '..');
  /** What a program prints until it ends, and how it ends. */
  const printed = async (args: string[], env: Record<string, string> = {}): Promise<string> => {
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env } });
    let output = '';
    for (const from of [child.stdout, child.stderr])
      from.setEncoding('utf8').on('data', (text: string) => (output += text));
    await once(child, 'close');
    return output;
  };
  const lines = (output: string): string[] => output.split('\n').filter((line) => obeyed.test(line));
  const problem = { code: 'EIO', reason: evil, title: evil, detail: evil, status: 400 };
  const answers: [string, number, unknown][] = [
    ['a refusal', 400, problem],
    ['a failure', 500, { ...problem, status: 500 }],
    ['no refusal that there is', 400, { ...problem, reason: 'bad_request', code: 'EINVAL' }],
    ['names of exports', 200, { exports: [{ name: evil, state: evil }] }],
    ['something else', 200, evil],
  ];

  test.each(answers)('npm run demo, which is answered with %s', async (_, status, body) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, {
        'content-type': status === 200 ? 'application/json' : 'application/problem+json',
      });
      response.end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const demo = await printed(['scripts/demo.mjs'], { LEASEHOLD_URL: url });
    server.close();
    expect(demo).not.toBe('');
    expect(lines(demo)).toEqual([]);
    expect(demo).not.toContain('\n"level":60');
  });

  test('whatever a script fails with', async () => {
    const script = `
      import { ensureAll, runScript, SetupError } from './scripts/ensure.mjs';
      await ensureAll();
      for (const Kind of [Error, SetupError]) await runScript(() => { throw new Kind(process.argv[1]); });`;
    const output = await printed(['--input-type=module', '-e', script, evil]);
    expect(output).toContain('\\x1b[2J');
    expect(lines(output)).toEqual([]);
  });

  test('nfs-head and the adapter, which are given such names', async () => {
    const api = await startLeaseApi();
    const head = [compiled('apps/nfs-head/src/main.ts'), '--tcp', '--api', api.rpcAddress, '--export', evil];
    const adapter = [compiled('apps/fileserver/src/main.ts'), '--export', `${evil}=${evil}`];
    for (const args of [head, adapter]) {
      const output = await printed(args, { LEASEHOLD_RPC_SECRET: rpcSecret });
      expect(output).not.toBe('');
      expect(lines(output)).toEqual([]);
    }
  });
});
