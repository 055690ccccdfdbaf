import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { printableJson } from '#contracts';

/** JSON lines on standard output, written before the call returns: the last line before an exit is never lost. */
export const log: Logger = pino({ name: 'fileserver', hooks: { streamWrite: printableJson } });

const text = (message: unknown): string => (message instanceof Error ? message.message : String(message));

/**
 * Nest's own words, as lines of the same log, without its start-up chatter. What it calls an error is a connection that
 * the other side reset; whether a lease API can be reached is said elsewhere.
 */
export const nestLog: LoggerService = {
  log: () => undefined,
  warn: (message: unknown) => {
    log.warn(text(message));
  },
  error: (message: unknown) => {
    const said = text(message);
    // A lease API that stops while it is spoken to.
    log[said.includes('ECONNRESET') ? 'info' : 'warn'](`transport: ${said}`);
  },
};
