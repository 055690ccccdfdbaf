/**
 * `node -r` this before the lease API: one part of it is replaced, as BENCH_STUB says. Everything else is the program
 * as it is built.
 */
import { createRequire } from 'node:module';
import { openEmbeddedTable, type TableEvents } from '#locks';
import type * as appModule from '../../apps/lease-api/src/app.module';
import type * as leases from '../../apps/lease-api/src/application/leases';
import { builtFile, noDisk } from './built';

const load = createRequire(__filename);
const app = load(builtFile('apps/lease-api/src/app.module.ts')) as typeof appModule;
const { Leases } = load(builtFile('apps/lease-api/src/application/leases.ts')) as typeof leases;
type Call = (this: unknown, ...args: unknown[]) => Promise<unknown>;

/** The first answer is repeated from then on without any work. */
function sameAnswer(real: Call): Call {
  let first: Promise<unknown> | undefined;
  return function (...args) {
    return (first ??= real.apply(this, args));
  };
}

function replace(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: true });
}

const stubs = {
  /** Acquire and release do not reach the application. */
  application: () => {
    const methods = Leases.prototype as unknown as Record<'acquire' | 'set', Call>;
    for (const name of ['acquire', 'set'] as const) replace(methods, name, sameAnswer(methods[name]));
  },
  /** Acquire and release reach the application, but not the table. */
  table: () => {
    const { openTable } = app;
    replace(app, 'openTable', async (...args: Parameters<typeof openTable>) => {
      const table = await openTable(...args);
      const call = table.call.bind(table) as Call;
      const stubbed = new Map([
        ['leaseAcquire', sameAnswer(call)],
        ['leaseSet', sameAnswer(call)],
      ]);
      replace(table, 'call', (verb: string, input: unknown) => (stubbed.get(verb) ?? call)(verb, input));
      return table;
    });
  },
  /** The table has no disk. */
  disk: () => {
    replace(app, 'openTable', (_: unknown, events: TableEvents) =>
      openEmbeddedTable({ store: noDisk(), ...events }),
    );
  },
};
export type Stub = keyof typeof stubs;

stubs[process.env['BENCH_STUB'] as Stub]();
