import { randomBytes } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import {
  lchown,
  link,
  lutimes,
  mkdir,
  open,
  readlink,
  rename,
  rmdir,
  statfs,
  symlink,
  unlink,
} from 'node:fs/promises';
import type { nfs } from '#contracts';
import { bitmapOf, encode, hasBit, wire } from '#nfs4';
import {
  apply,
  asksHolder,
  changeOf,
  checkAsked,
  checkChange,
  ioBytesMax,
  type KeptTimes,
  mayAccess,
  now,
  present,
  read as readAttributes,
  type Settable,
  timeAt,
  timesOf,
  vetted,
} from './attributes';
import { type Client, type Known, type Session, wireStateid } from './clients';
import type { Caller } from './connection';
import { codeOf, Failure, must, statusOf } from './failure';
import { askedIn } from './notices';
import { checkName, cookieOf, type Node, type Tree } from './tree';

/** The operations on files. What is allowed to whom, the lease service decides; the file system does the rest. */

/** One COMPOUND, while it is carried out. */
export interface Compound {
  session: Session;
  client: Client;
  caller: Caller;
  current: Node | undefined;
  saved: Node | undefined;
  /** What the current stateid stands for (RFC 8881 §16.2.3.1.2). */
  stateid: wire.stateid4 | undefined;
  savedStateid: wire.stateid4 | undefined;
  /** The same for a repeat of the request, and for no other: the lease service recognises it. */
  requestId: string;
}

type Result = wire.nfs_resop4;

const listBytesMax = 256 * 1024;
const entriesMax = 100_000;
const noOther = Buffer.alloc(12);
const allOther = Buffer.alloc(12, 0xff);
const everybody: wire.nfsace4 = { type: 0, flag: 0, access_mask: 0, who: Buffer.alloc(0) };
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants;
const locksArePosix = 0x4;
const mayNotifyLock = 0x20;
const wantMask = 0xff00;
/** For so long nobody gets a delegation of what an allowed change is about. */
const quietMs = 2_000;
/** After so long it is not begun any more: it may have to be allowed at several places, one after the other. */
const beginMs = 1_500;
/** If it is not known by then whether a change was made, delegations of its directory are recalled. */
const reportMs = 30_000;

const accessName = (share: number): nfs.ShareAccess =>
  (['OPEN4_SHARE_ACCESS_READ', 'OPEN4_SHARE_ACCESS_WRITE', 'OPEN4_SHARE_ACCESS_BOTH'] as const)[share - 1] ??
  'OPEN4_SHARE_ACCESS_READ';
const denyName = (share: number): nfs.ShareDeny =>
  (
    [
      'OPEN4_SHARE_DENY_NONE',
      'OPEN4_SHARE_DENY_READ',
      'OPEN4_SHARE_DENY_WRITE',
      'OPEN4_SHARE_DENY_BOTH',
    ] as const
  )[share] ?? 'OPEN4_SHARE_DENY_BOTH';
const lockNames = { 1: 'READ_LT', 2: 'WRITE_LT', 3: 'READW_LT', 4: 'WRITEW_LT' } as const;
/** For a client that cannot be told when its turn has come, and for those that only test. */
const lockNamesAtOnce = { 1: 'READ_LT', 2: 'WRITE_LT', 3: 'READ_LT', 4: 'WRITE_LT' } as const;

const nameStateid = ({ seqid, other }: wire.stateid4): nfs.StateId => ({
  seqid,
  other: other.toString('base64'),
});
const inBase64 = (bytes: Buffer): string => bytes.toString('base64');
const isSpecial = ({ other }: wire.stateid4): boolean => other.equals(noOther) || other.equals(allOther);

export class Operations {
  /** It changes when this head starts: clients then repeat what was not committed. */
  private readonly verifier = randomBytes(8);

  constructor(
    private readonly tree: Tree,
    private readonly exportName: string,
    private readonly leaseTimeMs: number,
  ) {}

  // --- handles and names

  async putfh(handle: Buffer, state: Compound): Promise<Result> {
    state.current = await this.tree.find(handle);
    return { resop: wire.OP_PUTFH, opputfh: { status: wire.NFS4_OK } };
  }

  async lookup(name: Buffer, state: Compound): Promise<Result> {
    state.current = (await this.entryOf(currentOf(state), checkName(name), state)).node;
    return { resop: wire.OP_LOOKUP, oplookup: { status: wire.NFS4_OK } };
  }

  async lookupp(state: Compound): Promise<Result> {
    const current = currentOf(state);
    const stat = await this.tree.stat(current);
    if (!stat.isDirectory()) throw new Failure(wire.NFS4ERR_NOTDIR);
    const { at } = current;
    if (at === undefined) throw new Failure(wire.NFS4ERR_NOENT);
    allow(stat, state.caller, 'x');
    state.current = at.parent;
    return { resop: wire.OP_LOOKUPP, oplookupp: { status: wire.NFS4_OK } };
  }

  private entryOf(
    directory: Node,
    name: Buffer,
    { caller }: Compound,
  ): Promise<{ node: Node; stat: BigIntStats }> {
    return this.tree.within(directory, (path, stat) => {
      allow(stat, caller, 'x');
      return this.tree.entry(directory, name, path(name));
    });
  }

  async readlink(state: Compound): Promise<Result> {
    const current = currentOf(state);
    const stat = await this.tree.stat(current);
    const { at } = current;
    if (!stat.isSymbolicLink() || at === undefined) throw new Failure(wire.NFS4ERR_INVAL);
    const target = await this.tree.within(at.parent, (path) =>
      readlink(path(at.name), { encoding: 'buffer' }),
    );
    return { resop: wire.OP_READLINK, opreadlink: { status: wire.NFS4_OK, resok4: { link: target } } };
  }

  async access({ access }: wire.ACCESS4args, state: Compound): Promise<Result> {
    const stat = await this.tree.stat(currentOf(state));
    const may = (wanted: 'r' | 'w' | 'x'): boolean => mayAccess(stat, state.caller, wanted);
    const isDirectory = stat.isDirectory();
    const [mayRead, mayWrite, mayRun] = [may('r'), may('w'), may('x')];
    const bits: [number, boolean][] = [
      [wire.ACCESS4_READ, mayRead],
      [wire.ACCESS4_MODIFY, mayWrite],
      [wire.ACCESS4_EXTEND, mayWrite],
      ...(isDirectory
        ? ([
            [wire.ACCESS4_LOOKUP, mayRun],
            [wire.ACCESS4_DELETE, mayWrite],
          ] as [number, boolean][])
        : ([[wire.ACCESS4_EXECUTE, mayRun]] as [number, boolean][])),
    ];
    const sum = (which: [number, boolean][]): number => which.reduce((all, [bit]) => all | bit, 0) & access;
    const resok4 = { supported: sum(bits), access: sum(bits.filter(([, may]) => may)) };
    return { resop: wire.OP_ACCESS, opaccess: { status: wire.NFS4_OK, resok4 } };
  }

