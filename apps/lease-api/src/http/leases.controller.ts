import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { z } from 'zod';
import {
  lease,
  type Lease,
  leaseAcquire,
  leaseAlloc,
  leaseAllocated,
  leaseId,
  leasePage,
  leaseQuery,
  leaseSet,
} from '#contracts';
import type { LeaseView } from '#locks';
import { Leases } from '../application/leases';
import { Delegations } from '../application/delegations';
import { granted } from '../problem';
import { For, SecretDigest } from './credentials.guard';
import { patienceOf, type Reply } from './exchange';
import { Answers, OrWaits } from './openapi';
import { cursorOf, presentLease } from './presenter';

const id = z.object({ id: leaseId });

/** 202 if the request still waits, in the queue or for its fileserver: only `queued` requests are answered then. */
function answer(reply: Reply, view: LeaseView): Lease {
  if (view.waitType !== undefined || view.pendingType !== undefined) reply.code(202);
  return presentLease(view);
}

@Controller('v1/leases')
export class LeasesController {
  constructor(
    private readonly leases: Leases,
    private readonly delegations: Delegations,
  ) {}

  @Post()
  @For({ session: 'lease', at: 'body' })
  @Answers(201, 'Allocate a lease, or up to 256: all or none', leaseAllocated)
  async allocate(
    @Body({ schema: leaseAlloc }) body: z.infer<typeof leaseAlloc>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<z.infer<typeof leaseAllocated>> {
    const wheres = 'leases' in body ? body.leases : [body];
    const made = granted(await this.leases.allocate(wheres[0]?.sessionId ?? '', wheres, digest));
    const leases = made.map(presentLease);
    const [only] = leases;
    if ('leases' in body || only === undefined) return { leases };
    reply.header('location', `/v1/leases/${only.leaseId}`);
    return only;
  }

  @Post('acquire')
  @For({ session: 'lease', at: 'body' })
  @Answers(
    201,
    'Allocate and set in one call; a repeat with the same requestId returns the same lease',
    lease,
  )
  @OrWaits(lease)
  async acquire(
    @Body({ schema: leaseAcquire }) body: z.infer<typeof leaseAcquire>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Lease> {
    const got = granted(await this.leases.acquire(body, digest, patienceOf(body, reply)));
    reply.header('location', `/v1/leases/${got.leaseId}`);
    return answer(reply, got);
  }

  @Get()
  @For({ session: 'session' })
  @Answers(200, 'List the leases of a session', leasePage)
  async list(
    @Query({ schema: leaseQuery }) query: z.infer<typeof leaseQuery>,
    @SecretDigest() digest: string,
  ): Promise<z.infer<typeof leasePage>> {
    const { sessionId, export: exportName, prefix, cursor, limit } = query;
    const page = granted(
      await this.leases.list(sessionId, { exportName, prefix }, Number(cursor ?? 0), limit, digest),
    );
    return { leases: page.leases.map(presentLease), cursor: cursorOf(page.after) };
  }

  @Get(':id')
  @For({ session: 'session' })
  @Answers(200, 'getlease: the type and state of a lease, and its running break', lease)
  async get(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<Lease> {
    return presentLease(granted(await this.leases.get(params.id, digest)));
  }

  @Put(':id')
  @For({ session: 'lease', at: 'lease' })
  @Answers(200, 'setlease: take, convert or release a lease, or acknowledge a break', lease)
  @OrWaits(lease)
  async set(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @Body({ schema: leaseSet }) body: z.infer<typeof leaseSet>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Lease> {
    const { type, ifToken, breakId } = body;
    const request = { type, ifToken, breakId };
    return answer(reply, granted(await this.leases.set(params.id, request, digest, patienceOf(body, reply))));
  }

  @Delete(':id')
  @For({ session: 'session' })
  @HttpCode(204)
  @Answers(204, 'Release a lease: setlease none')
  async release(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<void> {
    granted(await this.leases.set(params.id, { type: 'none' }, digest, { waitMs: 0 }));
  }

  @Post(':id/free')
  @For({ session: 'session' })
  @HttpCode(204)
  @Answers(204, 'Forget a lease or delegation that has ended (FREE_STATEID)')
  async free(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<void> {
    granted(await this.delegations.free(params.id, digest));
  }
}
