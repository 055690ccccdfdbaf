import { forPeople, originIn } from '#telemetry';

/** What a log shows to people, and what is believed of the headers that say where a request comes from. */

const shown = (fields: object, colorize = false): string => {
  const lines: string[] = [];
  forPeople({ write: (line) => lines.push(line) }, colorize).write(
    `${JSON.stringify({ level: 30, time: '2026-11-30T10:00:00.000Z', program: 'lease-api', ...fields })}\n`,
  );
  return lines.join('');
};

test('a line for people has the level, the message, and the rest on the same line', () => {
  expect(shown({ msg: 'ready', export: 'demo', ms: 3 })).toMatch(
    /^\[\d\d:\d\d:\d\d\.000\] INFO: ready {"export":"demo","ms":3}\n$/,
  );
});

test('nobody speaks to the terminal through a name, a message or an error', () => {
  const evil = '\x1b[2J\u{9b}31m\r\u202e\u2028';
  const line = shown({
    msg: `gone ${evil}`,
    path: evil,
    [evil]: 1,
    nested: [{ deep: evil }],
    err: { type: evil, message: evil, stack: `Error: ${evil}\n  at ${evil}` },
  });
  expect(line.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(line).toContain('gone \\x1b[2J\\u{9b}31m\\x0d\\u{202e}\\u{2028}');
});

test.each([
  [{ 'x-request-id': 'a/b:1' }, { request: 'a/b:1' }],
  [{ 'x-request-id': 'a b' }, {}],
  [{ 'x-request-id': 'x'.repeat(129) }, {}],
  [{ 'x-request-id': ['a', 'b'] }, {}],
  [{ traceparent: '00-0' }, {}],
  [
    { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'x=1' },
    {
      request: 'a'.repeat(32),
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      tracestate: 'x=1',
    },
  ],
  [
    { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'x=\u0007' },
    { request: 'a'.repeat(32), traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
  ],
])('of the headers %j is believed %j', (headers, origin) => {
  const given = new Map<string, unknown>(Object.entries(headers));
  expect(JSON.parse(JSON.stringify(originIn((name) => given.get(name))))).toEqual(origin);
});
