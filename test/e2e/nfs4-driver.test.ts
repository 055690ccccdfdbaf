import type { LeaseType } from '#contracts';
import { bitmapOf, wire } from '#nfs4';
import { readAttributes } from '../../apps/fileserver/src/nfs4/attributes';
import { Nfs4Driver, type Nfs4Options } from '../../apps/fileserver/src/nfs4/nfs4-driver';
import { DriverEar } from '../support/driver-ear';
import { eventually } from '../support/eventually';
import { closeNfsServers, NfsServer, type NfsServerOptions } from '../support/nfs-server';

/** The driver against this repository's own server, which does what real ones rarely do; real ones are in test/nfs. */

const drivers = new Set<Nfs4Driver>();
const reports: string[] = [];
let holdGen = 0;

async function start(
  options: NfsServerOptions = {},
  more: Partial<Nfs4Options> = {},
): Promise<{ server: NfsServer; driver: Nfs4Driver; ear: DriverEar }> {
  const server = await NfsServer.start({ leaseTimeS: 2, ...options });
  const driver = await Nfs4Driver.start({
    exports: { demo: { host: '127.0.0.1', port: server.port, path: '/' } },
    credentials: { uid: 0, gid: 0, gids: [] },
    clientName: 'scripted',
    report: (message) => reports.push(message),
    ...more,
  });
  drivers.add(driver);
  return { server, driver, ear: new DriverEar(driver) };
}

async function idOf(driver: Nfs4Driver, path: string): Promise<string> {
  const answer = await driver.resolve('demo', path);
  if ('reason' in answer) throw new Error(answer.detail);
  return answer.fileId;
}
const set = async (driver: Nfs4Driver, path: string, type: LeaseType, fileId?: string) =>
  driver.setlease({
    ...{ export: 'demo', path, fileId: fileId ?? (await idOf(driver, path)), type, holdGen: ++holdGen },
  });
const claims = (server: NfsServer): string[] =>
  server.requests
    .flat()
    .flatMap((op) =>
      op.argop === wire.OP_OPEN ? [wire.open_claim_type4.nameOf(op.opopen.claim.claim)] : [],
    );
/** The number of SEQUENCEs from now until that many more. */
const renewals = async (server: NfsServer, more: number): Promise<void> =>
  server.asked(wire.OP_SEQUENCE, server.count(wire.OP_SEQUENCE) + more);

afterEach(async () => {
  await Promise.all([...drivers].map((driver) => driver.close()));
  drivers.clear();
  closeNfsServers();
});

