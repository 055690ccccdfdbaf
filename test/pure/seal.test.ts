import { createHash, createHmac } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { limits, nfs, problemOf } from '#contracts';
import {
  type AdmittedCall,
  Door,
  installationSecret,
  keyOf,
  keyPairOf,
  newIncarnation,
  partsOf,
  seal,
  sealCall,
  secretMode,
  sessionSecret,
} from '#rpc';

const shape = z.object({ path: z.string(), n: z.number() });
const message = { path: 'dír/"file"', n: 1 };
const pattern = 'fileserver.resolve';
const key = keyOf('the secret');
const sealing = { key: key.id, secret: key.secret, to: 'here' };

const door = (secret = key.secret): Door =>
  new Door(({ key: id, to }) => {
    if (id !== key.id) return { refused: 'no such key' };
    return to === 'here' ? { secret } : { refused: 'for another process' };
  });
const reasonOf = (opened: ReturnType<Door['open']>): string => (opened.ok ? 'opened' : opened.problem.reason);
const sealed = (how: object = {}) => seal(pattern, message, { ...sealing, ...how });

afterEach(() => {
  jest.useRealTimers();
});

describe('a request', () => {
  test('opens with the secret it was sealed with, and its answer opens with that request', () => {
    const sent = sealed();
    const opened = door().open(pattern, sent.envelope, shape);
    if (!opened.ok) throw new Error(opened.problem.reason);
    expect(opened).toMatchObject({ message, key: key.id });
    const answer = opened.sealed({ ok: true, ...message });
    expect(sent.open(answer, shape)).toMatchObject({ ok: true, message });
    expect(sealed().open(answer, shape)).toMatchObject({ ok: false, problem: { reason: 'no_credentials' } });
    const problem = problemOf('no_such_file', { detail: 'gone' });
    expect(sent.open(opened.sealed({ ok: false, problem }), shape)).toEqual({ ok: false, problem });
  });

  const { envelope } = sealed();
  test.each<[string, object]>([
    ['another secret', sealed({ secret: 'other' }).envelope],
    ['another key', sealed({ key: 'other' }).envelope],
    ['another addressee', sealed({ to: 'elsewhere' }).envelope],
    ['a sender that was put in', { ...envelope, from: 'somebody' }],
    ['another kind', seal('fileserver.setlease', message, sealing).envelope],
    ['another body', { ...envelope, body: JSON.stringify({ ...message, n: 2 }) }],
    ['another time', { ...envelope, time: envelope.time + 1 }],
    ['another nonce', { ...envelope, nonce: 'A'.repeat(22) }],
    ['half a seal', { ...envelope, mac: 'AAAA' }],
    ['an empty seal', { ...envelope, mac: '' }],
  ])('with %s is refused', (_title, raw) => {
    expect(reasonOf(door().open(pattern, raw, shape))).toBe('no_credentials');
  });

  test('is accepted once, and its repeat gets no answer of its own', () => {
    const at = door();
    const { envelope: once } = sealed();
    expect(reasonOf(at.open(pattern, once, shape))).toBe('opened');
    const again = at.open(pattern, once, shape);
    expect(again).toMatchObject({ ok: false, problem: { detail: 'The message was already received.' } });
    expect(again).not.toHaveProperty('reply');
  });

  test('is accepted while it is recent, and not once it may have been forgotten', () => {
    jest.useFakeTimers({ now: 1_800_000_000_000 });
    const at = door();
    const [early, late] = [sealed().envelope, sealed().envelope];
    jest.setSystemTime(1_800_000_059_000);
    expect(reasonOf(at.open(pattern, early, shape))).toBe('opened');
    jest.setSystemTime(1_800_000_061_000);
    expect(at.open(pattern, late, shape)).toMatchObject({
      problem: { detail: expect.stringContaining('61 s') as unknown },
    });
    // The clock goes back: an earlier message is either remembered or too old.
    expect(reasonOf(at.open(pattern, sealed().envelope, shape))).toBe('opened');
    jest.setSystemTime(1_800_000_030_000);
    expect(reasonOf(at.open(pattern, early, shape))).toBe('no_credentials');
  });

  test('is remembered among a bounded number; older ones are refused', () => {
    jest.useFakeTimers({ now: 1_800_000_000_000 });
    const at = door();
    const [first, unseen] = [sealed().envelope, sealed().envelope];
    expect(reasonOf(at.open(pattern, first, shape))).toBe('opened');
    jest.setSystemTime(1_800_000_000_001);
    for (let i = 0; i < 65_536; i += 1) at.open(pattern, sealed().envelope, shape);
    expect(reasonOf(at.open(pattern, first, shape))).toBe('no_credentials');
    expect(reasonOf(at.open(pattern, unseen, shape))).toBe('no_credentials');
    expect(reasonOf(at.open(pattern, sealed().envelope, shape))).toBe('opened');
  });

  test.each([
    ['nothing', undefined],
    ['a string', 'text'],
    ['a body that is no text', { ...envelope, body: message }],
    ['fields that are not known', { ...envelope, more: 1 }],
  ])('that is %s is a bad request', (_title, raw) => {
    expect(reasonOf(door().open(pattern, raw, shape))).toBe('bad_request');
  });

  test.each([{ body: '{}' }, { body: '{}', mac: 'AAAA' }])(
    'of an older version is answered with the newer: %j',
    (raw) => {
      const opened = door().open(pattern, raw, shape);
      expect(reasonOf(opened)).toBe('protocol_mismatch');
      expect(opened).toMatchObject({ reply: { ok: false, problem: { reason: 'protocol_mismatch' } } });
    },
  );

  test('gets a sealed answer that names the invalid fields', () => {
    const sent = seal(pattern, { path: 'a', n: 'one' }, sealing);
    const opened = door().open(pattern, sent.envelope, shape);
    expect(opened).toMatchObject({ problem: { reason: 'bad_request', issues: [{ path: 'n' }] } });
    const reply = 'reply' in opened ? opened.reply : undefined;
    expect(reply).toHaveProperty('mac');
    expect(sent.open(reply, shape)).toMatchObject({ ok: false, problem: { reason: 'bad_request' } });
  });

  test('that is too large is refused unread', () => {
    const { envelope: large } = seal(pattern, { path: 'x'.repeat(limits.rpcBytesMax), n: 1 }, sealing);
    expect(reasonOf(door().open(pattern, large, shape))).toBe('body_too_large');
  });
});

