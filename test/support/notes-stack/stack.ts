import { z } from 'zod';
import type { StartDriver, Stack } from '../../../apps/fileserver/src/stack';
import { NotesDriver } from './notes-driver';

/** A stack outside the product: it proves that a new stack needs only a folder and a line. */
export const notes: Stack = {
  name: 'notes',
  location: 'ABSOLUTE-DIR',
  options: { 'notes-limit': { value: 'MS', help: ['how long a broken hold lasts', '(default: 30000)'] } },
  schema: z
    .object({
      export: z.record(z.string(), z.string().startsWith('/', 'must begin with /')),
      'notes-limit': z
        .string()
        .regex(/^\d{1,6}$/, 'must be milliseconds')
        .default('30000'),
    })
    .transform(
      ({ export: directories, 'notes-limit': limit }): StartDriver =>
        () =>
          Promise.resolve(new NotesDriver(directories, Number(limit))),
    ),
};
