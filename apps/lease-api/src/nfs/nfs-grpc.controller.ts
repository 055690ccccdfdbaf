import { Metadata, type ServerDuplexStream, type ServerUnaryCall, status } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import {
  GrpcMethodStreamingType,
  GrpcStreamMethod,
  MessagePattern,
  RpcException,
  Transport,
} from '@nestjs/microservices';
import { Observable } from 'rxjs';
import type { z } from 'zod';
import { nfs, problemOf } from '#contracts';
import { digestOf } from '../application/ids';
import { isRefused } from '../application/refusal';
import type { AdmittedCall, StreamSeal } from '#rpc';
import { originIn, served } from '#telemetry';
import type { Peer } from '../failures';
import { Keyring } from '../fileserver/keyring';
import { type Act, Porter } from '../fileserver/porter';
import { type Caller, secretOf } from '../identity/caller';
import { problemOfRefusal } from '../problem';
import { Callbacks, type CallbackStream } from './callbacks';
import { wire } from './grpc-server';
import { NfsLog } from './nfs-log';
import { actOf, failure, inTurn, mayCall, NfsState } from './nfs-state';

/** A stream that has not named its session by then is ended. */
const subscribeMs = 10_000;

const unary = (Object.keys(nfs.methods) as nfs.MethodName[]).map((rpc) => ({
  service: nfs.serviceName,
  rpc,
  streaming: GrpcMethodStreamingType.NO_STREAMING,
}));
const isMethod = (name: string): name is nfs.MethodName => name in nfs.methods;

type Sealed = z.infer<typeof nfs.sealed>;
type Call = ServerUnaryCall<unknown, unknown> | ServerDuplexStream<unknown, unknown>;

/** An error of the call itself; a refusal is an ordinary answer. */
const fault = (code: status, message: string): RpcException => new RpcException({ code, message });

/** Requests of NFS servers over gRPC. */
@Controller()
export class NfsGrpcController {
  constructor(
    private readonly state: NfsState,
    private readonly callbacks: Callbacks,
    private readonly porter: Porter,
    private readonly keyring: Keyring,
    private readonly log: NfsLog,
  ) {}

  @MessagePattern(unary, Transport.GRPC)
  async answer(
    request: unknown,
    metadata: Metadata,
    call: ServerUnaryCall<unknown, unknown>,
  ): Promise<object> {
    const path = call.getPath();
    const method = path.split('/').at(-1) ?? '';
    if (!isMethod(method)) throw fault(status.UNIMPLEMENTED, method);
    const admitted = await this.admit(metadata, call, wire.bytesOf(call.request));
    const gone = new AbortController();
    call.once('cancelled', () => {
      gone.abort();
    });
    const caller = this.keyring.callerOf(admitted.key);
    const answer = await served(
      `nfs ${method}`,
      // Not sealed: nothing is decided on it.
      originIn(metadata.getMap()),
      () => this.state.answer(method, request, caller, gone.signal),
      (given) => given.status,
    );
    if (answer.problem !== undefined) this.porter.refused(actOf(method, actBy(call, caller)), answer.problem);
    return sealed(
      call,
      admitted,
      method,
      await inTurn(answer, () => this.porter.wrongSecret(peerOf(call), path)),
    );
  }

  /** Tells which process this is: it accepts no messages addressed to another. */
  @MessagePattern(
    [{ service: nfs.serviceName, rpc: 'Hello', streaming: GrpcMethodStreamingType.NO_STREAMING }],
    Transport.GRPC,
  )
  async hello(
    _request: unknown,
    metadata: Metadata,
    call: ServerUnaryCall<unknown, unknown>,
  ): Promise<object> {
    const admitted = await this.admit(metadata, call, wire.bytesOf(call.request));
    return sealed(call, admitted, 'Hello', { instance: this.keyring.instance });
  }

