import type { FileRef, LockView, Range as TableRange, RecordNames, Refused, Table } from '#locks';
import { reasons } from '#contracts';
import { procLocksLines } from '../../../apps/lease-api/src/http/proc-locks';
import { openTable, type OpenTable } from '../tables';
import type { Ended } from './machine';
import {
  actorsMax,
  endOfFile,
  type Blocker,
  type Descriptor,
  type LockKind,
  type LockType,
  type Outcome,
  type Range,
  type Request,
} from './requests';

/**
 * The same requests, sent to the table. A process of the kernel is a session of the table, and an open file
 * description is an owner in it; what the kernel does for a process at close is done by the client here.
 */

/** No wait of a history elapses: its clock stands still. */
const waitMs = 60_000;
const breakMs = 45_000;
const word = 2n ** 32n;

const split = ({ start, end }: Range): TableRange => ({
  startHi: Number(start / word),
  startLo: Number(start % word),
  endHi: Number(end / word),
  endLo: Number(end % word),
});
const offset = (hi = 0, lo = 0): bigint => BigInt(hi) * word + BigInt(lo);
const rangeOf = ({ startHi, startLo, endHi, endLo }: Partial<TableRange>): Range => ({
  start: offset(startHi, startLo),
  end: offset(endHi, endLo),
});
const everything: Range = { start: 0n, end: endOfFile };

/** The outcome of a client's request. `refused` explains an outcome other than `ok`. */
export type TableOutcome = Outcome & {
  refused?: Refused['refused'];
  /** The lease that already existed when one was requested. */
  has?: LockType;
};

/** `cycle`: for a dropped wait, the requests that waited for each other. */
export interface TableEnded extends Ended {
  cycle: Refused['refused']['cycle'];
}

const ok: TableOutcome = { result: 'ok' };
const failed = ({ refused }: Refused): TableOutcome => ({
  result: reasons[refused.reason as keyof typeof reasons].code,
  refused,
});

export class TableSide {
  private readonly clock = { now: 1_700_000_000_000 };
  private opened: OpenTable | undefined;
  private inodes: readonly string[] = [];
  private pids: readonly number[] = [];
  /** The lease that a description has or had, by its number. */
  private readonly leases = new Map<number, string>();
  private readonly waits = new Map<number, string>();
  /** The row of every wait so far. */
  readonly rowOf = new Map<number, string>();
  private seen = 0;
  private count = 0;

  private get table(): Table {
    if (this.opened === undefined) throw new Error('no table');
    return this.opened.table;
  }

  /** A new table, over files with these inode numbers and processes with these pids. */
  async begin(inodes: readonly string[], pids: readonly number[]): Promise<void> {
    this.opened = await openTable('embedded', { wall: () => this.clock.now });
    this.inodes = inodes;
    this.pids = pids;
    this.leases.clear();
    this.waits.clear();
    this.rowOf.clear();
    await this.table.call('identify', { identity: 'kernel', limits });
    await this.table.call('exportDeclare', { name: 'local', breakMs, lockDelayMs: 0 });
    for (let actor = 0; actor < actorsMax; actor += 1) {
      const pid = this.pids[actor] ?? 0;
      await this.table.call('sessionCreate', { ...session(actor), ttlMs: waitMs, pid });
    }
    this.seen = (await this.table.history(0, 1000)).last;
  }

  async end(): Promise<void> {
    await this.opened?.close();
    this.opened = undefined;
  }

