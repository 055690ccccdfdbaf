import { loadSync, type MessageTypeDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { z } from 'zod';
import fc from 'fast-check';
import { bytesOfName, dlm, file, isTextOfName, nfs, reasons, textOfName } from '#contracts';
import { limits } from '../../libs/contracts/src/limits';
import type { Reason, WhyNot } from '#locks';
import { whyUndone } from '../../apps/lease-api/src/application/delegations';
import { Ids, randomId } from '../../apps/lease-api/src/application/ids';
import {
  hexOf,
  invalidStateid,
  ownerBytesOf,
  ownerOf,
  presentDelegation,
  presentDenied,
  stateidOf,
  stretchOf,
} from '../../apps/lease-api/src/nfs/words';

/** The contracts over gRPC: the schema, its TypeScript shapes, and the rows of the table. */
interface Field {
  name: string;
  label: string;
  type: string;
  typeName: string;
}
const schema = loadSync(dlm.protoPath(), dlm.protoOptions());
const serviceOf = (name: string): ServiceDefinition =>
  schema[`${nfs.protoPackage}.${name}`] as ServiceDefinition;
type Methods = Record<string, { request: z.core.$ZodType; reply: z.core.$ZodType }>;
const contracts: [service: string, methods: Methods, stream: string][] = [
  [nfs.serviceName, nfs.methods, 'Callbacks'],
  [dlm.serviceName, dlm.methods, 'Notices'],
];
const fieldsOf = (message: string): Field[] =>
  (schema[`${nfs.protoPackage}.${message}`] as unknown as { type: { field: Field[] } }).type.field;
const namesOf = (enumeration: string): string[] =>
  (
    schema[`${nfs.protoPackage}.${enumeration}`] as unknown as { type: { value: { name: string }[] } }
  ).type.value.map(({ name }) => name);
const camel = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** The innermost schema, without wrappers for optional, default or checked values. */
function bare(shape: z.core.$ZodType): z.core.$ZodType {
  return shape instanceof z.ZodOptional || shape instanceof z.ZodDefault ? bare(shape.unwrap()) : shape;
}

/** The differences between a message of the schema and its TypeScript shape. */
function differences(message: string, of: z.core.$ZodType, at: string): string[] {
  const shape = bare(of);
  if (!(shape instanceof z.ZodObject)) return [`${at}: not an object`];
  const fields = fieldsOf(message);
  const named = new Map(fields.map((field) => [camel(field.name), field]));
  const found = [...new Set([...named.keys(), ...Object.keys(shape.shape)])]
    .filter((name) => !named.has(name) || !(name in shape.shape))
    .map((name) => `${at}.${name}`);
  for (const [name, { type, typeName, label }] of named) {
    const part = shape.shape[name] as z.core.$ZodType | undefined;
    if (part === undefined) continue;
    const inner = bare(part);
    const isList = inner instanceof z.ZodArray;
    if (isList !== (label === 'LABEL_REPEATED')) found.push(`${at}.${name}: a list on one side only`);
    const each = isList ? bare(inner.element) : inner;
    if (type === 'TYPE_MESSAGE') found.push(...differences(typeName, each, `${at}.${name}`));
    if (type === 'TYPE_ENUM') {
      const options = each instanceof z.ZodUnion ? each.options.map(bare) : [each];
      const values = options.flatMap((option) =>
        option instanceof z.ZodEnum
          ? option.options
          : option instanceof z.ZodLiteral
            ? [...option.values]
            : [],
      );
      const unknown = namesOf(typeName).filter(
        (value) => !values.includes(value) && !value.endsWith('UNSPECIFIED'),
      );
      const alien = values.filter((value) => !namesOf(typeName).includes(String(value)));
      found.push(...[...unknown, ...alien].map((value) => `${at}.${name}: ${String(value)}`));
    }
  }
  return found;
}

describe('the schema and the contract', () => {
  test.each(contracts)('%s has the same methods', (name, methods, stream) => {
    const served = Object.keys(serviceOf(name)).filter((each) => ![stream, 'Hello'].includes(each));
    expect(Object.keys(methods).sort()).toEqual(served.sort());
  });

  test.each(
    contracts.flatMap(([name, methods]) => Object.keys(methods).map((method) => [name, method] as const)),
  )('%s.%s has the same fields and words', (name, method) => {
    const { requestType, responseType } = serviceOf(name)[method] as unknown as Record<
      'requestType' | 'responseType',
      MessageTypeDefinition<object, object>
    >;
    const typeOf = ({ type }: MessageTypeDefinition<object, object>): string =>
      (type as unknown as { name: string }).name;
    const methods = new Map(contracts.map(([service, of]) => [service, of])).get(name);
    const { request, reply } = methods?.[method] ?? {};
    expect(differences(typeOf(requestType), request ?? z.never(), 'request')).toEqual([]);
    expect(differences(typeOf(responseType), reply ?? z.never(), 'reply')).toEqual([]);
  });

  test('a difference is detected', () => {
    expect(differences('StateId', nfs.acknowledge, 'x')).toEqual(['x.seqid', 'x.other', 'x.position']);
    const open = nfs.methods.Open.request.extend({ access: z.enum(['OPEN4_SHARE_ACCESS_READ', 'NONE']) });
    expect(differences('OpenRequest', open, 'x')).toEqual([
      'x.access: OPEN4_SHARE_ACCESS_WRITE',
      'x.access: OPEN4_SHARE_ACCESS_BOTH',
      'x.access: NONE',
    ]);
  });

  test('the first and the later messages of a stream', () => {
    expect(differences('Subscribe', nfs.subscribe, 'subscribe')).toEqual([]);
    expect(differences('Acknowledge', nfs.acknowledge, 'acknowledge')).toEqual([]);
    expect(differences('Callback', nfs.callback, 'callback')).toEqual([]);
    expect(differences('SubscribeNotices', dlm.subscribe, 'subscribe')).toEqual([]);
    expect(differences('Notice', dlm.notice, 'notice')).toEqual([]);
    expect(differences('Sealed', nfs.sealed, 'sealed')).toEqual([]);
    expect(differences('HelloReply', nfs.helloReply, 'hello')).toEqual([]);
  });
});

test('every reason has an nfsstat4, and an unknown one is a fault of the server', () => {
  for (const reason of Object.keys(reasons)) expect(nfs.statOf(reason)).toMatch(/^NFS4ERR_/);
  expect(nfs.statOf('deadlock')).toBe('NFS4ERR_DEADLOCK');
  expect(nfs.statOf('unheard_of')).toBe('NFS4ERR_SERVERFAULT');
});

describe('why there is no delegation (RFC 8881 §18.16, §18.51)', () => {
  const none = { recall: false, times: false, notify: false, type: 'OPEN_DELEGATE_NONE' };

  test('every reason of the table has its name there, and an answer without one says contention', () => {
    const all: Record<WhyNot, true> = {
      ...{ NOT_WANTED: true, CONTENTION: true, RESOURCE: true, NOT_SUPP_FTYPE: true, IS_DIR: true },
      ...{ WRITE_DELEG_NOT_SUPP_FTYPE: true, NOT_SUPP_UPGRADE: true, NOT_SUPP_DOWNGRADE: true },
      CANCELLED: true,
    };
    const names = namesOf('WhyNoDelegation').filter((name) => !name.endsWith('UNSPECIFIED'));
    expect(Object.keys(all).map((whyNot) => `WND4_${whyNot}`)).toEqual(expect.arrayContaining(names));
    for (const whyNot of Object.keys(all) as WhyNot[]) {
      const answer = presentDelegation({ pending: false, whyNot });
      expect(answer).toEqual({ ...none, why: `WND4_${whyNot}`, willSignal: false, willPush: false });
      expect(nfs.methods.WantDelegation.reply.parse({ status: 'NFS4_OK', delegation: answer })).toBeDefined();
      const soon = presentDelegation({ pending: false, whyNot, willSignal: true, willPush: true });
      expect(soon).toMatchObject({ why: `WND4_${whyNot}`, willSignal: true, willPush: true });
    }
    // The fileserver is still being asked.
    for (const answer of [{ pending: false }, { pending: true, whyNot: 'RESOURCE' as const }])
      expect(presentDelegation(answer)).toMatchObject({ ...none, why: 'WND4_CONTENTION' });
  });

  test.each<[Reason | undefined, ofRead: WhyNot, ofWrite: WhyNot]>([
    ['lease_type_unsupported', 'NOT_SUPP_FTYPE', 'WRITE_DELEG_NOT_SUPP_FTYPE'],
    ['lease_conflict', 'CONTENTION', 'CONTENTION'],
    ['fileserver_refused', 'CONTENTION', 'CONTENTION'],
    ['file_changed', 'CONTENTION', 'CONTENTION'],
    ['no_such_file', 'CONTENTION', 'CONTENTION'],
    [undefined, 'CONTENTION', 'CONTENTION'],
    ['fileserver_timeout', 'RESOURCE', 'RESOURCE'],
    ['fileserver_denied', 'RESOURCE', 'RESOURCE'],
  ])('a fileserver that says %s', (reason, ofRead, ofWrite) => {
    expect([whyUndone(reason, 'read'), whyUndone(reason, 'write')]).toEqual([ofRead, ofWrite]);
  });
});

describe('names of files', () => {
  const name = (...parts: (string | number)[]): Buffer =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))));

  test.each([
    [name('plain ü漢\u{1f600}'), 'plain ü漢\u{1f600}'],
    [name('a', 0xff), 'a\\xff'],
    [name('a', 0xfe), 'a\\xfe'],
    [name('a\ufffd'), 'a\ufffd'],
    // A character that is cut off, an overlong slash, half of a surrogate pair, beyond Unicode.
    [name(0xe6, 0xbc, 'b'), '\\xe6\\xbcb'],
    [name(0xc0, 0xaf), '\\xc0\\xaf'],
    [name(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80'],
    [name(0xf4, 0x90, 0x80, 0x80), '\\xf4\\x90\\x80\\x80'],
    // Text that looks like an escape.
    [name('a\\xff'), 'a\\x5cxff'],
    [name('\\x5cxff'), '\\x5cx5cxff'],
    [name('\\xFF \\x41 \\x5c. \\\\'), '\\xFF \\x41 \\x5cx5c. \\\\'],
    [name('\\', 0xff, '\\x', 0x80), '\\\\xff\\x\\x80'],
  ])('%p is %p', (bytes, text) => {
    expect(textOfName(bytes)).toBe(text);
    expect(bytesOfName(text)).toEqual(bytes);
    expect(file.safeParse(text).success).toBe(true);
  });

  test('every name has a text of its own, and no two texts are the same name', () => {
    const tokens = ['\\', 'x', '5c', 'ff', '80', 'é', '漢', '\u{1f600}', 0x5c, 0x80, 0xc3, 0xa9, 0xff, 0xed];
    const names = fc.oneof(
      fc.array(fc.constantFrom(...tokens)).map((parts) => name(...parts)),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(names, (bytes) => {
        const text = textOfName(bytes);
        expect(bytesOfName(text)).toEqual(bytes);
        expect(text).not.toMatch(/\p{Surrogate}/u);
        expect(Buffer.from(text).toString()).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\\', 'x', '5c', 'ff', 'c3', 'a9', '\\x', 'ü')), (parts) => {
        const text = parts.join('');
        // Either it is the only text of its name, or it is refused.
        expect(isTextOfName(text)).toBe(textOfName(bytesOfName(text)) === text);
        expect(file.safeParse(`f${text}`).success).toBe(isTextOfName(`f${text}`));
      }),
    );
    expect(file.safeParse('\\xc3\\xa9').success).toBe(false);
  });

  test('limits count the bytes of a name', () => {
    const long = textOfName(Buffer.alloc(limits.nameBytesMax, 0xff));
    expect(file.safeParse(long).success).toBe(true);
    expect(file.safeParse(`${long}x`).success).toBe(false);
  });

  test('in every message they are bytes over gRPC', () => {
    const types = Object.values(schema).map(({ type }) => type as { field?: Field[] } | undefined);
    const fields = types.flatMap((type) => type?.field ?? []);
    const named = fields.filter((field) => field.name === 'file' || field.name === 'to');
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter(({ type }) => type !== 'TYPE_BYTES')).toEqual([]);
    const request = { opens: [{ file: 'a\\xff', openOwner: 'bw==' }], file: 'ü', to: 1 };
    const written = nfs.toGrpc(request);
    expect(written).toEqual({
      ...request,
      file: name('ü'),
      opens: [{ file: name('a', 0xff), openOwner: 'bw==' }],
    });
    const { requestSerialize, requestDeserialize } = serviceOf(nfs.serviceName)[
      'Change'
    ] as ServiceDefinition[string];
    const change = { export: 'e', file: 'a\\xff', to: '\\x5cxff' };
    expect(nfs.fromGrpc(requestDeserialize(requestSerialize(nfs.toGrpc(change))))).toMatchObject(change);
  });
});

