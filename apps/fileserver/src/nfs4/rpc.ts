import { connect, type Socket } from 'node:net';
import { asRecord, encode, Reader, RecordReader, wire, Writer, XdrError } from '#nfs4';

/** The caller's credentials in AUTH_SYS. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly gids: readonly number[];
}

/** The connection is gone or the peer sent invalid data: the request may or may not have been done. */
export class ConnectionLost extends Error {}

/** The server's RPC layer refused a call. */
export class RpcRefused extends Error {}

const noAuth: wire.opaque_auth = { flavor: wire.AUTH_NONE, body: Buffer.alloc(0) };
const rpcVersion = 2;

/** The answer to a call from the server: results, or why there are none. */
export type CallAnswer = Buffer | Exclude<wire.accept_stat, typeof wire.SUCCESS | typeof wire.PROG_MISMATCH>;

export interface ConnectionHandlers {
  /** Handles a call from the server. */
  onCall(call: wire.call_body, args: Reader): CallAnswer;
  /** Called once, no matter which side closed the connection. */
  onClose(why: string): void;
}

interface Waiting {
  resolve: (results: Reader) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/** One TCP connection on which both sides can send calls (RFC 5531, RFC 8881 §2.10.3.1). */
export class RpcConnection {
  private readonly records = new RecordReader();
  private readonly waiting = new Map<number, Waiting>();
  private xid = Math.floor(Math.random() * 0x1_0000_0000);
  private readonly credential: wire.opaque_auth;
  private closed = false;

  private constructor(
    private readonly socket: Socket,
    credentials: Credentials,
    private readonly handlers: ConnectionHandlers,
  ) {
    const { uid, gid, gids } = credentials;
    const body = encode(wire.authsys_parms, {
      ...{ stamp: 0, machinename: 'leasehold', uid, gid },
      gids: [...gids],
    });
    this.credential = { flavor: wire.AUTH_SYS, body };
    socket.on('data', (chunk: Buffer) => {
      this.receive(chunk);
    });
    socket.once('error', (error) => {
      this.close(error.message);
    });
    socket.once('close', () => {
      this.close('the server ended the connection');
    });
  }

  /** @throws ConnectionLost */
  static open(
    host: string,
    port: number,
    timeoutMs: number,
    credentials: Credentials,
    handlers: ConnectionHandlers,
  ): Promise<RpcConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true, keepAlive: true });
      const failed = (why: string): void => {
        clearTimeout(late);
        socket.destroy();
        reject(new ConnectionLost(`${host}:${port}: ${why}`));
      };
      const late = setTimeout(() => {
        failed(`no connection within ${timeoutMs} ms`);
      }, timeoutMs);
      const onError = (error: Error): void => {
        failed(error.message);
      };
      socket.once('error', onError);
      socket.once('connect', () => {
        clearTimeout(late);
        socket.off('error', onError);
        resolve(new RpcConnection(socket, credentials, handlers));
      });
    });
  }

  /**
   * @returns the encoded results
   * @throws RpcRefused; ConnectionLost, also if no answer arrives in time: the connection is then closed, because a
   * request must not be repeated on the same connection
   */
  call(
    program: number,
    version: number,
    procedure: number,
    args: Buffer,
    timeoutMs: number,
  ): Promise<Reader> {
    if (this.closed) return Promise.reject(new ConnectionLost('the connection is closed'));
    this.xid = (this.xid + 1) >>> 0;
    const { xid } = this;
    const message = new Writer();
    const cbody = { rpcvers: rpcVersion, prog: program, vers: version, proc: procedure };
    wire.rpc_msg.write(message, {
      xid,
      body: { mtype: wire.CALL, cbody: { ...cbody, cred: this.credential, verf: noAuth } },
    });
    message.raw(args);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.close(`no answer within ${timeoutMs} ms`);
      }, timeoutMs);
      this.waiting.set(xid, { resolve, reject, timer });
      this.socket.write(asRecord(message.take()));
    });
  }

  close(why: string): void {
    if (this.closed) return;
    this.closed = true;
    this.socket.destroy();
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new ConnectionLost(why));
    }
    this.waiting.clear();
    this.handlers.onClose(why);
  }

  private receive(chunk: Buffer): void {
    try {
      for (const record of this.records.push(chunk)) this.take(new Reader(record));
    } catch (error) {
      if (!(error instanceof XdrError)) throw error;
      this.close(`the server sent a message that cannot be read: ${error.message}`);
    }
  }

  private take(from: Reader): void {
    const { xid, body } = wire.rpc_msg.read(from);
    if (body.mtype === wire.CALL) {
      this.answer(xid, this.answerTo(body.cbody, from));
      return;
    }
    const waiting = this.waiting.get(xid);
    if (!waiting) return; // nobody waits for this answer
    this.waiting.delete(xid);
    clearTimeout(waiting.timer);
    const refusal = whyNotAccepted(body.rbody);
    if (refusal === undefined) waiting.resolve(from);
    else waiting.reject(new RpcRefused(refusal));
  }

  private answerTo(call: wire.call_body, args: Reader): CallAnswer {
    if (call.rpcvers !== rpcVersion) return wire.SYSTEM_ERR;
    try {
      return this.handlers.onCall(call, args);
    } catch (error) {
      if (error instanceof XdrError) return wire.GARBAGE_ARGS;
      throw error;
    }
  }

  private answer(xid: number, answer: CallAnswer): void {
    if (this.closed) return;
    const done = Buffer.isBuffer(answer);
    const data: wire.reply_data = done ? { stat: wire.SUCCESS } : { stat: answer };
    const areply = { verf: noAuth, data };
    const message = new Writer();
    wire.rpc_msg.write(message, {
      xid,
      body: { mtype: wire.REPLY, rbody: { stat: wire.MSG_ACCEPTED, areply } },
    });
    if (done) message.raw(answer);
    this.socket.write(asRecord(message.take()));
  }
}

function whyNotAccepted(reply: wire.reply_body): string | undefined {
  if (reply.stat === wire.MSG_ACCEPTED) {
    const { stat } = reply.areply.data;
    return stat === wire.SUCCESS ? undefined : `RPC ${wire.accept_stat.nameOf(stat)}`;
  }
  const { rreply } = reply;
  if (rreply.stat === wire.AUTH_ERROR) return `RPC AUTH_ERROR ${wire.auth_stat.nameOf(rreply.why)}`;
  return `RPC ${wire.reject_stat.nameOf(rreply.stat)}`;
}
