import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { transformSync } from '@swc/core';
import { Leasehold } from '#client';
import { dlm, limits } from '#contracts';
import { lockNeeds } from '../../apps/lease-api/src/identity/needs';
import { Cluster, type Holder, stopClusters } from '../support/cluster';
import { EventReader } from '../support/event-reader';
import { eventually, within } from '../support/eventually';
import { Leasectl, stopLeasectl } from '../support/leasectl';
import { LockManagerLine } from '../support/lock-manager';
import { type LeaseApi, startLeaseApi } from '../support/service';
import { Page } from '../support/snippets';

/** Locks in modes over REST, through the client and leasectl. The rules are those of the scenarios. */
let cluster: Cluster;
let a: Holder;
let b: Holder;
let ctl: Leasectl;

beforeAll(async () => {
  cluster = await Cluster.start();
  [a, b] = [await cluster.holder(), await cluster.holder()];
  ctl = new Leasectl(cluster.api.url);
});
afterAll(async () => {
  stopLeasectl();
  await stopClusters();
});

const post = async (path: string, secret: string, body: object) =>
  cluster.api.request('POST', path, { secret, body });
const lockBody = ({ session }: Holder, resource: string, more: object) => ({
  ...{ sessionId: session.id, export: 'local', resource },
  ...more,
});
const isWaiting = (holder: Pick<Holder, 'session'>, count = 1) =>
  eventually(async () => {
    const { body } = await cluster.api.request('GET', `/v1/dlm/locks?sessionId=${holder.session.id}`, {
      secret: holder.session.secret,
    });
    const rows = body['locks'] as { state: string }[];
    expect(rows.filter(({ state }) => state !== 'granted')).toHaveLength(count);
  });

describe('the client', () => {
  test('tells the holder in the way which mode is wanted, and passes the value block on', async () => {
    const wanted: string[] = [];
    const mine = await a.session.dlm('local').lock('told', 'EX', {
      lvb: true,
      onBlocking: async (mode, own) => {
        wanted.push(mode);
        await own.convert('NL', { lvb: Buffer.from('written') });
      },
    });
    expect(mine).toMatchObject({ mode: 'EX', value: { valid: false } });
    expect(mine.value?.bytes).toBeUndefined();
    expect(mine.token).toBeGreaterThan(0);
    const theirs = await b.session.dlm('local').lock('told', 'PR', { lvb: true });
    expect(wanted).toEqual(['PR']);
    expect(Buffer.from(theirs.value?.bytes ?? []).toString()).toBe('written');
    await eventually(() => {
      expect(mine).toMatchObject({ mode: 'NL', token: undefined });
    });
    await theirs.release();
    await mine.release();
    expect(mine.signal.aborted).toBe(true);
  });

  test('await using releases, and a lock that is taken says so', async () => {
    {
      await using inside = await a.session.dlm('local').lock('used', 'EX');
      expect(inside.mode).toBe('EX');
    }
    const next = await b.session.dlm('local').lock('used', 'EX', { flags: ['noqueue'] });
    await cluster.api.request('DELETE', `/v1/locks/${next.id}`);
    // The event may come before the answer.
    if (!next.signal.aborted) await within('the loss', once(next.signal, 'abort'));
    expect(next.signal.reason).toMatchObject({ code: 'ESTALE', reason: 'lock_over' });
  });

  test('a call that is aborted leaves nothing behind', async () => {
    const mine = await a.session.dlm('local').lock('aborted', 'EX');
    const gone = new AbortController();
    const asked = b.session.dlm('local').lock('aborted', 'PR', { signal: gone.signal });
    asked.catch(() => undefined);
    await isWaiting(b);
    gone.abort();
    await expect(asked).rejects.toBeDefined();
    await isWaiting(b, 0);
    const again = b.session.dlm('local').lock('aborted', 'PR');
    await isWaiting(b);
    await mine.release();
    await (await again).release();
  });

  test('a conversion that is cancelled keeps what the lock had, and whoever waits for it hears', async () => {
    const [mine, theirs] = [
      await a.session.dlm('local').lock('converted', 'PR'),
      await b.session.dlm('local').lock('converted', 'PR'),
    ];
    const asked = mine.convert('EX');
    const refused = expect(asked).rejects.toMatchObject({ reason: 'cancelled' });
    await isWaiting(a);
    expect(await mine.cancel()).toBe(true);
    await within('the answer', refused);
    expect(mine.mode).toBe('PR');
    expect(await mine.cancel()).toBe(false);
    // So does whoever waits for what an unlock ends, and not only once the wait is over.
    const begun = performance.now();
    const over = expect(mine.convert('EX')).rejects.toMatchObject({ reason: 'cancelled' });
    await isWaiting(a);
    await mine.release();
    await over;
    expect(performance.now() - begun).toBeLessThan(limits.waitMsMax);
    await theirs.convert('EX');
    expect(theirs.mode).toBe('EX');
    await theirs.release();
  });

  test('locks end with their session', async () => {
    const { session } = await cluster.holder();
    const lock = await session.dlm('local').lock('ended', 'EX');
    await session.end();
    expect(lock.signal.aborted).toBe(true);
    await (await a.session.dlm('local').lock('ended', 'EX')).release();
  });

  test('a resource needs no fileserver, and has nothing to do with the file of its name', async () => {
    const file = cluster.file('both');
    const lease = await a.session.acquire({ export: 'demo', file, type: 'write' });
    const lock = await b.session.dlm('demo').lock(file, 'EX', { flags: ['noqueue'] });
    expect(lease.state).toBe('active');
    await lock.release();
    await lease.release();
  });
});

