import { randomBytes } from 'node:crypto';

const segments = 64;
const capacityMin = 8;
/** Different in every process, so that nobody can prepare texts that collide. */
const seed = randomBytes(4).readInt32LE();

/**
 * A Map with strings as keys. V8's own Map keeps removed entries in their bucket's chain until the whole Map is
 * rebuilt. With a million entries, looking up a key that comes and goes passes thousands of its removed entries, and a
 * rebuild blocks the process for long. This one closes gaps on removal and grows by segments.
 */
export class TextMap<V extends object> {
  private readonly segments = Array.from({ length: segments }, () => new Segment<V>());

  get(key: string): V | undefined {
    const hash = hashOf(key);
    return this.of(hash).get(key, hash);
  }

  set(key: string, value: V): void {
    const hash = hashOf(key);
    this.of(hash).set(key, hash, value);
  }

  delete(key: string): void {
    const hash = hashOf(key);
    this.of(hash).delete(key, hash);
  }

  private of(hash: number): Segment<V> {
    return this.segments[hash & (segments - 1)] as Segment<V>;
  }
}

/** Open addressing with linear probing. A slot whose value is undefined is free. */
class Segment<V extends object> {
  private size = 0;
  private capacity = 0;
  private hashes = new Int32Array(0);
  private keys: string[] = [];
  private values: (V | undefined)[] = [];

  constructor() {
    this.rebuild(capacityMin);
  }

  get(key: string, hash: number): V | undefined {
    return this.values[this.slotOf(key, hash)];
  }

  set(key: string, hash: number, value: V): void {
    let slot = this.slotOf(key, hash);
    if (this.values[slot] === undefined) {
      this.size += 1;
      if (this.size > 0.75 * this.capacity) {
        this.rebuild(2 * this.capacity);
        slot = this.slotOf(key, hash);
      }
      this.hashes[slot] = hash;
      this.keys[slot] = key;
    }
    this.values[slot] = value;
  }

  delete(key: string, hash: number): void {
    let gap = this.slotOf(key, hash);
    if (this.values[gap] === undefined) return;
    // An entry behind the gap moves into it, unless that would put it before its home slot.
    const mask = this.capacity - 1;
    for (let slot = (gap + 1) & mask; this.values[slot] !== undefined; slot = (slot + 1) & mask) {
      const home = homeOf(this.hashes[slot] as number) & mask;
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
      this.hashes[gap] = this.hashes[slot] as number;
      this.keys[gap] = this.keys[slot] as string;
      this.values[gap] = this.values[slot];
      gap = slot;
    }
    this.keys[gap] = '';
    this.values[gap] = undefined;
    this.size -= 1;
    if (this.capacity > capacityMin && this.size < this.capacity / 8) this.rebuild(this.capacity / 2);
  }

  /** The slot that has the key, or the free slot where it belongs. */
  private slotOf(key: string, hash: number): number {
    const { hashes, keys, values } = this;
    const mask = this.capacity - 1;
    let slot = homeOf(hash) & mask;
    while (values[slot] !== undefined && !(hashes[slot] === hash && keys[slot] === key))
      slot = (slot + 1) & mask;
    return slot;
  }

  private rebuild(capacity: number): void {
    const { hashes, keys, values } = this;
    this.capacity = capacity;
    this.hashes = new Int32Array(capacity);
    this.keys = new Array<string>(capacity).fill('');
    this.values = new Array<V | undefined>(capacity).fill(undefined);
    for (let from = 0; from < values.length; from++) {
      if (values[from] === undefined) continue;
      let slot = homeOf(hashes[from] as number) & (capacity - 1);
      while (this.values[slot] !== undefined) slot = (slot + 1) & (capacity - 1);
      this.hashes[slot] = hashes[from] as number;
      this.keys[slot] = keys[from] as string;
      this.values[slot] = values[from];
    }
  }
}

/** The home slot of a hash in its segment, from the bits that did not choose the segment. */
function homeOf(hash: number): number {
  return hash >>> 6;
}

/** FNV-1a, then a final mix for the low bits. */
function hashOf(text: string): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
