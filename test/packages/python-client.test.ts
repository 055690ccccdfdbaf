import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/**
 * A Python client that is generated from docs/openapi.json takes and releases a lease, with Debian's Python and packages.
 * OpenAPI Generator 5 is the last whose npm package contains the program; later ones download it.
 */

const run = promisify(execFile);
const generator = '@openapitools/openapi-generator-cli@1.0.18-5.0.0-beta2';
const scratch = mkdtempSync(join(tmpdir(), 'leasehold-python-'));
let api: LeaseApi;

beforeAll(async () => {
  api = await startLeaseApi({ env: { LEASEHOLD_LOCAL_EXPORTS: 'local' } });
});
afterAll(async () => {
  await stopPrograms();
  rmSync(scratch, { recursive: true, force: true });
});

/** What that generator reads: OpenAPI 3.0, and no patterns but between slashes. */
function older(text: string): string {
  const document = JSON.parse(text, (key, value: unknown) =>
    key === 'contentEncoding' || (key === 'pattern' && typeof value === 'string') ? undefined : value,
  ) as object;
  return JSON.stringify({ ...document, openapi: '3.0.3' });
}

const program = `
import json
import sys

import leasehold_client as leasehold

configuration = leasehold.Configuration(host=sys.argv[1])
configuration.access_token = None  # it reads this without having set it
client = leasehold.ApiClient(configuration)
session = leasehold.SessionsApi(client).create_session(session_create=leasehold.SessionCreate(ttl_ms=60000))
configuration.api_key["session"] = session.secret
leases = leasehold.LeasesApi(client)
where = dict(session_id=session.session_id, export="local", file="a")
lease = leases.acquire_lease(leasehold.LeaseAcquire(type="write", **where))
try:
    leasehold.OpensApi(client).create_open(leasehold.OpenCreate(owner="other", access="read", **where))
    refused = "no"
except leasehold.ApiException as error:
    refused = json.loads(error.body)["reason"]
leases.release_lease(lease.lease_id)
released = leases.get_lease(lease.lease_id)
print(json.dumps({"type": lease.type, "token": lease.token > 0, "refused": refused, "released": released.type}))
`;

test('a Python client: OpenAPI Generator', async () => {
  const document = join(scratch, 'openapi.json');
  writeFileSync(document, older(readFileSync(join(__dirname, '../../docs/openapi.json'), 'utf8')));
  await run('npm', ['pack', generator, '--pack-destination', scratch], { cwd: scratch });
  await run('sh', ['-c', 'tar xzf *.tgz'], { cwd: scratch });
  const jar = join(scratch, 'package/bin/openapi-generator.jar');
  const made = ['-o', join(scratch, 'client'), '--package-name', 'leasehold_client', '--skip-validate-spec'];
  await run('java', ['-jar', jar, 'generate', '-g', 'python', '-i', document, ...made], {
    maxBuffer: 2 ** 26,
  });
  const main = join(scratch, 'client/main.py');
  writeFileSync(main, program);
  const { stdout } = await run('/usr/bin/python3', [main, api.url], { maxBuffer: 2 ** 26 });
  expect(JSON.parse(stdout)).toEqual({
    type: 'write',
    token: true,
    refused: 'break_started',
    released: 'none',
  });
});
