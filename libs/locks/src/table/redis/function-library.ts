import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** The rules as a Redis library. It is named by a digest of its text, so that two versions can run side by side. */
export class FunctionLibrary {
  readonly name: string;
  private readonly code: string;

  constructor(text: string) {
    this.name = `leasehold_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    this.code = `#!lua name=${this.name}\nlocal libraryName = '${this.name}'\n${text}`;
  }

  /** Loads the library if it is missing. Another node may do so at the same time. */
  async load(redis: Redis): Promise<void> {
    const found = await redis.call('FUNCTION', 'LIST', 'LIBRARYNAME', this.name);
    if (Array.isArray(found) && found.length > 0) return;
    try {
      await redis.call('FUNCTION', 'LOAD', this.code);
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('already exists'))) throw error;
    }
  }
}
