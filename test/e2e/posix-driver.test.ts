import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { bytesOfName, type LeaseType } from '#contracts';
import type * as Shipped from '../../apps/fileserver/src/posix/posix-driver';
import { DriverEar } from '../support/driver-ear';
import { compiled, kernelLines, killOpeners, open, temporaryDirectory } from '../support/openers';

const { PosixDriver } = jest.requireActual<typeof Shipped>(
  compiled('apps/fileserver/src/posix/posix-driver.ts'),
);

const limitFile = '/proc/sys/fs/lease-break-time';
const enableFile = '/proc/sys/fs/leases-enable';
const limitAtStart = readFileSync(limitFile, 'utf8');

let directory: ReturnType<typeof temporaryDirectory>;
let exported: string;
let driver: Shipped.PosixDriver;
let ear: DriverEar;
let reports: string[];
let holdGen: number;

/** Hold generations of the lease API only grow. */
const set = async (name: string, type: LeaseType, fileId?: string) =>
  driver.setlease({
    export: 'demo',
    path: name,
    fileId: fileId ?? (await idOf(name)),
    type,
    holdGen: ++holdGen,
  });

const resolve = async (name: string) => driver.resolve('demo', name);
const idOf = async (name: string): Promise<string> => {
  const answer = await resolve(name);
  if ('reason' in answer) throw new Error(answer.detail);
  return answer.fileId;
};
const file = (name: string, content = 'text\n'): string => {
  const path = join(exported, name);
  writeFileSync(path, content);
  return path;
};

async function start(): Promise<void> {
  reports = [];
  driver = await PosixDriver.start({ demo: exported }, (message) => reports.push(message));
  ear = new DriverEar(driver);
}

beforeEach(async () => {
  directory = temporaryDirectory();
  exported = join(directory.path, 'export');
  mkdirSync(exported);
  holdGen = 0;
  await start();
});

afterEach(() => {
  driver.close();
  killOpeners();
  writeFileSync(limitFile, limitAtStart);
  directory.remove();
});

/**
 * Tests the table of docs/posix.md: each row on a file with a read lease and on one with a write lease.
 * `$libc` calls a function of the C library. With `before`, the program starts before the lease is asked for.
 */
const programs: Record<string, { does: string[]; before?: boolean }> = {
  'opens for reading': { does: ['cat f'] },
  'opens for writing, or with `O_TRUNC`': { does: ['echo more >> f', ': > f'] },
  'calls `truncate(2)` by name': { does: ['$libc truncate str:f long:0'] },
  'opens for writing with `O_NONBLOCK`, as touch(1) does': {
    does: [`$libc open str:f int:${String(constants.O_WRONLY | constants.O_NONBLOCK)} # fails`],
  },
  'already has it open for writing (`write(2)`, `ftruncate(2)`)': {
    before: true,
    does: ['exec 3>>f; echo ready; read _ || true'],
  },
  'already has it mapped for writing (`mmap`)': { before: true, does: ['$mapped 3 r+'] },
  'already has it open or mapped for reading': {
    before: true,
    does: ['exec 3<f; echo ready; read _ || true', '$mapped 1 r'],
  },
  'calls `unlink`': { does: ['rm f'] },
  'calls `rename`': { does: ['mv f elsewhere'] },
  'calls `rename` to replace it': { does: ['echo other > g && mv g f'] },
  'calls `link`': { does: ['ln f g'] },
  'calls `chmod` or `chown`, sets times or extended attributes': {
    does: [
      'chmod 600 f',
      'chown 1 f',
      '$libc utimes str:f long:0',
      '$libc setxattr str:f str:user.a str:v long:1 int:0',
    ],
  },
  'reads the directory, or calls `stat(2)` on the file': { does: ['ls -l', 'stat f'] },
};
const node = `${process.execPath} -e`;
const koffi = `const koffi = require("${require.resolve('koffi')}"), c = koffi.load(null);`;
/** A call of the C library as a shell command: its exit code is 0 if the call has not failed. */
function shell(command: string): string {
  const [, name, args] = /^\$libc (\w+) ([^#]*)/.exec(command) ?? [];
  const [, access, mode] = /^\$mapped (\d) (\S+)/.exec(command) ?? [];
  if (name !== undefined && args !== undefined) {
    const given = args
      .trim()
      .split(' ')
      .map((arg) => arg.split(':') as [string, string]);
    const types = given.map(([type]) => `"${type}"`).join();
    const values = given.map(([type, value]) => (type === 'str' ? `"${value}"` : value)).join();
    return `${node} '${koffi} process.exit(c.func("${name}", "int", [${types}])(${values}) < 0 ? 1 : 0)'`;
  }
  if (access === undefined || mode === undefined) return command;
  const types = '["void *", "long", "int", "int", "int", "long"]';
  return (
    `${node} '${koffi} const fs = require("fs"), fd = fs.openSync("f", "${mode}");` +
    ` c.func("mmap", "void *", ${types})(null, 4096, ${access}, 1, fd, 0);` +
    ` fs.closeSync(fd); console.log("ready"); process.stdin.resume()'`
  );
}
const described = readFileSync(join(__dirname, '../../docs/posix.md'), 'utf8')
  .split('## What a kernel lease detects')[1]
  ?.split('\n## ')[0]
  ?.split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2)
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  ) as [string, string, string][];

