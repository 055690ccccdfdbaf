import type { LeaseType } from '#contracts';
import { wire } from '#nfs4';
import { directoryId } from '../../apps/fileserver/src/driver';
import { Nfs4Driver } from '../../apps/fileserver/src/nfs4/nfs4-driver';
import { DriverEar } from '../support/driver-ear';
import { eventually } from '../support/eventually';
import {
  closeProbe,
  delegations,
  guest,
  guestName,
  inGuest,
  leasableFile,
  nfsPort,
  restartServer,
  served,
  serverStates,
  strongest,
  testWith,
} from '../support/knfsd';
import { closeProxies, TcpProxy } from '../support/tcp-proxy';

/** The driver alone, against a Linux kernel NFS server, whose lease time is 10 s and whose grace time 45 s. */

const path = '/export';
const reports: string[] = [];
const drivers = new Set<Nfs4Driver>();
let holdGen = 0;
let files = 0;
const run = Date.now().toString(36);

async function start({
  port = nfsPort(),
  client = 'driver',
  uid = 0,
}: { port?: number; client?: string; uid?: number } = {}): Promise<{ driver: Nfs4Driver; ear: DriverEar }> {
  const driver = await Nfs4Driver.start({
    exports: { demo: { host: '127.0.0.1', port, path } },
    credentials: { uid, gid: uid, gids: [] },
    clientName: client,
    report: (message) => reports.push(message),
  });
  drivers.add(driver);
  return { driver, ear: new DriverEar(driver) };
}

async function idOf(driver: Nfs4Driver, name: string): Promise<string> {
  const answer = await driver.resolve('demo', name);
  if ('reason' in answer) throw new Error(answer.detail);
  return answer.fileId;
}
const set = async (driver: Nfs4Driver, name: string, type: LeaseType) =>
  driver.setlease({
    ...{ export: 'demo', path: name, fileId: await idOf(driver, name), type },
    holdGen: ++holdGen,
  });
/** A server that has recalled a delegation of a file gives no other for a while: every test has files of its own. */
const fresh = (): Promise<string> => leasableFile(() => `${run}-${String(++files)}`);

jest.setTimeout(600_000);

afterEach(async () => {
  await Promise.all([...drivers].map((driver) => driver.close()));
  drivers.clear();
  closeProxies();
});

afterAll(closeProbe);

testWith(
  'times of creation',
  'says which directory of which machine it serves, as an adapter on that machine would',
  async () => {
    const { driver } = await start();
    // The disk is mounted with noatime, so the time of access is that of creation, which the guest's stat cannot show.
    const told = await inGuest("echo $(uname -n) $(stat -c '%i %x' /srv/export)");
    const [host = '', inode = '', date = '', time = '', zone = ''] = told.trim().split(' ');
    const [clock = '', fraction = ''] = time.split('.');
    const createdNs = BigInt(Date.parse(`${date}T${clock}${zone}`)) * 1_000_000n + BigInt(fraction);
    expect(driver.places().get('demo')?.ancestry[0]).toBe(directoryId(host, BigInt(inode), createdNs));
  },
);

