import { Body, Controller, Get, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import type { z } from 'zod';
import { configuration as shapes } from '#contracts';
import { Items } from '../application/items';
import { Nodes } from '../application/nodes';
import { Pins } from '../application/pins';
import { granted } from '../problem';
import { presentNode } from './configuration.presenter';
import { For, SecretDigest } from './credentials.guard';
import { expected, tag } from './etag';
import type { Reply, Request } from './exchange';
import { itemParams, ItemsController } from './items.controller';
import { Answers, OnVersion, OrAnswers } from './openapi';

const { beat, nodePut, noticeAck } = shapes;

@Controller('v1/nodes')
export class NodesController extends ItemsController {
  constructor(
    items: Items,
    pins: Pins,
    private readonly nodes: Nodes,
  ) {
    super('nodes', items, pins);
  }

  @Get()
  @For({ right: 'tree:read' })
  @Answers(200, 'List nodes', shapes.nodeList)
  async list(): Promise<z.infer<typeof shapes.nodeList>> {
    return { nodes: (await this.items.list('nodes')).map(presentNode) };
  }

  @Get(':name')
  @For({ right: 'tree:read' })
  @Answers(200, 'Read a node: its state, and the notice being sent', shapes.node)
  async get(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof shapes.node>> {
    const view = granted(await this.items.get('nodes', name));
    tag(reply, view.version);
    return presentNode(view);
  }

  @Put(':name')
  @For({ right: 'tree:write' })
  @OnVersion()
  @Answers(200, 'Create or change a node', shapes.node)
  @OrAnswers(201, 'Created', shapes.node)
  async put(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @Body({ schema: nodePut }) body: z.infer<typeof nodePut>,
    @Req() { headers }: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof shapes.node>> {
    const { created, item } = granted(await this.items.putNode(name, { expect: expected(headers), ...body }));
    reply.code(created ? 201 : 200);
    tag(reply, item.version);
    return presentNode(item);
  }

  @Post(':name/beat')
  @HttpCode(200)
  @For({ right: 'node:beat', at: 'name' })
  @Answers(200, 'Send a heartbeat of the node, or say that it stops in order', shapes.beaten)
  async beat(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @Body({ schema: beat }) body: z.infer<typeof beat>,
  ): Promise<z.infer<typeof shapes.beaten>> {
    return granted(await this.nodes.beat(name, body));
  }

  @Post(':name/acks')
  @HttpCode(200)
  @For({ session: 'session' })
  @Answers(200, 'Acknowledge a notice about this node, as a subscriber', shapes.noticeAcked)
  async acknowledge(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @Body({ schema: noticeAck }) body: z.infer<typeof noticeAck>,
    @SecretDigest() digest: string,
  ): Promise<z.infer<typeof shapes.noticeAcked>> {
    return granted(await this.nodes.acknowledge(name, body, digest));
  }
}
