import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The default file for the secret that the programs of one installation share. */
export const secretFileDefault = './data/rpc-secret';
/** The default file for the secret of the adapters of one installation, which they share with nobody. */
export const adapterKeyFileDefault = './data/adapter-key';

/**
 * Reads the secret of this installation; the first program that needs it creates it.
 * Throws if other users can read it, or if it cannot be read.
 */
export function installationSecret(file: string): string {
  for (;;) {
    try {
      const secret = privateText(file).trim();
      if (secret.length < 8)
        throw new Error(
          `${file} must contain a secret of at least 8 characters; remove it to have one created`,
        );
      return secret;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      make(file);
    }
  }
}

/**
 * The permissions that a file of secrets may have at most. Those of its owner; and, for a file of root's that somebody else
 * reads, those of its group: this is how Kubernetes mounts secrets for programs that do not run as root.
 */
export const secretMode = (owner: number, reader: number): number =>
  owner === 0 && reader !== 0 ? 0o640 : 0o600;

/** Reads a file that only its owner may read. Throws if others can read it, or this process cannot. */
export function privateText(file: string): string {
  const { mode, uid } = statSync(file);
  const most = secretMode(uid, process.geteuid?.() ?? uid);
  if ((mode & 0o077 & ~most) !== 0)
    throw new Error(
      `${file} contains secrets, but others than its owner can read or write it: chmod ${most.toString(8)} ${file}`,
    );
  return readFileSync(file, 'utf8');
}

/** Creates the file atomically: a second program finds a complete one. */
function make(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}
