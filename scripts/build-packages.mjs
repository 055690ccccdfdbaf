/**
 * `npm run build:packages`: fills packages/NAME/dist, which `npm pack` and `npm publish` send. The client is bundled twice,
 * as an ES module and as CommonJS, with types that need nothing else; leasectl is bundled into one file; the service is
 * the build of this repository.
 */
import { build } from 'esbuild';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureAll, root, runScript } from './ensure.mjs';
import { clientTypes } from './client-types.mjs';

const packages = join(root, 'packages');
const source = (path) => join(root, path);
const aliases = {
  '#contracts': source('libs/contracts/src/index.ts'),
  '#contracts/plain': source('libs/contracts/src/plain.ts'),
  '#client': source('libs/client/src/index.ts'),
};

const dependenciesOf = (name) =>
  Object.keys(JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')).dependencies);

/** Bundles our own code; a dependency of the package stays outside, and nothing else may be left out. */
async function bundle(name, entry, options) {
  await build({
    absWorkingDir: root,
    bundle: true,
    entryPoints: [entry],
    external: [...dependenciesOf(name), '#package.json', '#nfs.proto', '#dlm.proto'],
    alias: aliases,
    legalComments: 'none',
    target: 'es2022',
    ...options,
    outfile: join(packages, name, 'dist', options.outfile),
  });
}

async function client() {
  const entry = source('libs/client/src/index.ts');
  await bundle('client', entry, { format: 'esm', platform: 'neutral', outfile: 'index.mjs' });
  await bundle('client', entry, { format: 'cjs', platform: 'neutral', outfile: 'index.cjs' });
  const folder = join(packages, 'client', 'dist', 'types');
  mkdirSync(folder);
  for (const [name, text] of clientTypes()) writeFileSync(join(folder, name), text);
}

async function cli() {
  const entry = source('apps/leasectl/src/main.ts');
  await bundle('cli', entry, { format: 'cjs', platform: 'node', outfile: 'leasectl.cjs' });
  chmodSync(join(packages, 'cli', 'dist', 'leasectl.cjs'), 0o755);
}

function service() {
  const dist = join(packages, 'leasehold', 'dist');
  for (const part of [
    ...['lease-api', 'fileserver', 'nfs-head'].map((app) => `apps/${app}`),
    ...['contracts', 'locks', 'nfs4', 'rpc', 'telemetry'].map((library) => `libs/${library}`),
  ])
    cpSync(join(root, 'dist', part), join(dist, part), {
      recursive: true,
      filter: (path) => !path.endsWith('.map'),
    });
  cpSync(source('libs/contracts/proto'), join(dist, 'libs/contracts/proto'), { recursive: true });
}

await runScript(async () => {
  await ensureAll();
  for (const name of ['client', 'cli', 'leasehold']) {
    rmSync(join(packages, name, 'dist'), { recursive: true, force: true });
    cpSync(source('LICENSE'), join(packages, name, 'LICENSE'));
  }
  await client();
  await cli();
  service();
});
