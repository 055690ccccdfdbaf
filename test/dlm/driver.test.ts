import type { LeaseType } from '#contracts';
import type { BreakFacts, LostFacts, Notice } from '../../apps/fileserver/src/driver';
import { GuestDriver } from '../support/dlm-driver';
import { GuestLine, Stranger } from '../support/dlm-guest';
import { DriverEar } from '../support/driver-ear';
import { eventually } from '../support/eventually';

/**
 * The driver of the stack `dlm` in the virtual machine, beside another program that uses the DLM. What the kernel itself
 * prints of its locks is the evidence.
 */
const run = `d${String(process.pid)}`;
let shell: GuestLine;
let line: GuestLine;
let driver: GuestDriver;
let ear: DriverEar;
let stranger: Stranger;
let holdGen = 0;
let files = 0;
const directory = `/tmp/${run}`;

jest.setTimeout(600_000);

beforeAll(async () => {
  shell = await GuestLine.open('shell');
  await shell.run(`mkdir ${directory}`);
  stranger = await Stranger.open('stranger', run);
  line = await GuestLine.open('driver');
  driver = await GuestDriver.start(line, run, directory);
  ear = new DriverEar(driver);
});
afterAll(async () => {
  await driver.close();
  await stranger.close();
  line.close();
  shell.close();
});

/** A new file: its name, id, and resource. */
async function fresh(): Promise<{ name: string; fileId: string; resource: string }> {
  const name = `f${String(++files)}`;
  const resource = await shell.run(
    `echo text > ${directory}/${name}; printf 'file-%016x' $(stat -c %i ${directory}/${name}); echo`,
  );
  const answer = await driver.resolve(name);
  if ('reason' in answer) throw new Error(answer.detail);
  return { name, fileId: answer.fileId, resource };
}

const set = (file: { name: string; fileId: string }, type: LeaseType, gen = ++holdGen) =>
  driver.setlease({ export: 'demo', path: file.name, fileId: file.fileId, type, holdGen: gen });

/** The locks on a resource, as the kernel prints them: granted mode and wanted mode. */
async function locksOn(resource: string, lockspace = run): Promise<string[]> {
  const names = ['NL', 'CR', 'CW', 'PR', 'PW', 'EX'];
  const text = await shell.run(`cat /sys/kernel/debug/dlm/${lockspace}_locks`);
  return text.split('\n').flatMap((row) => {
    const fields = row.split(' ');
    if (fields.at(-1) !== `"${resource}"`) return [];
    const [held, wanted] = [names[Number(fields[8])] ?? '-', names[Number(fields[9])]];
    return [wanted === undefined ? held : `${held}>${wanted}`];
  });
}

describe('levels', () => {
  test('a read lease is PR, a write lease is EX; a hold is raised and lowered by conversions of one lock', async () => {
    const file = await fresh();
    for (const [type, mode] of [
      ['read', 'PR'],
      ['write', 'EX'],
      ['read', 'PR'],
    ] as const) {
      expect(await set(file, type)).toMatchObject({ have: type });
      expect(await locksOn(file.resource)).toEqual([mode]);
    }
    expect(await driver.holds()).toEqual([
      { export: 'demo', fileId: file.fileId, path: file.name, type: 'read', holdGen },
    ]);
    expect(await set(file, 'none')).toEqual({ have: 'none' });
    expect(await locksOn(file.resource)).toEqual([]);
  });

  test.each([
    ['read', 'CR', undefined],
    ['read', 'PR', undefined],
    ['read', 'NL', undefined],
    ['read', 'CW', 'none'],
    ['read', 'PW', 'none'],
    ['read', 'EX', 'none'],
    ['write', 'NL', undefined],
    ['write', 'CR', 'read'],
    ['write', 'PR', 'read'],
    ['write', 'CW', 'none'],
    ['write', 'PW', 'none'],
    ['write', 'EX', 'none'],
  ] as const)('a %s lease, and a program that wants %s: broken to %s', async (type, mode, target) => {
    const file = await fresh();
    await set(file, type);
    const said = await stranger.ask(`lock 1 ${file.resource} ${mode}`);
    if (target === undefined) expect(said.map(kindOf)).toEqual(['granted 1']);
    else {
      expect(said).toEqual([]);
      expect(await broken(file, 1)).toMatchObject({ target });
      expect(await set(file, target)).toMatchObject({ have: target });
      await granted(1);
    }
    expect((await stranger.ask('unlock 1')).map(kindOf)).toEqual(['unlocked 1']);
    await set(file, 'none');
    expect(await locksOn(file.resource)).toEqual([]);
  });
});

