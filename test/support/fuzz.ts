import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { fileserver, nfs } from '#contracts';
import { keyOf, seal, type Sealed } from '#rpc';
import {
  type Asked,
  calls,
  deepIn,
  GrpcLine,
  type GrpcAnswer,
  type Json,
  PlayedAdapter,
  RpcLine,
} from './fuzz-peers';
import { type Changed, isOwn, type Known, OwnWorld } from './fuzz-own';
import { anything, type Facts } from './rpc';
import type { LeaseApi } from './service';

/**
 * Requests and messages without end, from the shapes that are served: docs/openapi.json and the contracts. Most are nearly
 * right, with sessions, secrets, ids and tokens that were answered before, so that they reach deep; the rest are not.
 */
/** The settings that the lease API needs. */
export const rpcSecret = 'secret-of-the-fuzzer';
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
  /** Query parameters that are numbers. */
  numbers: string[];
}
const document = JSON.parse(readFileSync(join(__dirname, '..', '..', 'docs', 'openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, Json>>;
  components: {
    schemas: Record<string, Json>;
    responses: Record<string, { content: Record<string, { schema: { allOf: Narrowed[] } }> }>;
  };
};
interface Narrowed {
  properties?: { reason: { enum: string[] } };
}

const bodyOf = (operation: Json): Json | undefined =>
  (operation['requestBody'] as { content: Record<string, { schema: Json }> } | undefined)?.content[
    'application/json'
  ]?.schema;
const numbersOf = ({ parameters = [] }: Json): string[] =>
  (parameters as { name: string; in: string; schema: Json }[])
    .filter((each) => each.in === 'query' && (each.schema['type'] === 'integer' || 'pattern' in each.schema))
    .map(({ name }) => name);
export const routes: Route[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    ...{ method: method.toUpperCase(), path, body: bodyOf(operation), numbers: numbersOf(operation) },
  })),
);
const jsonOf = (shape: z.ZodType): Json => z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' });
/** Messages to a lease API over RPC. */
export const messages: { pattern: string; shape: Json }[] = [
  ...(
    [
      ['hello', fileserver.helloRequest],
      ['register', fileserver.registerRequest],
      ['heartbeat', fileserver.heartbeatRequest],
      ['deregister', fileserver.deregisterRequest],
      ['break', fileserver.breakRequest],
      ['lost', fileserver.lostRequest],
      ['detached', fileserver.detachedRequest],
    ] as const
  ).map(([name, shape]) => [fileserver.patterns[name], shape] as const),
  ...Object.entries(nfs.methods).map(
    ([name, { request: shape }]) => [nfs.patternOf(name as nfs.MethodName), shape] as const,
  ),
].map(([pattern, shape]) => ({ pattern, shape: jsonOf(shape) }));
/** What adapters answer. */
const answers: Record<Asked, Json> = {
  resolve: jsonOf(fileserver.resolveAnswer),
  setlease: jsonOf(fileserver.setleaseAnswer),
  status: jsonOf(fileserver.statusAnswer),
};

const nested = '['.repeat(5_000) + ']'.repeat(5_000);
/** A placeholder for a value nested too deep for JSON.stringify. */
const deep = '@@deep@@';
const strange: unknown[] = [
  ...[null, true, 0, -1, 1.5, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e308, -0, ''],
  ...['abc', '-1', '0x10', '1e3', '18446744073709551616', ' 1', '٣', 'a\0b', '\ud800', '../..', '.'],
  ...['x'.repeat(300), '\u202e', '__proto__', 'constructor', [], {}, [[]], { a: { b: [1] } }],
  deep,
];
const names = ['local', 'one', 'demo', 'toString', 'constructor'];
const files = ['a', 'b', 'd/e', 'hasOwnProperty', '__proto__'];

/** Values from answers, by field name; later requests take theirs from here. */
class Pool {
  private readonly values = new Map<string, unknown[]>();
  readonly secrets = new Map<string, string>();
  /** For each id, the session that it belongs to. */
  readonly owners = new Map<string, string>();

  constructor(private readonly random: Random) {}

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)] as T;
  }

  given(name: string): unknown {
    const known = this.values.get(name) ?? [];
    // The latest one most likely still exists.
    return known.length === 0
      ? undefined
      : known[known.length - 1 - Math.floor(this.random() ** 3 * known.length)];
  }

  harvest(value: unknown, of?: string): void {
    if (typeof value !== 'object' || value === null || this.isOfOthers(value)) return;
    const { sessionId = of, secret } = value as { sessionId?: string; secret?: unknown };
    if (typeof secret === 'string' && sessionId !== undefined) this.secrets.set(sessionId, secret);
    for (const [name, member] of Object.entries(value)) {
      if (typeof member === 'object') {
        if (name === 'stateid' && member !== null) this.keep(name, member);
        this.harvest(member, sessionId);
      } else if (typeof member === 'string' || typeof member === 'number') {
        this.keep(name, member);
        if (sessionId !== undefined) this.owners.set(String(member), sessionId);
      }
    }
  }

  /** Names of a tour are left alone. */
  private isOfOthers(value: object): boolean {
    const { label, export: exportName, name, exports } = value as Json;
    return (
      isOwn(label) || isOwn(exportName) || isOwn(name) || (Array.isArray(exports) && exports.some(isOwn))
    );
  }

  private keep(name: string, value: unknown): void {
    if (isOwn(value)) return;
    const known = this.values.get(name) ?? [];
    known.push(value);
    if (known.length > 64) known.shift();
    this.values.set(name, known);
  }
}

