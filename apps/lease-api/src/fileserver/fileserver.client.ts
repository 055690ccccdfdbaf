import { firstValueFrom, timeout, TimeoutError } from 'rxjs';
import type { z } from 'zod';
import { fileserver, type Problem, problemOf } from '#contracts';
import type { HoldAsk, RangesAsk, RangeTestAsk, RangeWanted } from '#locks';
import type {
  AdapterAddress,
  FileIdentity,
  FileserverPort,
  HeldPage,
  HoldOutcome,
  RangeAsked,
  RangesOutcome,
  RangeTestOutcome,
} from '../application/fileserver-port';
import { bytesOf } from '../application/offsets';
import { refuse, type Refused } from '../application/refusal';
import type { Log } from '../telemetry/logger';
import type { Keyring } from './keyring';
import { PromptClient, seal, type Tls, TlsRefusal } from '#rpc';
import { asking } from '#telemetry';

/** How many adapters have a link at a time; the least recently used one makes room. */
const linksMax = 64;
/** How long an adapter that could not be dialled is not tried again. */
const deadMs = 250;
/** Holds in one page of `status`: with the longest paths they just fit into a frame. */
const statusPage = 200;
/** How long an adapter has to hear that this service stops. */
const goodbyeMs = 500;

type Answered<T> =
  { ok: true; message: T } | { ok: false; problem: Problem } | { ok: false; silent: Silence };
type Silence = 'fileserver_timeout' | 'no_backend';

/** One adapter's endpoint, dialled when there is something to ask. */
class Link {
  private readonly client: PromptClient;
  private deadUntil = 0;
  private answeredAt = 0;
  private reachable = true;

  constructor(
    private readonly endpoint: string,
    private readonly log: Log,
    tls: Tls | undefined,
  ) {
    const [, host = '', port] = /^(.*):(\d+)$/.exec(endpoint) ?? [];
    this.client = new PromptClient({ host: host.replace(/^\[|\]$/g, ''), port: Number(port) }, tls);
  }

  /** The raw answer, or why there is none; never later than `askMs`. */
  async call(pattern: string, message: object, askMs: number): Promise<{ raw: unknown } | Silence> {
    const startedAt = performance.now();
    if (startedAt < this.deadUntil) return 'no_backend';
    try {
      const raw: unknown = await firstValueFrom(
        this.client.send<unknown>(pattern, message).pipe(timeout(askMs)),
      );
      this.answeredAt = performance.now();
      this.note(undefined);
      return { raw };
    } catch (error) {
      const timedOut = error instanceof TimeoutError;
      // One request that takes too long must not end the others: the adapter has answered them meanwhile.
      if (timedOut && this.answeredAt > startedAt) return 'fileserver_timeout';
      this.note(error);
      // The adapter was silent all the time: the connection may be dead. The next call dials anew.
      if (timedOut) {
        this.hangUp();
        return 'fileserver_timeout';
      }
      // The connection was cut before the answer: what was done is unknown, and the next call dials anew.
      const refused = error instanceof Error && 'syscall' in error && error.syscall === 'connect';
      if (!refused && !(error instanceof TlsRefusal)) return 'fileserver_timeout';
      this.deadUntil = performance.now() + deadMs;
      return 'no_backend';
    }
  }

  /** Sends a message that needs no answer, and ignores failures. */
  async tell(pattern: string, message: object, withinMs: number): Promise<void> {
    if (performance.now() < this.deadUntil) return;
    try {
      await firstValueFrom(this.client.send<unknown>(pattern, message).pipe(timeout(withinMs)));
    } catch {
      return;
    }
  }

  hangUp(): void {
    try {
      this.client.unwrap<{ destroy(): void }>().destroy();
    } catch {
      // There is no connection.
    }
    this.client.close();
  }

  /** One line when an adapter goes silent and one when it is back. */
  private note(failure: unknown): void {
    const reachable = failure === undefined;
    if (reachable === this.reachable) return;
    this.reachable = reachable;
    const { endpoint } = this;
    if (reachable) this.log.info({ endpoint }, 'a fileserver adapter answers again');
    else
      // Nobody listens there: the adapter has stopped or is starting. If it stays away, the loss of the export is
      // logged.
      this.log[isRefusal(failure) ? 'info' : 'warn'](
        { endpoint, err: failure, next: 'check that the adapter is running and that this host can reach it' },
        'a fileserver adapter does not answer',
      );
  }
}

const isRefusal = (failure: unknown): boolean =>
  failure instanceof Error && 'code' in failure && failure.code === 'ECONNREFUSED';

/** Dials fileserver adapters over Nest's TCP transport. */
export class FileserverClient implements FileserverPort {
  /** In order of last use. */
  private readonly links = new Map<string, Link>();

  constructor(
    private readonly askMs: number,
    private readonly keyring: Keyring,
    private readonly log: Log,
    private readonly tls?: Tls,
  ) {}

  async setlease(ask: HoldAsk): Promise<HoldOutcome> {
    const { exportName, path, fileId, type, holdGen, incarnation } = ask;
    const message = { export: exportName, path, fileId, type, holdGen, incarnation };
    const answer = await this.ask(ask, 'setlease', message, fileserver.setleaseAnswer);
    if (answer.ok) {
      const { have, reason, detail, inode, cookie } = answer.message;
      return { have, reason, detail, inode, cookie };
    }
    return { failed: 'silent' in answer ? answer.silent : 'fileserver_timeout' };
  }

