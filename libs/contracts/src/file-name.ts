/**
 * Names of files are bytes; in JSON, in the table and in listings they are text. What is UTF-8 stands for itself. A byte
 * that is not is written `\x` and two hexadecimal digits, in lower case. Where the name itself has such text, its
 * backslash is written `\x5c`. So every name has exactly one text.
 */

/** Well-formed UTF-8 (RFC 3629), one character of this text for each byte. */
const utf8 =
  /(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})+|[^]/g;
/** Names that stand for themselves, as most do: looking for what else is in them would take longer. */
const plain = /^[\x00-\x5b\x5d-\x7f]*$/;
/** A backslash that would begin an escape. */
const escapeLike = /\\(?=x(?:5c|[89a-f][\da-f]))/g;
const escape = /\\x([89a-f][\da-f]|5c(?=x(?:5c|[89a-f][\da-f])))/g;

/** The text of a name. */
export function textOfName(bytes: Buffer): string {
  const latin1 = bytes.toString('latin1');
  return plain.test(latin1)
    ? latin1
    : latin1.replace(utf8, (part) => {
        const text = Buffer.from(part, 'latin1').toString('utf8');
        return text === '\ufffd' && part.length === 1
          ? `\\x${part.charCodeAt(0).toString(16)}`
          : text.replace(escapeLike, '\\x5c');
      });
}

/** The bytes of a name. Text that `textOfName` does not write has the same bytes as other text. */
export function bytesOfName(text: string): Buffer {
  if (!text.includes('\\x')) return Buffer.from(text);
  const parts: Buffer[] = [];
  let at = 0;
  for (const found of text.matchAll(escape)) {
    parts.push(Buffer.from(text.slice(at, found.index)), Buffer.from(found[1] ?? '', 'hex'));
    at = found.index + found[0].length;
  }
  return Buffer.concat([...parts, Buffer.from(text.slice(at))]);
}

/** Whether `textOfName` writes a name like this. */
export const isTextOfName = (text: string): boolean =>
  !text.includes('\\x') || textOfName(bytesOfName(text)) === text;
