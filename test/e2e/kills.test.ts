import { Cluster, type Holder, stopClusters } from '../support/cluster';
import { eventually, within } from '../support/eventually';
import { type RedisServer, startRedis } from '../support/redis-server';
import { closeProxies, type Hold, TcpProxy } from '../support/tcp-proxy';

/**
 * kill -9 in every window. A proxy decides where exactly a process dies: it holds back the message that has just left
 * it or is about to reach it. The kernel's /proc/locks shows that nothing leaks.
 */
const env = { LEASEHOLD_ASK_MS: '1500', LEASEHOLD_LOST_MS: '3000' };
const setlease = 'fileserver.setlease';
const demo = (file: string) => ({ export: 'demo', file });

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
});
afterAll(async () => {
  await redis.stop();
});

describe.each(['embedded', 'redis'])('the lease API over the %s table', (store) => {
  let cluster: Cluster;
  let door: TcpProxy;
  let kept: Awaited<ReturnType<Holder['session']['acquire']>>;
  let a: Holder;
  let b: Holder;

  beforeAll(async () => {
    cluster = await Cluster.start({ env, wired: true, table: store === 'redis' ? redis.url : undefined });
    door = await TcpProxy.start({ target: () => new URL(cluster.api.url).host });
    a = await cluster.holder();
    b = await cluster.holder();
    kept = await a.session.acquire({ ...demo(cluster.file('kept')), type: 'read' });
  });
  afterAll(stopClusters);
  beforeEach(async () => {
    // A test that fails half way must not make the others fail.
    if (!cluster.api.isRunning) await cluster.api.start();
  });
  afterEach(async () => {
    // Whatever died meanwhile, earlier grants are unchanged, and there are no others.
    const token = kept.token;
    await kept.refresh();
    expect([kept.type, kept.state, kept.token]).toEqual(['read', 'active', token]);
    await cluster.kernelSays('kept', 'ACTIVE    READ');
    await cluster.agreed();
  });

  /** One request through the proxy, never repeated. */
  const send = async (
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }> => {
    const response = await fetch(`http://${door.address}/v1${path}`, {
      method,
      headers: {
        'x-session-secret': a.session.secret,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        connection: 'close',
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  };
  const acquiring = (file: string, type: 'read' | 'write') => ({
    ...{ sessionId: a.session.id, ...demo(file), type },
    requestId: `acquire-${file}`,
  });
  /** Kills the service once a message is held back, which is lost with it; the request under way gets no answer. */
  async function killAt(hold: Hold, request: Promise<unknown>, fate = 'is lost'): Promise<void> {
    const unanswered = expect(request).rejects.toThrow('fetch failed');
    await within('the moment', hold.caught);
    await cluster.api.kill();
    if (fate === 'is lost') hold.drop();
    await within('the end of the request', unanswered);
  }
  /** Repeats a request until it succeeds. */
  const repeat = (method: string, path: string, body?: object) =>
    eventually(async () => {
      const answer = await send(method, path, body);
      if (answer.status > 299) throw new Error(JSON.stringify(answer.body));
      return answer.body;
    });
  /** The holds on a file. Not queried by name, since the fileserver may not be up yet. */
  const listed = async (name: string, wanted = 'lease'): Promise<string[]> => {
    const rows: string[] = [];
    for await (const { file, kind, type, state } of cluster.client().locks({ export: 'demo' }))
      if (file === name && kind === wanted && type !== 'none') rows.push(`${type} ${state}`);
    return rows;
  };

  test.each(['is lost', 'arrives late'])(
    'dies between the intent and the ask, which %s: no lease is left, and a repeated request gets one',
    async (fate) => {
      const f = cluster.file(`intent-${fate.replace(' ', '-')}`);
      const hold = cluster.wire.hold('there', setlease);
      await killAt(hold, send('POST', '/leases/acquire', acquiring(f, 'write')), fate);
      await cluster.kernelSays(f);
      await cluster.api.start();
      if (fate === 'arrives late') {
        hold.release();
        await eventually(() => {
          expect(cluster.kernel(f)).not.toEqual([]);
        });
      }
      // If nobody repeats the request, nothing remains in the table or at the fileserver.
      await cluster.agreed();
      await cluster.kernelSays(f);
      expect(await listed(f)).toEqual([]);
      const lease = await repeat('POST', '/leases/acquire', acquiring(f, 'write'));
      expect(lease).toMatchObject({ type: 'write', state: 'active' });
      await cluster.kernelSays(f, 'ACTIVE    WRITE');
      await repeat('DELETE', `/leases/${String(lease['leaseId'])}`);
    },
  );

  test('dies between the ask and the commit: the fileserver has the hold, nobody else is granted, and it is taken back', async () => {
    const f = cluster.file('uncommitted');
    const hold = cluster.wire.hold('back', 'have');
    await killAt(hold, send('POST', '/leases/acquire', acquiring(f, 'write')));
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    await cluster.api.start();
    expect(await listed(f)).not.toContain('write active');
    await cluster.agreed();
    await cluster.kernelSays(f);

    const [mine, theirs] = await Promise.all([
      send('POST', '/leases/acquire', acquiring(f, 'write')),
      b.session.acquire({ ...demo(f), type: 'write' }).catch(() => undefined),
    ]);
    expect([mine.status === 201, theirs !== undefined].filter(Boolean)).toHaveLength(1);
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    expect(await listed(f)).toEqual(['write active']);
    await theirs?.release();
    const { leaseId } = await repeat('POST', '/leases/acquire', acquiring(f, 'write'));
    await repeat('DELETE', `/leases/${String(leaseId)}`);
  });

  test('dies between the commit and the answer: the lease is there, and the repeated request finds it', async () => {
    const f = cluster.file('unanswered');
    const hold = door.hold('back', '"state":"active"');
    await killAt(hold, send('POST', '/leases/acquire', acquiring(f, 'write')));
    await cluster.api.start();
    expect(await listed(f)).toEqual(['write active']);
    // The adapter may have been silent for so long that it counts as lost until its next heartbeat.
    const { highestToken } = await eventually(() => cluster.client().fence(demo(f)));
    const lease = await repeat('POST', '/leases/acquire', acquiring(f, 'write'));
    expect(lease).toMatchObject({ type: 'write', state: 'active', token: highestToken });
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    await repeat('DELETE', `/leases/${String(lease['leaseId'])}`);
  });

  test.each(['intent', 'answer'])(
    'dies at the %s of a delegation, which has no requestId: a repeat finds the one of its session on the file',
    async (when) => {
      const f = cluster.file(`delegation-${when}`);
      const want = { sessionId: a.session.id, ...demo(f), want: 'read' };
      const hold =
        when === 'intent' ? cluster.wire.hold('there', setlease) : door.hold('back', '"state":"active"');
      await killAt(hold, send('POST', '/delegations', want));
      await cluster.api.start();
      if (when === 'answer') expect(await listed(f, 'delegation')).toEqual(['read active']);
      const lease = await eventually(async () => {
        const { body } = await send('POST', '/delegations', want);
        expect(body).toMatchObject({ lease: { type: 'read', state: 'active' } });
        return body['lease'] as { leaseId: string };
      });
      expect(await listed(f, 'delegation')).toEqual(['read active']);
      await cluster.kernelSays(f, 'ACTIVE    READ');
      await repeat('PUT', `/leases/${lease.leaseId}`, { type: 'none' });
    },
  );

  test('dies during an upgrade: the read lease stays, and the repeated request upgrades it', async () => {
    const f = cluster.file('upgrade');
    const { leaseId, token } = await repeat('POST', '/leases/acquire', acquiring(f, 'read'));
    const hold = cluster.wire.hold('back', 'have');
    await killAt(hold, send('PUT', `/leases/${String(leaseId)}`, { type: 'write' }));
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    await cluster.api.start();
    await cluster.agreed();
    await cluster.kernelSays(f, 'ACTIVE    READ');
    const found = await send('GET', `/leases/${String(leaseId)}`);
    expect(found.body).toMatchObject({ type: 'read', state: 'active', token });
    await repeat('PUT', `/leases/${String(leaseId)}`, { type: 'write', ifToken: token });
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    await repeat('DELETE', `/leases/${String(leaseId)}`);
  });

  test('dies between a release and its answer, before the fileserver is told: the fileserver is told after the restart', async () => {
    const f = cluster.file('release');
    const { leaseId } = await repeat('POST', '/leases/acquire', acquiring(f, 'write'));
    const answer = door.hold('back', 'HTTP/1.1 204');
    const hold = cluster.wire.hold('there', setlease);
    await killAt(answer, send('DELETE', `/leases/${String(leaseId)}`));
    hold.drop();
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    await cluster.api.start();
    await cluster.kernelSays(f);
    expect((await send('DELETE', `/leases/${String(leaseId)}`)).status).toBe(204);
    expect(await listed(f)).toEqual([]);
  });

  test('dies before the fileserver is told of an acknowledgement: the shell goes on after the restart', async () => {
    const f = cluster.file('acknowledged');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    const shell = cluster.opener(`echo more >> ${f}`);
    await a.ear.next('break', f);
    const hold = cluster.wire.hold('there', setlease);
    await lease.acknowledge();
    await within('the ask', hold.caught);
    await cluster.api.kill();
    hold.drop();
    expect(shell.running).toBe(true);
    await cluster.api.start();
    expect(await within('the shell', shell.exited)).toBe(0);
    await cluster.kernelSays(f);
  });

  test('dies before a break begins and while it runs: the holder is told, and answers in time', async () => {
    const [f, g] = [cluster.file('broken-meanwhile'), cluster.file('broken-before')];
    const first = await a.session.acquire({ ...demo(f), type: 'read' });
    const second = await a.session.acquire({ ...demo(g), type: 'write' });
    const cat = cluster.opener(`cat ${g}`);
    const running = await a.ear.next('break', g);
    await cluster.api.kill();
    const shell = cluster.opener(`echo more >> ${f}`);
    await cluster.kernelSays(f, 'BREAKING  UNLCK');
    await cluster.api.start();
    const notice = await a.ear.next('break', f);
    expect(await first.acknowledge('none', notice.breakId)).toBe(true);
    expect(await within('the shell', shell.exited)).toBe(0);
    expect(cat.running).toBe(true);
    expect(await second.acknowledge('read', running.breakId)).toBe(true);
    expect(await within('cat', cat.exited)).toBe(0);
    await second.release();
  });

  test('dies between an acknowledgement and its answer: a repeat finds the break over, and the lease as acknowledged', async () => {
    const f = cluster.file('answered-break');
    const lease = await a.session.acquire({ ...demo(f), type: 'write' });
    const cat = cluster.opener(`cat ${f}`);
    const { breakId } = await a.ear.next('break', f);
    const answer = door.hold('back', '"state":"active"');
    const body = { type: 'read', breakId };
    await killAt(answer, send('PUT', `/leases/${lease.id}`, body));
    await cluster.api.start();
    expect(await within('cat', cat.exited)).toBe(0);
    expect(await send('PUT', `/leases/${lease.id}`, body)).toMatchObject({
      status: 412,
      body: { reason: 'break_over' },
    });
    await lease.refresh();
    expect(lease).toMatchObject({ type: 'read', state: 'active' });
    await lease.release();
  });

  test('dies while an open waits: the repeated open finds its place and is granted', async () => {
    const f = cluster.file('waiting-open');
    const lease = await b.session.acquire({ ...demo(f), type: 'read' });
    const ask = {
      ...{ sessionId: a.session.id, ...demo(f), access: 'write' },
      ...{ waitMs: 60_000, requestId: 'waiting-open' },
    };
    const opening = expect(send('POST', '/opens', ask)).rejects.toThrow('fetch failed');
    const notice = await b.ear.next('break', f);
    await cluster.api.kill();
    await opening;
    await cluster.api.start();
    const places = async () => {
      const found: number[] = [];
      for await (const { no } of cluster.client().locks({ export: 'demo', state: 'waiting' })) found.push(no);
      return found;
    };
    const before = await places();
    expect(before).toHaveLength(1);
    const repeated = send('POST', '/opens', ask);
    expect(await lease.acknowledge('none', notice.breakId)).toBe(true);
    const opened = await within('the open', repeated);
    expect(opened).toMatchObject({ body: { state: 'open', access: 'write' } });
    expect(await places()).toEqual([]);
    await repeat('DELETE', `/opens/${String(opened.body['openId'])}`);
  });
});

describe('the adapter', () => {
  let cluster: Cluster;
  let a: Holder;
  let b: Holder;

  beforeAll(async () => {
    cluster = await Cluster.start({ env });
    a = await cluster.holder();
    b = await cluster.holder();
  });
  afterAll(stopClusters);

  /** A read lease on a file that stays untouched, one on a file that will be touched, and a write lease. */
  async function leases(prefix: string) {
    const [untouched, touched, written] = [
      await cluster.oldFile(`${prefix}-untouched`),
      await cluster.oldFile(`${prefix}-touched`),
      await cluster.oldFile(`${prefix}-written`),
    ];
    return {
      files: { untouched, touched, written },
      held: [
        await a.session.acquire({ ...demo(untouched), type: 'read' }),
        await a.session.acquire({ ...demo(touched), type: 'read' }),
        await a.session.acquire({ ...demo(written), type: 'write' }),
      ] as const,
      other: await b.session.acquire({ ...demo(untouched), type: 'read' }),
    };
  }
  async function onlyTheUntouchedIsLeft(
    { files, held, other }: Awaited<ReturnType<typeof leases>>,
    tokens: number[],
  ) {
    await a.ear.next('reclaimed', files.untouched);
    await b.ear.next('reclaimed', files.untouched);
    expect(await a.ear.next('revoked', files.touched)).toMatchObject({ cause: 'fileserver_lost' });
    expect(await a.ear.next('revoked', files.written)).toMatchObject({ cause: 'fileserver_lost' });
    await held[0].refresh();
    await other.refresh();
    expect([held[0], other].map(({ state, token }) => [state, token])).toEqual(
      tokens.map((token) => ['active', token]),
    );
    expect(held.map(({ signal }) => signal.aborted)).toEqual([false, true, true]);
    await cluster.kernelSays(files.untouched, 'ACTIVE    READ');
    await cluster.agreed();
    const next = await eventually(() => b.session.acquire({ ...demo(files.written), type: 'write' }));
    expect(next.token).toBeGreaterThan(Math.max(...tokens));
    for (const lease of [held[0], other, next]) await lease.release();
  }

  test('stops in order while it has holds: holders are told at once, and nothing waits for proof that it is dead', async () => {
    const all = await leases('stops');
    const tokens = [all.held[0].token, all.other.token];
    expect(await cluster.fileserver.stop()).toBe(0);
    expect(await a.ear.next('jeopardy')).toMatchObject({ cause: 'fileserver_stopped' });
    expect(await a.ear.next('revoked', all.files.written)).toMatchObject({ cause: 'fileserver_stopped' });
    expect(all.held.map(({ signal }) => signal.aborted)).toEqual([false, false, true]);
    await cluster.kernelSays(all.files.untouched);
    expect(await cluster.opener(`echo more >> ${all.files.touched}; cat ${all.files.untouched}`).exited).toBe(
      0,
    );
    await cluster.fileserver.start();
    await a.ear.next('reclaimed', all.files.untouched);
    expect(await a.ear.next('revoked', all.files.touched)).toMatchObject({ cause: 'fileserver_lost' });
    await cluster.kernelSays(all.files.untouched, 'ACTIVE    READ');
    await all.held[0].refresh();
    await all.other.refresh();
    expect([all.held[0], all.other].map(({ state, token }) => [state, token])).toEqual(
      tokens.map((token) => ['active', token]),
    );
    await cluster.agreed();
    for (const lease of [all.held[0], all.other]) await lease.release();
  });

  test('dies while it has holds: leases on provably untouched files are reclaimed, all others revoked', async () => {
    const all = await leases('adapter');
    const tokens = [all.held[0].token, all.other.token];
    await cluster.fileserver.kill();
    await cluster.kernelSays(all.files.untouched);
    await a.ear.next('jeopardy');
    await expect(
      a.session.acquire({ ...demo(cluster.file('unreachable')), type: 'read' }),
    ).rejects.toMatchObject({ code: 'EAGAIN', reason: 'no_backend' });
    expect(await cluster.opener(`echo more >> ${all.files.touched}; cat ${all.files.untouched}`).exited).toBe(
      0,
    );
    await cluster.fileserver.start();
    await onlyTheUntouchedIsLeft(all, tokens);
  });

  test('restarts before it is missed: leases on provably untouched files are reclaimed, all others revoked', async () => {
    const all = await leases('blink');
    const tokens = [all.held[0].token, all.other.token];
    await cluster.fileserver.kill();
    expect(await cluster.opener(`echo more >> ${all.files.touched}`).exited).toBe(0);
    await cluster.fileserver.start();
    await onlyTheUntouchedIsLeft(all, tokens);
  });

  test('dies together with the lease API: leases on provably untouched files are reclaimed, all others revoked', async () => {
    const all = await leases('both');
    const tokens = [all.held[0].token, all.other.token];
    await Promise.all([cluster.fileserver.kill(), cluster.api.kill()]);
    expect(await cluster.opener(`echo more >> ${all.files.touched}`).exited).toBe(0);
    await cluster.api.start();
    await cluster.fileserver.start();
    await onlyTheUntouchedIsLeft(all, tokens);
  });

  test('is replaced while the lease API is dead: leases on provably untouched files are reclaimed, all others revoked', async () => {
    const all = await leases('replaced');
    const tokens = [all.held[0].token, all.other.token];
    await cluster.api.kill();
    await cluster.fileserver.kill();
    expect(await cluster.opener(`echo more >> ${all.files.touched}`).exited).toBe(0);
    await cluster.fileserver.start();
    await cluster.api.start();
    await onlyTheUntouchedIsLeft(all, tokens);
  });

  test('dies while a break runs: the opener goes on at once, and the lease is revoked', async () => {
    const f = await cluster.oldFile('breaking');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    const shell = cluster.opener(`echo more >> ${f}`);
    const notice = await a.ear.next('break', f);
    await cluster.fileserver.kill();
    expect(await within('the shell', shell.exited)).toBe(0);
    await cluster.fileserver.start();
    expect(await a.ear.next('revoked', f)).toMatchObject({ cause: 'fileserver_lost' });
    expect(await lease.acknowledge('none', notice.breakId)).toBe(false);
    await cluster.kernelSays(f);
    await cluster.agreed();
  });

  test('dies during a break that nobody waits for: the break continues and is answered', async () => {
    const f = await cluster.oldFile('breaking-untouched');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    const opening = b.session.open({ ...demo(f), access: 'write', waitMs: 60_000 });
    const notice = await a.ear.next('break', f);
    await cluster.fileserver.kill();
    await cluster.fileserver.start();
    await a.ear.next('reclaimed', f);
    expect(await lease.acknowledge('none', notice.breakId)).toBe(true);
    await (await within('the open', opening)).close();
    await cluster.agreed();
  });

  test('dies between the ask and the answer: the request is refused in time, and a repeat succeeds', async () => {
    const wired = await Cluster.start({ env, wired: true });
    const { session } = await wired.holder();
    const f = wired.file('unanswered');
    const hold = wired.wire.hold('back', 'have');
    const asking = expect(session.acquire({ ...demo(f), type: 'write' })).rejects.toMatchObject({
      reason: expect.stringMatching(/^(fileserver_timeout|no_backend)$/) as string,
    });
    await within('the answer', hold.caught);
    await wired.fileserver.kill();
    hold.drop();
    await within('the refusal', asking);
    await wired.fileserver.start();
    await wired.served();
    await wired.agreed();
    const lease = await eventually(() => session.acquire({ ...demo(f), type: 'write' }));
    await wired.kernelSays(f, 'ACTIVE    WRITE');
    await lease.release();
  });

  test('wakes up when its successor runs: nothing changes, and it exits', async () => {
    const all = await leases('paused');
    const { untouched, touched, written } = all.files;
    const [read, other, write] = [all.held[0], all.other, all.held[2]];
    const token = read.token;
    const first = cluster.fileserver;
    first.pause();
    expect(await cluster.supersede()).toBe(first);
    await a.ear.next('reclaimed', untouched);
    await a.ear.next('reclaimed', touched);
    expect(await a.ear.next('revoked', written)).toMatchObject({ cause: 'fileserver_lost' });
    expect(write.signal.aborted).toBe(true);
    // Nobody else may get the holds of the sleeping adapter: it may still serve its clients.
    await expect(b.session.acquire({ ...demo(written), type: 'write' })).rejects.toMatchObject({
      code: 'EAGAIN',
    });
    const fenced: string[] = [];
    for await (const { file, state } of cluster.client().locks({ state: 'fencing' }))
      fenced.push(`${file} ${state}`);
    expect(fenced).toEqual([`${written} fencing`]);

    const ended = first.ended(20_000);
    first.resume();
    expect(await ended).toBe(3);
    await cluster.kernelSays(untouched, 'ACTIVE    READ');
    await cluster.kernelSays(touched, 'ACTIVE    READ');
    await cluster.kernelSays(written);
    await cluster.agreed();
    for (const lease of [read, all.held[1], other]) await lease.refresh();
    expect([read.state, read.token, all.held[1].state, other.state]).toEqual([
      'active',
      token,
      'active',
      'active',
    ]);
    expect(a.ear.about(untouched)).toEqual(['granted', 'reclaimed']);
    const next = await eventually(() => b.session.acquire({ ...demo(written), type: 'write' }));
    await cluster.kernelSays(written, 'ACTIVE    WRITE');

    // The successor is the one that receives breaks.
    const shell = cluster.opener(`echo more >> ${untouched}`);
    await Promise.all([a.ear.next('break', untouched), b.ear.next('break', untouched)]);
    for (const lease of [read, other, next, all.held[1]]) await lease.release();
    expect(await within('the shell', shell.exited)).toBe(0);
    await cluster.agreed();
  });
});

afterAll(closeProxies);
