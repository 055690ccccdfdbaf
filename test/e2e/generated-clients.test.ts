import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/** Clients that are generated from docs/openapi.json take and release a lease. */

const run = promisify(execFile);
const root = join(__dirname, '../..');
const modules = join(root, 'node_modules');
/** In the build, where what is generated finds the packages that it needs. */
const directory = mkdtempSync(join(root, 'dist/clients-'));
let api: LeaseApi;

beforeAll(async () => {
  api = await startLeaseApi({ env: { LEASEHOLD_LOCAL_EXPORTS: 'local' } });
});
afterAll(async () => {
  await stopPrograms();
  rmSync(directory, { recursive: true, force: true });
});

/** As somebody writes it who has only the document; the compiler checks every name and type. */
const program = `
import createClient from 'openapi-fetch';
import type { components, paths } from './api';

type Problem = components['schemas']['Problem'];
type Event = components['schemas']['SessionEvent'];
// A reason is one of a list, and an event is told by its name.
const isListed: string extends Problem['reason'] ? false : true = true;
const told = (event: Event): string => (event.event === 'break' ? event.data.breakId : event.event);

const client = createClient<paths>({ baseUrl: String(process.argv[2]) });
const { data: session } = await client.POST('/v1/sessions', { body: { ttlMs: 60_000 } });
if (session === undefined) throw new Error('no session');
const headers = { 'x-session-secret': session.secret };
const where = { export: 'local', file: 'a' };
const { data: lease } = await client.POST('/v1/leases/acquire', {
  headers,
  body: { sessionId: session.sessionId, ...where, type: 'write' },
});
if (lease === undefined) throw new Error('no lease');
const { data: open, error } = await client.POST('/v1/opens', {
  headers,
  body: { sessionId: session.sessionId, owner: 'other', ...where, access: 'read', deny: 'none' },
});
const path = { id: lease.leaseId };
const { response } = await client.DELETE('/v1/leases/{id}', { headers, params: { path } });
const { data: released } = await client.GET('/v1/leases/{id}', { headers, params: { path } });
console.log(
  JSON.stringify({
    isListed,
    told: told({ event: 'resync', data: { cause: 'c' } }),
    type: lease.type,
    refused: error?.reason ?? open?.state,
    status: response.status,
    released: released?.type,
  }),
);
`;

test('a TypeScript client: openapi-typescript and openapi-fetch', async () => {
  const cli = join(modules, 'openapi-typescript/bin/cli.js');
  const document = join(root, 'docs/openapi.json');
  // What has a default may be left out of a request.
  const options = ['--default-non-nullable=false', '--output', join(directory, 'api.ts')];
  await run(process.execPath, [cli, document, ...options]);
  writeFileSync(join(directory, 'main.ts'), program);
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noEmit', '--skipLibCheck', '--ignoreConfig'];
  const kind = [
    '--target',
    'es2022',
    '--module',
    'esnext',
    '--moduleResolution',
    'bundler',
    '--types',
    'node',
  ];
  // Rejects with what the compiler says.
  await run(process.execPath, [join(modules, 'typescript/bin/tsc'), ...strict, ...kind, 'main.ts'], {
    cwd: directory,
  }).catch((error: unknown) => {
    throw new Error((error as { stdout: string }).stdout);
  });
  const { code } = await transform(program, { loader: 'ts', format: 'esm' });
  writeFileSync(join(directory, 'main.mjs'), code);
  const { stdout } = await run(process.execPath, [join(directory, 'main.mjs'), api.url]);
  expect(JSON.parse(stdout)).toEqual({
    isListed: true,
    told: 'resync',
    type: 'write',
    refused: 'break_started',
    status: 204,
    released: 'none',
  });
});
