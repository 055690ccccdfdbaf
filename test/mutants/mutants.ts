import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/**
 * Small changes to the rules, and the rules with all of them built in (mutant schemata): every place that can
 * change asks which change is on. Each file yields two texts. In `tried` one change is on at a time; in `noted`
 * none is, and the text records which changes would have made a difference on its way.
 */
export interface Mutant {
  id: number;
  file: string;
  line: number;
  /** The enclosing function. */
  within: string;
  /** The source line, before and after. */
  from: string;
  to: string;
  /** Takes effect while the module is loaded. */
  atLoad: boolean;
  /** The replacement text, and its place. */
  edit: { start: number; end: number; text: string };
}

export interface MutatedFile {
  path: string;
  noted: string;
  tried: string;
}

interface Edit {
  text: string;
  id: number;
}

export const root = join(__dirname, '../..');
export const coreDirectory = join(root, 'libs/locks/src/core');

const turned: { [operator: number]: string[] } = {
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: ['!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: ['==='],
  [ts.SyntaxKind.LessThanToken]: ['<=', '>='],
  [ts.SyntaxKind.LessThanEqualsToken]: ['<', '>'],
  [ts.SyntaxKind.GreaterThanToken]: ['>=', '<='],
  [ts.SyntaxKind.GreaterThanEqualsToken]: ['>', '<'],
  [ts.SyntaxKind.AmpersandAmpersandToken]: ['||'],
  [ts.SyntaxKind.BarBarToken]: ['&&'],
  [ts.SyntaxKind.PlusToken]: ['-'],
  [ts.SyntaxKind.MinusToken]: ['+'],
  [ts.SyntaxKind.AsteriskToken]: ['/'],
  [ts.SyntaxKind.SlashToken]: ['*'],
};
const comparisons = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);
const logical = new Set([ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken]);
/** Calls without side effects, so that both sides of a change can be evaluated. */
const harmless =
  /^(rank|weaker|stronger|earlier|mayAsk|standsAlone|overlap|sameSpace|sameOwner|Math\.(min|max|floor)|rows\.(get|letter|idOf|tail|digits|padded|page|span)|step\.rows\.(get|letter|idOf|tail|digits|padded|page|span))$/;

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.Node20,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  strict: true,
  noUncheckedIndexedAccess: true,
  types: [],
  noEmit: true,
};
const corePaths = (): string[] =>
  readdirSync(coreDirectory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(coreDirectory, name));

/** The possible changes in every file of the core, and the files with them built in. */
export function mutateCore(): { files: MutatedFile[]; mutants: Mutant[] } {
  const paths = corePaths();
  const program = ts.createProgram(paths, options);
  const mutants: Mutant[] = [];
  const files = paths.map((path) => {
    const source = program.getSourceFile(path);
    if (source === undefined) throw new Error(`${path} cannot be read`);
    return new FileMutator(source, program.getTypeChecker(), mutants).mutate();
  });
  return { files, mutants };
}

/** Whether the compiler refuses a change, so that no test has to detect it. */
export function typesRefuse(): (mutant: Mutant) => boolean {
  const paths = corePaths();
  const changed = new Map<string, { text: string; version: number }>();
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => paths,
    getScriptVersion: (path) => String(changed.get(path)?.version ?? 0),
    getScriptSnapshot: (path) => {
      const text = changed.get(path)?.text ?? ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (path) => ts.sys.fileExists(path),
    readFile: (path) => ts.sys.readFile(path),
    readDirectory: (path) => ts.sys.readDirectory(path),
  });
  return ({ id, file, edit }) => {
    const path = join(root, file);
    const text = readFileSync(path, 'utf8');
    changed.set(path, { text: text.slice(0, edit.start) + edit.text + text.slice(edit.end), version: id });
    const refused = service.getSemanticDiagnostics(path).length > 0;
    changed.delete(path);
    return refused;
  };
}

class FileMutator {
  private readonly text: string;
  private readonly seen = new Map<string, number>();
  private readonly edits = new Map<ts.Node, Edit[]>();

