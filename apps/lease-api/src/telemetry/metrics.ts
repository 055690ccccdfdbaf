import type { Held, Measured } from '#locks';
import { type Instrument, Instruments, type Values } from '#telemetry';

/** What is held in the table, as of the last sweep. */
export interface Holdings {
  sessions: number;
  courteous: number;
  /** Absent in a table that an earlier version made. */
  held?: Held;
}

/** The metrics of the service (docs/metrics.md). */
export class Metrics extends Instruments {
  /** Set by the sweeper, which asks the table at least once a second. */
  holdings: Holdings | undefined;
  private readonly requests = this.histogram(
    'leasehold_http_request_seconds',
    'Duration of requests by route and status; held requests include their wait',
    ['route', 'status'],
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10, 60],
  );
  private readonly verbs = this.histogram(
    'leasehold_verb_seconds',
    'Duration of steps on the table, until durable',
    ['verb'],
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1],
  );
  private readonly breaks = this.histogram(
    'leasehold_break_seconds',
    'From the start of a break to its end, by outcome: answered, or why leases were taken',
    ['outcome'],
    [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60],
  );
  private readonly waits = this.histogram(
    'leasehold_wait_seconds',
    'Time in the queue, by kind of request and outcome: granted, or why it ended',
    ['kind', 'outcome'],
    [0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 600, 3600],
  );
  private readonly asks = this.counter(
    'leasehold_fileserver_asks_total',
    'setlease calls to fileservers by outcome',
    ['outcome'],
  );
  private readonly records = this.counter(
    'leasehold_records_total',
    'Records of the table by kind; every node counts all of them',
    ['kind'],
  );
  readonly unfencedReleases: Instrument = this.counter(
    'leasehold_unfenced_releases_total',
    'Locks that an administrator released without waiting for the fileserver',
  );
  readonly streamsCut: Instrument = this.counter(
    'leasehold_event_streams_cut_total',
    'Event streams that were cut because their reader was too slow',
  );

  readonly auditDropped: Instrument = this.counter(
    'leasehold_audit_dropped_total',
    'Audit records that were dropped because the audit log could not take them',
  );

  constructor() {
    super('lease-api');
    const held = (of: (held: Held) => Values) => (): Values => {
      const counts = this.holdings?.held;
      return counts === undefined ? [] : of(counts);
    };
    this.gauge('leasehold_sessions', 'Live sessions', [], () =>
      this.holdings === undefined ? [] : [[[], this.holdings.sessions]],
    );
    this.gauge(
      'leasehold_courtesy_sessions',
      'Sessions whose TTL is over, and whose state is kept until somebody wants it',
      [],
      () => (this.holdings === undefined ? [] : [[[], this.holdings.courteous]]),
    );
    this.gauge(
      'leasehold_leases',
      'Leases held, by type; delegations are counted apart',
      ['type', 'delegation'],
      held(({ reads, writes, delegReads, delegWrites }) => [
        [['read', 'no'], reads],
        [['write', 'no'], writes],
        [['read', 'yes'], delegReads],
        [['write', 'yes'], delegWrites],
      ]),
    );
    this.gauge(
      'leasehold_opens',
      'Opens held',
      [],
      held(({ opens }) => [[[], opens]]),
    );
    this.gauge(
      'leasehold_range_locks',
      'Range locks held',
      [],
      held(({ ranges }) => [[[], ranges]]),
    );
    this.gauge(
      'leasehold_permits',
      'Permits of semaphores held',
      [],
      held(({ permits = 0 }) => [[[], permits]]),
    );
    this.gauge(
      'leasehold_dlm_locks',
      'Locks on resources, by the mode they hold',
      ['mode'],
      held(({ modes = {} }) => Object.entries(modes).map(([mode, n]) => [[mode], n])),
    );
    this.gauge(
      'leasehold_dlm_connections',
      'Connections of sessions to lock domains',
      [],
      held(({ connections = 0 }) => [[[], connections]]),
    );
    this.gauge(
      'leasehold_waiting_requests',
      'Requests in queues, by kind',
      ['kind'],
      held(({ waiting = {} }) => Object.entries(waiting).map(([kind, n]) => [[kind], n])),
    );
    this.gauge(
      'leasehold_breaking_files',
      'Files with a running break',
      [],
      held(({ breaks }) => [[[], breaks]]),
    );
  }

  /** A gauge with one value. */
  value(name: string, help: string, read: () => number | undefined): void {
    this.gauge(name, help, [], () => {
      const value = read();
      return value === undefined ? [] : [[[], value]];
    });
  }

  request(route: string, status: number, seconds: number): void {
    this.requests.add(seconds, route, String(status));
  }
  verb(name: string, seconds: number): void {
    this.verbs.add(seconds, name);
  }
  /** A break or a wait has ended in a step of this node; no other node counts it. */
  measured({ what, outcome, ms }: Measured): void {
    if (what === 'break') this.breaks.add(ms / 1000, outcome);
    else this.waits.add(ms / 1000, what, outcome);
  }
  ask(outcome: string): void {
    this.asks.add(1, outcome);
  }
  record(kind: string): void {
    this.records.add(1, kind);
  }
}
