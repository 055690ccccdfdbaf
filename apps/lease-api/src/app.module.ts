import { randomBytes, randomInt } from 'node:crypto';
import { join, resolve } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { Redis } from 'ioredis';
import { Strangers, Tls, tlsFailure } from '#rpc';
import { programVersion, type Values } from '#telemetry';
import {
  addressText,
  type ExportView,
  openEmbeddedTable,
  openLmdbStore,
  openRedisTable,
  redisClient,
  type Table,
  type TableEvents,
  type TlsFor,
  witnessDirectory,
} from '#locks';
import { Arbiter } from './application/arbiter';
import { ForcedReleases } from './application/forced-releases';
import { FileAttributes } from './application/attributes';
import { Changes } from './application/changes';
import { ClusterEvents } from './application/cluster-events';
import { Watches } from './application/watches';
import { Delegations } from './application/delegations';
import { Connections } from './application/connections';
import { Dlm } from './application/dlm';
import { EventStreams } from './application/event-streams';
import { Exports } from './application/exports';
import { Failures } from './failures';
import { Fences } from './application/fences';
import { Holders } from './application/holders';
import { Items } from './application/items';
import type { AdapterAddress } from './application/fileserver-port';
import { Fileservers } from './application/fileservers';
import { Journal } from './application/journal';
import { Leases } from './application/leases';
import { Locks } from './application/locks';
import { Mailboxes } from './application/mailbox';
import { TableKey } from './application/memento';
import { Names } from './application/names';
import { NearNames } from './application/near-names';
import { Nodes } from './application/nodes';
import { Operations } from './application/operations';
import { Opens } from './application/opens';
import { Pins } from './application/pins';
import { Ranges } from './application/ranges';
import { Semaphores } from './application/semaphores';
import { Sets } from './application/sets';
import { Readiness } from './application/readiness';
import { Relay } from './application/relay';
import { Sessions } from './application/sessions';
import { Stateids } from './application/stateids';
import { StreamQuota } from './application/stream-quota';
import { Subjects } from './application/subjects';
import { Sweeper } from './application/sweeper';
import { Waits } from './application/waits';
import type { Config } from './config';
import { FileserverClient } from './fileserver/fileserver.client';
import { FileserverController } from './fileserver/fileserver.controller';
import { Keyring, type RpcKey } from './fileserver/keyring';
import { Porter } from './fileserver/porter';
import { RpcLog } from './fileserver/rpc-log';
import { BatchCalls } from './http/batch';
import { BatchController } from './http/batch.controller';
import { AttributesController } from './http/attributes.controller';
import { RightsGuard } from './http/credentials.guard';
import { ChangesController } from './http/changes.controller';
import { ClusterEventsController } from './http/cluster-events.controller';
import { WatchController } from './http/watch.controller';
import { DelegationsController } from './http/delegations.controller';
import { DlmController } from './http/dlm.controller';
import { EventsController } from './http/events.controller';
import { ExportsController } from './http/exports.controller';
import { FencesController } from './http/fences.controller';
import { Authenticator } from './identity/authenticator';
import { RegionsController } from './http/regions.controller';
import { LeasesController } from './http/leases.controller';
import { LocksController } from './http/locks.controller';
import { NodesController } from './http/nodes.controller';
import { OpensController } from './http/opens.controller';
import { OperationsController } from './http/operations.controller';
import { OpsController } from './http/ops.controller';
import { PinsController } from './http/pins.controller';
import { ProblemFilter } from './http/problem.filter';
import { RateLimits } from './http/rate-limit';
import { PermitsController } from './http/permits.controller';
import { SetsController } from './http/sets.controller';
import { RangesController } from './http/ranges.controller';
import { SessionsController } from './http/sessions.controller';
import { quotaIn } from './identity/limits';
import { SubjectsController } from './http/subjects.controller';
import { Standing } from './http/standing';
import { Unsent } from './http/unsent';
import { StacksController } from './http/stacks.controller';
import { LockManager } from './dlm/lock-manager';
import { LockManagerController } from './dlm/lock-manager.controller';
import { GrpcCalls } from './grpc/calls';
import { Callbacks } from './nfs/callbacks';
import { NfsGrpcController } from './nfs/nfs-grpc.controller';
import { LockManagerLog, NfsLog } from './nfs/nfs-log';
import { NfsState } from './nfs/nfs-state';
import { NfsTcpController } from './nfs/nfs-tcp.controller';
import { WaitsController } from './http/waits.controller';
import type { Audit } from './telemetry/audit';
import type { Log } from './telemetry/logger';
import { Metrics } from './telemetry/metrics';