/** Nodes may be silent for longer than a test takes; one that dies here says so. */
const region = { beatMs: 1_000, deadMs: 60_000, ackMs: 60_000 };

describe('connections', () => {
  test('the client connects by itself, once, and again after it has disconnected', async () => {
    const { session, ear } = await cluster.holder();
    const domain = session.dlm('local');
    const lock = await domain.lock('through', 'EX');
    const joined = await domain.connection();
    expect(joined).toMatchObject({ export: 'local', stack: 'local', protocol: { major: 1, minor: 0 } });
    const { body } = await cluster.api.request('GET', '/v1/dlm/resources?export=local&resource=through');
    const { connectionId, protocol } = joined;
    expect(body['granted']).toMatchObject([{ lockId: lock.id, connectionId, protocol }]);
    expect(session.dlm('local')).toBe(domain);
    const busy = await b.session.dlm('local').lock('busy', 'EX');
    const waits = expect(domain.lock('busy', 'PR')).rejects.toMatchObject({ reason: 'hung_up' });
    await isWaiting({ session });
    await domain.disconnect();
    await waits;
    await busy.release();
    expect(await ear.next('unlocked')).toMatchObject({ lockId: lock.id, reason: 'disconnected' });
    expect(await ear.next('disconnected')).toMatchObject({ connectionId });
    expect(lock.signal.aborted).toBe(true);
    await (await domain.lock('through', 'EX')).release();
    expect((await domain.connection()).connectionId).not.toBe(connectionId);
    const other = session.dlm('local', { stack: 'posix' });
    await expect(other.lock('x', 'NL')).rejects.toMatchObject({ reason: 'stack_mismatch' });
    await session.end();
  });

  test('each connection has its own stream, which resumes, and ends after the last lock', async () => {
    const { session } = await cluster.holder();
    const { secret, id: sessionId } = session;
    const connect = async (minor: number): Promise<string> => {
      const body = { sessionId, export: 'local', protocol: { major: 1, minor } };
      return String((await post('/v1/dlm/connections', secret, body)).body['connectionId']);
    };
    const [one, two] = [await connect(0), await connect(1)];
    const reader = await new EventReader().open(cluster.api.url, { sessionId, secret, connectionId: one });
    expect(await reader.next()).toMatchObject({ event: 'resync' });
    const take = async (resource: string, connectionId: string): Promise<string> => {
      const body = { sessionId, export: 'local', resource, mode: 'EX', connectionId };
      return String((await post('/v1/dlm/locks', secret, body)).body['lockId']);
    };
    await take('of-two', two);
    const lockId = await take('of-one', one);
    const wanted = { mode: 'PR', queued: true, waitMs: 600_000 };
    for (const resource of ['of-two', 'of-one'])
      await post('/v1/dlm/locks', b.session.secret, lockBody(b, resource, wanted));
    // What the other connection is told is not in this stream.
    const told = await reader.next();
    expect(told).toMatchObject({ event: 'blocking', data: { lockId, connectionId: one, mode: 'PR' } });
    reader.close();
    expect(
      (await cluster.api.request('DELETE', `/v1/dlm/connections/${one}`, { secret })).body,
    ).toMatchObject({
      reason: 'connection_live',
    });
    await post(`/v1/dlm/connections/${one}/hangup`, secret, {});
    const again = await new EventReader(told.id).open(cluster.api.url, {
      ...{ sessionId, secret, connectionId: one },
    });
    expect((await cluster.api.request('DELETE', `/v1/dlm/connections/${one}`, { secret })).status).toBe(204);
    expect(await again.next()).toMatchObject({ event: 'unlocked', data: { lockId, reason: 'disconnected' } });
    expect(await again.next()).toMatchObject({ event: 'disconnected', data: { connectionId: one } });
    again.close();
    const missing = await cluster.api.request('GET', `/v1/dlm/connections/${one}/events`, { secret });
    expect(missing).toMatchObject({ status: 404, body: { reason: 'no_such_connection' } });
    await session.end();
  });

  test('a recovery notice is acknowledged before the locks of the dead node are given away', async () => {
    const put = async (path: string, body: object): Promise<void> => {
      expect(await cluster.api.request('PUT', path, { body })).toMatchObject({ status: 201 });
    };
    await put('/v1/regions/cluster', region);
    await put('/v1/exports/shared', { stack: 'local', region: 'cluster' });
    for (const node of ['n1', 'n2']) await put(`/v1/nodes/${node}`, { region: 'cluster' });
    const beat = (node: string, leaving?: true) =>
      cluster.api.request('POST', `/v1/nodes/${node}/beat`, { body: { incarnation: 'one', leaving } });
    for (const node of ['n1', 'n2']) await beat(node);
    {
      const [{ session: dying }, { session: other }] = [
        await cluster.holder({ ttlMs: 600_000, node: 'n1' }),
        await cluster.holder({ ttlMs: 600_000, node: 'n2' }),
      ];
      const lock = await dying.dlm('shared').lock('root', 'EX');
      expect(await dying.dlm('shared').connection()).toMatchObject({ node: { name: 'n1', state: 'up' } });
      const order: string[] = [];
      let recovered = (): void => undefined;
      const replayed = new Promise<void>((resolve) => {
        recovered = resolve;
      });
      const domain = other.dlm('shared', {
        node: 'n2',
        onRecovery: async ({ node }) => {
          order.push(`recovery of ${node}`);
          await replayed;
          order.push('replayed');
        },
      });
      const asked = domain.lock('root', 'PR', { waitMs: Infinity, lvb: true }).then((taken) => {
        order.push(`granted ${String(taken.value?.valid)}`);
        return taken;
      });
      await eventually(async () => {
        const { body } = await cluster.api.request('GET', '/v1/dlm/resources?export=shared&resource=root');
        expect(body['waiting']).toMatchObject([
          { wants: 'PR', node: 'n2', protocol: { major: 1, minor: 1 } },
        ]);
      });
      await beat('n1', true);
      await within('the loss', once(lock.signal, 'abort'));
      await eventually(() => {
        expect(order).toEqual(['recovery of n1']);
      });
      recovered();
      await (await within('the grant', asked)).release();
      expect(order).toEqual(['recovery of n1', 'replayed', 'granted false']);
      await other.end();
    }
  });

  test('leasectl lists the connections and shows a lock with all that is known of it', async () => {
    const { session } = await cluster.holder();
    const lock = await session.dlm('local').lock('dumped', 'PW', { lvb: true });
    const { connectionId } = await session.dlm('local').connection();
    const listed = await ctl.run(['dlm', 'connections', 'local']);
    expect(listed.out).toMatch(new RegExp(`${connectionId} +connected +local +1\\.0`));
    const shown = await ctl.run(['dlm', 'show', lock.id]);
    expect(shown.out).toContain(`${connectionId} (1.0)`);
    expect(shown.out).toContain('valblk');
    await session.end();
  });
});

