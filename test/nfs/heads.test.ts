import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, within } from '../support/eventually';
import { guest, type GuestCommand, inGuest, testWith } from '../support/knfsd';
import { type LeaseApi, Program, rpcSecret, startLeaseApi, stopPrograms } from '../support/service';
import { closeProxies, TcpProxy } from '../support/tcp-proxy';

/**
 * Two NFS heads of one directory, whose state is in Leasehold, and a Linux kernel that mounts both: as two clients, each
 * with its own head. The first head has an address that can be given to the other, as a cluster moves an IP address.
 */
const directory = mkdtempSync(join(tmpdir(), 'leasehold-heads-'));
const records = mkdtempSync(join(tmpdir(), 'leasehold-records-'));
let api: LeaseApi;
const heads: Program[] = [];
const ports: number[] = [];
let serving = 0;
let address: TcpProxy;

const head = async (): Promise<void> => {
  const args = ['--api', api.grpcAddress, '--directory', directory, '--records', records];
  const program = new Program('apps/nfs-head/src/main.ts', () => ({
    args: [...args, '--listen', '127.0.0.1:0', '--lease', '15'],
    env: { LEASEHOLD_RPC_SECRET: rpcSecret },
  }));
  const { nfs } = await program.start();
  heads.push(program);
  ports.push(Number(String(nfs).split(':').at(-1)));
};

/** To the kernel, different owners are different clients. */
const mount = (at: string, port: number, version: string): Promise<string> =>
  inGuest(`modload nfsv4; echo heads${at} > /sys/module/nfs/parameters/nfs4_unique_id; mkdir -p /mnt/${at}
    mount -i -t nfs4 -o vers=${version},proto=tcp,port=${String(port)},sec=sys,addr=10.0.2.2,clientaddr=10.0.2.15 10.0.2.2:/ /mnt/${at}`);

const types = async (query: string): Promise<string[]> => {
  const { body } = await api.request('GET', `/v1/locks?${query}`);
  return (body['locks'] as { type: string }[]).map(({ type }) => type);
};
/** Those that nobody has asked to be returned. */
const delegations = (): Promise<string[]> => types('kind=delegation&state=active');

/** Longer than a recall may take, and any command after it: what takes longer hangs. */
const boundMs = 180_000;
/** What a command in the guest printed, or that it hangs. */
const said = (command: GuestCommand): Promise<string> =>
  within('a command in the guest', command.done, boundMs);
/** A command in the guest that waits where it says `read x <$go`, until it is let go on. It never outlives its test. */
const waiters: { go: string; command: GuestCommand }[] = [];
async function waiter(command: string): Promise<{ goOn: () => Promise<string>; command: GuestCommand }> {
  const go = `/tmp/go${String(waiters.length)}`;
  await inGuest(`rm -f ${go}; mkfifo ${go}`);
  const one = { go, command: guest(`go=${go}; ${command}`) };
  waiters.push(one);
  return { goOn: () => said(guest(`echo > ${go}`)), command: one.command };
}

jest.setTimeout(600_000);
afterEach(async () => {
  for (const { go, command } of waiters)
    if (command.running) await inGuest(`timeout 5 sh -c 'echo > ${go}'; true`);
});

beforeAll(async () => {
  api = await startLeaseApi({
    env: {
      ...{ LEASEHOLD_GRPC: '127.0.0.1:0', LEASEHOLD_LOCAL_EXPORTS: 'local', LEASEHOLD_BREAK_MS: '60000' },
      LEASEHOLD_DIRECTORY_DELEGATIONS: 'local',
    },
  });
  await head();
  await head();
  address = await TcpProxy.start({ target: () => `127.0.0.1:${String(ports[serving])}` });
  await mount('a', address.port, '4.1');
  // With delegations instead of opens, and times that their holders keep, if the kernel knows of them (RFC 9754).
  await mount('b', ports[1] ?? 0, '4.2');
});
afterAll(async () => {
  await inGuest('umount -f -l /mnt/a /mnt/b; true');
  closeProxies();
  await stopPrograms();
  for (const each of [directory, records]) rmSync(each, { recursive: true, force: true });
});

test('a client with a delegation writes back when somebody opens the file at the other head', async () => {
  writeFileSync(join(directory, 'cached'), 'one\n');
  const { command: writer, goOn } = await waiter(
    'exec 9<>/mnt/a/cached; cat <&9 >/dev/null; echo two >&9; read x <$go; exec 9>&-',
  );
  await eventually(async () => {
    expect(await delegations()).toContain('write');
  });
  // If nobody recalled it, this would read the old text once the delegation is revoked.
  expect(await said(guest('cat /mnt/b/cached'))).toBe('one\ntwo\n');
  expect(await delegations()).not.toContain('write');
  expect(writer.running).toBe(true);
  await goOn();
  await said(writer);
});

test('readers keep what they have cached until it is written at the other head', async () => {
  writeFileSync(join(directory, 'shared'), 'old\n');
  const reader = 'exec 8</mnt/a/shared; cat <&8; read x <$go; cat /mnt/a/shared';
  const { command: both, goOn } = await waiter(reader);
  await eventually(async () => {
    expect(await delegations()).toContain('read');
  });
  await said(guest('echo new > /mnt/b/shared'));
  await goOn();
  expect(await said(both)).toBe('old\nnew\n');
});

