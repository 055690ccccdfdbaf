/**
 * The declarations of the client for its package. The shapes on the wire are described once, in zod; here they are
 * written out, so that nobody needs zod to use them.
 */
import { basename, join } from 'node:path';
import ts from 'typescript';
import { root } from './ensure.mjs';

const entry = join(root, 'libs/client/src/index.ts');
const { NoTruncation, InTypeAlias, UseSingleQuotesForStringLiteralType } = ts.TypeFormatFlags;
const inFull = NoTruncation | InTypeAlias | UseSingleQuotesForStringLiteralType;

/** @returns [name, text] of every file, as .d.mts and as .d.cts. */
export function clientTypes() {
  const program = programOf();
  const declared = declarations(program);
  const files = new Map([...declared].map(([name, text]) => [name, withoutZod(program, name, text)]));
  files.set('contracts', contracts(program, [...files.values()].join('\n')));
  // Whatever the compiler options of the user: the client has methods for `await using`.
  const head = '/// <reference lib="esnext.disposable" />\n';
  return [...files].flatMap(([name, text]) =>
    ['mts', 'cts'].map((kind) => [
      `${name}.d.${kind}`,
      (name === 'index' ? head : '') +
        text.replace(/from '\.\/([\w-]+)'/g, `from './$1.${kind.replace('ts', 'js')}'`),
    ]),
  );
}

function programOf() {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return ts.createProgram([entry], { ...options, declaration: true, emitDeclarationOnly: true, outDir: '/' });
}

/** What the compiler declares for each file of the client. */
function declarations(program) {
  const texts = new Map();
  program.emit(
    undefined,
    (path, text) => {
      if (path.includes('/libs/client/src/')) texts.set(basename(path, '.d.ts'), text);
    },
    undefined,
    true,
  );
  return texts;
}

/** Types that are inferred from zod, written out; and the contracts from the file next to it. */
function withoutZod(program, name, text) {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(root, 'libs/client/src', `${name}.ts`));
  const parsed = ts.createSourceFile(name, text, ts.ScriptTarget.Latest);
  const parts = parsed.statements.map((statement) => {
    const said = statement.getFullText(parsed);
    if (ts.isImportDeclaration(statement)) {
      const from = statement.moduleSpecifier.text;
      if (from === 'zod') return '';
      return from.startsWith('#contracts') ? importOf(statement, text) : said;
    }
    if (!ts.isTypeAliasDeclaration(statement) || !/\bz\./.test(said)) return said;
    const alias = source.statements.find(
      (each) => ts.isTypeAliasDeclaration(each) && each.name.text === statement.name.text,
    );
    const type = checker.typeToString(checker.getTypeAtLocation(alias.name), undefined, inFull);
    const isExported = /\bexport type /.test(said);
    return `\n${isExported ? 'export ' : ''}type ${statement.name.text} = ${type};`;
  });
  return `${parts.join('')}\n`.replace(/^\/\/# sourceMappingURL.*$/m, '');
}

/** Only the names that are types themselves: those of zod's schemas were written out. */
function importOf(statement, text) {
  const body = text.slice(statement.end);
  const names = statement.importClause.namedBindings.elements
    .map(({ name, propertyName }) => ({ name: name.text, of: (propertyName ?? name).text }))
    .filter(({ name, of }) => /^[A-Z]/.test(of) && new RegExp(`\\b${name}\\b`).test(body))
    .map(({ name, of }) => (name === of ? name : `${of} as ${name}`));
  return names.length === 0 ? '' : `\nimport type { ${names.join(', ')} } from './contracts';`;
}

/** The types of the contracts that the client mentions, and those that these mention. */
function contracts(program, mentioning) {
  const checker = program.getTypeChecker();
  const index = program.getSourceFile(join(root, 'libs/contracts/src/index.ts'));
  const exported = new Map(
    checker.getExportsOfModule(checker.getSymbolAtLocation(index)).map((symbol) => [symbol.name, symbol]),
  );
  const wanted = [...mentioning.matchAll(/import type \{ (.*) \} from '\.\/contracts'/g)].flatMap(
    ([, names]) => names.split(', ').map((each) => each.split(' as ')[0]),
  );
  const written = new Map();
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (written.has(name)) continue;
    const symbol = exported.get(name);
    const alias = (
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    ).declarations.find(ts.isTypeAliasDeclaration);
    // A generic type is copied: it is said in terms of others.
    const text = alias.typeParameters
      ? alias.getText()
      : `export type ${name} = ${checker.typeToString(checker.getTypeAtLocation(alias.name), undefined, inFull)};`;
    written.set(name, text);
    for (const [other] of text.matchAll(/\b[A-Z]\w+\b/g))
      if (other !== name && exported.has(other)) wanted.push(other);
  }
  return `${[...written.values()].sort().join('\n')}\n`;
}