/** The break of this number; those before it may be reported again at any time. */
async function broken(file: { fileId: string }, breakNo: number): Promise<BreakFacts> {
  for (;;) {
    const facts = (await ear.break()).now();
    if (facts?.fileId === file.fileId && facts.breakNo === breakNo) return facts;
  }
}
/** The report that this hold was lost. */
async function lostOf(file: { fileId: string }): Promise<Notice<LostFacts>> {
  for (;;) {
    const notice = await ear.lost();
    if (notice.now()?.fileId === file.fileId) return notice;
  }
}

const ends: Readonly<Record<string, string>> = { '0': 'granted', '11': 'refused', '65538': 'unlocked' };
/** A line of dlmsh in words. */
function kindOf(said: string): string {
  const [kind = '', id = '', status = ''] = said.split(' ');
  return kind === 'ast' ? `${ends[status] ?? status} ${id}` : said;
}
/** Waits until the stranger has been granted a lock. */
async function granted(id: number): Promise<void> {
  const heard: string[] = [];
  await eventually(async () => {
    heard.push(...(await stranger.ask('pump 0')).map(kindOf));
    expect(heard).toContain(`granted ${String(id)}`);
  });
}

describe('somebody else', () => {
  test('is not told when we ask and are refused, for new holds as for higher ones', async () => {
    const file = await fresh();
    await stranger.ask(`lock 2 ${file.resource} EX`);
    expect(await set(file, 'read')).toEqual({
      have: 'none',
      reason: 'fileserver_refused',
      detail: expect.stringContaining(file.resource) as string,
    });
    expect(await stranger.ask('convert 2 PR')).toEqual([expect.stringMatching(/^ast 2 0 /)]);
    expect(await set(file, 'read')).toMatchObject({ have: 'read' });
    expect(await set(file, 'write')).toMatchObject({ have: 'read', reason: 'fileserver_refused' });
    expect(await locksOn(file.resource)).toEqual(expect.arrayContaining(['PR', 'PR']));
    // A second of silence would prove nothing: the DLM tells within the call. The control is a request that queues.
    expect(await stranger.ask('pump 0')).toEqual([]);
    const other = await Stranger.open('otherStranger', run);
    await other.ask(`lock 3 ${file.resource} EX`);
    expect(await stranger.ask('pump 0')).toEqual(['bast 2 EX']);
    expect(await broken(file, 1)).toMatchObject({ target: 'none' });
    await other.close();
    await stranger.ask('unlock 2');
    await set(file, 'none');
  });

  test('who wants more than before breaks a broken hold further', async () => {
    const file = await fresh();
    await set(file, 'write');
    await stranger.ask(`lock 4 ${file.resource} PR`);
    expect(await broken(file, 1)).toMatchObject({ target: 'read' });
    const other = await Stranger.open('otherStranger', run);
    await other.ask(`lock 5 ${file.resource} EX`);
    expect(await broken(file, 2)).toMatchObject({ target: 'none' });
    expect(await set(file, 'read')).toMatchObject({ have: 'write', reason: 'fileserver_refused' });
    expect(await set(file, 'none')).toEqual({ have: 'none' });
    await granted(4);
    await other.close();
    await stranger.ask('unlock 4');
  });

  test('a hold that is downgraded is broken again by the next writer', async () => {
    const file = await fresh();
    await set(file, 'write');
    await stranger.ask(`lock 6 ${file.resource} PR`);
    expect(await broken(file, 1)).toMatchObject({ target: 'read' });
    expect(await set(file, 'read')).toMatchObject({ have: 'read' });
    await granted(6);
    expect(await stranger.ask('convert 6 EX')).toEqual([]);
    expect(await broken(file, 2)).toMatchObject({ target: 'none' });
    expect(await set(file, 'none')).toEqual({ have: 'none' });
    await granted(6);
    await stranger.ask('unlock 6');
  });
});

