import type { Kind, RowOf } from '../../libs/locks/src/core/rows';
import { PlainRows } from './plain-rows';

/** Counts what its steps look at. */
export class CountedRows extends PlainRows {
  looks = 0;
  override get<K extends Kind>(kind: K, id: string): RowOf[K] | undefined {
    this.looks += 1;
    return super.get(kind, id);
  }
  override page(...which: Parameters<PlainRows['page']>): ReturnType<PlainRows['page']> {
    const found = super.page(...which);
    this.looks += 1 + found.length;
    return found;
  }
}
