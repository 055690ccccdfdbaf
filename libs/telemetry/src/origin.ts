import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { fileserver } from '#contracts';
import { programVersion } from './version';

/**
 * On whose behalf something is done: the request that a client sent, and its trace. Both pass from program to program
 * and into every log line. Spans cost nothing until an OpenTelemetry SDK is loaded (docs/tracing.md).
 */

const tracer = trace.getTracer('leasehold', programVersion());
const current = new AsyncLocalStorage<fileserver.Origin>();

/** What headers say about the origin of a request; what a log and a URN cannot contain as it is, is left out. */
export function originIn(header: (name: string) => unknown): fileserver.Origin {
  const given = header('x-request-id');
  const traceparent = header('traceparent');
  const tracestate = header('tracestate');
  const trace =
    typeof traceparent === 'string' ? /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent) : null;
  const request = typeof given === 'string' && fileserver.requestIdPattern.test(given) ? given : trace?.[1];
  if (trace === null) return { request };
  const state =
    typeof tracestate === 'string' && /^[\x20-\x7e]{1,512}$/.test(tracestate) ? tracestate : undefined;
  return { request, traceparent: trace[0], tracestate: state };
}

/** The origin of what is being done now, to be sent along; undefined if it has none. */
export function originNow(): fileserver.Origin | undefined {
  const carried = current.getStore();
  const injected: Partial<Record<'traceparent' | 'tracestate', string>> = {};
  propagation.inject(context.active(), injected);
  if (injected.traceparent === undefined) return carried;
  return { request: carried?.request, ...injected };
}

/** What a log line says about its origin. */
export function originFields(): { request?: string; trace?: string; span?: string } {
  const request = current.getStore()?.request;
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined) return request === undefined ? {} : { request };
  return { request, trace: span.traceId, span: span.spanId };
}

/** A request that is being served. */
export interface Serving {
  /** Does something for it. */
  run<T>(work: () => T): T;
  /** It is over; `fault`: the program failed on it. */
  end(attributes: Attributes, fault?: boolean): void;
}

/** Whether an SDK is loaded. Without one there are no spans, and nothing is done for them. */
export function isTraced(): boolean {
  // Without an SDK there is only a proxy, which has no tracer to pass calls on to.
  const provider = trace.getTracerProvider() as { getDelegateTracer?: (name: string) => unknown };
  return provider.getDelegateTracer === undefined || provider.getDelegateTracer('leasehold') !== undefined;
}

/** What a span is called, and says of itself. */
export interface Span {
  name: string;
  attributes: Attributes;
}

/**
 * Begins to serve a request of that origin: its span continues the trace of the other side. Without one, a trace begins
 * if it `begins`; otherwise there is no span, as for heartbeats.
 */
export function serve(origin: fileserver.Origin, spanOf: () => Span, begins = false): Serving {
  if (!isTraced()) return untraced(origin);
  // Somebody else's instrumentation may have begun a span for it already.
  const active = context.active();
  const parent = trace.getSpan(active) === undefined ? propagation.extract(ROOT_CONTEXT, origin) : active;
  if (!begins && trace.getSpan(parent) === undefined) return untraced(origin);
  const { name, attributes } = spanOf();
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
  const within = trace.setSpan(parent, span);
  return {
    run: (work) => current.run(origin, () => context.with(within, work)),
    end: (more, fault = false) => {
      span.setAttributes(more);
      if (fault) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

const nothing = (): void => undefined;
const untraced = (origin: fileserver.Origin): Serving => ({
  run: (work) => current.run(origin, work),
  end: nothing,
});

/** Serves a request from another program. */
export async function served<T>(
  name: string,
  origin: fileserver.Origin,
  work: () => Promise<T>,
  outcomeOf: (answer: T) => string,
): Promise<T> {
  const serving = serve(origin, () => ({ name, attributes: {} }));
  try {
    const answer = await serving.run(work);
    serving.end({ outcome: outcomeOf(answer) });
    return answer;
  } catch (error) {
    serving.end({}, true);
    throw error;
  }
}

/** Does a part of what is being done, in a span of its own if that is traced. */
export function part<T>(
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
  { kind = SpanKind.INTERNAL, begins = false }: { kind?: SpanKind; begins?: boolean } = {},
): Promise<T> {
  if (!isTraced() || (!begins && trace.getActiveSpan() === undefined)) return work();
  return tracer.startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Asks another program for something. `begins`: a trace begins here, unless one is under way. */
export const asking = <T>(
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
  begins = false,
): Promise<T> => part(name, attributes, work, { kind: SpanKind.CLIENT, begins });
