import { setTimeout as pause } from 'node:timers/promises';
import { type Asked, type Journal, now, type Part, type Want } from './history';
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
const permitsAtOnce = 2;
/** A client that has not heard for so long gives a request up; a waiting one later. */
const patienceMs = 4_000;
let streamsMade = 0;

/**
 * One client after another under the same name: each is one session, with two event streams, that takes one thing, several
 * one after the other, or a set, and gives them back. It speaks plain HTTP, and writes down what it sends and what it is told.
 */
export async function runClient(name: string, options: ClientOptions, signal: AbortSignal): Promise<void> {
  for (let life = 1; !signal.aborted; life += 1) {
    const client = new Client(`${name}.${String(life)}`, options, signal);
    await client.live();
  }
}

interface Holding {
  name: string;
  id: string;
  want: Want;
}

class Client {
  private readonly over = new AbortController();
  private sessionId = '';
  private secret = '';
  private node: number;
  private calls = 0;
  private taken = 0;
  /** What it has, by the service's id. */
  private readonly held = new Map<string, Holding>();
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
    const several = random.below(4) === 0 ? 2 + random.below(2) : 1;
    const first = random.below(files.length);
    const parts = Array.from({ length: several }, (_, no) => ({
      file: files[(first + no) % files.length] ?? '',
      want: this.wanted(),
    }));
    // Those that wait for several in different orders wait for each other.
    if (random.below(2) === 0) parts.reverse();
    const together = several > 1 && random.below(2) === 0;
    const lives = together ? await this.takeTogether(parts) : await this.takeInTurn(parts);
    if (!lives) return false;
    const held = [...this.held.values()];
    // Some die and release nothing: what they hold is theirs until their session expires or ends.
    if (held.length > 0 && random.below(25) === 0) {
      if (random.below(2) === 0) await this.end();
      return false;
    }
    // A few sit on it for longer than a break may take.
    const sits = random.below(10) === 0 ? this.options.breakMs * 2 : random.below(200);
    await this.rest(held.length > 0 ? sits : 20 + random.below(60));
    for (const each of held) {
      if (random.below(2) === 0) await this.look(each);
      this.held.delete(each.id);
      if (!(await this.release(each))) return false;
    }
    return true;
  }

  /** One after the other, until one is refused. Returns whether its life goes on. */
  private async takeInTurn(parts: readonly Part[]): Promise<boolean> {
    for (const [no, { file, want }] of parts.entries()) {
      const name = this.nextName();
      // Whoever holds something waits for long enough to be found in a deadlock.
      const answer = await this.take(name, file, want, this.waiting() * (no + 1));
      if (answer === undefined || isOver(answer)) return false;
      if (answer.status >= 300) return true;
      this.has(name, want, answer.body);
    }
    return true;
  }

  private async takeTogether(all: readonly Part[]): Promise<boolean> {
    // Opens are in no set.
    const parts = all.filter(({ want }) => want.kind !== 'open');
    if (parts.length === 0) return true;
    const name = this.nextName();
    const waitMs = this.waiting();
    const of = (kind: Want['kind']) => parts.filter(({ want }) => want.kind === kind);
    const body = {
      ...{ sessionId: this.sessionId, requestId: name, waitMs },
      leases: of('lease').map(namedIn),
      ranges: of('range').map(namedIn),
      permits: of('permit').map(namedIn),
    };
    // In the order in which its answer has them.
    const inOrder = [...of('lease'), ...of('range'), ...of('permit')];
    const answer = await this.decided('/v1/sets', body, (attempt) => ({
      ...({ verb: 'takeSet', hold: name, parts: inOrder, waitMs, attempt } as const),
    }));
    if (answer === undefined || isOver(answer)) return false;
    if (answer.status >= 300) return true;
    const { leases, ranges, permits } = answer.body;
    const taken = [leases, ranges, permits].flatMap((list) =>
      Array.isArray(list) ? (list as unknown[]) : [],
    );
    for (const [no, { want }] of inOrder.entries()) this.has(`${name}/${String(no)}`, want, taken[no]);
    return true;
  }

  private nextName(): string {
    return `${this.who}#${String((this.taken += 1))}`;
  }

  private waiting(): number {
    const { random } = this.options;
    return random.below(3) === 0 ? 0 : random.below(waitMsMax);
  }

  private has(name: string, want: Want, body: unknown): void {
    const id = String((body as Record<string, unknown> | undefined)?.[`${want.kind}Id`]);
    this.held.set(id, { name, id, want });
  }

  /** Ends its session; if it is not answered, the session expires. */
  private async end(): Promise<void> {
    await this.call('DELETE', `/v1/sessions/${this.sessionId}`, undefined, { verb: 'end' });
  }

  private wanted(): Want {
    const { random } = this.options;
    const type = random.below(2) === 0 ? 'read' : 'write';
    const kind = random.below(10);
    if (kind < 5) return { kind: 'lease', type };
    if (kind < 7)
      return { kind: 'open', access: type, deny: random.of(['none', 'none', 'read', 'write'] as const) };
    if (kind < 8) return { kind: 'permit', limit: permitsAtOnce };
    const start = random.below(50);
    return { kind: 'range', type, start, end: start + random.below(50) };
  }

  private take(hold: string, file: string, want: Want, waitMs: number): Promise<Answer | undefined> {
    const body = { sessionId: this.sessionId, waitMs, ...namedIn({ file, want }) };
    const path = want.kind === 'lease' ? '/v1/leases/acquire' : `/v1/${want.kind}s`;
    return this.decided(path, want.kind === 'range' ? body : { ...body, requestId: hold }, (attempt) => ({
      ...({ verb: 'take', hold, file, want, waitMs, attempt } as const),
    }));
  }

  /** Repeats the same request until it is answered, or the client gives up and ends its life. */
  private async decided(
    path: string,
    body: object,
    asked: (attempt: number) => Asked,
  ): Promise<Answer | undefined> {
    for (let attempt = 1; !this.isOver() && attempt < 100; attempt += 1) {
      const answer = await this.call('POST', path, body, asked(attempt));
      const isDecided = answer.status !== 0 && answer.status !== 503 && answer.body['waitId'] === undefined;
      if (isDecided) return answer;
      await this.rest(Math.min(50 * attempt, 500));
    }
    return undefined;
  }

  private async look({ name: hold, id, want }: Holding): Promise<void> {
    for (let attempt = 1; !this.isOver() && attempt < 100; attempt += 1) {
      const { status } = await this.ask('GET', id, want, { verb: 'read', hold, attempt });
      if (status !== 0 && status !== 503) return;
      await this.rest(Math.min(50 * attempt, 500));
    }
  }

  private async release({ name: hold, id, want }: Holding): Promise<boolean> {
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
    const hold = this.held.get(String(data['leaseId']));
    if (hold === undefined || random.below(5) === 0) return;
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
    const limit = patienceMs + ('waitMs' in ask ? ask.waitMs + patienceMs * 5 : 0);
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
      const ends = new AbortController();
      let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
      const end = (): void => {
        ends.abort();
        // Node 20 may have collected what passes the abortion on to the body.
        void reader?.cancel().catch(() => undefined);
      };
      for (const signal of [this.over.signal, this.signal]) signal.addEventListener('abort', end);
      const timer = place === 'resumed' ? setTimeout(end, 300 + random.below(2_000)) : undefined;
      if (this.isOver()) end();
      try {
        const response = await fetch(`${urls[at % urls.length] ?? ''}/v1/sessions/${this.sessionId}/events`, {
          headers: { ...this.headers(false), ...(lastId === undefined ? {} : { 'last-event-id': lastId }) },
          signal: ends.signal,
        });
        if (response.status !== 200 || response.body === null) throw new Error(String(response.status));
        journal.write({ at: now(), say: 'stream', who: this.who, stream, place, is: 'open' });
        let rest = '';
        const decoder = new TextDecoder();
        reader = response.body.getReader();
        for (let read = await reader.read(); !read.done; read = await reader.read()) {
          const parts = (rest + decoder.decode(read.value, { stream: true })).split('\n\n');
          rest = parts.pop() ?? '';
          for (const part of parts) lastId = this.heard(stream, part, place) ?? lastId;
        }
      } catch {
        // Cut off, by itself or by a fault.
      } finally {
        clearTimeout(timer);
        for (const signal of [this.over.signal, this.signal]) signal.removeEventListener('abort', end);
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

/** A part of a request, as the service takes it. */
function namedIn({ file, want }: Part): object {
  const { kind, ...rest } = want;
  if (kind === 'permit') return { export: exportName, semaphore: file, ...rest };
  return { export: exportName, file, ...(kind === 'range' ? { class: 'posix' } : {}), ...rest };
}

const isOver = ({ body }: Answer): boolean =>
  body['reason'] === 'session_expired' || body['reason'] === 'no_such_session';

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
