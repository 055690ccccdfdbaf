import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { buildLibrary, stale } = jest.requireActual<{
  buildLibrary: (entry: string) => string;
  stale: () => string | undefined;
}>('../../scripts/build-lua.cjs');

test('the committed Lua matches the rules', () => {
  expect(stale()).toBeUndefined();
});

describe('code with another meaning in Lua is rejected', () => {
  // Beside the rest of what is made from the sources: the compiler takes nothing from outside the repository.
  const made = join(__dirname, '../../dist');
  mkdirSync(made, { recursive: true });
  const directory = mkdtempSync(join(made, 'traps-'));
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  /** Every source as a function of its own, one a line. */
  const compile = (...sources: string[]): string => {
    const entry = join(directory, 'entry.ts');
    const line = (source: string, n: number) =>
      `export function f${String(n)}(list: number[], text: string): unknown { ${source} }`;
    writeFileSync(entry, sources.map(line).join('\n'));
    return buildLibrary(entry);
  };

  test('plain code is accepted', () => {
    const source = 'list.push(Math.max(1, 2)); return text + (list.length > 1 ? "a" : "b");';
    expect(compile(source)).toContain('list[#list + 1] = math.max(1, 2)');
  });

  const unknown: [what: string, source: string][] = [
    ['the length of a text', 'return text.length;'],
    ['a method of a text', 'return text.slice(1);'],
    ['sorting', 'return list.sort();'],
    ['mapping', 'return list.map((n) => n + 1);'],
    ['cutting a list by its length', 'list.length = 0; return list;'],
    ['the clock', 'return Date.now();'],
    ['chance', 'return Math.random();'],
    ['a map', 'return new Map();'],
    ['the process', 'return process.pid;'],
    ['a timer', 'return setTimeout(() => undefined, 1);'],
    ['JSON', 'return JSON.stringify(list);'],
    ['a number from a text', 'return Number(text);'],
    ['a text from a number', 'return String(list[0]);'],
    ['Node', 'return require("node:fs");'],
    ['the names of an object', 'return Object.keys({ a: 1 });'],
  ];
  test('an undeclared name does not type-check', () => {
    let complaint = '';
    try {
      compile(...unknown.map(([, source]) => source));
    } catch (error) {
      complaint = String(error);
    }
    const refused = new Set(
      [...complaint.matchAll(/entry\.ts\((\d+),\d+\): error/g)].map(([, line]) => Number(line)),
    );
    expect(unknown.filter((_, n) => !refused.has(n + 1))).toEqual([]);
  });

  test.each([
    ['spreading an object', 'const a = { b: 1 }; return { ...a, c: 2 };'],
    ['deleting a field', 'const a: { b?: number } = { b: 1 }; delete a.b; return a;'],
    ['waiting', 'return (async () => 1)();'],
  ])('%s is rejected: it needs a library that Redis does not have', (_, source) => {
    expect(() => compile(source)).toThrow(/cannot be turned into Lua|the Lua needs __TS__/);
  });
});
