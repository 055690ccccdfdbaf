import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Values that are read at the moment of a scrape. */
export interface Gauges {
  asksInFlight(): number;
  parked(): number;
  streams(): number;
  tableReady(): boolean;
  /** Files whose hold the fileserver has not confirmed, by export. */
  unconfirmed(): Promise<ReadonlyMap<string, number>>;
}

/** Every metric of the service. Durations are in seconds, as Prometheus wants them. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'leasehold_http_request_seconds',
    help: 'Requests by route and status; held requests include their wait',
    labelNames: ['route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10, 60],
    registers: [this.registry],
  });
  private readonly verbs = new Histogram({
    name: 'leasehold_verb_seconds',
    help: 'Duration of steps on the table, until durable',
    labelNames: ['verb'] as const,
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1],
    registers: [this.registry],
  });
  private readonly asks = new Counter({
    name: 'leasehold_fileserver_asks_total',
    help: 'setlease calls to fileservers by outcome',
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  });
  private readonly records = new Counter({
    name: 'leasehold_records_total',
    help: 'Records of the table, by kind, as seen by this node',
    labelNames: ['kind'] as const,
    registers: [this.registry],
  });
  private readonly unfenced = new Counter({
    name: 'leasehold_unfenced_releases_total',
    help: 'Locks that an administrator released without waiting for the fileserver',
    registers: [this.registry],
  });
  private readonly cuts = new Counter({
    name: 'leasehold_event_streams_cut_total',
    help: 'Event streams that were cut because their reader was too slow',
    registers: [this.registry],
  });
  /** Cached: looking up a child by its labels costs more than counting with it. */
  private readonly requestChildren = new Map<string, { observe(seconds: number): void }>();
  private readonly verbChildren = new Map<string, { observe(seconds: number): void }>();

  constructor(gauges: Gauges) {
    collectDefaultMetrics({ register: this.registry });
    const gauge = (name: string, help: string, read: () => number): void => {
      new Gauge({
        name,
        help,
        registers: [this.registry],
        collect() {
          this.set(read());
        },
      });
    };
    gauge('leasehold_fileserver_asks_in_flight', 'setlease calls in flight or waiting for their turn', () =>
      gauges.asksInFlight(),
    );
    gauge('leasehold_requests_parked', 'Requests that are held while they wait', () => gauges.parked());
    gauge('leasehold_event_streams', 'Open event streams', () => gauges.streams());
    gauge('leasehold_table_ready', '1 if the table can be reached', () => (gauges.tableReady() ? 1 : 0));
    new Gauge({
      name: 'leasehold_unconfirmed_files',
      help: 'Files whose hold the fileserver has not confirmed',
      labelNames: ['export'] as const,
      registers: [this.registry],
      async collect() {
        const counts = await gauges.unconfirmed();
        this.reset();
        for (const [name, count] of counts) this.set({ export: name }, count);
      },
    });
  }

  request(route: string, status: number, seconds: number): void {
    const key = `${route} ${String(status)}`;
    let child = this.requestChildren.get(key);
    if (child === undefined)
      this.requestChildren.set(key, (child = this.requests.labels(route, String(status))));
    child.observe(seconds);
  }
  verb(name: string, seconds: number): void {
    let child = this.verbChildren.get(name);
    if (child === undefined) this.verbChildren.set(name, (child = this.verbs.labels(name)));
    child.observe(seconds);
  }
  ask(outcome: string): void {
    this.asks.inc({ outcome });
  }
  record(kind: string): void {
    this.records.inc({ kind });
  }
  unfencedRelease(): void {
    this.unfenced.inc();
  }
  streamCut(): void {
    this.cuts.inc();
  }

  /** The Prometheus text format, version 0.0.4. */
  exposition(): Promise<string> {
    return this.registry.metrics();
  }
}
