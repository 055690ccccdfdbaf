import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Logger } from '@nestjs/common';
import type { z } from 'zod';
import {
  Leasehold,
  LeaseholdError,
  type Node,
  type NodeNotice,
  type OpenSession,
  type Session,
} from '#client';
import { type configuration as shapes, fileserver as rpc } from '#contracts';
import { Ear, kernelLeases } from '../support/cluster';
import { eventually, within } from '../support/eventually';
import { killOpeners, open } from '../support/openers';
import { type RedisServer, startRedis } from '../support/redis-server';
import { Teller } from '../support/rpc';
import { closeProxies, TcpProxy } from '../support/tcp-proxy';
import {
  type Fileserver,
  type LeaseApi,
  startFileserver,
  startLeaseApi,
  stopPrograms,
} from '../support/service';

/**
 * The configuration tree in operation: items that appear, change and go while in use; adapters that come late, leave and
 * return; nodes that die. The kernel's /proc/locks and foreign programs are the witnesses.
 */
Logger.overrideLogger(false);
jest.setTimeout(600_000);

type ExportView = z.infer<typeof shapes.exportView>;
type Operation = z.infer<typeof shapes.operation>;
type Answer = Awaited<ReturnType<LeaseApi['request']>>;
type Kind = z.infer<typeof shapes.itemKind>;

const env = { LEASEHOLD_LOST_MS: '3000', LEASEHOLD_ASK_MS: '2000' };
let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
});
afterAll(async () => {
  await redis.stop();
});

/** What a test needs of a running service. */
class Service {
  readonly directory = mkdtempSync(join(tmpdir(), 'leasehold-config-'));
  private readonly sessions: Session[] = [];
  private readonly nodes: Node[] = [];
  readonly client: Leasehold;

  constructor(readonly api: LeaseApi) {
    this.client = new Leasehold({ url: api.url });
  }

