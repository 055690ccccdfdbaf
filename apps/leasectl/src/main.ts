#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitOf, tellFailure } from './failure';
import { Out } from './output';
import { makeProgram } from './program';

/** leasectl: docs/leasectl.md. */
async function main(): Promise<void> {
  // Whoever reads has seen enough, as `| head` has: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitOf('ok') : exitOf('bug'));
  });
  process.stderr.on('error', () => undefined);
  let exit = exitOf('ok');
  const program = makeProgram((code) => {
    exit = code;
  });
  try {
    await program.parseAsync();
  } catch (error) {
    // Commander has said what is wrong; help and version are none.
    exit =
      error instanceof CommanderError
        ? exitOf(error.exitCode === 0 ? 'ok' : 'usage')
        : tellFailure(new Out({ json: program.opts<{ json?: boolean }>().json }), error);
  }
  // Connections that are kept for later requests keep no process; what was written must be out.
  process.stdout.write('', () => {
    process.stderr.write('', () => {
      process.exit(exit);
    });
  });
}

void main();
