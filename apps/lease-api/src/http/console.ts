import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Log } from '../telemetry/logger';
import { consolePages } from './browser';

/** The console and the API explorer: files of this build, read once (docs/console.md, decision 0040). */

const folder = join(__dirname, '..', '..', 'console');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** Only files of this origin, and nobody may put a page into a frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Pictures inside the style sheets.
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];
/** The console makes no markup of text; the explorer does, and cleans it. */
const consolePolicy = [...policy, "require-trusted-types-for 'script'", "trusted-types 'none'"];

const pageHeaders = (rules: readonly string[]): Record<string, string> => ({
  'content-security-policy': rules.join('; '),
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
});

const pages: Readonly<Record<(typeof consolePages)[number], { file: string; rules: readonly string[] }>> = {
  '/': { file: 'index.html', rules: consolePolicy },
  '/docs': { file: 'docs.html', rules: policy },
};

export function serveConsole(app: NestFastifyApplication, log: Log): void {
  if (!existsSync(folder)) {
    log.warn({ next: 'npm run build' }, 'this build has no console');
    return;
  }
  const fastify = app.getHttpAdapter().getInstance();
  const serve = (path: string, file: string, headers: Record<string, string> = {}): void => {
    const body = readFileSync(join(folder, file));
    const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const type = types[extname(file)] ?? 'application/octet-stream';
    fastify.get(path, (request, reply) => {
      // The browser asks each time whether there is a new build.
      void reply.headers({
        ...{ 'cache-control': 'no-cache', etag: tag, 'cross-origin-resource-policy': 'same-origin' },
        ...headers,
      });
      if (request.headers['if-none-match'] === tag) void reply.code(304).send();
      else void reply.type(type).send(body);
    });
  };
  for (const path of consolePages) serve(path, pages[path].file, pageHeaders(pages[path].rules));
  for (const file of readdirSync(folder)) if (!file.endsWith('.html')) serve(`/console/${file}`, file);
}
