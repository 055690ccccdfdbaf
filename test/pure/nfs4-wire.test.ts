import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  asRecord,
  bitmapOf,
  type Codec,
  decode,
  encode,
  hasBit,
  Reader,
  recordBytesMax,
  RecordReader,
  wire,
  Writer,
  XdrError,
} from '#nfs4';
import { type Attributes, readAttributes, writeAttributes } from '../../apps/fileserver/src/nfs4/attributes';
import { Backchannel } from '../../apps/fileserver/src/nfs4/backchannel';

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((each) => Buffer.from(each));
const upTo = (length: number) => fc.uint8Array({ maxLength: length }).map((each) => Buffer.from(each));
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const stateid = fc.record({ seqid: uint32, other: bytes(12) });

test('wire.generated.ts matches the XDR text', () => {
  const builder = join(__dirname, '../../scripts/build-xdr.cjs');
  const { status, stderr } = spawnSync(process.execPath, [builder, '--check'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

test('messages have the bytes of the standard', () => {
  const request: wire.COMPOUND4args = {
    tag: Buffer.from('abcde'),
    minorversion: 1,
    argarray: [
      { argop: wire.OP_PUTFH, opputfh: { object: Buffer.from([1, 2, 3, 4, 5]) } },
      { argop: wire.OP_GETFH },
      {
        argop: wire.OP_DELEGRETURN,
        opdelegreturn: { deleg_stateid: { seqid: 7, other: Buffer.alloc(12, 0xee) } },
      },
    ],
  };
  const text = [
    '00000005 6162636465 000000', // tag, padded
    '00000001 00000003',
    '00000016 00000005 0102030405 000000',
    '0000000a',
    '00000008 00000007 eeeeeeeeeeeeeeeeeeeeeeee',
  ];
  expect(encode(wire.COMPOUND4args, request).toString('hex')).toBe(text.join('').replaceAll(' ', ''));
  expect(decode(wire.COMPOUND4args, encode(wire.COMPOUND4args, request))).toEqual(request);
});

const result: fc.Arbitrary<wire.nfs_resop4> = fc.oneof(
  fc.record({
    resop: fc.constant(wire.OP_GETFH),
    opgetfh: fc.oneof(
      fc.record({ status: fc.constant(wire.NFS4_OK), resok4: fc.record({ object: upTo(128) }) }),
      fc.record({ status: fc.constant(wire.NFS4ERR_STALE) }),
    ),
  }),
  fc.record({
    resop: fc.constant(wire.OP_TEST_STATEID),
    optest_stateid: fc.record({
      tsr_status: fc.constant(wire.NFS4_OK),
      tsr_resok4: fc.record({
        tsr_status_codes: fc.array(fc.constantFrom<wire.nfsstat4>(wire.NFS4_OK, wire.NFS4ERR_EXPIRED)),
      }),
    }),
  }),
  fc.record({
    resop: fc.constant(wire.OP_OPEN),
    opopen: fc.record({
      status: fc.constant(wire.NFS4_OK),
      resok4: fc.record({
        stateid,
        cinfo: fc.record({
          atomic: fc.boolean(),
          before: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
          after: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        }),
        rflags: uint32,
        attrset: fc.array(uint32, { maxLength: 3 }),
        delegation: fc.oneof(
          fc.record({ delegation_type: fc.constant(wire.OPEN_DELEGATE_NONE) }),
          fc.record({
            delegation_type: fc.constant(wire.OPEN_DELEGATE_READ),
            read: fc.record({
              stateid,
              recall: fc.boolean(),
              permissions: fc.record({ type: uint32, flag: uint32, access_mask: uint32, who: upTo(9) }),
            }),
          }),
          fc.record({
            delegation_type: fc.constant(wire.OPEN_DELEGATE_NONE_EXT),
            od_whynone: fc.record({
              ond_why: fc.constant(wire.WND4_CONTENTION),
              ond_server_will_push_deleg: fc.boolean(),
            }),
          }),
        ),
      }),
    }),
  }),
);
const answer: fc.Arbitrary<wire.COMPOUND4res> = fc.record({
  status: fc.constantFrom<wire.nfsstat4>(wire.NFS4_OK, wire.NFS4ERR_DELAY),
  tag: upTo(10),
  resarray: fc.array(result, { maxLength: 5 }),
});

test('every encoded message decodes to itself', () => {
  fc.assert(
    fc.property(answer, (each) => {
      expect(decode(wire.COMPOUND4res, encode(wire.COMPOUND4res, each))).toEqual(each);
    }),
  );
});

/** Decodes, or says why it cannot; a decoded value must survive encoding and decoding. */
function survives<T>(codec: Codec<T>, input: Buffer): void {
  let value: T;
  const reader = new Reader(input);
  try {
    value = codec.read(reader);
  } catch (error) {
    expect(error).toBeInstanceOf(XdrError);
    return;
  }
  expect(decode(codec, Buffer.from(encode(codec, value)))).toEqual(value);
}

const decoders: [string, Codec<unknown>][] = [
  ['an RPC message', wire.rpc_msg],
  ['an answer', wire.COMPOUND4res],
  ['a request', wire.COMPOUND4args],
  ['a callback', wire.nfs_cb_argop4],
  ['AUTH_SYS', wire.authsys_parms],
];
test.each(decoders)('%s from random bytes is read within bounds or refused', (_name, codec) => {
  fc.assert(
    fc.property(upTo(400), (input) => {
      survives(codec, input);
    }),
  );
  // Small numbers make random bytes look valid more often.
  const words = fc.array(fc.oneof(fc.integer({ min: 0, max: 60 }), uint32), { maxLength: 60 });
  fc.assert(
    fc.property(words, (each) => {
      const to = new Writer();
      for (const word of each) to.uint32(word);
      survives(codec, to.take());
    }),
  );
});

test('a real reply with changed bytes, or cut short, is read or refused', () => {
  const hits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(answer, hits, fc.nat(), (each, changes, cut) => {
      const input = Buffer.from(encode(wire.COMPOUND4res, each));
      for (const [at, value] of changes) input[at % input.length] = value;
      survives(wire.COMPOUND4res, input);
      survives(wire.COMPOUND4res, input.subarray(0, cut % input.length));
    }),
  );
});

test('an impossible length is refused before memory is allocated for it', () => {
  const input = Buffer.alloc(12);
  input.writeUInt32BE(0xffff_ffff, 8);
  expect(() => decode(wire.COMPOUND4res, input)).toThrow(XdrError);
  expect(() => decode(wire.nfs_fh4, Buffer.from('00000081', 'hex'))).toThrow('above 128');
});

describe('records', () => {
  test('arrive unchanged, however the stream is cut', () => {
    const messages = fc.array(upTo(300), { maxLength: 6 });
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1 }), (sent, cuts) => {
        const stream = Buffer.concat(sent.map(asRecord));
        const reader = new RecordReader();
        const got: Buffer[] = [];
        for (let at = 0, n = 0; at < stream.length; n++) {
          const length = cuts[n % cuts.length] ?? 1;
          got.push(...reader.push(stream.subarray(at, at + length)));
          at += length;
        }
        expect(got.map((each) => each.toString('hex'))).toEqual(sent.map((each) => each.toString('hex')));
      }),
    );
  });

  test('of several fragments are joined', () => {
    const reader = new RecordReader();
    expect(reader.push(Buffer.from('00000002aabb80000001cc', 'hex'))).toEqual([Buffer.from('aabbcc', 'hex')]);
  });

  test('that are too long, or in too many fragments, are refused at the record mark', () => {
    const mark = Buffer.alloc(4);
    mark.writeUInt32BE(recordBytesMax + 1);
    expect(() => new RecordReader().push(mark)).toThrow(XdrError);
    expect(() => new RecordReader().push(Buffer.alloc(4 * 2_000))).toThrow(XdrError);
  });
});

