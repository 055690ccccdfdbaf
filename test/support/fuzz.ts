import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { fileserver, nfs } from '#contracts';
import { keyOf, seal } from '#rpc';
import type { LeaseApi } from './service';

/**
 * Requests and messages without end, from the shapes that are served: docs/openapi.json and the contracts. Most are nearly
 * right, with sessions, secrets, ids and tokens that were answered before, so that they reach deep; the rest are not.
 */
/** What the lease API has to be started with. */
export const rpcSecret = 'secret-of-the-fuzzer';
type Json = Record<string, unknown>;
type Random = () => number;

/** Mulberry32: the same numbers for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Route {
  method: string;
  path: string;
  body?: Json;
}
const document = JSON.parse(readFileSync(join(__dirname, '..', '..', 'docs', 'openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, Json>>;
  components: { schemas: Record<string, Json> };
};

const bodyOf = (operation: Json): Json | undefined =>
  (operation['requestBody'] as { content: Record<string, { schema: Json }> } | undefined)?.content[
    'application/json'
  ]?.schema;
export const routes: Route[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    ...{ method: method.toUpperCase(), path, body: bodyOf(operation) },
  })),
);
export const messages: { pattern: string; shape: Json }[] = [
  ...[
    [fileserver.patterns.register, fileserver.registerRequest] as const,
    [fileserver.patterns.heartbeat, fileserver.heartbeatRequest] as const,
    [fileserver.patterns.break, fileserver.breakRequest] as const,
    [fileserver.patterns.lost, fileserver.lostRequest] as const,
    [fileserver.patterns.detached, fileserver.detachedRequest] as const,
  ],
  ...Object.entries(nfs.methods).map(
    ([name, { request: shape }]) => [nfs.patternOf(name as nfs.MethodName), shape] as const,
  ),
].map(([pattern, shape]) => ({
  pattern,
  shape: z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }),
}));

const nested = '['.repeat(5_000) + ']'.repeat(5_000);
/** Stands for what is nested too deep to be written by ordinary means. */
const deep = '@@deep@@';
const deepen = (json: string): string => json.replace(/\\?"@@deep@@\\?"/g, nested);
const strange: unknown[] = [
  ...[null, true, 0, -1, 1.5, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e308, -0, ''],
  ...['abc', '-1', '0x10', '1e3', '18446744073709551616', ' 1', '٣', 'a\0b', '\ud800', '../..', '.'],
  ...['x'.repeat(300), '\u202e', '__proto__', 'constructor', [], {}, [[]], { a: { b: [1] } }],
  deep,
];
const names = ['local', 'one', 'two', 'toString', 'constructor'];
const files = ['a', 'b', 'd/e', 'hasOwnProperty', '__proto__'];

/** What was answered, by the name under which it was; what is asked for again is taken from here. */
class Pool {
  private readonly values = new Map<string, unknown[]>();
  readonly secrets = new Map<string, string>();
  /** Of what has an id: the session that it is of. */
  readonly owners = new Map<string, string>();

  constructor(private readonly random: Random) {}

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)] as T;
  }

  given(name: string): unknown {
    const known = this.values.get(name) ?? [];
    // What came last is most likely still there.
    return known.length === 0
      ? undefined
      : known[known.length - 1 - Math.floor(this.random() ** 3 * known.length)];
  }

  harvest(value: unknown, of?: string): void {
    if (typeof value !== 'object' || value === null) return;
    const { sessionId = of, secret } = value as { sessionId?: string; secret?: unknown };
    if (typeof secret === 'string' && sessionId !== undefined) this.secrets.set(sessionId, secret);
    for (const [name, member] of Object.entries(value)) {
      if (typeof member === 'object') this.harvest(member, sessionId);
      else if (typeof member === 'string' || typeof member === 'number') {
        const known = this.values.get(name) ?? [];
        known.push(member);
        if (known.length > 64) known.shift();
        this.values.set(name, known);
        if (sessionId !== undefined) this.owners.set(String(member), sessionId);
      }
    }
  }
}

