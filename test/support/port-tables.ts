import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { portRules } from './port-rules';
import { type StoreName, type OpenTable, openTable, type TableOptions } from './tables';

let library: string | undefined;

/** The rules of port-rules.ts as Lua. */
export function portLibrary(): string {
  library ??= execFileSync(
    process.execPath,
    [join(__dirname, '../../scripts/build-lua.cjs'), join(__dirname, 'lua/port-library.ts')],
    { encoding: 'utf8' },
  );
  return library;
}

/** Opens a table with the rules of port-rules.ts. */
export function openPortTable(store: StoreName, options: TableOptions = {}): Promise<OpenTable> {
  return openTable(store, { ...options, rules: portRules as never, library: portLibrary });
}
