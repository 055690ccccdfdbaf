/**
 * `npm run docs`: builds the site from the pages of this repository and serves it on 127.0.0.1:8090, or `--port PORT`,
 * until Ctrl-C. `--build` only builds it, into dist/docs. A link that leads nowhere fails the build.
 */
import { join } from 'node:path';
import { ensureInstalled, ensureNode, root, run, runScript } from './ensure.mjs';

const vitepress = join(root, 'node_modules', 'vitepress', 'bin', 'vitepress.js');
const at = process.argv.indexOf('--port');
const port = at < 0 ? '8090' : process.argv[at + 1];

await runScript(async () => {
  ensureNode();
  await ensureInstalled();
  process.exitCode = await run(process.execPath, [vitepress, 'build', 'docs']);
  if (process.exitCode !== 0 || process.argv.includes('--build')) return;
  console.log(`http://127.0.0.1:${port}`);
  const serve = [vitepress, 'preview', 'docs', '--host', '127.0.0.1', '--port', port];
  process.exitCode = await run(process.execPath, serve);
});
