import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { fileserver, LeaseType } from '#contracts';
import { wire } from '#nfs4';
import {
  placePartsMax,
  type BreakFacts,
  type DetachedFacts,
  type Driver,
  type DriverListener,
  type HoldRequest,
  type LostFacts,
  type Notice,
  type Place,
  type Refusal,
} from '../driver';
import { idleMax, remainingMs, repeatMs, statusPage, stronger } from '../holds';
import type { Attributes } from './attributes';
import { Nfs4Client, NotReady, SessionLost } from './client';
import { isStateGone, Nfs4Error, refusalOfStatus } from './errors';
import {
  Nfs4Files,
  noReason,
  retriesMsDefault,
  type Delegation,
  type DelegationKind,
  type Opened,
} from './files';
import { RpcRefused, type Credentials } from './rpc';

/** Where an export lies. */
export interface Nfs4Location {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}
export interface Nfs4Options {
  readonly exports: Readonly<Record<string, Nfs4Location>>;
  readonly credentials: Credentials;
  /** Our name at the servers: the same in every run of this adapter, and different from that of any other adapter. */
  readonly clientName: string;
  /** Takes one sentence for the log when something is degraded. */
  readonly report: (message: string) => void;
  /**
   * How long a request is repeated that the server puts off, or loses with its session; and how long the second client that
   * has a lost delegation recalled may take to reach the server, and a delegation whose answer is lost each time is asked for.
   */
  readonly retriesMs?: number;
}

const startMs = 15_000;
/** The most queued requests for one file. The lease API has one ask in flight per file; the others are its repeats. */
const queuedMax = 32;
/** The most remembered recalls of delegations whose grant has not arrived yet. */
const earlyMax = 1_024;
/** The most stateids in one TEST_STATEID. */
const testMax = 200;
/** The most reclaims in flight; the client has no more slots anyway. */
const atOnceMax = 64;
const tryAgainMs = 250;
/** How long a server that gave a delegation for reading only is not asked for one for writing. */
const readOnlyMs = 600_000;
const noWriting = wire.why_no_delegation4.nameOf(wire.WND4_WRITE_DELEG_NOT_SUPP_FTYPE);
/** On close, delegations not returned within this time are left to expire with the server's lease. */
const closeMs = 4_000;
/** How often the path of each export is followed: with the registration's own look, a change is told within a second. */
const rootsMs = 300;
/** Names followed per second, in rotation: each costs at least one request. */
const namesPerTick = 32;

interface OpenBreak {
  breakNo: number;
  /** The earliest time at which the break can have begun. */
  since: number;
  limitMs: number;
  reportedAt: number;
}

interface Loss {
  cause: string;
  /** False until the loss is reported; its break is reported first. */
  reported: boolean;
}

/** One delegation and the open it came with: the cluster's hold on the file. */
interface HeldDelegation {
  serial: number;
  path: string;
  level: DelegationKind;
  open: wire.stateid4;
  /** Whether one of the opens merged into this one was for reading only. */
  openedToRead: boolean;
  /** The client's `life` in which it was granted or reclaimed. */
  life: number;
  /** Absent while it is being exchanged for another. */
  delegation: Delegation | undefined;
  /** The attributes at the grant; nobody else can have changed them since. */
  attributes: Attributes;
  grantedAt: number;
  /** When a request last found it good. */
  confirmedAt: number;
  breaks: number;
  broken: OpenBreak | undefined;
  /** The name no longer leads to the file. */
  detached: boolean;
}

interface OpenFile {
  subject: string;
  export: Export;
  fileId: string;
  fh: Buffer;
  holdGen: number;
  asked: LeaseType;
  refusal: Refusal | undefined;
  held: HeldDelegation | undefined;
  /** The hold is gone, but the lease API has not recorded that yet: until then the level must not be raised. */
  lost: Loss | undefined;
  /** An answer was lost for good: the server may have given us what we do not know of. */
  doubtful: boolean;
  /** The end of the last queued request, and the number of requests that are running or queued. */
  tail: Promise<unknown>;
  queued: number;
}

interface Export {
  readonly name: string;
  readonly client: Nfs4Client;
  readonly files: Nfs4Files;
  readonly rows: Map<string, OpenFile>;
  /** Stateids (`other`, in hex) that were recalled before the grant arrived, and the files they are of. */
  readonly early: Map<string, string>;
  /** Files whose unknown delegations the server is being made to recall: no answer can bring one of them now. */
  readonly recalling: Set<string>;
  /** Another client of the same server that makes it recall them, while somebody uses it. */
  recaller: { client: Nfs4Client; users: number; ready: Promise<void> | undefined } | undefined;
  /** Until then the server is taken to give delegations for reading only: its last answer was one of those. */
  readOnlyUntil: number;
  /** The search for revoked delegations. */
  search: Search;
  /** The file handle of the export's directory; `gone` says what happened to the directory, if it is gone. */
  root: Buffer | undefined;
  followingRoot: boolean;
  /** As in `Place`. */
  ancestry: string[];
  gone: string | undefined;
}
interface Search {
  underWay: boolean;
  /** When any stateid was last tested, and when all of them were. */
  lookedAt: number;
  searchedAt: number;
  /** How many searches in a row found nothing revoked. */
  fruitless: number;
}