describe('waits without an end', () => {
  test('a lock and a conversion keep their places, and a signal cancels them', async () => {
    const mine = await a.session.dlm('local').lock('endless', 'PR');
    const theirs = await b.session.dlm('local').lock('endless', 'NL');
    const gone = new AbortController();
    const refused = expect(
      theirs.convert('EX', { waitMs: Infinity, signal: gone.signal }),
    ).rejects.toBeDefined();
    await isWaiting(b);
    gone.abort();
    await refused;
    await isWaiting(b, 0);
    expect(theirs.mode).toBe('NL');
    const converted = theirs.convert('EX', { waitMs: Infinity, lvb: true });
    await isWaiting(b);
    const { session } = await cluster.holder();
    const asked = session.dlm('local').lock('endless', 'CR', { waitMs: Infinity });
    await eventually(async () => {
      const { body } = await cluster.api.request('GET', '/v1/dlm/resources?export=local&resource=endless');
      expect(body['waiting']).toHaveLength(1);
    });
    await mine.release();
    await within('the conversion', converted);
    expect(theirs).toMatchObject({ mode: 'EX', value: { valid: false } });
    await theirs.release();
    const lock = await within('the lock', asked);
    expect(lock.mode).toBe('CR');
    await session.end();
  });

  test('the event of a conversion that was cancelled, which comes late, does not end the next one', async () => {
    let [arrive, arrived] = [(): void => undefined, Promise.resolve()];
    const late = async (url: string, init: RequestInit): Promise<Response> => {
      const response = await fetch(url, init);
      if (!url.includes('/events')) return response;
      const delay = new TransformStream<Uint8Array, Uint8Array>({
        async transform(chunk, out) {
          await arrived;
          out.enqueue(chunk);
        },
      });
      return new Response(response.body?.pipeThrough(delay), response);
    };
    const client = new Leasehold({ url: cluster.api.url, fetch: late });
    const session = await client.openSession();
    const mine = await a.session.dlm('local').lock('late', 'PR');
    const theirs = await session.dlm('local').lock('late', 'NL');
    arrived = new Promise((resolve) => {
      arrive = resolve;
    });
    const gone = new AbortController();
    const refused = expect(
      theirs.convert('EX', { waitMs: Infinity, signal: gone.signal }),
    ).rejects.toBeDefined();
    await isWaiting({ session });
    gone.abort();
    await refused;
    await isWaiting({ session }, 0);
    const converted = theirs.convert('EX', { waitMs: Infinity });
    await isWaiting({ session });
    arrive();
    await mine.release();
    await within('the conversion', converted);
    expect(theirs.mode).toBe('EX');
    await session.end();
  });

  test('a wait that is cancelled by somebody else says so', async () => {
    const mine = await a.session.dlm('local').lock('taken', 'EX');
    const asked = b.session.dlm('local').lock('taken', 'PR', { waitMs: Infinity });
    const refused = expect(asked).rejects.toMatchObject({ reason: 'cancelled' });
    await isWaiting(b);
    const { body } = await cluster.api.request('GET', `/v1/dlm/locks?sessionId=${b.session.id}`, {
      secret: b.session.secret,
    });
    const rows = body['locks'] as { lockId: string; state: string }[];
    const { lockId } = rows.find(({ state }) => state === 'waiting') ?? { lockId: '' };
    await post('/v1/dlm/locks/cancel', b.session.secret, { sessionId: b.session.id, lockId });
    await within('the answer', refused);
    await mine.release();
  });
});

