/**
 * `node -r` this to run a TypeScript file as it is: for the child processes that a test means to kill, and for the rules
 * with changes built in.
 */
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

/** Texts that stand in for files, by path. */
const texts = (globalThis.textsOfFiles = new Map());
/** By text, or by path for a file as it is. */
const compiled = new Map();

function compile(filename) {
  const { code } = transformSync(texts.get(filename) ?? readFileSync(filename, 'utf8'), {
    filename,
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      target: 'es2022',
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  });
  return code;
}

require.extensions['.ts'] = (module, filename) => {
  const text = texts.get(filename) ?? filename;
  if (!compiled.has(text)) compiled.set(text, compile(filename));
  module._compile(compiled.get(text), filename);
};
