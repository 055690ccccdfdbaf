// Made by `npm run build:xdr` from rpc.x and nfs4.x; see scripts/build-xdr.cjs. Do not edit.
import * as xdr from './xdr';

export const AUTH_NONE = 0;
export const AUTH_SYS = 1;
export const AUTH_SHORT = 2;
export const AUTH_DH = 3;
export const RPCSEC_GSS = 6;
export type auth_flavor = typeof AUTH_NONE | typeof AUTH_SYS | typeof AUTH_SHORT | typeof AUTH_DH | typeof RPCSEC_GSS;
export const auth_flavor = xdr.enumOf<auth_flavor>({ AUTH_NONE, AUTH_SYS, AUTH_SHORT, AUTH_DH, RPCSEC_GSS });
export interface opaque_auth { flavor: auth_flavor; body: Buffer; }
export const opaque_auth: xdr.Codec<opaque_auth> = xdr.struct<opaque_auth>({ flavor: auth_flavor, body: xdr.opaque(400) });
export interface authsys_parms { stamp: number; machinename: string; uid: number; gid: number; gids: number[]; }
export const authsys_parms: xdr.Codec<authsys_parms> = xdr.struct<authsys_parms>({ stamp: xdr.uint32, machinename: xdr.string(255), uid: xdr.uint32, gid: xdr.uint32, gids: xdr.array(xdr.uint32, 16) });
export const CALL = 0;
export const REPLY = 1;
export type msg_type = typeof CALL | typeof REPLY;
export const msg_type = xdr.enumOf<msg_type>({ CALL, REPLY });
export const MSG_ACCEPTED = 0;
export const MSG_DENIED = 1;
export type reply_stat = typeof MSG_ACCEPTED | typeof MSG_DENIED;
export const reply_stat = xdr.enumOf<reply_stat>({ MSG_ACCEPTED, MSG_DENIED });
export const SUCCESS = 0;
export const PROG_UNAVAIL = 1;
export const PROG_MISMATCH = 2;
export const PROC_UNAVAIL = 3;
export const GARBAGE_ARGS = 4;
export const SYSTEM_ERR = 5;
export type accept_stat = typeof SUCCESS | typeof PROG_UNAVAIL | typeof PROG_MISMATCH | typeof PROC_UNAVAIL | typeof GARBAGE_ARGS | typeof SYSTEM_ERR;
export const accept_stat = xdr.enumOf<accept_stat>({ SUCCESS, PROG_UNAVAIL, PROG_MISMATCH, PROC_UNAVAIL, GARBAGE_ARGS, SYSTEM_ERR });
export const RPC_MISMATCH = 0;
export const AUTH_ERROR = 1;
export type reject_stat = typeof RPC_MISMATCH | typeof AUTH_ERROR;
export const reject_stat = xdr.enumOf<reject_stat>({ RPC_MISMATCH, AUTH_ERROR });
export const AUTH_OK = 0;
export const AUTH_BADCRED = 1;
export const AUTH_REJECTEDCRED = 2;
export const AUTH_BADVERF = 3;
export const AUTH_REJECTEDVERF = 4;
export const AUTH_TOOWEAK = 5;
export const AUTH_INVALIDRESP = 6;
export const AUTH_FAILED = 7;
export const AUTH_KERB_GENERIC = 8;
export const AUTH_TIMEEXPIRE = 9;
export const AUTH_TKT_FILE = 10;
export const AUTH_DECODE = 11;
export const AUTH_NET_ADDR = 12;
export const RPCSEC_GSS_CREDPROBLEM = 13;
export const RPCSEC_GSS_CTXPROBLEM = 14;
export type auth_stat = typeof AUTH_OK | typeof AUTH_BADCRED | typeof AUTH_REJECTEDCRED | typeof AUTH_BADVERF | typeof AUTH_REJECTEDVERF | typeof AUTH_TOOWEAK | typeof AUTH_INVALIDRESP | typeof AUTH_FAILED | typeof AUTH_KERB_GENERIC | typeof AUTH_TIMEEXPIRE | typeof AUTH_TKT_FILE | typeof AUTH_DECODE | typeof AUTH_NET_ADDR | typeof RPCSEC_GSS_CREDPROBLEM | typeof RPCSEC_GSS_CTXPROBLEM;
export const auth_stat = xdr.enumOf<auth_stat>({ AUTH_OK, AUTH_BADCRED, AUTH_REJECTEDCRED, AUTH_BADVERF, AUTH_REJECTEDVERF, AUTH_TOOWEAK, AUTH_INVALIDRESP, AUTH_FAILED, AUTH_KERB_GENERIC, AUTH_TIMEEXPIRE, AUTH_TKT_FILE, AUTH_DECODE, AUTH_NET_ADDR, RPCSEC_GSS_CREDPROBLEM, RPCSEC_GSS_CTXPROBLEM });
export interface call_body { rpcvers: number; prog: number; vers: number; proc: number; cred: opaque_auth; verf: opaque_auth; }
export const call_body: xdr.Codec<call_body> = xdr.struct<call_body>({ rpcvers: xdr.uint32, prog: xdr.uint32, vers: xdr.uint32, proc: xdr.uint32, cred: opaque_auth, verf: opaque_auth });
export interface low_high { low: number; high: number; }
export const low_high: xdr.Codec<low_high> = xdr.struct<low_high>({ low: xdr.uint32, high: xdr.uint32 });
export type reply_data = { stat: typeof SUCCESS; } | { stat: typeof PROG_MISMATCH; mismatch_info: low_high; } | { stat: Exclude<accept_stat, typeof SUCCESS | typeof PROG_MISMATCH>; };
export const reply_data: xdr.Codec<reply_data> = xdr.union<reply_data>('stat', accept_stat, { [SUCCESS]: 'void', [PROG_MISMATCH]: ['mismatch_info', low_high] }, 'void');
export interface accepted_reply { verf: opaque_auth; data: reply_data; }
export const accepted_reply: xdr.Codec<accepted_reply> = xdr.struct<accepted_reply>({ verf: opaque_auth, data: reply_data });
export type rejected_reply = { stat: typeof RPC_MISMATCH; mismatch_info: low_high; } | { stat: typeof AUTH_ERROR; why: auth_stat; };
export const rejected_reply: xdr.Codec<rejected_reply> = xdr.union<rejected_reply>('stat', reject_stat, { [RPC_MISMATCH]: ['mismatch_info', low_high], [AUTH_ERROR]: ['why', auth_stat] });
export type reply_body = { stat: typeof MSG_ACCEPTED; areply: accepted_reply; } | { stat: typeof MSG_DENIED; rreply: rejected_reply; };
export const reply_body: xdr.Codec<reply_body> = xdr.union<reply_body>('stat', reply_stat, { [MSG_ACCEPTED]: ['areply', accepted_reply], [MSG_DENIED]: ['rreply', rejected_reply] });
export type msg_body = { mtype: typeof CALL; cbody: call_body; } | { mtype: typeof REPLY; rbody: reply_body; };
export const msg_body: xdr.Codec<msg_body> = xdr.union<msg_body>('mtype', msg_type, { [CALL]: ['cbody', call_body], [REPLY]: ['rbody', reply_body] });
export interface rpc_msg { xid: number; body: msg_body; }
export const rpc_msg: xdr.Codec<rpc_msg> = xdr.struct<rpc_msg>({ xid: xdr.uint32, body: msg_body });
export const FALSE = 0;
export const TRUE = 1;
export const NFS4_FHSIZE = 128;
export const NFS4_VERIFIER_SIZE = 8;
export const NFS4_OTHER_SIZE = 12;
export const NFS4_OPAQUE_LIMIT = 1024;
export const NFS4_SESSIONID_SIZE = 16;
export const NF4REG = 1;
export const NF4DIR = 2;
export const NF4BLK = 3;
export const NF4CHR = 4;
export const NF4LNK = 5;
export const NF4SOCK = 6;
export const NF4FIFO = 7;
export const NF4ATTRDIR = 8;
export const NF4NAMEDATTR = 9;
export type nfs_ftype4 = typeof NF4REG | typeof NF4DIR | typeof NF4BLK | typeof NF4CHR | typeof NF4LNK | typeof NF4SOCK | typeof NF4FIFO | typeof NF4ATTRDIR | typeof NF4NAMEDATTR;
export const nfs_ftype4 = xdr.enumOf<nfs_ftype4>({ NF4REG, NF4DIR, NF4BLK, NF4CHR, NF4LNK, NF4SOCK, NF4FIFO, NF4ATTRDIR, NF4NAMEDATTR });
export const NFS4_OK = 0;
export const NFS4ERR_PERM = 1;
export const NFS4ERR_NOENT = 2;
export const NFS4ERR_IO = 5;
export const NFS4ERR_NXIO = 6;
export const NFS4ERR_ACCESS = 13;
export const NFS4ERR_EXIST = 17;
export const NFS4ERR_XDEV = 18;
export const NFS4ERR_NOTDIR = 20;
export const NFS4ERR_ISDIR = 21;
export const NFS4ERR_INVAL = 22;
export const NFS4ERR_FBIG = 27;
export const NFS4ERR_NOSPC = 28;
export const NFS4ERR_ROFS = 30;
export const NFS4ERR_MLINK = 31;
export const NFS4ERR_NAMETOOLONG = 63;
export const NFS4ERR_NOTEMPTY = 66;
export const NFS4ERR_DQUOT = 69;
export const NFS4ERR_STALE = 70;
export const NFS4ERR_BADHANDLE = 10001;
export const NFS4ERR_BAD_COOKIE = 10003;
export const NFS4ERR_NOTSUPP = 10004;
export const NFS4ERR_TOOSMALL = 10005;
export const NFS4ERR_SERVERFAULT = 10006;
export const NFS4ERR_BADTYPE = 10007;
export const NFS4ERR_DELAY = 10008;
export const NFS4ERR_SAME = 10009;
export const NFS4ERR_DENIED = 10010;
export const NFS4ERR_EXPIRED = 10011;
export const NFS4ERR_LOCKED = 10012;
export const NFS4ERR_GRACE = 10013;
export const NFS4ERR_FHEXPIRED = 10014;
export const NFS4ERR_SHARE_DENIED = 10015;
export const NFS4ERR_WRONGSEC = 10016;
export const NFS4ERR_CLID_INUSE = 10017;
export const NFS4ERR_RESOURCE = 10018;
export const NFS4ERR_MOVED = 10019;
export const NFS4ERR_NOFILEHANDLE = 10020;
export const NFS4ERR_MINOR_VERS_MISMATCH = 10021;
export const NFS4ERR_STALE_CLIENTID = 10022;
export const NFS4ERR_STALE_STATEID = 10023;
export const NFS4ERR_OLD_STATEID = 10024;
export const NFS4ERR_BAD_STATEID = 10025;
export const NFS4ERR_BAD_SEQID = 10026;
export const NFS4ERR_NOT_SAME = 10027;
export const NFS4ERR_LOCK_RANGE = 10028;
export const NFS4ERR_SYMLINK = 10029;
export const NFS4ERR_RESTOREFH = 10030;
export const NFS4ERR_LEASE_MOVED = 10031;
export const NFS4ERR_ATTRNOTSUPP = 10032;
export const NFS4ERR_NO_GRACE = 10033;
export const NFS4ERR_RECLAIM_BAD = 10034;
export const NFS4ERR_RECLAIM_CONFLICT = 10035;
export const NFS4ERR_BADXDR = 10036;
export const NFS4ERR_LOCKS_HELD = 10037;
export const NFS4ERR_OPENMODE = 10038;
export const NFS4ERR_BADOWNER = 10039;
export const NFS4ERR_BADCHAR = 10040;
export const NFS4ERR_BADNAME = 10041;
export const NFS4ERR_BAD_RANGE = 10042;
export const NFS4ERR_LOCK_NOTSUPP = 10043;
export const NFS4ERR_OP_ILLEGAL = 10044;
export const NFS4ERR_DEADLOCK = 10045;
export const NFS4ERR_FILE_OPEN = 10046;
export const NFS4ERR_ADMIN_REVOKED = 10047;
export const NFS4ERR_CB_PATH_DOWN = 10048;
export const NFS4ERR_BADIOMODE = 10049;
export const NFS4ERR_BADLAYOUT = 10050;
export const NFS4ERR_BAD_SESSION_DIGEST = 10051;
export const NFS4ERR_BADSESSION = 10052;
export const NFS4ERR_BADSLOT = 10053;
export const NFS4ERR_COMPLETE_ALREADY = 10054;
export const NFS4ERR_CONN_NOT_BOUND_TO_SESSION = 10055;
export const NFS4ERR_DELEG_ALREADY_WANTED = 10056;
export const NFS4ERR_BACK_CHAN_BUSY = 10057;
export const NFS4ERR_LAYOUTTRYLATER = 10058;
export const NFS4ERR_LAYOUTUNAVAILABLE = 10059;
export const NFS4ERR_NOMATCHING_LAYOUT = 10060;
export const NFS4ERR_RECALLCONFLICT = 10061;
export const NFS4ERR_UNKNOWN_LAYOUTTYPE = 10062;
export const NFS4ERR_SEQ_MISORDERED = 10063;
export const NFS4ERR_SEQUENCE_POS = 10064;
export const NFS4ERR_REQ_TOO_BIG = 10065;
export const NFS4ERR_REP_TOO_BIG = 10066;
export const NFS4ERR_REP_TOO_BIG_TO_CACHE = 10067;
export const NFS4ERR_RETRY_UNCACHED_REP = 10068;
export const NFS4ERR_UNSAFE_COMPOUND = 10069;
export const NFS4ERR_TOO_MANY_OPS = 10070;
export const NFS4ERR_OP_NOT_IN_SESSION = 10071;
export const NFS4ERR_HASH_ALG_UNSUPP = 10072;
export const NFS4ERR_CLIENTID_BUSY = 10074;
export const NFS4ERR_PNFS_IO_HOLE = 10075;
export const NFS4ERR_SEQ_FALSE_RETRY = 10076;
export const NFS4ERR_BAD_HIGH_SLOT = 10077;
export const NFS4ERR_DEADSESSION = 10078;
export const NFS4ERR_ENCR_ALG_UNSUPP = 10079;
export const NFS4ERR_PNFS_NO_LAYOUT = 10080;
export const NFS4ERR_NOT_ONLY_OP = 10081;
export const NFS4ERR_WRONG_CRED = 10082;
export const NFS4ERR_WRONG_TYPE = 10083;
export const NFS4ERR_DIRDELEG_UNAVAIL = 10084;
export const NFS4ERR_REJECT_DELEG = 10085;
export const NFS4ERR_RETURNCONFLICT = 10086;
export const NFS4ERR_DELEG_REVOKED = 10087;
export const NFS4ERR_PARTNER_NOTSUPP = 10088;
export const NFS4ERR_PARTNER_NO_AUTH = 10089;
export const NFS4ERR_UNION_NOTSUPP = 10090;
export const NFS4ERR_OFFLOAD_DENIED = 10091;
export const NFS4ERR_WRONG_LFS = 10092;
export const NFS4ERR_BADLABEL = 10093;
export const NFS4ERR_OFFLOAD_NO_REQS = 10094;
export type nfsstat4 = typeof NFS4_OK | typeof NFS4ERR_PERM | typeof NFS4ERR_NOENT | typeof NFS4ERR_IO | typeof NFS4ERR_NXIO | typeof NFS4ERR_ACCESS | typeof NFS4ERR_EXIST | typeof NFS4ERR_XDEV | typeof NFS4ERR_NOTDIR | typeof NFS4ERR_ISDIR | typeof NFS4ERR_INVAL | typeof NFS4ERR_FBIG | typeof NFS4ERR_NOSPC | typeof NFS4ERR_ROFS | typeof NFS4ERR_MLINK | typeof NFS4ERR_NAMETOOLONG | typeof NFS4ERR_NOTEMPTY | typeof NFS4ERR_DQUOT | typeof NFS4ERR_STALE | typeof NFS4ERR_BADHANDLE | typeof NFS4ERR_BAD_COOKIE | typeof NFS4ERR_NOTSUPP | typeof NFS4ERR_TOOSMALL | typeof NFS4ERR_SERVERFAULT | typeof NFS4ERR_BADTYPE | typeof NFS4ERR_DELAY | typeof NFS4ERR_SAME | typeof NFS4ERR_DENIED | typeof NFS4ERR_EXPIRED | typeof NFS4ERR_LOCKED | typeof NFS4ERR_GRACE | typeof NFS4ERR_FHEXPIRED | typeof NFS4ERR_SHARE_DENIED | typeof NFS4ERR_WRONGSEC | typeof NFS4ERR_CLID_INUSE | typeof NFS4ERR_RESOURCE | typeof NFS4ERR_MOVED | typeof NFS4ERR_NOFILEHANDLE | typeof NFS4ERR_MINOR_VERS_MISMATCH | typeof NFS4ERR_STALE_CLIENTID | typeof NFS4ERR_STALE_STATEID | typeof NFS4ERR_OLD_STATEID | typeof NFS4ERR_BAD_STATEID | typeof NFS4ERR_BAD_SEQID | typeof NFS4ERR_NOT_SAME | typeof NFS4ERR_LOCK_RANGE | typeof NFS4ERR_SYMLINK | typeof NFS4ERR_RESTOREFH | typeof NFS4ERR_LEASE_MOVED | typeof NFS4ERR_ATTRNOTSUPP | typeof NFS4ERR_NO_GRACE | typeof NFS4ERR_RECLAIM_BAD | typeof NFS4ERR_RECLAIM_CONFLICT | typeof NFS4ERR_BADXDR | typeof NFS4ERR_LOCKS_HELD | typeof NFS4ERR_OPENMODE | typeof NFS4ERR_BADOWNER | typeof NFS4ERR_BADCHAR | typeof NFS4ERR_BADNAME | typeof NFS4ERR_BAD_RANGE | typeof NFS4ERR_LOCK_NOTSUPP | typeof NFS4ERR_OP_ILLEGAL | typeof NFS4ERR_DEADLOCK | typeof NFS4ERR_FILE_OPEN | typeof NFS4ERR_ADMIN_REVOKED | typeof NFS4ERR_CB_PATH_DOWN | typeof NFS4ERR_BADIOMODE | typeof NFS4ERR_BADLAYOUT | typeof NFS4ERR_BAD_SESSION_DIGEST | typeof NFS4ERR_BADSESSION | typeof NFS4ERR_BADSLOT | typeof NFS4ERR_COMPLETE_ALREADY | typeof NFS4ERR_CONN_NOT_BOUND_TO_SESSION | typeof NFS4ERR_DELEG_ALREADY_WANTED | typeof NFS4ERR_BACK_CHAN_BUSY | typeof NFS4ERR_LAYOUTTRYLATER | typeof NFS4ERR_LAYOUTUNAVAILABLE | typeof NFS4ERR_NOMATCHING_LAYOUT | typeof NFS4ERR_RECALLCONFLICT | typeof NFS4ERR_UNKNOWN_LAYOUTTYPE | typeof NFS4ERR_SEQ_MISORDERED | typeof NFS4ERR_SEQUENCE_POS | typeof NFS4ERR_REQ_TOO_BIG | typeof NFS4ERR_REP_TOO_BIG | typeof NFS4ERR_REP_TOO_BIG_TO_CACHE | typeof NFS4ERR_RETRY_UNCACHED_REP | typeof NFS4ERR_UNSAFE_COMPOUND | typeof NFS4ERR_TOO_MANY_OPS | typeof NFS4ERR_OP_NOT_IN_SESSION | typeof NFS4ERR_HASH_ALG_UNSUPP | typeof NFS4ERR_CLIENTID_BUSY | typeof NFS4ERR_PNFS_IO_HOLE | typeof NFS4ERR_SEQ_FALSE_RETRY | typeof NFS4ERR_BAD_HIGH_SLOT | typeof NFS4ERR_DEADSESSION | typeof NFS4ERR_ENCR_ALG_UNSUPP | typeof NFS4ERR_PNFS_NO_LAYOUT | typeof NFS4ERR_NOT_ONLY_OP | typeof NFS4ERR_WRONG_CRED | typeof NFS4ERR_WRONG_TYPE | typeof NFS4ERR_DIRDELEG_UNAVAIL | typeof NFS4ERR_REJECT_DELEG | typeof NFS4ERR_RETURNCONFLICT | typeof NFS4ERR_DELEG_REVOKED | typeof NFS4ERR_PARTNER_NOTSUPP | typeof NFS4ERR_PARTNER_NO_AUTH | typeof NFS4ERR_UNION_NOTSUPP | typeof NFS4ERR_OFFLOAD_DENIED | typeof NFS4ERR_WRONG_LFS | typeof NFS4ERR_BADLABEL | typeof NFS4ERR_OFFLOAD_NO_REQS;
export const nfsstat4 = xdr.enumOf<nfsstat4>({ NFS4_OK, NFS4ERR_PERM, NFS4ERR_NOENT, NFS4ERR_IO, NFS4ERR_NXIO, NFS4ERR_ACCESS, NFS4ERR_EXIST, NFS4ERR_XDEV, NFS4ERR_NOTDIR, NFS4ERR_ISDIR, NFS4ERR_INVAL, NFS4ERR_FBIG, NFS4ERR_NOSPC, NFS4ERR_ROFS, NFS4ERR_MLINK, NFS4ERR_NAMETOOLONG, NFS4ERR_NOTEMPTY, NFS4ERR_DQUOT, NFS4ERR_STALE, NFS4ERR_BADHANDLE, NFS4ERR_BAD_COOKIE, NFS4ERR_NOTSUPP, NFS4ERR_TOOSMALL, NFS4ERR_SERVERFAULT, NFS4ERR_BADTYPE, NFS4ERR_DELAY, NFS4ERR_SAME, NFS4ERR_DENIED, NFS4ERR_EXPIRED, NFS4ERR_LOCKED, NFS4ERR_GRACE, NFS4ERR_FHEXPIRED, NFS4ERR_SHARE_DENIED, NFS4ERR_WRONGSEC, NFS4ERR_CLID_INUSE, NFS4ERR_RESOURCE, NFS4ERR_MOVED, NFS4ERR_NOFILEHANDLE, NFS4ERR_MINOR_VERS_MISMATCH, NFS4ERR_STALE_CLIENTID, NFS4ERR_STALE_STATEID, NFS4ERR_OLD_STATEID, NFS4ERR_BAD_STATEID, NFS4ERR_BAD_SEQID, NFS4ERR_NOT_SAME, NFS4ERR_LOCK_RANGE, NFS4ERR_SYMLINK, NFS4ERR_RESTOREFH, NFS4ERR_LEASE_MOVED, NFS4ERR_ATTRNOTSUPP, NFS4ERR_NO_GRACE, NFS4ERR_RECLAIM_BAD, NFS4ERR_RECLAIM_CONFLICT, NFS4ERR_BADXDR, NFS4ERR_LOCKS_HELD, NFS4ERR_OPENMODE, NFS4ERR_BADOWNER, NFS4ERR_BADCHAR, NFS4ERR_BADNAME, NFS4ERR_BAD_RANGE, NFS4ERR_LOCK_NOTSUPP, NFS4ERR_OP_ILLEGAL, NFS4ERR_DEADLOCK, NFS4ERR_FILE_OPEN, NFS4ERR_ADMIN_REVOKED, NFS4ERR_CB_PATH_DOWN, NFS4ERR_BADIOMODE, NFS4ERR_BADLAYOUT, NFS4ERR_BAD_SESSION_DIGEST, NFS4ERR_BADSESSION, NFS4ERR_BADSLOT, NFS4ERR_COMPLETE_ALREADY, NFS4ERR_CONN_NOT_BOUND_TO_SESSION, NFS4ERR_DELEG_ALREADY_WANTED, NFS4ERR_BACK_CHAN_BUSY, NFS4ERR_LAYOUTTRYLATER, NFS4ERR_LAYOUTUNAVAILABLE, NFS4ERR_NOMATCHING_LAYOUT, NFS4ERR_RECALLCONFLICT, NFS4ERR_UNKNOWN_LAYOUTTYPE, NFS4ERR_SEQ_MISORDERED, NFS4ERR_SEQUENCE_POS, NFS4ERR_REQ_TOO_BIG, NFS4ERR_REP_TOO_BIG, NFS4ERR_REP_TOO_BIG_TO_CACHE, NFS4ERR_RETRY_UNCACHED_REP, NFS4ERR_UNSAFE_COMPOUND, NFS4ERR_TOO_MANY_OPS, NFS4ERR_OP_NOT_IN_SESSION, NFS4ERR_HASH_ALG_UNSUPP, NFS4ERR_CLIENTID_BUSY, NFS4ERR_PNFS_IO_HOLE, NFS4ERR_SEQ_FALSE_RETRY, NFS4ERR_BAD_HIGH_SLOT, NFS4ERR_DEADSESSION, NFS4ERR_ENCR_ALG_UNSUPP, NFS4ERR_PNFS_NO_LAYOUT, NFS4ERR_NOT_ONLY_OP, NFS4ERR_WRONG_CRED, NFS4ERR_WRONG_TYPE, NFS4ERR_DIRDELEG_UNAVAIL, NFS4ERR_REJECT_DELEG, NFS4ERR_RETURNCONFLICT, NFS4ERR_DELEG_REVOKED, NFS4ERR_PARTNER_NOTSUPP, NFS4ERR_PARTNER_NO_AUTH, NFS4ERR_UNION_NOTSUPP, NFS4ERR_OFFLOAD_DENIED, NFS4ERR_WRONG_LFS, NFS4ERR_BADLABEL, NFS4ERR_OFFLOAD_NO_REQS });
export type attrlist4 = Buffer;
export const attrlist4: xdr.Codec<attrlist4> = xdr.opaque();
export type bitmap4 = number[];
export const bitmap4: xdr.Codec<bitmap4> = xdr.array(xdr.uint32);
export type changeid4 = bigint;
export const changeid4: xdr.Codec<changeid4> = xdr.uint64;
export type clientid4 = bigint;
export const clientid4: xdr.Codec<clientid4> = xdr.uint64;
export type count4 = number;
export const count4: xdr.Codec<count4> = xdr.uint32;
export type nfs_fh4 = Buffer;
export const nfs_fh4: xdr.Codec<nfs_fh4> = xdr.opaque(NFS4_FHSIZE);
export type qop4 = number;
export const qop4: xdr.Codec<qop4> = xdr.uint32;
export type sec_oid4 = Buffer;
export const sec_oid4: xdr.Codec<sec_oid4> = xdr.opaque();
export type sequenceid4 = number;
export const sequenceid4: xdr.Codec<sequenceid4> = xdr.uint32;
export type seqid4 = number;
export const seqid4: xdr.Codec<seqid4> = xdr.uint32;
export type sessionid4 = Buffer;
export const sessionid4: xdr.Codec<sessionid4> = xdr.fixedOpaque(NFS4_SESSIONID_SIZE);
export type slotid4 = number;
export const slotid4: xdr.Codec<slotid4> = xdr.uint32;
export type utf8string = Buffer;
export const utf8string: xdr.Codec<utf8string> = xdr.opaque();
export type utf8str_cis = utf8string;
export const utf8str_cis: xdr.Codec<utf8str_cis> = utf8string;
export type utf8str_cs = utf8string;
export const utf8str_cs: xdr.Codec<utf8str_cs> = utf8string;
export type utf8str_mixed = utf8string;
export const utf8str_mixed: xdr.Codec<utf8str_mixed> = utf8string;
export type component4 = utf8str_cs;
export const component4: xdr.Codec<component4> = utf8str_cs;
export type linktext4 = Buffer;
export const linktext4: xdr.Codec<linktext4> = xdr.opaque();
export type verifier4 = Buffer;
export const verifier4: xdr.Codec<verifier4> = xdr.fixedOpaque(NFS4_VERIFIER_SIZE);
export interface nfstime4 { seconds: bigint; nseconds: number; }
export const nfstime4: xdr.Codec<nfstime4> = xdr.struct<nfstime4>({ seconds: xdr.int64, nseconds: xdr.uint32 });
export type nfs_lease4 = number;
export const nfs_lease4: xdr.Codec<nfs_lease4> = xdr.uint32;
export interface fsid4 { major: bigint; minor: bigint; }
export const fsid4: xdr.Codec<fsid4> = xdr.struct<fsid4>({ major: xdr.uint64, minor: xdr.uint64 });
export type acetype4 = number;
export const acetype4: xdr.Codec<acetype4> = xdr.uint32;
export type aceflag4 = number;
export const aceflag4: xdr.Codec<aceflag4> = xdr.uint32;
export type acemask4 = number;
export const acemask4: xdr.Codec<acemask4> = xdr.uint32;
export interface nfsace4 { type: acetype4; flag: aceflag4; access_mask: acemask4; who: utf8str_mixed; }
export const nfsace4: xdr.Codec<nfsace4> = xdr.struct<nfsace4>({ type: acetype4, flag: aceflag4, access_mask: acemask4, who: utf8str_mixed });
export interface nfs_impl_id4 { nii_domain: utf8str_cis; nii_name: utf8str_cs; nii_date: nfstime4; }
export const nfs_impl_id4: xdr.Codec<nfs_impl_id4> = xdr.struct<nfs_impl_id4>({ nii_domain: utf8str_cis, nii_name: utf8str_cs, nii_date: nfstime4 });
export interface stateid4 { seqid: number; other: Buffer; }
export const stateid4: xdr.Codec<stateid4> = xdr.struct<stateid4>({ seqid: xdr.uint32, other: xdr.fixedOpaque(NFS4_OTHER_SIZE) });
export const NFS4_CHANGE_TYPE_IS_MONOTONIC_INCR = 0;
export const NFS4_CHANGE_TYPE_IS_VERSION_COUNTER = 1;
export const NFS4_CHANGE_TYPE_IS_VERSION_COUNTER_NOPNFS = 2;
export const NFS4_CHANGE_TYPE_IS_TIME_METADATA = 3;
export const NFS4_CHANGE_TYPE_IS_UNDEFINED = 4;
export type change_attr_type4 = typeof NFS4_CHANGE_TYPE_IS_MONOTONIC_INCR | typeof NFS4_CHANGE_TYPE_IS_VERSION_COUNTER | typeof NFS4_CHANGE_TYPE_IS_VERSION_COUNTER_NOPNFS | typeof NFS4_CHANGE_TYPE_IS_TIME_METADATA | typeof NFS4_CHANGE_TYPE_IS_UNDEFINED;
export const change_attr_type4 = xdr.enumOf<change_attr_type4>({ NFS4_CHANGE_TYPE_IS_MONOTONIC_INCR, NFS4_CHANGE_TYPE_IS_VERSION_COUNTER, NFS4_CHANGE_TYPE_IS_VERSION_COUNTER_NOPNFS, NFS4_CHANGE_TYPE_IS_TIME_METADATA, NFS4_CHANGE_TYPE_IS_UNDEFINED });
export type fattr4_supported_attrs = bitmap4;
export const fattr4_supported_attrs: xdr.Codec<fattr4_supported_attrs> = bitmap4;
export type fattr4_type = nfs_ftype4;
export const fattr4_type: xdr.Codec<fattr4_type> = nfs_ftype4;
export type fattr4_change = changeid4;
export const fattr4_change: xdr.Codec<fattr4_change> = changeid4;
export type fattr4_size = bigint;
export const fattr4_size: xdr.Codec<fattr4_size> = xdr.uint64;
export type fattr4_fsid = fsid4;
export const fattr4_fsid: xdr.Codec<fattr4_fsid> = fsid4;
export type fattr4_lease_time = nfs_lease4;
export const fattr4_lease_time: xdr.Codec<fattr4_lease_time> = nfs_lease4;
export type fattr4_fileid = bigint;
export const fattr4_fileid: xdr.Codec<fattr4_fileid> = xdr.uint64;
export type fattr4_time_create = nfstime4;
export const fattr4_time_create: xdr.Codec<fattr4_time_create> = nfstime4;
export type fattr4_time_metadata = nfstime4;
export const fattr4_time_metadata: xdr.Codec<fattr4_time_metadata> = nfstime4;
export type fattr4_change_attr_type = change_attr_type4;
export const fattr4_change_attr_type: xdr.Codec<fattr4_change_attr_type> = change_attr_type4;
export type fattr4_text = Buffer;
export const fattr4_text: xdr.Codec<fattr4_text> = xdr.opaque();
export interface specdata4 { specdata1: number; specdata2: number; }
export const specdata4: xdr.Codec<specdata4> = xdr.struct<specdata4>({ specdata1: xdr.uint32, specdata2: xdr.uint32 });
export const SET_TO_SERVER_TIME4 = 0;
export const SET_TO_CLIENT_TIME4 = 1;
export type time_how4 = typeof SET_TO_SERVER_TIME4 | typeof SET_TO_CLIENT_TIME4;
export const time_how4 = xdr.enumOf<time_how4>({ SET_TO_SERVER_TIME4, SET_TO_CLIENT_TIME4 });
export type settime4 = { set_it: typeof SET_TO_CLIENT_TIME4; time: nfstime4; } | { set_it: Exclude<time_how4, typeof SET_TO_CLIENT_TIME4>; };
export const settime4: xdr.Codec<settime4> = xdr.union<settime4>('set_it', time_how4, { [SET_TO_CLIENT_TIME4]: ['time', nfstime4] }, 'void');
export const FATTR4_SUPPORTED_ATTRS = 0;
export const FATTR4_TYPE = 1;
export const FATTR4_CHANGE = 3;
export const FATTR4_FH_EXPIRE_TYPE = 2;
export const FATTR4_SIZE = 4;
export const FATTR4_LINK_SUPPORT = 5;
export const FATTR4_SYMLINK_SUPPORT = 6;
export const FATTR4_NAMED_ATTR = 7;
export const FATTR4_UNIQUE_HANDLES = 9;
export const FATTR4_RDATTR_ERROR = 11;
export const FATTR4_CANSETTIME = 15;
export const FATTR4_CASE_INSENSITIVE = 16;
export const FATTR4_CASE_PRESERVING = 17;
export const FATTR4_CHOWN_RESTRICTED = 18;
export const FATTR4_FILEHANDLE = 19;
export const FATTR4_HOMOGENEOUS = 26;
export const FATTR4_MAXFILESIZE = 27;
export const FATTR4_MAXLINK = 28;
export const FATTR4_MAXNAME = 29;
export const FATTR4_MAXREAD = 30;
export const FATTR4_MAXWRITE = 31;
export const FATTR4_MODE = 33;
export const FATTR4_NO_TRUNC = 34;
export const FATTR4_NUMLINKS = 35;
export const FATTR4_OWNER = 36;
export const FATTR4_OWNER_GROUP = 37;
export const FATTR4_RAWDEV = 41;
export const FATTR4_SPACE_AVAIL = 42;
export const FATTR4_SPACE_FREE = 43;
export const FATTR4_SPACE_TOTAL = 44;
export const FATTR4_SPACE_USED = 45;
export const FATTR4_TIME_ACCESS = 47;
export const FATTR4_TIME_ACCESS_SET = 48;
export const FATTR4_TIME_DELTA = 51;
export const FATTR4_TIME_MODIFY = 53;
export const FATTR4_TIME_MODIFY_SET = 54;
export const FATTR4_MOUNTED_ON_FILEID = 55;
export const FATTR4_SUPPATTR_EXCLCREAT = 75;
export const FATTR4_FSID = 8;
export const FATTR4_LEASE_TIME = 10;
export const FATTR4_FILEID = 20;
export const FATTR4_TIME_CREATE = 50;
export const FATTR4_TIME_METADATA = 52;
export const FATTR4_CHANGE_ATTR_TYPE = 79;
export const FATTR4_TIME_DELEG_ACCESS = 84;
export const FATTR4_TIME_DELEG_MODIFY = 85;
export const FATTR4_OPEN_ARGUMENTS = 86;
export interface fattr4 { attrmask: bitmap4; attr_vals: attrlist4; }
export const fattr4: xdr.Codec<fattr4> = xdr.struct<fattr4>({ attrmask: bitmap4, attr_vals: attrlist4 });
export const OPEN_ARGS_SHARE_ACCESS_READ = 1;
export const OPEN_ARGS_SHARE_ACCESS_WRITE = 2;
export const OPEN_ARGS_SHARE_ACCESS_BOTH = 3;
export type open_args_share_access4 = typeof OPEN_ARGS_SHARE_ACCESS_READ | typeof OPEN_ARGS_SHARE_ACCESS_WRITE | typeof OPEN_ARGS_SHARE_ACCESS_BOTH;
export const open_args_share_access4 = xdr.enumOf<open_args_share_access4>({ OPEN_ARGS_SHARE_ACCESS_READ, OPEN_ARGS_SHARE_ACCESS_WRITE, OPEN_ARGS_SHARE_ACCESS_BOTH });
export const OPEN_ARGS_SHARE_DENY_NONE = 0;
export const OPEN_ARGS_SHARE_DENY_READ = 1;
export const OPEN_ARGS_SHARE_DENY_WRITE = 2;
export const OPEN_ARGS_SHARE_DENY_BOTH = 3;
export type open_args_share_deny4 = typeof OPEN_ARGS_SHARE_DENY_NONE | typeof OPEN_ARGS_SHARE_DENY_READ | typeof OPEN_ARGS_SHARE_DENY_WRITE | typeof OPEN_ARGS_SHARE_DENY_BOTH;
export const open_args_share_deny4 = xdr.enumOf<open_args_share_deny4>({ OPEN_ARGS_SHARE_DENY_NONE, OPEN_ARGS_SHARE_DENY_READ, OPEN_ARGS_SHARE_DENY_WRITE, OPEN_ARGS_SHARE_DENY_BOTH });
export const OPEN_ARGS_SHARE_ACCESS_WANT_ANY_DELEG = 3;
export const OPEN_ARGS_SHARE_ACCESS_WANT_NO_DELEG = 4;
export const OPEN_ARGS_SHARE_ACCESS_WANT_CANCEL = 5;
export const OPEN_ARGS_SHARE_ACCESS_WANT_SIGNAL_DELEG_WHEN_RESRC_AVAIL = 17;
export const OPEN_ARGS_SHARE_ACCESS_WANT_PUSH_DELEG_WHEN_UNCONTENDED = 18;
export const OPEN_ARGS_SHARE_ACCESS_WANT_DELEG_TIMESTAMPS = 20;
export const OPEN_ARGS_SHARE_ACCESS_WANT_OPEN_XOR_DELEGATION = 21;
export type open_args_share_access_want4 = typeof OPEN_ARGS_SHARE_ACCESS_WANT_ANY_DELEG | typeof OPEN_ARGS_SHARE_ACCESS_WANT_NO_DELEG | typeof OPEN_ARGS_SHARE_ACCESS_WANT_CANCEL | typeof OPEN_ARGS_SHARE_ACCESS_WANT_SIGNAL_DELEG_WHEN_RESRC_AVAIL | typeof OPEN_ARGS_SHARE_ACCESS_WANT_PUSH_DELEG_WHEN_UNCONTENDED | typeof OPEN_ARGS_SHARE_ACCESS_WANT_DELEG_TIMESTAMPS | typeof OPEN_ARGS_SHARE_ACCESS_WANT_OPEN_XOR_DELEGATION;
export const open_args_share_access_want4 = xdr.enumOf<open_args_share_access_want4>({ OPEN_ARGS_SHARE_ACCESS_WANT_ANY_DELEG, OPEN_ARGS_SHARE_ACCESS_WANT_NO_DELEG, OPEN_ARGS_SHARE_ACCESS_WANT_CANCEL, OPEN_ARGS_SHARE_ACCESS_WANT_SIGNAL_DELEG_WHEN_RESRC_AVAIL, OPEN_ARGS_SHARE_ACCESS_WANT_PUSH_DELEG_WHEN_UNCONTENDED, OPEN_ARGS_SHARE_ACCESS_WANT_DELEG_TIMESTAMPS, OPEN_ARGS_SHARE_ACCESS_WANT_OPEN_XOR_DELEGATION });
export const OPEN_ARGS_OPEN_CLAIM_NULL = 0;
export const OPEN_ARGS_OPEN_CLAIM_PREVIOUS = 1;
export const OPEN_ARGS_OPEN_CLAIM_DELEGATE_CUR = 2;
export const OPEN_ARGS_OPEN_CLAIM_DELEGATE_PREV = 3;
export const OPEN_ARGS_OPEN_CLAIM_FH = 4;
export const OPEN_ARGS_OPEN_CLAIM_DELEG_CUR_FH = 5;
export const OPEN_ARGS_OPEN_CLAIM_DELEG_PREV_FH = 6;
export type open_args_open_claim4 = typeof OPEN_ARGS_OPEN_CLAIM_NULL | typeof OPEN_ARGS_OPEN_CLAIM_PREVIOUS | typeof OPEN_ARGS_OPEN_CLAIM_DELEGATE_CUR | typeof OPEN_ARGS_OPEN_CLAIM_DELEGATE_PREV | typeof OPEN_ARGS_OPEN_CLAIM_FH | typeof OPEN_ARGS_OPEN_CLAIM_DELEG_CUR_FH | typeof OPEN_ARGS_OPEN_CLAIM_DELEG_PREV_FH;
export const open_args_open_claim4 = xdr.enumOf<open_args_open_claim4>({ OPEN_ARGS_OPEN_CLAIM_NULL, OPEN_ARGS_OPEN_CLAIM_PREVIOUS, OPEN_ARGS_OPEN_CLAIM_DELEGATE_CUR, OPEN_ARGS_OPEN_CLAIM_DELEGATE_PREV, OPEN_ARGS_OPEN_CLAIM_FH, OPEN_ARGS_OPEN_CLAIM_DELEG_CUR_FH, OPEN_ARGS_OPEN_CLAIM_DELEG_PREV_FH });
export const OPEN_ARGS_CREATEMODE_UNCHECKED4 = 0;
export const OPEN_ARGS_CREATE_MODE_GUARDED = 1;
export const OPEN_ARGS_CREATEMODE_EXCLUSIVE4 = 2;
export const OPEN_ARGS_CREATE_MODE_EXCLUSIVE4_1 = 3;
export type open_args_createmode4 = typeof OPEN_ARGS_CREATEMODE_UNCHECKED4 | typeof OPEN_ARGS_CREATE_MODE_GUARDED | typeof OPEN_ARGS_CREATEMODE_EXCLUSIVE4 | typeof OPEN_ARGS_CREATE_MODE_EXCLUSIVE4_1;
export const open_args_createmode4 = xdr.enumOf<open_args_createmode4>({ OPEN_ARGS_CREATEMODE_UNCHECKED4, OPEN_ARGS_CREATE_MODE_GUARDED, OPEN_ARGS_CREATEMODE_EXCLUSIVE4, OPEN_ARGS_CREATE_MODE_EXCLUSIVE4_1 });
export interface open_arguments4 { oa_share_access: bitmap4; oa_share_deny: bitmap4; oa_share_access_want: bitmap4; oa_open_claim: bitmap4; oa_create_mode: bitmap4; }
export const open_arguments4: xdr.Codec<open_arguments4> = xdr.struct<open_arguments4>({ oa_share_access: bitmap4, oa_share_deny: bitmap4, oa_share_access_want: bitmap4, oa_open_claim: bitmap4, oa_create_mode: bitmap4 });
export interface change_info4 { atomic: boolean; before: changeid4; after: changeid4; }
export const change_info4: xdr.Codec<change_info4> = xdr.struct<change_info4>({ atomic: xdr.bool, before: changeid4, after: changeid4 });
export interface client_owner4 { co_verifier: verifier4; co_ownerid: Buffer; }
export const client_owner4: xdr.Codec<client_owner4> = xdr.struct<client_owner4>({ co_verifier: verifier4, co_ownerid: xdr.opaque(NFS4_OPAQUE_LIMIT) });
export interface server_owner4 { so_minor_id: bigint; so_major_id: Buffer; }
export const server_owner4: xdr.Codec<server_owner4> = xdr.struct<server_owner4>({ so_minor_id: xdr.uint64, so_major_id: xdr.opaque(NFS4_OPAQUE_LIMIT) });
export interface state_owner4 { clientid: clientid4; owner: Buffer; }
export const state_owner4: xdr.Codec<state_owner4> = xdr.struct<state_owner4>({ clientid: clientid4, owner: xdr.opaque(NFS4_OPAQUE_LIMIT) });
export type open_owner4 = state_owner4;
export const open_owner4: xdr.Codec<open_owner4> = state_owner4;
export type lock_owner4 = state_owner4;
export const lock_owner4: xdr.Codec<lock_owner4> = state_owner4;
export const OP_ACCESS = 3;
export const OP_CLOSE = 4;
export const OP_COMMIT = 5;
export const OP_CREATE = 6;
export const OP_DELEGPURGE = 7;
export const OP_DELEGRETURN = 8;
export const OP_GETATTR = 9;
export const OP_GETFH = 10;
export const OP_LINK = 11;
export const OP_LOCK = 12;
export const OP_LOCKT = 13;
export const OP_LOCKU = 14;
export const OP_LOOKUP = 15;
export const OP_LOOKUPP = 16;
export const OP_NVERIFY = 17;
export const OP_OPEN = 18;
export const OP_OPENATTR = 19;
export const OP_OPEN_CONFIRM = 20;
export const OP_OPEN_DOWNGRADE = 21;
export const OP_PUTFH = 22;
export const OP_PUTPUBFH = 23;
export const OP_PUTROOTFH = 24;
export const OP_READ = 25;
export const OP_READDIR = 26;
export const OP_READLINK = 27;
export const OP_REMOVE = 28;
export const OP_RENAME = 29;
export const OP_RENEW = 30;
export const OP_RESTOREFH = 31;
export const OP_SAVEFH = 32;
export const OP_SECINFO = 33;
export const OP_SETATTR = 34;
export const OP_SETCLIENTID = 35;
export const OP_SETCLIENTID_CONFIRM = 36;
export const OP_VERIFY = 37;
export const OP_WRITE = 38;
export const OP_RELEASE_LOCKOWNER = 39;
export const OP_BACKCHANNEL_CTL = 40;
export const OP_BIND_CONN_TO_SESSION = 41;
export const OP_EXCHANGE_ID = 42;
export const OP_CREATE_SESSION = 43;
export const OP_DESTROY_SESSION = 44;
export const OP_FREE_STATEID = 45;
export const OP_GET_DIR_DELEGATION = 46;
export const OP_GETDEVICEINFO = 47;
export const OP_GETDEVICELIST = 48;
export const OP_LAYOUTCOMMIT = 49;
export const OP_LAYOUTGET = 50;
export const OP_LAYOUTRETURN = 51;
export const OP_SECINFO_NO_NAME = 52;
export const OP_SEQUENCE = 53;
export const OP_SET_SSV = 54;
export const OP_TEST_STATEID = 55;
export const OP_WANT_DELEGATION = 56;
export const OP_DESTROY_CLIENTID = 57;
export const OP_RECLAIM_COMPLETE = 58;
export const OP_ALLOCATE = 59;
export const OP_COPY = 60;
export const OP_COPY_NOTIFY = 61;
export const OP_DEALLOCATE = 62;
export const OP_IO_ADVISE = 63;
export const OP_LAYOUTERROR = 64;
export const OP_LAYOUTSTATS = 65;
export const OP_OFFLOAD_CANCEL = 66;
export const OP_OFFLOAD_STATUS = 67;
export const OP_READ_PLUS = 68;
export const OP_SEEK = 69;
export const OP_WRITE_SAME = 70;
export const OP_CLONE = 71;
export const OP_ILLEGAL = 10044;
export type nfs_opnum4 = typeof OP_ACCESS | typeof OP_CLOSE | typeof OP_COMMIT | typeof OP_CREATE | typeof OP_DELEGPURGE | typeof OP_DELEGRETURN | typeof OP_GETATTR | typeof OP_GETFH | typeof OP_LINK | typeof OP_LOCK | typeof OP_LOCKT | typeof OP_LOCKU | typeof OP_LOOKUP | typeof OP_LOOKUPP | typeof OP_NVERIFY | typeof OP_OPEN | typeof OP_OPENATTR | typeof OP_OPEN_CONFIRM | typeof OP_OPEN_DOWNGRADE | typeof OP_PUTFH | typeof OP_PUTPUBFH | typeof OP_PUTROOTFH | typeof OP_READ | typeof OP_READDIR | typeof OP_READLINK | typeof OP_REMOVE | typeof OP_RENAME | typeof OP_RENEW | typeof OP_RESTOREFH | typeof OP_SAVEFH | typeof OP_SECINFO | typeof OP_SETATTR | typeof OP_SETCLIENTID | typeof OP_SETCLIENTID_CONFIRM | typeof OP_VERIFY | typeof OP_WRITE | typeof OP_RELEASE_LOCKOWNER | typeof OP_BACKCHANNEL_CTL | typeof OP_BIND_CONN_TO_SESSION | typeof OP_EXCHANGE_ID | typeof OP_CREATE_SESSION | typeof OP_DESTROY_SESSION | typeof OP_FREE_STATEID | typeof OP_GET_DIR_DELEGATION | typeof OP_GETDEVICEINFO | typeof OP_GETDEVICELIST | typeof OP_LAYOUTCOMMIT | typeof OP_LAYOUTGET | typeof OP_LAYOUTRETURN | typeof OP_SECINFO_NO_NAME | typeof OP_SEQUENCE | typeof OP_SET_SSV | typeof OP_TEST_STATEID | typeof OP_WANT_DELEGATION | typeof OP_DESTROY_CLIENTID | typeof OP_RECLAIM_COMPLETE | typeof OP_ALLOCATE | typeof OP_COPY | typeof OP_COPY_NOTIFY | typeof OP_DEALLOCATE | typeof OP_IO_ADVISE | typeof OP_LAYOUTERROR | typeof OP_LAYOUTSTATS | typeof OP_OFFLOAD_CANCEL | typeof OP_OFFLOAD_STATUS | typeof OP_READ_PLUS | typeof OP_SEEK | typeof OP_WRITE_SAME | typeof OP_CLONE | typeof OP_ILLEGAL;
export const nfs_opnum4 = xdr.enumOf<nfs_opnum4>({ OP_ACCESS, OP_CLOSE, OP_COMMIT, OP_CREATE, OP_DELEGPURGE, OP_DELEGRETURN, OP_GETATTR, OP_GETFH, OP_LINK, OP_LOCK, OP_LOCKT, OP_LOCKU, OP_LOOKUP, OP_LOOKUPP, OP_NVERIFY, OP_OPEN, OP_OPENATTR, OP_OPEN_CONFIRM, OP_OPEN_DOWNGRADE, OP_PUTFH, OP_PUTPUBFH, OP_PUTROOTFH, OP_READ, OP_READDIR, OP_READLINK, OP_REMOVE, OP_RENAME, OP_RENEW, OP_RESTOREFH, OP_SAVEFH, OP_SECINFO, OP_SETATTR, OP_SETCLIENTID, OP_SETCLIENTID_CONFIRM, OP_VERIFY, OP_WRITE, OP_RELEASE_LOCKOWNER, OP_BACKCHANNEL_CTL, OP_BIND_CONN_TO_SESSION, OP_EXCHANGE_ID, OP_CREATE_SESSION, OP_DESTROY_SESSION, OP_FREE_STATEID, OP_GET_DIR_DELEGATION, OP_GETDEVICEINFO, OP_GETDEVICELIST, OP_LAYOUTCOMMIT, OP_LAYOUTGET, OP_LAYOUTRETURN, OP_SECINFO_NO_NAME, OP_SEQUENCE, OP_SET_SSV, OP_TEST_STATEID, OP_WANT_DELEGATION, OP_DESTROY_CLIENTID, OP_RECLAIM_COMPLETE, OP_ALLOCATE, OP_COPY, OP_COPY_NOTIFY, OP_DEALLOCATE, OP_IO_ADVISE, OP_LAYOUTERROR, OP_LAYOUTSTATS, OP_OFFLOAD_CANCEL, OP_OFFLOAD_STATUS, OP_READ_PLUS, OP_SEEK, OP_WRITE_SAME, OP_CLONE, OP_ILLEGAL });
export const ACCESS4_READ = 0x00000001;
export const ACCESS4_LOOKUP = 0x00000002;
export const ACCESS4_MODIFY = 0x00000004;
export const ACCESS4_EXTEND = 0x00000008;
export const ACCESS4_DELETE = 0x00000010;
export const ACCESS4_EXECUTE = 0x00000020;
export interface ACCESS4args { access: number; }
export const ACCESS4args: xdr.Codec<ACCESS4args> = xdr.struct<ACCESS4args>({ access: xdr.uint32 });
export interface ACCESS4resok { supported: number; access: number; }
export const ACCESS4resok: xdr.Codec<ACCESS4resok> = xdr.struct<ACCESS4resok>({ supported: xdr.uint32, access: xdr.uint32 });
export type ACCESS4res = { status: typeof NFS4_OK; resok4: ACCESS4resok; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const ACCESS4res: xdr.Codec<ACCESS4res> = xdr.union<ACCESS4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', ACCESS4resok] }, 'void');
export interface COMMIT4args { offset: bigint; count: count4; }
export const COMMIT4args: xdr.Codec<COMMIT4args> = xdr.struct<COMMIT4args>({ offset: xdr.uint64, count: count4 });
export interface COMMIT4resok { writeverf: verifier4; }
export const COMMIT4resok: xdr.Codec<COMMIT4resok> = xdr.struct<COMMIT4resok>({ writeverf: verifier4 });
export type COMMIT4res = { status: typeof NFS4_OK; resok4: COMMIT4resok; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const COMMIT4res: xdr.Codec<COMMIT4res> = xdr.union<COMMIT4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', COMMIT4resok] }, 'void');
export type createtype4 = { type: typeof NF4LNK; linkdata: linktext4; } | { type: typeof NF4BLK; devdata: specdata4; } | { type: typeof NF4CHR; devdata: specdata4; } | { type: Exclude<nfs_ftype4, typeof NF4LNK | typeof NF4BLK | typeof NF4CHR>; };
export const createtype4: xdr.Codec<createtype4> = xdr.union<createtype4>('type', nfs_ftype4, { [NF4LNK]: ['linkdata', linktext4], [NF4BLK]: ['devdata', specdata4], [NF4CHR]: ['devdata', specdata4] }, 'void');
export interface CREATE4args { objtype: createtype4; objname: component4; createattrs: fattr4; }
export const CREATE4args: xdr.Codec<CREATE4args> = xdr.struct<CREATE4args>({ objtype: createtype4, objname: component4, createattrs: fattr4 });
export interface CREATE4resok { cinfo: change_info4; attrset: bitmap4; }
export const CREATE4resok: xdr.Codec<CREATE4resok> = xdr.struct<CREATE4resok>({ cinfo: change_info4, attrset: bitmap4 });
export type CREATE4res = { status: typeof NFS4_OK; resok4: CREATE4resok; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const CREATE4res: xdr.Codec<CREATE4res> = xdr.union<CREATE4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', CREATE4resok] }, 'void');
export interface LINK4args { newname: component4; }
export const LINK4args: xdr.Codec<LINK4args> = xdr.struct<LINK4args>({ newname: component4 });
export interface LINK4resok { cinfo: change_info4; }
export const LINK4resok: xdr.Codec<LINK4resok> = xdr.struct<LINK4resok>({ cinfo: change_info4 });
export type LINK4res = { status: typeof NFS4_OK; resok4: LINK4resok; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const LINK4res: xdr.Codec<LINK4res> = xdr.union<LINK4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', LINK4resok] }, 'void');
export const READ_LT = 1;
export const WRITE_LT = 2;
export const READW_LT = 3;
export const WRITEW_LT = 4;
export type nfs_lock_type4 = typeof READ_LT | typeof WRITE_LT | typeof READW_LT | typeof WRITEW_LT;
export const nfs_lock_type4 = xdr.enumOf<nfs_lock_type4>({ READ_LT, WRITE_LT, READW_LT, WRITEW_LT });
export interface open_to_lock_owner4 { open_seqid: seqid4; open_stateid: stateid4; lock_seqid: seqid4; lock_owner: lock_owner4; }
export const open_to_lock_owner4: xdr.Codec<open_to_lock_owner4> = xdr.struct<open_to_lock_owner4>({ open_seqid: seqid4, open_stateid: stateid4, lock_seqid: seqid4, lock_owner: lock_owner4 });
export interface exist_lock_owner4 { lock_stateid: stateid4; lock_seqid: seqid4; }
export const exist_lock_owner4: xdr.Codec<exist_lock_owner4> = xdr.struct<exist_lock_owner4>({ lock_stateid: stateid4, lock_seqid: seqid4 });
export type locker4 = { new_lock_owner: typeof TRUE; open_owner: open_to_lock_owner4; } | { new_lock_owner: typeof FALSE; lock_owner: exist_lock_owner4; };
export const locker4: xdr.Codec<locker4> = xdr.union<locker4>('new_lock_owner', xdr.uint32, { [TRUE]: ['open_owner', open_to_lock_owner4], [FALSE]: ['lock_owner', exist_lock_owner4] });
export interface LOCK4args { locktype: nfs_lock_type4; reclaim: boolean; offset: bigint; length: bigint; locker: locker4; }
export const LOCK4args: xdr.Codec<LOCK4args> = xdr.struct<LOCK4args>({ locktype: nfs_lock_type4, reclaim: xdr.bool, offset: xdr.uint64, length: xdr.uint64, locker: locker4 });
export interface LOCK4denied { offset: bigint; length: bigint; locktype: nfs_lock_type4; owner: lock_owner4; }
export const LOCK4denied: xdr.Codec<LOCK4denied> = xdr.struct<LOCK4denied>({ offset: xdr.uint64, length: xdr.uint64, locktype: nfs_lock_type4, owner: lock_owner4 });
export interface LOCK4resok { lock_stateid: stateid4; }
export const LOCK4resok: xdr.Codec<LOCK4resok> = xdr.struct<LOCK4resok>({ lock_stateid: stateid4 });
export type LOCK4res = { status: typeof NFS4_OK; resok4: LOCK4resok; } | { status: typeof NFS4ERR_DENIED; denied: LOCK4denied; } | { status: Exclude<nfsstat4, typeof NFS4_OK | typeof NFS4ERR_DENIED>; };
export const LOCK4res: xdr.Codec<LOCK4res> = xdr.union<LOCK4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', LOCK4resok], [NFS4ERR_DENIED]: ['denied', LOCK4denied] }, 'void');
export interface LOCKT4args { locktype: nfs_lock_type4; offset: bigint; length: bigint; owner: lock_owner4; }
export const LOCKT4args: xdr.Codec<LOCKT4args> = xdr.struct<LOCKT4args>({ locktype: nfs_lock_type4, offset: xdr.uint64, length: xdr.uint64, owner: lock_owner4 });
export type LOCKT4res = { status: typeof NFS4ERR_DENIED; denied: LOCK4denied; } | { status: typeof NFS4_OK; } | { status: Exclude<nfsstat4, typeof NFS4ERR_DENIED | typeof NFS4_OK>; };
export const LOCKT4res: xdr.Codec<LOCKT4res> = xdr.union<LOCKT4res>('status', nfsstat4, { [NFS4ERR_DENIED]: ['denied', LOCK4denied], [NFS4_OK]: 'void' }, 'void');
export interface LOCKU4args { locktype: nfs_lock_type4; seqid: seqid4; lock_stateid: stateid4; offset: bigint; length: bigint; }
export const LOCKU4args: xdr.Codec<LOCKU4args> = xdr.struct<LOCKU4args>({ locktype: nfs_lock_type4, seqid: seqid4, lock_stateid: stateid4, offset: xdr.uint64, length: xdr.uint64 });
export type LOCKU4res = { status: typeof NFS4_OK; lock_stateid: stateid4; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const LOCKU4res: xdr.Codec<LOCKU4res> = xdr.union<LOCKU4res>('status', nfsstat4, { [NFS4_OK]: ['lock_stateid', stateid4] }, 'void');
export interface LOOKUPP4res { status: nfsstat4; }
export const LOOKUPP4res: xdr.Codec<LOOKUPP4res> = xdr.struct<LOOKUPP4res>({ status: nfsstat4 });
export interface READ4args { stateid: stateid4; offset: bigint; count: count4; }
export const READ4args: xdr.Codec<READ4args> = xdr.struct<READ4args>({ stateid: stateid4, offset: xdr.uint64, count: count4 });
export interface READ4resok { eof: boolean; data: Buffer; }
export const READ4resok: xdr.Codec<READ4resok> = xdr.struct<READ4resok>({ eof: xdr.bool, data: xdr.opaque() });
export type READ4res = { status: typeof NFS4_OK; resok4: READ4resok; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const READ4res: xdr.Codec<READ4res> = xdr.union<READ4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', READ4resok] }, 'void');
export interface READDIR4args { cookie: bigint; cookieverf: verifier4; dircount: count4; maxcount: count4; attr_request: bitmap4; }
export const READDIR4args: xdr.Codec<READDIR4args> = xdr.struct<READDIR4args>({ cookie: xdr.uint64, cookieverf: verifier4, dircount: count4, maxcount: count4, attr_request: bitmap4 });
export interface entry4 { cookie: bigint; name: component4; attrs: fattr4; }
export const entry4: xdr.Codec<entry4> = xdr.struct<entry4>({ cookie: xdr.uint64, name: component4, attrs: fattr4 });
export interface dirlist4 { entries: entry4[]; eof: boolean; }
export const dirlist4: xdr.Codec<dirlist4> = xdr.struct<dirlist4>({ entries: xdr.list(entry4), eof: xdr.bool });
export interface READDIR4resok { cookieverf: verifier4; reply: dirlist4; }
export const READDIR4resok: xdr.Codec<READDIR4resok> = xdr.struct<READDIR4resok>({ cookieverf: verifier4, reply: dirlist4 });
export type READDIR4res = { status: typeof NFS4_OK; resok4: READDIR4resok; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const READDIR4res: xdr.Codec<READDIR4res> = xdr.union<READDIR4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', READDIR4resok] }, 'void');
export interface REMOVE4args { target: component4; }
export const REMOVE4args: xdr.Codec<REMOVE4args> = xdr.struct<REMOVE4args>({ target: component4 });
export interface REMOVE4resok { cinfo: change_info4; }
export const REMOVE4resok: xdr.Codec<REMOVE4resok> = xdr.struct<REMOVE4resok>({ cinfo: change_info4 });
export type REMOVE4res = { status: typeof NFS4_OK; resok4: REMOVE4resok; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const REMOVE4res: xdr.Codec<REMOVE4res> = xdr.union<REMOVE4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', REMOVE4resok] }, 'void');
export interface RENAME4args { oldname: component4; newname: component4; }
export const RENAME4args: xdr.Codec<RENAME4args> = xdr.struct<RENAME4args>({ oldname: component4, newname: component4 });
export interface RENAME4resok { source_cinfo: change_info4; target_cinfo: change_info4; }
export const RENAME4resok: xdr.Codec<RENAME4resok> = xdr.struct<RENAME4resok>({ source_cinfo: change_info4, target_cinfo: change_info4 });
export type RENAME4res = { status: typeof NFS4_OK; resok4: RENAME4resok; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const RENAME4res: xdr.Codec<RENAME4res> = xdr.union<RENAME4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', RENAME4resok] }, 'void');
export interface RESTOREFH4res { status: nfsstat4; }
export const RESTOREFH4res: xdr.Codec<RESTOREFH4res> = xdr.struct<RESTOREFH4res>({ status: nfsstat4 });
export interface SAVEFH4res { status: nfsstat4; }
export const SAVEFH4res: xdr.Codec<SAVEFH4res> = xdr.struct<SAVEFH4res>({ status: nfsstat4 });
export interface SETATTR4args { stateid: stateid4; obj_attributes: fattr4; }
export const SETATTR4args: xdr.Codec<SETATTR4args> = xdr.struct<SETATTR4args>({ stateid: stateid4, obj_attributes: fattr4 });
export interface SETATTR4res { status: nfsstat4; attrsset: bitmap4; }
export const SETATTR4res: xdr.Codec<SETATTR4res> = xdr.struct<SETATTR4res>({ status: nfsstat4, attrsset: bitmap4 });
export const UNSTABLE4 = 0;
export const DATA_SYNC4 = 1;
export const FILE_SYNC4 = 2;
export type stable_how4 = typeof UNSTABLE4 | typeof DATA_SYNC4 | typeof FILE_SYNC4;
export const stable_how4 = xdr.enumOf<stable_how4>({ UNSTABLE4, DATA_SYNC4, FILE_SYNC4 });
export interface WRITE4args { stateid: stateid4; offset: bigint; stable: stable_how4; data: Buffer; }
export const WRITE4args: xdr.Codec<WRITE4args> = xdr.struct<WRITE4args>({ stateid: stateid4, offset: xdr.uint64, stable: stable_how4, data: xdr.opaque() });
export interface WRITE4resok { count: count4; committed: stable_how4; writeverf: verifier4; }
export const WRITE4resok: xdr.Codec<WRITE4resok> = xdr.struct<WRITE4resok>({ count: count4, committed: stable_how4, writeverf: verifier4 });
export type WRITE4res = { status: typeof NFS4_OK; resok4: WRITE4resok; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const WRITE4res: xdr.Codec<WRITE4res> = xdr.union<WRITE4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', WRITE4resok] }, 'void');
export interface CLOSE4args { seqid: seqid4; open_stateid: stateid4; }
export const CLOSE4args: xdr.Codec<CLOSE4args> = xdr.struct<CLOSE4args>({ seqid: seqid4, open_stateid: stateid4 });
export type CLOSE4res = { status: typeof NFS4_OK; open_stateid: stateid4; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const CLOSE4res: xdr.Codec<CLOSE4res> = xdr.union<CLOSE4res>('status', nfsstat4, { [NFS4_OK]: ['open_stateid', stateid4] }, 'void');
export interface DELEGRETURN4args { deleg_stateid: stateid4; }
export const DELEGRETURN4args: xdr.Codec<DELEGRETURN4args> = xdr.struct<DELEGRETURN4args>({ deleg_stateid: stateid4 });
export interface DELEGRETURN4res { status: nfsstat4; }
export const DELEGRETURN4res: xdr.Codec<DELEGRETURN4res> = xdr.struct<DELEGRETURN4res>({ status: nfsstat4 });
export interface GETATTR4args { attr_request: bitmap4; }
export const GETATTR4args: xdr.Codec<GETATTR4args> = xdr.struct<GETATTR4args>({ attr_request: bitmap4 });
export interface GETATTR4resok { obj_attributes: fattr4; }
export const GETATTR4resok: xdr.Codec<GETATTR4resok> = xdr.struct<GETATTR4resok>({ obj_attributes: fattr4 });
export type GETATTR4res = { status: typeof NFS4_OK; resok4: GETATTR4resok; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const GETATTR4res: xdr.Codec<GETATTR4res> = xdr.union<GETATTR4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', GETATTR4resok] }, 'void');
export interface GETFH4resok { object: nfs_fh4; }
export const GETFH4resok: xdr.Codec<GETFH4resok> = xdr.struct<GETFH4resok>({ object: nfs_fh4 });
export type GETFH4res = { status: typeof NFS4_OK; resok4: GETFH4resok; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const GETFH4res: xdr.Codec<GETFH4res> = xdr.union<GETFH4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', GETFH4resok] }, 'void');
export interface LOOKUP4args { objname: component4; }
export const LOOKUP4args: xdr.Codec<LOOKUP4args> = xdr.struct<LOOKUP4args>({ objname: component4 });
export interface LOOKUP4res { status: nfsstat4; }
export const LOOKUP4res: xdr.Codec<LOOKUP4res> = xdr.struct<LOOKUP4res>({ status: nfsstat4 });
export const UNCHECKED4 = 0;
export const GUARDED4 = 1;
export const EXCLUSIVE4 = 2;
export const EXCLUSIVE4_1 = 3;
export type createmode4 = typeof UNCHECKED4 | typeof GUARDED4 | typeof EXCLUSIVE4 | typeof EXCLUSIVE4_1;
export const createmode4 = xdr.enumOf<createmode4>({ UNCHECKED4, GUARDED4, EXCLUSIVE4, EXCLUSIVE4_1 });
export interface creatverfattr { cva_verf: verifier4; cva_attrs: fattr4; }
export const creatverfattr: xdr.Codec<creatverfattr> = xdr.struct<creatverfattr>({ cva_verf: verifier4, cva_attrs: fattr4 });
export type createhow4 = { mode: typeof UNCHECKED4; createattrs: fattr4; } | { mode: typeof GUARDED4; createattrs: fattr4; } | { mode: typeof EXCLUSIVE4; createverf: verifier4; } | { mode: typeof EXCLUSIVE4_1; ch_createboth: creatverfattr; };
export const createhow4: xdr.Codec<createhow4> = xdr.union<createhow4>('mode', createmode4, { [UNCHECKED4]: ['createattrs', fattr4], [GUARDED4]: ['createattrs', fattr4], [EXCLUSIVE4]: ['createverf', verifier4], [EXCLUSIVE4_1]: ['ch_createboth', creatverfattr] });
export const OPEN4_NOCREATE = 0;
export const OPEN4_CREATE = 1;
export type opentype4 = typeof OPEN4_NOCREATE | typeof OPEN4_CREATE;
export const opentype4 = xdr.enumOf<opentype4>({ OPEN4_NOCREATE, OPEN4_CREATE });
export type openflag4 = { opentype: typeof OPEN4_CREATE; how: createhow4; } | { opentype: Exclude<opentype4, typeof OPEN4_CREATE>; };
export const openflag4: xdr.Codec<openflag4> = xdr.union<openflag4>('opentype', opentype4, { [OPEN4_CREATE]: ['how', createhow4] }, 'void');
export const NFS_LIMIT_SIZE = 1;
export const NFS_LIMIT_BLOCKS = 2;
export type limit_by4 = typeof NFS_LIMIT_SIZE | typeof NFS_LIMIT_BLOCKS;
export const limit_by4 = xdr.enumOf<limit_by4>({ NFS_LIMIT_SIZE, NFS_LIMIT_BLOCKS });
export interface nfs_modified_limit4 { num_blocks: number; bytes_per_block: number; }
export const nfs_modified_limit4: xdr.Codec<nfs_modified_limit4> = xdr.struct<nfs_modified_limit4>({ num_blocks: xdr.uint32, bytes_per_block: xdr.uint32 });
export type nfs_space_limit4 = { limitby: typeof NFS_LIMIT_SIZE; filesize: bigint; } | { limitby: typeof NFS_LIMIT_BLOCKS; mod_blocks: nfs_modified_limit4; };
export const nfs_space_limit4: xdr.Codec<nfs_space_limit4> = xdr.union<nfs_space_limit4>('limitby', limit_by4, { [NFS_LIMIT_SIZE]: ['filesize', xdr.uint64], [NFS_LIMIT_BLOCKS]: ['mod_blocks', nfs_modified_limit4] });
export const OPEN4_SHARE_ACCESS_READ = 0x00000001;
export const OPEN4_SHARE_ACCESS_WRITE = 0x00000002;
export const OPEN4_SHARE_ACCESS_BOTH = 0x00000003;
export const OPEN4_SHARE_DENY_NONE = 0x00000000;
export const OPEN4_SHARE_ACCESS_WANT_READ_DELEG = 0x0100;
export const OPEN4_SHARE_ACCESS_WANT_WRITE_DELEG = 0x0200;
export const OPEN4_SHARE_ACCESS_WANT_ANY_DELEG = 0x0300;
export const OPEN4_SHARE_ACCESS_WANT_NO_DELEG = 0x0400;
export const OPEN4_SHARE_ACCESS_WANT_CANCEL = 0x0500;
export const OPEN4_SHARE_ACCESS_WANT_DELEG_TIMESTAMPS = 0x100000;
export const OPEN4_SHARE_ACCESS_WANT_OPEN_XOR_DELEGATION = 0x200000;
export const OPEN4_RESULT_NO_OPEN_STATEID = 0x00000010;
export const OPEN_DELEGATE_NONE = 0;
export const OPEN_DELEGATE_READ = 1;
export const OPEN_DELEGATE_WRITE = 2;
export const OPEN_DELEGATE_NONE_EXT = 3;
export const OPEN_DELEGATE_READ_ATTRS_DELEG = 4;
export const OPEN_DELEGATE_WRITE_ATTRS_DELEG = 5;
export type open_delegation_type4 = typeof OPEN_DELEGATE_NONE | typeof OPEN_DELEGATE_READ | typeof OPEN_DELEGATE_WRITE | typeof OPEN_DELEGATE_NONE_EXT | typeof OPEN_DELEGATE_READ_ATTRS_DELEG | typeof OPEN_DELEGATE_WRITE_ATTRS_DELEG;
export const open_delegation_type4 = xdr.enumOf<open_delegation_type4>({ OPEN_DELEGATE_NONE, OPEN_DELEGATE_READ, OPEN_DELEGATE_WRITE, OPEN_DELEGATE_NONE_EXT, OPEN_DELEGATE_READ_ATTRS_DELEG, OPEN_DELEGATE_WRITE_ATTRS_DELEG });
export const CLAIM_NULL = 0;
export const CLAIM_PREVIOUS = 1;
export const CLAIM_DELEGATE_CUR = 2;
export const CLAIM_DELEGATE_PREV = 3;
export const CLAIM_FH = 4;
export const CLAIM_DELEG_CUR_FH = 5;
export const CLAIM_DELEG_PREV_FH = 6;
export type open_claim_type4 = typeof CLAIM_NULL | typeof CLAIM_PREVIOUS | typeof CLAIM_DELEGATE_CUR | typeof CLAIM_DELEGATE_PREV | typeof CLAIM_FH | typeof CLAIM_DELEG_CUR_FH | typeof CLAIM_DELEG_PREV_FH;
export const open_claim_type4 = xdr.enumOf<open_claim_type4>({ CLAIM_NULL, CLAIM_PREVIOUS, CLAIM_DELEGATE_CUR, CLAIM_DELEGATE_PREV, CLAIM_FH, CLAIM_DELEG_CUR_FH, CLAIM_DELEG_PREV_FH });
export interface open_claim_delegate_cur4 { delegate_stateid: stateid4; file: component4; }
export const open_claim_delegate_cur4: xdr.Codec<open_claim_delegate_cur4> = xdr.struct<open_claim_delegate_cur4>({ delegate_stateid: stateid4, file: component4 });
export type open_claim4 = { claim: typeof CLAIM_NULL; file: component4; } | { claim: typeof CLAIM_PREVIOUS; delegate_type: open_delegation_type4; } | { claim: typeof CLAIM_DELEGATE_CUR; delegate_cur_info: open_claim_delegate_cur4; } | { claim: typeof CLAIM_DELEGATE_PREV; file_delegate_prev: component4; } | { claim: typeof CLAIM_FH; } | { claim: typeof CLAIM_DELEG_PREV_FH; } | { claim: typeof CLAIM_DELEG_CUR_FH; oc_delegate_stateid: stateid4; };
export const open_claim4: xdr.Codec<open_claim4> = xdr.union<open_claim4>('claim', open_claim_type4, { [CLAIM_NULL]: ['file', component4], [CLAIM_PREVIOUS]: ['delegate_type', open_delegation_type4], [CLAIM_DELEGATE_CUR]: ['delegate_cur_info', open_claim_delegate_cur4], [CLAIM_DELEGATE_PREV]: ['file_delegate_prev', component4], [CLAIM_FH]: 'void', [CLAIM_DELEG_PREV_FH]: 'void', [CLAIM_DELEG_CUR_FH]: ['oc_delegate_stateid', stateid4] });
export interface OPEN4args { seqid: seqid4; share_access: number; share_deny: number; owner: open_owner4; openhow: openflag4; claim: open_claim4; }
export const OPEN4args: xdr.Codec<OPEN4args> = xdr.struct<OPEN4args>({ seqid: seqid4, share_access: xdr.uint32, share_deny: xdr.uint32, owner: open_owner4, openhow: openflag4, claim: open_claim4 });
export interface open_read_delegation4 { stateid: stateid4; recall: boolean; permissions: nfsace4; }
export const open_read_delegation4: xdr.Codec<open_read_delegation4> = xdr.struct<open_read_delegation4>({ stateid: stateid4, recall: xdr.bool, permissions: nfsace4 });
export interface open_write_delegation4 { stateid: stateid4; recall: boolean; space_limit: nfs_space_limit4; permissions: nfsace4; }
export const open_write_delegation4: xdr.Codec<open_write_delegation4> = xdr.struct<open_write_delegation4>({ stateid: stateid4, recall: xdr.bool, space_limit: nfs_space_limit4, permissions: nfsace4 });
export const WND4_NOT_WANTED = 0;
export const WND4_CONTENTION = 1;
export const WND4_RESOURCE = 2;
export const WND4_NOT_SUPP_FTYPE = 3;
export const WND4_WRITE_DELEG_NOT_SUPP_FTYPE = 4;
export const WND4_NOT_SUPP_UPGRADE = 5;
export const WND4_NOT_SUPP_DOWNGRADE = 6;
export const WND4_CANCELLED = 7;
export const WND4_IS_DIR = 8;
export type why_no_delegation4 = typeof WND4_NOT_WANTED | typeof WND4_CONTENTION | typeof WND4_RESOURCE | typeof WND4_NOT_SUPP_FTYPE | typeof WND4_WRITE_DELEG_NOT_SUPP_FTYPE | typeof WND4_NOT_SUPP_UPGRADE | typeof WND4_NOT_SUPP_DOWNGRADE | typeof WND4_CANCELLED | typeof WND4_IS_DIR;
export const why_no_delegation4 = xdr.enumOf<why_no_delegation4>({ WND4_NOT_WANTED, WND4_CONTENTION, WND4_RESOURCE, WND4_NOT_SUPP_FTYPE, WND4_WRITE_DELEG_NOT_SUPP_FTYPE, WND4_NOT_SUPP_UPGRADE, WND4_NOT_SUPP_DOWNGRADE, WND4_CANCELLED, WND4_IS_DIR });
export type open_none_delegation4 = { ond_why: typeof WND4_CONTENTION; ond_server_will_push_deleg: boolean; } | { ond_why: typeof WND4_RESOURCE; ond_server_will_signal_avail: boolean; } | { ond_why: Exclude<why_no_delegation4, typeof WND4_CONTENTION | typeof WND4_RESOURCE>; };
export const open_none_delegation4: xdr.Codec<open_none_delegation4> = xdr.union<open_none_delegation4>('ond_why', why_no_delegation4, { [WND4_CONTENTION]: ['ond_server_will_push_deleg', xdr.bool], [WND4_RESOURCE]: ['ond_server_will_signal_avail', xdr.bool] }, 'void');
export type open_delegation4 = { delegation_type: typeof OPEN_DELEGATE_NONE; } | { delegation_type: typeof OPEN_DELEGATE_READ; read: open_read_delegation4; } | { delegation_type: typeof OPEN_DELEGATE_WRITE; write: open_write_delegation4; } | { delegation_type: typeof OPEN_DELEGATE_NONE_EXT; od_whynone: open_none_delegation4; } | { delegation_type: typeof OPEN_DELEGATE_READ_ATTRS_DELEG; read: open_read_delegation4; } | { delegation_type: typeof OPEN_DELEGATE_WRITE_ATTRS_DELEG; write: open_write_delegation4; };
export const open_delegation4: xdr.Codec<open_delegation4> = xdr.union<open_delegation4>('delegation_type', open_delegation_type4, { [OPEN_DELEGATE_NONE]: 'void', [OPEN_DELEGATE_READ]: ['read', open_read_delegation4], [OPEN_DELEGATE_WRITE]: ['write', open_write_delegation4], [OPEN_DELEGATE_NONE_EXT]: ['od_whynone', open_none_delegation4], [OPEN_DELEGATE_READ_ATTRS_DELEG]: ['read', open_read_delegation4], [OPEN_DELEGATE_WRITE_ATTRS_DELEG]: ['write', open_write_delegation4] });
export interface OPEN4resok { stateid: stateid4; cinfo: change_info4; rflags: number; attrset: bitmap4; delegation: open_delegation4; }
export const OPEN4resok: xdr.Codec<OPEN4resok> = xdr.struct<OPEN4resok>({ stateid: stateid4, cinfo: change_info4, rflags: xdr.uint32, attrset: bitmap4, delegation: open_delegation4 });
export type OPEN4res = { status: typeof NFS4_OK; resok4: OPEN4resok; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const OPEN4res: xdr.Codec<OPEN4res> = xdr.union<OPEN4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', OPEN4resok] }, 'void');
export interface OPEN_DOWNGRADE4args { open_stateid: stateid4; seqid: seqid4; share_access: number; share_deny: number; }
export const OPEN_DOWNGRADE4args: xdr.Codec<OPEN_DOWNGRADE4args> = xdr.struct<OPEN_DOWNGRADE4args>({ open_stateid: stateid4, seqid: seqid4, share_access: xdr.uint32, share_deny: xdr.uint32 });
export interface OPEN_DOWNGRADE4resok { open_stateid: stateid4; }
export const OPEN_DOWNGRADE4resok: xdr.Codec<OPEN_DOWNGRADE4resok> = xdr.struct<OPEN_DOWNGRADE4resok>({ open_stateid: stateid4 });
export type OPEN_DOWNGRADE4res = { status: typeof NFS4_OK; resok4: OPEN_DOWNGRADE4resok; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const OPEN_DOWNGRADE4res: xdr.Codec<OPEN_DOWNGRADE4res> = xdr.union<OPEN_DOWNGRADE4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', OPEN_DOWNGRADE4resok] }, 'void');
export interface PUTFH4args { object: nfs_fh4; }
export const PUTFH4args: xdr.Codec<PUTFH4args> = xdr.struct<PUTFH4args>({ object: nfs_fh4 });
export interface PUTFH4res { status: nfsstat4; }
export const PUTFH4res: xdr.Codec<PUTFH4res> = xdr.struct<PUTFH4res>({ status: nfsstat4 });
export interface PUTROOTFH4res { status: nfsstat4; }
export const PUTROOTFH4res: xdr.Codec<PUTROOTFH4res> = xdr.struct<PUTROOTFH4res>({ status: nfsstat4 });
export interface READLINK4resok { link: linktext4; }
export const READLINK4resok: xdr.Codec<READLINK4resok> = xdr.struct<READLINK4resok>({ link: linktext4 });
export type READLINK4res = { status: typeof NFS4_OK; resok4: READLINK4resok; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const READLINK4res: xdr.Codec<READLINK4res> = xdr.union<READLINK4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', READLINK4resok] }, 'void');
export interface ILLEGAL4res { status: nfsstat4; }
export const ILLEGAL4res: xdr.Codec<ILLEGAL4res> = xdr.struct<ILLEGAL4res>({ status: nfsstat4 });
export const RPC_GSS_SVC_NONE = 1;
export const RPC_GSS_SVC_INTEGRITY = 2;
export const RPC_GSS_SVC_PRIVACY = 3;
export type rpc_gss_svc_t = typeof RPC_GSS_SVC_NONE | typeof RPC_GSS_SVC_INTEGRITY | typeof RPC_GSS_SVC_PRIVACY;
export const rpc_gss_svc_t = xdr.enumOf<rpc_gss_svc_t>({ RPC_GSS_SVC_NONE, RPC_GSS_SVC_INTEGRITY, RPC_GSS_SVC_PRIVACY });
export type gsshandle4_t = Buffer;
export const gsshandle4_t: xdr.Codec<gsshandle4_t> = xdr.opaque();
export interface rpcsec_gss_info { oid: sec_oid4; qop: qop4; service: rpc_gss_svc_t; }
export const rpcsec_gss_info: xdr.Codec<rpcsec_gss_info> = xdr.struct<rpcsec_gss_info>({ oid: sec_oid4, qop: qop4, service: rpc_gss_svc_t });
export const SECINFO_STYLE4_CURRENT_FH = 0;
export const SECINFO_STYLE4_PARENT = 1;
export type secinfo_style4 = typeof SECINFO_STYLE4_CURRENT_FH | typeof SECINFO_STYLE4_PARENT;
export const secinfo_style4 = xdr.enumOf<secinfo_style4>({ SECINFO_STYLE4_CURRENT_FH, SECINFO_STYLE4_PARENT });
export type secinfo4 = { flavor: typeof RPCSEC_GSS; flavor_info: rpcsec_gss_info; } | { flavor: Exclude<number, typeof RPCSEC_GSS>; };
export const secinfo4: xdr.Codec<secinfo4> = xdr.union<secinfo4>('flavor', xdr.uint32, { [RPCSEC_GSS]: ['flavor_info', rpcsec_gss_info] }, 'void');
export type SECINFO_NO_NAME4res = { status: typeof NFS4_OK; resok4: secinfo4[]; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const SECINFO_NO_NAME4res: xdr.Codec<SECINFO_NO_NAME4res> = xdr.union<SECINFO_NO_NAME4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', xdr.array(secinfo4)] }, 'void');
export interface gss_cb_handles4 { gcbp_service: rpc_gss_svc_t; gcbp_handle_from_server: gsshandle4_t; gcbp_handle_from_client: gsshandle4_t; }
export const gss_cb_handles4: xdr.Codec<gss_cb_handles4> = xdr.struct<gss_cb_handles4>({ gcbp_service: rpc_gss_svc_t, gcbp_handle_from_server: gsshandle4_t, gcbp_handle_from_client: gsshandle4_t });
export type callback_sec_parms4 = { cb_secflavor: typeof AUTH_NONE; } | { cb_secflavor: typeof AUTH_SYS; cbsp_sys_cred: authsys_parms; } | { cb_secflavor: typeof RPCSEC_GSS; cbsp_gss_handles: gss_cb_handles4; };
export const callback_sec_parms4: xdr.Codec<callback_sec_parms4> = xdr.union<callback_sec_parms4>('cb_secflavor', xdr.uint32, { [AUTH_NONE]: 'void', [AUTH_SYS]: ['cbsp_sys_cred', authsys_parms], [RPCSEC_GSS]: ['cbsp_gss_handles', gss_cb_handles4] });
export const CDFC4_FORE = 0x1;
export const CDFC4_BACK = 0x2;
export const CDFC4_FORE_OR_BOTH = 0x3;
export const CDFC4_BACK_OR_BOTH = 0x7;
export type channel_dir_from_client4 = typeof CDFC4_FORE | typeof CDFC4_BACK | typeof CDFC4_FORE_OR_BOTH | typeof CDFC4_BACK_OR_BOTH;
export const channel_dir_from_client4 = xdr.enumOf<channel_dir_from_client4>({ CDFC4_FORE, CDFC4_BACK, CDFC4_FORE_OR_BOTH, CDFC4_BACK_OR_BOTH });
export interface BIND_CONN_TO_SESSION4args { bctsa_sessid: sessionid4; bctsa_dir: channel_dir_from_client4; bctsa_use_conn_in_rdma_mode: boolean; }
export const BIND_CONN_TO_SESSION4args: xdr.Codec<BIND_CONN_TO_SESSION4args> = xdr.struct<BIND_CONN_TO_SESSION4args>({ bctsa_sessid: sessionid4, bctsa_dir: channel_dir_from_client4, bctsa_use_conn_in_rdma_mode: xdr.bool });
export const CDFS4_FORE = 0x1;
export const CDFS4_BACK = 0x2;
export const CDFS4_BOTH = 0x3;
export type channel_dir_from_server4 = typeof CDFS4_FORE | typeof CDFS4_BACK | typeof CDFS4_BOTH;
export const channel_dir_from_server4 = xdr.enumOf<channel_dir_from_server4>({ CDFS4_FORE, CDFS4_BACK, CDFS4_BOTH });
export interface BIND_CONN_TO_SESSION4resok { bctsr_sessid: sessionid4; bctsr_dir: channel_dir_from_server4; bctsr_use_conn_in_rdma_mode: boolean; }
export const BIND_CONN_TO_SESSION4resok: xdr.Codec<BIND_CONN_TO_SESSION4resok> = xdr.struct<BIND_CONN_TO_SESSION4resok>({ bctsr_sessid: sessionid4, bctsr_dir: channel_dir_from_server4, bctsr_use_conn_in_rdma_mode: xdr.bool });
export type BIND_CONN_TO_SESSION4res = { bctsr_status: typeof NFS4_OK; bctsr_resok4: BIND_CONN_TO_SESSION4resok; } | { bctsr_status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const BIND_CONN_TO_SESSION4res: xdr.Codec<BIND_CONN_TO_SESSION4res> = xdr.union<BIND_CONN_TO_SESSION4res>('bctsr_status', nfsstat4, { [NFS4_OK]: ['bctsr_resok4', BIND_CONN_TO_SESSION4resok] }, 'void');
export const EXCHGID4_FLAG_USE_NON_PNFS = 0x00010000;
export const EXCHGID4_FLAG_UPD_CONFIRMED_REC_A = 0x40000000;
export const EXCHGID4_FLAG_CONFIRMED_R = 0x80000000;
export interface state_protect_ops4 { spo_must_enforce: bitmap4; spo_must_allow: bitmap4; }
export const state_protect_ops4: xdr.Codec<state_protect_ops4> = xdr.struct<state_protect_ops4>({ spo_must_enforce: bitmap4, spo_must_allow: bitmap4 });
export interface ssv_sp_parms4 { ssp_ops: state_protect_ops4; ssp_hash_algs: sec_oid4[]; ssp_encr_algs: sec_oid4[]; ssp_window: number; ssp_num_gss_handles: number; }
export const ssv_sp_parms4: xdr.Codec<ssv_sp_parms4> = xdr.struct<ssv_sp_parms4>({ ssp_ops: state_protect_ops4, ssp_hash_algs: xdr.array(sec_oid4), ssp_encr_algs: xdr.array(sec_oid4), ssp_window: xdr.uint32, ssp_num_gss_handles: xdr.uint32 });
export const SP4_NONE = 0;
export const SP4_MACH_CRED = 1;
export const SP4_SSV = 2;
export type state_protect_how4 = typeof SP4_NONE | typeof SP4_MACH_CRED | typeof SP4_SSV;
export const state_protect_how4 = xdr.enumOf<state_protect_how4>({ SP4_NONE, SP4_MACH_CRED, SP4_SSV });
export type state_protect4_a = { spa_how: typeof SP4_NONE; } | { spa_how: typeof SP4_MACH_CRED; spa_mach_ops: state_protect_ops4; } | { spa_how: typeof SP4_SSV; spa_ssv_parms: ssv_sp_parms4; };
export const state_protect4_a: xdr.Codec<state_protect4_a> = xdr.union<state_protect4_a>('spa_how', state_protect_how4, { [SP4_NONE]: 'void', [SP4_MACH_CRED]: ['spa_mach_ops', state_protect_ops4], [SP4_SSV]: ['spa_ssv_parms', ssv_sp_parms4] });
export interface EXCHANGE_ID4args { eia_clientowner: client_owner4; eia_flags: number; eia_state_protect: state_protect4_a; eia_client_impl_id: nfs_impl_id4[]; }
export const EXCHANGE_ID4args: xdr.Codec<EXCHANGE_ID4args> = xdr.struct<EXCHANGE_ID4args>({ eia_clientowner: client_owner4, eia_flags: xdr.uint32, eia_state_protect: state_protect4_a, eia_client_impl_id: xdr.array(nfs_impl_id4, 1) });
export interface ssv_prot_info4 { spi_ops: state_protect_ops4; spi_hash_alg: number; spi_encr_alg: number; spi_ssv_len: number; spi_window: number; spi_handles: gsshandle4_t[]; }
export const ssv_prot_info4: xdr.Codec<ssv_prot_info4> = xdr.struct<ssv_prot_info4>({ spi_ops: state_protect_ops4, spi_hash_alg: xdr.uint32, spi_encr_alg: xdr.uint32, spi_ssv_len: xdr.uint32, spi_window: xdr.uint32, spi_handles: xdr.array(gsshandle4_t) });
export type state_protect4_r = { spr_how: typeof SP4_NONE; } | { spr_how: typeof SP4_MACH_CRED; spr_mach_ops: state_protect_ops4; } | { spr_how: typeof SP4_SSV; spr_ssv_info: ssv_prot_info4; };
export const state_protect4_r: xdr.Codec<state_protect4_r> = xdr.union<state_protect4_r>('spr_how', state_protect_how4, { [SP4_NONE]: 'void', [SP4_MACH_CRED]: ['spr_mach_ops', state_protect_ops4], [SP4_SSV]: ['spr_ssv_info', ssv_prot_info4] });
export interface EXCHANGE_ID4resok { eir_clientid: clientid4; eir_sequenceid: sequenceid4; eir_flags: number; eir_state_protect: state_protect4_r; eir_server_owner: server_owner4; eir_server_scope: Buffer; eir_server_impl_id: nfs_impl_id4[]; }
export const EXCHANGE_ID4resok: xdr.Codec<EXCHANGE_ID4resok> = xdr.struct<EXCHANGE_ID4resok>({ eir_clientid: clientid4, eir_sequenceid: sequenceid4, eir_flags: xdr.uint32, eir_state_protect: state_protect4_r, eir_server_owner: server_owner4, eir_server_scope: xdr.opaque(NFS4_OPAQUE_LIMIT), eir_server_impl_id: xdr.array(nfs_impl_id4, 1) });
export type EXCHANGE_ID4res = { eir_status: typeof NFS4_OK; eir_resok4: EXCHANGE_ID4resok; } | { eir_status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const EXCHANGE_ID4res: xdr.Codec<EXCHANGE_ID4res> = xdr.union<EXCHANGE_ID4res>('eir_status', nfsstat4, { [NFS4_OK]: ['eir_resok4', EXCHANGE_ID4resok] }, 'void');
export interface channel_attrs4 { ca_headerpadsize: count4; ca_maxrequestsize: count4; ca_maxresponsesize: count4; ca_maxresponsesize_cached: count4; ca_maxoperations: count4; ca_maxrequests: count4; ca_rdma_ird: number[]; }
export const channel_attrs4: xdr.Codec<channel_attrs4> = xdr.struct<channel_attrs4>({ ca_headerpadsize: count4, ca_maxrequestsize: count4, ca_maxresponsesize: count4, ca_maxresponsesize_cached: count4, ca_maxoperations: count4, ca_maxrequests: count4, ca_rdma_ird: xdr.array(xdr.uint32, 1) });
export const CREATE_SESSION4_FLAG_CONN_BACK_CHAN = 0x00000002;
export interface CREATE_SESSION4args { csa_clientid: clientid4; csa_sequence: sequenceid4; csa_flags: number; csa_fore_chan_attrs: channel_attrs4; csa_back_chan_attrs: channel_attrs4; csa_cb_program: number; csa_sec_parms: callback_sec_parms4[]; }
export const CREATE_SESSION4args: xdr.Codec<CREATE_SESSION4args> = xdr.struct<CREATE_SESSION4args>({ csa_clientid: clientid4, csa_sequence: sequenceid4, csa_flags: xdr.uint32, csa_fore_chan_attrs: channel_attrs4, csa_back_chan_attrs: channel_attrs4, csa_cb_program: xdr.uint32, csa_sec_parms: xdr.array(callback_sec_parms4) });
export interface CREATE_SESSION4resok { csr_sessionid: sessionid4; csr_sequence: sequenceid4; csr_flags: number; csr_fore_chan_attrs: channel_attrs4; csr_back_chan_attrs: channel_attrs4; }
export const CREATE_SESSION4resok: xdr.Codec<CREATE_SESSION4resok> = xdr.struct<CREATE_SESSION4resok>({ csr_sessionid: sessionid4, csr_sequence: sequenceid4, csr_flags: xdr.uint32, csr_fore_chan_attrs: channel_attrs4, csr_back_chan_attrs: channel_attrs4 });
export type CREATE_SESSION4res = { csr_status: typeof NFS4_OK; csr_resok4: CREATE_SESSION4resok; } | { csr_status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const CREATE_SESSION4res: xdr.Codec<CREATE_SESSION4res> = xdr.union<CREATE_SESSION4res>('csr_status', nfsstat4, { [NFS4_OK]: ['csr_resok4', CREATE_SESSION4resok] }, 'void');
export interface DESTROY_SESSION4args { dsa_sessionid: sessionid4; }
export const DESTROY_SESSION4args: xdr.Codec<DESTROY_SESSION4args> = xdr.struct<DESTROY_SESSION4args>({ dsa_sessionid: sessionid4 });
export interface DESTROY_SESSION4res { dsr_status: nfsstat4; }
export const DESTROY_SESSION4res: xdr.Codec<DESTROY_SESSION4res> = xdr.struct<DESTROY_SESSION4res>({ dsr_status: nfsstat4 });
export interface FREE_STATEID4args { fsa_stateid: stateid4; }
export const FREE_STATEID4args: xdr.Codec<FREE_STATEID4args> = xdr.struct<FREE_STATEID4args>({ fsa_stateid: stateid4 });
export interface FREE_STATEID4res { fsr_status: nfsstat4; }
export const FREE_STATEID4res: xdr.Codec<FREE_STATEID4res> = xdr.struct<FREE_STATEID4res>({ fsr_status: nfsstat4 });
export type attr_notice4 = nfstime4;
export const attr_notice4: xdr.Codec<attr_notice4> = nfstime4;
export interface GET_DIR_DELEGATION4args { gdda_signal_deleg_avail: boolean; gdda_notification_types: bitmap4; gdda_child_attr_delay: attr_notice4; gdda_dir_attr_delay: attr_notice4; gdda_child_attributes: bitmap4; gdda_dir_attributes: bitmap4; }
export const GET_DIR_DELEGATION4args: xdr.Codec<GET_DIR_DELEGATION4args> = xdr.struct<GET_DIR_DELEGATION4args>({ gdda_signal_deleg_avail: xdr.bool, gdda_notification_types: bitmap4, gdda_child_attr_delay: attr_notice4, gdda_dir_attr_delay: attr_notice4, gdda_child_attributes: bitmap4, gdda_dir_attributes: bitmap4 });
export interface GET_DIR_DELEGATION4resok { gddr_cookieverf: verifier4; gddr_stateid: stateid4; gddr_notification: bitmap4; gddr_child_attributes: bitmap4; gddr_dir_attributes: bitmap4; }
export const GET_DIR_DELEGATION4resok: xdr.Codec<GET_DIR_DELEGATION4resok> = xdr.struct<GET_DIR_DELEGATION4resok>({ gddr_cookieverf: verifier4, gddr_stateid: stateid4, gddr_notification: bitmap4, gddr_child_attributes: bitmap4, gddr_dir_attributes: bitmap4 });
export const GDD4_OK = 0;
export const GDD4_UNAVAIL = 1;
export type gddrnf4_status = typeof GDD4_OK | typeof GDD4_UNAVAIL;
export const gddrnf4_status = xdr.enumOf<gddrnf4_status>({ GDD4_OK, GDD4_UNAVAIL });
export type GET_DIR_DELEGATION4res_non_fatal = { gddrnf_status: typeof GDD4_OK; gddrnf_resok4: GET_DIR_DELEGATION4resok; } | { gddrnf_status: typeof GDD4_UNAVAIL; gddrnf_will_signal_deleg_avail: boolean; };
export const GET_DIR_DELEGATION4res_non_fatal: xdr.Codec<GET_DIR_DELEGATION4res_non_fatal> = xdr.union<GET_DIR_DELEGATION4res_non_fatal>('gddrnf_status', gddrnf4_status, { [GDD4_OK]: ['gddrnf_resok4', GET_DIR_DELEGATION4resok], [GDD4_UNAVAIL]: ['gddrnf_will_signal_deleg_avail', xdr.bool] });
export type GET_DIR_DELEGATION4res = { gddr_status: typeof NFS4_OK; gddr_res_non_fatal4: GET_DIR_DELEGATION4res_non_fatal; } | { gddr_status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const GET_DIR_DELEGATION4res: xdr.Codec<GET_DIR_DELEGATION4res> = xdr.union<GET_DIR_DELEGATION4res>('gddr_status', nfsstat4, { [NFS4_OK]: ['gddr_res_non_fatal4', GET_DIR_DELEGATION4res_non_fatal] }, 'void');
export interface SEQUENCE4args { sa_sessionid: sessionid4; sa_sequenceid: sequenceid4; sa_slotid: slotid4; sa_highest_slotid: slotid4; sa_cachethis: boolean; }
export const SEQUENCE4args: xdr.Codec<SEQUENCE4args> = xdr.struct<SEQUENCE4args>({ sa_sessionid: sessionid4, sa_sequenceid: sequenceid4, sa_slotid: slotid4, sa_highest_slotid: slotid4, sa_cachethis: xdr.bool });
export const SEQ4_STATUS_CB_PATH_DOWN = 0x00000001;
export const SEQ4_STATUS_CB_GSS_CONTEXTS_EXPIRING = 0x00000002;
export const SEQ4_STATUS_CB_GSS_CONTEXTS_EXPIRED = 0x00000004;
export const SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED = 0x00000008;
export const SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED = 0x00000010;
export const SEQ4_STATUS_ADMIN_STATE_REVOKED = 0x00000020;
export const SEQ4_STATUS_RECALLABLE_STATE_REVOKED = 0x00000040;
export const SEQ4_STATUS_LEASE_MOVED = 0x00000080;
export const SEQ4_STATUS_RESTART_RECLAIM_NEEDED = 0x00000100;
export const SEQ4_STATUS_CB_PATH_DOWN_SESSION = 0x00000200;
export const SEQ4_STATUS_BACKCHANNEL_FAULT = 0x00000400;
export interface SEQUENCE4resok { sr_sessionid: sessionid4; sr_sequenceid: sequenceid4; sr_slotid: slotid4; sr_highest_slotid: slotid4; sr_target_highest_slotid: slotid4; sr_status_flags: number; }
export const SEQUENCE4resok: xdr.Codec<SEQUENCE4resok> = xdr.struct<SEQUENCE4resok>({ sr_sessionid: sessionid4, sr_sequenceid: sequenceid4, sr_slotid: slotid4, sr_highest_slotid: slotid4, sr_target_highest_slotid: slotid4, sr_status_flags: xdr.uint32 });
export type SEQUENCE4res = { sr_status: typeof NFS4_OK; sr_resok4: SEQUENCE4resok; } | { sr_status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const SEQUENCE4res: xdr.Codec<SEQUENCE4res> = xdr.union<SEQUENCE4res>('sr_status', nfsstat4, { [NFS4_OK]: ['sr_resok4', SEQUENCE4resok] }, 'void');
export interface TEST_STATEID4args { ts_stateids: stateid4[]; }
export const TEST_STATEID4args: xdr.Codec<TEST_STATEID4args> = xdr.struct<TEST_STATEID4args>({ ts_stateids: xdr.array(stateid4) });
export interface TEST_STATEID4resok { tsr_status_codes: nfsstat4[]; }
export const TEST_STATEID4resok: xdr.Codec<TEST_STATEID4resok> = xdr.struct<TEST_STATEID4resok>({ tsr_status_codes: xdr.array(nfsstat4) });
export type TEST_STATEID4res = { tsr_status: typeof NFS4_OK; tsr_resok4: TEST_STATEID4resok; } | { tsr_status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const TEST_STATEID4res: xdr.Codec<TEST_STATEID4res> = xdr.union<TEST_STATEID4res>('tsr_status', nfsstat4, { [NFS4_OK]: ['tsr_resok4', TEST_STATEID4resok] }, 'void');
export type deleg_claim4 = { dc_claim: typeof CLAIM_FH; } | { dc_claim: typeof CLAIM_DELEG_PREV_FH; } | { dc_claim: typeof CLAIM_PREVIOUS; dc_delegate_type: open_delegation_type4; };
export const deleg_claim4: xdr.Codec<deleg_claim4> = xdr.union<deleg_claim4>('dc_claim', open_claim_type4, { [CLAIM_FH]: 'void', [CLAIM_DELEG_PREV_FH]: 'void', [CLAIM_PREVIOUS]: ['dc_delegate_type', open_delegation_type4] });
export interface WANT_DELEGATION4args { wda_want: number; wda_claim: deleg_claim4; }
export const WANT_DELEGATION4args: xdr.Codec<WANT_DELEGATION4args> = xdr.struct<WANT_DELEGATION4args>({ wda_want: xdr.uint32, wda_claim: deleg_claim4 });
export type WANT_DELEGATION4res = { wdr_status: typeof NFS4_OK; wdr_resok4: open_delegation4; } | { wdr_status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const WANT_DELEGATION4res: xdr.Codec<WANT_DELEGATION4res> = xdr.union<WANT_DELEGATION4res>('wdr_status', nfsstat4, { [NFS4_OK]: ['wdr_resok4', open_delegation4] }, 'void');
export interface DESTROY_CLIENTID4args { dca_clientid: clientid4; }
export const DESTROY_CLIENTID4args: xdr.Codec<DESTROY_CLIENTID4args> = xdr.struct<DESTROY_CLIENTID4args>({ dca_clientid: clientid4 });
export interface DESTROY_CLIENTID4res { dcr_status: nfsstat4; }
export const DESTROY_CLIENTID4res: xdr.Codec<DESTROY_CLIENTID4res> = xdr.struct<DESTROY_CLIENTID4res>({ dcr_status: nfsstat4 });
export interface RECLAIM_COMPLETE4args { rca_one_fs: boolean; }
export const RECLAIM_COMPLETE4args: xdr.Codec<RECLAIM_COMPLETE4args> = xdr.struct<RECLAIM_COMPLETE4args>({ rca_one_fs: xdr.bool });
export interface RECLAIM_COMPLETE4res { rcr_status: nfsstat4; }
export const RECLAIM_COMPLETE4res: xdr.Codec<RECLAIM_COMPLETE4res> = xdr.struct<RECLAIM_COMPLETE4res>({ rcr_status: nfsstat4 });
export type nfs_argop4 = { argop: typeof OP_ACCESS; opaccess: ACCESS4args; } | { argop: typeof OP_COMMIT; opcommit: COMMIT4args; } | { argop: typeof OP_CREATE; opcreate: CREATE4args; } | { argop: typeof OP_LINK; oplink: LINK4args; } | { argop: typeof OP_LOCK; oplock: LOCK4args; } | { argop: typeof OP_LOCKT; oplockt: LOCKT4args; } | { argop: typeof OP_LOCKU; oplocku: LOCKU4args; } | { argop: typeof OP_LOOKUPP; } | { argop: typeof OP_READ; opread: READ4args; } | { argop: typeof OP_READDIR; opreaddir: READDIR4args; } | { argop: typeof OP_REMOVE; opremove: REMOVE4args; } | { argop: typeof OP_RENAME; oprename: RENAME4args; } | { argop: typeof OP_RESTOREFH; } | { argop: typeof OP_SAVEFH; } | { argop: typeof OP_SECINFO_NO_NAME; opsecinfo_no_name: secinfo_style4; } | { argop: typeof OP_SETATTR; opsetattr: SETATTR4args; } | { argop: typeof OP_WRITE; opwrite: WRITE4args; } | { argop: typeof OP_CLOSE; opclose: CLOSE4args; } | { argop: typeof OP_DELEGRETURN; opdelegreturn: DELEGRETURN4args; } | { argop: typeof OP_GETATTR; opgetattr: GETATTR4args; } | { argop: typeof OP_GETFH; } | { argop: typeof OP_LOOKUP; oplookup: LOOKUP4args; } | { argop: typeof OP_OPEN; opopen: OPEN4args; } | { argop: typeof OP_OPEN_DOWNGRADE; opopen_downgrade: OPEN_DOWNGRADE4args; } | { argop: typeof OP_PUTFH; opputfh: PUTFH4args; } | { argop: typeof OP_PUTROOTFH; } | { argop: typeof OP_READLINK; } | { argop: typeof OP_BIND_CONN_TO_SESSION; opbind_conn_to_session: BIND_CONN_TO_SESSION4args; } | { argop: typeof OP_EXCHANGE_ID; opexchange_id: EXCHANGE_ID4args; } | { argop: typeof OP_CREATE_SESSION; opcreate_session: CREATE_SESSION4args; } | { argop: typeof OP_DESTROY_SESSION; opdestroy_session: DESTROY_SESSION4args; } | { argop: typeof OP_FREE_STATEID; opfree_stateid: FREE_STATEID4args; } | { argop: typeof OP_GET_DIR_DELEGATION; opget_dir_delegation: GET_DIR_DELEGATION4args; } | { argop: typeof OP_SEQUENCE; opsequence: SEQUENCE4args; } | { argop: typeof OP_TEST_STATEID; optest_stateid: TEST_STATEID4args; } | { argop: typeof OP_WANT_DELEGATION; opwant_delegation: WANT_DELEGATION4args; } | { argop: typeof OP_DESTROY_CLIENTID; opdestroy_clientid: DESTROY_CLIENTID4args; } | { argop: typeof OP_RECLAIM_COMPLETE; opreclaim_complete: RECLAIM_COMPLETE4args; } | { argop: Exclude<nfs_opnum4, typeof OP_ACCESS | typeof OP_COMMIT | typeof OP_CREATE | typeof OP_LINK | typeof OP_LOCK | typeof OP_LOCKT | typeof OP_LOCKU | typeof OP_LOOKUPP | typeof OP_READ | typeof OP_READDIR | typeof OP_REMOVE | typeof OP_RENAME | typeof OP_RESTOREFH | typeof OP_SAVEFH | typeof OP_SECINFO_NO_NAME | typeof OP_SETATTR | typeof OP_WRITE | typeof OP_CLOSE | typeof OP_DELEGRETURN | typeof OP_GETATTR | typeof OP_GETFH | typeof OP_LOOKUP | typeof OP_OPEN | typeof OP_OPEN_DOWNGRADE | typeof OP_PUTFH | typeof OP_PUTROOTFH | typeof OP_READLINK | typeof OP_BIND_CONN_TO_SESSION | typeof OP_EXCHANGE_ID | typeof OP_CREATE_SESSION | typeof OP_DESTROY_SESSION | typeof OP_FREE_STATEID | typeof OP_GET_DIR_DELEGATION | typeof OP_SEQUENCE | typeof OP_TEST_STATEID | typeof OP_WANT_DELEGATION | typeof OP_DESTROY_CLIENTID | typeof OP_RECLAIM_COMPLETE>; };
export const nfs_argop4: xdr.Codec<nfs_argop4> = xdr.union<nfs_argop4>('argop', nfs_opnum4, { [OP_ACCESS]: ['opaccess', ACCESS4args], [OP_COMMIT]: ['opcommit', COMMIT4args], [OP_CREATE]: ['opcreate', CREATE4args], [OP_LINK]: ['oplink', LINK4args], [OP_LOCK]: ['oplock', LOCK4args], [OP_LOCKT]: ['oplockt', LOCKT4args], [OP_LOCKU]: ['oplocku', LOCKU4args], [OP_LOOKUPP]: 'void', [OP_READ]: ['opread', READ4args], [OP_READDIR]: ['opreaddir', READDIR4args], [OP_REMOVE]: ['opremove', REMOVE4args], [OP_RENAME]: ['oprename', RENAME4args], [OP_RESTOREFH]: 'void', [OP_SAVEFH]: 'void', [OP_SECINFO_NO_NAME]: ['opsecinfo_no_name', secinfo_style4], [OP_SETATTR]: ['opsetattr', SETATTR4args], [OP_WRITE]: ['opwrite', WRITE4args], [OP_CLOSE]: ['opclose', CLOSE4args], [OP_DELEGRETURN]: ['opdelegreturn', DELEGRETURN4args], [OP_GETATTR]: ['opgetattr', GETATTR4args], [OP_GETFH]: 'void', [OP_LOOKUP]: ['oplookup', LOOKUP4args], [OP_OPEN]: ['opopen', OPEN4args], [OP_OPEN_DOWNGRADE]: ['opopen_downgrade', OPEN_DOWNGRADE4args], [OP_PUTFH]: ['opputfh', PUTFH4args], [OP_PUTROOTFH]: 'void', [OP_READLINK]: 'void', [OP_BIND_CONN_TO_SESSION]: ['opbind_conn_to_session', BIND_CONN_TO_SESSION4args], [OP_EXCHANGE_ID]: ['opexchange_id', EXCHANGE_ID4args], [OP_CREATE_SESSION]: ['opcreate_session', CREATE_SESSION4args], [OP_DESTROY_SESSION]: ['opdestroy_session', DESTROY_SESSION4args], [OP_FREE_STATEID]: ['opfree_stateid', FREE_STATEID4args], [OP_GET_DIR_DELEGATION]: ['opget_dir_delegation', GET_DIR_DELEGATION4args], [OP_SEQUENCE]: ['opsequence', SEQUENCE4args], [OP_TEST_STATEID]: ['optest_stateid', TEST_STATEID4args], [OP_WANT_DELEGATION]: ['opwant_delegation', WANT_DELEGATION4args], [OP_DESTROY_CLIENTID]: ['opdestroy_clientid', DESTROY_CLIENTID4args], [OP_RECLAIM_COMPLETE]: ['opreclaim_complete', RECLAIM_COMPLETE4args] }, 'void');
export type nfs_resop4 = { resop: typeof OP_ACCESS; opaccess: ACCESS4res; } | { resop: typeof OP_COMMIT; opcommit: COMMIT4res; } | { resop: typeof OP_CREATE; opcreate: CREATE4res; } | { resop: typeof OP_LINK; oplink: LINK4res; } | { resop: typeof OP_LOCK; oplock: LOCK4res; } | { resop: typeof OP_LOCKT; oplockt: LOCKT4res; } | { resop: typeof OP_LOCKU; oplocku: LOCKU4res; } | { resop: typeof OP_LOOKUPP; oplookupp: LOOKUPP4res; } | { resop: typeof OP_READ; opread: READ4res; } | { resop: typeof OP_READDIR; opreaddir: READDIR4res; } | { resop: typeof OP_REMOVE; opremove: REMOVE4res; } | { resop: typeof OP_RENAME; oprename: RENAME4res; } | { resop: typeof OP_RESTOREFH; oprestorefh: RESTOREFH4res; } | { resop: typeof OP_SAVEFH; opsavefh: SAVEFH4res; } | { resop: typeof OP_SECINFO_NO_NAME; opsecinfo_no_name: SECINFO_NO_NAME4res; } | { resop: typeof OP_SETATTR; opsetattr: SETATTR4res; } | { resop: typeof OP_WRITE; opwrite: WRITE4res; } | { resop: typeof OP_CLOSE; opclose: CLOSE4res; } | { resop: typeof OP_DELEGRETURN; opdelegreturn: DELEGRETURN4res; } | { resop: typeof OP_GETATTR; opgetattr: GETATTR4res; } | { resop: typeof OP_GETFH; opgetfh: GETFH4res; } | { resop: typeof OP_LOOKUP; oplookup: LOOKUP4res; } | { resop: typeof OP_OPEN; opopen: OPEN4res; } | { resop: typeof OP_OPEN_DOWNGRADE; opopen_downgrade: OPEN_DOWNGRADE4res; } | { resop: typeof OP_PUTFH; opputfh: PUTFH4res; } | { resop: typeof OP_PUTROOTFH; opputrootfh: PUTROOTFH4res; } | { resop: typeof OP_READLINK; opreadlink: READLINK4res; } | { resop: typeof OP_BIND_CONN_TO_SESSION; opbind_conn_to_session: BIND_CONN_TO_SESSION4res; } | { resop: typeof OP_EXCHANGE_ID; opexchange_id: EXCHANGE_ID4res; } | { resop: typeof OP_CREATE_SESSION; opcreate_session: CREATE_SESSION4res; } | { resop: typeof OP_DESTROY_SESSION; opdestroy_session: DESTROY_SESSION4res; } | { resop: typeof OP_FREE_STATEID; opfree_stateid: FREE_STATEID4res; } | { resop: typeof OP_GET_DIR_DELEGATION; opget_dir_delegation: GET_DIR_DELEGATION4res; } | { resop: typeof OP_SEQUENCE; opsequence: SEQUENCE4res; } | { resop: typeof OP_TEST_STATEID; optest_stateid: TEST_STATEID4res; } | { resop: typeof OP_WANT_DELEGATION; opwant_delegation: WANT_DELEGATION4res; } | { resop: typeof OP_DESTROY_CLIENTID; opdestroy_clientid: DESTROY_CLIENTID4res; } | { resop: typeof OP_RECLAIM_COMPLETE; opreclaim_complete: RECLAIM_COMPLETE4res; } | { resop: typeof OP_ILLEGAL; opillegal: ILLEGAL4res; } | { resop: Exclude<nfs_opnum4, typeof OP_ACCESS | typeof OP_COMMIT | typeof OP_CREATE | typeof OP_LINK | typeof OP_LOCK | typeof OP_LOCKT | typeof OP_LOCKU | typeof OP_LOOKUPP | typeof OP_READ | typeof OP_READDIR | typeof OP_REMOVE | typeof OP_RENAME | typeof OP_RESTOREFH | typeof OP_SAVEFH | typeof OP_SECINFO_NO_NAME | typeof OP_SETATTR | typeof OP_WRITE | typeof OP_CLOSE | typeof OP_DELEGRETURN | typeof OP_GETATTR | typeof OP_GETFH | typeof OP_LOOKUP | typeof OP_OPEN | typeof OP_OPEN_DOWNGRADE | typeof OP_PUTFH | typeof OP_PUTROOTFH | typeof OP_READLINK | typeof OP_BIND_CONN_TO_SESSION | typeof OP_EXCHANGE_ID | typeof OP_CREATE_SESSION | typeof OP_DESTROY_SESSION | typeof OP_FREE_STATEID | typeof OP_GET_DIR_DELEGATION | typeof OP_SEQUENCE | typeof OP_TEST_STATEID | typeof OP_WANT_DELEGATION | typeof OP_DESTROY_CLIENTID | typeof OP_RECLAIM_COMPLETE | typeof OP_ILLEGAL>; opother: ILLEGAL4res; };
export const nfs_resop4: xdr.Codec<nfs_resop4> = xdr.union<nfs_resop4>('resop', nfs_opnum4, { [OP_ACCESS]: ['opaccess', ACCESS4res], [OP_COMMIT]: ['opcommit', COMMIT4res], [OP_CREATE]: ['opcreate', CREATE4res], [OP_LINK]: ['oplink', LINK4res], [OP_LOCK]: ['oplock', LOCK4res], [OP_LOCKT]: ['oplockt', LOCKT4res], [OP_LOCKU]: ['oplocku', LOCKU4res], [OP_LOOKUPP]: ['oplookupp', LOOKUPP4res], [OP_READ]: ['opread', READ4res], [OP_READDIR]: ['opreaddir', READDIR4res], [OP_REMOVE]: ['opremove', REMOVE4res], [OP_RENAME]: ['oprename', RENAME4res], [OP_RESTOREFH]: ['oprestorefh', RESTOREFH4res], [OP_SAVEFH]: ['opsavefh', SAVEFH4res], [OP_SECINFO_NO_NAME]: ['opsecinfo_no_name', SECINFO_NO_NAME4res], [OP_SETATTR]: ['opsetattr', SETATTR4res], [OP_WRITE]: ['opwrite', WRITE4res], [OP_CLOSE]: ['opclose', CLOSE4res], [OP_DELEGRETURN]: ['opdelegreturn', DELEGRETURN4res], [OP_GETATTR]: ['opgetattr', GETATTR4res], [OP_GETFH]: ['opgetfh', GETFH4res], [OP_LOOKUP]: ['oplookup', LOOKUP4res], [OP_OPEN]: ['opopen', OPEN4res], [OP_OPEN_DOWNGRADE]: ['opopen_downgrade', OPEN_DOWNGRADE4res], [OP_PUTFH]: ['opputfh', PUTFH4res], [OP_PUTROOTFH]: ['opputrootfh', PUTROOTFH4res], [OP_READLINK]: ['opreadlink', READLINK4res], [OP_BIND_CONN_TO_SESSION]: ['opbind_conn_to_session', BIND_CONN_TO_SESSION4res], [OP_EXCHANGE_ID]: ['opexchange_id', EXCHANGE_ID4res], [OP_CREATE_SESSION]: ['opcreate_session', CREATE_SESSION4res], [OP_DESTROY_SESSION]: ['opdestroy_session', DESTROY_SESSION4res], [OP_FREE_STATEID]: ['opfree_stateid', FREE_STATEID4res], [OP_GET_DIR_DELEGATION]: ['opget_dir_delegation', GET_DIR_DELEGATION4res], [OP_SEQUENCE]: ['opsequence', SEQUENCE4res], [OP_TEST_STATEID]: ['optest_stateid', TEST_STATEID4res], [OP_WANT_DELEGATION]: ['opwant_delegation', WANT_DELEGATION4res], [OP_DESTROY_CLIENTID]: ['opdestroy_clientid', DESTROY_CLIENTID4res], [OP_RECLAIM_COMPLETE]: ['opreclaim_complete', RECLAIM_COMPLETE4res], [OP_ILLEGAL]: ['opillegal', ILLEGAL4res] }, ['opother', ILLEGAL4res]);
export interface COMPOUND4head { tag: utf8str_cs; minorversion: number; operations: number; }
export const COMPOUND4head: xdr.Codec<COMPOUND4head> = xdr.struct<COMPOUND4head>({ tag: utf8str_cs, minorversion: xdr.uint32, operations: xdr.uint32 });
export interface COMPOUND4args { tag: utf8str_cs; minorversion: number; argarray: nfs_argop4[]; }
export const COMPOUND4args: xdr.Codec<COMPOUND4args> = xdr.struct<COMPOUND4args>({ tag: utf8str_cs, minorversion: xdr.uint32, argarray: xdr.array(nfs_argop4) });
export interface COMPOUND4res { status: nfsstat4; tag: utf8str_cs; resarray: nfs_resop4[]; }
export const COMPOUND4res: xdr.Codec<COMPOUND4res> = xdr.struct<COMPOUND4res>({ status: nfsstat4, tag: utf8str_cs, resarray: xdr.array(nfs_resop4) });
export interface CB_GETATTR4args { fh: nfs_fh4; attr_request: bitmap4; }
export const CB_GETATTR4args: xdr.Codec<CB_GETATTR4args> = xdr.struct<CB_GETATTR4args>({ fh: nfs_fh4, attr_request: bitmap4 });
export interface CB_GETATTR4resok { obj_attributes: fattr4; }
export const CB_GETATTR4resok: xdr.Codec<CB_GETATTR4resok> = xdr.struct<CB_GETATTR4resok>({ obj_attributes: fattr4 });
export type CB_GETATTR4res = { status: typeof NFS4_OK; resok4: CB_GETATTR4resok; } | { status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const CB_GETATTR4res: xdr.Codec<CB_GETATTR4res> = xdr.union<CB_GETATTR4res>('status', nfsstat4, { [NFS4_OK]: ['resok4', CB_GETATTR4resok] }, 'void');
export interface CB_RECALL4args { stateid: stateid4; truncate: boolean; fh: nfs_fh4; }
export const CB_RECALL4args: xdr.Codec<CB_RECALL4args> = xdr.struct<CB_RECALL4args>({ stateid: stateid4, truncate: xdr.bool, fh: nfs_fh4 });
export interface CB_RECALL4res { status: nfsstat4; }
export const CB_RECALL4res: xdr.Codec<CB_RECALL4res> = xdr.struct<CB_RECALL4res>({ status: nfsstat4 });
export interface CB_ILLEGAL4res { status: nfsstat4; }
export const CB_ILLEGAL4res: xdr.Codec<CB_ILLEGAL4res> = xdr.struct<CB_ILLEGAL4res>({ status: nfsstat4 });
export const RCA4_TYPE_MASK_RDATA_DLG = 0;
export const RCA4_TYPE_MASK_WDATA_DLG = 1;
export interface CB_RECALL_ANY4args { craa_objects_to_keep: number; craa_type_mask: bitmap4; }
export const CB_RECALL_ANY4args: xdr.Codec<CB_RECALL_ANY4args> = xdr.struct<CB_RECALL_ANY4args>({ craa_objects_to_keep: xdr.uint32, craa_type_mask: bitmap4 });
export interface CB_RECALL_ANY4res { crar_status: nfsstat4; }
export const CB_RECALL_ANY4res: xdr.Codec<CB_RECALL_ANY4res> = xdr.struct<CB_RECALL_ANY4res>({ crar_status: nfsstat4 });
export interface CB_RECALL_SLOT4args { rsa_target_highest_slotid: slotid4; }
export const CB_RECALL_SLOT4args: xdr.Codec<CB_RECALL_SLOT4args> = xdr.struct<CB_RECALL_SLOT4args>({ rsa_target_highest_slotid: slotid4 });
export interface CB_RECALL_SLOT4res { rsr_status: nfsstat4; }
export const CB_RECALL_SLOT4res: xdr.Codec<CB_RECALL_SLOT4res> = xdr.struct<CB_RECALL_SLOT4res>({ rsr_status: nfsstat4 });
export interface referring_call4 { rc_sequenceid: sequenceid4; rc_slotid: slotid4; }
export const referring_call4: xdr.Codec<referring_call4> = xdr.struct<referring_call4>({ rc_sequenceid: sequenceid4, rc_slotid: slotid4 });
export interface referring_call_list4 { rcl_sessionid: sessionid4; rcl_referring_calls: referring_call4[]; }
export const referring_call_list4: xdr.Codec<referring_call_list4> = xdr.struct<referring_call_list4>({ rcl_sessionid: sessionid4, rcl_referring_calls: xdr.array(referring_call4) });
export interface CB_SEQUENCE4args { csa_sessionid: sessionid4; csa_sequenceid: sequenceid4; csa_slotid: slotid4; csa_highest_slotid: slotid4; csa_cachethis: boolean; csa_referring_call_lists: referring_call_list4[]; }
export const CB_SEQUENCE4args: xdr.Codec<CB_SEQUENCE4args> = xdr.struct<CB_SEQUENCE4args>({ csa_sessionid: sessionid4, csa_sequenceid: sequenceid4, csa_slotid: slotid4, csa_highest_slotid: slotid4, csa_cachethis: xdr.bool, csa_referring_call_lists: xdr.array(referring_call_list4) });
export interface CB_SEQUENCE4resok { csr_sessionid: sessionid4; csr_sequenceid: sequenceid4; csr_slotid: slotid4; csr_highest_slotid: slotid4; csr_target_highest_slotid: slotid4; }
export const CB_SEQUENCE4resok: xdr.Codec<CB_SEQUENCE4resok> = xdr.struct<CB_SEQUENCE4resok>({ csr_sessionid: sessionid4, csr_sequenceid: sequenceid4, csr_slotid: slotid4, csr_highest_slotid: slotid4, csr_target_highest_slotid: slotid4 });
export type CB_SEQUENCE4res = { csr_status: typeof NFS4_OK; csr_resok4: CB_SEQUENCE4resok; } | { csr_status: Exclude<nfsstat4, typeof NFS4_OK>; };
export const CB_SEQUENCE4res: xdr.Codec<CB_SEQUENCE4res> = xdr.union<CB_SEQUENCE4res>('csr_status', nfsstat4, { [NFS4_OK]: ['csr_resok4', CB_SEQUENCE4resok] }, 'void');
export interface CB_NOTIFY_LOCK4args { cnla_fh: nfs_fh4; cnla_lock_owner: lock_owner4; }
export const CB_NOTIFY_LOCK4args: xdr.Codec<CB_NOTIFY_LOCK4args> = xdr.struct<CB_NOTIFY_LOCK4args>({ cnla_fh: nfs_fh4, cnla_lock_owner: lock_owner4 });
export interface CB_NOTIFY_LOCK4res { cnlr_status: nfsstat4; }
export const CB_NOTIFY_LOCK4res: xdr.Codec<CB_NOTIFY_LOCK4res> = xdr.struct<CB_NOTIFY_LOCK4res>({ cnlr_status: nfsstat4 });
export type nfs_cookie4 = bigint;
export const nfs_cookie4: xdr.Codec<nfs_cookie4> = xdr.uint64;
export const NOTIFY4_CHANGE_CHILD_ATTRS = 0;
export const NOTIFY4_CHANGE_DIR_ATTRS = 1;
export const NOTIFY4_REMOVE_ENTRY = 2;
export const NOTIFY4_ADD_ENTRY = 3;
export const NOTIFY4_RENAME_ENTRY = 4;
export const NOTIFY4_CHANGE_COOKIE_VERIFIER = 5;
export type notify_type4 = typeof NOTIFY4_CHANGE_CHILD_ATTRS | typeof NOTIFY4_CHANGE_DIR_ATTRS | typeof NOTIFY4_REMOVE_ENTRY | typeof NOTIFY4_ADD_ENTRY | typeof NOTIFY4_RENAME_ENTRY | typeof NOTIFY4_CHANGE_COOKIE_VERIFIER;
export const notify_type4 = xdr.enumOf<notify_type4>({ NOTIFY4_CHANGE_CHILD_ATTRS, NOTIFY4_CHANGE_DIR_ATTRS, NOTIFY4_REMOVE_ENTRY, NOTIFY4_ADD_ENTRY, NOTIFY4_RENAME_ENTRY, NOTIFY4_CHANGE_COOKIE_VERIFIER });
export interface notify_entry4 { ne_file: component4; ne_attrs: fattr4; }
export const notify_entry4: xdr.Codec<notify_entry4> = xdr.struct<notify_entry4>({ ne_file: component4, ne_attrs: fattr4 });
export interface prev_entry4 { pe_prev_entry: notify_entry4; pe_prev_entry_cookie: nfs_cookie4; }
export const prev_entry4: xdr.Codec<prev_entry4> = xdr.struct<prev_entry4>({ pe_prev_entry: notify_entry4, pe_prev_entry_cookie: nfs_cookie4 });
export interface notify_remove4 { nrm_old_entry: notify_entry4; nrm_old_entry_cookie: nfs_cookie4; }
export const notify_remove4: xdr.Codec<notify_remove4> = xdr.struct<notify_remove4>({ nrm_old_entry: notify_entry4, nrm_old_entry_cookie: nfs_cookie4 });
export interface notify_add4 { nad_old_entry: notify_remove4[]; nad_new_entry: notify_entry4; nad_new_entry_cookie: nfs_cookie4[]; nad_prev_entry: prev_entry4[]; nad_last_entry: boolean; }
export const notify_add4: xdr.Codec<notify_add4> = xdr.struct<notify_add4>({ nad_old_entry: xdr.array(notify_remove4, 1), nad_new_entry: notify_entry4, nad_new_entry_cookie: xdr.array(nfs_cookie4, 1), nad_prev_entry: xdr.array(prev_entry4, 1), nad_last_entry: xdr.bool });
export interface notify_attr4 { na_changed_entry: notify_entry4; }
export const notify_attr4: xdr.Codec<notify_attr4> = xdr.struct<notify_attr4>({ na_changed_entry: notify_entry4 });
export interface notify_rename4 { nrn_old_entry: notify_remove4; nrn_new_entry: notify_add4; }
export const notify_rename4: xdr.Codec<notify_rename4> = xdr.struct<notify_rename4>({ nrn_old_entry: notify_remove4, nrn_new_entry: notify_add4 });
export type notifylist4 = Buffer;
export const notifylist4: xdr.Codec<notifylist4> = xdr.opaque();
export interface notify4 { notify_mask: bitmap4; notify_vals: notifylist4; }
export const notify4: xdr.Codec<notify4> = xdr.struct<notify4>({ notify_mask: bitmap4, notify_vals: notifylist4 });
export interface CB_NOTIFY4args { cna_stateid: stateid4; cna_fh: nfs_fh4; cna_changes: notify4[]; }
export const CB_NOTIFY4args: xdr.Codec<CB_NOTIFY4args> = xdr.struct<CB_NOTIFY4args>({ cna_stateid: stateid4, cna_fh: nfs_fh4, cna_changes: xdr.array(notify4) });
export interface CB_NOTIFY4res { cnr_status: nfsstat4; }
export const CB_NOTIFY4res: xdr.Codec<CB_NOTIFY4res> = xdr.struct<CB_NOTIFY4res>({ cnr_status: nfsstat4 });
export const OP_CB_GETATTR = 3;
export const OP_CB_RECALL = 4;
export const OP_CB_LAYOUTRECALL = 5;
export const OP_CB_NOTIFY = 6;
export const OP_CB_PUSH_DELEG = 7;
export const OP_CB_RECALL_ANY = 8;
export const OP_CB_RECALLABLE_OBJ_AVAIL = 9;
export const OP_CB_RECALL_SLOT = 10;
export const OP_CB_SEQUENCE = 11;
export const OP_CB_WANTS_CANCELLED = 12;
export const OP_CB_NOTIFY_LOCK = 13;
export const OP_CB_NOTIFY_DEVICEID = 14;
export const OP_CB_OFFLOAD = 15;
export const OP_CB_ILLEGAL = 10044;
export type nfs_cb_opnum4 = typeof OP_CB_GETATTR | typeof OP_CB_RECALL | typeof OP_CB_LAYOUTRECALL | typeof OP_CB_NOTIFY | typeof OP_CB_PUSH_DELEG | typeof OP_CB_RECALL_ANY | typeof OP_CB_RECALLABLE_OBJ_AVAIL | typeof OP_CB_RECALL_SLOT | typeof OP_CB_SEQUENCE | typeof OP_CB_WANTS_CANCELLED | typeof OP_CB_NOTIFY_LOCK | typeof OP_CB_NOTIFY_DEVICEID | typeof OP_CB_OFFLOAD | typeof OP_CB_ILLEGAL;
export const nfs_cb_opnum4 = xdr.enumOf<nfs_cb_opnum4>({ OP_CB_GETATTR, OP_CB_RECALL, OP_CB_LAYOUTRECALL, OP_CB_NOTIFY, OP_CB_PUSH_DELEG, OP_CB_RECALL_ANY, OP_CB_RECALLABLE_OBJ_AVAIL, OP_CB_RECALL_SLOT, OP_CB_SEQUENCE, OP_CB_WANTS_CANCELLED, OP_CB_NOTIFY_LOCK, OP_CB_NOTIFY_DEVICEID, OP_CB_OFFLOAD, OP_CB_ILLEGAL });
export type nfs_cb_argop4 = { argop: typeof OP_CB_GETATTR; opcbgetattr: CB_GETATTR4args; } | { argop: typeof OP_CB_RECALL; opcbrecall: CB_RECALL4args; } | { argop: typeof OP_CB_NOTIFY; opcbnotify: CB_NOTIFY4args; } | { argop: typeof OP_CB_RECALL_ANY; opcbrecall_any: CB_RECALL_ANY4args; } | { argop: typeof OP_CB_RECALL_SLOT; opcbrecall_slot: CB_RECALL_SLOT4args; } | { argop: typeof OP_CB_SEQUENCE; opcbsequence: CB_SEQUENCE4args; } | { argop: typeof OP_CB_NOTIFY_LOCK; opcbnotify_lock: CB_NOTIFY_LOCK4args; } | { argop: Exclude<nfs_cb_opnum4, typeof OP_CB_GETATTR | typeof OP_CB_RECALL | typeof OP_CB_NOTIFY | typeof OP_CB_RECALL_ANY | typeof OP_CB_RECALL_SLOT | typeof OP_CB_SEQUENCE | typeof OP_CB_NOTIFY_LOCK>; };
export const nfs_cb_argop4: xdr.Codec<nfs_cb_argop4> = xdr.union<nfs_cb_argop4>('argop', nfs_cb_opnum4, { [OP_CB_GETATTR]: ['opcbgetattr', CB_GETATTR4args], [OP_CB_RECALL]: ['opcbrecall', CB_RECALL4args], [OP_CB_NOTIFY]: ['opcbnotify', CB_NOTIFY4args], [OP_CB_RECALL_ANY]: ['opcbrecall_any', CB_RECALL_ANY4args], [OP_CB_RECALL_SLOT]: ['opcbrecall_slot', CB_RECALL_SLOT4args], [OP_CB_SEQUENCE]: ['opcbsequence', CB_SEQUENCE4args], [OP_CB_NOTIFY_LOCK]: ['opcbnotify_lock', CB_NOTIFY_LOCK4args] }, 'void');
export type nfs_cb_resop4 = { resop: typeof OP_CB_GETATTR; opcbgetattr: CB_GETATTR4res; } | { resop: typeof OP_CB_RECALL; opcbrecall: CB_RECALL4res; } | { resop: typeof OP_CB_NOTIFY; opcbnotify: CB_NOTIFY4res; } | { resop: typeof OP_CB_RECALL_ANY; opcbrecall_any: CB_RECALL_ANY4res; } | { resop: typeof OP_CB_RECALL_SLOT; opcbrecall_slot: CB_RECALL_SLOT4res; } | { resop: typeof OP_CB_SEQUENCE; opcbsequence: CB_SEQUENCE4res; } | { resop: typeof OP_CB_NOTIFY_LOCK; opcbnotify_lock: CB_NOTIFY_LOCK4res; } | { resop: Exclude<nfs_cb_opnum4, typeof OP_CB_GETATTR | typeof OP_CB_RECALL | typeof OP_CB_NOTIFY | typeof OP_CB_RECALL_ANY | typeof OP_CB_RECALL_SLOT | typeof OP_CB_SEQUENCE | typeof OP_CB_NOTIFY_LOCK>; opcbillegal: CB_ILLEGAL4res; };
export const nfs_cb_resop4: xdr.Codec<nfs_cb_resop4> = xdr.union<nfs_cb_resop4>('resop', nfs_cb_opnum4, { [OP_CB_GETATTR]: ['opcbgetattr', CB_GETATTR4res], [OP_CB_RECALL]: ['opcbrecall', CB_RECALL4res], [OP_CB_NOTIFY]: ['opcbnotify', CB_NOTIFY4res], [OP_CB_RECALL_ANY]: ['opcbrecall_any', CB_RECALL_ANY4res], [OP_CB_RECALL_SLOT]: ['opcbrecall_slot', CB_RECALL_SLOT4res], [OP_CB_SEQUENCE]: ['opcbsequence', CB_SEQUENCE4res], [OP_CB_NOTIFY_LOCK]: ['opcbnotify_lock', CB_NOTIFY_LOCK4res] }, ['opcbillegal', CB_ILLEGAL4res]);
export interface CB_COMPOUND4head { tag: utf8str_cs; minorversion: number; callback_ident: number; operations: number; }
export const CB_COMPOUND4head: xdr.Codec<CB_COMPOUND4head> = xdr.struct<CB_COMPOUND4head>({ tag: utf8str_cs, minorversion: xdr.uint32, callback_ident: xdr.uint32, operations: xdr.uint32 });
export interface CB_COMPOUND4res { status: nfsstat4; tag: utf8str_cs; resarray: nfs_cb_resop4[]; }
export const CB_COMPOUND4res: xdr.Codec<CB_COMPOUND4res> = xdr.struct<CB_COMPOUND4res>({ status: nfsstat4, tag: utf8str_cs, resarray: xdr.array(nfs_cb_resop4) });
