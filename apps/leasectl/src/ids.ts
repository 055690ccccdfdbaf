import { configuration, printable } from '#contracts';
import { pathOf, type Rows } from './api';
import type { Context } from './context';
import { Failure } from './failure';
import { isUuid, whereText } from './words';

/** Ids as people type them: the first or last few characters are enough, as long as only one id has them. */

type Listed = 'locks' | 'sessions' | 'operations';
type Searched = Listed | 'pins';

/** The fewest characters that may stand for an id. */
const shortMin = 4;
/** The most rows of one list that are searched. */
const searchedMax = 200_000;
/** The most items whose pins are searched: each is a request. */
const pinnedMax = 500;
const candidatesMax = 8;

interface List<Row> {
  one: string;
  id: (row: Row) => string;
  about: (row: Row) => string;
}
const lists: { [L in Listed]: List<Rows[L]> } = {
  locks: {
    one: 'lock',
    id: ({ id }) => id,
    about: (lock) => `${lock.kind} ${lock.state} ${whereText(lock)}`,
  },
  sessions: {
    one: 'session',
    id: ({ sessionId }) => sessionId,
    about: ({ state, label, node }) =>
      ['session', state, label, node === undefined ? undefined : `on ${node}`].filter(Boolean).join(' '),
  },
  operations: {
    one: 'operation',
    id: ({ operationId }) => operationId,
    about: ({ kind, of, phase }) => `${kind} of ${of.kind}/${of.name} ${phase}`,
  },
};

/** Whether the text is an id, or may be part of one. */
export const isIdText = (text: string): boolean =>
  isUuid(text) || (text.length >= shortMin && text.length < 36 && /^[0-9a-f-]+$/i.test(text));

/** Ids of version 0.1 all began with the same zeros: the short form begins after them. */
const has = (id: string, part: string): boolean =>
  id.startsWith(part) || id.endsWith(part) || id.replace(/^0{8}-/, '').startsWith(part);

interface Found {
  id: string;
  about: string;
}

/** The rows of a list whose ids begin or end like this. */
async function search<L extends Listed>(
  { api }: Context,
  list: L,
  { id: idOf, about, one }: List<Rows[L]>,
  part: string,
): Promise<Found[]> {
  const found: Found[] = [];
  let searched = 0;
  for await (const rows of api.pages(`/v1/${list}`, list)) {
    for (const row of rows) {
      const id = idOf(row);
      if (has(id, part)) found.push({ id, about: about(row) });
    }
    searched += rows.length;
    if (found.length > candidatesMax) break;
    if (searched >= searchedMax) throw tooMany(searchedMax, list, one);
  }
  return found;
}

const tooMany = (searched: number, of: string, one: string): Failure =>
  new Failure(
    'usage',
    `There are more than ${searched.toLocaleString('en')} ${of}: a short id would take too long to find.`,
    `Give the whole id of the ${one}.`,
  );

/** Pins have no list of their own: an item tells those on it. */
async function searchPins({ api }: Context, part: string): Promise<Found[]> {
  const found: Found[] = [];
  let searched = 0;
  for (const kind of configuration.itemKind.options) {
    const { rows: items } = await api.all(`/v1/${kind}`, kind, {}, pinnedMax);
    for (const { name } of items) {
      if (++searched > pinnedMax) throw tooMany(pinnedMax, 'items', 'pin');
      for await (const rows of api.pages(`${pathOf(kind, name)}/dependents`, 'dependents'))
        for (const { kind: what, name: id, because } of rows)
          if (what === 'pins' && id !== undefined && has(id, part))
            found.push({ id, about: ['pin on', `${kind}/${name}`, because].filter(Boolean).join(' ') });
    }
  }
  return found;
}

const searches: Record<Searched, (context: Context, part: string) => Promise<Found[]>> = {
  locks: (context, part) => search(context, 'locks', lists.locks, part),
  sessions: (context, part) => search(context, 'sessions', lists.sessions, part),
  operations: (context, part) => search(context, 'operations', lists.operations, part),
  pins: searchPins,
};

/** How ids of a kind are listed. */
const listing = (list: Searched): string =>
  list === 'locks'
    ? 'leasectl ls'
    : list === 'pins'
      ? 'leasectl exports dependents NAME'
      : `leasectl ${list}`;

/**
 * The id that the text stands for: a whole id as it is; a part of one if only one row of these lists has it.
 * Undefined: no row has it.
 */
export async function idLike(
  context: Context,
  text: string,
  among: readonly Searched[],
): Promise<string | undefined> {
  if (isUuid(text)) return text;
  if (!isIdText(text))
    throw new Failure(
      'usage',
      `"${printable(text)}" is not an id.`,
      `List the ids: ${among.map(listing).join(', ')}.`,
    );
  const part = text.toLowerCase();
  const found: Found[] = [];
  for (const list of among) found.push(...(await searches[list](context, part)));
  const [first, ...others] = found;
  if (first === undefined || others.length === 0) return first?.id;
  const shown = found.slice(0, candidatesMax).map(({ id, about }) => `${id}  ${about}`);
  const more = found.length > candidatesMax ? ['and others'] : [];
  throw new Failure('usage', `${text} is ambiguous: it stands for each of these.`, 'Give more of the id.', [
    ...shown,
    ...more,
  ]);
}

/** The same, for a command that needs the id. Throws notFound if no row has it. */
export async function idIn(context: Context, text: string, ...among: Searched[]): Promise<string> {
  const id = await idLike(context, text, among);
  if (id !== undefined) return id;
  const ones = among.map((list) => (list === 'pins' ? 'pin' : lists[list].one)).join(' or ');
  throw new Failure(
    'notFound',
    `No ${ones} has an id that begins or ends with ${text}.`,
    `List the ids: ${among.map(listing).join(', ')}.`,
  );
}
