import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** A block of code in a page. */
export interface Snippet {
  page: string;
  line: number;
  language: string;
  source: string;
  /** What it prints, if the page says so. */
  prints?: string;
  /** Marked `no-test`: `pure/documents` lists the reasons. */
  isLeftOut: boolean;
}

/** Blocks of the language `text` are what the snippet above prints; neighbours that do the same share the block below the last. */
function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(join(root, page), 'utf8');
  const snippets: Snippet[] = [];
  let open: Snippet[] = [];
  for (const match of text.matchAll(/^```(\S*)( no-test)?\n(.*?)^```$(\n\n(?=```))?/gms)) {
    const [, language = '', leftOut, source = '', next] = match;
    const line = text.slice(0, match.index).split('\n').length;
    if (language === 'text') {
      for (const each of open) each.prints = source;
      open = [];
    } else {
      const snippet = { page, line, language, source, isLeftOut: leftOut !== undefined };
      snippets.push(snippet);
      if (!snippet.isLeftOut) open.push(snippet);
    }
    if (next === undefined) open = [];
  }
  return snippets;
}

/** A page whose snippets a test runs, each taken once. Such a test ends with `rest()`, which is empty if it ran them all. */
export class Page {
  readonly snippets: readonly Snippet[];
  private readonly taken = new Set<Snippet>();

  constructor(readonly name: string) {
    this.snippets = snippetsOf(name);
  }

  /** The next one in a language. */
  take(language: string): string {
    const next = this.open.find((each) => each.language === language);
    if (next === undefined) throw new Error(`${this.name} has no more snippets of ${language}`);
    this.taken.add(next);
    return next.source;
  }

  /** The one with this first line; a comment is its name. */
  takeNamed(name: string): string {
    const named = this.snippets.find(({ source }) => /^(?:# |\/\/ )?(.*)$/m.exec(source)?.[1] === name);
    if (named === undefined) throw new Error(`${this.name} has no snippet "${name}"`);
    this.taken.add(named);
    return named.source;
  }

  /** The lines of those that nobody has taken. */
  rest(): number[] {
    return this.open.map(({ line }) => line);
  }

  private get open(): Snippet[] {
    return this.snippets.filter((each) => !each.isLeftOut && !this.taken.has(each));
  }
}
