import type { AddressInfo, Server } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { ApiClient } from './api-client';
import { AppModule } from './app.module';
import { ConfigError, parseConfig, usageOf, type Config, type HostPort } from './config';
import type { Driver } from './driver';
import { DRIVER, SERVED, type Served } from './fileserver.controller';
import { log, nestLog } from './log';
import { AdapterMetrics } from './metrics';
import { Outbox } from './outbox';
import { Registration } from './registration';
import type { Stack } from './stack';
import { printableLines } from '#contracts';
import { PromptServer, Tls } from '#rpc';
import { ExpositionServer } from '#telemetry';

/** Fileserver and lease API may be slow or gone. Remaining holds then expire, and our silence tells the lease API. */
const stopMs = 8_000;
/** npm repeats a signal that the terminal has already sent. A later one is deliberate and ends the process at once. */
const repeatMs = 1_000;

const exitCodes = { stopped: 0, failed: 1, usage: 2, superseded: 3 } as const;

const hostPort = ({ host, port }: HostPort): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

async function start(config: Config): Promise<void> {
  const { host, port } = config.listen;
  const tls = config.tls && new Tls(config.tls, log);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule.of(config, tls), {
    strategy: new PromptServer({ host, port }, { tls, name: '--listen' }),
    logger: nestLog,
    abortOnError: false,
  });
  const driver = app.get<Driver>(DRIVER);
  const served = app.get<Served>(SERVED);
  const registration = app.get(Registration);
  const outbox = app.get(Outbox);
  const api = app.get(ApiClient);

  let stoppingSince: number | undefined;
  /** Holders are told before their holds are released, and holds are released before we exit. */
  const letGo = async (): Promise<void> => {
    const heard = await registration.deregister(false);
    outbox.close();
    await driver.close();
    if (heard) await registration.deregister(true);
  };
  const stop = (code: number): void => {
    if (stoppingSince !== undefined) return;
    stoppingSince = performance.now();
    const exit = (): void => {
      process.exit(code);
    };
    setTimeout(exit, stopMs).unref();
    const superseded = code === exitCodes.superseded;
    void (superseded ? Promise.resolve(driver.close()) : letGo()).finally(exit);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (performance.now() - (stoppingSince ?? Infinity) > repeatMs) process.exit(exitCodes.failed);
      stop(exitCodes.stopped);
    });
  }
  api.onSuperseded((problem) => {
    if (stoppingSince !== undefined) return;
    log.error(
      { problem, incarnation: served.incarnation },
      'a newer adapter has taken over; releasing every lease',
    );
    stop(exitCodes.superseded);
  });

  registration.onStop(() => {
    log.info({ incarnation: served.incarnation }, 'told to stop; releasing every lease');
    stop(exitCodes.stopped);
  });

  // Nest reports only some failures to listen; with the others it would wait forever.
  const server = app.unwrap<Server>();
  server.once('error', (error) => {
    log.fatal(`cannot listen on ${host}:${port}: ${error.message}`);
    stop(exitCodes.failed);
  });
  await app.listen();
  const exposition =
    config.metrics && (await ExpositionServer.listen(app.get(AdapterMetrics), config.metrics));
  const metrics = exposition && hostPort({ host: config.metrics.host, port: exposition.port });
  const dialled = config.advertise ?? { host, port: (server.address() as AddressInfo).port };
  const endpoint = hostPort(dialled);
  const { incarnation } = served;
  log.info({ endpoint, stack: config.stack, exports: config.exports, incarnation, metrics }, 'ready');
  registration.start(endpoint);
}

/** Runs the program: command line, environment, signals and exit codes. */
export function run(stacks: readonly [Stack, ...Stack[]]): void {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    process.stdout.write(`${usageOf(stacks)}\n`);
    return;
  }
  try {
    start(parseConfig(process.argv.slice(2), process.env, stacks)).catch((error: unknown) => {
      log.fatal({ err: error }, 'cannot start');
      process.exit(exitCodes.failed);
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${printableLines(error.message)}\n\n${usageOf(stacks)}\n`);
    process.exit(exitCodes.usage);
  }
}
