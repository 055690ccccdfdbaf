import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import {
  loadSync,
  type MessageTypeDefinition,
  type PackageDefinition,
  type ServiceDefinition,
} from '@grpc/proto-loader';
import { ServerTCP } from '@nestjs/microservices';
import { dlm, fileserver, nfs } from '#contracts';
import {
  Door,
  type Incarnation,
  type Key,
  newIncarnation,
  type Seal,
  seal,
  sealCall,
  type Sealed,
  sessionSecret,
} from '#rpc';
import { anything, type Facts } from './rpc';

/** The peers that the fuzz plays: adapters and NFS servers, with valid seals over real connections. */

export type Json = Record<string, unknown>;
/** A call without an answer for this long hangs. */
const answerMs = 180_000;

/** Replaces a placeholder by nested brackets: JSON.stringify cannot nest so deep. */
export const deepIn = (json: string, depth = 5_000): string =>
  json.replace(/\\?"@@deep@@\\?"/g, '['.repeat(depth) + ']'.repeat(depth));

/** One connection to an RPC port; it sends anything, sealed or not. */
export class RpcLine {
  private socket: Socket | undefined;
  private heard = '';
  private sent = 0;
  private readonly waiting = new Map<string, (answer: Facts | undefined) => void>();

  /** @param from source address: each is slowed separately after too many failures */
  constructor(
    private readonly address: string,
    private readonly from = '127.0.0.1',
  ) {}

  /** The answer as Nest frames it, `{response}` or `{err}`; undefined if there is none. */
  ask(pattern: string, data: unknown): Promise<Facts | undefined> {
    const id = String(++this.sent);
    const text = deepIn(JSON.stringify({ pattern, data, id }));
    return new Promise((resolve) => {
      const limit = setTimeout(() => this.socket?.destroy(), answerMs);
      this.waiting.set(id, (answer) => {
        clearTimeout(limit);
        resolve(answer);
      });
      this.open().write(`${String(text.length)}#${text}`);
    });
  }

  /** Sends a message that gets no answer. */
  tell(pattern: string, data: unknown): void {
    const text = JSON.stringify({ pattern, data, id: 'none' });
    this.open().write(`${String(text.length)}#${text}`);
  }

  close(): void {
    this.socket?.destroy();
  }

  private open(): Socket {
    if (this.socket !== undefined) return this.socket;
    const [host, port] = this.address.split(':');
    const socket = connect({ port: Number(port), host: host ?? '', localAddress: this.from });
    this.socket = socket;
    this.heard = '';
    socket
      .setEncoding('utf8')
      .on('data', (chunk: string) => {
        this.hear(chunk);
      })
      .once('error', () => undefined)
      .once('close', () => {
        this.socket = undefined;
        for (const resolve of this.waiting.values()) resolve(undefined);
        this.waiting.clear();
      });
    return socket;
  }

  private hear(chunk: string): void {
    this.heard += chunk;
    for (let at = this.heard.indexOf('#'); at > 0; at = this.heard.indexOf('#')) {
      const length = Number(this.heard.slice(0, at));
      if (this.heard.length < at + 1 + length) break;
      const answer = JSON.parse(this.heard.slice(at + 1, at + 1 + length)) as Facts;
      this.heard = this.heard.slice(at + 1 + length);
      const id = String(answer['id']);
      this.waiting.get(id)?.(answer);
      this.waiting.delete(id);
    }
  }
}

/** What a lease API asks of an adapter. */
const asked = ['resolve', 'setlease', 'status'] as const;
export type Asked = (typeof asked)[number];

/** An adapter that can be dialled, and answers as the fuzz decides. */
export class PlayedAdapter {
  readonly incarnation: Incarnation;
  /** What it was asked to hold. */
  readonly holds: Json[] = [];
  readonly exportName: string;
  readonly stack: string;
  endpoint = '';
  private readonly secret: string;
  private readonly server = new ServerTCP({ host: '127.0.0.1', port: 0 });