/** How long Redis may take to count a request. */
const ratesMs = 1_000;

/** The service without its transports. */
export class Application {
  readonly sessions: Sessions;
  readonly leases: Leases;
  readonly opens: Opens;
  readonly ranges: Ranges;
  readonly semaphores: Semaphores;
  readonly sets: Sets;
  readonly dlm: Dlm;
  readonly connections: Connections;
  readonly changes: Changes;
  readonly delegations: Delegations;
  readonly attributes: FileAttributes;
  readonly waits: Waits;
  readonly stateids: Stateids;
  readonly failures: Failures;
  readonly fences: Fences;
  readonly locks: Locks;
  readonly exports: Exports;
  readonly items: Items;
  readonly near: NearNames;
  readonly pins: Pins;
  readonly operations: Operations;
  readonly nodes: Nodes;
  readonly fileservers: Fileservers;
  readonly streams: EventStreams;
  readonly clusterEvents: ClusterEvents;
  readonly watches: Watches;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly keyring: Keyring;
  readonly authenticator: Authenticator;
  readonly audit: Audit | undefined;
  readonly subjects: Subjects;
  readonly streamQuota: StreamQuota;
  readonly rates = new RateLimits();
  readonly standing = new Standing();
  /** Connections to each port that have proven nothing yet. */
  readonly strangers: Readonly<Record<'http' | 'rpc' | 'grpc', Strangers>>;
  private readonly fileserverClient: FileserverClient;
  private readonly relay: Relay;
  private readonly arbiter: Arbiter;
  private readonly sweeper: Sweeper;
  private readonly names: Names;
  private readonly key = new TableKey();
  private readonly closing: (() => void)[] = [];

