import type { ModalFlags } from '#locks';
import { GuestLine } from './dlm-guest';
import type { Heard, Request } from './dlm-history';

/**
 * The Linux kernel's DLM in its virtual machine (dlm-vm.sh): four processes that take real locks, spoken to in the lines
 * of dlmsh.c. A whole history goes there at once.
 */

const granted = 0;
const statuses: { readonly [status: number]: Heard['what'] } = {
  [granted]: 'granted',
  11: 'refused',
  35: 'deadlock',
  65537: 'cancelled',
  65538: 'unlocked',
};
const errors: { readonly [errno: number]: Heard['what'] } = {
  2: 'missing',
  11: 'refused',
  16: 'busy',
  22: 'invalid',
};
const demoted = 1;
const notValid = 2;
const alternative = 4;

/** What a line of dlmsh says; a value block only if the lock has one. */
function heardIn(line: string, locks: ReadonlyMap<number, number>, request: Request): Heard[] {
  const [kind, first = '', second = '', third = '', block = ''] = line.split(' ');
  if (kind === 'error') {
    const what = errors[Number(first)];
    if (what === undefined) throw new Error(`the kernel says ${line}`);
    return [{ lock: request.lock, what }];
  }
  const id = Number(first);
  // Others are of earlier histories, or change something.
  const lock = locks.get(id);
  if (lock === undefined) return [];
  if (kind === 'bast') return [{ lock, what: 'blocking', mode: second as Heard['mode'] }];
  const what = statuses[Number(second)];
  if (what === undefined) throw new Error(`the kernel says ${line}`);
  const heard: Heard = { lock, what };
  if (what !== 'granted') return [heard];
  const flags = Number(third);
  if ((flags & demoted) !== 0) heard.demoted = true;
  if ((flags & alternative) !== 0) heard.alternative = true;
  if ((flags & notValid) !== 0) heard.invalid = true;
  heard.block = block;
  return [heard];
}

const words = (flags: ModalFlags): string[] =>
  Object.entries(flags).flatMap(([name, set]) => (set === true ? [name] : []));

/** A process that takes part in no history, and its lock. */
const nudger = 4;
const nudge = 4_000;
/** Every history has numbers of its own for a while, as what it leaves behind may be granted later. */
const perHistory = 40;

export class KernelDlm {
  private base = 0;
  /** The answers of the history before have been read. */
  private before: Promise<unknown> = Promise.resolve();

  private constructor(private readonly line: GuestLine) {}

  static async open(): Promise<KernelDlm> {
    const line = await GuestLine.open('oracle');
    line.write(`exec dlmsh play lh ${String(nudger + 1)}`);
    await line.until(/^ready$/);
    return new KernelDlm(line);
  }

  close(): void {
    this.line.close();
  }

  /**
   * Plays a history. Returns what every lock hears of each request; one node does everything within the request, so
   * nothing comes later. `left`: the locks that are there at the end, by process. The next may be sent meanwhile.
   */
  async play(requests: readonly Request[], left: readonly [number, number][]): Promise<Heard[][]> {
    this.base = (this.base + perHistory) % nudge;
    const sent = requests.map((request) => textsOf({ ...request, there: request.there + this.base }));
    // Nothing may wait when the next history begins: it would hear of it.
    const last = [' cancel', ''].flatMap((how) =>
      left.map(([holder, there]) => `${String(holder)} unlock ${String(there + this.base)}${how}`),
    );
    for (const text of [...sent.flat(), ...last]) this.line.write(text);
    const locks = new Map(requests.map(({ there, lock }) => [there + this.base, lock]));
    const read = this.before.then(() => this.answers([...sent, last]));
    this.before = read;
    const heard = await read;
    return requests.map((request, n) => {
      const lines = heard[n] ?? [];
      // An adoption is not announced: it is there when the call returns.
      const adopts = request.do === 'lock' && request.flags.orphan === true && lines.length === 0;
      if (adopts) return [{ lock: request.lock, what: 'adopted' }];
      return lines.flatMap((line) => heardIn(line, locks, request));
    });
  }

  private async answers(sent: readonly string[][]): Promise<string[][]> {
    const heard: string[][] = [];
    for (const texts of sent) {
      const lines: string[] = [];
      for (const _ of texts) lines.push(...(await this.line.until(/^done$/)).slice(0, -1));
      heard.push(lines);
    }
    return heard;
  }
}

/** The lines of a request, each of which is answered. */
function textsOf(request: Request): string[] {
  const { do: what, holder, there, resource, mode, flags, valblk, block, persistent } = request;
  const at = String(holder);
  const lock = String(there);
  const written = valblk ? ['valblk', `lvb=${block}`] : [];
  const read = valblk ? ['valblk'] : [];
  const stays = persistent && flags.persistent !== true ? ['persistent'] : [];
  switch (what) {
    case 'kill':
      return [`${at} !exit`];
    case 'lock': {
      const text = [at, 'lock', lock, resource, mode, ...words(flags), ...stays, ...read].join(' ');
      return [text, ...nudged(request)];
    }
    case 'convert': {
      const text = [at, 'convert', lock, mode, ...words(flags), ...stays, ...written].join(' ');
      return [text, ...nudged(request)];
    }
    case 'cancel':
      return [`${at} unlock ${lock} cancel`];
    case 'unlock':
      return [[at, 'unlock', lock, ...words(flags), ...written].join(' ')];
    default:
      return [];
  }
}

/** Changes something on the resource, if the kernel would otherwise not look at this request yet (dlm-differences.ts). */
function nudged({ flags, resource }: Request): string[] {
  if (flags.headque !== true && flags.nodlckwt !== true && flags.convdeadlk !== true) return [];
  const at = String(nudger);
  return [`${at} lock ${String(nudge)} ${resource} NL expedite`, `${at} unlock ${String(nudge)}`];
}
