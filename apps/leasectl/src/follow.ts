import { printable } from '#contracts';
import type { Context } from './context';
import { jsonText } from './output';
import { clockText } from './words';

/** Prints a line for whatever happens under the names that begin so, until Ctrl-C. */
export async function follow(context: Context, name: string): Promise<number> {
  const { out } = context;
  const left = new AbortController();
  process.once('SIGINT', () => {
    left.abort();
  });
  for await (const notice of context.leasehold(10_000).watch(name, { signal: left.signal })) {
    if (out.json) {
      await out.line(jsonText(notice));
      continue;
    }
    if (notice.what === 'resync') {
      if (notice.cause !== 'stream_begins') out.say(`leasectl: some events are missing (${notice.cause}).`);
      continue;
    }
    const { at, what, type, target, export: on, file, cause } = notice;
    const facts = [clockText(new Date(at)), what, type ?? target ?? '', `${on}:${file}`, cause ?? ''];
    await out.line(printable(facts.filter((fact) => fact !== '').join('  ')));
  }
  return 0;
}
