import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { type Problem, problemOf } from '#contracts';
import { isLoopback } from '../config';

/**
 * Keeps web pages in a browser on this machine from using the API. A page of another site is known by `Origin` and
 * `Sec-Fetch-Site`. A page whose name was rebound to our address (DNS rebinding) counts as the same origin in its
 * browser; only `Host` gives it away. Programs send neither header, and use one of our names.
 */

/** A host in the form of a URL: lower case, addresses in their usual form. Undefined if it is not a host. */
function authorityOf(text: string): { host: string; hostname: string } | undefined {
  if (!/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.test(text)) return undefined;
  const url = `http://${text}`;
  if (!URL.canParse(url)) return undefined;
  const { host, hostname } = new URL(url);
  return { host, hostname };
}

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);
const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');
const canonical = (host: string): string => authorityOf(bracketed(bare(host)))?.hostname ?? host;

/** The local address of a connection. It is accepted as `Host`: no rebound name can look like an address. */
function reachedAt({ localAddress = '' }: Pick<Socket, 'localAddress'>): string {
  return canonical(localAddress.replace(/^::ffff:(?=\d+\.)/, ''));
}

/** Pages that anybody may lead a browser to: they are the same for everybody, and do nothing by themselves. */
export const consolePages = ['/', '/docs'] as const;

/** Whether somebody follows a link to one of our pages: not a script, a form, a picture or a frame of another site. */
function isVisit({ method, url, headers }: Visit): boolean {
  const [path = ''] = url.split('?', 1);
  return (
    method === 'GET' &&
    (consolePages as readonly string[]).includes(path) &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document'
  );
}
interface Visit {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** How many values of `Host` are remembered: clients use few, and parsing one takes longer than the rest of the check. */
const hostsMax = 64;

export class OwnOrigin {
  private readonly names: ReadonlySet<string>;
  private readonly hosts = new Map<string, ReturnType<typeof authorityOf>>();

  /** `names`: the names of this service, besides localhost and the addresses that it listens on. */
  constructor(names: readonly string[]) {
    this.names = new Set(names.map(canonical));
  }

  /** The problem with the origin of a request, or undefined. */
  refuse(request: Visit, socket: Pick<Socket, 'localAddress'>): Problem | undefined {
    const { headers } = request;
    const own = this.authority(headers.host ?? '');
    if (own === undefined || !this.isOurs(own.hostname, socket)) return problemOf('foreign_host');
    const { origin } = headers;
    if (origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === own.host))
      return problemOf('foreign_origin');
    const site = headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none' || isVisit(request)
      ? undefined
      : problemOf('foreign_origin');
  }

  private authority(host: string): ReturnType<typeof authorityOf> {
    const known = this.hosts.get(host);
    if (known !== undefined) return known;
    const found = authorityOf(host);
    if (this.hosts.size >= hostsMax) this.hosts.clear();
    this.hosts.set(host, found);
    return found;
  }

  private isOurs(hostname: string, socket: Pick<Socket, 'localAddress'>): boolean {
    return isLoopback(bare(hostname)) || this.names.has(hostname) || hostname === reachedAt(socket);
  }
}