  constructor(
    serves: { exportName: string; stack: string },
    private readonly key: Key,
    private readonly greeting: Facts,
    answer: (name: Asked, message: Facts) => object,
  ) {
    this.exportName = serves.exportName;
    this.stack = serves.stack;
    this.incarnation = newIncarnation(key);
    const { name, privateKey } = this.incarnation;
    this.secret = sessionSecret(key, name, privateKey, String(greeting['publicKey'])) ?? '';
    const door = new Door(() => ({ secret: this.secret }));
    for (const each of asked)
      this.server.addHandler(fileserver.patterns[each], (raw: unknown) => {
        const opened = door.open(fileserver.patterns[each], raw, anything);
        if (!opened.ok) return Promise.resolve(opened.reply ?? {});
        const { export: exportName, fileId, holdGen } = opened.message;
        if (each === 'setlease') this.holds.push({ export: exportName, fileId, holdGen });
        return Promise.resolve(
          opened.sealed({ ok: true, ...answer(each, { incarnation: name, ...opened.message }) }),
        );
      });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => {
      this.server.listen(() => {
        resolve();
      });
    });
    const { port } = this.server.unwrap<Server>().address() as AddressInfo;
    this.endpoint = `127.0.0.1:${String(port)}`;
    return this;
  }

  get name(): string {
    return this.incarnation.name;
  }

  seal(pattern: string, message: object): Sealed {
    const { name: from } = this.incarnation;
    const to = String(this.greeting['instance']);
    return seal(pattern, message, { key: this.key.id, secret: this.secret, from, to });
  }

  close(): void {
    this.server.close();
  }
}

// --- gRPC

const definition: PackageDefinition = loadSync(dlm.protoPath(), dlm.protoOptions());
const serviceOf = (name: string): ServiceDefinition =>
  definition[`${nfs.protoPackage}.${name}`] as ServiceDefinition;
/** Methods of NFS servers by their names, those of lock managers with the name of their service. */
const service: ServiceDefinition = {
  ...serviceOf(nfs.serviceName),
  ...Object.fromEntries(
    Object.entries(serviceOf(dlm.serviceName)).map(([name, method]) => [
      `${dlm.serviceName}/${name}`,
      method,
    ]),
  ),
};
/** The messages of a stream's two sides. */
const messagesOf = (name: string): [request: string, message: string] =>
  name === 'Callbacks' ? ['CallbacksRequest', 'Callback'] : ['NoticesRequest', 'Notice'];
interface ProtoField {
  name: string;
  type: string;
  label: string;
  typeName: string;
  proto3Optional?: boolean;
}
const scalars: Record<string, Json> = {
  TYPE_BOOL: { type: 'boolean' },
  TYPE_UINT32: { type: 'integer', minimum: 0, maximum: 2 ** 32 - 1 },
  TYPE_INT32: { type: 'integer' },
  TYPE_UINT64: { type: 'string', format: 'uint64' },
  TYPE_BYTES: { type: 'string', format: 'byte' },
  TYPE_STRING: { type: 'string' },
};

/** A message of the schema file in the form of JSON Schema. */
function shapeOf(message: object): Json {
  const { field } = message as { field: ProtoField[] };
  const properties = Object.fromEntries(
    field.map(({ name, type, label, typeName }) => {
      // Names of files are text here.
      const isName = type === 'TYPE_BYTES' && (name === 'file' || name === 'to');
      const one = scalars[isName ? 'TYPE_STRING' : type] ?? namedShape(typeName);
      return [name, label === 'LABEL_REPEATED' ? { type: 'array', items: one } : one];
    }),
  );
  const required = field.filter((each) => each.proto3Optional !== true).map(({ name }) => name);
  return { type: 'object', properties, required };
}

