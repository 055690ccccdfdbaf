import type { ServerResponse } from 'node:http';
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
import type { Reply, Request } from './exchange';
import { AnswersEvents } from './openapi';
import { eventText, pingText } from './sse';
import { Unsent } from './unsent';

const id = z.object({ id: sessionId });
const connection = z.object({ id: z.uuid() });

/** A client with more than this unsent when the next event comes is cut off; it reconnects and resumes. */
const unsentBytesMax = 1024 * 1024;
/** A replay continues once no more than this is unsent. */
const unsentBytesLow = 64 * 1024;

@Controller('v1')
export class EventsController {
  private readonly unsent = new Unsent();

  constructor(
    private readonly streams: EventStreams,
    private readonly connections: Connections,
    private readonly quota: StreamQuota,
    private readonly metrics: Metrics,
  ) {}

  @Get('sessions/:id/events')
  @For({ session: 'session' })
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
  @For({ session: 'session' })
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
    return (onClosed) => {
      reply.hijack();
      return new ResponseSink(reply.raw, onClosed, this.metrics, this.unsent);
    };
  }

  /** Counts the stream until the answer is closed, a refusal included. */
  private count(caller: Caller | undefined, reply: Reply): void {
    if (caller !== undefined) reply.raw.once('close', granted(this.quota.enter(caller)));
  }
}

/** Writes events into an HTTP response. */
class ResponseSink implements EventSink {
  constructor(
    private readonly response: ServerResponse,
    onClosed: () => void,
    private readonly metrics: Metrics,
    private readonly all: Unsent,
  ) {
    const forget = all.watch(this);
    response.once('close', onClosed).once('close', forget);
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Proxies that buffer would hold events back.
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
  }

  get closed(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  get unsent(): number {
    return this.response.writableLength;
  }

  tell(events: readonly SessionEvent[]): void {
    let text = '';
    for (const event of events) text += eventText(event);
    this.write(text);
  }

  ping(id: string | undefined): void {
    this.write(pingText(id));
  }

  private write(text: string): void {
    if (this.closed) return;
    // Check before the write, not after: the events of one record may be large, which does not make the client slow.
    if (this.response.writableLength <= unsentBytesMax) {
      this.response.write(text);
      this.all.wrote(text.length);
      return;
    }
    this.cut();
  }

  cut(): void {
    this.metrics.streamsCut.add(1);
    this.response.destroy();
  }

  async drained(): Promise<void> {
    while (!this.closed && this.response.writableLength > unsentBytesLow)
      await new Promise<void>((resolve) => {
        const done = (): void => {
          this.response.off('drain', done).off('close', done);
          resolve();
        };
        this.response.on('drain', done).on('close', done);
      });
  }

  end(): void {
    if (!this.closed) this.response.end();
  }
}
