import { Leasehold, type Session } from '#client';
import { Ear, type Holder } from '../support/cluster';
import { GuestLine, guestPort, Stranger } from '../support/dlm-guest';
import { eventually, within } from '../support/eventually';
import { exportsUp, type LeaseApi, rpcSecret, startLeaseApi, stopPrograms } from '../support/service';

/**
 * The lease path on the DLM: the lease API is a process here, the adapter is a process on the cluster's node (the virtual
 * machine), and so is the other program that uses the DLM. The holder is the TypeScript client.
 */
const lockspace = `p${String(process.pid)}`;
const directory = `/tmp/${lockspace}`;
let api: LeaseApi;
let client: Leasehold;
let shell: GuestLine;
let adapterLine: GuestLine;
let stranger: Stranger;
let a: Holder;
let b: Holder;
const sessions: Session[] = [];
let files = 0;

jest.setTimeout(600_000);

async function holder(): Promise<Holder> {
  const session = await client.openSession({ ttlMs: 300_000 });
  sessions.push(session);
  return { session, ear: new Ear(session) };
}

/** Starts the adapter in the machine, and waits until the lease API has its export up. */
async function startAdapter(): Promise<void> {
  const port = String(guestPort());
  const apiPort = api.rpcAddress.split(':')[1] ?? '';
  adapterLine.write(
    [
      `cd ${directory}.data && echo $$ > pid && LEASEHOLD_NETWORK=trusted LEASEHOLD_RPC_SECRET='${rpcSecret}' exec /node/node /repo/dist/apps/fileserver/src/main.js`,
      `--stack dlm --export demo=${lockspace}:${directory}`,
      `--listen 0.0.0.0:${port} --advertise 127.0.0.1:${port} --api 10.0.2.2:${apiPort}`,
    ].join(' '),
  );
  const ready = (await adapterLine.until(/"msg":"ready"|^exit \d+$/)).at(-1) ?? '';
  if (!ready.includes('ready')) throw new Error(`the adapter did not start: ${ready}`);
  adapterPid = await shell.run(`cat ${directory}.data/pid`);
  await exportsUp(api, ['demo']);
}
let adapterPid = '';

beforeAll(async () => {
  shell = await GuestLine.open('shell');
  adapterLine = await GuestLine.open('driver');
  await shell.run(`mkdir ${directory} ${directory}.data`);
  stranger = await Stranger.open('stranger', lockspace);
  const env = { LEASEHOLD_BREAK_MS: '20000', LEASEHOLD_LOCAL_EXPORTS: 'here' };
  api = await startLeaseApi({ env });
  await startAdapter();
  client = new Leasehold({ url: api.url, retryMs: 60_000 });
  a = await holder();
  b = await holder();
});
afterAll(async () => {
  for (const session of sessions) session.close();
  await shell.run(`kill ${adapterPid}`);
  await adapterLine.until(/^exit \d+$/);
  await stranger.close();
  adapterLine.close();
  shell.close();
  await stopPrograms();
});

/** A new file, and the resource that stands for it. */
async function fresh(): Promise<{ file: string; resource: string }> {
  const file = `f${String(++files)}`;
  const resource = await shell.run(
    `echo text > ${directory}/${file}; printf 'file-%016x' $(stat -c %i ${directory}/${file}); echo`,
  );
  return { file, resource };
}
const demo = (file: string) => ({ export: 'demo', file });

/** Whether the kernel's own dump shows a lock in this mode. */
async function kernelShows(resource: string, mode: string): Promise<boolean> {
  const modes = ['NL', 'CR', 'CW', 'PR', 'PW', 'EX'];
  const text = await shell.run(`cat /sys/kernel/debug/dlm/${lockspace}_locks`);
  return text.split('\n').some((row) => {
    const fields = row.split(' ');
    return fields.at(-1) === `"${resource}"` && fields[8] === String(modes.indexOf(mode));
  });
}

async function strangerHears(line: RegExp): Promise<void> {
  const heard: string[] = [];
  await eventually(async () => {
    heard.push(...(await stranger.ask('pump 0')));
    expect(heard).toContainEqual(expect.stringMatching(line));
  });
}

