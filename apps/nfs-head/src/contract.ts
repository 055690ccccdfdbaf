import {
  Client,
  type ClientDuplexStream,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';
import { ClientTCP } from '@nestjs/microservices';
import { firstValueFrom, timeout } from 'rxjs';
import type { z } from 'zod';
import { nfs } from '#contracts';
import { Caller, type Key, PromptSocket, sealCall } from '#rpc';

/** What a call may take beyond the time that it asks to wait. */
const callMs = 10_000;
/** How long a question for callbacks waits for the first. */
const pollMs = 20_000;

export interface Credentials {
  sessionId: string;
  secret: string;
}

/** The lease service as an NFS server sees it. Refusals are answers; a throw means that nobody knows what was done. */
export interface Contract {
  call<M extends nfs.MethodName>(method: M, input: nfs.InputOf<M>): Promise<nfs.ReplyOf<M>>;
  /**
   * The callbacks behind a position, until the connection breaks or the session is over. To ask for the next is to
   * acknowledge the last.
   * @throws SessionLost when there is no such session any more
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

/** Over gRPC, with a stream for every client's callbacks. */
export class GrpcContract implements Contract {
  private readonly client: Client;
  private readonly service: ServiceDefinition;

  constructor(
    address: string,
    private readonly key: Key,
  ) {
    const found = loadSync(nfs.protoPath(), nfs.protoOptions)[`${nfs.protoPackage}.${nfs.serviceName}`];
    if (found === undefined || 'format' in found) throw new Error('the schema has no such service');
    this.service = found;
    this.client = new Client(address, credentials.createInsecure());
  }

  async call<M extends nfs.MethodName>(method: M, input: nfs.InputOf<M>): Promise<nfs.ReplyOf<M>> {
    const { path, requestSerialize, responseDeserialize } = this.definition(method);
    const deadline = Date.now() + deadlineOf(input);
    const raw = await new Promise<unknown>((resolve, reject) => {
      this.client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        input,
        this.metadata(path, requestSerialize(input)),
        { deadline },
        (error, answer) => {
          if (error === null) resolve(answer);
          else reject(error);
        },
      );
    });
    return parsed(method, raw);
  }

  async *callbacks(
    { sessionId, secret, after }: Credentials & { after?: string | undefined },
    signal: AbortSignal,
  ): AsyncGenerator<nfs.Callback, void> {
    const { path, requestSerialize, responseDeserialize } = this.definition('Callbacks');
    const stream: ClientDuplexStream<object, object> = this.client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      this.metadata(path),
      {},
    );
    const cancel = (): void => {
      stream.cancel();
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      stream.write({ subscribe: { sessionId, secret, after } });
      for await (const raw of stream) {
        const callback = nfs.callback.parse(raw);
        yield callback;
        if (callback.position !== '') stream.write({ acknowledge: { position: callback.position } });
      }
    } catch (error) {
      const { code, details } = error as ServiceError;
      const lost = code === status.FAILED_PRECONDITION ? lostBy(details.split(' ')[0] ?? '') : undefined;
      if (lost !== undefined) throw lost;
      if (code !== status.CANCELLED) throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
      stream.cancel();
    }
  }

  close(): void {
    this.client.close();
  }

  private definition(method: string): ServiceDefinition[string] {
    const found = this.service[method];
    if (found === undefined) throw new Error(`the schema has no method ${method}`);
    return found;
  }

  private metadata(path: string, bytes?: Uint8Array): Metadata {
    const metadata = new Metadata();
    metadata.set(nfs.sealHeader, sealCall(path, bytes, this.key));
    return metadata;
  }
}

/** Over Nest's TCP transport, which has no streams: callbacks are asked for. */
export class TcpContract implements Contract {
  private readonly client: ClientTCP;
  private readonly caller: Caller;

  constructor(address: string, key: Key) {
    const [, host = '', port] = /^(.*):(\d+)$/.exec(address) ?? [];
    this.client = new ClientTCP({
      host: host.replace(/^\[|\]$/g, ''),
      port: Number(port),
      socketClass: PromptSocket,
    });
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
