/**
 * Names may contain any character. Where people read them, characters that could start or clear a line, move the cursor
 * or reverse the text are shown as their codes: control characters, Unicode's format characters and line breaks, and
 * halves of surrogate pairs. `\x` with more than 7f is a byte of a file's name, which is no character (file-name.ts).
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

export function printable(text: string): string {
  return text.replace(unprintable, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** Makes each line printable. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');

/** The same JSON, printable: unprintable characters that JSON allows in strings are escaped. Line ends are kept. */
export const printableJson = (json: string): string =>
  json.replace(unprintable, (char) =>
    char === '\n'
      ? char
      : char
          .split('')
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          .join(''),
  );
