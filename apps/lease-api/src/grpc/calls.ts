import { Metadata, type ServerDuplexStream, type ServerUnaryCall, status } from '@grpc/grpc-js';
import { RpcException } from '@nestjs/microservices';
import { Observable } from 'rxjs';
import type { z } from 'zod';
import { nfs, type Problem, problemOf } from '#contracts';
import type { AdmittedCall, StreamSeal } from '#rpc';
import { originIn, served } from '#telemetry';
import type { Mailbox } from '../application/mailbox';
import { isRefused, type Refused } from '../application/refusal';
import type { Peer } from '../failures';
import { Keyring } from '../fileserver/keyring';
import { type Act, Porter } from '../fileserver/porter';
import type { Caller } from '../identity/caller';
import { problemOfRefusal } from '../problem';
import { wire } from './server';

/** A stream that has not named its session by then is ended. */
const subscribeMs = 10_000;

export type Unary = ServerUnaryCall<unknown, unknown>;
export type Duplex = ServerDuplexStream<unknown, unknown>;
type Sealed = z.infer<typeof nfs.sealed>;
interface Admitted {
  seals: Extract<AdmittedCall, { ok: true }>;
  caller: Caller;
}

/** Where a service logs what goes wrong. */
interface PeerLog {
  refused(method: string, problem: Problem): void;
  failed(method: string, error: unknown): void;
  silent(sessionId: string): void;
}

/** What a service says about its stream of messages. */
interface Talk<M extends { position: string }> {
  readonly act: Act;
  readonly log: PeerLog;
  /** The messages of the two sides, as the schema names them. */
  readonly requests: string;
  readonly messages: string;
  /** The mailbox that a first message asks for; undefined if the message is wrong. */
  subscribe(raw: unknown): Promise<{ sessionId: string; mailbox: Mailbox<M> | Refused } | undefined>;
  /** Tells the client why there are no messages. */
  refused(problem: Problem): M;
}

/** What the answers of all services have in common. */
interface Answer {
  problem?: { code: string; reason: string } | undefined;
}
/** What a service does with its unary calls. */
export interface Service<M extends string, A extends Answer> {
  /** In the names of spans. */
  readonly name: string;
  readonly log: PeerLog;
  readonly isMethod: (name: string) => name is M;
  readonly answer: (method: M, request: unknown, caller: Caller, departed: () => AbortSignal) => Promise<A>;
  readonly outcomeOf: (answer: A) => string;
  readonly actOf: (method: M, act: Act) => Act;
  readonly failure: (problem: Problem) => A;
}

/** An error of the call itself; a refusal is an ordinary answer. */
export const fault = (code: status, message: string): RpcException => new RpcException({ code, message });

/** Sealed calls over gRPC, whatever they are about. nfs.proto explains the seals. */
export class GrpcCalls {
  constructor(
    private readonly porter: Porter,
    private readonly keyring: Keyring,
  ) {}

  /** Throws unless the call is sealed with one of our keys, addressed to this process, and new. */
  async admit(metadata: Metadata, call: Unary | Duplex, log: PeerLog): Promise<Admitted> {
    const path = call.getPath();
    const [seal] = metadata.get(nfs.sealHeader);
    const bytes = 'request' in call ? wire.bytesOf(call.request) : undefined;
    const admitted = await this.porter.admit(peerOf(call), path, seal?.toString(), bytes);
    if (admitted.ok) return { seals: admitted, caller: this.keyring.callerOf(admitted.key) };
    const { problem, isGuess } = admitted;
    if (isGuess !== true) log.refused(path, problem);
    const isTooMany = problem.reason === 'too_many_failures';
    const code = isTooMany ? status.RESOURCE_EXHAUSTED : status.UNAUTHENTICATED;
    throw fault(code, `${problem.reason}: ${problem.detail ?? problem.title}`);
  }

  /** Carries out a unary call. Resolves to the bytes of its answer, whose seal is sent before. */
  async unary<M extends string, A extends Answer>(
    call: Unary,
    { name, log, isMethod, answer, outcomeOf, actOf, failure }: Service<M, A>,
  ): Promise<Buffer> {
    const { request, metadata } = call;
    const admitted = await this.admit(metadata, call, log);
    const path = call.getPath();
    const method = path.slice(path.lastIndexOf('/') + 1);
    // Tells which process this is: it accepts no messages addressed to another.
    if (method === 'Hello') return this.sealed(call, admitted, { instance: this.keyring.instance });
    if (!isMethod(method)) throw fault(status.UNIMPLEMENTED, method);
    const { caller } = admitted;
    const given = await served(
      `${name} ${method}`,
      // Not sealed: nothing is decided on it.
      originIn((header) => metadata.get(header)[0]),
      () => answer(method, request, caller, departureOf(call)),
      outcomeOf,
    );
    const { problem } = given;
    if (problem === undefined) return this.sealed(call, admitted, given);
    this.porter.refused(actOf(method, actBy(call, caller)), problem);
    const instead = await this.instead(call, problem);
    return this.sealed(call, admitted, instead === undefined ? given : failure(instead));
  }