test('every row of the table in docs/posix.md is tested', () => {
  expect(described.map(([what]) => what)).toEqual(Object.keys(programs));
});

describe.each(described)('a local program that %s', (what, ...cells) => {
  const { does, before = false } = programs[what] ?? { does: [] };
  const cases = does.flatMap((command) =>
    (['read', 'write'] as const).map((level, at) => [level, cells[at] ?? '', command] as const),
  );

  test.each(cases)('%s lease %s: %s', async (level, says, command) => {
    file('f');
    const program = before ? open(shell(command), exported) : undefined;
    if (program) {
      await program.printed('ready');
      const refused = says.startsWith('refused');
      expect(await set('f', level)).toMatchObject(
        refused ? { have: 'none', reason: 'fileserver_refused' } : { have: level },
      );
      program.end();
      expect(await program.exited).toBe(0);
      if (refused) expect(await set('f', level)).toMatchObject({ have: level });
      return;
    }
    const { inode = '' } = await set('f', level);
    const active = [expect.stringMatching(new RegExp(`^LEASE {2}ACTIVE {4}${level.toUpperCase()} `))];
    const opener = open(shell(command), exported);
    const target = /^breaks to (none|read)/.exec(says)?.[1] as 'none' | 'read' | undefined;
    if (target !== undefined) {
      expect((await ear.break()).now()).toMatchObject({ target });
      const waits = says.includes('the program waits');
      if (waits) expect(opener.running).toBe(true);
      else expect(await opener.exited).toBe(1);
      expect(await set('f', target)).toMatchObject({ have: target });
      if (waits) expect(await opener.exited).toBe(0);
      return;
    }
    expect(says).toMatch(/^stays/);
    expect(await opener.exited).toBe(0);
    if (says.includes('`detached`')) expect((await ear.detached()).now()).toMatchObject({ path: 'f' });
    // All earlier reports arrive before this one.
    file('z');
    await set('z', 'write');
    const last = open('cat z', exported);
    await ear.break();
    await set('z', 'none');
    await last.exited;
    expect(kernelLines(inode)).toEqual(active);
    expect([ear.count('break'), ear.count('detached'), ear.count('lost')]).toEqual([0, 0, 0]);
  });
});

