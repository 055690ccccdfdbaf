import { dlm, fileserver, type nfs } from '#contracts';
import type { Asked, Json, PlayedAdapter } from './fuzz-peers';
import type { Facts } from './rpc';

/**
 * For every request and message: a way in which it must succeed. The requester has sessions, files and adapters of
 * its own, with names that the fuzz never uses, so that the fuzz never ends, hangs up or removes them.
 */
export const ownExport = 'apart';
/** Marks our own names: the fuzz neither learns nor uses them. */
export const isOwn = (value: unknown): boolean => typeof value === 'string' && value.startsWith(ownExport);

/** The names and ids that a request needs. */
export interface Known {
  name?: string | undefined;
  incarnation?: string | undefined;
  id?: string | undefined;
  other?: string;
  sessionId?: string;
  secret?: string;
  body?: Json | undefined;
  query?: string;
}
/** A message of an adapter, and its sender. */
export interface Said {
  content: Json;
  adapter: PlayedAdapter;
}

/** The request, and the answer of a service that accepts it. */
export interface Voice {
  http(
    method: string,
    path: string,
    how?: { secret?: string; headers?: Record<string, string>; body?: object; until?: RegExp },
  ): Promise<{ body: Json; text: string }>;
  nfs(method: nfs.MethodName, content: object): Promise<Facts>;
  /** An adapter that is not registered yet and answers correctly, except for the given changes. */
  adapter(exportName: string, stack: string, changed?: Changed): Promise<PlayedAdapter>;
  registration(adapter: PlayedAdapter): Json;
  register(adapter: PlayedAdapter): Promise<void>;
}

/** What an adapter answers instead of its normal answer. */
export type Changed = (name: Asked, answer: Json) => Json;

interface Client {
  sessionId: string;
  secret: string;
}
type Kind = 'stacks' | 'regions' | 'exports' | 'nodes';
/** How many of each kind exist at a time, more than are in use. */
const itemsKept = 24;
const { patterns } = fileserver;
const ttlMs = 600_000;
/** Well below the limit for a hang: an unanswered query must not close the connection that it used. */
const waitsMs = 30_000;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const bytes = { class: 'posix', start: 0, end: 9 };

export class OwnWorld {
  private made = 0;
  private readonly items: Record<Kind, string[]> = { stacks: [], regions: [], exports: [], nodes: [] };

  /** A session that has something in an item. */
  private readonly users = new Map<string, Client>();

  constructor(private readonly voice: Voice) {}

  private newName(): string {
    return `${ownExport}${String(++this.made)}`;
  }

  // --- over HTTP

  private async session(): Promise<Client> {
    const { body } = await this.voice.http('POST', '/v1/sessions', { body: { ttlMs, label: ownExport } });
    return { sessionId: text(body['sessionId']), secret: text(body['secret']) };
  }

  private where({ sessionId }: Client, file = this.newName()): Json {
    return { sessionId, export: ownExport, file };
  }

  private async post(path: string, { secret }: { secret: string }, body: Json): Promise<Json> {
    return (await this.voice.http('POST', path, { secret, body })).body;
  }

  /** Something that belongs to a session, by the name of its id. */
  private async held(path: string, what: Json, by?: Client): Promise<Client & { id: string; row: Json }> {
    const client = by ?? (await this.session());
    const row = await this.post(path, client, { ...this.where(client), ...what });
    const id = text(row['leaseId'] ?? row['openId'] ?? row['rangeId'] ?? row['changeId'] ?? row['lockId']);
    return { ...client, id, row };
  }

  private readonly resource =
    (what: Json): (() => Promise<Known>) =>
    async () => {
      const client = await this.session();
      const { sessionId } = client;
      return { ...client, body: { sessionId, export: ownExport, resource: this.newName(), ...what } };
    };

  private async dlmLock(): Promise<Client & { id: string; row: Json }> {
    const { body = {}, ...client } = await this.resource({ mode: 'EX' })();
    const { sessionId = '', secret = '' } = client;
    const row = await this.post('/v1/dlm/locks', { secret }, body);
    return { sessionId, secret, id: text(row['lockId']), row };
  }

