import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** References from code and pages to other pages are correct. */

const root = join(__dirname, '../..');
const texts = ['apps', 'libs', 'docs', 'test', 'scripts', '.']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: folder !== '.', withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|mjs|cjs|md|proto)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  )
  .filter((file) => !file.endsWith('.generated.ts') && !file.endsWith('documents.test.ts'));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** `§4`, `§2.3`: the sections of the specification, and their numbered rules. */
function sections(page: string): Set<string> {
  const found = new Set<string>();
  let section = '';
  for (const line of page.split('\n')) {
    const heading = /^## (§\d+)/.exec(line)?.[1];
    if (heading !== undefined) section = heading;
    const rule = /^(\d+)\. /.exec(line)?.[1];
    if (heading !== undefined) found.add(section);
    if (rule !== undefined) found.add(`${section}.${rule}`);
  }
  return found;
}

test('every cited section of the specification exists', () => {
  const known = sections(read('docs/semantics.md'));
  const faults: string[] = [];
  let cited = 0;
  for (const file of texts) {
    const text = readFileSync(file, 'utf8').replace(/^## §.*$/gm, '');
    for (const { 0: citation, index } of text.matchAll(/§\d+(\.\d+)*(, §\d+(\.\d+)*)*/g)) {
      const before = text.slice(Math.max(0, index - 60), index);
      // A section of another document, which it names.
      if (/(RFC \d+|MS-SMB2)[\s*]*(§[\d., §]*(and )?)?$/.test(before)) continue;
      cited += 1;
      const where = `${relative(root, file)}: ${citation}`;
      const own = relative(root, file) === join('docs', 'semantics.md');
      if (!own && !/semantics\.md`?\)?[\s*]*$/.test(before)) faults.push(`${where}: of which page?`);
      for (const each of citation.split(', ')) if (!known.has(each)) faults.push(`${where}: no such section`);
    }
  }
  expect(faults).toEqual([]);
  expect(cited).toBeGreaterThan(40);
});

test('every page of docs/ is in the sidebar of the site', () => {
  const config = read('docs/.vitepress/config.mts');
  const pages = texts
    .map((file) => relative(join(root, 'docs'), file))
    .filter((file) => /^[^./].*\.md$/.test(file));
  const missing = pages.filter(
    (file) => !/^(index\.md|decisions\/)/.test(file) && !config.includes(`'/${file.replace(/\.md$/, '')}'`),
  );
  expect(missing).toEqual([]);
  expect(pages.length).toBeGreaterThan(20);
});

test('every link between pages resolves', () => {
  const faults: string[] = [];
  for (const file of texts.filter((each) => each.endsWith('.md'))) {
    for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      try {
        readFileSync(join(file, '..', target));
      } catch (error) {
        const directory = error instanceof Error && 'code' in error && error.code === 'EISDIR';
        if (!directory) faults.push(`${relative(root, file)}: ${target}`);
      }
    }
  }
  expect(faults).toEqual([]);
});

test('every decision has a date, a status and the common form, and is listed', () => {
  const folder = join(root, 'docs/decisions');
  const list = readFileSync(join(folder, 'README.md'), 'utf8');
  const pages = readdirSync(folder).filter((name) => name !== 'README.md');
  expect(pages.length).toBeGreaterThan(11);
  for (const name of pages) {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(text).toMatch(
      /^# (\d{4}): .+\n\nDate: \d{4}-\d\d-\d\d\. Status: (accepted|replaced by \d{4})\.\n\n## Context\n[^]+\n## Decision\n[^]+\n## Consequences\n/,
    );
    expect(name).toContain(text.slice(2, 6));
    expect(list).toContain(`(${name})`);
  }
});

test('only keys.ts spells the prefixes of lists and members', () => {
  const faults = texts
    .filter((file) => /libs\/locks\/src\/core\/|test\/support\/(invariants|history)/.test(file))
    .filter((file) => !file.endsWith('core/keys.ts'))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/'[A-Za-z]:'|`[A-Za-z]:\$\{|\.letter\(/g)].map(
        ([found]) => `${relative(root, file)}: ${found}`,
      ),
    );
  expect(faults).toEqual([]);
});

/** Lines of tables, without code blocks. */
const tableLines = (page: string): string[] => page.replace(/^```[^]*?^```/gm, '').match(/^\|.*$/gm) ?? [];
const cellsOf = (line: string): string[] => line.slice(2, -2).split(/(?<!\\) \| /);

test('no test is skipped', () => {
  const faults = texts.filter((file) =>
    /\b(it|test|describe)\.(only|skip|todo|failing)\b/.test(readFileSync(file, 'utf8')),
  );
  expect(faults.map((file) => relative(root, file))).toEqual([]);
});

test('tables are unpadded: an editor shows them, and one changed cell is one changed line', () => {
  const faults = texts
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) =>
      tableLines(readFileSync(file, 'utf8'))
        .filter((line) => /[^\s|] {2,}\||\| {2,}[^ |]|-{4,}/.test(line) || !line.endsWith(' |'))
        .map((line) => `${relative(root, file)}: ${line}`),
    );
  expect(faults).toEqual([]);
});

test('every bug has a test, a commit, and a command that names existing tests', () => {
  const [head = '', rule, ...rows] = tableLines(read('test/bugs.md'));
  expect(cellsOf(head)).toEqual(['What broke', 'Test', 'Commit', 'Command']);
  expect(rule).toBe('| --- | --- | --- | --- |');
  expect(rows.length).toBeGreaterThan(120);
  const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  const sources = new Map(
    tests
      .filter((file) => file.endsWith('.ts'))
      .map((file) => [file, readFileSync(join(root, 'test', file), 'utf8').replace(/\\(?=[`'])/g, '')]),
  );
  for (const row of rows) {
    const [what, by, commit, command = ''] = cellsOf(row);
    expect({ row, what, by }).toMatchObject({
      what: expect.stringMatching(/^\S.*\S$/) as unknown,
      by: expect.stringMatching(/^\S.*\S$/) as unknown,
    });
    // The commit that brings a row cannot name itself.
    if (commit === undefined) continue;
    expect({ row, commit, command }).toMatchObject({
      commit: expect.stringMatching(/^[0-9a-f]{7}$/) as unknown,
      command: expect.stringMatching(
        /^`(npm test|npm run test:nfs|npx jest --selectProjects .+)`$/,
      ) as unknown,
    });
    const patterns =
      /--testPathPatterns (?:'([^']+)'|(\S+?))[ `]/.exec(command)?.slice(1).join('').split('\\|') ?? [];
    for (const pattern of patterns)
      expect({ row, found: tests.some((test) => test.includes(`${pattern}.test.ts`)) }).toMatchObject({
        found: true,
      });
    // Part of a title; in the scenarios, after the name of their family.
    const titles = / -t '([^']+)'/.exec(command)?.[1]?.split('\\|') ?? [];
    const named = [...sources].filter(
      ([file]) => patterns.length === 0 || patterns.some((pattern) => file.includes(`${pattern}.test.ts`)),
    );
    for (const text of titles) {
      const title = text.trim().replace(/\\(?=[()])/g, '');
      const isIn = (source: string): boolean =>
        source.includes(title) || source.includes(title.replace(/^[a-z]+ /, ''));
      expect({ row, title, found: named.some(([, source]) => isIn(source)) }).toMatchObject({ found: true });
    }
  }
});
