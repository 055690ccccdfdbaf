import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Seen } from '#locks';

/** The key stored in the table, the same for every node; empty until it has been read. */
export class TableKey {
  value = '';
}

const macOf = (text: string, key: TableKey): Buffer =>
  createHmac('sha256', key.value).update(`memento\n${text}`).digest();

/** Of several shards all numbers are in one text, so they are written short; it has less than 1,600 characters. */
const pairForm = (shards: number): RegExp =>
  shards > 1 ? /^([\da-z]{1,11})\.([\da-z]{1,11})$/ : /^(\d{1,16})\.(\d{1,16})$/;
const radixOf = (shards: number): number => (shards > 1 ? 36 : 10);

/** What adapters take before this minor version of the protocol. */
const shortMax = 256;
const minorOfLong = 10;

/**
 * The table's clock, which an adapter keeps in case the table is restored from a backup. It is sealed with the table's
 * own key, so that nobody can move the clock with an invented number.
 * An adapter that cannot take that of many shards keeps the first one's.
 */
export function sealMemento(seen: Seen, key: TableKey, minor: number): string {
  const whole = sealed([seen, ...(seen.others ?? [])], key);
  return minor >= minorOfLong || whole.length <= shortMax ? whole : sealed([seen], key);
}

function sealed(all: readonly Seen[], key: TableKey): string {
  const radix = radixOf(all.length);
  const text = all.map(({ epoch, token }) => `${epoch.toString(radix)}.${token.toString(radix)}`).join('_');
  return `${text}.${macOf(text, key).toString('base64url')}`;
}

/** Returns undefined if this table did not seal it. */
export function openMemento(memento: string | undefined, key: TableKey): Seen | undefined {
  const [, text = '', mac = ''] = /^([\da-z._]+)\.([\w-]{43})$/.exec(memento ?? '') ?? [];
  if (key.value === '' || mac === '') return undefined;
  if (!timingSafeEqual(Buffer.from(mac, 'base64url'), macOf(text, key))) return undefined;
  const pairs = text.split('_');
  const all: Seen[] = [];
  for (const pair of pairs) {
    const [, epoch = '', token = ''] = pairForm(pairs.length).exec(pair) ?? [];
    const radix = radixOf(pairs.length);
    all.push({ epoch: Number.parseInt(epoch, radix), token: Number.parseInt(token, radix) });
  }
  const [first, ...others] = all;
  return first === undefined || others.length === 0 ? first : { ...first, others };
}
