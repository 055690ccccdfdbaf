import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Body, Controller, Delete, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { fastify } from 'fastify';
import { serveJobs } from './side-process';

/** The answer to every POST. */
let answer: unknown = {};

@Controller()
class EchoController {
  @Post(['/', 'v1/sessions', 'v1/leases/acquire'])
  post(@Body() _body: unknown): unknown {
    return answer;
  }
  @Delete('v1/leases/:id')
  @HttpCode(204)
  remove(): void {
    // Nothing to do.
  }
}
@Module({ controllers: [EchoController] })
class EchoModule {}

/** Servers that only read JSON and answer with JSON: the cost of HTTP itself, and what a framework adds. */
const makers = {
  http: async (): Promise<Server> => {
    const server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part));
      request.once('end', () => {
        if (text !== '') JSON.parse(text);
        const body = request.method === 'DELETE' ? '' : JSON.stringify(answer);
        response.statusCode = body === '' ? 204 : 201;
        if (body === '') response.end();
        else
          response
            .setHeader('content-type', 'application/json; charset=utf-8')
            .setHeader('content-length', Buffer.byteLength(body))
            .end(body);
      });
    }).listen(0, '127.0.0.1');
    server.keepAliveTimeout = 0;
    await once(server, 'listening');
    return server;
  },
  fastify: async (): Promise<Server> => {
    const app = fastify();
    for (const path of ['/', '/v1/sessions', '/v1/leases/acquire'])
      app.post(path, (_request, reply) => reply.code(201).send(answer));
    app.delete('/v1/leases/:id', (_request, reply) => reply.code(204).send());
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app.server;
  },
  nest: async (): Promise<Server> => {
    const app = await NestFactory.create<NestFastifyApplication>(EchoModule, new FastifyAdapter(), {
      logger: false,
    });
    await app.listen(0, '127.0.0.1');
    return app.getHttpServer();
  },
};
export type Bare = keyof typeof makers;

const jobs = {
  /** Returns its address. */
  listen: async (options: { as?: Bare; answer?: unknown }): Promise<string> => {
    answer = options.answer ?? {};
    const server = await makers[options.as ?? 'http']();
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  },
};
export type EchoJobs = typeof jobs;
serveJobs(jobs);
