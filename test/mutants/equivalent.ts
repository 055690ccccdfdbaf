/** Changes of the rules that make no difference to anybody, by what they change, and why they make none. */
export const equivalent: readonly {
  why: string;
  /** Function, line before, line after: as `npm run mutate` prints them. */
  mutants: readonly (readonly [within: string, from: string, to: string])[];
}[] = [];
