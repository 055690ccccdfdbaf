import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { printable } from '#contracts';
import { installationSecret, keyOf, secretFileDefault } from '#rpc';
import { type Contract, GrpcContract, TcpContract } from './contract';
import { playStory } from './story';

/**
 * An example of the NFS server's side: how the state module of an NFSv4.1 server uses the lease service, without the
 * NFS protocol. Read `nfs-client-state.ts`; this file plays a story with two such servers against a running lease API.
 */
const usage = `usage: nfs-head --api HOST:PORT [--tcp] [--export NAME]
  --api     a lease API: its LEASEHOLD_GRPC, or with --tcp its LEASEHOLD_RPC
  --export  where the story takes place; default: local
environment:
  LEASEHOLD_RPC_SECRET       as at the lease API
  LEASEHOLD_RPC_SECRET_FILE  where it is otherwise; default: ./data/rpc-secret`;

function contractOf(api: string, tcp: boolean): () => Contract {
  const { LEASEHOLD_RPC_SECRET: secret, LEASEHOLD_RPC_SECRET_FILE: file = secretFileDefault } = process.env;
  const key = keyOf(secret ?? installationSecret(file));
  return () => (tcp ? new TcpContract(api, key) : new GrpcContract(api, key));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      api: { type: 'string', default: '127.0.0.1:8082' },
      tcp: { type: 'boolean', default: false },
      export: { type: 'string', default: 'local' },
    },
  });
  Logger.overrideLogger(false);
  await playStory(contractOf(values.api, values.tcp), values.export, (line) => {
    process.stdout.write(`${printable(line)}\n`);
  });
}

main().catch((error: unknown) => {
  const isUsage =
    error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  const said = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${printable(said)}\n${isUsage ? `\n${usage}\n` : ''}`);
  process.exit(isUsage ? 2 : 1);
});
