import type { LoggerService } from '@nestjs/common';
import type { Log } from '#telemetry';

export type { Log } from '#telemetry';

/** Routes Nest's own lines through our log; those about routes and modules are for debugging. */
export class FrameworkLog implements LoggerService {
  constructor(private readonly target: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.target.debug(this.fields(rest), String(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    if (message instanceof Error) this.target.error({ ...this.fields(rest), err: message }, message.message);
    else this.target.error(this.fields(rest), String(message));
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.target.warn(this.fields(rest), String(message));
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.target.debug(this.fields(rest), String(message));
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.target.trace(this.fields(rest), String(message));
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.target.fatal(this.fields(rest), String(message));
  }

  /** Nest passes the name of the class as the last argument. */
  private fields(rest: readonly unknown[]): { from?: unknown } {
    return rest.length === 0 ? {} : { from: rest.at(-1) };
  }
}
