import { randomBytes } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { limits, problemOf } from '#contracts';
import type { Strangers } from '#rpc';
import { isTraced, originIn, serve, type Span } from '#telemetry';
import { type Audit, auditedCaller } from '../telemetry/audit';
import type { Log } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import { BatchCalls } from './batch';
import type { OwnOrigin } from './browser';
import type { Reply, Request } from './exchange';
import { problemOfStatus, problemText, sendProblem } from './problem.filter';
import { UnreadableBody } from './validation';

const connectionsMax = 20_000;
/** How long a client may take to send its request. */
const requestMs = 30_000;
/** How long for its headers, counted from the connection for the first request, and how often that is looked at. */
const headersMs = 10_000;
const lookMs = 1_000;
/** Longer URLs are cut in the access log. */
const urlCharsMax = 500;

/** Ids of our own: random for this process, then a number. */
const processId = randomBytes(6).toString('hex');
let requests = 0;

/** The caller's id for its request, or else that of its trace, if a log and a URN can contain it as it is; otherwise a new one. */
function requestIdOf({ headers }: IncomingMessage): string {
  const { request } = originIn((name) => headers[name]);
  if (request !== undefined) return request;
  requests += 1;
  return `${processId}-${requests.toString(36)}`;
}

/** Audits an act by a right that is audited, and every refusal for want of rights, when its connection is done with it. */
function auditAtEnd(audit: Audit, request: FastifyRequest & Audited, { raw }: FastifyReply): void {
  raw.on('close', () => {
    auditOne(audit, request, request.routeOptions.url ?? 'no route', raw.statusCode);
  });
}

function auditOne(audit: Audit, request: Audited, route: string, status: number): void {
  const { caller, isAudited = false, refusal, rule, id, method, url, ip } = request;
  if (!isAudited && refusal === undefined) return;
  const [path = '', query] = url.slice(0, urlCharsMax).split('?', 2);
  audit.record({
    outcome: refusal === undefined ? 'allowed' : 'refused',
    ...auditedCaller(caller),
    from: ip,
    via: 'HTTP',
    request: id,
    action: `${method} ${route}`,
    target: path,
    // Only of a request that passed its schema: somebody may have put a secret there.
    query: status < 300 ? query : undefined,
    rule,
    code: refusal?.code,
    reason: refusal?.reason,
    status,
  });
}
type Audited = Pick<
  Request,
  'caller' | 'isAudited' | 'refusal' | 'rule' | 'serving' | 'id' | 'method' | 'url'
> & {
  readonly ip: string;
};

/** Begins the span of a request, which ends when its connection is done with it. */
function beginServing(request: FastifyRequest & Audited, { raw }: FastifyReply): void {
  const { id, headers } = request;
  const origin = { ...originIn((name) => headers[name]), request: id };
  request.serving = serve(origin, () => spanOf(request), true);
  if (isTraced())
    raw.on('close', () => {
      request.serving?.end({ 'http.response.status_code': raw.statusCode }, raw.statusCode >= 500);
    });
}

function spanOf({ id, method, url, ip, routeOptions }: FastifyRequest): Span {
  const route = routeOptions.url ?? 'no route';
  const attributes = {
    'http.request.method': method,
    'http.route': route,
    'url.path': url.slice(0, urlCharsMax).split('?', 1)[0],
    'client.address': ip,
    request: id,
  };
  return { name: `${method} ${route}`, attributes };
}

interface ParserError extends Error {
  statusCode?: number;
}

/** How long a client may take for the handshake of TLS. */
const handshakeMs = 10_000;

