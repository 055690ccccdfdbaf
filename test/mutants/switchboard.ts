/** What the texts with changes built in ask: which change is on. They call it `$mutant`. */
export const plenty = 1e12;

/** The changes that would have made a difference on the way, by `noted` texts. */
export const hits = new Set<number>();

export const switchboard = {
  /** The change that is on. */
  on: 0,
  /** The work still allowed, counted in calls and loop iterations. */
  left: plenty,
  over(): never {
    throw new Error('it goes on for ever');
  },
  note(...ids: number[]): void {
    for (const id of ids) hits.add(id);
  },
  weigh<T>(value: T, ...others: (number | (() => unknown))[]): T {
    for (let i = 0; i < others.length; i += 2) {
      const id = others[i] as number;
      if (!hits.has(id) && !same(others[i + 1] as () => unknown, value)) hits.add(id);
    }
    return value;
  },
};
Object.assign(globalThis, { $mutant: switchboard });

function same(other: () => unknown, value: unknown): boolean {
  try {
    return Object.is(other(), value);
  } catch {
    return false;
  }
}
