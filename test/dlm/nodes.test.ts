import type { LeaseType } from '#contracts';
import { GuestDriver } from '../support/dlm-driver';
import { GuestLine, killOther, Stranger } from '../support/dlm-guest';
import { DriverEar } from '../support/driver-ear';
import { eventually } from '../support/eventually';

/**
 * A cluster of two nodes, each a virtual machine: the driver of the stack `dlm` on one, programs that use the DLM on both.
 * The test does what dlm_controld would: it stops the lockspace, changes its members, and starts it, and it recovers.
 */
const lockspace = `n${String(process.pid)}`;
const directory = `/tmp/${lockspace}`;
const members = `/sys/kernel/config/dlm/cluster/spaces/${lockspace}/nodes`;
const control = `/sys/kernel/dlm/${lockspace}/control`;
let shell: GuestLine;
let line: GuestLine;
let driver: GuestDriver;
let ear: DriverEar;
let near: Stranger;
let far: Stranger;
let holdGen = 0;
let files = 0;

jest.setTimeout(600_000);

beforeAll(async () => {
  shell = await GuestLine.open('shell');
  await shell.run(`mkdir ${directory}`);
  near = await Stranger.open('stranger', lockspace);
  const farShell = await GuestLine.open('shell', 'other');
  await farShell.run('echo 1 2 > /tmp/members');
  farShell.close();
  await shell.run(
    `echo 0 > ${control}; mkdir ${members}/2; echo 2 > ${members}/2/nodeid; echo 1 > ${control}`,
  );
  far = await Stranger.open('stranger', lockspace, 'other');
  line = await GuestLine.open('driver');
  driver = await GuestDriver.start(line, lockspace, directory);
  ear = new DriverEar(driver);
});
afterAll(async () => {
  await driver.close();
  await near.close();
  line.close();
  shell.close();
});

async function fresh(): Promise<{ name: string; fileId: string; resource: string }> {
  const name = `f${String(++files)}`;
  const resource = await shell.run(
    `echo text > ${directory}/${name}; printf 'file-%016x' $(stat -c %i ${directory}/${name}); echo`,
  );
  const answer = await driver.resolve(name);
  if ('reason' in answer) throw new Error(answer.detail);
  return { name, fileId: answer.fileId, resource };
}

const set = (file: { name: string; fileId: string }, type: LeaseType) =>
  driver.setlease({ export: 'demo', path: file.name, fileId: file.fileId, type, holdGen: ++holdGen });

/** Sends a line to a program, and waits until it has heard this; what is far arrives when it arrives. */
async function hears(stranger: Stranger, text: RegExp, line = 'pump 0'): Promise<void> {
  const heard = await stranger.ask(line);
  await eventually(async () => {
    heard.push(...(await stranger.ask('pump 0')));
    expect(heard).toContainEqual(expect.stringMatching(text));
  });
}

test('a program on another node breaks a lease, and is granted once it is given up', async () => {
  const file = await fresh();
  expect(await set(file, 'write')).toMatchObject({ have: 'write' });
  await far.ask(`lock 1 ${file.resource} PR`);
  expect((await ear.break()).now()).toMatchObject({ fileId: file.fileId, target: 'read' });
  expect(await set(file, 'read')).toMatchObject({ have: 'read' });
  await hears(far, /^ast 1 0 /);
  await hears(far, /^ast 1 65538 /, 'unlock 1');
  await set(file, 'none');
});

test('so does one whose node is the master of the lock', async () => {
  const file = await fresh();
  await hears(far, /^ast 2 0 /, `lock 2 ${file.resource} NL`);
  expect(await set(file, 'write')).toMatchObject({ have: 'write' });
  await far.ask('convert 2 EX');
  expect((await ear.break()).now()).toMatchObject({ fileId: file.fileId, target: 'none' });
  expect(await set(file, 'none')).toEqual({ have: 'none' });
  await hears(far, /^ast 2 0 /);
  // It is not told when we ask and are refused.
  expect(await set(file, 'read')).toMatchObject({ have: 'none', reason: 'fileserver_refused' });
  await hears(far, /^ast 2 65538 /, 'unlock 2');
  expect(await set(file, 'read')).toMatchObject({ have: 'read' });
  await set(file, 'none');
});

test('the other node dies: requests wait until the lockspace has recovered, and our leases stay', async () => {
  const [kept, dead, later] = [await fresh(), await fresh(), await fresh()];
  expect(await set(kept, 'write')).toMatchObject({ have: 'write' });
  await hears(far, /^ast 3 0 /, `lock 3 ${dead.resource} EX`);
  expect(await near.ask(`lock 4 ${dead.resource} PR`)).toEqual([]);

  killOther();
  await shell.run(`echo 0 > ${control}`);
  const asked = set(later, 'read');
  await eventually(async () => {
    expect(await driver.isReachable()).toBe(false);
  });
  await shell.run(`rmdir ${members}/2; echo 1 > ${control}`);

  // What it held is free.
  await hears(near, /^ast 4 0 /);
  expect(await asked).toMatchObject({ have: 'read' });
  await eventually(async () => {
    expect(await driver.isReachable()).toBe(true);
  });
  expect((await driver.holds()).map(({ path, type }) => [path, type])).toEqual([
    [kept.name, 'write'],
    [later.name, 'read'],
  ]);
  expect(await set(dead, 'read')).toMatchObject({ have: 'read' });
  await near.ask(`lock 5 ${kept.resource} EX`);
  expect((await ear.break()).now()).toMatchObject({ fileId: kept.fileId, target: 'none' });
  expect(await set(kept, 'none')).toEqual({ have: 'none' });
  await hears(near, /^ast 5 0 /);
});
