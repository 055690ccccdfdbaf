import { Body, Controller, Get, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import type { z } from 'zod';
import { configuration as shapes, grace } from '#contracts';
import { Items } from '../application/items';
import { Operations } from '../application/operations';
import { Pins } from '../application/pins';
import { granted } from '../problem';
import { presentExport, presentOperation } from './configuration.presenter';
import { For, IsAdmin } from './credentials.guard';
import { expected, tag } from './etag';
import type { Reply, Request } from './exchange';
import { itemParams, ItemsController } from './items.controller';
import { Answers, OnVersion, OrAnswers } from './openapi';

const { exportGrace, exportPut, hangup } = shapes;
const hangupBody = hangup.optional();

@Controller('v1/exports')
export class ExportsController extends ItemsController {
  constructor(
    items: Items,
    pins: Pins,
    private readonly operations: Operations,
  ) {
    super('exports', items, pins);
  }

  @Get()
  @For({ right: 'tree:read' })
  @Answers(200, 'List exports and the state of their fileservers', shapes.exportList)
  async list(@IsAdmin() isAdmin: boolean): Promise<z.infer<typeof shapes.exportList>> {
    return { exports: (await this.items.list('exports')).map((view) => presentExport(view, isAdmin)) };
  }

  @Get(':name')
  @For({ right: 'tree:read' })
  @Answers(200, 'Read an export and the state of its fileserver', shapes.exportView)
  async get(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @IsAdmin() isAdmin: boolean,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof shapes.exportView>> {
    const view = granted(await this.items.get('exports', name));
    tag(reply, view.version);
    return presentExport(view, isAdmin);
  }

  @Put(':name')
  @For({ right: 'tree:write' })
  @OnVersion()
  @Answers(200, 'Create or change an export; its adapter may register later', shapes.exportView)
  @OrAnswers(201, 'Created', shapes.exportView)
  async put(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @Body({ schema: exportPut }) body: z.infer<typeof exportPut>,
    @Req() { headers }: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof shapes.exportView>> {
    const { created, item } = granted(
      await this.items.putExport(name, { expect: expected(headers), ...body }),
    );
    reply.code(created ? 201 : 200);
    tag(reply, item.version);
    return presentExport(item, true);
  }

  @Post(':name/hangup')
  @HttpCode(202)
  @For({ right: 'tree:write' })
  @Answers(
    202,
    'Stop an export in order; whatever is still held at the deadline is revoked',
    shapes.operation,
  )
  async hangup(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @Body({ schema: hangupBody }) body: z.infer<typeof hangupBody>,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof shapes.operation>> {
    const { deadlineMs } = body ?? hangup.parse({});
    const begun = granted(await this.operations.hangup(name, deadlineMs));
    reply.header('location', `/v1/operations/${begun.operationId}`);
    return presentOperation(begun);
  }

  @Post(':name/grace')
  @HttpCode(200)
  @For({ right: 'tree:write' })
  @Answers(
    200,
    'Begin or end a grace period of an export: whoever holds something there may reclaim it, and others wait',
    grace,
  )
  async grace(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @Body({ schema: exportGrace }) { graceMs }: z.infer<typeof exportGrace>,
  ): Promise<z.infer<typeof grace>> {
    return granted(await this.operations.grace(name, graceMs));
  }

  @Post(':name/resume')
  @HttpCode(200)
  @For({ right: 'tree:write' })
  @Answers(200, 'Serve an export again that was hung up', shapes.exportView)
  async resume(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
  ): Promise<z.infer<typeof shapes.exportView>> {
    granted(await this.operations.resume(name));
    return presentExport(granted(await this.items.get('exports', name)), true);
  }
}
