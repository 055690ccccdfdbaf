import type { IncomingHttpHeaders } from 'node:http';
import { problemOf } from '#contracts';
import { LeaseError } from '../problem';
import type { Reply } from './exchange';

/** Version numbers as entity tags (RFC 9110 §8.8.3). They cover an item's settings, not its state. */
export function tag(reply: Reply, version: number): void {
  reply.header('etag', `"${String(version)}"`);
}

const wrong = (detail: string): never => {
  throw new LeaseError(problemOf('bad_request', { detail }));
};

/** The version that the caller expects: that of If-Match, or 0 (no such item) for `If-None-Match: *`. */
export function expected(headers: IncomingHttpHeaders): number | undefined {
  const match = headers['if-match'];
  const noneMatch = headers['if-none-match'];
  if (match === undefined && noneMatch === undefined) return undefined;
  if (match !== undefined && noneMatch !== undefined)
    return wrong('If-Match and If-None-Match contradict each other: send one of them.');
  if (noneMatch !== undefined)
    return noneMatch.trim() === '*'
      ? 0
      : wrong('If-None-Match must be `*` (only if the item does not exist). Send a version in If-Match.');
  const [, version] = /^"([1-9]\d{0,15})"$/.exec(match?.trim() ?? '') ?? [];
  return version === undefined || !Number.isSafeInteger(Number(version))
    ? wrong('If-Match must be one ETag from an answer: a version in quotation marks, such as "3".')
    : Number(version);
}
