import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../..');

interface Printed {
  figures: { title: string; rows: Record<string, string | number | null>[] }[];
}

/** Runs it with tiny counts: the figures mean nothing. */
async function bench(name: string): Promise<Printed['figures']> {
  const args = ['-r', './test/support/typescript.cjs', 'test/bench/main.ts', name, '--smoke', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 280_000 });
  return (JSON.parse(stdout) as Printed).figures;
}

const namesOf = (rows: Record<string, unknown>[] = [], column: string): unknown[] =>
  rows.map((row) => row[column]);

describe('npm run bench', () => {
  it('layers: every layer answers the calls it is measured with', async () => {
    const [figure] = await bench('layers');
    expect(namesOf(figure?.rows, 'layer')).toEqual([
      'bare node:http',
      'bare Fastify',
      'bare Nest on Fastify',
      'our HTTP, application stubbed',
      'and the application, table stubbed',
      'and the rules, on Maps',
      'the same with LMDB',
      'over Redis, fsync always',
    ]);
  });

  it('streams: each hears of the break', async () => {
    const [figure] = await bench('streams');
    expect(namesOf(figure?.rows, 'streams')).toEqual([100]);
    for (const bytes of namesOf(figure?.rows, 'bytes a stream')) expect(bytes).toBeGreaterThan(0);
  });

  it('grpc: every server answers the calls it is measured with', async () => {
    const [figure] = await bench('grpc');
    expect(figure?.rows).toHaveLength(10);
    for (const rate of namesOf(figure?.rows, 'pairs/s')) expect(rate).toBeGreaterThan(0);
  });

  it('peers: leases, and the locks of other services, are acquired and released', async () => {
    const [figure] = await bench('peers');
    // etcd is measured where it is installed.
    expect(namesOf(figure?.rows, 'what').filter((name) => name !== 'etcd lock()')).toEqual([
      'Leasehold, embedded, HTTP',
      'Leasehold, embedded, client',
      'Leasehold, Redis, HTTP',
      'Leasehold, Redis, client',
      'redlock, one Redis',
      'SET NX PX + DEL',
      'LMDB put + remove',
    ]);
  });

  it('dlm: locks in modes are taken beside leases, and waiters are served', async () => {
    const [pairs, drains] = await bench('dlm');
    expect(namesOf(pairs?.rows, 'table')).toEqual(['rules on Maps', 'Redis']);
    expect(drains?.rows).toHaveLength(6);
  });

  it('quota: a polite caller is served beside a greedy one', async () => {
    const [figure] = await bench('quota');
    expect(figure?.rows).toHaveLength(3);
    for (const took of namesOf(figure?.rows, 'p99 ms')) expect(took).toBeGreaterThan(0);
  });

  it('shards: every table does its steps', async () => {
    const [figure] = await bench('shards');
    expect(figure?.rows).toHaveLength(6);
    for (const times of namesOf(figure?.rows, 'steps for its processor')) expect(times).toBeGreaterThan(0);
  });

  it('eyes: nothing that an operator sees by is missing', async () => {
    const [figure] = await bench('eyes');
    expect(figure?.rows).toHaveLength(4);
    for (const micros of namesOf(figure?.rows, 'µs a pair')) expect(micros).toBeGreaterThan(0);
  });

  it('names: a listing by prefix finds what it is about, over both tables', async () => {
    const [figure] = await bench('names');
    expect(namesOf(figure?.rows, 'table')).toEqual(['embedded', 'embedded', 'redis', 'redis']);
    for (const pages of namesOf(figure?.rows, 'pages')) expect(pages).toBeGreaterThan(0);
  });

  it('cost: every step runs, and leases take memory', async () => {
    const [steps, memory, start, node] = await bench('cost');
    expect(namesOf(steps?.rows, 'step')).toContain('acknowledge');
    for (const bytes of namesOf(memory?.rows, 'bytes a lease')) expect(bytes).toBeGreaterThan(0);
    expect(start?.rows).toHaveLength(1);
    expect(node?.rows).toHaveLength(1);
  });
});
