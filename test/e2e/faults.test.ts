import { LeaseholdError } from '#client';
import { Cluster, type Holder, stopClusters } from '../support/cluster';
import { EventReader } from '../support/event-reader';
import { eventually, within } from '../support/eventually';

/**
 * Adapters, connections and holders that answer late, twice, or not at all. Every wait is bounded, nothing is granted
 * twice.
 */
const askMs = 1_000;
const breakMs = 1_500;
const setlease = 'fileserver.setlease';
const demo = (file: string) => ({ export: 'demo', file });

let cluster: Cluster;
let a: Holder;
let b: Holder;

beforeAll(async () => {
  cluster = await Cluster.start({
    wired: true,
    env: {
      LEASEHOLD_ASK_MS: String(askMs),
      LEASEHOLD_BREAK_MS: String(breakMs),
      LEASEHOLD_LOST_MS: '3000',
    },
  });
  a = await cluster.holder();
  b = await cluster.holder();
});
afterAll(stopClusters);

/** The refusal of a request, and how long it took. */
async function refusal(promise: Promise<unknown>): Promise<{ error: LeaseholdError; ms: number }> {
  const start = performance.now();
  const error = await promise.then(
    () => 'no refusal',
    (reason: unknown) => reason,
  );
  if (error instanceof LeaseholdError) return { error, ms: performance.now() - start };
  throw new Error(`not refused, but: ${String(error)}`);
}
/** Waits for a line in the log of the lease API. */
const logged = (facts: object): Promise<void> =>
  eventually(() => {
    expect(cluster.api.lines).toContainEqual(expect.objectContaining(facts));
  });
const states = async (name: string): Promise<string[]> => {
  const rows: string[] = [];
  for await (const { file, kind, type, state } of cluster.client().locks({ export: 'demo' }))
    if (file === name) rows.push(`${kind} ${type} ${state}`);
  return rows;
};

