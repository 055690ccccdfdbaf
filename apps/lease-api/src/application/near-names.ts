import { distance } from 'fastest-levenshtein';
import { itemOf, type ItemKind, type Items } from './items';

const nearMax = 3;
/** The longest name that is compared, and how long a list of names is used for the next question. */
const charsMax = 64;
const believedMs = 1_000;

/** Finds the names that somebody may have meant who has named an item that does not exist. */
export class NearNames {
  private readonly known = new Map<ItemKind, { readAt: number; names: Promise<string[]> }>();

  constructor(private readonly items: Pick<Items, 'list'>) {}

  /** `missing`: the item, as `kind/name`. The nearest names come first. */
  async of(missing: string): Promise<string[]> {
    const { kind, name } = itemOf(missing);
    return nearest(name, await this.names(kind));
  }

  private names(kind: ItemKind): Promise<string[]> {
    const known = this.known.get(kind);
    if (known !== undefined && performance.now() - known.readAt < believedMs) return known.names;
    const names = this.items.list(kind).then((items) => items.map((item) => item.name));
    this.known.set(kind, { readAt: performance.now(), names });
    return names;
  }
}

/** Those of some names that somebody may have meant, the nearest first. */
export function nearest(name: string, names: readonly string[]): string[] {
  if (name.length > charsMax) return [];
  const wanted = name.toLowerCase();
  return names
    .map((each) => ({ each, far: far(wanted, each.toLowerCase()) }))
    .filter(({ far }) => far <= Math.ceil(wanted.length * 0.4))
    .sort((a, b) => a.far - b.far)
    .slice(0, nearMax)
    .map(({ each }) => each);
}

/** How far apart two names are; a name that continues the other one is near, however long it is. */
const far = (wanted: string, name: string): number =>
  wanted.length > 2 && name.startsWith(wanted) ? 1 : distance(wanted, name);
