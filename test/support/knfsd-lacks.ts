import { lacking } from './knfsd';

/** Prints what the kernel of the NFS server lacks, one a line: for `npm run test:nfs`. */
void lacking().then(
  (missing) => {
    process.stdout.write(missing.map((name) => `${name}\n`).join(''), () => process.exit());
  },
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`, () => process.exit(1));
  },
);
