import { formatOf, listServer, raiseFormat, serversOf } from '../format';
import type { ServerView, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import type { SessionRow, StreamCount } from '../rows';
import { setDue, type Step } from '../step';

/**
 * Which sessions have event streams, as reported by the lease APIs that serve them. The report of a silent lease API
 * does not count: a killed process serves no streams. The only decision based on this is whether a silent adapter is a
 * fault.
 */

/** A lease API that is silent for longer is gone; it reports three times as often. */
const serverSilentMs = 15000;

export function streamsTell(step: Step, input: VerbInput<'streamsTell'>): VerbOutput<'streamsTell'> {
  const { rows } = step;
  const { server } = input;
  const known = rows.get('server', server);
  if (input.leaving === true) {
    forgetServer(step, server);
    // From now on nobody would notice whether an adapter stops in order.
    if ((step.meta.servers ?? 0) === 0) step.meta.unattended = true;
    step.changed = true;
    return { known: known !== undefined, format: formatOf(step.meta) };
  }
  if (known === undefined) {
    step.meta.servers = (step.meta.servers ?? 0) + 1;
    step.changed = true;
  }
  const row = known ?? { due: 0 };
  setDue(step, keys.server(server), row, step.now + serverSilentMs);
  row.format = input.format;
  row.release = input.release;
  row.library = input.library;
  rows.put('server', server, row);
  if (row.format !== undefined) {
    row.no = row.no ?? listServer(step, server);
    raiseFormat(step, row.format);
  }
  for (const { sessionId, streams } of input.sessions) {
    const session = rows.get('session', sessionId);
    if (session === undefined) continue;
    const now: StreamCount[] = [];
    for (const each of session.streams ?? [])
      if (each.server !== server && rows.get('server', each.server) !== undefined) now.push(each);
    if (streams > 0) now.push({ server, count: streams });
    session.streams = now.length === 0 ? undefined : now;
    rows.put('session', sessionId, session);
  }
  return { known: known !== undefined, format: formatOf(step.meta) };
}

export function serverList(step: Step): VerbOutput<'serverList'> {
  const { ids, silent } = serversOf(step);
  const servers: ServerView[] = [];
  for (const server of ids) {
    const row = step.rows.get('server', server);
    servers.push({ server, format: row?.format, release: row?.release, library: row?.library });
  }
  return { format: formatOf(step.meta), servers, silent };
}

/** A lease API has left in order, or was silent for too long. */
export function forgetServer(step: Step, id: string): void {
  const row = step.rows.get('server', id);
  if (row === undefined) return;
  setDue(step, keys.server(id), row, 0);
  if (row.no !== undefined) step.rows.unlink(keys.servers, id, row.no);
  step.rows.del('server', id);
  step.meta.servers = (step.meta.servers ?? 1) - 1;
}

/** How many streams a session has. */
export function streamsOf(step: Step, session: SessionRow): number {
  let count = 0;
  for (const each of session.streams ?? []) {
    const row = step.rows.get('server', each.server);
    if (row !== undefined && row.due > step.now) count += each.count;
  }
  return count;
}