describe('an adapter', () => {
  test('that answers too late: the request is refused in time with a clear reason, and its effect is undone', async () => {
    const f = cluster.file('late');
    const hold = cluster.wire.hold('back', 'have');
    const asking = refusal(a.session.acquire({ ...demo(f), type: 'write' }));
    await within('the answer', hold.caught);
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    // Nobody is granted what the adapter may hold for another session.
    expect((await refusal(b.session.acquire({ ...demo(f), type: 'read' }))).error).toMatchObject({
      code: 'EAGAIN',
      reason: 'lease_conflict',
    });
    const { error, ms } = await asking;
    expect([error.code, error.reason]).toEqual(['ETIMEDOUT', 'fileserver_timeout']);
    expect(ms).toBeGreaterThan(askMs - 50);
    expect(ms).toBeLessThan(askMs + 10_000);
    expect((await refusal(b.session.open({ ...demo(f), access: 'write' }))).error).toMatchObject({
      code: 'EAGAIN',
      reason: 'fencing',
    });
    hold.release();
    await cluster.agreed();
    await cluster.kernelSays(f);
    await (await b.session.open({ ...demo(f), access: 'write' })).close();
  });

  test('that receives an ask after its cancellation holds nothing', async () => {
    const f = cluster.file('overtaken');
    const hold = cluster.wire.hold('there', setlease, 1);
    const { error } = await refusal(a.session.acquire({ ...demo(f), type: 'write' }));
    expect(error.reason).toBe('fileserver_timeout');
    await cluster.agreed();
    hold.release();
    // The adapter serves requests in order: once this one is answered, the late one has been processed.
    const other = await a.session.acquire({ ...demo(cluster.file('after-it')), type: 'read' });
    await cluster.kernelSays(f);
    await other.release();
    const lease = await a.session.acquire({ ...demo(f), type: 'write' });
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    await lease.release();
  });

  test('that receives every message twice, and whose every answer arrives twice, works as usual', async () => {
    const f = cluster.file('twice');
    cluster.wire.stutter('there', 'fileserver.');
    cluster.wire.stutter('back', 'response');
    cluster.reports.stutter('there', 'fileserver.break');
    try {
      const lease = await a.session.acquire({ ...demo(f), type: 'read' });
      await lease.set('write');
      await cluster.kernelSays(f, 'ACTIVE    WRITE');
      const cat = cluster.opener(`cat ${f}`);
      await a.ear.next('break', f);
      await lease.acknowledge();
      expect(await within('cat', cat.exited)).toBe(0);
      const shell = cluster.opener(`echo more >> ${f}`);
      expect((await a.ear.next('break', f)).target).toBe('none');
      await lease.acknowledge();
      expect(await within('the shell', shell.exited)).toBe(0);
      await cluster.agreed();
      await a.ear.next('released', f);
      expect(a.ear.about(f).filter((event) => event === 'break')).toHaveLength(2);
    } finally {
      cluster.wire.stutter('there');
      cluster.wire.stutter('back');
      cluster.reports.stutter('there');
    }
  });

  test('that sleeps: requests are refused in time, then it is lost; when it wakes up, everything is as it was', async () => {
    const f = cluster.file('asleep');
    const lease = await a.session.acquire({ ...demo(f), type: 'write' });
    const token = lease.token;
    cluster.fileserver.pause();
    const { error, ms } = await refusal(
      a.session.acquire({ ...demo(cluster.file('asleep-2')), type: 'read' }),
    );
    expect([error.code, error.reason]).toEqual(['ETIMEDOUT', 'fileserver_timeout']);
    expect(ms).toBeLessThan(askMs + 10_000);
    await a.ear.next('jeopardy');
    await logged({ level: 50, export: 'demo', cause: 'fileserver_lost' });
    const lost = await refusal(a.session.acquire({ ...demo('asleep-2'), type: 'read' }));
    expect([lost.error.code, lost.error.reason]).toEqual(['EAGAIN', 'no_backend']);
    cluster.fileserver.resume();
    await a.ear.next('reclaimed', f);
    await logged({ export: 'demo', msg: 'an export has its fileserver again' });
    await lease.refresh();
    expect([lease.type, lease.state, lease.token]).toEqual(['write', 'active', token]);
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    await cluster.kernelSays('asleep-2');
    await (await a.session.acquire({ ...demo('asleep-2'), type: 'read' })).release();
    await lease.release();
    await cluster.agreed();
  });

  test('that cannot reach the lease API reports its break as soon as it can', async () => {
    const f = cluster.file('unheard');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    cluster.reports.cut();
    const shell = cluster.opener(`echo more >> ${f}`);
    await cluster.kernelSays(f, 'BREAKING  UNLCK');
    expect(lease.state).toBe('active');
    cluster.reports.mend();
    await a.ear.next('break', f);
    await lease.acknowledge();
    expect(await within('the shell', shell.exited)).toBe(0);
  });

  test('whose connection breaks again and again: every request ends, and in the end both agree', async () => {
    const files = Array.from({ length: 20 }, (_, i) => cluster.file(`breaks-${String(i)}`));
    const done = new AbortController();
    const cutting = (async () => {
      for (let round = 0; round < 200 && !done.signal.aborted; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, 30));
        cluster.wire.cut();
        cluster.wire.mend();
      }
    })();
    const outcomes = await Promise.all(
      files.map(async (file) => {
        const outcome = await a.session
          .acquire({ ...demo(file), type: 'write' })
          .catch((error: unknown) => error);
        return outcome instanceof LeaseholdError ? outcome.reason : 'granted';
      }),
    );
    done.abort();
    await cutting;
    for (const outcome of outcomes)
      expect(['granted', 'fileserver_timeout', 'no_backend']).toContain(outcome);
    await cluster.agreed();
    for (const lease of [...a.session.leases.values()]) await lease.release();
    await cluster.agreed();
    for (const file of files) await cluster.kernelSays(file);
  });
});