describe('an answer', () => {
  const sent = sealed();
  test.each([
    ['nothing', undefined],
    ['consent', { ok: true, ...message }],
    ['no consent', { ok: 'yes', ...message }],
    ['a seal of nobody', { body: JSON.stringify({ ok: true, ...message }), mac: 'AAAA' }],
    ['that somebody has taken over', { ok: false, problem: problemOf('incarnation_superseded') }],
  ])('without a valid seal is rejected: %s', (_what, raw) => {
    expect(sent.open(raw, shape)).toMatchObject({ ok: false, problem: { reason: 'no_credentials' } });
  });

  test('without a seal may only say that the message could not be read', () => {
    const problem = problemOf('protocol_mismatch');
    expect(sent.open({ ok: false, problem }, shape)).toEqual({ ok: false, problem });
  });
});

describe('an incarnation', () => {
  const table = keyPairOf('of the table');

  test('shares a secret with the service that no other holder of the key has', () => {
    const one = newIncarnation(key);
    const theirs = sessionSecret(key, one.name, one.privateKey, table.publicKey);
    expect(theirs).toBe(sessionSecret(key, one.name, table.privateKey, partsOf(one.name)?.publicKey ?? ''));
    const other = newIncarnation(key);
    expect(sessionSecret(key, one.name, other.privateKey, table.publicKey)).not.toBe(theirs);
    expect(sessionSecret(keyOf('another'), one.name, one.privateKey, table.publicKey)).not.toBe(theirs);
  });

  test.each(['', 'first', 'k.A', `k.${'A'.repeat(43)}`])('%j is not valid', (name) => {
    expect(sessionSecret(key, name, table.privateKey, partsOf(name)?.publicKey ?? '')).toBeUndefined();
  });
});

