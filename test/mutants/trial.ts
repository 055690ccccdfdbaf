import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'expect';
import { root } from './mutants';

/** The tests of the rules as functions, over rules whose text the caller supplies. */
export interface Trial {
  title: string;
  run: () => unknown;
}

type Each = (title: string, run: (...args: unknown[]) => unknown) => void;

/**
 * Excluded: the same tests over tables with a store, which are slow, tests that differ on every run, and tests that look
 * at what all the others have reached.
 */
const elsewhere = /^(embedded|lmdb|redis|any history|the known histories|whatever a verb refuses)\b/;

/** Collects what a test file declares, in place of jest. */
class Collector {
  readonly trials: Trial[] = [];
  private titles: string[] = [];
  private before: (() => unknown)[] = [];
  private after: (() => unknown)[] = [];

  /** One file: each of its tests can run alone, with its hooks before and after. */
  file(load: () => void): void {
    [this.before, this.after] = [[], []];
    load();
  }

  globals(): Record<string, unknown> {
    const { trials } = this;
    const test = (title: string, run: () => unknown): void => {
      const full = [...this.titles, title].join(' ');
      const { before, after } = this;
      const whole = async (): Promise<void> => {
        try {
          for (const each of before) await each();
          await run();
        } finally {
          for (const each of after) await each();
        }
      };
      if (!elsewhere.test(full)) trials.push({ title: full, run: whole });
    };
    const describe = (title: string, run: () => unknown): void => {
      const [before, after] = [this.before, this.after];
      [this.before, this.after] = [[...before], [...after]];
      this.titles.push(title);
      run();
      this.titles.pop();
      [this.before, this.after] = [before, after];
    };
    const prepare = (run: () => unknown) => this.before.push(run);
    const tidy = (run: () => unknown) => this.after.push(run);
    return {
      ...{ expect, beforeAll: prepare, beforeEach: prepare, afterAll: tidy, afterEach: tidy },
      test: Object.assign(test, { each: each(test) }),
      describe: Object.assign(describe, { each: each(describe) }),
    };
  }
}

/** `test.each` as far as it is used: a row is one argument, or a list of arguments; %s is the next. */
function each(declare: (title: string, run: () => unknown) => void): (rows: readonly unknown[]) => Each {
  return (rows) => (title, run) => {
    for (const row of rows) {
      const args: unknown[] = Array.isArray(row) ? row : [row];
      let at = 0;
      declare(
        title.replace(/%[sij]/g, () => String(args[at++])),
        () => run(...args),
      );
    }
  };
}

/** The test files of `pure` and `scenarios` that test only the rules. */
function testFiles(): string[] {
  const paths = ['test/scenarios', 'test/pure'].flatMap((directory) =>
    readdirSync(join(root, directory)).map((name) => join(root, directory, name)),
  );
  const wanted = process.env['TESTS']?.split(',');
  return paths.filter((path) => {
    if (!path.endsWith('.test.ts') || wanted?.every((part) => !path.includes(part)) === true) return false;
    const text = readFileSync(path, 'utf8');
    return (
      /libs\/locks\/src\/core|support\/(plain-rows|rules-bench|rules-table)/.test(text) &&
      !text.includes('/apps/')
    );
  });
}

const load = createRequire(__filename);

/** As for jest: the libraries' sources, which may be changed, instead of what was built of them. */
const modules = load('node:module') as { _resolveFilename: (request: string, ...more: unknown[]) => string };
const resolve = modules._resolveFilename.bind(modules);
modules._resolveFilename = (request, ...more) => {
  const [, library, page = 'index'] = /^#(\w+)(?:\/(\w+))?$/.exec(request) ?? [];
  return library === undefined ? resolve(request, ...more) : join(root, 'libs', library, 'src', `${page}.ts`);
};

const ownListeners = new Set(process.listeners('exit'));

/** Forgets the tests and the rules, so that they are loaded again. */
export function forget(): void {
  // These keep everything that they were loaded with.
  for (const listener of process.listeners('exit'))
    if (!ownListeners.has(listener)) process.off('exit', listener);
  for (const path of Object.keys(load.cache))
    if (/\/(libs|test\/(pure|scenarios|support))\//.test(path) && !path.includes('node_modules'))
      Reflect.deleteProperty(load.cache, path);
}

/** Loads the tests and the rules again. */
export function loadTrials(): Trial[] {
  forget();
  // One that is kept keeps whatever it has loaded.
  const loadTests = createRequire(__filename);
  const collector = new Collector();
  Object.assign(globalThis, collector.globals());
  for (const path of testFiles())
    collector.file(() => {
      loadTests(path);
    });
  return collector.trials;
}