describe('REST', () => {
  test('a repeat finds the lock; a cancel before the request makes it end', async () => {
    const { secret } = a.session;
    const body = lockBody(a, 'repeated', { mode: 'PW', requestId: 'one' });
    const first = await post('/v1/dlm/locks', secret, body);
    const again = await post('/v1/dlm/locks', secret, body);
    expect(again.body['lockId']).toBe(first.body['lockId']);
    const other = await post('/v1/dlm/locks', secret, { ...body, mode: 'PR' });
    expect(other).toMatchObject({ status: 409, body: { reason: 'id_reused_with_other_body' } });
    const cancel = { sessionId: a.session.id, requestId: 'two' };
    expect((await post('/v1/dlm/locks/cancel', secret, cancel)).body).toEqual({ cancelled: true });
    const late = await post('/v1/dlm/locks', secret, { ...body, requestId: 'two' });
    expect(late.body).toMatchObject({ reason: 'cancelled' });
    await post(`/v1/dlm/locks/${String(first.body['lockId'])}/unlock`, secret, {});
    expect((await post('/v1/dlm/locks', secret, body)).body).toMatchObject({ reason: 'lock_over' });
  });

  test('queued requests are told by events: blocking, completed, cancelled', async () => {
    const [holder, other] = [await cluster.holder(), await cluster.holder()];
    const mine = await holder.session.dlm('local').lock('queued', 'EX');
    const body = lockBody(other, 'queued', { mode: 'CR', flags: ['valblk'], queued: true, waitMs: 600_000 });
    const [one, two] = [
      await post('/v1/dlm/locks', other.session.secret, body),
      await post('/v1/dlm/locks', other.session.secret, { ...body, mode: 'EX', flags: ['headque'] }),
    ];
    expect([one.status, two.status]).toEqual([202, 202]);
    const [id, first] = [String(one.body['lockId']), String(two.body['lockId'])];
    const { secret } = other.session;
    // The second is served first, though it came later.
    const wait = await cluster.api.request('GET', `/v1/waits/${id}`, { secret });
    expect(wait.body).toMatchObject({ kind: 'dlm', ahead: 1, why: { blockers: [{ id: first }] } });
    const blocking = { lockId: mine.id, resource: 'queued' };
    expect(await holder.ear.next('blocking')).toMatchObject({ ...blocking, mode: 'CR' });
    expect(await holder.ear.next('blocking')).toMatchObject({ ...blocking, mode: 'EX' });
    await post('/v1/dlm/locks/cancel', secret, { sessionId: other.session.id, lockId: first });
    expect(await other.ear.next('cancelled')).toMatchObject({ lockId: first, reason: 'cancelled' });
    await mine.release(Buffer.from([0, 1, 2]));
    expect(await other.ear.next('completed')).toMatchObject({
      ...{ lockId: id, mode: 'CR', value: { block: 'AAEC', valid: true } },
    });
    await post(`/v1/dlm/locks/${id}/unlock`, secret, {});
  });

  test.each([
    ['a block of 65 bytes', { mode: 'NL', block: Buffer.alloc(65).toString('base64') }, 'block'],
    ['a block that is no base64', { mode: 'NL', block: 'not base64' }, 'block'],
    ['an unknown mode', { mode: 'XX' }, 'mode'],
    ['an unknown flag', { mode: 'NL', flags: ['fast'] }, 'flags.0'],
  ])('%s is refused and changes nothing', async (_what, body, path) => {
    const lock = await a.session.dlm('local').lock('bad', 'EX');
    const { secret } = a.session;
    const answer = await cluster.api.request('PUT', `/v1/dlm/locks/${lock.id}`, { secret, body });
    expect(answer).toMatchObject({ status: 400, body: { reason: 'bad_request', issues: [{ path }] } });
    const whole = { mode: 'EX', block: Buffer.alloc(64, 7).toString('base64') };
    const now = await cluster.api.request('PUT', `/v1/dlm/locks/${lock.id}`, { secret, body: whole });
    expect(now).toMatchObject({ status: 200, body: { mode: 'EX' } });
    await lock.release();
  });

  test('a wait that elapses names who is in the way', async () => {
    const mine = await a.session.dlm('local').lock('elapsed', 'PR');
    const asked = lockBody(b, 'elapsed', { mode: 'EX', waitMs: 100 });
    expect(await post('/v1/dlm/locks', b.session.secret, asked)).toMatchObject({
      status: 504,
      body: { reason: 'wait_elapsed', blockers: [{ id: mine.id, kind: 'dlm', type: 'PR' }] },
    });
    await mine.release();
  });

  test('the gauges count granted modes', async () => {
    const lock = await a.session.dlm('local').lock('counted', 'PW');
    await eventually(async () => {
      const { text } = await cluster.api.request('GET', '/metrics');
      expect(text).toMatch(/^leasehold_dlm_locks\{mode="PW"\} 1$/m);
    });
    await lock.release();
  });
});

