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

/** A key, and what adapters that register under it may serve; absent: what no other key is for. */
export interface RpcKey extends Key {
  readonly exports?: readonly string[];
}

/** Reads what is configured. Throws with what is wrong, by file and line. */
export function readKeys(config: Config): RpcKey[] {
  const { rpcSecret, rpcSecretPrevious, rpcSecretFile, rpcKeysFile } = config;
  const keys: RpcKey[] = [keyOf(rpcSecret ?? installationSecret(rpcSecretFile))];
  if (rpcSecretPrevious !== undefined) keys.push(keyOf(rpcSecretPrevious));
  if (rpcKeysFile !== undefined) keys.push(...keysIn(rpcKeysFile, privateText(rpcKeysFile)));
  return keys;
}

/** A line for every key: its name, its secret and, separated by commas, the exports that only its adapters may serve. */
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

/** Secrets of incarnations that are kept at hand; the others are worked out again. */
const sessionsMax = 1_024;

/** What is said to whoever hears it. */
const greetings: readonly string[] = [fileserver.patterns.hello, nfs.helloPath];

/** Who may say what to this process, and what it seals its own messages with. */
export class Keyring {
  /** This process: what is said to another, or to this one before it was started anew, is not for it. */
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

  /** Where messages of adapters and NFS servers come in. */
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

  /** What a message to this incarnation is sealed with; undefined if it has not been let in under any key of ours. */
  sealFor(incarnation: string): Seal | undefined {
    const keyId = partsOf(incarnation)?.keyId;
    const secret = this.sessionOf(incarnation);
    return keyId === undefined || secret === undefined ? undefined : { key: keyId, secret, to: incarnation };
  }

  /** What of this an adapter may not serve that registers under this incarnation. */
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
    // A table that is another one has another key, and what followed from the old one is worth nothing.
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
