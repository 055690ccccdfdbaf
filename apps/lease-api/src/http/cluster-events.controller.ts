import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import type { z } from 'zod';
import { type clusterEvent, clusterEventQuery, problemOf } from '#contracts';
import {
  type ClusterEvent,
  ClusterEvents,
  type ClusterEventSink,
  clusterStreamsMax,
} from '../application/cluster-events';
import { granted, LeaseError } from '../problem';
import { Metrics } from '../telemetry/metrics';
import { For } from './credentials.guard';
import { type Reply, takeOver } from './exchange';
import { AnswersClusterEvents } from './openapi';
import { SseResponse } from './sse';
import { Unsent } from './unsent';

@Controller('v1/events')
@For({ right: 'locks:admin', lasting: true })
export class ClusterEventsController {
  constructor(
    private readonly streams: ClusterEvents,
    private readonly metrics: Metrics,
    private readonly unsent: Unsent,
  ) {}

  @Get()
  @AnswersClusterEvents()
  async events(
    @Query({ schema: clusterEventQuery }) query: z.infer<typeof clusterEventQuery>,
    @Headers('last-event-id') from: string | undefined,
    @Res() reply: Reply,
  ): Promise<void> {
    const { past, follow, ...filter } = query;
    const used = this.streams.size;
    if (used >= clusterStreamsMax)
      throw new LeaseError(problemOf('streams_max', { used, allowed: clusterStreamsMax }));
    granted(
      await this.streams.attach(
        filter,
        { from, past, follow },
        (onClosed) => new Sink(takeOver(reply), onClosed, this.metrics, this.unsent),
      ),
    );
  }
}

/** Writes the events of the cluster into an HTTP response. */
class Sink extends SseResponse implements ClusterEventSink {
  tell(events: readonly ClusterEvent[]): void {
    this.write(
      events.map((event) => `data: ${JSON.stringify(present(event))}\nid: ${event.id}\n\n`).join(''),
    );
  }

  resync(cause: string, id: string): void {
    this.write(`event: resync\ndata: ${JSON.stringify({ cause })}\nid: ${id}\n\n`);
  }

  ping(): void {
    this.write(': ping\n\n');
  }
}

function present({
  id: _,
  wallMs,
  exportName,
  path,
  lockId,
  deadlineWall,
  ...rest
}: ClusterEvent): z.infer<typeof clusterEvent> {
  const at = new Date(wallMs).toISOString();
  const deadlineAt = deadlineWall === undefined ? undefined : new Date(deadlineWall).toISOString();
  return { at, export: exportName, file: path, id: lockId, deadlineAt, ...rest };
}