const refused = (detail: string): Refusal => ({ reason: 'fileserver_refused', detail });
const leadsTo = (fh: Buffer): Refusal => ({
  reason: 'file_changed',
  detail: `The name now leads to ${idOf(fh)}.`,
});
const idOf = (fh: Buffer): string => fh.toString('base64url');
const keyOf = ({ other }: wire.stateid4): string => other.toString('hex');

/** The error is about the server or the connection to it, not about the request. */
const isUnavailable = (error: unknown): error is Error =>
  error instanceof SessionLost || error instanceof NotReady || error instanceof RpcRefused;

function refusalFor(error: unknown): Refusal {
  if (error instanceof Nfs4Error) return refusalOfStatus(error);
  if (isUnavailable(error)) return refused(`The NFS server cannot be asked: ${error.message}`);
  throw error;
}

/** Shows whether a file was touched; undefined if the server does not report enough. */
function cookieOf({ change, size, timeMetadata, changeAttrType }: Attributes): string | undefined {
  if (change === undefined || size === undefined || timeMetadata === undefined) return undefined;
  // The change attribute is a time here: two changes within one tick of the clock look like one.
  if (changeAttrType === wire.NFS4_CHANGE_TYPE_IS_TIME_METADATA) return undefined;
  return `${change}-${size}-${timeMetadata.seconds}.${timeMetadata.nseconds}`;
}

function inodeOf({ fsid, fileid }: Attributes): string {
  if (fsid === undefined || fileid === undefined) return '<none>:0';
  const hex = (n: bigint): string => n.toString(16).padStart(2, '0');
  return `${hex(fsid.major)}:${hex(fsid.minor)}:${fileid}`;
}

const isUntouched = (before: Attributes, after: Attributes): boolean =>
  before.change !== undefined && before.change === after.change;

/**
 * Delegations of NFSv4.1 servers, one per file and export; each export has its own client. Requests for one file are
 * served one after the other. Recalls, revocations and restarts of the server can happen in between.
 */
export class Nfs4Driver implements Driver {
  readonly exports: readonly string[];

  private readonly served = new Map<string, Export>();
  /** Rows with a hold, the oldest hold first. */
  private readonly holding = new Set<OpenFile>();
  /** Rows without a hold, the least recently served first. */
  private readonly idle = new Set<OpenFile>();
  private listener: DriverListener | undefined;
  private serial = 0;
  private ticker: NodeJS.Timeout | undefined;
  private rootsTicker: NodeJS.Timeout | undefined;
  private tour = this.holding.values();
  private touring = false;
  private closed = false;

  private readonly report: (message: string) => void;
  private readonly retriesMs: number;

  private constructor(options: Nfs4Options) {
    const { exports, credentials, clientName, report, retriesMs = retriesMsDefault } = options;
    this.report = report;
    this.retriesMs = retriesMs;
    this.exports = Object.keys(exports);
    for (const [name, { host, port, path }] of Object.entries(exports)) {
      const owner = `${clientName} ${name}`;
      const at = { host, port, credentials, owner, verifier: randomBytes(8), report };
      const client = new Nfs4Client(at, {
        onRecall: (stateid, fh) => this.onRecall(name, stateid, fh),
        onRecallAny: (keep, kinds) => {
          this.onRecallAny(name, keep, kinds);
        },
        attributesOf: (fh) => this.attributesOf(name, fh),
        reclaim: () => this.reclaim(name),
        onSuperseded: () => {
          for (const { row } of this.heldIn(name))
            this.lose(row, 'Another adapter has taken over our name there.');
        },
        onRevoked: (news) => {
          void this.check(name, news);
        },
      });
      const files = new Nfs4Files(client, path, retriesMs);
      const one = {
        name,
        client,
        files,
        rows: new Map<string, OpenFile>(),
        early: new Map<string, string>(),
        recalling: new Set<string>(),
      };
      const search = { underWay: false, lookedAt: 0, searchedAt: 0, fruitless: 0 };
      const place = {
        recaller: undefined,
        readOnlyUntil: 0,
        root: undefined,
        followingRoot: false,
        ancestry: [],
        gone: undefined,
      };
      this.served.set(name, { ...one, search, ...place });
    }
  }

  /** @throws if a server cannot be used, or an export is not a directory there */
  static async start(options: Nfs4Options): Promise<Nfs4Driver> {
    const driver = new Nfs4Driver(options);
    try {
      await Promise.all([...driver.served.values()].map((each) => driver.startExport(each)));
    } catch (error) {
      await driver.close();
      throw error;
    }
    driver.ticker = setInterval(() => {
      driver.repeatBreaks();
      void driver.checkNames();
    }, 1_000);
    driver.rootsTicker = setInterval(() => {
      driver.checkRoots();
    }, rootsMs);
    return driver;
  }

