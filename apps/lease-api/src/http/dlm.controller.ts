import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { z } from 'zod';
import {
  dlmConnect,
  dlmConnection,
  type DlmConnection,
  dlmConnectionPage,
  dlmConnectionQuery,
  dlmCancel,
  dlmCancelled,
  dlmConvert,
  dlmLock,
  dlmLocked,
  type DlmLocked,
  dlmPage,
  dlmResource,
  type DlmResource,
  dlmResourceQuery,
  dlmUnlock,
  dlmUnlocked,
  ofSessionQuery,
} from '#contracts';
import type { DlmView } from '#locks';
import { Connections } from '../application/connections';
import { Dlm } from '../application/dlm';
import { granted } from '../problem';
import { For, SecretDigest } from './credentials.guard';
import { patienceOf, type Reply } from './exchange';
import { Answers, OrWaits } from './openapi';
import { cursorOf, presentConnection, presentDlm, presentResource } from './presenter';

const id = z.object({ id: z.uuid() });

/** The lock as it is: 202 while the request waits. */
function locked(view: DlmView, reply: Reply): DlmLocked {
  if (view.wants !== undefined) reply.code(202);
  return presentDlm(view);
}

@Controller('v1/dlm')
export class DlmController {
  constructor(
    private readonly dlm: Dlm,
    private readonly connections: Connections,
  ) {}

  @Post('locks')
  @For({ session: 'lease', at: 'body' })
  @Answers(201, 'Lock a resource in a mode', dlmLocked)
  @OrWaits(dlmLocked)
  async lock(
    @Body({ schema: dlmLock }) body: z.infer<typeof dlmLock>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<DlmLocked> {
    const got = granted(await this.dlm.lock(body, digest, patienceOf(body, reply)));
    reply.header('location', `/v1/dlm/locks/${got.lockId}`);
    return locked(got, reply);
  }

  @Post('locks/cancel')
  @For({ session: 'session' })
  @HttpCode(200)
  @Answers(200, 'Cancel a request or a conversion, also one that has yet to come', dlmCancelled)
  async cancel(
    @Body({ schema: dlmCancel }) body: z.infer<typeof dlmCancel>,
    @SecretDigest() digest: string,
  ): Promise<z.infer<typeof dlmCancelled>> {
    const { cancelled, lock } = granted(await this.dlm.cancel(body, digest));
    return { cancelled, lock: lock && presentDlm(lock) };
  }

  @Get('locks')
  @For({ session: 'session' })
  @Answers(200, 'List the locks in modes of a session, and its requests for some', dlmPage)
  async list(
    @Query({ schema: ofSessionQuery }) { sessionId, cursor, limit }: z.infer<typeof ofSessionQuery>,
    @SecretDigest() digest: string,
  ): Promise<z.infer<typeof dlmPage>> {
    const { locks, after } = granted(await this.dlm.list(sessionId, Number(cursor ?? 0), limit, digest));
    return { locks: locks.map(presentDlm), cursor: cursorOf(after) };
  }

  @Get('locks/:id')
  @For({ session: 'session' })
  @Answers(200, 'Read a lock in a mode, or a request for one', dlmLocked)
  async get(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<DlmLocked> {
    return presentDlm(granted(await this.dlm.get(params.id, digest)));
  }

  @Put('locks/:id')
  @For({ session: 'lease', at: 'dlm' })
  @Answers(200, 'Convert a lock to another mode, in place', dlmLocked)
  @OrWaits(dlmLocked)
  async convert(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @Body({ schema: dlmConvert }) body: z.infer<typeof dlmConvert>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<DlmLocked> {
    const patience = patienceOf(body, reply);
    return locked(granted(await this.dlm.convert(params.id, body, digest, patience)), reply);
  }

  @Post('locks/:id/unlock')
  @For({ session: 'session' })
  @HttpCode(200)
  @Answers(200, 'Unlock, and write the value block; also ends what the lock waits for', dlmUnlocked)
  async unlock(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @Body({ schema: dlmUnlock }) body: z.infer<typeof dlmUnlock>,
    @SecretDigest() digest: string,
  ): Promise<z.infer<typeof dlmUnlocked>> {
    return granted(await this.dlm.unlock(params.id, body, digest));
  }

  @Post('connections')
  @For({ session: 'lease:read', at: 'body' })
  @Answers(201, 'Connect a session to a lock domain', dlmConnection)
  async connect(
    @Body({ schema: dlmConnect }) body: z.infer<typeof dlmConnect>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<DlmConnection> {
    const made = granted(await this.connections.connect(body, digest));
    reply.header('location', `/v1/dlm/connections/${made.connectionId}`);
    return presentConnection(made);
  }

  @Get('connections')
  @For({ right: 'locks:admin' })
  @Answers(200, 'List the connections to a lock domain', dlmConnectionPage)
  async allConnections(
    @Query({ schema: dlmConnectionQuery }) query: z.infer<typeof dlmConnectionQuery>,
  ): Promise<z.infer<typeof dlmConnectionPage>> {
    const { export: exportName, cursor, limit } = query;
    const found = granted(await this.connections.list(exportName, Number(cursor ?? 0), limit));
    return { connections: found.connections.map(presentConnection), cursor: cursorOf(found.after) };
  }

  @Get('connections/:id')
  @For({ session: 'session' })
  @Answers(200, 'Read a connection: what was agreed, and which node it acts for', dlmConnection)
  async connection(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<DlmConnection> {
    return presentConnection(granted(await this.connections.get(params.id, digest)));
  }

  @Post('connections/:id/hangup')
  @For({ session: 'session' })
  @HttpCode(200)
  @Answers(200, 'Take no more requests through a connection, and cancel those that wait', dlmConnection)
  async hangup(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<DlmConnection> {
    return presentConnection(granted(await this.connections.hangup(params.id, digest)));
  }

  @Delete('connections/:id')
  @For({ session: 'session' })
  @HttpCode(204)
  @Answers(204, 'After the hangup: unlock what is left, and end the connection')
  async disconnect(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<void> {
    granted(await this.connections.disconnect(params.id, digest));
  }

  @Get('resources')
  @For({ right: 'locks:admin' })
  @Answers(200, 'Read a resource with its queues and its value block', dlmResource)
  async resource(
    @Query({ schema: dlmResourceQuery }) query: z.infer<typeof dlmResourceQuery>,
  ): Promise<DlmResource> {
    return presentResource(granted(await this.dlm.resource(query.export, query.resource, query.limit)));
  }
}
