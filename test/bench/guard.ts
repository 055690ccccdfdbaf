import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '../support/redis-server';
import { type LeaseApi, startLeaseApi } from '../support/service';
import { builtFile, here } from './built';
import { type Figure, median, noted, type Row } from './figure';
import type { LoadJobs } from './load';
import type { RulesJobs } from './rules';
import { SideProcess } from './side-process';
import { type Contender, type Effort, inTurns, type Turn } from './turns';

const inFlight = 50;
/** The loss allowed. */
const allowed = 1.1;

/**
 * Compares the working tree with a commit: both take turns, measured by the processor time of the same operations.
 * Returns the figure, and what has become slower by more than a tenth.
 */
export async function guard(ref: string, effort: Effort): Promise<{ figure: Figure; lost: string[] }> {
  const root = checkout(ref);
  const load = new SideProcess<LoadJobs>('load');
  const started: { stop(): unknown }[] = [load];
  const http = (api: LeaseApi, servers: Contender['servers']): Contender => {
    started.push(api);
    return { servers, load: (ms) => load.ask('leases', { url: api.url, inFlight, ms }) };
  };
  const embedded = async (program: string): Promise<Contender> => {
    const api = await startLeaseApi({ program });
    return http(api, { 'embedded: lease API': () => api.pid });
  };
  const overRedis = async (program: string): Promise<Contender> => {
    const redis = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
    started.push(redis);
    const api = await startLeaseApi({ program, table: redis.url });
    return http(api, { 'over Redis: lease API': () => api.pid, 'over Redis: Redis': () => redis.pid });
  };
  const rules = (of: string): Contender => {
    const side = new SideProcess<RulesJobs>('rules');
    started.push(side);
    return {
      servers: { 'rules in process': () => side.pid },
      load: (ms) => side.ask('pairs', { root: of, inFlight, ms }),
    };
  };
  try {
    const contenders: Contender[] = [];
    const roots = [root, here];
    for (const of of roots) contenders.push(await embedded(builtFile('apps/lease-api/src/main.ts', of)));
    for (const of of roots) contenders.push(await overRedis(builtFile('apps/lease-api/src/main.ts', of)));
    for (const of of roots) contenders.push(rules(of));
    return verdict(ref, await inTurns(contenders, effort), effort);
  } finally {
    for (const each of started.reverse()) await each.stop();
  }
}

function verdict(ref: string, turns: Turn[][], { rounds, ms }: Effort) {
  const rows: Row[] = [];
  for (let at = 0; at < turns.length; at += 2) {
    const [before = [], after = []] = turns.slice(at, at + 2);
    for (const operation of Object.keys(before[0]?.micros ?? {})) rows.push(row(operation, before, after));
  }
  const lost = rows.filter((each) => Number(each['after / before']) > allowed);
  const figure = {
    title: `The working tree (after) beside ${ref} (before): processor time of acquire and release`,
    method:
      `${String(inFlight)} in flight, in turns; medians of ${String(rounds)} turns of ${String(ms / 1000)} s, the ratio that of ` +
      'neighbouring turns. Redis with appendfsync always.',
    rows,
  };
  return { figure, lost: lost.map((each) => String(each['operation'])) };
}

function row(operation: string, before: Turn[], after: Turn[]): Row {
  const of = (turn: Turn | undefined): number => turn?.micros[operation] ?? Number.NaN;
  const ratios = before.map((turn, at) => of(after[at]) / of(turn));
  return noted({
    operation,
    'before µs': median(before.map(of)),
    'after µs': median(after.map(of)),
    'after / before': median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
  });
}

/** A built worktree of the commit in a temporary directory, removed when this process ends. */
function checkout(ref: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: here, encoding: 'utf8' }).trim();
  let commit = '';
  try {
    commit = git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
  } catch {
    throw new Error(`there is no commit ${ref}`);
  }
  const root = mkdtempSync(join(tmpdir(), 'leasehold-guard-'));
  process.once('exit', () => {
    rmSync(root, { recursive: true, force: true });
    git('worktree', 'prune');
  });
  process.stderr.write(`  building ${ref} (${commit.slice(0, 7)}) in ${root} ...\n`);
  git('worktree', 'add', '--quiet', '--detach', root, commit);
  const run = (command: string, ...args: string[]): unknown =>
    execFileSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const lock = 'package-lock.json';
  if (readFileSync(join(root, lock)).equals(readFileSync(join(here, lock))))
    symlinkSync(join(here, 'node_modules'), join(root, 'node_modules'));
  else run('npm', 'ci');
  run('npm', 'run', '--silent', 'build');
  return root;
}
