#!/usr/bin/env node
/** `leasectl`, as `npx leasectl` and `npm run leasectl --` start it: installs and builds what is missing, then is that program. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureAll, root, runScript } from './ensure.mjs';

await runScript(async () => {
  // What it prints may be read by a program; that something is built first is not part of it.
  console.log = console.error;
  await ensureAll();
  const main = join(root, 'dist', 'apps', 'leasectl', 'src', 'main.js');
  const [node, , ...args] = process.argv;
  process.argv = [node, main, ...args];
  await import(pathToFileURL(main).href);
});