  // --- attributes

  async getattr({ attr_request }: wire.GETATTR4args, state: Compound): Promise<Result> {
    checkAsked(attr_request);
    const current = currentOf(state);
    const obj_attributes = await this.attributes(current, await this.tree.stat(current), attr_request, state);
    return { resop: wire.OP_GETATTR, opgetattr: { status: wire.NFS4_OK, resok4: { obj_attributes } } };
  }

  private async attributes(
    node: Node,
    stat: BigIntStats,
    asked: wire.bitmap4,
    { client }: Compound,
  ): Promise<wire.fattr4> {
    const file = this.tree.nameOf(node);
    const seen = { stat, handle: node.handle, leaseTimeS: Math.ceil(this.leaseTimeMs / 1000) };
    const space = spaceAttributes.some((each) => hasBit(asked, each)) ? await this.space() : noSpace;
    if (!stat.isFile() || !asksHolder(asked) || client.has(file)) return present(asked, { ...seen, space });
    const [change, size] = [String(changeOf(stat)), String(stat.size)];
    const at = { export: this.exportName, file };
    const reply = must(await client.call('GetAttr', { ...at, change, size, times: true }));
    const { timeDelegAccess, timeDelegModify } = reply;
    const accessed = timeDelegAccess === undefined ? undefined : timeAt(timeDelegAccess);
    if (reply.holder !== 'HOLDER_OTHER' || !reply.modified)
      // A holder may just have written back.
      return present(asked, { ...seen, stat: await this.tree.stat(node), space, accessed });
    const modified = timeDelegModify === undefined ? now() : timeAt(timeDelegModify);
    const told = { change: BigInt(reply.change), size: BigInt(reply.size), accessed, modified };
    return present(asked, { ...seen, ...told, space });
  }

  private space(): Promise<{ available: bigint; free: bigint; total: bigint }> {
    return this.tree.within(this.tree.root, async (path) => {
      const { bavail, bfree, blocks, bsize } = await statfs(path(Buffer.alloc(0)), { bigint: true });
      return { available: bavail * bsize, free: bfree * bsize, total: blocks * bsize };
    });
  }

  async setattr({ stateid, obj_attributes }: wire.SETATTR4args, state: Compound): Promise<Result> {
    const { kept, ...values } = readAttributes(obj_attributes);
    const current = currentOf(state);
    const stat = await this.tree.stat(current);
    if (kept !== undefined) await this.keep(kept, current, stateid, state);
    if (Object.keys(values).length > 0) await this.change(current, stat, stateid, values, state);
    const { attrmask: attrsset } = obj_attributes;
    return { resop: wire.OP_SETATTR, opsetattr: { status: wire.NFS4_OK, attrsset } };
  }

  /**
   * The times that the holder of a write delegation has kept (RFC 9754). Nobody else has anything on the file, and it is
   * a delegation that may be recalled already: nothing is announced.
   */
  private async keep(kept: KeptTimes, node: Node, shown: wire.stateid4, state: Compound): Promise<void> {
    const stateid = shownOr(shown, state);
    const { file, keepsTimes, timesAtGrant } = await this.knownBy(nameStateid(stateid), state);
    if (file !== this.tree.nameOf(node) || keepsTimes !== true) throw new Failure(wire.NFS4ERR_BAD_STATEID);
    const values = vetted(kept, timesAtGrant ?? timesOf(await this.tree.stat(node)));
    if (Object.keys(values).length > 0) await this.tree.change(node, (opened) => apply(opened, values));
  }

  private async change(
    current: Node,
    stat: BigIntStats,
    stateid: wire.stateid4,
    values: Settable,
    state: Compound,
  ): Promise<void> {
    checkChange(stat, state.caller, values);
    if (values.size !== undefined) {
      if (!stat.isFile()) throw new Failure(stat.isDirectory() ? wire.NFS4ERR_ISDIR : wire.NFS4ERR_INVAL);
      await this.checkIo(current, stat, stateid, 'w', state);
    } else if (!stat.isDirectory()) inTime(await this.announce('CHANGE_SETATTR', current, stat, state));
    if (stat.isDirectory())
      await this.reported({ op: 'CHANGE_SETATTR', file: this.tree.nameOf(current) }, state, async (made) => {
        made();
        await this.set(current, stat, values);
      });
    else await this.set(current, stat, values);
  }

  private async set(node: Node, stat: BigIntStats, values: Settable): Promise<void> {
    const { size } = values;
    if (size !== undefined) await this.tree.using(node, true, (file) => file.truncate(offsetOf(size)));
    const { at } = node;
    if (stat.isSymbolicLink() && at !== undefined) {
      const { uid, gid, accessed, modified } = values;
      await this.tree.within(at.parent, async (path) => {
        if (uid !== undefined || gid !== undefined)
          await lchown(path(at.name), uid ?? Number(stat.uid), gid ?? Number(stat.gid));
        if (accessed !== undefined || modified !== undefined)
          await lutimes(path(at.name), new Date(), new Date());
      });
    } else if (Object.keys(values).some((name) => name !== 'size'))
      await this.tree.change(node, (file) => apply(file, values));
  }

  // --- directories

  async readdir(args: wire.READDIR4args, state: Compound): Promise<Result> {
    const { cookie, cookieverf, maxcount, dircount, attr_request } = args;
    checkAsked(attr_request);
    const current = currentOf(state);
    if (cookie === 1n || cookie === 2n || cookieverf.some((byte) => byte !== 0))
      throw new Failure(wire.NFS4ERR_BAD_COOKIE);
    const room = Math.min(maxcount, listBytesMax);
    const names = await this.tree.within(current, (_, stat) => {
      allow(stat, state.caller, 'r');
      return this.tree.list(current);
    });
    if (names.length > entriesMax) throw new Failure(wire.NFS4ERR_SERVERFAULT);
    const rest = names
      .map((name) => ({ name, cookie: cookieOf(name) }))
      .filter((each) => each.cookie > cookie)
      .sort((a, b) => (a.cookie < b.cookie ? -1 : 1));
    const { entries, eof } = await this.entries(current, rest, { room, dircount, attr_request }, state);
    if (entries.length === 0 && !eof) throw new Failure(wire.NFS4ERR_TOOSMALL);
    const resok4 = { cookieverf: Buffer.alloc(8), reply: { entries, eof } };
    return { resop: wire.OP_READDIR, opreaddir: { status: wire.NFS4_OK, resok4 } };
  }

