import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Knobs } from '../../apps/fileserver/src/posix/knobs';

let sysctls: string;
let said: string[];
const set = (name: string, value: string): void => {
  writeFileSync(join(sysctls, 'fs', name), `${value}\n`);
};

beforeEach(() => {
  sysctls = mkdtempSync(join(tmpdir(), 'leasehold-knobs-'));
  mkdirSync(join(sysctls, 'fs'));
  set('leases-enable', '1');
  set('lease-break-time', '45');
  said = [];
});
afterEach(() => {
  rmSync(sysctls, { recursive: true });
});

test('a kernel setting that interferes is logged once, by name, and once when it no longer does', () => {
  const knobs = new Knobs((message) => said.push(message), sysctls);
  for (const value of ['1', '0', '0', '0', '1', '1']) {
    set('leases-enable', value);
    knobs.look();
  }
  expect(said).toEqual([
    'fs.leases-enable is 0: the kernel grants no leases until it is 1',
    'fs.leases-enable is no longer a problem',
  ]);
});

test('a changed break time is logged once', () => {
  const knobs = new Knobs((message) => said.push(message), sysctls);
  for (const value of ['45', '10', '10']) {
    set('lease-break-time', value);
    knobs.look();
  }
  expect(said).toEqual(['fs.lease-break-time was 45 s, and is 10 s now']);
});

test('the limit of open files is logged once, until a file can be opened again', () => {
  const knobs = new Knobs((message) => said.push(message), sysctls);
  knobs.failed('EMFILE');
  knobs.failed('EMFILE');
  knobs.failed('ENOENT');
  knobs.look();
  knobs.look();
  expect(said).toEqual([
    'RLIMIT_NOFILE: this process may open no more files',
    'RLIMIT_NOFILE is no longer a problem',
  ]);
});
