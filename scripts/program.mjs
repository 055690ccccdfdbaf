/**
 * `node scripts/program.mjs lease-api|fileserver|nfs-head [arguments]`: installs and builds what is missing, then runs
 * that program.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SetupError, ensureAll, programEnv, root, runScript } from './ensure.mjs';

const [node, , name, ...args] = process.argv;

await runScript(async () => {
  if (!['lease-api', 'fileserver', 'nfs-head'].includes(name)) {
    throw new SetupError(`There is no program ${name ?? ''}: lease-api, fileserver or nfs-head.`);
  }
  await ensureAll();
  const main = join(root, 'dist', 'apps', name, 'src', 'main.js');
  // In this same process, so that signals and exit codes are the program's own.
  process.argv = [node, main, ...args];
  process.env = programEnv();
  await import(pathToFileURL(main).href);
});
