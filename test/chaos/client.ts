import { setTimeout as pause } from 'node:timers/promises';
import { type Asked, type Journal, now, type Want } from './history';
import type { Random } from './random';

export interface ClientOptions {
  /** Where each lease API is reached. */
  urls: readonly string[];
  journal: Journal;
  random: Random;
  breakMs: number;
  ttlMs: number;
  files: readonly string[];
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

const exportName = 'chaos';
const waitMsMax = 1_500;
/** A client that has not heard for so long gives a request up; a waiting one later. */
const patienceMs = 4_000;
let streamsMade = 0;

/**
 * One client after another under the same name: each is one session, with two event streams, that takes one thing at
 * a time. It speaks plain HTTP, and writes down what it sends and what it is told.
 */
export async function runClient(name: string, options: ClientOptions, signal: AbortSignal): Promise<void> {
  for (let life = 1; !signal.aborted; life += 1) {
    const client = new Client(`${name}.${String(life)}`, options, signal);
    await client.live();
  }
}

class Client {
  private readonly over = new AbortController();
  private sessionId = '';
  private secret = '';
  private node: number;
  private calls = 0;
  private taken = 0;
  /** What it has, by the service's id. */
  private hold: { name: string; id: string; want: Want } | undefined;
  private readonly done: Promise<unknown>[] = [];

  constructor(
    private readonly who: string,
    private readonly options: ClientOptions,
    private readonly signal: AbortSignal,
  ) {
    this.node = options.random.below(options.urls.length);
  }

  /** Until its session is over, the run is, or it has lost count of what it holds. */
  async live(): Promise<void> {
    const { status, body } = await this.call(
      'POST',
      '/v1/sessions',
      { ttlMs: this.options.ttlMs },
      { verb: 'session' },
    );
    if (status !== 201) {
      await pause(100);
      return;
    }
    this.sessionId = String(body['sessionId']);
    this.secret = String(body['secret']);
    this.done.push(this.keepAlive(), this.listen('resumed'), this.listen('steady'));
    while (!this.isOver() && (await this.turn()));
    this.over.abort();
    await Promise.all(this.done);
  }

  private isOver(): boolean {
    return this.signal.aborted || this.over.signal.aborted;
  }

  private async turn(): Promise<boolean> {
    const { random, files } = this.options;
    const want = this.wanted();
    const file = random.of(files);
    const name = `${this.who}#${String((this.taken += 1))}`;
    const waitMs = random.below(3) === 0 ? 0 : random.below(waitMsMax);
    const answer = await this.take(name, file, want, waitMs);
    if (answer === undefined) return false;
    if (answer.status < 300) {
      const id = String(answer.body['leaseId'] ?? answer.body['openId'] ?? answer.body['rangeId']);
      this.hold = { name, id, want };
      // A few sit on it for longer than a break may take.
      await this.rest(random.below(10) === 0 ? this.options.breakMs * 2 : random.below(200));
      if (random.below(2) === 0) await this.look(name, id, want);
      this.hold = undefined;
      // Some die and release nothing: what they hold is theirs until their session expires.
      return random.below(25) > 0 && (await this.release(name, id, want));
    }
    await this.rest(20 + random.below(60));
    return answer.body['reason'] !== 'session_expired' && answer.body['reason'] !== 'no_such_session';
  }

  private wanted(): Want {
    const { random } = this.options;
    const type = random.below(2) === 0 ? 'read' : 'write';
    const kind = random.below(10);
    if (kind < 5) return { kind: 'lease', type };
    if (kind < 8)
      return { kind: 'open', access: type, deny: random.of(['none', 'none', 'read', 'write'] as const) };
    const start = random.below(50);
    return { kind: 'range', type, start, end: start + random.below(50) };
  }

  /** Repeats the same request until it is answered, or the client gives up and ends its life. */
  private async take(hold: string, file: string, want: Want, waitMs: number): Promise<Answer | undefined> {
    const common = { sessionId: this.sessionId, export: exportName, file, waitMs };
    const named = { ...common, requestId: hold };
    const [path, body] =
      want.kind === 'lease'
        ? ['/v1/leases/acquire', { ...named, type: want.type }]
        : want.kind === 'open'
          ? ['/v1/opens', { ...named, access: want.access, deny: want.deny }]
          : ['/v1/ranges', { ...common, class: 'posix', type: want.type, start: want.start, end: want.end }];
    for (let attempt = 1; !this.isOver() && attempt < 100; attempt += 1) {
      const answer = await this.call('POST', path, body, { verb: 'take', hold, file, want, waitMs, attempt });
      const isDecided = answer.status !== 0 && answer.status !== 503 && answer.body['waitId'] === undefined;
      if (isDecided) return answer;
      await this.rest(Math.min(50 * attempt, 500));
    }
    return undefined;
  }

  private async look(hold: string, id: string, want: Want): Promise<void> {
    for (let attempt = 1; !this.isOver() && attempt < 100; attempt += 1) {
      const { status } = await this.ask('GET', id, want, { verb: 'read', hold, attempt });
      if (status !== 0 && status !== 503) return;
      await this.rest(Math.min(50 * attempt, 500));
    }
  }

