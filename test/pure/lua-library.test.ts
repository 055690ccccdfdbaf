import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const builder = join(__dirname, '../../scripts/build-lua.cjs');
const build = (argument: string) => spawnSync(process.execPath, [builder, argument], { encoding: 'utf8' });

test('the committed Lua matches the rules', () => {
  const { status, stderr } = build('--check');
  expect(stderr).toBe('');
  expect(status).toBe(0);
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
  const compile = (...sources: string[]) => {
    const entry = join(directory, 'entry.ts');
    const line = (source: string, n: number) =>
      `export function f${String(n)}(list: number[], text: string): unknown { ${source} }`;
    writeFileSync(entry, sources.map(line).join('\n'));
    return build(entry);
  };

  test('plain code is accepted', () => {
    const { stderr, stdout } = compile(
      'list.push(Math.max(1, 2)); return text + (list.length > 1 ? "a" : "b");',
    );
    expect(stderr).toBe('');
    expect(stdout).toContain('list[#list + 1] = math.max(1, 2)');
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
    const { stdout, stderr, status } = compile(...unknown.map(([, source]) => source));
    const refused = new Set(
      [...stderr.matchAll(/entry\.ts\((\d+),\d+\): error/g)].map(([, line]) => Number(line)),
    );
    expect(unknown.filter((_, n) => !refused.has(n + 1))).toEqual([]);
    expect(stdout).toBe('');
    expect(status).not.toBe(0);
  });

  test.each([
    ['spreading an object', 'const a = { b: 1 }; return { ...a, c: 2 };'],
    ['deleting a field', 'const a: { b?: number } = { b: 1 }; delete a.b; return a;'],
    ['waiting', 'return (async () => 1)();'],
  ])('%s is rejected: it needs a library that Redis does not have', (_, source) => {
    const { stdout, stderr, status } = compile(source);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/cannot be turned into Lua|the Lua needs __TS__/);
    expect(status).not.toBe(0);
  });
});
