import { setTimeout as pause } from 'node:timers/promises';
import { bytesOfName, textOfName } from '#contracts';
import { common, wire, XdrError } from '#nfs4';
import { ancestryMax, directoryId, type Refusal } from '../driver';
import { maskOf, readAttributes, type Attributes } from './attributes';
import { isChanging, resultOf, SessionLost, type CompoundResult, type Nfs4Client } from './client';
import { isStateGone, Nfs4Error, refusalOfStatus } from './errors';

export type DelegationKind = 'read' | 'write';
export interface Delegation {
  readonly kind: DelegationKind;
  readonly stateid: wire.stateid4;
}
export interface Opened {
  /** The stateid of the open. */
  readonly stateid: wire.stateid4;
  readonly delegation: Delegation | undefined;
  /** The delegation has already been recalled. */
  readonly recalled: boolean;
  /** Without a delegation: the server's name for the reason. */
  readonly why: string;
  /** Read after the open, and therefore under the delegation. */
  readonly attributes: Attributes;
  /**
   * The answer to the same request was lost before. The server may count a delegation as ours that we do not know, and
   * then gives no other.
   */
  readonly doubtful: boolean;
}

/**
 * Retries after DELAY, GRACE, and the loss of a session. By default all of them together take much less time than a lease
 * API waits for an answer.
 */
const retryMs = { first: 25, most: 400 };
export const retriesMsDefault = 3_000;
const symlinksMax = 40;
const identifying = maskOf('fileid', 'timeCreate');
const watched = maskOf('type', 'change', 'size', 'fsid', 'fileid', 'timeMetadata', 'changeAttrType');

const accessOf = (kind: DelegationKind): number =>
  kind === 'write' ? wire.OPEN4_SHARE_ACCESS_BOTH : wire.OPEN4_SHARE_ACCESS_READ;
const delegationOf: Record<DelegationKind, wire.open_delegation_type4> = {
  read: wire.OPEN_DELEGATE_READ,
  write: wire.OPEN_DELEGATE_WRITE,
};
const wants: Record<DelegationKind, number> = {
  read: wire.OPEN4_SHARE_ACCESS_WANT_READ_DELEG,
  write: wire.OPEN4_SHARE_ACCESS_WANT_WRITE_DELEG,
};
/** For a server that refuses a delegation without saying why. */
export const noReason = 'no reason given';

const putFh = (object: Buffer): wire.nfs_argop4 => ({ argop: wire.OP_PUTFH, opputfh: { object } });

const lookUp = (name: string): wire.nfs_argop4 => ({
  argop: wire.OP_LOOKUP,
  oplookup: { objname: bytesOfName(name) },
});

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');

const astray = (where: string): Refusal => ({
  reason: 'no_such_file',
  detail: `The name leads ${where}.`,
});

const notDirectory = new Nfs4Error('LOOKUP', wire.NFS4ERR_NOTDIR);

/**
 * Every file has its own open owner. So its open is separate from that of any other file, even if a name has led to the
 * wrong file.
 */
const ownerOf = (fh: Buffer): wire.open_owner4 => ({
  clientid: 0n,
  owner: Buffer.concat([Buffer.from('leasehold '), fh]),
});

/** The lookup met a link, or something that is no directory. Following the whole path explains that better. */
const isAboutTheWay = (status: wire.nfsstat4): boolean =>
  status === wire.NFS4ERR_SYMLINK || status === wire.NFS4ERR_NOTDIR || status === wire.NFS4ERR_WRONG_TYPE;

/** The attributes, or none if they could not be read: the rest of the request was done and must not be ignored. */
function attributesIn(result: CompoundResult): Attributes {
  const got = resultOf(result, wire.OP_GETATTR)?.opgetattr;
  if (got?.status !== wire.NFS4_OK) return {};
  try {
    return readAttributes(got.resok4.obj_attributes);
  } catch (error) {
    if (error instanceof XdrError) return {};
    throw error;
  }
}

/** The first operation that failed, by its name in the standard. */
function failureOf(ops: wire.nfs_argop4[], { status, results }: CompoundResult): Nfs4Error {
  const failed = results.at(-1)?.resop ?? ops[0]?.argop ?? wire.OP_ILLEGAL;
  return new Nfs4Error(wire.nfs_opnum4.nameOf(failed).replace(/^OP_/, ''), status);
}

