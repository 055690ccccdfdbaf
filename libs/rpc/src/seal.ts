import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { fileserver, limits, problem, problemOf, type Problem, type Reason } from '#contracts';
import { originNow } from '#telemetry';

type Envelope = z.infer<typeof fileserver.envelope>;
/** The result of opening: the message or the problem. Nothing here throws. */
type Opened<T> = { ok: true; message: T } | { ok: false; problem: Problem };

/** The key under which a request is sealed, its sender and its addressee. */
export interface Seal {
  readonly key: string;
  readonly secret: string;
  /** An incarnation of an adapter. */
  readonly from?: string | undefined;
  /** The process addressed: another process refuses a recorded message, and so does the same one after a restart. */
  readonly to?: string | undefined;
}

/** A request in flight; only it can open its answer. */
export interface Sealed {
  readonly envelope: Envelope;
  open<T>(raw: unknown, shape: z.ZodType<T>): Opened<T>;
}

/** How far apart the clocks of the two sides may be. */
const clocksApartMs = 60_000;
/** Most messages remembered within that time. */
const rememberedMax = 65_536;

const no = (reason: Reason, detail: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: problemOf(reason, { detail }),
});

type Mac = ReturnType<typeof createHmac>;
/** Encodes the parts as a JSON list, so that no two different messages have the same text. */
function macOf(secret: string, ...parts: unknown[]): Mac {
  return createHmac('sha256', secret).update(JSON.stringify(parts));
}
const requestMac = (secret: string, pattern: string, sent: Omit<Envelope, 'mac'>): Mac => {
  const { key, from = '', to = '', time, nonce, body } = sent;
  return macOf(secret, 'request', pattern, key, from, to, time, nonce, body);
};
const answerMac = (
  secret: string,
  pattern: string,
  { key, nonce }: Pick<Envelope, 'key' | 'nonce'>,
  body: string,
): Mac => macOf(secret, 'answer', pattern, key, nonce, body);