export interface Outcome {
  sent: string;
  status: number;
  reason: string;
  text: string;
}

export class Fuzzer {
  readonly reached = new Set<string>();
  readonly statuses = new Map<string, number>();
  /** What should never have been answered. */
  readonly faults: Outcome[] = [];
  private readonly pool: Pool;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(
    private readonly api: LeaseApi,
    private readonly random: Random,
  ) {
    this.pool = new Pool(random);
  }

  private chance(of: number): boolean {
    return this.random() < of;
  }

  // --- values

  private value(schema: Json, name: string, root: Json, odd: number, depth = 0): unknown {
    if (this.chance(odd)) return this.pool.pick(strange);
    const ref = schema['$ref'];
    if (typeof ref === 'string') {
      const target = ref
        .split('/')
        .slice(1)
        .reduce((at, part) => (at as Record<string, Json>)[part] ?? {}, root);
      return depth > 8 ? {} : this.value(target, name, root, odd, depth + 1);
    }
    for (const kind of ['allOf', 'anyOf', 'oneOf'] as const) {
      const members = schema[kind] as Json[] | undefined;
      if (members !== undefined) return this.value(this.pool.pick(members), name, root, odd, depth + 1);
    }
    const {
      enum: options,
      const: only,
      type,
    } = schema as { enum?: unknown[]; const?: unknown; type?: string };
    if (options !== undefined) return this.pool.pick(options);
    if (only !== undefined) return only;
    if (type === 'object') return this.object(schema, root, odd, depth);
    if (type === 'array') {
      const items = (schema['items'] ?? {}) as Json;
      const count = 1 + Math.floor(this.random() * 3);
      return Array.from({ length: count }, () => this.value(items, name, root, odd, depth + 1));
    }
    return this.scalar(schema, name);
  }

  private object(schema: Json, root: Json, odd: number, depth: number): unknown {
    const { properties = {}, required = [] } = schema as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    const made: Json = {};
    for (const [name, member] of Object.entries(properties))
      if (required.includes(name) ? !this.chance(odd / 2) : this.chance(0.3))
        made[name] = this.value(member, name, root, odd, depth + 1);
    if (this.chance(odd))
      made[this.pool.pick(['__proto__', 'extra', 'constructor'])] = this.pool.pick(strange);
    return made;
  }

  private scalar({ type, minimum, maximum }: Json, name: string): unknown {
    if (type === 'boolean') return this.chance(0.5);
    if (name === 'waitMs' || name === 'quietMs' || name === 'deadlineMs')
      return Math.floor(this.random() * 20);
    if (name === 'ttlMs' || name === 'leaseTimeMs') return 600_000;
    const known = this.pool.given(name === 'because' || name === 'ifToken' ? 'token' : name);
    if (known !== undefined && this.chance(0.85)) return known;
    if (type === 'number' || type === 'integer') {
      const from = Math.max(0, Number(minimum ?? 0));
      return from + Math.floor(this.random() * Math.min(100, Number(maximum ?? 100) - from));
    }
    if (['export', 'region', 'stack', 'name', 'node', 'incarnation', 'prefix'].includes(name))
      return this.pool.pick(names.slice(0, 3));
    if (name === 'file' || name === 'path' || name === 'to') return this.pool.pick(files);
    if (/owner/i.test(name)) return Buffer.from(this.pool.pick(names)).toString('base64');
    if (name === 'other') return Buffer.alloc(12, 1).toString('base64');
    if (['start', 'end', 'offset', 'length', 'change', 'size'].includes(name))
      return String(Math.floor(this.random() * 200));
    return this.pool.pick(['x', 'one', '7', '2026-11-29T00:00:00Z', '127.0.0.1:1']);
  }

  // --- requests

