import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import ts from 'typescript';

/** Texts are UTF-16 here and bytes in Lua, and compare by the locale there. */
const noTextOrder = {
  meta: { type: 'problem', schema: [], messages: { order: 'texts have no order that both languages share' } },
  create(context) {
    const { getTypeAtLocation } = context.sourceCode.parserServices;
    const isText = (type) =>
      type.isUnion()
        ? type.types.some(isText)
        : (type.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.Any)) !== 0;
    return {
      BinaryExpression(node) {
        if (!['<', '>', '<=', '>='].includes(node.operator)) return;
        if (isText(getTypeAtLocation(node.left)) || isText(getTypeAtLocation(node.right)))
          context.report({ node, messageId: 'order' });
      },
    };
  },
};

/** What would mean something else in Lua, as far as types cannot tell (docs/decisions/0001-one-core.md). */
const syntax = [
  ['Literal[raw="null"]', 'absent is undefined: nil is one thing'],
  ['ClassDeclaration, ClassExpression, ThisExpression, NewExpression', 'rows and functions only'],
  ['TSAnyKeyword', 'any turns the declarations of the language off'],
  ['SpreadElement, RestElement', 'needs a library in Lua'],
  ['TemplateLiteral[expressions.length>0]', 'join texts with + and make numbers into text with rows.digits'],
  ['UnaryExpression[operator="delete"]', 'set it to undefined'],
  ['UnaryExpression[operator="typeof"]', 'types are for the compiler'],
  ['BinaryExpression[operator="%"]', '-1 % 5 is 4 in Lua'],
  ['BinaryExpression[operator=/^(in|instanceof|<<|>>|>>>|&|\\||\\^)$/]', 'has no plain form in Lua 5.1'],
  [
    'TryStatement, ThrowStatement',
    'expected refusals are data, and an error in mid-script rolls nothing back',
  ],
  [
    ':matches(ForStatement, ForOfStatement, ForInStatement, WhileStatement, DoWhileStatement) :function',
    'closures made in a loop share its variable',
  ],
  ['ForInStatement', 'the order of names is nothing to rely on'],
  [
    'CallExpression[callee.property.name=/^(sort|map|filter|reduce|slice|splice|indexOf|includes|join)$/]',
    'needs a library in Lua; sort is unstable there',
  ],
  ['AwaitExpression, YieldExpression', 'a step does not wait'],
  ['ArrayExpression > :matches(Identifier[name="undefined"], SpreadElement)', 'a hole cuts a list short'],
  [
    'Program > :matches(VariableDeclaration, ExportNamedDeclaration > VariableDeclaration)[kind=/let|var/]',
    'module state survives from step to step',
  ],
].map(([selector, message]) => ({ selector, message }));

/** What oxlint cannot do: rules of our own, and the configurations that compile to Lua (everything else: .oxlintrc.json). */
export default defineConfig(
  {
    files: ['libs/locks/src/core/**/*.ts', 'libs/locks/src/table/redis/lua/*.ts', 'test/support/lua/*.ts'],
    ignores: ['**/*.generated.ts'],
    extends: [tseslint.configs.base],
    languageOptions: {
      parserOptions: {
        project: ['libs/locks/src/table/redis/lua/tsconfig.json', 'test/support/lua/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    // oxlint checks the core, but not these: they are written against another language's library.
    files: ['libs/locks/src/table/redis/lua/*.ts', 'test/support/lua/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['libs/locks/src/core/**/*.ts', 'libs/locks/src/table/redis/lua/redis-rows.ts'],
    rules: {
      '@typescript-eslint/strict-boolean-expressions': [
        'error',
        { allowString: false, allowNumber: false, allowNullableObject: false },
      ],
      '@typescript-eslint/restrict-plus-operands': [
        'error',
        {
          allowNumberAndString: false,
          allowAny: false,
          allowBoolean: false,
          allowNullish: false,
          allowRegExp: false,
        },
      ],
      '@typescript-eslint/no-unsafe-type-assertion': 'off',
    },
  },
  {
    files: ['libs/locks/src/core/**/*.ts'],
    plugins: { core: { rules: { 'no-text-order': noTextOrder } } },
    rules: {
      'core/no-text-order': 'error',
      'no-restricted-globals': [
        'error',
        ...[
          'Date',
          'process',
          'performance',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'queueMicrotask',
          'Map',
          'Set',
          'WeakMap',
          'Promise',
          'JSON',
          'Object',
          'Number',
          'String',
          'Buffer',
          'globalThis',
          'console',
        ].map((name) => ({ name, message: 'The rules have rows, texts and integers, and nothing else.' })),
      ],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
      'no-restricted-syntax': ['error', ...syntax],
    },
  },
  {
    // The compiler wants these interfaces to exist; the core is not to find anything in them.
    files: ['libs/locks/src/table/redis/lua/portable.d.ts'],
    rules: { '@typescript-eslint/no-empty-object-type': 'off' },
  },
);
