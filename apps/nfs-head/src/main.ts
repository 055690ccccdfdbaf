import 'reflect-metadata';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { printable } from '#contracts';
import { programKey, secretFileDefault, Tls, withFiles } from '#rpc';
import { createLog, ExpositionServer, type Log } from '#telemetry';
import { type Contract, GrpcContract, TcpContract } from './contract';
import { HeadMetrics } from './metrics';
import { NfsHead } from './server/server';
import { playStory } from './story';

/**
 * An example of the NFS server's side. With a directory it is a small NFSv4.1 and 4.2 server (`server/`), whose opens, locks and
 * delegations are at the lease service. Without one it plays a story: how the state module of such a server uses the
 * lease service (`nfs-client-state.ts`), without the NFS protocol.
 */
const usage = `usage: nfs-head --api HOST:PORT --directory DIR --records DIR [--listen HOST:PORT] [--lease SECONDS]
       nfs-head --api HOST:PORT
options:
  --api        a lease API: its LEASEHOLD_GRPC, or with --tcp its LEASEHOLD_RPC
  --tcp        speak Nest's TCP transport instead of gRPC
  --export     the name of the directory at the lease service, the same at all heads of it; default: local
  --metrics    where to serve /metrics for Prometheus (default: nowhere)
  --directory  serve this directory by NFSv4.1 until stopped; without it: play a story with two servers, and end
  --records    a directory outside of it that all its heads share: which client has which client ID
  --listen     where to serve it; default: 127.0.0.1:2049. AUTH_SYS is believed: whoever reaches the port may be anybody
  --lease      how long a client may be silent, 10 to 3600 seconds; default: 90
environment:
  LEASEHOLD_RPC_SECRET       as at the lease API
  LEASEHOLD_RPC_SECRET_FILE  where it is otherwise; default: ./data/rpc-secret
  LEASEHOLD_RPC_KEY_ID       the name of the secret, if the lease API has a key for this NFS server alone
  LEASEHOLD_TLS_CA           a file: the authorities of lease APIs; with it, or with a certificate, there is TLS
  LEASEHOLD_TLS_CERT, LEASEHOLD_TLS_KEY
                             files: its own certificate and key, if the lease API wants one
  LEASEHOLD_NETWORK          trusted: something else encrypts beyond loopback (default: hostile)`;

const names = ['RPC_SECRET', 'RPC_KEY_ID', 'TLS_CA', 'TLS_CERT', 'TLS_KEY', 'NETWORK'].map(
  (name) => `LEASEHOLD_${name}`,
);

/** What it needs of the environment. Throws an Error that names every variable at fault. */
function readEnvironment(env: Readonly<Record<string, string | undefined>>, api: string) {
  const faults: string[] = [];
  const set = Object.entries(env).filter(([name, value]) => name.startsWith('LEASEHOLD_') && value !== '');
  const given: Readonly<Record<string, string | undefined>> = withFiles(
    Object.fromEntries(set) as Record<string, string>,
    names,
    faults,
  );
  const {
    LEASEHOLD_RPC_SECRET: secret,
    LEASEHOLD_RPC_SECRET_FILE: file,
    LEASEHOLD_RPC_KEY_ID: keyId,
  } = given;
  const { LEASEHOLD_TLS_CERT: cert, LEASEHOLD_TLS_KEY: key, LEASEHOLD_TLS_CA: ca } = given;
  if (secret !== undefined && file !== undefined)
    faults.push('LEASEHOLD_RPC_SECRET_FILE: LEASEHOLD_RPC_SECRET is set, too; set only one of them');
  if ((cert === undefined) !== (key === undefined))
    faults.push('LEASEHOLD_TLS_CERT: set LEASEHOLD_TLS_CERT and LEASEHOLD_TLS_KEY, or neither');
  const elsewhere = !/^(localhost|127(\.\d{1,3}){3}|\[::1\]):\d+$/.test(api);
  const hasTls = (cert ?? ca) !== undefined;
  if (elsewhere && !hasTls && given['LEASEHOLD_NETWORK'] !== 'trusted')
    faults.push(
      `--api: ${api} is on another host: set LEASEHOLD_TLS_CA; or, if something else encrypts, LEASEHOLD_NETWORK=trusted`,
    );
  if (faults.length > 0) throw new Error(faults.join('; '));
  return {
    key: programKey({ secret, secretFile: file ?? secretFileDefault, keyId }, elsewhere),
    tls: hasTls ? { cert, key, ca } : undefined,
  };
}

