/** The arrows of ARCHITECTURE.md: which way the data walks, and who may know whom. */
const only = (name, comment, to, fromPathNot) => ({
  name,
  comment,
  severity: 'error',
  from: { pathNot: [...fromPathNot, '^test/', '^scripts/'] },
  to: { path: to },
});
const never = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    never(
      'no-circles',
      'What depends on itself cannot be understood piece by piece.',
      {},
      { circular: true },
    ),
    never(
      'no-orphans',
      'Nobody uses it and it uses nobody.',
      {
        orphan: true,
        path: '^(apps|libs)/',
        pathNot: ['/main\\.tsx?$', '\\.d\\.ts$', '^apps/console/src/docs\\.js$'],
      },
      {},
    ),
    never('resolvable', 'What cannot be found cannot be used.', {}, { couldNotResolve: true }),
    never(
      'no-tools-in-what-is-shipped',
      'Development dependencies are not installed where the service runs; the console is bundled.',
      { path: '^(apps|libs)/', pathNot: '^apps/console/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['type-only'] },
    ),
    never(
      'core-alone',
      'The rules know nothing but themselves.',
      { path: '^libs/locks/src/core/' },
      { pathNot: '^libs/locks/src/core/' },
    ),
    never(
      'ground-below-rules',
      'Rows, steps and keys know no rule.',
      { path: '^libs/locks/src/core/[^/]+\\.ts$', pathNot: '/core/(run|deadlines|guests)\\.ts$' },
      { path: '^libs/locks/src/core/[^/]+/' },
    ),
    never(
      'rules-below-verbs',
      'What is true of one file does not know who asks.',
      { path: '^libs/locks/src/core/rules/' },
      { path: '^libs/locks/src/core/(verbs|tree)/' },
    ),
    never(
      'verbs-below-tree',
      'What sessions do stands below the configuration tree.',
      { path: '^libs/locks/src/core/verbs/' },
      { path: '^libs/locks/src/core/tree/' },
    ),
    only(
      'redis-in-its-place',
      'Redis is one home of the rows, and nobody else knows of it.',
      'node_modules/ioredis',
      ['^libs/locks/src/table/redis/', '^apps/lease-api/src/app\\.module\\.ts$'],
    ),
    only('lmdb-in-its-place', 'So is LMDB.', 'node_modules/lmdb', ['^libs/locks/src/table/embedded/']),
    only('kernel-calls-in-their-place', 'Native calls have three homes.', 'node_modules/koffi', [
      '^libs/locks/src/table/embedded/',
      '^apps/fileserver/src/dlm/',
      '^apps/fileserver/src/posix/',
    ]),
    only(
      'contracts-at-the-edges',
      'A wire shape is not a record: the rules have their own words.',
      '^libs/contracts/',
      ['^libs/contracts/', '^libs/client/', '^libs/rpc/', '^libs/telemetry/', '^apps/'],
    ),
    never(
      'by-the-front-door',
      'Libraries are used through their index.',
      { path: '^apps/|^libs/([^/]+)/' },
      {
        path: '^libs/([^/]+)/src/(?!index\\.ts$)',
        // The door for what must stay free of zod.
        pathNot: ['^libs/$1/', '^libs/contracts/src/plain\\.ts$'],
      },
    ),
    never('libraries-below', 'Libraries know no application.', { path: '^libs/' }, { path: '^apps/' }),
    never(
      'programs-apart',
      'Programs meet on the wire.',
      { path: '^apps/([^/]+)/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    never(
      'stacks-apart',
      'A stack knows no other.',
      { path: '^apps/fileserver/src/([^/]+)/' },
      { path: '^apps/fileserver/src/[^/]+/', pathNot: '^apps/fileserver/src/$1/' },
    ),
    never(
      'stacks-by-their-list',
      'What a stack is stands in its folder; only the list names it.',
      { path: '^apps/fileserver/src/[^/]+$', pathNot: '/stacks\\.ts$' },
      { path: '^apps/fileserver/src/[^/]+/' },
    ),
    never(
      'application-without-transport',
      'A use case never sees how it was asked for.',
      { path: '^apps/lease-api/src/application/' },
      {
        path: '^apps/lease-api/src/(http|fileserver|nfs|dlm|grpc)/|node_modules/(@nestjs/(microservices|platform-fastify|swagger)|@grpc|fastify)/',
      },
    ),
    never(
      'entries-through-application',
      'A controller never touches a table.',
      { path: '^apps/lease-api/src/(http|fileserver|nfs|dlm|grpc)/' },
      { path: '^libs/locks/', dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'require', 'node', 'default'],
      mainFields: ['main', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.cjs', '.mjs', '.d.ts', '.json'],
    },
  },
};