  async perform(request: Request): Promise<TableOutcome> {
    switch (request.do) {
      case 'open': {
        const { on, wait } = request;
        const openId = openIdOf(on);
        const reply = await this.table.call('openCreate', {
          ...session(on.actor),
          ...owner(on),
          openId,
          file: this.file(on),
          access: on.access,
          deny: 'none',
          waitMs: wait === undefined ? 0 : waitMs,
        });
        if ('refused' in reply.value) return failed(reply.value);
        return reply.value.waiting ? this.waiting(wait, openId) : ok;
      }
      case 'truncate': {
        const { on, wait } = request;
        this.count += 1;
        const changeId = `c${String(this.count)}`;
        const { value } = await this.table.call('fileChange', {
          ...session(on.actor),
          ...owner(on),
          changeId,
          file: this.file(on),
          kind: 'truncate',
          quietMs: 0,
          waitMs,
        });
        if ('refused' in value) return failed(value);
        return value.waiting ? this.waiting(wait, changeId) : ok;
      }
      case 'dup':
        return ok;
      case 'close':
        return this.close(request.on, request.last);
      case 'lock':
        return request.type === 'none'
          ? this.unlock(request.on, request.kind, request.range)
          : this.lock(request, request.type);
      case 'test': {
        const { on, kind, type, range } = request;
        const reply = await this.table.call('rangeTest', {
          ...session(on.actor),
          ...ownerOf(on, kind),
          file: this.file(on),
          class: kind,
          type,
          ...split(range),
        });
        if ('refused' in reply.value) return failed(reply.value);
        const { blocker } = reply.value;
        return blocker === undefined ? ok : { ...ok, blocker: this.blocker(blocker) };
      }
      case 'cancel': {
        const id = this.waits.get(request.wait) ?? '';
        if (request.of.do === 'open') await this.table.call('openClose', { openId: id });
        else if (request.of.do === 'truncate') await this.table.call('changeCancel', { changeId: id });
        else await this.table.call('rangeDrop', { rangeId: id });
        return ok;
      }
      case 'lease':
        return this.lease(request.on, request.type);
      case 'leaseGet': {
        const leaseId = this.leases.get(request.on.description);
        if (leaseId === undefined) return { ...ok, lease: 'none' };
        const reply = await this.table.call('leaseGet', { leaseId });
        if ('refused' in reply.value) return failed(reply.value);
        const { lease } = reply.value;
        return { ...ok, lease: lease.break?.target ?? lease.type };
      }
    }
  }

  private async lock(
    { on, kind, range, wait }: Request & { do: 'lock' },
    type: 'read' | 'write',
  ): Promise<TableOutcome> {
    this.count += 1;
    const rangeId = `r${String(this.count)}`;
    const reply = await this.table.call('rangeLock', {
      ...session(on.actor),
      ...ownerOf(on, kind),
      rangeId,
      splitId: `${rangeId}b`,
      file: this.file(on),
      class: kind,
      type,
      ...split(range),
      waitMs: wait === undefined ? 0 : waitMs,
      pid: this.pids[on.actor],
    });
    if ('refused' in reply.value) return failed(reply.value);
    return reply.value.waiting ? this.waiting(wait, rangeId) : ok;
  }

  /** Also releases the flock that a failed conversion loses, which is why it can be called separately. */
  async unlock(on: Descriptor, kind: LockKind, range: Range): Promise<TableOutcome> {
    this.count += 1;
    const reply = await this.table.call('rangeUnlock', {
      ...session(on.actor),
      ...ownerOf(on, kind),
      splitId: `s${String(this.count)}`,
      fileKey: this.file(on).fileKey,
      class: kind,
      ...split(range),
    });
    return 'refused' in reply.value ? failed(reply.value) : ok;
  }

  /** Closing any descriptor ends the process's POSIX locks; closing the last one ends the description's locks. */
  private async close(on: Descriptor, last: boolean): Promise<TableOutcome> {
    await this.unlock(on, 'posix', everything);
    if (!last) return ok;
    await this.unlock(on, 'ofd', everything);
    await this.unlock(on, 'flock', everything);
    if (this.leases.has(on.description)) await this.lease(on, 'none');
    const reply = await this.table.call('openClose', { openId: openIdOf(on) });
    return 'refused' in reply.value ? failed(reply.value) : ok;
  }

  private async lease(on: Descriptor, type: LockType): Promise<TableOutcome> {
    const has = this.leases.get(on.description);
    if (has !== undefined) {
      const before = await this.table.call('leaseGet', { leaseId: has });
      const held = 'lease' in before.value ? before.value.lease.type : 'none';
      const { value } = await this.table.call('leaseSet', { leaseId: has, type });
      if ('refused' in value) return { ...failed(value), has: held };
      if (type === 'none') this.leases.delete(on.description);
      return { ...ok, has: held };
    }
    // There is nothing to release.
    if (type === 'none') return { result: 'EAGAIN' };
    this.count += 1;
    const leaseId = `l${String(this.count)}`;
    const reply = await this.table.call('leaseAcquire', {
      ...session(on.actor),
      item: { leaseId, ...this.file(on), ...owner(on) },
      type,
    });
    if ('refused' in reply.value) return failed(reply.value);
    this.leases.set(on.description, leaseId);
    return ok;
  }

