/** One request to the lease API. */
export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below /v1, beginning with a slash. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  accept?: string;
  secret?: string;
  headers?: Record<string, string>;
  /** How long one attempt may take, in addition to `waitMs`. */
  timeoutMs?: number;
  waitMs?: number;
  /** How long to repeat after the first failed attempt; 0 = one attempt. */
  retryMs?: number;
  /** false: a repeat might have another effect, so the call is repeated only if it was never sent. */
  repeatable?: boolean;
  signals?: readonly (AbortSignal | undefined)[];
  /** Called right before each attempt is sent. */
  onAttempt?: () => void;
}