describe('opens', () => {
  test('a new hold is opened by name, in one request; its level is changed by handle', async () => {
    const { server, driver } = await start();
    server.directory('d');
    server.file('d/f');
    const fileId = await idOf(driver, 'd/f');
    const before = server.requests.length;
    expect(await set(driver, 'd/f', 'read', fileId)).toMatchObject({ have: 'read' });
    expect(server.requests.length - before).toBe(1);
    expect(claims(server)).toEqual(['CLAIM_NULL']);
    expect(await set(driver, 'd/f', 'write')).toMatchObject({ have: 'write' });
    expect(claims(server)).toEqual(['CLAIM_NULL', 'CLAIM_FH', 'CLAIM_FH']);
    expect([server.held('d/f'), server.opens('d/f')]).toEqual([['write'], ['write']]);
    expect(await set(driver, 'd/f', 'none')).toEqual({ have: 'none' });
    expect([server.held('d/f'), server.opens('d/f')]).toEqual([[], []]);
  });

  test('a file behind a link is opened by handle', async () => {
    const { server, driver } = await start();
    server.file('f');
    server.file('link', 'f');
    expect(await set(driver, 'link', 'read')).toMatchObject({ have: 'read' });
    expect(claims(server)).toEqual(['CLAIM_NULL', 'CLAIM_FH']);
    expect(server.held('f')).toEqual(['read']);
  });

  test('names that are not UTF-8 keep their bytes, also in links', async () => {
    const { server, driver } = await start();
    for (const name of ['d\\xff', 'd\\xfe']) server.directory(name);
    const names = ['d\\xff/f\\x80', 'd\\xfe/f\\x80', 'd\\xff/f\\x81', 'd\\xff/f\ufffd', 'd\\xff/f\\x5cx80'];
    for (const name of names) server.file(name);
    server.file('link', names[2]);
    const ids = await Promise.all(names.map((name) => idOf(driver, name)));
    expect(new Set(ids).size).toBe(names.length);
    expect(await idOf(driver, 'link')).toBe(ids[2]);
    for (const name of names) expect(await set(driver, name, 'read')).toMatchObject({ have: 'read' });
    expect(names.map((name) => server.held(name))).toEqual(names.map(() => ['read']));
    const asked = server.requests
      .flat()
      .flatMap((op) => (op.argop === wire.OP_LOOKUP ? [op.oplookup.objname] : []));
    expect(asked).toContainEqual(Buffer.of(0x64, 0xff));
  });

  test('a link may lead upwards, as long as it stays in the export', async () => {
    const { server, driver } = await start();
    for (const name of ['d', 'd/e']) server.directory(name);
    for (const name of ['f', 'd/g']) server.file(name);
    server.file('de', 'd/e');
    server.file('far', './d/../d/e/../../f');
    server.file('over a link', 'de/../g'); // above what the link leads to, not above the link
    server.file('d/e/up', '../../d/../f');
    server.file('out', 'd/../../f');
    server.file('through a file', 'f/../f');
    const [f, g] = [await idOf(driver, 'f'), await idOf(driver, 'd/g')];
    expect(await Promise.all(['far', 'over a link', 'de/up'].map((name) => idOf(driver, name)))).toEqual([
      f,
      g,
      f,
    ]);
    for (const name of ['out', 'through a file'])
      expect(await driver.resolve('demo', name)).toMatchObject({ reason: 'no_such_file' });
  });

  test('a name that now leads to another file is refused; nothing is left behind, and other holds on that file stay', async () => {
    const { server, driver } = await start();
    server.file('f');
    const before = await idOf(driver, 'f');
    server.replace('f', 'a new file');
    expect(await set(driver, 'f', 'read', before)).toMatchObject({ have: 'none', reason: 'file_changed' });
    expect([server.held('f'), server.opens('f')]).toEqual([[], []]);
    expect(await set(driver, 'f', 'write')).toMatchObject({ have: 'write' });
    expect(await set(driver, 'f', 'read', before)).toMatchObject({ have: 'none', reason: 'file_changed' });
    expect([server.held('f'), server.opens('f')]).toEqual([['write'], ['write']]);
  });

  test('an upgrade that others block is refused before anything is returned', async () => {
    const { server, driver, ear } = await start();
    server.file('f');
    await set(driver, 'f', 'read');
    server.refuse(wire.OP_OPEN, wire.NFS4ERR_DELAY, Infinity); // the server waits for delegations it has recalled
    expect(await set(driver, 'f', 'write')).toMatchObject({
      have: 'read',
      detail: expect.stringContaining('OPEN: NFS4ERR_DELAY') as string,
    });
    expect([server.count(wire.OP_DELEGRETURN), server.held('f'), server.opens('f')]).toEqual([
      ...[0, ['read']],
      ['read'],
    ]);
    expect(ear.order).toEqual([]);
  });

  test('a server that grants delegations only to WANT_DELEGATION is asked with it', async () => {
    const { server, driver } = await start({ delegations: 'want' });
    server.file('f');
    for (const type of ['read', 'write', 'read'] as const) {
      expect(await set(driver, 'f', type)).toMatchObject({ have: type });
      expect([server.held('f'), server.opens('f')]).toEqual([[type], [type]]);
    }
    // Raised by a wider open and then the want, lowered by the want under the existing open.
    expect(claims(server)).toEqual(['CLAIM_NULL', 'CLAIM_FH', 'CLAIM_FH']);
    expect(server.count(wire.OP_WANT_DELEGATION)).toBe(3);
    await set(driver, 'f', 'none');
    expect([server.held('f'), server.opens('f')]).toEqual([[], []]);
  });

  test('a server without WANT_DELEGATION is asked with it only once', async () => {
    const { server, driver } = await start();
    server.file('f');
    for (const type of ['write', 'read', 'write', 'read'] as const)
      expect(await set(driver, 'f', type)).toMatchObject({ have: type });
    expect(server.count(wire.OP_WANT_DELEGATION)).toBe(1);
  });

  test.each([
    ['says why', 'open for reading', 'WND4_WRITE_DELEG_NOT_SUPP_FTYPE'],
    ['gives one for reading instead', 'open, but for reading', 'no write delegation but a read one'],
  ] as const)(
    'a server that grants no write delegations and %s: refused, and the read hold stays',
    async (_what, delegations, detail) => {
      const { server, driver, ear } = await start({ delegations });
      for (const name of ['f', 'g']) server.file(name);
      const refusal = {
        reason: 'fileserver_refused',
        detail: expect.stringContaining(detail) as string,
      };
      expect(await set(driver, 'f', 'write')).toEqual({ have: 'none', ...refusal });
      expect([server.held('f'), server.opens('f')]).toEqual([[], []]);
      expect(ear.order).toEqual([]);
    },
  );

  test('the driver uses NFSv4.1 where there is no 4.2', async () => {
    const { server, driver } = await start({ minorMax: 1 });
    server.file('f');
    expect(await set(driver, 'f', 'read')).toMatchObject({ have: 'read' });
  });
});

