import { type OpenAPIObject, type SwaggerDocumentOptions } from '@nestjs/swagger';
import { z } from 'zod';
import {
  blocker,
  clusterEvent,
  configuration,
  cycleMember,
  eventSchemas,
  leaseBreak,
  lock,
  lockPage,
  problem,
  type Reason,
  reasons,
  nameEvent,
} from '#contracts';
import { examples, refusalExamples } from './openapi-examples.generated';
import { statusOf } from './problem.filter';
import { reasonsOf } from './route-reasons';

/**
 * The parts of the OpenAPI document that no route says by itself: names, refusals and examples, so that generated
 * clients are good ones.
 */

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Responses = NonNullable<NonNullable<OpenAPIObject['components']>['responses']>;

export const refTo = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

// --- the names of operations

/** What the routes of a controller are about, where that is not the controller's name in the singular. */
const nouns: Record<string, string> = {
  Attributes: 'Attributes',
  Changes: 'FileChange',
  Dlm: 'DlmLock',
  Ops: '',
};
/** Names that do not follow from controller and method. */
const named: Record<string, string> = {
  'Sessions.keepalive': 'keepAlive',
  'Events.events': 'streamEvents',
  'Watch.watch': 'watchNames',
  'Dlm.resource': 'getDlmResource',
  'Changes.change': 'changeFile',
  'Changes.report': 'reportFileChange',
  'Delegations.stateid': 'getStateid',
  'Batch.call': 'callBatch',
  'Waits.grace': 'getGrace',
  'Waits.reclaimComplete': 'completeReclaim',
  'Fences.highest': 'getFence',
  'Nodes.acknowledge': 'acknowledgeNotice',
  'Stacks.stop': 'stopAdapter',
  'Regions.subscribe': 'subscribeToRegion',
  'Regions.unsubscribe': 'unsubscribeFromRegion',
  'Ops.exposition': 'getMetrics',
};

export function operationIdOf(controllerClass: string, method: string): string {
  const controller = controllerClass.replace(/Controller$/, '');
  const known = named[`${controller}.${method}`];
  if (known !== undefined) return known;
  const noun = nouns[controller] ?? controller.replace(/s$/, '');
  if (method === 'dependents') return `list${noun}Dependents`;
  return method === 'list' ? `list${noun}s` : `${method}${noun}`;
}

// --- schemas

/** JSON Schema 2020-12, as OpenAPI 3.1 has it. */
export const toSchema: NonNullable<SwaggerDocumentOptions['standardSchemaConverter']> = (
  schema,
  { schemaType },
) => {
  if (!(schema instanceof z.ZodType)) return undefined;
  const { $defs = {}, ...own } = z.toJSONSchema(schema, { io: schemaType, target: 'draft-2020-12' });
  return {
    schema: bare(own),
    components: Object.fromEntries(Object.entries($defs).map(([id, def]) => [id, bare(def)])),
  };
};

/** A schema is named by its place in the document. */
function bare(schema: object): object {
  const { $id: _, $schema: __, id: ___, ...rest } = schema as Record<string, unknown>;
  return rest;
}

const eventName = (event: string): string => `${event.charAt(0).toUpperCase()}${event.slice(1)}Event`;

/** Schemas that routes refer to but that are not a body of their own. */
function furtherSchemas(): Schemas {
  const registry = z.registry<{ id: string }>();
  registry.add(problem, { id: 'Problem' });
  registry.add(blocker, { id: 'Blocker' });
  registry.add(cycleMember, { id: 'CycleMember' });
  registry.add(configuration.item, { id: 'Item' });
  registry.add(configuration.dependent, { id: 'Dependent' });
  registry.add(leaseBreak, { id: 'LeaseBreak' });
  registry.add(lock, { id: 'Lock' });
  registry.add(lockPage, { id: 'LockPage' });
  registry.add(clusterEvent, { id: 'ClusterEvent' });
  registry.add(nameEvent, { id: 'NameEvent' });
  for (const [name, schema] of Object.entries(eventSchemas))
    registry.add(schema, { id: `${eventName(name)}Data` });
  const { schemas } = z.toJSONSchema(registry, {
    target: 'draft-2020-12',
    io: 'output',
    uri: (id) => `#/components/schemas/${id}`,
  });
  const made = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, bare(schema)]));
  return {
    ...made,
    ...eventUnion(),
    Reason: {
      type: 'string',
      enum: Object.keys(reasons),
      description: 'Why a request was refused; docs/errors.md says what each means.',
    },
  };
}

/** An event as it is read from the stream: its fields `id`, `event` and, parsed as JSON, `data`. */
function eventUnion(): Schemas {
  const names = Object.keys(eventSchemas);
  const each = names.map((name) => [
    eventName(name),
    {
      type: 'object',
      properties: {
        id: { type: 'string', description: 'Send the last one as last-event-id to resume.' },
        event: { type: 'string', enum: [name] },
        data: refTo(`${eventName(name)}Data`),
      },
      required: ['event', 'data'],
    },
  ]);
  const mapping = Object.fromEntries(names.map((name) => [name, refTo(eventName(name)).$ref]));
  return {
    ...(Object.fromEntries(each) as Schemas),
    SessionEvent: {
      description: 'An event of a session.',
      oneOf: names.map((name) => refTo(eventName(name))),
      discriminator: { propertyName: 'event', mapping },
    },
  };
}

