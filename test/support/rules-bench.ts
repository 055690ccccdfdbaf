import type { HoldAsk, RangesAsk, VerbInput, VerbName, VerbOutput } from '#locks';
import type { Limits, RecordBody, RecordRow } from '../../libs/locks/src/core/rows';
import { checkInvariants } from './invariants';
import { PlainRows } from './plain-rows';
import { scenarioLimits } from './scenario';

type Given<V extends VerbName> = Partial<VerbInput<V>>;

/** The rules alone, called verb by verb: for tests of complete answers and records. */
export class Bench {
  readonly clock = { now: 1_700_000_000_000 };
  readonly rows = new PlainRows(this.clock);
  /** Asks that the fileserver has not answered. */
  asks: HoldAsk[] = [];
  readonly rangeAsks: RangesAsk[] = [];
  readonly limits: Limits;
  private seen = 0;

  /** `place`: of a table in several shards, this is one. */
  constructor(limits: Partial<Limits> = {}, place: { shard?: number; shards?: number } = {}) {
    this.limits = { ...scenarioLimits, ...limits };
    this.ask('identify', { identity: 'bench', limits: this.limits, ...place });
  }

  ask<V extends VerbName>(verb: V, input: VerbInput<V>): VerbOutput<V> {
    const { value, asks, rangeAsks = [] } = this.rows.play(verb, input);
    this.asks.push(...asks);
    this.rangeAsks.push(...rangeAsks);
    checkInvariants(this.rows);
    return value;
  }

  /** Advances the time and sweeps what is due. */
  pass(ms: number): void {
    const end = this.clock.now + ms;
    while (this.clock.now < end) {
      this.clock.now = Math.min(end, this.clock.now + 1000);
      while (this.ask('tick', {}).nextMs === 0);
    }
  }

  /** The records since the last call. */
  told(): RecordBody[] {
    const news = this.rows.records.slice(this.seen);
    this.seen = this.rows.records.length;
    return news.map((record: RecordRow) => {
      const body: Partial<RecordRow> = { ...record };
      delete body.no;
      delete body.epoch;
      delete body.wall;
      return body as RecordBody;
    });
  }

  /** The records about the tree since the last call, one line each. */
  news(): string[] {
    return this.told().flatMap((record) =>
      record.kind === 'configured' ? [`${record.item} ${record.reason}`] : [],
    );
  }

  // --- common requests

  session(sessionId: string, more: Given<'sessionCreate'> = {}): VerbOutput<'sessionCreate'> {
    return this.ask('sessionCreate', { sessionId, digest: sessionId, ttlMs: 300_000, pid: 7, ...more });
  }

  declare(name = 'local', more: Given<'exportDeclare'> = {}): void {
    this.ask('exportDeclare', { name, breakMs: 45_000, lockDelayMs: 0, ...more });
  }

  register(incarnation: string, exports: string[], more: Given<'register'> = {}): VerbOutput<'register'> {
    return this.ask('register', {
      ...{ stack: 'posix', version: '1.2.3', major: 1, minor: 2, incarnation, endpoint: `at ${incarnation}` },
      process: processOf(incarnation),
      ...{ exports, breakMs: 45_000, lockDelayMs: 0, breakLimitMs: 45_000 },
      ...more,
    });
  }

  /** An adapter registers and holds nothing yet. */
  serve(incarnation: string, exports: string[], more: Given<'register'> = {}): void {
    this.register(incarnation, exports, more);
    this.ask('holdReport', { incarnation, holds: [], done: true });
  }

  beat(incarnation: string, exports: string[], more: Given<'heartbeat'> = {}): VerbOutput<'heartbeat'> {
    return this.ask('heartbeat', { incarnation, exports, dead: [], ...more });
  }

  put(name: string, more: Given<'exportPut'> = {}): VerbOutput<'exportPut'> {
    const defaults = { breakMs: 45_000, lockDelayMs: 0, own: {} };
    return this.ask('exportPut', { name, stack: 'local', policy: 'refuse', ...defaults, ...more });
  }

  lease(
    leaseId: string,
    sessionId: string,
    path: string,
    type: 'read' | 'write',
    more: Given<'leaseAcquire'> = {},
  ): VerbOutput<'leaseAcquire'> {
    const item = { leaseId, ...fileOf(path), ...ownerOf(sessionId) };
    return this.ask('leaseAcquire', { sessionId, item, type, ...more });
  }

  open(
    openId: string,
    sessionId: string,
    path: string,
    access: 'read' | 'write' | 'both',
    more: Given<'openCreate'> = {},
  ): VerbOutput<'openCreate'> {
    const request = { ...{ sessionId, openId, access }, file: fileOf(path), ...ownerOf(sessionId) };
    return this.ask('openCreate', { ...request, deny: 'none', waitMs: 0, ...more });
  }

  lock(
    rangeId: string,
    sessionId: string,
    path: string,
    type: 'read' | 'write',
    more: Given<'rangeLock'> = {},
  ): VerbOutput<'rangeLock'> {
    const request = { ...{ sessionId, rangeId, type }, splitId: `${rangeId}'`, file: fileOf(path) };
    return this.ask('rangeLock', {
      ...{ ...request, ...ownerOf(sessionId), class: 'posix', ...bytes(0, 9), waitMs: 0 },
      ...more,
    });
  }

  change(changeId: string, sessionId: string, path: string, more: Given<'fileChange'> = {}) {
    const request = { ...{ sessionId, changeId }, file: fileOf(path), ...ownerOf(sessionId) };
    return this.ask('fileChange', { ...request, kind: 'truncate', quietMs: 0, waitMs: 0, ...more });
  }

  /** The fileserver answers its asks as requested. */
  answer(): void {
    for (let ask = this.asks.shift(); ask !== undefined; ask = this.asks.shift())
      this.ask('holdAnswered', { fileKey: ask.fileKey, holdGen: ask.holdGen, have: ask.type });
  }
}

export const bytes = (from: number, to: number) => ({ startHi: 0, startLo: from, endHi: 0, endLo: to });

export const processOf = (incarnation: string) => ({
  ...{ hostId: 'h', bootId: 'b', pid: 1, startTicks: incarnation },
});

/** `export/path`; of the export `local`, if no other is named. */
export function fileOf(name: string) {
  const [path = '', exportName = 'local'] = name.split('/').reverse();
  return {
    ...{ fileKey: `${exportName}/${path}`, exportName, path },
    ...{ fileId: `id of ${path}`, inode: 'fe:00:77' },
  };
}

export const ownerOf = (sessionId: string) => ({
  ...{ owner: 'o', ownerKey: `${sessionId}/o`, clientKey: `${sessionId}/` },
});
