import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { compiled } from '../support/openers';
import { eventually } from '../support/eventually';
import {
  type Fileserver,
  type LeaseApi,
  rpcSecret,
  startFileserver,
  startLeaseApi,
  stopPrograms,
} from '../support/service';
import { Page } from '../support/snippets';

/** Request ids and traces, from the client to the adapter and back: docs/tracing.md. */

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** 1 internal, 2 server, 3 client */
  kind: number;
  attributes: { key: string; value: { stringValue?: string; intValue?: number | string } }[];
  service: string;
}
interface Export {
  resourceSpans: {
    resource: { attributes: Span['attributes'] };
    scopeSpans: { scope: { name: string }; spans: Omit<Span, 'service'>[] }[];
  }[];
}

const root = join(__dirname, '../..');
const exported = mkdtempSync(join(tmpdir(), 'leasehold-traces-'));
const file = join(exported, 'real');
/** In the build, where its `require` finds the SDK. */
const setup = join(mkdtempSync(join(root, 'dist/traces-')), 'tracing.cjs');
const page = new Page('docs/tracing.md');

const spans: Span[] = [];
let collector: Server;
let otel: (name: string) => Record<string, string>;
let api: LeaseApi;
let fileserver: Fileserver;
let head: ChildProcess | undefined;

beforeAll(async () => {
  writeFileSync(setup, page.takeNamed('tracing.cjs'));
  writeFileSync(file, 'text\n');
  collector = createServer((request, reply) => {
    void json(request).then((body) => {
      for (const { resource, scopeSpans } of (body as Export).resourceSpans) {
        const name = resource.attributes.find(({ key }) => key === 'service.name');
        for (const { scope, spans: some } of scopeSpans)
          if (scope.name === 'leasehold')
            spans.push(...some.map((span) => ({ ...span, service: name?.value.stringValue ?? '' })));
      }
      reply.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;
  otel = (name) => ({
    OTEL_SERVICE_NAME: name,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${String(port)}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    LEASEHOLD_ACCESS_LOG: 'on',
  });
  const nodeFlags = ['--require', setup];
  api = await startLeaseApi({
    nodeFlags,
    env: { ...otel('lease-api'), LEASEHOLD_LOCAL_EXPORTS: 'local', LEASEHOLD_GRPC: '127.0.0.1:0' },
  });
  fileserver = await startFileserver(
    { exports: { demo: exported }, apis: [api.rpcAddress], nodeFlags, env: otel('fileserver') },
    api,
  );
});
afterAll(async () => {
  head?.kill('SIGKILL');
  await stopPrograms();
  collector.close();
  for (const each of [exported, join(setup, '..')]) rmSync(each, { recursive: true, force: true });
});

/** A span of the trace by its name, service and kind, once the collector has it. */
const spanOf = (of: { traceId?: string; name: string; service: string; kind: number }): Promise<Span> =>
  eventually(() => {
    const found = spans.find((span) =>
      Object.entries(of).every(([field, value]) => span[field as keyof Span] === value),
    );
    if (found === undefined)
      throw new Error(`no span ${JSON.stringify(of)} in ${JSON.stringify(spans.map(({ name }) => name))}`);
    return found;
  });

test('a request is followed from the client to the table and the adapter, in one trace and under one id', async () => {
  const { sessionId, secret } = await api.session();
  const [traceId, parent] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
  const body = { sessionId, export: 'demo', file: 'real', type: 'write' };
  const headers = { traceparent: `00-${traceId}-${parent}-01`, 'x-request-id': 'traced/1' };
  const { status } = await api.request('POST', '/v1/leases/acquire', { body, secret, headers });
  expect(status).toBe(201);

  const request = await spanOf({ traceId, name: 'POST /v1/leases/acquire', service: 'lease-api', kind: 2 });
  expect(request.parentSpanId).toBe(parent);
  const valueOf = (key: string): unknown => request.attributes.find((each) => each.key === key)?.value;
  expect(valueOf('request')).toEqual({ stringValue: 'traced/1' });
  expect(valueOf('http.response.status_code')).toEqual({ intValue: 201 });
  const step = await spanOf({ traceId, name: 'table leaseAcquire', service: 'lease-api', kind: 1 });
  expect(step.parentSpanId).toBe(request.spanId);
  const ask = await spanOf({ traceId, name: 'fileserver setlease', service: 'lease-api', kind: 3 });
  const served = await spanOf({ traceId, name: 'fileserver setlease', service: 'fileserver', kind: 2 });
  expect(served.parentSpanId).toBe(ask.spanId);
  await spanOf({ traceId, name: 'table holdAnswered', service: 'lease-api', kind: 1 });

  const isRequest = ({ msg, request: id }: { msg: string; request?: unknown }): boolean =>
    msg === 'request' && id === 'traced/1';
  const there = await fileserver.logged((line) => isRequest(line) && line['call'] === 'setlease');
  expect(there).toMatchObject({ program: 'fileserver', outcome: 'ok', trace: traceId, span: served.spanId });
  const here = await api.logged(isRequest);
  expect(here).toMatchObject({ program: 'lease-api', method: 'POST', status: 201 });
});

test('what a fileserver does by itself is traced from the adapter to the table', async () => {
  // The lease of the test before is broken.
  const opening = (): void => {
    closeSync(openSync(file, constants.O_RDWR | constants.O_NONBLOCK));
  };
  expect(opening).toThrow(/EAGAIN|EWOULDBLOCK/);
  const { traceId } = await spanOf({ name: 'fileserver break', service: 'fileserver', kind: 1 });
  const sent = await spanOf({ traceId, name: 'lease-api break', service: 'fileserver', kind: 3 });
  const taken = await spanOf({ traceId, name: 'lease-api break', service: 'lease-api', kind: 2 });
  expect(taken.parentSpanId).toBe(sent.spanId);
  const steps = await eventually(() => {
    const found = spans.filter((span) => span.traceId === traceId && span.name.startsWith('table '));
    expect(found).not.toEqual([]);
    return found;
  });
  expect(steps.map(({ service }) => service)).toContain('lease-api');
});

test('calls of an NFS server over gRPC are traced', async () => {
  const args = ['--require', setup, compiled('apps/nfs-head/src/main.ts'), '--api', api.grpcAddress];
  head = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], ...otel('nfs-head'), LEASEHOLD_RPC_SECRET: rpcSecret },
    stdio: 'ignore',
  });
  const called = await spanOf({ name: 'nfs ExchangeId', service: 'nfs-head', kind: 3 });
  const { traceId } = called;
  const served = await spanOf({ traceId, name: 'nfs ExchangeId', service: 'lease-api', kind: 2 });
  expect(served.parentSpanId).toBe(called.spanId);
});