  private waiting(wait: number | undefined, id: string): TableOutcome {
    if (wait !== undefined) {
      this.waits.set(wait, id);
      this.rowOf.set(wait, id);
    }
    return { result: 'waiting' };
  }

  /** The waits that have ended since this was last asked. */
  async whatEnded(): Promise<TableEnded[]> {
    const { records, last } = await this.table.history(this.seen, 1000);
    this.seen = last;
    const ended: TableEnded[] = [];
    for (const record of records) {
      const { waitId, openId }: RecordNames = record;
      const id = waitId ?? openId;
      const wait = [...this.waits].find(([, each]) => each === id)?.[0];
      if (wait === undefined) continue;
      const granted = ['locked', 'opened', 'changed'].includes(record.kind);
      if (!granted && record.kind !== 'dropped') continue;
      this.waits.delete(wait);
      if (record.kind === 'dropped')
        ended.push({ wait, result: dropped(record.reason), cycle: record.cycle });
      else ended.push({ wait, result: 'ok', cycle: undefined });
    }
    return ended;
  }

  /** The listing of the files of this history, each waiter within the row that it waits for. */
  async rows(): Promise<LockView[]> {
    const rows: LockView[] = [];
    for (const { fileKey } of this.inodes.map((_, file) => fileRef(file, ''))) {
      const reply = await this.table.call('lockList', { after: 0, limit: 1000, tree: true, fileKey });
      rows.push(...reply.value.locks);
    }
    return rows;
  }

  private file(on: Descriptor): FileRef {
    return fileRef(on.file, this.inodes[on.file] ?? '');
  }

  private blocker(found: { type: string; pid: number; kind: string } & Partial<TableRange>): Blocker {
    const actor = found.kind === 'ofd' ? -1 : this.pids.indexOf(found.pid);
    return { type: found.type as LockType, ...rangeOf(found), actor: actor < 0 ? undefined : actor };
  }
}

const limits = {
  sessionLocksMax: 1000,
  sessionsMax: 100,
  queueMax: 100,
  rangesMax: 1000,
  fileDelegationsMax: 0,
  sessionDelegationsMax: 0,
  exportDelegationsMax: 0,
  revokedMax: 100,
  courtesyMax: 0,
  coolMs: 0,
  graceMs: 0,
  recoveryMs: 0,
  unusedMs: 60_000,
  rememberMs: 60_000,
  askMs: 5000,
  lostMs: 5000,
};

const dropped = (reason: string | undefined): string =>
  reason === 'deadlock' ? 'EDEADLK' : reason === 'cancelled' ? 'EINTR' : (reason ?? '');

/** The lines of /proc/locks for a row and its waiters, without numbers. */
export const linesOf = (row: LockView): string[] =>
  procLocksLines(row)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^\d+: /, ''));

/** The line of a row alone, held or waiting. */
export const lineOf = (row: LockView): string =>
  (linesOf({ ...row, waiters: undefined })[0] ?? '').replace(/^ *-> /, '');

const session = (actor: number): { sessionId: string; digest: string } => ({
  sessionId: `s${String(actor)}`,
  digest: `s${String(actor)}`,
});

function owner(on: Descriptor): { owner: string; ownerKey: string; clientKey: string } {
  const name = `description${String(on.description)}`;
  return { owner: name, ownerKey: `s${String(on.actor)}/${name}`, clientKey: `s${String(on.actor)}` };
}

/** POSIX locks belong to the process, the others to the open file description. */
export function ownerOf(
  on: Descriptor,
  kind: LockKind,
): { owner: string; ownerKey: string; clientKey: string } {
  const clientKey = `s${String(on.actor)}`;
  return kind === 'posix' ? { owner: clientKey, ownerKey: clientKey, clientKey } : owner(on);
}

const openIdOf = (on: Descriptor): string => `o${String(on.description)}`;

const fileRef = (file: number, inode: string): FileRef => ({
  fileKey: `local/f${String(file)}`,
  exportName: 'local',
  path: `f${String(file)}`,
  fileId: `f${String(file)}`,
  inode,
});