describe('breaks', () => {
  test('a writer breaks a read lease to none, waits, and goes on when it is released', async () => {
    file('a');
    expect(await set('a', 'read')).toMatchObject({ have: 'read' });
    const writer = open('echo more >> a', exported);
    const notice = await ear.break();
    const facts = notice.now();
    expect(facts).toMatchObject({
      export: 'demo',
      fileId: await idOf('a'),
      holdGen: 1,
      breakNo: 1,
      target: 'none',
    });
    const limitMs = Number(limitAtStart) * 1000;
    expect(facts?.remainingMs).toBeGreaterThan(limitMs * 0.7);
    expect(facts?.remainingMs).toBeLessThanOrEqual(limitMs - 2_000);
    expect(writer.running).toBe(true);
    expect(await set('a', 'none')).toEqual({ have: 'none' });
    expect(await writer.exited).toBe(0);
    expect(notice.now()).toBeUndefined();
  });

  test('readers do not break a read lease', async () => {
    file('a');
    const { inode } = await set('a', 'read');
    expect(await open('cat a', exported).exited).toBe(0);
    expect(kernelLines(inode ?? '')).toEqual([expect.stringMatching(/^LEASE {2}ACTIVE {4}READ /)]);
    expect(ear.count('break')).toBe(0);
  });

  test('a reader breaks a write lease to read, and goes on after the downgrade', async () => {
    file('a', 'content');
    const { inode } = await set('a', 'write');
    const reader = open('cat a', exported);
    const notice = await ear.break();
    expect(notice.now()).toMatchObject({ target: 'read', breakNo: 1 });
    expect(reader.running).toBe(true);
    expect(await set('a', 'read')).toMatchObject({ have: 'read' });
    expect(notice.now()).toBeUndefined();
    expect(await reader.exited).toBe(0);
    expect(reader.output()).toBe('content');
    expect(kernelLines(inode ?? '')).toEqual([expect.stringMatching(/^LEASE {2}ACTIVE {4}READ /)]);
    expect(await set('a', 'write')).toMatchObject({ have: 'write' });
  });

  test('a writer that arrives during a break to read makes it a break to none: the downgrade is refused', async () => {
    file('a');
    await set('a', 'write');
    const reader = open('cat a', exported);
    expect((await ear.break()).now()).toMatchObject({ target: 'read', breakNo: 1 });
    const writer = open('echo more >> a', exported);
    expect((await ear.break()).now()).toMatchObject({ target: 'none', breakNo: 2 });
    expect(await set('a', 'read')).toMatchObject({ have: 'write', reason: 'fileserver_refused' });
    expect((await ear.break()).now()).toMatchObject({ target: 'none', breakNo: 2, holdGen: 2 });
    expect(await set('a', 'none')).toEqual({ have: 'none' });
    expect(await Promise.all([reader.exited, writer.exited])).toEqual([0, 0]);
  });

  test('an opener that does not wait also starts a break; only a release clears it', async () => {
    file('a');
    await set('a', 'read');
    const flags = 'fs.constants.O_WRONLY | fs.constants.O_NONBLOCK';
    const impatient = open(
      `node -e 'try { fs.openSync("a", ${flags}) } catch (e) { console.log(e.code) }'`,
      exported,
    );
    expect((await ear.break()).now()).toMatchObject({ target: 'none' });
    await impatient.exited;
    expect(impatient.output()).toBe('EAGAIN\n');
    expect(await set('a', 'read')).toMatchObject({ have: 'read', reason: 'fileserver_refused' });
    expect(await set('a', 'none')).toEqual({ have: 'none' });
    expect(await set('a', 'read')).not.toHaveProperty('reason');
  });

  test('1,000 holds broken at once are all reported', async () => {
    const names = Array.from({ length: 1_000 }, (_, i) => `f${i}`);
    for (const name of names) {
      file(name);
      expect(await set(name, 'read')).toMatchObject({ have: 'read' });
    }
    const flags = 'fs.constants.O_WRONLY | fs.constants.O_NONBLOCK';
    const loop = `for (let i = 0; i < 1000; i++) try { fs.openSync("f" + i, ${flags}) } catch {}`;
    const openers = open(`node -e '${loop}'`, exported);
    const broken = new Set<string>();
    while (broken.size < names.length) broken.add((await ear.break()).now()?.fileId ?? 'nothing');
    expect(broken.has('nothing')).toBe(false);
    expect(await openers.exited).toBe(0);
  });

  test('when signals cannot be queued, SIGIO replaces them and nothing is missed', async () => {
    file('a');
    const names = ['b', 'c', 'd', 'e', 'f', 'g'];
    for (const name of ['a', ...names]) {
      file(name);
      await set(name, 'read');
    }
    const limit = (soft: string): Buffer =>
      execFileSync('prlimit', ['--pid', String(process.pid), `--sigpending=${soft}:`]);
    const shown = execFileSync('prlimit', [
      '--pid',
      String(process.pid),
      '--sigpending',
      '--noheadings',
      '-o',
      'SOFT',
    ]);
    limit('0');
    try {
      open('echo more >> a', exported);
      await ear.break();
      const started = performance.now();
      for (const name of names) {
        open(`echo more >> ${name}`, exported);
        await ear.break();
      }
      // One after the other: sweeps every 3 s would have found one each.
      expect(performance.now() - started).toBeLessThan(names.length * 2_500);
    } finally {
      limit(shown.toString().trim());
    }
  });

  test('the thread that waits for signals dies: another takes over, with the breaks in between', async () => {
    file('a');
    file('b');
    await set('a', 'read');
    await set('b', 'read');
    // The only access to internals: there is no other way to end one thread of a process.
    const { worker } = (driver as unknown as { signals: { worker: Worker } }).signals;
    const exit = once(worker, 'exit');
    void worker.terminate();
    await exit;
    const first = open('echo more >> a', exported);
    expect((await ear.break()).now()).toMatchObject({ fileId: await idOf('a') });
    expect(reports).toEqual([expect.stringContaining('starting another one')]);
    const second = open('echo more >> b', exported);
    expect((await ear.break()).now()).toMatchObject({ fileId: await idOf('b') });
    await set('a', 'none');
    await set('b', 'none');
    expect(await Promise.all([first.exited, second.exited])).toEqual([0, 0]);
  });
});

