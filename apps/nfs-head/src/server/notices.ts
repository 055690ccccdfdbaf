import { bytesOfName, type nfs } from '#contracts';
import { bitmapOf, type Codec, common, encode, hasBit, wire } from '#nfs4';
import { present } from './attributes';
import { Failure } from './failure';
import { cookieOf, type Node, type Tree } from './tree';

/** What holders of directory delegations are told of changes there (CB_NOTIFY, RFC 8881 §10.9, §20.4). */

/** What the holder of a directory delegation has asked to be told. */
export interface Asked {
  types: wire.bitmap4;
  ofEntries: wire.bitmap4;
  ofDirectory: wire.bitmap4;
}

const entryTypes = [wire.NOTIFY4_REMOVE_ENTRY, wire.NOTIFY4_ADD_ENTRY, wire.NOTIFY4_RENAME_ENTRY];
const types = bitmapOf([wire.NOTIFY4_CHANGE_DIR_ATTRS, ...entryTypes]);
/** Of an entry: what nobody but the file system decides, whoever has a delegation of the file. */
const ofEntries = bitmapOf([
  ...[wire.FATTR4_TYPE, wire.FATTR4_FSID, wire.FATTR4_FILEHANDLE, wire.FATTR4_FILEID, wire.FATTR4_MODE],
  ...[wire.FATTR4_OWNER, wire.FATTR4_OWNER_GROUP, wire.FATTR4_RAWDEV, wire.FATTR4_TIME_CREATE],
]);
const ofDirectory = bitmapOf([
  ...[wire.FATTR4_TYPE, wire.FATTR4_CHANGE, wire.FATTR4_SIZE, wire.FATTR4_FSID, wire.FATTR4_FILEHANDLE],
  ...[wire.FATTR4_FILEID, wire.FATTR4_MODE, wire.FATTR4_NUMLINKS, wire.FATTR4_OWNER, wire.FATTR4_OWNER_GROUP],
  ...[wire.FATTR4_SPACE_USED, wire.FATTR4_TIME_ACCESS, wire.FATTR4_TIME_METADATA, wire.FATTR4_TIME_MODIFY],
]);
const noSpace = { available: 0n, free: 0n, total: 0n };
const nothing: wire.fattr4 = { attrmask: [], attr_vals: Buffer.alloc(0) };

/** What a client will be told of what it asks; undefined if it would miss a change of a name. */
export function askedIn(args: wire.GET_DIR_DELEGATION4args): Asked | undefined {
  const wanted = args.gdda_notification_types;
  if (!entryTypes.every((type) => hasBit(wanted, type))) return undefined;
  return {
    types: common(wanted, types),
    ofEntries: common(args.gdda_child_attributes, ofEntries),
    ofDirectory: common(args.gdda_dir_attributes, ofDirectory),
  };
}

/** A change as its holder is told of it. @throws if it cannot be found out */
export async function noticesOf(
  tree: Tree,
  directory: Node,
  { change, name, to }: NonNullable<nfs.Callback['notify']>,
  asked: Asked,
): Promise<wire.notify4[]> {
  const found: wire.notify4[] = [];
  const tell = <T>(type: wire.notify_type4, codec: Codec<T>, value: T): void => {
    found.push({ notify_mask: bitmapOf([type]), notify_vals: Buffer.from(encode(codec, value)) });
  };
  if (change === 'ENTRY_ADDED')
    tell(wire.NOTIFY4_ADD_ENTRY, wire.notify_add4, await added(tree, directory, bytesOfName(name), asked));
  else if (change === 'ENTRY_REMOVED')
    tell(wire.NOTIFY4_REMOVE_ENTRY, wire.notify_remove4, removed(bytesOfName(name)));
  else if (change === 'ENTRY_RENAMED')
    tell(wire.NOTIFY4_RENAME_ENTRY, wire.notify_rename4, {
      nrn_old_entry: removed(bytesOfName(name)),
      nrn_new_entry: await added(tree, directory, bytesOfName(to), asked),
    });
  if (hasBit(asked.types, wire.NOTIFY4_CHANGE_DIR_ATTRS)) {
    const seen = {
      stat: await tree.stat(directory),
      handle: directory.handle,
      leaseTimeS: 0,
      space: noSpace,
    };
    // An entry without a name is the directory itself.
    const na_changed_entry = { ne_file: Buffer.alloc(0), ne_attrs: present(asked.ofDirectory, seen) };
    tell(wire.NOTIFY4_CHANGE_DIR_ATTRS, wire.notify_attr4, { na_changed_entry });
  }
  if (found.length === 0) throw new Failure(wire.NFS4ERR_NOTSUPP);
  return found;
}

const removed = (name: Buffer): wire.notify_remove4 => ({
  nrm_old_entry: { ne_file: name, ne_attrs: nothing },
  nrm_old_entry_cookie: cookieOf(name),
});

/** An entry, and where READDIR has it. Attributes are missing if it is gone by now: that will be told, too. */
async function added(tree: Tree, directory: Node, name: Buffer, asked: Asked): Promise<wire.notify_add4> {
  const attributes = async (): Promise<wire.fattr4> => {
    const { node, stat } = await tree.lookup(directory, name);
    return present(asked.ofEntries, { stat, handle: node.handle, leaseTimeS: 0, space: noSpace });
  };
  const cookie = cookieOf(name);
  let previous: { name: Buffer; cookie: bigint } | undefined;
  let isLast = true;
  for (const other of await tree.list(directory)) {
    const at = cookieOf(other);
    if (at > cookie) isLast = false;
    else if (at < cookie && at > (previous?.cookie ?? 0n)) previous = { name: other, cookie: at };
  }
  const before = previous && {
    pe_prev_entry: { ne_file: previous.name, ne_attrs: nothing },
    pe_prev_entry_cookie: previous.cookie,
  };
  return {
    nad_old_entry: [],
    nad_new_entry: { ne_file: name, ne_attrs: await attributes().catch(() => nothing) },
    nad_new_entry_cookie: [cookie],
    nad_prev_entry: before === undefined ? [] : [before],
    nad_last_entry: isLast,
  };
}
