import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemText } from '../../apps/lease-api/src/http/problem.filter';
import { errorCodes, problemOf, type Reason, reasons } from '../../libs/contracts/src';
import { expectPage, markdownTable } from '../support/markdown';

const all = Object.keys(reasons) as Reason[];
const statusOf = (reason: Reason): number => problemText(problemOf(reason)).status;

/** The page as generated from the catalogue. */
function print(): string {
  const rows = errorCodes.flatMap((code) =>
    all
      .filter((reason) => reasons[reason].code === code)
      .map((reason) => [
        code,
        `\`${reason}\``,
        String(statusOf(reason)),
        reasons[reason].says,
        reasons[reason].next.replaceAll('|', '\\|'),
      ]),
  );
  return [
    '# Errors',
    '',
    'Printed from `libs/contracts/src/problem.ts`, the one place where a refusal gets its words. `WRITE=1 npx jest',
    '--selectProjects pure --testPathPatterns errors` prints it again; the same test fails while this page says something else.',
    '',
    'Over REST a refusal is a body of `application/problem+json` (RFC 9457), over Nest TCP the same without `status`:',
    '',
    '- `code`: an errno name, to branch on. `reason`: which rule. `type` is `urn:leasehold:` and the reason.',
    '- `title` and `next`: what happened and what to do next, as in the table; `detail`: more about this case.',
    '- `blockers`, at most 4 of `blockerCount`: who is in the way. `break`: the break that runs, with its deadline.',
    '- `issues`: fields that are wrong. `cycle`: of a deadlock. `dependents`, `operationId`, `version`: of an item.',
    '- `retryAfterMs`, and the header `Retry-After` in seconds: when it is worth trying again. Without them, it is not',
    '  before something has changed.',
    '',
    'What is refused changes nothing, with one exception: `break_started` says that it began a break.',
    '',
    ...markdownTable([['Code', 'Reason', 'Status', 'What happened', 'What to do next'], ...rows]),
    '',
  ].join('\n');
}

test('the page matches the catalogue', () => {
  expectPage('errors.md', print());
});

test('every reason is one sentence, and says what to do next in another', () => {
  const sentence = expect.stringMatching(/^[A-Z].*\.$/) as unknown;
  for (const reason of all)
    expect({ reason, ...reasons[reason] }).toMatchObject({ says: sentence, next: sentence });
});

test('every reason is used somewhere', () => {
  const root = join(__dirname, '../..');
  const sources = ['apps', 'libs/locks/src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      // The catalogue itself does not count as a use.
      .filter((name) => name.endsWith('.ts') && !/core.reasons\.ts$|\.generated\.ts$/.test(name))
      .map((name) => readFileSync(join(root, folder, name), 'utf8')),
  );
  expect(all.filter((reason) => !sources.some((source) => source.includes(`'${reason}'`)))).toEqual([]);
});
