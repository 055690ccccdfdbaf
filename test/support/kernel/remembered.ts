import { instruct, type Instruction } from './requests';

/** Shrunk histories that once found a bug; they are played before the random ones. */
export const remembered: readonly Instruction[][] = [
  // A grant that turns its owner's write lock into a read lock lets an earlier request pass.
  [
    ...[0, 1, 2].map((who) => instruct('open', { who })),
    instruct('lock', { who: 2, from: 0, to: 0 }),
    instruct('lock', { who: 0, from: 1, to: 1 }),
    instruct('waitLock', { who: 0, kind: 'ofd', type: 'read', from: 0, to: 0 }),
    instruct('waitLock', { who: 2, type: 'read', from: 0, to: 1 }),
    instruct('unlock', { who: 0, from: 0, to: 1 }),
  ],
  // An owner did not queue behind a request that waited for it; while waiting, it releases what exempted it.
  [
    ...[0, 1, 2, 0].map((who) => instruct('open', { who })),
    instruct('lock', { who: 0, kind: 'ofd', from: 0, to: 0 }),
    instruct('lock', { who: 0, kind: 'ofd', from: 8, to: 8 }),
    instruct('lock', { who: 3, kind: 'ofd', from: 1, to: 1 }),
    instruct('lock', { who: 2, kind: 'ofd', from: 7, to: 7 }),
    instruct('waitLock', { who: 1, kind: 'ofd', from: 0, to: 7 }),
    instruct('waitLock', { who: 2, kind: 'ofd', from: 8, to: 8 }),
    instruct('waitLock', { who: 0, kind: 'ofd', from: 1, to: 1 }),
    instruct('unlock', { who: 0, kind: 'ofd', from: 0, to: 0 }),
    instruct('unlock', { who: 3, kind: 'ofd', from: 1, to: 1 }),
  ],
  // A wait is granted to a process that also waits on another file, for a process that now waits for it here.
  [
    ...[0, 2].map((who) => instruct('open', { who })),
    ...[0, 2].map((who) => instruct('open', { who, file: 1 })),
    instruct('lock', { who: 1, from: 1, to: 1 }),
    instruct('lock', { who: 3, from: 0, to: 0 }),
    instruct('waitLock', { who: 2, from: 0, to: 0 }),
    instruct('lock', { who: 0, kind: 'ofd', type: 'read', from: 0, to: 0 }),
    instruct('waitLock', { who: 0, type: 'read', from: 0, to: 1 }),
    instruct('waitLock', { who: 1, from: 0, to: 0 }),
    instruct('lock', { who: 1, type: 'read', from: 0, to: 1 }),
  ],
];
