import type { EventOf, SessionEvent as WireEvent } from '#contracts';
import type { BreakNews, SessionEvent, SessionEvents } from '../application/session-events';

/** The text of a session's events as a browser's EventSource reads it (WHATWG HTML, server-sent events). */

/** News that one stream after the other asks for the same text of. */
let tailOf: { news: BreakNews; text: string } | undefined;

function breakText({ news, ...lease }: SessionEvents['break']): string {
  const head: Omit<EventOf<'break'>, keyof BreakNews> = lease;
  const tail: Pick<EventOf<'break'>, keyof BreakNews> = news;
  if (tailOf?.news !== news) tailOf = { news, text: JSON.stringify(tail).slice(1) };
  return `${JSON.stringify(head).slice(0, -1)},${tailOf.text}`;
}

/** What travels is what the contract says: the compiler compares the two, event by event. */
function dataText(told: SessionEvent): string {
  if (told.event === 'break') return breakText(told.data);
  const wire: WireEvent = told;
  return JSON.stringify(wire.data);
}

/** One event; without an id it shares that of the next. */
export function eventText(told: SessionEvent): string {
  const id = told.id === undefined ? '' : `id: ${told.id}\n`;
  return `event: ${told.event}\ndata: ${dataText(told)}\n${id}\n`;
}

/** Keeps a connection open, and says how far the client is. */
export function pingText(id: string | undefined): string {
  return id === undefined ? ': ping\n\n' : `id: ${id}\n: ping\n\n`;
}
