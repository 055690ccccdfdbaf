import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Leasehold, LeaseholdError } from '#client';
import { RecordReader } from '#nfs4';
import { Nfs4Client } from '../../apps/fileserver/src/nfs4/client';
import { Nfs4Files } from '../../apps/fileserver/src/nfs4/files';
import { RpcConnection } from '../../apps/fileserver/src/nfs4/rpc';
import { inGuest, nfsPort, startKnfsd } from '../support/knfsd';
import { startFileserver, startLeaseApi } from '../support/service';
import { clockMs, type Figure, median, noted, quantile } from './figure';
import { durablePut, roundTrip } from './path';

const rounds = 5;
const warmUpRounds = 1;
/** Of each kind in each round. */
const perRound = 40;
const acquiredPerRound = 300;
const inFlight = 50;
/** The server forgets recalled files after 60 s at most. */
const patienceMs = 120_000;
const pauseMs = 1_000;
const credentials = { uid: 0, gid: 0, gids: [] };

type Samples = Record<string, number[]>;

/**
 * The stack nfs4 against a Linux kernel NFS server in a virtual machine: from the recall on the wire to the holder's
 * event, from a conflicting open at the server to its return, and delegations per second; next to each, in turns,
 * a bare NFS client of this repository with no service behind it.
 */
export async function nfs(): Promise<Figure[]> {
  const stopKnfsd = await startKnfsd();
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
  const watch = await watchRecalls();
  const bare = await bareClient(watch.port);
  const service = await realPath(watch.port);
  const put = durablePut(directory);
  const trip = await roundTrip();
  const samples: Samples = {};
  try {
    const ping = await nullCalls();
    const counted: ((name: string, value: number) => void)[] = [];
    for (let round = -warmUpRounds; round < rounds; round++) {
      const add = (name: string, value: number): void => {
        if (round >= 0) (samples[name] ??= []).push(value);
      };
      await acquisitions(`a${String(round)}`, { bare, service }, add);
      counted.push(add);
    }
    // After those, because a client with many recalls gets few delegations for a while.
    for (const [round, add] of counted.entries()) {
      await breaks(`b${String(round)}`, { bare, service, watch }, add);
      for (let n = 0; n < perRound; n++) {
        add('null', await ping.once());
        add('trip', await trip.once());
        add('put', await put.once());
      }
    }
    ping.stop();
  } finally {
    await service.stop();
    await bare.stop();
    watch.stop();
    await put.stop();
    trip.stop();
    rmSync(directory, { recursive: true, force: true });
    await stopKnfsd();
  }
  return figures(samples);
}

function figures(samples: Samples): Figure[] {
  const of = (name: string): number[] => samples[name] ?? [];
  const row = (what: string, name: string, floor: number) => ({
    what,
    'p50 ms': quantile(of(name), 0.5),
    'p99 ms': quantile(of(name), 0.99),
    'p50 / floor': quantile(of(name), 0.5) / floor,
  });
  const toHolder = ['bareHeard', 'trip', 'put'].reduce((sum, name) => sum + median(of(name)), 0);
  const opened = median(of('bareOpen'));
  const ratio = (name: string): number => median(of(name)) / median(of('barePerSecond'));
  return [
    {
      title: `Recall by an NFS server: wire, adapter, lease API, client (${String(rounds * perRound)} recalls)`,
      method:
        'From the last byte of CB_RECALL at a relay before the adapter to the event at the client, in one process. Floor: the ' +
        'same recall at a bare NFS client behind the same relay, plus one HTTP round trip, plus one durable put; in turns.',
      rows: [
        row('floor: recall at a bare NFS client', 'bareHeard', toHolder),
        row('floor: HTTP round trip (fetch)', 'trip', toHolder),
        row('floor: durable put (LMDB)', 'put', toHolder),
        { what: 'floor: sum', 'p50 ms': toHolder, 'p50 / floor': 1 },
        row('recall to event at the client', 'heard', toHolder),
      ],
    },
    {
      title: 'A conflicting open in the guest, until it returns',
      method:
        'open(2) for writing by a shell in the guest, by its own clock, one after the other, in turns. Floor: the delegation is ' +
        'held by a bare NFS client that returns it as soon as it is recalled. With the service: by an adapter whose holder answers at once.',
      rows: [
        row('NULL call to the server', 'null', opened),
        row('open, nobody holds the file', 'freeOpen', opened),
        row('floor: open, held by a bare NFS client', 'bareOpen', opened),
        row('open, held by an eager holder', 'servedOpen', opened),
      ],
    },
    {
      title: `Delegations a second, ${String(inFlight)} in flight`,
      method: `New files, ${String(acquiredPerRound)} a round, median of ${String(rounds)} rounds in turns. Bare: OPEN by name with its delegation and nothing else.`,
      rows: [
        {
          what: 'floor: bare NFS client',
          'per second': median(of('barePerSecond')),
          ratio: 1,
        },
        {
          what: 'read leases by the client, over HTTP',
          'per second': median(of('perSecond')),
          ratio: ratio('perSecond'),
        },
      ],
    },
  ].map((figure) => {
    for (const one of figure.rows) noted(one);
    return figure;
  });
}

