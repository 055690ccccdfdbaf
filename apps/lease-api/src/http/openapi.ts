import { applyDecorators, type INestApplication } from '@nestjs/common';
import {
  ApiHeader,
  ApiOperation,
  ApiResponse,
  DocumentBuilder,
  type OpenAPIObject,
  SwaggerModule,
} from '@nestjs/swagger';
import { z } from 'zod';
import {
  blocker,
  configuration,
  cycleMember,
  eventSchemas,
  leaseBreak,
  lock,
  lockPage,
  problem,
} from '#contracts';
import type { Reply } from './exchange';

/** Decorators that document what a route answers. The schemas are those of the contracts. */

const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
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
        'application/json': { schema: { $ref: '#/components/schemas/LockPage' } },
        'application/x-ndjson': { schema: { $ref: '#/components/schemas/Lock' } },
        'text/plain': { schema: { type: 'string' } },
      },
    }),
    orProblem(),
  );
}

const eventSchemaName = (event: string): string => `Event.${event}`;

/** The event stream of a session. */
export function AnswersEvents(): MethodDecorator {
  const names = Object.keys(eventSchemas).map((name) => `${name} (${eventSchemaName(name)})`);
  return applyDecorators(
    ApiOperation({
      summary: 'Server-sent events of a session; resumes after Last-Event-ID',
      description: `Events, each with the schema of its data: ${names.join(', ')}.`,
    }),
    ApiHeader({ name: 'last-event-id', required: false, description: 'The id of the last event received.' }),
    ApiResponse({
      status: 200,
      description: 'The stream; it ends with the session',
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    }),
    orProblem(),
  );
}

/** Schemas that routes refer to but that are not a body of their own. */
function furtherSchemas(): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  registry.add(problem, { id: 'Problem' });
  registry.add(blocker, { id: 'Blocker' });
  registry.add(cycleMember, { id: 'CycleMember' });
  registry.add(configuration.item, { id: 'Item' });
  registry.add(configuration.dependent, { id: 'Dependent' });
  registry.add(leaseBreak, { id: 'LeaseBreak' });
  registry.add(lock, { id: 'Lock' });
  registry.add(lockPage, { id: 'LockPage' });
  for (const [name, schema] of Object.entries(eventSchemas))
    registry.add(schema, { id: eventSchemaName(name) });
  const { schemas } = z.toJSONSchema(registry, {
    target: 'openapi-3.0',
    io: 'output',
    uri: (id) => `#/components/schemas/${id}`,
  });
  for (const schema of Object.values(schemas)) {
    // A schema is named by its place in the document; OpenAPI 3.0 has no $id.
    delete schema.$id;
    delete schema.$schema;
  }
  return schemas;
}

/** The OpenAPI document of the application's routes. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Leasehold')
    .setDescription('Leases on files, across a cluster: holders are told before a conflicting open proceeds.')
    .setVersion('1')
    .setOpenAPIVersion('3.0.3')
    .addSecurity('session', { type: 'apiKey', in: 'header', name: 'x-session-secret' })
    .addSecurity('caller', { type: 'http', scheme: 'bearer' })
    .build();
  const document = SwaggerModule.createDocument(app, config);
  const schemas = { ...furtherSchemas(), ...document.components?.schemas };
  document.components = {
    ...document.components,
    schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return document;
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
