/** Limits on what a request may ask for. Time spans are in milliseconds, sizes in bytes. */
export const limits = {
  ttlMsMin: 1_000,
  ttlMsMax: 3_600_000,
  /** How long what an expired NFS client holds may be kept. */
  courtesyMsMax: 604_800_000,
  /** Longest wait of a request held open until it is decided, and of one that waits in the background (`queued`). */
  waitMsMax: 60_000,
  queuedMsMax: 3_600_000,
  quietMsMax: 60_000,
  graceMsMax: 600_000,
  /** How long something may be held at most: thirty days. */
  holdMsMax: 2_592_000_000,
  bodyBytesMax: 256 * 1024,
  fileBytesMax: 4_096,
  nameBytesMax: 255,
  labelCharsMax: 256,
  resourceBytesMax: 255,
  valueBytesMax: 64,
  permitsMax: 10_000,
  leasesPerRequestMax: 256,
  callsPerBatchMax: 64,
  pageMax: 1_000,
  pageDefault: 100,
  /** One frame (message) of the microservice transport. */
  rpcBytesMax: 1024 * 1024,
} as const;
