import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The metrics of the service. Durations are in seconds, as Prometheus wants them. */
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
  readonly unfencedReleases = this.counter(
    'leasehold_unfenced_releases_total',
    'Locks that an administrator released without waiting for the fileserver',
  );
  readonly streamsCut = this.counter(
    'leasehold_event_streams_cut_total',
    'Event streams that were cut because their reader was too slow',
  );
  /** Cached: looking up a child by its labels costs more than counting with it. */
  private readonly requestChildren = new Map<string, { observe(seconds: number): void }>();
  private readonly verbChildren = new Map<string, { observe(seconds: number): void }>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  private counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.registry] });
  }

  /** A value that is read at the moment of a scrape. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** The same, with one value for each export. */
  gaugeByExport(name: string, help: string, read: () => Promise<ReadonlyMap<string, number>>): void {
    new Gauge({
      name,
      help,
      labelNames: ['export'] as const,
      registers: [this.registry],
      async collect() {
        const values = await read();
        this.reset();
        for (const [of, value] of values) this.set({ export: of }, value);
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

  /** The Prometheus text format, version 0.0.4. */
  exposition(): Promise<string> {
    return this.registry.metrics();
  }
}
