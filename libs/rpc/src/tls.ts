import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import {
  type ConnectionOptions,
  createSecureContext,
  createServer,
  type PeerCertificate,
  type SecureContextOptions,
  type Server,
  type TLSSocket,
} from 'node:tls';
import { Repeats } from './repeats';
import { privateText } from './secret';
import { answerToStranger } from './strangers';
import { trustedText, Watched } from './watched-file';

/** The files of one program's TLS, or of one port. */
export interface TlsFiles {
  /** What it shows of itself; absent at a program that only dials. */
  readonly cert?: string;
  readonly key?: string;
  /** The authorities of the others. Absent: servers are checked by those of Node, and clients need no certificate. */
  readonly ca?: string;
}

/** How long the other end may take for its first byte, and then for the handshake. */
const handshakeMs = 10_000;

/**
 * Reads the files. Throws an Error that names the file that cannot be read or used, that others than its owner may read
 * or write, or whose certificate is not valid now.
 */
export function readTls({ cert, key, ca }: TlsFiles, now = Date.now()): SecureContextOptions {
  const options: SecureContextOptions = { minVersion: 'TLSv1.2' };
  if (cert !== undefined && key !== undefined) {
    options.cert = trustedText(cert);
    options.key = privateText(key);
    const shown = certificateIn(cert, options.cert);
    if (Date.parse(shown.validTo) <= now)
      throw new Error(`${cert}: the certificate expired on ${shown.validTo}`);
    if (Date.parse(shown.validFrom) > now)
      throw new Error(`${cert}: the certificate is not valid before ${shown.validFrom}`);
    if (!shown.checkPrivateKey(privateKeyIn(key, options.key)))
      throw new Error(`${key} is not the key of the certificate in ${cert}`);
  }
  if (ca !== undefined) {
    options.ca = trustedText(ca);
    certificateIn(ca, options.ca);
  }
  createSecureContext(options);
  return options;
}

function certificateIn(file: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (error) {
    throw new Error(`${file} is not a certificate in PEM form`, { cause: error });
  }
}

