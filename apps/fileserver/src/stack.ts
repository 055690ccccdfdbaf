import type { z } from 'zod';
import type { Driver } from './driver';

/** Starts a driver. `report` takes one sentence for the log when something is degraded. */
export type StartDriver = (report: (message: string) => void) => Promise<Driver>;

/** An option of the command line that only one stack takes. */
export interface StackOption {
  /** The placeholder for its value in the usage text. */
  readonly value: string;
  /** Its description, line by line. */
  readonly help: readonly string[];
}

/** All that the program knows about a kind of fileserver. Each stack has a folder, and a line in `stacks.ts`. */
export interface Stack {
  readonly name: string;
  /** The text after `--export NAME=` in the usage text. */
  readonly location: string;
  readonly options: Readonly<Record<string, StackOption>>;
  /**
   * Reads the command line: `export` is name → location; the stack's own options are as they were typed. The path of an
   * issue begins with the option at fault.
   */
  readonly schema: z.ZodType<StartDriver>;
}
