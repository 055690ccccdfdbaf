import { Controller, Get } from '@nestjs/common';
import type { z } from 'zod';
import { exportList } from '#contracts';
import { Exports } from '../application/exports';
import { Answers } from './openapi';
import { presentExport } from './presenter';

@Controller('v1/exports')
export class ExportsController {
  constructor(private readonly exports: Exports) {}

  @Get()
  @Answers(200, 'List exports and the state of their fileservers', exportList)
  async list(): Promise<z.infer<typeof exportList>> {
    return { exports: (await this.exports.list()).map(presentExport) };
  }
}
