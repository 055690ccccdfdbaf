import { build } from 'esbuild';
import { join } from 'node:path';

/**
 * The client runs in browsers and edge runtimes: bundled for one, it needs no module of Node, and brings nothing but
 * itself, the names of the contracts, and the parser of event streams.
 */
test('bundled for a browser, the client brings only itself and eventsource-parser', async () => {
  const root = join(__dirname, '..', '..');
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['libs/client/src/index.ts'],
    alias: { '#contracts/plain': join(root, 'libs/contracts/src/plain.ts') },
    bundle: true,
    format: 'esm',
    metafile: true,
    minify: true,
    outfile: 'client.js',
    platform: 'browser',
    write: false,
  });
  const own = /^libs\/(client\/src|contracts\/src\/(plain|limits|names|problem))\b/;
  const foreign = Object.keys(metafile.inputs).filter((path) => !own.test(path));
  expect(foreign).toEqual([expect.stringMatching(/^node_modules\/eventsource-parser\/dist\//)]);
  const imports = Object.values(metafile.inputs).flatMap(({ imports: each }) => each);
  expect(imports.filter(({ external }) => external === true)).toEqual([]);
  expect(outputFiles[0]?.contents.length).toBeLessThan(100_000);
});
