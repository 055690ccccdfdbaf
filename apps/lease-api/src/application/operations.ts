import type { OperationView } from '#locks';
import type { Log } from '../telemetry/logger';
import type { Arbiter } from './arbiter';
import { randomId } from './ids';
import { isRefused, refuse, type Refused } from './refusal';
import type { Relay } from './relay';

/** Long-running operations: hangups, forced removals, stopping adapters (semantics.md §7). */
export class Operations {
  constructor(
    private readonly arbiter: Arbiter,
    private readonly relay: Relay,
    private readonly log: Log,
  ) {}

  /**
   * Stops an export in order: new requests are refused, waiting ones dropped, leases broken, and what is left at the
   * deadline is taken by force. Refused: no_such_item, operation_running.
   */
  hangup(name: string, deadlineMs: number): Promise<OperationView | Refused> {
    const operationId = randomId();
    return this.begun(
      `exports/${name}`,
      { export: name, deadlineMs },
      this.arbiter.run('exportHangup', { name, operationId, deadlineMs }),
    );
  }

  /** Resumes an export after a hangup. Refused: no_such_item, operation_running. */
  async resume(name: string): Promise<Refused | undefined> {
    const resumed = await this.arbiter.run('exportResume', { name });
    if (isRefused(resumed)) return this.named(resumed, `exports/${name}`);
    if (resumed.resumed) this.log.warn({ export: name }, 'an export is served again');
    return undefined;
  }

  /**
   * Begins a grace period of one export, or ends it with 0. Returns how long it lasts at most, and how many sessions it
   * waits for. Refused: no_such_export, earlier_version.
   */
  async grace(name: string, graceMs: number): Promise<{ graceMs: number; sessions: number } | Refused> {
    const begun = await this.arbiter.run('exportGrace', { name, graceMs });
    if (!isRefused(begun)) this.log.warn({ export: name, ...begun }, 'the grace period of an export was set');
    return begun;
  }

  /** Stops an adapter in order: its exports first, then it is told to exit. Refused: no_such_adapter, operation_running. */
  stopAdapter(stack: string, incarnation: string, deadlineMs: number): Promise<OperationView | Refused> {
    const operationId = randomId();
    return this.begun(
      `adapters/${incarnation}`,
      { stack, incarnation, deadlineMs },
      this.arbiter.run('adapterStop', { stack, incarnation, operationId, deadlineMs }),
    );
  }

  async list(): Promise<readonly OperationView[]> {
    return (await this.arbiter.run('operationList', {})).operations;
  }

  /** The state of an operation, once it is done or `waitMs` has passed. Refused: no_such_operation. */
  async get(operationId: string, waitMs = 0, signal?: AbortSignal): Promise<OperationView | Refused> {
    const until = performance.now() + waitMs;
    const watch = this.relay.watch(`operations/${operationId}`);
    try {
      for (;;) {
        const found = await this.arbiter.run('operationGet', { operationId });
        if (isRefused(found)) return found;
        const { operation } = found;
        const left = until - performance.now();
        const over = left <= 0 || this.relay.stopping || signal?.aborted === true;
        if (operation.state === 'done' || over) return operation;
        await watch.next(left, signal);
      }
    } finally {
      watch.close();
    }
  }

  /** If an operation running on one of these items causes the refusal, adds its id. */
  async named(refused: Refused, ...of: string[]): Promise<Refused> {
    const { reason } = refused.refused;
    if (reason !== 'operation_running' && reason !== 'item_removing') return refused;
    const running = (await this.list()).find((each) => of.includes(each.of) && each.state === 'running');
    return refuse(reason, { ...refused.refused, operationId: running?.operationId });
  }

  private async begun(
    of: string,
    what: object,
    step: Promise<{ operation: OperationView } | Refused>,
  ): Promise<OperationView | Refused> {
    const made = await step;
    if (isRefused(made)) return this.named(made, of);
    const { operation } = made;
    this.log.warn({ ...what, operationId: operation.operationId, kind: operation.kind }, 'operation begun');
    return operation;
  }
}
