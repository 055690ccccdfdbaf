import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatNewest } from '../../libs/locks/src/core/format';
import { shapes } from '../../libs/locks/src/core/shapes';
import { eventually } from '../support/eventually';
import type { Step } from './run';
import type { Change } from './sabotage';
import type { Deployment } from './shapes';

const root = join(__dirname, '..', '..');
const main = 'dist/apps/lease-api/src/main.js';

/** What `/readyz` of a lease API says about the table. */
export interface TableState {
  format: number;
  servers: { version?: string; format?: number; library?: string }[];
  unnamed: number;
}

/** The release before: a commit, which is built in a worktree of its own, or a directory in which it is built. */
export function builtFrom(from: string): { program: string; remove(): void } {
  if (existsSync(join(from, main))) return { program: join(from, main), remove: () => undefined };
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-before-'));
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  git('worktree', 'add', '--detach', '--force', directory, from);
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: directory, stdio: 'inherit' });
  return {
    program: join(directory, main),
    remove() {
      git('worktree', 'remove', '--force', directory);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Upgrades all lease APIs one after another, takes them back to the version before, and upgrades them again. */
export function upDownUp(before: string, say: (text: string) => void) {
  return async ({ apis }: Deployment, step: Step): Promise<void> => {
    for (const [how, program] of [
      ['upgrade', undefined],
      ['rollback', before],
      ['upgrade', undefined],
    ] as const) {
      for (const [no, api] of apis.entries()) {
        await step(`${how} of lease API ${String(no + 1)}`, () => api.become(program));
        say(`  ${how} of lease API ${String(no + 1)}: ${JSON.stringify(await stateAt(api.api.url))}`);
      }
    }
  };
}

/** What a lease API knows of the others; of a version before, nothing. */
export async function stateAt(url: string): Promise<Partial<TableState>> {
  return eventually(async () => {
    const response = await fetch(`${url}/readyz`);
    if (!response.ok) throw new Error(await response.text());
    const { format, servers, unnamed } = (await response.json()) as TableState;
    return { format, servers, unnamed };
  });
}

const library = 'libs/locks/src/table/redis/library-code.generated.js';

/** New fields are added behind the others. */
const lastOfSession = `"${shapes.session.fields.at(-1) ?? ''}"`;

export const formatNext = formatNewest + 1;

/** The next version: its format is one later, and in that format it writes a field that this version does not know. */
export const nextVersion: readonly Change[] = [
  {
    file: 'libs/locks/src/core/format.js',
    from: `exports.formatNewest = ${String(formatNewest)};`,
    to: `exports.formatNewest = ${String(formatNext)};`,
  },
  {
    file: library,
    from: `____exports.formatNewest = ${String(formatNewest)}\n`,
    to: `____exports.formatNewest = ${String(formatNext)}\n`,
  },
  {
    file: library,
    from: `${lastOfSession}\n    }`,
    to: `${lastOfSession},\n        "shade"\n    }`,
  },
  {
    file: library,
    from: 'put = function(self, kind, id, row)\n',
    to: `put = function(self, kind, id, row)\n        if kind == "session" and written > ${String(formatNewest)} then row.shade = "dark" end\n`,
  },
];
