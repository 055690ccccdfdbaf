/** `node scripts/program.mjs lease-api|fileserver [arguments]`: installs and builds what is missing, then is that program. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SetupError, ensureAll, programEnv, root, runScript } from './ensure.mjs';

const [node, , name, ...args] = process.argv;

await runScript(async () => {
  if (name !== 'lease-api' && name !== 'fileserver') {
    throw new SetupError(`There is no program ${name ?? ''}: lease-api or fileserver.`);
  }
  await ensureAll();
  const main = join(root, 'dist', 'apps', name, 'src', 'main.js');
  // In this very process, so that signals and exit codes are the program's own.
  process.argv = [node, main, ...args];
  process.env = programEnv();
  await import(pathToFileURL(main).href);
});