  constructor(
    private readonly source: ts.SourceFile,
    private readonly checker: ts.TypeChecker,
    private readonly mutants: Mutant[],
  ) {
    this.text = readFileSync(source.fileName, 'utf8');
  }

  mutate(): MutatedFile {
    this.find(this.source);
    return { path: this.source.fileName, noted: this.render('noted'), tried: this.render('tried') };
  }

  // --- possible changes

  private find(node: ts.Node): void {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node)) return;
    for (const to of this.changes(node)) this.add(node, to);
    ts.forEachChild(node, (child) => {
      this.find(child);
    });
  }

  private add(node: ts.Node, to: string): void {
    const id = this.mutants.length + 1;
    const within = functionOf(node);
    const { line } = this.source.getLineAndCharacterOfPosition(node.getStart());
    const starts = this.source.getLineStarts();
    const end = this.source.getLineAndCharacterOfPosition(node.end).line;
    const before = this.text.slice(starts[line], node.getStart());
    const after = this.text.slice(node.end, starts[end + 1] ?? this.text.length);
    const one = (text: string): string => text.replace(/\s+/g, ' ').trim();
    const changed = one(before + to + after);
    let from = one(before + node.getText() + after);
    const name = JSON.stringify([within?.name, from, changed]);
    const nth = (this.seen.get(name) ?? 0) + 1;
    this.seen.set(name, nth);
    // The same words twice in one function.
    if (nth > 1) from += ` #${String(nth)}`;
    const short = ts.isShorthandPropertyAssignment(node.parent) ? `${node.getText()}: ` : '';
    this.mutants.push({
      ...{ id, file: relative(root, this.source.fileName), line: line + 1 },
      edit: { start: node.getStart(), end: node.end, text: short + to },
      ...{ within: within?.name ?? 'module', from, to: changed, atLoad: !isInFunction(node) },
    });
    this.edits.set(node, [...(this.edits.get(node) ?? []), { text: to, id }]);
  }

  private changes(node: ts.Node): string[] {
    if (ts.isExpressionStatement(node)) return [''];
    if (!isExpression(node)) return [];
    if (ts.isBinaryExpression(node)) return [...this.binary(node), ...this.condition(node)];
    if (ts.isPrefixUnaryExpression(node)) return [...this.unary(node), ...this.condition(node)];
    if (ts.isCallExpression(node))
      return [...this.call(node), ...this.condition(node), ...this.dropped(node)];
    if (ts.isStringLiteral(node)) return [...this.word(node), ...this.dropped(node)];
    if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword)
      return [...this.truth(node), ...this.dropped(node)];
    if (ts.isNumericLiteral(node)) return this.number(node);
    return [...this.condition(node), ...this.dropped(node)];
  }

  private binary(node: ts.BinaryExpression): string[] {
    const { left, right, operatorToken } = node;
    const [a, b, op] = [left.getText(), right.getText(), operatorToken.kind];
    if (op === ts.SyntaxKind.QuestionQuestionToken) return this.dropped(node);
    const arithmetic = op === ts.SyntaxKind.PlusToken && !this.isNumber(left);
    const others = arithmetic ? [] : (turned[op] ?? []);
    const swapped = others.map((to) => `${a} ${to} ${b}`);
    if (!logical.has(op) || !this.isBoolean(node)) return this.isWhole(node) ? [] : swapped;
    // A chain of conditions without one of them; dropping the last also covers the first.
    const chained = ts.isBinaryExpression(left) && left.operatorToken.kind === op;
    return chained
      ? [...swapped, a, `${left.left.getText()} ${operatorToken.getText()} ${b}`]
      : [...swapped, a, b];
  }

  /** A comparison that is a whole condition: reversing it adds nothing to making it always true and always false. */
  private isWhole(node: ts.BinaryExpression): boolean {
    return comparisons.has(node.operatorToken.kind) && this.condition(node).length > 1;
  }

  private unary(node: ts.PrefixUnaryExpression): string[] {
    if (node.operator === ts.SyntaxKind.ExclamationToken) return [node.operand.getText()];
    return node.operator === ts.SyntaxKind.MinusToken ? [node.operand.getText()] : [];
  }

  private call(node: ts.CallExpression): string[] {
    const callee = node.expression.getText();
    if (callee !== 'Math.min' && callee !== 'Math.max') return [];
    const to = callee === 'Math.min' ? 'Math.max' : 'Math.min';
    return [to + node.getText().slice(callee.length)];
  }

  /** A condition made always true and always false. */
  private condition(node: ts.Expression): string[] {
    const { parent } = node;
    const decides =
      (ts.isIfStatement(parent) && parent.expression === node) ||
      (ts.isConditionalExpression(parent) && parent.condition === node);
    if (decides) return ['true', 'false'];
    const repeats =
      (ts.isWhileStatement(parent) && parent.expression === node) ||
      (ts.isForStatement(parent) && parent.condition === node);
    return repeats ? ['false'] : [];
  }

  /** Reasons, causes, kinds of records: words that are passed on. */
  private word(node: ts.StringLiteral): string[] {
    const { parent } = node;
    if (ts.isBinaryExpression(parent) && parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) {
      const fallback =
        parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken && parent.right === node;
      if (!fallback) return [];
    }
    if (ts.isElementAccessExpression(parent) || ts.isCaseClause(parent)) return [];
    if (ts.isCallExpression(parent) && /rows\.\w+$/.test(parent.expression.getText())) return [];
    return [`'${this.otherWord(node)}'`];
  }

  /** Another word that the types allow here: the compiler would find any other. */
  private otherWord(node: ts.StringLiteral): string {
    const type = this.checker.getContextualType(node);
    const words = type?.isUnion() === true ? type.types.filter((part) => part.isStringLiteral()) : [];
    const at = words.findIndex(({ value }) => value === node.text);
    const next = words[(at + 1) % words.length];
    return next === undefined || next.value === node.text ? `${node.text}?` : next.value;
  }

  private truth(node: ts.Expression): string[] {
    const { parent } = node;
    if (ts.isBinaryExpression(parent) && comparisons.has(parent.operatorToken.kind)) return [];
    return [node.kind === ts.SyntaxKind.TrueKeyword ? 'false' : 'true'];
  }

  private number(node: ts.NumericLiteral): string[] {
    const { parent } = node;
    if (ts.isReturnStatement(parent) || ts.isConditionalExpression(parent))
      return [node.text === '0' ? '1' : '0'];
    if (ts.isCallExpression(parent) && node.text === '1') return ['-1'];
    return [];
  }

  /** Leaves out an optional argument, or a property of an object. */
  private dropped(node: ts.Expression): string[] {
    const { parent } = node;
    if (ts.isCallExpression(parent) && parent.arguments.includes(node)) {
      const parameter = this.checker.getResolvedSignature(parent)?.parameters[parent.arguments.indexOf(node)];
      const declared = parameter?.valueDeclaration;
      if (declared === undefined || node.getText() === 'undefined') return [];
      const optional =
        ts.isParameter(declared) && (declared.questionToken ?? declared.initializer) !== undefined;
      const type = this.checker.getTypeOfSymbolAtLocation(parameter as ts.Symbol, declared);
      return optional || admitsNothing(type) ? ['undefined'] : [];
    }
    const named = ts.isPropertyAssignment(parent) && parent.initializer === node;
    const short = ts.isShorthandPropertyAssignment(parent) && parent.name === node;
    if ((!named && !short) || node.getText() === 'undefined') return [];
    const type = this.checker.getContextualType(parent.parent);
    const property = type?.getProperty(parent.name.getText());
    if (property === undefined) return [];
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    return optional || admitsNothing(this.checker.getTypeOfSymbol(property)) ? ['undefined'] : [];
  }

  private isNumber(node: ts.Expression): boolean {
    return (this.checker.getTypeAtLocation(node).flags & ts.TypeFlags.NumberLike) !== 0;
  }

  private isBoolean(node: ts.Expression): boolean {
    const type = this.checker.getTypeAtLocation(node);
    const parts = type.isUnion() ? type.types : [type];
    const truths = ts.TypeFlags.BooleanLike | ts.TypeFlags.Undefined;
    return parts.every((part) => (part.flags & truths) !== 0);
  }

  // --- the text with the changes built in

  private render(mode: 'noted' | 'tried'): string {
    const render = (node: ts.Node): string => {
      let out = '';
      let at = node.getStart();
      ts.forEachChild(node, (child) => {
        if (child.getStart() < at) return;
        out += this.text.slice(at, child.getStart()) + render(child);
        at = child.end;
      });
      return this.wrap(mode, node, out + this.text.slice(at, node.end));
    };
    const start = this.source.getStart();
    return `/* eslint-disable */ ${render(this.source).slice(this.source.getStart() - start)}`;
  }

  private wrap(mode: 'noted' | 'tried', node: ts.Node, inner: string): string {
    const edits = this.edits.get(node) ?? [];
    const [first] = edits;
    if (ts.isBlock(node) && (ts.isFunctionLike(node.parent) || ts.isIterationStatement(node.parent, false)))
      return `{ if (--$mutant.left < 0) $mutant.over(); ${inner.slice(1)}`;
    if (ts.isStatement(node) && ts.isIterationStatement(node.parent, false) && node.parent.statement === node)
      return `{ if (--$mutant.left < 0) $mutant.over(); ${this.statement(mode, node, first, inner)} }`;
    if (first === undefined) return inner;
    if (ts.isExpressionStatement(node)) return this.statement(mode, node, first, inner);
    const short = ts.isShorthandPropertyAssignment(node.parent) ? `${node.getText()}: ` : '';
    const expression = node as ts.Expression;
    if (mode === 'tried') {
      const switches = edits.map(({ text, id }) => `$mutant.on === ${String(id)} ? (${text}) : `);
      return `${short}(${switches.join('')}(${inner}))`;
    }
    if (!isHarmless(expression))
      return `${short}($mutant.note(${edits.map(({ id }) => String(id)).join(', ')}), (${inner}))`;
    const others = edits.map(({ text, id }) => `${String(id)}, () => (${text})`);
    return `${short}$mutant.weigh((${inner}), ${others.join(', ')})`;
  }

  /** A statement that may be left out. */
  private statement(mode: 'noted' | 'tried', node: ts.Node, edit: Edit | undefined, inner: string): string {
    if (edit === undefined || !ts.isExpressionStatement(node)) return inner;
    const id = String(edit.id);
    if (mode === 'tried') return `{ if ($mutant.on !== ${id}) { ${inner} } }`;
    const { expression } = node;
    if (
      ts.isBinaryExpression(expression) &&
      expression.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      isHarmless(expression.left) &&
      isHarmless(expression.right)
    ) {
      const [left, right] = [expression.left.getText(), expression.right.getText()];
      return `{ $mutant.weigh(${right}, ${id}, () => ${left}); ${inner} }`;
    }
    return `{ $mutant.note(${id}); ${inner} }`;
  }
}

