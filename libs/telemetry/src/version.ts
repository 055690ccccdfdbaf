import { readFileSync } from 'node:fs';

/** The version of the package that this program belongs to. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(require.resolve('#package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