describe('the level of a hold', () => {
  test('a second read hold is the same kernel lease', async () => {
    file('a');
    const first = await set('a', 'read');
    const second = await set('a', 'read');
    expect(second).toEqual(first);
    expect(kernelLines(first.inode ?? '')).toHaveLength(1);
  });

  test('is raised and lowered on one descriptor; the kernel lists the inode in the answer', async () => {
    file('a');
    const resolved = await resolve('a');
    const read = await set('a', 'read');
    expect(resolved).toEqual({ fileId: await idOf('a'), inode: read.inode });
    const inode = read.inode ?? '';
    const printed = (mode: string): string => `LEASE  ACTIVE    ${mode} ${process.pid} ${inode} 0 EOF`;
    expect(kernelLines(inode)).toEqual([printed('READ')]);
    expect(await set('a', 'write')).toMatchObject({ have: 'write', inode: read.inode });
    expect(kernelLines(read.inode ?? '')).toEqual([printed('WRITE')]);
    expect(await set('a', 'read')).toMatchObject({ have: 'read' });
    expect(kernelLines(read.inode ?? '')).toEqual([printed('READ')]);
    expect(await set('a', 'none')).toEqual({ have: 'none' });
    expect(kernelLines(read.inode ?? '')).toEqual([]);
  });

  test('stays as it is when the kernel refuses to raise it', async () => {
    file('a');
    await set('a', 'read');
    const reader = open('exec 3< a; echo open; read line', exported);
    await reader.printed('open');
    expect(await set('a', 'write')).toMatchObject({ have: 'read', reason: 'fileserver_refused' });
    reader.end();
    await reader.exited;
    expect(await set('a', 'write')).toMatchObject({ have: 'write' });
  });

  test('is none on a file that a program has open for writing', async () => {
    file('a');
    const writer = open('exec 3>> a; echo open; read line', exported);
    await writer.printed('open');
    expect(await set('a', 'read')).toMatchObject({ have: 'none', reason: 'fileserver_refused' });
    writer.end();
    await writer.exited;
    expect(await set('a', 'read')).toMatchObject({ have: 'read' });
  });

  test('an older generation is refused with the present hold; a repeat of the newest gets the same answer', async () => {
    file('a');
    const fileId = await idOf('a');
    const ask = (type: LeaseType, generation: number) =>
      driver.setlease({ export: 'demo', path: 'a', fileId, type, holdGen: generation });
    const answer = await ask('read', 5);
    expect(await ask('read', 5)).toEqual(answer);
    expect(await ask('none', 4)).toEqual({
      have: 'read',
      reason: 'hold_gen_old',
      detail: 'the highest seen is 5',
    });
    expect(await ask('none', 5)).toEqual({
      have: 'read',
      reason: 'hold_gen_old',
      detail: 'the highest seen is 5',
    });
    expect(await ask('none', 6)).toEqual({ have: 'none' });
    expect(await ask('read', 5)).toEqual({
      have: 'none',
      reason: 'hold_gen_old',
      detail: 'the highest seen is 6',
    });
    expect(await ask('none', 6)).toEqual({ have: 'none' });
  });

  test('a refusal is repeated for its generation, even if nothing blocks it any more', async () => {
    file('a');
    const fileId = await idOf('a');
    const writer = open('exec 3>> a; echo open; read line', exported);
    await writer.printed('open');
    const ask = (generation: number) =>
      driver.setlease({ export: 'demo', path: 'a', fileId, type: 'read', holdGen: generation });
    const refusal = await ask(1);
    expect(refusal).toMatchObject({ have: 'none', reason: 'fileserver_refused' });
    writer.end();
    await writer.exited;
    expect(await ask(1)).toEqual(refusal);
    expect(await ask(2)).toMatchObject({ have: 'read' });
  });

  test('status lists the holds page by page', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      file(name);
      await set(name, name === 'c' ? 'write' : 'read');
    }
    const first = driver.status(undefined, 2);
    await set('a', 'none');
    const second = driver.status(first.cursor, 2);
    const third = driver.status(second.cursor, 2);
    const pages = [first, second, third].map((page) => page.holds.map((hold) => `${hold.path} ${hold.type}`));
    expect(pages).toEqual([['a read', 'b read'], ['c write', 'd read'], ['e read']]);
    expect(third.cursor).toBeUndefined();
    expect(first.holds[1]).toEqual({
      export: 'demo',
      path: 'b',
      fileId: await idOf('b'),
      type: 'read',
      holdGen: 2,
    });
  });

  test('one file in two exports: the kernel arbitrates between the two holds', async () => {
    driver.close();
    mkdirSync(join(exported, 'sub'));
    file('sub/a');
    driver = await PosixDriver.start({ demo: exported, inner: join(exported, 'sub') }, () => undefined);
    ear = new DriverEar(driver);
    const { inode, have } = await set('sub/a', 'write');
    expect(have).toBe('write');
    const resolved = await driver.resolve('inner', 'a');
    if ('reason' in resolved) throw new Error(resolved.detail);
    const ask = { export: 'inner', path: 'a', fileId: resolved.fileId, type: 'read' as const };
    expect(await driver.setlease({ ...ask, holdGen: 1 })).toMatchObject({
      have: 'none',
      reason: 'fileserver_refused',
    });
    expect((await ear.break()).now()).toMatchObject({ export: 'demo', target: 'read' });
    await set('sub/a', 'read');
    expect(await driver.setlease({ ...ask, holdGen: 2 })).toMatchObject({ have: 'read' });
    expect(kernelLines(inode ?? '')).toHaveLength(2);
  });
});