  private async connection(): Promise<Client & { id: string }> {
    const { sessionId, secret } = await this.session();
    const body = { sessionId, export: ownExport, protocol: { major: 1, minor: 1 } };
    const row = await this.post('/v1/dlm/connections', { secret }, body);
    return { sessionId, secret, id: text(row['connectionId']) };
  }

  /** A request for a permit of a semaphore of its own. */
  private async permitAsked(): Promise<Client & { body: Json }> {
    const client = await this.session();
    const { sessionId } = client;
    return { ...client, body: { sessionId, export: ownExport, semaphore: this.newName(), limit: 2 } };
  }

  private async permit(): Promise<Client & { id: string; row: Json }> {
    const { body, ...client } = await this.permitAsked();
    const row = await this.post('/v1/permits', client, body);
    return { ...client, id: text(row['permitId']), row };
  }

  private lease = (type = 'write') => this.held('/v1/leases/acquire', { type });
  private open = (access = 'read') => this.held('/v1/opens', { access });
  private range = () => this.held('/v1/ranges', { ...bytes, type: 'write' });

  /** A change that waits for another session's lease. */
  private async waiting(): Promise<Client & { id: string; row: Json }> {
    const { row } = await this.lease();
    return this.held('/v1/files/changes', { kind: 'truncate', file: row['file'], queued: true });
  }

  /** A configuration item. Stacks and regions are limited: exports and nodes share a permanent one. */
  private async item(kind: Kind): Promise<string> {
    const name = this.newName();
    const shared = { stacks: {}, regions: {}, exports: { stack: ownExport }, nodes: { region: ownExport } };
    if (kind === 'exports') await this.put('stacks', ownExport, {});
    if (kind === 'nodes') await this.put('regions', ownExport, {});
    await this.put(kind, name, shared[kind]);
    const [oldest] = this.items[kind].push(name) > itemsKept ? this.items[kind].splice(0, 1) : [];
    if (oldest !== undefined) await this.remove(kind, oldest);
    return name;
  }

  /** Removes dependents first: a removal by force would leave an operation, and those are limited. */
  private async remove(kind: Kind, name: string): Promise<void> {
    const { sessionId, secret } = this.users.get(name) ?? {};
    if (sessionId !== undefined && secret !== undefined)
      await this.voice.http('DELETE', `/v1/sessions/${sessionId}`, { secret });
    this.users.delete(name);
    await this.voice.http('DELETE', `/v1/${kind}/${name}`);
  }

  private async put(kind: Kind, name: string, body: object): Promise<void> {
    await this.voice.http('PUT', `/v1/${kind}/${name}`, { body });
  }

  private async pinned(kind: Kind): Promise<Known> {
    const client = await this.session();
    const name = await this.item(kind);
    this.users.set(name, client);
    return { name, ...client, body: { sessionId: client.sessionId } };
  }

  private async operation(): Promise<Known> {
    const name = await this.item('exports');
    const { body } = await this.voice.http('POST', `/v1/exports/${name}/hangup`, { body: { deadlineMs: 0 } });
    return { id: text(body['operationId']), name };
  }

  private async subscribed(): Promise<Known> {
    const known = await this.pinned('nodes');
    const { sessionId = '', secret = '' } = known;
    await this.post(`/v1/regions/${ownExport}/subscriptions`, { secret }, { sessionId });
    return known;
  }