  async setranges(ask: RangesAsk): Promise<RangesOutcome> {
    const { exportName, path, fileId, gen, incarnation, held, wants } = ask;
    const message = {
      ...{ export: exportName, path, fileId, gen, incarnation },
      ...{ held: held.map(wantedOf), wants: wants.map(wantedOf) },
    };
    const answer = await this.ask(ask, 'setranges', message, fileserver.setrangesAnswer);
    if (!answer.ok) return { failed: 'silent' in answer ? answer.silent : 'fileserver_timeout' };
    const { reason, locked, refused, lost } = answer.message;
    if (reason === undefined) return { locked, refused, lost };
    return { failed: reason === 'incarnation_superseded' ? 'no_backend' : 'fileserver_timeout' };
  }

  async testrange(
    ask: RangeTestAsk,
    { class: kind, type, start, end }: RangeAsked,
  ): Promise<RangeTestOutcome> {
    const { exportName, path, fileId, incarnation } = ask;
    const message = {
      ...{ export: exportName, path, fileId, incarnation },
      ...{ class: kind, type, start: String(start), end: String(end) },
    };
    const answer = await this.ask(ask, 'testrange', message, fileserver.testrangeAnswer);
    if (!answer.ok) return { failed: 'silent' in answer ? answer.silent : 'no_backend' };
    const { reason, detail, blocker } = answer.message;
    if (reason !== undefined)
      return { failed: reason === 'incarnation_superseded' ? 'no_backend' : reason, detail };
    if (blocker === undefined) return {};
    return { blocker: { ...blocker, start: BigInt(blocker.start), end: BigInt(blocker.end) } };
  }

  async resolve(adapter: AdapterAddress, exportName: string, path: string): Promise<FileIdentity | Refused> {
    const answer = await this.ask(
      adapter,
      'resolve',
      { export: exportName, path, incarnation: adapter.incarnation },
      fileserver.resolveAnswer,
    );
    return answer.ok ? { fileId: answer.message.fileId, inode: answer.message.inode } : refusedBy(answer);
  }

  async status(adapter: AdapterAddress, cursor?: string): Promise<HeldPage | Refused> {
    const message = { cursor, limit: statusPage };
    const answer = await this.ask(adapter, 'status', message, fileserver.statusAnswer);
    if (!answer.ok) return refusedBy(answer);
    const { incarnation, holds, cursor: next } = answer.message;
    return {
      incarnation,
      holds: holds.map(({ export: exportName, ...hold }) => ({ exportName, ...hold })),
      cursor: next,
    };
  }

  /** An adapter that misses it notices the silence. */
  async goodbye({ endpoint, incarnation }: AdapterAddress): Promise<void> {
    const pattern = fileserver.patterns.goodbye;
    const sealing = this.keyring.sealFor(incarnation);
    if (sealing !== undefined)
      await this.linkTo(endpoint).tell(pattern, seal(pattern, { incarnation }, sealing).envelope, goodbyeMs);
  }

  close(): void {
    for (const link of this.links.values()) link.hangUp();
    this.links.clear();
  }

  private ask<T>(
    adapter: AdapterAddress,
    name: keyof typeof fileserver.patterns,
    message: object,
    shape: z.ZodType<T>,
  ): Promise<Answered<T>> {
    const attributes = { 'rpc.method': name, 'server.address': adapter.endpoint };
    return asking(`fileserver ${name}`, attributes, () => this.send(adapter, name, message, shape));
  }

  private async send<T>(
    { endpoint, incarnation }: AdapterAddress,
    name: keyof typeof fileserver.patterns,
    message: object,
    shape: z.ZodType<T>,
  ): Promise<Answered<T>> {
    const pattern = fileserver.patterns[name];
    const sealing = this.keyring.sealFor(incarnation);
    if (sealing === undefined) {
      const detail = 'The adapter registered under a key that this service does not have.';
      const problem = problemOf('no_credentials', { detail });
      this.noteRefusal(endpoint, name, problem);
      return { ok: false, problem };
    }
    const sent = seal(pattern, message, sealing);
    const got = await this.linkTo(endpoint).call(pattern, sent.envelope, this.askMs);
    if (typeof got === 'string') return { ok: false, silent: got };
    const opened = sent.open(got.raw, shape);
    if (!opened.ok) this.noteRefusal(endpoint, name, opened.problem);
    return opened;
  }

  private noteRefusal(endpoint: string, request: string, { code, reason, detail, next }: Problem): void {
    const level = code === 'EINVAL' || code === 'EACCES' || code === 'EIO' ? 'error' : 'debug';
    this.log[level](
      { endpoint, call: request, code, reason, detail, next },
      'a fileserver adapter refused a request',
    );
  }

  private linkTo(endpoint: string): Link {
    const known = this.links.get(endpoint);
    if (known !== undefined) {
      this.links.delete(endpoint);
      this.links.set(endpoint, known);
      return known;
    }
    if (this.links.size >= linksMax) {
      for (const [oldest, link] of this.links) {
        link.hangUp();
        this.links.delete(oldest);
        break;
      }
    }
    const link = new Link(endpoint, this.log, this.tls);
    this.links.set(endpoint, link);
    return link;
  }
}

function wantedOf(range: RangeWanted): fileserver.WantedRange {
  const { start, end } = bytesOf(range);
  return { id: range.id, class: range.class, type: range.type, start: String(start), end: String(end) };
}

/** The adapter's refusals of a name are passed on; why it does not serve us is only for the log. */
function refusedBy(answer: { problem: Problem } | { silent: Silence }): Refused {
  if ('silent' in answer) return refuse(answer.silent);
  const { reason, detail } = answer.problem;
  switch (reason) {
    case 'no_such_file':
    case 'fileserver_denied':
    case 'lease_type_unsupported':
    case 'fileserver_refused':
      return refuse(reason, { detail });
    default:
      return refuse('no_backend');
  }
}
