import { randomUUID } from 'node:crypto';
import { fileserver, nfs } from '#contracts';
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

/** A key and the exports that its adapters may serve; absent: all that no other key names. */
export interface RpcKey extends Key {
  readonly exports?: readonly string[];
}

/** Reads the configured keys. Throws an error that names file and line. */
export function readKeys(config: Config): RpcKey[] {
  const { rpcSecret, rpcSecretPrevious, rpcSecretFile, rpcKeysFile } = config;
  const keys: RpcKey[] = [keyOf(rpcSecret ?? installationSecret(rpcSecretFile))];
  if (rpcSecretPrevious !== undefined) keys.push(keyOf(rpcSecretPrevious));
  if (rpcKeysFile !== undefined) keys.push(...keysIn(rpcKeysFile, privateText(rpcKeysFile)));
  return keys;
}

/** Each line is a key: its name, its secret and, separated by commas, the exports that only its adapters may serve. */
function keysIn(file: string, text: string): RpcKey[] {
  return text.split('\n').flatMap((line, index) => {
    if (/^\s*(#|$)/.test(line)) return [];
    const [, id, secret, exports] = /^\s*(\w[\w-]{0,19})\s+(\S{8,512})\s+(\S+)\s*$/.exec(line) ?? [];
    if (id === undefined || secret === undefined || exports === undefined)
      throw new Error(
        `${file}:${String(index + 1)} is not a name (letters, digits, _ -, at most 20), a secret of at least 8 characters ` +
          'and export names separated by commas',
      );
    return [{ id, secret, exports: exports.split(',') }];
  });
}

/** How many secrets of incarnations are cached; the others are derived again. */
const sessionsMax = 1_024;

/** Messages that are addressed to no particular process. */
const greetings: readonly string[] = [fileserver.patterns.hello, nfs.helloPath];

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
    const keyId = partsOf(incarnation)?.keyId;
    const own = this.keys.get(keyId ?? '')?.exports;
    if (own !== undefined) return exports.filter((name) => !own.includes(name));
    const bound = [...this.keys.values()].flatMap((key) => key.exports ?? []);
    return exports.filter((name) => bound.includes(name));
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
