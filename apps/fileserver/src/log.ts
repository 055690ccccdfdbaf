import type { LoggerService } from '@nestjs/common';
import { createLog } from '#telemetry';

export const log = createLog('fileserver');

const text = (message: unknown): string => (message instanceof Error ? message.message : String(message));

/** Nest's own messages, in the same log, without its start-up chatter. */
export const nestLog: LoggerService = {
  log: () => undefined,
  warn: (message: unknown) => {
    log.warn(text(message));
  },
  error: (message: unknown) => {
    log.error(`transport: ${text(message)}`);
  },
};
