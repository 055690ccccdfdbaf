import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { z } from 'zod';
import { configuration as shapes } from '#contracts';
import { Operations } from '../application/operations';
import { granted } from '../problem';
import { presentOperation } from './configuration.presenter';
import { For } from './credentials.guard';
import { departure, type Reply } from './exchange';
import { Answers } from './openapi';

const id = z.object({ id: z.uuid() });
const { operationQuery } = shapes;

@Controller('v1/operations')
@For({ right: 'tree:write' })
export class OperationsController {
  constructor(private readonly operations: Operations) {}

  @Get()
  @Answers(200, 'List hangups and removals, running and recently finished', shapes.operationList)
  async list(): Promise<z.infer<typeof shapes.operationList>> {
    return { operations: (await this.operations.list()).map(presentOperation) };
  }

  @Get(':id')
  @Answers(
    200,
    'Read the progress of an operation; with waitMs, wait that long for it to finish',
    shapes.operation,
  )
  async get(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @Query({ schema: operationQuery }) { waitMs }: z.infer<typeof operationQuery>,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof shapes.operation>> {
    const signal = waitMs === 0 ? undefined : departure(reply);
    return presentOperation(granted(await this.operations.get(params.id, waitMs, signal)));
  }
}