describe('the cookie', () => {
  const settle = (path: string): void => {
    // Waits until the file's last change is old enough to be distinguished from a later one.
    const until = Date.now() + 60;
    while (Date.now() < until) readFileSync(path);
  };

  test('stays while nobody touches the file, and changes with every change', async () => {
    const path = file('a');
    settle(path);
    const first = await set('a', 'read');
    expect(first.cookie).toBeDefined();
    await set('a', 'none');
    expect((await set('a', 'read')).cookie).toBe(first.cookie);
    await set('a', 'none');
    execFileSync('touch', ['-r', path, join(directory.path, 'times')]);
    writeFileSync(path, 'TEXT\n');
    execFileSync('touch', ['-r', join(directory.path, 'times'), path]); // as old as before, to the nanosecond
    settle(path);
    const later = await set('a', 'read');
    expect(later.cookie).toBeDefined();
    expect(later.cookie).not.toBe(first.cookie);
  });

  test('is left out while the last change is too recent to prove anything', async () => {
    file('a');
    expect(await set('a', 'read')).not.toHaveProperty('cookie');
  });
});

describe('names', () => {
  test('rename-over detaches the hold, once, and the name then leads to another file', async () => {
    file('a');
    const fileId = await idOf('a');
    await set('a', 'read');
    expect(await open('echo new > b && mv b a', exported).exited).toBe(0);
    expect((await ear.detached()).now()).toEqual({ export: 'demo', fileId, holdGen: 1, path: 'a' });
    expect(await set('a', 'write', fileId)).toMatchObject({ have: 'read', reason: 'file_changed' });
    expect(await set('a', 'none', fileId)).toEqual({ have: 'none' });
    expect(await set('a', 'read', fileId)).toMatchObject({ have: 'none', reason: 'file_changed' });
    expect(ear.count('detached')).toBe(0);
  });

  test('names that are not UTF-8 are files of their own, and keep their bytes', async () => {
    const at = (name: string): Buffer => Buffer.concat([Buffer.from(`${exported}/`), bytesOfName(name)]);
    const names = ['d\\xff/f\\x80', 'd\\xff/f\\x81', 'd\\xff/f\ufffd', 'd\\xff/f\\x5cx80'] as const;
    mkdirSync(at('d\\xff'));
    for (const name of names) writeFileSync(at(name), 'text\n');
    expect(readdirSync(at('d\\xff'), 'buffer')).toContainEqual(Buffer.from('f\\x80'));
    const ids = await Promise.all(names.map(idOf));
    expect(new Set(ids).size).toBe(names.length);
    for (const name of names) expect(await set(name, 'read')).toMatchObject({ have: 'read' });
    rmSync(at(names[1]));
    expect((await ear.detached()).now()).toMatchObject({ path: names[1], fileId: ids[1] });
    expect(ear.count('detached')).toBe(0);
    open(String.raw`echo more >> "$(printf 'd\377/f\200')"`, exported);
    expect((await ear.break()).now()).toMatchObject({ fileId: ids[0], target: 'none' });
    await set(names[0], 'none', ids[0]);
  });

  test.each(['rm a', 'mv a b', 'mv a sub/a'])('%s detaches the hold', async (command) => {
    mkdirSync(join(exported, 'sub'));
    file('a');
    await set('a', 'read');
    open(command, exported);
    expect((await ear.detached()).now()).toMatchObject({ path: 'a' });
  });

  test('the removal of a parent directory detaches the hold, which only the sweep finds', async () => {
    mkdirSync(join(exported, 'one/two'), { recursive: true });
    file('one/two/a');
    await set('one/two/a', 'read');
    renameSync(join(exported, 'one'), join(exported, 'other'));
    expect((await ear.detached()).now()).toMatchObject({ path: 'one/two/a' });
  });

  test('a directory that is removed and created again is watched again', async () => {
    const started = performance.now();
    const rounds = 4;
    for (let round = 0; round < rounds; round++) {
      mkdirSync(join(exported, 'sub'));
      file('sub/a');
      await set('sub/a', 'read');
      rmSync(join(exported, 'sub'), { recursive: true });
      await ear.detached();
      mkdirSync(join(exported, 'sub'));
      file('sub/a');
      await set('sub/a', 'read');
      rmSync(join(exported, 'sub/a'));
      await ear.detached();
      rmSync(join(exported, 'sub'), { recursive: true });
    }
    // One after the other: sweeps every 3 s would have found one each.
    expect(performance.now() - started).toBeLessThan(2 * rounds * 2_500);
  });

  test('a change next to the file does not detach the hold', async () => {
    file('a');
    const { inode } = await set('a', 'read');
    linkSync(join(exported, 'a'), join(exported, 'b'));
    rmSync(join(exported, 'b'));
    file('c');
    renameSync(join(exported, 'c'), join(exported, 'd'));
    rmSync(join(exported, 'd'));
    file('z');
    await set('z', 'read');
    rmSync(join(exported, 'z'));
    expect((await ear.detached()).now()).toMatchObject({ path: 'z' }); // and by then the others would have been reported
    expect(ear.count('detached')).toBe(0);
    expect(kernelLines(inode ?? '')).toHaveLength(1);
  });

  test('only regular files inside the export are leased', async () => {
    writeFileSync(join(directory.path, 'secret'), 'x');
    mkdirSync(join(exported, 'sub'));
    file('inside');
    symlinkSync('../secret', join(exported, 'out'));
    symlinkSync(join(directory.path, 'secret'), join(exported, 'absolute'));
    symlinkSync(join(exported, 'inside'), join(exported, 'absolute-inside'));
    symlinkSync('/proc/self/root', join(exported, 'magic'));
    symlinkSync('circle', join(exported, 'circle'));
    symlinkSync('../inside', join(exported, 'sub/link'));
    execFileSync('mkfifo', [join(exported, 'fifo')]);
    const reasons = async (...names: string[]) =>
      Promise.all(
        names.map(async (name) => {
          const answer = await resolve(name);
          return 'reason' in answer ? answer.reason : answer.inode;
        }),
      );
    const outside = [
      '../secret',
      'sub/../../secret',
      '/etc/passwd',
      'out',
      'absolute',
      'absolute-inside',
      'circle',
    ];
    expect(new Set(await reasons(...outside, 'magic/etc/passwd', 'missing', 'inside/below'))).toEqual(
      new Set(['no_such_file']),
    );
    expect(await reasons('fifo')).toEqual(['lease_type_unsupported']);
    // Directories have an identity, for those who lock them; the kernel leases none.
    expect(await set('sub', 'read', await idOf('sub'))).toMatchObject({
      ...{ have: 'none', reason: 'lease_type_unsupported' },
    });
    expect(await idOf('sub/link')).toBe(await idOf('inside'));
    for (const name of ['../secret', 'out', 'absolute']) {
      expect(await set(name, 'read', 'fe:00-1-1')).toMatchObject({ have: 'none', reason: 'no_such_file' });
    }
    expect(await driver.resolve('other', 'inside')).toMatchObject({ reason: 'no_such_file' });
  });
});

