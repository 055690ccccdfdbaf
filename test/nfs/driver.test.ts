import { EventEmitter, once } from 'node:events';
import type { LeaseType } from '#contracts';
import type { BreakFacts, LostFacts, Notice } from '../../apps/fileserver/src/driver';
import { Nfs4Driver } from '../../apps/fileserver/src/nfs4/nfs4-driver';
import { eventually, within } from '../support/eventually';
import {
  delegations,
  guest,
  guestFile,
  guestName,
  inGuest,
  nfsPort,
  restartServer,
  serverStates,
} from '../support/knfsd';
import { closeProxies, TcpProxy } from '../support/tcp-proxy';

/** The driver by itself, against a Linux kernel NFS server. Waits are the server's: its lease is 10 s, its grace too. */

class Ear extends EventEmitter {
  private readonly heard: Record<string, unknown[]> = { break: [], lost: [] };

  constructor(driver: Nfs4Driver) {
    super();
    driver.listen({
      onBreak: (notice) => {
        this.note('break', notice);
      },
      onDetached: () => undefined,
      onLost: (notice) => {
        this.note('lost', notice);
      },
    });
  }
  private note(kind: string, notice: unknown): void {
    this.heard[kind]?.push(notice);
    this.emit(kind);
  }
  private async next<Facts>(kind: string): Promise<Notice<Facts>> {
    const heard = async (): Promise<void> => {
      while (this.heard[kind]?.length === 0) await once(this, kind);
    };
    await within(kind, heard(), 45_000);
    return this.heard[kind]?.shift() as Notice<Facts>;
  }
  break = (): Promise<Notice<BreakFacts>> => this.next('break');
  lost = (): Promise<Notice<LostFacts>> => this.next('lost');
  count = (kind: 'break' | 'lost'): number => this.heard[kind]?.length ?? 0;
}

const path = '/export';
const reports: string[] = [];
const drivers = new Set<Nfs4Driver>();
let holdGen = 0;
let files = 0;

async function start({
  port = nfsPort(),
  client = 'driver',
  uid = 0,
}: { port?: number; client?: string; uid?: number } = {}): Promise<{ driver: Nfs4Driver; ear: Ear }> {
  const driver = await Nfs4Driver.start({
    exports: { demo: { host: '127.0.0.1', port, path } },
    credentials: { uid, gid: uid, gids: [] },
    clientName: client,
    report: (message) => reports.push(message),
  });
  drivers.add(driver);
  return { driver, ear: new Ear(driver) };
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
const fresh = (): Promise<string> => guestFile(`f${String(++files)}`);

jest.setTimeout(120_000);

afterEach(async () => {
  await Promise.all([...drivers].map((driver) => driver.close()));
  drivers.clear();
  closeProxies();
});

describe('levels', () => {
  test('a read lease is a read delegation; a reader is let be, a writer breaks it and waits', async () => {
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

  test('a write lease is a write delegation, and a reader breaks it', async () => {
    const { driver, ear } = await start();
    const name = await fresh();
    expect(await set(driver, name, 'write')).toMatchObject({ have: 'write' });
    expect(await delegations(name)).toEqual(['w']);
    const reader = guest(`cat /srv/export/${name}`);
    expect((await ear.break()).now()).toMatchObject({ target: 'none' });
    expect(await set(driver, name, 'none')).toEqual({ have: 'none' });
    expect(await reader.done).toBe('text\n');
  });

  test('up and down, with one delegation at a time', async () => {
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

  test('what somebody has open for writing is refused with the reason of the server', async () => {
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