describe('a gRPC call', () => {
  const bytes = Buffer.from('request');
  const open = new Door(({ key: id }) =>
    id === key.id ? { secret: key.secret } : { refused: 'no such key' },
  );

  const by = { key: key.id, secret: key.secret, to: 'me' };
  const admitted = (path: string, header: string): Extract<AdmittedCall, { ok: true }> => {
    const found = open.admit(path, header, bytes);
    if (!found.ok) throw new Error(found.problem.detail);
    return found;
  };

  test('is accepted once, exactly as sealed', () => {
    const { header } = sealCall('/x', bytes, by);
    const guessed = { ok: false, isGuess: true, problem: { reason: 'no_credentials' } };
    expect(open.admit('/y', header, bytes)).toMatchObject(guessed);
    expect(open.admit('/x', header, Buffer.from('other'))).toMatchObject(guessed);
    expect(open.admit('/x', header.replace(/\.\d+\./, '.1000.'), bytes)).toMatchObject(guessed);
    expect(open.admit('/x', header.replace('.me.', '.you.'), bytes)).toMatchObject(guessed);
    expect(open.admit('/x', undefined, bytes)).toMatchObject({ problem: { reason: 'no_credentials' } });
    expect(open.admit('/x', header, bytes)).toHaveProperty('ok', true);
    expect(open.admit('/x', header, bytes)).toMatchObject({
      problem: { detail: 'The call was already received.' },
    });
  });

  test('accepts only its own answer', () => {
    const [one, other] = [sealCall('/x', bytes, by), sealCall('/x', bytes, by)];
    const answer = Buffer.from('answer');
    const mac = admitted('/x', one.header).seal(answer);
    expect(one.isAnswer(answer, mac)).toBe(true);
    expect(one.isAnswer(Buffer.from('another'), mac)).toBe(false);
    expect(one.isAnswer(answer, '')).toBe(false);
    expect(other.isAnswer(answer, mac)).toBe(false);
  });

  test('that is a stream accepts messages only in order, from the other side, and of this stream', () => {
    const ours = sealCall('/x', bytes, by);
    const theirs = admitted('/x', ours.header).stream;
    const macs = ['1', '2', '3'].map((text) => ours.stream.seal(Buffer.from(text)));
    expect(theirs.isNext(Buffer.from('1'), macs[0] ?? '')).toBe(true);
    expect(theirs.isNext(Buffer.from('3'), macs[2] ?? '')).toBe(false);
    const [down, up] = [theirs.seal(Buffer.from('a')), ours.stream.seal(Buffer.from('a'))];
    expect(ours.stream.isNext(Buffer.from('a'), up)).toBe(false);
    const again = sealCall('/x', bytes, by);
    expect(again.stream.isNext(Buffer.from('a'), down)).toBe(false);
    const first = admitted('/x', again.header).stream;
    expect(first.isNext(Buffer.from('1'), macs[0] ?? '')).toBe(false);
    expect(again.stream.seal(Buffer.from('x'))).not.toBe(again.stream.seal(Buffer.from('x')));
  });

  test('is accepted while it is recent', () => {
    jest.useFakeTimers({ now: 1_800_000_000_000 });
    const [early, late] = [sealCall('/x', bytes, by), sealCall('/x', bytes, by)];
    jest.setSystemTime(1_800_000_059_000);
    expect(open.admit('/x', early.header, bytes)).toHaveProperty('ok', true);
    jest.setSystemTime(1_800_000_061_000);
    expect(open.admit('/x', late.header, bytes)).toMatchObject({
      problem: { detail: expect.stringContaining('61 s') as unknown },
    });
  });

  test('that is a stream rejects its own messages sent back, and other bytes under a valid seal', () => {
    const said = Buffer.from('said');
    const ours = sealCall('/x', bytes, by);
    expect(ours.stream.isNext(said, ours.stream.seal(said))).toBe(false);
    const again = sealCall('/x', bytes, by);
    const mac = again.stream.seal(said);
    expect(admitted('/x', again.header).stream.isNext(Buffer.from('changed'), mac)).toBe(false);
  });

  test('that is a stream counts the messages of each side separately', () => {
    const ours = sealCall('/x', bytes, by);
    const theirs = admitted('/x', ours.header).stream;
    const text = Buffer.from('text');
    const [up, down] = [ours.stream.seal(text), theirs.seal(text)];
    expect([theirs.isNext(text, up), ours.stream.isNext(text, down)]).toEqual([true, true]);
  });

  test('has its answer and its stream sealed as the schema says', () => {
    const ours = sealCall('/x', bytes, by);
    const theirs = admitted('/x', ours.header);
    const [id = '', , , nonce = ''] = ours.header.split('.');
    const text = Buffer.from('text');
    const digest = createHash('sha256').update(text).digest('base64');
    const macOf = (...list: unknown[]): string =>
      createHmac('sha256', key.secret).update(JSON.stringify(list)).digest('base64');
    expect(theirs.seal(text)).toBe(macOf('answer', '/x', id, nonce, digest));
    expect(ours.stream.seal(text)).toBe(macOf('request', '/x', id, nonce, 1, digest));
    expect(ours.stream.seal(text)).toBe(macOf('request', '/x', id, nonce, 2, digest));
    expect(theirs.stream.seal(text)).toBe(macOf('answer', '/x', id, nonce, 1, digest));
  });

  test('is sealed as the schema says, for implementations in other languages', () => {
    const schema = readFileSync(nfs.protoPath(), 'utf8').replace(/\n\/\/ */g, '');
    const secret = 'example secret';
    const [, said = ''] = /request +(\["request",.*?\])/.exec(schema) ?? [];
    const parts = JSON.parse(said) as string[];
    expect(schema).toContain(`key id   ${keyOf(secret).id}`);
    expect(schema).toContain(`mac      ${createHmac('sha256', secret).update(said).digest('base64')}`);
    expect(parts[1]).toBe(nfs.helloPath);
    const { header } = sealCall(nfs.helloPath, Buffer.alloc(0), { key: keyOf(secret).id, secret });
    const [id, to, time, nonce, mac] = header.split('.');
    const list = ['request', nfs.helloPath, id, '', to, Number(time), nonce, parts[7]];
    expect(mac).toBe(createHmac('sha256', secret).update(JSON.stringify(list)).digest('base64'));
  });
});

