import type { z } from 'zod';
import { problemOf } from '#contracts';
import { LeaseError } from '../problem';

/**
 * A body that could not be read. It is passed on like a body, so that credentials are checked before syntax, as for
 * every other request.
 */
export class UnreadableBody {
  constructor(readonly why: string) {}
}

interface Issue {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
  /** For a union: the issues with each of its members. */
  errors?: readonly (readonly Issue[])[];
}
const issuesMax = 16;

/** For a union, gives the issues with the member that fits best, which is more useful than that none fits. */
function* flat(issues: readonly Issue[]): Generator<Issue> {
  for (const issue of issues) {
    const [closest] = [...(issue.errors ?? [])].sort((a, b) => a.length - b.length);
    if (closest === undefined || closest.length === 0) yield issue;
    else
      for (const inner of flat(closest))
        yield { ...inner, path: [...(issue.path ?? []), ...(inner.path ?? [])] };
  }
}

/**
 * What the schema of a parameter makes of what was sent.
 * @throws LeaseError bad_request, which names the fields at fault
 */
export function validated(schema: z.ZodType, value: unknown): unknown {
  if (value instanceof UnreadableBody) throw new LeaseError(problemOf('bad_request', { detail: value.why }));
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issues = [...flat(read.error.issues)].slice(0, issuesMax).map(({ message, path = [] }) => ({
    path: path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
    message,
  }));
  throw new LeaseError(problemOf('bad_request', { issues }));
}
