import { build, transform } from 'esbuild';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { eventually, within } from '../support/eventually';
import { freePort } from '../support/free-port';
import { Page } from '../support/snippets';

/** The packages as a user gets them: packed, installed into an empty project, and used there. */
const run = promisify(execFile);
const root = join(__dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'leasehold-packages-'));
const tarballs = join(scratch, 'tarballs');
const packages = ['client', 'cli', 'leasehold'] as const;
/** Nothing of the npm that runs the tests is to reach the npm of the user. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|LEASEHOLD_)/i.test(name)),
);

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
}
const manifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

beforeAll(async () => {
  await run(process.execPath, [join(root, 'scripts', 'build-packages.mjs')]);
  mkdirSync(tarballs);
  for (const name of packages)
    await run('npm', ['pack', '--pack-destination', tarballs], { cwd: join(root, 'packages', name), env });
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

const files = (folder: string): string[] => readdirSync(folder).map((name) => join(folder, name));

test('all three have the same version as the repository, and pin the same dependencies', () => {
  const own = manifest(root);
  for (const name of packages) {
    const { version, dependencies } = manifest(join(root, 'packages', name));
    expect(version).toBe(own.version);
    expect(own.dependencies).toMatchObject(dependencies);
  }
});

test('the service depends on exactly what it requires', () => {
  const required = new Set<string>();
  const dist = join(root, 'packages', 'leasehold', 'dist');
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    // What a page loads is bundled.
    if (!file.endsWith('.js') || file.includes('/console/')) continue;
    // In the library for Redis, `require` is Lua's.
    if (file.endsWith('.generated.js')) continue;
    const text = readFileSync(join(dist, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/\b(?:require|import)\("((?:@[\w-]+\/)?[\w-]+)[^"]*"\)/g))
      required.add(name);
  }
  required.delete('node');
  expect([...required].sort()).toEqual(
    Object.keys(manifest(join(root, 'packages', 'leasehold')).dependencies).sort(),
  );
});

/** An empty project with the packages in it, under one version of Node. */
class Project {
  readonly folder = mkdtempSync(join(scratch, 'project-'));

  constructor(
    readonly node: string,
    readonly npm: string,
  ) {
    writeFileSync(join(this.folder, 'package.json'), '{ "name": "empty", "private": true }\n');
  }

  static async under(version: string): Promise<Project> {
    const options = [
      'exec',
      '--yes',
      '--prefer-offline',
      '--ignore-scripts=false',
      `--package=node@${version}`,
      '--',
    ];
    const { stdout } = await run('npm', [...options, 'node', '-p', 'process.execPath'], {
      cwd: scratch,
      env,
    });
    const npm = join(
      (await run('npm', ['root', '--global'], { env })).stdout.trim(),
      'npm',
      'bin',
      'npm-cli.js',
    );
    const project = new Project(stdout.trim(), npm);
    // What `npm ci` of this repository has fetched is not asked for again.
    await project.run(npm, 'install', '--prefer-offline', '--no-audit', '--no-fund', ...files(tarballs));
    return project;
  }

  async run(...args: string[]): Promise<string> {
    return (await run(this.node, args, { cwd: this.folder, env: this.env() })).stdout;
  }

  /** Runs a program of the project until it ends. */
  async script(name: string, source: string, api: string): Promise<string> {
    const file = join(this.folder, name);
    writeFileSync(file, source.replaceAll('http://127.0.0.1:8080', api));
    return this.run(file);
  }

