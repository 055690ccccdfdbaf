import type { HoldAsk, LeaseType, RangeClass, RangesAsk, RangeTestAsk, Reason } from '#locks';
import type { Bytes } from './offsets';
import type { Refused } from './refusal';

/** What a fileserver answered to an ask; `failed` stands for no answer. */
export type HoldOutcome =
  | { failed: 'fileserver_timeout' | 'no_backend' }
  | {
      have: LeaseType;
      reason?: Reason;
      /** The fileserver's own text for the reason. */
      detail?: string;
      inode?: string;
      cookie?: string;
    };

/** What a fileserver answered to an ask for ranges; `failed` stands for no answer. */
export type RangesOutcome =
  | { failed: 'fileserver_timeout' | 'no_backend' }
  | {
      locked: string[];
      refused: { id: string; reason: Reason; detail?: string }[];
      lost: string[];
    };

export interface RangeAsked extends Bytes {
  class: RangeClass;
  type: 'read' | 'write';
}
/** Which lock of a program at the fileserver would be in the way, or why it would not be locked or nobody can say. */
export type RangeTestOutcome =
  { failed: NotLocked; detail?: string } | { blocker?: RangeAsked & { pid: number } };
type NotLocked =
  | 'fileserver_timeout'
  | 'no_backend'
  | 'range_held_at_fileserver'
  | 'range_lease_held'
  | 'fileserver_refused'
  | 'fileserver_denied'
  | 'no_such_file'
  | 'file_changed'
  | 'ranges_unsupported';

export interface HeldFile {
  exportName: string;
  fileId: string;
  path: string;
  type: LeaseType;
  holdGen: number;
  /** It has locked ranges of the file, too. */
  ranges?: boolean;
}
export interface HeldPage {
  incarnation: string;
  holds: HeldFile[];
  cursor?: string;
}
export interface FileIdentity {
  fileId: string;
  inode: string;
}

/** An adapter and the address to dial. */
export interface AdapterAddress {
  endpoint: string;
  incarnation: string;
}

/** Calls from the service to fileserver adapters. They are bounded in time and never throw. */
export interface FileserverPort {
  setlease(ask: HoldAsk): Promise<HoldOutcome>;
  setranges(ask: RangesAsk): Promise<RangesOutcome>;
  testrange(ask: RangeTestAsk, range: RangeAsked): Promise<RangeTestOutcome>;
  /** Name → identity, as the adapter sees it now. */
  resolve(adapter: AdapterAddress, exportName: string, path: string): Promise<FileIdentity | Refused>;
  /** One page of what the adapter holds. */
  status(adapter: AdapterAddress, cursor?: string): Promise<HeldPage | Refused>;
}