describe('stateids', () => {
  test('an id and its stateid convert to each other', () => {
    for (let n = 0; n < 100; n++) {
      const id = randomId();
      const stateid = stateidOf(id, n);
      expect(stateid.other).toHaveLength(16);
      expect(new Ids(1).ofOther(hexOf(stateid))).toBe(id);
      expect(stateid.other).not.toBe(invalidStateid.other);
    }
  });
});

test('owners are arbitrary bytes; an owner that is no NFS client has the bytes of its name', () => {
  const bytes = Buffer.from([0, 255, 10, 32, 47]).toString('base64');
  expect(ownerBytesOf(ownerOf(bytes))).toBe(bytes);
  expect(Buffer.from(ownerBytesOf('somebody'), 'base64').toString()).toBe('somebody');
});

test.each([
  ['0', '1', 0n, 0n],
  ['10', '10', 10n, 19n],
  ['0', '18446744073709551615', 0n, 2n ** 63n - 1n],
  ['9223372036854775807', '1', 2n ** 63n - 1n, 2n ** 63n - 1n],
  // Beyond the table's limit, so that the rules refuse it.
  ['9223372036854775808', '1', 2n ** 63n, 2n ** 63n],
  ['9223372036854775808', '18446744073709551615', 2n ** 63n, 2n ** 63n],
  ['18446744073709551615', '1', 2n ** 64n - 1n, 2n ** 64n - 1n],
])('offset %s and length %s are bytes %s to %s', (offset, length, start, end) => {
  expect(stretchOf({ offset, length })).toEqual({ start, end });
});

