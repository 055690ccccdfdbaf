import type { fileserver, LeaseType } from '#contracts';

/** An expected refusal: a reason from the contract, and the fileserver's own words as the detail. */
export interface Refusal {
  reason: NonNullable<fileserver.SetleaseAnswer['reason']>;
  detail: string;
}

/** An ask by the lease API: the level that one hold should have. */
export interface HoldRequest {
  export: string;
  path: string;
  fileId: string;
  type: LeaseType;
  holdGen: number;
}

/** An ask by the lease API: the range locks that one file should have. */
export interface RangesRequest {
  export: string;
  path: string;
  fileId: string;
  gen: number;
  held: fileserver.WantedRange[];
  wants: fileserver.WantedRange[];
}

/** A question of the lease API: who else has locked these bytes. */
export type RangeQuestion = Omit<fileserver.TestrangeRequest, 'incarnation'>;

export interface BreakFacts {
  export: string;
  fileId: string;
  holdGen: number;
  breakNo: number;
  target: 'none' | 'read';
  /** Time until the fileserver forces the break, less a margin; absent = never. */
  remainingMs?: number;
}
export interface DetachedFacts {
  export: string;
  fileId: string;
  holdGen: number;
  path: string;
}
export interface LostFacts {
  export: string;
  fileId: string;
  holdGen: number;
  have: LeaseType;
  cause: string;
}

/** Where the tree of an export really is, independent of mounts and links. */
export interface Place {
  /** The type of its file system, as the kernel names it. */
  fileSystem: string;
  /** The file system's identity, then the path within it. */
  parts: string[];
  /**
   * Identities of the directory, and then of those above it, that mean the same to every stack: the host that has the
   * disk, inode number, time of creation. Empty if the file system does not tell.
   */
  ancestry: string[];
}
/** Longer ones are cut: the directory itself and its nearest ancestors are what counts. */
export const ancestryMax = 128;

/** How a directory is named in `ancestry`. */
export const directoryId = (host: string, inode: bigint, createdNs: bigint): string =>
  `${host.slice(0, 255)} ${inode} ${createdNs}`;

/** A deeper directory counts as its ancestor at this depth, so it can only appear to overlap more. */
export const placePartsMax = 128;

/** @throws naming two exports if they are the same tree or one lies within the other */
export function assertApart(places: ReadonlyMap<string, Place>): void {
  const all = [...places];
  for (const [one, { parts }] of all)
    for (const [other, { parts: beneath }] of all)
      if (one !== other && parts.every((part, depth) => part === beneath[depth]))
        throw new Error(`export ${other} is the same tree as export ${one}, or inside it; serve only ${one}`);
}

/**
 * A message for the lease API. It may have to wait until an API is reachable, while times run down and hold generations
 * move on. So it carries no facts, only a function that reads them when the message is sent.
 */
export interface Notice<Facts> {
  /** The hold that the notice is about; a later notice of the same kind about the same hold replaces this one. */
  readonly subject: string;
  /** @returns undefined when there is nothing left to report */
  now(): Facts | undefined;
  /** The API has answered; `taken: false` if its row had moved on. */
  answered?(taken: boolean): void;
}

export interface DriverListener {
  onBreak(notice: Notice<BreakFacts>): void;
  onDetached(notice: Notice<DetachedFacts>): void;
  onLost(notice: Notice<LostFacts>): void;
}

/**
 * The interface to one kind of fileserver. A driver keeps at most one hold per export and file, serves the requests for
 * one file in order, and reports what happens to its holds without being asked.
 */
export interface Driver {
  readonly exports: readonly string[];
  /** How long the fileserver may keep our holds after our process has died; 0 = not at all. */
  holdsOutliveMs(): number;
  /** Whether the fileserver answers and can tell us about breaks; while it cannot, holders are warned. */
  isReachable(exportName: string): boolean;
  /** Checks whether the export's name still leads to the tree that is served; if not, returns what happened to it. */
  gone(exportName: string): string | undefined;
  /** Where the trees are, so that no tree is served under two names. */
  places(): ReadonlyMap<string, Place>;
  /** After this long the fileserver takes a broken hold by force; 0 = never. */
  breakLimitMs(): number;
  /** Name → identity. Never breaks a lease and never waits for one. */
  resolve(exportName: string, path: string): Promise<fileserver.ResolveAnswer | Refusal>;
  /** Sets the level of the hold. `have` in the answer is always what is held now, even if the request was refused. */
  setlease(request: HoldRequest): Promise<fileserver.SetleaseAnswer>;
  /** Locks ranges of a file; absent: this kind of fileserver cannot. */
  setranges?(request: RangesRequest): Promise<fileserver.SetrangesAnswer>;
  /** Which lock of others would be in the way of one; wherever there is `setranges`. */
  testrange?(request: RangeQuestion): Promise<fileserver.TestrangeAnswer>;
  /** How many files it holds. Costs the same for any number. */
  holdCount(): number;
  /** One page of the holds, oldest first. */
  status(cursor: string | undefined, limit: number): { holds: fileserver.Hold[]; cursor?: string };
  listen(listener: DriverListener): void;
  /** Releases every hold explicitly, then stops. */
  close(): void | Promise<void>;
}
