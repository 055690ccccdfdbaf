import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { exportName, fence, fenceCheck, fenceValid, file } from '#contracts';
import { Fences } from '../application/fences';
import { granted } from '../problem';
import { Answers } from './openapi';

const where = z.strictObject({ export: exportName, file });

@Controller('v1/fences')
export class FencesController {
  constructor(private readonly fences: Fences) {}

  @Get()
  @Answers(200, 'The highest token minted for a file', fence)
  async highest(@Query({ schema: where }) query: z.infer<typeof where>): Promise<z.infer<typeof fence>> {
    return granted(await this.fences.highest(query.export, query.file));
  }

  @Post('check')
  @HttpCode(200)
  @Answers(200, 'Whether a token is that of a lease that is held now: ask before accepting I/O', fenceValid)
  async check(
    @Body({ schema: fenceCheck }) body: z.infer<typeof fenceCheck>,
  ): Promise<z.infer<typeof fenceValid>> {
    const { leaseId, type, state } = granted(await this.fences.check(body));
    return { valid: true, leaseId, type, state: state as z.infer<typeof fenceValid>['state'] };
  }
}
