import 'reflect-metadata';
import type { AddressInfo, Server } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Application, AppModule, openTable } from './app.module';
import { type Config, ConfigError, helpText, type HostPort, readConfig } from './config';
import { dlm, nfs } from '#contracts';
import type { TableEvents } from '#locks';
import { clientFailure, connectionsWaitingMax, PromptServer, Tls } from '#rpc';
import { createLog } from '#telemetry';
import { OwnOrigin } from './http/browser';
import { readKeys } from './fileserver/keyring';
import { serveConsole } from './http/console';
import { serveOpenApi } from './http/openapi';
import { serveDirectly } from './http/route-handlers';
import { prepareServer, serverOptions, watchStrangers } from './http/server';
import { LockManagerController } from './dlm/lock-manager.controller';
import { GrpcServer, type UnaryService } from './grpc/server';
import { NfsGrpcController } from './nfs/nfs-grpc.controller';
import { openAudit } from './telemetry/audit';
import { FrameworkLog, type Log } from './telemetry/logger';

/** How long running requests may take when the service is told to stop. */
const requestsMs = 3_000;
const idleMs = 20;
/** How long running answers may take when the table has failed. */
const answersMs = 200;
/** How long the whole stop may take. */
const stopMs = 4_500;

const shown = (host: string, port: number): string =>
  `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;

/** Rejects when a server cannot listen; Nest reports only some of these failures. */
function failureOf(server: Server, name: string, { host, port }: HostPort): Promise<never> {
  return new Promise((_, reject) => {
    server.once('error', (error) => {
      reject(new Error(`${name}: cannot listen on ${shown(host, port)}: ${error.message}`, { cause: error }));
    });
  });
}

/** Handles events of the table. A table that cannot go on ends the process: its supervisor starts it again. */
function tableEvents({ table }: Config, log: Log): TableEvents {
  const next =
    table.kind === 'redis'
      ? 'raise maxmemory at Redis, or free memory there'
      : `free space on the disk of ${table.directory}`;
  return {
    onFull: (why) => {
      if (why === undefined) log.info('the table has room again');
      else
        log.error(
          { why, code: 'ENOLCK', reason: 'table_full', next },
          'the table is full: nothing new is granted; releases and breaks still work',
        );
    },
    onCleared: (libraries, error) => {
      if (error === undefined)
        log.info({ libraries }, 'rules of other versions were deleted from Redis: nobody uses them');
      else
        log.info({ err: error, next: 'allow CLIENT LIST and FUNCTION DELETE' }, 'unused rules stay in Redis');
    },
    onDead: (error) => {
      log.fatal(
        { err: error, next: 'start the service again; it continues from what is on disk' },
        'the table has failed',
      );
      setTimeout(() => process.exit(1), answersMs);
    },
  };
}

async function start(config: Config, log: Log): Promise<void> {
  const keys = readKeys(config);
  const audit = config.audit === undefined ? undefined : openAudit(config.audit, log);
  const [httpTls, tls] = [config.httpTls, config.tls].map((files) => files && new Tls(files, log));
  const table = await openTable(config, tableEvents(config, log), log);
  const application = new Application(config, keys, table, log, { audit, tls });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.of(() => application),
    new FastifyAdapter(serverOptions(httpTls?.now)),
    { logger: new FrameworkLog(log), bodyParser: false, abortOnError: false },
  );
  const own = new OwnOrigin([config.http.host, ...config.httpHosts]);
  prepareServer(app, own, application.metrics, config.accessLog ? log : undefined, audit);
  const { strangers } = application;
  watchStrangers(app.getHttpServer(), strangers.http);
  await application.rates.install(app, application.ratesRedis(), config.tableName);
  serveDirectly(app);
  serveOpenApi(app);
  serveConsole(app, log);
  const rpc = app.connectMicroservice<MicroserviceOptions>({
    strategy: new PromptServer(config.rpc, { strangers: strangers.rpc, tls, name: 'LEASEHOLD_RPC' }),
  });
  const rpcServer = rpc.unwrap<Server>();
  const grpc =
    config.grpc === undefined
      ? undefined
      : new GrpcServer(config.grpc, requestsMs, strangers.grpc, grpcServices(app), log, tls);
  if (grpc !== undefined) app.connectMicroservice<MicroserviceOptions>({ strategy: grpc });
  stopOnSignal(app, application, log);

  await application.start();
  await Promise.race([app.startAllMicroservices(), failureOf(rpcServer, 'LEASEHOLD_RPC', config.rpc)]);
  await Promise.race([
    app.listen({ ...config.http, backlog: connectionsWaitingMax }),
    failureOf(app.getHttpServer(), 'LEASEHOLD_HTTP', config.http),
  ]);
  const httpPort = (app.getHttpServer().address() as AddressInfo).port;
  if (httpTls !== undefined) renew(app.getHttpServer(), httpTls);
  const rpcPort = (rpcServer.address() as AddressInfo).port;
  log.info(
    {
      http: shown(config.http.host, httpPort),
      rpc: shown(config.rpc.host, rpcPort),
      grpc: config.grpc && shown(config.grpc.host, grpc?.port ?? 0),
      table: config.table.kind,
      exports: config.localExports,
      breakMs: config.breakMs,
    },
    'ready',
  );
}

/** Who answers the unary calls of a gRPC service. */
const grpcServices = (app: NestFastifyApplication): Record<string, UnaryService> => ({
  [nfs.serviceName]: app.get(NfsGrpcController),
  [dlm.serviceName]: app.get(LockManagerController),
});

/** Uses a new certificate for new connections as soon as its files change; the others go on. */
function renew(server: Server, tls: Tls): void {
  if (!(server instanceof TlsServer)) return;
  tls.onChange((now) => {
    server.setSecureContext(now);
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, { remoteAddress = '' }) => {
    // Nothing was refused: the other end went away.
    if (error.code === 'ECONNRESET') return;
    tls.refused('LEASEHOLD_HTTP', remoteAddress, clientFailure(error.code ?? '', error.message, tls.files));
  });
}

/** npm repeats the signal that the terminal has sent: only a later one counts as a second signal. */
const repeatMs = 1_000;

/** On a signal, ends streams and waits, lets requests finish and closes the table. A second signal exits at once. */
function stopOnSignal(app: NestFastifyApplication, application: Application, log: Log): void {
  let stoppingSince: number | undefined;
  const stop = (signal: string): void => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > repeatMs) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.warn('stopped without waiting any longer; the next start continues unfinished work');
      process.exit(0);
    }, stopMs).unref();
    const server = app.getHttpServer();
    const cut = setTimeout(() => {
      server.closeAllConnections();
    }, requestsMs);
    // Kept-alive connections stay open after their last answer, and `close` would wait for them.
    const close = setInterval(() => {
      server.closeIdleConnections();
    }, idleMs);
    application.quiesce();
    app
      .close()
      .then(() => application.stop())
      .then(() => {
        clearTimeout(cut);
        clearInterval(close);
        log.info('stopped');
        process.exit(0);
      })
      .catch((error: unknown) => {
        log.error({ err: error }, 'could not shut down in order');
        process.exit(1);
      });
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop);
}

/** Exit code 2: the configuration is wrong. 1: it is right, but the service cannot start. */
function main(): void {
  const [argument] = process.argv.slice(2);
  if (argument !== undefined) {
    const isHelp = argument === '--help' || argument === '-h';
    (isHelp ? process.stdout : process.stderr).write(`${helpText()}\n`);
    process.exitCode = isHelp ? 0 : 2;
    return;
  }
  let config: Config;
  try {
    config = readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
  const log = createLog('lease-api', config.logLevel);
  start(config, log).catch((error: unknown) => {
    log.fatal({ err: error }, 'cannot start');
    process.exit(1);
  });
}

main();
