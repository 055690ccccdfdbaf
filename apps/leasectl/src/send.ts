import { type ClientRequest, type IncomingMessage, request as plain } from 'node:http';
import { request as secure } from 'node:https';

/** What leasectl reads of an answer; a `Response` of fetch has it, too. */
export interface Answered {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly body: AsyncIterable<unknown> | null;
  text(): Promise<string>;
}
export interface Sent {
  method: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

/** As fetch reports it. */
const broken = (cause: Error): TypeError => new TypeError('the request failed', { cause });

/**
 * Sends a request as fetch does, without following a redirect. Loading fetch costs a command that sends one request half
 * of its processor time.
 */
export function send(url: string, { method, headers, body, signal }: Sent): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { method, headers: { ...headers, ...length }, signal };
    const sent: ClientRequest = (url.startsWith('https:') ? secure : plain)(url, options, (answer) => {
      resolve(answered(answer));
    });
    sent.once('error', (error) => {
      reject(broken(error));
    });
    sent.end(body);
  });
}

function answered(answer: IncomingMessage): Answered {
  const { statusCode: status = 0, statusMessage: statusText = '' } = answer;
  const chunks = async function* (): AsyncGenerator {
    try {
      for await (const chunk of answer) yield chunk;
    } catch (error) {
      throw broken(error as Error);
    }
  };
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText,
    body: chunks(),
    text: async () => {
      const bytes: Buffer[] = [];
      for await (const chunk of chunks()) bytes.push(chunk as Buffer);
      return Buffer.concat(bytes).toString('utf8');
    },
  };
}
