import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Metadata, Server as GrpcServer, ServerCredentials, type ServerUnaryCall } from '@grpc/grpc-js';
import { Body, Controller, Delete, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { fastify } from 'fastify';
import { open as openLmdb } from 'lmdb';
import { nfs } from '#contracts';
import { nfsService } from './grpc-caller';
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

/** What the methods of an NFS server's are answered, whatever was sent. */
const stateid = { seqid: 1, other: Buffer.alloc(12, 7) };
const grpcAnswers: Record<string, object> = {
  Hello: { instance: '00000000-0000-4000-8000-000000000000' },
  ExchangeId: {
    status: 'NFS4_OK',
    sessionId: '00000000-0000-4000-8000-000000000000',
    secret: 'x'.repeat(43),
  },
  Open: {
    ...{ status: 'NFS4_OK', stateid, access: 'OPEN4_SHARE_ACCESS_BOTH', deny: 'OPEN4_SHARE_DENY_NONE' },
    delegation: { type: 'OPEN_DELEGATE_NONE', why: 'WND4_NOT_WANTED' },
    handle: 'grpc/0.dat',
  },
  Close: { status: 'NFS4_OK', stateid },
  Lock: { status: 'NFS4_OK', stateid },
  LockU: { status: 'NFS4_OK', stateid },
};

/** As long as a seal, which goes with every answer. */
const sealLength = 44;

/** Reads protobuf and answers with protobuf: the cost of gRPC itself; `directory`: and a put to LMDB there before the answer. */
async function grpcEcho({ directory }: { directory?: string }): Promise<string> {
  const put = directory === undefined ? undefined : putIn(directory);
  const server = new GrpcServer();
  const service = nfsService();
  for (const [name, given] of Object.entries(grpcAnswers)) {
    const definition = service[name];
    if (definition === undefined) throw new Error(`the schema has no method ${name}`);
    server.register(
      definition.path,
      (call: ServerUnaryCall<unknown, unknown>, callback: (error: null, answer: object) => void) => {
        const answer = (): void => {
          const metadata = new Metadata();
          metadata.set(nfs.sealHeader, 'x'.repeat(sealLength));
          call.sendMetadata(metadata);
          callback(null, given);
        };
        if (put === undefined) answer();
        else void put().then(answer);
      },
      definition.responseSerialize,
      definition.requestDeserialize,
      'unary',
    );
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return `127.0.0.1:${String(port)}`;
}

/** A put as the embedded table makes it. */
function putIn(directory: string): () => Promise<unknown> {
  const db = openLmdb<Buffer, number>(join(directory, 'floor.mdb'), {
    ...{ encoding: 'binary', overlappingSync: false },
  });
  const value = Buffer.alloc(300, 1);
  return () => db.put(1, value);
}

const jobs = {
  grpc: grpcEcho,
  /** Returns its address. */
  listen: async (options: { as?: Bare; answer?: unknown }): Promise<string> => {
    answer = options.answer ?? {};
    const server = await makers[options.as ?? 'http']();
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  },
};
export type EchoJobs = typeof jobs;
serveJobs(jobs);
