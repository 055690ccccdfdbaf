import { readFileSync } from 'node:fs';
import { LeaseholdError } from '#client';
import { everyCommand, exitCodesText, fullName, makeProgram } from '../../apps/leasectl/src/program';
import { exitCodes, failureText } from '../../apps/leasectl/src/failure';
import { signalOf } from '../../apps/leasectl/src/hold';
import { detailsText, jsonText, Table, tableText } from '../../apps/leasectl/src/output';
import { printable } from '#contracts';
import { fileRef, instantText, itemRef, span, spanText } from '../../apps/leasectl/src/words';

describe('input by people', () => {
  test.each([
    ['demo:story.txt', { export: 'demo', file: 'story.txt' }],
    ['demo:a/b:c', { export: 'demo', file: 'a/b:c' }],
    ['a.b-c_d:ü', { export: 'a.b-c_d', file: 'ü' }],
  ])('%s is accepted as a file', (text, ref) => {
    expect(fileRef(text)).toEqual(ref);
  });
  test.each([
    'demo',
    '',
    ':',
    'demo:',
    ':a',
    'demo:/a',
    'demo:a//b',
    'demo:a/../b',
    'demo:.',
    'de mo:a',
    'demo:a\0b',
  ])('%j is not accepted as a file', (text) => {
    expect(() => fileRef(text)).toThrow();
  });

  test.each([
    ['exports/demo', { kind: 'exports', name: 'demo' }],
    ['export/demo', { kind: 'exports', name: 'demo' }],
    ['region/rack-1', { kind: 'regions', name: 'rack-1' }],
  ])('%s is accepted as an item', (text, ref) => {
    expect(itemRef(text)).toEqual(ref);
  });
  test.each(['exports', 'exports/', 'shares/demo', 'exports/a/b', '/demo', 'exports/../x', 'ss/x'])(
    '%j is not accepted as an item',
    (text) => {
      expect(() => itemRef(text)).toThrow();
    },
  );

  test.each([
    ['0', 0],
    ['30', 30_000],
    ['1.5', 1_500],
    ['500ms', 500],
    ['2m', 120_000],
    ['1h', 3_600_000],
  ])('%s is accepted as a duration', (text, ms) => {
    expect(span(text)).toBe(ms);
  });
  test.each(['', '-1', 's', '1d', '1 s', '1e3', 'Infinity', '0x10', '99999999999999'])(
    '%j is not accepted as a duration',
    (text) => {
      expect(() => span(text)).toThrow();
    },
  );

  test('signals are named with or without SIG, in any case', () => {
    expect(['term', 'SIGTERM', 'Usr1', 'kill'].map(signalOf)).toEqual([
      'SIGTERM',
      'SIGTERM',
      'SIGUSR1',
      'SIGKILL',
    ]);
    expect(['', 'sig', 'hello', '9', 'toString'].map(signalOf)).toEqual(Array(5).fill(undefined));
  });
});

