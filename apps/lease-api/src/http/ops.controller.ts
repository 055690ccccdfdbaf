import { Controller, Get, Req, Res } from '@nestjs/common';
import type { z } from 'zod';
import { alive, problemOf, ready } from '#contracts';
import { Readiness } from '../application/readiness';
import { LeaseError } from '../problem';
import { expositionType } from '#telemetry';
import { Metrics } from '../telemetry/metrics';
import { For } from './credentials.guard';
import type { Reply, Request } from './exchange';
import { Answers, AnswersText } from './openapi';

@Controller()
export class OpsController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
  ) {}

  @Get('livez')
  @For({ everybody: true })
  @Answers(200, 'Liveness: whether the process works', alive)
  livez(): z.infer<typeof alive> {
    // Nothing to check: a table that cannot go on ends the process.
    return { alive: true };
  }

  @Get('readyz')
  @For({ everybody: true })
  @Answers(200, 'Readiness: whether this node can serve, and how many files have an unconfirmed hold', ready)
  async readyz(@Req() { caller }: Request): Promise<z.infer<typeof ready>> {
    const detail = this.readiness.obstacle;
    if (detail !== undefined) throw new LeaseError(problemOf('table_unreachable', { detail }));
    const sees = caller?.rights.everywhere('tree:read') === true;
    const awaited = await this.readiness.awaited();
    if (awaited.length > 0)
      throw new LeaseError(
        problemOf('not_ready', {
          detail: `No fileserver serves ${sees ? awaited.join(', ') : 'one of the exports'} yet.`,
        }),
      );
    if (!sees) return { ready: true };
    const [exports, table] = await Promise.all([this.readiness.exportStates(), this.readiness.servers()]);
    return {
      ...{ ready: true, exports, format: table.format, unnamed: table.silent },
      servers: table.servers.map(({ release, format, library }) => ({ version: release, format, library })),
    };
  }

  @Get('metrics')
  @For({ right: 'metrics' })
  @AnswersText('Metrics for Prometheus')
  async exposition(@Res({ passthrough: true }) reply: Reply): Promise<string> {
    reply.type(expositionType);
    return this.metrics.exposition();
  }
}