function namedShape(name: string): Json {
  const found = definition[`${nfs.protoPackage}.${name}`] ?? definition[name];
  if (found === undefined || !('format' in found)) throw new Error(`the schema has no ${name}`);
  const { type } = found as { type: object };
  return 'value' in type
    ? { enum: (type.value as { name: string }[]).map((each) => each.name) }
    : shapeOf(type);
}

export const calls = Object.entries(service).map(([name, method]) => ({
  name,
  streams: method.requestStream,
  // In a stream every message travels sealed.
  shape: method.requestStream ? namedShape(messagesOf(name)[0]) : shapeOf(method.requestType.type),
}));
const messageOf = (name: string): MessageTypeDefinition<object, object> =>
  definition[`${nfs.protoPackage}.${name}`] as MessageTypeDefinition<object, object>;

export interface GrpcAnswer {
  code: number;
  details: string;
  reply: Json | undefined;
}

/** An NFS server or a lock manager that speaks gRPC. */
export class GrpcLine {
  /** The process at the other end. */
  instance = '';
  private readonly client: Client;

  constructor(
    address: string,
    private readonly key: Key,
  ) {
    // A connection of its own, so that wrong seals on others do not slow it.
    this.client = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  }

  /** A message as on the wire; undefined if it does not fit the schema. */
  bytesOf(name: string, message: object): Buffer | undefined {
    try {
      const method = service[name];
      if (method?.requestStream === true) return messageOf(messagesOf(name)[0]).serialize(message);
      const bytes = method?.requestSerialize(nfs.toGrpc(message));
      if (bytes !== undefined) method?.requestDeserialize(bytes);
      return bytes;
    } catch {
      return undefined;
    }
  }

  call(name: string, bytes: Buffer, key = this.key): Promise<GrpcAnswer> {
    const { path, responseDeserialize } = service[name] as ServiceDefinition[string];
    return new Promise((resolve) => {
      this.client.makeUnaryRequest(
        path,
        (each: Buffer) => each,
        responseDeserialize,
        bytes,
        withSeal(sealCall(path, bytes, this.seal(name, key)).header),
        { deadline: Date.now() + answerMs },
        (error, reply) => {
          resolve({
            code: error?.code ?? 0,
            details: error?.details ?? '',
            reply: reply as Json | undefined,
          });
        },
      );
    });
  }

  /** A stream of callbacks or notices: sends messages, and returns what arrived within `ms`. */
  stream(name: string, messages: readonly object[], ms: number): Promise<GrpcAnswer> {
    const { path, requestSerialize, responseDeserialize } = service[name] as ServiceDefinition[string];
    const { header, stream: seals } = sealCall(path, undefined, this.seal(name, this.key));
    const stream = this.client.makeBidiStreamRequest<object, object>(
      path,
      requestSerialize,
      responseDeserialize,
      withSeal(header),
      {},
    );
    return new Promise((resolve) => {
      let reply: Json | undefined;
      const limit = setTimeout(() => {
        stream.cancel();
        resolve({ code: 0, details: '', reply });
      }, ms);
      stream.on('data', (raw: { message: string }) => {
        reply = { ...messageOf(messagesOf(name)[1]).deserialize(Buffer.from(raw.message, 'base64')) };
      });
      stream.on('end', () => undefined);
      stream.on('error', ({ code, details }: ServiceError) => {
        clearTimeout(limit);
        resolve({ code, details, reply });
      });
      for (const message of messages) {
        const bytes = messageOf(messagesOf(name)[0]).serialize(message);
        stream.write({ message: bytes, mac: seals.seal(bytes) });
      }
    });
  }

  close(): void {
    this.client.close();
  }

  private seal(name: string, { id, secret }: Key): Seal {
    return { key: id, secret, to: name.endsWith('Hello') ? undefined : this.instance };
  }
}

function withSeal(header: string): Metadata {
  const metadata = new Metadata();
  metadata.set(nfs.sealHeader, header);
  return metadata;
}
