import Ajv from 'ajv';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { Certificates } from '../support/certificates';
import { freePort } from '../support/free-port';
import { eventually } from '../support/eventually';
import { Program, stopPrograms } from '../support/service';
import { Page } from '../support/snippets';

/**
 * The Helm chart, rendered by Helm's template engine (Go's, with Sprig), held against the schemas of Kubernetes, and its
 * programs started with exactly the variables, arguments and files that their pods would have.
 */
const root = join(__dirname, '../..');
const chart = join(root, 'deploy/helm/leasehold');
const scratch = mkdtempSync(join(tmpdir(), 'leasehold-helm-'));
const certificates = new Certificates();
afterAll(async () => {
  await stopPrograms();
  certificates.remove();
  rmSync(scratch, { recursive: true });
});

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: Record<string, unknown>;
  data?: Record<string, string>;
}
interface Container {
  args?: string[];
  env: { name: string; value: string }[];
  volumeMounts: { name: string; mountPath: string }[];
  readinessProbe: { httpGet?: { path: string; scheme: string } };
}

const renderer = join(scratch, 'render');
beforeAll(() => {
  execFileSync('go', ['build', '-o', renderer, join(root, 'test/support/helm/render.go')], {
    env: { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: join(scratch, 'go') },
  });
});

const ajv = new Ajv({ strict: true });
const isValid = ajv.compile(JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')) as object);

/** What `helm template` prints, or why it does not. */
function render(values: object): { manifests: Manifest[]; refused?: string } {
  if (!isValid(values)) return { manifests: [], refused: ajv.errorsText(isValid.errors) };
  const { stdout, stderr, status } = spawnSync(renderer, [chart, 'prod', 'leasehold'], {
    input: JSON.stringify(values),
    encoding: 'utf8',
  });
  if (status !== 0) return { manifests: [], refused: stderr };
  const [, ...parts] = stdout.split(/^---$/m);
  const manifests = parts
    .filter((part) => !part.includes('# Source: NOTES.txt'))
    .flatMap((part) => parseAllDocuments(part).map((each) => each.toJS() as Manifest | null))
    .filter((each): each is Manifest => each !== null);
  return { manifests };
}

const trusted = { secret: 'leasehold', network: 'trusted' };
const everything = {
  secret: 'leasehold',
  table: { kind: 'redis', durability: 'fsync+replicas:1' },
  replicas: 3,
  tls: { secret: 'leasehold-tls' },
  hosts: ['leases.example.org'],
  callers: { tokens: [{ sha256: 'a'.repeat(64), subject: 'ci', rights: ['session'] }] },
  env: { LEASEHOLD_BREAK_MS: '10000' },
  service: { type: 'LoadBalancer', port: 443, grpc: true },
  nodeSelector: { disk: 'fast' },
  tolerations: [{ key: 'storage', operator: 'Exists', effect: 'NoSchedule' }],
  affinity: { podAntiAffinity: {} },
  podAnnotations: { note: 'yes' },
  image: { repository: 'registry.example.org/leasehold', tag: '1', pullSecrets: [{ name: 'pull' }] },
  fileservers: [
    { name: 'nfs-1', node: 'storage-1', exports: { projects: '/srv/projects', home: '/srv/home' } },
    { name: 'nfs-2', node: 'storage-2', exports: { more: '/srv/more' } },
  ],
  monitoring: { enabled: true, labels: { release: 'prometheus' }, tokenKey: 'metrics-token' },
};

/** The class of a manifest in a package of models, which validates itself. */
function modelOf({ apiVersion, kind }: Manifest): new (content: unknown) => { validate(): void } {
  const isOperators = apiVersion.startsWith('monitoring.coreos.com/');
  const from = createRequire(__filename);
  const models = from(
    `${isOperators ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models'}/${apiVersion}`,
  ) as Record<string, new (content: unknown) => { validate(): void }>;
  const model = models[kind];
  if (model === undefined) throw new Error(`no ${kind} in ${apiVersion}`);
  return model;
}

test.each([
  ['with the least that must be said', trusted, ['StatefulSet', 'Service']],
  ['with a table in Redis', { ...trusted, table: { kind: 'redis' } }, ['Deployment', 'Service']],
  [
    'with everything',
    everything,
    [
      ...['Service', 'Deployment', 'Service', 'Deployment', 'Deployment', 'ConfigMap', 'PodDisruptionBudget'],
      ...['PodMonitor', 'PodMonitor', 'PrometheusRule', 'Service'],
    ],
  ],
])('%s Kubernetes finds no fault with the manifests', (_, values, kinds) => {
  const { manifests, refused } = render(values);
  expect({ refused, kinds: manifests.map(({ kind }) => kind) }).toEqual({ kinds });
  for (const manifest of manifests) new (modelOf(manifest))(manifest).validate();
});

test.each([
  [{ secret: 'x' }, 'tls.secret: name a Secret'],
  [{ secret: 'x', tls: { secret: 'x' } }, 'callers: say who may do what'],
  [{ network: 'trusted' }, 'secret: name a Secret with the keys admin-token and rpc-secret'],
  [{ ...trusted, replicas: 2 }, 'an embedded table belongs to one lease API'],
  [{ ...trusted, replicas: 0 }, 'must be >= 1'],
  [{ ...trusted, env: { PATH: '/x' } }, 'property name must be valid'],
  [
    { ...trusted, table: { kind: 'redis', shards: 3 } },
    'table/shards must be equal to one of the allowed values',
  ],
  [{ ...trusted, tabel: {} }, 'must NOT have additional properties'],
  [{ ...trusted, fileservers: [{ name: 'a', node: 'b', exports: { c: 'srv' } }] }, 'must match pattern'],
])('%j is refused: %s', (values, words) => {
  expect(render(values).refused).toContain(words);
});

test.each([
  [{ kind: 'redis', shards: 8 }, '8'],
  [{ kind: 'redis' }, undefined],
])('a table with %j gets LEASEHOLD_TABLE_SHARDS %s', (table, value) => {
  const { manifests } = render({ ...trusted, table });
  const [, shards] = /"LEASEHOLD_TABLE_SHARDS","value":"(\d+)"/.exec(JSON.stringify(manifests)) ?? [];
  expect(shards).toBe(value);
});

test('the values of docs/kubernetes.md make what the page says', () => {
  const page = new Page('docs/kubernetes.md');
  const { manifests, refused } = render(parse(page.take('yaml')) as object);
  expect(refused).toBeUndefined();
  const workloads = manifests.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind));
  expect(workloads.map(({ metadata }) => metadata.name).sort()).toEqual([
    'leasehold',
    'leasehold-nfs-1',
    'leasehold-nfs-2',
  ]);
  expect(page.rest()).toEqual([]);
});

