import { createParser } from 'eventsource-parser';
import { type EventName, eventSchemas } from '#contracts';
import { within } from './eventually';

export interface ReadEvent {
  id?: string;
  event: string;
  data: Record<string, unknown>;
}

/** What in an event differs from the contract; undefined if nothing does, or the contract has no such event. */
export function unlikeContract(event: string, data: unknown): string | undefined {
  if (!Object.hasOwn(eventSchemas, event)) return undefined;
  const { error } = eventSchemas[event as EventName].strict().safeParse(data);
  return error === undefined ? undefined : `${event} ${JSON.stringify(data)}: ${error.message}`;
}

/** A session's event stream as on the wire, for tests of what the client hides. */
export class EventReader {
  /** Every event so far. */
  readonly events: ReadEvent[] = [];
  private read = 0;
  private fault: string | undefined;
  private wake: () => void = () => undefined;
  private readonly abort = new AbortController();

  constructor(readonly lastEventId?: string) {}

  /** Connects, to the stream of the session or of one of its connections. Throws if the answer is no event stream. */
  async open(
    url: string,
    session: { sessionId: string; secret: string; connectionId?: string },
  ): Promise<this> {
    const { sessionId, connectionId } = session;
    const of = connectionId === undefined ? `sessions/${sessionId}` : `dlm/connections/${connectionId}`;
    const response = await fetch(`${url}/v1/${of}/events`, {
      headers: {
        'x-session-secret': session.secret,
        ...(this.lastEventId === undefined ? {} : { 'last-event-id': this.lastEventId }),
      },
      signal: this.abort.signal,
    });
    if (response.status !== 200) throw new Error(`${String(response.status)}: ${await response.text()}`);
    const parser = createParser({
      onEvent: ({ id, event = '', data }) => {
        const read = { id, event, data: JSON.parse(data) as Record<string, unknown> };
        this.fault ??= unlikeContract(event, read.data);
        this.events.push(read);
        this.wake();
      },
    });
    void this.pump(response, (text) => {
      parser.feed(text);
    });
    return this;
  }

  /** The next event, in order. */
  async next(): Promise<ReadEvent> {
    return within(
      'an event',
      (async () => {
        for (;;) {
          if (this.fault !== undefined) throw new Error(this.fault);
          const event = this.events[this.read];
          if (event !== undefined) {
            this.read += 1;
            return event;
          }
          await new Promise<void>((resolve) => {
            this.wake = resolve;
          });
        }
      })(),
    );
  }

  close(): void {
    this.abort.abort();
  }

  private async pump(response: Response, feed: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const bytes of response.body ?? []) feed(decoder.decode(bytes, { stream: true }));
    } catch {
      // The stream was cut: the events received so far remain.
    }
  }
}
