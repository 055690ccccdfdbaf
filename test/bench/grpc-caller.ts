import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';
import { nfs } from '#contracts';
import { keyOf, sealCall } from '#rpc';
import { rpcSecret } from '../support/service';

/** The methods of nfs.proto. */
export function nfsService(): ServiceDefinition {
  const found = loadSync(nfs.protoPath(), nfs.protoOptions)[`${nfs.protoPackage}.${nfs.serviceName}`];
  if (found === undefined || 'format' in found) throw new Error('the schema has no such service');
  return found;
}

/** What both servers are measured with: calls that are sealed, to a server that may only be an echo. */
export class GrpcCaller {
  private readonly service = nfsService();
  private readonly client: Client;
  private readonly key = keyOf(rpcSecret);
  private to: string | undefined;

  constructor(address: string) {
    this.client = new Client(address, credentials.createInsecure());
  }

  /** Throws unless the answer is NFS4_OK. */
  async call<M extends nfs.MethodName>(method: M, input: nfs.InputOf<M>): Promise<nfs.ReplyOf<M>> {
    this.to ??= nfs.helloReply.parse(await this.unary('Hello', {})).instance;
    const answer = (await this.unary(method, input)) as nfs.ReplyOf<M>;
    if (answer.status !== 'NFS4_OK') throw new Error(`${method}: ${JSON.stringify(answer)}`);
    return answer;
  }

  private unary(method: string, input: object): Promise<object> {
    const definition = this.service[method];
    if (definition === undefined) throw new Error(`the schema has no method ${method}`);
    const { path, requestSerialize, responseDeserialize } = definition;
    const bytes = requestSerialize(nfs.toGrpc(input));
    const { id: key, secret } = this.key;
    const metadata = new Metadata();
    metadata.set(nfs.sealHeader, sealCall(path, bytes, { key, secret, to: this.to }).header);
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(
        path,
        (written: Buffer) => written,
        responseDeserialize,
        bytes,
        metadata,
        (error, answer) => {
          if (answer === undefined) reject(error ?? new Error('There is no answer.'));
          else resolve(answer);
        },
      );
    });
  }
}

/** A client of an NFS server that has a file open for each slot. */
export interface GrpcSlots {
  caller: GrpcCaller;
  client: { sessionId: string; secret: string };
  opened: nfs.StateId[];
}
export const slotFile = (slot: number) => ({ export: 'local', file: `grpc/${String(slot)}.dat` });
export const slotOwner = (slot: number): string => Buffer.from(`owner ${String(slot)}`).toString('base64');

export async function grpcSlots(address: string, count: number): Promise<GrpcSlots> {
  const caller = new GrpcCaller(address);
  const { sessionId, secret } = await caller.call('ExchangeId', { leaseTimeMs: 3_600_000 });
  const client = { sessionId, secret };
  const opened: nfs.StateId[] = [];
  for (let slot = 0; slot < count; slot++) opened.push(await openSlot({ caller, client }, slot, 'held'));
  return { caller, client, opened };
}

export async function openSlot(
  { caller, client }: Pick<GrpcSlots, 'caller' | 'client'>,
  slot: number,
  owner = 'passing',
): Promise<nfs.StateId> {
  const { stateid } = await caller.call('Open', {
    ...{ ...client, ...slotFile(slot), openOwner: Buffer.from(owner).toString('base64') },
    ...{ access: 'OPEN4_SHARE_ACCESS_BOTH', want: 'WANT_NO_DELEG' },
  });
  if (stateid === undefined) throw new Error('an open has no stateid');
  return stateid;
}