describe('levels', () => {
  test('a read lease is a read delegation; a reader does not break it, a writer does and waits', async () => {
    const { driver, ear } = await start();
    const name = await fresh();
    expect(await set(driver, name, 'read')).toMatchObject({ have: 'read' });
    expect(await delegations(name)).toEqual(['r']);
    expect(await inGuest(`cat /srv/export/${name}`)).toBe('text\n');
    const writer = guest(`echo more >> /srv/export/${name}`);
    const facts = (await ear.break()).now();
    expect(facts).toMatchObject({
      export: 'demo',
      fileId: await idOf(driver, name),
      target: 'none',
      breakNo: 1,
    });
    expect(facts?.remainingMs).toBeLessThanOrEqual(9_000);
    expect(facts?.remainingMs).toBeGreaterThan(4_000);
    expect(writer.running).toBe(true);
    expect(await set(driver, name, 'none')).toEqual({ have: 'none' });
    await writer.done;
    expect(await delegations(name)).toEqual([]);
    expect((await serverStates()).filter(({ file }) => file === `export/${name}`)).toEqual([]);
    expect(await inGuest(`cat /srv/export/${name}`)).toBe('text\nmore\n');
  });

  testWith('write delegations', 'a write lease is a write delegation, and a reader breaks it', async () => {
    const { driver, ear } = await start();
    const name = await fresh();
    expect(await set(driver, name, 'write')).toMatchObject({ have: 'write' });
    expect(await delegations(name)).toEqual(['w']);
    const reader = guest(`cat /srv/export/${name}`);
    expect((await ear.break()).now()).toMatchObject({ target: 'none' });
    expect(await set(driver, name, 'none')).toEqual({ have: 'none' });
    expect(await reader.done).toBe('text\n');
  });

  testWith('write delegations', 'a hold is raised and lowered, with one delegation at a time', async () => {
    const { driver } = await start();
    const name = await fresh();
    const { cookie } = await set(driver, name, 'read');
    expect(await set(driver, name, 'write')).toMatchObject({ have: 'write', cookie });
    expect(await delegations(name)).toEqual(['w']);
    expect(await set(driver, name, 'read')).toMatchObject({ have: 'read', cookie });
    expect(await delegations(name)).toEqual(['r']);
    expect(
      (await serverStates()).filter(({ file, type }) => file === `export/${name}` && type === 'open'),
    ).toEqual([expect.objectContaining({ access: 'r-' })]);
    expect(await set(driver, name, 'none')).toEqual({ have: 'none' });
    expect(await delegations(name)).toEqual([]);
  });

  test('a file that is open for writing elsewhere is refused with the server’s reason', async () => {
    const { driver } = await start();
    const name = await fresh();
    const writer = guest(
      `exec 3>>/srv/export/${name}; touch /tmp/open-${name}; while [ -e /tmp/open-${name} ]; do usleep 50000; done`,
    );
    await eventually(() => inGuest(`ls /tmp/open-${name}`));
    expect(await set(driver, name, 'read')).toEqual({
      have: 'none',
      reason: 'fileserver_refused',
      detail: expect.stringContaining('WND4_') as string,
    });
    expect((await serverStates()).filter(({ file }) => file === `export/${name}`)).toEqual([]);
    await inGuest(`rm /tmp/open-${name}`);
    await writer.done;
  });
});

describe('another client of the server', () => {
  testWith(
    'write delegations',
    'a request recalls its delegation, and gets DELAY until that is returned',
    async () => {
      const [one, two] = [await start({ client: 'one' }), await start({ client: 'two' })];
      const name = await fresh();
      const fileId = await idOf(two.driver, name);
      await set(one.driver, name, 'write');
      const ask = () =>
        two.driver.setlease({ export: 'demo', path: name, fileId, type: 'read', holdGen: ++holdGen });
      expect(await ask()).toEqual({
        have: 'none',
        reason: 'fileserver_refused',
        detail: expect.stringContaining('OPEN: NFS4ERR_DELAY') as string,
      });
      expect((await one.ear.break()).now()).toMatchObject({ fileId, target: 'none' });
      await set(one.driver, name, 'none');
      // Now it may be opened, but nobody gets a delegation of a recalled file for a while.
      expect(await ask()).toMatchObject({ detail: expect.stringContaining('WND4_RESOURCE') as string });
      expect((await serverStates()).filter(({ file }) => file === `export/${name}`)).toEqual([]);
    },
  );
});

