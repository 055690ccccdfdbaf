import type { HoldAsk, VerbName } from '#locks';

/** One call of a verb, and what it brought about. */
export interface Call {
  verb: VerbName;
  input: unknown;
  value: unknown;
  asks: readonly HoldAsk[];
  records: readonly unknown[];
  /** All of the above. */
  text: string;
  /** Not of the sessions and exports that every history begins with. */
  begun: boolean;
}

type Input = { readonly [field: string]: unknown };

const word = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const actor = (session: unknown, owner?: unknown): string => {
  const name = /^s-(\d+)$/.exec(word(session))?.[1];
  const letter = name === undefined ? word(session) : `S${name}`;
  return owner === 'other' ? `${letter}.other` : letter;
};
const on = (file: unknown): string => {
  const { exportName = '', path = '', placeholder } = (file ?? {}) as Input;
  return `${word(exportName)}/${word(path)}${placeholder === true ? ' by name' : ''}`;
};
const wait = ({ waitMs }: Input): string => (Number(waitMs ?? 0) > 0 ? ` wait ${word(waitMs)}ms` : '');
const deny = ({ deny: denied }: Input): string => (denied === 'none' ? '' : ` denying ${word(denied)}`);
const offset = (hi: unknown, lo: unknown): string =>
  String(BigInt(Number(hi)) * 2n ** 32n + BigInt(Number(lo)));
const range = (input: Input): string =>
  `${word(input['class'])} ${word(input['type'] ?? '')} ${offset(input['startHi'], input['startLo'])}-${offset(input['endHi'], input['endLo'])}`;
const doing: { [kind: string]: string } = { entries: 'enters' };

const lines: { [verb: string]: (input: Input) => string } = {
  tick: () => 'tick',
  sessionCreate: (i) => `session ${actor(i['sessionId'])} ${word(i['ttlMs'])}ms`,
  keepalive: (i) => `${actor(i['sessionId'])} keepalive`,
  sessionEnd: (i) => `${actor(i['sessionId'])} ends`,
  leaseAcquire: (i) => {
    const item = i['item'] as Input;
    return `${actor(i['sessionId'], item['owner'])} ${word(i['type'])}s ${on(item)}${wait(i)} # ${word(item['leaseId'])}`;
  },
  openCreate: (i) =>
    `${actor(i['sessionId'], i['owner'])} opens ${on(i['file'])} ${word(i['access'])}${deny(i)}${wait(i)}${i['want'] === undefined || i['want'] === 'none' ? '' : ` wanting ${word(i['want'])}`} # ${word(i['openId'])}`,
  rangeLock: (i) =>
    `${actor(i['sessionId'], i['owner'])} locks ${on(i['file'])} ${range(i)}${wait(i)} # ${word(i['rangeId'])}`,
  rangeUnlock: (i) => `${actor(i['sessionId'], i['owner'])} unlocks ${word(i['fileKey'])} ${range(i)}`,
  rangeTest: (i) => `${actor(i['sessionId'], i['owner'])} tests ${on(i['file'])} ${range(i)}`,
  fileChange: (i) =>
    `${actor(i['sessionId'], i['owner'])} ${doing[word(i['kind'])] ?? `${word(i['kind'])}s`} ${on(i['file'])}${wait(i)} # ${word(i['changeId'])}`,
};

/** Fields that every call has and that say nothing. */
const dull =
  /^(digest|owner|ownerKey|clientKey|exportName|path|fileId|inode|delegationId|splitId|pid|no|epoch|wall|grantNo|endpoint|backed|places|process)$/;
const brief = (value: unknown): string =>
  JSON.stringify(value, (name, each: unknown) => {
    if (each === false || dull.test(name)) return undefined;
    // Tokens and numbers of this life: what counts is their order.
    return typeof each === 'number' && each > 2 ** 51 ? `#${String(each % 10_000)}` : each;
  }).replace(/"/g, '');

/** A call of a verb as a line of a scenario, as far as there is one; else the verb and its input. */
export function lineOf({ verb, input, value, asks, records }: Call): string {
  const given = input as Input;
  const line = lines[verb]?.(given) ?? `${verb} ${brief(given)}`;
  const extra = lines[verb] === undefined ? '' : plus(given);
  const told = records.map((record) => brief(record)).join(' ');
  return `${line}${extra}\n        -> ${brief(value)}${asks.length > 0 ? ` asks ${brief(asks)}` : ''}${told === '' ? '' : `\n        ${told}`}`;
}

/** What a line of a scenario does not show. */
function plus({ shown, reclaim, signal, reopen, body }: Input): string {
  const more = { shown, reclaim, signal: signal === true ? true : undefined, reopen, body };
  const text = JSON.stringify(more);
  return text === '{}' ? '' : ` ${text}`;
}