  /** As many entries as there is room for. */
  private entries(
    directory: Node,
    names: { name: Buffer; cookie: bigint }[],
    { room, dircount, attr_request }: { room: number; dircount: number; attr_request: wire.bitmap4 },
    state: Compound,
  ): Promise<{ entries: wire.entry4[]; eof: boolean }> {
    return this.tree.within(directory, async (path) => {
      const entries: wire.entry4[] = [];
      // The status, the verifier, the end of the list, and `eof`.
      let used = 24;
      let namesUsed = 0;
      for (const { name, cookie } of names) {
        const found = await this.tree.entry(directory, name, path(name)).catch((error: unknown) => {
          if (codeOf(error) === 'ENOENT' || error instanceof Failure) return undefined;
          throw error;
        });
        if (found === undefined) continue;
        const { node, stat } = found;
        const attrs = await this.attributes(node, stat, attr_request, state).catch((error: unknown) => {
          if (!(error instanceof Failure)) throw error;
          // Somebody is being asked for it: without it, the client will ask for the file itself.
          const rest = attr_request.map((word, n) => (n === 0 ? (word & ~heldBits) >>> 0 : 0));
          return present(rest, { stat, handle: node.handle, leaseTimeS: 0, space: noSpace });
        });
        const entry = { cookie, name, attrs };
        const bytes = 4 + encode(wire.entry4, entry).length;
        namesUsed += 16 + name.length;
        if (used + bytes > room || (dircount > 0 && namesUsed > dircount && entries.length > 0))
          return { entries, eof: false };
        used += bytes;
        entries.push(entry);
      }
      return { entries, eof: true };
    });
  }

  async create({ objtype, objname, createattrs }: wire.CREATE4args, state: Compound): Promise<Result> {
    const values = settableOnCreate(createattrs);
    const name = checkName(objname);
    const directory = currentOf(state);
    const { caller } = state;
    const mode = values.mode ?? 0o755;
    const file = this.tree.entryNameOf(directory, name);
    const cinfo = await this.changing(directory, caller, async (path) => {
      if (objtype.type !== wire.NF4DIR && objtype.type !== wire.NF4LNK)
        throw new Failure(wire.NFS4ERR_BADTYPE);
      if ((await this.tree.entry(directory, name, path(name)).catch(ifAbsent)) !== undefined)
        throw new Failure(wire.NFS4ERR_EXIST);
      await this.reported({ op: 'CHANGE_CREATE', file }, state, async (made) => {
        if (objtype.type === wire.NF4LNK) await symlink(objtype.linkdata, path(name));
        else await mkdir(path(name), mode);
        made();
        await giveTo(caller, path(name));
        const { node, stat } = await this.tree.entry(directory, name, path(name));
        if (objtype.type === wire.NF4DIR) await this.set(node, stat, { mode });
        state.current = node;
      });
    });
    const resok4 = {
      cinfo,
      attrset: hasBit(createattrs.attrmask, wire.FATTR4_MODE) ? bitmapOf([wire.FATTR4_MODE]) : [],
    };
    return { resop: wire.OP_CREATE, opcreate: { status: wire.NFS4_OK, resok4 } };
  }

  async remove({ target }: wire.REMOVE4args, state: Compound): Promise<Result> {
    const name = checkName(target);
    const directory = currentOf(state);
    const found = await this.entryOf(directory, name, state);
    const until = await this.announce('CHANGE_REMOVE', found.node, found.stat, state);
    const cinfo = await this.changing(directory, state.caller, async (path, stat) => {
      sticky(stat, found.stat, state.caller);
      const file = this.tree.entryNameOf(directory, name);
      const change = { op: 'CHANGE_REMOVE', file } as const;
      const work = async (made: () => void): Promise<void> => {
        await (found.stat.isDirectory() ? rmdir(path(name)) : unlink(path(name)));
        made();
      };
      await this.reported(change, state, work, until);
    });
    return { resop: wire.OP_REMOVE, opremove: { status: wire.NFS4_OK, resok4: { cinfo } } };
  }

