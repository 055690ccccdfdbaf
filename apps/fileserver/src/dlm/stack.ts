import { z } from 'zod';
import type { StartDriver, Stack } from '../stack';
import { DlmDriver, type DlmLocation } from './dlm-driver';

/** DLM_LOCKSPACE_LEN (linux/dlmconstants.h) */
const nameMax = 64;

const location = z.string().transform((given, context): DlmLocation => {
  const [, lockspace = '', directory] = /^([A-Za-z0-9_.-]+):(\/.*)$/s.exec(given) ?? [];
  if (directory !== undefined && lockspace.length <= nameMax) return { lockspace, directory };
  context.addIssue({
    code: 'custom',
    message: `${given} is not LOCKSPACE:DIR with an absolute directory and a name of at most ${nameMax} letters, digits, . _ -`,
  });
  return z.NEVER;
});

/** Locks of the kernel's DLM, on the files of a file system that all nodes of a cluster share. */
export const dlm: Stack = {
  name: 'dlm',
  location: 'LOCKSPACE:DIR',
  options: {},
  schema: z.object({ export: z.record(z.string(), location) }).transform(
    ({ export: exports }): StartDriver =>
      (report) =>
        DlmDriver.start(exports, report),
  ),
};
