import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import {
  pageQuery,
  problemOf,
  session,
  sessionCreate,
  sessionCreated,
  sessionEnding,
  sessionEndQuery,
  sessionId,
  sessionPage,
} from '#contracts';
import { Locks } from '../application/locks';
import { Sessions } from '../application/sessions';
import { granted, LeaseError } from '../problem';
import { For, SecretDigest } from './credentials.guard';
import type { Reply, Request } from './exchange';
import { Answers, OrAnswers } from './openapi';
import { cursorOf, presentLock, presentSession } from './presenter';

const id = z.object({ id: sessionId });

@Controller('v1/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly locks: Locks,
  ) {}

  @Post()
  @For({ right: 'session' })
  @Answers(201, 'Create a session; only this answer has its secret', sessionCreated)
  async create(
    @Body({ schema: sessionCreate }) body: z.infer<typeof sessionCreate>,
    @Req() { caller }: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof sessionCreated>> {
    const made = granted(await this.sessions.create(body, caller));
    reply.header('location', `/v1/sessions/${made.session.sessionId}`);
    return { ...presentSession(made.session), secret: made.secret };
  }

  @Get()
  @For({ right: 'locks:admin' })
  @Answers(200, 'List sessions', sessionPage)
  async list(
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<z.infer<typeof sessionPage>> {
    const page = await this.sessions.list(Number(query.cursor ?? 0), query.limit);
    return { sessions: page.sessions.map(presentSession), cursor: cursorOf(page.after) };
  }

  @Get(':id')
  @For({ session: 'session', right: 'locks:admin' })
  @Answers(200, 'Read a session, as the session itself or as an administrator', session)
  async get(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @Req() { secretDigest }: Request,
  ): Promise<z.infer<typeof session>> {
    return presentSession(granted(await this.sessions.get(params.id, secretDigest)));
  }

  @Post(':id/keepalive')
  @HttpCode(200)
  @For({ session: 'session' })
  @Answers(200, 'Renew the TTL of a session', session)
  async keepalive(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<z.infer<typeof session>> {
    return presentSession(granted(await this.sessions.keepalive(params.id, digest)));
  }

  @Delete(':id')
  @HttpCode(204)
  @For({ session: 'session', right: 'locks:admin' })
  @Answers(
    204,
    'End a session and release all it holds; if an administrator ends it, it expires, and what it holds is revoked',
  )
  @OrAnswers(
    200,
    'With `dryRun`, for administrators: what would be revoked, and who waits for it',
    sessionEnding,
  )
  async end(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @Query({ schema: sessionEndQuery }) { dryRun }: z.infer<typeof sessionEndQuery>,
    @Req() { secretDigest }: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof sessionEnding> | undefined> {
    if (!dryRun) {
      if (secretDigest === undefined) granted(await this.locks.endSession(params.id));
      else granted(await this.sessions.end(params.id, secretDigest));
      return undefined;
    }
    if (secretDigest !== undefined)
      throw new LeaseError(problemOf('no_right', { detail: 'A dry run is not for the session itself.' }));
    const { session: view, locks, waiting, truncated } = granted(await this.locks.ending(params.id));
    reply.code(200);
    return { session: presentSession(view), locks: locks.map(presentLock), waiting, truncated };
  }
}
