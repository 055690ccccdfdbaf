import { once } from 'node:events';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Leasehold, LeaseholdError, type Session } from '#client';
import { Cluster, stopClusters } from '../support/cluster';
import { eventually, within } from '../support/eventually';
import { startLeaseApi } from '../support/service';
import { TcpProxy } from '../support/tcp-proxy';

/**
 * Each kind of what a client can hold, lost in each way: its signal is aborted once with the documented reason, giving it back
 * afterwards is quiet, and nothing of it stays at the service.
 */
let cluster: Cluster;
let leasehold: Leasehold;
let names = 0;
const fresh = (): string => `local:loss-${String((names += 1))}`;
const placeOf = (name: string) => ({ export: 'local', file: name.slice('local:'.length) });
const sessions: Session[] = [];
const kept = (session: Session): Session => {
  sessions.push(session.on('error', () => undefined));
  return session;
};
const open = async (client = leasehold): Promise<Session> =>
  kept(await client.openSession({ ttlMs: 120_000 }));

beforeAll(async () => {
  cluster = await Cluster.start({ env: { LEASEHOLD_BREAK_MS: '1500', LEASEHOLD_LOST_MS: '3000' } });
  leasehold = cluster.client();
});
afterAll(() => {
  for (const session of sessions) session.close();
  return stopClusters();
});

