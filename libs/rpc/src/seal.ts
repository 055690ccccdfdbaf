import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { fileserver, limits, problem, problemOf, type Problem, type Reason } from '#contracts';

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
const answerMac = (
  secret: string,
  pattern: string,
  { key, nonce }: Pick<Envelope, 'key' | 'nonce'>,
  body: string,
): Buffer => macOf(secret, 'answer', pattern, key, nonce, body);

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
  'too_many_failures',
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

/** The messages of one side of a stream, or of the other: each is sealed with its place in the order. */
export interface StreamSeal {
  /** Seals our next message. */
  seal(bytes: Uint8Array): string;
  /** Whether this is the next message of the other side, and under its seal. */
  isNext(bytes: Uint8Array, mac: string): boolean;
}

function streamSeal(
  secret: string,
  path: string,
  { key, nonce }: Pick<Envelope, 'key' | 'nonce'>,
  [ours, theirs]: readonly ['request', 'answer'] | readonly ['answer', 'request'],
): StreamSeal {
  const count = { request: 0, answer: 0 };
  const next = (side: 'request' | 'answer', bytes: Uint8Array): Buffer =>
    macOf(secret, side, path, key, nonce, (count[side] += 1), digestOf(bytes));
  return {
    seal: (bytes) => next(ours, bytes).toString('base64'),
    isNext: (bytes, mac) => matches(mac, next(theirs, bytes)),
  };
}

/** A gRPC call on its way, which alone knows its answer. */
export interface SealedCall {
  /** For the metadata. */
  readonly header: string;
  /** Whether these are the bytes of its answer. */
  readonly isAnswer: (bytes: Uint8Array, mac: string) => boolean;
  readonly stream: StreamSeal;
}

/** Seals a gRPC call (libs/contracts/proto): `bytes` are those of the request, none for a stream. */
export function sealCall(path: string, bytes: Uint8Array | undefined, { key, secret, to }: Seal): SealedCall {
  const nonce = randomBytes(16).toString('base64url');
  const sent = { body: digestOf(bytes), key, to, time: Date.now(), nonce };
  const mac = requestMac(secret, path, sent).toString('base64');
  return {
    header: [key, to ?? '', sent.time, nonce, mac].join('.'),
    isAnswer: (answered, given) =>
      matches(given, answerMac(secret, path, { key, nonce }, digestOf(answered))),
    stream: streamSeal(secret, path, sent, ['request', 'answer']),
  };
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
    if (time <= this.forgotten) return { refused: 'The message is older than the remembered nonces.' };
    this.seen.set(nonce, time);
    for (const [oldest, at] of this.seen) {
      if (this.seen.size <= rememberedMax && at >= now - clocksApartMs) break;
      this.seen.delete(oldest);
      this.forgotten = Math.max(this.forgotten, at);
    }
    return true;
  }
}

/** `isGuess`: the key or the seal was wrong, as of one who does not know the secret. */
interface Refused {
  ok: false;
  problem: Problem;
  isGuess?: boolean;
}
/** A request that was let in, and how its answer is sealed. */
export type Admitted<T> =
  | { ok: true; message: T; key: string; from: string | undefined; sealed: (content: object) => object }
  /**
   * `reply`: what to answer; absent for a message that was here already, which has its answer. `late`: it was meant for an
   * earlier life of this process, or for another one.
   */
  | (Refused & { reply?: object; late?: boolean });
/** A gRPC call that was let in, and how its answer, or the messages of its stream, are sealed. */
export type AdmittedCall = { ok: true; seal: (answer: Uint8Array) => string; stream: StreamSeal } | Refused;

/** Of whom a message is that nobody here has a secret for; `isGuess`: there is no such key. */
type Unknown = { refused: string; reason?: 'no_such_adapter'; isGuess?: boolean; late?: boolean };

const callHeader = /^([\w-]{1,20})\.([\w-]{0,64})\.(\d{1,15})\.([\w-]{16,64})\.([A-Za-z0-9+/=]{1,64})$/;

/** Where requests come in: seal first, then whether they are new, then their shape. */
export class Door {
  private readonly window = new ReplayWindow();

  /** @param secretOf what a message must be sealed with, or what is wrong with its key, its sender or its addressee */
  constructor(
    private readonly secretOf: (
      sent: Pick<Envelope, 'key' | 'from' | 'to'>,
      pattern: string,
    ) => { secret: string } | Unknown,
  ) {}

  /** `bytes`: of the request, none for a stream. */
  admit(path: string, header: string | undefined, bytes: Uint8Array | undefined): AdmittedCall {
    const [, key = '', to = '', time, nonce = '', mac = ''] = callHeader.exec(header ?? '') ?? [];
    if (mac === '') return no('no_credentials', 'The seal of the call is missing.');
    const envelope: Envelope = { key, to, time: Number(time), nonce, mac, body: digestOf(bytes) };
    const found = this.secretOf(envelope, path);
    if ('refused' in found) return { ...no('no_credentials', found.refused), isGuess: found.isGuess };
    const { secret } = found;
    if (!matches(mac, requestMac(secret, path, envelope)))
      return { ...no('no_credentials', 'The seal of the call is wrong.'), isGuess: true };
    const admitted = this.window.admits(envelope);
    if (admitted === 'repeated') return no('no_credentials', 'The call was already received.');
    if (admitted !== true) return no('no_credentials', admitted.refused);
    return {
      ok: true,
      seal: (answer) => answerMac(secret, path, envelope, digestOf(answer)).toString('base64'),
      stream: streamSeal(secret, path, envelope, ['answer', 'request']),
    };
  }

  open<T>(pattern: string, raw: unknown, shape: z.ZodType<T>): Admitted<T> {
    const packed = checked(fileserver.envelope, raw);
    if (!packed.ok) return this.unreadable(raw, packed.problem);
    const { message: envelope } = packed;
    if (Buffer.byteLength(envelope.body) > limits.rpcBytesMax)
      return this.unreadable(raw, problemOf('body_too_large'));
    const found = this.secretOf(envelope, pattern);
    if ('refused' in found)
      return { ...refuse(found.refused, found.reason), isGuess: found.isGuess, late: found.late };
    const { secret } = found;
    if (!matches(envelope.mac, requestMac(secret, pattern, envelope)))
      return {
        ...refuse('The seal of the message is wrong: LEASEHOLD_RPC_SECRET must be the same on both sides.'),
        isGuess: true,
      };
    const admitted = this.window.admits(envelope);
    if (admitted === 'repeated') return no('no_credentials', 'The message was already received.');
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
      'The message is not sealed, or uses a protocol before 1.4: ' +
      `this service speaks ${String(major)}.${String(minor)}; use the same version on both sides.`;
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
