import { randomUUID } from 'node:crypto';
import type {
  ConnectionView,
  DlmAnswer,
  DlmView,
  FileRef,
  ModalFlags,
  OwnerRef,
  RecordOf,
  Refused,
  VerbInput,
  VerbName,
  VerbOutput,
} from '#locks';
import type { Mode } from '../../libs/locks/src/core/rows';

/**
 * Lines of a scenario about locks in modes.
 *
 *   A enq r EX wait 10s -> waiting EX                  a new lock on resource r; `r@2` is a second one of the same owner
 *   A enq r PR valblk -> granted PR block aa           with the value block: `aa`, `aa invalid` or `none`
 *   A converts r EX convdeadlk wait 10s -> converting PR to EX
 *   A converts r PR block bb, A deq r block bb         what to write; `ivvalblk` to declare the block invalid
 *   A revokes r, A revokes r unseen                    a cancel; a cancel of a request that has yet to come
 *   A at r -> granted PR                               how the lock is now
 *   A connects local stack local speaks 1.0 on n -> connected local 1.0 on n
 *   A enq r EX over local                              through its connection to that domain
 *   A connection local -> connected local 1.0          how it is now; `A hangs up local`, `A disconnects local`
 *   A recovers local n                                 acknowledges the recovery notice about node n
 *   resource r -> granted A PR; converting ; waiting B EX; block aa
 */
type Granted<V extends VerbName> = Exclude<VerbOutput<V>, Refused>;

export interface DlmHost {
  call: <V extends VerbName>(verb: V, input: VerbInput<V>) => Promise<Granted<V>>;
  refusal(): string | undefined;
  who(actor: string): OwnerRef & { sessionId: string; digest: string | undefined };
  fileOf(name: string): FileRef;
  ownerText(row: { sessionId: string; owner: string }): string;
  span(text: string): number;
  waits(slot: string, id: string): void;
  /** Says how a connection is called in lists. */
  called(id: string, name: string): void;
  /** An id for a permit of this semaphore. */
  newId(name: string): string;
}

const flagNames = [
  ...['noqueue', 'noqueuebast', 'quecvt', 'convdeadlk', 'nodlckwt', 'expedite', 'headque'],
  ...['altpr', 'altcw', 'valblk', 'ivvalblk', 'persistent', 'orphan'],
] as (keyof ModalFlags)[];
const flagsOf = (words: readonly string[]): ModalFlags =>
  Object.fromEntries(flagNames.filter((name) => words.includes(name)).map((name) => [name, true]));

const blockText = ({ block, valid }: { block?: string; valid: boolean }): string =>
  `block ${block === undefined ? 'none' : valid ? block : `${block} invalid`}`;

export function completionText(record: RecordOf<'completed'>): string {
  const { mode, read, demoted, altMode } = record;
  const parts = [` ${mode}`, demoted === true && 'demoted', altMode === true && 'alternative'];
  return [...parts, read !== undefined && blockText(read)].filter((part) => part !== false).join(' ');
}

function connectionText({ state, stack, major, minor, node, nodeState }: ConnectionView): string {
  const on = node === undefined ? '' : ` on ${node}`;
  const how = nodeState === undefined ? '' : ` ${nodeState}`;
  return `${state} ${stack} ${String(major)}.${String(minor)}${on}${how}`;
}

export class DlmLines {
  private readonly locks = new Map<string, string>();
  private readonly connections = new Map<string, string>();

  constructor(private readonly host: DlmHost) {}

  private text(lock: DlmView): string {
    if (lock.state === 'waiting') return `waiting ${lock.wants ?? ''}`;
    if (lock.state === 'converting') {
      const demoted = lock.demoted === true ? ' demoted' : '';
      return `converting ${lock.mode ?? ''} to ${lock.wants ?? ''}${demoted}`;
    }
    const came = [lock.demoted === true && 'demoted', lock.altMode === true && 'alternative'];
    const read = lock.read === undefined ? false : blockText(lock.read);
    return [`granted ${lock.mode ?? ''}`, ...came, read].filter((part) => part !== false).join(' ');
  }

  private answer(slot: string, value: DlmAnswer): string {
    const refused = this.host.refusal();
    if (refused !== undefined) return refused;
    this.locks.set(slot, value.lock.lockId);
    this.host.waits(slot, value.lock.lockId);
    return this.text(value.lock);
  }

  /** A resource and its queues. */
  async resource(name: string): Promise<string> {
    const { fileKey } = this.host.fileOf(name);
    const { resource } = await this.host.call('resourceGet', { fileKey, limit: 100 });
    const refused = this.host.refusal();
    if (refused !== undefined) return refused;
    const list = (locks: readonly DlmView[], text: (lock: DlmView) => string): string =>
      locks.map((lock) => `${this.host.ownerText(lock)} ${text(lock)}`).join(', ');
    return [
      `granted ${list(resource.granted, ({ mode = '' }) => mode)}`,
      `converting ${list(resource.converting, ({ mode = '', wants = '' }) => `${mode}-${wants}`)}`,
      `waiting ${list(resource.waiting, ({ wants = '' }) => wants)}`,
      blockText(resource),
    ]
      .map((part) => part.trim())
      .join('; ');
  }