/** Fastify's options: limits, TLS, and problem documents for failures before a route is found. */
export function serverOptions(tls: SecureContextOptions | undefined): object {
  // Who has no certificate may have a token; a certificate of unknown authority counts as none.
  const clients = {
    requestCert: tls?.ca !== undefined,
    rejectUnauthorized: false,
    handshakeTimeout: handshakeMs,
  };
  // We answer a request without Host ourselves.
  const options = {
    requireHostHeader: false,
    headersTimeout: headersMs,
    connectionsCheckingInterval: lookMs,
  };
  return {
    ...(tls === undefined ? {} : { https: { ...tls, ...clients, ...options } }),
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: requestMs,
    http: options,
    genReqId: requestIdOf,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    // Nothing is Nest middleware.
    skipMiddie: true,
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (error: ParserError, _request: unknown, reply: Reply) => {
      sendProblem(reply, problemOfStatus(error.statusCode ?? 400, error.message) ?? problemOf('invariant'));
    },
    clientErrorHandler: (error: Error & { code?: string; rawPacket?: Buffer }, socket: Socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) {
        socket.destroy();
        return;
      }
      const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
      const { status, text } = problemText(
        isLate ? problemOf('request_timeout') : problemOf('bad_request', { detail: strange(error) }),
      );
      socket.end(
        `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\ncontent-type: application/problem+json; charset=utf-8\r\n` +
          `content-length: ${String(Buffer.byteLength(text))}\r\nconnection: close\r\n\r\n${text}`,
      );
    },
  };
}

/** Tells an adapter or NFS server that was given the wrong port which one to use. */
function strange({ message, rawPacket }: Error & { rawPacket?: Buffer }): string {
  const said = rawPacket?.toString('latin1', 0, 16) ?? '';
  if (/^\d+#|^PRI /.test(said))
    return 'This port speaks HTTP/1.1; fileserver adapters and NFS servers must use LEASEHOLD_RPC and LEASEHOLD_GRPC.';
  // The record of a handshake (RFC 8446 §5.1).
  if (said.startsWith('\x16\x03')) return 'This port speaks HTTP/1.1 without TLS: use http, not https.';
  return `This is not valid HTTP/1.1: ${message}.`;
}

/** Bounds connections until a request on them was admitted: with TLS, from before the handshake. */
export function watchStrangers(server: Server, strangers: Strangers): void {
  server.on('connection', (socket: Socket) => {
    strangers.admit(socket);
  });
  server.on('secureConnection', (socket: Socket) => {
    strangers.alias(socket);
  });
}

/** Logs a request when its connection is done with it, even if the client leaves first. */
function logAtEnd(log: Log, { id, method, url, ip }: FastifyRequest, reply: FastifyReply): void {
  const { raw } = reply;
  raw.on('close', () => {
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    const left = raw.writableFinished ? undefined : true;
    log.info(
      { request: id, method, url: url.slice(0, urlCharsMax), status: raw.statusCode, ms, left, from: ip },
      'request',
    );
  });
}

/**
 * Sets up request ids, the origin check, body parsing, the count of requests and, with `accessLog`, a line for each;
 * with `audit`, a record of what docs/audit.md names.
 */
export function prepareServer(
  app: NestFastifyApplication,
  own: OwnOrigin,
  metrics: Metrics,
  accessLog: Log | undefined,
  audit: Audit | undefined,
): void {
  const fastify = app.getHttpAdapter().getInstance();
  app.getHttpServer().maxConnections = connectionsMax;
  fastify.addHook('onRequest', (request, reply, done) => {
    beginServing(request, reply);
    if (accessLog !== undefined) logAtEnd(accessLog, request, reply);
    if (audit !== undefined) auditAtEnd(audit, request, reply);
    // Nearly every answer says who holds what, and some contain a secret.
    void reply
      .header('x-request-id', request.id)
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff');
    const problem = own.refuse(request, request.raw.socket);
    if (problem === undefined) done();
    else {
      (request as FastifyRequest & Audited).refusal = problem;
      sendProblem(reply, problem);
    }
  });
  // Only here: what arrives with the body is not part of what `onRequest` runs.
  fastify.addHook('preHandler', (request: FastifyRequest & Audited, _reply, done) => {
    if (request.serving === undefined) done();
    else request.serving.run(done);
  });
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') {
      done(null, undefined);
      return;
    }
    void parseJson(request, body as string, (error, parsed) => {
      done(null, error === null ? parsed : new UnreadableBody(`The body is not JSON: ${error.message}.`));
    });
  });
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    const why = "The body must be JSON: send it with the header 'content-type: application/json'.";
    done(null, body.length === 0 ? undefined : new UnreadableBody(why));
  });
  app.get(BatchCalls).onServed = ({ request, route, status, seconds }) => {
    metrics.request(`${request.method} ${route}`, status, seconds);
    if (audit !== undefined) auditOne(audit, request, route, status);
  };
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = `${request.method} ${request.routeOptions.url ?? 'none'}`;
    metrics.request(route, reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
}
