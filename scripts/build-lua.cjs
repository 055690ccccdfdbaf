/**
 * Compiles the rules to the Redis Function library. `npm run build:lua` writes it beside the Redis table, where it is
 * reviewed and committed like any other source. Given another entry file, it prints the Lua to standard output.
 */
const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const tstl = require('typescript-to-lua');
const ts = require('typescript');

const redisTable = path.join(__dirname, '../libs/locks/src/table/redis');
/** The names that may be called as methods: the port to the rows and the step's own `flush`. */
const portMethods = new Set([
  'wall',
  'monotonic',
  'get',
  'put',
  'del',
  'link',
  'unlink',
  'page',
  'span',
  'record',
  'digits',
  'padded',
  'letter',
  'idOf',
  'begins',
  'size',
  'tail',
  'flush',
  'undo',
]);
const output = path.join(redisTable, 'library-code.generated.ts');

/** Returns the Lua of the library with this entry file. Throws an error that lists all diagnostics. */
function buildLibrary(entry = path.join(redisTable, 'lua/library.ts')) {
  const configFile = path.join(redisTable, 'lua/tsconfig.json');
  const config = tstl.parseConfigFileWithSystem(configFile, {
    luaBundle: 'library.lua',
    luaBundleEntry: entry,
    outDir: path.join(__dirname, '../dist/lua'),
  });
  const options = { ...config.options, noLib: false };
  // TypeScriptToLua translates `push` and `Math.max` only if the standard library declares them, so the small
  // declaration file takes its place.
  const host = ts.createCompilerHost(options);
  host.getDefaultLibFileName = () => path.join(redisTable, 'lua/portable.d.ts');
  const program = ts.createProgram([path.join(redisTable, 'lua/redis.d.ts'), entry], options, host);
  const errors = [...config.errors, ...ts.getPreEmitDiagnostics(program)];
  let lua = '';
  if (errors.length === 0) {
    const writeFile = (_file, text) => {
      lua = text;
    };
    errors.push(...new tstl.Transpiler().emit({ program, writeFile }).diagnostics);
  }
  if (errors.length > 0)
    throw new Error(`the rules cannot be turned into Lua:\n${ts.formatDiagnostics(errors, host)}`);
  const library = lua.match(/__TS__\w+/)?.[0];
  if (library !== undefined)
    throw new Error(`the Lua needs ${library}: some construct of the rules has no plain form in Lua`);
  const method = [...lua.matchAll(/[\w\])]:(\w+)\(/g)].find((match) => !portMethods.has(match[1]));
  if (method !== undefined)
    throw new Error(
      `the Lua calls :${method[1]}(), which is no method of the rows: tables have no methods in Lua`,
    );
  if (lua.includes('`') || lua.includes('${'))
    throw new Error('the Lua contains a backtick or ${ and cannot be quoted');
  // The bundle reads these two names while it loads, and Redis does not define them then.
  const prelude = 'local require = nil\nlocal function select(_, ...) return 0 end\n';
  return prelude + lua.trim().replace(/[ \t]+$/gm, '') + '\n';
}

/** The committed source file that contains the library. */
function libraryModule(lua) {
  return `// Made by \`npm run build:lua\` from the rules in core/; see scripts/build-lua.cjs. Do not edit.
export const libraryCode = String.raw\`${lua}\`;
`;
}

/** The complaint if the committed library is not what the rules make; undefined if it is. */
function stale() {
  if (readFileSync(output, 'utf8') === libraryModule(buildLibrary())) return undefined;
  return `${path.relative(process.cwd(), output)} is stale: run npm run build:lua and commit what it writes`;
}

module.exports = { buildLibrary, stale };
if (require.main === module) {
  const [entry] = process.argv.slice(2);
  if (entry === undefined) writeFileSync(output, libraryModule(buildLibrary()));
  else process.stdout.write(buildLibrary(path.resolve(entry)));
}
