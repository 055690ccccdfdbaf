import type { Reason } from '#locks';
import { countedAs } from '../identity/limits';
import { isRefused, refuse, type Refused } from './refusal';

interface Names {
  readonly tenant: string;
  readonly subject: string;
}

/**
 * Event streams at this lease API, over HTTP and to NFS servers, of each subject and each tenant that may not have any
 * number of them.
 */
export class StreamQuota {
  private readonly open = new Map<string, number>();

  constructor(private readonly limitsOf: (names: Names) => { streams?: number }) {}

  /** Counts a stream until the function returned is called. Refused: subject_streams_max, tenant_streams_max. */
  enter(caller: Names): (() => void) | Refused {
    const entered: (() => void)[] = [];
    const leave = (): void => {
      for (const each of entered.splice(0)) each();
    };
    if (caller.subject === '') return leave;
    for (const names of countedAs(caller)) {
      const one = this.count(names);
      if (isRefused(one)) {
        leave();
        return one;
      }
      entered.push(one);
    }
    return leave;
  }

  private count(names: Names): (() => void) | Refused {
    const allowed = this.limitsOf(names).streams;
    if (allowed === undefined) return () => undefined;
    const name = `${names.tenant} ${names.subject}`;
    const used = this.open.get(name) ?? 0;
    const reason: Reason = names.subject === '' ? 'tenant_streams_max' : 'subject_streams_max';
    if (used >= allowed) return refuse(reason, { used, allowed });
    this.open.set(name, used + 1);
    return () => {
      const left = (this.open.get(name) ?? 1) - 1;
      if (left > 0) this.open.set(name, left);
      else this.open.delete(name);
    };
  }
}
