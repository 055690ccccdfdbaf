import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A change to a copy of the built service. */
export interface Change {
  file: string;
  /** Stands in that file once. */
  from: string;
  to: string;
}

/** A promise that a copy of the built service breaks, and what the checker must say about it. */
export interface Sabotage {
  /** With an embedded table and in Redis, where the rules are a library. */
  change: Change | { embedded: Change; redis: Change };
  says: RegExp;
  /** It takes a table in several shards. */
  sharded?: boolean;
  /** The faults that it takes; default: none. */
  faults?: RegExp;
  /** Of the sessions; default: as usual. */
  ttlMs?: number;
}

const rules = 'libs/locks/src/table/redis/library-code.generated.js';

export const sabotages: Readonly<Record<string, Sabotage>> = {
  'two holders': {
    change: {
      embedded: {
        file: 'libs/locks/src/core/rules/conflict.js',
        from: 'const clash = { refused: false, delegations: true };',
        to: 'const clash = { refused: false, delegations: true }; if (Math.random() < 0.2) return clash;',
      },
      redis: {
        file: rules,
        from: 'local clash = {refused = false, delegations = true}\n',
        to: 'local clash = {refused = false, delegations = true}\n    if math.random() < 0.2 then return clash end\n',
      },
    },
    says: /two conflicting holders/,
  },
  'a token goes back': {
    change: {
      embedded: {
        file: 'libs/locks/src/core/step.js',
        from: 'step.meta.token = nextNumber(step, step.meta.token);\n    return step.meta.token;',
        to: 'step.meta.token = nextNumber(step, step.meta.token);\n    return step.meta.token - (Math.random() < 0.2 ? 2 ** 30 : 0);',
      },
      redis: {
        file: rules,
        from: 'step.meta.token = nextNumber(step, step.meta.token)\n    return step.meta.token\n',
        to: 'step.meta.token = nextNumber(step, step.meta.token)\n    return step.meta.token - (step.meta.token % 5 == 0 and 1073741824 or 0)\n',
      },
    },
    says: /a token went back/,
  },
  'a grant is lost': {
    change: {
      embedded: {
        file: 'libs/locks/src/table/embedded/lmdb-store.js',
        from: 'async commit(writes, reached) {',
        to: "async commit(all, reached) {\n        const writes = [...all].filter(([, value]) => value?.kind !== 'lease' || Math.random() < 0.5);",
      },
      redis: {
        file: rules,
        from: 'put = function(self, kind, id, row)\n        touch(kind, id, row)\n',
        to: 'put = function(self, kind, id, row)\n        touch(kind, id, not (kind == "open" and string.find(id, "^[abc]")) and row)\n',
      },
    },
    says: /an acknowledged grant was lost|its session was lost/,
    faults: /^kill -9/,
    // Longer than a start takes.
    ttlMs: 60_000,
  },
  'a break is not delivered': {
    change: {
      file: 'apps/lease-api/src/application/event-feed.js',
      from: "this.tell({ event: 'break',",
      to: "if (process.pid === 0) this.tell({ event: 'break',",
    },
    says: /a break was not delivered/,
  },
  'a waiter is forgotten': {
    change: {
      file: 'apps/lease-api/src/application/waiting.js',
      from: "if (found === 'gone')",
      to: "if (found === 'gone') await new Promise(() => undefined);\n            if (found === 'gone')",
    },
    says: /was not answered/,
  },
  'an event is lost over a resume': {
    change: {
      file: 'apps/lease-api/src/application/event-feed.js',
      from: 'replay(record, wallMs, cursor) {',
      to: 'replay(record, wallMs, cursor) {\n        return;',
    },
    says: /an event was lost over a resume/,
  },
  'a refusal without reason': {
    change: {
      file: 'apps/lease-api/src/http/problem.filter.js',
      from: 'const { type, title, ...rest } = problem;',
      to: 'const { type, title, reason, ...rest } = problem;',
    },
    says: /a refusal without reason/,
  },
  'a shard forgets the end of a session': {
    change: {
      file: 'libs/locks/src/table/sharded/work.js',
      from: 'const reply = await table.call(verb, input);',
      to: "if (verb === 'guestSet' && input.facts === undefined && at > 1) return { more: false };\n        const reply = await table.call(verb, input);",
    },
    says: /after its end/,
    sharded: true,
  },
  'a stream does not resume in one shard': {
    change: {
      file: 'apps/lease-api/src/application/event-streams.js',
      from: 'for (const [shard, { no: last }] of to.entries()) {',
      to: 'for (const [shard, { no: last }] of to.entries()) {\n            if (shard === to.length - 1) continue;',
    },
    says: /an event was lost over a resume/,
    sharded: true,
  },
};

/** What is changed for a shape. */
export function changeFor({ change }: Sabotage, shape: string): Change {
  if ('file' in change) return change;
  return shape === 'embedded' ? change.embedded : change.redis;
}

const root = join(__dirname, '..', '..');

/** The text of a built file with a change. Throws if what it changes is not there. */
export function changed({ file, from, to }: Change, path = join(root, 'dist', file)): string {
  const parts = readFileSync(path, 'utf8').split(from);
  if (parts.length !== 2)
    throw new Error(`${file} has "${from}" ${String(parts.length - 1)} times, not once`);
  return parts.join(to);
}

/** Copies the built programs, with these changes. Returns the directory, and the lease API in it. */
export function altered(...changes: readonly Change[]): { directory: string; program: string } {
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-sabotage-'));
  cpSync(join(root, 'dist'), join(directory, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(directory, 'package.json'));
  cpSync(join(root, 'libs/contracts/proto'), join(directory, 'libs/contracts/proto'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  for (const change of changes) {
    const path = join(directory, 'dist', change.file);
    writeFileSync(path, changed(change, path));
  }
  return { directory, program: join(directory, 'dist/apps/lease-api/src/main.js') };
}
