/** One jest project a folder of test/: `npx jest --selectProjects pure`. */
const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/support/seed.cjs'],
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(?:@nestjs|cookie|eventsource-parser|jose)/)'],
  moduleNameMapper: {
    '^#(contracts|client|locks|nfs4|rpc|telemetry)$': '<rootDir>/libs/$1/src/index.ts',
    '^#contracts/plain$': '<rootDir>/libs/contracts/src/plain.ts',
  },
};
const project = (name) => ({
  ...shared,
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
});
module.exports = {
  projects: ['pure', 'scenarios', 'redis', 'e2e', 'nfs', 'dlm', 'packages', 'image'].map(project),
  testTimeout: 300_000,
};
