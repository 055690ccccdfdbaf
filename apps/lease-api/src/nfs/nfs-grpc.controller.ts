import { type Metadata, status } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcStreamMethod } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import type { z } from 'zod';
import { nfs, problemOf } from '#contracts';
import { digestOf } from '../application/ids';
import { Porter } from '../fileserver/porter';
import { actBy, type Duplex, fault, GrpcCalls, type Service, type Unary } from '../grpc/calls';
import type { UnaryService } from '../grpc/server';
import { secretOf } from '../identity/caller';
import { Callbacks } from './callbacks';
import { NfsLog } from './nfs-log';
import { actOf, failure, mayCall, NfsState } from './nfs-state';

const isMethod = (name: string): name is nfs.MethodName => name in nfs.methods;

/** Requests of NFS servers over gRPC. */
@Controller()
export class NfsGrpcController implements UnaryService {
  private readonly service: Service<nfs.MethodName, Awaited<ReturnType<NfsState['answer']>>>;

  constructor(
    state: NfsState,
    private readonly callbacks: Callbacks,
    private readonly porter: Porter,
    private readonly calls: GrpcCalls,
    private readonly log: NfsLog,
  ) {
    this.service = {
      ...{ name: 'nfs', log, isMethod, actOf, failure },
      answer: (...asked) => state.answer(...asked),
      outcomeOf: (answer) => answer.status,
    };
  }

  unary(call: Unary): Promise<Buffer> {
    return this.calls.unary(call, this.service);
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