function privateKeyIn(file: string, text: string): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(text);
  } catch (error) {
    throw new Error(`${file} is not a private key in PEM form: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

interface TlsLog {
  info(facts: object, text: string): void;
  warn(facts: object, text: string): void;
  error(facts: object, text: string): void;
}

/** What the files of TLS contain now. What cannot be used leaves the earlier content in use. */
export class Tls {
  private readonly watched: Watched<SecureContextOptions>;
  private readonly listeners: ((now: SecureContextOptions) => void)[] = [];
  private readonly repeats = new Repeats();

  /** Throws as `readTls`. */
  constructor(
    readonly files: TlsFiles,
    private readonly log: TlsLog,
  ) {
    const names = Object.values(files).filter((file: unknown) => file !== undefined) as string[];
    this.watched = new Watched(names, () => readTls(files), {
      changed: (now) => {
        for (const listener of this.listeners) listener(now);
        log.info({ ...files }, 'the certificate has been read again');
      },
      failed: (error) => {
        log.error(
          {
            err: error,
            ...files,
            next: 'correct the files; until then the certificate read before stays in use',
          },
          'the certificate cannot be read',
        );
      },
    });
  }

  get now(): SecureContextOptions {
    return this.watched.now;
  }

  /** What to dial this host with. A certificate for an address names it, and SNI has no addresses (RFC 6066 §3). */
  dialling(host: string): ConnectionOptions {
    return { ...this.now, host, servername: isIP(host) === 0 ? host : '' };
  }

  onChange(listener: (now: SecureContextOptions) => void): void {
    this.listeners.push(listener);
  }

  /** Logs that a connection to this port was refused; the same again is counted. */
  refused(port: string, peer: string, why: string): void {
    const repeated = this.repeats.due(`${port} ${why}`);
    if (repeated !== undefined)
      this.log.warn({ port, peer, why, repeated }, 'a connection was refused by TLS');
  }
}

const verdicts: Record<string, string> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  CERT_REVOKED: 'is revoked',
  INVALID_PURPOSE: 'is for another purpose: its extended key usage must allow servers and clients',
};
const unknownAuthority =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_SIGNATURE_FAILURE)$/;

/** Why we do not accept a certificate; undefined: the code is about something else. */
function verdictOn(code: string, names: string, { ca }: TlsFiles): string | undefined {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `is for other names: ${names}`;
  if (!unknownAuthority.test(code)) return verdicts[code];
  return ca === undefined
    ? 'is not signed by an authority that Node knows: name yours in a file'
    : `is not signed by an authority in ${ca}`;
}

/**
 * In words, why TLS with the server `peer` failed, and which of our files to look at; undefined: the error is about
 * something else.
 */
export function tlsFailure(error: unknown, peer: string, files: TlsFiles): string | undefined {
  // Whoever waits for a peer that says nothing at all has no error either.
  const { code, message, cert } = (error ?? {}) as Partial<NodeJS.ErrnoException> & {
    cert?: Partial<PeerCertificate>;
  };
  if (typeof code !== 'string') return undefined;
  const verdict = verdictOn(code, cert?.subjectaltname ?? 'it has none', files);
  if (verdict !== undefined) return `the certificate of ${peer} ${verdict}`;
  const [, alert] = /_ALERT_(.+)$/.exec(code) ?? [];
  const own = files.cert ?? 'we have none';
  if (alert !== undefined)
    return `${peer} refuses our certificate (${own}): ${alert.toLowerCase().replaceAll('_', ' ')}`;
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG')
    return `${peer} does not speak TLS`;
  if (/^ERR_(SSL|TLS|OSSL)_/.test(code)) return `TLS with ${peer} failed: ${String(message)}`;
  return undefined;
}

/** A peer and we do not accept each other's certificate, or it does not speak TLS. Nothing was sent. */
export class TlsRefusal extends Error {
  override readonly name = 'TlsRefusal';
}

const nameOf = ({ remoteAddress = '', remotePort = 0 }: Socket): string =>
  `${remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress}:${String(remotePort)}`;

/**
 * Puts TLS under connections that somebody else has accepted. Whoever speaks without TLS, or shows a certificate that
 * is not accepted, is told so.
 */
export class TlsDoor {
  private readonly server: Server;
  /** Connections whose handshake is under way, by their other end. */
  private readonly shaking = new Map<string, Socket>();

  /**
   * @param port for the log
   * @param inside takes over a connection, with what it was before
   */
  constructor(
    private readonly tls: Tls,
    private readonly port: string,
    private readonly inside: (socket: TLSSocket, raw: Socket) => void,
    alpn?: string[],
  ) {
    this.server = createServer({
      ...tls.now,
      requestCert: tls.files.ca !== undefined,
      // Whom we refuse is told why.
      rejectUnauthorized: false,
      handshakeTimeout: handshakeMs,
      ALPNProtocols: alpn,
    });
    this.server.on('secureConnection', (socket) => {
      this.greet(socket);
    });
    this.server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      socket.destroy();
      const { code = '', message } = error;
      // Nothing was refused: the other end went away, as those do that only look whether somebody listens.
      if (code !== 'ECONNRESET') this.refuse(socket, clientFailure(code, message, tls.files));
    });
    tls.onChange((now) => {
      this.server.setSecureContext(now);
    });
  }

  admit(raw: Socket): void {
    const name = nameOf(raw);
    this.shaking.set(name, raw);
    raw.once('close', () => {
      if (this.shaking.get(name) === raw) this.shaking.delete(name);
    });
    raw.on('error', () => raw.destroy());
    raw.setTimeout(handshakeMs, () => raw.destroy());
    raw.once('data', (first: Buffer) => {
      raw.setTimeout(0);
      // The record of a handshake (RFC 8446 §5.1).
      if (first[0] !== 0x16) {
        this.refuse(raw, 'it speaks without TLS');
        raw
          .resume()
          .end(
            answerToStranger(
              'This port speaks TLS only: set LEASEHOLD_TLS_CERT, _KEY and _CA at the other end.\n',
            ),
          );
        raw.setTimeout(handshakeMs, () => raw.destroy());
        return;
      }
      raw.pause().unshift(first);
      this.server.emit('connection', raw);
    });
  }

  private greet(socket: TLSSocket): void {
    const raw = this.shaking.get(nameOf(socket));
    socket.on('error', () => socket.destroy());
    if (raw === undefined) {
      socket.destroy();
      return;
    }
    if (this.tls.files.ca !== undefined && !socket.authorized) {
      const why = whyNotAuthorized(socket, this.tls.files);
      this.refuse(socket, why);
      socket.resume().end(answerToStranger(`Your certificate is refused: ${why}.\n`));
      socket.setTimeout(handshakeMs, () => socket.destroy());
      return;
    }
    this.inside(socket, raw);
  }

  private refuse(socket: Socket, why: string): void {
    this.tls.refused(this.port, nameOf(socket), why);
  }
}

function whyNotAuthorized(socket: TLSSocket, files: TlsFiles): string {
  const code = String(socket.authorizationError);
  const isNone = Object.keys(socket.getPeerCertificate()).length === 0;
  return isNone ? 'it shows none' : `it ${verdictOn(code, '', files) ?? `is not accepted: ${code}`}`;
}

/** Why a client did not finish its handshake with us. */
export function clientFailure(code: string, message: string, { cert }: TlsFiles): string {
  const [, alert] = /_ALERT_(.+)$/.exec(code) ?? [];
  if (alert !== undefined)
    return `it refuses our certificate (${String(cert)}): ${alert.toLowerCase().replaceAll('_', ' ')}`;
  if (code === 'ERR_SSL_HTTP_REQUEST' || code === 'ERR_SSL_WRONG_VERSION_NUMBER')
    return 'it speaks without TLS';
  return message;
}
