import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLeaseApi } from '../support/service';
import { here } from './built';
import { type Figure, median, noted } from './figure';
import type { LoadJobs } from './load';
import { SideProcess } from './side-process';
import { type Contender, type Effort, inTurns } from './turns';

const inFlight = 50;

/** Nothing is counted: what the metrics cost is what this saves. */
const unmeasured = `const prom = require('prom-client');
prom.Counter.prototype.labels = () => ({ inc() {} });
prom.Histogram.prototype.labels = () => ({ observe() {} });
prom.collectDefaultMetrics = () => undefined;
`;
/** Every span is recorded and handed to an exporter that sends nothing. */
const traced = `const { NodeSDK, tracing } = require('@opentelemetry/sdk-node');
const exporter = { export: (spans, done) => done({ code: 0 }), shutdown: async () => undefined };
new NodeSDK({ spanProcessors: [new tracing.BatchSpanProcessor(exporter)], instrumentations: [] }).start();
`;

/** What an operator's eyes cost: processor time of the lease API with and without metrics, access log and traces. */
export async function eyes(effort: Effort): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-eyes-'));
  const load = new SideProcess<LoadJobs>('load');
  const started: { stop(): unknown }[] = [load];
  const contender = async (
    name: string,
    preload: string,
    env: Record<string, string> = {},
  ): Promise<Contender> => {
    const file = join(folder, `${name.replace(/\W/g, '-')}.cjs`);
    const packages = JSON.stringify(join(here, 'package.json'));
    writeFileSync(file, `require = require('node:module').createRequire(${packages});\n${preload}`);
    const nodeFlags = ['--require', file];
    const api = await startLeaseApi({ nodeFlags, env: { OTEL_METRICS_EXPORTER: 'none', ...env } });
    started.push(api);
    return {
      servers: { [name]: () => api.pid },
      load: (ms) => load.ask('leases', { url: api.url, inFlight, ms }),
    };
  };
  try {
    const contenders = [
      await contender('metrics (as it is)', ''),
      await contender('no metrics', unmeasured),
      await contender('metrics and access log', '', { LEASEHOLD_ACCESS_LOG: 'on' }),
      await contender('metrics and traces', traced, { OTEL_LOGS_EXPORTER: 'none' }),
    ];
    const turns = await inTurns(contenders, effort);
    const spent = turns.map((each) => each.flatMap(({ micros }) => Object.values(micros)));
    const usual = spent[0] ?? [];
    return [
      {
        title: 'What metrics, access log and traces cost',
        method:
          'One pair is a lease that is taken and given back: two requests. Processor time of the lease API over the embedded ' +
          `table, ${String(inFlight)} in flight; the ratio is to the turn as it is of the same round. Spans are recorded and not sent.`,
        rows: contenders.map(({ servers }, at) => {
          const own = spent[at] ?? [];
          const ratios = own.map((micros, round) => micros / (usual[round] ?? Number.NaN));
          return noted({
            contender: Object.keys(servers)[0] ?? '',
            'µs a pair': median(own),
            ratio: median(ratios),
            lowest: Math.min(...ratios),
            highest: Math.max(...ratios),
          });
        }),
      },
    ];
  } finally {
    for (const each of started.reverse()) await each.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
