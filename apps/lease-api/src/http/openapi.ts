import { applyDecorators, type INestApplication } from '@nestjs/common';
import {
  ApiHeader,
  ApiOperation,
  ApiResponse,
  DocumentBuilder,
  type OpenAPIObject,
  SwaggerModule,
} from '@nestjs/swagger';
import type { z } from 'zod';
import type { Reply } from './exchange';
import { completed, operationIdOf, refTo, toSchema } from './openapi-document';

/** Decorators that document what a route answers. The schemas are those of the contracts. */

const problemContent = { 'application/problem+json': { schema: refTo('Problem') } };
const orProblem = (): MethodDecorator =>
  ApiResponse({ status: 'default', description: 'A refusal: branch on `code`', content: problemContent });

/** A route that answers with JSON, or with nothing. */
export function Answers(status: number, summary: string, schema?: z.ZodType): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ApiResponse({ status, description: summary, standardSchema: schema }),
    orProblem(),
  );
}

/** A further answer that a route may give. */
export function OrAnswers(status: number, description: string, schema?: z.ZodType): MethodDecorator {
  return ApiResponse({ status, description, standardSchema: schema });
}

/** A change of an item that may depend on its version. */
export function OnVersion(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'if-match',
      required: false,
      description: 'The ETag that the item must have; otherwise 412 version_old.',
    }),
    ApiHeader({
      name: 'if-none-match',
      required: false,
      description: '`*`: only if the item does not exist; otherwise 412 version_old.',
    }),
  );
}

/** The answer with `queued`: the same schema, for a request that waits. */
export function OrWaits(schema: z.ZodType): MethodDecorator {
  return ApiResponse({
    status: 202,
    description: 'The request waits; events report the outcome',
    standardSchema: schema,
  });
}

/** A route that answers with plain text. */
export function AnswersText(summary: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ApiResponse({
      status: 200,
      description: summary,
      content: { 'text/plain': { schema: { type: 'string' } } },
    }),
    orProblem(),
  );
}

/** The listing of locks, in its three formats. */
export function AnswersLocks(): MethodDecorator {
  const summary = 'List every lease, delegation, open, range lock and waiter';
  return applyDecorators(
    ApiOperation({ summary }),
    ApiResponse({
      status: 200,
      description: `${summary}: one page as JSON, or all of it as NDJSON or in the format of /proc/locks`,
      content: {
        'application/json': { schema: refTo('LockPage') },
        'application/x-ndjson': { schema: refTo('Lock') },
        'text/plain': { schema: { type: 'string' } },
      },
    }),
    orProblem(),
  );
}

/** Many calls at once. */
export function AnswersBatch(): MethodDecorator {
  const summary = 'Make up to 64 independent calls of one session in one request';
  return applyDecorators(
    ApiOperation({
      summary,
      description:
        'Each call is admitted, counted, audited and answered as if it were sent alone, and one that is refused refuses only itself. A call may not be held until its wait is decided (`waitMs` without `queued`). If there was no answer, the whole batch may be repeated where each of its calls may be: give those that create something a `requestId`.',
    }),
    ApiResponse({
      status: 200,
      description: 'The answers: in the order of the calls as JSON, or each as soon as it is there as NDJSON',
      content: {
        'application/json': { schema: refTo('BatchAnswers') },
        'application/x-ndjson': { schema: refTo('BatchAnswer') },
      },
    }),
    orProblem(),
  );
}

/** The event stream of a session. */
export function AnswersEvents(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Server-sent events of a session; resumes after Last-Event-ID',
      description:
        'The schema is that of one event; the stream has any number of them, and comments in between.',
    }),
    ApiHeader({ name: 'last-event-id', required: false, description: 'The id of the last event received.' }),
    ApiResponse({
      status: 200,
      description: 'The stream; it ends with the session',
      content: { 'text/event-stream': { schema: refTo('SessionEvent') } },
    }),
    orProblem(),
  );
}

/** A watch of names. */
export function AnswersWatch(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Server-sent events about names that begin with a prefix; resumes after Last-Event-ID',
      description:
        'For callers who hold nothing there. The schema is the data of one message, whose event is its `what`. The event `resync`, with which a new stream begins, says that earlier ones are not told: look for yourself.',
    }),
    ApiHeader({ name: 'last-event-id', required: false, description: 'The id of the last event received.' }),
    ApiResponse({
      status: 200,
      description: 'The stream',
      content: { 'text/event-stream': { schema: refTo('NameEvent') } },
    }),
    orProblem(),
  );
}

/** The event stream of the cluster. */
export function AnswersClusterEvents(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Server-sent events of the cluster, for administrators; resumes after Last-Event-ID',
      description:
        'The schema is the data of one message. The event `resync` says that some are missing: read the listings again.',
    }),
    ApiHeader({ name: 'last-event-id', required: false, description: 'The id of the last event received.' }),
    ApiResponse({
      status: 200,
      description: 'The stream',
      content: { 'text/event-stream': { schema: refTo('ClusterEvent') } },
    }),
    orProblem(),
  );
}

/** The OpenAPI document of the application's routes. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Leasehold')
    .setDescription('Leases on files, across a cluster: holders are told before a conflicting open proceeds.')
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .setOpenAPIVersion('3.1.1')
    .addServer('/', 'The lease API that serves this document')
    .addServer('http://127.0.0.1:8080', 'A lease API with default settings')
    .addSecurity('session', {
      type: 'apiKey',
      in: 'header',
      name: 'x-session-secret',
      description: 'The secret of the session, shown when it was created.',
    })
    .addSecurity('caller', {
      type: 'http',
      scheme: 'bearer',
      description: 'The token of a caller, as docs/callers.md says; a client certificate does the same.',
    })
    .build();
  return completed(
    SwaggerModule.createDocument(app, config, {
      operationIdFactory: operationIdOf,
      standardSchemaConverter: toSchema,
    }),
  );
}

/** Serves the document, which is made on the first request for it. */
export function serveOpenApi(app: INestApplication): void {
  let document: OpenAPIObject | undefined;
  const http = app.getHttpAdapter() as {
    get(path: string, handler: (request: unknown, reply: Reply) => void): void;
  };
  http.get('/openapi.json', (_request, reply) => {
    document ??= openApiDocument(app);
    reply.type('application/json; charset=utf-8').send(document);
  });
}
