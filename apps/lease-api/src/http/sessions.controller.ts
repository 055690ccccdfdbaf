import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import { pageQuery, session, sessionCreate, sessionCreated, sessionId, sessionPage } from '#contracts';
import { Sessions } from '../application/sessions';
import { granted } from '../problem';
import { ForAdmin, ForSession, ForSessionOrAdmin, SecretDigest } from './credentials.guard';
import type { Reply, Request } from './exchange';
import { Answers } from './openapi';
import { cursorOf, presentSession } from './presenter';

const id = z.object({ id: sessionId });

@Controller('v1/sessions')
export class SessionsController {
  constructor(private readonly sessions: Sessions) {}

  @Post()
  @Answers(201, 'Create a session; the answer has its secret, this once', sessionCreated)
  async create(
    @Body({ schema: sessionCreate }) body: z.infer<typeof sessionCreate>,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof sessionCreated>> {
    const made = granted(await this.sessions.create(body));
    reply.header('location', `/v1/sessions/${made.session.sessionId}`);
    return { ...presentSession(made.session), secret: made.secret };
  }

  @Get()
  @ForAdmin()
  @Answers(200, 'List sessions', sessionPage)
  async list(
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<z.infer<typeof sessionPage>> {
    const page = await this.sessions.list(Number(query.cursor ?? 0), query.limit);
    return { sessions: page.sessions.map(presentSession), cursor: cursorOf(page.after) };
  }

  @Get(':id')
  @ForSessionOrAdmin()
  @Answers(200, 'Read a session, as the session itself or as an administrator', session)
  async get(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @Req() { secretDigest }: Request,
  ): Promise<z.infer<typeof session>> {
    return presentSession(granted(await this.sessions.get(params.id, secretDigest)));
  }

  @Post(':id/keepalive')
  @HttpCode(200)
  @ForSession()
  @Answers(200, 'Renew the TTL of a session', session)
  async keepalive(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<z.infer<typeof session>> {
    return presentSession(granted(await this.sessions.keepalive(params.id, digest)));
  }

  @Delete(':id')
  @HttpCode(204)
  @ForSession()
  @Answers(204, 'End a session and let go of all it has')
  async end(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<void> {
    granted(await this.sessions.end(params.id, digest));
  }
}
