import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { programVersion } from './version';

/** Gauges of Node's own metrics whose names break Prometheus's rules; others say the same. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** The values of one metric by the values of its labels, in the order of its label names. */
export type Values = Iterable<readonly [labels: readonly string[], value: number]>;

/** A counter or a histogram. */
export interface Instrument {
  /** Adds a number to a counter, or an observation to a histogram. */
  add(value: number, ...labels: string[]): void;
}

/** Creates the metrics of one program. Durations are in seconds, as Prometheus wants them. */
export class Instruments {
  private readonly registry = new Registry();

  /** @param program the name of the program, for `leasehold_build_info` */
  constructor(program: string) {
    collectDefaultMetrics({ register: this.registry });
    for (const name of misnamed) this.registry.removeSingleMetric(name);
    this.gauge(
      'leasehold_build_info',
      'The running version; always 1',
      ['program', 'version', 'node'],
      () => [[[program, programVersion(), process.version], 1]],
    );
  }

  counter(name: string, help: string, labelNames: readonly string[] = []): Instrument {
    const counter = new Counter({ name, help, labelNames, registers: [this.registry] });
    // A counter with labels has no value before the first is known.
    return cached((labels) => {
      const child = counter.labels(...labels);
      return (value) => {
        child.inc(value);
      };
    });
  }

  histogram(name: string, help: string, labelNames: readonly string[], buckets: number[]): Instrument {
    const histogram = new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
    return cached((labels) => {
      const child = histogram.labels(...labels);
      return (value) => {
        child.observe(value);
      };
    });
  }

  /** A gauge that is read at each scrape; without values it is not shown. */
  gauge(
    name: string,
    help: string,
    labelNames: readonly string[],
    read: () => Values | Promise<Values>,
  ): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      async collect() {
        const values = await read();
        this.reset();
        // Without labels, `reset` has left a 0.
        if (labelNames.length === 0) this.remove();
        for (const [labels, value] of values) this.labels(...labels).set(value);
      },
    });
  }

  /** The Prometheus text format, version 0.0.4. */
  exposition(): Promise<string> {
    return this.registry.metrics();
  }
}

/** Looking up a child by its labels costs more than counting with it. */
function cached(childOf: (labels: string[]) => (value: number) => void): Instrument {
  const children = new Map<string, (value: number) => void>();
  return {
    add(value, ...labels) {
      const key = labels.join(' ');
      let child = children.get(key);
      if (child === undefined) children.set(key, (child = childOf(labels)));
      child(value);
    },
  };
}

/** The content type of the exposition. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';
