import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type Fetch, Leasehold, type TokenSource } from '#client';
import { Api } from './api';
import { Failure } from './failure';
import { Out } from './output';
import { fetchWith, type TlsFiles } from './tls';

const tokenCharsMax = 65_536;

/** Options of every command. */
export interface GlobalOptions extends TlsFiles {
  api: string;
  token?: string;
  tokenFile?: string;
  tokenCommand?: string;
  adminToken?: string;
  adminTokenFile?: string;
  json?: boolean;
  headers?: boolean;
  quiet?: boolean;
  timeout: number;
}

/** The output and the API of a command. */
export class Context {
  readonly out: Out;
  readonly api: Api;
  readonly options: GlobalOptions;
  private readonly token: string | TokenSource | undefined;
  private readonly fetch: Fetch | undefined;

  constructor(options: GlobalOptions) {
    this.options = options;
    this.out = new Out(options);
    if (!/^https?:\/\/./.test(options.api) || !URL.canParse(options.api))
      throw new Failure(
        'usage',
        `"${options.api}" is not the URL of a lease API.`,
        'Give --api or LEASEHOLD_API, as in http://127.0.0.1:8080.',
      );
    this.token = tokenFrom(options);
    this.fetch = fetchWith(options, options.api);
    this.api = new Api(options.api, this.token, options.timeout, this.fetch);
  }

  /** The client library, for commands that need a session. It retries requests that fail in transit for `retryMs`. */
  leasehold(retryMs: number): Leasehold {
    const { api: url, timeout: timeoutMs } = this.options;
    return new Leasehold({ url, token: this.token, timeoutMs, retryMs, fetch: this.fetch });
  }
}

const given = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

/**
 * The token, or how to get it. What a file or a command gives is read again when the service no longer accepts it, so
 * that commands that run for long outlive their token.
 */
function tokenFrom(options: GlobalOptions): string | TokenSource | undefined {
  const ways = [
    given(options.token),
    sourceOf(options.tokenFile, '--token-file', secretIn),
    given(options.adminToken),
    sourceOf(options.adminTokenFile, '--admin-token-file', secretIn),
  ].filter((way) => way !== undefined);
  const command = given(options.tokenCommand);
  if (command !== undefined) ways.push(() => outputOf(command, options.timeout));
  if (ways.length > 1)
    throw new Failure(
      'usage',
      'Give the token in one way: as a file, a command, or a variable, not several.',
    );
  return ways[0];
}

/** Reads at once what can be read, so that a mistake is told before anything is done. */
function sourceOf(
  path: string | undefined,
  option: string,
  read: (path: string, option: string) => string,
): TokenSource | undefined {
  if (given(path) === undefined || path === undefined) return undefined;
  read(path, option);
  return () => read(path, option);
}

/** What the command prints, as the shell runs it; its own messages go to the terminal. */
async function outputOf(command: string, timeout: number): Promise<string> {
  const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'], timeout });
  const ended = once(child, 'close');
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > tokenCharsMax) child.kill();
  }
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`--token-command failed: ${command}`);
  return text.trim();
}

/** Reads a secret from the first line of a file, so that it does not appear in `ps`. */
export function secretIn(path: string, option: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure('usage', `${option}: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const [line = ''] = text.split('\n');
  if (line.trim() === '' || !/^[\x21-\x7e]+$/.test(line.trim()))
    throw new Failure('usage', `${option}: the first line of ${path} is not a secret.`);
  return line.trim();
}
