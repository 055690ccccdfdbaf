import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Fetch } from '#client';
import { Failure } from './failure';

/** Files for TLS with the lease API: whom to trust, and what to show. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Sends requests to https addresses with these files; undefined: there are none, and the runtime's own `fetch` will do.
 * Each new connection uses what the files contain then, so that commands that run for long outlive their certificate.
 */
export function fetchWith(files: TlsFiles, api: string): Fetch | undefined {
  const { ca, cert, key } = files;
  if ((ca ?? cert ?? key) === undefined) return undefined;
  if (!api.startsWith('https:'))
    throw new Failure(
      'usage',
      `--ca, --cert and --key are for TLS, and ${api} is without it.`,
      'Give an address that begins with https:// (--api or LEASEHOLD_API).',
    );
  if ((cert === undefined) !== (key === undefined))
    throw new Failure(
      'usage',
      'A client certificate needs --cert and --key (LEASEHOLD_CERT, LEASEHOLD_KEY).',
    );
  // What is wrong is told before anything is done.
  contentOf(files);
  const made = connection(files);
  return async (url, init) => (await made)(url, init);
}

/** Loaded only if needed: it would double the time that leasectl takes to start. */
async function connection(files: TlsFiles): Promise<Fetch> {
  const { Agent, buildConnector, fetch: send } = await import('undici');
  const dispatcher = new Agent({
    connect: (options, callback) => {
      buildConnector(contentOf(files))(options, callback);
    },
  });
  return async (url, { method, body, headers, signal, redirect }) =>
    send(url, {
      ...{ method, body: body as string | undefined, signal, redirect, dispatcher },
      headers: Object.fromEntries(new Headers(headers)),
    });
}

/** @throws Failure that names the option whose file cannot be used */
function contentOf({ ca, cert, key }: TlsFiles): SecureContextOptions {
  const options = { ca: textIn(ca, '--ca'), cert: textIn(cert, '--cert'), key: textIn(key, '--key') };
  try {
    createSecureContext(options);
  } catch (error) {
    const names = [ca, cert, key].filter((name) => name !== undefined).join(', ');
    throw new Failure('usage', `--ca, --cert, --key: ${(error as Error).message}: ${names}.`);
  }
  return options;
}

function textIn(path: string | undefined, option: string): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure('usage', `${option}: ${(error as Error).message}.`);
  }
}
