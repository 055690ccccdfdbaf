import { RequestMethod, type Type } from '@nestjs/common';
import {
  HTTP_CODE_METADATA,
  METHOD_METADATA,
  PATH_METADATA,
  RESPONSE_PASSTHROUGH_METADATA,
  ROUTE_ARGS_METADATA,
  RouteParamtypes,
} from '@nestjs/common/internal';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RouteOptions } from 'fastify';
import type { z } from 'zod';
import { BatchCalls, isBatched, type Serve } from './batch';
import { type Access, accessOf, RightsGuard } from './credentials.guard';
import type { Reply, Request } from './exchange';
import { ProblemFilter } from './problem.filter';
import { validated } from './validation';

/**
 * Serves the routes of the controllers by handlers of Fastify's, compiled once from the controllers' decorators: admit,
 * validate, call, send. Nest's own pipeline does the same for any combination of guards, pipes and interceptors, and
 * takes longer than what we do in it (docs/decisions/0044-route-handlers.md).
 */

type Class = Type<Record<string, Method>>;
type Method = (...args: unknown[]) => unknown;
type Read = (request: Request, reply: Reply) => unknown;

const responseType = String(RouteParamtypes.RESPONSE);

/** A parameter of a method, as Nest's decorators describe it. */
interface Parameter {
  readonly index: number;
  readonly data?: string;
  readonly schema?: z.ZodType;
  /** Of a decorator of our own. */
  readonly factory?: (data: unknown, context: ExecutionContextHost) => unknown;
}

const metadata = (key: string, of: object, name?: string): unknown =>
  name === undefined ? Reflect.getMetadata(key, of) : Reflect.getMetadata(key, of, name);

/** Replaces the handlers of all controllers' routes. Call it before the routes are made; the start fails if one is left. */
export function serveDirectly(app: NestFastifyApplication): void {
  const [guard, filter] = [app.get(RightsGuard), app.get(ProblemFilter)];
  const batch = app.get(BatchCalls);
  const handlers = new Map<string, RouteOptions['handler']>();
  for (const { controllers } of app.get(ModulesContainer).values())
    for (const { instance, metatype } of controllers.values())
      for (const { verb, url, access, serve } of handlersOf(instance, metatype as Class, guard, filter)) {
        handlers.set(`${verb} ${url}`, handlerOf(serve));
        if (isBatched(access, verb, url)) batch.add(verb, url, serve);
      }
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    const name = `${String(route.method)} ${route.url}`;
    const handler = handlers.get(name);
    if (handler === undefined) return;
    route.handler = handler;
    handlers.delete(name);
  });
  fastify.addHook('onReady', (done) => {
    const [left] = handlers.keys();
    done(left === undefined ? undefined : new Error(`there is no route ${left} to serve`));
  });
}

function* handlersOf(
  instance: object,
  of: Class,
  guard: RightsGuard,
  filter: ProblemFilter,
): Generator<Handler> {
  const prototype = of.prototype as Record<string, Method>;
  for (const name of new MetadataScanner().getAllMethodNames(prototype)) {
    const method = prototype[name] as Method;
    const path = metadata(PATH_METADATA, method) as string | undefined;
    if (path === undefined) continue;
    const verb = RequestMethod[metadata(METHOD_METADATA, method) as RequestMethod];
    const parts = [metadata(PATH_METADATA, of) as string, path].flatMap((each) => each.split('/'));
    const url = `/${parts.filter((part) => part !== '').join('/')}`;
    const access = accessOf(method, of);
    const serve = serveOf({ instance, of, name, method, verb, access }, guard, filter);
    yield { verb, url, access, serve };
  }
}

interface Handler {
  readonly verb: string;
  readonly url: string;
  readonly access: Access | undefined;
  readonly serve: Serve;
}
interface Route {
  readonly instance: object;
  readonly of: Class;
  readonly name: string;
  readonly method: Method;
  readonly verb: string;
  readonly access: Access | undefined;
}

function serveOf(
  { instance, of, name, method, verb, access }: Route,
  guard: RightsGuard,
  filter: ProblemFilter,
): Serve {
  const status =
    (metadata(HTTP_CODE_METADATA, method) as number | undefined) ?? (verb === 'POST' ? 201 : 200);
  const parameters = Object.entries(
    (metadata(ROUTE_ARGS_METADATA, of, name) ?? {}) as Record<string, Parameter>,
  );
  // In the order of the decorators, which is that in which their problems are told.
  const readers = parameters.map(([key, parameter]): [number, Read] => [
    parameter.index,
    readerOf(key, parameter),
  ]);
  // A method that has the reply answers itself, unless it says that it does not.
  const sends =
    !parameters.some(([key]) => typeOf(key) === responseType) ||
    metadata(RESPONSE_PASSTHROUGH_METADATA, of, name) === true;
  return async (request, reply) => {
    try {
      await guard.admit(access, request, reply);
      const args = new Array<unknown>(readers.length);
      for (const [index, read] of readers) args[index] = read(request, reply);
      reply.code(status);
      const body = await method.apply(instance, args);
      if (sends) reply.send(body as object);
    } catch (error) {
      await filter.answer(error, request, reply);
    }
  };
}

const handlerOf =
  (serve: Serve): RouteOptions['handler'] =>
  (request, reply) => {
    if (hasEmptyParameter(request.params)) reply.callNotFound();
    else void serve(request, reply);
  };

/** Fastify's router lets a parameter of a path be empty. */
function hasEmptyParameter(params: unknown): boolean {
  for (const name in params as object) if ((params as Record<string, unknown>)[name] === '') return true;
  return false;
}

const typeOf = (key: string): string => key.split(':', 1)[0] ?? '';

function readerOf(key: string, { data, schema, factory }: Parameter): Read {
  if (factory !== undefined)
    return (request, reply) => factory(data, new ExecutionContextHost([request, reply]));
  const read = reads[typeOf(key)]?.(data);
  if (read === undefined) throw new Error(`a parameter of the kind ${key} is not read by route-handlers.ts`);
  return schema === undefined ? read : (request, reply) => validated(schema, read(request, reply));
}

/** By the kind of a parameter. */
const reads: Record<string, (data?: string) => Read> = {
  [RouteParamtypes.REQUEST]: () => (request) => request,
  [responseType]: () => (_, reply) => reply,
  [RouteParamtypes.BODY]: () => (request) => request.body,
  [RouteParamtypes.QUERY]: () => (request) => request.query,
  [RouteParamtypes.PARAM]: () => (request) => request.params,
  [RouteParamtypes.HEADERS]: (data) => (request) =>
    data === undefined ? request.headers : request.headers[data],
};