  /** Starts the service as `npx leasehold` does. */
  async service(): Promise<{ url: string; stop(): Promise<unknown> }> {
    const bin = join(this.folder, 'node_modules', '.bin', 'leasehold');
    const child = spawn(this.node, [bin], {
      cwd: this.folder,
      env: this.env({ LEASEHOLD_HTTP: '127.0.0.1:0', LEASEHOLD_RPC: '127.0.0.1:0' }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const ready = async (): Promise<string> => {
      for await (const line of createInterface({ input: child.stdout })) {
        const { msg, http } = JSON.parse(line) as { msg: string; http?: string };
        if (msg === 'ready') return `http://${http ?? ''}`;
      }
      throw new Error('the service ended before it was ready');
    };
    const url = await within('the service', ready());
    child.stdout.resume();
    return {
      url,
      stop: async () => {
        child.kill('SIGTERM');
        const [code] = (await within('the end of the service', ended)) as [number | null];
        expect(code).toBe(0);
      },
    };
  }

  private env(more: Record<string, string> = {}): NodeJS.ProcessEnv {
    return { ...env, ...more };
  }
}

const job = `
  const leasehold = new Leasehold({ url: 'http://127.0.0.1:8080' });
  const session = await leasehold.openSession();
  const token = await session.withLease('local:job', async (held) => held.token);
  await session.end();
  console.log(process.versions.node.split('.')[0], token > 0);`;

describe.each(['20', '22', '24'])('under Node %s', (version) => {
  let project: Project;
  let service: Awaited<ReturnType<Project['service']>>;
  beforeAll(async () => {
    project = await Project.under(version);
    service = await project.service();
  }, 600_000);
  afterAll(() => service.stop());

  test('the client is an ES module and CommonJS', async () => {
    const esm = `import { Leasehold } from '@leasehold/client';${job}`;
    expect(await project.script('esm.mjs', esm, service.url)).toBe(`${version} true\n`);
    const cjs = `const { Leasehold } = require('@leasehold/client'); (async () => {${job}})();`;
    expect(await project.script('cjs.cjs', cjs, service.url)).toBe(`${version} true\n`);
  });

  test('leasectl runs a command under a lease', async () => {
    const leasectl = join(project.folder, 'node_modules', '.bin', 'leasectl');
    expect(await project.run(leasectl, '--version')).toContain(manifest(root).version);
    expect(await project.run(leasectl, '--api', service.url, 'exports')).toMatch(/local/);
    const held = [
      '--api',
      service.url,
      'hold',
      'local:a',
      '--',
      'sh',
      '-c',
      'test "$LEASEHOLD_FENCING_TOKEN" -gt 0',
    ];
    await project.run(leasectl, ...held);
  });

  test('leasehold says what it is', async () => {
    const leasehold = join(project.folder, 'node_modules', '.bin', 'leasehold');
    expect(await project.run(leasehold, '--version')).toBe(`${manifest(root).version}\n`);
    expect(await project.run(leasehold, '--help')).toMatch(/fileserver/);
    await expect(project.run(leasehold, 'fileserver')).rejects.toThrow('--stack');
    await expect(project.run(leasehold, 'nothing')).rejects.toMatchObject({ code: 2 });
  });
});

describe('the client', () => {
  let project: Project;
  let service: Awaited<ReturnType<Project['service']>>;
  beforeAll(async () => {
    project = await Project.under('22');
    service = await project.service();
  }, 600_000);
  afterAll(() => service.stop());

  test('has types that need nothing else, as an ES module and as CommonJS', async () => {
    const use = `import { Leasehold, LeaseholdError, type Lease } from '@leasehold/client';
      export async function job(leasehold: Leasehold): Promise<number> {
        await using session = await leasehold.openSession();
        session.on('revoked', ({ leaseId, cause }) => { leaseId.length; cause.length; });
        await using lease: Lease = await session.lease('demo:a.txt', 'write', { onBreak: async ({ target }) => target });
        // @ts-expect-error: no such type of lease
        await session.lease('demo:a.txt', 'shared').catch((error: unknown) => error instanceof LeaseholdError && error.code === 'EAGAIN');
        // @ts-expect-error: types are not any
        lease.file.nothing;
        return session.withLease('demo:b.txt', async ({ token }) => token);
      }`;
    writeFileSync(join(project.folder, 'esm.mts'), use);
    writeFileSync(join(project.folder, 'cjs.cts'), use);
    const options = ['--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom'];
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    await project.run(tsc, '--strict', '--noEmit', '--ignoreConfig', ...options, 'esm.mts', 'cjs.cts');
  });

  test('does what each snippet of its README says', async () => {
    const page = new Page('packages/client/README.md');
    const printed: string[] = [];
    for (const [at, { source }] of page.snippets.entries()) {
      const { code } = await transform(source, { format: 'esm', target: 'node20' });
      printed.push(await project.script(`snippet-${String(at)}.mjs`, code, service.url));
    }
    expect(printed).toEqual([
      'only one node is here true false\n',
      'held write true\nreleased\n',
      'elected true false\nall done\n',
      'drop the cache: open\nopened write\n',
      'waiting true\ngranted write\n',
      'held 50\n',
    ]);
  });

  /** A session that tells another's break, in words of the runtime. */
  const story = `
    await using holder = await leasehold.openSession({ label: 'somewhere' });
    await using opener = await leasehold.openSession();
    const told = [];
    const lease = await holder.lease('local:page', 'read', {
      onBreak: async ({ target, cause }) => { told.push(cause); return target; },
    });
    const file = await opener.open({ export: 'local', file: 'page', access: 'write', waitMs: Infinity });
    await file.close();
    const token = await holder.withLease('local:page', async ({ token }) => token);
    return { told, lost: lease.signal.aborted, reason: lease.signal.reason.reason, grows: token > 0 };`;
  const played = { told: ['open'], lost: true, reason: 'lease_released', grows: true };

  async function bundled(name: string, source: string): Promise<string> {
    writeFileSync(join(project.folder, name), source);
    const { outputFiles } = await build({
      absWorkingDir: project.folder,
      bundle: true,
      entryPoints: [name],
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      write: false,
    });
    return outputFiles[0]?.text ?? '';
  }

  test('runs in a page in a browser, bundled', async () => {
    const script = await bundled(
      'page.mjs',
      `import { Leasehold } from '@leasehold/client';
      const report = (told) => fetch('/report', { method: 'POST', body: JSON.stringify(told) });
      async function main() {
        const leasehold = new Leasehold({ url: location.origin });
        ${story}
      }
      main().then(report, (error) => report({ error: String(error) }));`,
    );
    expect(await inBrowser(script, service.url)).toEqual(played);
  });

  test('runs in workerd, a runtime of the edge without modules of Node, bundled', async () => {
    const worker = await bundled(
      'worker.mjs',
      `import { Leasehold } from '@leasehold/client';
      export default {
        async fetch() {
          const leasehold = new Leasehold({ url: '${service.url}' });
          const main = async () => { ${story} };
          return Response.json(await main().catch((error) => ({ error: String(error) })));
        },
      };`,
    );
    expect(await atTheEdge(project, worker)).toEqual(played);
  });
});

/** Runs a module as a worker in workerd, which npm has as a program. Returns what it answers to a request. */
async function atTheEdge(project: Project, worker: string): Promise<unknown> {
  await project.run(
    project.npm,
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    'workerd@1.20261117.1',
  );
  const port = await freePort();
  writeFileSync(join(project.folder, 'edge.js'), worker);
  const config = join(project.folder, 'edge.capnp');
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [
        (name = "main", worker = (modules = [(name = "edge.js", esModule = embed "edge.js")], compatibilityDate = "2026-11-01")),
        (name = "internet", network = (allow = ["private"])),
      ],
      sockets = [(name = "http", address = "127.0.0.1:${String(port)}", http = (), service = "main")],
    );`,
  );
  const require = createRequire(join(project.folder, 'node_modules/workerd/package.json'));
  const program = require.resolve(
    `@cloudflare/workerd-${process.platform}-${process.arch === 'x64' ? '64' : process.arch}/bin/workerd`,
  );
  const runtime = spawn(program, ['serve', config], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(runtime, 'exit');
  try {
    return await eventually(async () => {
      const answer = await fetch(`http://127.0.0.1:${String(port)}/`);
      return (await answer.json()) as unknown;
    });
  } finally {
    runtime.kill('SIGTERM');
    await ended;
  }
}

