import { parseMounts, unseen } from '../../apps/fileserver/src/posix/mounts';
import { assertApart } from '../../apps/fileserver/src/driver';

test('a line of mountinfo is read with its names unescaped, whatever its optional fields', () => {
  const text =
    '36 35 98:0 /a\\040b /mnt/x\\134y rw,noatime shared:1 master:2 - fuse.sshfs host:/dir rw\n' +
    '37 35 254:0 / / rw - ext4 /dev/vda rw\nwhat is no line\n';
  expect([...parseMounts(text).values()]).toEqual([
    { id: 36, device: '98:0', root: '/a b', at: '/mnt/x\\y', type: 'fuse.sshfs' },
    { id: 37, device: '254:0', root: '/', at: '/', type: 'ext4' },
  ]);
});

test.each(['fuse', 'fuse.sshfs', 'fuseblk', '9p', 'nfs', 'nfs4', 'cifs', 'smb3', 'ceph', 'virtiofs', 'new'])(
  '%s is refused',
  (type) => {
    expect(unseen(type)).toMatchObject({ refuse: true });
  },
);
test.each(['ext4', 'xfs', 'btrfs', 'tmpfs'])('%s is served', (type) => {
  expect(unseen(type)).toBeUndefined();
});
test('overlay is served, and marked', () => {
  expect(unseen('overlay')).toMatchObject({ refuse: false });
});

test('two trees are apart when neither path is a prefix of the other, name by name', () => {
  const at = (...parts: string[]) => ({ fileSystem: 'ext4', parts, ancestry: [] });
  const apart = new Map([
    ['a', at('disk', 'srv')],
    ['b', at('disk', 'srv2')],
    ['c', at('other', 'srv')],
  ]);
  expect(() => {
    assertApart(apart);
  }).not.toThrow();
  expect(() => {
    assertApart(new Map([...apart, ['d', at('disk', 'srv', 'sub')]]));
  }).toThrow(/export d is the same tree as export a, or inside it/);
});
