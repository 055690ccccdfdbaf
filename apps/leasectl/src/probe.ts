import { LeaseholdError } from '#client';
import { printable } from '#contracts';
import type { Context } from './context';
import { exitFor, exitOf } from './failure';
import { spanText, type FileRef } from './words';

interface Probed {
  type: 'read' | 'write';
  granted: boolean;
  /** Whether the fileserver tells us before others open the file. */
  backed: boolean;
  tookMs: number;
  reason?: string;
  detail?: string;
}

const probeTtlMs = 10_000;
const giveUpRetryMs = 5_000;

/**
 * Takes a lease of each type on one file and gives it back at once: shows whether the fileserver of an export really
 * grants what backs a lease, and in which words it refuses. Returns 0 if both were granted, else the exit code of a refusal.
 */
export async function probe(context: Context, ref: FileRef): Promise<number> {
  const { api, out } = context;
  await api.get('/livez');
  const session = await context.leasehold(giveUpRetryMs).openSession({
    ttlMs: probeTtlMs,
    label: `leasectl probe: ${ref.export}`,
  });
  const probed: Probed[] = [];
  try {
    for (const type of ['read', 'write'] as const) {
      const startedAt = performance.now();
      const took = (): number => Math.round(performance.now() - startedAt);
      try {
        const lease = await session.acquire({ ...ref, type });
        probed.push({ type, granted: true, backed: lease.backed, tookMs: took() });
        await lease.release();
      } catch (error) {
        if (!(error instanceof LeaseholdError) || !isAnswer(error)) throw error;
        const { reason, title, detail = title } = error.problem;
        probed.push({ type, granted: false, backed: false, tookMs: took(), reason, detail });
      }
    }
  } finally {
    await session.end();
  }
  if (out.json) for (const each of probed) await out.value(each);
  else {
    const table = out.table<Probed>([
      ['TYPE', ({ type }) => type],
      ['GRANTED', ({ granted }) => (granted ? 'yes' : 'no')],
      ['BACKED', ({ granted, backed }) => (granted ? (backed ? 'yes' : 'no') : '-')],
      ['TOOK', ({ tookMs }) => spanText(tookMs)],
      [
        'WHY NOT',
        ({ reason, detail = '' }) => (reason === undefined ? '' : printable(`${reason}: ${detail}`)),
      ],
    ]);
    for (const line of table.lines(probed)) await out.line(line);
  }
  return probed.every(({ granted }) => granted) ? 0 : exitOf('refused');
}

/** The service, or the fileserver, has looked at the file and said no; anything else says nothing about leases there. */
const isAnswer = ({ problem }: LeaseholdError): boolean => exitFor(problem) === 'refused';
