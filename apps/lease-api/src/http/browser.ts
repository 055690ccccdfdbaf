import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { type Problem, problemOf } from '#contracts';
import { isLoopback } from '../config';

/**
 * Keeps the pages of a browser on this machine from acting here. A page of another site says so in `Origin` and
 * `Sec-Fetch-Site`; one whose name has been rebound to our address is of the same origin to its browser, and only `Host`
 * gives it away. Programs send neither header, and ask by a name that is ours.
 */

/** A host as a URL has it: lower case, addresses in their usual form. Undefined for what is none. */
function authorityOf(text: string): { host: string; hostname: string } | undefined {
  if (!/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.test(text)) return undefined;
  const url = `http://${text}`;
  return URL.canParse(url) ? new URL(url) : undefined;
}

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);
const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');
const canonical = (host: string): string => authorityOf(bracketed(bare(host)))?.hostname ?? host;

/** Whoever connects to an address of ours may call us by it: no name can be rebound to look like one. */
function reachedAt({ localAddress = '' }: Pick<Socket, 'localAddress'>): string {
  return canonical(localAddress.replace(/^::ffff:(?=\d+\.)/, ''));
}

export class OwnOrigin {
  private readonly names: ReadonlySet<string>;

  /** `names`: what this service is called, beside localhost and the addresses that it listens on. */
  constructor(names: readonly string[]) {
    this.names = new Set(names.map(canonical));
  }

  /** What is wrong with where a request comes from, or undefined. */
  refuse(headers: IncomingHttpHeaders, socket: Pick<Socket, 'localAddress'>): Problem | undefined {
    const own = authorityOf(headers.host ?? '');
    if (own === undefined || !this.isOurs(own.hostname, socket)) return problemOf('foreign_host');
    const { origin } = headers;
    if (origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === own.host))
      return problemOf('foreign_origin');
    const site = headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none'
      ? undefined
      : problemOf('foreign_origin');
  }

  private isOurs(hostname: string, socket: Pick<Socket, 'localAddress'>): boolean {
    return isLoopback(bare(hostname)) || this.names.has(hostname) || hostname === reachedAt(socket);
  }
}