test('with fs.leases-enable 0 the kernel grants no lease, and the refusal names the setting; what is held goes on', async () => {
  for (const name of ['a', 'b']) file(name);
  const [fileId, held] = [await idOf('a'), await idOf('b')];
  await set('b', 'read');
  const ask = { export: 'demo', path: 'a', fileId, type: 'read' } as const;
  const enabled = readFileSync(enableFile, 'utf8');
  let refused: ReturnType<typeof driver.setlease>;
  let writer: unknown;
  // Others on this machine take leases, too: nothing is awaited while they cannot.
  try {
    writeFileSync(enableFile, '0');
    refused = driver.setlease({ ...ask, holdGen: ++holdGen });
    try {
      closeSync(openSync(join(exported, 'b'), constants.O_WRONLY | constants.O_NONBLOCK));
    } catch (error) {
      writer = (error as { code?: string }).code;
    }
  } finally {
    writeFileSync(enableFile, enabled);
  }
  const detail = 'fs.leases-enable is 0 at the fileserver.';
  expect(await refused).toEqual({ have: 'none', reason: 'fileserver_refused', detail });
  expect(writer).toBe('EAGAIN');
  expect((await ear.break()).now()).toMatchObject({ fileId: held, target: 'none' });
  expect(await set('b', 'none')).toEqual({ have: 'none' });
  expect(await set('a', 'read')).toMatchObject({ have: 'read' });
});

