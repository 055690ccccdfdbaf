import { type AddressInfo, createServer, type Server as Listener, type Socket } from 'node:net';
import {
  logVerbosity,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  setLogVerbosity,
  status,
} from '@grpc/grpc-js';
import { loadSync, type MessageTypeDefinition, type PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { RpcException, ServerGrpc } from '@nestjs/microservices';
import { dlm, limits, nfs } from '#contracts';
import { answerToStranger, connectionsWaitingMax, type Strangers, type Tls, TlsDoor } from '#rpc';
import type { HostPort } from '../config';
import type { Log } from '../telemetry/logger';

/** How many calls a connection may have at a time; an NFS server has one stream of callbacks for every client. */
const streamsMax = 20_000;
/** A peer that is silent for this long is pinged, and has as long to answer. */
const keepaliveMs = 10_000;

/** The first bytes of every HTTP/2 connection (RFC 9113 §3.4). */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** A connection that has not sent the preface by then is closed. */
const prefaceMs = 10_000;
const notGrpc = answerToStranger(
  'This port speaks gRPC (HTTP/2) with NFS servers and lock managers; REST is at LEASEHOLD_HTTP, RPC at LEASEHOLD_RPC.\n',
);

/** Passes on connections that begin like gRPC; a peer that speaks something else is told what this port is. */
function listener(inject: (socket: Socket) => void, strangers: Strangers, tls: Tls | undefined): Listener {
  const look = (socket: Socket): void => {
    passOn(socket, inject);
  };
  const door = tls && new TlsDoor(tls, 'LEASEHOLD_GRPC', look, ['h2']);
  return createServer({ noDelay: true }, (socket) => {
    strangers.admit(socket);
    if (door === undefined) look(socket);
    else door.admit(socket);
  });
}

function passOn(socket: Socket, inject: (socket: Socket) => void): void {
  socket.setTimeout(prefaceMs, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  let said = Buffer.alloc(0);
  const look = (chunk: Buffer): void => {
    said = Buffer.concat([said, chunk]);
    const length = Math.min(said.length, preface.length);
    if (!said.subarray(0, length).equals(preface.subarray(0, length))) {
      socket.off('data', look).resume();
      socket.end(notGrpc);
    } else if (length === preface.length) {
      socket.off('data', look).pause();
      socket.setTimeout(0);
      socket.unshift(said);
      inject(socket);
    }
  };
  socket.on('data', look);
}

const addressOf = (host: string, port: number): string =>
  `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;

/** Messages in their wire form: seals cover the bytes. */
export interface Wire {
  /** The bytes of a request as it came. */
  bytesOf(request: unknown): Uint8Array | undefined;
  /** The bytes of an answer of the method at this path, to be sent as they are. */
  write(path: string, answer: object): Buffer;
  /** A message of a stream. */
  message(name: string): Pick<MessageTypeDefinition<object, object>, 'serialize' | 'deserialize'>;
}

/** The schema. Its methods remember the bytes of a request, and accept answers that are bytes already. */
function schemaAndWire(): { schema: PackageDefinition; wire: Wire } {
  // It imports that of NFS servers.
  const schema = loadSync(dlm.protoPath(), dlm.protoOptions());
  const bytesOf = new WeakMap<object, Uint8Array>();
  const writers = new Map<string, (answer: object) => Buffer>();
  for (const name of [nfs.serviceName, dlm.serviceName]) {
    const service = schema[`${nfs.protoPackage}.${name}`];
    if (service === undefined || 'format' in service) throw new Error(`the schema has no ${name}`);
    for (const method of Object.values(service)) {
      const { path, requestDeserialize: read, responseSerialize: write } = method;
      const writes = (answer: object): Buffer => write(nfs.toGrpc(answer));
      writers.set(path, writes);
      method.requestDeserialize = (bytes) => {
        const request = nfs.fromGrpc(read(bytes));
        bytesOf.set(request, bytes);
        return request;
      };
      method.responseSerialize = (answer: object) => (Buffer.isBuffer(answer) ? answer : writes(answer));
    }
  }
  const wire: Wire = {
    bytesOf: (request) =>
      typeof request === 'object' && request !== null ? bytesOf.get(request) : undefined,
    write: (path, answer) => {
      const write = writers.get(path);
      if (write === undefined) throw new Error(`the schema has no method ${path}`);
      return write(answer);
    },
    message: (name) => {
      const found = schema[`${nfs.protoPackage}.${name}`];
      if (!isMessage(found)) throw new Error(`the schema has no message ${name}`);
      return {
        serialize: (message) => found.serialize(nfs.toGrpc(message)),
        deserialize: (bytes) => nfs.fromGrpc(found.deserialize(bytes)),
      };
    },
  };
  return { schema, wire };
}

const isMessage = (
  definition: PackageDefinition[string] | undefined,
): definition is MessageTypeDefinition<object, object> =>
  definition !== undefined && 'format' in definition && 'serialize' in definition;

const { schema, wire } = schemaAndWire();
export { wire };

/** Answers the unary calls of a service with the bytes to send. */
export interface UnaryService {
  unary(call: ServerUnaryCall<unknown, unknown>): Promise<Buffer>;
}

/** Nest's gRPC transport, which also knows its port, answers reflection, and lets calls finish when it closes. */
export class GrpcServer extends ServerGrpc {
  /** The port on which it listens. */
  port = 0;
  private server: Server | undefined;
  private listening: Listener | undefined;

  constructor(
    private readonly at: HostPort,
    private readonly closeMs: number,
    private readonly strangers: Strangers,
    /** By the names of services. */
    private readonly services: Readonly<Record<string, UnaryService>>,
    private readonly log: Log,
    private readonly tls?: Tls,
  ) {
    super({
      package: nfs.protoPackage,
      packageDefinition: schema,
      onLoadPackageDefinition: (
        definition: ConstructorParameters<typeof ReflectionService>[0],
        server: Server,
      ) => {
        new ReflectionService(definition).addToServer(server);
      },
    });
  }

  /**
   * Streams come to their controllers as Nest has it. Unary calls go there directly: Nest's pipeline takes longer than what
   * we do in it (docs/decisions/0044-route-handlers.md).
   */
  override async createService(of: { service: ServiceDefinition }, name: string): Promise<object> {
    const methods = (await super.createService(of, name)) as Record<string, unknown>;
    const service = this.services[name];
    if (service === undefined) throw new Error(`nothing answers the calls of ${name}`);
    const answer = (call: ServerUnaryCall<unknown, unknown>, send: sendUnaryData<Buffer>): void => {
      service.unary(call).then(
        (bytes) => {
          send(null, bytes);
        },
        (error: unknown) => {
          send(this.statusOf(call.getPath(), error));
        },
      );
    };
    for (const [method, { requestStream, responseStream }] of Object.entries(of.service))
      if (!requestStream && !responseStream) methods[method] = answer;
    return methods;
  }

  private statusOf(method: string, error: unknown): { code: status; details: string } {
    if (error instanceof RpcException) {
      const { code, message } = error.getError() as { code: status; message: string };
      return { code, details: message };
    }
    this.log.error(
      { method, code: 'EIO', reason: 'invariant', err: error },
      'a gRPC call failed unexpectedly',
    );
    return { code: status.INTERNAL, details: 'Internal error' };
  }

  /** Listens only after every method is registered, so that no caller is told that one is missing. */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    // We log what matters ourselves.
    setLogVerbosity(logVerbosity.NONE);
    const server = new Server({
      'grpc.max_receive_message_length': limits.rpcBytesMax,
      'grpc.max_send_message_length': limits.rpcBytesMax,
      'grpc.max_concurrent_streams': streamsMax,
      'grpc.keepalive_time_ms': keepaliveMs,
      'grpc.keepalive_timeout_ms': keepaliveMs,
      // Counts what nobody reads.
      'grpc.enable_channelz': 0,
    });
    try {
      this.grpcClient = server;
      await this.bindEvents();
      const { host, port } = this.at;
      const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
      const listening = listener(
        (socket) => {
          injector.injectConnection(socket);
        },
        this.strangers,
        this.tls,
      );
      this.port = await new Promise<number>((resolve, reject) => {
        listening.once('error', (error) => {
          const why = `LEASEHOLD_GRPC: cannot listen on ${addressOf(host, port)}: ${error.message}`;
          reject(new Error(why, { cause: error }));
        });
        listening.listen({ host, port, backlog: connectionsWaitingMax }, () => {
          resolve((listening.address() as AddressInfo).port);
        });
      });
      this.listening = listening;
      this.server = server;
      callback();
    } catch (error) {
      callback(error);
    }
  }

  override async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.listening?.close();
    if (server === undefined) return;
    const cut = setTimeout(() => {
      server.forceShutdown();
    }, this.closeMs);
    await new Promise<void>((resolve) => {
      server.tryShutdown(() => {
        resolve();
      });
    });
    clearTimeout(cut);
  }
}
