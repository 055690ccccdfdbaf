import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { fileserver, problemOf, type Problem } from '#contracts';
import { type Door, Repeats } from '#rpc';
import { serve } from '#telemetry';
import { ApiClient } from './api-client';
import type { Driver } from './driver';
import { log } from './log';
import { AdapterMetrics } from './metrics';

type Answer = ({ ok: true } & Record<string, unknown>) | { ok: false; problem: Problem };

/** What the controller needs to know about this process. */
export interface Served {
  readonly incarnation: string;
  readonly door: Door;
  /** Whether every request is logged. */
  readonly accessLog: boolean;
}
export const DRIVER = Symbol('driver');
export const SERVED = Symbol('served');

const no = (problem: Problem): Answer => ({ ok: false, problem });
const outcomeOf = (answer: Answer): string => {
  if (!answer.ok) return answer.problem.reason;
  return typeof answer['reason'] === 'string' ? answer['reason'] : 'ok';
};

/** The requests of lease APIs to this adapter. */
@Controller()
export class FileserverController {
  private readonly repeats = new Repeats();

  constructor(
    @Inject(DRIVER) private readonly driver: Driver,
    @Inject(SERVED) private readonly served: Served,
    private readonly api: ApiClient,
    private readonly metrics: AdapterMetrics,
  ) {}

  @MessagePattern(fileserver.patterns.resolve)
  resolve(@Payload() raw: unknown): Promise<object> {
    return this.serve('resolve', raw, fileserver.resolveRequest, async (request) => {
      if (this.isForAnother(request.incarnation)) return no(problemOf('incarnation_superseded'));
      if (!this.driver.exports.includes(request.export)) return no(this.noSuchExport(request.export));
      const answer = await this.driver.resolve(request.export, request.path);
      if ('reason' in answer) return no(problemOf(answer.reason, { detail: answer.detail }));
      return { ok: true, ...answer };
    });
  }

  @MessagePattern(fileserver.patterns.setlease)
  setlease(@Payload() raw: unknown): Promise<object> {
    return this.serve('setlease', raw, fileserver.setleaseRequest, async (request) => {
      // This process holds nothing for another incarnation, and does not know what that one holds.
      if (this.isForAnother(request.incarnation)) {
        return { ok: true, have: 'none', reason: 'incarnation_superseded' };
      }
      if (!this.driver.exports.includes(request.export)) return no(this.noSuchExport(request.export));
      const answer = await this.driver.setlease(request);
      const { reason, detail } = answer;
      if (reason !== undefined) {
        const { export: exportName, path, type, holdGen } = request;
        log.info({ export: exportName, path, type, holdGen, reason, detail }, 'the fileserver refused');
      }
      return { ok: true, ...answer };
    });
  }

  @MessagePattern(fileserver.patterns.setranges)
  setranges(@Payload() raw: unknown): Promise<object> {
    return this.serve('setranges', raw, fileserver.setrangesRequest, async (request) => {
      if (this.isForAnother(request.incarnation)) {
        return { ok: true, reason: 'incarnation_superseded', locked: [], refused: [], lost: [] };
      }
      if (!this.driver.exports.includes(request.export)) return no(this.noSuchExport(request.export));
      const answer = await this.driver.setranges?.(request);
      if (answer === undefined) return no(problemOf('ranges_unsupported'));
      const { refused, lost } = answer;
      if (refused.length > 0 || lost.length > 0) {
        const { export: exportName, path, gen } = request;
        log.info({ export: exportName, path, gen, refused, lost }, 'the fileserver did not lock all ranges');
      }
      return { ok: true, ...answer };
    });
  }

  @MessagePattern(fileserver.patterns.testrange)
  testrange(@Payload() raw: unknown): Promise<object> {
    return this.serve('testrange', raw, fileserver.testrangeRequest, async (request) => {
      if (this.isForAnother(request.incarnation)) return { ok: true, reason: 'incarnation_superseded' };
      if (!this.driver.exports.includes(request.export)) return no(this.noSuchExport(request.export));
      const answer = await this.driver.testrange?.(request);
      return answer === undefined ? no(problemOf('ranges_unsupported')) : { ok: true, ...answer };
    });
  }

  @MessagePattern(fileserver.patterns.status)
  status(@Payload() raw: unknown): Promise<object> {
    return this.serve('status', raw, fileserver.statusRequest, ({ cursor, limit, incarnation }) => {
      if (this.isForAnother(incarnation)) return no(problemOf('incarnation_superseded'));
      return { ok: true, incarnation: this.served.incarnation, ...this.driver.status(cursor, limit) };
    });
  }

  @MessagePattern(fileserver.patterns.goodbye)
  goodbye(@Payload() raw: unknown): Promise<object> {
    return this.serve('goodbye', raw, fileserver.goodbyeRequest, () => {
      this.api.leave();
      return { ok: true };
    });
  }

  private isForAnother(incarnation: string | undefined): boolean {
    return incarnation !== undefined && incarnation !== this.served.incarnation;
  }

  private noSuchExport(name: string): Problem {
    return problemOf('no_such_export', {
      detail: `This adapter serves ${this.driver.exports.join(', ')}, not ${name}.`,
    });
  }

  /** Checks seal and shape, then does the work. Every failure becomes an answer: the other side waits for one. */
  private async serve<T>(
    name: keyof typeof fileserver.patterns,
    raw: unknown,
    shape: z.ZodType<T>,
    work: (request: T) => Answer | Promise<Answer>,
  ): Promise<object> {
    const opened = this.served.door.open(fileserver.patterns[name], raw, shape);
    if (!opened.ok) {
      const { problem } = opened;
      const repeated = this.repeats.due(`${name} ${problem.reason} ${problem.detail ?? ''}`);
      const level = problem.reason === 'no_such_adapter' ? 'info' : 'warn';
      if (repeated !== undefined) log[level]({ call: name, problem, repeated }, 'refused a message');
      // This message has been received before, and its first copy is answered.
      return opened.reply ?? new Promise<never>(() => undefined);
    }
    const { message, origin, sealed } = opened;
    const startedAt = performance.now();
    const serving = serve(origin, () => ({
      name: `fileserver ${name}`,
      attributes: { 'rpc.method': name },
    }));
    return serving.run(async () => {
      let answer: Answer;
      let failed = false;
      try {
        answer = await work(message);
      } catch (error) {
        failed = true;
        log.error({ call: name, message, err: error }, 'a request failed');
        const detail = 'The adapter failed on this request; its log says why.';
        answer = no(problemOf('invariant', { detail }));
      }
      const ms = performance.now() - startedAt;
      const outcome = outcomeOf(answer);
      this.metrics.requests.add(ms / 1000, name, outcome);
      serving.end({ outcome }, failed);
      if (this.served.accessLog) log.info({ call: name, outcome, ms: Math.round(ms * 10) / 10 }, 'request');
      return sealed(answer);
    });
  }
}