describe('names', () => {
  test('links within the export are followed, others and missing names are refused', async () => {
    const { driver } = await start();
    const name = await fresh();
    await inGuest(
      `cd /srv/export; mkdir -p d/e; ln -sf ../../${name} d/e/up; ln -sf d/link/../e/../../${name} mid; ln -sf e d/link; ln -sf /etc/passwd abs; ln -sf ../../out d/out; ln -sf loop loop`,
    );
    for (const link of ['d/link/up', 'mid']) expect(await idOf(driver, link)).toBe(await idOf(driver, name));
    const refusal = async (path: string): Promise<unknown> => driver.resolve('demo', path);
    const missing = { reason: 'no_such_file' };
    for (const path of ['nothing', 'nothing/below', `${name}/below`, 'abs', 'd/out', 'loop'])
      expect([path, await refusal(path)]).toEqual([path, expect.objectContaining(missing)]);
    expect(await refusal('nothing')).toMatchObject({ detail: 'LOOKUP: NFS4ERR_NOENT' });
    expect(await refusal('d')).toMatchObject({ reason: 'lease_type_unsupported' });
  });

  test('a rename over a file or its removal recalls the delegation, and happens once that is returned', async () => {
    const { driver, ear } = await start();
    const [over, removed, other] = [await fresh(), await fresh(), await fresh()];
    await set(driver, over, 'read');
    await set(driver, removed, strongest());
    for (const [name, command] of [
      [over, `mv /srv/export/${other} /srv/export/${over}`],
      [removed, `rm /srv/export/${removed}`],
    ] as const) {
      const fileId = await idOf(driver, name);
      const change = guest(command);
      expect((await ear.break()).now()).toMatchObject({ fileId, target: 'none' });
      expect(await idOf(driver, name)).toBe(fileId);
      expect(change.running).toBe(true);
      const request = { export: 'demo', path: name, fileId, type: 'none' as const, holdGen: ++holdGen };
      expect(await driver.setlease(request)).toEqual({ have: 'none' });
      await change.done;
    }
    expect(ear.count('detached')).toBe(0);
  });

  test('the rename of a parent directory, which a server does not announce, is detected and reported', async () => {
    const { driver, ear } = await start();
    const folder = `d-${run}`;
    await inGuest(`mkdir /srv/export/${folder}; echo text > /srv/export/${folder}/f`);
    const path = `${folder}/f`;
    const fileId = await idOf(driver, path);
    await set(driver, path, 'read');
    await inGuest(`mv /srv/export/${folder} /srv/export/${folder}-moved`);
    expect((await ear.detached()).now()).toMatchObject({ fileId, path });
    // It is the same file and still held.
    expect(await serverStates()).toContainEqual(
      expect.objectContaining({ type: 'deleg', access: 'r', file: `${folder}-moved/f` }),
    );
    expect(ear.order).toEqual(['detached']);
  });

  test('a name that now leads to another file is refused', async () => {
    const { driver } = await start();
    const [name, other] = [await fresh(), await fresh()];
    const fileId = await idOf(driver, name);
    await inGuest(`mv /srv/export/${other} /srv/export/${name}`);
    const request = { export: 'demo', path: name, fileId, type: 'read' as const, holdGen: ++holdGen };
    expect(await driver.setlease(request)).toMatchObject({ have: 'none', reason: 'file_changed' });
  });

  test('a user without permission to open the file is told so', async () => {
    const name = await fresh();
    await inGuest(`chmod 600 /srv/export/${name}`);
    const { driver } = await start({ uid: 1234, client: 'nobody' });
    expect(await set(driver, name, 'read')).toEqual({
      have: 'none',
      reason: 'fileserver_denied',
      detail: expect.stringContaining('OPEN: NFS4ERR_ACCESS') as string,
    });
  });

  test('deep paths are resolved although they need more operations than one request allows', async () => {
    const { driver } = await start();
    const deep = Array.from({ length: 70 }, (_, n) => `d${String(n)}`).join('/');
    await inGuest(`mkdir -p /srv/export/${deep}; echo x > /srv/export/${deep}/x`);
    expect(await set(driver, `${deep}/x`, 'read')).toMatchObject({ have: 'read' });
  });
});

describe('ways to open', () => {
  /** Whether it sees an OPEN by this name (CLAIM_NULL). */
  const asNamed = (name: string): Buffer =>
    Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, name.length]), Buffer.from(name)]);

  test('a new hold is opened by name, one behind a link by handle', async () => {
    const sent: Buffer[] = [];
    const proxy = await TcpProxy.start({
      target: () => `127.0.0.1:${String(nfsPort())}`,
      rewrite: (chunk) => {
        sent.push(chunk);
        return chunk;
      },
    });
    const { driver } = await start({ port: proxy.port, client: 'watched' });
    const [name, other] = [await fresh(), await fresh()];
    const link = `l-${other}`;
    await inGuest(`ln -s ${other} /srv/export/${link}`);
    const opens = await served(wire.OP_OPEN);
    expect(await set(driver, name, 'read')).toMatchObject({ have: 'read' });
    expect(sent.filter((chunk) => chunk.includes(asNamed(name)))).toHaveLength(1);
    expect((await served(wire.OP_OPEN)) - opens).toBe(1);
    expect(await set(driver, link, 'read')).toMatchObject({ have: 'read' });
    // By the name of the link, which the server refuses, and then by the handle of its target.
    expect(sent.filter((chunk) => chunk.includes(asNamed(other)))).toHaveLength(0);
    expect((await served(wire.OP_OPEN)) - opens).toBe(3);
    expect(await delegations(other)).toEqual(['r']);
  });

  testWith(
    'write delegations',
    'Linux does not know WANT_DELEGATION, and is asked with it only once',
    async () => {
      const { driver } = await start();
      const name = await fresh();
      const asked = await served(wire.OP_WANT_DELEGATION);
      for (const type of ['write', 'read', 'write', 'read'] as const) {
        const { have, detail } = await set(driver, name, type);
        expect([have, detail]).toEqual([type, undefined]);
      }
      expect((await served(wire.OP_WANT_DELEGATION)) - asked).toBe(1);
    },
  );
});

