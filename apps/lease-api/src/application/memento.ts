import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Seen } from '#locks';

/** The key that lives in the table, the same for every node; empty until the table has told it. */
export class TableKey {
  value = '';
}

const macOf = (text: string, key: TableKey): Buffer =>
  createHmac('sha256', key.value).update(`memento\n${text}`).digest();

/**
 * What an adapter keeps of the table's clock, for a table that comes back from a backup. It is sealed with the table's
 * own key: no number that somebody has made up can move the clock.
 */
export function sealMemento({ epoch, token }: Seen, key: TableKey): string {
  const text = `${String(epoch)}.${String(token)}`;
  return `${text}.${macOf(text, key).toString('base64url')}`;
}

/** Returns undefined for what this table has not sealed. */
export function openMemento(memento: string | undefined, key: TableKey): Seen | undefined {
  const [, text = '', epoch, token, mac = ''] =
    /^((\d{1,16})\.(\d{1,16}))\.([\w-]{43})$/.exec(memento ?? '') ?? [];
  if (key.value === '' || mac === '') return undefined;
  return timingSafeEqual(Buffer.from(mac, 'base64url'), macOf(text, key))
    ? { epoch: Number(epoch), token: Number(token) }
    : undefined;
}
