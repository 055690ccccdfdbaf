import type { ExportView, Table, VerbOutput } from '#locks';
import type { Arbiter } from './arbiter';
import type { Exports } from './exports';

/** How long a node that has started waits for the fileservers of its exports before it serves without them. */
const patienceMs = 30_000;

/** Whether this node can serve, and which holds are unconfirmed. */
export class Readiness {
  private began = false;
  private patientUntil = 0;
  private ending = false;

  constructor(
    private readonly table: Table,
    private readonly exports: Exports,
    private readonly arbiter: Arbiter,
  ) {}

  started(): void {
    this.began = true;
    this.patientUntil = performance.now() + patienceMs;
  }
  stopping(): void {
    this.ending = true;
  }

  /** Why requests should go elsewhere, or undefined. */
  get obstacle(): string | undefined {
    if (this.ending) return 'The service is stopping.';
    if (!this.began) return 'The service is starting.';
    if (this.table.ready()) return undefined;
    const trouble = this.table.trouble();
    return trouble === undefined ? 'The table cannot be reached.' : `The table cannot be used: ${trouble}.`;
  }

  /** Configured exports that are not served yet. Once all are, or after a while, none is awaited again. */
  async awaited(): Promise<string[]> {
    if (performance.now() >= this.patientUntil) return [];
    const unserved = await this.exports.unserved();
    if (unserved.length === 0) this.patientUntil = 0;
    return unserved;
  }

  /** The lease APIs of the table, and its format. */
  servers(): Promise<VerbOutput<'serverList'>> {
    return this.arbiter.run('serverList', {});
  }

  /** The exports, each with the number of files whose hold its fileserver has not confirmed. */
  async exportStates(): Promise<{ name: string; state: ExportView['state']; unconfirmedFiles: number }[]> {
    const exports = await this.exports.list();
    return exports.map(({ name, state, unconfirmed }) => ({ name, state, unconfirmedFiles: unconfirmed }));
  }
}