  private parameter(path: string, name: string): unknown {
    if (name === 'other') return this.pool.given('other') ?? '0'.repeat(24);
    if (name === 'name') return this.chance(0.3) ? 'local' : this.pool.pick(names.slice(0, 3));
    if (name === 'incarnation') return this.pool.given('incarnation') ?? 'one';
    if (name === 'sessionId') return this.pool.given('sessionId');
    const kind = /^\/v1\/(files\/changes|[a-z]+)/.exec(path)?.[1] ?? '';
    const own = `${kind.replace('files/changes', 'change').replace(/s$/, '')}Id`;
    return this.pool.given(own) ?? this.pool.given('leaseId') ?? this.pool.given('openId');
  }

  /** One request to a route. */
  async http({ method, path, body: schema }: Route): Promise<Outcome> {
    const odd = this.chance(0.5) ? 0 : 0.08;
    let session: string | undefined;
    const concrete = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const given = this.chance(odd) ? this.pool.pick(strange) : this.parameter(path, name);
      session ??= this.pool.owners.get(String(given)) ?? (name === 'id' ? String(given) : undefined);
      const text = typeof given === 'string' || typeof given === 'number' ? String(given) : 'none';
      return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '').slice(0, 300)) || 'x';
    });
    const root = document as unknown as Json;
    const body = schema === undefined ? undefined : this.value(schema, '', root, odd);
    if (typeof body === 'object' && body !== null && 'sessionId' in body) session = String(body.sessionId);
    let query = '';
    if (method === 'GET' && path === '/v1/fences') query = `?export=local&file=${this.pool.pick(['a', 'b'])}`;
    if (method === 'GET' && path === '/v1/leases') {
      session = String(this.pool.given('sessionId'));
      query = `?sessionId=${session}`;
    }
    if (this.chance(odd))
      query = `?${this.pool.pick(['limit', 'cursor', 'force', 'tree', 'format', 'x'])}=${this.pool.pick(['', '-1', 'abc', '99999999999999999999', '%00', '1'])}`;
    const secret = this.chance(odd)
      ? 'wrong'
      : (this.pool.secrets.get(session ?? '') ?? this.pool.given('secret'));
    const headers: Record<string, string> = {};
    if (typeof secret === 'string' && !(typeof body === 'object' && body !== null && 'item' in body))
      headers['x-session-secret'] = secret;
    if (this.chance(odd))
      headers[this.pool.pick(['if-match', 'if-none-match', 'last-event-id', 'accept'])] = this.pool.pick([
        '*',
        '"1"',
        'abc',
        '"99999999999999999"',
      ]);
    let text = body === undefined ? undefined : deepen(JSON.stringify(body));
    if (text !== undefined && this.chance(odd / 2))
      text = this.pool.pick([nested, '{', 'null', '[]', '"x"', '{"a":1}', `{"sessionId":${nested}}`]);
    if (text !== undefined) headers['content-type'] = 'application/json';
    const route = `${method} ${path}`;
    const outcome = await this.send(method, concrete + query, headers, text, path.endsWith('/events'));
    this.count(route, outcome);
    return outcome;
  }

  private send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string | undefined,
    streams: boolean,
  ): Promise<Outcome> {
    const sent = `${method} ${path} ${(body ?? '').slice(0, 300)}`;
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    return new Promise((resolve) => {
      const bad = (text: string): void => {
        resolve({ sent, status: 599, reason: 'no_answer', text });
      };
      const url = new URL(this.api.url);
      const call = request(
        {
          host: url.hostname,
          port: url.port,
          method,
          path,
          headers: { ...headers, ...length },
          agent: this.agent,
          timeout: 60_000,
        },
        (answer) => {
          const status = answer.statusCode ?? 0;
          let text = '';
          answer.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
            // A stream of events: what comes first will do.
            if (streams && status === 200) call.destroy();
          });
          const done = (): void => {
            for (const line of text.split('\n')) this.learn(streams ? line.replace(/^data: /, '') : text);
            resolve({ sent, status, reason: this.reasonIn(text), text: text.slice(0, 500) });
          };
          if (streams && status === 200) setTimeout(() => call.destroy(), 50).unref();
          answer.once('close', done);
        },
      );
      call.once('error', (error) => {
        bad(error.message);
      });
      call.once('timeout', () => {
        call.destroy(new Error('hangs'));
      });
      call.end(body);
    });
  }

  private reasonIn(text: string): string {
    return /"reason":"(\w+)"/.exec(text)?.[1] ?? '';
  }

  private learn(text: string): void {
    if (!text.startsWith('{')) return;
    try {
      const told = JSON.parse(text) as Json;
      if (told['code'] === undefined) this.pool.harvest(told);
    } catch {
      // Not all of it came.
    }
  }

  private count(what: string, outcome: Outcome): void {
    const { status, reason } = outcome;
    if (status >= 200 && status < 300) this.reached.add(what);
    const key = `${String(status)} ${reason}`;
    this.statuses.set(key, (this.statuses.get(key) ?? 0) + 1);
    // What did not come in time, and what this service does not do, are answers; what broke is none.
    if (status >= 500 && ![501, 504, 507].includes(status)) this.faults.push(outcome);
  }

  // --- messages

  /** `count` messages over one connection to the RPC port, some of them broken; resolves with those that got an answer. */
  async rpc(count: number): Promise<void> {
    const [host, port] = this.api.rpcAddress.split(':');
    for (let left = count; left > 0; left -= 50) {
      const batch = Array.from({ length: Math.min(50, left) }, (_, id) => this.message(String(id)));
      await new Promise<void>((resolve) => {
        const waiting = new Map(batch.map(({ id, sent }) => [id, sent]));
        const socket = connect(Number(port), host);
        let heard = '';
        const limit = setTimeout(() => socket.destroy(), 60_000);
        socket.setEncoding('utf8').on('data', (chunk: string) => {
          heard += chunk;
          for (let at = heard.indexOf('#'); at > 0; at = heard.indexOf('#')) {
            const length = Number(heard.slice(0, at));
            if (heard.length < at + 1 + length) break;
            const text = heard.slice(at + 1, at + 1 + length);
            heard = heard.slice(at + 1 + length);
            const { id, response, err } = JSON.parse(text) as { id: string; response?: Json; err?: unknown };
            const sent = waiting.get(id);
            if (sent === undefined) continue;
            waiting.delete(id);
            if (response !== undefined) this.pool.harvest(response);
            const reason = this.reasonIn(text);
            const broken = err !== undefined && err !== null;
            const status = broken || ['invariant', 'table_unreachable'].includes(reason) ? 500 : 200;
            this.count(`message ${sent.split(' ')[0] ?? ''}`, {
              sent,
              status,
              reason,
              text: text.slice(0, 500),
            });
          }
          if (waiting.size === 0) socket.destroy();
        });
        socket
          .once('error', () => undefined)
          .once('close', () => {
            clearTimeout(limit);
            for (const sent of waiting.values())
              this.faults.push({ sent, status: 599, reason: 'no_answer', text: '' });
            resolve();
          });
        socket.once('connect', () => {
          for (const { frame } of batch) socket.write(frame);
        });
      });
    }
  }

  private sealed(pattern: string, message: object): object {
    const { id: key, secret } = keyOf(rpcSecret);
    return seal(pattern, message, { key, secret }).envelope;
  }

  private message(id: string): { id: string; sent: string; frame: string } {
    const { pattern, shape } = this.pool.pick(messages);
    const odd = this.chance(0.5) ? 0 : 0.1;
    const content = this.value(shape, '', shape, odd);
    if (typeof content === 'object' && content !== null && 'sessionId' in content && !this.chance(odd))
      (content as Json)['secret'] = this.pool.secrets.get(String(content.sessionId)) ?? 'none';
    const whole = typeof content === 'object' && content !== null ? content : { content };
    const data = this.chance(odd / 2) ? this.pool.pick(strange) : this.sealed(pattern, whole);
    const text = deepen(JSON.stringify({ pattern, data, id }));
    return {
      id,
      sent: `${pattern} ${JSON.stringify(content).slice(0, 300)}`,
      frame: `${String(text.length)}#${text}`,
    };
  }

  close(): void {
    this.agent.destroy();
  }
}
