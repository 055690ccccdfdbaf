import { type Metadata, type ServerDuplexStream, type ServerUnaryCall, status } from '@grpc/grpc-js';
import { Controller, Inject } from '@nestjs/common';
import {
  GrpcMethodStreamingType,
  GrpcStreamMethod,
  MessagePattern,
  RpcException,
  Transport,
} from '@nestjs/microservices';
import { Observable } from 'rxjs';
import { nfs, problemOf } from '#contracts';
import { digestOf } from '../application/ids';
import { isRefused } from '../application/refusal';
import type { Door } from '#rpc';
import { RPC_DOOR } from '../fileserver/fileserver.controller';
import { problemOfRefusal } from '../problem';
import { Callbacks, type CallbackStream } from './callbacks';
import { bytesOfRequest } from './grpc-server';
import { NfsLog } from './nfs-log';
import { failure, NfsState } from './nfs-state';

/** A stream that does not say whose it is by then is ended. */
const subscribeMs = 10_000;

const unary = (Object.keys(nfs.methods) as nfs.MethodName[]).map((rpc) => ({
  service: nfs.serviceName,
  rpc,
  streaming: GrpcMethodStreamingType.NO_STREAMING,
}));
const isMethod = (name: string): name is nfs.MethodName => name in nfs.methods;

/** What is wrong with a call as such; what is refused is an answer. */
const fault = (code: status, message: string): RpcException => new RpcException({ code, message });

/** What NFS servers ask over gRPC. */
@Controller()
export class NfsGrpcController {
  constructor(
    private readonly state: NfsState,
    private readonly callbacks: Callbacks,
    @Inject(RPC_DOOR) private readonly door: Door,
    private readonly log: NfsLog,
  ) {}

  @MessagePattern(unary, Transport.GRPC)
  async answer(
    request: unknown,
    metadata: Metadata,
    call: ServerUnaryCall<unknown, unknown>,
  ): Promise<object> {
    this.check(metadata, call.getPath(), bytesOfRequest(call.request));
    const method = call.getPath().split('/').at(-1) ?? '';
    if (!isMethod(method)) throw fault(status.UNIMPLEMENTED, method);
    const gone = new AbortController();
    call.once('cancelled', () => {
      gone.abort();
    });
    return this.state.answer(method, request, gone.signal);
  }

  @GrpcStreamMethod(nfs.serviceName, 'Callbacks')
  stream(
    messages: Observable<unknown>,
    metadata: Metadata,
    call: ServerDuplexStream<unknown, unknown>,
  ): Observable<nfs.Callback> {
    this.check(metadata, call.getPath(), undefined);
    return new Observable((client) => {
      const gone = new AbortController();
      let begun: Promise<CallbackStream | undefined> | undefined;
      const begin = async (raw: unknown): Promise<CallbackStream | undefined> => {
        const parsed = nfs.subscribe.safeParse((raw as { subscribe?: unknown }).subscribe);
        if (!parsed.success) {
          client.error(fault(status.INVALID_ARGUMENT, 'The first message must subscribe.'));
          return undefined;
        }
        const { sessionId, secret, after } = parsed.data;
        const stream = await this.callbacks.stream({ sessionId, digest: digestOf(secret), after });
        if (isRefused(stream)) {
          const { status: stat, problem } = failure(problemOfRefusal(stream));
          client.error(fault(status.FAILED_PRECONDITION, `${stat} ${problem.reason}: ${problem.title}`));
          return undefined;
        }
        void stream
          .pump((callback) => {
            client.next(callback);
          }, gone.signal)
          .then((prompt) => {
            if (prompt) client.complete();
            else {
              this.log.silent(sessionId);
              client.error(fault(status.DEADLINE_EXCEEDED, 'Callbacks were not acknowledged in time.'));
            }
          });
        return stream;
      };
      const failed = (error: unknown): void => {
        this.log.failed('Callbacks', error);
        client.error(fault(status.UNAVAILABLE, problemOf('table_unreachable').title));
      };
      const late = setTimeout(() => {
        client.error(fault(status.INVALID_ARGUMENT, 'Nobody subscribed.'));
      }, subscribeMs);
      const subscription = messages.subscribe({
        next: (raw) => {
          clearTimeout(late);
          if (begun === undefined) {
            begun = begin(raw);
            begun.catch(failed);
            return;
          }
          const parsed = nfs.acknowledge.safeParse((raw as { acknowledge?: unknown }).acknowledge);
          if (parsed.success)
            void begun.then(
              (stream) => stream?.acknowledge(parsed.data.position),
              () => undefined,
            );
        },
        error: () => {
          client.complete();
        },
        complete: () => {
          client.complete();
        },
      });
      return () => {
        clearTimeout(late);
        subscription.unsubscribe();
        gone.abort();
      };
    });
  }

  /** Throws unless the call is sealed with a key of ours, and new. */
  private check(metadata: Metadata, path: string, bytes: Uint8Array | undefined): void {
    const [seal] = metadata.get(nfs.sealHeader);
    const problem = this.door.refusalOfCall(path, seal?.toString(), bytes);
    if (problem === undefined) return;
    this.log.refused(path, problem);
    throw fault(status.UNAUTHENTICATED, `${problem.reason}: ${problem.detail ?? ''}`);
  }
}
