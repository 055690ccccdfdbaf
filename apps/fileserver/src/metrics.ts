import type { Driver } from './driver';
import { Instruments } from '#telemetry';

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10];

/** The metrics of the adapter (docs/metrics.md). */
export class AdapterMetrics extends Instruments {
  readonly requests = this.histogram(
    'leasehold_adapter_request_seconds',
    'Duration of requests from lease APIs, by request and outcome: ok, or the reason of a refusal',
    ['request', 'outcome'],
    secondsBuckets,
  );
  readonly calls = this.histogram(
    'leasehold_adapter_call_seconds',
    'Duration of calls to lease APIs, by call and outcome: ok, refused or unanswered',
    ['call', 'outcome'],
    secondsBuckets,
  );
  readonly notices = this.counter(
    'leasehold_adapter_notices_total',
    'What the fileserver did to holds: break, detached or lost',
    ['kind'],
  );

  constructor() {
    super('fileserver');
  }

  /** The gauges, read from the driver and from the messages that wait for a lease API. */
  watch(driver: Driver, waiting: () => number): void {
    this.gauge('leasehold_adapter_holds', 'Files that the fileserver holds for the cluster', [], () => [
      [[], driver.holdCount()],
    ]);
    this.gauge(
      'leasehold_adapter_export_reachable',
      '1 if the fileserver of the export answers and its tree is there',
      ['export'],
      () =>
        driver.exports.map((name) => {
          const reachable = driver.isReachable(name) && driver.gone(name) === undefined;
          return [[name], reachable ? 1 : 0] as const;
        }),
    );
    this.gauge('leasehold_adapter_messages_waiting', 'Messages that a lease API has yet to take', [], () => [
      [[], waiting()],
    ]);
  }
}