testWith('delegated times', 'a holder keeps the times of its file, and needs no open of it', async () => {
  const path = join(directory, 'timed');
  writeFileSync(path, 'one\n');
  utimesSync(path, 1_000_000_000, 1_000_000_000);
  const hour = 3600;
  const secondsNow = async (): Promise<number> => Number(await inGuest('date +%s'));
  // The client's clock is behind, so what it says differs from what the head would find out itself.
  await inGuest(`date -s @${String((await secondsNow()) - hour)}`);
  try {
    const { command: writer, goOn } = await waiter(
      'exec 9<>/mnt/b/timed; echo two >&9; read x <$go; exec 9>&-',
    );
    await eventually(async () => {
      expect([await delegations(), await types('kind=open')]).toEqual([
        expect.arrayContaining(['write']),
        [],
      ]);
    });
    expect(await said(guest('cat /mnt/a/timed'))).toBe('two\n');
    const kept = statSync(path).mtimeMs / 1000;
    expect(Math.abs(kept - (await secondsNow()))).toBeLessThan(hour / 2);
    await goOn();
    await said(writer);
    await inGuest('rm /mnt/b/timed');
  } finally {
    await inGuest(`date -s @${String((await secondsNow()) + hour)}`);
  }
});

test('files, directories and links are the same through both heads', async () => {
  await inGuest('cd /mnt/a; echo hello > f; mkdir d; mv f d/g; ln -s d/g s; ln d/g h; chmod 640 h');
  expect(await inGuest('cd /mnt/b; cat d/g; readlink s; stat -c "%h %s %a" h; ls')).toBe(
    'hello\nd/g\n2 6 640\ncached\nd\nh\ns\nshared\n',
  );
  await inGuest('dd if=/dev/urandom of=/mnt/a/big bs=64k count=24 2>/dev/null');
  const [a = '', b = ''] = (await inGuest('md5sum < /mnt/a/big; md5sum < /mnt/b/big')).split('\n');
  expect(b).toBe(a);
  const names = 'seq 1 40 | while read n; do echo > dir$n; done';
  await inGuest(`mkdir /mnt/b/many; cd /mnt/b/many; ${names}`);
  expect(await inGuest('ls /mnt/a/many | wc -l; rm -r /mnt/a/many; ls /mnt/b')).toBe(
    '40\nbig\ncached\nd\nh\ns\nshared\n',
  );
  expect(await inGuest('cat /mnt/a/none 2>&1 || rmdir /mnt/a/d 2>&1 || true')).toMatch(
    /No such.*\n.*not empty/,
  );
});

test('a directory that is listed again and again at one head is as it was made through the other', async () => {
  await inGuest('mkdir /mnt/a/listed');
  const list = (): Promise<string> => inGuest('ls /mnt/a/listed; stat -c %h /mnt/a/listed');
  const names: string[] = [];
  for (let i = 0; i < 5; i += 1) {
    // The second time it may know without asking: Linux 7.x asks for delegations of directories.
    for (let time = 0; time < 2; time += 1) expect(await list()).toBe([...names, '2', ''].join('\n'));
    names.push(`n${String(i)}`);
    await said(guest(`echo > /mnt/b/listed/n${String(i)}`));
  }
  await said(guest('mv /mnt/b/listed/n0 /mnt/b/listed/n9; rm /mnt/b/listed/n1; mkdir /mnt/b/listed/n2d'));
  expect(await list()).toBe('n2\nn2d\nn3\nn4\nn9\n3\n');
  await inGuest('rm -r /mnt/a/listed');
});

test('whoever waits for a lock is told when it is free; who has given up does not get it', async () => {
  const waiting = (): Promise<string[]> => types('kind=posix&state=waiting');
  const other = (): Promise<string> => inGuest('flock -xn /mnt/b/turns -c true && echo free || echo locked');
  const hold = async (): ReturnType<typeof waiter> => {
    const holder = await waiter('exec 9<>/mnt/a/turns; flock -x 9; read x <$go');
    await eventually(async () => {
      expect(await other()).toBe('locked\n');
    });
    return holder;
  };
  await inGuest('echo > /mnt/a/turns');
  const first = await hold();
  const next = guest('flock -x /mnt/b/turns -c "echo mine"');
  // It is in the queue, and does not only ask again and again.
  await eventually(async () => {
    expect(await waiting()).toEqual(['write']);
  });
  await first.goOn();
  await said(first.command);
  expect(await said(next)).toBe('mine\n');

  // One closes the file, the other keeps it open.
  await inGuest('rm -f /tmp/end; mkfifo /tmp/end');
  for (const last of ['exec 9>&-', 'true']) {
    const second = await hold();
    const gone = guest(
      `exec 9<>/mnt/b/turns; flock -x 9 & echo $! > /tmp/waits; wait; ${last}; rm /tmp/waits; read x </tmp/end`,
    );
    await eventually(async () => {
      expect(await waiting()).toEqual(['write']);
    });
    await inGuest('kill -9 $(cat /tmp/waits)');
    await eventually(() => inGuest('test ! -e /tmp/waits'));
    await second.goOn();
    await said(second.command);
    await eventually(async () => {
      expect(await other()).toBe('free\n');
    });
    await inGuest('echo > /tmp/end');
    await said(gone);
  }
});

test('a client whose head is killed goes on at the other, with its locks', async () => {
  await inGuest('echo > /mnt/a/locked');
  const { command: locked, goOn } = await waiter(
    'exec 9<>/mnt/a/locked; flock -x 9; read x <$go; echo more >&9; cat /mnt/a/locked',
  );
  const other = 'flock -xn /mnt/b/locked -c true && echo free || echo locked';
  // The client may keep the lock to itself, under a delegation, until somebody else asks.
  await eventually(async () => {
    expect(await inGuest(other)).toBe('locked\n');
  });

  await heads[0]?.kill();
  serving = 1;
  address.cut();
  address.mend();
  expect(await inGuest('ls /mnt/a/d')).toBe('g\n');
  expect(await inGuest(other)).toBe('locked\n');
  await goOn();
  expect(await said(locked)).toBe('more\n');
  expect(await inGuest(other)).toBe('free\n');
});