  constructor(
    readonly config: Config,
    keys: readonly RpcKey[],
    private readonly table: Table,
    readonly log: Log,
    { audit, tls }: { audit?: Audit; tls?: Tls } = {},
  ) {
    this.audit = audit;
    const { breakMs, lockDelayMs, askMs, localExports } = config;
    this.keyring = new Keyring(keys, this.key);
    this.metrics = new Metrics();
    this.fileserverClient = new FileserverClient(askMs, this.keyring, log, tls);
    this.arbiter = new Arbiter(table, this.fileserverClient, this.metrics, log);
    this.relay = new Relay(table, this.metrics);
    this.relay.follow(new Journal(log, table.shards));
    if (audit !== undefined) {
      audit.onDrop = () => {
        this.metrics.auditDropped.add(1);
      };
      this.relay.follow(new ForcedReleases(audit));
    }
    this.exports = new Exports(this.arbiter, this.fileserverClient, this.relay, {
      names: localExports,
      served: config.servedExports,
      breakMs,
      lockDelayMs,
      directories: config.directoryDelegations,
    });
    this.exports.onMissing = () => this.identify();
    this.sessions = new Sessions(
      this.arbiter,
      (names) => quotaIn(this.authenticator.limitsOf(names)),
      this.key,
    );
    this.leases = new Leases(this.arbiter, this.exports, this.relay, askMs);
    this.opens = new Opens(this.arbiter, this.exports, this.relay, askMs);
    this.ranges = new Ranges(this.arbiter, this.exports, this.relay);
    this.semaphores = new Semaphores(this.arbiter, this.exports, this.relay);
    this.sets = new Sets(this.arbiter, this.leases, this.ranges, this.semaphores);
    this.dlm = new Dlm(this.arbiter, this.exports, this.relay);
    this.connections = new Connections(this.arbiter, this.exports);
    this.changes = new Changes(this.arbiter, this.exports, this.relay);
    this.delegations = new Delegations(this.arbiter, this.exports, this.relay, askMs);
    this.attributes = new FileAttributes(this.arbiter, this.exports, this.relay);
    this.waits = new Waits(this.arbiter);
    this.stateids = new Stateids(this.arbiter);
    const holders = new Holders(this.arbiter);
    this.failures = new Failures(log);
    const { adminToken: admin, storageToken: storage, callersFile: file } = config;
    this.authenticator = new Authenticator({ admin, storage, file }, this.failures, log);
    this.subjects = new Subjects(this.arbiter, (names) => quotaIn(this.authenticator.limitsOf(names)), log);
    this.streamQuota = new StreamQuota((names) => this.authenticator.limitsOf(names));
    this.authenticator.onChange = () => {
      this.standing.look();
      void this.subjects.refresh();
    };
    const perAddress = (): number | undefined => this.authenticator.connectionsPerAddress;
    this.strangers = {
      http: new Strangers(undefined, perAddress).countBytes(),
      rpc: new Strangers(undefined, perAddress),
      grpc: new Strangers(undefined, perAddress).countBytes(),
    };
    this.fences = new Fences(this.arbiter, this.exports, holders);
    this.locks = new Locks(this.arbiter, this.exports, this.metrics, log);
    this.operations = new Operations(this.arbiter, this.relay, log);
    const { directoryDelegations: directories } = config;
    this.items = new Items(
      this.arbiter,
      this.operations,
      holders,
      { breakMs, lockDelayMs, directories },
      log,
    );
    this.near = new NearNames(this.items);
    this.pins = new Pins(this.arbiter, this.operations);
    this.nodes = new Nodes(this.arbiter, this.operations);
    this.fileservers = new Fileservers(
      this.arbiter,
      this.exports,
      this.fileserverClient,
      { breakMs, lockDelayMs },
      this.key,
      log,
    );
    this.names = new Names(this.arbiter, this.exports, this.fileserverClient, log);
    const { tableFormat: format } = config;
    this.streams = new EventStreams(this.arbiter, table, this.relay, log, {
      ...{ release: programVersion(), format },
    });
    this.clusterEvents = new ClusterEvents(table, this.exports, this.relay);
    this.watches = new Watches(table, this.exports, this.relay);
    this.readiness = new Readiness(table, this.exports, this.arbiter);
    this.sweeper = new Sweeper(
      this.arbiter,
      this.relay,
      () => this.identify(),
      (holdings) => {
        this.metrics.holdings = holdings;
      },
      log,
    );
    this.measure();
  }

  /** The gauges, each where its value is. */
  private measure(): void {
    const { metrics, arbiter, relay, streams, table, exports } = this;
    // Several gauges read it in one scrape.
    const exportsNow = briefly(() => exports.list().catch(() => []));
    const byExport = (of: (each: ExportView) => number) => async () =>
      (await exportsNow()).map((each) => [[each.name], of(each)] as const);
    metrics.value(
      'leasehold_fileserver_asks_in_flight',
      'setlease calls in flight or waiting for their turn',
      () => arbiter.asksInFlight,
    );
    metrics.gauge(
      'leasehold_subject_use',
      'What subjects with limits use: sessions, rows and waits, of the first 1,000 of them',
      ['tenant', 'subject', 'of'],
      () => this.subjects.use().catch(() => []),
    );
    metrics.gauge(
      'leasehold_unproven_connections',
      'Connections whose other end has not shown yet that it may do anything, by port',
      ['port'],
      () => Object.entries(this.strangers).map(([port, { size }]) => [[port], size] as const),
    );
    metrics.value('leasehold_requests_parked', 'Requests that are held while they wait', () => relay.parked);
    metrics.gauge('leasehold_event_streams', 'Open event streams, by what they tell', ['of'], () => [
      [['session'], streams.size],
      [['cluster'], this.clusterEvents.size],
      [['watch'], this.watches.size],
    ]);
    metrics.value('leasehold_table_ready', '1 if the table can be reached', () => (table.ready() ? 1 : 0));
    metrics.value(
      'leasehold_table_bytes',
      'Size of the file of the embedded table, or memory that Redis uses in all',
      () => table.bytes(),
    );
    metrics.gauge(
      'leasehold_unconfirmed_files',
      'Files whose hold the fileserver has not confirmed',
      ['export'],
      byExport(({ unconfirmed }) => unconfirmed),
    );
    metrics.gauge(
      'leasehold_export_up',
      '1 if the export can be used: its adapter serves it, or it needs none',
      ['export'],
      byExport(({ local, state }) => (local || state === 'up' ? 1 : 0)),
    );
    metrics.gauge('leasehold_adapters', 'Fileserver adapters by stack and state', ['stack', 'state'], () =>
      this.adapterCounts(),
    );
  }