// --- batches

type Body = { content?: Record<string, { schema?: object }> } | undefined;
const jsonOf = (body: unknown): object | undefined => (body as Body)?.content?.['application/json']?.schema;

/** Whether a batch may call it (isBatched in batch.ts). */
function isBatched(method: string, path: string, operation: Operation): boolean {
  const { session } = (operation as { 'x-rights'?: { session?: string } })['x-rights'] ?? {};
  const isStream = JSON.stringify(operation.responses).includes('text/event-stream');
  const isPage = method === 'get' && (!path.includes('{') || session === 'something there');
  return session !== undefined && !isStream && !isPage && path !== '/v1/batch';
}

/** A call in a batch: one schema for each operation. */
function batchSchemas(operations: readonly [string, string, Operation][]): Schemas {
  const calls: Schemas = {};
  const answers = new Set<string>();
  for (const [method, path, operation] of operations) {
    const body = jsonOf(operation.requestBody);
    const name = `${(operation.operationId ?? '').replace(/^./, (first) => first.toUpperCase())}Call`;
    const pattern = `^${path.replaceAll(/\{\w+\}/g, '[^/?]+')}${operation.parameters?.some((one) => 'in' in one && one.in === 'query') === true ? '(\\?.*)?' : ''}$`;
    calls[name] = {
      type: 'object',
      description: operation.summary,
      properties: {
        method: { type: 'string', enum: [method.toUpperCase()] },
        path: path.includes('{')
          ? { type: 'string', pattern, example: path }
          : { type: 'string', enum: [path] },
        ...(body === undefined ? {} : { body }),
      },
      required: ['method', 'path', ...(body === undefined ? [] : ['body'])],
      additionalProperties: false,
    };
    for (const [status, response] of Object.entries(operation.responses)) {
      const schema = status < '300' ? jsonOf(response) : undefined;
      if (schema !== undefined) answers.add(JSON.stringify(schema));
    }
  }
  return {
    ...calls,
    // Not `oneOf`: which one it is, is said by a pattern of paths, which a linter cannot tell apart.
    BatchCall: { anyOf: Object.keys(calls).map(refTo) },
    BatchAnswer: {
      type: 'object',
      description:
        'What a call is answered: with a status below 400 a body, if the call has one, otherwise a problem.',
      properties: {
        index: { type: 'integer', minimum: 0, description: 'The place of the call in the batch, from 0.' },
        status: { type: 'integer', description: 'The status of the call, as if it had been sent alone.' },
        retryAfterS: { type: 'integer', description: 'The header retry-after of that answer.' },
        body: { anyOf: [...answers].sort().map((each) => JSON.parse(each) as { $ref: string }) },
        problem: refTo('Problem'),
      },
      required: ['index', 'status'],
    },
    BatchAnswers: {
      type: 'object',
      properties: { answers: { type: 'array', items: refTo('BatchAnswer') } },
      required: ['answers'],
    },
  };
}

function typeBatch(schemas: Schemas): void {
  const calls = (schemas['Batch'] as { properties?: Record<string, { items?: object }> } | undefined)
    ?.properties?.['calls'];
  if (calls !== undefined) calls.items = refTo('BatchCall');
}

// --- refusals

/** The refusals of one status that some routes have in common. */
interface Refusal {
  name: string;
  reasons: readonly Reason[];
}

/** Names the refusals of a route by their status; what has the same reasons is described once. */
class Refusals {
  private readonly known = new Map<string, Refusal>();

  of(method: string, path: string, operation: Operation): Map<number, Refusal> {
    const { security = [], operationId = '', requestBody } = operation;
    const isOpen = security.every((one) => Object.keys(one).length === 0);
    const bySession = security.some((one) => 'session' in one);
    const name = `${method} ${path}`;
    const byStatus = new Map<number, Reason[]>();
    for (const reason of reasonsOf({ name, isOpen, bySession, hasBody: requestBody !== undefined })) {
      const status = statusOf({ code: reasons[reason].code, reason });
      byStatus.set(status, [...(byStatus.get(status) ?? []), reason]);
    }
    return new Map([...byStatus].map(([status, own]) => [status, this.shared(operationId, status, own)]));
  }

  responses(): Responses {
    return Object.fromEntries(
      [...this.known.values()]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, reasons: own }) => [name, refusalResponse(own)]),
    );
  }

  /** Named after the first route that has it. */
  private shared(operationId: string, status: number, own: readonly Reason[]): Refusal {
    const key = own.join(' ');
    const first = operationId.charAt(0).toUpperCase() + operationId.slice(1);
    const refusal = this.known.get(key) ?? { name: `${first}Refused${String(status)}`, reasons: own };
    this.known.set(key, refusal);
    return refusal;
  }
}