/** Values that JSON cannot express, in the forms that clients might send. */
const notANumber = '@@NaN@@';
/** Values for every numeric field, as numbers and as text. */
export const numbers: unknown[] = [0, -1, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e308].flatMap((n) => [
  n,
  String(n),
]);
numbers.push(notANumber, 'NaN', '18446744073709551615');

/** The paths of numbers in a value of this shape, including those sent as text. */
function numbersIn(shape: Json, root: Json, depth = 0): string[][] {
  if (depth > 8) return [];
  const { $ref, properties, items, type, pattern, format } = shape as {
    $ref?: string;
    properties?: Record<string, Json>;
    items?: Json;
    type?: string;
    pattern?: string;
    format?: string;
  };
  const target = $ref
    ?.split('/')
    .slice(1)
    .reduce((at, part) => (at as Record<string, Json>)[part] ?? {}, root);
  const within = [
    ...(target === undefined ? [] : numbersIn(target, root, depth + 1)),
    ...(['allOf', 'anyOf', 'oneOf'] as const).flatMap((kind) =>
      ((shape[kind] ?? []) as Json[]).flatMap((each) => numbersIn(each, root, depth + 1)),
    ),
    ...Object.entries(properties ?? {}).flatMap(([name, member]) =>
      numbersIn(member, root, depth + 1).map((path) => [name, ...path]),
    ),
    ...(items === undefined ? [] : numbersIn(items, root, depth + 1).map((path) => ['0', ...path])),
  ];
  const isText = type === 'string' && (format === 'uint64' || (pattern ?? '').startsWith('^\\d'));
  if (type === 'number' || type === 'integer' || isText) within.push([]);
  const seen = new Map(within.map((path) => [path.join('.'), path]));
  return [...seen.values()];
}

/** A copy with another value at the path; missing objects on the way are created. */
function withValue(content: Json, path: string[], value: unknown): Json {
  const [name = '', ...rest] = path;
  const present = content[name];
  const inner =
    typeof present === 'object' && present !== null ? (present as Json) : rest[0] === '0' ? [] : {};
  const changed = rest.length === 0 ? value : withValue(inner as Json, rest, value);
  if (!Array.isArray(content)) return { ...content, [name]: changed };
  return Object.assign([...(content as unknown[])], { [name]: changed });
}

/** A request without its method and path. */
interface Sending {
  headers?: Record<string, string>;
  body?: string | undefined;
  until?: RegExp | undefined;
  untilMs?: number;
  from?: string;
  learn?: boolean;
}

/** A field, and how to send it with a number in it. */
interface NumberField {
  what: string;
  send: (value: unknown) => Promise<void>;
}

export interface Outcome {
  sent: string;
  status: number;
  reason: string;
  text: string;
}

/** For one kind of message: how many were sent, passed the seal check, and succeeded. */
interface Tally {
  sent: number;
  past: number;
  accepted: number;
}
const { patterns } = fileserver;
const key = keyOf(rpcSecret);
/** The source addresses of the fuzz. */
const hosts = 200;
const ownHost = '127.0.2.1';
const hostOf = (at: number): string => `127.0.1.${String(at + 1)}`;
/** The exports of played adapters. */
const served = ['one', 'demo'];
/** Reasons that are the service's own fault. */
const ours = (reason: string): boolean => ['invariant', 'table_unreachable'].includes(reason);

/** The answer of a fileserver that can do what it is asked. */
function plainAnswer(name: Asked, { path, type, incarnation }: Facts): Json {
  if (name === 'resolve') return { fileId: `of ${String(path)}`, inode: '00:01:7' };
  return name === 'setlease' ? { have: type } : { incarnation, holds: [] };
}

/** Whether the document has this answer of the route: its status and, of a refusal, its reason. */
function isDocumented(method: string, path: string, { status, reason }: Outcome): boolean {
  const operation = document.paths[path]?.[method.toLowerCase()] as {
    responses: Record<string, { $ref?: string }>;
  };
  const answer = operation.responses[String(status)];
  const name = answer?.$ref?.split('/').pop();
  if (name === undefined) return answer !== undefined;
  const [, narrowed] =
    document.components.responses[name]?.content['application/problem+json']?.schema.allOf ?? [];
  return narrowed?.properties?.reason.enum.includes(reason) === true;
}

