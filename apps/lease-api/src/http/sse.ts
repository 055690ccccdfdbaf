import type { EventOf, SessionEvent as WireEvent } from '#contracts';
import type { BreakNews, SessionEvent, SessionEvents } from '../application/session-events';

/** The text of a session's events as a browser's EventSource reads it (WHATWG HTML, server-sent events). */

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
