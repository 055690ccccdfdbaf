import { isDeepStrictEqual } from 'node:util';

type Expectation = Pick<
  jest.JestMatchers<unknown>,
  'toBe' | 'toEqual' | 'toMatchObject' | 'toBeDefined' | 'toHaveLength' | 'toContain' | 'toBeLessThanOrEqual'
> & {
  toBeGreaterThanOrEqual(least: number): void;
  not: Pick<jest.JestMatchers<unknown>, 'toBe' | 'toEqual'>;
};

/**
 * `expect` for checks that run thousands of times a second and nearly always hold: only a value that looks wrong is passed
 * to jest, which reports the difference.
 */
export function quickly(found: unknown): Expectation {
  return {
    toBe(expected: unknown) {
      if (!Object.is(found, expected)) expect(found).toBe(expected);
    },
    toEqual(expected: unknown) {
      if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected);
    },
    toMatchObject(expected: object) {
      const has = (typeof found === 'object' ? found : undefined) as { [name: string]: unknown } | undefined;
      if (!Object.entries(expected).every(([name, each]) => isDeepStrictEqual(has?.[name], each)))
        expect(found).toMatchObject(expected);
    },
    toBeDefined() {
      if (found === undefined) expect(found).toBeDefined();
    },
    toHaveLength(length: number) {
      if (!Array.isArray(found) || found.length !== length) expect(found).toHaveLength(length);
    },
    toContain(item: unknown) {
      if (!Array.isArray(found) || !found.includes(item)) expect(found).toContain(item);
    },
    toBeLessThanOrEqual(most: number) {
      if (!(typeof found === 'number' && found <= most)) expect(found).toBeLessThanOrEqual(most);
    },
    toBeGreaterThanOrEqual(least: number) {
      if (!(typeof found === 'number' && found >= least)) expect(found).toBeGreaterThanOrEqual(least);
    },
    not: {
      toBe(other: unknown) {
        if (Object.is(found, other)) expect(found).not.toBe(other);
      },
      toEqual(other: unknown) {
        expect(found).not.toEqual(other);
      },
    },
  };
}
