import { dlm } from './dlm/stack';
import { nfs4 } from './nfs4/stack';
import { posix } from './posix/stack';
import type { Stack } from './stack';

/** Every stack that this program can serve; the first is the default. */
export const stacks: readonly [Stack, ...Stack[]] = [posix, nfs4, dlm];
