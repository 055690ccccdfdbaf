import { readFileSync } from 'node:fs';
import { Leasehold } from '#client';
import { Api } from './api';
import { Failure } from './failure';
import { Out } from './output';

/** Options that every command has. */
export interface GlobalOptions {
  api: string;
  adminToken?: string;
  adminTokenFile?: string;
  json?: boolean;
  headers?: boolean;
  quiet?: boolean;
  timeout: number;
}

/** What a command works with. */
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
        `"${options.api}" is no URL of a lease API.`,
        'Give --api or LEASEHOLD_API, as in http://127.0.0.1:8080.',
      );
    this.adminToken =
      options.adminTokenFile === undefined
        ? given(options.adminToken)
        : secretIn(options.adminTokenFile, '--admin-token-file');
    this.api = new Api(options.api, this.adminToken, options.timeout);
  }

  /** The client library, for what needs a session. It repeats what fails on the way for `retryMs`. */
  leasehold(retryMs: number): Leasehold {
    const { api: url, timeout: timeoutMs } = this.options;
    return new Leasehold({ url, adminToken: this.adminToken, timeoutMs, retryMs });
  }
}

const given = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

/** The first line of a file: a secret that is in no list of processes. */
export function secretIn(path: string, option: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure('usage', `${option}: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const [line = ''] = text.split('\n');
  if (line.trim() === '' || !/^[\x21-\x7e]+$/.test(line.trim()))
    throw new Failure('usage', `${option}: ${path} has no secret in its first line.`);
  return line.trim();
}
