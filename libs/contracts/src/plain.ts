/** What needs no zod: all that the client imports from here at run time (test/pure/client-bundle.test.ts). */
export * from './limits';
export * from './names';
export * from './problem';
