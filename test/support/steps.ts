import type { RecordRow } from '../../libs/locks/src/core/rows';
import type { Table, Urgency } from '../../libs/locks/src/table/table';
import type { Op, Result } from './port-rules';

/** One step over the rows; a verb with each flag may be chosen, and whether it goes alone (`tick`) or with others. */
export async function step(
  table: Table,
  ops: Op[],
  verb: 'tick' | 'keepalive' | 'openCreate' | 'rangeLock' | 'sessionCreate' | 'sessionList' = 'tick',
): Promise<Result[]> {
  const { value } = await table.call(verb, { ops } as never);
  // An empty object is an empty array to Lua.
  return (value as unknown as { results: Result[] }).results.map((result) =>
    Array.isArray(result) ? {} : result,
  );
}

/** Follows a table and lets a test wait for a number of records. */
export function collect(
  table: Table,
  urgency?: Urgency,
): {
  records: RecordRow[];
  gaps: () => number;
  upTo(no: number): Promise<void>;
  gap(): Promise<void>;
  stop(): void;
} {
  const records: RecordRow[] = [];
  let gaps = 0;
  let check: () => void = () => undefined;
  const when = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      check = () => {
        if (holds()) resolve();
      };
      check();
    });
  const stop = table.follow(
    (news) => {
      records.push(...news);
      check();
    },
    () => {
      gaps += 1;
      check();
    },
    urgency,
  );
  return {
    records,
    gaps: () => gaps,
    upTo: (no) => when(() => records.some((record) => record.no >= no)),
    gap: () => when(() => gaps > 0),
    stop,
  };
}
