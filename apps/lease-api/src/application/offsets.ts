import type { Range } from '#locks';

/**
 * Offsets in a file, 0 to 2^63 - 1. The table stores them as two halves of 32 bits, because its numbers end at 2^53.
 * The last offset stands for the end of the file, wherever that is.
 */
export const endOfFile = 2n ** 63n - 1n;
const word = 2n ** 32n;

/** A stretch of bytes, both ends included. */
export interface Bytes {
  start: bigint;
  end: bigint;
}

export function rangeOf({ start, end }: Bytes): Range {
  return {
    startHi: Number(start / word),
    startLo: Number(start % word),
    endHi: Number(end / word),
    endLo: Number(end % word),
  };
}

export function bytesOf({ startHi, startLo, endHi, endLo }: Range): Bytes {
  return { start: BigInt(startHi) * word + BigInt(startLo), end: BigInt(endHi) * word + BigInt(endLo) };
}