describe('generations', () => {
  test('a repeat finds what was done, an older generation is refused', async () => {
    const { driver } = await start();
    const name = await fresh();
    const fileId = await idOf(driver, name);
    const ask = (type: LeaseType, gen: number) =>
      driver.setlease({ export: 'demo', path: name, fileId, type, holdGen: gen });
    const [first, second] = await Promise.all([ask('read', 100), ask('read', 100)]);
    expect(first).toEqual(second);
    expect(await ask('read', 99)).toEqual({
      have: 'read',
      reason: 'hold_gen_old',
      detail: 'the highest seen is 100',
    });
    expect(await delegations(name)).toEqual(['r']);
    expect(driver.status(undefined, 10)).toEqual({
      holds: [{ export: 'demo', fileId, path: name, type: 'read', holdGen: 100 }],
    });
  });
});

describe('failures', () => {
  test('a holder is silent: the server revokes in the end, which is detected and reported', async () => {
    const { driver, ear } = await start();
    const name = await fresh();
    await set(driver, name, 'read');
    const writer = guest(`echo more >> /srv/export/${name}`);
    await ear.break();
    const lost = await ear.lost();
    expect(lost.now()).toMatchObject({
      have: 'none',
      cause: expect.stringContaining('NFS4ERR_DELEG_REVOKED') as string,
    });
    await writer.done;
    lost.answered?.(true);
    await eventually(async () => {
      expect((await serverStates()).filter(({ file }) => file === `export/${name}`)).toEqual([]);
    });
    expect(driver.status(undefined, 10).holds).toEqual([]);
    // Freed: the server no longer reports revoked state, and continues.
    await eventually(() => {
      expect(driver.isReachable('demo')).toBe(true);
    });
    expect(await set(driver, await fresh(), 'read')).toMatchObject({ have: 'read' });
  });

  testWith('write delegations', 'the server restarts: holds are reclaimed, and break as before', async () => {
    const { driver, ear } = await start();
    const [read, write] = [await fresh(), await fresh()];
    await set(driver, read, 'read');
    await set(driver, write, 'write');
    await restartServer();
    await eventually(async () => {
      expect(driver.isReachable('demo')).toBe(true);
      expect(await delegations(read)).toEqual(['r']);
      expect(await delegations(write)).toEqual(['w']);
    });
    expect(ear.count('lost')).toBe(0);
    const reader = guest(`cat /srv/export/${write}`);
    expect((await ear.break()).now()).toMatchObject({ fileId: await idOf(driver, write) });
    expect(await set(driver, write, 'none')).toEqual({ have: 'none' });
    await reader.done;
    // New ones are granted once the server has stopped waiting for others.
    await eventually(async () => {
      expect(await set(driver, await fresh(), 'read')).toMatchObject({ have: 'read' });
    });
  });

  test('a restarted server grants nothing new until its grace period ends, and the refusal says so', async () => {
    const proxy = await TcpProxy.start({ target: () => `127.0.0.1:${String(nfsPort())}` });
    const { driver } = await start();
    const absent = await start({ port: proxy.port, client: 'absent' });
    const [name, other] = [await fresh(), await fresh()];
    const fileId = await idOf(driver, name);
    await set(absent.driver, other, 'read');
    proxy.cut(); // one that is waited for
    await restartServer();
    await eventually(() => {
      expect(driver.isReachable('demo')).toBe(true);
    });
    const ask = () =>
      driver.setlease({ export: 'demo', path: name, fileId, type: 'read', holdGen: ++holdGen });
    expect(await ask()).toEqual({
      have: 'none',
      reason: 'fileserver_refused',
      detail: expect.stringContaining('OPEN: NFS4ERR_GRACE') as string,
    });
    await eventually(async () => {
      expect(await ask()).toMatchObject({ have: 'read' });
    });
    await absent.driver.close();
  });

  test('the server restarts and the file was changed while it was away: the hold is lost', async () => {
    const { driver, ear } = await start();
    const [touched, untouched] = [await fresh(), await fresh()];
    await set(driver, touched, 'read');
    await set(driver, untouched, 'read');
    await inGuest(`echo 0 > /proc/fs/nfsd/threads; echo more >> /srv/export/${touched}; nfsd-restart 0`);
    const notice = await ear.break();
    expect(notice.now()).toMatchObject({ target: 'none', remainingMs: 0 });
    notice.answered?.(true);
    const lost = await ear.lost();
    expect(lost.now()).toMatchObject({
      fileId: await idOf(driver, touched),
      cause: expect.stringContaining('changed') as string,
    });
    expect(driver.status(undefined, 10).holds).toHaveLength(1);
    expect(await delegations(untouched)).toEqual(['r']);
    await eventually(async () => {
      expect(await delegations(touched)).toEqual([]);
    });
  });

  test('a connection is cut: a new one is made, and the session continues over it', async () => {
    const proxy = await TcpProxy.start({ target: () => `127.0.0.1:${String(nfsPort())}` });
    const { driver, ear } = await start({ port: proxy.port, client: 'cut' });
    const name = await fresh();
    await set(driver, name, 'read');
    const before = await serverStates();
    proxy.cut();
    await eventually(() => {
      expect(driver.isReachable('demo')).toBe(false);
    });
    proxy.mend();
    await eventually(() => {
      expect(driver.isReachable('demo')).toBe(true);
    });
    expect(await serverStates()).toEqual(before);
    const writer = guest(`echo more >> /srv/export/${name}`);
    await ear.break();
    expect(await set(driver, name, 'none')).toEqual({ have: 'none' });
    await writer.done;
    expect(ear.count('lost')).toBe(0);
  });

  test('an answer is lost with its connection: the repeat finds what was done, once', async () => {
    const proxy = await TcpProxy.start({ target: () => `127.0.0.1:${String(nfsPort())}` });
    const { driver } = await start({ port: proxy.port, client: 'once' });
    const name = await fresh();
    const opened = proxy.hold('back', Buffer.from([0, 0, 0, 18, 0, 0, 0, 0]), 1); // OPEN: NFS4_OK
    const answer = set(driver, name, 'read');
    await opened.caught;
    opened.drop();
    expect(await answer).toMatchObject({ have: 'read' });
    const states = (await serverStates()).filter(({ file }) => file === `export/${name}`);
    expect(states.map(({ type }) => type).sort()).toEqual(['deleg', 'open']);
    expect(await set(driver, name, 'none')).toEqual({ have: 'none' });
    expect((await serverStates()).filter(({ file }) => file === `export/${name}`)).toEqual([]);
  });

  test('a recall is lost on its way: the export is reported unreachable, the backchannel repaired, and the server recalls again', async () => {
    const proxy = await TcpProxy.start({ target: () => `127.0.0.1:${String(nfsPort())}` });
    const { driver, ear } = await start({ port: proxy.port, client: 'deaf' });
    const [name, other] = [await fresh(), await fresh()];
    await set(driver, name, strongest());
    await set(driver, other, 'read');
    const recall = proxy.hold('back', guestName());
    const from = reports.length;
    const writer = guest(`echo more >> /srv/export/${name}`);
    await recall.caught;
    // Linux waits a second for the answer, reports a fault, and sends it again in the next session.
    await eventually(() => {
      expect(reports.slice(from).join()).toContain('cannot reach this adapter');
    });
    recall.release(); // those of the old session: too late
    const notice = await ear.break();
    expect(notice.now()).toMatchObject({ fileId: await idOf(driver, name), target: 'none' });
    await set(driver, name, 'none');
    await writer.done;
    await eventually(() => {
      expect(driver.isReachable('demo')).toBe(true);
    });
    expect([await delegations(other), ear.order]).toEqual([['r'], ['break']]);
    const second = guest(`echo more >> /srv/export/${other}`);
    expect((await ear.break()).now()).toMatchObject({ fileId: await idOf(driver, other) });
    await set(driver, other, 'none');
    await second.done;
  });

  test('a recall is lost with its connection: it is sent again over the next one, or Linux drops it and revokes', async () => {
    const proxy = await TcpProxy.start({ target: () => `127.0.0.1:${String(nfsPort())}` });
    const { driver, ear } = await start({ port: proxy.port, client: 'cut off' });
    const name = await fresh();
    await set(driver, name, 'read');
    const recall = proxy.hold('back', guestName());
    const writer = guest(`echo more >> /srv/export/${name}`);
    await recall.caught;
    recall.drop();
    // It drops the message it is sending when it notices that there is no connection (nfsd_cb_lost, nfsd_cb_destroy), and
    // revokes the delegation after its lease time; if nobody has reached it until then, it expires the whole client.
    await eventually(() => {
      expect(ear.order).not.toEqual([]);
    });
    const isRecalled = ear.order[0] === 'break';
    if (isRecalled) {
      const notice = await ear.break();
      expect(notice.now()).toMatchObject({ target: 'none' });
      notice.answered?.(true);
      expect(await set(driver, name, 'none')).toEqual({ have: 'none' });
    }
    await writer.done;
    if (!isRecalled || ear.count('lost') > 0)
      expect((await ear.lost()).now()).toMatchObject({
        have: 'none',
        cause: expect.stringContaining('NFS4ERR_') as string,
      });
    // Told once, however it ended; and nothing is left at the server.
    expect([ear.count('break'), ear.count('lost')]).toEqual([0, 0]);
    await eventually(async () => {
      expect((await serverStates()).filter(({ file }) => file === `export/${name}`)).toEqual([]);
    });
    // The driver dials again meanwhile, and the server grants nothing until it has tried the way back.
    await eventually(async () => {
      expect(await set(driver, await fresh(), 'read')).toMatchObject({ have: 'read' });
    });
    expect(driver.isReachable('demo')).toBe(true);
  });

  test('the server stops answering: the connection is given up, and the request is executed once', async () => {
    const proxy = await TcpProxy.start({ target: () => `127.0.0.1:${String(nfsPort())}` });
    const { driver } = await start({ port: proxy.port, client: 'silent' });
    const name = await fresh();
    const fileId = await idOf(driver, name);
    const silence = proxy.hold('back', '');
    const from = reports.length;
    const answer = driver.setlease({ export: 'demo', path: name, fileId, type: 'read', holdGen: ++holdGen });
    await eventually(() => {
      expect(reports.slice(from).join()).toContain('no answer within');
    });
    expect(driver.isReachable('demo')).toBe(false);
    silence.drop();
    expect(await answer).toMatchObject({ have: 'read' });
    expect(await delegations(name)).toEqual(['r']);
  });

  testWith(
    'revocation by an administrator',
    'an administrator revokes our states: the loss is detected and reported',
    async () => {
      const { driver, ear } = await start({ client: 'unlocked' });
      const name = await fresh();
      await set(driver, name, 'read');
      await inGuest('echo /srv > /proc/fs/nfsd/unlock_filesystem');
      expect((await ear.lost()).now()).toMatchObject({
        have: 'none',
        cause: expect.stringMatching(/NFS4ERR_(ADMIN|DELEG)_REVOKED/) as string,
      });
      await eventually(async () => {
        expect(await set(driver, await fresh(), 'read')).toMatchObject({ have: 'read' });
      });
      await driver.close();
      expect(await inGuest('cat /proc/fs/nfsd/clients/*/info')).not.toContain('unlocked');
    },
  );

  test('the server expires our client: all holds are lost, reported, and requested again', async () => {
    const { driver, ear } = await start({ client: 'expelled' });
    const name = await fresh();
    await set(driver, name, 'read');
    await inGuest(
      'for c in /proc/fs/nfsd/clients/*; do grep -q expelled $c/info && echo expire > $c/ctl; done; true',
    );
    (await ear.break()).answered?.(true);
    expect((await ear.lost()).now()).toMatchObject({
      have: 'none',
      cause: expect.stringContaining('NFS4ERR_') as string,
    });
    await eventually(async () => {
      const { have } = await set(driver, await fresh(), strongest());
      expect(have).toBe(strongest());
    });
  });

  test('a new incarnation under the same name ends the holds of the old one at once', async () => {
    const first = await start({ client: 'same' });
    const name = await fresh();
    await set(first.driver, name, strongest());
    const second = await start({ client: 'same' });
    expect(await delegations(name)).toEqual([]);
    expect(await set(second.driver, name, strongest())).toMatchObject({ have: strongest() });
    expect((await first.ear.lost()).now()).toMatchObject({ have: 'none' });
    expect(await set(first.driver, name, 'read').catch(() => ({ have: 'none' }))).toMatchObject({
      have: 'none',
    });
    expect(await delegations(name)).toEqual([strongest() === 'write' ? 'w' : 'r']);
  });
});