describe('gRPC, for lock managers', () => {
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-dlm-'));
  const keys = ['helper lease:write:local', 'reader lease:read:local', 'head nfs:local'];
  let api: LeaseApi;
  let helper: LockManagerLine;
  let client: { sessionId: string; secret: string };
  const lines: LockManagerLine[] = [];
  const dial = (id: string): LockManagerLine => {
    const line = new LockManagerLine(api.grpcAddress, { id, secret: `secret-of-${id}` });
    lines.push(line);
    return line;
  };
  const opened = async (line: LockManagerLine): Promise<typeof client> => {
    const { sessionId, secret } = await line.call('OpenSession', { ttlMs: 600_000, label: 'n1' });
    return { sessionId, secret };
  };
  const on = (resource: string) => ({ ...client, export: 'local', resource });
  const named = (lock: { lockId: string } | undefined) => ({
    secret: client.secret,
    lockId: lock?.lockId ?? '',
  });

  beforeAll(async () => {
    const file = join(directory, 'keys');
    const text = keys.map((each) => each.replace(/^\S+/, '$& secret-of-$&')).join('\n');
    writeFileSync(file, text, { mode: 0o600 });
    api = await startLeaseApi({
      env: { LEASEHOLD_RPC_KEYS: file, LEASEHOLD_LOCAL_EXPORTS: 'local,other' },
      listen: { LEASEHOLD_GRPC: '127.0.0.1:0' },
    });
    helper = dial('helper');
    client = await opened(helper);
  });
  afterAll(async () => {
    for (const line of lines) line.close();
    await api.stop();
    rmSync(directory, { recursive: true });
  });

  test('a lock is taken, converted with its value block, read, listed and given back', async () => {
    const { lock } = await helper.call('Lock', { ...on('root'), mode: 'EX', flags: ['valblk'] });
    expect(lock).toMatchObject({ export: 'local', resource: 'root', state: 'granted', mode: 'EX' });
    expect(Number(lock?.token)).toBeGreaterThan(0);
    const block = Buffer.from('written').toString('base64');
    const down = await helper.call('Convert', { ...named(lock), mode: 'PR', flags: ['valblk'], block });
    expect(down.lock).toMatchObject({ mode: 'PR' });
    const beside = await helper.call('Lock', { ...on('root'), mode: 'PR', flags: ['valblk'] });
    expect(beside.lock?.value).toEqual({ block, valid: true });
    expect((await helper.call('ListLocks', client)).locks).toHaveLength(2);
    expect((await helper.call('GetLock', named(lock))).lock).toEqual(down.lock);
    for (const each of [lock, beside.lock]) expect(await helper.call('Unlock', named(each))).toEqual({});
    expect((await helper.call('GetLock', named(lock))).problem?.reason).toBe('no_such_lock');
  });

  test('a repeat finds the lock, a wait is bounded, and a refusal says who is in the way', async () => {
    const ask = { ...on('repeated'), mode: 'EX', requestId: 'once' } as const;
    const first = await helper.call('Lock', ask);
    expect((await helper.call('Lock', ask)).lock).toEqual(first.lock);
    const { problem } = await helper.call('Lock', { ...on('repeated'), mode: 'PR', waitMs: 50 });
    expect(problem).toMatchObject({
      reason: 'wait_elapsed',
      blockers: [{ id: first.lock?.lockId, kind: 'dlm', type: 'EX' }],
    });
    const tooLong = await helper.call('Lock', { ...on('repeated'), mode: 'PR', waitMs: 60_001 });
    expect(tooLong.problem).toMatchObject({ reason: 'bad_request', issues: [{ path: 'waitMs' }] });
  });

  test('a connection has its own notices: blocking, completed, cancelled, and they resume', async () => {
    const made = await helper.call('Connect', {
      ...{ ...client, export: 'local', protocol: { major: 1, minor: 1 } },
    });
    expect(made.connection).toMatchObject({ state: 'connected', stack: 'local' });
    const connectionId = made.connection?.connectionId ?? '';
    const through = { ...on('told'), connectionId };
    const left = new AbortController();
    const stream = helper.notices({ ...client, connectionId }, left.signal);
    const next = async () => {
      for (;;) {
        const { value } = await within('a notice', stream.next());
        if (value === undefined) throw new Error('the stream has ended');
        const { position, ...what } = value;
        if (Object.keys(what).length > 0) return { position, ...what };
      }
    };
    expect(await next()).toMatchObject({ resync: {} });
    const held = await helper.call('Lock', { ...through, mode: 'EX' });
    const queued = { ...through, queued: true } as const;
    const waiting = await helper.call('Lock', { ...queued, mode: 'PR' });
    expect(waiting.lock).toMatchObject({ state: 'waiting', wants: 'PR' });
    expect(await next()).toMatchObject({
      blocking: { lockId: held.lock?.lockId, connectionId, mode: 'PR' },
    });
    const second = await helper.call('Lock', { ...queued, mode: 'CW', requestId: 'second' });
    const cancelled = await helper.call('Cancel', { ...client, requestId: 'second' });
    expect(cancelled).toMatchObject({ cancelled: true });
    const { position } = await next().then(async (told) => {
      // That somebody wants CW as well may be told before.
      const last = told.blocking === undefined ? told : await next();
      expect(last).toMatchObject({ cancelled: { lockId: second.lock?.lockId, reason: 'cancelled' } });
      return last;
    });
    await helper.call('Unlock', named(held.lock));
    const completed = { completed: { lockId: waiting.lock?.lockId, mode: 'PR' } };
    expect(await next()).toMatchObject(completed);
    left.abort();

    // From the last position that was acknowledged.
    const again = new AbortController();
    const resumed = helper.notices({ ...client, connectionId, after: position }, again.signal);
    expect((await within('the notice again', resumed.next())).value).toMatchObject(completed);
    const connection = { secret: client.secret, connectionId };
    expect((await helper.call('Disconnect', connection)).problem?.reason).toBe('connection_live');
    expect((await helper.call('Hangup', connection)).connection?.state).toBe('hungUp');
    expect(await helper.call('Disconnect', connection)).toEqual({});
    const rest: object[] = [];
    for await (const notice of resumed) rest.push(notice);
    expect(rest.at(-1)).toMatchObject({ disconnected: { connectionId } });
    again.abort();
  });

  test('a key takes what its rights say, and its sessions are of no use to others', async () => {
    const [reader, head] = [dial('reader'), dial('head')];
    const its = await opened(reader);
    const ask = { ...its, export: 'local', resource: 'read' } as const;
    const read = await reader.call('Lock', { ...ask, mode: 'PR' });
    expect(read.lock).toMatchObject({ mode: 'PR' });
    const wanted = { lockId: read.lock?.lockId ?? '', secret: its.secret };
    const reasons = await Promise.all([
      reader.call('Lock', { ...ask, mode: 'PW' }),
      reader.call('Lock', { ...ask, mode: 'CR', flags: ['altcw'] }),
      reader.call('Lock', { ...ask, export: 'other', mode: 'PR' }),
      reader.call('Convert', { ...wanted, mode: 'EX' }),
      reader.call('Connect', { ...its, export: 'other', protocol: { major: 1, minor: 0 } }),
      head.call('OpenSession', { ttlMs: 60_000 }),
      head.call('GetLock', wanted),
      helper.call('GetLock', wanted),
      helper.call('RenewSession', its),
      reader.call('RenewSession', its),
    ]);
    expect(reasons.map(({ problem }) => problem?.reason)).toEqual([
      ...Array<string>(7).fill('no_right'),
      ...['not_holder', 'not_holder', undefined],
    ]);
    const stolen = helper.notices(its, new AbortController().signal);
    expect((await stolen.next()).value).toMatchObject({ refused: { problem: { reason: 'not_holder' } } });
    await expect(head.notices(its, new AbortController().signal).next()).rejects.toThrow('PERMISSION_DENIED');
    const { Hello, ...rest } = lockNeeds;
    expect([Hello, Object.keys(rest).sort()]).toEqual([
      'key',
      [...Object.keys(dlm.methods), 'Notices'].sort(),
    ]);
    for (const method of Object.keys(dlm.methods) as dlm.MethodName[])
      expect((await head.call(method, {} as never)).problem?.reason).toBe('no_right');
  });
});

