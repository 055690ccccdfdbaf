import { randomUUID } from 'node:crypto';
import { dlm, fileserver, nfs } from '#contracts';
import {
  Door,
  installationSecret,
  privateText,
  type Key,
  keyOf,
  keyPairOf,
  partsOf,
  type Seal,
  sessionSecret,
} from '#rpc';
import type { Config } from '../config';
import type { TableKey } from '../application/memento';
import type { Caller } from '../identity/caller';
import { Rights } from '../identity/rights';

/** A key and what its owners may do. */
export interface RpcKey extends Key {
  readonly caller: Caller;
  /** Whether only its adapters may serve the exports that it names, and not those of shared keys. */
  readonly exclusive: boolean;
}

/** What everybody may do who has the secret that all programs share. */
const sharedRights = Rights.parse(['adapter:serve:*', 'nfs:*', 'lease:write:*']);
const shared = (secret: string): RpcKey => ({
  ...keyOf(secret),
  caller: { tenant: '', subject: '', rights: sharedRights, by: 'key' },
  exclusive: false,
});

/** Reads the configured keys. Throws an error that names file and line. */
export function readKeys(config: Config): RpcKey[] {
  const { rpcSecret, rpcSecretPrevious, rpcSecretFile, rpcKeysFile } = config;
  const keys: RpcKey[] = [shared(rpcSecret ?? installationSecret(rpcSecretFile))];
  if (rpcSecretPrevious !== undefined) keys.push(shared(rpcSecretPrevious));
  if (rpcKeysFile !== undefined) keys.push(...keysIn(rpcKeysFile, privateText(rpcKeysFile)));
  return keys;
}

/**
 * Each line is a key: its name, its secret and, separated by commas, what its owners may do: an export, which only they
 * may serve, or a right such as `nfs:demo`.
 */
function keysIn(file: string, text: string): RpcKey[] {
  return text.split('\n').flatMap((line, index) => {
    if (/^\s*(#|$)/.test(line)) return [];
    const [, id, secret, granted] = /^\s*(\w[\w-]{0,19})\s+(\S{8,512})\s+(\S+)\s*$/.exec(line) ?? [];
    const where = `${file}:${String(index + 1)}`;
    if (id === undefined || secret === undefined || granted === undefined)
      throw new Error(
        `${where} is not a name (letters, digits, _ -, at most 20), a secret of at least 8 characters ` +
          'and export names or rights, separated by commas',
      );
    const texts = granted.split(',').map((each) => (each.includes(':') ? each : `adapter:serve:${each}`));
    return [{ id, secret, caller: ownerOf(id, texts, where), exclusive: true }];
  });
}

function ownerOf(subject: string, texts: readonly string[], where: string): Caller {
  try {
    return { tenant: '', subject, rights: Rights.parse(texts), by: 'key' };
  } catch (error) {
    throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
  }
}

/** How many secrets of incarnations are cached; the others are derived again. */
const sessionsMax = 1_024;

/** Messages that are addressed to no particular process. */
const greetings: readonly string[] = [fileserver.patterns.hello, nfs.helloPath, dlm.helloPath];

/** Decides which messages this process accepts, and seals its own. */
export class Keyring {
  /** Identifies this run of the process. Messages to another process, or to an earlier run, are not for it. */
  readonly instance = randomUUID();
  private readonly keys: ReadonlyMap<string, RpcKey>;
  private readonly sessions = new Map<string, string>();
  private pair: ReturnType<typeof keyPairOf> | undefined;
  private seed = '';

  constructor(
    keys: readonly RpcKey[],
    private readonly table: TableKey,
  ) {
    this.keys = new Map(keys.map((key) => [key.id, key]));
  }

  /** The door through which messages of adapters and NFS servers come in. */
  door(): Door {
    return new Door(({ key: id, from, to }, pattern) => {
      const key = this.keys.get(id);
      if (key === undefined)
        return {
          refused: `There is no key ${id}: LEASEHOLD_RPC_SECRET must be the same on both sides.`,
          isGuess: true,
        };
      if (greetings.includes(pattern)) return { secret: key.secret };
      if (to !== this.instance)
        return {
          refused: 'The message is for another process, or for an earlier run of this one.',
          late: true,
        };
      if (from === undefined) return { secret: key.secret };
      const secret = partsOf(from)?.keyId === id ? this.sessionOf(from) : undefined;
      return secret === undefined ? { refused: 'The incarnation has no valid name.' } : { secret };
    });
  }

  /** The seal for messages to this incarnation; undefined if it was not admitted under any of our keys. */
  sealFor(incarnation: string): Seal | undefined {
    const keyId = partsOf(incarnation)?.keyId;
    const secret = this.sessionOf(incarnation);
    return keyId === undefined || secret === undefined ? undefined : { key: keyId, secret, to: incarnation };
  }

  /** Those of the exports that an adapter with this incarnation may not serve. */
  foreignTo(incarnation: string, exports: readonly string[]): string[] {
    const key = this.keys.get(partsOf(incarnation)?.keyId ?? '');
    const serves = (each: RpcKey | undefined, name: string): boolean =>
      each?.caller.rights.allows('adapter:serve', name) === true;
    const others = key?.exclusive === true ? [] : [...this.keys.values()].filter((each) => each.exclusive);
    return exports.filter((name) => !serves(key, name) || others.some((other) => serves(other, name)));
  }

  /** Who has the key of an admitted message. */
  callerOf(key: string): Caller {
    const { caller } = this.keys.get(key) ?? {};
    if (caller === undefined) throw new Error(`there is no key ${key}`);
    return caller;
  }

  get publicKey(): string {
    return this.ours().publicKey;
  }

  private ours(): ReturnType<typeof keyPairOf> {
    // Another table has another key, and everything derived from the old one is void.
    if (this.pair === undefined || this.seed !== this.table.value) {
      this.seed = this.table.value;
      this.pair = keyPairOf(this.seed);
      this.sessions.clear();
    }
    return this.pair;
  }

  private sessionOf(incarnation: string): string | undefined {
    const { privateKey } = this.ours();
    const known = this.sessions.get(incarnation);
    if (known !== undefined) return known;
    const parts = partsOf(incarnation);
    const key = parts === undefined ? undefined : this.keys.get(parts.keyId);
    if (parts === undefined || key === undefined) return undefined;
    const secret = sessionSecret(key, incarnation, privateKey, parts.publicKey);
    if (secret === undefined) return undefined;
    for (const oldest of this.sessions.keys()) {
      if (this.sessions.size < sessionsMax) break;
      this.sessions.delete(oldest);
    }
    this.sessions.set(incarnation, secret);
    return secret;
  }
}
