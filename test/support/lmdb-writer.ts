import { openEmbeddedTable } from '../../libs/locks/src/table/embedded/embedded-table';
import { openLmdbStore } from '../../libs/locks/src/table/embedded/lmdb-store';
import { portRules } from './port-rules';
import { step } from './steps';

/** A process that writes rows until it dies, and prints the number of each answered one. */
async function main(directory: string): Promise<void> {
  const table = await openEmbeddedTable({ store: openLmdbStore(directory), rules: portRules as never });
  process.stdout.write('open\n');
  let next = 0;
  const filler = 'x'.repeat(500);
  const writer = async () => {
    for (;;) {
      const n = ++next;
      await step(table, [
        { op: 'put', kind: 'lease', id: String(n), row: { n, filler } },
        { op: 'link', list: 'all', member: `l:${String(n)}`, score: n },
        { op: 'record', text: String(n) },
      ]);
      process.stdout.write(`${String(n)}\n`);
    }
  };
  try {
    await Promise.all(Array.from({ length: 8 }, writer));
  } catch (error) {
    const causes: string[] = [];
    for (let each: unknown = error; each instanceof Error; each = each.cause) causes.push(each.message);
    process.stdout.write(`failed ready=${String(table.ready())} ${causes.join(' <- ')}\n`);
  }
}

void main(process.argv[2] ?? '');
