/**
 * `npm run demo:nfs`: two NFS servers of one directory whose state is in Leasehold (apps/nfs-head), and a Linux kernel that
 * mounts both. A lock at one is seen at the other; one is killed, and its client goes on at the other with its lock. The
 * kernel runs in a small virtual machine (test/support/knfsd.sh: Debian packages, nothing is installed; the first run takes
 * minutes). Leaves nothing behind. Exit code 0 if everything went as described.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, endings, guest, program, say, step, tell, within } from './story.mjs';

/** An address that can be moved from one server to another, as a cluster moves an IP address. */
async function movableAddress(port) {
  const open = new Set();
  let target = port;
  const server = createServer((from) => {
    const to = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [from, to],
      [to, from],
    ]) {
      open.add(one);
      one
        .on('error', () => undefined)
        .on('close', () => {
          open.delete(one);
          other.destroy();
        });
    }
    from.pipe(to).pipe(from);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => open.forEach((socket) => socket.destroy());
  endings.unshift(() => {
    cut();
    server.close();
  });
  return {
    port: server.address().port,
    moveTo(other) {
      target = other;
      cut();
    },
  };
}

async function story() {
  step('A lease API, and two NFS servers of one directory');
  const place = mkdtempSync(join(tmpdir(), 'leasehold-heads-'));
  endings.unshift(() => rmSync(place, { recursive: true, force: true }));
  const [directory, records] = ['files', 'records'].map((name) => mkdtempSync(join(place, `${name}-`)));
  say('booting a Linux kernel in a virtual machine ...');
  const { exec } = await guest();
  const secret = { LEASEHOLD_RPC_SECRET: 'the secret of this demo' };
  const api = await program('lease-api', [], {
    LEASEHOLD_TABLE: `embedded:${join(place, 'table')}`,
    LEASEHOLD_HTTP: '127.0.0.1:0',
    LEASEHOLD_RPC: '127.0.0.1:0',
    LEASEHOLD_GRPC: '127.0.0.1:0',
    LEASEHOLD_LOCAL_EXPORTS: 'local',
    ...secret,
  });
  const head = async () => {
    const args = `--api ${api.grpc} --directory ${directory} --records ${records} --listen 127.0.0.1:0 --lease 15`;
    const { nfs, pid } = await program('nfs-head', args.split(' '), secret);
    say(`NFS server at ${nfs}`);
    return { port: Number(nfs.split(':').at(-1)), pid };
  };
  const [one, two] = [await head(), await head()];
  const address = await movableAddress(one.port);

  step('The kernel mounts both: as two clients, each with its own server');
  const mounted = async (at, port) => {
    await exec(`modload nfsv4; echo demo-${at} > /sys/module/nfs/parameters/nfs4_unique_id; mkdir -p /mnt/${at}
      mount -i -t nfs4 -o vers=4.1,proto=tcp,port=${port},sec=sys,addr=10.0.2.2,clientaddr=10.0.2.15 10.0.2.2:/ /mnt/${at}`);
    say(`/mnt/${at} is mounted`);
  };
  await mounted('a', address.port);
  await mounted('b', two.port);
  endings.unshift(() => exec('umount -f -l /mnt/a /mnt/b; true'));

  step('A file that is written at one is read at the other');
  writeFileSync(join(directory, 'story.txt'), 'first line\n');
  await exec('echo second line >> /mnt/a/story.txt');
  const seen = await exec('cat /mnt/b/story.txt');
  check(seen === 'first line\nsecond line\n', 'the other server shows both lines.');
  say(`at the other: ${seen.trimEnd().split('\n').join(', ')}`);

  step('A lock that is taken at one is held at the other');
  await exec('mkfifo /tmp/demo-go');
  const locked = exec(
    'exec 9<>/mnt/a/story.txt; flock -x 9; read x </tmp/demo-go; echo third line >> /mnt/a/story.txt',
  );
  const tried = async () =>
    (await exec('flock -xn /mnt/b/story.txt -c true && echo free || echo locked')).trim();
  const until = async (wanted) => {
    while ((await tried()) !== wanted);
  };
  await within(until('locked'), 'the lock to be seen at the other server');
  say('at the other: locked');

  step('The first server is killed; its client goes on at the second, with its lock');
  process.kill(one.pid, 'SIGKILL');
  address.moveTo(two.port);
  check((await tried()) === 'locked', 'the lock is still held.');
  say('killed; at the other: still locked');
  await exec('echo > /tmp/demo-go');
  await within(locked, 'the holder of the lock to finish its work');
  await within(until('free'), 'the lock to be free');
  const text = readFileSync(join(directory, 'story.txt'), 'utf8');
  check(text.endsWith('third line\n'), 'the holder has written under its lock.');
  say('the holder has written its line and unlocked; at the other: free');
}

await tell(story);
