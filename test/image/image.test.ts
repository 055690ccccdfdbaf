import { eventually } from '../support/eventually';
import { base, buildImage, image, limits, logged, podman, tryPodman } from '../support/podman';

/** The image that the Dockerfile makes, built and run. `npm run test:image` installs what that needs. */
const name = 'leasehold-image-test';
const volume = `${name}-data`;
const started: string[] = [];

async function start(container: string, ...args: string[]): Promise<void> {
  started.push(container);
  await podman('run', '--detach', '--name', container, '--network', 'none', ...limits, ...args);
}
const cleared = (): void => {
  tryPodman('rm', '--force', '--volumes', '--time', '0', ...started);
  tryPodman('volume', 'rm', '--force', volume);
};
beforeAll(async () => {
  tryPodman('rm', '--force', '--time', '0', name, `${name}-start`);
  tryPodman('volume', 'rm', '--force', volume);
  await buildImage('--build-arg', 'VERSION=9.8.7', '--build-arg', 'REVISION=0123abc');
}, 3_600_000);
afterAll(cleared);

interface ImageConfig {
  User: string;
  ExposedPorts: object;
  Volumes: object;
  Labels: Record<string, string>;
}
interface Inspected {
  Size: number;
  Config: ImageConfig;
  Healthcheck?: { Test: string[] };
}
const inspected = async (what: string): Promise<Inspected> =>
  (JSON.parse(await podman('image', 'inspect', what)) as [Inspected])[0];
/** In a new container of the image. */
const shell = (script: string): Promise<string> =>
  podman(
    'run',
    '--rm',
    '--no-healthcheck',
    '--network',
    'none',
    ...limits,
    '--entrypoint',
    'sh',
    image,
    '-c',
    script,
  );
const leasectl = (...words: string[]) =>
  tryPodman('exec', name, 'node', 'dist/apps/leasectl/src/main.js', ...words);

test('it says what it is, and runs as somebody without rights', async () => {
  const { Config: config, Healthcheck: health } = await inspected(image);
  expect(config.Labels).toMatchObject({
    'org.opencontainers.image.title': 'Leasehold',
    'org.opencontainers.image.licenses': 'MIT',
    'org.opencontainers.image.version': '9.8.7',
    'org.opencontainers.image.revision': '0123abc',
  });
  expect(config).toMatchObject({ User: 'node', ExposedPorts: { '8080/tcp': {}, '8081/tcp': {} } });
  expect(config.Volumes).toEqual({ '/app/data': {} });
  expect(health?.Test).toEqual(['CMD', 'node', 'healthcheck.mjs']);
  // Of all that is there, it may change its table and nothing else.
  expect(await shell('find /app -xdev -writable')).toBe('/app/data');
});

test('it has what runs, and nothing else', async () => {
  const files = (await shell('ls -A /app')).split('\n');
  expect(files.sort()).toEqual(
    [
      'LICENSE',
      'data',
      'dist',
      'healthcheck.mjs',
      'libs',
      'node_modules',
      'package.json',
      'process-one.cjs',
    ].sort(),
  );
  expect(await shell('find /app -xtype l')).toBe('');
  const tools = '@swc/core esbuild jest oxlint prettier vitepress puppeteer-core'.split(' ');
  expect(await shell(`cd /app/node_modules; ls -d ${tools.join(' ')} 2>/dev/null; true`)).toBe('');
  const own = (await inspected(image)).Size - (await inspected(base)).Size;
  expect(own / 1e6).toBeLessThan(200);
});

test('with the default command it starts, is healthy, and takes a lease', async () => {
  await start(name, '--volume', `${volume}:/app/data`, image);
  const output = await logged(name, '"msg":"ready"');
  expect(output).not.toContain('"stack"');
  expect(tryPodman('healthcheck', 'run', name)).toEqual({ code: 0, output: '' });
  const held = leasectl(
    'hold',
    'local:first.txt',
    '--',
    'node',
    '-e',
    'console.log("held", process.env.LEASEHOLD_FENCING_TOKEN)',
  );
  expect(held).toEqual({ code: 0, output: expect.stringMatching(/held \d+/) as string });
});

test('a program that does not answer is not healthy', async () => {
  await podman('kill', '--signal', 'STOP', name);
  expect(tryPodman('healthcheck', 'run', name)).toMatchObject({ code: 1 });
  await podman('kill', '--signal', 'CONT', name);
  await eventually(() => {
    expect(tryPodman('healthcheck', 'run', name).code).toBe(0);
  });
});

test('on SIGTERM it stops in order, and another container continues with its volume', async () => {
  await podman('stop', '--time', '120', name);
  expect(await podman('inspect', '--format', '{{.State.ExitCode}}', name)).toBe('0');
  expect(await podman('logs', name)).toMatch(/"signal":"SIGTERM","msg":"stopping"[^]*"msg":"stopped"\}$/);
  await podman('rm', name);
  await start(name, '--env', 'LEASEHOLD_NEW_TABLE=refuse', '--volume', `${volume}:/app/data`, image);
  expect(await logged(name, '"msg":"ready"')).not.toContain('a new table');
});

test('on SIGTERM a program that is still starting ends, too', async () => {
  // Process 1 gets only signals that it handles: a program that handles none yet would be killed after a time.
  const starting = `${name}-start`;
  const program = "console.log('starting'); setTimeout(() => undefined, 1e9)";
  await start(starting, '--no-healthcheck', image, '--eval', program);
  await logged(starting, 'starting');
  await podman('stop', '--time', '600', starting);
  expect(await podman('inspect', '--format', '{{.State.ExitCode}}', starting)).toBe('143');
});
