import { readFileSync } from 'node:fs';
import { Leasehold } from '#client';
import { Api } from './api';
import { Failure } from './failure';
import { Out } from './output';

/** Options of every command. */
export interface GlobalOptions {
  api: string;
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
  private readonly adminToken: string | undefined;

  constructor(options: GlobalOptions) {
    this.options = options;
    this.out = new Out(options);
    if (!/^https?:\/\/./.test(options.api) || !URL.canParse(options.api))
      throw new Failure(
        'usage',
        `"${options.api}" is not the URL of a lease API.`,
        'Give --api or LEASEHOLD_API, as in http://127.0.0.1:8080.',
      );
    this.adminToken =
      options.adminTokenFile === undefined
        ? given(options.adminToken)
        : secretIn(options.adminTokenFile, '--admin-token-file');
    this.api = new Api(options.api, this.adminToken, options.timeout);
  }

  /** The client library, for commands that need a session. It retries requests that fail in transit for `retryMs`. */
  leasehold(retryMs: number): Leasehold {
    const { api: url, timeout: timeoutMs } = this.options;
    return new Leasehold({ url, adminToken: this.adminToken, timeoutMs, retryMs });
  }
}

const given = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

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
