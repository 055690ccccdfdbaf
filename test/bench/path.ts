import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open as openLmdb } from 'lmdb';
import { Leasehold } from '#client';
import type * as breakSignals from '../../apps/fileserver/src/posix/break-signals';
import { setKernelLease, signalThread } from '../../apps/fileserver/src/posix/kernel';
import { compiled } from '../support/openers';
import { startFileserver, startLeaseApi } from '../support/service';
import type { EchoJobs } from './echo';
import { clockMs, type Figure, median, quantile } from './figure';
import type { OpenerJobs } from './opener';
import { SideProcess } from './side-process';

const rounds = 10;
const warmUpRounds = 3;
const perRound = 100;

/**
 * From an open(2) that the kernel blocks to the holder's event, and on to the return of that open; next to it, in turns,
 * what every implementation needs: the kernel's signal, one HTTP round trip, one durable put.
 */
export async function path(): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
  const file = join(directory, 'file.dat');
  writeFileSync(file, 'content');
  const opener = new SideProcess<OpenerJobs>('opener');
  const signal = await kernelSignal(file, opener);
  const trip = await roundTrip();
  const put = durablePut(directory);
  const service = await realPath(directory, opener);
  const samples: Record<string, number[]> = {};
  try {
    for (let round = -warmUpRounds; round < rounds; round++) {
      // The first ones run cold code.
      const sampled = (name: string): number[] => (round < 0 ? [] : (samples[name] ??= []));
      for (let n = 0; n < perRound; n++) {
        const { event, returned } = await service.once();
        sampled('event').push(event);
        sampled('returned').push(returned);
      }
      for (let n = 0; n < perRound; n++) {
        sampled('signal').push(await signal.once());
        sampled('trip').push(await trip.once());
        sampled('put').push(await put.once());
      }
    }
  } finally {
    await service.stop();
    await put.stop();
    trip.stop();
    signal.stop();
    opener.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  const floor = ['signal', 'trip', 'put'].reduce((sum, name) => sum + median(samples[name] ?? []), 0);
  const row = (what: string, name: string) => ({
    what,
    'p50 ms': quantile(samples[name] ?? [], 0.5),
    'p99 ms': quantile(samples[name] ?? [], 0.99),
    'p50 / floor': quantile(samples[name] ?? [], 0.5) / floor,
  });
  return [
    {
      title: `Break of a real file: kernel, adapter, lease API, client (${String(rounds * perRound)} breaks)`,
      method:
        'Clock: CLOCK_MONOTONIC in the opener (a process of its own) and in the client. Floor: the sum of the three ' +
        `medians, taken in turns with the breaks. ${String(warmUpRounds * perRound)} of each go before and are not counted.`,
      rows: [
        row('floor: open(2) to signal in Node', 'signal'),
        row('floor: HTTP round trip (fetch)', 'trip'),
        row('floor: durable put (LMDB)', 'put'),
        { what: 'floor: sum', 'p50 ms': floor, 'p50 / floor': 1 },
        row('open(2) to event at the client', 'event'),
        row('open(2) to its return, acknowledged', 'returned'),
      ],
    },
  ];
}

/** The real programs: the client holds a read lease and answers at once. */
async function realPath(directory: string, opener: SideProcess<OpenerJobs>) {
  const name = 'served.dat';
  writeFileSync(join(directory, name), 'content');
  const api = await startLeaseApi();
  const fileserver = await startFileserver({ exports: { bench: directory }, apis: [api.rpcAddress] }, api);
  const session = await new Leasehold({ url: api.url }).openSession({ ttlMs: 60_000 });
  return {
    once: async (): Promise<{ event: number; returned: number }> => {
      const lease = await session.acquire({ export: 'bench', file: name, type: 'read', waitMs: 5_000 });
      let heardAt = 0;
      lease.onBreak = () => {
        heardAt = clockMs();
        return Promise.resolve('none' as const);
      };
      const { calledAt, returnedAt } = await opener.ask('open', { path: join(directory, name) });
      return { event: heardAt - calledAt, returned: returnedAt - calledAt };
    },
    stop: async (): Promise<void> => {
      await session.end();
      await fileserver.stop();
      await api.stop();
    },
  };
}

/** From an open(2) to the callback in Node, with the adapter's own signal wait. */
async function kernelSignal(file: string, opener: SideProcess<OpenerJobs>) {
  const built = compiled('apps/fileserver/src/posix/break-signals.ts');
  const { BreakSignals, breakSignal } = (await import(built)) as typeof breakSignals;
  let heard: (at: number) => void = () => undefined;
  let signals: InstanceType<typeof BreakSignals> | undefined;
  const thread = await new Promise<number>((resolve) => {
    signals = new BreakSignals({
      onThread: resolve,
      onBreaks: () => {
        heard(clockMs());
      },
      onOverflow: () => undefined,
      onThreadLost: () => undefined,
    });
    signals.start();
  });
  return {
    once: async (): Promise<number> => {
      const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
      signalThread(fd, thread, breakSignal);
      setKernelLease(fd, 'read');
      const heardAt = new Promise<number>((resolve) => (heard = resolve));
      const opened = opener.ask('open', { path: file });
      const at = await heardAt;
      setKernelLease(fd, 'none');
      closeSync(fd);
      return at - (await opened).calledAt;
    },
    stop: () => signals?.close(),
  };
}

/** A request and its answer over a kept connection, with the client's own code. */
export async function roundTrip() {
  const echo = new SideProcess<EchoJobs>('echo');
  const url = await echo.ask('listen', {});
  return {
    once: async (): Promise<number> => {
      const sentAt = clockMs();
      await (await fetch(url, { method: 'POST', body: '{}' })).text();
      return clockMs() - sentAt;
    },
    stop: () => {
      echo.stop();
    },
  };
}

/** One put of 200 bytes, on disk, in LMDB set up as the embedded table sets it up. */
export function durablePut(directory: string) {
  const db = openLmdb<Buffer, string>(join(directory, 'floor.mdb'), {
    encoding: 'binary',
    overlappingSync: false,
    eventTurnBatching: false,
  });
  const value = Buffer.alloc(200, 1);
  let no = 0;
  return {
    once: async (): Promise<number> => {
      const sentAt = clockMs();
      await db.put(`key${String(++no)}`, value);
      return clockMs() - sentAt;
    },
    stop: () => db.close(),
  };
}