describe('errors, by code and reason, with the server’s name for them', () => {
  const onOpen: [keyof typeof wire, string][] = [
    ['NFS4ERR_ACCESS', 'fileserver_denied'],
    ['NFS4ERR_PERM', 'fileserver_denied'],
    ['NFS4ERR_ROFS', 'fileserver_denied'],
    ['NFS4ERR_WRONGSEC', 'fileserver_denied'],
    ['NFS4ERR_NOENT', 'no_such_file'],
    ['NFS4ERR_STALE', 'file_changed'],
    ['NFS4ERR_FHEXPIRED', 'file_changed'],
    ['NFS4ERR_BADHANDLE', 'file_changed'],
    ['NFS4ERR_ISDIR', 'lease_type_unsupported'],
    ['NFS4ERR_INVAL', 'lease_type_unsupported'],
    ['NFS4ERR_NOTSUPP', 'lease_type_unsupported'],
    ['NFS4ERR_SHARE_DENIED', 'fileserver_refused'],
    ['NFS4ERR_RESOURCE', 'fileserver_refused'],
    ['NFS4ERR_NOSPC', 'fileserver_refused'],
    ['NFS4ERR_IO', 'fileserver_refused'],
    ['NFS4ERR_SERVERFAULT', 'fileserver_refused'],
    ['NFS4ERR_MOVED', 'fileserver_refused'],
  ];
  test.each(onOpen)('OPEN: %s is reported as %s, and nothing is left behind', async (name, reason) => {
    const { server, driver } = await start();
    server.file('f');
    const fileId = await idOf(driver, 'f');
    server.refuse(wire.OP_OPEN, wire[name] as wire.nfsstat4);
    expect(await set(driver, 'f', 'read', fileId)).toEqual({
      have: 'none',
      reason,
      detail: expect.stringContaining(`OPEN: ${name}`) as string,
    });
    expect([server.held('f'), server.opens('f')]).toEqual([[], []]);
    expect(await set(driver, 'f', 'read')).toMatchObject({ have: 'read' });
  });

  test.each([
    ['NFS4ERR_ACCESS', 'fileserver_denied'],
    ['NFS4ERR_NOENT', 'no_such_file'],
    ['NFS4ERR_NAMETOOLONG', 'no_such_file'],
    ['NFS4ERR_STALE', 'file_changed'],
    ['NFS4ERR_RESOURCE', 'fileserver_refused'],
  ] as const)('LOOKUP: %s is reported as %s', async (name, reason) => {
    const { server, driver } = await start();
    server.file('f');
    server.refuse(wire.OP_LOOKUP, wire[name]);
    expect(await driver.resolve('demo', 'f')).toEqual({
      reason,
      detail: expect.stringContaining(`LOOKUP: ${name}`) as string,
    });
  });

  test.each(['NFS4ERR_DELAY', 'NFS4ERR_GRACE'] as const)('%s is retried, but not for ever', async (name) => {
    const { server, driver } = await start();
    server.file('f');
    const fileId = await idOf(driver, 'f');
    server.refuse(wire.OP_OPEN, wire[name], 3);
    expect(await set(driver, 'f', 'read', fileId)).toMatchObject({ have: 'read' });
    expect(server.count(wire.OP_OPEN)).toBe(4);
    await set(driver, 'f', 'none', fileId);
    server.refuse(wire.OP_OPEN, wire[name], Infinity);
    expect(await set(driver, 'f', 'read', fileId)).toMatchObject({
      reason: 'fileserver_refused',
      detail: expect.stringContaining(`OPEN: ${name}`) as string,
    });
  });

  test('a request answered with DELAY as a whole is repeated in its slot', async () => {
    const { server, driver } = await start();
    server.file('f');
    server.refuse(wire.OP_SEQUENCE, wire.NFS4ERR_DELAY, 2);
    expect(await set(driver, 'f', 'read')).toMatchObject({ have: 'read' });
  });

  test('a server that grants no delegations: the refusal carries its reason', async () => {
    const { server, driver } = await start({ delegations: 'none' });
    server.file('f');
    for (const type of ['read', 'write'] as const) {
      expect(await set(driver, 'f', type)).toEqual({
        have: 'none',
        reason: 'fileserver_refused',
        detail: expect.stringContaining('WND4_RESOURCE') as string,
      });
    }
    expect([server.held('f'), server.opens('f')]).toEqual([[], []]);
  });

  test('a return that is answered with DELAY is repeated until it is done', async () => {
    const { server, driver } = await start();
    server.file('f');
    await set(driver, 'f', 'read');
    server.refuse(wire.OP_DELEGRETURN, wire.NFS4ERR_DELAY, 2);
    expect(await set(driver, 'f', 'none')).toEqual({ have: 'none' });
    expect([server.held('f'), server.opens('f')]).toEqual([[], []]);
  });
});

describe('a revoked delegation', () => {
  test('is found, freed and reported, and then the server is no longer asked', async () => {
    const { server, driver, ear } = await start();
    server.file('f');
    server.file('g');
    await set(driver, 'f', 'read');
    await set(driver, 'g', 'read');
    server.revoke('f');
    expect((await ear.lost()).now()).toMatchObject({
      fileId: await idOf(driver, 'f'),
      have: 'none',
      cause: expect.stringContaining('NFS4ERR_DELEG_REVOKED') as string,
    });
    await eventually(() => {
      expect(server.flags).toBe(0);
    });
    expect(server.held('g')).toEqual(['read']);
    const asked = server.count(wire.OP_TEST_STATEID);
    await renewals(server, 4);
    expect(server.count(wire.OP_TEST_STATEID)).toBe(asked);
    expect(ear.count('lost')).toBe(0);
  });

  test('that an administrator revoked with its open: both are freed', async () => {
    const { server, driver, ear } = await start();
    server.file('f');
    await set(driver, 'f', 'read');
    server.revoke('f', true);
    await ear.lost();
    await eventually(() => {
      expect([server.flags, server.opens('f')]).toEqual([0, []]);
    });
  });

  test('unknown to the driver is searched for at growing intervals, and a later revocation is still found', async () => {
    const { server, driver, ear } = await start();
    for (const name of ['f', 'lost']) server.file(name);
    await set(driver, 'f', 'read');
    server.leak('lost');
    server.revoke('lost');
    await renewals(server, 12);
    const asked = server.count(wire.OP_TEST_STATEID);
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(7);
    server.revoke('f');
    expect((await ear.lost()).now()).toMatchObject({ fileId: await idOf(driver, 'f') });
  });

  test('is reported again to a lease API whose row had changed', async () => {
    const { server, driver, ear } = await start();
    server.file('f');
    await set(driver, 'f', 'read');
    server.revoke('f');
    (await ear.lost()).answered?.(false);
    expect(await set(driver, 'f', 'read')).toMatchObject({ have: 'none', reason: 'fileserver_refused' });
    const again = await ear.lost();
    expect(again.now()).toMatchObject({ have: 'none', holdGen });
    again.answered?.(true);
    expect(await set(driver, 'f', 'read')).toMatchObject({ have: 'read' });
  });

  test('that was being returned is freed', async () => {
    const { server, driver } = await start();
    server.file('f');
    await set(driver, 'f', 'read');
    server.refuse(wire.OP_TEST_STATEID, wire.NFS4ERR_DELAY, Infinity); // found in no other way
    server.revoke('f');
    expect(await set(driver, 'f', 'none')).toEqual({ have: 'none' });
    expect([server.flags, server.opens('f')]).toEqual([0, []]);
  });

  test('unknown to the driver is returned when recalled, or freed if it is revoked by then', async () => {
    const { server, driver } = await start();
    for (const name of ['f', 'g']) server.file(name);
    expect(driver.isReachable('demo')).toBe(true);
    server.leak('f');
    expect(await server.recall('f')).toEqual([wire.NFS4_OK]);
    await eventually(() => {
      expect(server.held('f')).toEqual([]);
    });
    server.leak('g');
    const recalled = server.recall('g');
    server.revoke('g');
    await recalled;
    await eventually(() => {
      expect(server.flags).toBe(0);
    });
  });
});

