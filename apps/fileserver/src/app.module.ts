import { randomUUID } from 'node:crypto';
import { Module, type DynamicModule } from '@nestjs/common';
import { ApiClient } from './api-client';
import type { Config } from './config';
import type { Driver } from './driver';
import { DRIVER, FileserverController, SERVED, type Served } from './fileserver.controller';
import { log } from './log';
import { Outbox } from './outbox';
import { PosixDriver } from './posix/posix-driver';
import { identifyProcess } from './process-identity';
import { Registration } from './registration';

/** The composition root: the only place that names concrete drivers. */
@Module({})
export class AppModule {
  static of(config: Config): DynamicModule {
    const served: Served = { incarnation: randomUUID(), secret: config.secret };
    const drivers = {
      posix: (): Promise<Driver> =>
        PosixDriver.start(config.exports, (message) => {
          log.warn(message);
        }),
    };
    return {
      module: AppModule,
      controllers: [FileserverController],
      providers: [
        { provide: SERVED, useValue: served },
        { provide: DRIVER, useFactory: drivers[config.stack] },
        { provide: ApiClient, useValue: new ApiClient(config) },
        {
          provide: Outbox,
          inject: [DRIVER, ApiClient],
          useFactory: (driver: Driver, api: ApiClient) => new Outbox(driver, api, served.incarnation),
        },
        {
          provide: Registration,
          inject: [DRIVER, ApiClient],
          useFactory: (driver: Driver, api: ApiClient) =>
            new Registration(driver, api, served.incarnation, identifyProcess()),
        },
      ],
    };
  }
}