interface Parts {
  bare: Awaited<ReturnType<typeof bareClient>>;
  service: Awaited<ReturnType<typeof realPath>>;
}

/**
 * New files with a delegation. The server remembers recent recalls in a filter of a few bits and grants nothing
 * that matches, so this tries files one after another, for longer the more was recalled.
 */
async function held(prefix: string, hold: (name: string) => Promise<boolean>): Promise<string[]> {
  const names: string[] = [];
  const until = performance.now() + patienceMs;
  for (let batch = 0; performance.now() < until; batch++) {
    const fresh = Array.from({ length: perRound }, (_, n) => `${prefix}-${String(batch)}-${String(n)}`);
    await inGuest(`cd /srv/export; for f in ${fresh.join(' ')}; do echo > $f; done`);
    const before = names.length;
    for (const name of fresh) {
      if (await hold(name)) names.push(name);
      if (names.length === perRound) return names;
    }
    if (names.length - before < perRound / 4) await pause(pauseMs);
  }
  throw new Error('the server gives no delegations any more');
}

/** Files of three kinds, opened by the guest one after another. */
async function breaks(
  name: string,
  { bare, service, watch }: Parts & { watch: Awaited<ReturnType<typeof watchRecalls>> },
  add: (name: string, value: number) => void,
): Promise<void> {
  const free = Array.from({ length: perRound }, (_, n) => `${name}-f-${String(n)}`);
  await inGuest(`cd /srv/export; for f in ${free.join(' ')}; do echo > $f; done`);
  const [byBare, byService] = [await held(`${name}-b`, bare.hold), await held(`${name}-s`, service.hold)];
  const turns = free.flatMap((file, n) => [`f ${file}`, `b ${byBare[n] ?? ''}`, `s ${byService[n] ?? ''}`]);
  watch.arrivals.length = 0;
  bare.heard.length = 0;
  service.heard.length = 0;
  const times = await inGuest(
    `cd /srv/export; while read k f; do a=$EPOCHREALTIME; : >> $f; echo $k $a $EPOCHREALTIME; done <<E\n${turns.join('\n')}\nE`,
  );
  for (const line of times.trim().split('\n')) {
    const [kind, from, to] = line.split(' ');
    const ms = (Number(to) - Number(from)) * 1_000;
    add({ f: 'freeOpen', b: 'bareOpen', s: 'servedOpen' }[kind ?? ''] ?? 'unknown', ms);
  }
  await service.settled(perRound);
  // One after another: the bare client's and the service's take turns on the wire.
  if (watch.arrivals.length !== 2 * perRound) throw new Error(`${String(watch.arrivals.length)} recalls`);
  watch.arrivals.forEach((at, n) => {
    const heardAt = (n % 2 === 0 ? bare : service).heard[Math.floor(n / 2)] ?? Number.NaN;
    add(n % 2 === 0 ? 'bareHeard' : 'heard', heardAt - at);
  });
}