/** Runs a script in a page of Chromium, which comes from the origin of the service as through a proxy. Returns its report. */
async function inBrowser(script: string, api: string): Promise<unknown> {
  let report: (text: string) => void = () => undefined;
  const reported = new Promise<string>((resolve) => {
    report = resolve;
  });
  const server = createServer((asked, answer) => {
    const url = asked.url ?? '/';
    if (url === '/')
      answer.setHeader('content-type', 'text/html').end('<script type="module" src="/page.js"></script>');
    else if (url === '/page.js') answer.setHeader('content-type', 'text/javascript').end(script);
    else if (url === '/report') {
      let text = '';
      asked.on('data', (chunk) => (text += String(chunk)));
      asked.on('end', () => {
        answer.end();
        report(text);
      });
    } else {
      const { method, headers } = asked;
      const forwarded = request(api + url, { method, headers }, (given) => {
        answer.writeHead(given.statusCode ?? 502, given.headers);
        given.pipe(answer);
      });
      forwarded.on('error', () => answer.destroy());
      answer.on('close', () => forwarded.destroy());
      asked.pipe(forwarded);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const page = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  const profile = mkdtempSync(join(scratch, 'chromium-'));
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    `--user-data-dir=${profile}`,
  ];
  const browser = spawn('chromium', [...flags, '--remote-debugging-port=0', page], { stdio: 'ignore' });
  const ended = once(browser, 'exit');
  try {
    return JSON.parse(await within('the report of the page', reported, 240_000));
  } finally {
    browser.kill('SIGTERM');
    await ended;
    server.close();
    server.closeAllConnections();
  }
}