interface Answer extends CompoundResult {
  /** An earlier answer to the same request was lost. */
  readonly repeated: boolean;
}

/** The file operations that delegations need, usually one request each. */
export class Nfs4Files {
  constructor(
    private readonly client: Nfs4Client,
    /** The path of the export's directory at the server. */
    private readonly root: string,
    private readonly retriesMs = retriesMsDefault,
  ) {}

  /** The names that lead to the export's directory. */
  get rootParts(): string[] {
    return partsOf(this.root);
  }

  private get getAttributes(): wire.nfs_argop4 {
    return this.getSome(watched);
  }

  private getSome(attributes: wire.bitmap4): wire.nfs_argop4 {
    const attr_request = common(attributes, this.client.supportedAttributes);
    return { argop: wire.OP_GETATTR, opgetattr: { attr_request } };
  }

  /** What identifies the export's directory and those above it, the nearest first; see `Place`. */
  async ancestry(): Promise<string[]> {
    const names = this.rootParts;
    const found: string[] = [];
    for (let depth = names.length; depth >= 0 && found.length < ancestryMax; depth--) {
      const way = names.slice(0, depth).map(lookUp);
      const result = await this.run([{ argop: wire.OP_PUTROOTFH }, ...way, this.getSome(identifying)]);
      const { fileid, timeCreate } = attributesIn(result);
      if (fileid === undefined || timeCreate === undefined) {
        if (depth === names.length) return [];
        continue;
      }
      const createdNs = timeCreate.seconds * 1_000_000_000n + BigInt(timeCreate.nseconds);
      found.push(directoryId(this.client.serverName, fileid, createdNs));
    }
    return found;
  }

  /**
   * Follows a name to a file, including symbolic links that stay within the export. Opens nothing.
   * @returns the file's handle and attributes, or a refusal
   */
  async resolve(path: string): Promise<{ fh: Buffer; attributes: Attributes } | Refusal> {
    let names = partsOf(path);
    let by = path;
    for (let steps = 0; steps <= symlinksMax; steps++) {
      // `..` can only be resolved when no name before it is a link.
      const up = names.indexOf('..');
      if (up === 0) return astray(`out of the export, by ${by}`);
      const way = up < 0 ? names : names.slice(0, up);
      const step = await this.lookup(way);
      // A link at the end is found. For a link in the middle, the lookup of the name after it fails.
      const whole = 'fh' in step;
      if (whole && step.attributes.type !== wire.NF4LNK) {
        if (up < 0) return step;
        if (step.attributes.type !== wire.NF4DIR) return refusalOfStatus(notDirectory);
        names = [...names.slice(0, up - 1), ...names.slice(up + 1)];
        continue;
      }
      if (!whole && step.error.status !== wire.NFS4ERR_SYMLINK) return refusalOfStatus(step.error);
      const at = whole ? way.length - 1 : step.found - 1;
      if (at < 0) return astray('through a link in the path of the export itself');
      const target = await this.readLink(names.slice(0, at + 1));
      if (typeof target !== 'string') return target;
      if (target.startsWith('/')) return astray(`out of the export, by ${target}`);
      names = [...names.slice(0, at), ...partsOf(target), ...names.slice(at + 1)];
      by = target;
    }
    return astray('in a loop');
  }

  /**
   * Opens a file by its handle and asks for a delegation. For files whose name cannot be trusted, because they are
   * already held or are being reclaimed.
   * @throws Nfs4Error
   */
  async open(fh: Buffer, kind: DelegationKind, claim: 'new' | 'previous'): Promise<Opened> {
    const previous = claim === 'previous';
    const how: wire.open_claim4 = previous
      ? { claim: wire.CLAIM_PREVIOUS, delegate_type: delegationOf[kind] }
      : { claim: wire.CLAIM_FH };
    const ops = [putFh(fh), this.opening(fh, kind, how), this.getAttributes];
    const result = await this.run(ops, previous);
    return this.openedIn(ops, result);
  }