describe('the backchannel', () => {
  test('CB_PATH_DOWN: another connection is bound to the session, and the export counts as unreachable until that helps', async () => {
    const { server, driver, ear } = await start();
    server.file('f');
    await set(driver, 'f', 'read');
    server.flags = wire.SEQ4_STATUS_CB_PATH_DOWN;
    await server.asked(wire.OP_BIND_CONN_TO_SESSION, 1);
    expect(driver.isReachable('demo')).toBe(false);
    server.flags = 0;
    await eventually(() => {
      expect(driver.isReachable('demo')).toBe(true);
    });
    expect(await server.recall('f')).toEqual([wire.NFS4_OK]);
    await ear.break();
    expect(server.count(wire.OP_CREATE_SESSION)).toBe(1);
  });

  test('CB_PATH_DOWN that a new connection does not cure: another session is made, and holds stay', async () => {
    const { server, driver, ear } = await start();
    server.file('f');
    await set(driver, 'f', 'write');
    server.flags = wire.SEQ4_STATUS_CB_PATH_DOWN_SESSION;
    await server.asked(wire.OP_CREATE_SESSION, 2);
    expect(driver.isReachable('demo')).toBe(false);
    server.flags = 0;
    await eventually(() => {
      expect(driver.isReachable('demo')).toBe(true);
    });
    expect(server.held('f')).toEqual(['write']);
    expect(await server.recall('f')).toEqual([wire.NFS4_OK]);
    await ear.break();
  });

  test('BACKCHANNEL_FAULT: another session is made once no request is under way, and then the old one ends', async () => {
    const { server, driver, ear } = await start();
    server.file('f');
    await set(driver, 'f', 'read');
    server.flags = wire.SEQ4_STATUS_BACKCHANNEL_FAULT;
    await server.asked(wire.OP_CREATE_SESSION, 2);
    // A server without a session for its recall may forget the recall.
    expect(server.count(wire.OP_DESTROY_SESSION)).toBe(0);
    await server.asked(wire.OP_DESTROY_SESSION, 1);
    server.flags = 0;
    await eventually(() => {
      expect(driver.isReachable('demo')).toBe(true);
    });
    expect(server.held('f')).toEqual(['read']);
    expect(await server.recall('f')).toEqual([wire.NFS4_OK]);
    expect((await ear.break()).now()).toMatchObject({ target: 'none' });
    expect(ear.count('lost')).toBe(0);
  });

  test('after a pause longer than the lease time the export is unreachable until the server has confirmed the holds', async () => {
    const { server, driver, ear } = await start();
    server.file('f');
    await set(driver, 'f', 'read');
    const reached = (): boolean => driver.isReachable('demo');
    expect(reached()).toBe(true);
    // This process pauses for longer than the server's lease time, as after SIGSTOP.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_100);
    expect(reached()).toBe(false);
    await eventually(() => {
      expect(reached()).toBe(true);
    });
    server.refuse(wire.OP_SEQUENCE, wire.NFS4ERR_DELAY, Infinity);
    server.cut();
    await server.asked(wire.OP_BIND_CONN_TO_SESSION, 1);
    await renewals(server, 2);
    expect(reached()).toBe(false);
    server.refuse(wire.OP_SEQUENCE, wire.NFS4ERR_DELAY, 0);
    await eventually(() => {
      expect(reached()).toBe(true);
    });
    server.refuse(wire.OP_TEST_STATEID, wire.NFS4ERR_DELAY, Infinity);
    server.revoke('f');
    await server.asked(wire.OP_TEST_STATEID, 1);
    expect(reached()).toBe(false);
    server.refuse(wire.OP_TEST_STATEID, wire.NFS4ERR_DELAY, 0);
    await ear.lost();
    await eventually(() => {
      expect(reached()).toBe(true);
    });
  });

  test('CB_GETATTR of a write hold and CB_NOTIFY_LOCK are answered', async () => {
    const { server, driver } = await start();
    for (const name of ['f', 'g']) server.file(name);
    await set(driver, 'f', 'write');
    const getattr = (name: string): wire.nfs_cb_argop4 => ({
      argop: wire.OP_CB_GETATTR,
      opcbgetattr: {
        fh: server.handleOf(name),
        attr_request: bitmapOf([wire.FATTR4_CHANGE, wire.FATTR4_SIZE]),
      },
    });
    const [, told] = (await server.tell(getattr('f'))).resarray;
    if (told?.resop !== wire.OP_CB_GETATTR || told.opcbgetattr.status !== wire.NFS4_OK)
      throw new Error('no attributes');
    // Nothing was written under this delegation: the file is unchanged.
    expect(readAttributes(told.opcbgetattr.resok4.obj_attributes)).toEqual({ change: 1n, size: 5n });
    expect((await server.tell(getattr('g'))).status).toBe(wire.NFS4ERR_BADHANDLE);
    const cnla_lock_owner = { clientid: 0n, owner: Buffer.from('somebody') };
    const notified: wire.nfs_cb_argop4 = {
      argop: wire.OP_CB_NOTIFY_LOCK,
      opcbnotify_lock: { cnla_fh: server.handleOf('f'), cnla_lock_owner },
    };
    expect((await server.tell(notified)).status).toBe(wire.NFS4_OK);
  });

  test('CB_RECALL_ANY: as many as exceed the limit are returned, those not confirmed for the longest first', async () => {
    const { server, driver, ear } = await start();
    const names = ['a', 'b', 'c', 'd', 'e'].map((name) => server.file(name));
    for (const name of names) await set(driver, name, 'read');
    await set(driver, 'a', 'read');
    await set(driver, 'c', 'read');
    const any = { craa_objects_to_keep: 2, craa_type_mask: bitmapOf([wire.RCA4_TYPE_MASK_RDATA_DLG]) };
    const op: wire.nfs_cb_argop4 = { argop: wire.OP_CB_RECALL_ANY, opcbrecall_any: any };
    expect((await server.tell(op)).status).toBe(wire.NFS4_OK);
    const wanted: (string | undefined)[] = [];
    for (let n = 0; n < 3; n++) wanted.push((await ear.break()).now()?.fileId);
    expect(wanted).toEqual(await Promise.all(['b', 'd', 'e'].map((name) => idOf(driver, name))));
    expect(ear.count('break')).toBe(0);
    // A kind of delegation that is not held: no effect.
    const writes = { craa_objects_to_keep: 0, craa_type_mask: bitmapOf([wire.RCA4_TYPE_MASK_WDATA_DLG]) };
    await server.tell({ argop: wire.OP_CB_RECALL_ANY, opcbrecall_any: writes });
    expect(ear.count('break')).toBe(0);
  });
});

