/**
 * The second half of `npm run build`: bundles the console and copies the API explorer to where the lease API serves
 * them, dist/apps/lease-api/console. Uses nothing but esbuild and swagger-ui-dist.
 */
import { build } from 'esbuild';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'apps', 'console', 'src');
const target = join(root, 'dist', 'apps', 'lease-api', 'console');

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
await build({
  absWorkingDir: root,
  bundle: true,
  minify: true,
  entryPoints: [join(source, 'main.tsx')],
  tsconfig: join(root, 'apps', 'console', 'tsconfig.json'),
  format: 'esm',
  target: 'es2022',
  legalComments: 'eof',
  outfile: join(target, 'console.js'),
});
for (const name of ['index.html', 'docs.html', 'docs.js', 'console.css'])
  copyFileSync(join(source, name), join(target, name));
const explorer = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css'])
  copyFileSync(join(explorer, name), join(target, name));
copyFileSync(join(explorer, 'LICENSE'), join(target, 'swagger-ui.LICENSE.txt'));