  /** One session has a write delegation, and another queries the attributes. */
  private async askedForAttributes(): Promise<Known> {
    const [holder, asker] = [await this.session(), await this.session()];
    const where = this.where(asker);
    await this.post('/v1/delegations', holder, { ...where, sessionId: holder.sessionId, want: 'write' });
    const path = `/v1/sessions/${holder.sessionId}/events`;
    const { secret } = holder;
    const begun = await this.voice.http('GET', path, { secret, until: /^id: .+\n/m });
    const headers = { 'last-event-id': /^id: (.+)$/m.exec(begun.text)?.[1] ?? '' };
    const asking = this.post('/v1/files/attributes', asker, {
      ...where,
      change: '1',
      size: '1',
      waitMs: waitsMs,
    });
    asking.catch(() => undefined);
    const told = await this.voice.http('GET', path, { secret, headers, until: /"askId":"[^"]+".*\n/ });
    const [, line = '{}'] = /^data: (.*"askId".*)$/m.exec(told.text) ?? [];
    const { leaseId, askId } = JSON.parse(line) as { leaseId?: string; askId?: string };
    return { ...holder, id: leaseId, body: { askId, size: '1' } };
  }

  private readonly named =
    (kind: Kind, body?: Json): (() => Promise<Known>) =>
    async () => ({ name: await this.item(kind), body });

  private readonly ofItems = Object.fromEntries(
    (['stacks', 'exports', 'nodes', 'regions'] as const).flatMap((kind) => [
      [`GET /v1/${kind}/{name}`, this.named(kind)],
      [`GET /v1/${kind}/{name}/dependents`, this.named(kind)],
      [`DELETE /v1/${kind}/{name}`, this.named(kind)],
      [`POST /v1/${kind}/{name}/pins`, () => this.pinned(kind)],
    ]),
  ) as Record<string, () => Promise<Known>>;

  private readonly id = async (client: Promise<Client>): Promise<Known> => {
    const { sessionId, secret } = await client;
    return { id: sessionId, sessionId, secret };
  };

  private readonly whole =
    (what: Json): (() => Promise<Known>) =>
    async () => {
      const client = await this.session();
      return { ...client, body: { ...this.where(client), ...what } };
    };

  /** By method and path; a route without an entry needs nothing. */
  readonly requests: Record<string, () => Promise<Known>> = {
    ...this.ofItems,
    'POST /v1/sessions': () => Promise.resolve({ body: { ttlMs, label: ownExport } }),
    'GET /v1/sessions/{id}': () => this.id(this.session()),
    'DELETE /v1/sessions/{id}': () => this.id(this.session()),
    'POST /v1/sessions/{id}/keepalive': () => this.id(this.session()),
    'GET /v1/sessions/{id}/events': () => this.id(this.session()),
    'POST /v1/sessions/{id}/reclaim-complete': () => this.id(this.session()),
    'POST /v1/leases': this.whole({}),
    'GET /v1/leases': async () => {
      const { sessionId, secret } = await this.lease();
      return { sessionId, secret, query: `?sessionId=${sessionId}` };
    },
    'POST /v1/leases/acquire': this.whole({ type: 'write' }),
    'GET /v1/leases/{id}': () => this.lease(),
    'PUT /v1/leases/{id}': async () => ({ ...(await this.lease()), body: { type: 'read' } }),
    'DELETE /v1/leases/{id}': () => this.lease(),
    'POST /v1/leases/{id}/free': async () => {
      const lease = await this.lease();
      await this.voice.http('DELETE', `/v1/leases/${lease.id}`, lease);
      return lease;
    },
    'POST /v1/opens': this.whole({ access: 'read' }),
    'GET /v1/opens/{id}': () => this.open(),
    'PUT /v1/opens/{id}': async () => ({ ...(await this.open()), body: { access: 'both', deny: 'none' } }),
    'DELETE /v1/opens/{id}': () => this.open(),
    'POST /v1/ranges': this.whole({ ...bytes, type: 'write' }),
    'POST /v1/ranges/unlock': this.whole(bytes),
    'POST /v1/ranges/test': this.whole({ ...bytes, type: 'read' }),
    'POST /v1/ranges/cancel': this.whole({ ...bytes, type: 'read' }),
    'GET /v1/ranges/{id}': () => this.range(),
    'DELETE /v1/ranges/{id}': () => this.range(),
    'GET /v1/watch': () => Promise.resolve({ query: `?export=${ownExport}` }),
    'POST /v1/batch': async () => {
      const { body, ...client } = await this.permitAsked();
      return { ...client, body: { calls: [{ method: 'POST', path: '/v1/permits', body }] } };
    },
    'POST /v1/sets': async () => {
      const client = await this.session();
      const { sessionId } = client;
      const leases = ['a', 'b'].map((file) => ({
        export: ownExport,
        file: `set/${sessionId}/${file}`,
        type: 'write',
      }));
      return { ...client, body: { sessionId, leases, requestId: 'set' } };
    },
    'POST /v1/permits': () => this.permitAsked(),
    'GET /v1/permits/{id}': () => this.permit(),
    'DELETE /v1/permits/{id}': () => this.permit(),
    'POST /v1/permits/check': async () => {
      const { row } = await this.permit();
      return { body: { export: ownExport, semaphore: row['semaphore'], token: row['token'] } };
    },
    'POST /v1/dlm/locks': this.resource({ mode: 'EX', flags: ['valblk'] }),
    'GET /v1/dlm/locks': async () => {
      const { sessionId, secret } = await this.dlmLock();
      return { sessionId, secret, query: `?sessionId=${sessionId}` };
    },
    'GET /v1/dlm/locks/{id}': () => this.dlmLock(),
    'PUT /v1/dlm/locks/{id}': async () => ({
      ...(await this.dlmLock()),
      body: { mode: 'CR', block: 'AAEC' },
    }),
    'POST /v1/dlm/locks/{id}/unlock': async () => ({ ...(await this.dlmLock()), body: { block: 'AAEC' } }),
    'POST /v1/dlm/locks/cancel': async () => {
      const { sessionId, secret, id } = await this.dlmLock();
      return { secret, body: { sessionId, lockId: id } };
    },
    'POST /v1/dlm/connections': async () => {
      const client = await this.session();
      const body = { sessionId: client.sessionId, export: ownExport, protocol: { major: 1, minor: 1 } };
      return { ...client, body };
    },
    'GET /v1/dlm/connections': () => Promise.resolve({ query: `?export=${ownExport}` }),
    'GET /v1/dlm/connections/{id}': () => this.connection(),
    'POST /v1/dlm/connections/{id}/hangup': () => this.connection(),
    'GET /v1/dlm/connections/{id}/events': () => this.connection(),
    'DELETE /v1/dlm/connections/{id}': async () => {
      const known = await this.connection();
      await this.post(`/v1/dlm/connections/${known.id}/hangup`, { secret: known.secret }, {});
      return known;
    },
    'GET /v1/dlm/resources': async () => {
      const { row } = await this.dlmLock();
      return { query: `?export=${ownExport}&resource=${text(row['resource'])}` };
    },
    'POST /v1/files/changes': this.whole({ kind: 'truncate' }),
    'POST /v1/files/changes/report': async () => {
      const holder = await this.session();
      const where = this.where(holder);
      await this.post('/v1/delegations', holder, { ...where, want: 'read', directory: true, notify: true });
      const maker = await this.session();
      const entry = { ...where, sessionId: maker.sessionId, kind: 'entries', name: 'x', reportMs: 60_000 };
      const { announced } = await this.post('/v1/files/changes', maker, entry);
      return { ...maker, body: { announced, made: true } };
    },
    'DELETE /v1/files/changes/{id}': () => this.waiting(),
    'GET /v1/waits/{id}': () => this.waiting(),
    'POST /v1/delegations': this.whole({ want: 'read' }),
    'GET /v1/stateids/{other}': async () => {
      const { row, ...client } = await this.held('/v1/opens', { access: 'read', want: 'any' });
      const { lease } = row['delegation'] as { lease: { stateid: { other: string } } };
      return { ...client, other: lease.stateid.other };
    },
    'POST /v1/files/attributes': this.whole({ change: '1', size: '1' }),
    'PUT /v1/leases/{id}/attributes': () => this.askedForAttributes(),
    'GET /v1/fences': async () => {
      const { row } = await this.lease();
      return { query: `?export=${ownExport}&file=${text(row['file'])}` };
    },
    'POST /v1/fences/check': async () => {
      const { row } = await this.lease();
      return { body: { export: ownExport, file: row['file'], token: row['token'], for: 'read' } };
    },
    'GET /v1/locks/{id}': () => this.lease(),
    'DELETE /v1/locks/{id}': () => this.lease(),
    'POST /v1/locks/{id}/break': async () => ({ ...(await this.lease()), body: { target: 'none' } }),
    'PUT /v1/stacks/{name}': this.named('stacks', { description: 'again' }),
    'PUT /v1/regions/{name}': this.named('regions', { beatMs: 1_000 }),
    'PUT /v1/exports/{name}': this.named('exports', { stack: ownExport, lockDelayMs: 1 }),
    'PUT /v1/nodes/{name}': this.named('nodes', { region: ownExport, description: 'again' }),
    'POST /v1/exports/{name}/hangup': this.named('exports', { deadlineMs: 0 }),
    'POST /v1/exports/{name}/grace': this.named('exports', { graceMs: 0 }),
    'POST /v1/exports/{name}/resume': this.named('exports'),
    'POST /v1/stacks/{name}/adapters/{incarnation}/stop': async () => {
      const adapter = await this.serving();
      return { name: ownExport, incarnation: adapter.name, body: { deadlineMs: 0 } };
    },
    'POST /v1/nodes/{name}/beat': this.named('nodes', { incarnation: 'one' }),
    'POST /v1/nodes/{name}/acks': async () => {
      const known = await this.subscribed();
      return { ...known, body: { sessionId: known.sessionId, noticeId: 'n0' } };
    },
    'POST /v1/regions/{name}/subscriptions': () => this.pinned('regions'),
    'DELETE /v1/regions/{name}/subscriptions/{sessionId}': async () => ({
      ...(await this.subscribed()),
      ...{ name: ownExport, body: undefined },
    }),
    'GET /v1/pins/{id}': () => this.pin(),
    'DELETE /v1/pins/{id}': () => this.pin(),
    'GET /v1/operations/{id}': () => this.operation(),
  };

  private async pin(): Promise<Known> {
    const { name = '', sessionId = '', secret = '' } = await this.pinned('stacks');
    const { pinId } = await this.post(`/v1/stacks/${name}/pins`, { secret }, { sessionId });
    return { sessionId, secret, id: text(pinId) };
  }

  // --- of adapters

  private async serving(changed?: Changed): Promise<PlayedAdapter> {
    const adapter = await this.voice.adapter(await this.item('exports'), ownExport, changed);
    await this.voice.register(adapter);
    return adapter;
  }

  private async saying(content: Json, changed?: Changed): Promise<Said> {
    const adapter = await this.serving(changed);
    return { adapter, content: { incarnation: adapter.name, ...content } };
  }

  /** An adapter with a hold for a session, as long as it answers correctly. */
  async holding(content: Json, changed?: Changed, waitMs = waitsMs): Promise<Said> {
    const { adapter, content: said } = await this.saying(content, changed);
    const client = await this.session();
    const where = { sessionId: client.sessionId, export: adapter.exportName, file: 'f' };
    this.users.set(adapter.exportName, client);
    await this.post('/v1/leases/acquire', client, { ...where, type: 'write', waitMs });
    return { adapter, content: { ...said, ...adapter.holds.at(-1) } };
  }

  readonly messages: Record<string, () => Promise<Said>> = {
    [patterns.hello]: async () => {
      const adapter = await this.serving();
      return { adapter, content: { protocol: this.voice.registration(adapter)['protocol'] } };
    },
    [patterns.register]: async () => {
      const adapter = await this.voice.adapter(await this.item('exports'), ownExport);
      return { adapter, content: this.voice.registration(adapter) };
    },
    [patterns.heartbeat]: async () => {
      const { adapter, content } = await this.saying({ lost: [], dead: [] });
      return { adapter, content: { ...content, exports: [adapter.exportName] } };
    },
    [patterns.deregister]: () => this.saying({ letGo: true }),
    [patterns.break]: () => this.holding({ breakNo: 1, target: 'none', remainingMs: 1_000 }),
    [patterns.lost]: () => this.holding({ have: 'none', cause: 'so' }),
    [patterns.detached]: () => this.holding({ path: 'f' }),
  };

  // --- of NFS servers

  private async nfsClient(): Promise<Client> {
    const { sessionId, secret } = await this.voice.nfs('ExchangeId', {
      leaseTimeMs: ttlMs,
      label: ownExport,
    });
    return { sessionId: text(sessionId), secret: text(secret) };
  }

  private async place(): Promise<Client & { export: string; file: string }> {
    return { ...(await this.nfsClient()), export: ownExport, file: this.newName() };
  }

  private async callbacksOf(client: object): Promise<nfs.Callback[]> {
    const { callbacks } = await this.voice.nfs('PollCallbacks', client);
    return (callbacks ?? []) as nfs.Callback[];
  }

  /** The next CB_GETATTR of a client. A poll may return positions only. */
  private async getAttrOf(client: object, begun: string | undefined): Promise<nfs.Callback['getAttr']> {
    for (let after = begun; ;) {
      const told = await this.callbacksOf({ ...client, after, waitMs: waitsMs });
      const found = told.find(({ getAttr }) => getAttr !== undefined)?.getAttr;
      if (found !== undefined || told.length === 0) return found;
      after = told.at(-1)?.position;
    }
  }

  /** A file that a client has opened once for each access. */
  private async opened(...accesses: string[]): Promise<Json> {
    const { sessionId, secret, ...where } = await this.place();
    let stateid: unknown;
    for (const access of accesses)
      ({ stateid } = await this.voice.nfs('Open', { sessionId, secret, ...where, ...nfsOpen, access }));
    return { sessionId, secret, stateid };
  }

  private async locked(): Promise<{ place: Client & { export: string; file: string }; stateid: unknown }> {
    const place = await this.place();
    return { place, stateid: (await this.voice.nfs('Lock', { ...place, ...nfsLock }))['stateid'] };
  }

  private async delegated(): Promise<Json> {
    const { sessionId, secret, ...where } = await this.place();
    const client = { sessionId, secret };
    const wanted = await this.voice.nfs('WantDelegation', { ...client, ...where, ...nfsWant });
    return { ...client, stateid: (wanted['delegation'] as nfs.Delegation | undefined)?.stateid };
  }

  readonly calls: Record<string, () => Promise<Json>> = {
    ExchangeId: () => Promise.resolve({ leaseTimeMs: ttlMs, label: ownExport }),
    CreateSession: async () => {
      const owner = Buffer.from(this.newName()).toString('base64');
      const made = await this.voice.nfs('ExchangeId', { leaseTimeMs: ttlMs, owner });
      return { sessionId: text(made['sessionId']), secret: text(made['secret']) };
    },
    Renew: async () => ({ ...(await this.nfsClient()) }),
    DestroyClientId: async () => ({ ...(await this.nfsClient()) }),
    Open: async () => ({ ...(await this.place()), ...nfsOpen }),
    OpenDowngrade: async () => ({
      ...(await this.opened('OPEN4_SHARE_ACCESS_READ', 'OPEN4_SHARE_ACCESS_BOTH')),
      ...{ access: 'OPEN4_SHARE_ACCESS_READ', deny: 'OPEN4_SHARE_DENY_NONE' },
    }),
    Close: () => this.opened('OPEN4_SHARE_ACCESS_BOTH'),
    Lock: async () => ({ ...(await this.place()), ...nfsLock }),
    LockT: async () => ({ ...(await this.place()), ...nfsLock }),
    LockU: async () => {
      const { place, stateid } = await this.locked();
      return { ...place, ...nfsLock, stateid };
    },
    CancelLock: async () => {
      const { place } = await this.locked();
      const waiter = await this.nfsClient();
      const lock = { ...place, ...nfsLock, ...waiter, type: 'WRITEW_LT', lockOwner: 'dHdv' };
      return { ...waiter, waitId: (await this.voice.nfs('Lock', lock))['waitId'] };
    },
    WantDelegation: async () => ({ ...(await this.place()), ...nfsWant }),
    DelegReturn: () => this.delegated(),
    GetAttr: async () => ({ ...(await this.place()), change: '1', size: '1' }),
    AnswerGetAttr: async () => {
      const { sessionId, secret, ...where } = await this.place();
      const [holder, asker] = [{ sessionId, secret }, await this.nfsClient()];
      await this.voice.nfs('WantDelegation', { ...holder, ...where, ...nfsWant, want: 'WANT_WRITE_DELEG' });
      const [begun] = await this.callbacksOf({ ...holder, waitMs: waitsMs });
      void this.voice.nfs('GetAttr', { ...asker, ...where, change: '1', size: '1', waitMs: waitsMs });
      const getAttr = await this.getAttrOf(holder, begun?.position);
      const said = { cbStatus: 'NFS4_OK', change: '1', changeAtGrant: '1', size: '1' };
      return { ...holder, askId: getAttr?.askId, stateid: getAttr?.stateid, ...said };
    },
    Change: async () => ({ ...(await this.place()), op: 'CHANGE_REMOVE' }),
    ReportChange: async () => {
      const { sessionId, secret, ...directory } = await this.place();
      const notified = { ...nfsWant, directory: true, notify: true };
      await this.voice.nfs('WantDelegation', { sessionId, secret, ...directory, ...notified });
      const maker = await this.nfsClient();
      const entry = { export: directory.export, file: `${directory.file}/x`, op: 'CHANGE_CREATE' };
      const { changeIds } = await this.voice.nfs('Change', { ...maker, ...entry, reportMs: 60_000 });
      return { ...maker, changeIds, made: true };
    },
    AnswerNotify: async () => ({ ...(await this.delegated()), cbStatus: 'NFS4ERR_DELAY' }),
    TestStateid: async () => {
      const { stateid, ...client } = await this.opened('OPEN4_SHARE_ACCESS_BOTH');
      return { ...client, stateids: [stateid] };
    },
    FreeStateid: async () => {
      const { place, stateid } = await this.locked();
      const { sessionId, secret } = place;
      const unlocked = await this.voice.nfs('LockU', { ...place, ...nfsLock, stateid });
      return { sessionId, secret, stateid: unlocked['stateid'] };
    },
    BeginGrace: async () => ({ export: (await this.place()).export, graceMs: 0 }),
    Reclaim: async () => ({
      ...(await this.nfsClient()),
      ...{ opens: [], locks: [], delegations: [], complete: true },
    }),
    PollCallbacks: async () => ({ ...(await this.nfsClient()), waitMs: 0 }),
    ...this.ofLockManagers(),
  };

  // --- of lock managers

  private ofLockManagers(): Record<string, () => Promise<Json>> {
    const connection = async (): Promise<Json> => {
      const { secret, id } = await this.connection();
      return { secret, connectionId: id };
    };
    const lock = async (): Promise<Json> => {
      const { secret, id } = await this.dlmLock();
      return { secret, lockId: id };
    };
    const calls: Record<string, () => Promise<Json>> = {
      OpenSession: () => Promise.resolve({ ttlMs, label: ownExport }),
      RenewSession: async () => ({ ...(await this.session()) }),
      EndSession: async () => ({ ...(await this.session()) }),
      Connect: async () => ({
        ...{ ...(await this.session()), export: ownExport, protocol: { major: 1, minor: 1 } },
      }),
      GetConnection: connection,
      Hangup: connection,
      Disconnect: async () => {
        const { secret, id } = await this.connection();
        await this.post(`/v1/dlm/connections/${id}/hangup`, { secret }, {});
        return { secret, connectionId: id };
      },
      AcknowledgeRecovery: async () => {
        const { sessionId, secret, id } = await this.connection();
        return { sessionId, secret, connectionId: id, node: await this.item('nodes'), noticeId: 'none' };
      },
      Lock: async () => ({
        ...{ ...(await this.session()), export: ownExport, resource: this.newName(), mode: 'EX' },
      }),
      Convert: async () => ({ ...(await lock()), mode: 'PR' }),
      Unlock: lock,
      Cancel: async () => ({ ...(await this.session()), requestId: this.newName() }),
      GetLock: lock,
      ListLocks: async () => ({ ...(await this.session()) }),
    };
    return Object.fromEntries(
      Object.entries(calls).map(([name, content]) => [`${dlm.serviceName}/${name}`, content]),
    );
  }
}

const nfsOpen = {
  openOwner: 'b25l',
  ...{ access: 'OPEN4_SHARE_ACCESS_BOTH', deny: 'OPEN4_SHARE_DENY_NONE' },
  ...{ want: 'WANT_NO_DELEG', claim: 'CLAIM_NULL' },
};
const nfsLock = { lockOwner: 'b25l', type: 'WRITE_LT', offset: '0', length: '10', reclaim: false };
const nfsWant = { want: 'WANT_READ_DELEG', claim: 'CLAIM_NULL' };
