import { parse } from 'node:querystring';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { batchCall, problemOf } from '#contracts';
import { LeaseError } from '../problem';
import type { Access } from './credentials.guard';
import type { Reply, Request } from './exchange';
import type { ProblemFilter } from './problem.filter';
import { validated } from './validation';

/** Serves one request of a route: admits, validates, calls, and answers, also with a problem. */
export type Serve = (request: Request, reply: Reply) => Promise<void>;

interface Route {
  readonly url: string;
  readonly parts: readonly string[];
  readonly serve: Serve;
}

/** A call of a batch that has its answer. */
export interface Served {
  readonly request: Request & { readonly ip: string };
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** Whether a batch may call a route: on behalf of a session, with an answer that ends, and that is not a page. */
export const isBatched = (access: Access | undefined, method: string, url: string): boolean =>
  (access?.session !== undefined || (access?.holder === true && method !== 'GET')) &&
  access.lasting !== true &&
  access.each !== true &&
  (method !== 'GET' || url.includes(':'));

/**
 * The calls of batches. Each is a request of its own: it is admitted, counted, validated, answered and audited as if it
 * had come alone (docs/decisions/0072-batches.md).
 */
export class BatchCalls {
  /** By method, number of parts, and the path if it has no parameter. */
  private readonly exact = new Map<string, Route>();
  private readonly withParameters = new Map<string, Route[]>();
  /** Called for each call that has its answer. */
  onServed: (served: Served) => void = () => undefined;

  /** @param filter answers calls that reach no route. */
  constructor(private readonly filter: Pick<ProblemFilter, 'answer'>) {}

  add(method: string, url: string, serve: Serve): void {
    const route = { url, parts: url.split('/'), serve };
    if (!url.includes(':')) this.exact.set(`${method} ${url}`, route);
    else {
      const key = `${method} ${String(route.parts.length)}`;
      this.withParameters.set(key, [...(this.withParameters.get(key) ?? []), route]);
    }
  }

  /** Begins all calls, in their order. Resolves with the text of an answer in JSON, when each call has its own. */
  async all(calls: readonly unknown[], request: Request, reply: Reply): Promise<string> {
    const answers = await Promise.all(calls.map((call, index) => this.answerTo(call, index, request, reply)));
    return `{"answers":[${answers.join(',')}]}`;
  }

  /** The same, with a line for each answer, as it comes. Those of one turn of the event loop go together. */
  lines(calls: readonly unknown[], request: Request, reply: Reply): Promise<string | Readable> {
    return new Promise((resolve) => {
      const body = new Readable({ read: () => undefined });
      let left = calls.length;
      let lines: string[] = [];
      let isBegun = false;
      const tell = (): void => {
        const text = lines.join('');
        lines = [];
        if (!isBegun) resolve(left === 0 ? text : body);
        isBegun = true;
        body.push(text);
        if (left === 0) body.push(null);
      };
      for (const [index, call] of calls.entries())
        void this.answerTo(call, index, request, reply).then((answer) => {
          left -= 1;
          if (lines.push(`${answer}\n`) === 1) setImmediate(tell);
        });
    });
  }

  /** Never rejects: a failure is an answer, too. */
  private async answerTo(call: unknown, index: number, outer: Request, reply: Reply): Promise<string> {
    const begunAt = performance.now();
    const answer = new CallReply(reply.raw, outer.id);
    const request = { ...shared(outer), method: '', url: '', routeOptions: { url: 'no route', config: {} } };
    try {
      const { method, path, body } = validated(batchCall, call) as {
        method: string;
        path: string;
        body?: unknown;
      };
      const [before = '', query] = path.split('?', 2);
      const found = this.find(method, before);
      Object.assign(request, { method, url: path, body, query: parse(query ?? ''), params: found?.params });
      if (found === undefined) throw new LeaseError(problemOf('no_such_route'));
      if (waitsHere(body)) throw new LeaseError(problemOf('bad_request', { issues: [heldHere] }));
      request.routeOptions.url = found.route.url;
      await found.route.serve(request, answer);
    } catch (error) {
      await this.filter.answer(error, request, answer);
    }
    const { status } = answer;
    const seconds = (performance.now() - begunAt) / 1000;
    this.onServed({ request, route: request.routeOptions.url, status, seconds });
    return answer.textAt(index);
  }

  private find(method: string, path: string): { route: Route; params: Record<string, string> } | undefined {
    const exact = this.exact.get(`${method} ${path}`);
    if (exact !== undefined) return { route: exact, params: {} };
    const parts = path.split('/');
    for (const route of this.withParameters.get(`${method} ${String(parts.length)}`) ?? []) {
      const params = paramsOf(route, parts);
      if (params !== undefined) return { route, params };
    }
    return undefined;
  }
}

/** What a call has of the request that brought it. */
const shared = ({ id, raw, headers, caller, serving, ip }: Request & { ip?: string }) => ({
  ...{ id, raw, headers, caller, serving },
  ip: ip ?? '',
});

/** The parameters of a path, if it is one of this route's. */
function paramsOf({ parts }: Route, given: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [at, part] of parts.entries()) {
    const text = given[at] ?? '';
    if (!part.startsWith(':')) {
      if (part !== text) return undefined;
      continue;
    }
    const value = decoded(text);
    if (value === undefined || value === '') return undefined;
    params[part.slice(1)] = value;
  }
  return params;
}

function decoded(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const heldHere = {
  path: 'waitMs',
  message: 'a call that is held until its wait is decided is sent alone; with queued it may be in a batch',
};

/** Whether a call would keep back the answers of the others for as long as it waits. */
function waitsHere(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || !('waitMs' in body)) return false;
  return body.waitMs !== 0 && !('queued' in body && body.queued === true);
}

/** The answer to one call, as text. */
class CallReply implements Reply {
  readonly isPart = true;
  sent = false;
  status = 200;
  private text: string | undefined;
  private retryAfterS = '';

  constructor(
    readonly raw: ServerResponse,
    private readonly requestId: string,
  ) {}

  get request(): { readonly id: string } {
    return { id: this.requestId };
  }

  code(status: number): this {
    this.status = status;
    return this;
  }

  header(name: string, value: string): this {
    if (name === 'retry-after') this.retryAfterS = value;
    return this;
  }

  type(): this {
    return this;
  }

  send(body: string | object | undefined): this {
    this.sent = true;
    this.text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    return this;
  }

  hijack(): this {
    throw new Error('a call of a batch has no connection of its own');
  }

  textAt(index: number): string {
    const { status, text, retryAfterS } = this;
    const field = status < 400 ? 'body' : 'problem';
    return (
      `{"index":${String(index)},"status":${String(status)}` +
      `${retryAfterS === '' ? '' : `,"retryAfterS":${retryAfterS}`}${text === undefined ? '' : `,"${field}":${text}`}}`
    );
  }
}
