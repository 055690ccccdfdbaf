import { type Metadata, status } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethodStreamingType, GrpcStreamMethod, MessagePattern, Transport } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import type { z } from 'zod';
import { nfs, problemOf } from '#contracts';
import { originIn, served } from '#telemetry';
import { digestOf } from '../application/ids';
import { Porter } from '../fileserver/porter';
import { actBy, departureOf, type Duplex, fault, GrpcCalls, type Unary } from '../grpc/calls';
import { secretOf } from '../identity/caller';
import { Callbacks } from './callbacks';
import { NfsLog } from './nfs-log';
import { actOf, failure, mayCall, NfsState } from './nfs-state';

const unary = (Object.keys(nfs.methods) as nfs.MethodName[]).map((rpc) => ({
  service: nfs.serviceName,
  rpc,
  streaming: GrpcMethodStreamingType.NO_STREAMING,
}));
const isMethod = (name: string): name is nfs.MethodName => name in nfs.methods;

/** Requests of NFS servers over gRPC. */
@Controller()
export class NfsGrpcController {
  constructor(
    private readonly state: NfsState,
    private readonly callbacks: Callbacks,
    private readonly porter: Porter,
    private readonly calls: GrpcCalls,
    private readonly log: NfsLog,
  ) {}

  @MessagePattern(unary, Transport.GRPC)
  async answer(request: unknown, metadata: Metadata, call: Unary): Promise<object> {
    const method = call.getPath().split('/').at(-1) ?? '';
    if (!isMethod(method)) throw fault(status.UNIMPLEMENTED, method);
    const admitted = await this.calls.admit(metadata, call, this.log);
    const { caller } = admitted;
    const answer = await served(
      `nfs ${method}`,
      // Not sealed: nothing is decided on it.
      originIn(metadata.getMap()),
      () => this.state.answer(method, request, caller, departureOf(call)),
      (given) => given.status,
    );
    const { problem } = answer;
    if (problem === undefined) return this.calls.sealed(call, admitted, answer);
    this.porter.refused(actOf(method, actBy(call, caller)), problem);
    const instead = await this.calls.instead(call, problem);
    return this.calls.sealed(call, admitted, instead === undefined ? answer : failure(instead));
  }

  @MessagePattern(
    [{ service: nfs.serviceName, rpc: 'Hello', streaming: GrpcMethodStreamingType.NO_STREAMING }],
    Transport.GRPC,
  )
  async hello(_request: unknown, metadata: Metadata, call: Unary): Promise<object> {
    return this.calls.hello(call, await this.calls.admit(metadata, call, this.log));
  }

  @GrpcStreamMethod(nfs.serviceName, 'Callbacks')
  async stream(
    messages: Observable<unknown>,
    metadata: Metadata,
    call: Duplex,
  ): Promise<Observable<z.infer<typeof nfs.sealed>>> {
    const admitted = await this.calls.admit(metadata, call, this.log);
    const { caller } = admitted;
    const act = actOf('Callbacks', actBy(call, caller));
    if (!mayCall('Callbacks', caller)) {
      this.porter.refused(act, problemOf('no_right'));
      throw fault(status.PERMISSION_DENIED, problemOf('no_right').title);
    }
    return this.calls.converse<nfs.Callback>(messages, call, admitted, {
      ...{ act, log: this.log, requests: 'CallbacksRequest', messages: 'Callback' },
      refused: (problem) => ({ position: '', refused: failure(problem) }),
      subscribe: async (raw) => {
        const parsed = nfs.subscribe.safeParse(raw);
        if (!parsed.success) return undefined;
        const { sessionId, secret, after } = parsed.data;
        const digest = digestOf(secretOf(secret, caller));
        return { sessionId, mailbox: await this.callbacks.stream({ sessionId, digest, after, caller }) };
      },
    });
  }
}
