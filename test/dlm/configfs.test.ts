import { reasons } from '../../libs/contracts/src/problem';
import { GuestLine } from '../support/dlm-guest';
import { rulesTable } from '../support/rules-table';
import { scenarioLimits } from '../support/scenario';

/**
 * OCFS2's own configuration in the virtual machine beside ours: a heartbeat region that a DLM domain depends on is pinned.
 * The kernel refuses to remove it with EBUSY until the domain is gone; so do we.
 */
const cluster = '/sys/kernel/config/cluster/leasehold';
const node = `${cluster}/node/n`;
const regions = `${cluster}/heartbeat`;
const codes: { readonly [reason: string]: { readonly code: string } | undefined } = reasons;
const names = ['kept', 'spare'] as const;
let shell: GuestLine;

jest.setTimeout(600_000);

beforeAll(async () => {
  shell = await GuestLine.open('shell');
  await shell.run(`mkdir ${cluster} ${node}`);
  for (const [name, value] of Object.entries({
    ipv4_port: '7777',
    ipv4_address: '127.0.0.1',
    num: '1',
    local: '1',
  }))
    await shell.run(`echo ${value} > ${node}/${name}`);
  await shell.run(`mkdir ${names.map((name) => `${regions}/${name}`).join(' ')}`);
  const kept = `${regions}/kept`;
  for (const [name, value] of Object.entries({ block_bytes: '512', start_block: '1', blocks: '255' }))
    await shell.run(`echo ${value} > ${kept}/${name}`);
  // A node heartbeats by writing to its block of a shared disk: here a file. The write returns when it is heard.
  await shell.run('dd if=/dev/zero of=/tmp/disk bs=1024 count=512 2>/dev/null; losetup /dev/loop0 /tmp/disk');
  await shell.run(`exec 9<>/dev/loop0; echo 9 > ${kept}/dev`);
  await shell.run('mkdir -p /tmp/dlmfs; mount -t ocfs2_dlmfs d /tmp/dlmfs');
});
afterAll(async () => {
  await shell.run(`umount /tmp/dlmfs; losetup -d /dev/loop0; rmdir ${node} ${cluster}`);
  shell.close();
});

/** Regions of heartbeats, and domains that depend on them. */
interface Tree {
  pin: (region: string) => Promise<unknown>;
  unpin: (region: string) => Promise<unknown>;
  /** Removes a region. Returns why not. */
  remove: (region: string) => Promise<string | undefined>;
}

/** The kernel: a domain in dlmfs depends on the region of its name. */
const kernels = (): Tree => ({
  pin: (region) => shell.run(`mkdir /tmp/dlmfs/${region}`),
  unpin: (region) => shell.run(`rmdir /tmp/dlmfs/${region}`),
  remove: async (region) => {
    const said = await shell.run(`rmdir ${regions}/${region} 2>&1 || true`);
    if (said === '') return undefined;
    return said.includes('Device or resource busy') ? 'EBUSY' : said;
  },
});

/** Ours: the domain is an export, which pins the region. */
async function ours(): Promise<Tree> {
  const table = rulesTable({ now: 1_700_000_000_000 });
  await table.call('identify', { identity: 'i', limits: scenarioLimits });
  await table.call('exportDeclare', { name: 'domain', breakMs: 45_000, lockDelayMs: 0 });
  for (const name of names)
    await table.call('regionPut', { name, beatMs: 1000, deadMs: 10_000, ackMs: 5000 });
  return {
    pin: (name) =>
      table.call('pinAdd', { pinId: name, kind: 'regions', name, by: { kind: 'exports', name: 'domain' } }),
    unpin: (name) => table.call('pinDrop', { pinId: name }),
    remove: async (name) => {
      const request = { kind: 'regions', name, force: false, operationId: name, deadlineMs: 0 } as const;
      const { value } = await table.call('itemRemove', request);
      return 'refused' in value ? codes[value.refused.reason]?.code : undefined;
    },
  };
}

test.each([
  ['the kernel', kernels],
  ['Leasehold', ours],
] as const)('%s: a region is busy while a domain depends on it, and others are not', async (_, treeOf) => {
  const tree = await treeOf();
  const did = [];
  await tree.pin('kept');
  did.push(await tree.remove('kept'), await tree.remove('spare'), await tree.remove('kept'));
  await tree.unpin('kept');
  did.push(await tree.remove('kept'));
  expect(did).toEqual(['EBUSY', undefined, 'EBUSY', undefined]);
});
