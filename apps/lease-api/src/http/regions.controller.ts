import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import { configuration as shapes, sessionId } from '#contracts';
import { Items } from '../application/items';
import { Nodes } from '../application/nodes';
import { Pins } from '../application/pins';
import { granted } from '../problem';
import { presentRegion } from './configuration.presenter';
import { For, SecretDigest } from './credentials.guard';
import { expected, tag } from './etag';
import type { Reply, Request } from './exchange';
import { itemParams, ItemsController } from './items.controller';
import { Answers, OnVersion, OrAnswers } from './openapi';

const { regionPut, subscribe } = shapes;
const subscriptionParams = z.object({ name: shapes.itemName, sessionId });

@Controller('v1/regions')
export class RegionsController extends ItemsController {
  constructor(
    items: Items,
    pins: Pins,
    private readonly nodes: Nodes,
  ) {
    super('regions', items, pins);
  }

  @Get()
  @For({ right: 'tree:read' })
  @Answers(200, 'List heartbeat regions', shapes.regionList)
  async list(): Promise<z.infer<typeof shapes.regionList>> {
    return { regions: (await this.items.list('regions')).map(presentRegion) };
  }

  @Get(':name')
  @For({ right: 'tree:read' })
  @Answers(200, 'Read a heartbeat region', shapes.region)
  async get(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof shapes.region>> {
    const view = granted(await this.items.get('regions', name));
    tag(reply, view.version);
    return presentRegion(view);
  }

  @Put(':name')
  @For({ right: 'tree:write' })
  @OnVersion()
  @Answers(200, 'Create or change a heartbeat region', shapes.region)
  @OrAnswers(201, 'Created', shapes.region)
  async put(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @Body({ schema: regionPut }) body: z.infer<typeof regionPut>,
    @Req() { headers }: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof shapes.region>> {
    const { created, item } = granted(
      await this.items.putRegion(name, { expect: expected(headers), ...body }),
    );
    reply.code(created ? 201 : 200);
    tag(reply, item.version);
    return presentRegion(item);
  }

  @Post(':name/subscriptions')
  @HttpCode(201)
  @For({ session: 'tree:read' })
  @Answers(
    201,
    'Subscribe a session to nodes that come up or die, with the events nodeUp and nodeDown',
    shapes.subscription,
  )
  async subscribe(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @Body({ schema: subscribe }) body: z.infer<typeof subscribe>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof shapes.subscription>> {
    granted(await this.nodes.subscribe(name, body, digest));
    reply.header('location', `/v1/regions/${name}/subscriptions/${body.sessionId}`);
    return { ...body, region: name };
  }

  @Delete(':name/subscriptions/:sessionId')
  @HttpCode(204)
  @For({ session: 'session' })
  @Answers(204, 'Cancel the subscription of the session')
  async unsubscribe(
    @Param({ schema: subscriptionParams }) params: z.infer<typeof subscriptionParams>,
    @SecretDigest() digest: string,
  ): Promise<void> {
    granted(await this.nodes.unsubscribe(params.name, params.sessionId, digest));
  }
}