describe('slots', () => {
  test('3,000 delegations on one session never use more slots than the server grants', async () => {
    const { server, driver } = await start({ slots: 8 });
    const names = Array.from({ length: 3_000 }, (_, n) => server.file(`f${String(n)}`));
    const ids = names.map((name) => server.handleOf(name).toString('base64url'));
    const answers = await Promise.all(names.map((name, n) => set(driver, name, 'read', ids[n])));
    expect(answers.filter(({ have }) => have === 'read')).toHaveLength(3_000);
    expect(server.highestSlot).toBe(7);
    expect(server.count(wire.OP_CREATE_SESSION)).toBe(1);
    // The server may reduce the slots, in its answers and by a callback.
    server.targetSlot = 2;
    await renewals(server, 8);
    server.highestSlot = 0;
    await Promise.all(names.slice(0, 200).map((name, n) => set(driver, name, 'none', ids[n])));
    expect(server.highestSlot).toBe(2);
    // Before the callback: an answer to a renewal would allow more again.
    server.targetSlot = 0;
    await server.tell({
      argop: wire.OP_CB_RECALL_SLOT,
      opcbrecall_slot: { rsa_target_highest_slotid: 0 },
    });
    server.highestSlot = 0;
    await Promise.all(names.slice(200, 400).map((name, n) => set(driver, name, 'none', ids[n + 200])));
    expect(server.highestSlot).toBe(0);
  });

  test('an answer is lost: the repeat in the slot finds what was done', async () => {
    const { server, driver } = await start();
    server.file('f');
    const fileId = await idOf(driver, 'f');
    const answer = set(driver, 'f', 'read', fileId);
    await server.asked(wire.OP_OPEN, 1);
    server.cut();
    expect(await answer).toMatchObject({ have: 'read' });
    expect([server.held('f'), server.opens('f'), server.count(wire.OP_OPEN)]).toEqual([
      ['read'],
      ['read'],
      1,
    ]);
  });

  test.each(['NFS4ERR_DEADSESSION', 'NFS4ERR_SEQ_MISORDERED', 'NFS4ERR_BADSLOT'] as const)(
    'SEQUENCE: %s: the session is replaced, and holds stay',
    async (name) => {
      const { server, driver, ear } = await start();
      server.file('f');
      await set(driver, 'f', 'write');
      server.refuse(wire.OP_SEQUENCE, wire[name]);
      await server.asked(wire.OP_CREATE_SESSION, 2);
      await eventually(() => {
        expect(driver.isReachable('demo')).toBe(true);
      });
      expect(await set(driver, 'f', 'read')).toMatchObject({ have: 'read' });
      expect([server.held('f'), ear.order]).toEqual([['read'], []]);
    },
  );

  test('a session is gone: another one is made with the same client id, and holds stay', async () => {
    const { server, driver, ear } = await start();
    server.file('f');
    await set(driver, 'f', 'read');
    server.dropSessions();
    await server.asked(wire.OP_CREATE_SESSION, 2);
    await eventually(() => {
      expect(driver.isReachable('demo')).toBe(true);
    });
    expect([server.held('f'), ear.count('lost'), ear.count('break')]).toEqual([['read'], 0, 0]);
  });
});