function contractOf(api: string, tcp: boolean, metrics: HeadMetrics, log: Log): () => Contract {
  const { key, tls: files } = readEnvironment(process.env, api);
  const tls = files && new Tls(files, log);
  return () => metrics.watch(tcp ? new TcpContract(api, key, tls) : new GrpcContract(api, key, tls));
}

/** @throws Error if it is none */
function hostAndPort(option: string, at: string): { host: string; port: number } {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(at) ?? [];
  if (host === '' || Number(port) > 65_535) throw new Error(`${option}: ${at} is not HOST:PORT`);
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** Serves the metrics until the program is stopped. */
async function expose(metrics: HeadMetrics, at: string, log: Log): Promise<void> {
  const { host, port } = hostAndPort('--metrics', at);
  const server = await ExpositionServer.listen(metrics, { host, port });
  log.info({ metrics: `${host}:${String(server.port)}` }, 'ready');
}

/** Is an NFS server until the program is stopped. */
async function serve(
  contract: Contract,
  asked: {
    directory: string;
    records: string | undefined;
    listen: string;
    lease: string;
    exportName: string;
  },
  log: Log,
): Promise<void> {
  const { host, port } = hostAndPort('--listen', asked.listen);
  const lease = Number(asked.lease);
  if (!Number.isInteger(lease) || lease < 10 || lease > 3600)
    throw new Error(`--lease: ${asked.lease} is not a number of seconds from 10 to 3600`);
  if (asked.records === undefined)
    throw new Error('--records: a directory is needed, the same for all heads');
  const [directory, records] = [resolve(asked.directory), resolve(asked.records)];
  if (`${records}/`.startsWith(`${directory}/`))
    throw new Error(`--records: ${records} is in the directory that is served; choose another`);
  const { exportName } = asked;
  const options = { directory, host, port, exportName, records, leaseTimeMs: lease * 1000 };
  const head = await NfsHead.listen(contract, options, log);
  log.info({ nfs: `${host}:${String(head.port)}`, directory, export: exportName }, 'ready');
  const stop = (): void => {
    void head.close().finally(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      directory: { type: 'string' },
      records: { type: 'string' },
      listen: { type: 'string', default: '127.0.0.1:2049' },
      lease: { type: 'string', default: '90' },
      api: { type: 'string', default: '127.0.0.1:8082' },
      tcp: { type: 'boolean', default: false },
      export: { type: 'string', default: 'local' },
      help: { type: 'boolean', short: 'h', default: false },
      metrics: { type: 'string' },
    },
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  // Its standard output is the story.
  const log = createLog('nfs-head', 'info', 'stderr');
  const metrics = new HeadMetrics();
  Logger.overrideLogger(false);
  const contract = contractOf(values.api, values.tcp, metrics, log);
  if (values.metrics !== undefined) await expose(metrics, values.metrics, log);
  if (values.directory !== undefined) {
    const { directory, records, listen, lease, export: exportName } = values;
    await serve(contract(), { directory, records, listen, lease, exportName }, log);
    return;
  }
  await playStory(contract, values.export, (line) => {
    process.stdout.write(`${printable(line)}\n`);
  });
  if (values.metrics !== undefined) log.info('the story is over');
}

main().catch((error: unknown) => {
  const isUsage =
    error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  const said = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${printable(said)}\n${isUsage ? `\n${usage}\n` : ''}`);
  process.exit(isUsage ? 2 : 1);
});
