import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** A secret that both sides know, and the id by which a message names it. */
export interface Key {
  readonly id: string;
  readonly secret: string;
}

/**
 * One life of an adapter. Its name contains the id of the key under which it registers, and a public key of its own.
 */
export interface Incarnation {
  readonly name: string;
  readonly privateKey: KeyObject;
}

const digest = (secret: string, text: string): Buffer => createHmac('sha256', secret).update(text).digest();

/** The key of a secret that was configured without an id. */
export function keyOf(secret: string): Key {
  return { id: `k${digest(secret, 'key id').toString('hex').slice(0, 8)}`, secret };
}

const publicPart = (privateKey: KeyObject): string =>
  createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '';

/** Starts a new life. Nobody else can speak for it, because nobody else has its private key. */
export function newIncarnation(key: Key): Incarnation {
  const { privateKey } = generateKeyPairSync('x25519');
  return { name: `${key.id}.${publicPart(privateKey)}`, privateKey };
}

/** The parts of an incarnation's name; undefined if it is malformed. */
export function partsOf(incarnation: string): { keyId: string; publicKey: string } | undefined {
  const [, keyId, publicKey] = /^(\w[\w-]{0,19})\.([\w-]{43})$/.exec(incarnation) ?? [];
  return keyId === undefined || publicKey === undefined ? undefined : { keyId, publicKey };
}

/** RFC 8410: what comes before the 32 bytes of a private key. */
const headers = {
  x25519: '302e020100300506032b656e04220420',
  ed25519: '302e020100300506032b657004220420',
} as const;

/** The key pair derived from a seed. */
export function keyPairOf(
  seed: string,
  curve: keyof typeof headers = 'x25519',
): { privateKey: KeyObject; publicKey: string } {
  const key = Buffer.concat([Buffer.from(headers[curve], 'hex'), digest(seed, curve)]);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: publicPart(privateKey) };
}

/** Proves that an incarnation is a life of the adapter with this public key. */
export interface AdapterProof {
  readonly publicKey: string;
  readonly signature: string;
}

const signed = (incarnation: string): Buffer => Buffer.from(`leasehold adapter\n${incarnation}`);

/** @param seed the secret of an adapter, which it keeps over all its lives */
export function proveAdapter(seed: string, incarnation: string): AdapterProof {
  const { privateKey, publicKey } = keyPairOf(seed, 'ed25519');
  return { publicKey, signature: sign(null, signed(incarnation), privateKey).toString('base64url') };
}

export function isAdapterProven({ publicKey, signature }: AdapterProof, incarnation: string): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
    return verify(null, signed(incarnation), key, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}

/**
 * The secret between the service and one incarnation. Nobody else knows it, not even others that have the key.
 * Returns undefined if the public key is invalid.
 */
export function sessionSecret(
  key: Key,
  incarnation: string,
  ours: KeyObject,
  theirs: string,
): string | undefined {
  try {
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: theirs }, format: 'jwk' });
    const shared = diffieHellman({ privateKey: ours, publicKey }).toString('base64');
    return digest(key.secret, `session\n${incarnation}\n${shared}`).toString('base64');
  } catch {
    return undefined;
  }
}
