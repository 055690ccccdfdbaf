import { encode, hasBit, type Reader, wire, XdrError } from '#nfs4';
import { writeAttributes, type Attributes } from './attributes';

/** The callbacks that a server may send to a client that holds delegations. */
export interface CallbackHandlers {
  /** The server recalls a delegation. Returns whether it is known, or may be granted by an answer not yet received. */
  onRecall(stateid: wire.stateid4, fh: Buffer): boolean;
  /** The client should keep at most `keep` delegations of these kinds. */
  onRecallAny(keep: number, kinds: { read: boolean; write: boolean }): void;
  /** The client should use no slot above this one. */
  onRecallSlot(highestSlot: number): void;
  /** The known attributes of a file that is held for writing; undefined if it is not. */
  attributesOf(fh: Buffer): Attributes | undefined;
}

interface Slot {
  sequence: number;
  reply: Buffer;
}

const operationsMax = 16;

/**
 * The client's side of a session's backchannel. Every callback is answered at once; a repeated callback gets the same
 * bytes as the first time.
 */
export class Backchannel {
  private readonly slots = new Map<number, Slot>();

  constructor(
    private readonly sessionid: Buffer,
    private readonly slotsMax: number,
    private readonly handlers: CallbackHandlers,
  ) {}

  /** @throws XdrError */
  compound(from: Reader): Buffer {
    const { tag, minorversion, operations } = wire.CB_COMPOUND4head.read(from);
    const resarray: wire.nfs_cb_resop4[] = [];
    const answer = (status: wire.nfsstat4): Buffer => encode(wire.CB_COMPOUND4res, { status, tag, resarray });
    if (minorversion < 1 || minorversion > 2) return answer(wire.NFS4ERR_MINOR_VERS_MISMATCH);
    if (operations === 0 || operations > operationsMax) return answer(wire.NFS4ERR_TOO_MANY_OPS);
    const first = wire.nfs_cb_argop4.read(from);
    if (first.argop !== wire.OP_CB_SEQUENCE) return answer(wire.NFS4ERR_OP_NOT_IN_SESSION);
    const args = first.opcbsequence;
    const isOurs = args.csa_sessionid.equals(this.sessionid);
    const slot = this.slots.get(args.csa_slotid) ?? { sequence: 0, reply: Buffer.alloc(0) };
    if (isOurs && args.csa_sequenceid === slot.sequence && slot.reply.length > 0) return slot.reply;
    let status = this.sequenceStatus(args, slot);
    if (status !== wire.NFS4_OK) {
      resarray.push({ resop: wire.OP_CB_SEQUENCE, opcbsequence: { csr_status: status } });
      return answer(status);
    }
    resarray.push(this.sequenced(args));
    for (let n = 1; n < operations && status === wire.NFS4_OK; n++) {
      const result = this.serve(wire.nfs_cb_argop4.read(from));
      status = result.status;
      resarray.push(result.answer);
    }
    slot.sequence = args.csa_sequenceid;
    slot.reply = Buffer.from(answer(status));
    this.slots.set(args.csa_slotid, slot);
    return slot.reply;
  }

  private sequenceStatus(args: wire.CB_SEQUENCE4args, slot: Slot): wire.nfsstat4 {
    if (!args.csa_sessionid.equals(this.sessionid)) return wire.NFS4ERR_BADSESSION;
    if (args.csa_slotid >= this.slotsMax) return wire.NFS4ERR_BADSLOT;
    return args.csa_sequenceid === (slot.sequence + 1) >>> 0 ? wire.NFS4_OK : wire.NFS4ERR_SEQ_MISORDERED;
  }

  private sequenced(args: wire.CB_SEQUENCE4args): wire.nfs_cb_resop4 {
    const csr_resok4 = {
      csr_sessionid: args.csa_sessionid,
      csr_sequenceid: args.csa_sequenceid,
      csr_slotid: args.csa_slotid,
      csr_highest_slotid: this.slotsMax - 1,
      csr_target_highest_slotid: this.slotsMax - 1,
    };
    return { resop: wire.OP_CB_SEQUENCE, opcbsequence: { csr_status: wire.NFS4_OK, csr_resok4 } };
  }

