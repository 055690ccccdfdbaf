import { parseArgs } from 'node:util';
import { stopPrograms } from '../support/service';
import { cost } from './cost';
import { dlm } from './dlm';
import { drawn, type Figure, machine, type Row, rounded } from './figure';
import { eyes } from './eyes';
import { fanout } from './fanout';
import { grpc } from './grpc';
import { guard } from './guard';
import { layers } from './layers';
import { names } from './names';
import { nfs } from './nfs';
import { pairs } from './pairs';
import { path } from './path';
import { peers } from './peers';
import { quota } from './quota';
import { ranges } from './ranges';
import { scale } from './scale';
import { shards } from './shards';
import { streams } from './streams';
import type { Effort } from './turns';

const figures: Record<string, (effort: Effort) => Promise<Figure[]>> = {
  path,
  pairs,
  fanout,
  streams,
  ranges,
  dlm,
  quota,
  scale,
  shards,
  names,
  layers,
  grpc,
  peers,
  cost,
  eyes,
  nfs,
};
const usual: Effort = { rounds: 5, ms: 2_000, warmUpMs: 3_000, leases: 100_000, streams: 10_000 };
/** Only checks that everything runs: the figures mean nothing. */
const smoke: Effort = { rounds: 1, ms: 50, warmUpMs: 50, leases: 1_000, streams: 100 };

/** All figures if none is named; --rounds, --leases and --smoke apply to layers, names, grpc, peers, cost and guard. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      leases: { type: 'string' },
    },
    allowPositionals: true,
  });
  const least = values.smoke ? smoke : usual;
  const effort: Effort = {
    ...least,
    rounds: counted('--rounds', values.rounds, 100) ?? least.rounds,
    leases: counted('--leases', values.leases, 10_000_000) ?? least.leases,
  };
  const [first, ref = 'HEAD'] = positionals;
  const wanted = positionals.length > 0 ? positionals : Object.keys(figures);
  const unknown = wanted.find((name) => !(name in figures));
  if (unknown !== undefined && first !== 'guard')
    throw new Error(`there is no figure ${unknown}; there are ${Object.keys(figures).join(', ')} and guard`);
  const where = machine();
  const say = (text: string): void => {
    if (!values.json) process.stdout.write(`${text}\n`);
  };
  say(
    `Measured on: ${Object.entries(where)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', ')}`,
  );
  const done: Figure[] = [];
  const show = (figure: Figure): void => {
    say(drawn(figure));
    done.push({ ...figure, rows: figure.rows.map(roundedRow) });
  };
  if (first === 'guard') {
    const { figure, lost } = await guard(ref, effort);
    show(figure);
    if (lost.length > 0) {
      process.stderr.write(`More than a tenth is lost: ${lost.join(', ')}\n`);
      process.exitCode = 1;
    }
  } else for (const name of wanted) for (const figure of (await figures[name]?.(effort)) ?? []) show(figure);
  if (values.json)
    process.stdout.write(`${JSON.stringify({ machine: where, figures: done }, undefined, 2)}\n`);
}

function counted(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > most)
    throw new Error(`${name}: got ${text}, wants a whole number from 1 to ${String(most)}`);
  return count;
}

function roundedRow(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'number' ? rounded(value) : value]),
  );
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => void stopPrograms().finally(() => process.exit(130)));

void main()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  })
  .then(stopPrograms)
  .finally(() => process.exit());
