import { execFileSync, spawn } from 'node:child_process';

/** Set in the process that runs in a network of its own. */
const flag = 'LEASEHOLD_OWN_NETWORK';

/** This process and all that it starts are alone in a network namespace, where it decides what arrives. */
export const hasOwnNetwork = (): boolean => process.env[flag] !== undefined;

/** Runs this program again in a network namespace of its own, which only root can make. Resolves with its exit code. */
export async function inOwnNetwork(): Promise<number> {
  // The kernel delivers to local addresses before it looks at any other rule: this one has to come later.
  const set = 'ip link set lo up && ip rule add pref 100 lookup local && ip rule del pref 0';
  const child = spawn(
    'unshare',
    [
      '--net',
      'sh',
      '-c',
      `${set} && exec "$@"`,
      'sh',
      process.execPath,
      ...process.execArgv,
      ...process.argv.slice(1),
    ],
    { stdio: 'inherit', env: { ...process.env, [flag]: '1' } },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 2);
    });
  });
}

const cuts = new Set<string>();

/** What is sent from one of these addresses to another is lost, also over connections that are there; until `mendAll`. */
export function cut(from: readonly string[], to: readonly string[]): void {
  for (const source of from)
    for (const target of to) {
      const rule = ['from', source, 'to', target, 'blackhole'];
      if (source === target || cuts.has(rule.join(' '))) continue;
      execFileSync('ip', ['rule', 'add', 'pref', '10', ...rule]);
      cuts.add(rule.join(' '));
    }
}

export function mendAll(): void {
  for (const rule of cuts) execFileSync('ip', ['rule', 'del', 'pref', '10', ...rule.split(' ')]);
  cuts.clear();
}