describe('an odd server', () => {
  const every = (n: number, fate: ReturnType<NonNullable<NfsServer['fate']>>) => (at: number) =>
    at % n === 0 ? fate : undefined;
  test.each([
    ['loses the session after every seventh request', every(7, 'lost')],
    ['garbles every fourth answer', every(4, 'garbage')],
    ['says BADSESSION to every fourth request', every(4, wire.NFS4ERR_BADSESSION)],
    ['says DEADSESSION to every fourth request', every(4, wire.NFS4ERR_DEADSESSION)],
    ['says SEQ_MISORDERED to every fourth request', every(4, wire.NFS4ERR_SEQ_MISORDERED)],
    ['says SEQ_FALSE_RETRY to every fourth request', every(4, wire.NFS4ERR_SEQ_FALSE_RETRY)],
    ['says BADSLOT to every fourth request', every(4, wire.NFS4ERR_BADSLOT)],
    ['says DELAY to two requests of three', (at: number) => (at % 3 === 0 ? undefined : wire.NFS4ERR_DELAY)],
  ])('that %s: twenty requests at once are served, and nothing is left there', async (_what, fate) => {
    // On a busy machine few sessions come and go in the usual time.
    const { server, driver, ear } = await start({}, { retriesMs: 120_000 });
    const names = Array.from({ length: 20 }, (_, n) => server.file(`f${String(n)}`));
    const ids = names.map((name) => server.handleOf(name).toString('base64url'));
    server.fate = fate;
    const taken = await Promise.all(names.map((name, n) => set(driver, name, 'read', ids[n])));
    expect(taken).toEqual(names.map(() => expect.objectContaining({ have: 'read' }) as unknown));
    expect(names.flatMap((name) => server.held(name))).toHaveLength(20);
    const given = await Promise.all(names.map((name, n) => set(driver, name, 'none', ids[n])));
    expect(given).toEqual(names.map(() => ({ have: 'none' })));
    expect(names.flatMap((name) => [...server.held(name), ...server.opens(name)])).toEqual([]);
    expect(ear.order).toEqual([]);
  });

  test.each([
    ['OPEN', { delegations: 'open' }],
    ['WANT_DELEGATION', { delegations: 'want' }],
  ] as const)(
    'that loses its answer to %s with the session: the delegation that nobody knows of is recalled, and another one granted',
    async (name, options) => {
      const { server, driver } = await start(options);
      server.file('f');
      const fileId = await idOf(driver, 'f');
      const number = wire[`OP_${name}`];
      server.fate = (_n, ops) =>
        server.count(number) === 0 && ops.some(({ argop }) => argop === number) ? 'lost' : undefined;
      expect(await set(driver, 'f', 'write', fileId)).toMatchObject({ have: 'write' });
      expect([server.held('f'), server.opens('f')]).toEqual([['write'], ['write']]);
      expect(server.count(wire.OP_DESTROY_CLIENTID)).toBe(1);
    },
  );

  test.each([
    ['for a while: it is granted in the end', 20, 120_000, { have: 'read' }, 'read'],
    ['for longer than anybody waits: nothing is left there', Infinity, 500, { have: 'none' }, undefined],
  ] as const)(
    'that loses its answer to every other OPEN, %s',
    async (_what, times, retriesMs, answer, left) => {
      const { server, driver } = await start({}, { retriesMs });
      server.file('f');
      const fileId = await idOf(driver, 'f');
      const want = wire.OPEN4_SHARE_ACCESS_WANT_READ_DELEG;
      let wanted = 0;
      server.fate = (_n, ops) => {
        const wants = ops.some(
          (op) => op.argop === wire.OP_OPEN && (op.opopen.share_access & 0xff00) === want,
        );
        return wants && (wanted += 1) % 2 === 1 && wanted < times ? 'garbage' : undefined;
      };
      expect(await set(driver, 'f', 'read', fileId)).toMatchObject(answer);
      await eventually(() => {
        expect([server.held('f'), server.opens('f')]).toEqual(left ? [[left], [left]] : [[], []]);
      });
    },
  );

  test('that does not let in who has the lost delegation recalled, for a while: that one goes on trying', async () => {
    const { server, driver } = await start({}, { retriesMs: 120_000 });
    server.file('f');
    const fileId = await idOf(driver, 'f');
    // Each of these costs the second client its session and a pause of 200 ms.
    let refused = 0;
    server.fate = (_n, ops) => {
      const asks = (op: number): boolean => ops.some(({ argop }) => argop === op);
      if (asks(wire.OP_OPEN) && server.count(wire.OP_OPEN) === 0) return 'garbage';
      return asks(wire.OP_RECLAIM_COMPLETE) && (refused += 1) <= 16 ? 'garbage' : undefined;
    };
    expect(await set(driver, 'f', 'read', fileId)).toMatchObject({ have: 'read' });
    expect([server.held('f'), server.opens('f'), refused]).toEqual([['read'], ['read'], 17]);
  });

  test('that loses a session in which a request waits for its turn: it is served in the next one', async () => {
    const { server, driver } = await start({ slots: 1 }, { retriesMs: 120_000 });
    const names = ['f', 'g'].map((name) => server.file(name));
    const ids = names.map((name) => server.handleOf(name).toString('base64url'));
    // A request that is put off is repeated every 100 ms. Without a session, one is given up after four seconds.
    const puttingOff = 34;
    const broken = new Promise<void>((resolve) => {
      let times = 0;
      server.fate = () => {
        if ((times += 1) < puttingOff) return wire.NFS4ERR_DELAY;
        server.fate = undefined;
        server.refuse(wire.OP_CREATE_SESSION, wire.NFS4ERR_DELAY, 6);
        resolve();
        return wire.NFS4ERR_BADSESSION;
      };
    });
    const taken = Promise.all(names.map((name, n) => set(driver, name, 'read', ids[n])));
    await broken;
    expect(await taken).toEqual(names.map(() => expect.objectContaining({ have: 'read' }) as unknown));
  });

  test('that answers nothing any more: what it may have granted is closed and returned once it does', async () => {
    const { server, driver } = await start();
    server.file('f');
    const fileId = await idOf(driver, 'f');
    server.fate = () => 'lost';
    expect(await set(driver, 'f', 'read', fileId)).toMatchObject({
      have: 'none',
      reason: 'fileserver_refused',
    });
    expect([server.held('f'), server.opens('f')]).toEqual([['read'], ['read']]);
    server.fate = undefined;
    await eventually(() => {
      expect([server.held('f'), server.opens('f')]).toEqual([[], []]);
    });
    expect(await set(driver, 'f', 'read', fileId)).toMatchObject({ have: 'read' });
  });

  test('that gave a delegation for reading only is not asked for one for writing again', async () => {
    const { server, driver, ear } = await start({ delegations: 'open, but for reading' });
    for (const name of ['f', 'g']) server.file(name);
    expect(await set(driver, 'f', 'write')).toMatchObject({ reason: 'fileserver_refused' });
    await set(driver, 'g', 'read');
    const before = server.count(wire.OP_OPEN);
    expect(await set(driver, 'g', 'write')).toEqual({
      ...{ have: 'read', reason: 'lease_type_unsupported' },
      ...{ detail: 'This server gives delegations for reading only.', inode: expect.any(String) as string },
      cookie: expect.any(String) as string,
    });
    expect([server.count(wire.OP_OPEN) - before, server.held('g'), ear.order]).toEqual([0, ['read'], []]);
  });
});