  @GrpcStreamMethod(nfs.serviceName, 'Callbacks')
  async stream(
    messages: Observable<unknown>,
    metadata: Metadata,
    call: ServerDuplexStream<unknown, unknown>,
  ): Promise<Observable<Sealed>> {
    const { stream: seals, key } = await this.admit(metadata, call, undefined);
    const caller = this.keyring.callerOf(key);
    const act = actOf('Callbacks', actBy(call, caller));
    if (!mayCall('Callbacks', caller)) {
      this.porter.refused(act, problemOf('no_right'));
      throw fault(status.PERMISSION_DENIED, problemOf('no_right').title);
    }
    return new Observable((client) => {
      const tell = (callback: nfs.Callback): void => {
        const bytes = wire.writeCallback(callback);
        client.next({ message: bytes.toString('base64'), mac: seals.seal(bytes) });
      };
      const gone = new AbortController();
      let begun: Promise<CallbackStream | undefined> | undefined;
      const begin = async (raw: unknown): Promise<CallbackStream | undefined> => {
        const parsed = nfs.subscribe.safeParse((raw as { subscribe?: unknown }).subscribe);
        if (!parsed.success) {
          client.error(fault(status.INVALID_ARGUMENT, 'The first message must subscribe.'));
          return undefined;
        }
        const { sessionId, secret, after } = parsed.data;
        const stream = await this.callbacks.stream({
          sessionId,
          digest: digestOf(secretOf(secret, caller)),
          after,
          caller,
        });
        if (isRefused(stream)) {
          const refused = failure(problemOfRefusal(stream));
          this.porter.refused(act, refused.problem);
          tell({
            position: '',
            refused: await inTurn(refused, () => this.porter.wrongSecret(peerOf(call), call.getPath())),
          });
          client.complete();
          return undefined;
        }
        void stream.pump(tell, gone.signal).then((prompt) => {
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
        next: (given) => {
          clearTimeout(late);
          const raw = opened(seals, given);
          if (raw === undefined) {
            this.porter.broken(peerOf(call), call.getPath());
            client.error(fault(status.UNAUTHENTICATED, 'A message of the stream has a wrong seal.'));
            return;
          }
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

  /** Throws unless the call is sealed with one of our keys, addressed to this process, and new. */
  private async admit(
    metadata: Metadata,
    call: Call,
    bytes: Uint8Array | undefined,
  ): Promise<Extract<AdmittedCall, { ok: true }>> {
    const path = call.getPath();
    const [seal] = metadata.get(nfs.sealHeader);
    const admitted = await this.porter.admit(peerOf(call), path, seal?.toString(), bytes);
    if (admitted.ok) return admitted;
    const { problem, isGuess } = admitted;
    if (isGuess !== true) this.log.refused(path, problem);
    const isTooMany = problem.reason === 'too_many_failures';
    const code = isTooMany ? status.RESOURCE_EXHAUSTED : status.UNAUTHENTICATED;
    throw fault(code, `${problem.reason}: ${problem.detail ?? problem.title}`);
  }
}

/** What a call is about to do. */
const actBy = (call: Call, caller: Caller): Act => ({
  ...{ peer: peerOf(call), via: 'gRPC', action: call.getPath(), caller },
});

/** The other end, which gRPC names `ADDRESS:PORT`. */
function peerOf(call: Call): Peer {
  const [, address, port] = /^\[?(.*?)\]?:(\d+)$/.exec(call.getPeer()) ?? [];
  return { remoteAddress: address, remotePort: Number(port) };
}

/** Sends the seal of an answer, and returns the bytes of the answer to send. */
function sealed(
  call: ServerUnaryCall<unknown, unknown>,
  { seal }: Extract<AdmittedCall, { ok: true }>,
  method: string,
  answer: object,
): Buffer {
  const bytes = wire.write(method, answer);
  const metadata = new Metadata();
  metadata.set(nfs.sealHeader, seal(bytes));
  call.sendMetadata(metadata);
  return bytes;
}

/** The content of a stream's message; undefined unless it is the next one from the right sender. */
function opened(seals: StreamSeal, given: unknown): object | undefined {
  const read = nfs.sealed.safeParse(given);
  if (!read.success) return undefined;
  const bytes = Buffer.from(read.data.message, 'base64');
  if (!seals.isNext(bytes, read.data.mac)) return undefined;
  try {
    return wire.readRequest(bytes);
  } catch {
    return undefined;
  }
}
