import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { fileserver, limits, problem, problemOf, type Problem, type Reason } from '#contracts';
import type { Key } from './identity';

type Envelope = z.infer<typeof fileserver.envelope>;
/** What opening yields: the message, or the problem. Nothing here throws. */
type Opened<T> = { ok: true; message: T } | { ok: false; problem: Problem };

/** Under which key a request is sealed, who says it and to whom. */
export interface Seal {
  readonly key: string;
  readonly secret: string;
  /** An incarnation of an adapter. */
  readonly from?: string | undefined;
  /** The process that is spoken to: a recorded message means nothing to another, nor to the same one started anew. */
  readonly to?: string | undefined;
}

/** A request on its way, which alone can open its answer. */
export interface Sealed {
  readonly envelope: Envelope;
  open<T>(raw: unknown, shape: z.ZodType<T>): Opened<T>;
}

/** How far the clocks of the two sides may be apart. */
const clocksApartMs = 60_000;
/** Messages that are remembered within that time. */
const rememberedMax = 65_536;

const no = (reason: Reason, detail: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: problemOf(reason, { detail }),
});

/** As a list in JSON, no two different messages read the same. */
function macOf(secret: string, ...parts: unknown[]): Buffer {
  return createHmac('sha256', secret).update(JSON.stringify(parts)).digest();
}
const requestMac = (secret: string, pattern: string, sent: Omit<Envelope, 'mac'>): Buffer => {
  const { key, from = '', to = '', time, nonce, body } = sent;
  return macOf(secret, 'request', pattern, key, from, to, time, nonce, body);
};
const answerMac = (secret: string, pattern: string, { key, nonce }: Envelope, body: string): Buffer =>
  macOf(secret, 'answer', pattern, key, nonce, body);

function matches(given: string, expected: Buffer): boolean {
  const bytes = Buffer.from(given, 'base64');
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}

function checked<T>(shape: z.ZodType<T>, value: unknown): Opened<T> {
  const parsed = shape.safeParse(value);
  if (parsed.success) return { ok: true, message: parsed.data };
  const issues = parsed.error.issues
    .slice(0, 16)
    .map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  return { ok: false, problem: problemOf('bad_request', { issues }) };
}

function parsed(body: string): Opened<unknown> {
  try {
    return { ok: true, message: JSON.parse(body) };
  } catch {
    return no('bad_request', 'The body is not JSON.');
  }
}

const answer = z.discriminatedUnion('ok', [
  z.looseObject({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), problem }),
]);

/** What may be said without a seal: that the other side could not read the message. Nobody acts on it. */
const unsealedReasons: readonly string[] = [
  'no_credentials',
  'no_such_adapter',
  'protocol_mismatch',
  'bad_request',
  'body_too_large',
] satisfies Reason[];

function openUnsealed(raw: unknown): { ok: false; problem: Problem } {
  const read = answer.safeParse(raw);
  if (read.success && !read.data.ok && unsealedReasons.includes(read.data.problem.reason)) return read.data;
  return no('no_credentials', 'The answer is not sealed.');
}

/** Packs a request for the wire. */
export function seal(pattern: string, message: object, { key, secret, from, to }: Seal): Sealed {
  const nonce = randomBytes(16).toString('base64url');
  const sent = { body: JSON.stringify(message), key, from, to, time: Date.now(), nonce };
  const envelope = { ...sent, mac: requestMac(secret, pattern, sent).toString('base64') };
  return {
    envelope,
    open: (raw, shape) => {
      const packed = fileserver.sealedAnswer.safeParse(raw);
      if (!packed.success) return openUnsealed(raw);
      const { body, mac } = packed.data;
      if (!matches(mac, answerMac(secret, pattern, envelope, body)))
        return no('no_credentials', 'The seal of the answer is wrong, or it answers another message.');
      const content = parsed(body);
      if (!content.ok) return content;
      const read = checked(answer, content.message);
      if (!read.ok) return read;
      return read.message.ok ? checked(shape, read.message) : { ok: false, problem: read.message.problem };
    },
  };
}

const digestOf = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? '' : createHash('sha256').update(bytes).digest('base64');

/** The seal of a gRPC call: `bytes` are those of the request, none for a stream. */
export function sealCall(path: string, bytes: Uint8Array | undefined, { id: key, secret }: Key): string {
  const sent = { body: digestOf(bytes), key, time: Date.now(), nonce: randomBytes(16).toString('base64url') };
  return [key, sent.time, sent.nonce, requestMac(secret, path, sent).toString('base64')].join('.');
}

/** Remembers which messages were here already, a bounded number for a bounded time. */
class ReplayWindow {
  /** nonce → time of the message, in the order of arrival */
  private readonly seen = new Map<string, number>();
  /** Up to this time of theirs, messages may be forgotten already. */
  private forgotten = 0;