describe('the limit of the kernel', () => {
  beforeEach(async () => {
    driver.close();
    writeFileSync(limitFile, '1');
    await start();
  });

  test('a read lease that the kernel revokes is lost, and nothing is granted on it until that is recorded', async () => {
    file('a');
    const fileId = await idOf('a');
    expect(driver.breakLimitMs()).toBe(1_000);
    await set('a', 'read');
    const writer = open('exec 3>> a; echo open; read line', exported);
    expect((await ear.break()).now()?.remainingMs).toBeLessThanOrEqual(900);
    await writer.printed('open');
    const lost = await ear.lost();
    expect(lost.now()).toEqual({
      export: 'demo',
      fileId,
      holdGen: 1,
      have: 'none',
      cause: expect.any(String) as string,
    });
    writer.end();
    await writer.exited;
    expect(await set('a', 'read')).toMatchObject({ have: 'none', reason: 'fileserver_refused' });
    expect(lost.now()).toMatchObject({ holdGen: 2 });
    lost.answered?.(false); // the row had changed: a request from before the loss may still arrive
    expect(await set('a', 'read')).toMatchObject({ have: 'none', reason: 'fileserver_refused' });
    // Reported again with each refusal, or a row that keeps changing would never learn of it.
    expect(ear.count('lost')).toBe(2);
    (await ear.lost()).answered?.(true);
    expect(await set('a', 'read')).toMatchObject({ have: 'read' });
    expect(lost.now()).toBeUndefined();
  });

  test('a break that began and ended while the process was stopped is reported as a loss, not as a break', async () => {
    file('a');
    await set('a', 'read');
    const writer = open('echo more >> a', exported);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
    expect((await ear.lost()).now()).toMatchObject({ have: 'none', holdGen: 1 });
    expect(ear.count('break')).toBe(0);
    expect(await writer.exited).toBe(0);
  });

  test('a write lease that the kernel turns into a read lease is reported as lost down to read', async () => {
    file('a');
    const { inode } = await set('a', 'write');
    const reader = open('cat a', exported);
    await ear.break();
    expect(await reader.exited).toBe(0);
    const lost = await ear.lost();
    expect(lost.now()).toMatchObject({ have: 'read', holdGen: 1 });
    expect(await set('a', 'write')).toMatchObject({ have: 'read', reason: 'fileserver_refused' });
    expect(await set('a', 'read')).not.toHaveProperty('reason');
    expect(lost.now()).toBeUndefined(); // a request for what is left is accepted
    expect(kernelLines(inode ?? '')).toEqual([expect.stringMatching(/^LEASE {2}ACTIVE {4}READ /)]);
  });

  test('an unanswered break is reported again, with its remaining time', async () => {
    writeFileSync(limitFile, '20');
    driver.close();
    await start();
    file('a');
    await set('a', 'read');
    open('echo more >> a', exported);
    const first = (await ear.break()).now();
    const again = (await ear.break()).now();
    expect(again).toMatchObject({ breakNo: 1, target: 'none' });
    expect(again?.remainingMs).toBeLessThan((first?.remainingMs ?? 0) - 2_000);
    await set('a', 'none');
  });

  test('a limit of 0 means that the kernel never forces a break, and no time is reported', async () => {
    writeFileSync(limitFile, '0');
    driver.close();
    await start();
    file('a');
    await set('a', 'read');
    const writer = open('echo more >> a', exported);
    expect((await ear.break()).now()).not.toHaveProperty('remainingMs');
    expect(driver.breakLimitMs()).toBe(0);
    await set('a', 'none');
    expect(await writer.exited).toBe(0);
  });
});

test('a release ends the lease even if a child process has inherited the descriptor', async () => {
  file('a');
  const { inode = '' } = await set('a', 'read');
  const held = readdirSync('/proc/self/fd').find((fd) => {
    const info = `/proc/self/fdinfo/${fd}`;
    return existsSync(info) && readFileSync(info, 'utf8').includes(` ${inode} `);
  });
  const child = spawn('sleep', ['60'], { stdio: [Number(held), 'ignore', 'ignore'] });
  try {
    await set('a', 'none');
    expect(kernelLines(inode)).toEqual([]);
  } finally {
    child.kill();
  }
});

test('close releases everything', async () => {
  file('a');
  const { inode } = await set('a', 'write');
  driver.close();
  expect(kernelLines(inode ?? '')).toEqual([]);
});
