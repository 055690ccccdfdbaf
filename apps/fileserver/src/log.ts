import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { printableJson } from '#contracts';

/** JSON lines on standard output, each written before the call returns, so that the last one before an exit is kept. */
export const log: Logger = pino({ name: 'fileserver', hooks: { streamWrite: printableJson } });

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