describe('a server that has restarted', () => {
  test.each([
    [
      'forgets the session',
      (server: NfsServer) => {
        server.restart();
      },
    ],
    [
      'forgets the client while it makes a session',
      (server: NfsServer) => {
        server.restart();
        server.refuse(wire.OP_CREATE_SESSION, wire.NFS4ERR_STALE_CLIENTID);
      },
    ],
    [
      'keeps the session and says what is to be done',
      (server: NfsServer) => {
        server.restartWithSessions();
      },
    ],
    [
      'puts claims off',
      (server: NfsServer) => {
        server.restart();
        server.refuse(wire.OP_OPEN, wire.NFS4ERR_DELAY, 2);
      },
    ],
    [
      'goes away again while things are claimed',
      (server: NfsServer) => {
        server.restart();
        void server.asked(wire.OP_OPEN, 3).then(() => {
          server.restart();
        });
      },
    ],
  ])('and %s: every hold is reclaimed', async (_what, then) => {
    const { server, driver, ear } = await start();
    const names = ['f', 'g'].map((name) => server.file(name));
    for (const name of names) await set(driver, name, 'write');
    then(server);
    await eventually(() => {
      expect(names.map((name) => server.held(name))).toEqual([['write'], ['write']]);
      expect(driver.isReachable('demo')).toBe(true);
    });
    expect(ear.order).toEqual([]);
    server.grace = false;
    for (const name of names) expect(await set(driver, name, 'none')).toEqual({ have: 'none' });
    expect(names.map((name) => [server.held(name), server.opens(name)])).toEqual([
      [[], []],
      [[], []],
    ]);
  });

  test('and recalls a delegation before its answer to the reclaim has arrived: a break is reported, and the hold kept until its answer', async () => {
    const { server, driver, ear } = await start();
    server.file('f');
    await set(driver, 'f', 'read');
    server.hasty = true;
    server.restart();
    expect((await ear.break()).now()).toMatchObject({ target: 'none' });
    await renewals(server, 3);
    expect([server.held('f'), ear.order]).toEqual([['read'], ['break']]);
  });

  test('in the middle of an upgrade: what it granted since is returned', async () => {
    const { server, driver, ear } = await start();
    server.file('f');
    await set(driver, 'f', 'read');
    let restarted = false;
    server.on('request', () => {
      if (restarted || server.count(wire.OP_OPEN) < 3) return;
      restarted = true;
      server.restart(); // before the answer is sent
      server.grace = false;
    });
    expect(await set(driver, 'f', 'write')).toMatchObject({ have: 'none', reason: 'fileserver_refused' });
    expect([server.held('f'), server.opens('f'), ear.order]).toEqual([[], [], ['break']]);
  });

  test('gets all reclaims; nothing new is granted until others have reclaimed theirs', async () => {
    const { server, driver, ear } = await start();
    for (const name of ['f', 'g', 'h']) server.file(name);
    await set(driver, 'f', 'read');
    await set(driver, 'g', 'write');
    const fileId = await idOf(driver, 'h');
    server.restart();
    await server.asked(wire.OP_RECLAIM_COMPLETE, 2);
    expect([server.held('f'), server.held('g')]).toEqual([['read'], ['write']]);
    expect(await set(driver, 'h', 'read', fileId)).toMatchObject({
      reason: 'fileserver_refused',
      detail: expect.stringContaining('OPEN: NFS4ERR_GRACE') as string,
    });
    server.grace = false;
    expect(await set(driver, 'h', 'read', fileId)).toMatchObject({ have: 'read' });
    expect(ear.order).toEqual([]);
  });

  test.each([
    ['takes no claims any more', (server: NfsServer) => (server.grace = false), 'NFS4ERR_NO_GRACE'],
    [
      'does not believe it',
      (server: NfsServer) => {
        server.refuse(wire.OP_OPEN, wire.NFS4ERR_RECLAIM_BAD);
      },
      'NFS4ERR_RECLAIM_BAD',
    ],
    [
      'lets somebody write meanwhile',
      (server: NfsServer) => {
        server.change('f');
      },
      'the file was changed',
    ],
    [
      'lets somebody write meanwhile, and puts off what is given back',
      (server: NfsServer) => {
        server.change('f');
        // For longer than one request is repeated.
        server.refuse(wire.OP_DELEGRETURN, wire.NFS4ERR_GRACE, 14);
        server.refuse(wire.OP_CLOSE, wire.NFS4ERR_DELAY, 14);
      },
      'the file was changed',
    ],
    [
      'gives back the open alone, and puts off its close',
      (server: NfsServer) => {
        server.delegations = 'none';
        server.refuse(wire.OP_CLOSE, wire.NFS4ERR_GRACE, 14);
      },
      'WND4_RESOURCE',
    ],
  ])('and %s: the hold is broken with no time left, and then lost', async (_what, then, cause) => {
    const { server, driver, ear } = await start();
    server.file('f');
    await set(driver, 'f', 'read');
    const fileId = await idOf(driver, 'f');
    server.restart();
    then(server);
    const notice = await ear.break();
    expect(notice.now()).toMatchObject({ fileId, target: 'none', remainingMs: 0 });
    expect(ear.count('lost')).toBe(0);
    notice.answered?.(true);
    expect((await ear.lost()).now()).toMatchObject({
      fileId,
      have: 'none',
      cause: expect.stringContaining(cause) as string,
    });
    expect(ear.order).toEqual(['break', 'lost']);
    await eventually(() => {
      expect([server.held('f'), server.opens('f')]).toEqual([[], []]);
    });
  });
});

