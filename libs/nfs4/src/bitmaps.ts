import type * as wire from './wire.generated';

/** Encodes attribute numbers as a bitmap4. */
export function bitmapOf(numbers: Iterable<number>): wire.bitmap4 {
  const words: number[] = [];
  for (const number of numbers) {
    const word = Math.floor(number / 32);
    while (words.length <= word) words.push(0);
    words[word] = ((words[word] ?? 0) | (1 << (number % 32))) >>> 0;
  }
  return words;
}

export const hasBit = (bitmap: wire.bitmap4, number: number): boolean =>
  (((bitmap[Math.floor(number / 32)] ?? 0) >>> (number % 32)) & 1) === 1;

/** The bits that are set in both. */
export const common = (a: wire.bitmap4, b: wire.bitmap4): wire.bitmap4 =>
  a.map((word, n) => (word & (b[n] ?? 0)) >>> 0);