  private async adapterCounts(): Promise<Values> {
    const { stacks } = await this.arbiter.run('stackList', {}).catch(() => ({ stacks: [] }));
    const counts = new Map<string, number>();
    for (const { name, adapters } of stacks)
      for (const { state } of adapters)
        counts.set(`${name} ${state}`, (counts.get(`${name} ${state}`) ?? 0) + 1);
    return [...counts].map(([of, count]) => [of.split(' '), count] as const);
  }

  /**
   * Registers with the table and begins to sweep it. Throws TableUnreachable, or if the table must exist and does not.
   */
  async start(): Promise<void> {
    this.relay.start();
    await this.identify(this.config.newTable === 'refuse');
    this.sweeper.start();
    this.streams.start();
    this.names.start();
    this.readiness.started();
    await this.fileservers.compareAll();
    void this.subjects.refresh();
  }

  /** Where request rates are counted, if the table is in Redis and there are rates. */
  ratesRedis(): Redis | undefined {
    const { table } = this.config;
    if (table.kind !== 'redis' || this.config.callersFile === undefined) return undefined;
    const tls = this.config.tableTls && new Tls(this.config.tableTls, this.log);
    const options = {
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      connectTimeout: ratesMs,
      commandTimeout: ratesMs,
    };
    const redis = redisClient(table.at, this.config.tableName, options, tls && tlsFor(tls));
    redis.on('error', (error) => {
      this.log.debug({ err: error }, 'request rates are not counted: Redis cannot be reached');
    });
    this.closing.push(() => {
      redis.disconnect();
    });
    return redis;
  }

  /** Ends streams and waits, so that transports can close. */
  quiesce(): void {
    this.readiness.stopping();
    this.streams.stop();
    this.clusterEvents.stop();
    this.watches.stop();
    this.relay.stop();
  }

  /** Ends all work and closes the table. Call it when no request is left. */
  async stop(): Promise<void> {
    this.authenticator.stop();
    this.standing.stop();
    await this.sweeper.stop();
    await this.names.stop();
    await this.fileservers.stop();
    await this.exports.flush().catch(() => undefined);
    await this.sayGoodbye().catch(() => undefined);
    await this.streams.leave().catch(() => undefined);
    await this.arbiter.stop();
    this.fileserverClient.close();
    await this.table.close();
    for (const close of this.closing) close();
    await this.audit?.stop();
  }

  /** Tells adapters that this process stops, after its last answer to them. */
  private async sayGoodbye(): Promise<void> {
    const adapters = new Map<string, AdapterAddress>();
    for (const { local, state, endpoint, incarnation } of await this.exports.list())
      if (!local && state === 'up') adapters.set(incarnation, { endpoint, incarnation });
    await Promise.all([...adapters.values()].map((each) => this.fileserverClient.goodbye(each)));
  }

