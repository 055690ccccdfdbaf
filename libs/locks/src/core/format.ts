import * as keys from './keys';
import type { MetaRow } from './rows';
import { endOfList, nextSeq, type Step } from './step';

/**
 * The format of the rows (docs/decisions/0070-formats.md). Rules read every format up to the newest. What only a later
 * format has (a field whose absence does not mean what it always meant, a new word, kind or record) they write only
 * into a table in that format, and a table changes to it when all lease APIs that share it can read it.
 */

/** The format of a table or row that names none. */
export const formatFirst = 2;
/**
 * 3: delegations that are told of changes, and changes that are announced to them (rules/notify.ts); exports in grace periods of
 * their own (rules/grace.ts).
 */
export const formatOfNotices = 3;
export const formatOfExportGrace = 3;
/** 4: range locks that are held at the fileserver, too (rules/range-asks.ts). */
export const formatOfKernelRanges = 4;
/** 5: tables in several shards (guests.ts); they have it from the beginning. */
export const formatOfShards = 5;
/** 6: a text that is equal to another field is not stored again (shapes.ts, twins). */
export const formatOfTwins = 6;
export const formatNewest = 6;

/** More lease APIs than one table has. */
const serversMax = 1000;

export function formatOf(meta: MetaRow): number {
  return meta.format ?? formatFirst;
}

/** Adds a lease API to the list. A version that knows no list leaves the entries of those that it forgets. */
export function listServer(step: Step, id: string): number {
  const { rows } = step;
  for (const { member, score } of rows.page(keys.servers, 0, endOfList, serversMax))
    if (rows.get('server', member) === undefined) rows.unlink(keys.servers, member, score);
  const no = nextSeq(step);
  rows.link(keys.servers, id, no);
  return no;
}

/** The lease APIs that say what they can read, and how many others there are. */
export function serversOf(step: Step): { ids: string[]; silent: number } {
  const ids: string[] = [];
  for (const { member } of step.rows.page(keys.servers, 0, endOfList, serversMax))
    if (step.rows.get('server', member) !== undefined) ids.push(member);
  return { ids, silent: Math.max(0, (step.meta.servers ?? 0) - ids.length) };
}

/** Changes the table to the highest format that all can read: `format` is what one of them has just said. */
export function raiseFormat(step: Step, format: number): void {
  const { meta, rows } = step;
  if (format <= formatOf(meta)) return;
  const { ids, silent } = serversOf(step);
  // One that does not say is of the first version.
  if (silent > 0) return;
  let all = format;
  for (const id of ids) all = Math.min(all, rows.get('server', id)?.format ?? formatFirst);
  if (all <= formatOf(meta)) return;
  meta.format = all;
  step.changed = true;
}
