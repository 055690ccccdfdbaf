import { createSecureContext } from 'node:tls';
import { Client, type ClientDuplexStream, credentials, Metadata, status } from '@grpc/grpc-js';
import {
  loadSync,
  type MessageTypeDefinition,
  type PackageDefinition,
  type ServiceDefinition,
} from '@grpc/proto-loader';
import { firstValueFrom, timeout } from 'rxjs';
import type { z } from 'zod';
import { nfs } from '#contracts';
import { Caller, type Key, PromptClient, type Seal, sealCall, type Tls } from '#rpc';
import { originNow } from '#telemetry';

/** How long a call may take in addition to the wait that it requests. */
const callMs = 10_000;
/** How long a request for callbacks waits for the first one. */
const pollMs = 20_000;

export interface Credentials {
  sessionId: string;
  secret: string;
}

/** The lease service as an NFS server sees it. Refusals are answers; a throw means that the outcome is unknown. */
export interface Contract {
  call<M extends nfs.MethodName>(method: M, input: nfs.InputOf<M>): Promise<nfs.ReplyOf<M>>;
  /**
   * The callbacks after a position, until the connection breaks or the session is over. Requesting the next callback
   * acknowledges the last one.
   * @throws SessionLost if the session no longer exists
   */
  callbacks(
    client: Credentials & { after?: string | undefined },
    signal: AbortSignal,
  ): AsyncGenerator<nfs.Callback, void>;
  close(): void;
}

/** The service does not know the session, or it is over. */
export class SessionLost extends Error {
  constructor(readonly status: 'NFS4ERR_BADSESSION' | 'NFS4ERR_EXPIRED') {
    super(status);
  }
}
const lostBy = (status: string): SessionLost | undefined =>
  status === 'NFS4ERR_BADSESSION' || status === 'NFS4ERR_EXPIRED' ? new SessionLost(status) : undefined;

const parsed = <M extends nfs.MethodName>(method: M, raw: unknown): nfs.ReplyOf<M> =>
  nfs.methods[method].reply.parse(raw) as nfs.ReplyOf<M>;
const deadlineOf = (input: object): number =>
  callMs + ('waitMs' in input && typeof input.waitMs === 'number' ? input.waitMs : 0);

/** Over gRPC, with one callback stream per client. Answers are trusted because of their seal, see nfs.proto. */
export class GrpcContract implements Contract {
  private client: Client;
  private readonly schema: PackageDefinition;
  private readonly service: ServiceDefinition;
  /** The process that answers at this address. */
  private greeted: Promise<string> | undefined;

  constructor(
    address: string,
    private readonly key: Key,
    tls?: Tls,
  ) {
    this.schema = loadSync(nfs.protoPath(), nfs.protoOptions);
    const found = this.schema[`${nfs.protoPackage}.${nfs.serviceName}`];
    if (found === undefined || 'format' in found) throw new Error('the schema has no such service');
    this.service = found;
    const dial = (): Client =>
      new Client(
        address,
        tls === undefined
          ? credentials.createInsecure()
          : credentials.createFromSecureContext(createSecureContext(tls.now)),
      );
    this.client = dial();
    tls?.onChange(() => {
      // Calls and streams that are under way end on the old connection.
      this.client.close();
      this.client = dial();
    });
  }

  async call<M extends nfs.MethodName>(method: M, input: nfs.InputOf<M>): Promise<nfs.ReplyOf<M>> {
    const raw = await this.greeting((to) => this.unary(method, input, deadlineOf(input), to));
    return parsed(method, raw);
  }

