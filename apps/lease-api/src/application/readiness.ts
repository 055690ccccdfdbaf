import type { ExportView, Table } from '#locks';
import type { Exports } from './exports';

/** Whether this node can serve, and what it cannot vouch for. */
export class Readiness {
  private began = false;
  private ending = false;

  constructor(
    private readonly table: Table,
    private readonly exports: Exports,
    /** An embedded table that has failed does not come back while the process lives. */
    private readonly tableEndsWithProcess: boolean,
  ) {}

  started(): void {
    this.began = true;
  }
  stopping(): void {
    this.ending = true;
  }

  /** Whether a restart would not help. */
  get alive(): boolean {
    return this.table.ready() || !this.tableEndsWithProcess;
  }

  /** Why requests should go elsewhere, or undefined. */
  get obstacle(): string | undefined {
    if (this.ending) return 'The service is stopping.';
    if (!this.began) return 'The service is starting.';
    return this.table.ready() ? undefined : 'The table cannot be reached.';
  }

  /** The exports, each with the number of files whose hold its fileserver has not confirmed. */
  async exportStates(): Promise<{ name: string; state: ExportView['state']; unconfirmedFiles: number }[]> {
    const exports = await this.exports.list();
    return exports.map(({ name, state, unconfirmed }) => ({ name, state, unconfirmedFiles: unconfirmed }));
  }
}
