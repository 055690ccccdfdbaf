import { Controller, Delete, Get, HttpCode, Param, Req } from '@nestjs/common';
import { z } from 'zod';
import { configuration as shapes } from '#contracts';
import { Pins } from '../application/pins';
import { granted } from '../problem';
import { presentPin } from './configuration.presenter';
import { For } from './credentials.guard';
import type { Request } from './exchange';
import { Answers } from './openapi';

const id = z.object({ id: z.uuid() });

@Controller('v1/pins')
@For({ session: 'session', right: 'tree:write' })
export class PinsController {
  constructor(private readonly pins: Pins) {}

  @Get(':id')
  @Answers(200, 'Read a pin, as its session or as an administrator', shapes.pin)
  async get(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @Req() { secretDigest }: Request,
  ): Promise<z.infer<typeof shapes.pin>> {
    return presentPin(granted(await this.pins.get(params.id, secretDigest)));
  }

  @Delete(':id')
  @HttpCode(204)
  @Answers(204, 'Drop a pin, as its session or as an administrator')
  async drop(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @Req() { secretDigest }: Request,
  ): Promise<void> {
    granted(await this.pins.drop(params.id, secretDigest));
  }
}