  async *callbacks(
    { sessionId, secret, after }: Credentials & { after?: string | undefined },
    signal: AbortSignal,
  ): AsyncGenerator<nfs.Callback, void> {
    const requests = this.message('CallbacksRequest');
    const messages = this.message('Callback');
    const { path, requestSerialize, responseDeserialize } = this.definition('Callbacks');
    const { header, stream: seals } = sealCall(path, undefined, this.seal(await this.addressee()));
    const stream: ClientDuplexStream<object, object> = this.client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      withSeal(header),
      {},
    );
    const say = (request: object): void => {
      const bytes = requests.serialize(request);
      stream.write({ message: bytes, mac: seals.seal(bytes) });
    };
    const cancel = (): void => {
      stream.cancel();
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      say({ subscribe: { sessionId, secret, after } });
      for await (const raw of stream) {
        const { message, mac } = nfs.sealed.parse(raw);
        const bytes = Buffer.from(message, 'base64');
        if (!seals.isNext(bytes, mac)) throw new Error('A callback has a wrong seal.');
        const callback = nfs.callback.parse(nfs.fromGrpc(messages.deserialize(bytes)));
        const { refused } = callback;
        if (refused !== undefined)
          throw lostBy(refused.status) ?? new Error(refused.problem?.title ?? refused.status);
        yield callback;
        if (callback.position !== '') say({ acknowledge: { position: callback.position } });
      }
    } catch (error) {
      if (codeOf(error) === status.UNAUTHENTICATED) this.greeted = undefined;
      if (codeOf(error) !== status.CANCELLED) throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
      stream.cancel();
    }
  }

  close(): void {
    this.client.close();
  }

  /** Does the work, and repeats it once if another process answers than the one that was greeted. */
  private async greeting<T>(work: (to: string) => Promise<T>): Promise<T> {
    const greeted = this.addressee();
    try {
      return await work(await greeted);
    } catch (error) {
      if (codeOf(error) !== status.UNAUTHENTICATED) throw error;
      if (this.greeted === greeted) this.greeted = undefined;
      return work(await this.addressee());
    }
  }

  private addressee(): Promise<string> {
    if (this.greeted !== undefined) return this.greeted;
    const asked = this.unary('Hello', {}, callMs).then((raw) => nfs.helloReply.parse(raw).instance);
    this.greeted = asked;
    asked.catch(() => {
      if (this.greeted === asked) this.greeted = undefined;
    });
    return asked;
  }

  /** One sealed call and its answer. */
  private unary(method: string, input: object, withinMs: number, to?: string): Promise<unknown> {
    const { path, requestSerialize, responseDeserialize } = this.definition(method);
    const bytes = requestSerialize(nfs.toGrpc(input));
    const { header, isAnswer } = sealCall(path, bytes, this.seal(to));
    return new Promise((resolve, reject) => {
      let mac = '';
      const call = this.client.makeUnaryRequest(
        path,
        (written: Buffer) => written,
        (answer: Buffer) => ({ bytes: answer, message: nfs.fromGrpc(responseDeserialize(answer)) }),
        bytes,
        withSeal(header),
        { deadline: Date.now() + withinMs },
        (error, answer) => {
          if (answer === undefined) reject(error ?? new Error('There is no answer.'));
          else if (isAnswer(answer.bytes, mac)) resolve(answer.message);
          else reject(new Error('The answer has a wrong seal.'));
        },
      );
      call.on('metadata', (metadata) => {
        mac = String(metadata.get(nfs.sealHeader)[0] ?? '');
      });
    });
  }

  private definition(method: string): ServiceDefinition[string] {
    const found = this.service[method];
    if (found === undefined) throw new Error(`the schema has no method ${method}`);
    return found;
  }

  private message(name: string): MessageTypeDefinition<object, object> {
    const found = this.schema[`${nfs.protoPackage}.${name}`];
    if (found === undefined || !('format' in found) || !('serialize' in found))
      throw new Error(`the schema has no message ${name}`);
    return found as MessageTypeDefinition<object, object>;
  }

  private seal(to: string | undefined): Seal {
    const { id, secret } = this.key;
    return { key: id, secret, to };
  }
}

function withSeal(header: string): Metadata {
  const metadata = new Metadata();
  metadata.set(nfs.sealHeader, header);
  const { request, traceparent, tracestate } = originNow() ?? {};
  for (const [name, value] of Object.entries({ 'x-request-id': request, traceparent, tracestate }))
    if (value !== undefined) metadata.set(name, value);
  return metadata;
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/** Over Nest's TCP transport, which has no streams: callbacks are polled. */
export class TcpContract implements Contract {
  private readonly client: PromptClient;
  private readonly caller: Caller;

  constructor(address: string, key: Key, tls?: Tls) {
    const [, host = '', port] = /^(.*):(\d+)$/.exec(address) ?? [];
    this.client = new PromptClient({ host: host.replace(/^\[|\]$/g, ''), port: Number(port) }, tls);
    this.caller = new Caller(
      (pattern, envelope, withinMs = callMs) =>
        firstValueFrom(this.client.send<unknown>(pattern, envelope).pipe(timeout(withinMs))),
      { key },
    );
  }

  async call<M extends nfs.MethodName>(method: M, input: nfs.InputOf<M>): Promise<nfs.ReplyOf<M>> {
    const shape: z.ZodType = nfs.methods[method].reply;
    const opened = await this.caller.call(nfs.patternOf(method), input, shape, deadlineOf(input));
    if (!opened.ok) throw new Error(`${opened.problem.reason}: ${opened.problem.title}`);
    return opened.message as nfs.ReplyOf<M>;
  }

  async *callbacks(
    client: Credentials & { after?: string | undefined },
    signal: AbortSignal,
  ): AsyncGenerator<nfs.Callback, void> {
    let { after } = client;
    const aborted = new Promise<undefined>((resolve) => {
      signal.addEventListener(
        'abort',
        () => {
          resolve(undefined);
        },
        { once: true },
      );
    });
    while (!signal.aborted) {
      const { sessionId, secret } = client;
      const asked = this.call('PollCallbacks', { sessionId, secret, after, waitMs: pollMs });
      const answer = await Promise.race([asked, aborted]);
      if (answer === undefined) {
        asked.catch(() => undefined);
        return;
      }
      const lost = lostBy(answer.status);
      if (lost !== undefined) throw lost;
      if (answer.status !== 'NFS4_OK') throw new Error(answer.problem?.title ?? answer.status);
      for (const callback of answer.callbacks) {
        yield callback;
        if (callback.position !== '') after = callback.position;
        if (callback.expired !== undefined) return;
      }
    }
  }

  close(): void {
    try {
      this.client.unwrap<{ destroy(): void }>().destroy();
    } catch {
      // There is no connection.
    }
    this.client.close();
  }
}
