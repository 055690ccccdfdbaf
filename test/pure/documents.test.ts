import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Page, type Snippet } from '../support/snippets';

/** References from code and pages to other pages are correct. */

const root = join(__dirname, '../..');
const texts = ['apps', 'libs', 'docs', 'packages', 'test', 'scripts', '.']
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

test('the map of the architecture names every file of the rules', () => {
  const core = join(root, 'libs/locks/src/core');
  const map = read('ARCHITECTURE.md');
  const files = readdirSync(core, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('rules/kinds/'),
  );
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => !map.includes(`\`${file.split('/').at(-1) ?? ''}\``))).toEqual([]);
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

test('no test is skipped, but for what a kernel lacks', () => {
  const faults = texts.filter((file) =>
    /\b(it|test|describe)\.(only|skip|todo|failing)\b/.test(readFileSync(file, 'utf8')),
  );
  expect(faults.map((file) => relative(root, file))).toEqual(['test/support/knfsd.ts']);
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

/** The test that runs every snippet of a page: it asks the page whether it took all. */
const snippetTests: Record<string, string> = {
  'README.md': 'e2e/pages',
  'docs/audit.md': 'e2e/pages',
  'docs/backup.md': 'e2e/backup',
  'docs/callers.md': 'e2e/callers-page',
  'docs/configuration.md': 'e2e/pages',
  'docs/console.md': 'e2e/pages',
  'docs/debugging.md': 'e2e/pages',
  'docs/dlm.md': 'e2e/dlm',
  'docs/kubernetes.md': 'packages/helm',
  'docs/leasectl.md': 'e2e/pages',
  'docs/posix-where.md': 'e2e/pages',
  'docs/quotas.md': 'e2e/pages',
  'docs/tracing.md': 'e2e/traces',
  'packages/client/README.md': 'packages/packages',
};
/** Snippets that no test runs as they are, by page and first words, and why. */
const untested: Record<string, string> = {
  'README.md: npm start': 'e2e/start-stop starts it; npm test is what runs this',
  'docs/dlm-stack.md: npm run': 'needs a cluster with the kernel DLM: test/dlm starts the adapter in one',
  'docs/guide/coming-from.md: consul lock': 'Debian has no Consul',
  'docs/guide/nfs-heads.md: nfs-head --api': 'two servers on a fixed port: test/nfs/heads starts them',
  'docs/guide/nfs-heads.md: mount -t': 'a mount of the host: test/nfs/heads mounts in a virtual machine',
  'docs/kubernetes.md: kubectl create': 'needs Helm and a cluster: packages/helm renders the chart',
  'docs/nfs4.md: npm run': 'needs a foreign NFS server: test/nfs starts one',
};

test('a test runs every snippet of every page, except those of other systems', () => {
  const pages = texts.map((file) => relative(root, file)).filter((file) => file.endsWith('.md'));
  expect(pages).toEqual(expect.arrayContaining(Object.keys(snippetTests)));
  const faults: string[] = [];
  const leftOut: string[] = [];
  for (const name of pages) {
    if (name.startsWith('docs/decisions')) continue;
    const { snippets } = new Page(name);
    const words = ({ source }: Snippet): string => source.split(/\s+/).slice(0, 2).join(' ');
    for (const snippet of snippets) {
      if (snippet.language === '')
        faults.push(`${name}:${String(snippet.line)}: which language? \`text\`: no code`);
      if (snippet.isLeftOut) leftOut.push(`${name}: ${words(snippet)}`);
    }
    if (snippets.every(({ isLeftOut }) => isLeftOut)) continue;
    const test = /^docs\/guide\//.test(name) ? 'e2e/guide' : snippetTests[name];
    if (test === undefined) faults.push(`${name}: no test runs its snippets`);
    else {
      const source = read(`test/${test}.test.ts`);
      if (test === 'e2e/guide' ? !source.includes(`'${name.slice(11, -3)}'`) : !takesAll(source, name))
        faults.push(`${name}: test/${test}.test.ts does not run all of its snippets`);
    }
  }
  expect(faults).toEqual([]);
  expect(leftOut.sort()).toEqual(Object.keys(untested).sort());
});

/** The test makes a Page of it, and then either walks over all its snippets or sees that none is left. */
const takesAll = (source: string, name: string): boolean => {
  const [, use = ''] = source.split(`new Page('${name}')`);
  return /page\.rest\(\)\)\.toEqual\(\[\]\)|of page\.snippets\b/.test(use.split('new Page(')[0] ?? '');
};
