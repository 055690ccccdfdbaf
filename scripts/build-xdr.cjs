/**
 * `npm run build:xdr`: translates the XDR of the standards (`libs/nfs4/src/*.x`) to `wire.generated.ts`: for
 * every declaration a type, and a codec that encodes and decodes it. `--check` only says whether the file is up to
 * date.
 */
const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const folder = path.join(__dirname, '../libs/nfs4/src');
const sources = ['rpc.x', 'nfs4.x'];
const output = path.join(folder, 'wire.generated.ts');

const basic = {
  uint32_t: ['number', 'xdr.uint32'],
  uint64_t: ['bigint', 'xdr.uint64'],
  int64_t: ['bigint', 'xdr.int64'],
  bool: ['boolean', 'xdr.bool'],
};

function tokensOf(text) {
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/^%.*$/gm, ' ');
  return plain.match(/[A-Za-z_]\w*|0[xX][0-9a-fA-F]+|\d+|[^\s]/g) ?? [];
}

/** Reads one file, declaration by declaration, and writes each as TypeScript. */
function translate(name) {
  const tokens = tokensOf(readFileSync(path.join(folder, name), 'utf8'));
  const lines = [];
  let at = 0;
  const peek = () => tokens[at];
  const next = () => tokens[at++];
  const expect = (token) => {
    const found = next();
    if (found !== token)
      throw new Error(`${name}: ${token} expected, found ${found} after ${tokens.slice(at - 6, at - 1)}`);
  };
  const accept = (token) => peek() === token && next() === token;

  /** A type and a name with its brackets, or void: [field, TypeScript type, codec]. */
  function declaration() {
    if (accept('void')) return undefined;
    let type = next();
    if (type === 'unsigned') {
      const width = next();
      type = width === 'int' ? 'uint32_t' : 'uint64_t';
    }
    const linked = accept('*');
    const field = next();
    const variable = accept('<');
    const fixed = !variable && accept('[');
    let bound = '';
    if (variable || fixed) {
      if (peek() !== '>' && peek() !== ']') bound = next();
      expect(variable ? '>' : ']');
    }
    if (type === 'opaque')
      return [field, 'Buffer', fixed ? `xdr.fixedOpaque(${bound})` : `xdr.opaque(${bound})`];
    if (type === 'string') return [field, 'string', `xdr.string(${bound})`];
    const [typeName, codec] = basic[type] ?? [type, type];
    if (linked) return [field, `${typeName}[]`, `xdr.list(${codec})`];
    if (fixed) throw new Error(`${name}: ${field}: fixed arrays are not used by the standard's text so far`);
    if (!variable) return [field, typeName, codec];
    return [field, `${typeName}[]`, `xdr.array(${codec}${bound === '' ? '' : `, ${bound}`})`];
  }

  function constant() {
    const id = next();
    expect('=');
    lines.push(`export const ${id} = ${next()};`);
  }

  function enumeration() {
    const id = next();
    expect('{');
    const members = [];
    do {
      const member = next();
      expect('=');
      lines.push(`export const ${member} = ${next()};`);
      members.push(member);
    } while (accept(','));
    expect('}');
    lines.push(`export type ${id} = ${members.map((each) => `typeof ${each}`).join(' | ')};`);
    lines.push(`export const ${id} = xdr.enumOf<${id}>({ ${members.join(', ')} });`);
  }

  function structure() {
    const id = next();
    expect('{');
    const fields = [];
    while (!accept('}')) {
      fields.push(declaration());
      expect(';');
    }
    lines.push(`export interface ${id} { ${fields.map(([f, t]) => `${f}: ${t};`).join(' ')} }`);
    lines.push(
      `export const ${id}: xdr.Codec<${id}> = xdr.struct<${id}>({ ${fields.map(([f, , c]) => `${f}: ${c}`).join(', ')} });`,
    );
  }

  function unionOf() {
    const id = next();
    expect('switch');
    expect('(');
    const [tag, tagType, tagCodec] = declaration();
    expect(')');
    expect('{');
    const types = [];
    const arms = [];
    const known = [];
    let otherwise = '';
    const armText = (arm) => (arm === undefined ? `'void'` : `['${arm[0]}', ${arm[2]}]`);
    const fieldText = (arm) => (arm === undefined ? '' : ` ${arm[0]}: ${arm[1]};`);
    while (!accept('}')) {
      const cases = [];
      let isDefault = false;
      for (;;) {
        if (accept('case')) cases.push(next());
        else if (accept('default')) isDefault = true;
        else break;
        expect(':');
      }
      const arm = declaration();
      expect(';');
      for (const each of cases) {
        known.push(`typeof ${each}`);
        arms.push(`[${each}]: ${armText(arm)}`);
        types.push(`{ ${tag}: typeof ${each};${fieldText(arm)} }`);
      }
      if (isDefault) {
        otherwise = `, ${armText(arm)}`;
        types.push(`{ ${tag}: Exclude<${tagType}, ${known.join(' | ')}>;${fieldText(arm)} }`);
      }
    }
    lines.push(`export type ${id} = ${types.join(' | ')};`);
    lines.push(
      `export const ${id}: xdr.Codec<${id}> = xdr.union<${id}>('${tag}', ${tagCodec}, { ${arms.join(', ')} }${otherwise});`,
    );
  }

  const kinds = { const: constant, enum: enumeration, struct: structure, union: unionOf };
  while (at < tokens.length) {
    const kind = next();
    if (kind === 'typedef') {
      const [id, type, codec] = declaration();
      lines.push(`export type ${id} = ${type};`, `export const ${id}: xdr.Codec<${id}> = ${codec};`);
    } else if (kinds[kind]) {
      kinds[kind]();
    } else {
      throw new Error(`${name}: ${kind} is no declaration`);
    }
    expect(';');
  }
  return lines;
}

function wireModule() {
  const head = `// Made by \`npm run build:xdr\` from ${sources.join(' and ')}; see scripts/build-xdr.cjs. Do not edit.\nimport * as xdr from './xdr';\n\n`;
  return head + sources.flatMap(translate).join('\n') + '\n';
}

if (process.argv[2] !== '--check') writeFileSync(output, wireModule());
else if (readFileSync(output, 'utf8') !== wireModule()) {
  console.error(
    `${path.relative(process.cwd(), output)} is stale: run npm run build:xdr and commit what it writes`,
  );
  process.exitCode = 1;
}
