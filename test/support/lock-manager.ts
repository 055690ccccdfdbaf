import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import {
  loadSync,
  type MessageTypeDefinition,
  type PackageDefinition,
  type ServiceDefinition,
} from '@grpc/proto-loader';
import { dlm, nfs } from '#contracts';
import { type Key, type Seal, sealCall } from '#rpc';

const schema: PackageDefinition = loadSync(dlm.protoPath(), dlm.protoOptions());
const service = schema[`${nfs.protoPackage}.${dlm.serviceName}`] as ServiceDefinition;
const messageOf = (name: string): MessageTypeDefinition<object, object> =>
  schema[`${nfs.protoPackage}.${name}`] as MessageTypeDefinition<object, object>;
const callMs = 90_000;

type Notice = dlm.Notice;

/** A program that speaks for a lock manager, over gRPC. */
export class LockManagerLine {
  private readonly client: Client;
  private instance: string | undefined;

  constructor(
    address: string,
    private readonly key: Key,
  ) {
    this.client = new Client(address, credentials.createInsecure());
  }

  /** Rejects with the error of gRPC; a refusal is an answer. */
  async call<M extends dlm.MethodName>(method: M, input: dlm.InputOf<M>): Promise<dlm.ReplyOf<M>> {
    await this.greet();
    return dlm.methods[method].reply.parse(await this.unary(method, input)) as dlm.ReplyOf<M>;
  }

  /** The notices of a session or connection, each acknowledged when the next is asked for. */
  async *notices(subscribe: object, signal: AbortSignal): AsyncGenerator<Notice, void> {
    await this.greet();
    const { path, requestSerialize, responseDeserialize } = service['Notices'] as ServiceDefinition[string];
    const { header, stream: seals } = sealCall(path, undefined, this.seal());
    const stream = this.client.makeBidiStreamRequest<object, object>(
      path,
      requestSerialize,
      responseDeserialize,
      sealedBy(header),
      {},
    );
    const say = (request: object): void => {
      const bytes = messageOf('NoticesRequest').serialize(request);
      stream.write({ message: bytes, mac: seals.seal(bytes) });
    };
    signal.addEventListener('abort', () => {
      stream.cancel();
    });
    say({ subscribe });
    try {
      for await (const raw of stream) {
        const { message, mac } = nfs.sealed.parse(raw);
        const bytes = Buffer.from(message, 'base64');
        if (!seals.isNext(bytes, mac)) throw new Error('A notice has a wrong seal.');
        const notice = dlm.notice.parse(nfs.fromGrpc(messageOf('Notice').deserialize(bytes)));
        yield notice;
        if (notice.position !== '') say({ acknowledge: { position: notice.position } });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  close(): void {
    this.client.close();
  }

  private async greet(): Promise<void> {
    this.instance ??= nfs.helloReply.parse(await this.unary('Hello', {})).instance;
  }

  private unary(method: string, input: object): Promise<unknown> {
    const { path, requestSerialize, responseDeserialize } = service[method] as ServiceDefinition[string];
    const { header, isAnswer } = sealCall(path, requestSerialize(input), this.seal());
    return new Promise((resolve, reject) => {
      let mac = '';
      const call = this.client.makeUnaryRequest(
        path,
        requestSerialize,
        (bytes: Buffer) => ({ bytes, message: nfs.fromGrpc(responseDeserialize(bytes)) }),
        input,
        sealedBy(header),
        { deadline: Date.now() + callMs },
        (error: ServiceError | null, answer) => {
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

  private seal(): Seal {
    return { key: this.key.id, secret: this.key.secret, to: this.instance };
  }
}

function sealedBy(header: string): Metadata {
  const metadata = new Metadata();
  metadata.set(nfs.sealHeader, header);
  return metadata;
}