  /**
   * Opens a file by its name and asks for a delegation in one request. So the server itself says to which file the name
   * leads at that instant.
   * @param expected the handle of the file that is meant
   * @returns undefined if one request is not enough, because the path contains a link or is too long
   * @throws Nfs4Error
   */
  async openByName(
    path: string,
    expected: Buffer,
    kind: DelegationKind,
  ): Promise<(Opened & { fh: Buffer }) | undefined> {
    const names = [...partsOf(this.root), ...partsOf(path)];
    const name = names.pop();
    if (name === undefined || names.length + 4 > this.client.operationsMax) return undefined;
    const how: wire.open_claim4 = { claim: wire.CLAIM_NULL, file: bytesOfName(name) };
    const ops: wire.nfs_argop4[] = [
      { argop: wire.OP_PUTROOTFH },
      ...names.map(lookUp),
      this.opening(expected, kind, how),
      { argop: wire.OP_GETFH },
      this.getAttributes,
    ];
    const result = await this.run(ops);
    if (isAboutTheWay(result.status)) return undefined;
    const opened = this.openedIn(ops, result);
    const handle = resultOf(result, wire.OP_GETFH)?.opgetfh;
    if (handle?.status !== wire.NFS4_OK) throw failureOf(ops, result);
    return { ...opened, fh: Buffer.from(handle.resok4.object) };
  }

  /**
   * Asks for a delegation of a file that is already open.
   * @returns undefined if the server does not support that; it is then not asked again
   * @throws Nfs4Error
   */
  async want(fh: Buffer, kind: DelegationKind): Promise<Omit<Opened, 'stateid'> | undefined> {
    if (!this.client.mayKnowWant) return undefined;
    const ops: wire.nfs_argop4[] = [
      putFh(fh),
      {
        argop: wire.OP_WANT_DELEGATION,
        opwant_delegation: { wda_want: wants[kind], wda_claim: { dc_claim: wire.CLAIM_FH } },
      },
      this.getAttributes,
    ];
    const result = await this.run(ops);
    const wanted = resultOf(result, wire.OP_WANT_DELEGATION)?.opwant_delegation;
    if (wanted?.wdr_status === wire.NFS4_OK)
      return {
        ...delegated(wanted.wdr_resok4),
        attributes: attributesIn(result),
        doubtful: result.repeated,
      };
    if (result.status !== wire.NFS4ERR_NOTSUPP && result.status !== wire.NFS4ERR_OP_ILLEGAL)
      throw failureOf(ops, result);
    this.client.mayKnowWant = false;
    return undefined;
  }

  private opening(
    fh: Buffer,
    kind: DelegationKind,
    claim: wire.open_claim4,
    want = claim.claim === wire.CLAIM_PREVIOUS ? 0 : wants[kind],
  ): wire.nfs_argop4 {
    const opopen: wire.OPEN4args = {
      seqid: 0,
      share_access: accessOf(kind) | want,
      share_deny: wire.OPEN4_SHARE_DENY_NONE,
      owner: ownerOf(fh),
      openhow: { opentype: wire.OPEN4_NOCREATE },
      claim,
    };
    return { argop: wire.OP_OPEN, opopen };
  }

  private openedIn(ops: wire.nfs_argop4[], result: Answer): Opened {
    const opened = resultOf(result, wire.OP_OPEN)?.opopen;
    if (opened?.status !== wire.NFS4_OK) throw failureOf(ops, result);
    const { stateid, delegation } = opened.resok4;
    return {
      stateid: keep(stateid),
      ...delegated(delegation),
      attributes: attributesIn(result),
      doubtful: result.repeated,
    };
  }

  /**
   * Returns a delegation. The attributes are read just before, so they are those under the delegation.
   * @throws Nfs4Error
   */
  async returnDelegation(fh: Buffer, deleg_stateid: wire.stateid4): Promise<Attributes> {
    const ops: wire.nfs_argop4[] = [
      putFh(fh),
      this.getAttributes,
      { argop: wire.OP_DELEGRETURN, opdelegreturn: { deleg_stateid } },
    ];
    const result = await this.run(ops);
    if (result.status !== wire.NFS4_OK) throw failureOf(ops, result);
    return attributesIn(result);
  }

