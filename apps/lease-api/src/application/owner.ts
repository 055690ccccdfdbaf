import type { OwnerRef } from '#locks';
import { clientKeyOf, ownerKeyOf } from './ids';

/** The owner of a request; named by the session's id if the request names none. */
export function ownerRef({ sessionId, owner = sessionId }: { sessionId: string; owner?: string }): OwnerRef {
  return { owner, ownerKey: ownerKeyOf(sessionId, owner), clientKey: clientKeyOf(sessionId) };
}
