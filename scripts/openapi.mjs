/** `npm run openapi`: writes docs/openapi.json from the controllers and contracts. Opens no table and no port. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { format, resolveConfig } from 'prettier';
import { ensureAll, root, runScript } from './ensure.mjs';

await runScript(async () => {
  await ensureAll();
  const { AppModule } = await import('../dist/apps/lease-api/src/app.module.js');
  const { openApiDocument } = await import('../dist/apps/lease-api/src/http/openapi.js');
  const module = AppModule.of(() => {
    throw new Error('the document needs no application');
  });
  const app = await NestFactory.create(module, new FastifyAdapter(), { preview: true, logger: false });
  const file = join(root, 'docs', 'openapi.json');
  mkdirSync(join(root, 'docs'), { recursive: true });
  const text = JSON.stringify(openApiDocument(app));
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), parser: 'json' }));
  console.log(`Wrote ${file}`);
});
