#!/usr/bin/env node
/** Runs a program of the service, in this process, so that signals and exit codes are the program's own. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const programs = ['lease-api', 'fileserver', 'nfs-head'];
const usage = `Usage: leasehold [program] [arguments]

  lease-api    the service (default); takes no arguments, only LEASEHOLD_ variables
  fileserver   the adapter at a fileserver; without arguments it says what it needs
  nfs-head     an example of an NFS server's side; likewise
`;

const [node, self, name = 'lease-api', ...rest] = process.argv;
if (name === '--help' || name === '-h') {
  process.stdout.write(usage);
} else if (name === '--version') {
  console.log(JSON.parse(readFileSync(here('../package.json'), 'utf8')).version);
} else if (!programs.includes(name) || (name === 'lease-api' && rest.length > 0)) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  process.argv = [node, `${self} ${name}`, ...rest];
  createRequire(import.meta.url)(here(`../dist/apps/${name}/src/main.js`));
}
