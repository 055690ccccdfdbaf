import { setTimeout as pause } from 'node:timers/promises';
import {
  type HoldAsk,
  type RangesAsk,
  type RangeTestAsk,
  type Table,
  TableUnreachable,
  type VerbInput,
  type VerbName,
  type VerbOutput,
} from '#locks';
import { part } from '#telemetry';
import type { Log } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import type {
  FileserverPort,
  HoldOutcome,
  RangeAsked,
  RangesOutcome,
  RangeTestOutcome,
} from './fileserver-port';
import { Gate } from './gate';
import { Ids } from './ids';

const asksAtOnce = 256;
const asksWaitingMax = 100_000;
/** For how many files the text of the last refusal is kept, for callers who are about to be told. */
const saidMax = 1_000;

/**
 * Runs verbs on the table and sends the asks that they decide on to fileservers. A step is durable before its asks
 * start. Nothing is held while an ask runs: callers that need its outcome wait for a record.
 */
export class Arbiter {
  private readonly gate = new Gate(asksAtOnce, asksWaitingMax);
  private stopping = false;
  private readonly said = new Map<string, { reason: string; detail: string }>();
  /** Makes ids and keys for this table. */
  readonly ids: Ids;

  constructor(
    private readonly table: Table,
    private readonly fileservers: FileserverPort,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {
    this.ids = new Ids(table.shards);
  }

  /** Asks under way or waiting for their turn. */
  get asksInFlight(): number {
    return this.gate.load;
  }

  /** One atomic step. Throws TableUnreachable or TableFull; expected refusals are in the value. */
  async run<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<VerbOutput<V>> {
    const start = performance.now();
    const reply = await part(`table ${verb}`, { verb }, () => this.table.call(verb, input));
    this.metrics.verb(verb, (performance.now() - start) / 1000);
    for (const each of reply.measured ?? []) this.metrics.measured(each);
    for (const ask of reply.asks) this.start(ask, () => this.carryOut(ask));
    for (const ask of reply.rangeAsks ?? []) this.start(ask, () => this.lockRanges(ask));
    return reply.value;
  }

  /**
   * Starts no more asks and resolves when the running ones have ended. Asks not started remain rows for another sweep.
   */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.gate.whenIdle();
  }

  private start(ask: { exportName: string; path: string }, carryOut: () => Promise<void>): void {
    // An ask that is skipped is not lost: its row has a deadline, and the first sweep after that asks again.
    if (this.stopping) return;
    if (!this.gate.open) {
      this.log.error(
        { export: ask.exportName, path: ask.path, waiting: this.gate.load },
        'too many calls wait for fileservers; this one is postponed until after its deadline',
      );
      return;
    }
    void this.gate.run(carryOut).catch((error: unknown) => {
      this.log.error(
        { err: error, export: ask.exportName, path: ask.path },
        'the answer of a fileserver could not be recorded; the next sweep asks again',
      );
    });
  }

  /** The fileserver's text for its last refusal about this file, if this node sent that ask. */
  wordsOf(fileKey: string, reason: string): string | undefined {
    const said = this.said.get(fileKey);
    return said?.reason === reason ? said.detail : undefined;
  }

  private remember(fileKey: string, outcome: object, detail: string | undefined): void {
    this.said.delete(fileKey);
    if (detail === undefined || !('reason' in outcome) || typeof outcome.reason !== 'string') return;
    this.said.set(fileKey, { reason: outcome.reason, detail });
    for (const oldest of this.said.keys()) {
      if (this.said.size <= saidMax) return;
      this.said.delete(oldest);
    }
  }

  private async carryOut(ask: HoldAsk): Promise<void> {
    const answer: HoldOutcome =
      ask.endpoint === '' ? { failed: 'no_backend' } : await this.fileservers.setlease(ask);
    const { detail, ...outcome } = { detail: undefined, ...answer };
    this.remember(ask.fileKey, outcome, detail);
    const label = 'failed' in outcome ? outcome.failed : (outcome.reason ?? 'ok');
    this.metrics.ask(label);
    if (label !== 'ok')
      this.log.info(
        {
          reason: label,
          export: ask.exportName,
          path: ask.path,
          wanted: ask.type,
          holdGen: ask.holdGen,
          endpoint: ask.endpoint,
        },
        'a fileserver did not grant the hold that was asked for',
      );
    await this.record('holdAnswered', { fileKey: ask.fileKey, holdGen: ask.holdGen, ...outcome });
  }

  /** Asks the fileserver, once and now, which lock of its programs would be in the way of one. */
  async testRange(ask: RangeTestAsk, range: RangeAsked): Promise<RangeTestOutcome> {
    const outcome: RangeTestOutcome =
      ask.endpoint === '' ? { failed: 'no_backend' } : await this.fileservers.testrange(ask, range);
    this.metrics.ask('failed' in outcome ? outcome.failed : 'ok');
    return outcome;
  }

  private async lockRanges(ask: RangesAsk): Promise<void> {
    const { fileKey, gen, exportName, path, endpoint } = ask;
    const outcome: RangesOutcome =
      endpoint === '' ? { failed: 'no_backend' } : await this.fileservers.setranges(ask);
    if ('failed' in outcome) {
      this.metrics.ask(outcome.failed);
      await this.record('rangesAnswered', { fileKey, gen, failed: outcome.failed });
      return;
    }
    const { locked, lost } = outcome;
    const refused = outcome.refused.map(({ id, reason }) => ({ id, reason }));
    const [first] = outcome.refused;
    if (first !== undefined) this.remember(fileKey, first, first.detail);
    this.metrics.ask(first?.reason ?? (lost.length > 0 ? 'fileserver_lost' : 'ok'));
    if (lost.length > 0)
      this.log.warn(
        { export: exportName, path, lost: lost.length, endpoint },
        'a fileserver could not lock what is held there',
      );
    await this.record('rangesAnswered', { fileKey, gen, locked, refused, lost });
  }

  /** Records what a fileserver answered. */
  private async record<V extends 'holdAnswered' | 'rangesAnswered'>(
    verb: V,
    answer: VerbInput<V>,
  ): Promise<void> {
    for (let backoffMs = 50; ; backoffMs *= 4) {
      try {
        await this.run(verb, answer);
        return;
      } catch (error) {
        if (!(error instanceof TableUnreachable) || backoffMs > 1_000 || this.stopping) throw error;
        await pause(backoffMs);
      }
    }
  }
}
