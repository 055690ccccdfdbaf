import { status } from '@grpc/grpc-js';
import { RpcException } from '@nestjs/microservices';
import { GrpcServer } from '../../apps/lease-api/src/grpc/server';

/** What the caller of a gRPC method is told if it throws. */

type Send = (error: { code: status; details: string } | null, bytes?: Buffer) => void;

test.each([
  [
    'what is meant for the caller',
    new RpcException({ code: status.UNAUTHENTICATED, message: 'A wrong seal.' }),
  ],
  ['what is not', new Error('a secret of the service')],
])('%s', async (what, error) => {
  const logged: object[] = [];
  const log = { error: (bindings: object) => logged.push(bindings) };
  const services = { some: { unary: () => Promise.reject(error) } };
  const at = { host: '127.0.0.1', port: 0 };
  const server = new GrpcServer(at, 0, undefined as never, services, log as never);
  const of = { service: { Hello: { requestStream: false, responseStream: false } }, prototype: {} };
  const methods = (await server.createService(of as never, 'some')) as Record<
    string,
    (call: object, send: Send) => void
  >;
  const told = new Promise((resolve) => {
    methods['Hello']?.({ getPath: () => '/some/Hello' }, resolve);
  });
  if (what === 'what is meant for the caller') {
    expect(await told).toEqual({ code: status.UNAUTHENTICATED, details: 'A wrong seal.' });
    expect(logged).toEqual([]);
  } else {
    expect(await told).toEqual({ code: status.INTERNAL, details: 'Internal error' });
    expect(logged).toEqual([{ method: '/some/Hello', code: 'EIO', reason: 'invariant', err: error }]);
  }
});