  /**
   * Returns a delegation, or acknowledges its revocation. Until then the server keeps reporting a revocation.
   * @throws Nfs4Error
   */
  async endDelegation(fh: Buffer, stateid: wire.stateid4): Promise<void> {
    try {
      await this.returnDelegation(fh, stateid);
    } catch (error) {
      if (!(error instanceof Nfs4Error && isStateGone(error.status))) throw error;
      await this.free(stateid);
    }
  }

  /**
   * Opens a file by its handle and asks for no delegation.
   * @throws Nfs4Error
   */
  async openPlain(fh: Buffer, kind: DelegationKind): Promise<wire.stateid4> {
    const plain = this.opening(fh, kind, { claim: wire.CLAIM_FH }, wire.OPEN4_SHARE_ACCESS_WANT_NO_DELEG);
    const ops = [putFh(fh), plain];
    const opened = this.openedIn(ops, await this.run(ops));
    if (opened.delegation) await this.endDelegation(fh, opened.delegation.stateid); // granted without being wanted
    return opened.stateid;
  }

  /**
   * Downgrades an open for both to one for reading. That is only possible if the file was also opened for reading
   * (RFC 8881 §18.18.3).
   * @throws Nfs4Error
   */
  async openOnlyToRead(fh: Buffer, open: wire.stateid4, wasOpenedToRead: boolean): Promise<wire.stateid4> {
    let { other } = open;
    if (!wasOpenedToRead) ({ other } = await this.openPlain(fh, 'read'));
    // The present one, whatever its number: a repeat after a lost answer is then no mistake.
    const open_stateid = { seqid: 0, other };
    const share = { share_access: wire.OPEN4_SHARE_ACCESS_READ, share_deny: wire.OPEN4_SHARE_DENY_NONE };
    const ops: wire.nfs_argop4[] = [
      putFh(fh),
      { argop: wire.OP_OPEN_DOWNGRADE, opopen_downgrade: { open_stateid, seqid: 0, ...share } },
    ];
    const result = await this.run(ops);
    const done = resultOf(result, wire.OP_OPEN_DOWNGRADE)?.opopen_downgrade;
    if (done?.status !== wire.NFS4_OK) throw failureOf(ops, result);
    return keep(done.resok4.open_stateid);
  }

  /**
   * Closes. An open that is already gone counts as closed; a revoked one is acknowledged, like a delegation.
   * @throws Nfs4Error
   */
  async close(fh: Buffer, { other }: wire.stateid4): Promise<void> {
    const open_stateid = { seqid: 0, other }; // however often it has changed
    const ops: wire.nfs_argop4[] = [putFh(fh), { argop: wire.OP_CLOSE, opclose: { seqid: 0, open_stateid } }];
    const result = await this.run(ops);
    if (result.status === wire.NFS4_OK) return;
    if (!isStateGone(result.status)) throw failureOf(ops, result);
    await this.free(open_stateid);
  }

  /** The server's status of each of these stateids. */
  async test(ts_stateids: wire.stateid4[]): Promise<wire.nfsstat4[]> {
    const ops: wire.nfs_argop4[] = [{ argop: wire.OP_TEST_STATEID, optest_stateid: { ts_stateids } }];
    const result = await this.run(ops);
    const tested = resultOf(result, wire.OP_TEST_STATEID)?.optest_stateid;
    if (tested?.tsr_status !== wire.NFS4_OK) throw failureOf(ops, result);
    return tested.tsr_resok4.tsr_status_codes;
  }

  /** Acknowledges that a state was revoked. An unknown stateid is no error. */
  async free(fsa_stateid: wire.stateid4): Promise<void> {
    await this.run([{ argop: wire.OP_FREE_STATEID, opfree_stateid: { fsa_stateid } }]);
  }

