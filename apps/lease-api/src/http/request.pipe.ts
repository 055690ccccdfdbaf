import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
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

/** Checks input against the schema of its parameter; the answer names the fields at fault. */
@Injectable()
export class RequestPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({
      exceptionFactory: (issues: readonly Issue[]) =>
        new LeaseError(
          problemOf('bad_request', {
            issues: [...flat(issues)].slice(0, issuesMax).map(({ message, path = [] }) => ({
              path: path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
              message,
            })),
          }),
        ),
    });
  }

  override transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (value instanceof UnreadableBody)
      throw new LeaseError(problemOf('bad_request', { detail: value.why }));
    return super.transform(value, metadata);
  }
}
