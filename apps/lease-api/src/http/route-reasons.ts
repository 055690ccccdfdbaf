import { type Reason, reasons } from '#contracts';
import { refusalsOfRoutes } from './route-reasons.generated';

/**
 * Why a route may refuse; the OpenAPI document lists it for each route and status. What its own code refuses with is read from
 * that code by a test (docs/decisions/0047-reasons-from-the-code.md). Here is what comes before: the port, the guard, and the
 * contracts. The fuzz test compares all of them with what routes answer.
 */

const everywhere: readonly Reason[] = ['foreign_host', 'foreign_origin', 'invariant', 'table_unreachable'];
/** Of a caller that has to be known, and of what it sent. */
const callers: readonly Reason[] = [
  ...(['bad_request', 'no_credentials', 'bad_token', 'keys_unreachable', 'no_right'] as const),
  ...(['too_many_failures', 'rate_exceeded'] as const),
];
const bodies: readonly Reason[] = ['body_too_large', 'request_timeout'];
/** The guard may have to know the session, to see whose it is. */
const ofSession: readonly Reason[] = ['no_such_session', 'session_expired', 'not_holder'];

/** What only adapters, NFS servers and lock managers are refused with, over their own protocols. */
export const elsewhere: readonly Reason[] = [
  ...(['protocol_pinned', 'predecessors_max', 'export_not_yours', 'export_served'] as const),
  'fileserver_lost',
  ...(['export_overlap', 'incarnation_superseded', 'locks_held', 'open_mode', 'state_expired'] as const),
  ...(['no_such_client', 'verifier_differs', 'not_principal', 'client_in_use', 'report_over'] as const),
];

interface Route {
  /** Method and path, as in the document. */
  name: string;
  /** Anybody may ask: nothing is known of the caller. */
  isOpen: boolean;
  bySession: boolean;
  hasBody: boolean;
}

/** What a route may be refused with, in the order in which #contracts has them. */
export function reasonsOf({ name, isOpen, bySession, hasBody }: Route): Reason[] {
  const own = new Set<string>([
    ...everywhere,
    ...(isOpen ? [] : callers),
    ...(hasBody ? bodies : []),
    ...(bySession ? ofSession : []),
    ...(refusalsOfRoutes[name] ?? '').split(' '),
  ]);
  return (Object.keys(reasons) as Reason[]).filter((reason) => own.has(reason));
}