  /** Whether a message is new, and if it cannot be told why not. */
  admits({ time, nonce }: Envelope): true | 'repeated' | { refused: string } {
    const now = Date.now();
    const apartMs = now - time;
    if (Math.abs(apartMs) > clocksApartMs)
      return {
        refused: `The message is ${String(Math.round(apartMs / 1000))} s old: set the clocks of both sides.`,
      };
    if (this.seen.has(nonce)) return 'repeated';
    if (time <= this.forgotten) return { refused: 'The message is older than what is remembered here.' };
    this.seen.set(nonce, time);
    for (const [oldest, at] of this.seen) {
      if (this.seen.size <= rememberedMax && at >= now - clocksApartMs) break;
      this.seen.delete(oldest);
      this.forgotten = Math.max(this.forgotten, at);
    }
    return true;
  }
}

/** A request that was let in, and how its answer is sealed. */
export type Admitted<T> =
  | { ok: true; message: T; key: string; from: string | undefined; sealed: (content: object) => object }
  /** `reply`: what to answer; absent for a message that was here already, which has its answer. */
  | { ok: false; problem: Problem; reply?: object };

/** Where requests come in: seal first, then whether they are new, then their shape. */
export class Door {
  private readonly window = new ReplayWindow();

  /** @param secretOf what a message must be sealed with, or what is wrong with its key, its sender or its addressee */
  constructor(
    private readonly secretOf: (
      sent: Pick<Envelope, 'key' | 'from' | 'to'>,
      pattern: string,
    ) => { secret: string } | { refused: string; reason?: 'no_such_adapter' },
  ) {}

  /** Returns why a gRPC call is not let in. */
  refusalOfCall(
    path: string,
    header: string | undefined,
    bytes: Uint8Array | undefined,
  ): Problem | undefined {
    const [, key = '', time, nonce = '', mac = ''] =
      /^([\w-]{1,20})\.(\d{1,15})\.([\w-]{16,64})\.([A-Za-z0-9+/=]{1,64})$/.exec(header ?? '') ?? [];
    const problem = (detail: string): Problem => problemOf('no_credentials', { detail });
    if (mac === '') return problem('The seal of the call is missing.');
    const envelope: Envelope = { key, time: Number(time), nonce, mac, body: digestOf(bytes) };
    const found = this.secretOf(envelope, path);
    if ('refused' in found) return problem(found.refused);
    if (!matches(mac, requestMac(found.secret, path, envelope)))
      return problem('The seal of the call is wrong.');
    const admitted = this.window.admits(envelope);
    if (admitted === true) return undefined;
    return problem(admitted === 'repeated' ? 'The call was here already.' : admitted.refused);
  }

  open<T>(pattern: string, raw: unknown, shape: z.ZodType<T>): Admitted<T> {
    const packed = checked(fileserver.envelope, raw);
    if (!packed.ok) return this.unreadable(raw, packed.problem);
    const { message: envelope } = packed;
    if (Buffer.byteLength(envelope.body) > limits.rpcBytesMax)
      return this.unreadable(raw, problemOf('body_too_large'));
    const found = this.secretOf(envelope, pattern);
    if ('refused' in found) return refuse(found.refused, found.reason);
    const { secret } = found;
    if (!matches(envelope.mac, requestMac(secret, pattern, envelope)))
      return refuse('The seal of the message is wrong: LEASEHOLD_RPC_SECRET must be the same on both sides.');
    const admitted = this.window.admits(envelope);
    if (admitted === 'repeated') return no('no_credentials', 'The message was here already.');
    if (admitted !== true) return refuse(admitted.refused);
    const sealed = (content: object): object => {
      const body = JSON.stringify(content);
      return { body, mac: answerMac(secret, pattern, envelope, body).toString('base64') };
    };
    const content = parsed(envelope.body);
    const read = content.ok ? checked(shape, content.message) : content;
    if (!read.ok) return { ...read, reply: sealed(read) };
    const { key, from } = envelope;
    return { ok: true, message: read.message, key, from, sealed };
  }

  /** Older minor versions have envelopes of a body and at most a seal. */
  private unreadable(raw: unknown, problem: Problem): { ok: false; problem: Problem; reply: object } {
    const older = z.strictObject({ body: z.string(), mac: z.string().optional() }).safeParse(raw).success;
    const { major, minor } = fileserver.protocol;
    const detail =
      'The message is not sealed, or as before protocol 1.4: ' +
      `this service speaks ${String(major)}.${String(minor)}; bring both sides to one version.`;
    const refused = older ? no('protocol_mismatch', detail) : { ok: false as const, problem };
    return { ...refused, reply: refused };
  }
}

function refuse(
  detail: string,
  reason: Reason = 'no_credentials',
): { ok: false; problem: Problem; reply: object } {
  const refused = no(reason, detail);
  return { ...refused, reply: refused };
}