describe('the secret of an installation', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'leasehold-secret-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  test('is created once, readable only by its owner', () => {
    const file = join(directory, 'data', 'rpc-secret');
    const secret = installationSecret(file);
    expect(secret.length).toBeGreaterThan(40);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(installationSecret(file)).toBe(secret);
    expect(readFileSync(file, 'utf8').trim()).toBe(secret);
    expect(createHash('sha256').update(secret).digest('hex')).not.toContain(keyOf(secret).id.slice(1));
  });

  test('that is empty or that others can read is not used', () => {
    const file = join(directory, 'rpc-secret');
    installationSecret(file);
    chmodSync(file, 0o640);
    expect(() => installationSecret(file)).toThrow(`chmod 600 ${file}`);
    chmodSync(file, 0o600);
    writeFileSync(file, '');
    expect(() => installationSecret(file)).toThrow('at least 8 characters');
  });

  test.each([
    { owner: 'root', reader: 'root', mode: 0o600 },
    { owner: 'somebody', reader: 'somebody', mode: 0o600 },
    { owner: 'somebody', reader: 'root', mode: 0o600 },
    { owner: 'root', reader: 'somebody', mode: 0o640 },
  ])("of $owner's, read by $reader, has at most the mode $mode", ({ owner, reader, mode }) => {
    const ids = { root: 0, somebody: 1000 };
    expect(secretMode(ids[owner as keyof typeof ids], ids[reader as keyof typeof ids])).toBe(mode);
  });
});
