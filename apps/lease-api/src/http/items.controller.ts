import { Body, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import { configuration as shapes, dependentQuery, problemOf } from '#contracts';
import type { ItemKind, Items } from '../application/items';
import type { Pins } from '../application/pins';
import { granted, LeaseError, presentDependent } from '../problem';
import { presentOperation, presentPin } from './configuration.presenter';
import { For, IsAdmin, readerOf } from './credentials.guard';
import { expected } from './etag';
import type { Reply, Request } from './exchange';
import { Answers, OnVersion, OrAnswers } from './openapi';
import { cursorOf } from './presenter';

export const itemParams = z.object({ name: shapes.itemName });
const { pinCreate, removeQuery } = shapes;

/** The routes that items of every kind have. */
export abstract class ItemsController {
  protected constructor(
    private readonly kind: ItemKind,
    protected readonly items: Items,
    private readonly pins: Pins,
  ) {}

  @Delete(':name')
  @For({ right: 'tree:write' })
  @OnVersion()
  @Answers(204, 'Remove an item; refused while something depends on it')
  @OrAnswers(
    202,
    'With force: dependents are removed first; the operation shows the progress',
    shapes.operation,
  )
  async remove(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @Query({ schema: removeQuery }) how: z.infer<typeof removeQuery>,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof shapes.operation> | undefined> {
    const expect = expected(request.headers);
    const { operation } = granted(await this.items.remove({ kind: this.kind, name }, { expect, ...how }));
    reply.code(operation === undefined ? 204 : 202);
    if (operation === undefined) return undefined;
    reply.header('location', `/v1/operations/${operation.operationId}`);
    return presentOperation(operation);
  }

  @Get(':name/dependents')
  @For({ right: 'tree:dependents', holder: true })
  @Answers(200, 'List the dependents of an item', shapes.dependentList)
  async dependents(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @Query({ schema: dependentQuery }) query: z.infer<typeof dependentQuery>,
    @Req() request: Request,
    @IsAdmin() isAdmin: boolean,
  ): Promise<z.infer<typeof shapes.dependentList>> {
    const { cursor, limit, sessionId } = query;
    const ref = { kind: this.kind, name };
    const reader = readerOf(request, sessionId);
    const page = granted(await this.items.dependents(ref, Number(cursor ?? 0), limit, reader));
    const dependents = page.dependents.map((each) => presentDependent(each, isAdmin));
    return { dependents, cursor: cursorOf(page.after) };
  }

  @Post(':name/pins')
  @HttpCode(201)
  @For({ session: 'tree:read', right: 'tree:write' })
  @Answers(
    201,
    'Pin an item: declare that a session or another item (for administrators) depends on it',
    shapes.pin,
  )
  async pin(
    @Param({ schema: itemParams }) { name }: z.infer<typeof itemParams>,
    @Body({ schema: pinCreate }) body: z.infer<typeof pinCreate>,
    @Req() { secretDigest: digest }: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof shapes.pin>> {
    const on = { kind: this.kind, name };
    const by = 'item' in body ? { item: body.item } : { sessionId: body.sessionId, digest: digest ?? '' };
    if ('digest' in by && digest === undefined) throw new LeaseError(problemOf('no_credentials'));
    const made = granted(await this.pins.add(on, by, body.because));
    reply.header('location', `/v1/pins/${made.pinId}`);
    return presentPin(made);
  }
}