test('a write lease is EX in the kernel; a stranger breaks it with a deadline, and is granted once it is given up', async () => {
  const { file, resource } = await fresh();
  const lease = await a.session.acquire({ ...demo(file), type: 'write' });
  expect(lease).toMatchObject({ type: 'write', state: 'active', backed: true });
  expect(await kernelShows(resource, 'EX')).toBe(true);
  expect(await stranger.ask(`lock 1 ${resource} PR`)).toEqual([]);
  const notice = await a.ear.next('break', file);
  expect(notice).toMatchObject({ leaseId: lease.id, target: 'read', cause: 'fileserver' });
  expect(notice.remainingMs).toBeGreaterThan(0);
  await lease.acknowledge('read', notice.breakId);
  await strangerHears(/^ast 1 0 /);
  expect(await kernelShows(resource, 'EX')).toBe(false);
  expect(lease.type).toBe('read');
  await stranger.ask('unlock 1');
  await lease.release();
});

test('all readers share one PR; a stranger that wants EX waits for the last of them', async () => {
  const { file, resource } = await fresh();
  const first = await a.session.acquire({ ...demo(file), type: 'read' });
  const second = await b.session.acquire({ ...demo(file), type: 'read' });
  await stranger.ask(`lock 2 ${resource} EX`);
  const notice = await a.ear.next('break', file);
  await b.ear.next('break', file);
  await first.acknowledge('none', notice.breakId);
  expect(await stranger.ask('pump 0')).toEqual([]);
  await second.release();
  await strangerHears(/^ast 2 0 /);
  await stranger.ask('unlock 2');
});

test('a silent holder is revoked at its deadline, and the stranger is granted', async () => {
  const { file, resource } = await fresh();
  const lease = await a.session.acquire({ ...demo(file), type: 'write' });
  await stranger.ask(`lock 3 ${resource} EX`);
  await a.ear.next('break', file);
  await within('the revocation', a.ear.next('revoked', file));
  await strangerHears(/^ast 3 0 /);
  expect(lease.state).not.toBe('active');
  await stranger.ask('unlock 3');
});

test('a stranger that has the lock makes us refuse, and hears nothing of it', async () => {
  const { file, resource } = await fresh();
  await stranger.ask(`lock 4 ${resource} PW`);
  await expect(a.session.acquire({ ...demo(file), type: 'read' })).rejects.toMatchObject({
    reason: 'fileserver_refused',
  });
  expect(await stranger.ask('pump 0')).toEqual([]);
  await stranger.ask('unlock 4');
  const lease = await a.session.acquire({ ...demo(file), type: 'read' });
  await lease.release();
});

test('kill -9 of the adapter: its locks go, a stranger is granted, and the lease is lost', async () => {
  const { file, resource } = await fresh();
  await a.session.acquire({ ...demo(file), type: 'write' });
  await shell.run(`kill -9 ${adapterPid}`);
  await adapterLine.until(/^exit \d+$/);
  expect(await stranger.ask(`lock 5 ${resource} EX`)).toEqual([expect.stringMatching(/^ast 5 0 /)]);
  await startAdapter();
  await within('the loss', a.ear.next('revoked', file));
  await stranger.ask('unlock 5');
  const again = await b.session.acquire({ ...demo(file), type: 'write' });
  expect(await kernelShows(resource, 'EX')).toBe(true);
  await again.release();
});

test('the lockspace is left: the lease is lost at the fileserver, and there are leases again once it is back', async () => {
  const { file, resource } = await fresh();
  await a.session.acquire({ ...demo(file), type: 'write' });
  await stranger.close();
  await shell.run(`dlmsh leave ${lockspace}`);
  expect(await within('the loss', a.ear.next('revoked', file))).toMatchObject({
    cause: expect.stringContaining('the lockspace was left') as string,
  });
  stranger = await Stranger.open('stranger', lockspace);
  // The export may not have been lost yet when the lockspace is back.
  const again = await eventually(() => b.session.acquire({ ...demo(file), type: 'write' }));
  expect(again.backed).toBe(true);
  expect(await kernelShows(resource, 'EX')).toBe(true);
  await again.release();
});
