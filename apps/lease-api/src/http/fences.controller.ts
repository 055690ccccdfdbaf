import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import type { z } from 'zod';
import { fence, fenceCheck, fenceQuery, fenceValid } from '#contracts';
import { Fences } from '../application/fences';
import { granted } from '../problem';
import { For, readerOf } from './credentials.guard';
import type { Request } from './exchange';
import { Answers } from './openapi';

@Controller('v1/fences')
export class FencesController {
  constructor(private readonly fences: Fences) {}

  @Get()
  @For({ right: 'fence', at: 'query', holder: true })
  @Answers(200, 'The highest token minted for a file', fence)
  async highest(
    @Query({ schema: fenceQuery }) query: z.infer<typeof fenceQuery>,
    @Req() request: Request,
  ): Promise<z.infer<typeof fence>> {
    const reader = readerOf(request, query.sessionId);
    return granted(await this.fences.highest(query.export, query.file, reader));
  }

  @Post('check')
  @For({ right: 'fence', at: 'body', holder: true })
  @HttpCode(200)
  @Answers(
    200,
    'Check whether a token belongs to a lease that is held now: ask before accepting I/O',
    fenceValid,
  )
  async check(
    @Body({ schema: fenceCheck }) body: z.infer<typeof fenceCheck>,
    @Req() request: Request,
  ): Promise<z.infer<typeof fenceValid>> {
    const { leaseId, type, state } = granted(
      await this.fences.check(body, readerOf(request, body.sessionId)),
    );
    return { valid: true, leaseId, type, state: state as z.infer<typeof fenceValid>['state'] };
  }
}
