import type { fileserver, LeaseType } from '#contracts';

/** An expected "no", in the words of the contract plus the fileserver's own. */
export interface Refusal {
  reason: NonNullable<fileserver.SetleaseAnswer['reason']>;
  detail: string;
}

/** The level of one hold, as the lease API asks for it. */
export interface HoldRequest {
  export: string;
  path: string;
  fileId: string;
  type: LeaseType;
  holdGen: number;
}

export interface BreakFacts {
  export: string;
  fileId: string;
  holdGen: number;
  breakNo: number;
  target: 'none' | 'read';
  /** Until the fileserver forces it, margin taken off; absent = never. */
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

/** Where the tree of an export lies, beneath all names. */
export interface Place {
  /** The type of its file system, as the kernel names it. */
  fileSystem: string;
  /** The file system's identity, then the way down in it. */
  parts: string[];
}
/** A deeper directory counts as its ancestor at this depth: it overlaps more, never less. */
export const placePartsMax = 128;

/** @throws naming two exports of which one lies in the other, or is the same */
export function assertApart(places: ReadonlyMap<string, Place>): void {
  const all = [...places];
  for (const [one, { parts }] of all)
    for (const [other, { parts: beneath }] of all)
      if (one !== other && parts.every((part, depth) => part === beneath[depth]))
        throw new Error(`export ${other} is the same tree as export ${one}, or inside it; serve only ${one}`);
}

/**
 * Something the lease API must hear. It may wait for an API to come back, so it carries no facts but a way to read
 * them at the moment of sending: times run down and hold generations move on meanwhile.
 */
export interface Notice<Facts> {
  /** Which hold it is about; a later notice of the same kind about it replaces this one. */
  readonly subject: string;
  /** @returns undefined once there is nothing to report any more */
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
 * One kind of fileserver. A driver keeps at most one hold per export and file, serves the requests for one file in
 * order, and reports what happens to its holds without being asked.
 */
export interface Driver {
  readonly exports: readonly string[];
  /** For how long the fileserver may keep our holds after our process has died; 0 = not at all. */
  holdsOutliveMs(): number;
  /** Whether the fileserver answers and can tell us of breaks; while it does not, holders are warned. */
  isReachable(exportName: string): boolean;
  /** Looks whether people still find the tree that is served, and says what has become of it if they do not. */
  gone(exportName: string): string | undefined;
  /** Where the trees lie; nobody serves one tree under two names. */
  places(): ReadonlyMap<string, Place>;
  /** After this long the fileserver takes a broken hold by force; 0 = never. */
  breakLimitMs(): number;
  /** Name → identity. Never breaks a lease, never waits for one. */
  resolve(exportName: string, path: string): Promise<fileserver.ResolveAnswer | Refusal>;
  /** Sets the level of the hold; `have` in the answer is always what is held now, also when the request was refused. */
  setlease(request: HoldRequest): Promise<fileserver.SetleaseAnswer>;
  /** The holds, page by page, oldest first. */
  status(cursor: string | undefined, limit: number): { holds: fileserver.Hold[]; cursor?: string };
  listen(listener: DriverListener): void;
  /** Lets go of every hold, explicitly, and stops. */
  close(): void | Promise<void>;
}
