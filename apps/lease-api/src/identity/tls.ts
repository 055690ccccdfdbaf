import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { privateText } from '#rpc';
import { trustedText } from './watched-file';

/** The files of a port with TLS. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  /** The authorities that sign the certificates of clients; absent: clients are not asked for one. */
  readonly clientCa?: string;
}

export const filesOf = ({ cert, key, clientCa }: TlsFiles): string[] =>
  clientCa === undefined ? [cert, key] : [cert, key, clientCa];

/** Reads the files. Throws if one cannot be read, others can read the key, or certificate and key do not match. */
export function readTls({ cert, key, clientCa }: TlsFiles): SecureContextOptions {
  const options: SecureContextOptions = {
    cert: trustedText(cert),
    key: privateText(key),
    ca: clientCa === undefined ? undefined : trustedText(clientCa),
    minVersion: 'TLSv1.2',
  };
  createSecureContext(options);
  return options;
}
