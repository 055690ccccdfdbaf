import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import type { z } from 'zod';
import { type NameEvent, problemOf, watchQuery } from '#contracts';
import { type ClusterEvent, type ClusterEventSink, watchesMax } from '../application/cluster-events';
import { StreamQuota } from '../application/stream-quota';
import { Watches } from '../application/watches';
import { granted, LeaseError } from '../problem';
import { Metrics } from '../telemetry/metrics';
import { For } from './credentials.guard';
import { type Reply, type Request, takeOver } from './exchange';
import { AnswersWatch } from './openapi';
import { SseResponse } from './sse';
import { Unsent } from './unsent';

@Controller('v1/watch')
export class WatchController {
  constructor(
    private readonly watches: Watches,
    private readonly quota: StreamQuota,
    private readonly metrics: Metrics,
    private readonly unsent: Unsent,
  ) {}

  @Get()
  @For({ right: 'lease:read', at: 'query', named: true, lasting: true })
  @AnswersWatch()
  async watch(
    @Query({ schema: watchQuery }) query: z.infer<typeof watchQuery>,
    @Headers('last-event-id') from: string | undefined,
    @Req() { caller }: Request,
    @Res() reply: Reply,
  ): Promise<void> {
    const used = this.watches.size;
    if (used >= watchesMax) throw new LeaseError(problemOf('streams_max', { used, allowed: watchesMax }));
    if (caller !== undefined) reply.raw.on('close', granted(this.quota.enter(caller)));
    granted(
      await this.watches.attach(
        query,
        { from, past: false, follow: true, marked: true },
        (onClosed) => new Sink(takeOver(reply), onClosed, this.metrics, this.unsent),
      ),
    );
  }
}

/** Writes what happens under names into an HTTP response, without whose it is. */
class Sink extends SseResponse implements ClusterEventSink {
  tell(events: readonly ClusterEvent[]): void {
    let text = '';
    for (const event of events)
      text += `event: ${event.what}\ndata: ${JSON.stringify(present(event))}\nid: ${event.id}\n\n`;
    this.write(text);
  }

  resync(cause: string, id: string): void {
    this.write(`event: resync\ndata: ${JSON.stringify({ cause })}\nid: ${id}\n\n`);
  }

  ping(): void {
    this.write(': ping\n\n');
  }
}

function present({ wallMs, what, exportName = '', path = '', type, target, cause }: ClusterEvent): NameEvent {
  const at = new Date(wallMs).toISOString();
  return { at, what: what as NameEvent['what'], export: exportName, file: path, type, target, cause };
}
