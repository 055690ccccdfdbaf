import { closeSync, openSync } from 'node:fs';
import { clockMs } from './figure';
import { serveJobs } from './side-process';

/** A foreign program that opens files. Its only thread waits in open(2) for as long as the kernel blocks it. */
const jobs = {
  open: ({ path }: { path: string }): { calledAt: number; returnedAt: number } => {
    const calledAt = clockMs();
    const fd = openSync(path, 'r+');
    const returnedAt = clockMs();
    closeSync(fd);
    return { calledAt, returnedAt };
  },
};
export type OpenerJobs = typeof jobs;
serveJobs(jobs);
