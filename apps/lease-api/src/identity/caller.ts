import { hash } from 'node:crypto';
import type { Rights } from './rights';

/** Who asks, as proven at the edge. */
export interface Caller {
  /** The tenant and the name within it. The subject is empty for callers who have proven no name. */
  readonly tenant: string;
  readonly subject: string;
  readonly rights: Rights;
  /** How the caller was recognised. */
  readonly by: 'nothing' | 'admin token' | 'storage token' | 'token' | 'certificate' | 'JWT' | 'key';
}

/**
 * The secret of a session as the table knows it. It covers the subject, so that in the hands of another subject it is
 * simply wrong. No secret and no name contains the separator.
 */
export function secretOf(secret: string, { tenant, subject }: Caller): string {
  return subject === '' ? secret : hash('sha256', `${secret}\0${tenant}\0${subject}`, 'base64url');
}

/** For logs: `tenant/subject`, or how the caller was recognised. */
export const nameOf = ({ tenant, subject, by }: Caller): string =>
  subject === '' ? by : tenant === '' ? subject : `${tenant}/${subject}`;