async function acquisitions(
  name: string,
  { bare, service }: Parts,
  add: (name: string, value: number) => void,
): Promise<void> {
  for (const [kind, hold] of [
    ['barePerSecond', bare.hold],
    ['perSecond', service.hold],
  ] as const) {
    const files = Array.from({ length: acquiredPerRound }, (_, n) => `${name}-${kind}-${String(n)}`);
    await inGuest(`cd /srv/export; for f in ${files.join(' ')}; do echo > $f; done`);
    const next = files.values();
    let refused = 0;
    const from = clockMs();
    const worker = async (): Promise<void> => {
      for (const file of next) if (!(await hold(file))) refused++;
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
    if (refused > 0) throw new Error(`${String(refused)} delegations were refused`);
    add(kind, (acquiredPerRound / (clockMs() - from)) * 1_000);
  }
  await bare.release();
  await service.release();
}

/** The traffic between client and server, with the time at which each callback was complete. */
async function watchRecalls() {
  const arrivals: number[] = [];
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: '127.0.0.1', port: nfsPort(), noDelay: true });
    const records = new RecordReader();
    near.on('data', (chunk: Buffer) => far.write(chunk));
    far.on('data', (chunk: Buffer) => {
      const isCall = (record: Buffer): boolean => record.readUInt32BE(4) === 0;
      for (const record of records.push(chunk)) if (isCall(record)) arrivals.push(clockMs());
      near.write(chunk);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, arrivals, stop: () => server.close() };
}

/** A bare NFS client, which returns recalled delegations. */
async function bareClient(port: number) {
  const heard: number[] = [];
  const held = new Map<string, { fh: Buffer; end: () => Promise<void> }>();
  const client: Nfs4Client = new Nfs4Client(
    {
      ...{ host: '127.0.0.1', port, credentials, owner: 'bare', verifier: randomBytes(8) },
      report: () => undefined,
    },
    {
      onRecall: (stateid, fh) => {
        heard.push(clockMs());
        const own = { seqid: stateid.seqid, other: Buffer.from(stateid.other) };
        files.endDelegation(Buffer.from(fh), own).catch(() => undefined);
        return true;
      },
      onRecallAny: () => undefined,
      attributesOf: () => undefined,
      reclaim: () => Promise.resolve(),
      onSuperseded: () => undefined,
      onRevoked: () => undefined,
    },
  );
  const files = new Nfs4Files(client, '/export');
  await client.start(15_000);
  return {
    heard,
    hold: async (name: string): Promise<boolean> => {
      const opened = await files.openByName(name, Buffer.from(name), 'read');
      if (!opened) throw new Error(`${name} cannot be opened`);
      const { fh, stateid, delegation } = opened;
      if (!delegation) {
        await files.close(fh, stateid);
        return false;
      }
      held.set(name, {
        fh,
        end: async () => {
          await files.endDelegation(fh, delegation.stateid);
          await files.close(fh, stateid);
        },
      });
      return true;
    },
    release: async (): Promise<void> => {
      await Promise.all([...held.values()].map(({ end }) => end()));
      held.clear();
    },
    stop: () => client.close(),
  };
}

/** The real programs: the client holds read leases and answers at once. */
async function realPath(port: number) {
  const heard: number[] = [];
  const api = await startLeaseApi({ env: { LEASEHOLD_BREAK_MS: '8000' } });
  const exports = { bench: `nfs://127.0.0.1:${String(port)}/export` };
  const fileserver = await startFileserver({ stack: 'nfs4', exports, apis: [api.rpcAddress] }, api);
  const session = await new Leasehold({ url: api.url }).openSession({ ttlMs: 600_000 });
  const leases = new Set<{ release: () => Promise<unknown>; state: string }>();
  return {
    heard,
    hold: async (name: string): Promise<boolean> => {
      const onBreak = () => {
        heard.push(clockMs());
        return Promise.resolve('none' as const);
      };
      try {
        leases.add(await session.acquire({ export: 'bench', file: name, type: 'read' }, { onBreak }));
        return true;
      } catch (error) {
        if (error instanceof LeaseholdError && error.reason === 'fileserver_refused') return false;
        throw error;
      }
    },
    /** Resolves when every expected event has arrived. */
    settled: async (count: number): Promise<void> => {
      while (heard.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    release: async (): Promise<void> => {
      await Promise.all(
        [...leases].map(async (lease) => {
          if (lease.state === 'active') await lease.release();
        }),
      );
      leases.clear();
    },
    stop: async (): Promise<void> => {
      await session.end();
      await fileserver.stop();
      await api.stop();
    },
  };
}

/** The cheapest request to the server. */
async function nullCalls() {
  const connection = await RpcConnection.open('127.0.0.1', nfsPort(), 5_000, credentials, {
    onCall: () => Buffer.alloc(0),
    onClose: () => undefined,
  });
  return {
    once: async (): Promise<number> => {
      const from = clockMs();
      await connection.call(100_003, 4, 0, Buffer.alloc(0), 5_000);
      return clockMs() - from;
    },
    stop: () => {
      connection.close('done');
    },
  };
}