  private async release(hold: string, id: string, want: Want): Promise<boolean> {
    for (let attempt = 1; !this.isOver() && attempt < 100; attempt += 1) {
      const { status, body } = await this.ask('DELETE', id, want, { verb: 'release', hold, attempt });
      if (status !== 0 && status !== 503) return body['reason'] !== 'session_expired';
      await this.rest(Math.min(50 * attempt, 500));
    }
    return false;
  }

  private ask(method: string, id: string, want: Want, ask: Asked, body?: object): Promise<Answer> {
    return this.call(method, `/v1/${want.kind}s/${id}`, body, ask);
  }

  /** Answers a break most of the time, and then only if it is about what it holds. */
  private async broken(data: Record<string, unknown>): Promise<void> {
    const { random } = this.options;
    const { hold } = this;
    if (hold === undefined || hold.id !== data['leaseId'] || random.below(5) === 0) return;
    await this.rest(random.below(100));
    const target = data['target'] === 'read' ? 'read' : 'none';
    const body = { type: target, breakId: data['breakId'] };
    await this.ask('PUT', hold.id, hold.want, { verb: 'acknowledge', hold: hold.name, target }, body);
  }

  private async keepAlive(): Promise<void> {
    const { ttlMs } = this.options;
    let provenAt = now();
    while (!this.isOver()) {
      const sentAt = now();
      const answer = await this.call('POST', `/v1/sessions/${this.sessionId}/keepalive`, undefined, {
        verb: 'keepalive',
      });
      if (answer.status === 200) provenAt = sentAt;
      const isGone = answer.status !== 0 && answer.status !== 200 && answer.status !== 503;
      if (isGone || now() > provenAt + ttlMs) this.over.abort();
      await this.rest(answer.status === 200 ? ttlMs / 5 : 100);
    }
  }

  private async rest(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.over.signal }).catch(() => undefined);
  }

  private async call(method: string, path: string, body: object | undefined, ask: Asked): Promise<Answer> {
    const { journal, urls } = this.options;
    const no = (this.calls += 1);
    const { who, node } = this;
    const limit = patienceMs + (ask.verb === 'take' ? ask.waitMs + patienceMs * 5 : 0);
    journal.write({ at: now(), say: 'asks', who, no, node, ask });
    try {
      const response = await fetch((urls[node] ?? '') + path, {
        method,
        headers: this.headers(body !== undefined),
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(limit),
      });
      const text = await response.text();
      const answer = { status: response.status, body: parsed(text) };
      journal.write({
        at: now(),
        say: 'told',
        who,
        no,
        status: response.status,
        body: text === '' ? {} : answer.body,
      });
      // A node that cannot serve now sends its clients to the next.
      if (response.status === 503) this.node = (node + 1) % urls.length;
      return answer;
    } catch (error) {
      journal.write({ at: now(), say: 'told', who, no, status: 0, body: String(error) });
      this.node = (node + 1) % urls.length;
      return { status: 0, body: {} };
    }
  }

  private headers(hasBody: boolean): Record<string, string> {
    return {
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...(this.secret === '' ? {} : { 'x-session-secret': this.secret }),
    };
  }

  /** One of its two streams: `resumed` is cut again and again, `steady` only by faults. */
  private async listen(place: 'resumed' | 'steady'): Promise<void> {
    const { random, journal, urls } = this.options;
    let lastId: string | undefined;
    let at = place === 'steady' ? this.node + 1 : this.node;
    while (!this.isOver()) {
      const stream = (streamsMade += 1);
      const cutMs = place === 'resumed' ? 300 + random.below(2_000) : 2 ** 30;
      const ends = AbortSignal.any([this.over.signal, this.signal, AbortSignal.timeout(cutMs)]);
      try {
        const response = await fetch(`${urls[at % urls.length] ?? ''}/v1/sessions/${this.sessionId}/events`, {
          headers: { ...this.headers(false), ...(lastId === undefined ? {} : { 'last-event-id': lastId }) },
          signal: ends,
        });
        if (response.status !== 200 || response.body === null) throw new Error(String(response.status));
        journal.write({ at: now(), say: 'stream', who: this.who, stream, place, is: 'open' });
        let rest = '';
        const decoder = new TextDecoder();
        for await (const chunk of response.body) {
          const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
          rest = parts.pop() ?? '';
          for (const part of parts) lastId = this.heard(stream, part, place) ?? lastId;
        }
      } catch {
        // Cut off, by itself or by a fault.
      }
      journal.write({ at: now(), say: 'stream', who: this.who, stream, place, is: 'closed' });
      at += 1;
      await this.rest(random.below(200));
    }
  }

  private heard(stream: number, part: string, place: string): string | undefined {
    const field = (name: string): string | undefined =>
      part
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    const id = field('id');
    const event = field('event');
    const { who } = this;
    const { journal } = this.options;
    if (event === undefined) journal.write({ at: now(), say: 'ping', who, stream, id });
    else {
      const data = parsed(field('data') ?? '');
      journal.write({ at: now(), say: 'event', who, stream, id, event, data });
      if (event === 'break' && place === 'steady') this.done.push(this.broken(data));
      if (event === 'expired') this.over.abort();
    }
    return id;
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
