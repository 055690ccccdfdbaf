import type { OwnerRef } from '#locks';
import { clientKeyOf, ownerKeyOf } from './ids';

/** Who asks: the session as such, where no owner is named. */
export function ownerRef({ sessionId, owner = sessionId }: { sessionId: string; owner?: string }): OwnerRef {
  return { owner, ownerKey: ownerKeyOf(sessionId, owner), clientKey: clientKeyOf(sessionId) };
}