export class Fuzzer {
  readonly tallies = new Map<string, Tally>();
  readonly reached = new Set<string>();
  readonly statuses = new Map<string, number>();
  /** Answers with a status that the document does not have for their route. */
  readonly undocumented = new Set<string>();
  /** Answers that must never occur. */
  readonly faults: Outcome[] = [];
  private readonly pool: Pool;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });
  private readonly lines: RpcLine[];
  private readonly grpcLine: GrpcLine;
  private readonly adapters: PlayedAdapter[] = [];
  private greeting: Facts = {};
  /** For a stateid: its file and owner. */
  private readonly about = new Map<string, Json>();
  private made = 0;
  /** Steps of a tour that did not succeed. */
  readonly missed: Outcome[] = [];
  /** A tour has its own address too, so that it is not slowed. */
  private readonly ownLine: RpcLine;
  private readonly ownGrpcLine: GrpcLine;
  private readonly own = new OwnWorld({
    http: async (method, path, { secret, headers, body, until } = {}) => {
      const { text } = await this.send(method, path, {
        headers: { ...headers, ...(secret === undefined ? {} : { 'x-session-secret': secret }) },
        body: body === undefined ? undefined : JSON.stringify(body),
        ...{ until, untilMs: 60_000, from: ownHost, learn: false },
      });
      return { text, body: text.startsWith('{') ? (JSON.parse(text) as Json) : {} };
    },
    nfs: (method, content) => this.nfsCall(method, content),
    adapter: async (exportName, stack, changed = (_name, answer) => answer) => {
      const adapter = new PlayedAdapter({ exportName, stack }, key, this.greeting, (name, message) =>
        changed(name, plainAnswer(name, message)),
      );
      this.others.push(await adapter.start());
      return adapter;
    },
    registration: (adapter) => this.registration(adapter),
    register: (adapter) => this.registered(adapter, this.ownLine),
  });
  /** Adapters of tours; only the last few still exist. */
  private readonly others: PlayedAdapter[] = [];

  constructor(
    private readonly api: LeaseApi,
    private readonly random: Random,
  ) {
    this.pool = new Pool(random);
    this.ownLine = new RpcLine(api.rpcAddress, ownHost);
    this.ownGrpcLine = new GrpcLine(api.grpcAddress, key);
    this.lines = Array.from({ length: hosts }, (_, at) => new RpcLine(api.rpcAddress, hostOf(at)));
    this.grpcLine = new GrpcLine(api.grpcAddress, key);
  }

  /** From one of many addresses, since each is slowed after too many failures. */
  private get line(): RpcLine {
    return this.pick(this.lines);
  }

  private pick<T>(list: readonly T[]): T {
    return this.pool.pick(list);
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
    const stateid = name === 'stateid' || name === 'stateids' ? this.pool.given('stateid') : undefined;
    if (type === 'object')
      return stateid !== undefined && this.chance(0.85) ? stateid : this.object(schema, root, odd, depth);
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
    // Most requests succeed on a file that nobody has yet.
    if (name === 'file' && this.chance(0.25)) return this.newName();
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

  // --- numbers

  /** Every numeric field of every request, message and call, of answers of adapters and of headers, with how to send it. */
  numberFields(): NumberField[] {
    const root = document as unknown as Json;
    const requests = routes.flatMap((route) => {
      const sendBody = (path: string[]) => async (value: unknown) => {
        const known = (await this.own.requests[`${route.method} ${route.path}`]?.()) ?? {};
        const body = known.body ?? (this.value(route.body ?? {}, '', root, 0) as Json);
        await this.request(route, { ...known, body: withValue(body, path, value) }, { odd: 0 });
      };
      const sendQuery = (name: string) => async (value: unknown) => {
        await this.request(route, { query: `?${name}=${encodeURIComponent(String(value))}` }, { odd: 0 });
      };
      const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
      const sendId = (name: string) => async (value: unknown) => {
        await this.request(route, { [name]: String(value) }, { odd: 0 });
      };
      const what = `${route.method} ${route.path}`;
      return [
        ...numbersIn(route.body ?? {}, root).map((path) => ({
          what: `${what} ${path.join('.')}`,
          send: sendBody(path),
        })),
        ...route.numbers.map((name) => ({ what: `${what} ?${name}`, send: sendQuery(name) })),
        ...names.map((name) => ({ what: `${what} {${name}}`, send: sendId(name) })),
      ];
    });
    const told = messages.flatMap(({ pattern, shape }) =>
      numbersIn(shape, shape).map((path) => ({
        what: `${pattern} ${path.join('.')}`,
        send: async (value: unknown) => {
          const content = await this.valid(pattern, shape);
          await this.say(pattern, withValue(content, path, value), this.pick(this.adapters));
        },
      })),
    );
    const called = calls
      .filter(({ streams }) => !streams)
      .flatMap(({ name, shape }) =>
        numbersIn(shape, shape).map((path) => ({
          what: `grpc ${name} ${path.join('.')}`,
          send: async (value: unknown) => {
            const content = withValue(await this.valid(name, shape), path, value);
            const bytes = this.grpcLine.bytesOf(name, content);
            if (bytes !== undefined) this.judge(name, content, await this.grpcLine.call(name, bytes));
          },
        })),
      );
    return [
      ...[...requests, ...told, ...called],
      ...[...this.answeredNumbers(), ...this.streamedNumbers(), ...this.numbersInHeaders()],
    ];
  }

  /** In the answers of adapters, when a client requests a lease. */
  private answeredNumbers(): NumberField[] {
    const fields = (Object.keys(answers) as Asked[]).flatMap((name) =>
      numbersIn(answers[name], answers[name]).map((path) => ({ name, path })),
    );
    const inodes = (['resolve', 'setlease'] as const).map((name) => ({ name, path: ['inode'] }));
    const hold = { fileId: 'of f', path: 'f', type: 'write', holdGen: 1 };
    return [...fields, ...inodes].map(({ name, path }) => ({
      what: `answer to ${patterns[name]}: ${path.join('.')}`,
      send: async (value) => {
        const said = path[0] === 'inode' ? `00:01:${String(value)}` : value;
        const changed: Changed = (asked, { holds, ...answer }) => {
          const exported = this.others.at(-1)?.exportName;
          const whole = holds === undefined ? answer : { ...answer, holds: [{ ...hold, export: exported }] };
          return asked === name ? withValue(whole, path, said) : { ...answer, holds };
        };
        await this.own.holding({}, changed, 1_000);
      },
    }));
  }

  /** A position from a head, or an event id from a client: two numbers with a hyphen between. */
  private positions(what: string, show: (position: string) => Promise<void>): NumberField[] {
    const forms: [string, (value: string) => string][] = [
      ['whole', (value) => value],
      ['its life', (value) => `${value}-1`],
      ['its number', (value) => `1-${value}`],
    ];
    return forms.map(([form, of]) => ({
      what: `${what}, ${form}`,
      send: (value) => show(of(String(value).replaceAll('@', ''))),
    }));
  }

  private streamedNumbers(): NumberField[] {
    const say = async (more: (client: Json) => object[]): Promise<void> => {
      const client = (await this.own.calls['Renew']?.()) ?? {};
      this.judge('Callbacks', client, await this.grpcLine.stream('Callbacks', more(client), 50));
    };
    return [
      ...this.positions('grpc Callbacks subscribe.after', (after) =>
        say((client) => [{ subscribe: { ...client, after } }]),
      ),
      ...this.positions('grpc Callbacks acknowledge.position', (position) =>
        say((client) => [{ subscribe: client }, { acknowledge: { position } }]),
      ),
    ];
  }

  private numbersInHeaders(): NumberField[] {
    const ask = async (route: string, headers: Record<string, string>): Promise<void> => {
      const [method = '', path = ''] = route.split(' ');
      const { id = '', name = '', secret = '', body } = (await this.own.requests[route]?.()) ?? {};
      const until = /\/(events|watch)$/.test(path) ? /./ : undefined;
      const how = { headers: { 'x-session-secret': secret, ...headers }, until };
      const at = path.replace('{id}', id).replace('{name}', name);
      this.count(route, await this.send(method, at, { ...how, body: body && JSON.stringify(body) }));
    };
    const events = 'GET /v1/sessions/{id}/events';
    return [
      ...this.positions('last-event-id', (id) => ask(events, { 'last-event-id': id })),
      ...['if-match', 'if-none-match'].map((name) => ({
        what: name,
        send: (value: unknown) => ask('PUT /v1/regions/{name}', { [name]: `"${String(value)}"` }),
      })),
      {
        what: 'content-length',
        send: async (value) => {
          this.count('content-length', await this.withLength(String(value)));
        },
      },
    ];
  }

  /** A request that announces a longer body, and then sends nothing more. */
  private withLength(length: string): Promise<Outcome> {
    const { hostname: host, port, host: name } = new URL(this.api.url);
    const sent = `POST /v1/sessions HTTP/1.1\r\nhost: ${name}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n{}`;
    return new Promise((resolve) => {
      const socket = connect({ host, port: Number(port), timeout: 60_000 });
      let text = '';
      socket.setEncoding('latin1').on('data', (chunk) => {
        text += String(chunk);
      });
      socket.on('timeout', () => socket.destroy());
      socket.on('error', () => undefined);
      socket.on('close', () => {
        const status = Number(/^HTTP\/1.1 (\d+)/.exec(text)?.[1] ?? 0);
        resolve({ sent, status, reason: this.reasonIn(text), text });
      });
      socket.end(sent);
    });
  }

  private async valid(pattern: string, shape: Json): Promise<Json> {
    const made = this.value(shape, '', shape, 0) as Json;
    const content = this.fitting(pattern, made, this.pick(this.adapters), 0);
    const prepared = await this.own.calls[pattern.replace('nfs.', '')]?.();
    return { ...content, ...prepared };
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

  /** One request to a route; now and then, what it needs to succeed is created first. */
  async http(route: Route): Promise<Outcome> {
    const prepare = this.own.requests[`${route.method} ${route.path}`];
    const known = prepare !== undefined && this.chance(0.1) ? await prepare() : {};
    return this.request(route, known);
  }

  private newName(): string {
    return `made${String(++this.made)}`;
  }

  private async request(
    { method, path, body: schema }: Route,
    known: Known,
    { odd = this.chance(0.5) ? 0 : 0.08, alone = false }: { odd?: number; alone?: boolean } = {},
  ): Promise<Outcome> {
    let session = known.sessionId;
    const concrete = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const fixed = (known as Json)[name];
      const given = fixed ?? (this.chance(odd) ? this.pool.pick(strange) : this.parameter(path, name));
      session ??= this.pool.owners.get(String(given)) ?? (name === 'id' ? String(given) : undefined);
      const text = typeof given === 'string' || typeof given === 'number' ? String(given) : 'none';
      return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '').slice(0, 300)) || 'x';
    });
    const root = document as unknown as Json;
    const body = schema === undefined ? undefined : (known.body ?? this.value(schema, '', root, odd));
    if (typeof body === 'object' && body !== null && 'sessionId' in body) session = String(body.sessionId);
    let query = known.query ?? '';
    if (method === 'GET' && path === '/v1/fences' && query === '')
      query = `?export=local&file=${this.pool.pick(['a', 'b'])}`;
    if (method === 'GET' && path === '/v1/leases' && query === '') {
      session = String(this.pool.given('sessionId'));
      query = `?sessionId=${session}`;
    }
    if (this.chance(odd))
      query = `?${this.pool.pick(['limit', 'cursor', 'force', 'tree', 'format', 'x'])}=${this.pool.pick(['', '-1', 'abc', '99999999999999999999', '%00', '1'])}`;
    const secret = this.chance(odd)
      ? 'wrong'
      : (known.secret ?? this.pool.secrets.get(session ?? '') ?? this.pool.given('secret'));
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
    let text = body === undefined ? undefined : deepIn(JSON.stringify(body)).replaceAll('"@@NaN@@"', 'NaN');
    if (text !== undefined && this.chance(odd / 2))
      text = this.pool.pick([nested, '{', 'null', '[]', '"x"', '{"a":1}', `{"sessionId":${nested}}`]);
    const route = `${method} ${path}`;
    const until = /\/(events|watch)$/.test(path) ? /./ : undefined;
    const how = { headers, body: text, until, ...(alone ? { from: ownHost, learn: false } : {}) };
    const outcome = await this.send(method, concrete + query, how);
    if (!isDocumented(method, path, outcome))
      this.undocumented.add(`${route}: ${String(outcome.status)} ${outcome.reason}`);
    this.count(route, outcome);
    return outcome;
  }

  /** @param until ends an event stream once it has arrived */
  private send(method: string, path: string, how: Sending = {}): Promise<Outcome> {
    const { headers = {}, body, until, untilMs = 50, learn = true } = how;
    const { from = hostOf(Math.floor(this.random() * hosts)) } = how;
    const streams = until !== undefined;
    const sent = `${method} ${path} ${(body ?? '').slice(0, 300)}`;
    const length =
      body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
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
          localAddress: from,
          timeout: 180_000,
        },
        (answer) => {
          const status = answer.statusCode ?? 0;
          let text = '';
          answer.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
            // An event stream: its first data suffices.
            if (until?.test(text) === true && status === 200) call.destroy();
          });
          const done = (): void => {
            const said = streams ? text.split('\n').map((line) => line.replace(/^data: /, '')) : [text];
            if (learn) for (const each of said) this.learn(each);
            resolve({ sent, status, reason: this.reasonIn(text), text });
          };
          if (streams && status === 200) setTimeout(() => call.destroy(), untilMs).unref();
          answer.once('close', done);
        },
      );
      call.once('error', (error: NodeJS.ErrnoException) => {
        // The service had closed an idle connection just as this request was sent on it.
        const wasIdle = call.reusedSocket && error.code === 'ECONNRESET';
        if (wasIdle) resolve(this.send(method, path, how));
        else bad(error.message);
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
      // The answer was incomplete.
    }
  }

  private count(what: string, outcome: Outcome): void {
    const { status, reason } = outcome;
    if (status >= 200 && status < 300) this.reached.add(what);
    const key = `${String(status)} ${reason}`;
    this.statuses.set(key, (this.statuses.get(key) ?? 0) + 1);
    // A timeout and an unsupported operation are answers; a broken call is not.
    if (status >= 500 && ![501, 504, 507].includes(status))
      this.faults.push({ ...outcome, text: outcome.text.slice(0, 500) });
  }

  // --- messages

  /** Greets the service, and registers adapters. */
  async begin(): Promise<void> {
    const hello = seal(
      patterns.hello,
      { protocol: { major: fileserver.protocol.major, minorMax: fileserver.protocol.minor } },
      { key: key.id, secret: key.secret },
    );
    const raw = await this.line.ask(patterns.hello, hello.envelope);
    const greeting = hello.open(raw?.['response'], anything);
    if (!greeting.ok) throw new Error(`not greeted: ${greeting.problem.title}`);
    this.greeting = greeting.message;
    for (const line of [this.grpcLine, this.ownGrpcLine])
      line.instance = String(greeting.message['instance']);
    this.adapters.push(...(await Promise.all(served.map((name) => this.newAdapter(name)))));
  }

  /** `count` messages to the RPC port, from registered adapters and NFS servers; some of them are malformed. */
  async rpc(count: number): Promise<void> {
    let left = count;
    const one = async (): Promise<void> => {
      while (left-- > 0) await this.message();
    };
    await Promise.all(Array.from({ length: 8 }, one));
  }

  private async newAdapter(exportName: string): Promise<PlayedAdapter> {
    const adapter = await new PlayedAdapter(
      { exportName, stack: 'posix' },
      key,
      this.greeting,
      (name, message) => this.answerOf(name, message),
    ).start();
    await this.registered(adapter);
    return adapter;
  }

  private async registered(adapter: PlayedAdapter, line = this.line): Promise<void> {
    const beat = { incarnation: adapter.name, exports: [adapter.exportName], dead: [] };
    for (const [pattern, said] of [
      [patterns.register, this.registration(adapter)],
      [patterns.heartbeat, beat],
    ] as const)
      await line.ask(pattern, adapter.seal(pattern, said).envelope);
  }

  private registration({ name, endpoint, exportName, stack }: PlayedAdapter): Json {
    return {
      stack,
      protocol: { major: fileserver.protocol.major, minorMax: fileserver.protocol.minor },
      incarnation: name,
      process: { hostId: 'h', bootId: 'b', pid: 1, startTicks: '1' },
      endpoint,
      exports: [exportName],
      breakLimitMs: 0,
      holdsDieWithProcess: true,
    };
  }

  /** Mostly a fileserver's normal answer, sometimes anything. */
  private answerOf(name: Asked, message: Facts): object {
    const odd = this.chance(0.1) ? 0.1 : 0;
    const made = this.value(answers[name], '', answers[name], odd);
    if (odd > 0 || typeof made !== 'object' || made === null)
      return typeof made === 'object' ? (made ?? {}) : {};
    return name === 'setlease' && this.chance(0.1) ? made : plainAnswer(name, message);
  }

  /** The fields that a message needs to reach deep code: its sender, and existing rows. */
  private fitting(pattern: string, content: Json, adapter: PlayedAdapter, odd: number): Json {
    const mostly = (facts: Json): void => {
      for (const [name, value] of Object.entries(facts)) if (!this.chance(odd)) content[name] = value;
    };
    if (pattern === patterns.register && !this.chance(odd)) mostly(this.registration(adapter));
    if (pattern.startsWith('fileserver.')) {
      mostly({ incarnation: adapter.name, lost: this.chance(0.1) ? content['lost'] : [] });
      if ('holdGen' in content && adapter.holds.length > 0 && this.chance(0.8))
        mostly(this.pick(adapter.holds.slice(-20)));
      if (pattern === patterns.heartbeat) mostly({ exports: [adapter.exportName], dead: [] });
      return content;
    }
    const { stateid } = content as { stateid?: { other?: string } };
    const owner = this.pool.owners.get(String(stateid?.other ?? content['waitId'] ?? content['askId']));
    if ('sessionId' in content && owner !== undefined) mostly({ sessionId: owner });
    const about = Object.entries(this.about.get(stateid?.other ?? '') ?? {});
    mostly(Object.fromEntries(about.filter(([name]) => name in content)));
    if ('sessionId' in content)
      mostly({ secret: this.pool.secrets.get(String(content['sessionId'])) ?? 'none' });
    return content;
  }

  private async message(): Promise<void> {
    const { pattern, shape } = this.pick(messages);
    // Adapters register and leave rarely.
    if (pattern === patterns.deregister && !this.chance(0.5)) return this.message();
    const prepare = this.own.messages[pattern];
    if (prepare !== undefined && this.chance(0.1)) {
      const { adapter, content } = await prepare();
      await this.say(pattern, content, adapter, { broken: this.chance(0.05) });
      return;
    }
    const adapter = this.pick(this.adapters);
    const odd = this.chance(0.5) ? 0 : 0.1;
    const made = this.value(shape, '', shape, odd);
    const isObject = typeof made === 'object' && made !== null && !Array.isArray(made);
    const content: object = isObject ? this.fitting(pattern, made as Json, adapter, odd) : { made };
    await this.onceThereIsOne(pattern.replace('nfs.', ''), content as Json);
    await this.say(pattern, content, adapter, { broken: this.chance(0.05) });
  }

  private async say(
    pattern: string,
    content: object,
    adapter: PlayedAdapter,
    { broken = false, alone = false }: { broken?: boolean; alone?: boolean } = {},
  ): Promise<Outcome> {
    const body = JSON.parse(deepIn(JSON.stringify(content), 1_000)) as Json;
    const sealed = this.sealedAs(pattern, body, adapter);
    const tally = this.tallyOf(pattern);
    tally.sent += 1;
    const data = broken ? this.brokenOf(sealed.envelope) : sealed.envelope;
    const raw = await (alone ? this.ownLine : this.line).ask(pattern, data);
    const { response, err } = raw ?? {};
    const opened = sealed.open(response, anything);
    const past = fileserver.sealedAnswer.safeParse(response).success;
    const accepted = opened.ok && (opened.message['status'] ?? 'NFS4_OK') === 'NFS4_OK';
    const sent = `${pattern} ${JSON.stringify(content).slice(0, 300)}`;
    const text = JSON.stringify(opened.ok ? opened.message : (response ?? err ?? null)).slice(0, 500);
    const reason = opened.ok ? this.reasonIn(JSON.stringify(opened.message)) : opened.problem.reason;
    const fault =
      raw === undefined ? 599 : (err ?? '') !== '' || ours(reason) || (broken && past) ? 500 : 200;
    if (past) tally.past += 1;
    if (accepted) tally.accepted += 1;
    if (opened.ok && !alone) this.learnFrom(opened.message, content as Json);
    const outcome = { sent, status: fault, reason, text };
    this.count(accepted || fault !== 200 ? `message ${pattern}` : 'refused', outcome);
    const at = this.adapters.indexOf(adapter);
    if (at < 0) return accepted ? outcome : { ...outcome, status: 400 };
    if (['incarnation_superseded', 'no_such_adapter'].includes(reason) || pattern === patterns.deregister) {
      this.adapters[at] = await this.newAdapter(adapter.exportName);
      adapter.close();
    } else if (opened.ok && opened.message['known'] === false) await this.registered(adapter);
    // A message that was already handled is not answered twice.
    if (this.chance(0.01)) this.line.tell(pattern, sealed.envelope);
    return accepted ? outcome : { ...outcome, status: 400 };
  }

  private learnFrom(reply: Json, { sessionId, export: exportName, file, lockOwner }: Json): void {
    this.pool.harvest(reply, String(sessionId));
    const { stateid } = reply as { stateid?: { other?: string } };
    if (stateid?.other !== undefined && file !== undefined)
      this.about.set(stateid.other, { export: exportName, file, lockOwner });
  }

  // --- what hardly ever happens by chance

  private async nfsCall(method: nfs.MethodName, content: object): Promise<Facts> {
    const pattern = nfs.patternOf(method);
    const to = String(this.greeting['instance']);
    const sealed = seal(pattern, content, { key: key.id, secret: key.secret, to });
    const opened = sealed.open((await this.ownLine.ask(pattern, sealed.envelope))?.['response'], anything);
    return opened.ok ? opened.message : {};
  }

  private async onceThereIsOne(method: string, content: Json): Promise<void> {
    const prepare = this.own.calls[method];
    if (prepare !== undefined && this.chance(0.2)) Object.assign(content, await prepare());
  }

  private sealedAs(pattern: string, message: object, adapter: PlayedAdapter): Sealed {
    if (pattern.startsWith('fileserver.')) return adapter.seal(pattern, message);
    const to = pattern === patterns.hello ? undefined : String(this.greeting['instance']);
    return seal(pattern, message, { key: key.id, secret: key.secret, to });
  }

  /** A message with an invalid seal. */
  private brokenOf(envelope: Sealed['envelope']): unknown {
    const { name } = (this.adapters[0] as PlayedAdapter).incarnation;
    return this.pick<unknown>([
      { ...envelope, mac: Buffer.alloc(32).toString('base64') },
      { ...envelope, body: `${envelope.body} ` },
      { ...envelope, time: envelope.time - 120_000 },
      { ...envelope, nonce: 'another-nonce-than-it-was' },
      { ...envelope, to: 'somebody else' },
      { ...envelope, from: `${name.slice(0, -1)}x` },
      { ...envelope, key: 'nobody' },
      { ...envelope, more: 1 },
      this.pick(strange),
    ]);
  }

  private tallyOf(what: string): Tally {
    let tally = this.tallies.get(what);
    if (tally === undefined) this.tallies.set(what, (tally = { sent: 0, past: 0, accepted: 0 }));
    return tally;
  }

  // --- gRPC

  /** `count` calls to the gRPC port, in the shapes of the schema file; some are not messages at all. */
  async grpc(count: number): Promise<void> {
    let left = count;
    const one = async (): Promise<void> => {
      while (left-- > 0) await this.grpcCall();
    };
    await Promise.all(Array.from({ length: 8 }, one));
  }

  private async grpcCall(): Promise<void> {
    const { name, shape, streams } = this.pick(calls);
    const odd = this.chance(0.5) ? 0 : 0.1;
    const made = this.value(shape, '', shape, odd);
    const isObject = typeof made === 'object' && made !== null;
    const content: Json = isObject
      ? this.fitting(name, made as Json, this.adapters[0] as PlayedAdapter, odd)
      : {};
    await this.onceThereIsOne(name, content);
    const broken = !streams && this.chance(0.01);
    const bytes = this.chance(odd / 2) ? undefined : this.grpcLine.bytesOf(name, content);
    const garbage = Buffer.from(Array.from({ length: 40 }, () => Math.floor(this.random() * 256)));
    const answer = streams
      ? await this.stream(name, content)
      : await this.grpcLine.call(name, bytes ?? garbage, broken ? { ...key, secret: 'another' } : key);
    this.judge(name, content, answer, { broken });
  }

  private judge(
    name: string,
    content: Json,
    answer: GrpcAnswer,
    { broken = false, alone = false }: { broken?: boolean; alone?: boolean } = {},
  ): Outcome {
    const what = `grpc ${name}`;
    const tally = this.tallyOf(what);
    tally.sent += 1;
    const { code, details, reply } = answer;
    // 16 answers a wrong seal; 13 answers bytes that do not fit the schema, which is checked before the seal.
    const past = code !== 16 && code !== 13;
    if (past) tally.past += 1;
    const text = JSON.stringify(answer).slice(0, 500);
    const reason = this.reasonIn(text) || (code === 0 ? '' : (/\w+/.exec(details)?.[0] ?? ''));
    const { status: stat = 'NFS4_OK', problem } = reply ?? {};
    const accepted = code === 0 && stat === 'NFS4_OK' && problem === undefined;
    if (accepted) tally.accepted += 1;
    if (reply !== undefined && !alone) this.learnFrom(reply, content);
    const expected =
      [0, 3, 9, 16].includes(code) || (code === 13 && details === 'Error deserializing request');
    const status = !expected || ours(reason) || (broken && past) ? 500 : 200;
    const sent = `${what} ${JSON.stringify(content).slice(0, 300)}`;
    const outcome = { sent, status, reason, text };
    this.count(accepted || status !== 200 ? what : 'refused', outcome);
    return accepted ? outcome : { ...outcome, status: 400 };
  }

  // --- what must succeed

  /** Every request, message and call once, correctly and with what it needs, whatever else happens meanwhile. */
  async tour(): Promise<void> {
    const see = (outcome: Outcome): void => {
      if (outcome.status < 200 || outcome.status > 299) this.missed.push(outcome);
    };
    for (const route of routes) {
      const known = (await this.own.requests[`${route.method} ${route.path}`]?.()) ?? {};
      see(await this.request(route, known, { odd: 0, alone: true }));
    }
    for (const { pattern } of messages) {
      const said = await this.own.messages[pattern]?.();
      const content = said?.content ?? (await this.own.calls[pattern.replace('nfs.', '')]?.()) ?? {};
      const adapter = said?.adapter ?? this.pick(this.adapters);
      see(await this.say(pattern, content, adapter, { alone: true }));
    }
    for (const { name, streams } of calls) {
      // Every stream begins with a session.
      const content = (await this.own.calls[streams ? 'Renew' : name]?.()) ?? {};
      const answer = streams
        ? await this.ownGrpcLine.stream(name, [{ subscribe: content }], 50)
        : await this.ownGrpcLine.call(name, this.ownGrpcLine.bytesOf(name, content) ?? Buffer.alloc(0));
      see(this.judge(name, content, answer, { alone: true }));
    }
    for (const adapter of this.others.splice(0, this.others.length - 8)) adapter.close();
  }

  private stream(name: string, content: Json): Promise<GrpcAnswer> {
    const sessionId = String(this.pool.given('sessionId'));
    const subscribe = { sessionId, secret: this.pool.secrets.get(sessionId) ?? 'none' };
    const first = this.chance(0.7) ? { subscribe } : this.fitGrpc(name, content);
    const acknowledge = { position: String(this.pool.given('position') ?? this.pick(strange)) };
    return this.grpcLine.stream(name, [first, { acknowledge }, this.fitGrpc(name, content)], 50);
  }

  private fitGrpc(name: string, content: Json): Json {
    return this.grpcLine.bytesOf(name, content) === undefined ? {} : content;
  }

  close(): void {
    this.agent.destroy();
    for (const line of this.lines) line.close();
    this.ownLine.close();
    this.grpcLine.close();
    this.ownGrpcLine.close();
    for (const adapter of [...this.adapters, ...this.others]) adapter.close();
  }
}
