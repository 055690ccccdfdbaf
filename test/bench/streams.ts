import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { startLeaseApi } from '../support/service';
import { clockMs, type Figure, median, noted } from './figure';
import type { ListenerJobs } from './listeners';
import { SideProcess } from './side-process';
import { type Effort, processorMs } from './turns';

/** A break event as it stands in the stream, with the frame of its chunk. */
const frameBytes = 330;

interface Used {
  heapUsed: number;
  external: number;
}

/** Many event streams on one lease API: their memory, a break for all of them, and what they cost while nothing happens. */
export async function streams({ rounds, ms, streams: count }: Effort): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
  const memory = join(directory, 'memory');
  const api = await startLeaseApi({
    env: { BENCH_MEMORY: memory },
    nodeFlags: ['--expose-gc', '-r', join(__dirname, 'used-memory.cjs')],
  });
  const used = async (): Promise<number> => {
    rmSync(memory, { force: true });
    process.kill(api.pid, 'SIGUSR2');
    const { heapUsed, external } = await eventually(() => JSON.parse(readFileSync(memory, 'utf8')) as Used);
    return heapUsed + external;
  };
  const [listeners, bare, bareListeners] = [
    new SideProcess<ListenerJobs>('listeners'),
    new SideProcess<ListenerJobs>('listeners'),
    new SideProcess<ListenerJobs>('listeners'),
  ];
  try {
    await listeners.ask('sessions', { url: api.url, count });
    const without = await used();
    await listeners.ask('streams', { url: api.url });
    const bytes = (await used()) - without;
    const port = await bare.ask('serve', undefined);
    await bareListeners.ask('connect', { port, count });
    const [ours, floors]: [number[], number[]] = [[], []];
    for (let round = -1; round < rounds; round++) {
      const file = `streams/${String(round)}.dat`;
      await listeners.ask('take', { file });
      let before = processorMs(api.pid);
      await listeners.ask('open', { file });
      const spent = processorMs(api.pid) - before;
      await listeners.ask('release', undefined);
      before = processorMs(bare.pid);
      const heard = bareListeners.ask('hear', { count });
      await bare.ask('write', { bytes: frameBytes });
      await heard;
      if (round < 0) continue;
      ours.push((spent * 1000) / count);
      floors.push(((processorMs(bare.pid) - before) * 1000) / count);
    }
    // Two rounds of pings.
    const [spentBefore, startedAt] = [processorMs(api.pid), clockMs()];
    await new Promise((resolve) => setTimeout(resolve, 10 * ms));
    const idle = ((processorMs(api.pid) - spentBefore) * 1000) / (clockMs() - startedAt);
    return [
      {
        title: 'Event streams on one lease API: memory, a break to all, idle',
        method:
          'A session, and a read lease on one file, for each stream. Memory: heap and external after a collection, above that with the sessions alone. ' +
          `Break: processor time of the lease API an event, and of a bare server that writes ${String(frameBytes)} bytes to as many sockets, ` +
          'in turns, medians. Idle: processor time a second.',
        rows: [
          noted({
            streams: count,
            'bytes a stream': bytes / count,
            'break µs an event': median(ours),
            'bare µs an event': median(floors),
            'break / bare': median(ours.map((each, at) => each / (floors[at] ?? Number.NaN))),
            'idle ms a second': idle,
          }),
        ],
      },
    ];
  } finally {
    for (const each of [listeners, bare, bareListeners]) each.stop();
    await api.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
