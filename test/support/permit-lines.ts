import type { PermitView } from '#locks';
import type { DlmHost } from './dlm-lines';
import { tenureText } from './tenure-text';

/**
 * Lines of a scenario about semaphores.
 *
 *   A takes s of 2 wait 10s -> held                  a permit of semaphore s, of two at a time; `s@2` is a second one
 *   A takes s of 2 again -> held                     the same request, repeated
 *   A permit s -> held                               how it is now; `A gives s back`
 *   A takes s of 1 for 10s, A keeps s -> 8s of 10s   how long it may be held at most, and what is left of that
 *   A guards s -> held, A guards s before            whether the token is valid; the one that was checked last
 *   semaphore s -> A held, B waiting
 */
export class PermitLines {
  private readonly permits = new Map<string, string>();
  private readonly guarded = new Map<string, number>();

  constructor(private readonly host: DlmHost) {}

  private answer(permit: PermitView): string {
    return this.host.refusal() ?? permit.state;
  }

  async list(name: string): Promise<string> {
    const { fileKey } = this.host.fileOf(name);
    const { locks } = await this.host.call('lockList', { fileKey, after: 0, limit: 100 });
    return locks.map((lock) => `${this.host.ownerText(lock)} ${lock.state}`).join(', ') || 'nothing';
  }

  async act(actor: string, verb: string, rest: readonly string[]): Promise<string | undefined> {
    const [name = ''] = rest;
    const { call } = this.host;
    const who = this.host.who(actor);
    const slot = `${actor}:${name}`;
    const permitId = this.permits.get(slot) ?? '';
    const { digest } = who;
    const after = (word: string): string | undefined =>
      rest.includes(word) ? rest[rest.indexOf(word) + 1] : undefined;
    switch (verb) {
      case 'takes': {
        const wait = after('wait');
        const longest = after('for');
        const known = rest.includes('again');
        const id = known ? permitId : this.host.newId(name);
        const reclaim = rest.includes('reclaiming') ? true : undefined;
        const body = known && reclaim === true ? undefined : `${name} ${String(after('of'))}`;
        const limit = Number(after('of'));
        const { permit } = await call('permitTake', {
          ...{ ...who, permitId: id, file: { ...this.host.fileOf(name), semaphore: limit } },
          ...{ waitMs: wait === undefined ? 0 : this.host.span(wait), body },
          reclaim,
          maxHoldMs: longest === undefined ? undefined : this.host.span(longest),
        });
        const refused = this.host.refusal();
        if (refused !== undefined) return refused;
        this.permits.set(slot, id);
        this.host.waits(slot, id);
        return this.answer(permit);
      }
      case 'permit': {
        const { permit } = await call('permitGet', { permitId, digest });
        return this.answer(permit);
      }
      case 'keeps': {
        const { permit } = await call('permitGet', { permitId, digest });
        return this.host.refusal() ?? tenureText(permit);
      }
      case 'gives': {
        await call('permitDrop', {
          permitId,
          digest,
          ifWaiting: rest.includes('waiting') ? true : undefined,
        });
        return this.host.refusal() ?? 'given';
      }
      case 'guards': {
        const { fileKey } = this.host.fileOf(name);
        if (!rest.includes('before')) {
          const { permit } = await call('permitGet', { permitId, digest });
          const refused = this.host.refusal();
          if (refused !== undefined) return refused;
          this.guarded.set(slot, permit.token ?? 0);
        }
        await call('permitCheck', { fileKey, token: this.guarded.get(slot) ?? 0 });
        return this.host.refusal() ?? 'held';
      }
      default:
        return undefined;
    }
  }
}
