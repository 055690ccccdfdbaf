import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { ServerGrpc } from '@nestjs/microservices';
import { limits, nfs } from '#contracts';
import type { HostPort } from '../config';

/** Calls of one connection at a time; an NFS server has one stream of callbacks for every client. */
const streamsMax = 20_000;
/** A peer that is silent for so long is asked whether it is there, and has as long to say so. */
const keepaliveMs = 10_000;

const addressOf = (host: string, port: number): string =>
  `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;

const bytesOf = new WeakMap<object, Uint8Array>();

/** The bytes in which a request came: its seal is over them. */
export const bytesOfRequest = (request: unknown): Uint8Array | undefined =>
  typeof request === 'object' && request !== null ? bytesOf.get(request) : undefined;

/** The methods of the schema, which remember how a request looked on the wire. */
function rememberingBytes(): PackageDefinition {
  const definition = loadSync(nfs.protoPath(), nfs.protoOptions);
  const service = definition[`${nfs.protoPackage}.${nfs.serviceName}`];
  if (service === undefined || 'format' in service) throw new Error('the schema has no such service');
  for (const method of Object.values(service)) {
    const read = method.requestDeserialize;
    method.requestDeserialize = (bytes) => {
      const request = read(bytes);
      bytesOf.set(request, bytes);
      return request;
    };
  }
  return definition;
}

/** Nest's gRPC transport, which tells what port it listens on, answers reflection, and lets calls finish when it closes. */
export class GrpcServer extends ServerGrpc {
  /** Where it listens. */
  port = 0;
  private server: Server | undefined;

  constructor(
    private readonly at: HostPort,
    private readonly closeMs: number,
  ) {
    super({
      package: nfs.protoPackage,
      packageDefinition: rememberingBytes(),
      onLoadPackageDefinition: (
        definition: ConstructorParameters<typeof ReflectionService>[0],
        server: Server,
      ) => {
        new ReflectionService(definition).addToServer(server);
      },
    });
  }

  /** Listens once every method is there: nobody is told that one is missing. */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    // What is worth a line is logged in our own way.
    setLogVerbosity(logVerbosity.NONE);
    const server = new Server({
      'grpc.max_receive_message_length': limits.rpcBytesMax,
      'grpc.max_send_message_length': limits.rpcBytesMax,
      'grpc.max_concurrent_streams': streamsMax,
      'grpc.keepalive_time_ms': keepaliveMs,
      'grpc.keepalive_timeout_ms': keepaliveMs,
    });
    try {
      this.grpcClient = server;
      await this.bindEvents();
      const { host, port } = this.at;
      const address = addressOf(host, port);
      this.port = await new Promise<number>((resolve, reject) => {
        server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
          if (error === null) resolve(bound);
          else
            reject(
              new Error(`LEASEHOLD_GRPC: cannot listen on ${address}: ${error.message}`, { cause: error }),
            );
        });
      });
      this.server = server;
      callback();
    } catch (error) {
      callback(error);
    }
  }

  override async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
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
