import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { limits, type Problem } from '#contracts';
import type { Patience } from '../application/waiting';
import type { Caller } from '../identity/caller';
import type { Serving } from '#telemetry';

/** What this service uses of Fastify's request and reply. */
export interface Request {
  /** Names this request in the answer, in problems and in the log. */
  readonly id: string;
  readonly raw: IncomingMessage;
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  readonly url: string;
  /** As parsed by Fastify, not checked yet. */
  readonly body?: unknown;
  readonly query?: unknown;
  readonly params?: unknown;
  /** Who asks, once the guard has found out. */
  caller?: Caller;
  /** The right that decides about the request. */
  rule?: string;
  /** What is done by that right is audited. */
  isAudited?: boolean;
  /** Why it was refused, if that was for want of rights. */
  refusal?: Pick<Problem, 'code' | 'reason'>;
  /** The span of the request, in which it is served. */
  serving?: Serving;
  /** Digest of the session's secret, once the guard has seen it. */
  secretDigest?: string;
}
export interface Reply {
  readonly raw: ServerResponse;
  readonly request: { readonly id: string };
  readonly sent: boolean;
  /** It is one answer among those of a batch, whose headers may have been sent long ago. */
  readonly isPart?: true;
  code(status: number): Reply;
  header(name: string, value: string): Reply;
  type(contentType: string): Reply;
  send(body: string | object | Readable): Reply;
  /** After this call, the raw response is written directly. */
  hijack(): Reply;
}

/** Takes the response over, to be written directly with these headers of its own. */
export function takeOver(reply: Reply): { response: ServerResponse; headers: Record<string, string> } {
  reply.hijack();
  // Headers that are set on the response itself are kept as long as it lasts.
  return { response: reply.raw, headers: { 'x-request-id': reply.request.id } };
}

/** How long the caller lets its request wait, if it does not say so. */
export const waitOf = ({ waitMs, queued = false }: { waitMs?: number; queued?: boolean }): number =>
  waitMs ?? (queued ? limits.waitMsMax : 0);

/** How long the caller lets its request wait, and how. */
export function patienceOf(
  { waitMs, queued = false }: { waitMs?: number; queued?: boolean },
  reply: Reply,
): Patience {
  const ms = waitOf({ waitMs, queued });
  if (ms > 0 && !queued) {
    const signal = departure(reply);
    return { waitMs: ms, signal, backendMs: ms, departed: () => signal };
  }
  // With `queued` the caller wants an early answer, so it waits for a fileserver no longer than the default.
  const backendMs = queued ? undefined : waitMs;
  return { waitMs: ms, queued, backendMs, departed: () => departure(reply) };
}

/** Fires when the client disconnects before it has its answer. */
export function departure(reply: Reply): AbortSignal {
  const gone = new AbortController();
  reply.raw.on('close', () => {
    gone.abort();
  });
  return gone.signal;
}