  close(): void {
    for (const session of this.sessions) session.close();
    for (const node of this.nodes) node.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  put(kind: Kind, name: string, body: object, headers?: Record<string, string>): Promise<Answer> {
    return this.api.request('PUT', `/v1/${kind}/${name}`, { body, headers });
  }
  get(kind: Kind, name: string): Promise<Answer> {
    return this.api.request('GET', `/v1/${kind}/${name}`);
  }
  remove(kind: Kind, name: string, query = '', headers?: Record<string, string>): Promise<Answer> {
    return this.api.request('DELETE', `/v1/${kind}/${name}${query}`, { headers });
  }
  async made(kind: Kind, name: string, body: object): Promise<void> {
    expect(await this.put(kind, name, body)).toMatchObject({ status: 201 });
  }
  async export(name: string): Promise<ExportView> {
    return (await this.get('exports', name)).body as ExportView;
  }
  /** Waits until an export is in this state. */
  async is(name: string, state: ExportView['state']): Promise<void> {
    await eventually(async () => {
      expect(await this.export(name)).toMatchObject({ state });
    });
  }
  /** Waits until an operation is done, and returns it. */
  async done({ body }: Answer): Promise<Operation> {
    const path = `/v1/operations/${String(body['operationId'])}?waitMs=30000`;
    const answer = (await this.api.request('GET', path)).body as Operation;
    expect(answer).toMatchObject({ state: 'done', phase: 'done' });
    return answer;
  }

  async holder(options: OpenSession = {}): Promise<{ session: Session; ear: Ear }> {
    return this.heard(await this.client.openSession({ ttlMs: 120_000, ...options }));
  }
  /** Follows a session that the test has created itself. */
  heard(session: Session): { session: Session; ear: Ear } {
    this.sessions.push(session);
    return { session, ear: new Ear(session) };
  }
  async node(name: string, incarnation?: string): Promise<Node> {
    const node = await this.client.node(name, { incarnation });
    this.nodes.push(node);
    return node;
  }

  /** A new directory to export. */
  folder(name: string): string {
    const path = join(this.directory, name);
    mkdirSync(path);
    return path;
  }
  serve(exports: Record<string, string>, program?: string): Promise<Fileserver> {
    return startFileserver({ exports, apis: [this.api.rpcAddress], program }, this.api);
  }
}

const refusal = (answer: Answer): Record<string, unknown> =>
  JSON.parse(answer.text) as Record<string, unknown>;
/** Leases that this process has in the kernel, by mode. */
const held = (by: Fileserver): string[] =>
  kernelLeases().flatMap((each) => (each.pid === by.pid ? [each.mode] : []));

describe.each(['embedded', 'redis'])('over the %s table', (store) => {
  let service: Service;
  beforeAll(async () => {
    service = new Service(await startLeaseApi({ env, table: store === 'redis' ? redis.url : undefined }));
  });
  afterAll(async () => {
    service.close();
    killOpeners();
    closeProxies();
    await stopPrograms();
  });

  describe('the tree', () => {
    test('items are created, read, changed by version, and removed', async () => {
      const settings: Record<Kind, [object, object]> = {
        stacks: [{ description: 'one' }, { description: 'two', onDemand: { prefix: 'auto-' } }],
        regions: [{}, { beatMs: 500, deadMs: 2_000, ackMs: 100 }],
        nodes: [{ region: 'r-tree' }, { region: 'r-tree', description: 'two' }],
        exports: [
          { stack: 's-tree' },
          {
            ...{ stack: 's-tree', policy: 'wait', region: 'r-tree' },
            ...{ breakMs: 1_000, lockDelayMs: 5, directories: true },
          },
        ],
      };
      const names: Record<Kind, string> = {
        stacks: 's-tree',
        regions: 'r-tree',
        nodes: 'n-tree',
        exports: 'e-tree',
      };
      for (const kind of ['stacks', 'regions', 'nodes', 'exports'] as const) {
        const name = names[kind];
        const [first, second] = settings[kind];
        expect(refusal(await service.get(kind, name))).toMatchObject({
          code: 'ENOENT',
          reason: 'no_such_item',
        });
        const made = await service.put(kind, name, first, { 'if-none-match': '*' });
        expect(made).toMatchObject({ status: 201, body: { kind, name } });
        const etag = made.headers.get('etag') ?? '';
        expect(etag).toBe(`"${String(made.body['version'])}"`);
        const again = await service.put(kind, name, first, { 'if-none-match': '*' });
        expect(refusal(again)).toMatchObject({
          status: 412,
          code: 'ESTALE',
          reason: 'version_old',
          version: made.body['version'],
        });
        const changed = await service.put(kind, name, second, { 'if-match': etag });
        expect(changed).toMatchObject({ status: 200, body: { ...second, kind, name } });
        expect(changed.body['version']).toBeGreaterThan(made.body['version'] as number);
        const late = await service.put(kind, name, first, { 'if-match': etag });
        expect(refusal(late)).toMatchObject({ status: 412, version: changed.body['version'] });
        const read = await service.get(kind, name);
        expect(read.body).toEqual(changed.body);
        expect(read.headers.get('etag')).toBe(`"${String(changed.body['version'])}"`);
        const { body } = await service.api.request('GET', `/v1/${kind}`);
        expect(body[kind]).toContainEqual(changed.body);
        // An omitted field returns to its default.
        const { version, ...rest } = made.body;
        const back = await service.put(kind, name, first);
        expect(back.body).toEqual({ ...rest, version: back.body['version'] });
        expect(version).not.toBe(back.body['version']);
      }
      for (const kind of ['exports', 'nodes', 'regions', 'stacks'] as const) {
        const name = names[kind];
        expect(refusal(await service.remove(kind, name, '', { 'if-match': '"1"' }))).toMatchObject({
          status: 412,
        });
        const etag = (await service.get(kind, name)).headers.get('etag') ?? '';
        expect(await service.remove(kind, name, '', { 'if-match': etag })).toMatchObject({
          status: 204,
          text: '',
        });
        expect((await service.get(kind, name)).status).toBe(404);
        // The log names the item in a field that no log reader takes for the program's own name.
        for (const msg of ['configured', 'item removed'])
          expect(service.api.lines).toContainEqual(expect.objectContaining({ msg, item: `${kind}/${name}` }));
        expect(refusal(await service.remove(kind, name))).toMatchObject({
          code: 'ENOENT',
          reason: 'no_such_item',
        });
      }
    });

    test.each<[Kind, (i: number) => object]>([
      ['stacks', (i) => ({ description: String(i) })],
      ['regions', (i) => ({ ackMs: i })],
      ['nodes', (i) => ({ region: 'r-race', description: String(i) })],
      ['exports', (i) => ({ stack: 's-race', breakMs: i })],
    ])('an answer to a change in %s shows that change, whatever others do', async (kind, body) => {
      await service.put('stacks', 's-race', {});
      await service.put('regions', 'r-race', {});
      const answers = await Promise.all(
        Array.from({ length: 40 }, async (_, i) => {
          if (i % 4 === 3) {
            expect([204, 404]).toContain((await service.remove(kind, 'raced')).status);
            return undefined;
          }
          const answer = await service.put(kind, 'raced', body(i + 1));
          expect(answer).toMatchObject({ body: { kind, name: 'raced', ...body(i + 1) } });
          return answer.headers.get('etag');
        }),
      );
      const tags = answers.filter((tag) => tag !== undefined);
      expect(new Set(tags).size).toBe(tags.length);
      await service.remove(kind, 'raced');
      for (const [of, name] of [['stacks', 's-race'] as const, ['regions', 'r-race'] as const])
        expect(await service.remove(of, name)).toMatchObject({ status: 204 });
    });

    test.each<
      [string, string, string, object | undefined, Record<string, string>, string, string | undefined]
    >([
      ['no stack', 'PUT', 'exports/e', {}, {}, 'EINVAL bad_request', 'stack'],
      ['a stack that is not', 'PUT', 'exports/e', { stack: 'nobody' }, {}, 'ENOENT no_such_item', undefined],
      [
        'a region that is not',
        'PUT',
        'exports/e',
        { stack: 'local', region: 'x' },
        {},
        'ENOENT no_such_item',
        undefined,
      ],
      [
        'an unknown policy',
        'PUT',
        'exports/e',
        { stack: 'local', policy: 'hope' },
        {},
        'EINVAL bad_request',
        'policy',
      ],
      ['an unknown field', 'PUT', 'exports/e', { stack: 'local', colour: 1 }, {}, 'EINVAL bad_request', ''],
      [
        'a break time beyond reason',
        'PUT',
        'exports/e',
        { stack: 'local', breakMs: 1e9 },
        {},
        'EINVAL bad_request',
        'breakMs',
      ],
      ['a name with a slash', 'PUT', 'exports/a%2Fb', { stack: 'local' }, {}, 'EINVAL bad_request', 'name'],
      ['a name that is too long', 'PUT', `stacks/${'x'.repeat(65)}`, {}, {}, 'EINVAL bad_request', 'name'],
      [
        'a dead time shorter than two beats',
        'PUT',
        'regions/h',
        { beatMs: 1_000, deadMs: 1_500 },
        {},
        'EINVAL bad_request',
        'deadMs',
      ],
      ['a node without a region', 'PUT', 'nodes/n', {}, {}, 'EINVAL bad_request', 'region'],
      [
        'a node in a region that is not',
        'PUT',
        'nodes/n',
        { region: 'x' },
        {},
        'ENOENT no_such_item',
        undefined,
      ],
      ['no body', 'PUT', 'nodes/n', undefined, {}, 'EINVAL bad_request', ''],
      [
        'If-Match without quotes',
        'PUT',
        'stacks/s',
        {},
        { 'if-match': '3' },
        'EINVAL bad_request',
        undefined,
      ],
      ['a weak If-Match', 'PUT', 'stacks/s', {}, { 'if-match': 'W/"3"' }, 'EINVAL bad_request', undefined],
      [
        'several versions',
        'PUT',
        'stacks/s',
        {},
        { 'if-match': '"3", "4"' },
        'EINVAL bad_request',
        undefined,
      ],
      [
        'If-None-Match with a version',
        'PUT',
        'stacks/s',
        {},
        { 'if-none-match': '"3"' },
        'EINVAL bad_request',
        undefined,
      ],
      [
        'both',
        'PUT',
        'stacks/s',
        {},
        { 'if-match': '"3"', 'if-none-match': '*' },
        'EINVAL bad_request',
        undefined,
      ],
      [
        'a version of what is not',
        'PUT',
        'stacks/s',
        {},
        { 'if-match': '"3"' },
        'ESTALE version_old',
        undefined,
      ],
      ['the built-in stack', 'DELETE', 'stacks/local', undefined, {}, 'EINVAL built_in', undefined],
      [
        'the built-in stack, by force',
        'DELETE',
        'stacks/local?force=true',
        undefined,
        {},
        'EINVAL built_in',
        undefined,
      ],
      [
        'neither true nor false',
        'DELETE',
        'stacks/local?force=maybe',
        undefined,
        {},
        'EINVAL bad_request',
        'force',
      ],
      [
        'dependents of what is not',
        'GET',
        'nodes/n/dependents',
        undefined,
        {},
        'ENOENT no_such_item',
        undefined,
      ],
      [
        'a beat of a node that is not',
        'POST',
        'nodes/n/beat',
        { incarnation: 'one' },
        {},
        'ENOENT no_such_item',
        undefined,
      ],
      ['a beat without a life', 'POST', 'nodes/n/beat', {}, {}, 'EINVAL bad_request', 'incarnation'],
      [
        'a hangup of what is not',
        'POST',
        'exports/e/hangup',
        undefined,
        {},
        'ENOENT no_such_export',
        undefined,
      ],
      [
        'a hangup with no end',
        'POST',
        'exports/local/hangup',
        { deadlineMs: 1e9 },
        {},
        'EINVAL bad_request',
        'deadlineMs',
      ],
      [
        'a resumption of what is not',
        'POST',
        'exports/e/resume',
        undefined,
        {},
        'ENOENT no_such_export',
        undefined,
      ],
      [
        'an adapter that is not',
        'POST',
        'stacks/local/adapters/a/stop',
        undefined,
        {},
        'ENOENT no_such_adapter',
        undefined,
      ],
      [
        'an operation that is not',
        'GET',
        `operations/${randomUUID()}`,
        undefined,
        {},
        'ENOENT no_such_operation',
        undefined,
      ],
      ['no id of an operation', 'GET', 'operations/7', undefined, {}, 'EINVAL bad_request', 'id'],
      [
        'too long a look',
        'GET',
        `operations/${randomUUID()}?waitMs=60001`,
        undefined,
        {},
        'EINVAL bad_request',
        'waitMs',
      ],
      ['a pin that is not', 'GET', `pins/${randomUUID()}`, undefined, {}, 'ENOENT no_such_pin', undefined],
      [
        'a pin on what is not',
        'POST',
        'exports/e/pins',
        { item: { kind: 'exports', name: 'local' } },
        {},
        'ENOENT no_such_item',
        undefined,
      ],
      [
        'a pin by what is not',
        'POST',
        'exports/local/pins',
        { item: { kind: 'nodes', name: 'n' } },
        {},
        'ENOENT no_such_item',
        undefined,
      ],
      [
        'a pin on itself',
        'POST',
        'exports/local/pins',
        { item: { kind: 'exports', name: 'local' } },
        {},
        'EINVAL pin_cycle',
        undefined,
      ],
      [
        'a pin on its own stack',
        'POST',
        'exports/local/pins',
        { item: { kind: 'stacks', name: 'local' } },
        {},
        'EINVAL pin_cycle',
        undefined,
      ],
      [
        'a pin by nobody',
        'POST',
        'exports/local/pins',
        { because: 'so' },
        {},
        'EINVAL bad_request',
        'sessionId',
      ],
      [
        'a pin by a session without its secret',
        'POST',
        'exports/local/pins',
        { sessionId: randomUUID() },
        {},
        'EACCES no_credentials',
        undefined,
      ],
      [
        'a pin by a session that is not',
        'POST',
        'exports/local/pins',
        { sessionId: randomUUID() },
        { 'x-session-secret': 'x' },
        'ENOENT no_such_session',
        undefined,
      ],
      [
        'a subscription without a secret',
        'POST',
        'regions/h/subscriptions',
        { sessionId: randomUUID() },
        {},
        'EACCES no_credentials',
        undefined,
      ],
      [
        'a subscription to what is not',
        'POST',
        'regions/h/subscriptions',
        { sessionId: 'mine' },
        {},
        'ENOENT no_such_item',
        undefined,
      ],
      [
        'no priority',
        'POST',
        'regions/h/subscriptions',
        { sessionId: 'mine', priority: -1 },
        {},
        'EINVAL bad_request',
        'priority',
      ],
    ])('bad input: %s', async (_name, method, path, body, headers, words, field) => {
      const mine = await service.api.session();
      const sent = body !== undefined && 'sessionId' in body && body.sessionId === 'mine';
      const answer = await service.api.request(method, `/v1/${path}`, {
        body: sent ? { ...body, sessionId: mine.sessionId } : body,
        secret: sent ? mine.secret : undefined,
        headers,
      });
      const problem = refusal(answer);
      expect(`${String(problem['code'])} ${String(problem['reason'])}`).toBe(words);
      // Which of the items in the request is missing.
      if (words === 'ENOENT no_such_item') expect(problem['detail']).toMatch(/^\w+\/\w+ does not exist\.$/);
      const issues = (problem['issues'] ?? []) as { path: string }[];
      expect(issues.map((issue) => issue.path)).toEqual(
        field === undefined ? [] : expect.arrayContaining([field]),
      );
      const { body: exports } = await service.api.request('GET', '/v1/exports');
      expect((exports['exports'] as ExportView[]).map(({ name }) => name)).toEqual(['local']);
      await service.api.request('DELETE', `/v1/sessions/${mine.sessionId}`, { secret: mine.secret });
    });

    test('an item in use cannot be removed, and the refusal names its dependents; then it is removed in order', async () => {
      const { made } = { made: service.made.bind(service) };
      await made('stacks', 'used', {});
      await made('regions', 'used', {});
      await made('nodes', 'used', { region: 'used' });
      await made('exports', 'used', { stack: 'used', region: 'used', policy: 'local' });
      const node = await service.node('used');
      await node.up();
      const { session } = await service.holder({ node: 'used' });
      const lease = await session.acquire({ export: 'used', file: 'f', type: 'read' });
      const pin = { sessionId: session.id, because: 'the cache' };
      const pinned = await service.api.request('POST', '/v1/nodes/used/pins', {
        body: pin,
        secret: session.secret,
      });
      const byItem = await service.api.request('POST', '/v1/regions/used/pins', {
        body: { item: { kind: 'stacks', name: 'used' }, because: 'tradition' },
      });
      const pinId = String(pinned.body['pinId']);
      const dependents: Record<Kind, object[]> = {
        stacks: [{ kind: 'exports', name: 'used' }],
        exports: [{ kind: 'files', name: 'f' }],
        nodes: [
          { kind: 'sessions', name: session.id },
          {
            ...{ kind: 'pins', name: pinId, because: 'the cache' },
            by: { kind: 'sessions', name: session.id },
          },
        ],
        regions: [
          { kind: 'nodes', name: 'used' },
          { kind: 'exports', name: 'used' },
          {
            ...{ kind: 'pins', name: byItem.body['pinId'], because: 'tradition' },
            by: { kind: 'stacks', name: 'used' },
          },
        ],
      };
      for (const kind of ['stacks', 'exports', 'nodes', 'regions'] as const) {
        const busy = await service.remove(kind, 'used');
        expect(refusal(busy)).toMatchObject({ status: 409, code: 'EBUSY', reason: 'has_dependents' });
        const listed = await service.api.request('GET', `/v1/${kind}/used/dependents`);
        expect(listed.body).toEqual({ dependents: dependents[kind] });
        expect(refusal(busy)['dependents']).toEqual(dependents[kind]);
        const page = await service.api.request('GET', `/v1/${kind}/used/dependents?limit=1`);
        expect(page.body['dependents']).toEqual(dependents[kind].slice(0, 1));
      }
      // Changing the stack of an export in use.
      await made('stacks', 'other', {});
      const moved = await service.put('exports', 'used', { stack: 'other' });
      expect(refusal(moved)).toMatchObject({
        code: 'EBUSY',
        reason: 'stack_busy',
        dependents: dependents.exports,
      });

      // A pin belongs to its session.
      const another = await service.api.session();
      const foreign = await service.api.request('DELETE', `/v1/pins/${pinId}`, { secret: another.secret });
      expect(refusal(foreign)).toMatchObject({ code: 'EPERM', reason: 'not_holder' });
      const got = await service.api.request('GET', `/v1/pins/${pinId}`, { secret: session.secret });
      expect(got.body).toEqual({
        ...{ pinId, on: { kind: 'nodes', name: 'used' }, sessionId: session.id },
        because: 'the cache',
      });

      await lease.release();
      await eventually(async () => {
        expect(await service.put('exports', 'used', { stack: 'other', region: 'used' })).toMatchObject({
          status: 200,
        });
      });
      // The session's pin ends with the session, the stack's pin with the stack.
      await session.end();
      node.stop();
      for (const kind of ['exports', 'nodes', 'stacks', 'regions'] as const)
        expect(await service.remove(kind, 'used')).toMatchObject({ status: 204 });
      expect(await service.remove('stacks', 'other')).toMatchObject({ status: 204 });
      expect((await service.api.request('GET', `/v1/pins/${pinId}`)).status).toBe(404);
    });

    test('a removal by force takes its dependents along, in order, and reports what it did', async () => {
      await service.made('stacks', 'forced', {});
      await service.made('regions', 'forced', {});
      await service.made('nodes', 'forced', { region: 'forced' });
      await service.made('exports', 'forced', { stack: 'forced', region: 'forced', policy: 'local' });
      const node = await service.node('forced');
      await node.up();
      const one = await service.holder({ node: 'forced' });
      const two = await service.holder();
      const where = { export: 'forced', file: 'f' };
      const lease = await one.session.acquire({ ...where, type: 'write' });
      await one.session.lock({ export: 'forced', file: 'g', class: 'posix', type: 'write' });
      const opened = await one.session.open({ export: 'forced', file: 'h', access: 'read' });
      expect(opened.waiting).toBe(false);
      const waiting = one.session
        .open({ ...where, owner: 'another', access: 'write', waitMs: 30_000 })
        .catch((error: unknown) => error);
      await one.ear.next('break', 'f');
      const pinned = await service.api.request('POST', '/v1/regions/forced/pins', {
        body: { sessionId: two.session.id },
        secret: two.session.secret,
      });

      // Long enough for the requests below, that it refuses.
      const begun = await service.remove('regions', 'forced', '?force=true&deadlineMs=8000');
      expect(begun).toMatchObject({
        status: 202,
        body: { kind: 'remove', of: { kind: 'regions', name: 'forced' } },
      });
      expect(begun.headers.get('location')).toBe(`/v1/operations/${String(begun.body['operationId'])}`);
      // Nothing new can depend on it, and no other change is allowed: the lease is held until the deadline.
      const running = { status: 409, code: 'EBUSY', operationId: begun.body['operationId'] };
      const rows = async (): Promise<unknown> => {
        const read = { secret: two.session.secret };
        return (await service.api.request('GET', `/v1/sessions/${two.session.id}`, read)).body['leases'];
      };
      const before = await rows();
      const late = { body: { sessionId: two.session.id }, secret: two.session.secret };
      const pin = await service.api.request('POST', '/v1/regions/forced/pins', late);
      expect(refusal(pin)).toMatchObject({ ...running, reason: 'item_removing' });
      expect(await rows()).toBe(before);
      const others = await Promise.all([
        service.remove('regions', 'forced', '?force=true'),
        service.put('regions', 'forced', {}),
      ]);
      for (const other of others)
        expect(refusal(other)).toMatchObject({ ...running, reason: 'operation_running' });

      const done = await service.done(begun);
      expect(done.did.removed.at(-1)).toBe('regions/forced');
      expect([...done.did.removed].sort()).toEqual(['exports/forced', 'nodes/forced', 'regions/forced']);
      expect(done.did).toMatchObject({ sessionsEnded: 1, pinsDropped: 1 });
      expect(await two.ear.next('unpinned')).toEqual({
        pinId: pinned.body['pinId'],
        on: { kind: 'regions', name: 'forced' },
        reason: 'item_removing',
      });
      await within(
        'the end of the session',
        eventually(() => {
          expect(one.session.signal.aborted).toBe(true);
        }),
      );
      expect(lease.signal.aborted).toBe(true);
      await waiting;
      for (const kind of ['exports', 'nodes', 'regions'] as const)
        expect((await service.get(kind, 'forced')).status).toBe(404);
      // Revoked rows are remembered for a while.
      const { body } = await service.api.request('GET', '/v1/locks?export=forced');
      expect((body['locks'] as { state: string }[]).filter(({ state }) => state !== 'revoked')).toEqual([]);
      // The stack did not depend on it.
      expect(await service.remove('stacks', 'forced')).toMatchObject({ status: 204 });
      await eventually(() => {
        expect(node.signal.aborted).toBe(true);
      });
    });
  });

  describe('exports without an adapter', () => {
    test('refuse: requests are refused at once, and counted', async () => {
      await service.made('stacks', 'posix', {});
      await service.made('exports', 'refuses', { stack: 'posix', policy: 'refuse' });
      expect(await service.export('refuses')).toMatchObject({ state: 'none', unbackedFiles: 0 });
      const { session } = await service.holder();
      const ask = { export: 'refuses', file: 'f' };
      const attempts: Promise<unknown>[] = [
        session.acquire({ ...ask, type: 'read' }),
        session.open({ ...ask, access: 'read', waitMs: 10_000 }),
        session.lock({ ...ask, class: 'flock', type: 'write' }),
      ];
      for (const attempt of attempts)
        await expect(within('the refusal', attempt)).rejects.toMatchObject({
          code: 'EAGAIN',
          reason: 'no_backend',
        });
      await eventually(async () => {
        expect((await service.export('refuses')).withoutBackend).toEqual({
          refused: 3,
          queued: 0,
          unbacked: 0,
        });
      });
      await session.end();
    });

    test('wait: requests wait for the adapter, or as long as they asked to', async () => {
      await service.made('exports', 'waits', { stack: 'posix', policy: 'wait' });
      const { exportId } = await service.export('waits');
      const folder = service.folder('waits');
      writeFileSync(join(folder, 'f'), 'text\n');
      const { session } = await service.holder();
      const ask = { export: 'waits', file: 'f' };
      for (const waitMs of [0, 300])
        await expect(session.acquire({ ...ask, type: 'read', waitMs })).rejects.toMatchObject({
          code: 'EAGAIN',
          reason: 'no_backend',
        });
      // An invalid session is refused, and does not wait.
      const stranger = await service.api.request('POST', '/v1/leases/acquire', {
        body: { ...ask, sessionId: session.id, type: 'read', waitMs: 60_000 },
        secret: 'wrong',
      });
      expect(refusal(stranger)).toMatchObject({ reason: 'not_holder' });
      const waiting = Promise.all([
        session.acquire({ ...ask, type: 'read', waitMs: 60_000 }),
        session.open({ export: 'waits', file: 'g', access: 'read', waitMs: 60_000 }),
        session.lock({ ...ask, class: 'ofd', type: 'read', waitMs: 60_000 }),
      ]);
      writeFileSync(join(folder, 'g'), 'text\n');
      await eventually(async () => {
        expect((await service.export('waits')).withoutBackend).toMatchObject({ queued: 4, refused: 1 });
      });
      const adapter = await service.serve({ waits: folder });
      const [lease] = await within('what waited', waiting);
      expect(lease).toMatchObject({ state: 'active', type: 'read', backed: true });
      expect(held(adapter)).toEqual(['READ']);
      expect(await service.export('waits')).toMatchObject({ exportId, state: 'up', stack: 'posix' });
      await session.end();

      // The adapter leaves, and requests in between wait for the next one.
      const { session: next } = await service.holder();
      const allocated = await next.allocate({ export: 'waits', file: 'g' });
      await adapter.kill();
      await service.is('waits', 'lost');
      const again = next.acquire({ ...ask, type: 'write', waitMs: 60_000 });
      const later = allocated.set('read', { waitMs: 60_000 });
      await eventually(async () => {
        expect((await service.export('waits')).withoutBackend.queued).toBe(6);
      });
      await adapter.start();
      expect(await within('what waited', again)).toMatchObject({ state: 'active', type: 'write' });
      await within('what was allocated before', later);
      expect(allocated).toMatchObject({ state: 'active', type: 'read' });
      await eventually(() => {
        expect(held(adapter).sort()).toEqual(['READ', 'WRITE']);
      });
      await next.end();
      await adapter.stop();
    });

    test('the number of waiting requests is limited', async () => {
      await service.made('exports', 'full', { stack: 'posix', policy: 'wait' });
      const { sessionId, secret } = await service.api.session();
      const body = { sessionId, export: 'full', file: 'f', type: 'read', waitMs: 60_000 };
      const ask = (count: number) =>
        Array.from({ length: count }, () =>
          service.api.request('POST', '/v1/leases/acquire', { body, secret }),
        );
      const waiting = ask(1_000);
      await eventually(async () => {
        expect((await service.export('full')).withoutBackend.queued).toBe(1_000);
      });
      const reasonsOf = (answers: Answer[]) => answers.map((answer) => refusal(answer)['reason']);
      expect(reasonsOf(await Promise.all(ask(10)))).toEqual(Array<string>(10).fill('queue_full'));
      // Whoever waits goes by the policy of the moment.
      await service.put('exports', 'full', { stack: 'posix', policy: 'refuse' });
      expect(reasonsOf(await Promise.all(waiting))).toEqual(Array<string>(1_000).fill('no_backend'));
    });

    test('local: a lease is granted by name, backed before any new request is served, and then broken by a local program', async () => {
      await service.made('exports', 'lazy', { stack: 'posix', policy: 'local', breakMs: 20_000 });
      const before = await service.export('lazy');
      const folder = service.folder('lazy');
      for (const name of ['f', 'g', 'h']) writeFileSync(join(folder, name), `${name}\n`);
      const one = await service.holder();
      const two = await service.holder();
      const at = (file: string) => ({ export: 'lazy', file });
      const lease = await one.session.acquire({ ...at('f'), type: 'write' });
      expect(lease).toMatchObject({ state: 'active', type: 'write', backed: false });
      // The same rules apply to a file by name.
      await expect(two.session.acquire({ ...at('f'), type: 'read' })).rejects.toMatchObject({
        reason: 'lease_conflict',
      });
      const shared = await Promise.all(
        [one, two].map(({ session }) => session.acquire({ ...at('g'), type: 'read' })),
      );
      const opened = await two.session.open({ ...at('h'), access: 'both', deny: 'write' });
      const range = await two.session.lock({ ...at('h'), class: 'posix', type: 'write', start: 1, end: 5 });
      const astray = await two.session.acquire({ ...at('nowhere'), type: 'read' });
      expect(await service.export('lazy')).toMatchObject({
        exportId: before.exportId,
        state: 'none',
        unbackedFiles: 4,
        withoutBackend: { refused: 0, queued: 0, unbacked: 4 },
      });

      const adapter = await service.serve({ lazy: folder });
      // The earlier grants are still there, under the same ids.
      await lease.refresh();
      expect(lease).toMatchObject({ state: 'active', type: 'write', backed: true });
      for (const each of shared) {
        await each.refresh();
        expect(each).toMatchObject({ state: 'active', type: 'read', backed: true });
      }
      expect(held(adapter).sort()).toEqual(['READ', 'WRITE']);
      // A name that does not resolve.
      expect(await two.ear.next('revoked', 'nowhere')).toMatchObject({
        leaseId: astray.id,
        cause: 'no_such_file',
      });
      expect(await service.export('lazy')).toMatchObject({
        exportId: before.exportId,
        state: 'up',
        unbackedFiles: 0,
      });

      // Other requests find the same file by its name, whatever key it has.
      await expect(two.session.acquire({ ...at('f'), type: 'read' })).rejects.toMatchObject({
        reason: 'lease_conflict',
      });
      expect(await one.session.testLock({ ...at('h'), class: 'posix', type: 'write' })).toMatchObject({
        id: range.id,
      });

      // A foreign program meets the lease in the kernel.
      const cat = open('cat f', folder);
      const notice = await one.ear.next('break', 'f');
      expect(notice).toMatchObject({ leaseId: lease.id, target: 'read', cause: 'fileserver' });
      expect(cat.running).toBe(true);
      await lease.acknowledge('read', notice.breakId);
      expect(await within('cat', cat.exited)).toBe(0);
      const shell = open('echo more >> g', folder);
      for (const [index, { ear }] of [one, two].entries()) {
        const { breakId } = await ear.next('break', 'g');
        await shared[index]?.acknowledge('none', breakId);
      }
      expect(await within('the shell', shell.exited)).toBe(0);
      expect(readFileSync(join(folder, 'g'), 'utf8')).toBe('g\nmore\n');
      await opened.close();
      await Promise.all([one, two].map(({ session }) => session.end()));
      await eventually(() => {
        expect(held(adapter)).toEqual([]);
      });
      await adapter.stop();
    });

    test('an adapter leaves and returns: holders are warned, and keep leases on files proven untouched', async () => {
      const folder = service.folder('again');
      writeFileSync(join(folder, 'f'), 'text\n');
      await service.made('exports', 'again', { stack: 'posix', policy: 'refuse' });
      const adapter = await service.serve({ again: folder });
      const { session, ear } = await service.holder();
      const lease = await session.acquire({ export: 'again', file: 'f', type: 'read' });
      await adapter.kill();
      expect(await ear.next('jeopardy')).toMatchObject({ export: 'again' });
      await expect(session.acquire({ export: 'again', file: 'x', type: 'read' })).rejects.toMatchObject({
        reason: 'no_backend',
      });
      await adapter.start();
      expect(await ear.next('reclaimed', 'f')).toMatchObject({ leaseId: lease.id, type: 'read' });
      await eventually(() => {
        expect(held(adapter)).toEqual(['READ']);
      });
      await session.end();
      await adapter.stop();
    });

    test('an export of a region serves sessions on nodes that are up in it', async () => {
      await service.made('regions', 'near', { beatMs: 500, deadMs: 60_000 });
      await service.made('nodes', 'near-1', { region: 'near' });
      await service.made('exports', 'near', { stack: 'local', region: 'near' });
      const ask = { export: 'near', file: 'f', type: 'read' as const };
      const far = await service.holder({ node: 'anything' });
      await expect(far.session.acquire(ask)).rejects.toMatchObject({
        code: 'EPERM',
        reason: 'node_required',
      });
      await expect(service.holder({ node: 'near-1' })).rejects.toMatchObject({
        code: 'EAGAIN',
        reason: 'node_down',
      });
      const node = await service.node('near-1');
      await node.up();
      const near = await service.holder({ node: 'near-1' });
      const lease = await near.session.acquire(ask);
      await lease.release();
      await Promise.all([near, far].map(({ session }) => session.end()));
      node.stop();
    });

    test('exports on demand appear at their first use and go after their last', async () => {
      await service.made('stacks', 'scratch', { onDemand: { prefix: 'tmp-', policy: 'local' } });
      const { session } = await service.holder();
      const ask = { export: 'tmp-1', file: 'f', type: 'write' as const };
      await expect(session.acquire({ ...ask, export: 'temp-1' })).rejects.toMatchObject({
        reason: 'no_such_export',
      });
      expect((await service.get('exports', 'tmp-1')).status).toBe(404);
      const lease = await session.acquire(ask);
      expect(await service.export('tmp-1')).toMatchObject({
        onDemand: true,
        stack: 'scratch',
        policy: 'local',
      });
      await lease.release();
      await eventually(async () => {
        expect((await service.get('exports', 'tmp-1')).status).toBe(404);
      });
      expect(await service.remove('stacks', 'scratch')).toMatchObject({ status: 204 });
      await session.end();
    });
  });

  describe('adapters', () => {
    test('agree on the lower minor version of one major version, for life', async () => {
      const foreign = new Teller(service.api.rpcAddress);
      const successor = new Teller(service.api.rpcAddress);
      const given = {
        version: '7.7.7',
        protocol: { major: rpc.protocol.major, minorMax: 0 },
        exports: ['foreign'],
      };
      const register = (over?: object): Promise<Record<string, unknown>> =>
        foreign.register({ ...given, ...over });
      const mismatch = await register({ protocol: { major: 9, minorMax: 4 } });
      expect(mismatch).toMatchObject({ ok: false, problem: { code: 'EINVAL', reason: 'protocol_mismatch' } });
      expect(JSON.stringify(mismatch)).toContain(`this service 1.${String(rpc.protocol.minor)}.`);
      expect(await register()).toMatchObject({ ok: true, protocol: { major: 1, minor: 0 } });
      const pinned = { ok: true, protocol: { major: 1, minor: 0 } };
      expect(await register({ protocol: { major: 1, minorMax: 5 } })).toMatchObject(pinned);
      expect(await register({ stack: 'other', exports: ['foreign-2'] })).toMatchObject({
        ok: false,
        problem: { code: 'EINVAL', reason: 'protocol_pinned' },
      });
      const listed = async () => {
        const { adapters } = (await service.get('stacks', 'posix')).body as z.infer<typeof shapes.stack>;
        return adapters.filter(({ incarnation = '' }) =>
          [foreign.name, successor.name].includes(incarnation),
        );
      };
      expect(await listed()).toMatchObject([
        { incarnation: foreign.name, version: '7.7.7', protocol: pinned.protocol, exports: ['foreign'] },
      ]);
      const follows = { ok: true, protocol: { major: 1, minor: 1 } };
      expect(await successor.register({ ...given, protocol: { major: 1, minorMax: 1 } })).toMatchObject(
        follows,
      );
      // The first one never said what it holds, and serves nothing any more: it is forgotten.
      expect(await listed()).toMatchObject([
        { incarnation: successor.name, protocol: follows.protocol, exports: ['foreign'] },
      ]);
      foreign.close();
      successor.close();
      await eventually(async () => {
        expect(await service.remove('exports', 'foreign')).toMatchObject({ status: 204 });
      });
    });

    test('two versions serve at once, and one takes over from the other', async () => {
      const root = resolve(__dirname, '../..');
      const old = service.folder('old-build');
      cpSync(join(root, 'dist/apps/fileserver'), join(old, 'dist/apps/fileserver'), { recursive: true });
      cpSync(join(root, 'dist/libs'), join(old, 'dist/libs'), { recursive: true });
      symlinkSync(join(root, 'node_modules'), join(old, 'node_modules'));
      const pkg = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
      writeFileSync(join(old, 'package.json'), JSON.stringify({ ...pkg, version: '0.0.9-old' }));
      const program = join(old, 'dist/apps/fileserver/src/main.js');
      const [a, b] = [service.folder('side-a'), service.folder('side-b')];
      for (const folder of [a, b]) writeFileSync(join(folder, 'f'), 'text\n');
      const one = await service.serve({ 'side-a': a }, program);
      const two = await service.serve({ 'side-b': b });
      const versions = async (): Promise<Record<string, string>> => {
        const { adapters } = (await service.get('stacks', 'posix')).body as z.infer<typeof shapes.stack>;
        return Object.fromEntries(
          adapters.flatMap(({ exports, version, state }) =>
            state === 'up' ? exports.map((name) => [name, version]) : [],
          ),
        );
      };
      expect(await versions()).toMatchObject({ 'side-a': '0.0.9-old', 'side-b': pkg.version });
      const { session, ear } = await service.holder();
      const leases = await Promise.all(
        ['side-a', 'side-b'].map((name) => session.acquire({ export: name, file: 'f', type: 'read' })),
      );
      expect([held(one), held(two)]).toEqual([['READ'], ['READ']]);
      // A rolling upgrade: the new adapter takes over, the old one is told and exits.
      const three = await service.serve({ 'side-a': a });
      expect(await within('the old adapter', one.ended())).toBe(3);
      expect(await ear.next('reclaimed', 'f')).toMatchObject({ export: 'side-a' });
      expect(await versions()).toMatchObject({ 'side-a': pkg.version, 'side-b': pkg.version });
      await eventually(() => {
        expect(held(three)).toEqual(['READ']);
      });
      for (const lease of leases) {
        await lease.refresh();
        expect(lease).toMatchObject({ state: 'active', backed: true });
      }
      await session.end();
      await Promise.all([two.stop(), three.stop()]);
    });

    test('one is stopped in order: its exports are drained, it releases its holds and exits, and a successor may come', async () => {
      const folder = service.folder('stops');
      writeFileSync(join(folder, 'f'), 'text\n');
      const adapter = await service.serve({ stops: folder });
      const { incarnation = '' } = await service.export('stops');
      const { session, ear } = await service.holder();
      const lease = await session.acquire({ export: 'stops', file: 'f', type: 'write' });
      const begun = await service.api.request('POST', `/v1/stacks/posix/adapters/${incarnation}/stop`, {
        body: { deadlineMs: 30_000 },
      });
      expect(begun).toMatchObject({
        status: 202,
        body: { kind: 'stop', of: { kind: 'adapters', name: incarnation } },
      });
      await expect(session.acquire({ export: 'stops', file: 'g', type: 'read' })).rejects.toMatchObject({
        code: 'EAGAIN',
        reason: 'export_stopping',
      });
      const again = await service.api.request('POST', `/v1/stacks/posix/adapters/${incarnation}/stop`);
      expect(refusal(again)).toMatchObject({
        reason: 'operation_running',
        operationId: begun.body['operationId'],
      });
      expect(await ear.next('break', 'f')).toMatchObject({ target: 'none', cause: 'admin' });
      expect(adapter.isRunning).toBe(true);
      await lease.acknowledge();
      const done = await service.done(begun);
      expect(done.did).toMatchObject({ leasesBroken: 1, leasesRevoked: 0 });
      expect(await within('the adapter', adapter.ended())).toBe(0);
      await adapter.logged(({ msg }) => msg.startsWith('told to stop'));
      expect(await service.export('stops')).toMatchObject({ state: 'none' });
      const next = await service.serve({ stops: folder });
      await (await session.acquire({ export: 'stops', file: 'f', type: 'read' })).release();
      await session.end();
      await next.stop();
    });
  });

  describe('hangup', () => {
    test('refuses new requests, drops waiting ones and breaks leases; the export is then idle and may be resumed', async () => {
      const folder = service.folder('hung');
      for (const name of ['f', 'g']) writeFileSync(join(folder, name), 'text\n');
      const adapter = await service.serve({ hung: folder });
      const { session, ear } = await service.holder();
      const other = await service.holder();
      const lease = await session.acquire({ export: 'hung', file: 'f', type: 'write' });
      const opened = await session.open({ export: 'hung', file: 'g', access: 'read' });
      const denied = other.session
        .open({ export: 'hung', file: 'g', access: 'read', deny: 'both', waitMs: 50_000 })
        .catch((error: unknown) => error);
      await eventually(async () => {
        const { body } = await service.api.request('GET', '/v1/locks?export=hung&state=waiting');
        expect(body['locks']).toHaveLength(1);
      });
      const begun = await service.api.request('POST', '/v1/exports/hung/hangup', {
        body: { deadlineMs: 30_000 },
      });
      expect(begun).toMatchObject({ status: 202, body: { kind: 'hangup', state: 'running' } });
      expect(await within('who waited', denied)).toMatchObject({ reason: 'export_stopping' });
      const notice = await ear.next('break', 'f');
      const looking = service.api.request('GET', `/v1/operations/${String(begun.body['operationId'])}`);
      expect((await looking).body).toMatchObject({ phase: 'breaking', filesLeft: 2 });
      expect(await service.export('hung')).toMatchObject({
        state: 'stopping',
        operationId: begun.body['operationId'],
      });
      const watching = service.done(begun);
      await lease.acknowledge('none', notice.breakId);
      await opened.close();
      const done = await within('the operation', watching);
      expect(done.did).toMatchObject({
        requestsCancelled: 1,
        leasesBroken: 1,
        leasesRevoked: 0,
        opensClosed: 0,
      });
      expect(held(adapter)).toEqual([]);
      expect(await service.export('hung')).toMatchObject({ state: 'stopped' });
      await expect(session.acquire({ export: 'hung', file: 'f', type: 'read' })).rejects.toMatchObject({
        code: 'EAGAIN',
        reason: 'export_stopped',
      });
      expect(await service.api.request('POST', '/v1/exports/hung/resume')).toMatchObject({
        status: 200,
        body: { state: 'up' },
      });
      await (await session.acquire({ export: 'hung', file: 'f', type: 'read' })).release();
      await Promise.all([session.end(), other.session.end()]);
      await adapter.stop();
    });

    test('revokes at the deadline what is left', async () => {
      const folder = service.folder('due');
      for (const name of ['f', 'g']) writeFileSync(join(folder, name), 'text\n');
      const adapter = await service.serve({ due: folder });
      const { session, ear } = await service.holder();
      const lease = await session.acquire({ export: 'due', file: 'f', type: 'write' });
      await session.open({ export: 'due', file: 'g', access: 'both' });
      await session.lock({ export: 'due', file: 'g', class: 'ofd', type: 'write' });
      const begun = await service.api.request('POST', '/v1/exports/due/hangup', {
        body: { deadlineMs: 1_000 },
      });
      const startedAt = performance.now();
      const done = await service.done(begun);
      expect(performance.now() - startedAt).toBeGreaterThan(900);
      expect(done.did).toMatchObject({
        leasesBroken: 1,
        leasesRevoked: 1,
        opensClosed: 1,
        rangesReleased: 1,
      });
      expect(await ear.next('revoked', 'f')).toMatchObject({ leaseId: lease.id });
      expect(lease.signal.aborted).toBe(true);
      await eventually(() => {
        expect(held(adapter)).toEqual([]);
      });
      const { body } = await service.api.request('GET', '/v1/locks?export=due');
      expect((body['locks'] as { state: string }[]).filter(({ state }) => state !== 'revoked')).toEqual([]);
      await session.end();
      await adapter.stop();
    });
  });

  describe('nodes', () => {
    test('subscribers are told of up and down by priority; what a dead node held is released after the last has acknowledged', async () => {
      await service.made('regions', 'rack', { beatMs: 200, deadMs: 1_000, ackMs: 20_000 });
      await service.made('nodes', 'rack-1', { region: 'rack' });
      await service.made('exports', 'racked', { stack: 'local' });
      const told: string[] = [];
      const hear = (who: string, { event }: NodeNotice): void => {
        told.push(`${who} ${event}`);
      };
      let letSecond: () => void = () => undefined;
      const second = new Promise<void>((go) => (letSecond = go));
      const [first, middle, last] = [await service.holder(), await service.holder(), await service.holder()];
      await last.session.onNode(
        'rack',
        (notice) => {
          hear('last', notice);
        },
        { priority: 900 },
      );
      await middle.session.onNode(
        'rack',
        async (notice) => {
          hear('middle', notice);
          if (notice.event === 'nodeDown') await second;
        },
        { priority: 5 },
      );
      await first.session.onNode(
        'rack',
        (notice) => {
          hear('first', notice);
        },
        { priority: 0 },
      );
      expect((await service.get('regions', 'rack')).body).toMatchObject({ nodes: 1, subscribers: 3 });

      const node = await service.node('rack-1', 'life-1');
      await node.up();
      await eventually(() => {
        expect(told).toEqual(['first nodeUp', 'middle nodeUp', 'last nodeUp']);
      });
      const on = await service.holder({ node: 'rack-1' });
      const ask = { export: 'racked', file: 'f', type: 'write' as const };
      const lease = await on.session.acquire(ask);
      told.splice(0);

      node.stop();
      await eventually(() => {
        expect(told).toEqual(['first nodeDown', 'middle nodeDown']);
        expect(service.api.lines).toContainEqual(
          expect.objectContaining({ level: 50, item: 'nodes/rack-1' }),
        );
      });
      const recovering = (await service.get('nodes', 'rack-1')).body;
      expect(recovering).toMatchObject({
        state: 'recovering',
        notice: { event: 'down', priority: 5, waitsFor: [middle.session.id] },
      });
      // Its session can do nothing any more, and nobody else gets its leases yet.
      await expect(on.session.acquire({ ...ask, file: 'g' })).rejects.toMatchObject({
        code: 'ESTALE',
        reason: 'session_expired',
      });
      expect([on.session.signal.aborted, lease.signal.aborted]).toEqual([true, true]);
      await expect(first.session.acquire(ask)).rejects.toMatchObject({ reason: 'lease_conflict' });
      // A new incarnation has to wait until that is done.
      const next = await service.node('rack-1', 'life-2');
      expect(next.state).toBe('recovering');
      const back = new Promise((heard) => next.once('state', heard));
      letSecond();
      expect(await within('the new life', back)).toEqual({ state: 'up', sessionsLost: 1 });
      await eventually(() => {
        expect(told).toEqual([
          'first nodeDown',
          'middle nodeDown',
          'last nodeDown',
          'first nodeUp',
          'middle nodeUp',
          'last nodeUp',
        ]);
      });
      await (await eventually(() => first.session.acquire(ask))).release();
      // The first incarnation cannot return.
      await expect(service.node('rack-1', 'life-1')).rejects.toMatchObject({
        code: 'ESTALE',
        reason: 'node_life_over',
      });
      expect((await service.get('nodes', 'rack-1')).body).toMatchObject({
        state: 'up',
        incarnation: 'life-2',
        sessions: 0,
      });
      next.stop();
      await Promise.all([first, middle, last].map(({ session }) => session.end()));
    });

    test('a subscriber that was away when a node died is told on its return, and is waited for until then', async () => {
      await service.made('regions', 'away', { beatMs: 200, deadMs: 1_000, ackMs: 30_000 });
      const door = await TcpProxy.start({ target: () => new URL(service.api.url).host });
      const remote = new Leasehold({ url: `http://${door.address}` });
      const cut = service.heard(await remote.openSession({ ttlMs: 120_000 })).session;
      const left = await service.holder();
      const told: string[] = [];
      const hear =
        (who: string) =>
        ({ event, node }: NodeNotice): void => {
          told.push(`${who} ${node} ${event}`);
        };
      await cut.onNode('away', hear('cut'), { priority: 1 });
      await left.session.onNode('away', hear('left'), { priority: 2 });
      await service.made('nodes', 'away-1', { region: 'away' });
      const node = await service.node('away-1');
      await node.up();
      await eventually(() => {
        expect(told).toEqual(['cut away-1 nodeUp', 'left away-1 nodeUp']);
      });
      told.splice(0);
      const waitsFor = async (session: Session): Promise<void> => {
        await eventually(async () => {
          const { body } = await service.get('nodes', 'away-1');
          expect(body).toMatchObject({ state: 'recovering', notice: { waitsFor: [session.id] } });
        });
      };
      door.cut();
      left.session.close();
      node.stop();
      await waitsFor(cut);
      door.mend();
      // The event stream continues where it was; next comes the subscriber whose process is gone.
      await waitsFor(left.session);
      expect(told.splice(0)).toEqual(['cut away-1 nodeDown']);
      const { id: sessionId, secret } = left.session;
      const again = service.heard(await service.client.attachSession({ sessionId, secret })).session;
      await again.onNode('away', hear('again'), { priority: 2 });
      await eventually(async () => {
        expect(told).toEqual(['again away-1 nodeDown']);
        expect((await service.get('nodes', 'away-1')).body).toMatchObject({ state: 'down' });
      });
      await Promise.all([cut.end(), again.end()]);
      door.close();
    });

    test('a node that restarts before it was declared dead has lost its sessions, and is told so', async () => {
      await service.made('regions', 'quick', { beatMs: 200, deadMs: 60_000, ackMs: 0 });
      await service.made('nodes', 'quick-1', { region: 'quick' });
      await service.made('exports', 'quick', { stack: 'local' });
      const node = await service.node('quick-1', 'a');
      await node.up();
      const on = await service.holder({ node: 'quick-1' });
      const lease = await on.session.acquire({ export: 'quick', file: 'f', type: 'write' });
      const end = new Promise((heard) => node.once('expired', heard));
      const next = await service.node('quick-1', 'b');
      expect(await within('the end of the first life', end)).toMatchObject({ reason: 'node_life_over' });
      await next.up();
      await eventually(() => {
        expect([on.session.signal.aborted, lease.signal.aborted]).toEqual([true, true]);
      });
      const { session } = await service.holder({ node: 'quick-1' });
      await (await session.acquire({ export: 'quick', file: 'f', type: 'write' })).release();
      await session.end();
      next.stop();
    });
  });
});

test('administrative requests need the admin token, and public ones do not', async () => {
  const token = 'an-admin-token';
  const api = await startLeaseApi({ env: { LEASEHOLD_ADMIN_TOKEN: token } });
  const item = { item: { kind: 'exports', name: 'local' } };
  const admins: [string, string, object?][] = [
    ['PUT', 'stacks/s', {}],
    ['PUT', 'exports/e', { stack: 'local' }],
    ['PUT', 'regions/h', {}],
    ['PUT', 'nodes/n', { region: 'h' }],
    ['DELETE', 'stacks/s'],
    ['DELETE', 'exports/local'],
    ['DELETE', 'regions/h'],
    ['DELETE', 'nodes/n'],
    ['POST', 'exports/local/hangup'],
    ['POST', 'exports/local/resume'],
    ['POST', 'exports/local/grace', { graceMs: 0 }],
    ['POST', 'stacks/s/adapters/a/stop'],
    ['POST', 'nodes/n/beat', { incarnation: 'a' }],
    ['POST', 'stacks/local/pins', item],
    ['GET', `pins/${randomUUID()}`],
    ['DELETE', `pins/${randomUUID()}`],
    ['GET', 'operations'],
    ['GET', `operations/${randomUUID()}`],
  ];
  const mine = await api.session();
  for (const [method, path, body] of admins) {
    const send = (headers: Record<string, string>): Promise<Answer> =>
      api.request(method, `/v1/${path}`, { body, headers });
    expect([path, refusal(await send({}))]).toMatchObject([path, { status: 401, reason: 'no_credentials' }]);
    const wrong = await send({ authorization: 'Bearer something-else' });
    expect([path, refusal(wrong)]).toMatchObject([path, { status: 401, reason: 'bad_token' }]);
    if (body === item) {
      // A session's secret does not make it an administrator.
      const answer = await send({ 'x-session-secret': mine.secret });
      expect(refusal(answer)).toMatchObject({ status: 401, reason: 'no_credentials' });
    }
    expect([401, 403]).not.toContain((await send({ authorization: `Bearer ${token}` })).status);
  }
  for (const path of ['stacks', 'exports', 'nodes', 'regions', 'stacks/local'])
    expect([path, (await api.request('GET', `/v1/${path}`)).status]).toEqual([path, 200]);
  const pin = await api.request('POST', '/v1/stacks/local/pins', {
    body: { sessionId: mine.sessionId },
    secret: mine.secret,
  });
  expect(pin.status).toBe(201);
  await stopPrograms();
});

describe('two lease APIs over one Redis', () => {
  test('a change through one is in effect on the other within a second', async () => {
    const apis = await Promise.all([0, 1].map(() => startLeaseApi({ env, table: redis.url })));
    const [a, b] = apis.map((api) => new Service(api)) as [Service, Service];
    const { session } = await b.holder();
    const ask = { export: 'seen', file: 'f', type: 'read' as const, waitMs: 0 };
    /** How long after the change a request was sent that was still answered with the old state. */
    const inForce = async (reason: string | undefined): Promise<number> => {
      const startedAt = performance.now();
      for (let late = 0; ;) {
        const sentAt = performance.now() - startedAt;
        const answer = await session.acquire(ask).then(
          (lease) => lease.release(),
          (error: unknown) => (error instanceof LeaseholdError ? error.reason : String(error)),
        );
        if (answer === reason) return late;
        late = sentAt;
        expect(late).toBeLessThan(120_000);
      }
    };
    await a.made('stacks', 'seen', {});
    expect(await inForce('no_such_export')).toBeLessThan(1_000);
    const took: number[] = [];
    for (let round = 0; round < 5; round++) {
      await a.put('exports', 'seen', { stack: 'seen', policy: 'refuse' });
      took.push(await inForce('no_backend'));
      await a.put('exports', 'seen', { stack: 'seen', policy: 'local' });
      took.push(await inForce(undefined));
      await a.done(await a.api.request('POST', '/v1/exports/seen/hangup'));
      took.push(await inForce('export_stopped'));
      await a.api.request('POST', '/v1/exports/seen/resume');
      took.push(await inForce(undefined));
      await eventually(async () => {
        expect((await a.remove('exports', 'seen')).status).toBe(204);
      });
      took.push(await inForce('no_such_export'));
    }
    const longest = Math.max(...took);
    process.stdout.write(
      `the longest of ${String(took.length)} changes was in force after ${longest.toFixed(0)} ms\n`,
    );
    expect(longest).toBeLessThan(1_000);
    // The event arrives too: the test watches at one and changes through the other.
    await a.put('exports', 'seen', { stack: 'seen', policy: 'local' });
    const lease = await session.acquire({ ...ask, type: 'write' });
    const begun = await a.api.request('POST', '/v1/exports/seen/hangup', { body: { deadlineMs: 30_000 } });
    const watched = b.done(begun);
    await within(
      'the lease',
      eventually(() => {
        expect(lease.state).toBe('breaking');
      }),
    );
    await lease.release();
    expect((await within('the operation', watched)).did).toMatchObject({ leasesBroken: 1 });
    a.close();
    b.close();
    await stopPrograms();
  });
});

test('the node that resolves names at an adapter dies: another one continues, and then the export serves', async () => {
  const apis = await Promise.all([0, 1].map(() => startLeaseApi({ env, table: redis.url })));
  const [a, b] = apis.map((api) => new Service(api)) as [Service, Service];
  const folder = b.folder('handed-on');
  await b.put('stacks', 'posix', {});
  await b.made('exports', 'handed-on', { stack: 'posix', policy: 'local' });
  const { session } = await b.holder();
  const files = Array.from({ length: 300 }, (_, at) => `f${String(at)}`);
  for (const file of files) writeFileSync(join(folder, file), 'text\n');
  const leases = await Promise.all(
    files.map((file) => session.acquire({ export: 'handed-on', file, type: 'read' })),
  );
  // The lease APIs reach the adapter through a proxy that holds back the first requests.
  let listen = '';
  const wire = await TcpProxy.start({ target: () => listen, host: '127.0.0.2' });
  listen = `127.0.0.1:${String(wire.port)}`;
  const asked = wire.hold('there', 'fileserver.resolve');
  const adapter = await startFileserver({
    exports: { 'handed-on': folder },
    apis: apis.map(({ rpcAddress }) => rpcAddress),
    listen,
    advertise: wire.address,
  });
  await within('the first question', asked.caught);
  expect(await b.export('handed-on')).toMatchObject({ state: 'opening', unbackedFiles: 300 });
  // A new request waits behind the first.
  const waiting = session.open({ export: 'handed-on', file: 'f0', access: 'read', waitMs: 50_000 });
  await a.api.kill();
  asked.release();
  await within('who waited', waiting);
  expect(await b.export('handed-on')).toMatchObject({ state: 'up', unbackedFiles: 0 });
  expect(held(adapter)).toEqual(files.map(() => 'READ'));
  for (const lease of leases) {
    await lease.refresh();
    expect(lease).toMatchObject({ state: 'active', backed: true });
  }
  await session.end();
  a.close();
  b.close();
  closeProxies();
  await stopPrograms();
});

describe('when the table is unreachable', () => {
  /** The states reported by a node and a session on it, in order, each with the time since `from`. */
  const listen = (
    node: Node,
    session: Session,
  ): { said: string[]; at: Record<string, number>; from: () => void } => {
    let startedAt = performance.now();
    const said: string[] = [];
    const at: Record<string, number> = {};
    const hear = (what: string): void => {
      said.push(what);
      at[what] = performance.now() - startedAt;
    };
    node.on('jeopardy', () => {
      hear('node jeopardy');
    });
    node.on('safe', () => {
      hear('node safe');
    });
    node.on('expired', () => {
      hear('node expired');
    });
    session.on('jeopardy', () => {
      hear('session jeopardy');
    });
    session.on('safe', () => {
      hear('session safe');
    });
    session.on('error', () => undefined);
    session.signal.addEventListener('abort', () => {
      hear('session expired');
    });
    return {
      said,
      at,
      from: () => {
        startedAt = performance.now();
        said.splice(0);
      },
    };
  };
  const spans = { beatMs: 400, deadMs: 2_400, ackMs: 0 };
  const ttlMs = 3_000;
  /** Tolerance for late timers on a busy machine. */
  const lateMs = 1_500;

  /** Both were warned in time, and knew of their expiry no later than the service could have decided it. */
  const inTime = ({ said, at }: ReturnType<typeof listen>): void => {
    for (const who of ['node', 'session'])
      expect(said.filter((what) => what.startsWith(who))).toEqual([`${who} jeopardy`, `${who} expired`]);
    expect(at['node jeopardy']).toBeLessThan(2 * spans.beatMs + lateMs);
    expect(at['node expired']).toBeLessThan(spans.deadMs + lateMs);
    expect(at['session jeopardy']).toBeLessThan(ttlMs / 2 + lateMs);
    expect(at['session expired']).toBeLessThan(ttlMs + lateMs);
  };

  test.each<[string, (table: RedisServer, door: TcpProxy) => void | Promise<void>]>([
    [
      'Redis answers nothing any more',
      (table) => {
        table.pause();
      },
    ],
    ['Redis is killed', (table) => table.kill()],
    [
      'the lease API is cut off',
      (_, door) => {
        door.cut();
      },
    ],
  ])('%s: jeopardy within a heartbeat, and expiry within the TTL', async (_name, befalls) => {
    const table = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
    const api = await startLeaseApi({ env, table: table.url });
    const door = await TcpProxy.start({ target: () => new URL(api.url).host });
    const service = new Service(api);
    await service.made('regions', 'r', spans);
    await service.made('nodes', 'n', { region: 'r' });
    const client = new Leasehold({ url: `http://${door.address}`, retryMs: 0, timeoutMs: 1_000 });
    const node = await client.node('n');
    await node.up();
    const session = await client.openSession({ node: 'n', ttlMs });
    const lease = await session.acquire({ export: 'local', file: 'f', type: 'write' });
    const ear = listen(node, session);

    // A short absence is survived, with a warning at most.
    table.pause();
    await eventually(() => {
      expect(ear.said).toContain('node jeopardy');
    });
    table.resume();
    await eventually(() => {
      expect(ear.said).toContain('node safe');
    });
    expect([node.signal.aborted, session.signal.aborted]).toEqual([false, false]);

    ear.from();
    await befalls(table, door);
    await eventually(() => {
      expect([node.signal.aborted, session.signal.aborted]).toEqual([true, true]);
    });
    inTime(ear);
    expect(lease.signal.aborted).toBe(true);
    expect(node.signal.reason).toMatchObject({ code: 'ESTALE', reason: 'node_life_over' });
    expect(session.signal.reason).toMatchObject({ code: 'ESTALE', reason: 'session_expired' });
    service.close();
    closeProxies();
    await stopPrograms();
    table.resume();
    await table.stop();
  });
});
