import { type Metadata, status } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcStreamMethod } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import type { z } from 'zod';
import { dlm, type nfs, problemOf } from '#contracts';
import { Porter } from '../fileserver/porter';
import { actBy, type Duplex, fault, GrpcCalls, type Service, type Unary } from '../grpc/calls';
import type { UnaryService } from '../grpc/server';
import { LockManagerLog } from '../nfs/nfs-log';
import { lockAct, LockManager } from './lock-manager';

const isMethod = (name: string): name is dlm.MethodName => name in dlm.methods;

/** Requests of lock managers over gRPC. */
@Controller()
export class LockManagerController implements UnaryService {
  private readonly service: Service<dlm.MethodName, Awaited<ReturnType<LockManager['answer']>>>;

  constructor(
    private readonly manager: LockManager,
    private readonly porter: Porter,
    private readonly calls: GrpcCalls,
    private readonly log: LockManagerLog,
  ) {
    this.service = {
      ...{ name: 'dlm', log, isMethod, actOf: lockAct },
      answer: (...asked) => manager.answer(...asked),
      outcomeOf: ({ problem }) => problem?.code ?? 'OK',
      failure: (problem) => ({ problem }),
    };
  }

  unary(call: Unary): Promise<Buffer> {
    return this.calls.unary(call, this.service);
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
