import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hasOwnNetwork, inOwnNetwork } from '../support/network';
import { stopPrograms } from '../support/service';
import { chaos, type RunOptions } from './run';
import { altered, changeFor, type Sabotage, sabotages } from './sabotage';
import { shapes } from './shapes';
import { builtFrom, upDownUp } from './upgrade';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** How often each is tried: what happens is random, and depends on how fast the machine is. */
const rounds = 8;

type Where = Pick<RunOptions, 'shape' | 'shards'>;

/** What the checker says of a service that was broken on purpose, until it notices. */
async function noticed(
  sabotage: Sabotage,
  where: Where,
  seed: number,
  path: string,
): Promise<string | undefined> {
  const { directory, program } = altered(changeFor(sabotage, where.shape));
  const { faults = /^$/, ttlMs, says } = sabotage;
  try {
    for (let round = 0; round < rounds; round += 1) {
      const options = {
        ...where,
        seed: seed + round,
        ms: 15_000,
        path,
        program,
        faults,
        ttlMs,
        lateMs: 6_000,
      };
      const { violations } = await chaos(options);
      const found = violations.find((each) => says.test(each));
      if (found !== undefined) return found;
    }
    return undefined;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Breaks the service in every way on purpose: each must be noticed. Returns how many were not. */
async function trySabotages(
  seed: number,
  where: Where,
  path: string,
  only: string | undefined,
): Promise<number> {
  let unnoticed = 0;
  for (const [name, sabotage] of Object.entries(sabotages)) {
    if (only !== undefined && only !== name) continue;
    if (sabotage.sharded === true && (where.shards ?? 1) === 1) {
      say(`${name}: left out, as it takes --shards`);
      continue;
    }
    const found = await noticed(sabotage, where, seed, path);
    if (found === undefined) unnoticed += 1;
    say(`${name}: ${found === undefined ? 'NOT NOTICED' : `noticed: ${found}`}`);
  }
  return unnoticed;
}

function counted(name: string, given: string | undefined, usual: number): number {
  const value = given === undefined ? usual : Number(given);
  if (!Number.isFinite(value) || value <= 0)
    throw new Error(`${name} is a number above 0, not ${given ?? ''}`);
  return value;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string' },
      shape: { type: 'string' },
      faults: { type: 'string' },
      clients: { type: 'string' },
      shards: { type: 'string' },
      sabotage: { type: 'string' },
      upgrade: { type: 'string' },
    },
  });
  const seed = counted('--seed', values.seed, Math.floor(Math.random() * 2 ** 31) + 1);
  const ms = counted('--minutes', values.minutes, 1) * 60_000;
  const clients = counted('--clients', values.clients, 12);
  const shards = values.shards === undefined ? undefined : counted('--shards', values.shards, 1);
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-chaos-'));
  if (values.sabotage !== undefined) {
    const only = values.sabotage === 'all' ? undefined : values.sabotage;
    const { shape = shards === undefined ? 'embedded' : 'redis' } = values;
    const path = join(directory, 'sabotage.jsonl');
    return (await trySabotages(seed, { shape, shards }, path, only)) === 0 ? 0 : 1;
  }
  const before = values.upgrade === undefined ? undefined : builtFrom(values.upgrade);
  const program = before?.program;
  const story = program === undefined ? undefined : upDownUp(program, say);
  let violated = 0;
  for (const shape of values.shape === undefined ? Object.keys(shapes) : [values.shape]) {
    const path = join(directory, `${shape}.jsonl`);
    const faults = values.faults === undefined ? undefined : new RegExp(values.faults);
    say(`${shape}: seed ${String(seed)}, ${String(ms / 60_000)} minutes, history in ${path}`);
    const { violations, counts } = await chaos({
      ...{ shape, seed, ms, path, faults, clients, shards, program, story },
    });
    for (const [what, count] of Object.entries(counts).sort()) say(`  ${what}: ${String(count)}`);
    for (const each of violations.slice(0, 50)) say(`  VIOLATION ${each}`);
    say(`${shape}: ${String(violations.length)} violations`);
    violated += violations.length;
  }
  before?.remove();
  return violated === 0 ? 0 : 1;
}

const isRoot = process.getuid?.() === 0;
void (isRoot && !hasOwnNetwork() ? inOwnNetwork() : main())
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 2;
  })
  .then(async (code) => {
    await stopPrograms();
    process.exit(code);
  });
