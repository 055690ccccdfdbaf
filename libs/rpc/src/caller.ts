import type { z } from 'zod';
import { fileserver, problemOf, type Problem } from '#contracts';
import { type Incarnation, type Key, sessionSecret } from './identity';
import { seal, type Seal, type Sealed } from './seal';

/** Sends one request and returns the raw answer. Throws if none arrives, within `withinMs` if given. */
export type Wire = (pattern: string, envelope: Sealed['envelope'], withinMs?: number) => Promise<unknown>;
type Opened<T> = { ok: true; message: T } | { ok: false; problem: Problem };

/**
 * Talks to one lease API. Sends it a hello first, to learn which process it is and what to seal with, and again after
 * it has been restarted.
 */
export class Caller {
  private greeted: Promise<Opened<Seal>> | undefined;

  constructor(
    private readonly wire: Wire,
    private readonly who: {
      readonly key: Key;
      readonly incarnation?: Incarnation;
      /** Called with the secret shared by the service and this incarnation. */
      readonly onSession?: (secret: string) => void;
    },
  ) {}

  /** Returns the answer or the problem. Throws if the wire does. */
  async call<T>(
    pattern: string,
    message: object,
    shape: z.ZodType<T>,
    withinMs?: number,
  ): Promise<Opened<T>> {
    for (let tries = 1; ; tries++) {
      const greeting = (this.greeted ??= this.greet());
      const known = await greeting.catch((error: unknown) => {
        if (this.greeted === greeting) this.greeted = undefined;
        throw error;
      });
      if (!known.ok) {
        this.greeted = undefined;
        return known;
      }
      const sent = seal(pattern, message, known.message);
      const raw = await this.wire(pattern, sent.envelope, withinMs).catch((error: unknown) => {
        // The service may have been restarted meanwhile.
        if (this.greeted === greeting) this.greeted = undefined;
        throw error;
      });
      const opened = sent.open(raw, shape);
      if (opened.ok || opened.problem.reason !== 'no_credentials' || tries === 2) return opened;
      if (this.greeted === greeting) this.greeted = undefined;
    }
  }

  private async greet(): Promise<Opened<Seal>> {
    const { key, incarnation, onSession } = this.who;
    const { hello } = fileserver.patterns;
    const { major, minor } = fileserver.protocol;
    const sent = seal(hello, { protocol: { major, minorMax: minor } }, { key: key.id, secret: key.secret });
    const raw = await this.wire(hello, sent.envelope).catch((error: unknown) => {
      // Nest's error for a pattern that has no handler.
      if (!/no matching message handler/.test(String(error instanceof Error ? error.message : error)))
        throw error;
      const detail = `The lease API speaks a protocol before 1.4; this side speaks ${String(major)}.${String(minor)}.`;
      return { ok: false, problem: problemOf('protocol_mismatch', { detail }) };
    });
    const answer = sent.open(raw, fileserver.helloAnswer);
    if (!answer.ok) return answer;
    const { instance: to, publicKey } = answer.message;
    if (incarnation === undefined) return { ok: true, message: { key: key.id, secret: key.secret, to } };
    const secret = sessionSecret(key, incarnation.name, incarnation.privateKey, publicKey);
    if (secret === undefined)
      return {
        ok: false,
        problem: problemOf('no_credentials', { detail: 'The lease API has no valid key.' }),
      };
    onSession?.(secret);
    return { ok: true, message: { key: key.id, secret, from: incarnation.name, to } };
  }
}