  async rename({ oldname, newname }: wire.RENAME4args, state: Compound): Promise<Result> {
    const [from, to] = [checkName(oldname), checkName(newname)];
    const { saved, caller } = state;
    const current = currentOf(state);
    if (saved === undefined) throw new Failure(wire.NFS4ERR_NOFILEHANDLE);
    const moved = await this.entryOf(saved, from, state);
    const replaced = await this.entryOf(current, to, state).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    });
    let until = await this.announce('CHANGE_SETATTR', moved.node, moved.stat, state);
    if (replaced !== undefined)
      until = Math.min(until, await this.announce('CHANGE_REMOVE', replaced.node, replaced.stat, state));
    let target_cinfo: wire.change_info4 | undefined;
    const source_cinfo = await this.changing(saved, caller, async (oldPath, oldStat) => {
      sticky(oldStat, moved.stat, caller);
      target_cinfo = await this.changing(current, caller, async (newPath, newStat) => {
        if (replaced !== undefined) sticky(newStat, replaced.stat, caller);
        const file = this.tree.entryNameOf(saved, from);
        const change = { op: 'CHANGE_RENAME', file, to: this.tree.entryNameOf(current, to) } as const;
        const work = async (made: () => void): Promise<void> => {
          await rename(oldPath(from), newPath(to));
          made();
          await this.tree.entry(current, to, newPath(to));
        };
        await this.reported(change, state, work, until);
      });
    });
    const resok4 = { source_cinfo, target_cinfo: target_cinfo ?? source_cinfo };
    return { resop: wire.OP_RENAME, oprename: { status: wire.NFS4_OK, resok4 } };
  }

  async link({ newname }: wire.LINK4args, state: Compound): Promise<Result> {
    const name = checkName(newname);
    const { saved, caller } = state;
    if (saved?.at === undefined) throw new Failure(saved ? wire.NFS4ERR_ISDIR : wire.NFS4ERR_NOFILEHANDLE);
    const stat = await this.tree.stat(saved);
    if (stat.isDirectory()) throw new Failure(wire.NFS4ERR_ISDIR);
    const { parent, name: oldName } = saved.at;
    const current = currentOf(state);
    const to = this.tree.entryNameOf(current, name);
    const cinfo = await this.changing(current, caller, (newPath) =>
      this.tree.within(parent, async (oldPath) => {
        const { node } = await this.tree.entry(parent, oldName, oldPath(oldName));
        if (node !== saved) throw new Failure(wire.NFS4ERR_STALE);
        await this.reported({ op: 'CHANGE_LINK', file: this.tree.nameOf(saved), to }, state, async (made) => {
          await link(oldPath(oldName), newPath(name));
          made();
        });
      }),
    );
    return { resop: wire.OP_LINK, oplink: { status: wire.NFS4_OK, resok4: { cinfo } } };
  }

  /** Changes the entries of a directory. */
  private changing(
    directory: Node,
    caller: Caller,
    work: (path: (name: Buffer) => Buffer, stat: BigIntStats) => Promise<void>,
  ): Promise<wire.change_info4> {
    return this.tree.within(directory, async (path, stat) => {
      allow(stat, caller, 'w');
      allow(stat, caller, 'x');
      await work(path, stat);
      const after = changeOf(await this.tree.stat(directory));
      return { atomic: false, before: changeOf(stat), after };
    });
  }

  // --- opens

  async open(args: wire.OPEN4args, state: Compound): Promise<Result> {
    const { share_access, share_deny, owner, openhow, claim } = args;
    const { client } = state;
    const share = share_access & 0x3;
    if (share === 0 || share_deny > 3) throw new Failure(wire.NFS4ERR_INVAL);
    const named = await this.named(args, state);
    const { node, created, cinfo } = named;
    const attrset = [...named.attrset];
    const stat = await this.tree.stat(node);
    if (stat.isDirectory()) throw new Failure(wire.NFS4ERR_ISDIR);
    if (stat.isSymbolicLink()) throw new Failure(wire.NFS4ERR_SYMLINK);
    if (!stat.isFile()) throw new Failure(wire.NFS4ERR_WRONG_TYPE);
    if (!created) {
      if ((share & 1) !== 0 && !mayAccess(stat, state.caller, 'r')) allow(stat, state.caller, 'x');
      if ((share & 2) !== 0) allow(stat, state.caller, 'w');
    }
    const file = this.tree.nameOf(node);
    const truncates = !created && openhow.opentype === wire.OPEN4_CREATE ? sizeIn(openhow.how) : undefined;
    if (truncates !== undefined) allow(stat, state.caller, 'w');
    const reply = must(
      await client.call('Open', {
        ...{ openOwner: inBase64(owner.owner), export: this.exportName, file },
        ...{ access: accessName(share), deny: denyName(share_deny) },
        want: wantOf(share_access, claim, client.hasWayBack),
        claim: claim.claim === wire.CLAIM_PREVIOUS ? 'CLAIM_PREVIOUS' : 'CLAIM_NULL',
        openXorDelegation: (share_access & wire.OPEN4_SHARE_ACCESS_WANT_OPEN_XOR_DELEGATION) !== 0,
        times: (share_access & wire.OPEN4_SHARE_ACCESS_WANT_DELEG_TIMESTAMPS) !== 0,
        requestId: state.requestId,
      }),
    );
    const given = reply.delegation?.stateid;
    if (reply.stateid !== undefined) {
      const both = reply.access === 'OPEN4_SHARE_ACCESS_BOTH';
      client.know(reply.stateid.other, {
        ...{ kind: 'open', file },
        reads: both || reply.access === 'OPEN4_SHARE_ACCESS_READ',
        writes: both || reply.access === 'OPEN4_SHARE_ACCESS_WRITE',
      });
    } else if (given === undefined) throw new Failure(wire.NFS4ERR_SERVERFAULT);
    const delegation = this.delegation(reply.delegation, file, stat, share_access, client);
    if (truncates !== undefined) {
      if (truncates !== 0n) throw new Failure(wire.NFS4ERR_INVAL);
      await this.tree.using(node, true, (opened) => opened.truncate(0));
      attrset.push(...bitmapOf([wire.FATTR4_SIZE]));
    }
    state.current = node;
    // With a delegation instead of an open, there is none to name; what follows in the request goes on with the delegation.
    const stateid = reply.stateid === undefined ? { seqid: 0, other: noOther } : wireStateid(reply.stateid);
    state.stateid = reply.stateid === undefined && given !== undefined ? wireStateid(given) : stateid;
    const rflags =
      locksArePosix |
      (client.hasWayBack ? mayNotifyLock : 0) |
      (reply.stateid === undefined ? wire.OPEN4_RESULT_NO_OPEN_STATEID : 0);
    const resok4: wire.OPEN4resok = { stateid, cinfo, rflags, attrset, delegation };
    return { resop: wire.OP_OPEN, opopen: { status: wire.NFS4_OK, resok4 } };
  }

  /** The file of an OPEN, which may have to be created. */
  private async named(
    { openhow, claim }: wire.OPEN4args,
    state: Compound,
  ): Promise<{ node: Node; created: boolean; attrset: wire.bitmap4; cinfo: wire.change_info4 }> {
    const current = currentOf(state);
    const unchanged = { created: false, attrset: [], cinfo: { atomic: false, before: 0n, after: 0n } };
    const creates = openhow.opentype === wire.OPEN4_CREATE;
    switch (claim.claim) {
      case wire.CLAIM_NULL: {
        const name = checkName(claim.file);
        if (creates) return this.createFile(current, name, openhow.how, state);
        return { node: (await this.entryOf(current, name, state)).node, ...unchanged };
      }
      case wire.CLAIM_DELEGATE_CUR: {
        const { node } = await this.entryOf(current, checkName(claim.delegate_cur_info.file), state);
        return { node, ...unchanged };
      }
      case wire.CLAIM_PREVIOUS:
      case wire.CLAIM_FH:
      case wire.CLAIM_DELEG_CUR_FH:
        if (creates) throw new Failure(wire.NFS4ERR_INVAL);
        return { node: current, ...unchanged };
      default:
        throw new Failure(wire.NFS4ERR_NOTSUPP);
    }
  }

  private async createFile(
    directory: Node,
    name: Buffer,
    how: wire.createhow4,
    state: Compound,
  ): Promise<{ node: Node; created: boolean; attrset: wire.bitmap4; cinfo: wire.change_info4 }> {
    const { caller } = state;
    const exclusive = how.mode === wire.EXCLUSIVE4 || how.mode === wire.EXCLUSIVE4_1;
    const verifier =
      how.mode === wire.EXCLUSIVE4
        ? how.createverf
        : how.mode === wire.EXCLUSIVE4_1
          ? how.ch_createboth.cva_verf
          : undefined;
    const attributes =
      how.mode === wire.EXCLUSIVE4_1
        ? how.ch_createboth.cva_attrs
        : how.mode === wire.EXCLUSIVE4
          ? undefined
          : how.createattrs;
    const values = attributes === undefined ? {} : settableOnCreate(attributes);
    const { node, created, cinfo } = await this.tree.within(directory, async (path, stat) => {
      allow(stat, caller, 'x');
      const before = changeOf(stat);
      const mode = values.mode ?? (exclusive ? 0 : 0o644);
      const flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;
      const exists = await this.tree.entry(directory, name, path(name)).catch(ifAbsent);
      let created = false;
      if (exists === undefined) {
        allow(stat, caller, 'w');
        const change = { op: 'CHANGE_CREATE', file: this.tree.entryNameOf(directory, name) } as const;
        created = await this.reported(change, state, async (made) => {
          const file = await open(path(name), flags, mode).catch((error: unknown) => {
            if (codeOf(error) === 'EEXIST') return undefined;
            throw error;
          });
          if (file === undefined) return;
          made();
          try {
            if (process.getuid?.() === 0) await file.chown(caller.uid, caller.gid);
            await apply(file, { ...values, mode });
            if (values.size !== undefined) await file.truncate(offsetOf(values.size));
            if (verifier !== undefined) await file.utimes(verifier.readUInt32BE(0), verifier.readUInt32BE(4));
          } finally {
            await file.close();
          }
        });
      }
      const found = await this.tree.entry(directory, name, path(name));
      if (!created) {
        if (how.mode === wire.GUARDED4) throw new Failure(wire.NFS4ERR_EXIST);
        if (verifier !== undefined && !carries(found.stat, verifier)) throw new Failure(wire.NFS4ERR_EXIST);
        // The answer to the request that created it was lost.
        if (verifier !== undefined) created = true;
      }
      const cinfo = { atomic: false, before, after: changeOf(await this.tree.stat(directory)) };
      return { node: found.node, created, cinfo };
    });
    const set = created ? [...(attributes?.attrmask ?? [])] : [];
    const times = verifier === undefined ? [] : [wire.FATTR4_TIME_ACCESS, wire.FATTR4_TIME_MODIFY];
    const attrset = bitmapOf([...numbersIn(set), ...times]);
    return { node, created, attrset, cinfo };
  }

  private delegation(
    granted: nfs.Delegation | undefined,
    file: string,
    stat: BigIntStats,
    shareAccess: number,
    client: Client,
  ): wire.open_delegation4 {
    const given = granted?.stateid;
    if (granted === undefined || given === undefined || granted.type === 'OPEN_DELEGATE_NONE') {
      const want = shareAccess & wantMask;
      if (want === 0) return { delegation_type: wire.OPEN_DELEGATE_NONE };
      const isWanted = want < wire.OPEN4_SHARE_ACCESS_WANT_NO_DELEG;
      // Without a way back to the client, none was asked for.
      const why =
        isWanted && !client.hasWayBack ? wire.WND4_RESOURCE : wire[granted?.why ?? 'WND4_NOT_WANTED'];
      const od_whynone: wire.open_none_delegation4 =
        why === wire.WND4_CONTENTION
          ? { ond_why: why, ond_server_will_push_deleg: false }
          : why === wire.WND4_RESOURCE
            ? { ond_why: why, ond_server_will_signal_avail: false }
            : { ond_why: why };
      return { delegation_type: wire.OPEN_DELEGATE_NONE_EXT, od_whynone };
    }
    const writes = granted.type === 'OPEN_DELEGATE_WRITE';
    client.know(given.other, {
      ...{ kind: 'delegation', file, reads: true, writes },
      ...{ changeAtGrant: changeOf(stat), keepsTimes: granted.times, timesAtGrant: timesOf(stat) },
    });
    const common = { stateid: wireStateid(given), recall: granted.recall, permissions: everybody };
    if (!writes) return { delegation_type: wire.OPEN_DELEGATE_READ, read: common };
    const space_limit: wire.nfs_space_limit4 = {
      limitby: wire.NFS_LIMIT_SIZE,
      filesize: 0xffff_ffff_ffff_ffffn,
    };
    const delegation_type = granted.times ? wire.OPEN_DELEGATE_WRITE_ATTRS_DELEG : wire.OPEN_DELEGATE_WRITE;
    return { delegation_type, write: { ...common, space_limit } };
  }

  async downgrade(args: wire.OPEN_DOWNGRADE4args, state: Compound): Promise<Result> {
    const { open_stateid, share_access, share_deny } = args;
    const share = share_access & 0x3;
    if (share === 0 || share_deny > 3) throw new Failure(wire.NFS4ERR_INVAL);
    const stateid = shownOr(open_stateid, state);
    const { client, requestId } = state;
    const access = accessName(share);
    const reply = must(
      await client.call('OpenDowngrade', {
        stateid: nameStateid(stateid),
        access,
        deny: denyName(share_deny),
        requestId,
      }),
    );
    const known = client.known(inBase64(stateid.other));
    if (known !== undefined) Object.assign(known, { reads: (share & 1) !== 0, writes: (share & 2) !== 0 });
    const resok4 = { open_stateid: reply.stateid === undefined ? stateid : wireStateid(reply.stateid) };
    state.stateid = resok4.open_stateid;
    return { resop: wire.OP_OPEN_DOWNGRADE, opopen_downgrade: { status: wire.NFS4_OK, resok4 } };
  }

  async close({ open_stateid }: wire.CLOSE4args, state: Compound): Promise<Result> {
    const stateid = shownOr(open_stateid, state);
    const { client, requestId } = state;
    await client.giveUpLocks(inBase64(stateid.other));
    const reply = must(await client.call('Close', { stateid: nameStateid(stateid), requestId }));
    client.forget(inBase64(stateid.other));
    const closed = reply.stateid === undefined ? stateid : wireStateid(reply.stateid);
    return { resop: wire.OP_CLOSE, opclose: { status: wire.NFS4_OK, open_stateid: closed } };
  }

  // --- locks

  async lock(
    { locktype, reclaim, offset, length, locker }: wire.LOCK4args,
    state: Compound,
  ): Promise<Result> {
    const { client, requestId } = state;
    const current = currentOf(state);
    const file = this.tree.nameOf(current);
    let owner: string;
    let shown: { stateid?: nfs.StateId; openStateid?: nfs.StateId };
    if (locker.new_lock_owner === wire.TRUE) {
      owner = inBase64(locker.open_owner.lock_owner.owner);
      shown = { openStateid: nameStateid(shownOr(locker.open_owner.open_stateid, state)) };
    } else {
      const stateid = nameStateid(shownOr(locker.lock_owner.lock_stateid, state));
      owner = await this.lockOwner(stateid, state);
      shown = { stateid };
    }
    const type = (client.hasWayBack ? lockNames : lockNamesAtOnce)[locktype];
    const asked = { lockOwner: owner, export: this.exportName, file, type, reclaim, ...shown };
    const reply = await client.lock({ ...asked, offset: String(offset), length: String(length) }, requestId);
    if (reply.status === 'NFS4ERR_DENIED')
      return { resop: wire.OP_LOCK, oplock: { status: wire.NFS4ERR_DENIED, denied: deniedOf(reply.denied) } };
    must(reply);
    if (reply.stateid === undefined) throw new Failure(wire.NFS4ERR_SERVERFAULT);
    const stateid = wireStateid(reply.stateid);
    const writes = locktype === wire.WRITE_LT || locktype === wire.WRITEW_LT;
    const before = client.known(reply.stateid.other);
    client.know(reply.stateid.other, {
      ...{ kind: 'lock', file, owner },
      ...{ reads: true, writes: writes || before?.writes === true },
    });
    state.stateid = stateid;
    return { resop: wire.OP_LOCK, oplock: { status: wire.NFS4_OK, resok4: { lock_stateid: stateid } } };
  }

  async lockt({ locktype, offset, length, owner }: wire.LOCKT4args, state: Compound): Promise<Result> {
    const reply = await state.client.call('LockT', {
      ...{
        lockOwner: inBase64(owner.owner),
        export: this.exportName,
        file: this.tree.nameOf(currentOf(state)),
      },
      ...{ type: lockNamesAtOnce[locktype], offset: String(offset), length: String(length) },
    });
    if (reply.status === 'NFS4ERR_DENIED')
      return {
        resop: wire.OP_LOCKT,
        oplockt: { status: wire.NFS4ERR_DENIED, denied: deniedOf(reply.denied) },
      };
    must(reply);
    return { resop: wire.OP_LOCKT, oplockt: { status: wire.NFS4_OK } };
  }

  async locku({ lock_stateid, offset, length }: wire.LOCKU4args, state: Compound): Promise<Result> {
    const stateid = nameStateid(shownOr(lock_stateid, state));
    const reply = must(
      await state.client.call('LockU', {
        ...{ lockOwner: await this.lockOwner(stateid, state), stateid, requestId: state.requestId },
        ...{ export: this.exportName, file: this.tree.nameOf(currentOf(state)) },
        ...{ offset: String(offset), length: String(length) },
      }),
    );
    const after = reply.stateid === undefined ? wireStateid(stateid) : wireStateid(reply.stateid);
    return { resop: wire.OP_LOCKU, oplocku: { status: wire.NFS4_OK, lock_stateid: after } };
  }

  /** A client names its lock owner only once; another head may have heard it. */
  private async lockOwner(stateid: nfs.StateId, state: Compound): Promise<string> {
    const known = await this.knownBy(stateid, state);
    if (known.owner === undefined) throw new Failure(wire.NFS4ERR_BAD_STATEID);
    return known.owner;
  }

  // --- delegations and stateids

  /** GET_DIR_DELEGATION. A client that asks for some notices, and not for all of names, gets a delegation without any. */
  async delegateDirectory(args: wire.GET_DIR_DELEGATION4args, state: Compound): Promise<Result> {
    const { client } = state;
    const current = currentOf(state);
    const stat = await this.tree.stat(current);
    if (!stat.isDirectory()) throw new Failure(wire.NFS4ERR_NOTDIR);
    allow(stat, state.caller, 'r');
    const file = this.tree.nameOf(current);
    const wanted = askedIn(args);
    const answer = (gddr_res_non_fatal4: wire.GET_DIR_DELEGATION4res_non_fatal): Result => ({
      resop: wire.OP_GET_DIR_DELEGATION,
      opget_dir_delegation: { gddr_status: wire.NFS4_OK, gddr_res_non_fatal4 },
    });
    const none = answer({ gddrnf_status: wire.GDD4_UNAVAIL, gddrnf_will_signal_deleg_avail: false });
    if (!client.hasWayBack) return none;
    const { delegation } = must(
      await client.call('WantDelegation', {
        ...{ export: this.exportName, file, want: 'WANT_READ_DELEG', directory: true },
        notify: wanted !== undefined,
      }),
    );
    // The lease service delegates no directories of this export: the client need not ask again.
    if (delegation?.why === 'WND4_IS_DIR') throw new Failure(wire.NFS4ERR_NOTSUPP);
    if (delegation?.stateid === undefined) return none;
    const asked = delegation.notify ? wanted : undefined;
    client.know(delegation.stateid.other, { kind: 'delegation', file, reads: true, writes: false, asked });
    return answer({
      gddrnf_status: wire.GDD4_OK,
      gddrnf_resok4: {
        ...{ gddr_cookieverf: Buffer.alloc(8), gddr_stateid: wireStateid(delegation.stateid) },
        gddr_notification: asked?.types ?? [],
        gddr_child_attributes: asked?.ofEntries ?? [],
        gddr_dir_attributes: asked?.ofDirectory ?? [],
      },
    });
  }

  async delegreturn({ deleg_stateid }: wire.DELEGRETURN4args, state: Compound): Promise<Result> {
    const { client, requestId } = state;
    must(await client.call('DelegReturn', { stateid: nameStateid(deleg_stateid), requestId }));
    client.forget(inBase64(deleg_stateid.other));
    return { resop: wire.OP_DELEGRETURN, opdelegreturn: { status: wire.NFS4_OK } };
  }

  async test({ ts_stateids }: wire.TEST_STATEID4args, { client }: Compound): Promise<Result> {
    const reply = must(await client.call('TestStateid', { stateids: ts_stateids.map(nameStateid) }));
    const tsr_resok4 = { tsr_status_codes: reply.results.map(statusOf) };
    return { resop: wire.OP_TEST_STATEID, optest_stateid: { tsr_status: wire.NFS4_OK, tsr_resok4 } };
  }

  async free({ fsa_stateid }: wire.FREE_STATEID4args, { client, requestId }: Compound): Promise<Result> {
    must(await client.call('FreeStateid', { stateid: nameStateid(fsa_stateid), requestId }));
    client.forget(inBase64(fsa_stateid.other));
    return { resop: wire.OP_FREE_STATEID, opfree_stateid: { fsr_status: wire.NFS4_OK } };
  }

  async reclaimed({ rca_one_fs }: wire.RECLAIM_COMPLETE4args, { client }: Compound): Promise<Result> {
    must(
      await client.call('Reclaim', { complete: true, ...(rca_one_fs ? { export: this.exportName } : {}) }),
    );
    return { resop: wire.OP_RECLAIM_COMPLETE, opreclaim_complete: { rcr_status: wire.NFS4_OK } };
  }

  // --- data

  async read({ stateid, offset, count }: wire.READ4args, state: Compound): Promise<Result> {
    const current = currentOf(state);
    const stat = await this.tree.stat(current);
    if (stat.isDirectory()) throw new Failure(wire.NFS4ERR_ISDIR);
    await this.checkIo(current, stat, stateid, 'r', state);
    const length = Math.min(count, ioBytesMax, state.session.fore.ca_maxresponsesize - 1024);
    const at = offset > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(offset);
    const data = Buffer.allocUnsafe(Math.max(length, 0));
    const resok4 = await this.tree.using(current, false, async (file) => {
      let done = 0;
      while (done < data.length) {
        const { bytesRead } = await file.read(data, done, data.length - done, at + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      const { size } = await file.stat();
      return { eof: at + done >= size, data: data.subarray(0, done) };
    });
    return { resop: wire.OP_READ, opread: { status: wire.NFS4_OK, resok4 } };
  }

  async write({ stateid, offset, stable, data }: wire.WRITE4args, state: Compound): Promise<Result> {
    const current = currentOf(state);
    const stat = await this.tree.stat(current);
    if (stat.isDirectory()) throw new Failure(wire.NFS4ERR_ISDIR);
    await this.checkIo(current, stat, stateid, 'w', state);
    const at = offsetOf(offset + BigInt(data.length)) - data.length;
    await this.tree.using(current, true, async (file) => {
      let done = 0;
      while (done < data.length)
        done += (await file.write(data, done, data.length - done, at + done)).bytesWritten;
      if (stable === wire.DATA_SYNC4) await file.datasync();
      if (stable === wire.FILE_SYNC4) await file.sync();
    });
    const resok4 = { count: data.length, committed: stable, writeverf: this.verifier };
    return { resop: wire.OP_WRITE, opwrite: { status: wire.NFS4_OK, resok4 } };
  }

  async commit(state: Compound): Promise<Result> {
    await this.tree.using(currentOf(state), true, (file) => file.sync());
    return {
      resop: wire.OP_COMMIT,
      opcommit: { status: wire.NFS4_OK, resok4: { writeverf: this.verifier } },
    };
  }

  /** Whether a stateid permits reading or writing. */
  private async checkIo(
    node: Node,
    stat: BigIntStats,
    shown: wire.stateid4,
    wanted: 'r' | 'w',
    state: Compound,
  ): Promise<void> {
    const stateid = shownOr(shown, state);
    if (isSpecial(stateid)) {
      allow(stat, state.caller, wanted);
      await this.passBy(node, state, wanted);
      return;
    }
    const known = await this.knownBy(nameStateid(stateid), state);
    if (known.file !== this.tree.nameOf(node)) throw new Failure(wire.NFS4ERR_BAD_STATEID);
    // A client reads what it has opened for writing, to change a part of a page.
    if (wanted === 'w' && !known.writes) throw new Failure(wire.NFS4ERR_OPENMODE);
  }

  /** What a stateid of this client is; the lease service knows those that it got at another head. */
  private async knownBy(stateid: nfs.StateId, { client }: Compound): Promise<Known> {
    const here = client.known(stateid.other);
    if (here !== undefined) return here;
    const { results, held } = must(
      await client.call('TestStateid', { stateids: [{ ...stateid, seqid: 0 }] }),
    );
    const [status] = results;
    const [found] = held;
    if (status !== undefined && status !== 'NFS4_OK') throw new Failure(statusOf(status));
    if (found === undefined || found.kind === 'STATE_NONE' || found.export !== this.exportName)
      throw new Failure(wire.NFS4ERR_BAD_STATEID);
    const { kind, file, access, lockOwner, times } = found;
    const known: Known = {
      keepsTimes: times,
      ...{ kind: kinds[kind], file, owner: lockOwner === '' ? undefined : lockOwner },
      reads: access !== 'OPEN4_SHARE_ACCESS_WRITE',
      writes: access === 'OPEN4_SHARE_ACCESS_WRITE' || access === 'OPEN4_SHARE_ACCESS_BOTH',
    };
    client.know(stateid.other, known);
    return known;
  }

  /**
   * A change of a file, or of one of its names: others return their delegations first. The lease service knows files by
   * what they are, and not by their names, so to it a new name is a change like any other. Returns when the change is to
   * have begun.
   */
  private async announce(
    op: 'CHANGE_SETATTR' | 'CHANGE_REMOVE',
    node: Node,
    stat: BigIntStats,
    { client, requestId }: Compound,
  ): Promise<number> {
    if (!stat.isFile() && !stat.isDirectory()) return Infinity;
    const until = performance.now() + beginMs;
    const where = { export: this.exportName, file: this.tree.nameOf(node) };
    must(await client.call('Change', { ...where, op, quietMs, requestId: `${requestId}.of-${op}` }));
    return until;
  }

  /**
   * A change of a directory: whoever has a delegation of it is told once it was made, or returns it first. `made` is
   * called as soon as the file system has made it, whatever fails afterwards. Returns whether it was. `until`: when the
   * change is to have begun, for what has been announced before.
   */
  private async reported(
    change: { op: nfs.ChangeOp; file: string; to?: string },
    { client, requestId }: Compound,
    work: (made: () => void) => Promise<void>,
    until = Infinity,
  ): Promise<boolean> {
    const least = Math.min(until, performance.now() + beginMs);
    const asked = { ...change, export: this.exportName, requestId: `${requestId}.${change.op}` };
    const { changeIds } = must(await client.call('Change', { ...asked, quietMs, reportMs }));
    let made = false;
    try {
      inTime(least);
      await work(() => {
        made = true;
      });
      return made;
    } finally {
      // If nobody hears of this, the delegations are recalled.
      if (changeIds.length > 0) await client.call('ReportChange', { changeIds, made }).catch(() => undefined);
    }
  }

  /** Reading and writing without an open: one for a moment, so that others return their delegations first. */
  private async passBy(node: Node, { client, requestId }: Compound, wanted: 'r' | 'w'): Promise<void> {
    const reply = await client.call('Open', {
      ...{ openOwner: inBase64(Buffer.from(`head ${requestId}`)), export: this.exportName },
      ...{ file: this.tree.nameOf(node), requestId },
      access: wanted === 'r' ? 'OPEN4_SHARE_ACCESS_READ' : 'OPEN4_SHARE_ACCESS_WRITE',
    });
    if (reply.status === 'NFS4ERR_SHARE_DENIED') throw new Failure(wire.NFS4ERR_LOCKED);
    const { stateid } = must(reply);
    if (stateid !== undefined) await client.call('Close', { stateid });
  }
}

const kinds = { STATE_OPEN: 'open', STATE_LOCK: 'lock', STATE_DELEGATION: 'delegation' } as const;
const noSpace = { available: 0n, free: 0n, total: 0n };
const spaceAttributes = [wire.FATTR4_SPACE_AVAIL, wire.FATTR4_SPACE_FREE, wire.FATTR4_SPACE_TOTAL];
/** Change and size, in the first word. */
const heldBits = (1 << wire.FATTR4_CHANGE) | (1 << wire.FATTR4_SIZE);

/** @throws Failure DELAY if a change is allowed too late: what was quiet for it may not be any more */
function inTime(until: number): void {
  if (performance.now() > until) throw new Failure(wire.NFS4ERR_DELAY);
}

function currentOf({ current }: Compound): Node {
  if (current === undefined) throw new Failure(wire.NFS4ERR_NOFILEHANDLE);
  return current;
}

/** The stateid itself, if the current one is shown. */
function shownOr(shown: wire.stateid4, { stateid }: Compound): wire.stateid4 {
  if (shown.seqid !== 1 || !shown.other.equals(noOther)) return shown;
  if (stateid === undefined) throw new Failure(wire.NFS4ERR_BAD_STATEID);
  return stateid;
}

function allow(stat: BigIntStats, caller: Caller, wanted: 'r' | 'w' | 'x'): void {
  if (!mayAccess(stat, caller, wanted)) throw new Failure(wire.NFS4ERR_ACCESS);
}

/** In a directory like /tmp, only owners remove or rename what is theirs. */
function sticky(directory: BigIntStats, entry: BigIntStats, { uid }: Caller): void {
  if ((directory.mode & 0o1000n) === 0n || uid === 0) return;
  if (BigInt(uid) !== directory.uid && BigInt(uid) !== entry.uid) throw new Failure(wire.NFS4ERR_PERM);
}

async function giveTo({ uid, gid }: Caller, path: Buffer): Promise<void> {
  if (process.getuid?.() === 0) await lchown(path, uid, gid);
}

function offsetOf(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Failure(wire.NFS4ERR_FBIG);
  return Number(value);
}

function ifAbsent(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
  return undefined;
}

/** Whether a file has the verifier of its exclusive create. */
const carries = (stat: BigIntStats, verifier: Buffer): boolean =>
  stat.atimeNs / 1_000_000_000n === BigInt(verifier.readUInt32BE(0)) &&
  stat.mtimeNs / 1_000_000_000n === BigInt(verifier.readUInt32BE(4));

/** @throws Failure INVAL for what only the holder of a delegation sets */
function settableOnCreate(attributes: wire.fattr4): Settable {
  const values = readAttributes(attributes);
  if (values.kept !== undefined) throw new Failure(wire.NFS4ERR_INVAL);
  return values;
}

function sizeIn(how: wire.createhow4): bigint | undefined {
  return how.mode === wire.UNCHECKED4 ? readAttributes(how.createattrs).size : undefined;
}

function numbersIn(mask: wire.bitmap4): number[] {
  return Array.from({ length: mask.length * 32 }, (_, n) => n).filter((n) => hasBit(mask, n));
}

/** Which delegation to ask for: the one that the client wants, or that goes with its access. */
function wantOf(shareAccess: number, claim: wire.open_claim4, hasWayBack: boolean): nfs.Want {
  if (claim.claim === wire.CLAIM_PREVIOUS) {
    switch (claim.delegate_type) {
      case wire.OPEN_DELEGATE_READ:
      case wire.OPEN_DELEGATE_READ_ATTRS_DELEG:
        return 'WANT_READ_DELEG';
      case wire.OPEN_DELEGATE_WRITE:
      case wire.OPEN_DELEGATE_WRITE_ATTRS_DELEG:
        return 'WANT_WRITE_DELEG';
      default:
        return 'WANT_NO_PREFERENCE';
    }
  }
  if (claim.claim !== wire.CLAIM_NULL && claim.claim !== wire.CLAIM_FH) return 'WANT_NO_PREFERENCE';
  const want = shareAccess & wantMask;
  if (want === wire.OPEN4_SHARE_ACCESS_WANT_CANCEL) return 'WANT_CANCEL';
  if (!hasWayBack || want >= wire.OPEN4_SHARE_ACCESS_WANT_NO_DELEG) return 'WANT_NO_DELEG';
  if (want === wire.OPEN4_SHARE_ACCESS_WANT_READ_DELEG) return 'WANT_READ_DELEG';
  if (want === wire.OPEN4_SHARE_ACCESS_WANT_WRITE_DELEG) return 'WANT_WRITE_DELEG';
  return (shareAccess & wire.OPEN4_SHARE_ACCESS_WRITE) === 0 ? 'WANT_READ_DELEG' : 'WANT_WRITE_DELEG';
}

/** LOCK4denied. The lock of somebody who is no NFS client has its owner's name. */
function deniedOf(denied: nfs.LockDenied | undefined): wire.LOCK4denied {
  const { offset = '0', length = '18446744073709551615', type = 'WRITE_LT', owner = '' } = denied ?? {};
  return {
    ...{ offset: BigInt(offset), length: BigInt(length), locktype: wire[type] },
    owner: { clientid: 0n, owner: Buffer.from(owner, 'base64').subarray(0, 1024) },
  };
}
