const pageSize = 256;

/** In which entry of the log the value of each key is. Keys are numbers in order of first use, most of which die young. */
export class Places {
  private readonly pages = new Map<number, { places: Uint32Array; used: number }>();
  /** How many keys have a place. */
  size = 0;

  /** Whether the value of a key is in that entry of the log. */
  isAt(key: number, entry: number): boolean {
    return this.pages.get(Math.floor(key / pageSize))?.places[key % pageSize] === markOf(entry);
  }

  set(key: number, entry: number): void {
    const no = Math.floor(key / pageSize);
    let page = this.pages.get(no);
    if (page === undefined) this.pages.set(no, (page = { places: new Uint32Array(pageSize), used: 0 }));
    if (page.places[key % pageSize] === 0) {
      page.used += 1;
      this.size += 1;
    }
    page.places[key % pageSize] = markOf(entry);
  }

  delete(key: number): void {
    const no = Math.floor(key / pageSize);
    const page = this.pages.get(no);
    if (page === undefined || page.places[key % pageSize] === 0) return;
    page.places[key % pageSize] = 0;
    page.used -= 1;
    this.size -= 1;
    if (page.used === 0) this.pages.delete(no);
  }
}

/** 32 bits are enough to tell the entries of a log apart that exist at the same time. 0: no place. */
const markOf = (entry: number): number => (entry % (2 ** 32 - 1)) + 1;
