import { Body, Controller, Get, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import { configuration as shapes } from '#contracts';
import { Items } from '../application/items';
import { Operations } from '../application/operations';
import { Pins } from '../application/pins';
import { granted } from '../problem';
import { presentOperation, presentStack } from './configuration.presenter';
import { For, IsAdmin } from './credentials.guard';
import { expected, tag } from './etag';
import type { Reply, Request } from './exchange';
import { itemParams, ItemsController } from './items.controller';
import { Answers, OnVersion, OrAnswers } from './openapi';

const { hangup, stackPut } = shapes;
const stopBody = hangup.optional();
const adapterParams = z.object({ name: shapes.itemName, incarnation: shapes.incarnation });

@Controller('v1/stacks')
export class StacksController extends ItemsController {
  constructor(
    items: Items,
    pins: Pins,
    private readonly operations: Operations,
  ) {
    super('stacks', items, pins);
  }

  @Get()
  @For({ right: 'tree:read' })
  @Answers(200, 'List stacks and their adapters', shapes.stackList)
  async list(@IsAdmin() isAdmin: boolean): Promise<z.infer<typeof shapes.stackList>> {
    return { stacks: (await this.items.list('stacks')).map((view) => presentStack(view, isAdmin)) };
  }

  @Get(':name')
  @For({ right: 'tree:read' })
  @Answers(200, 'Read a stack, its adapters, and the protocol negotiated with each', shapes.stack)
  async get(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @IsAdmin() isAdmin: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof shapes.stack>> {
    const view = granted(await this.items.get('stacks', name));
    tag(reply, view.version);
    return presentStack(view, isAdmin);
  }

  @Put(':name')
  @For({ right: 'tree:write' })
  @OnVersion()
  @Answers(200, 'Create or change a stack', shapes.stack)
  @OrAnswers(201, 'Created', shapes.stack)
  async put(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @Body({ schema: stackPut }) body: z.infer<typeof stackPut>,
    @Req() { headers }: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof shapes.stack>> {
    const { created, item } = granted(
      await this.items.putStack(name, { expect: expected(headers), ...body }),
    );
    reply.code(created ? 201 : 200);
    tag(reply, item.version);
    return presentStack(item, true);
  }

  @Post(':name/adapters/:incarnation/stop')
  @HttpCode(202)
  @For({ right: 'tree:write' })
  @Answers(202, 'Stop an adapter in order: first its exports, then it is told to exit', shapes.operation)
  async stop(
    @Param({ schema: adapterParams }) { name, incarnation }: z.infer<typeof adapterParams>,
    @Body({ schema: stopBody }) body: z.infer<typeof stopBody>,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof shapes.operation>> {
    const { deadlineMs } = body ?? hangup.parse({});
    const begun = granted(await this.operations.stopAdapter(name, incarnation, deadlineMs));
    reply.header('location', `/v1/operations/${begun.operationId}`);
    return presentOperation(begun);
  }
}
