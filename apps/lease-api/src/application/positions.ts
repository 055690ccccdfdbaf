import { type Place, type RecordRow, shardOfNumber } from '#locks';

/** A place in the log of each shard. */
export type Position = readonly Place[];

/** Before anything is known of a table. */
export const nowhere = (shards: number): Position =>
  Array.from({ length: shards }, () => ({ epoch: 0, no: 0 }));

/** The position after a record: it moves the place in its own shard. */
export const after = (position: Position, { epoch, no }: Place): Position =>
  position.with(shardOfNumber(epoch, position.length), { epoch, no });

/** Of several shards all places are in one id, so they are written short: 64 of them have less than 1,500 characters. */
const radixOf = (shards: number): number => (shards > 1 ? 36 : 10);
const placeForm = (shards: number): RegExp =>
  shards > 1 ? /^([\da-z]{1,11})-([\da-z]{1,10})$/ : /^(\d{1,16})-(\d{1,15})$/;

export function idOf(at: Position): string {
  const radix = radixOf(at.length);
  return at.map(({ epoch, no }) => `${epoch.toString(radix)}-${no.toString(radix)}`).join('.');
}

/** The position in an event id, if it is one of a table with so many shards. */
export function positionOf(id: string, shards: number): Position | undefined {
  const texts = id.split('.', shards + 1);
  if (texts.length !== shards) return undefined;
  const radix = radixOf(shards);
  const places: Place[] = [];
  for (const [shard, text] of texts.entries()) {
    const [, epoch = '', no = ''] = placeForm(shards).exec(text) ?? [];
    const place = { epoch: Number.parseInt(epoch, radix), no: Number.parseInt(no, radix) };
    // A shard can only judge a place whose epoch is its own.
    if (shardOfNumber(place.epoch, shards) !== shard) return undefined;
    places.push(place);
  }
  return places;
}

/** Moves through records, and says on demand where it is. */
export class Cursor {
  private readonly places: Place[];
  private text: string | undefined;

  constructor(from: Position) {
    this.places = [...from];
  }

  pass(record: Place): void {
    this.places[shardOfNumber(record.epoch, this.places.length)] = record;
    this.text = undefined;
  }

  /** The id of the event that reports the last record passed. */
  get id(): string {
    this.text ??= idOf(this.places);
    return this.text;
  }
}

/**
 * What happens to exports and their adapters is reported by every shard. Told is the first shard's record; that an export has lost its
 * fileserver, the first record of any shard, as one may see it alone; and that it has it again, the last of them.
 */
export class Echoes {
  /** By export: the shards that have reported its loss, and not yet its end. */
  private readonly lost = new Map<string, Set<number>>();

  constructor(private readonly shards: number) {}

  /** Whether the record adds nothing to what was told; each is asked about once, in order. */
  has(record: RecordRow): boolean {
    if (this.shards === 1) return false;
    const shard = shardOfNumber(record.epoch, this.shards);
    if (record.kind === 'jeopardy') return !this.loses(record.exportName, shard);
    if (record.kind === 'reclaimed' && record.fileKey === undefined)
      return !this.regains(record.exportName, shard);
    return record.kind === 'configured' && shard !== 0;
  }

  private loses(exportName: string, shard: number): boolean {
    const lost = this.lost.get(exportName) ?? new Set();
    // A shard that says it again has had it meanwhile, and who was not told of that is told anew.
    const isNew = lost.size === 0 || lost.has(shard);
    this.lost.set(exportName, lost.add(shard));
    return isNew;
  }

  private regains(exportName: string, shard: number): boolean {
    const lost = this.lost.get(exportName);
    const isKnown = lost?.delete(shard) === true;
    if (lost !== undefined && lost.size > 0) return false;
    this.lost.delete(exportName);
    // Before this one began to listen, every shard may have lost it.
    return isKnown || shard === 0;
  }
}
