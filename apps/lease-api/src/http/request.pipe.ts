import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import { problemOf } from '#contracts';
import { LeaseError } from '../problem';

/**
 * A body that could not be read. It travels on as if it were one, so that credentials are checked before syntax, as for
 * every other request.
 */
export class UnreadableBody {
  constructor(readonly why: string) {}
}

type Issues = readonly {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
}[];
const issuesMax = 16;

/** Checks what comes in against the schema of its parameter; the answer names every field at fault. */
@Injectable()
export class RequestPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({
      exceptionFactory: (issues: Issues) =>
        new LeaseError(
          problemOf('bad_request', {
            issues: issues.slice(0, issuesMax).map(({ message, path = [] }) => ({
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
