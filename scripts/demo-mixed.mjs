/**
 * `npm run demo:mixed`: one holder with leases on files of three stacks (local, posix, nfs4), and one event stream for all
 * of them. Starts everything it needs, including a Linux NFS server in a small virtual machine (test/support/knfsd.sh:
 * Debian packages, nothing is installed; the first run takes minutes), and leaves nothing behind. Exit code 0 if
 * everything went as described.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from './ensure.mjs';
import { check, endings, guest, limitMs, program, say, step, tell, within } from './story.mjs';

async function story() {
  const { Leasehold } = await import('#client');
  step('Three fileservers, one lease API');
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-mixed-'));
  endings.unshift(() => rmSync(directory, { recursive: true, force: true }));
  say('booting a Linux NFS server in a virtual machine ...');
  const { port, exec: inGuest, states } = await guest();
  const api = await program('lease-api', [], {
    LEASEHOLD_TABLE: `embedded:${join(directory, 'table')}`,
    LEASEHOLD_HTTP: '127.0.0.1:0',
    LEASEHOLD_RPC: '127.0.0.1:0',
    LEASEHOLD_LOCAL_EXPORTS: 'here',
    LEASEHOLD_BREAK_MS: '20000',
  });
  const exported = mkdtempSync(join(directory, 'exported-'));
  await program('fileserver', `--stack posix --export disk=${exported} --api ${api.rpc}`.split(' '));
  await program(
    'fileserver',
    `--stack nfs4 --export nfs=nfs://127.0.0.1:${port}/export --auth-sys 0:0 --api ${api.rpc}`.split(' '),
  );
  const leasehold = new Leasehold({ url: `http://${api.http}` });
  const up = async () => {
    for (;;) {
      const exports = await leasehold.exports();
      if (
        ['here', 'disk', 'nfs'].every((name) =>
          exports.some((one) => one.name === name && one.state === 'up'),
        )
      )
        return exports;
      await delay(50);
    }
  };
  for (const { name, stack } of await within(up(), 'three exports')) say(`export ${name}: ${stack}`);

  step('One holder, a read lease on a file of each');
  const file = 'story.txt';
  writeFileSync(join(exported, file), 'first line\n');
  await inGuest(`echo first line > /srv/export/${file}`);
  const holder = await leasehold.openSession({ label: 'the holder', ttlMs: 60_000 });
  const writer = await leasehold.openSession({ label: 'a writer', ttlMs: 60_000 });
  endings.unshift(async () => {
    await holder.end();
    await writer.end();
  });
  const heard = [];
  void (async () => {
    for await (const notice of holder.events()) {
      heard.push(notice);
      const { export: from = '', cause = '' } = notice.data;
      say(`event ${notice.event} ${from} ${cause}`.trimEnd());
    }
  })();
  const leases = [];
  for (const name of ['here', 'disk', 'nfs'])
    leases.push(
      await holder.acquire({ export: name, file, type: 'read' }, { onBreak: () => Promise.resolve('none') }),
    );
  check(
    leases.every(({ state }) => state === 'active'),
    'the three leases are active.',
  );
  const ofServer = (await states()).split('\n').filter((line) => line.includes('type: deleg'));
  check(ofServer.length === 1, 'the NFS server has granted one delegation.');
  say(`the NFS server itself: ${ofServer[0].trim()}`);

  step('Somebody writes to each: through the API, on the disk, in the NFS server');
  const opening = writer.open({ export: 'here', file, access: 'write', waitMs: limitMs });
  const shell = run('sh', ['-c', `echo more >> '${join(exported, file)}'`]);
  const there = inGuest(`echo more >> /srv/export/${file}`);
  const [opened, code] = await within(Promise.all([opening, shell, there]), 'the three writers');
  check(code === 0, 'the shell succeeds.');
  await opened.close();
  const told = heard.filter(({ event }) => event === 'break').map(({ data }) => data.export);
  check(
    ['here', 'disk', 'nfs'].every((name) => told.includes(name)),
    'one event stream reported three breaks.',
  );
  check(readFileSync(join(exported, file), 'utf8') === 'first line\nmore\n', 'the file was written.');
  say(`${told.length} breaks over one event stream: ${told.join(', ')}. Each writer waited for the holder.`);
}

await tell(story);
