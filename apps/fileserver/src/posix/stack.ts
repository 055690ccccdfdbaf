import { z } from 'zod';
import type { StartDriver, Stack } from '../stack';
import { PosixDriver } from './posix-driver';

/** Kernel leases on the files of local directories. */
export const posix: Stack = {
  name: 'posix',
  location: 'DIR',
  options: {},
  schema: z.object({ export: z.record(z.string(), z.string()) }).transform(
    ({ export: directories }): StartDriver =>
      (report) =>
        PosixDriver.start(directories, report),
  ),
};
