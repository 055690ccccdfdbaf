/** Bounds of the wire: what a request may ask for at most. Spans are milliseconds, sizes bytes. */
export const limits = {
  ttlMsMin: 1_000,
  ttlMsMax: 3_600_000,
  /** Of a request that is held until it is decided, and of one that waits though nobody holds it. */
  waitMsMax: 60_000,
  queuedMsMax: 3_600_000,
  quietMsMax: 60_000,
  bodyBytesMax: 256 * 1024,
  fileBytesMax: 4_096,
  nameBytesMax: 255,
  labelCharsMax: 256,
  leasesPerRequestMax: 256,
  pageMax: 1_000,
  pageDefault: 100,
  /** Message of the microservice transport, one frame. */
  rpcBytesMax: 1024 * 1024,
} as const;
