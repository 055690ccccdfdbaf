#!/usr/bin/env node
/** Started by `npx leasectl` and `npm run leasectl --`: installs and builds what is missing, then runs leasectl. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureAll, root, runScript } from './ensure.mjs';

await runScript(async () => {
  // A program may read leasectl's output, so messages about the build go to standard error.
  console.log = console.error;
  await ensureAll();
  const main = join(root, 'dist', 'apps', 'leasectl', 'src', 'main.js');
  const [node, , ...args] = process.argv;
  process.argv = [node, main, ...args];
  await import(pathToFileURL(main).href);
});