test('nobody asked for heartbeats and sweeps: they begin no trace', async () => {
  await spanOf({ name: 'fileserver break', service: 'fileserver', kind: 1 });
  const names = new Set(spans.map(({ name }) => name));
  expect([...names].filter((name) => /heartbeat|register|tick|sweep/.test(name))).toEqual([]);
});

test('without an SDK, request id and trace of the client reach the adapter all the same', async () => {
  const plain = await startLeaseApi({ env: { LEASEHOLD_LOCAL_EXPORTS: 'local' } });
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-traces-'));
  try {
    writeFileSync(join(directory, 'a'), '');
    // Only the adapter has an SDK.
    const adapter = await startFileserver(
      {
        exports: { plain: directory },
        apis: [plain.rpcAddress],
        nodeFlags: ['--require', setup],
        env: otel('fileserver'),
      },
      plain,
    );
    const { sessionId, secret } = await plain.session();
    const traceId = '1af7651916cd43dd8448eb211c80319c';
    const body = { sessionId, export: 'plain', file: 'a', type: 'read' };
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    const { headers: answered } = await plain.request('POST', '/v1/leases/acquire', {
      body,
      secret,
      headers,
    });
    // Without an id of its own, a request is known by its trace.
    expect(answered.get('x-request-id')).toBe(traceId);
    const served = await spanOf({ traceId, name: 'fileserver setlease', service: 'fileserver', kind: 2 });
    expect(served.parentSpanId).toBe('b7ad6b7169203331');
    const line = await adapter.logged(({ msg, call }) => msg === 'request' && call === 'setlease');
    expect(line['request']).toBe(traceId);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test('the page starts programs whose traces arrive', async () => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const sdk = '@opentelemetry/sdk-node';
  expect(page.take('sh')).toBe(`npm install ${sdk}@${devDependencies[sdk] ?? ''}\n`);
  const { port } = collector.address() as AddressInfo;
  const [start = ''] = page
    .take('sh')
    .replace('./tracing.cjs', setup)
    .replace('4318', String(port))
    .replace('http/protobuf', 'http/json')
    .split(/(?<=start:api\n)/);
  spans.length = 0;
  const table = join(exported, 'table');
  const child = spawn('sh', ['-euc', start], {
    cwd: root,
    detached: true,
    env: {
      ...process.env,
      LEASEHOLD_HTTP: '127.0.0.1:0',
      LEASEHOLD_RPC: '127.0.0.1:0',
      LEASEHOLD_RPC_SECRET: rpcSecret,
      LEASEHOLD_TABLE: `embedded:${table}`,
      LEASEHOLD_WITNESS: `${table}-witness`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let port = '';
    child.stdout.on(
      'data',
      (text: Buffer) => (port ||= /"http":"127.0.0.1:(\d+)"/.exec(String(text))?.[1] ?? ''),
    );
    await eventually(() => {
      expect(port).not.toBe('');
    });
    await fetch(`http://127.0.0.1:${port}/v1/exports`);
    const span = await spanOf({ name: 'GET /v1/exports', service: 'lease-api', kind: 2 });
    expect(span.traceId).toHaveLength(32);
  } finally {
    const ended = once(child, 'exit');
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await ended;
  }
  expect(page.rest()).toEqual([]);
});
