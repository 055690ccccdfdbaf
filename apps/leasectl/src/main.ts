#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { exitOf, tellFailure } from './failure';
import { Out } from './output';
import { makeProgram } from './program';

/** The version of the package that the program belongs to. */
function versionOf(): string {
  const file = require.resolve('#package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** leasectl: docs/leasectl.md. */
async function main(): Promise<void> {
  // The reader has closed the pipe, as `| head` does: not a failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitOf('ok') : exitOf('bug'));
  });
  process.stderr.on('error', () => undefined);
  let exit = exitOf('ok');
  const program = makeProgram(versionOf(), (code) => {
    exit = code;
  });
  try {
    await program.parseAsync();
  } catch (error) {
    // Commander has already printed the error; help and version are not errors.
    exit =
      error instanceof CommanderError
        ? exitOf(error.exitCode === 0 ? 'ok' : 'usage')
        : tellFailure(new Out({ json: program.opts<{ json?: boolean }>().json }), error);
  }
  // Do not wait for idle connections, but flush all output first.
  process.stdout.write('', () => {
    process.stderr.write('', () => {
      process.exit(exit);
    });
  });
}

void main();