describe('generations and names', () => {
  test('a repeat finds what was done, an older generation is refused', async () => {
    const file = await fresh();
    holdGen += 10;
    const gen = holdGen;
    const [first, second] = await Promise.all([set(file, 'read', gen), set(file, 'read', gen)]);
    expect(first).toEqual(second);
    expect(await set(file, 'read', gen - 1)).toMatchObject({ have: 'read', reason: 'hold_gen_old' });
    expect(await locksOn(file.resource)).toEqual(['PR']);
    await set(file, 'none');
  });

  test('names that lead out, to nothing, or to a directory are refused; another file under the name is noticed', async () => {
    const file = await fresh();
    const other = await fresh();
    await shell.run(`cd ${directory}; mkdir d; ln -s /etc out; ln -s ${file.name} link; ln -s loop loop`);
    expect(await driver.resolve('link')).toMatchObject({ fileId: file.fileId });
    for (const path of ['nothing', 'nothing/below', `${file.name}/below`, 'out', '../..', 'loop'])
      expect([path, await driver.resolve(path)]).toEqual([
        path,
        expect.objectContaining({ reason: 'no_such_file' }),
      ]);
    expect(await driver.resolve('d')).toMatchObject({ reason: 'lease_type_unsupported' });
    await set(file, 'read');
    await shell.run(`mv ${directory}/${other.name} ${directory}/${file.name}`);
    expect((await ear.detached()).now()).toMatchObject({ fileId: file.fileId, path: file.name });
    expect(await set(other, 'read')).toMatchObject({ have: 'none', reason: 'no_such_file' });
    expect(await set({ ...other, name: file.name }, 'read')).toMatchObject({ have: 'read' });
    await set(other, 'none');
    await set(file, 'none');
  });
});

describe('failures', () => {
  test('without the lockspace the driver does not start, and says what is missing', async () => {
    const spare = await GuestLine.open('otherDriver');
    await expect(GuestDriver.start(spare, 'nowhere', directory)).rejects.toThrow(
      /cannot open the lockspace nowhere: .*dlm_tool join.*ENOENT/,
    );
    spare.close();
  });

  test('kill -9 of the process frees its locks at once', async () => {
    const file = await fresh();
    const spare = await GuestLine.open('otherDriver');
    const doomed = await GuestDriver.start(spare, run, directory);
    const request = { export: 'demo', path: file.name, fileId: file.fileId, holdGen: 1 };
    expect(await doomed.setlease({ ...request, type: 'write' })).toMatchObject({ have: 'write' });
    await stranger.ask(`lock 7 ${file.resource} EX`);
    expect(await locksOn(file.resource)).toEqual(expect.arrayContaining(['EX', '->EX']));
    await shell.run(`kill -9 ${String(doomed.pid)}`);
    await doomed.end;
    await granted(7);
    await stranger.ask('unlock 7');
    spare.close();
  });

  test('the lockspace is left: every hold is lost, the export is gone, and is back with the lockspace', async () => {
    const [one, two] = [await fresh(), await fresh()];
    await set(one, 'read');
    await set(two, 'write');
    const from = driver.reports.length;
    await stranger.close();
    await shell.run(`dlmsh leave ${run}`);
    const lost = [await lostOf(one), await lostOf(two)];
    for (const notice of lost)
      expect(notice.now()).toMatchObject({
        have: 'none',
        cause: expect.stringContaining('the lockspace was left') as string,
      });
    expect(await driver.gone()).toMatch(/^d\d+: the lockspace was left/);
    expect(await driver.isReachable()).toBe(false);
    expect(await driver.holds()).toEqual([]);
    expect(await set(one, 'read')).toMatchObject({ have: 'none', reason: 'fileserver_refused' });
    for (const notice of lost) notice.answered?.(true);
    stranger = await Stranger.open('stranger', run);
    await eventually(async () => {
      expect(await driver.gone()).toBeNull();
    });
    expect(driver.reports.slice(from)).toEqual([
      expect.stringContaining('every lock in it is lost'),
      expect.stringContaining('is there again'),
    ]);
    expect(await set(two, 'write')).toMatchObject({ have: 'write' });
    expect(await locksOn(two.resource)).toEqual(['EX']);
  });
});
