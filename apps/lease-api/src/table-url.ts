import type { RedisAddress } from '#locks';

/** The options that may follow a URL, and the kinds of URL that take them. */
const optionsOf: Readonly<Record<RedisAddress['shape'], readonly string[]>> = {
  single: ['family'],
  sentinel: ['family', 'sentinelUsername', 'sentinelPassword'],
  cluster: ['family'],
};
const defaultPort = { single: 6379, sentinel: 26_379, cluster: 6379 } as const;
const hostsMax = 64;
/** As Redis has them by default; a server may have more. */
const dbMax = 65_535;

/** A URL that names no table; the message says why. */
export class TableUrlError extends Error {
  override readonly name = 'TableUrlError';
}

/**
 * Reads `redis://HOST[:PORT][/DB]`, `redis+sentinel://HOST[:PORT],…/MASTER[/DB]` or `redis+cluster://HOST[:PORT],…`, each with
 * `rediss` for TLS, `USER:PASSWORD@` and `?NAME=VALUE`. Nothing is passed on unread: what is not known here is refused.
 * @throws TableUrlError
 */
export function readTableUrl(text: string): RedisAddress {
  const [, secure, kind = 'single', user, hosts = '', path = '', query = ''] =
    /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)(\/[^?#]*)?(?:\?([^#]*))?$/.exec(
      text,
    ) ?? [];
  if (secure === undefined) throw new TableUrlError('not a URL of a table');
  const shape = kind as RedisAddress['shape'];
  const [username, password] = user === undefined ? [] : credentials(user);
  const { master, db } = placeIn(shape, path);
  const options = new URLSearchParams(query);
  for (const name of options.keys()) {
    if (!optionsOf[shape].includes(name))
      throw new TableUrlError(`no option ${name}; there are ${optionsOf[shape].join(', ')}`);
    if (options.getAll(name).length > 1) throw new TableUrlError(`the option ${name} is given twice`);
  }
  const family = options.get('family');
  if (family !== null && family !== '4' && family !== '6') throw new TableUrlError('family is 4 or 6');
  const list = hosts.split(',').map((each) => hostIn(each, defaultPort[shape]));
  if (list.length > (shape === 'single' ? 1 : hostsMax)) throw new TableUrlError('too many hosts');
  return {
    ...{ shape, tls: secure === 's', hosts: list, master, db, username, password },
    sentinelUsername: options.get('sentinelUsername') ?? undefined,
    sentinelPassword: options.get('sentinelPassword') ?? undefined,
    family: family === null ? undefined : family === '4' ? 4 : 6,
  };
}

function hostIn(text: string, usual: number): { host: string; port: number } {
  const [, name, v6, port] = /^(?:([A-Za-z0-9._-]+)|\[([0-9A-Fa-f:.]+)\])(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = name ?? v6;
  if (host === undefined) throw new TableUrlError(`${JSON.stringify(text)} is not HOST or HOST:PORT`);
  const number = port === undefined ? usual : Number(port);
  if (number < 1 || number > 65_535) throw new TableUrlError(`${text}: no such port`);
  return { host, port: number };
}

/** The name of the master, and the number of the database. */
function placeIn(shape: RedisAddress['shape'], path: string): { master?: string; db: number } {
  const parts = path.split('/').slice(1).map(decoded);
  const master = shape === 'sentinel' ? parts.shift() : undefined;
  if (shape === 'sentinel' && (master === undefined || !/^[\w.-]{1,128}$/.test(master)))
    throw new TableUrlError('after the Sentinels comes /MASTER, the name by which they know it');
  const [number = ''] = parts;
  const db = number === '' ? 0 : Number(number);
  if (parts.length > 1 || !/^\d{0,5}$/.test(number) || db > dbMax)
    throw new TableUrlError(`no such database: ${path}`);
  if (shape === 'cluster' && db !== 0) throw new TableUrlError('a Cluster has only the database 0');
  return { master, db };
}

function credentials(user: string): [username: string | undefined, password: string | undefined] {
  const colon = user.indexOf(':');
  const name = colon < 0 ? user : user.slice(0, colon);
  return [name === '' ? undefined : decoded(name), colon < 0 ? undefined : decoded(user.slice(colon + 1))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TableUrlError('what follows a % is two hexadecimal digits');
  }
}
