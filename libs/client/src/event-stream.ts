import { createParser } from 'eventsource-parser';
import { isFor } from './error';
import { backoffMs, pause } from './transport';

/** Longest event, in characters: anything larger does not come from this service. */
const eventCharsMax = 1024 * 1024;

/** What an event stream needs from its session. */
interface EventStreamPorts {
  /** Connects once and reads to the end; `lastEventId` asks for the events since then. */
  connect(lastEventId: string | undefined, open: () => void, chunk: (text: string) => void): Promise<void>;
  /** The stream is open. `replayed`: the service sends the missed events; if not, the session must read its state. */
  opened(replayed: boolean): void;
  event(name: string, data: unknown): void;
  /** The session is over, or its secret is wrong. Returns whether reconnecting is pointless. */
  refused(error: unknown): Promise<boolean>;
  /** Further refusals that it is told. */
  final?: readonly string[];
}

/**
 * Keeps one server-sent event stream open until the signal is aborted. If cut off, it reconnects with the last event
 * id, first after about 100 ms, later every 2 s. Never throws.
 */
export async function followEvents(ports: EventStreamPorts, signal: AbortSignal): Promise<void> {
  let lastEventId: string | undefined;
  let failures = 0;
  const parser = createParser({
    maxBufferSize: eventCharsMax,
    onEvent: ({ id, event, data }) => {
      // Several events may share an id, sent with the last of them: after a cut in between, all are replayed.
      if (id !== undefined) lastEventId = id;
      failures = 0;
      const parsed = parse(data);
      if (event !== undefined && parsed !== undefined) ports.event(event, parsed);
    },
    onComment: () => {
      failures = 0;
    },
  });
  while (!signal.aborted) {
    try {
      parser.reset();
      await ports.connect(
        lastEventId,
        () => {
          ports.opened(lastEventId !== undefined);
        },
        (chunk) => {
          parser.feed(chunk);
        },
      );
    } catch (error) {
      const final = ['session_expired', 'no_such_session', 'not_holder', 'no_credentials'];
      if (isFor(error, ...final, ...(ports.final ?? []))) {
        if (await ports.refused(error)) return;
      }
    }
    await pause(backoffMs(failures), [signal]).catch(() => undefined);
    failures += 1;
  }
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
