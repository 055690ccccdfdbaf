import type { Heard, Request } from './dlm-history';

/**
 * What differs from the kernel's DLM on purpose, with the reason. `test/dlm` compares everything else. Those with
 * `drops` are taken out of what is heard before the comparison; the histories make no request of the others' kinds.
 */
export interface Difference {
  name: string;
  why: string;
}

export const differences: readonly Difference[] = [
  {
    name: 'a notice that says nothing new',
    why: 'After a refused or cancelled conversion the kernel may repeat a notice to a holder of PR or CW. We tell a holder of a mode once after each grant.',
  },
  {
    name: 'a block that nobody has written',
    why: 'The kernel leaves the buffer of the caller as it was and says that it is valid. We say that there is none.',
  },
  {
    name: 'headque',
    why: 'The kernel looks at a request that headque has put first only when something else changes on the resource, even if nothing blocks it. We grant it at once; histories change something there after each.',
  },
  {
    name: 'nodlckwt',
    why: 'The kernel tells a deadlocked converter that it is in the way only when something else changes on the resource. We tell it at once; histories change something there after each.',
  },
  {
    name: 'convdeadlk',
    why: 'After a demotion the kernel tells holders the mode of the demoted conversion, and a stronger one that waits only when something else changes on the resource; only then does it lower an earlier conversion that a new one (nodlckwt, headque) is deadlocked with. We do both at once; histories change something there after each, and the last notice counts.',
  },
  {
    name: 'quecvt with altpr or altcw',
    why: 'A queued conversion that is granted in the mode that it already had stays in the queue of the kernel for ever.',
  },
  {
    name: 'the block of an unlock',
    why: 'Through libdlm an unlock of PW or EX writes what happens to be in memory. Histories declare the block invalid with an unlock, and write it with conversions; scenarios/modes has the rest.',
  },
  {
    name: 'flags that stay',
    why: 'An unlock in the kernel inherits the flags of the last request: without valblk it may write zeros, and after ivvalblk it declares the block invalid. Ours does what it says.',
  },
  {
    name: 'a cancel after a cancelled conversion',
    why: 'The flag of the last request that was done stays with a lock in the kernel, so a second cancel in a row is invalid there, and one after a grant is not. Ours says of both that there is nothing to cancel.',
  },
  {
    name: 'persistent',
    why: 'The kernel forgets it with a conversion that does not repeat it. Ours stays until the lock is gone; histories repeat it for the kernel.',
  },
  {
    name: 'a request that waited when its process died',
    why: 'If it was persistent the kernel keeps it among the orphans, though it was never granted and cannot be adopted: an adoption is refused because of its mode. We say that there is nothing to adopt.',
  },
  {
    name: 'an adopted lock that is in the way',
    why: 'The kernel notes which modes an orphan is in the way of, and tells nobody. Its adopter does not hear of these modes before the next grant, whoever asks for one. We tell it: with the adoption if one is waited for, and of each later request.',
  },
  {
    name: 'a deadlock over several resources',
    why: 'The kernel has no detection for it. We refuse the request that would close the cycle, unless it has nodlckwt.',
  },
];

const ranks: readonly unknown[] = ['NL', 'CR', 'CW', 'PR', 'PW', 'EX'];

/** Takes out of the kernel's words what differs on purpose; keeps what it needs to know of each lock. */
export class Normal {
  private readonly told = new Map<number, number>();
  /** Of adopted locks: up to which mode the kernel tells their new holder nothing. */
  private readonly missed = new Map<number, number>();

  /** What the kernel said of a request, as we would have said it; `ours`: what we said of the same one. */
  kernel(request: Request, heard: readonly Heard[], ours: readonly Heard[]): Heard[] {
    return heard.flatMap((each) => {
      if (request.do === 'cancel' && each.what === 'invalid') return [];
      if (each.what === 'granted') {
        this.told.delete(each.lock);
        this.missed.delete(each.lock);
        return [this.withBlock(each, ours)];
      }
      if (each.what !== 'blocking') return [missed(each, ours)];
      const rank = ranks.indexOf(each.mode);
      if (rank <= (this.told.get(each.lock) ?? 0)) return [];
      this.told.set(each.lock, rank);
      return [each];
    });
  }

  /** What we said of a request, as the kernel would have said it; `theirs`: what it did say. */
  ours(heard: readonly Heard[], theirs: readonly Heard[]): Heard[] {
    return heard.flatMap(({ missed, ...each }) => {
      const { lock, what, mode } = each;
      if (what === 'adopted') this.missed.set(lock, ranks.indexOf(missed ?? 'NL'));
      const both = theirs.some((its) => its.lock === lock && its.what === what && its.mode === mode);
      const isMissed = what === 'blocking' && !both && ranks.indexOf(mode) <= (this.missed.get(lock) ?? 0);
      if (isMissed) this.told.set(lock, Math.max(this.told.get(lock) ?? 0, ranks.indexOf(mode)));
      return isMissed ? [] : [each];
    });
  }

  /** The kernel's line always has a block: it counts where we read one. */
  private withBlock({ block, invalid, ...rest }: Heard, ours: readonly Heard[]): Heard {
    const reads = ours.some(
      ({ lock, what, block: read }) => lock === rest.lock && what === 'granted' && read !== undefined,
    );
    if (!reads) return rest;
    return { ...rest, block, ...(invalid === true ? { invalid } : {}) };
  }
}

/** The refused adoption of a request that was never granted. */
function missed(each: Heard, ours: readonly Heard[]): Heard {
  const nothing = ours.find(({ lock, what }) => lock === each.lock && what === 'missing');
  return each.what === 'refused' && nothing !== undefined ? nothing : each;
}

/** Of notices to one holder, one after the other, the last. */
export const lastNotices = (heard: readonly Heard[]): Heard[] =>
  heard.filter(({ lock, what }, n) => {
    const next = heard.slice(n + 1).find((each) => each.lock === lock);
    return what !== 'blocking' || next?.what !== 'blocking';
  });

/** What is heard, in an order that does not depend on which lock was told first. */
export const byLock = (heard: readonly Heard[]): Heard[] => [...heard].sort((a, b) => a.lock - b.lock);