test('the alert rules in the chart are those of the documentation', () => {
  const rule = render(everything).manifests.find(({ kind }) => kind === 'PrometheusRule');
  const rules = parse(readFileSync(join(root, 'docs/monitoring/alerts.yml'), 'utf8')) as {
    groups: unknown[];
  };
  expect(rules.groups.length).toBeGreaterThan(0);
  expect(rule?.spec).toEqual(rules);
});

describe('the programs of the pods', () => {
  /** The directories of a pod, as its containers see them, under `scratch`. */
  const place = (path: string): string => join(scratch, 'pod', path);
  const containerOf = (manifests: Manifest[], name: string): Container => {
    const workload = manifests.find(
      ({ kind, metadata }) => ['Deployment', 'StatefulSet'].includes(kind) && metadata.name === name,
    );
    const { template } = workload?.spec as { template: { spec: { containers: [Container] } } };
    return template.spec.containers[0];
  };
  const write = (path: string, text: string | Buffer): void => {
    mkdirSync(join(place(path), '..'), { recursive: true });
    writeFileSync(place(path), text, { mode: 0o600 });
  };

  test('serve: the probes find a lease API ready, an adapter joins it, both over TLS', async () => {
    const values = {
      ...everything,
      replicas: 1,
      table: { kind: 'embedded' },
      callers: { tokens: [] },
      fileservers: [{ name: 'nfs-1', node: 'storage-1', exports: { projects: '/srv/projects' } }],
    };
    const { manifests } = render(values);
    // Services lead to this host, on ports that are free here.
    const [http, rpc, grpc, adapter, metrics] = await Promise.all(Array.from({ length: 5 }, freePort));
    const moved: readonly (readonly [string | RegExp, string])[] = [
      ['0.0.0.0:8080', `0.0.0.0:${String(http)}`],
      ['0.0.0.0:8081', `0.0.0.0:${String(rpc)}`],
      ['0.0.0.0:8083', `0.0.0.0:${String(grpc)}`],
      ['0.0.0.0:8082', `0.0.0.0:${String(adapter)}`],
      ['0.0.0.0:9090', `0.0.0.0:${String(metrics)}`],
      ['leasehold-nfs-1.prod.svc:8082', `localhost:${String(adapter)}`],
      ['leasehold:8081', `localhost:${String(rpc)}`],
      [/(^|=|:)(\/(?:run|app|state|exports)\/.*)$/, `$1${place('$2')}`],
    ];
    const here = (text: string): string => moved.reduce((now, [from, to]) => now.replace(from, to), text);
    const envOf = ({ env }: Container): Record<string, string> =>
      Object.fromEntries(env.map(({ name, value }) => [name, here(value)]));

    certificates.authority('ca');
    certificates.make('pod', 'ca', 'leasehold', 'DNS:localhost,DNS:leasehold.prod.svc,IP:127.0.0.1');
    for (const [file, from] of [
      ['tls.crt', 'pod.pem'],
      ['tls.key', 'pod.key'],
      ['ca.crt', 'ca.pem'],
    ] as const)
      write(`/run/leasehold/tls/${file}`, readFileSync(certificates.at(from)));
    write('/run/leasehold/secret/admin-token', 'token-of-administrators');
    write('/run/leasehold/secret/rpc-secret', 'secret of the pods\n');
    const callers = manifests.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
    write('/run/leasehold/callers/callers.json', callers['callers.json'] ?? '');
    for (const directory of ['/app/data', '/state', '/exports/projects'])
      mkdirSync(place(directory), { recursive: true });
    chmodSync(scratch, 0o755);

    const leaseApi = containerOf(manifests, 'leasehold');
    const fileserver = containerOf(manifests, 'leasehold-nfs-1');
    const api = new Program('apps/lease-api/src/main.ts', () => ({ args: [], env: envOf(leaseApi) }));
    await api.start();
    const [, ...args] = (fileserver.args ?? []).map(here);
    const served = new Program('apps/fileserver/src/main.ts', () => ({ args, env: envOf(fileserver) }));
    await served.start();

    const curl = (path: string, ...more: string[]): string =>
      spawnSync(
        'curl',
        [
          ...['-s', '--cacert', certificates.at('ca.pem')],
          ...more,
          `https://localhost:${String(http)}${path}`,
        ],
        { encoding: 'utf8' },
      ).stdout;
    const probe = leaseApi.readinessProbe.httpGet;
    expect(probe).toMatchObject({ scheme: 'HTTPS' });
    await eventually(() => {
      // As a kubelet asks: by the address of the pod, not looking at the certificate.
      const asked = ['-k', '-H', `host: 127.0.0.1:${String(http)}`];
      expect(curl(probe?.path ?? '', ...asked)).toContain('"ready"');
      const exports = curl('/v1/exports', '-H', 'authorization: Bearer token-of-administrators');
      expect(JSON.parse(exports)).toMatchObject({ exports: [{}, { name: 'projects', state: 'up' }] });
    });
    expect(curl('/v1/exports')).toContain('no_credentials');
  });
});
