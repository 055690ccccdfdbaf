import type { z } from 'zod';
import type { Driver } from './driver';

/** Starts a driver. `report` takes one sentence for the log when something is degraded. */
export type StartDriver = (report: (message: string) => void) => Promise<Driver>;

/** An option of the command line that only one stack takes. */
export interface StackOption {
  /** What stands for its value in the usage text. */
  readonly value: string;
  /** Its description, line by line. */
  readonly help: readonly string[];
}

/** A kind of fileserver: all that the program knows of it. Each has a folder, and a line in `stacks.ts`. */
export interface Stack {
  readonly name: string;
  /** What follows `--export NAME=` in the usage text. */
  readonly location: string;
  readonly options: Readonly<Record<string, StackOption>>;
  /**
   * Reads the command line: under `export` name → location, and the stack's own options as they were typed. An issue's
   * path begins with the option at fault.
   */
  readonly schema: z.ZodType<StartDriver>;
}