describe('leasectl dlm', () => {
  test('locks until Ctrl-C, and says who wants it', async () => {
    const held = ctl.start(['dlm', 'lock', 'local:ctl', 'PR']);
    await held.says('locked in PR');
    const asked = b.session.dlm('local').lock('ctl', 'EX');
    await held.says('somebody wants local:ctl in EX');
    const shown = await ctl.run(['dlm', 'show', 'local:ctl']);
    expect(shown.out).toMatch(
      /granted:\n.*ID.*\n.* PR +EX .*\nconverting: none\nwaiting:\n.*\n.*nothing to EX/,
    );
    held.signal('SIGINT');
    expect((await held.ended).exit).toBe(0);
    await (await asked).release();
  });

  test('takes, converts, cancels and unlocks on behalf of a session', async () => {
    const { id, secret } = a.session;
    const by = ['--session', id];
    const env = { LEASEHOLD_SESSION_SECRET: secret };
    const locked = await ctl.run(['-q', 'dlm', 'lock', 'local:mine', 'EX', ...by], { env });
    const lock = locked.out.trim();
    const low = await ctl.run(['dlm', 'convert', lock, 'PR', '--lvb', 'x', ...by], { env });
    expect(low.out + low.err).toMatch(/mode: +PR/);
    expect((await ctl.run(['dlm', 'ls', 'local'])).out).toContain(lock);
    const late = await ctl.run(['dlm', 'cancel', lock, ...by], { env });
    expect(late.out).toContain('too late: granted PR');
    const show = await ctl.json(['dlm', 'show', lock]);
    expect(show[0]).toMatchObject({ resource: 'mine', value: { block: 'eA==', valid: true } });
    expect((await ctl.run(['dlm', 'unlock', lock, ...by], { env })).exit).toBe(0);
    expect((await ctl.run(['dlm', 'show', 'local:mine'])).exit).toBe(3);
    expect((await ctl.run(['dlm', 'unlock', lock])).err).toContain('--session ID');
  });
});