  /** Follows names from the root, in as many requests as are needed; `found` is how many of the names exist. */
  private async lookup(
    names: string[],
  ): Promise<{ fh: Buffer; attributes: Attributes } | { error: Nfs4Error; found: number }> {
    const all = [...partsOf(this.root), ...names];
    let start: wire.nfs_argop4 = { argop: wire.OP_PUTROOTFH };
    const perRequest = Math.max(1, this.client.operationsMax - 3);
    for (let done = 0; ; done += perRequest) {
      const part = all.slice(done, done + perRequest);
      const ops: wire.nfs_argop4[] = [
        start,
        ...part.map(lookUp),
        { argop: wire.OP_GETFH },
        this.getAttributes,
      ];
      const result = await this.run(ops);
      const handle = resultOf(result, wire.OP_GETFH)?.opgetfh;
      if (handle?.status !== wire.NFS4_OK || result.status !== wire.NFS4_OK) {
        const succeeded = result.results.filter(({ resop }) => resop === wire.OP_LOOKUP).length - 1;
        const found = done + succeeded - partsOf(this.root).length;
        return { error: failureOf(ops, result), found };
      }
      const fh = Buffer.from(handle.resok4.object);
      if (done + perRequest >= all.length) {
        const attributes = attributesIn(result);
        if (attributes.type !== undefined) return { fh, attributes };
        return { error: new Nfs4Error('GETATTR', wire.NFS4ERR_BADXDR), found: names.length };
      }
      start = putFh(fh);
    }
  }

  private async readLink(names: string[]): Promise<string | Refusal> {
    const step = await this.lookup(names);
    if ('error' in step) return refusalOfStatus(step.error);
    const ops: wire.nfs_argop4[] = [putFh(step.fh), { argop: wire.OP_READLINK }];
    const result = await this.run(ops);
    const read = resultOf(result, wire.OP_READLINK)?.opreadlink;
    if (read?.status !== wire.NFS4_OK) return refusalOfStatus(failureOf(ops, result));
    return textOfName(read.resok4.link);
  }

  /**
   * Sends a request. Repeats it while the server says to retry later, unless a part of it has changed something; and if
   * its answer was lost together with the session. Then it may be done twice, which is harmless: an open of the same owner
   * is the same open, and what is returned or closed again is gone already.
   * @throws SessionLost: the outcome is unknown
   */
  private async run(ops: wire.nfs_argop4[], urgent = false): Promise<Answer> {
    const until = performance.now() + this.retriesMs;
    let repeated = false;
    for (let delayMs = retryMs.first; ; delayMs = Math.min(delayMs * 2, retryMs.most)) {
      try {
        const result = await this.client.compound(ops, urgent);
        const later = result.status === wire.NFS4ERR_DELAY || result.status === wire.NFS4ERR_GRACE;
        const isPartial = ops.slice(0, result.results.length - 1).some(isChanging);
        if (!later || isPartial || performance.now() + delayMs > until) return { ...result, repeated };
      } catch (error) {
        // An urgent one belongs to a reclaim, which begins again as a whole.
        if (!(error instanceof SessionLost) || urgent || performance.now() + delayMs > until) throw error;
        repeated = true;
      }
      await pause(delayMs);
    }
  }
}

/** Copies a stateid: the decoded one is a view of the whole answer's buffer. */
const keep = ({ seqid, other }: wire.stateid4): wire.stateid4 => ({ seqid, other: Buffer.from(other) });

function delegated(given: wire.open_delegation4): Pick<Opened, 'delegation' | 'recalled' | 'why'> {
  switch (given.delegation_type) {
    // Nobody has asked for the times: that it could keep them makes no difference.
    case wire.OPEN_DELEGATE_READ_ATTRS_DELEG:
    case wire.OPEN_DELEGATE_READ: {
      const { stateid, recall } = given.read;
      return { delegation: { kind: 'read', stateid: keep(stateid) }, recalled: recall, why: '' };
    }
    case wire.OPEN_DELEGATE_WRITE_ATTRS_DELEG:
    case wire.OPEN_DELEGATE_WRITE: {
      const { stateid, recall } = given.write;
      return { delegation: { kind: 'write', stateid: keep(stateid) }, recalled: recall, why: '' };
    }
    case wire.OPEN_DELEGATE_NONE_EXT: {
      const why = wire.why_no_delegation4.nameOf(given.od_whynone.ond_why);
      return { delegation: undefined, recalled: false, why };
    }
    case wire.OPEN_DELEGATE_NONE:
      return { delegation: undefined, recalled: false, why: noReason };
  }
}
