import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Seen } from '#locks';

/** The key stored in the table, the same for every node; empty until it has been read. */
export class TableKey {
  value = '';
}

const macOf = (text: string, key: TableKey): Buffer =>
  createHmac('sha256', key.value).update(`memento\n${text}`).digest();

/**
 * The table's clock, which an adapter keeps in case the table is restored from a backup. It is sealed with the table's
 * own key, so that nobody can move the clock with an invented number.
 */
export function sealMemento({ epoch, token }: Seen, key: TableKey): string {
  const text = `${String(epoch)}.${String(token)}`;
  return `${text}.${macOf(text, key).toString('base64url')}`;
}

/** Returns undefined if this table did not seal it. */
export function openMemento(memento: string | undefined, key: TableKey): Seen | undefined {
  const [, text = '', epoch, token, mac = ''] =
    /^((\d{1,16})\.(\d{1,16}))\.([\w-]{43})$/.exec(memento ?? '') ?? [];
  if (key.value === '' || mac === '') return undefined;
  return timingSafeEqual(Buffer.from(mac, 'base64url'), macOf(text, key))
    ? { epoch: Number(epoch), token: Number(token) }
    : undefined;
}
