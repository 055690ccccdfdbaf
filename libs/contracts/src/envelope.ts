import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { envelope } from './fileserver';
import { limits } from './limits';
import { problem, problemOf, type Problem } from './problem';

/** A message as it travels: JSON text, and its seal where a secret is configured. */
export type Envelope = z.infer<typeof envelope>;
/** What opening yields: the message, or the problem to answer with. Nothing here throws. */
export type Opened<T> = { ok: true; message: T } | { ok: false; problem: Problem };

/** The pattern is sealed too, so that a message that was recorded cannot be sent again as one of another kind. */
const sealOf = (pattern: string, body: string, secret: string): Buffer =>
  createHmac('sha256', secret).update(`${pattern}\n${body}`).digest();

const checked = <T>(schema: z.ZodType<T>, value: unknown): Opened<T> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, message: parsed.data };
  const issues = parsed.error.issues
    .slice(0, 16)
    .map((i) => ({ path: i.path.join('.'), message: i.message }));
  return { ok: false, problem: problemOf('bad_request', { issues }) };
};

/**
 * Packs a request for the wire.
 * @param secret LEASEHOLD_RPC_SECRET; without it (loopback only) the envelope carries no seal
 */
export function sealEnvelope(pattern: string, message: object, secret?: string): Envelope {
  const body = JSON.stringify(message);
  return secret === undefined ? { body } : { body, mac: sealOf(pattern, body, secret).toString('base64') };
}

/**
 * Unpacks and checks a request: seal first (compared in constant time), then JSON, then shape.
 * @returns the message, or `no_credentials`, `body_too_large` or `bad_request` with the fields at fault
 */
export function openEnvelope<T>(
  pattern: string,
  raw: unknown,
  schema: z.ZodType<T>,
  secret?: string,
): Opened<T> {
  const packed = checked(envelope, raw);
  if (!packed.ok) return packed;
  const { body, mac } = packed.message;
  if (Buffer.byteLength(body) > limits.rpcBytesMax)
    return { ok: false, problem: problemOf('body_too_large') };
  if (secret !== undefined) {
    const expected = sealOf(pattern, body, secret);
    const given = Buffer.from(mac ?? '', 'base64');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      const detail =
        'The seal of the message is missing or wrong: LEASEHOLD_RPC_SECRET must be the same on both sides.';
      return { ok: false, problem: problemOf('no_credentials', { detail }) };
    }
  }
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    return { ok: false, problem: problemOf('bad_request', { detail: 'The body is not JSON.' }) };
  }
  return checked(schema, message);
}

const answer = z.discriminatedUnion('ok', [
  z.looseObject({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), problem }),
]);

/**
 * Reads an answer, `{ok: true, …}` or `{ok: false, problem}`.
 * @returns the answer's content, the other side's problem, or `bad_request` if it is neither
 */
export function openAnswer<T>(raw: unknown, schema: z.ZodType<T>): Opened<T> {
  const read = checked(answer, raw);
  if (!read.ok) return read;
  return read.message.ok ? checked(schema, read.message) : { ok: false, problem: read.message.problem };
}
