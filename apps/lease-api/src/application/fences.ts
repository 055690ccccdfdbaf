import type { LeaseType } from '#locks';
import type { Arbiter } from './arbiter';
import type { Exports } from './exports';
import type { Holders, Reader } from './holders';
import { isRefused, type Refused } from './refusal';

/** Fencing tokens, which a storage server checks before it accepts I/O (semantics.md §6). */
export class Fences {
  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
    private readonly holders: Holders,
  ) {}

  /** The highest token minted for a file so far, or an upper bound of it. Refused: as for a name. */
  async highest(
    exportName: string,
    path: string,
    reader?: Reader,
  ): Promise<{ export: string; file: string; fileId: string; highestToken: number } | Refused> {
    const file = await this.resolve(exportName, path, reader);
    if (isRefused(file)) return file;
    const { highestToken } = await this.arbiter.run('fenceGet', { fileKey: file.fileKey });
    return { export: exportName, file: path, fileId: file.fileId, highestToken };
  }

  /** Whether a lease on the file has exactly this token now and covers the access. Refused: token_old, lease_revoked. */
  async check(
    request: { export: string; file: string; token: number; for: 'read' | 'write' },
    reader?: Reader,
  ): Promise<{ leaseId: string; type: LeaseType; state: string } | Refused> {
    const file = await this.resolve(request.export, request.file, reader);
    if (isRefused(file)) return file;
    return this.arbiter.run('fenceCheck', {
      fileKey: file.fileKey,
      token: request.token,
      access: request.for,
    });
  }

  /** A reader that holds nothing on the file does not learn whether it exists. */
  private async resolve(
    exportName: string,
    path: string,
    reader: Reader | undefined,
  ): ReturnType<Exports['resolve']> {
    const file = await this.exports.resolve(exportName, path);
    const refused = await this.holders.ofFile(reader, isRefused(file) ? { exportName, fileId: '' } : file);
    return refused ?? file;
  }
}