describe('a silent holder', () => {
  test('is revoked at the deadline; the shell goes on, and the late answer is refused', async () => {
    const f = cluster.file('silent');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    const token = lease.token;
    const shell = cluster.opener(`echo more >> ${f}`);
    const notice = await a.ear.next('break', f);
    expect(notice.remainingMs).toBeLessThanOrEqual(breakMs);
    const start = performance.now();
    expect(await within('the shell', shell.exited)).toBe(0);
    expect(performance.now() - start).toBeGreaterThan((notice.remainingMs ?? 0) / 2);
    expect(await a.ear.next('revoked', f)).toMatchObject({ cause: 'deadline' });
    await logged({ level: 40, export: 'demo', file: f, cause: 'deadline' });
    const late = await cluster.api.request('PUT', `/v1/leases/${lease.id}`, {
      body: { type: 'none', breakId: notice.breakId, ifToken: token },
      secret: a.session.secret,
    });
    expect(late).toMatchObject({ status: 412, body: { code: 'ESTALE', reason: 'lease_revoked' } });
    await cluster.kernelSays(f);
  });

  test('is fenced before the next lease is granted', async () => {
    const f = cluster.file('fenced');
    const lease = await a.session.acquire({ ...demo(f), type: 'write' });
    const token = lease.token;
    const check = () => cluster.client().checkFence({ ...demo(f), token, for: 'write' });
    expect(await check()).toMatchObject({ valid: true });
    let granted = false;
    const opening = b.session.open({ ...demo(f), access: 'write', waitMs: 60_000 }).then((opened) => {
      granted = true;
      return opened;
    });
    await a.ear.next('break', f);
    expect(await check()).toMatchObject({ valid: true, state: 'breaking' });

    // The fileserver's confirmation is late: until then it may still serve the revoked holder.
    const hold = cluster.wire.hold('there', setlease);
    await within('the ask', hold.caught);
    expect((await refusal(check())).error.code).toBe('ESTALE');
    expect(await states(f)).toEqual(['lease write fencing', 'open write waiting']);
    expect(await cluster.client().locksText({ export: 'demo' })).toContain('LEASE  BREAKING  UNLCK');
    expect((await refusal(b.session.acquire({ ...demo(f), type: 'read' }))).error.code).toBe('EAGAIN');
    expect(granted).toBe(false);
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    hold.release();
    await (await within('the open', opening)).close();
    await cluster.kernelSays(f);
    expect(await a.ear.next('revoked', f)).toMatchObject({ cause: 'deadline' });
  });

  test('keeps a read lease where only a reader broke it; its late answer is refused', async () => {
    const f = cluster.file('silent-writer');
    const lease = await a.session.acquire({ ...demo(f), type: 'write' });
    const token = lease.token;
    const cat = cluster.opener(`cat ${f}`);
    const notice = await a.ear.next('break', f);
    expect(notice.target).toBe('read');
    expect(await within('cat', cat.exited)).toBe(0);
    expect(await a.ear.next('downgraded', f)).toMatchObject({ type: 'read', cause: 'deadline' });
    expect(lease).toMatchObject({ type: 'read', state: 'active' });
    const late = await cluster.api.request('PUT', `/v1/leases/${lease.id}`, {
      body: { type: 'read', breakId: notice.breakId },
      secret: a.session.secret,
    });
    expect(late).toMatchObject({ status: 412, body: { code: 'ESTALE', reason: 'break_over' } });
    expect((await refusal(cluster.client().checkFence({ ...demo(f), token, for: 'write' }))).error.code).toBe(
      'ESTALE',
    );
    await cluster.kernelSays(f, 'ACTIVE    READ');
    await lease.release();
  });

  test('is revoked while the lease API is dead, and told at once when it is back', async () => {
    const f = cluster.file('dead-meanwhile');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    const opening = b.session.open({ ...demo(f), access: 'write', waitMs: 60_000, requestId: 'over-death' });
    const { breakId } = await a.ear.next('break', f);
    await cluster.api.kill();
    await cluster.api.start();
    await (await within('the open', opening)).close();
    expect(await a.ear.next('revoked', f)).toMatchObject({ cause: 'deadline' });
    expect(await lease.acknowledge('none', breakId)).toBe(false);
    await cluster.agreed();
  });
});

describe('an event stream', () => {
  test('that is cut until a break is over tells how the break ended', async () => {
    const f = cluster.file('cut');
    const plain = await cluster.api.session();
    const session = await cluster.client().attachSession(plain, { events: false });
    cluster.heard(session);
    const live = await new EventReader().open(cluster.api.url, plain);
    const start = await live.next();
    const lease = await session.acquire({ ...demo(f), type: 'read' });
    await live.next();
    live.close();
    const shell = cluster.opener(`echo more >> ${f}`);
    expect(await within('the shell', shell.exited)).toBe(0);
    await eventually(async () => {
      await lease.refresh().catch(() => undefined);
      expect(lease.signal.aborted).toBe(true);
    });
    const replayed = await new EventReader(start.id).open(cluster.api.url, plain);
    expect(await replayed.next()).toMatchObject({ event: 'granted', data: { file: f } });
    // A break that is over is not replayed; the loss of the lease is.
    expect(await replayed.next()).toMatchObject({ event: 'revoked', data: { file: f, cause: 'deadline' } });
    replayed.close();
    await session.end();
  });
});