  private serve(op: wire.nfs_cb_argop4): { status: wire.nfsstat4; answer: wire.nfs_cb_resop4 } {
    switch (op.argop) {
      case wire.OP_CB_RECALL: {
        const { stateid, fh } = op.opcbrecall;
        const status = this.handlers.onRecall(stateid, fh) ? wire.NFS4_OK : wire.NFS4ERR_BAD_STATEID;
        return { status, answer: { resop: op.argop, opcbrecall: { status } } };
      }
      case wire.OP_CB_RECALL_ANY: {
        const { craa_objects_to_keep: keep, craa_type_mask: mask } = op.opcbrecall_any;
        const read = hasBit(mask, wire.RCA4_TYPE_MASK_RDATA_DLG);
        const write = hasBit(mask, wire.RCA4_TYPE_MASK_WDATA_DLG);
        this.handlers.onRecallAny(keep, { read, write });
        const status = wire.NFS4_OK;
        return { status, answer: { resop: op.argop, opcbrecall_any: { crar_status: status } } };
      }
      case wire.OP_CB_RECALL_SLOT: {
        this.handlers.onRecallSlot(op.opcbrecall_slot.rsa_target_highest_slotid);
        const status = wire.NFS4_OK;
        return { status, answer: { resop: op.argop, opcbrecall_slot: { rsr_status: status } } };
      }
      case wire.OP_CB_GETATTR: {
        const { fh, attr_request } = op.opcbgetattr;
        const all = this.handlers.attributesOf(fh);
        if (!all) {
          const status = wire.NFS4ERR_BADHANDLE;
          return { status, answer: { resop: op.argop, opcbgetattr: { status } } };
        }
        const asked = {
          change: hasBit(attr_request, wire.FATTR4_CHANGE) ? all.change : undefined,
          size: hasBit(attr_request, wire.FATTR4_SIZE) ? all.size : undefined,
        };
        const status = wire.NFS4_OK;
        const resok4 = { obj_attributes: writeAttributes(asked) };
        return { status, answer: { resop: op.argop, opcbgetattr: { status, resok4 } } };
      }
      case wire.OP_CB_NOTIFY: {
        // This client never asks for delegations of directories.
        const status = wire.NFS4ERR_NOTSUPP;
        return { status, answer: { resop: op.argop, opcbnotify: { cnr_status: status } } };
      }
      case wire.OP_CB_NOTIFY_LOCK: {
        // This client never waits for a range lock.
        const status = wire.NFS4_OK;
        return { status, answer: { resop: op.argop, opcbnotify_lock: { cnlr_status: status } } };
      }
      case wire.OP_CB_SEQUENCE: {
        const status = wire.NFS4ERR_SEQUENCE_POS;
        return { status, answer: { resop: op.argop, opcbsequence: { csr_status: status } } };
      }
      default: {
        const exists = op.argop >= wire.OP_CB_GETATTR && op.argop <= wire.OP_CB_OFFLOAD;
        const status = exists ? wire.NFS4ERR_NOTSUPP : wire.NFS4ERR_OP_ILLEGAL;
        const resop = exists ? op.argop : wire.OP_CB_ILLEGAL;
        return { status, answer: { resop, opcbillegal: { status } } };
      }
    }
  }
}

/** Serves the two procedures of the callback program. */
export function serveCallback(backchannel: Backchannel | undefined, procedure: number, args: Reader): Buffer {
  if (procedure === 0) return Buffer.alloc(0); // CB_NULL: the server tests the connection
  if (procedure !== 1 || !backchannel) throw new XdrError(`no callback procedure ${procedure} here`);
  return backchannel.compound(args);
}