  /** Sends the seal of an answer, and returns the bytes of the answer to send. */
  private sealed(call: Unary, { seals }: Admitted, answer: object): Buffer {
    const bytes = wire.write(call.getPath(), answer);
    const metadata = new Metadata();
    metadata.set(nfs.sealHeader, seals.seal(bytes));
    call.sendMetadata(metadata);
    return bytes;
  }

  /** A wrong session secret is told in its turn. Resolves to what is told instead, if too many were wrong. */
  private async instead(call: Unary | Duplex, { reason }: { reason: string }): Promise<Problem | undefined> {
    return reason === 'not_holder' ? this.porter.wrongSecret(peerOf(call), call.getPath()) : undefined;
  }

  /** A stream: the first message subscribes, the others acknowledge. */
  converse<M extends { position: string }>(
    incoming: Observable<unknown>,
    call: Duplex,
    { seals: { stream: seals } }: Admitted,
    talk: Talk<M>,
  ): Observable<Sealed> {
    const { act, log, requests, messages } = talk;
    const path = call.getPath();
    return new Observable((client) => {
      const tell = (message: M): void => {
        const bytes = wire.message(messages).serialize(message);
        client.next({ message: bytes.toString('base64'), mac: seals.seal(bytes) });
      };
      const gone = new AbortController();
      let begun: Promise<Mailbox<M> | undefined> | undefined;
      const begin = async (raw: unknown): Promise<Mailbox<M> | undefined> => {
        const subscribed = await talk.subscribe((raw as { subscribe?: unknown }).subscribe);
        if (subscribed === undefined) {
          client.error(fault(status.INVALID_ARGUMENT, 'The first message must subscribe.'));
          return undefined;
        }
        const { sessionId, mailbox } = subscribed;
        if (isRefused(mailbox)) {
          const problem = problemOfRefusal(mailbox);
          this.porter.refused(act, problem);
          tell(talk.refused((await this.instead(call, problem)) ?? problem));
          client.complete();
          return undefined;
        }
        void mailbox.pump(tell, gone.signal).then((prompt) => {
          if (prompt) client.complete();
          else {
            log.silent(sessionId);
            client.error(fault(status.DEADLINE_EXCEEDED, 'Messages were not acknowledged in time.'));
          }
        });
        return mailbox;
      };
      const failed = (error: unknown): void => {
        log.failed(path, error);
        client.error(fault(status.UNAVAILABLE, problemOf('table_unreachable').title));
      };
      const late = setTimeout(() => {
        client.error(fault(status.INVALID_ARGUMENT, 'Nobody subscribed.'));
      }, subscribeMs);
      const subscription = incoming.subscribe({
        next: (given) => {
          clearTimeout(late);
          const raw = opened(seals, given, requests);
          if (raw === undefined) {
            this.porter.broken(peerOf(call), path);
            client.error(fault(status.UNAUTHENTICATED, 'A message of the stream has a wrong seal.'));
            return;
          }
          if (begun === undefined) {
            begun = begin(raw);
            begun.catch(failed);
            return;
          }
          const parsed = nfs.acknowledge.safeParse((raw as { acknowledge?: unknown }).acknowledge);
          if (parsed.success)
            void begun.then(
              (mailbox) => mailbox?.acknowledge(parsed.data.position),
              () => undefined,
            );
        },
        error: () => {
          client.complete();
        },
        complete: () => {
          client.complete();
        },
      });
      return () => {
        clearTimeout(late);
        subscription.unsubscribe();
        gone.abort();
      };
    });
  }
}

/** What a call is about to do. */
export const actBy = (call: Unary | Duplex, caller: Caller): Act => ({
  ...{ peer: peerOf(call), via: 'gRPC', action: call.getPath(), caller },
});

/** What a signal says; an error made for each call would cost a stack trace. */
const departed = new Error('the caller has gone');

/** A signal that fires when the caller has gone. Made on demand: gRPC cancels every call in the end, and few wait. */
function departureOf(call: Unary): () => AbortSignal {
  let signal: AbortSignal | undefined;
  const make = (): AbortSignal => {
    const gone = new AbortController();
    const abort = (): void => {
      gone.abort(departed);
    };
    if (call.cancelled) abort();
    else call.once('cancelled', abort);
    return gone.signal;
  };
  return () => (signal ??= make());
}

/** The other end, which gRPC names `ADDRESS:PORT`. */
function peerOf(call: Unary | Duplex): Peer {
  const peer = call.getPeer();
  const colon = peer.lastIndexOf(':');
  return {
    // Without a port, its connection is gone.
    remoteAddress: colon < 0 ? undefined : peer.slice(0, colon),
    remotePort: Number(peer.slice(colon + 1)),
  };
}

/** The content of a stream's message; undefined unless it is the next one from the right sender. */
function opened(seals: StreamSeal, given: unknown, name: string): object | undefined {
  const read = nfs.sealed.safeParse(given);
  if (!read.success) return undefined;
  const bytes = Buffer.from(read.data.message, 'base64');
  if (!seals.isNext(bytes, read.data.mac)) return undefined;
  try {
    return wire.message(name).deserialize(bytes);
  } catch {
    return undefined;
  }
}
