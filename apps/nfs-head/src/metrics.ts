import type { nfs } from '#contracts';
import { asking, Instruments } from '#telemetry';
import type { Contract } from './contract';

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10, 60];

/** The metrics of an NFS head (docs/metrics.md). */
export class HeadMetrics extends Instruments {
  private readonly calls = this.histogram(
    'leasehold_nfs_call_seconds',
    'Duration of calls to lease APIs, by method and NFS status, or unanswered; waits included',
    ['method', 'status'],
    secondsBuckets,
  );
  private readonly callbacks = this.counter(
    'leasehold_nfs_callbacks_total',
    'Callbacks from lease APIs by kind',
    ['kind'],
  );

  constructor() {
    super('nfs-head');
  }

  /** The same contract, measured and traced: every call begins a trace. */
  watch(contract: Contract): Contract {
    return {
      call: (method, input) =>
        asking(`nfs ${method}`, { 'rpc.method': method }, () => this.timed(contract, method, input), true),
      callbacks: (client, signal) => this.counted(contract.callbacks(client, signal)),
      close: () => {
        contract.close();
      },
    };
  }

  private async timed<M extends nfs.MethodName>(
    contract: Contract,
    method: M,
    input: nfs.InputOf<M>,
  ): Promise<nfs.ReplyOf<M>> {
    const startedAt = performance.now();
    let status = 'unanswered';
    try {
      const reply = await contract.call(method, input);
      ({ status } = reply);
      return reply;
    } finally {
      this.calls.add((performance.now() - startedAt) / 1000, method, status);
    }
  }

  private async *counted(callbacks: AsyncIterable<nfs.Callback>): AsyncGenerator<nfs.Callback, void> {
    for await (const callback of callbacks) {
      const { position: _, ...one } = callback;
      for (const [kind, content] of Object.entries<unknown>(one))
        if (content !== undefined) this.callbacks.add(1, kind);
      yield callback;
    }
  }
}
