import { type Metadata, status } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethodStreamingType, GrpcStreamMethod, MessagePattern, Transport } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import type { z } from 'zod';
import { dlm, type nfs, problemOf } from '#contracts';
import { originIn, served } from '#telemetry';
import { Porter } from '../fileserver/porter';
import { actBy, departureOf, type Duplex, fault, GrpcCalls, type Unary } from '../grpc/calls';
import { LockManagerLog } from '../nfs/nfs-log';
import { lockAct, LockManager } from './lock-manager';

const unary = (Object.keys(dlm.methods) as dlm.MethodName[]).map((rpc) => ({
  service: dlm.serviceName,
  rpc,
  streaming: GrpcMethodStreamingType.NO_STREAMING,
}));
const isMethod = (name: string): name is dlm.MethodName => name in dlm.methods;

/** Requests of lock managers over gRPC. */
@Controller()
export class LockManagerController {
  constructor(
    private readonly manager: LockManager,
    private readonly porter: Porter,
    private readonly calls: GrpcCalls,
    private readonly log: LockManagerLog,
  ) {}

  @MessagePattern(unary, Transport.GRPC)
  async answer(request: unknown, metadata: Metadata, call: Unary): Promise<object> {
    const method = call.getPath().split('/').at(-1) ?? '';
    if (!isMethod(method)) throw fault(status.UNIMPLEMENTED, method);
    const admitted = await this.calls.admit(metadata, call, this.log);
    const { caller } = admitted;
    const answer = await served(
      `dlm ${method}`,
      // Not sealed: nothing is decided on it.
      originIn(metadata.getMap()),
      () => this.manager.answer(method, request, caller, departureOf(call)),
      ({ problem }) => problem?.code ?? 'OK',
    );
    const { problem } = answer;
    if (problem === undefined) return this.calls.sealed(call, admitted, answer);
    this.porter.refused(lockAct(method, actBy(call, caller)), problem);
    const instead = await this.calls.instead(call, problem);
    return this.calls.sealed(call, admitted, instead === undefined ? answer : { problem: instead });
  }

  @MessagePattern(
    [{ service: dlm.serviceName, rpc: 'Hello', streaming: GrpcMethodStreamingType.NO_STREAMING }],
    Transport.GRPC,
  )
  async hello(_request: unknown, metadata: Metadata, call: Unary): Promise<object> {
    return this.calls.hello(call, await this.calls.admit(metadata, call, this.log));
  }

  @GrpcStreamMethod(dlm.serviceName, 'Notices')
  async stream(
    messages: Observable<unknown>,
    metadata: Metadata,
    call: Duplex,
  ): Promise<Observable<z.infer<typeof nfs.sealed>>> {
    const admitted = await this.calls.admit(metadata, call, this.log);
    const { caller } = admitted;
    const act = lockAct('Notices', actBy(call, caller));
    if (!this.manager.mayListen(caller)) {
      this.porter.refused(act, problemOf('no_right'));
      throw fault(status.PERMISSION_DENIED, problemOf('no_right').title);
    }
    return this.calls.converse<dlm.Notice>(messages, call, admitted, {
      ...{ act, log: this.log, requests: 'NoticesRequest', messages: 'Notice' },
      refused: (problem) => ({ position: '', refused: { problem } }),
      subscribe: (raw) => this.manager.notices(raw, caller),
    });
  }
}