function isExpression(node: ts.Node): node is ts.Expression {
  if (ts.isIdentifier(node)) {
    const { parent } = node;
    if (ts.isShorthandPropertyAssignment(parent)) return true;
    if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
    if (ts.isCallExpression(parent)) return parent.arguments.includes(node);
    if (ts.isIfStatement(parent)) return true;
    return ts.isConditionalExpression(parent) && parent.condition === node;
  }
  return ts.isExpression(node);
}

function admitsNothing(type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => (part.flags & ts.TypeFlags.Undefined) !== 0);
}

/** Whether it can be evaluated twice because it has no side effects. */
function isHarmless(node: ts.Node): boolean {
  if (ts.isCallExpression(node) && !harmless.test(node.expression.getText())) return false;
  if (ts.isArrowFunction(node) || ts.isObjectLiteralExpression(node)) return false;
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    if (kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment) return false;
  }
  return ts.forEachChild(node, (child) => (isHarmless(child) ? undefined : true)) !== true;
}

function isInFunction(node: ts.Node): boolean {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) if (ts.isFunctionLike(at)) return true;
  return false;
}

function functionOf(node: ts.Node): { name: string } | undefined {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isFunctionDeclaration(at)) return { name: at.name?.text ?? 'function' };
    if (ts.isArrowFunction(at) && ts.isVariableDeclaration(at.parent))
      return { name: at.parent.name.getText() };
  }
  return undefined;
}