const refusalResponse = (own: readonly Reason[]): Responses[string] => ({
  description: own.map((reason) => `- \`${reason}\`: ${reasons[reason].says}`).join('\n'),
  content: {
    'application/problem+json': {
      schema: {
        allOf: [
          refTo('Problem'),
          { type: 'object', properties: { reason: { type: 'string', enum: [...own] } } },
        ],
      },
      examples: Object.fromEntries(
        own
          .filter((reason) => refusalExamples[reason] !== undefined)
          .map((reason) => [reason, { $ref: `#/components/examples/${reason}` }]),
      ),
    },
  },
});

const problemExamples = (): NonNullable<OpenAPIObject['components']>['examples'] =>
  Object.fromEntries(
    (Object.keys(reasons) as Reason[])
      .filter((reason) => refusalExamples[reason] !== undefined)
      .map((reason) => [reason, { summary: reasons[reason].says, value: refusalExamples[reason] }]),
  );

// --- examples

const hasContent = (body: unknown): body is { content: Record<string, { example?: unknown }> } =>
  typeof body === 'object' && body !== null && 'content' in body;

/** Puts what a test sent and was answered beside the schemas. */
function exemplify(operation: Operation, { request, ...answers }: Record<string, unknown>): void {
  const { requestBody, responses } = operation;
  show(requestBody, () => request);
  // Other media than JSON are named after the status.
  for (const [status, response] of Object.entries(responses))
    show(response, (media) => answers[media === 'application/json' ? status : `${status} ${media}`]);
}

function show(body: unknown, exampleOf: (media: string) => unknown): void {
  if (!hasContent(body)) return;
  for (const [media, content] of Object.entries(body.content)) {
    const example = exampleOf(media);
    if (example !== undefined) content.example = example;
  }
}

const methods = ['get', 'put', 'post', 'delete'] as const;

const tags: Record<string, string> = {
  Sessions: 'Who holds anything: a client, with a secret and a time to live',
  Events: 'What happens to what a session holds and waits for',
  ClusterEvents: 'What happens in the cluster, for administrators',
  Watch: 'What happens under names, without whose it is',
  Permits: 'Permits of semaphores',
  Leases: 'Leases on files: their holder is told before a conflicting open proceeds',
  Opens: 'Opens with access and deny modes',
  Ranges: 'Locks on ranges of bytes: POSIX, OFD and flock',
  Dlm: 'Locks in the six modes of a DLM, on named resources',
  Changes: 'Changes of a file or directory, after its leases are broken',
  Delegations: 'Leases that the service offers, and the stateids of NFS',
  Attributes: 'Attributes that the holder of a write lease may have changed',
  Batch: 'Many calls in one request',
  Sets: 'Several leases and permits at once, all or none',
  Waits: 'Requests that wait, and the grace period',
  Fences: 'Fencing tokens, for storage that checks them',
  Locks: 'Everything that is held, for administrators',
  Exports: 'Trees of files that fileserver adapters serve',
  Stacks: 'Kinds of fileservers, and their adapters',
  Nodes: 'Nodes of the cluster and their lives',
  Regions: 'Groups of nodes, and who is told when one of them dies',
  Pins: 'What must not be removed while somebody needs it',
  Operations: 'Changes of the configuration that take time',
  Subjects: 'What callers with limits use',
  Ops: 'Health and metrics',
};

/** Completes a document that was made from the routes. */
export function completed(document: OpenAPIObject): OpenAPIObject {
  const used = new Set<string>();
  const refusals = new Refusals();
  const batched: [string, string, Operation][] = [];
  for (const [path, item] of Object.entries(document.paths))
    for (const method of methods) {
      const operation = item[method];
      if (operation === undefined) continue;
      for (const tag of operation.tags ?? []) used.add(tag);
      for (const [status, { name }] of refusals.of(method, path, operation))
        operation.responses[String(status)] ??= { $ref: `#/components/responses/${name}` };
      if (isBatched(method, path, operation)) batched.push([method, path, operation]);
      exemplify(operation, examples[`${method} ${path}`] ?? {});
    }
  const schemas: Schemas = {
    ...document.components?.schemas,
    ...furtherSchemas(),
    ...batchSchemas(batched),
  };
  typeBatch(schemas);
  narrowReason(schemas);
  document.components = {
    ...document.components,
    responses: refusals.responses(),
    examples: problemExamples(),
    schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  document.tags = [...used].map((name) => ({ name, description: tags[name] ?? name }));
  return document;
}

/** Clients take any text as a reason, so that new ones may come; the document says which there are. */
function narrowReason(schemas: Schemas): void {
  const { Problem } = schemas;
  if (Problem !== undefined && 'properties' in Problem && Problem.properties !== undefined)
    Problem.properties['reason'] = refTo('Reason');
}
