import type { ServerResponse } from 'node:http';
import type { EventOf, SessionEvent as WireEvent } from '#contracts';
import type { BreakNews, SessionEvent, SessionEvents } from '../application/session-events';
import type { Metrics } from '../telemetry/metrics';
import type { takeOver } from './exchange';
import type { Unsent } from './unsent';

/** The text of a session's events as a browser's EventSource reads it (WHATWG HTML, server-sent events). */

/** A client with more than this unsent when the next event comes is cut off; it reconnects and resumes. */
const unsentBytesMax = 1024 * 1024;
/** A replay continues once no more than this is unsent. */
const unsentBytesLow = 64 * 1024;

/** An HTTP response that is a stream of events. */
export class SseResponse {
  private readonly response: ServerResponse;
  private readonly inChunks: boolean;

  constructor(
    { response, headers }: ReturnType<typeof takeOver>,
    onClosed: () => void,
    private readonly metrics: Metrics,
    private readonly all: Unsent,
  ) {
    this.response = response;
    this.inChunks = response.req.httpVersion === '1.1';
    const forget = all.watch(this);
    response.on('close', () => {
      onClosed();
      forget();
    });
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Proxies that buffer would hold events back.
      'x-accel-buffering': 'no',
      ...headers,
    });
    response.flushHeaders();
  }

  get closed(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  get unsent(): number {
    return this.response.writableLength;
  }

  protected write(text: string): void {
    if (this.closed) return;
    // Check before the write, not after: the events of one record may be large, which does not make the client slow.
    if (this.unsent > unsentBytesMax) {
      this.cut();
      return;
    }
    const bytes = Buffer.byteLength(text);
    const { socket } = this.response;
    // The chunk's frame is ours: through the response, one event costs three writes and half as much again.
    // HTTP/1.0 has no chunks, and a pipelined response has no socket before its turn.
    if (socket === null || !this.inChunks) this.response.write(text);
    // What is ASCII is the same in both; latin1 is copied as it is.
    else socket.write(`${bytes.toString(16)}\r\n${text}\r\n`, bytes === text.length ? 'latin1' : 'utf8');
    this.all.wrote(bytes);
  }

  cut(): void {
    this.metrics.streamsCut.add(1);
    this.response.destroy();
  }

  async drained(): Promise<void> {
    while (!this.closed && this.unsent > unsentBytesLow)
      await new Promise<void>((resolve) => {
        const sources = [this.response, this.response.socket];
        const done = (): void => {
          for (const each of sources) each?.off('drain', done).off('close', done);
          resolve();
        };
        for (const each of sources) each?.on('drain', done).on('close', done);
      });
  }

  end(): void {
    if (!this.closed) this.response.end();
  }
}

/** The last news and its text, cached because one stream after another needs it. */
let tailOf: { news: BreakNews; text: string } | undefined;

function breakText({ news, ...lease }: SessionEvents['break']): string {
  const head: Omit<EventOf<'break'>, keyof BreakNews> = lease;
  const tail: Pick<EventOf<'break'>, keyof BreakNews> = news;
  if (tailOf?.news !== news) tailOf = { news, text: JSON.stringify(tail).slice(1) };
  return `${JSON.stringify(head).slice(0, -1)},${tailOf.text}`;
}

/** The compiler checks, event by event, that the data is what the contract says. */
function dataText(told: SessionEvent): string {
  if (told.event === 'break') return breakText(told.data);
  const wire: WireEvent = told;
  return JSON.stringify(wire.data);
}

/** One event. An event without an id shares that of the next. */
export function eventText(told: SessionEvent): string {
  const id = told.id === undefined ? '' : `id: ${told.id}\n`;
  return `event: ${told.event}\ndata: ${dataText(told)}\n${id}\n`;
}

/** Keeps a connection open, and gives the client its position in the stream. */
export function pingText(id: string | undefined): string {
  return id === undefined ? ': ping\n\n' : `id: ${id}\n: ping\n\n`;
}