  private async identify(mustExist = false): Promise<void> {
    const [seen, ...seenElsewhere] = this.relay.at;
    const proposed = this.key.value === '' ? randomBytes(32).toString('base64url') : this.key.value;
    const { limits } = this.config;
    const { server } = this.streams;
    const self = {
      identity: '',
      ...{ seen, seenElsewhere },
      salt: randomInt(2 ** 31),
      limits,
      key: proposed,
      mustExist,
      server,
    };
    const { epoch, epochs = [epoch], key, restored, fresh } = await this.arbiter.run('identify', self);
    const { table, tableName } = this.config;
    if (fresh && mustExist)
      throw new Error(
        `LEASEHOLD_NEW_TABLE: the table ${tableName} is empty, and no new one may be created; correct LEASEHOLD_TABLE ` +
          'and LEASEHOLD_TABLE_NAME, or restore it from a backup; or, to create a new table, start once with make',
      );
    if (fresh)
      this.log.info(
        {
          table: table.kind,
          name: tableName,
          directory: 'directory' in table ? resolve(table.directory) : undefined,
        },
        'a new table has been made, and nothing is held in it',
      );
    this.key.value = key ?? proposed;
    if (restored)
      this.log.warn(
        {
          epoch,
          graceMs: limits.graceMs,
          next: 'nothing if this was a restore or a restart of its server; otherwise see docs/backup.md',
        },
        'the table was restored or may have lost its latest changes: clients are told to read their state again',
      );
    await this.relay.align(epochs);
    for (const name of await this.exports.declare())
      this.log.error(
        { export: name, next: 'rename one of the two' },
        'LEASEHOLD_LOCAL_EXPORTS or LEASEHOLD_EXPORTS names an export that belongs to another stack; it stays with that stack',
      );
  }
}

/** The same, called at most once within half a second. */
function briefly<T>(read: () => Promise<T>): () => Promise<T> {
  let last: { at: number; value: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at > 500) last = { at: now, value: read() };
    return last.value;
  };
}

/** Opens the table that the configuration names. Throws with the reason if that fails. */
export function openTable(config: Config, events: TableEvents, log: Log): Promise<Table> {
  const { table, tableName, tableTls, newTable, witness = witnessDirectory() } = config;
  if (table.kind === 'embedded') {
    const directory = resolve(table.directory);
    const list = `${directory}.tables`;
    const store = openLmdbStore(join(directory, tableName), {
      list,
      witness,
      mustExist: newTable === 'refuse',
      onUnlisted: (error) => {
        log.info(
          { list, why: error instanceof Error ? error.message : error, next: 'LEASEHOLD_NEW_TABLE=refuse' },
          'the list of tables cannot be written: an unmounted or removed table would not be detected',
        );
      },
    });
    return openEmbeddedTable({ store, ...events });
  }
  const tls = tableTls && new Tls(tableTls, log);
  const where = addressText(table.at);
  return openRedisTable({
    redis: (options, shard) => redisClient(table.at, tableName, options, tls && tlsFor(tls), shard),
    name: tableName,
    address: where,
    moves: table.at.shape !== 'single',
    cluster: table.at.shape === 'cluster',
    shards: config.tableShards,
    shardsIfNew: config.tableShardsIfNew,
    durability: config.durability,
    explained: (error) =>
      tls &&
      (tlsFailure(error, table.at.hosts[0]?.host ?? where, tls.files) ?? missingCertificate(error, tls)),
    ...events,
  });
}

/** Redis refuses a client without a certificate by an alert, which a reset of the connection may overtake. */
function missingCertificate(error: unknown, { files }: Tls): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  const wasThere = code === undefined || code === 'ECONNRESET' || code === 'EPIPE';
  return files.cert === undefined && wasThere
    ? 'it may want a client certificate: LEASEHOLD_REDIS_CERT'
    : undefined;
}

/** Options that ioredis copies whenever it connects; it then gets what the files contain at that moment. */
const tlsFor =
  (tls: Tls): TlsFor =>
  (host) => ({
    get ca() {
      return tls.now.ca;
    },
    get cert() {
      return tls.now.cert;
    },
    get key() {
      return tls.now.key;
    },
    ...(host === undefined ? {} : { servername: tls.dialling(host).servername }),
    minVersion: tls.now.minVersion,
  });

