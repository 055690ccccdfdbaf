import type { TenureView } from '#locks';

/** `2s of 10s`: what is left of its tenure, and what the request asked for. */
export const tenureText = ({ maxHoldMs, remainingMs }: TenureView): string => {
  const left = remainingMs === undefined ? 'no end' : `${String(remainingMs / 1000)}s`;
  return maxHoldMs === undefined ? left : `${left} of ${String(maxHoldMs / 1000)}s`;
};