test('attributes', () => {
  const attributes: Attributes = {
    ...{ type: wire.NF4REG, change: 5n, size: 6n },
    timeMetadata: { seconds: -1n, nseconds: 7 },
  };
  const written = writeAttributes(attributes);
  expect(written.attrmask).toEqual([0b11010, 1 << 20]);
  expect(readAttributes(written)).toEqual(attributes);
  expect(() => readAttributes({ attrmask: [1 << 5], attr_vals: Buffer.alloc(4) })).toThrow(
    'were not requested',
  );
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(100)), (numbers) => {
      const bitmap = bitmapOf(numbers);
      expect(Array.from({ length: 101 }, (_, n) => n).filter((n) => hasBit(bitmap, n))).toEqual(
        [...numbers].sort((a, b) => a - b),
      );
    }),
  );
});

describe('callbacks', () => {
  const sessionid = Buffer.alloc(16, 1);
  const recalled: string[] = [];
  const kept: number[] = [];
  const backchannel = (): Backchannel =>
    new Backchannel(sessionid, 2, {
      onRecall: (_stateid, fh) => {
        recalled.push(fh.toString());
        return fh.toString() !== 'unknown';
      },
      onRecallAny: (keep) => kept.push(keep),
      onRecallSlot: () => undefined,
      attributesOf: (fh) => (fh.toString() === 'held' ? { change: 1n, size: 2n } : undefined),
    });
  const sequence = (
    csa_sequenceid: number,
    more: Partial<wire.CB_SEQUENCE4args> = {},
  ): wire.nfs_cb_argop4 => ({
    argop: wire.OP_CB_SEQUENCE,
    opcbsequence: {
      ...{ csa_sessionid: sessionid, csa_sequenceid, csa_slotid: 0, csa_highest_slotid: 0 },
      ...{ csa_cachethis: false, csa_referring_call_lists: [], ...more },
    },
  });
  const recall = (fh: string): wire.nfs_cb_argop4 => ({
    argop: wire.OP_CB_RECALL,
    opcbrecall: {
      stateid: { seqid: 1, other: Buffer.alloc(12) },
      truncate: false,
      fh: Buffer.from(fh),
    },
  });
  const call = (channel: Backchannel, ...ops: wire.nfs_cb_argop4[]): Buffer => {
    const to = new Writer();
    const head = { tag: Buffer.alloc(0), minorversion: 1, callback_ident: 0, operations: ops.length };
    wire.CB_COMPOUND4head.write(to, head);
    for (const op of ops) wire.nfs_cb_argop4.write(to, op);
    return channel.compound(new Reader(Buffer.from(to.take())));
  };
  const statusOf = (reply: Buffer): string =>
    wire.nfsstat4.nameOf(decode(wire.CB_COMPOUND4res, reply).status);
  beforeEach(() => {
    recalled.length = 0;
  });

  test('a repeat is answered with the same bytes and executed once', () => {
    const channel = backchannel();
    const first = call(channel, sequence(1), recall('a'));
    expect(statusOf(first)).toBe('NFS4_OK');
    expect(call(channel, sequence(1), recall('a'))).toEqual(first);
    expect(recalled).toEqual(['a']);
    expect(statusOf(call(channel, sequence(2), recall('unknown')))).toBe('NFS4ERR_BAD_STATEID');
    expect(statusOf(call(channel, sequence(4), recall('b')))).toBe('NFS4ERR_SEQ_MISORDERED');
    expect(recalled).toEqual(['a', 'unknown']);
  });

  test('a call for another session is refused', () => {
    const channel = backchannel();
    expect(statusOf(call(channel, recall('a')))).toBe('NFS4ERR_OP_NOT_IN_SESSION');
    expect(statusOf(call(channel, sequence(1, { csa_sessionid: Buffer.alloc(16) })))).toBe(
      'NFS4ERR_BADSESSION',
    );
    call(channel, sequence(1));
    // Not a repeat either, although its numbers are the same: its operation was not executed.
    expect(statusOf(call(channel, sequence(1, { csa_sessionid: Buffer.alloc(16) }), recall('a')))).toBe(
      'NFS4ERR_BADSESSION',
    );
    expect(statusOf(call(channel, sequence(1, { csa_slotid: 2 })))).toBe('NFS4ERR_BADSLOT');
    expect(statusOf(call(channel, sequence(2), sequence(1)))).toBe('NFS4ERR_SEQUENCE_POS');
    expect(recalled).toEqual([]);
  });

  test('CB_GETATTR, CB_RECALL_ANY and unused operations are answered', () => {
    const channel = backchannel();
    const getattr = (fh: string): wire.nfs_cb_argop4 => ({
      argop: wire.OP_CB_GETATTR,
      opcbgetattr: { fh: Buffer.from(fh), attr_request: bitmapOf([wire.FATTR4_CHANGE, wire.FATTR4_SIZE]) },
    });
    const { resarray } = decode(wire.CB_COMPOUND4res, call(channel, sequence(1), getattr('held')));
    const [, got] = resarray;
    if (got?.resop !== wire.OP_CB_GETATTR || got.opcbgetattr.status !== wire.NFS4_OK)
      throw new Error('no answer');
    expect(readAttributes(got.opcbgetattr.resok4.obj_attributes)).toEqual({ change: 1n, size: 2n });
    expect(statusOf(call(channel, sequence(2), getattr('other')))).toBe('NFS4ERR_BADHANDLE');
    const any = { craa_objects_to_keep: 3, craa_type_mask: [3] };
    expect(statusOf(call(channel, sequence(3), { argop: wire.OP_CB_RECALL_ANY, opcbrecall_any: any }))).toBe(
      'NFS4_OK',
    );
    expect(kept).toEqual([3]);
    expect(statusOf(call(channel, sequence(4), { argop: wire.OP_CB_LAYOUTRECALL }))).toBe('NFS4ERR_NOTSUPP');
    expect(statusOf(call(channel, sequence(5), { argop: 99 as typeof wire.OP_CB_ILLEGAL }))).toBe(
      'NFS4ERR_OP_ILLEGAL',
    );
  });

  test('a callback from random bytes is answered or refused', () => {
    fc.assert(
      fc.property(upTo(200), (input) => {
        try {
          backchannel().compound(new Reader(input));
        } catch (error) {
          expect(error).toBeInstanceOf(XdrError);
        }
      }),
    );
  });
});