describe('output for people', () => {
  test.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1_000, '1 s'],
    [4_560, '4.5 s'],
    [45_000, '45 s'],
    [119_999, '119 s'],
    [120_000, '2 min'],
    [150_000, '2 min 30 s'],
    [7_200_000, '2 h'],
    [9_000_000, '2 h 30 min'],
    [-5, '0 ms'],
  ])('%i ms is printed as %s', (ms, text) => {
    expect(spanText(ms)).toBe(text);
  });

  test('an instant is printed in local time, with its distance from now', () => {
    const now = new Date(2026, 10, 21, 15, 30, 0);
    expect(instantText(new Date(2026, 10, 21, 15, 30, 42).toISOString(), now)).toBe('15:30:42 (in 42 s)');
    expect(instantText(new Date(2026, 10, 20, 15, 30, 0).toISOString(), now)).toBe(
      '2026-11-20 15:30:00 (24 h ago)',
    );
    expect(instantText('never\x07', now)).toBe('never\\x07');
  });

  test('characters that move the cursor or reverse the text are shown as codes', () => {
    expect(printable('a\x1b[2Jb\r\n\t\x9b\u202e\u200b\u2028\ud800ü漢')).toBe(
      'a\\x1b[2Jb\\x0d\\x0a\\x09\\u{9b}\\u{202e}\\u{200b}\\u{2028}\\u{d800}ü漢',
    );
    expect(jsonText({ a: '\x1b\x9b\x7f\u2028' })).toBe('{"a":"\\u001b\\u009b\\u007f\\u2028"}');
    expect(JSON.parse(jsonText({ a: '\x9b' }))).toEqual({ a: '\x9b' });
  });

  test('the columns of a table have the widths of its first page, and later values are not cut off', () => {
    const table = new Table<[string, string]>([
      ['A', ([a]) => a],
      ['B', ([, b]) => b],
    ]);
    expect(
      table.lines([
        ['one', 'x'],
        ['漢字', 'y'],
      ]),
    ).toEqual(['A     B', 'one   x', '漢字  y']);
    expect(table.lines([['longer', 'z']])).toEqual(['longer  z']);
    expect(table.lines([])).toEqual([]);
    const bare = new Table<string>([['TITLE', (row) => row]], { headers: false, indent: 2 });
    expect(bare.lines(['a'])).toEqual(['  a']);
  });

  test('a column without any value is left out', () => {
    const columns = [
      ['A', (row: string) => row],
      ['B', () => ''],
    ] as const;
    expect(tableText(columns, ['x'])).toBe('A\nx');
  });

  test('details have a line for each member', () => {
    const item = {
      name: 'x\x1b',
      breakMs: 45_000,
      onDemand: true,
      none: undefined,
      list: ['a', 'b'],
      empty: [],
      protocol: { major: 1 },
    };
    expect(detailsText(item).split('\n')).toEqual([
      'name:       x\\x1b',
      'break:      45 s',
      'on demand:  yes',
      'list:       a, b',
      'empty:      none',
      'protocol:',
      '  major:  1',
    ]);
    expect(detailsText({ adapters: [{ state: 'up', id: '1' }] }).split('\n')).toEqual([
      'adapters:',
      '  - state:  up',
      '    id:     1',
    ]);
  });

  test('a refusal says what failed, who blocks, who depends, and what to do next', () => {
    const text = failureText(
      LeaseholdError.of('break_started', {
        detail: 'a\x1bb',
        blockers: [
          { id: 'i1', kind: 'lease', sessionId: 's1', owner: 'o', pid: 7, type: 'read', state: 'breaking' },
        ],
        blockerCount: 3,
        break: { breakId: '1', target: 'none', remainingMs: 4_000 },
      }),
    );
    expect(text.split('\n')).toEqual([
      'leasectl: EAGAIN break_started: A conflicting lease is being broken. a\\x1bb',
      'Blocked by:',
      '  ID  KIND   TYPE  STATE     PID  SESSION',
      '  i1  lease  read  breaking  7    s1',
      '  and 2 others',
      'A break to none is running, 4 s left.',
      'Next: Retry with waitMs, or after the deadline of the break.',
    ]);
  });
});

describe('the manual', () => {
  const manual = readFileSync('docs/leasectl.md', 'utf8');
  const program = makeProgram('1.2.3', () => undefined);

  test('has every command', () => {
    const commands = [...everyCommand(program)].filter((command) => !command.name().startsWith('__'));
    const missing = commands.map(fullName).filter((name) => !manual.includes(`leasectl ${name}`));
    expect(missing).toEqual([]);
    expect(commands.length).toBeGreaterThan(40);
  });

  test('has every option', () => {
    const options = [program, ...everyCommand(program)].flatMap((command) => command.options);
    const missing = options.filter(({ long, hidden }) => !hidden && !manual.includes(long ?? ''));
    expect(missing.map(({ flags }) => flags)).toEqual([]);
  });

  test('has every exit code, in the words of the help', () => {
    for (const [exit, about] of Object.values(exitCodes)) {
      expect(manual).toMatch(
        new RegExp(`^\\| ${String(exit)} +\\| ${about.replace(/[.`|()]/g, '\\$&')} +\\|$`, 'm'),
      );
      expect(exitCodesText()).toContain(about);
    }
    const all = Object.values(exitCodes).map(([exit]) => exit);
    expect(new Set(all).size).toBe(all.length);
  });
});