test('and whose attributes cannot be read: they prove nothing, and no hold ends', async () => {
  const { server, driver, ear } = await start();
  server.file('f');
  const fileId = await idOf(driver, 'f');
  await set(driver, 'f', 'read');
  server.talkative = true;
  expect(await driver.resolve('demo', 'f')).toMatchObject({
    detail: expect.stringContaining('GETATTR: NFS4ERR_BADXDR') as string,
  });
  expect(await set(driver, 'f', 'none', fileId)).toEqual({ have: 'none' });
  expect([server.held('f'), server.opens('f')]).toEqual([[], []]);
  expect(await set(driver, 'f', 'read', fileId)).toEqual({ have: 'read', inode: '<none>:0' });
  server.restart();
  (await ear.break()).answered?.(true);
  await ear.lost();
  server.talkative = false;
  await eventually(() => {
    expect(driver.isReachable('demo')).toBe(true);
  });
});

describe('the end', () => {
  test('a request that is under way while the adapter stops leaves nothing behind', async () => {
    const { server, driver } = await start();
    const names = ['f', 'g', 'h'].map((name) => server.file(name));
    const ids = await Promise.all(names.map((name) => idOf(driver, name)));
    const answers = names.map((name, n) => set(driver, name, 'read', ids[n]));
    await server.asked(wire.OP_OPEN, 1);
    const closed = driver.close();
    const late = await set(driver, 'f', 'write', ids[0]);
    expect(late).toMatchObject({ have: 'read', reason: 'fileserver_refused' });
    await Promise.all([closed, ...answers]);
    expect(names.map((name) => [server.held(name), server.opens(name)])).toEqual(names.map(() => [[], []]));
  });
});

describe('names that move', () => {
  test('the lease API is told, once, that a name leads to another file or to none', async () => {
    const { server, driver, ear } = await start();
    for (const name of ['f', 'g', 'h']) server.file(name);
    for (const name of ['f', 'g', 'h']) await set(driver, name, 'read');
    const [f, g] = [await idOf(driver, 'f'), await idOf(driver, 'g')];
    server.keepAs('f', 'f moved');
    server.keepAs('g', 'g moved');
    server.file('g');
    const told = [(await ear.detached()).now(), (await ear.detached()).now()];
    expect(told.sort((a, b) => String(a?.path).localeCompare(String(b?.path)))).toEqual([
      expect.objectContaining({ fileId: f, path: 'f' }),
      expect.objectContaining({ fileId: g, path: 'g' }),
    ]);
    await renewals(server, 6);
    expect(ear.order).toEqual(['detached', 'detached']);
  });
});