/** What all kinds have in common. */
interface Held {
  readonly signal: AbortSignal;
  release(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
interface Limit {
  maxHoldMs?: number;
}
const kinds = {
  lease: (session: Session, how: Limit) => session.lease(fresh(), 'write', how),
  permit: (session: Session, how: Limit) => session.semaphore(fresh(), { limit: 1 }).take(how),
  mode: (session: Session) => session.dlm('local').lock('resource', 'CR'),
  open: (session: Session) => session.open({ ...placeOf(fresh()), access: 'both', deny: 'both' }),
  range: (session: Session) => session.lock({ ...placeOf(fresh()), class: 'ofd', type: 'write' }),
  leases: (session: Session, how: Limit) => session.leaseAll([fresh(), fresh()], 'write', how),
  set: (session: Session, how: Limit) =>
    session.takeSet({
      leases: [{ name: fresh(), type: 'write', ...how }],
      ranges: [{ name: fresh(), type: 'write' }],
      permits: [{ name: fresh(), limit: 1 }],
    }),
} satisfies Record<string, (session: Session, how: Limit) => Promise<Held>>;
type Kind = keyof typeof kinds;
const all = Object.keys(kinds) as Kind[];
type Holds = Record<Kind, Held>;
const take = async (session: Session, how: Limit = {}): Promise<Holds> => {
  const held = {} as Holds;
  for (const kind of all) held[kind] = await kinds[kind](session, how);
  return held;
};

/** Counts how often a holder is told of its loss. */
const counted = (holds: Partial<Holds>): Map<string, number> => {
  const told = new Map(Object.keys(holds).map((kind) => [kind, 0]));
  for (const [kind, { signal }] of Object.entries(holds))
    signal.addEventListener('abort', () => told.set(kind, (told.get(kind) ?? 0) + 1));
  return told;
};
/** Why each was lost, once all are. */
const losses = async (holds: Partial<Holds>): Promise<Record<string, string>> => {
  const found: Record<string, string> = {};
  for (const [kind, { signal }] of Object.entries(holds)) {
    if (!signal.aborted) await within(`the loss of ${kind}`, once(signal, 'abort'));
    expect(signal.reason).toBeInstanceOf(LeaseholdError);
    found[kind] = (signal.reason as LeaseholdError).reason;
  }
  return found;
};
/** Giving back what is lost already does nothing. */
const quietly = async (holds: Partial<Holds>, told: Map<string, number>): Promise<void> => {
  for (const held of Object.values(holds)) {
    await held.release();
    await held[Symbol.asyncDispose]();
  }
  expect([...told.values()]).toEqual([...told.keys()].map(() => 1));
};
const rows = async (session: Session, client = leasehold): Promise<string[]> => {
  const found = [];
  for await (const { kind, state } of client.locks({ session: session.id })) found.push(`${kind} ${state}`);
  return found;
};
const nothingLeft = (session: Session, client = leasehold): Promise<void> =>
  eventually(async () => {
    expect(await rows(session, client)).toEqual([]);
  });

const released: Record<Kind, string> = {
  ...{ lease: 'lease_released', permit: 'lock_over', mode: 'lock_over', open: 'open_closed' },
  ...{ range: 'lock_over', leases: 'lease_released', set: 'lease_released' },
};
const taken: Record<Kind, string> = {
  ...released,
  lease: 'lease_revoked',
  leases: 'lease_revoked',
  set: 'lease_revoked',
};
const same = (reason: string): Record<Kind, string> =>
  Object.fromEntries(all.map((kind) => [kind, reason])) as Record<Kind, string>;

test('given back', async () => {
  const session = await open();
  const holds = await take(session);
  const told = counted(holds);
  for (const held of Object.values(holds)) await held.release();
  expect(await losses(holds)).toEqual(released);
  await quietly(holds, told);
  await nothingLeft(session);
});

test('given back, and the answer is lost', async () => {
  const proxy = await TcpProxy.start({ target: () => cluster.api.url.slice('http://'.length) });
  const session = await open(new Leasehold({ url: `http://${proxy.address}`, retryMs: 0, timeoutMs: 2_000 }));
  const holds = await take(session);
  const told = counted(holds);
  for (const held of Object.values(holds)) {
    const lost = proxy.hold('back', 'HTTP/1.1', 1);
    // The block ends, whether the answer comes or not; the client goes on in the background.
    await held[Symbol.asyncDispose]();
    await lost.caught;
    lost.drop();
  }
  expect(await losses(holds)).toEqual(released);
  await quietly(holds, told);
  await nothingLeft(session);
});

test('taken by an administrator', async () => {
  const session = await open();
  const holds = await take(session);
  const told = counted(holds);
  for await (const { id } of leasehold.locks({ session: session.id })) await leasehold.forceRelease(id);
  const found = await losses(holds);
  // Of a set, whatever is taken first.
  expect(found).toEqual({ ...taken, set: expect.stringMatching(/^(lease_revoked|lock_over)$/) as string });
  await quietly(holds, told);
  await nothingLeft(session);
});

test('revoked, as a break was not answered', async () => {
  const session = await open();
  const names = [fresh(), fresh(), fresh()] as const;
  const holds = {
    lease: await session.lease(names[0], 'read'),
    leases: await session.leaseAll([names[1], fresh()], 'read'),
    set: await session.takeSet({
      leases: [{ name: names[2], type: 'read' }],
      permits: [{ name: fresh(), limit: 1 }],
    }),
  };
  const told = counted(holds);
  const other = await open();
  await Promise.all(names.map((name) => other.open({ ...placeOf(name), access: 'write', waitMs: Infinity })));
  expect(await losses(holds)).toEqual({ lease: taken.lease, leases: taken.leases, set: taken.set });
  await quietly(holds, told);
  await nothingLeft(session);
});

test('held for as long as it may be', async () => {
  const session = await open();
  const { lease, permit, leases, set } = await take(session, { maxHoldMs: 1_000 });
  const holds = { lease, permit, leases, set };
  const told = counted(holds);
  expect(await losses(holds)).toEqual({
    ...same('lease_revoked'),
    permit: 'lock_over',
    mode: undefined,
    open: undefined,
    range: undefined,
  });
  await quietly(holds, told);
  await eventually(async () => {
    expect((await rows(session)).sort()).toEqual(['dlm granted', 'ofd held', 'open open']);
  });
});

test('its session is ended by an administrator', async () => {
  const session = await open();
  const holds = await take(session);
  const told = counted(holds);
  await leasehold.endSession(session.id);
  for (const [kind, reason] of Object.entries(await losses(holds)))
    expect(['session_expired', taken[kind as Kind], 'lock_over']).toContain(reason);
  await quietly(holds, told);
  await nothingLeft(session);
});

test('its session is ended here', async () => {
  const session = await open();
  const holds = await take(session);
  const told = counted(holds);
  await session.end();
  expect(await losses(holds)).toEqual(same('session_expired'));
  await quietly(holds, told);
  await nothingLeft(session);
});

test('its client leaves the session, which goes on', async () => {
  const session = await open();
  const holds = await take(session);
  const told = counted(holds);
  session.close();
  expect(await losses(holds)).toEqual(same('session_closed'));
  await quietly(holds, told);
  // Another program of the session may go on with them.
  expect((await rows(session)).length).toBeGreaterThan(all.length);
  await leasehold.endSession(session.id);
});

test('its session expires, as nobody keeps it alive', async () => {
  const session = kept(await leasehold.openSession({ ttlMs: 4_000, keepalive: false }));
  const holds = await take(session);
  const told = counted(holds);
  for (const [kind, reason] of Object.entries(await losses(holds)))
    expect(['session_expired', taken[kind as Kind], 'lock_over']).toContain(reason);
  await quietly(holds, told);
  await nothingLeft(session);
});

test('no keepalive is answered for the TTL', async () => {
  const proxy = await TcpProxy.start({ target: () => cluster.api.url.slice('http://'.length) });
  const session = kept(await new Leasehold({ url: `http://${proxy.address}` }).openSession({ ttlMs: 6_000 }));
  const holds = await take(session);
  const told = counted(holds);
  proxy.cut();
  expect(await losses(holds)).toEqual(same('session_expired'));
  await quietly(holds, told);
  await nothingLeft(session);
});

test('its node dies', async () => {
  const api = cluster.api;
  const put = async (path: string, body: object): Promise<void> => {
    expect((await api.request('PUT', path, { body })).status).toBe(201);
  };
  await put('/v1/regions/losses', { beatMs: 500, deadMs: 2_000, ackMs: 100 });
  await put('/v1/nodes/loser', { region: 'losses' });
  const node = await leasehold.node('loser');
  const session = kept(await leasehold.openSession({ ttlMs: 120_000, node: 'loser' }));
  const holds = await take(session);
  const told = counted(holds);
  node.stop();
  for (const [kind, reason] of Object.entries(await losses(holds)))
    expect(['session_expired', taken[kind as Kind], 'lock_over']).toContain(reason);
  await quietly(holds, told);
  await nothingLeft(session);
});

test('the service comes back without its table', async () => {
  const api = await startLeaseApi();
  const client = new Leasehold({ url: api.url });
  const session = await open(client);
  const holds = await take(session);
  const told = counted(holds);
  await api.kill();
  for (const gone of [api.directory, `${api.directory}.tables`, api.witness])
    rmSync(gone, { recursive: true, force: true });
  await api.start();
  expect(await losses(holds)).toEqual(same('no_such_session'));
  await quietly(holds, told);
  await api.stop();
});

describe('what has a file', () => {
  const onFile = async (session: Session, names: readonly [string, string, string]) => {
    const [lease, range, opened] = names.map((file) => ({ export: 'demo', file }));
    return {
      lease: await session.acquire({ ...(lease as { export: string; file: string }), type: 'read' }),
      range: await session.lock({
        ...(range as { export: string; file: string }),
        class: 'ofd',
        type: 'write',
      }),
      open: await session.open({ ...(opened as { export: string; file: string }), access: 'read' }),
    };
  };
  const three = () => [cluster.file('one'), cluster.file('two'), cluster.file('three')] as const;

  test('stays on it when its name leads elsewhere, and is told so', async () => {
    const names = three();
    const { session, ear } = await cluster.holder();
    const holds = await onFile(session, names);
    for (const name of names) {
      writeFileSync(join(cluster.exported, `${name}.new`), 'new');
      renameSync(join(cluster.exported, `${name}.new`), join(cluster.exported, name));
    }
    const told = await within('the notices', Promise.all([ear.next('detached', names[0])]));
    expect(told).toMatchObject([{ leaseId: holds.lease.id }]);
    expect(holds.lease.detached).toBe(true);
    for (const { signal } of Object.values(holds)) expect(signal.aborted).toBe(false);
    for (const held of Object.values(holds)) await held.release();
    expect(await losses(holds)).toEqual({
      lease: released.lease,
      range: released.range,
      open: released.open,
    });
    await nothingLeft(session);
  });

  test('is lost with the fileserver if that was what held it', async () => {
    const { session, ear } = await cluster.holder();
    const [name, ...others] = three();
    const lease = await session.lease(`demo:${name}`, 'write');
    const { range, open } = await onFile(session, [cluster.file('four'), ...others]);
    const told = counted({ lease });
    await cluster.fileserver.kill();
    await ear.next('jeopardy');
    expect(lease.signal.aborted).toBe(false);
    await cluster.fileserver.start();
    expect(await losses({ lease })).toEqual({ lease: 'lease_revoked' });
    await quietly({ lease }, told);
    await cluster.served();
    // These are the table's own.
    for (const held of [range, open]) {
      await held.refresh();
      expect(held.signal.aborted).toBe(false);
    }
  });
});