test('a range without bytes, or beyond 2^64, is refused', () => {
  expect(stretchOf({ offset: '5', length: '0' })).toBeUndefined();
  expect(stretchOf({ offset: '18446744073709551615', length: '2' })).toBeUndefined();
});

test('a blocking lock is reported by offset and length, and only a lock is', () => {
  const lock = { id: 'i', kind: 'posix', sessionId: 's', owner: 'nfs:bDE', pid: 0, type: 'write' } as const;
  const at = { startHi: 0, startLo: 10, endHi: 0, endLo: 19 };
  expect(presentDenied({ ...lock, ...at, state: 'held' })).toEqual({
    offset: '10',
    length: '10',
    type: 'WRITE_LT',
    sessionId: 's',
    owner: Buffer.from('l1').toString('base64'),
  });
  expect(presentDenied({ ...lock, state: 'held' })).toBeUndefined();
});

test.each(['abc', '', '-1', '1e3', '0x10', ' 1', '184467440737095516160', '18446744073709551616'])(
  'text that is not a 64-bit number is refused with a message: %j',
  (size) => {
    const stateid = { seqid: 1, other: Buffer.alloc(12).toString('base64') };
    const parsed = nfs.methods.AnswerGetAttr.request.safeParse({
      ...{ sessionId: '0000aaaa-bbbb-8ccc-8ddd-eeeeeeeeeeee', secret: 's', stateid },
      ...{ askId: '0000aaaa-bbbb-8ccc-8ddd-eeeeeeeeeeee', change: '1', changeAtGrant: '1', size },
    });
    expect(parsed.error?.issues.map(({ path }) => path)).toContainEqual(['size']);
  },
);