  private async startExport(served: Export): Promise<void> {
    const { name, client, files } = served;
    try {
      await client.start(startMs);
      const root = await files.resolve('');
      if ('reason' in root) throw new Error(root.detail);
      if (root.attributes.type !== wire.NF4DIR) throw new Error('it is not a directory');
      served.root = root.fh;
      served.ancestry = await files.ancestry();
      if (served.ancestry.length === 0)
        this.report(
          `export ${name}: the server reports no times of creation, so a posix export of the same tree cannot be detected; ` +
            'serve the tree by one stack only',
        );
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`export ${name} cannot be served: ${why}`, { cause: error });
    }
  }

  listen(listener: DriverListener): void {
    this.listener = listener;
  }

  /** No server may revoke before its lease time is over (RFC 8881 §10.2.1). */
  breakLimitMs(): number {
    return Math.min(...[...this.served.values()].map(({ client }) => client.leaseTimeMs));
  }

  holdsOutliveMs(): number {
    return Math.max(...[...this.served.values()].map(({ client }) => client.leaseTimeMs));
  }

  isReachable(exportName: string): boolean {
    const client = this.served.get(exportName)?.client;
    // A client that is over counts as reachable: the lease API reports that, and names the successor.
    return client !== undefined && (client.healthy || client.isOver);
  }

  gone(exportName: string): string | undefined {
    return this.served.get(exportName)?.gone;
  }

  places(): ReadonlyMap<string, Place> {
    return new Map(
      [...this.served.values()].map(({ name, client, files, ancestry }) => {
        const parts = [client.serverId, ...files.rootParts].slice(0, placePartsMax);
        return [name, { fileSystem: 'nfs4', parts, ancestry }];
      }),
    );
  }

  async resolve(exportName: string, path: string): Promise<fileserver.ResolveAnswer | Refusal> {
    const served = this.served.get(exportName);
    if (!served) return this.noExport(exportName);
    try {
      const found = await this.follow(served, path);
      return 'reason' in found ? found : { fileId: idOf(found.fh), inode: inodeOf(found.attributes) };
    } catch (error) {
      return refusalFor(error);
    }
  }

  async setlease(request: HoldRequest): Promise<fileserver.SetleaseAnswer> {
    const served = this.served.get(request.export);
    if (!served) return { have: 'none', ...this.noExport(request.export) };
    const row = served.rows.get(request.fileId) ?? this.newRow(served, request.fileId);
    if (row.queued >= queuedMax) {
      return { have: row.held?.level ?? 'none', ...refused('Too many requests are waiting for this file.') };
    }
    row.queued++;
    const answer = row.tail.then(() => this.serve(row, request));
    row.tail = answer
      .catch(() => undefined)
      .then(() => this.cleanUp(row))
      .then(() => {
        row.queued--;
        this.keepOrForget(row);
      });
    return answer;
  }

  holdCount(): number {
    return this.holding.size;
  }

  status(cursor: string | undefined, limit: number): { holds: fileserver.Hold[]; cursor?: string } {
    return statusPage(this.listed(), cursor, limit);
  }

  private *listed(): Generator<{ serial: number; hold: fileserver.Hold }> {
    for (const { held, fileId, holdGen, ...row } of this.holding) {
      if (!held) continue;
      const { serial, path, level } = held;
      yield { serial, hold: { export: row.export.name, fileId, path, type: level, holdGen } };
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.ticker);
    clearInterval(this.rootsTicker);
    const rows = [...this.served.values()].flatMap((served) => [...served.rows.values()]);
    const letGo = Promise.all(
      rows
        .filter(({ held, queued }) => held !== undefined || queued > 0) // a queued request may still get a hold
        .map((row) => row.tail.then(() => this.letGo(row)).catch(() => undefined)),
    );
    const late = new AbortController();
    await Promise.race([letGo, pause(closeMs, undefined, { signal: late.signal }).catch(() => undefined)]);
    late.abort();
    await Promise.all([...this.served.values()].map(({ client }) => client.close()));
  }

  // --- requests

  /** Each hold generation is carried out once; a repeat reports the result. */
  private async serve(row: OpenFile, request: HoldRequest): Promise<fileserver.SetleaseAnswer> {
    const repeated = request.holdGen === row.holdGen;
    if (request.holdGen < row.holdGen || (repeated && request.type !== row.asked)) {
      return {
        have: row.held?.level ?? 'none',
        reason: 'hold_gen_old',
        detail: `the highest seen is ${row.holdGen}`,
      };
    }
    if (!repeated) {
      row.holdGen = request.holdGen;
      row.asked = request.type;
      row.refusal = undefined;
      try {
        row.refusal = await this.setLevel(row, request);
      } catch (error) {
        row.refusal = this.refusalOf(row, error);
      }
    }
    return this.answer(row);
  }

  private answer(row: OpenFile): fileserver.SetleaseAnswer {
    const { held, asked } = row;
    const refusal = row.refusal ?? this.overtaken(row);
    if (!held) return { have: 'none', ...refusal };
    held.confirmedAt = performance.now();
    const cookie = cookieOf(held.attributes);
    const proof = cookie === undefined ? {} : { cookie };
    // A recalled delegation must not back another holder, even if the level does not change.
    const broken = held.broken && asked !== 'none' ? this.breakingRefusal() : undefined;
    return { have: held.level, ...(refusal ?? broken), inode: inodeOf(held.attributes), ...proof };
  }

  private overtaken({ held, asked, lost }: OpenFile): Refusal | undefined {
    if (!stronger(asked, held?.level ?? 'none')) return undefined;
    return refused(lost?.cause ?? 'The hold was granted and has been lost since.');
  }

  private breakingRefusal(): Refusal {
    return refused('The server wants the delegation back.');
  }

  private noExport(name: string): Refusal {
    return { reason: 'no_such_file', detail: `This adapter has no export ${name}.` };
  }

  /** @returns a refusal, or undefined if the level is set */
  private async setLevel(row: OpenFile, { type, path }: HoldRequest): Promise<Refusal | undefined> {
    if (type === 'none') {
      row.lost = undefined;
      await this.letGo(row);
      return undefined;
    }
    const { held } = row;
    const level = held?.level ?? 'none';
    if (!stronger(type, level)) row.lost = undefined; // the lease API asks for no more than what is left
    if (row.lost) {
      // The report already sent may have named an old generation, and was then ignored.
      if (row.lost.reported) this.reportLoss(row, row.lost);
      return refused(row.lost.cause);
    }
    if (held?.broken) {
      this.reportBreak(row, held, held.broken); // the earlier report names an old generation
      return this.breakingRefusal();
    }
    if (type === level) return undefined;
    if (this.closed) return refused('This adapter is stopping.'); // a new hold would be left behind at the server
    if (type === 'write' && performance.now() < row.export.readOnlyUntil)
      return { reason: 'lease_type_unsupported', detail: 'This server gives delegations for reading only.' };
    if (!held) return this.acquire(row, path, type);
    if (stronger(type, level)) {
      const astray = await this.leadsElsewhere(row, path);
      if (astray) return astray;
      held.path = path;
      held.detached = false;
    }
    return this.exchange(row, held, type);
  }

  /** Follows a name to a regular file. */
  private async follow(
    { files }: Export,
    path: string,
  ): Promise<{ fh: Buffer; attributes: Attributes } | Refusal> {
    const found = await files.resolve(path);
    if ('reason' in found || found.attributes.type === wire.NF4REG) return found;
    return { reason: 'lease_type_unsupported', detail: 'Only regular files can be leased.' };
  }

  private async leadsElsewhere(row: OpenFile, path: string): Promise<Refusal | undefined> {
    const found = await this.follow(row.export, path);
    if ('reason' in found) return found;
    if (found.fh.equals(row.fh)) return undefined;
    return leadsTo(found.fh);
  }

  private async acquire(row: OpenFile, path: string, type: DelegationKind): Promise<Refusal | undefined> {
    const quietAt = performance.now();
    const first = await this.openNew(row, path, type);
    if ('reason' in first) return first;
    const opened = await this.wanted(row, type, first).catch((error: unknown) => this.refusalOf(row, error));
    if ('reason' in opened) {
      await this.undo(row.export, row.fh, first);
      return opened;
    }
    if (opened.delegation?.kind !== type) {
      await this.undo(row.export, row.fh, opened);
      return this.notGiven(row, type, opened);
    }
    const { stateid: open, delegation, attributes } = opened;
    const times = { grantedAt: quietAt, confirmedAt: quietAt };
    const held: HeldDelegation = {
      ...{ serial: ++this.serial, path, level: type, open, delegation, attributes, ...times },
      ...{ openedToRead: type === 'read', life: row.export.client.life },
      ...{ breaks: 0, broken: undefined, detached: false },
    };
    row.held = held;
    this.holding.add(row);
    this.noticeEarly(row, held, delegation, opened.recalled);
    return undefined;
  }

  /** Opens by name if one request can do that; else follows the name and opens by handle. */
  private async openNew(row: OpenFile, path: string, type: DelegationKind): Promise<Opened | Refusal> {
    const { files } = row.export;
    const named = await files.openByName(path, row.fh, type);
    if (named) {
      if (named.fh.equals(row.fh)) return named;
      await this.undo(row.export, named.fh, named);
      return leadsTo(named.fh);
    }
    return (await this.leadsElsewhere(row, path)) ?? files.open(row.fh, type, 'new');
  }

  /** The delegation of an open, or the one that the server gives once it has recalled one that we did not know of. */
  private async wanted(row: OpenFile, type: DelegationKind, opened: Opened): Promise<Opened> {
    const until = performance.now() + this.retriesMs;
    let got = await this.askedFor(row, type, opened);
    while (!got.delegation && got.doubtful) {
      row.doubtful = true; // until the lost one has been returned: else `cleanUp` does that
      if (performance.now() > until) break;
      await this.recallLost(row);
      row.doubtful = false;
      got = await this.askedFor(row, type, await row.export.files.open(row.fh, type, 'new'));
    }
    return got;
  }

  /** If the server ignored the want in an open without giving a reason, it may grant a separate WANT_DELEGATION. */
  private async askedFor(row: OpenFile, type: DelegationKind, opened: Opened): Promise<Opened> {
    if (opened.delegation || opened.why !== noReason) return opened;
    const wanted = await row.export.files.want(row.fh, type);
    return { ...opened, ...wanted, doubtful: opened.doubtful || wanted?.doubtful === true };
  }

  private notGiven(row: OpenFile, type: DelegationKind, { delegation, why }: Opened): Refusal {
    if (type === 'write' && (delegation?.kind === 'read' || why === noWriting))
      row.export.readOnlyUntil = performance.now() + readOnlyMs;
    const instead = delegation ? `but a ${delegation.kind} one` : `(${why})`;
    return refused(`The server gave no ${type} delegation ${instead}.`);
  }

  /** The refusal for an error. Notes if nobody knows what the server has done. */
  private refusalOf(row: OpenFile, error: unknown): Refusal {
    row.doubtful ||= error instanceof SessionLost;
    return refusalFor(error);
  }

  /**
   * Makes the server recall a delegation that it granted with an answer that was lost, by opening the file as another
   * client; `onRecall` returns it.
   * @throws Nfs4Error, and if the server cannot be asked
   */
  private async recallLost(row: OpenFile): Promise<void> {
    const { export: served } = row;
    const { client, files, early, recalling } = served;
    for (const [other, fileId] of early) {
      if (fileId !== row.fileId) continue;
      early.delete(other);
      await files.endDelegation(row.fh, { seqid: 0, other: Buffer.from(other, 'hex') });
    }
    recalling.add(row.fileId);
    served.recaller ??= { client: client.another(), users: 0, ready: undefined };
    const { recaller } = served;
    recaller.users++;
    try {
      await (recaller.ready ??= recaller.client.start(this.retriesMs));
      const itsFiles = new Nfs4Files(recaller.client, '', this.retriesMs);
      const open = await itsFiles.openPlain(row.fh, 'write').catch((error: unknown) => {
        // Whoever may only read can only have a delegation for writing recalled; but then it has none.
        if (refusalFor(error).reason !== 'fileserver_denied') throw error;
        return itsFiles.openPlain(row.fh, 'read');
      });
      await itsFiles.close(row.fh, open);
    } finally {
      recalling.delete(row.fileId);
      if (--recaller.users === 0) {
        served.recaller = undefined;
        await recaller.client.close();
      }
    }
  }

  /** Closes and returns what the server may have given us with answers that were lost. Repeats until it has. */
  private async cleanUp(row: OpenFile): Promise<void> {
    const { client, files } = row.export;
    const { life } = client;
    while (row.doubtful && !row.held && client.life === life && !client.isOver) {
      try {
        await files.close(row.fh, await files.openPlain(row.fh, 'read'));
        await this.recallLost(row);
        break;
      } catch (error) {
        if (error instanceof Nfs4Error) {
          if (error.status !== wire.NFS4ERR_DELAY && error.status !== wire.NFS4ERR_GRACE) break;
        } else if (!isUnavailable(error)) throw error;
        await pause(tryAgainMs);
      }
    }
    row.doubtful = false;
  }

  /** Undoes an open that did not bring the wanted delegation. */
  private async undo(
    { files }: Export,
    fh: Buffer,
    { delegation, stateid }: Pick<Opened, 'delegation' | 'stateid'>,
  ): Promise<void> {
    if (delegation) await files.endDelegation(fh, delegation.stateid);
    await files.close(fh, stateid);
  }

  /** The same, repeated while the server cannot be asked: what it has reclaimed would stay there. */
  private async undoInTheEnd({ export: served, fh }: OpenFile, opened: Opened): Promise<void> {
    const { client } = served;
    const { life } = client;
    while (client.life === life && !client.isOver) {
      try {
        await this.undo(served, fh, opened);
        return;
      } catch (error) {
        const isDelayed =
          error instanceof Nfs4Error &&
          (error.status === wire.NFS4ERR_DELAY || error.status === wire.NFS4ERR_GRACE);
        if (!isDelayed && !isUnavailable(error)) return;
        await pause(tryAgainMs);
      }
    }
  }

  /**
   * Exchanges the delegation for one of another level. It must be returned first, and others may open the file in
   * between. Holders keep their leases only if the change attribute shows that nobody has changed the file.
   */
  private async exchange(
    row: OpenFile,
    held: HeldDelegation,
    type: DelegationKind,
  ): Promise<Refusal | undefined> {
    try {
      return await this.tryExchange(row, held, type);
    } catch (error) {
      // The exchange failed halfway: there is an open but no delegation.
      const refusal = this.refusalOf(row, error);
      if (row.held === held && !held.delegation) await this.letGo(row);
      return refusal;
    }
  }

  private async tryExchange(
    row: OpenFile,
    held: HeldDelegation,
    type: DelegationKind,
  ): Promise<Refusal | undefined> {
    const { files } = row.export;
    const { fh } = row;
    // First the step that other openers can make fail: if it fails, the present delegation is kept.
    if (type === 'write') held.open = await files.openPlain(fh, type);
    const before = await this.giveBack(row, held);
    if (row.held !== held) return refused(row.lost?.cause ?? 'The hold was lost in the meantime.');
    let opened: Opened | undefined;
    let refusal: Refusal | undefined;
    if (type === 'read') {
      held.open = await files.openOnlyToRead(fh, held.open, held.openedToRead);
      held.openedToRead = true;
    }
    try {
      opened = await this.openAgain(row, held, type);
      held.open = opened.stateid;
      if (opened.delegation?.kind !== type) refusal = this.notGiven(row, type, opened);
    } catch (error) {
      refusal = this.refusalOf(row, error);
    }
    if (refusal && type === 'write' && row.held === held) {
      // Go back to the read delegation, if the server still grants it.
      if (opened) held.open = await files.openOnlyToRead(fh, opened.stateid, held.openedToRead);
      const again = opened?.delegation ? opened : await this.openAgain(row, held, 'read');
      if (again !== opened) held.open = again.stateid; // else `held.open` is newer: it is from after the downgrade
      opened = again;
    }
    if (row.held !== held) {
      // The hold was lost in between (the server restarted), so nobody owns what the server has granted since.
      await this.undo(row.export, fh, { delegation: opened?.delegation, stateid: held.open });
      return refused(row.lost?.cause ?? 'The hold was lost in the meantime.');
    }
    if (!opened?.delegation) {
      await this.letGo(row);
      return refusal;
    }
    const { delegation, attributes } = opened;
    held.delegation = delegation;
    held.level = delegation.kind;
    if (!isUntouched(before, attributes)) {
      await this.letGo(row);
      return refused('Somebody changed the file between one delegation and the next.');
    }
    held.attributes = attributes;
    held.grantedAt = performance.now();
    this.noticeEarly(row, held, delegation, opened.recalled);
    return refusal;
  }

  /** For a downgrade, the present open is enough if the server supports WANT_DELEGATION. */
  private async openAgain(row: OpenFile, { open }: HeldDelegation, type: DelegationKind): Promise<Opened> {
    const { files } = row.export;
    const wanted = type === 'read' ? await files.want(row.fh, type) : undefined;
    if (wanted) return { ...wanted, stateid: open };
    return this.wanted(row, type, await files.open(row.fh, type, 'new'));
  }

  private async giveBack(row: OpenFile, held: HeldDelegation): Promise<Attributes> {
    const { delegation } = held;
    if (!delegation) return {};
    held.delegation = undefined;
    try {
      return await row.export.files.returnDelegation(row.fh, delegation.stateid);
    } catch (error) {
      if (!(error instanceof Nfs4Error && isStateGone(error.status))) throw error;
      await row.export.files.free(delegation.stateid);
      return {}; // proves nothing, so the file then counts as touched
    }
  }

  /** Returns the delegation, then closes. Repeats until the server has confirmed it, or has lost our state. */
  private async letGo(row: OpenFile): Promise<void> {
    const { held } = row;
    if (!held) return;
    for (let returned: Delegation | undefined; row.held === held;) {
      try {
        const { delegation } = held; // a reclaim may have replaced it in the meantime
        if (delegation && returned !== delegation)
          await row.export.files.endDelegation(row.fh, delegation.stateid);
        returned = delegation;
        await row.export.files.close(row.fh, held.open);
        break;
      } catch (error) {
        if (error instanceof Nfs4Error) {
          // We no longer use this delegation, and the server will revoke it by itself.
          if (error.status !== wire.NFS4ERR_DELAY && error.status !== wire.NFS4ERR_GRACE) break;
        } else if (!isUnavailable(error)) throw error;
        if (row.export.client.isOver) break;
        await pause(tryAgainMs);
      }
    }
    if (row.held === held) this.forget(row);
  }

  private forget(row: OpenFile): void {
    row.held = undefined;
    this.holding.delete(row);
    this.keepOrForget(row);
  }

  // --- recalls, revocations and restarts of the server

  private onRecall(exportName: string, stateid: wire.stateid4, fh: Buffer): boolean {
    const served = this.served.get(exportName);
    if (!served) return false;
    const row = served.rows.get(idOf(fh));
    const held = row?.held;
    if (row && held?.delegation && keyOf(held.delegation.stateid) === keyOf(stateid)) {
      this.startBreak(row, held);
      return true;
    }
    const isExpected = row && (row.queued > 0 || (held && held.life !== served.client.life));
    if (isExpected && !served.recalling.has(row.fileId)) {
      // The answer that grants or reclaims the delegation may arrive after the recall.
      for (const oldest of served.early.keys()) {
        if (served.early.size < earlyMax) break;
        served.early.delete(oldest);
      }
      served.early.set(keyOf(stateid), row.fileId);
      return true;
    }
    // The delegation was granted by a request whose answer was lost: nobody uses it.
    const handle = Buffer.from(fh);
    const own = { seqid: stateid.seqid, other: Buffer.from(stateid.other) };
    served.files.endDelegation(handle, own).catch(() => undefined);
    return true;
  }

  private noticeEarly(row: OpenFile, held: HeldDelegation, { stateid }: Delegation, recalled: boolean): void {
    if (row.export.early.delete(keyOf(stateid)) || recalled) this.startBreak(row, held);
  }

  /** A recall always breaks to none: the server does not say which access the other client wants. */
  private startBreak(row: OpenFile, held: HeldDelegation, since = this.quietSince(row, held)): void {
    if (held.broken) return;
    const { client } = row.export;
    const open = { breakNo: ++held.breaks, since, limitMs: client.leaseTimeMs, reportedAt: 0 };
    held.broken = open;
    this.reportBreak(row, held, open);
  }

  /** A recall begins when the server sends it, which may be any time since the backchannel was last known to work. */
  private quietSince({ export: { client } }: OpenFile, { grantedAt }: HeldDelegation): number {
    return Math.max(grantedAt, client.quietAt);
  }

  /** The server is short of resources: the least recently requested delegations go first. */
  private onRecallAny(exportName: string, keep: number, kinds: { read: boolean; write: boolean }): void {
    const holds = [...this.holding].filter(
      ({ export: { name }, held }) => name === exportName && held && !held.broken && kinds[held.level],
    );
    holds.sort((a, b) => (a.held?.confirmedAt ?? 0) - (b.held?.confirmedAt ?? 0));
    for (const row of holds.slice(0, Math.max(0, holds.length - keep))) {
      if (row.held) this.startBreak(row, row.held, performance.now());
    }
  }

  private attributesOf(exportName: string, fh: Buffer): Attributes | undefined {
    const held = this.served.get(exportName)?.rows.get(idOf(fh))?.held;
    return held?.level === 'write' ? held.attributes : undefined;
  }

  private reportBreak(row: OpenFile, held: HeldDelegation, open: OpenBreak): void {
    open.reportedAt = performance.now();
    const notice: Notice<BreakFacts> = {
      subject: row.subject,
      now: () => {
        if (row.held !== held || held.broken !== open) return undefined;
        const { breakNo } = open;
        return {
          ...{ export: row.export.name, fileId: row.fileId, holdGen: row.holdGen },
          ...{ breakNo, target: 'none' as const, remainingMs: remainingMs(open) },
        };
      },
    };
    this.listener?.onBreak(notice);
  }

  private repeatBreaks(): void {
    const now = performance.now();
    for (const row of this.holding) {
      const open = row.held?.broken;
      if (row.held && open && now - open.reportedAt >= repeatMs) this.reportBreak(row, row.held, open);
    }
  }

  /** The server has lost the delegation: reports a break without any time left, then the loss. */
  private breakAndLose(row: OpenFile, held: HeldDelegation, cause: string): void {
    const lost = { cause, reported: false };
    row.lost = lost;
    this.forget(row);
    const breakNo = ++held.breaks;
    this.listener?.onBreak({
      subject: row.subject,
      now: () => {
        if (row.lost !== lost) return undefined;
        const { fileId, holdGen } = row;
        const facts = { export: row.export.name, fileId, holdGen, breakNo };
        return { ...facts, target: 'none' as const, remainingMs: 0 };
      },
      answered: () => {
        this.reportLoss(row, lost);
      },
    });
  }

  private lose(row: OpenFile, cause: string): void {
    const lost = { cause, reported: false };
    row.lost = lost;
    this.forget(row);
    this.reportLoss(row, lost);
  }

  private reportLoss(row: OpenFile, lost: Loss): void {
    if (row.lost !== lost) return;
    lost.reported = true;
    const { cause } = lost;
    const notice: Notice<LostFacts> = {
      subject: row.subject,
      now: () => {
        if (row.lost !== lost) return undefined;
        const { fileId, holdGen } = row;
        const have = row.held?.level ?? 'none';
        return { export: row.export.name, fileId, holdGen, have, cause };
      },
      answered: (taken) => {
        if (taken && row.lost === lost) row.lost = undefined;
        this.keepOrForget(row);
      },
    };
    this.listener?.onLost(notice);
  }

  /** A delegation is recalled when its file is renamed or removed, but not when a directory above it is. */
  private async checkNames(): Promise<void> {
    if (this.touring) return;
    this.touring = true;
    try {
      const looks: Promise<void>[] = [];
      while (looks.length < namesPerTick) {
        const next = this.tour.next();
        if (next.done) {
          this.tour = this.holding.values();
          break;
        }
        if (next.value.export.client.healthy) looks.push(this.checkName(next.value));
      }
      await Promise.all(looks);
    } finally {
      this.touring = false;
    }
  }

  private checkRoots(): void {
    for (const served of this.served.values()) if (served.client.healthy) void this.checkRoot(served);
  }

  private async checkRoot(served: Export): Promise<void> {
    if (served.followingRoot) return;
    served.followingRoot = true;
    const found = await served.files.resolve('').catch(() => undefined); // an unreachable server proves nothing
    served.followingRoot = false;
    if (found === undefined || served.root === undefined) return;
    if ('fh' in found)
      served.gone = found.fh.equals(served.root) ? undefined : 'another directory is at its path';
    else if (found.reason === 'no_such_file') served.gone = 'its directory is no longer at its path';
    else if (found.reason === 'file_changed')
      served.gone = `its directory no longer exists (${found.detail})`;
  }

  private async checkName(row: OpenFile): Promise<void> {
    const { held } = row;
    if (!held || held.detached) return;
    const { path } = held;
    try {
      const found = await row.export.files.resolve(path);
      const elsewhere = 'reason' in found ? found.reason === 'no_such_file' : !found.fh.equals(row.fh);
      if (!elsewhere || row.held !== held || held.path !== path) return;
    } catch (error) {
      if (isUnavailable(error)) return; // the next look will tell
      throw error;
    }
    held.detached = true;
    const notice: Notice<DetachedFacts> = {
      subject: row.subject,
      now: () =>
        row.held === held && held.detached
          ? { export: row.export.name, fileId: row.fileId, holdGen: row.holdGen, path: held.path }
          : undefined,
    };
    this.listener?.onDetached(notice);
  }

  private heldIn(exportName: string): { row: OpenFile; held: HeldDelegation }[] {
    return [...this.holding].flatMap((row) =>
      row.held && row.export.name === exportName ? [{ row, held: row.held }] : [],
    );
  }

  /** The server has lost all our state: reclaims the delegations, and reports those it does not get back as lost. */
  private async reclaim(exportName: string): Promise<void> {
    const holds = this.heldIn(exportName);
    const next = holds.values();
    let failure: unknown;
    const worker = async (): Promise<void> => {
      try {
        for (const { row, held } of next) {
          if (failure !== undefined) return;
          await this.reclaimOne(row, held);
        }
      } catch (error) {
        failure ??= error;
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnceMax, holds.length) }, worker));
    if (failure !== undefined) throw failure as Error;
  }

  /** @throws SessionLost or NotReady: then the whole reclaim starts again */
  private async reclaimOne(row: OpenFile, held: HeldDelegation): Promise<void> {
    const because = (why: string): string => `The NFS server restarted, and ${why}.`;
    const { life } = row.export.client;
    if (row.held !== held || held.life === life) return; // same `life`: an interrupted attempt has reclaimed it already
    if (!held.delegation) {
      this.breakAndLose(row, held, because('the delegation was being exchanged'));
      return;
    }
    try {
      const opened = await row.export.files.open(row.fh, held.level, 'previous');
      if (row.held !== held) return;
      if (opened.delegation?.kind !== held.level) {
        this.breakAndLose(row, held, because(`it did not grant the delegation again (${opened.why})`));
        void this.undoInTheEnd(row, opened);
        return;
      }
      held.open = opened.stateid;
      held.openedToRead = held.level === 'read';
      held.delegation = opened.delegation;
      held.life = life;
      held.broken = undefined;
      if (!isUntouched(held.attributes, opened.attributes)) {
        this.breakAndLose(row, held, because('the file was changed in the meantime'));
        // This takes effect after the reclaim: until then the server accepts only reclaims.
        void this.undoInTheEnd(row, opened);
        return;
      }
      held.attributes = opened.attributes;
      held.grantedAt = performance.now();
      this.noticeEarly(row, held, opened.delegation, opened.recalled);
    } catch (error) {
      if (!(error instanceof Nfs4Error)) throw error;
      this.breakAndLose(row, held, because(`the delegation could not be reclaimed: ${error.message}`));
    }
  }

  /**
   * The server has revoked something without saying what, so every stateid is tested. The server repeats the flag until
   * all revocations are acknowledged, which never happens for a delegation whose grant we did not receive. So a search
   * that finds nothing is repeated ever more rarely, except for recalled delegations, which may be revoked any time.
   */
  private async check(exportName: string, news: boolean): Promise<void> {
    const served = this.served.get(exportName);
    if (!served || served.search.underWay) return;
    const { search, client } = served;
    if (news) search.fruitless = 0;
    const now = performance.now();
    if (!news && now - search.lookedAt < client.renewMs / 2) return;
    const pauseMs = Math.min(client.leaseTimeMs, (client.renewMs / 2) * 2 ** search.fruitless);
    const all = news || now - search.searchedAt >= pauseMs;
    search.underWay = true;
    try {
      const holds = this.heldIn(exportName).filter(
        ({ held }) => held.delegation !== undefined && (all || held.broken !== undefined),
      );
      const found = await this.testAll(served, holds);
      search.lookedAt = performance.now();
      if (all) {
        search.searchedAt = search.lookedAt;
        client.unconfirmed = false;
      }
      if (found > 0) search.fruitless = 0;
      else if (all) search.fruitless++;
    } catch (error) {
      // The server repeats the flag in its next answer.
      if (!isUnavailable(error) && !(error instanceof Nfs4Error)) throw error;
    } finally {
      search.underWay = false;
    }
  }

  /** @returns how many were revoked */
  private async testAll(served: Export, holds: { row: OpenFile; held: HeldDelegation }[]): Promise<number> {
    let found = 0;
    for (let at = 0; at < holds.length; at += testMax) {
      const page = holds.slice(at, at + testMax);
      const asked = page.map(({ held }) => held.delegation?.stateid ?? held.open);
      const statuses = await served.files.test(asked);
      for (const [n, status] of statuses.entries()) {
        const one = page[n];
        const stateid = asked[n];
        if (status === wire.NFS4_OK || !one || !stateid) continue;
        found++;
        await this.revoked(one.row, one.held, stateid, status);
      }
    }
    return found;
  }

  private async revoked(
    row: OpenFile,
    held: HeldDelegation,
    stateid: wire.stateid4,
    status: wire.nfsstat4,
  ): Promise<void> {
    if (row.held !== held || held.delegation?.stateid !== stateid) return;
    this.lose(row, `The NFS server revoked the ${held.level} delegation (${wire.nfsstat4.nameOf(status)}).`);
    await row.export.files.free(stateid);
    await row.export.files.close(row.fh, held.open);
  }

  // --- rows

  private newRow(served: Export, fileId: string): OpenFile {
    const row: OpenFile = {
      ...{ subject: `${served.name}\0${fileId}`, export: served, fileId },
      ...{ fh: Buffer.from(fileId, 'base64url'), holdGen: -1, asked: 'none' },
      ...{
        refusal: undefined,
        held: undefined,
        lost: undefined,
        doubtful: false,
        tail: Promise.resolve(),
        queued: 0,
      },
    };
    served.rows.set(fileId, row);
    return row;
  }

  /** Keeps every row that matters. The others only serve to detect old requests: of them, keeps the most recent. */
  private keepOrForget(row: OpenFile): void {
    this.idle.delete(row);
    if (row.held || row.lost || row.queued > 0) return;
    this.idle.add(row);
    for (const oldest of this.idle) {
      if (this.idle.size <= idleMax) return;
      this.idle.delete(oldest);
      oldest.export.rows.delete(oldest.fileId);
    }
  }
}
