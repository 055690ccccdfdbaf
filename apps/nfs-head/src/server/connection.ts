import type { Socket } from 'node:net';
import { asRecord, decode, encode, Reader, RecordReader, wire, Writer, XdrError } from '#nfs4';

/** Who sends a call, according to AUTH_SYS: an assertion of the client's machine, and no proof. */
export interface Caller {
  uid: number;
  gid: number;
  gids: number[];
}

/** The results of a call, or why there are none. */
export type Answer = Buffer | wire.reply_data;

/** Calls that are carried out at once for one connection; until some are done, nothing more is read. */
const callsMax = 64;
/** Answers that the client has not read yet. */
const unreadBytesMax = 4 * 1024 * 1024;
const callbackMs = 10_000;

const noAuth: wire.opaque_auth = { flavor: wire.AUTH_NONE, body: Buffer.alloc(0) };
const rpcVersion = 2;

/** A client's connection: calls in both directions, as records (RFC 5531). */
export class Connection {
  readonly address: string;
  private readonly records = new RecordReader();
  private readonly waiting = new Map<number, (from: Reader | undefined) => void>();
  private xid = Math.floor(Math.random() * 0x1_0000_0000);
  private calls = 0;

  /** @param onCall must not throw */
  constructor(
    private readonly socket: Socket,
    private readonly onCall: (
      call: wire.call_body,
      caller: Caller | undefined,
      args: Reader,
    ) => Promise<Answer>,
    onClose: () => void,
  ) {
    this.address = `${socket.remoteAddress ?? ''}:${String(socket.remotePort ?? '')}`;
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const record of this.records.push(chunk)) this.take(new Reader(record));
      } catch (error) {
        if (!(error instanceof XdrError)) throw error;
        socket.destroy();
      }
    });
    socket.on('drain', () => {
      this.flow();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      for (const resolve of this.waiting.values()) resolve(undefined);
      this.waiting.clear();
      onClose();
    });
  }

  get closed(): boolean {
    return this.socket.destroyed;
  }
  close(): void {
    this.socket.destroy();
  }

  /** Calls the client. Returns its results; undefined if there are none, or none in time. */
  call(program: number, cred: wire.opaque_auth, args: Buffer): Promise<Reader | undefined> {
    if (this.closed) return Promise.resolve(undefined);
    this.xid = (this.xid + 1) >>> 0;
    const { xid } = this;
    const message = new Writer();
    const cbody = { rpcvers: rpcVersion, prog: program, vers: 1, proc: 1, cred, verf: noAuth };
    wire.rpc_msg.write(message, { xid, body: { mtype: wire.CALL, cbody } });
    message.raw(args);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.waiting.delete(xid);
        resolve(undefined);
      }, callbackMs);
      this.waiting.set(xid, (from) => {
        clearTimeout(timer);
        resolve(from);
      });
      this.socket.write(asRecord(message.take()));
    });
  }

  private take(from: Reader): void {
    const { xid, body } = wire.rpc_msg.read(from);
    if (body.mtype === wire.REPLY) {
      const resolve = this.waiting.get(xid);
      this.waiting.delete(xid);
      const { rbody } = body;
      const accepted = rbody.stat === wire.MSG_ACCEPTED && rbody.areply.data.stat === wire.SUCCESS;
      resolve?.(accepted ? from : undefined);
      return;
    }
    const { cbody } = body;
    if (cbody.rpcvers !== rpcVersion) {
      const mismatch_info = { low: rpcVersion, high: rpcVersion };
      this.answer(xid, { stat: wire.MSG_DENIED, rreply: { stat: wire.RPC_MISMATCH, mismatch_info } });
      return;
    }
    const caller = callerOf(cbody.cred);
    if (caller === 'unknown') {
      const rreply: wire.rejected_reply = { stat: wire.AUTH_ERROR, why: wire.AUTH_BADCRED };
      this.answer(xid, { stat: wire.MSG_DENIED, rreply });
      return;
    }
    this.calls++;
    this.flow();
    void this.onCall(cbody, caller, from).then((answer) => {
      this.calls--;
      const data: wire.reply_data = Buffer.isBuffer(answer) ? { stat: wire.SUCCESS } : answer;
      const areply = { verf: noAuth, data };
      this.answer(xid, { stat: wire.MSG_ACCEPTED, areply }, Buffer.isBuffer(answer) ? answer : undefined);
    });
  }

  private answer(xid: number, rbody: wire.reply_body, results?: Buffer): void {
    if (this.closed) return;
    const message = new Writer();
    wire.rpc_msg.write(message, { xid, body: { mtype: wire.REPLY, rbody } });
    if (results !== undefined) message.raw(results);
    this.socket.write(asRecord(message.take()));
    this.flow();
  }

  /** Reads on if there is room for more. */
  private flow(): void {
    if (this.calls >= callsMax || this.socket.writableLength > unreadBytesMax) this.socket.pause();
    else this.socket.resume();
  }
}

/** Undefined: nobody in particular, as AUTH_NONE. */
function callerOf({ flavor, body }: wire.opaque_auth): Caller | undefined | 'unknown' {
  if (flavor === wire.AUTH_NONE) return undefined;
  if (flavor !== wire.AUTH_SYS) return 'unknown';
  try {
    const { uid, gid, gids } = decode(wire.authsys_parms, body);
    return { uid, gid, gids };
  } catch (error) {
    if (error instanceof XdrError) return 'unknown';
    throw error;
  }
}

/** What a client has asked to be called with. */
export function credentialOf(offered: wire.callback_sec_parms4[]): wire.opaque_auth {
  for (const each of offered)
    if (each.cb_secflavor === wire.AUTH_SYS)
      return { flavor: wire.AUTH_SYS, body: Buffer.from(encode(wire.authsys_parms, each.cbsp_sys_cred)) };
  return noAuth;
}
