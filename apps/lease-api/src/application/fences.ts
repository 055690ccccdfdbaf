import type { LeaseType } from '#locks';
import type { Arbiter } from './arbiter';
import type { Exports } from './exports';
import { isRefused, type Refused } from './refusal';

/** Fencing tokens: what a storage server asks before it accepts I/O (semantics.md §6). */
export class Fences {
  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
  ) {}

  /** The highest token minted for a file so far, or an upper bound of it. Refused: as for a name. */
  async highest(
    exportName: string,
    path: string,
  ): Promise<{ export: string; file: string; fileId: string; highestToken: number } | Refused> {
    const file = await this.exports.resolve(exportName, path);
    if (isRefused(file)) return file;
    const { highestToken } = await this.arbiter.run('fenceGet', { fileKey: file.fileKey });
    return { export: exportName, file: path, fileId: file.fileId, highestToken };
  }

  /** Whether a lease on the file has exactly this token now and covers the access. Refused: token_old, lease_revoked. */
  async check(request: {
    export: string;
    file: string;
    token: number;
    for: 'read' | 'write';
  }): Promise<{ leaseId: string; type: LeaseType; state: string } | Refused> {
    const file = await this.exports.resolve(request.export, request.file);
    if (isRefused(file)) return file;
    return this.arbiter.run('fenceCheck', {
      fileKey: file.fileKey,
      token: request.token,
      access: request.for,
    });
  }
}