function matches(given: string, mac: Mac): boolean {
  const bytes = Buffer.from(given, 'base64');
  const expected = mac.digest();
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

/** A message and its origin; one that cannot be read is none, because nothing is decided on it. */
function apart(body: unknown): { origin: fileserver.Origin; message: unknown } {
  if (typeof body !== 'object' || body === null || !('origin' in body)) return { origin: {}, message: body };
  const { origin, ...message } = body;
  return { origin: fileserver.origin.safeParse(origin).data ?? {}, message };
}

/**
 * Reasons accepted without a seal: the other side could not read the message. They only report; nothing is decided on
 * them.
 */
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

/** Packs a request for the wire, with what it is sent for. */
export function seal(pattern: string, message: object, { key, secret, from, to }: Seal): Sealed {
  const nonce = randomBytes(16).toString('base64url');
  const body = JSON.stringify({ ...message, origin: originNow() });
  const sent = { body, key, from, to, time: Date.now(), nonce };
  const envelope = { ...sent, mac: requestMac(secret, pattern, sent).digest('base64') };
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
  bytes === undefined ? '' : hash('sha256', bytes, 'base64');

/** Seals the messages of a stream, each with its position among those of its side. */
export interface StreamSeal {
  /** Seals this side's next message. */
  seal(bytes: Uint8Array): string;
  /** Whether this is the other side's next message and its seal is valid. */
  isNext(bytes: Uint8Array, mac: string): boolean;
}

function streamSeal(
  secret: string,
  path: string,
  { key, nonce }: Pick<Envelope, 'key' | 'nonce'>,
  [ours, theirs]: readonly ['request', 'answer'] | readonly ['answer', 'request'],
): StreamSeal {
  const count = { request: 0, answer: 0 };
  const next = (side: 'request' | 'answer', bytes: Uint8Array): Mac =>
    macOf(secret, side, path, key, nonce, (count[side] += 1), digestOf(bytes));
  return {
    seal: (bytes) => next(ours, bytes).digest('base64'),
    isNext: (bytes, mac) => matches(mac, next(theirs, bytes)),
  };
}

/** A gRPC call in flight; only it can recognise its answer. */
export interface SealedCall {
  /** The seal, for the call's metadata. */
  readonly header: string;
  /** Whether these are the bytes of its answer. */
  readonly isAnswer: (bytes: Uint8Array, mac: string) => boolean;
  readonly stream: StreamSeal;
}

/** Seals a gRPC call (libs/contracts/proto). `bytes` is the encoded request, absent for a stream. */
export function sealCall(path: string, bytes: Uint8Array | undefined, { key, secret, to }: Seal): SealedCall {
  const nonce = randomBytes(16).toString('base64url');
  const sent = { body: digestOf(bytes), key, to, time: Date.now(), nonce };
  const mac = requestMac(secret, path, sent).digest('base64');
  return {
    header: [key, to ?? '', sent.time, nonce, mac].join('.'),
    isAnswer: (answered, given) =>
      matches(given, answerMac(secret, path, { key, nonce }, digestOf(answered))),
    stream: streamSeal(secret, path, sent, ['request', 'answer']),
  };
}

/** Remembers the messages received, a bounded number for a bounded time. */
class ReplayWindow {
  /** nonce → time of the message, in order of arrival */
  private readonly seen = new Map<string, number>();
  /** Messages with a time up to this one may already be forgotten. */
  private forgotten = 0;

  /** Whether a message is new or repeated or, if that cannot be decided, why not. */
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

/** `isGuess`: the key or the seal was wrong, as from a sender that does not know the secret. */
interface NotAdmitted {
  ok: false;
  problem: Problem;
  isGuess?: boolean;
}
/** An admitted request and the seal for its answer, or a refusal. */
export type Admitted<T> =
  | {
      ok: true;
      message: T;
      key: string;
      from: string | undefined;
      origin: fileserver.Origin;
      sealed: (content: object) => object;
    }
  /**
   * `reply`: what to answer; absent for a repeated message, which already has its answer. `late`: the message was meant
   * for an earlier life of this process, or for another process.
   */
  | (NotAdmitted & { reply?: object; late?: boolean });
/** An admitted gRPC call and the seals for its answer or the messages of its stream, or a refusal. */
export type AdmittedCall =
  { ok: true; key: string; seal: (answer: Uint8Array) => string; stream: StreamSeal } | NotAdmitted;

/** Why there is no secret for a message; `isGuess`: there is no such key. */
type Unknown = { refused: string; reason?: 'no_such_adapter'; isGuess?: boolean; late?: boolean };

const callHeader = /^([\w-]{1,20})\.([\w-]{0,64})\.(\d{1,15})\.([\w-]{16,64})\.([A-Za-z0-9+/=]{1,64})$/;

/** Admits requests: checks first the seal, then whether the request is new, then its shape. */
export class Door {
  private readonly window = new ReplayWindow();

  /** @param secretOf the secret that must seal a message, or what is wrong with its key, sender or addressee */
  constructor(
    private readonly secretOf: (
      sent: Pick<Envelope, 'key' | 'from' | 'to'>,
      pattern: string,
    ) => { secret: string } | Unknown,
  ) {}

  /** `bytes`: the encoded request, absent for a stream. */
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
      key,
      seal: (answer) => answerMac(secret, path, envelope, digestOf(answer)).digest('base64'),
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
      return { body, mac: answerMac(secret, pattern, envelope, body).digest('base64') };
    };
    const content = parsed(envelope.body);
    const { origin, message } = apart(content.ok ? content.message : undefined);
    const read = content.ok ? checked(shape, message) : content;
    if (!read.ok) return { ...read, reply: sealed(read) };
    const { key, from } = envelope;
    return { ok: true, message: read.message, key, from, origin, sealed };
  }

  /** In older minor versions an envelope has only a body and perhaps a seal. */
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
