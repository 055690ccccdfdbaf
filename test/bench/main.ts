import { parseArgs } from 'node:util';
import { stopPrograms } from '../support/service';
import { drawn, type Figure, machine, type Row, rounded } from './figure';
import { fanout } from './fanout';
import { nfs } from './nfs';
import { pairs } from './pairs';
import { path } from './path';
import { ranges } from './ranges';
import { scale } from './scale';

const figures: Record<string, () => Promise<Figure[]>> = { path, pairs, fanout, ranges, scale, nfs };

/** `npm run bench -- [--json] [path|pairs|fanout|ranges|scale|nfs ...]`: all of them where none is named. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const names = positionals.length > 0 ? positionals : Object.keys(figures);
  const unknown = names.find((name) => !(name in figures));
  if (unknown !== undefined)
    throw new Error(`there is no figure ${unknown}; there are ${Object.keys(figures).join(', ')}`);
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
  for (const name of names) {
    for (const figure of (await figures[name]?.()) ?? []) {
      say(drawn(figure));
      done.push({ ...figure, rows: figure.rows.map(roundedRow) });
    }
  }
  if (values.json)
    process.stdout.write(`${JSON.stringify({ machine: where, figures: done }, undefined, 2)}\n`);
}

function roundedRow(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'number' ? rounded(value) : value]),
  );
}

void main()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  })
  .then(stopPrograms)
  .finally(() => process.exit());
