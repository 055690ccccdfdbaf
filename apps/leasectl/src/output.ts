import { printable, printableJson } from '#contracts';
import { instantText, spanText } from './words';

/** A column: its title, and the text of a row's cell. */
export type Column<Row> = readonly [title: string, cell: (row: Row) => string];

/** The most width that a single cell, other than the last in its row, may claim. */
const cellMax = 64;

/** One JSON value on one line. */
export const jsonText = (value: unknown): string => printableJson(JSON.stringify(value));

/** `lockDelayMs` as `lock delay`; the value is printed with its unit. */
const titleOf = (name: string): string =>
  name.replace(/Ms$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Prints a value with one line per member; nested members are indented. */
export function detailsText(value: object, indent = 0): string {
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  const width = Math.max(0, ...given.map(([name]) => titleOf(name).length)) + 2;
  const margin = ' '.repeat(indent);
  return given
    .map(([name, member]: [string, unknown]) => {
      const title = `${titleOf(name)}:`;
      if (typeof member !== 'object' || member === null)
        return `${margin}${title.padEnd(width)} ${scalarText(name, member)}`;
      if (!Array.isArray(member)) return `${margin}${title}\n${detailsText(member, indent + 2)}`;
      const items: unknown[] = member;
      if (items.every((item) => typeof item !== 'object' || item === null))
        return `${margin}${title.padEnd(width)} ${items.map((item) => scalarText('', item)).join(', ') || 'none'}`;
      return [
        `${margin}${title}`,
        ...items.map((item) => `${margin}  - ${detailsText(item as object, indent + 4).slice(indent + 4)}`),
      ].join('\n');
    })
    .join('\n');
}

function scalarText(name: string, value: unknown): string {
  if (typeof value === 'number') return name.endsWith('Ms') ? spanText(value) : String(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' && name.endsWith('At') ? instantText(value) : printable(String(value));
}

interface TableOptions {
  indent?: number;
  headers?: boolean;
  paint?: (text: string) => string;
}

/** A table whose rows may arrive page by page; the first page decides the widths of the columns. */
export class Table<Row> {
  private widths: number[] | undefined;

  constructor(
    private readonly columns: readonly Column<Row>[],
    private readonly options: TableOptions = {},
  ) {}

  /** The lines of these rows, with the header before the first rows. */
  lines(rows: readonly Row[]): string[] {
    const { indent = 0, headers = true, paint = (text: string) => text } = this.options;
    const cells = rows.map((row) => this.columns.map(([, cell]) => printable(cell(row))));
    const isFirst = this.widths === undefined;
    const titles = this.columns.map(([title]) => title);
    this.widths ??= titles.map((title, at) =>
      Math.max(headers ? title.length : 0, ...cells.map((row) => Math.min(cellMax, widthOf(row[at] ?? '')))),
    );
    const widths = this.widths;
    const line = (row: readonly string[]): string =>
      `${' '.repeat(indent)}${row.map((cell, at) => padded(cell, widths[at] ?? 0)).join('  ')}`.trimEnd();
    const lines = cells.map((row) => line(row).replace(stateWords, (word) => paint(word)));
    return isFirst && headers ? [line(titles), ...lines] : lines;
  }
}

const graphemes = new Intl.Segmenter();
const wide =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u;

/** The number of terminal columns that the text takes. */
function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** State words to highlight, if they are the whole cell. */
const stateWords = /(?<= {2})(breaking|fencing|waiting|revoked|lost|recovering|down|stopping)(?= {2,}|$)/g;

/** A complete table; columns without any text are left out. */
export function tableText<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: TableOptions = {},
): string {
  const used = columns.filter(([, cell]) => rows.some((row) => cell(row) !== ''));
  return new Table(used, options).lines(rows).join('\n');
}

export interface OutOptions {
  json?: boolean;
  quiet?: boolean;
  headers?: boolean;
}

/** Output: results to stdout, messages about them to stderr. */
export class Out {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly headers: boolean;
  /** Whether stdout, or stderr, is a terminal. */
  readonly isTerminal = process.stdout.isTTY;
  readonly progressIsLive = process.stderr.isTTY;
  private progressText = '';

  constructor({ json = false, quiet = false, headers = true }: OutOptions) {
    this.json = json;
    this.quiet = quiet;
    this.headers = headers;
  }

  /** no-color.org: any value but the empty one turns colors off. */
  private get colored(): boolean {
    const { NO_COLOR = '', TERM } = process.env;
    return this.isTerminal && NO_COLOR === '' && TERM !== 'dumb';
  }

  readonly paint = (text: string): string => (this.colored ? `\x1b[33m${text}\x1b[39m` : text);

  /** Prints a line of the result; resolves when more can be written, so that a slow reader is waited for. */
  async line(text: string): Promise<void> {
    await this.text(`${text}\n`);
  }

  async text(text: string | Uint8Array): Promise<void> {
    if (process.stdout.write(text)) return;
    await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
  }

  /** Prints a value for programs. */
  async value(value: unknown): Promise<void> {
    await this.line(jsonText(value));
  }

  /** Reports that something was done, for people. */
  async did(text: string): Promise<void> {
    this.clearProgress();
    if (!this.quiet) await this.line(text);
  }

  /** Prints a remark for people, unless quiet. */
  say(text: string): void {
    if (!this.quiet) this.complain(text);
  }

  /** Prints a message even if quiet. */
  complain(text: string): void {
    this.clearProgress();
    process.stderr.write(`${text}\n`);
  }

  table<Row>(columns: readonly Column<Row>[]): Table<Row> {
    return new Table(columns, { headers: this.headers, paint: this.paint });
  }

  /** Shows progress: on a terminal in one line that is rewritten, otherwise with one line per change. */
  progress(text: string): void {
    if (this.quiet || this.json || text === this.progressText) return;
    if (this.progressIsLive) {
      // A terminal that does not know its width reports 0.
      const width = process.stderr.columns || 80;
      process.stderr.write(`\r\x1b[2K${text.slice(0, Math.max(20, width - 1))}`);
    } else process.stderr.write(`${text}\n`);
    this.progressText = text;
  }

  /** Erases the progress line. */
  clearProgress(): void {
    if (this.progressText !== '' && this.progressIsLive) process.stderr.write('\r\x1b[2K');
    this.progressText = '';
  }
}
