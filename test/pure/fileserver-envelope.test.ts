import { z } from 'zod';
import { limits, openAnswer, openEnvelope, problemOf, sealEnvelope } from '#contracts';

const shape = z.object({ path: z.string(), n: z.number() });
const message = { path: 'dír/"file"', n: 1 };
const pattern = 'fileserver.resolve';

const reasonOf = (opened: ReturnType<typeof openEnvelope>): string =>
  opened.ok ? 'opened' : opened.problem.reason;

describe('an envelope', () => {
  test('sealed with a secret opens with the same one', () => {
    const sealed = sealEnvelope(pattern, message, 'secret');
    expect(openEnvelope(pattern, sealed, shape, 'secret')).toEqual({ ok: true, message });
  });

  test('without a secret carries no seal, and is served only by a side that has none', () => {
    const plain = sealEnvelope(pattern, message);
    expect(plain).not.toHaveProperty('mac');
    expect(openEnvelope(pattern, plain, shape)).toEqual({ ok: true, message });
    expect(reasonOf(openEnvelope(pattern, plain, shape, 'secret'))).toBe('no_credentials');
  });

  test.each([
    ['another secret', sealEnvelope(pattern, message, 'other')],
    ['another pattern', sealEnvelope('fileserver.setlease', message, 'secret')],
    [
      'another body',
      { ...sealEnvelope(pattern, message, 'secret'), body: JSON.stringify({ ...message, n: 2 }) },
    ],
    ['half a seal', { ...sealEnvelope(pattern, message, 'secret'), mac: 'AAAA' }],
    ['an empty seal', { ...sealEnvelope(pattern, message, 'secret'), mac: '' }],
  ])('with %s is refused', (_title, envelope) => {
    expect(reasonOf(openEnvelope(pattern, envelope, shape, 'secret'))).toBe('no_credentials');
  });

  test.each([
    ['nothing', undefined],
    ['a string', 'text'],
    ['a body that is no text', { body: message }],
    ['a body that is no JSON', { body: '{' }],
    ['a body of another shape', { body: '{"path": 1}' }],
    ['fields that are not known', { body: JSON.stringify(message), more: 1 }],
  ])('that is %s is a bad request', (_title, raw) => {
    expect(reasonOf(openEnvelope(pattern, raw, shape))).toBe('bad_request');
  });

  test('names the fields at fault', () => {
    expect(openEnvelope(pattern, sealEnvelope(pattern, { path: 'a', n: 'one' }), shape)).toMatchObject({
      problem: { reason: 'bad_request', issues: [{ path: 'n' }] },
    });
  });

  test('larger than a message may be is refused unread', () => {
    const body = JSON.stringify({ path: 'x'.repeat(limits.rpcBytesMax), n: 1 });
    expect(reasonOf(openEnvelope(pattern, { body }, shape))).toBe('body_too_large');
  });
});

describe('an answer', () => {
  test('is its content, or the problem of the other side', () => {
    expect(openAnswer({ ok: true, ...message }, shape)).toEqual({ ok: true, message });
    const problem = problemOf('no_such_file', { detail: 'gone' });
    expect(openAnswer({ ok: false, problem }, shape)).toEqual({ ok: false, problem });
  });

  test.each([undefined, null, {}, { ok: true }, { ok: 'yes', ...message }, { ok: false }])(
    '%p is none',
    (raw) => {
      expect(openAnswer(raw, shape)).toMatchObject({ ok: false, problem: { reason: 'bad_request' } });
    },
  );
});
