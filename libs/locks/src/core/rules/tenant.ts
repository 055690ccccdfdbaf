import type { Blocker, Dependent } from '../io';
import type { CycleMember } from '../rows';
import type { Step } from '../step';

/**
 * What a session is told about the holds of others (decision 0032). Within its own tenant: everything. Of another
 * tenant: what conflicts, in which state, until when; not whose it is.
 */

/** The tenant of a session; empty: it has none. */
export function tenantOf(step: Step, sessionId: string): string {
  return step.rows.get('session', sessionId)?.tenant ?? '';
}

function isForeign(step: Step, viewer: string, sessionId: string): boolean {
  return sessionId !== viewer && tenantOf(step, sessionId) !== tenantOf(step, viewer);
}

/** The part of a view that says whose it is. */
type Whose = Pick<
  Blocker,
  'id' | 'sessionId' | 'owner' | 'pid' | 'label' | 'node' | 'courtesy' | 'otherTenant'
>;

/** Adds what people call the session of a view. */
export function introduce<T extends Whose>(step: Step, view: T): T {
  const session = step.rows.get('session', view.sessionId);
  if (session === undefined) return view;
  view.label = session.label;
  view.node = session.node;
  view.courtesy = session.state === 'courtesy' ? true : undefined;
  return view;
}

/**
 * Says in a view for `viewer` whose it is, or takes the names out if the row belongs to a session of another tenant.
 */
export function veil<T extends Whose>(step: Step, viewer: string, view: T): T {
  if (!isForeign(step, viewer, view.sessionId)) return introduce(step, view);
  view.otherTenant = true;
  view.id = '';
  view.sessionId = '';
  view.owner = '';
  view.pid = 0;
  view.label = undefined;
  view.node = undefined;
  return view;
}

/**
 * Takes the names out of a dependent that is for `viewer`, if `sessionId` is of another tenant. Without a session it is a
 * file, of which a viewer of a tenant does not learn who uses it, and so not its name.
 */
export function veilDependent(
  step: Step,
  viewer: string,
  view: Dependent,
  sessionId: string | undefined,
): Dependent {
  const isOpen =
    sessionId === undefined ? tenantOf(step, viewer) === '' : !isForeign(step, viewer, sessionId);
  return isOpen ? view : { kind: view.kind, name: '', otherTenant: true };
}

/**
 * The same for a deadlock. Each member waits for the next, the last for the first: a file on which the next one is of
 * the viewer's tenant is no news to it.
 */
export function veilCycle(step: Step, viewer: string, cycle: readonly CycleMember[]): CycleMember[] {
  const told: CycleMember[] = [];
  let at = 0;
  for (const member of cycle) {
    at += 1;
    const next = cycle[at] ?? cycle[0];
    if (!isForeign(step, viewer, member.sessionId)) told.push(member);
    else {
      const isKnown = next !== undefined && !isForeign(step, viewer, next.sessionId);
      told.push({
        id: '',
        kind: member.kind,
        sessionId: '',
        owner: '',
        exportName: isKnown ? member.exportName : '',
        path: isKnown ? member.path : '',
        otherTenant: true,
      });
    }
  }
  return told;
}
