import { compatible, modes } from '../../libs/locks/src/core/rules/modes';
import {
  matrix,
  ownRefuses,
  silenceOnBreakToRead,
  verdict,
  type Verdict,
} from '../../libs/locks/src/core/rules/matrix';
import { heldKinds, matrix as histories, wantedKinds } from '../scenarios/matrix';
import { expectPage, markdownTable } from '../support/markdown';

const inWords = (kind: string): string => kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
const marks: { readonly [V in Verdict]: string } = {
  beside: '',
  refused: 'refused',
  'breaks to read': '→ read',
  'breaks to none': '→ none',
};

/** The page as generated from the data. */
function print(): string {
  const rows = wantedKinds.map((wanted) => [
    `**${inWords(wanted)}**`,
    ...heldKinds.map((held) => marks[verdict(held, wanted)]),
  ]);
  return [
    '# Conflict matrix',
    '',
    'Printed from `libs/locks/src/core/rules/matrix.ts`, which decides. `WRITE=1 npx jest --selectProjects pure',
    '--testPathPatterns matrix` prints it again; the same test fails while this page says something else.',
    '',
    'A row is what is asked for, a column what another owner has.',
    '',
    '- **refused**: not while the hold is there. It says who has it; with a wait the request queues.',
    '- **→ read**, **→ none**: the hold is broken to that, and the request waits until its holder has answered, or the',
    '  deadline has.',
    '- An empty cell: both may be.',
    '',
    'If its holder does not answer, what is broken to none is revoked. What is broken to read is',
    ...Object.entries(silenceOnBreakToRead).map(
      ([held, becomes]) =>
        `- ${inWords(held)}: ${becomes === 'revoked' ? 'revoked' : `left with ${becomes}`}`,
    ),
    '',
    ...markdownTable([['asked \\ held', ...heldKinds.map(inWords)], ...rows]),
    '',
    'What is own conflicts with nothing, with one exception:',
    `an own ${inWords(ownRefuses.held)} refuses a ${inWords(ownRefuses.wanted)}.`,
    'Own are the same session and owner; of a delegation, the whole session. Range locks conflict where they overlap,',
    'POSIX and OFD locks with each other, flock only with flock. An open has the row and the column of its access and of',
    'each thing that it denies; what is pending counts as what it will be.',
    '',
    '## Modes',
    '',
    'Locks in modes are on resources, which have a name space of their own: they conflict with nothing above',
    '([decision 0026](decisions/0026-modes.md)). Identity is the lock, so those of one owner conflict, too. A row is what is',
    'asked for, a column what another lock has; from `libs/locks/src/core/rules/modes.ts`.',
    '',
    ...markdownTable([
      ['asked \\ held', ...modes],
      ...modes.map((wanted) => [
        `**${wanted}**`,
        ...modes.map((held) => (compatible(held, wanted) ? '' : 'refused')),
      ]),
    ]),
    '',
  ].join('\n');
}

test('the page matches the data', () => {
  expectPage('conflict-matrix.md', print());
});

test('the data names only kinds that can be held, and every cell has its history', () => {
  for (const wanted of wantedKinds) {
    for (const held of Object.keys(matrix[wanted])) expect(heldKinds).toContain(held);
    for (const title of [`${wanted}, asked by another`, `${wanted}, asked by the holder itself`])
      for (const held of heldKinds) expect(histories[title]).toContain(`# ${held}\n`);
  }
  expect(heldKinds.filter((held) => !(held in matrix))).toEqual([]);
});

test('range locks and the other kinds do not conflict', () => {
  const isRange = (kind: string): boolean => /^(range|flock)/.test(kind);
  for (const wanted of wantedKinds) {
    for (const held of heldKinds) {
      const kin = isRange(wanted) ? wanted.slice(0, 5) === held.slice(0, 5) : !isRange(held);
      if (!kin) expect(`${wanted} ${held} ${verdict(held, wanted)}`).toBe(`${wanted} ${held} beside`);
    }
  }
});
