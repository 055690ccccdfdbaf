import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Nfs4Driver } from '../../apps/fileserver/src/nfs4/nfs4-driver';
import { freePort } from './free-port';

/**
 * The Linux kernel NFS server in its virtual machine (`knfsd.sh`), as `npm run test:nfs` has started it. The exported
 * file system is /srv in the guest; files of tests lie in /srv/export.
 */

const script = join(__dirname, 'knfsd.sh');

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: these tests are run by npm run test:nfs`);
  return value;
}

export const nfsPort = (): number => Number(setting('LEASEHOLD_TEST_NFS_PORT'));
const execPort = (): number => Number(setting('KNFSD_EXECPORT'));
/** The name of the guest: it appears in every callback of the server, and in none of its answers. */
export const guestName = (): string => setting('KNFSD_NAME');

/** A running command in the guest. */
export interface GuestCommand {
  /** What it printed; rejects if it failed. */
  readonly done: Promise<string>;
  readonly running: boolean;
}

/** Starts a command (busybox sh) in the guest. */
export function guest(command: string): GuestCommand {
  let running = true;
  const done = new Promise<string>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: execPort() });
    let output = '';
    socket.setEncoding('utf8').on('data', (text: string) => (output += text));
    socket.once('error', reject);
    socket.once('end', () => {
      running = false;
      const [, code, text = ''] = /^(\d+)\n([\s\S]*)$/.exec(output) ?? [];
      if (code === '0') resolve(text);
      else reject(new Error(`in the guest: ${command}: ${output}`));
    });
    socket.write(`${Buffer.from(command).toString('base64')}\n`);
  });
  done.catch(() => undefined);
  return {
    done,
    get running() {
      return running;
    },
  };
}

/** Runs a command in the guest to its end. */
export const inGuest = (command: string): Promise<string> => guest(command).done;

/** A file in the guest's export. */
export async function guestFile(name: string, content = 'text'): Promise<string> {
  await inGuest(`echo '${content}' > '/srv/export/${name}'`);
  return name;
}

/** What not every kernel's NFS server or client can do, and how one shows that it can. */
const shows = {
  'write delegations': async () => {
    const granted = await delegations(await probeFile('write'));
    await closeProbe();
    return granted.includes('w');
  },
  'times of creation': async () => {
    const place = (await startProbe()).places().get('probe');
    await closeProbe();
    return place !== undefined && place.ancestry.length > 0;
  },
  CB_GETATTR: () => holds('grep -q ^wdeleg_getattr /proc/net/rpc/nfsd'),
  'revocation by an administrator': async () => {
    const name = await probeFile('read');
    await inGuest('echo /srv > /proc/fs/nfsd/unlock_filesystem');
    const states = await inGuest('cat /proc/fs/nfsd/clients/*/states; true');
    await closeProbe();
    // What is revoked is marked, or has been freed by the client.
    return !states
      .split('\n')
      .some((line) => line.includes(name) && /deleg/.test(line) && !/revoked/.test(line));
  },
  // Of the client, which shows it only to a server that offers it, as the nfs-head does.
  'delegated times': async () => {
    const [major = 0, minor = 0] = (await inGuest('uname -r')).split('.').map(Number);
    return major > 6 || (major === 6 && minor >= 11);
  },
};
type Capability = keyof typeof shows;
const holds = async (condition: string): Promise<boolean> =>
  (await inGuest(`${condition} && echo yes || echo no`)) === 'yes\n';

/** What this kernel lacks, found out by trying. */
export async function lacking(): Promise<Capability[]> {
  const missing: Capability[] = [];
  for (const [name, can] of Object.entries(shows)) if (!(await can())) missing.push(name as Capability);
  return missing;
}

/** As `npm run test:nfs` has found out. */
const lacks = (needed: Capability): boolean =>
  setting('LEASEHOLD_TEST_NFS_LACKS').split(',').includes(needed);

/** A test that is skipped, by name, on a kernel that lacks what it is about. */
export function testWith(needed: Capability, name: string, run: () => Promise<void>): void {
  (lacks(needed) ? test.skip : test)(name, run);
}

/** The strongest delegation that the kernel grants: for tests in which another would do as well. */
export const strongest = (): 'read' | 'write' => (lacks('write delegations') ? 'read' : 'write');

let probe: Promise<Nfs4Driver> | undefined;
let probed = 0;

/**
 * A new file of which the server grants delegations. It grants none of recently recalled files, which it remembers in
 * a filter of 256 bits, so it sometimes takes a file for another. Only a trial shows whether this is such a file.
 */
export async function leasableFile(nameOf: () => string): Promise<string> {
  const driver = await startProbe();
  for (;;) {
    const name = await guestFile(nameOf());
    const found = await driver.resolve('probe', name);
    if ('reason' in found) return name; // its server is down, which the test will detect
    const request = { export: 'probe', path: name, fileId: found.fileId };
    const { have, detail = '' } = await driver.setlease({ ...request, type: 'read', holdGen: ++probed });
    await driver.setlease({ ...request, type: 'none', holdGen: ++probed });
    if (have === 'read' || !detail.includes('WND4_RESOURCE')) return name;
  }
}
/** A new file of which the server was asked for a delegation. */
async function probeFile(type: 'read' | 'write'): Promise<string> {
  const driver = await startProbe();
  const name = await guestFile(`probe-${String(process.pid)}-${type}`);
  const found = await driver.resolve('probe', name);
  if ('reason' in found) throw new Error(found.detail);
  await driver.setlease({ export: 'probe', path: name, fileId: found.fileId, type, holdGen: ++probed });
  return name;
}

function startProbe(): Promise<Nfs4Driver> {
  return (probe ??= Nfs4Driver.start({
    exports: { probe: { host: '127.0.0.1', port: nfsPort(), path: '/export' } },
    credentials: { uid: 0, gid: 0, gids: [] },
    clientName: `probe ${String(process.pid)}`,
    report: () => undefined,
  }));
}
/** For `afterAll`. */
export async function closeProbe(): Promise<void> {
  await (await probe)?.close();
  probe = undefined;
}

/** The server's own list of its NFS clients' state: the evidence of every test. */
export interface ServerState {
  /** The name the client gave itself. */
  client: string;
  type: 'open' | 'deleg' | 'lock' | 'layout';
  access: string;
  file: string;
}

export async function serverStates(): Promise<ServerState[]> {
  const text = await inGuest(
    'for c in /proc/fs/nfsd/clients/*; do [ -e $c ] || continue; sed -n "s/^name: /# /p" $c/info; cat $c/states; done; true',
  );
  let client = '';
  const states: ServerState[] = [];
  for (const line of text.split('\n')) {
    const name = /^# "(.*)"$/.exec(line)?.[1];
    if (name !== undefined) client = name;
    const [, type, access = '', file = ''] =
      /\{ type: (\w+), access: ([\w-]+),.*filename: "([^"]*)"/.exec(line) ?? [];
    if (type !== undefined) states.push({ client, type: type as ServerState['type'], access, file });
  }
  return states;
}

/** The delegations of a file of the export: `r` or `w` each. */
export async function delegations(name: string): Promise<string[]> {
  const states = await serverStates();
  return states
    .filter(({ type, file }) => type === 'deleg' && file === `export/${name}`)
    .map(({ access }) => access);
}

/** How often the server has been asked for an operation since it was booted. */
export async function served(operation: number): Promise<number> {
  const text = await inGuest("sed -n 's/^proc4ops [0-9]* //p' /proc/net/rpc/nfsd");
  return Number(text.split(' ')[operation]);
}

/** How often the server has asked the holder of a write delegation for attributes (CB_GETATTR). */
export async function askedAttributes(): Promise<number> {
  return Number(await inGuest("sed -n 's/^wdeleg_getattr //p' /proc/net/rpc/nfsd"));
}

function knfsd(args: string[], variables: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(script, args, {
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`knfsd.sh ${args.join(' ')} ended with ${String(code)}: ${output}`));
    });
  });
}

/** Runs a verb of `knfsd.sh` for the second machine, a Linux NFS client. */
export const clientVm = (...args: string[]): Promise<string> =>
  knfsd(args, {
    KNFSD_NAME: `${guestName()}c`,
    KNFSD_EXECPORT: setting('LEASEHOLD_TEST_NFS_CLIENT_PORT'),
    KNFSD_MEM: '512',
  });

/** Boots a server outside `npm run test:nfs`, which has its own. Returns a function that stops it. */
export async function startKnfsd(): Promise<() => Promise<void>> {
  const [port, execPort] = [String(await freePort()), String(await freePort())];
  process.env['KNFSD_NAME'] = `own${String(process.pid)}`;
  process.env['KNFSD_EXECPORT'] = execPort;
  process.env['KNFSD_MEM'] ??= '1024';
  process.env['LEASEHOLD_TEST_NFS_PORT'] = port;
  await knfsd(['start', port]);
  return async () => {
    await knfsd(['stop']);
    await knfsd(['clean']);
  };
}

/** Drops all state of all clients, as a reboot of the server does. */
export const restartServer = (secondsDown = 0): Promise<string> =>
  inGuest(`nfsd-restart ${String(secondsDown)}`);

/** NFS-Ganesha on this machine: a server that grants no delegations. Serves a directory as /export. */
export async function startGanesha(
  directory: string,
  state: string,
): Promise<{ port: number; stop: () => Promise<void> }> {
  const port = Number(setting('LEASEHOLD_TEST_GANESHA_PORT'));
  const args = [String(port), directory, state];
  const child = spawn(join(__dirname, 'ganesha.sh'), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('NFS SERVER INITIALIZED')) resolve();
      });
    child.once('exit', () => {
      reject(new Error(`NFS-Ganesha has ended: ${output}`));
    });
  });
  await ready;
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  return { port, stop };
}