describe('docs/dlm.md', () => {
  const page = new Page('docs/dlm.md');

  test.each([[[['EX', true, false]]], [[[expect.any(Number), 'EX']]]])(
    'an example of the client prints %j',
    async (expected) => {
      const said: unknown[][] = [];
      const run = runInNewContext(`${example(page.take('ts'))}\nexample`, {
        TextEncoder,
        Symbol,
        Promise,
      }) as (session: unknown, console: unknown) => Promise<void>;
      await run(a.session, { log: (...what: unknown[]) => said.push(what) });
      expect(said).toEqual(expected);
    },
  );

  test('the examples for the shell run, and then all have', async () => {
    const shells = [page.take('sh'), page.take('sh')];
    const [rest, command] = await Promise.all(shells.map((code) => ctl.bash(`set -e -o pipefail\n${code}`)));
    expect([rest?.err, rest?.out]).toEqual(['', 'PR\ntrue\nhungUp\n']);
    expect(command?.exit).toBe(0);
    expect(page.rest()).toEqual([]);
  });
});

/** The example as a function that Node runs, which knows no `await using` yet. */
function example(code: string): string {
  const source = `async function example(session, console) {${code}}`;
  const { code: compiled } = transformSync(source, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    isModule: false,
  });
  return compiled;
}
