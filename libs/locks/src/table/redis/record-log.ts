import type { RecordRow } from '../../core/rows';
import { recordShape } from '../../core/shapes';
import { refuseLater } from '../table';
import { decode } from './codec';
import { confirmed, type Replicated } from './durability';

/** The records are in a stream, each under its own number: `<no>-0`. None is passed on before the replicas have it. */
type StreamEntry = [id: Buffer, fields: Buffer[]];

function recordOf([, fields]: StreamEntry): RecordRow {
  const bytes = fields[1];
  if (bytes === undefined) throw new Error('an entry of the record log has no record');
  const values = decode(bytes);
  // A record of format 1: it stays until newer records have displaced it.
  if (!Array.isArray(values)) return values as RecordRow;
  const record: Record<string, unknown> = {};
  // The format, if it is not the first.
  if (values[0] === 0) refuseLater(Number(values[1]));
  for (let at = values[0] === 0 ? 2 : 0; at < values.length; at += 2) {
    const place = values[at] as number | string;
    record[recordShape.fields[Number(place) - 1] ?? String(place)] = values[at + 1] as unknown;
  }
  for (const [name, twin] of Object.entries(recordShape.twins))
    if (record[name] === true) record[name] = record[twin];
  return record as unknown as RecordRow;
}

/** The last record written, or undefined if there is none. */
export async function lastRecord({ redis }: Replicated, key: string): Promise<RecordRow | undefined> {
  const [entry] = await redis.xrevrangeBuffer(key, '+', '-', 'COUNT', 1);
  return entry === undefined ? undefined : recordOf(entry);
}

/** Records with after < no <= upTo, ascending, at most `limit`. */
export async function recordsBetween(
  from: Replicated,
  key: string,
  after: number,
  upTo: number,
  limit: number,
): Promise<RecordRow[]> {
  if (after >= upTo || limit <= 0) return [];
  const entries = await from.redis.xrangeBuffer(
    key,
    `${String(after + 1)}-0`,
    `${String(upTo)}-0`,
    'COUNT',
    limit,
  );
  await confirmed(from, key);
  return entries.map(recordOf);
}

/** Waits at most `blockMs` for records after these numbers; for each log in turn, those that came. */
export async function awaitRecords(
  from: Replicated,
  logs: readonly { key: string; after: number }[],
  blockMs: number,
): Promise<RecordRow[][]> {
  const answer = await from.redis.xreadBuffer(
    'COUNT',
    1000,
    'BLOCK',
    blockMs,
    'STREAMS',
    ...logs.map(({ key }) => key),
    ...logs.map(({ after }) => `${String(after)}-0`),
  );
  const streams = new Map(
    ((answer ?? []) as [key: Buffer, entries: StreamEntry[]][]).map(([key, entries]) => [
      key.toString(),
      entries,
    ]),
  );
  const [first] = logs;
  if (streams.size > 0 && first !== undefined) await confirmed(from, first.key);
  return logs.map(({ key }) => (streams.get(key) ?? []).map(recordOf));
}
