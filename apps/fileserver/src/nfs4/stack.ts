import { z } from 'zod';
import { identifyProcess } from '../process-identity';
import type { StartDriver, Stack } from '../stack';
import { Nfs4Driver, type Nfs4Location, type Nfs4Options } from './nfs4-driver';
import type { Credentials } from './rpc';

const portDefault = 2049;

/** Reads `nfs://HOST[:PORT]/PATH`, with names percent-encoded if necessary (RFC 2224). @returns undefined if invalid */
export function parseNfsUrl(text: string): Nfs4Location | undefined {
  const [, bracketed, plain, digits, encoded = '/'] =
    /^nfs:\/\/(?:\[([^\]/]+)\]|([^:[\]/@]+))(?::(\d{1,5}))?(\/.*)?$/s.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? portDefault : Number(digits);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  const path = decoded(encoded);
  if (path === undefined || path.includes('\0') || path.split('/').includes('..')) return undefined;
  return { host, port, path };
}

/** @returns undefined if the path is not percent-encoded UTF-8, or if a name in it contains a slash */
function decoded(path: string): string | undefined {
  if (/%2f/i.test(path)) return undefined;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

const location = z.string().transform((given, context): Nfs4Location => {
  const found = parseNfsUrl(given);
  if (found) return found;
  const hint = given.includes('%') ? '; write a % as %25' : '';
  context.addIssue({ code: 'custom', message: `${given} is not nfs://HOST[:PORT]/PATH${hint}` });
  return z.NEVER;
});

const authSys = z.string().transform((given, context): Credentials => {
  const [, uid, gid, more] = /^(\d{1,10}):(\d{1,10})(?::(\d{1,10}(?:,\d{1,10}){0,15}))?$/.exec(given) ?? [];
  const gids = more === undefined ? [] : more.split(',').map(Number);
  if (uid !== undefined && [Number(uid), Number(gid), ...gids].every((id) => id <= 0xffff_ffff)) {
    return { uid: Number(uid), gid: Number(gid), gids };
  }
  context.addIssue({ code: 'custom', message: `${given} is not UID:GID or UID:GID:GID,… with at most 16` });
  return z.NEVER;
});

/** The most groups in AUTH_SYS besides the primary one (RFC 5531 §14.2). */
const groupsMax = 16;

function ourselves(): Credentials {
  const gid = process.getgid?.() ?? 0;
  const gids = (process.getgroups?.() ?? []).filter((one) => one !== gid).slice(0, groupsMax);
  return { uid: process.getuid?.() ?? 0, gid, gids };
}

/** The driver's settings, from the command line. */
export const nfs4Settings = z
  .object({
    export: z.record(z.string(), location),
    'auth-sys': authSys.optional(),
    'nfs-client': z.string().min(1).max(256).optional(),
  })
  .transform((given): Omit<Nfs4Options, 'report'> => {
    const { export: exports, 'auth-sys': credentials = ourselves(), 'nfs-client': client } = given;
    return { exports, credentials, clientName: `leasehold ${client ?? identifyProcess().hostId}` };
  });

/** Delegations of NFS servers, version 4.1 and later. */
export const nfs4: Stack = {
  name: 'nfs4',
  location: 'nfs://HOST[:PORT]/PATH',
  options: {
    'auth-sys': {
      value: 'UID:GID[:GID,…]',
      help: ['the user and groups that open files at the NFS server (default: those of this process)'],
    },
    'nfs-client': {
      value: 'NAME',
      help: [
        'the name of this adapter at the NFS server: the same after a restart, and used by no other client',
        '(default: made from the host name and the machine id)',
      ],
    },
  },
  schema: nfs4Settings.transform(
    (settings): StartDriver =>
      (report) =>
        Nfs4Driver.start({ ...settings, report }),
  ),
};