  async act(actor: string, verb: string, rest: string[]): Promise<string | undefined> {
    const [name = '', second = ''] = rest;
    const { call } = this.host;
    const who = this.host.who(actor);
    const { digest } = who;
    const after = (word: string): string | undefined =>
      rest.includes(word) ? rest[rest.indexOf(word) + 1] : undefined;
    const wait = after('wait');
    const waitMs = wait === undefined ? 0 : this.host.span(wait);
    const slot = `${actor}:${name}`;
    const lockId = this.locks.get(slot) ?? '';
    const mode = second as Mode;
    const flags = flagsOf(rest);
    const block = after('block');
    switch (verb) {
      case 'enq': {
        const known = rest.includes('again');
        const file = this.host.fileOf(name);
        const over = after('over');
        const connectionId = over === undefined ? undefined : this.connectionOf(actor, over);
        const request = {
          ...who,
          lockId: known ? lockId : randomUUID(),
          connectionId,
          file,
          mode,
          flags,
          waitMs,
        };
        const reclaim = rest.includes('reclaiming') ? true : undefined;
        // What it was asked for is no matter then: its holder says what it had.
        const body = known && reclaim === true ? undefined : `${mode} ${name}`;
        return this.answer(slot, await call('dlmLock', { ...request, body, reclaim }));
      }
      case 'connects': {
        const [major = 1, minor = 1] = (after('speaks') ?? '1.1').split('.').map(Number);
        const known = rest.includes('again');
        const connectionId = known ? (this.connections.get(slot) ?? '') : randomUUID();
        const value = await call('connect', {
          ...{ sessionId: who.sessionId, digest, connectionId, exportName: name, major, minor },
          ...{
            stack: after('stack'),
            node: after('on'),
            body: rest.filter((word) => word !== 'again').join(' '),
          },
        });
        const refused = this.host.refusal();
        if (refused !== undefined) return refused;
        this.connections.set(slot, connectionId);
        this.host.called(connectionId, `${actor}-${name}`);
        return connectionText(value.connection);
      }
      case 'connection': {
        const value = await call('connectionGet', { connectionId: this.connectionOf(actor, name), digest });
        return this.host.refusal() ?? connectionText(value.connection);
      }
      case 'hangs': {
        const connectionId = this.connectionOf(actor, second);
        const value = await call('connectionHangup', { connectionId, digest });
        return this.host.refusal() ?? (value.more ? 'more' : 'hung up');
      }
      case 'disconnects': {
        const value = await call('disconnect', { connectionId: this.connectionOf(actor, name), digest });
        return this.host.refusal() ?? (value.more ? 'more' : 'disconnected');
      }
      case 'recovers': {
        const { nodes } = await call('nodeList', { name: second });
        const noticeId = nodes[0]?.notice?.noticeId ?? '';
        const connectionId = this.connectionOf(actor, name);
        const { sessionId } = who;
        const value = await call('noticeAck', { sessionId, digest, node: second, noticeId, connectionId });
        return this.host.refusal() ?? (value.taken ? 'taken' : 'not waited for');
      }
      case 'converts':
        return this.answer(
          slot,
          await call('dlmConvert', {
            ...{ lockId, digest, mode, flags, waitMs, block },
            seqid: after('seqid') === undefined ? undefined : Number(after('seqid')),
          }),
        );
      case 'deq': {
        await call('dlmUnlock', { lockId, digest, ivvalblk: flags.ivvalblk, block });
        return this.host.refusal() ?? 'unlocked';
      }
      case 'revokes': {
        if (rest.includes('unseen')) this.locks.set(slot, randomUUID());
        const id = this.locks.get(slot) ?? '';
        const { sessionId } = who;
        const value = await call('dlmCancel', { sessionId, digest, lockId: id, ahead: true });
        return (
          this.host.refusal() ?? (value.cancelled ? 'cancelled' : `too late, ${this.textOf(value.lock)}`)
        );
      }
      case 'at': {
        const value = await call('dlmGet', { lockId, digest });
        return this.host.refusal() ?? this.text(value.lock);
      }
      default:
        return undefined;
    }
  }

  private connectionOf(actor: string, domain: string): string {
    return this.connections.get(`${domain.includes(':') ? '' : `${actor}:`}${domain}`) ?? '';
  }

  private textOf(lock: DlmView | undefined): string {
    return lock === undefined ? 'gone' : this.text(lock);
  }
}