/** The controllers. Only providers call `application`, so that the OpenAPI document can be made without one. */
@Module({})
export class AppModule {
  static of(application: () => Application): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        SessionsController,
        EventsController,
        ClusterEventsController,
        WatchController,
        LeasesController,
        OpensController,
        RangesController,
        PermitsController,
        SetsController,
        DlmController,
        ChangesController,
        DelegationsController,
        AttributesController,
        BatchController,
        WaitsController,
        FencesController,
        LocksController,
        ExportsController,
        StacksController,
        NodesController,
        RegionsController,
        PinsController,
        OperationsController,
        SubjectsController,
        OpsController,
        FileserverController,
        NfsTcpController,
        NfsGrpcController,
        LockManagerController,
      ],
      providers: [
        { provide: Sessions, useFactory: () => application().sessions },
        { provide: Leases, useFactory: () => application().leases },
        { provide: Opens, useFactory: () => application().opens },
        { provide: Ranges, useFactory: () => application().ranges },
        { provide: Semaphores, useFactory: () => application().semaphores },
        { provide: Sets, useFactory: () => application().sets },
        { provide: Dlm, useFactory: () => application().dlm },
        { provide: Connections, useFactory: () => application().connections },
        { provide: Changes, useFactory: () => application().changes },
        { provide: Delegations, useFactory: () => application().delegations },
        { provide: FileAttributes, useFactory: () => application().attributes },
        { provide: Waits, useFactory: () => application().waits },
        { provide: Stateids, useFactory: () => application().stateids },
        { provide: Fences, useFactory: () => application().fences },
        { provide: Locks, useFactory: () => application().locks },
        { provide: Items, useFactory: () => application().items },
        { provide: Pins, useFactory: () => application().pins },
        { provide: Operations, useFactory: () => application().operations },
        { provide: Nodes, useFactory: () => application().nodes },
        { provide: Fileservers, useFactory: () => application().fileservers },
        { provide: EventStreams, useFactory: () => application().streams },
        { provide: ClusterEvents, useFactory: () => application().clusterEvents },
        { provide: Watches, useFactory: () => application().watches },
        { provide: Readiness, useFactory: () => application().readiness },
        { provide: Metrics, useFactory: () => application().metrics },
        // One for all event streams: what they leave unsent is bounded together.
        { provide: Unsent, useFactory: () => new Unsent() },
        { provide: Subjects, useFactory: () => application().subjects },
        { provide: StreamQuota, useFactory: () => application().streamQuota },
        { provide: Authenticator, useFactory: () => application().authenticator },
        { provide: RateLimits, useFactory: () => application().rates },
        { provide: Standing, useFactory: () => application().standing },
        { provide: Failures, useFactory: () => application().failures },
        { provide: Keyring, useFactory: () => application().keyring },
        {
          provide: Porter,
          useFactory: () => {
            const { keyring, failures, audit, strangers } = application();
            return new Porter(keyring.door(), failures, strangers.grpc, audit);
          },
        },
        { provide: RpcLog, useFactory: () => new RpcLog(application().log) },
        {
          provide: GrpcCalls,
          inject: [Porter],
          useFactory: (porter: Porter) => new GrpcCalls(porter, application().keyring),
        },
        { provide: NfsLog, useFactory: () => new NfsLog(application().log) },
        { provide: LockManagerLog, useFactory: () => new LockManagerLog(application().log) },
        {
          provide: Mailboxes,
          useFactory: () => new Mailboxes(application().streams, application().streamQuota),
        },
        {
          provide: LockManager,
          inject: [Mailboxes, LockManagerLog],
          useFactory: (mailboxes: Mailboxes, log: LockManagerLog) =>
            new LockManager(application(), mailboxes, log),
        },
        {
          provide: Callbacks,
          inject: [Mailboxes],
          useFactory: (mailboxes: Mailboxes) =>
            new Callbacks(mailboxes, application().leases, application().delegations),
        },
        {
          provide: NfsState,
          inject: [Callbacks, NfsLog],
          useFactory: (callbacks: Callbacks, log: NfsLog) => new NfsState(application(), callbacks, log),
        },
        RightsGuard,
        {
          provide: ProblemFilter,
          useFactory: () => {
            const { log, failures, near } = application();
            return new ProblemFilter(log, failures, near);
          },
        },
        {
          provide: BatchCalls,
          inject: [ProblemFilter],
          useFactory: (filter: ProblemFilter) => new BatchCalls(filter),
        },
        { provide: APP_FILTER, useExisting: ProblemFilter },
      ],
    };
  }
}
