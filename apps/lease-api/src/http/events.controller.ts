import { Controller, Get, Headers, Param, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import { sessionId } from '#contracts';
import { Connections } from '../application/connections';
import { EventStreams } from '../application/event-streams';
import type { EventSink, SessionEvent } from '../application/session-events';
import { StreamQuota } from '../application/stream-quota';
import { granted } from '../problem';
import { Metrics } from '../telemetry/metrics';
import type { Caller } from '../identity/caller';
import { For, SecretDigest } from './credentials.guard';
import { type Reply, type Request, takeOver } from './exchange';
import { AnswersEvents } from './openapi';
import { eventText, pingText, SseResponse } from './sse';
import { Unsent } from './unsent';

const id = z.object({ id: sessionId });
const connection = z.object({ id: z.uuid() });

@Controller('v1')
export class EventsController {
  constructor(
    private readonly streams: EventStreams,
    private readonly connections: Connections,
    private readonly quota: StreamQuota,
    private readonly metrics: Metrics,
    private readonly unsent: Unsent,
  ) {}

  @Get('sessions/:id/events')
  @For({ session: 'session', lasting: true })
  @AnswersEvents()
  async events(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() { caller }: Request,
    @Res() reply: Reply,
  ): Promise<void> {
    this.count(caller, reply);
    granted(await this.streams.attach(params.id, digest, lastEventId, this.sinkFor(reply)));
  }

  @Get('dlm/connections/:id/events')
  @For({ session: 'session', lasting: true })
  @AnswersEvents()
  async ofConnection(
    @Param({ schema: connection }) params: z.infer<typeof connection>,
    @SecretDigest() digest: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() { caller }: Request,
    @Res() reply: Reply,
  ): Promise<void> {
    this.count(caller, reply);
    const { sessionId: of } = granted(await this.connections.get(params.id, digest));
    granted(await this.streams.attach(of, digest, lastEventId, this.sinkFor(reply), params.id));
  }

  private sinkFor(reply: Reply): (onClosed: () => void) => EventSink {
    return (onClosed) => new ResponseSink(takeOver(reply), onClosed, this.metrics, this.unsent);
  }

  /** Counts the stream until the answer is closed, a refusal included. */
  private count(caller: Caller | undefined, reply: Reply): void {
    if (caller !== undefined) reply.raw.on('close', granted(this.quota.enter(caller)));
  }
}

/** Writes events into an HTTP response. */
class ResponseSink extends SseResponse implements EventSink {
  tell(events: readonly SessionEvent[]): void {
    let text = '';
    for (const event of events) text += eventText(event);
    this.write(text);
  }

  ping(id: string | undefined): void {
    this.write(pingText(id));
  }
}
