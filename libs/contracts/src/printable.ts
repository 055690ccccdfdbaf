/**
 * Names are whatever somebody chose. Wherever a person reads them, what could begin or clear a line, move the cursor or
 * turn the line around is shown as its code: control characters, the formatting characters of Unicode, its line breaks,
 * halves of surrogate pairs.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

export function printable(text: string): string {
  return text.replace(unprintable, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** Lines, each printable. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');

/** The same JSON, printable: what JSON lets pass in a string is escaped as JSON does it. Line ends stay. */
export const printableJson = (json: string): string =>
  json.replace(unprintable, (char) =>
    char === '\n'
      ? char
      : char
          .split('')
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          .join(''),
  );
