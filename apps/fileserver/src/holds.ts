import type { fileserver, LeaseType } from '#contracts';

/** What all drivers have in common in handling their holds. */

/** A running break is reported again at this interval. */
export const repeatMs = 3_000;
/** The most files without a hold whose last request is remembered. */
export const idleMax = 10_000;
/** Subtracted from the remaining time, for the transit of messages and differences between clocks. */
const marginMs = { most: 2_000, shareOfLimit: 0.1 };
/** A status page stays well below one message of the transport, however long the names are. */
const statusBytesMax = 400_000;

const strength: Record<LeaseType, number> = { none: 0, read: 1, write: 2 };
export const stronger = (a: LeaseType, b: LeaseType): boolean => strength[a] > strength[b];

/** The fileserver's limit, less the time since the earliest possible start of the break, less a margin; at least 0. */
export function remainingMs({ since, limitMs }: { since: number; limitMs: number }): number {
  const margin = Math.min(marginMs.most, limitMs * marginMs.shareOfLimit);
  return Math.max(0, Math.floor(limitMs - (performance.now() - since) - margin));
}

/** One page of the holds, which must be in the order of their serial numbers. */
export function statusPage(
  holds: Iterable<{ serial: number; hold: fileserver.Hold }>,
  cursor: string | undefined,
  limit: number,
): { holds: fileserver.Hold[]; cursor?: string } {
  const after = Number(cursor ?? 0);
  const page: fileserver.Hold[] = [];
  let bytes = 0;
  let last = after;
  for (const { serial, hold } of holds) {
    if (serial <= after) continue;
    if (page.length === limit || bytes > statusBytesMax) return { holds: page, cursor: String(last) };
    page.push(hold);
    bytes += Buffer.byteLength(hold.path) + hold.fileId.length + 128;
    last = serial;
  }
  return { holds: page };
}
