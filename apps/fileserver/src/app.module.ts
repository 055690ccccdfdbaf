import { randomBytes } from 'node:crypto';
import { Module, type DynamicModule } from '@nestjs/common';
import { ApiClient } from './api-client';
import type { Config } from './config';
import { assertApart, type Driver } from './driver';
import { DRIVER, FileserverController, SERVED, type Served } from './fileserver.controller';
import { log } from './log';
import { AdapterMetrics } from './metrics';
import { Outbox } from './outbox';
import { identifyProcess } from './process-identity';
import { Registration } from './registration';
import { Door, installationSecret, newIncarnation, programKey, proveAdapter, type Tls } from '#rpc';

/** The composition root. */
@Module({})
export class AppModule {
  static of(config: Config, tls?: Tls): DynamicModule {
    const key = programKey(config, config.elsewhere);
    const incarnation = newIncarnation(key);
    const metrics = new AdapterMetrics();
    const proof = proveAdapter(adapterSecret(config.adapterKeyFile), incarnation.name);
    const api = new ApiClient(config, { key, incarnation }, metrics, tls);
    const door = new Door(({ key: id, to }) => {
      // An earlier incarnation may have listened here, and a lease API may not know yet that it is gone.
      if (id !== key.id || to !== incarnation.name)
        return { refused: 'The message is for another adapter.', reason: 'no_such_adapter' };
      // Only the lease APIs can know this secret, even if others have the key.
      const secret = api.session;
      return secret === undefined ? { refused: 'This adapter has not registered yet.' } : { secret };
    });
    const served: Served = { incarnation: incarnation.name, door, accessLog: config.accessLog };
    const report = (message: string): void => {
      log.warn(message);
    };
    const start = async (): Promise<Driver> => {
      const driver = await config.startDriver(report);
      assertApart(driver.places());
      return driver;
    };
    return {
      module: AppModule,
      controllers: [FileserverController],
      providers: [
        { provide: SERVED, useValue: served },
        { provide: DRIVER, useFactory: start },
        { provide: ApiClient, useValue: api },
        { provide: AdapterMetrics, useValue: metrics },
        {
          provide: Outbox,
          inject: [DRIVER],
          useFactory: (driver: Driver) => {
            const outbox = new Outbox(driver, api, served.incarnation, metrics);
            metrics.watch(driver, () => outbox.size);
            return outbox;
          },
        },
        {
          provide: Registration,
          inject: [DRIVER],
          useFactory: (driver: Driver) =>
            new Registration(config.stack, driver, api, served.incarnation, identifyProcess(), proof),
        },
      ],
    };
  }
}

/** The secret that this adapter keeps over all its lives; if it cannot, one for this life. */
function adapterSecret(file: string): string {
  try {
    return installationSecret(file);
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes((error as { code?: string }).code ?? '')) throw error;
    const next = 'LEASEHOLD_ADAPTER_KEY_FILE: name a file that this adapter can create, or read';
    log.info(
      { file, err: error, next },
      'after a crash, its exports stay with this adapter until it is lost',
    );
    return randomBytes(32).toString('base64url');
  }
}
