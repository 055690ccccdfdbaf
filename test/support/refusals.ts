import { join } from 'node:path';
import * as ts from 'typescript';

/**
 * Which reasons a function may refuse with, read from the source: what the code of the function says, and what the functions
 * say whose refusals it may pass on. Calls whose results are no refusals, as those that settle what is due, lead nowhere.
 */

type Body = ts.SignatureDeclaration & { body?: ts.Node };
const root = join(__dirname, '..', '..');

/** A function that routes call but whose refusals do not become theirs, or reasons that it cannot give them. */
export interface Barrier {
  routes: RegExp;
  /** The names of the functions, FILE:NAME. */
  into?: RegExp;
  reasons?: readonly string[];
  because: string;
}

export class Refusals {
  /** Barriers that have kept something out. */
  readonly used = new Set<Barrier>();
  private readonly checker: ts.TypeChecker;
  private readonly files: readonly ts.SourceFile[];
  private readonly known = new Map<ts.Node, Set<string>>();
  private readonly calls = new Map<ts.Node, Set<ts.Node>>();
  private readonly verbs = new Map<string, ts.Node>();
  private readonly byName = new Map<string, Body[]>();
  /** Where a reason comes from that the code does not spell: a record, or an answer of an adapter. */
  readonly passedOn = new Set<string>();
  /** Functions that ask a kind of lock why not, and the kinds that each function names. */
  private readonly asksKind = new Set<ts.Node>();
  private readonly kindsIn = new Map<ts.Node, Set<string>>();
  private readonly kinds = new Map<string, ts.Node[]>();
  private readonly bearingTypes = new Map<ts.Type, boolean>();

  constructor(private readonly reasons: ReadonlySet<string>) {
    const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
    const { options, fileNames } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
    const wanted = fileNames.filter((name) => /apps\/lease-api\/src|libs\//.test(name));
    const program = ts.createProgram(wanted, { ...options, noEmit: true });
    this.checker = program.getTypeChecker();
    this.files = program.getSourceFiles().filter(({ fileName }) => wanted.includes(fileName));
    for (const file of this.files) this.learn(file);
  }

  /** All that a function may refuse with, the names of the functions that it may pass it on from, and the verbs among them. */
  of(
    start: ts.Node,
    barriers: readonly Barrier[] = [],
  ): { reasons: Set<string>; functions: Set<string>; verbs: Set<string> } {
    const found = { reasons: new Set<string>(), functions: new Set<string>(), verbs: new Set<string>() };
    for (const at of this.reached(start, barriers).keys()) {
      found.functions.add(nameOf(at));
      for (const [verb, node] of this.verbs) if (node === at) found.verbs.add(verb);
      for (const reason of this.known.get(at) ?? []) {
        const out = barriers.filter(({ reasons = [] }) => reasons.includes(reason));
        for (const each of out) this.used.add(each);
        if (out.length === 0) found.reasons.add(reason);
      }
    }
    return found;
  }

  /** The functions whose refusals one may pass on; of the kinds of locks only those that some of them name. */
  private reached(start: ts.Node, barriers: readonly Barrier[] = []): Map<ts.Node, ts.Node | undefined> {
    const from = new Map<ts.Node, ts.Node | undefined>([[start, undefined]]);
    const todo = [start];
    const add = (next: ts.Node, by: ts.Node | undefined): void => {
      if (from.has(next)) return;
      const out = barriers.filter(({ into }) => into?.test(nameOf(next)) === true);
      for (const each of out) this.used.add(each);
      if (out.length > 0) return;
      from.set(next, by);
      todo.push(next);
    };
    for (let at = todo.shift(); at !== undefined; at = todo.shift()) {
      this.read(at);
      if (this.verbNodes.has(at) && at !== start) {
        // Each step of the table for itself: the kinds that it names are its own.
        for (const [next, by] of this.reached(at, barriers)) if (!from.has(next)) from.set(next, by);
        continue;
      }
      for (const next of this.calls.get(at) ?? []) add(next, at);
      if (todo.length > 0) continue;
      if (![...from.keys()].some((each) => this.asksKind.has(each))) continue;
      const asker = [...from.keys()].find((each) => this.asksKind.has(each));
      for (const each of [...from.keys()])
        for (const kind of this.kindsIn.get(each) ?? [])
          for (const method of this.kinds.get(kind) ?? []) add(method, asker);
    }
    return from;
  }

  private readonly verbNodes = new Set<ts.Node>();

  /** Why a reason is among those of a function: the functions on the way to it. */
  why(start: ts.Node, reason: string, barriers: readonly Barrier[] = []): string[] {
    const from = this.reached(start, barriers);
    for (const at of from.keys()) {
      if (this.known.get(at)?.has(reason) !== true) continue;
      const way: string[] = [];
      for (let on: ts.Node | undefined = at; on !== undefined && way.length < 40; on = from.get(on))
        way.unshift(nameOf(on));
      return way;
    }
    return [];
  }

  verb(name: string): ts.Node | undefined {
    return this.verbs.get(name);
  }

  /** The handlers of routes, by method and path as the OpenAPI document has them. */
  routes(): Map<string, ts.Node> {
    const found = new Map<string, ts.Node>();
    for (const file of this.files) {
      if (!file.fileName.endsWith('.controller.ts')) continue;
      file.forEachChild((node) => {
        if (!ts.isClassDeclaration(node)) return;
        const base = this.decorator(node, /^Controller$/);
        if (base === undefined) return;
        for (let of: ts.ClassDeclaration | undefined = node; of !== undefined; of = this.parentOf(of))
          for (const member of of.members) {
            if (!ts.isMethodDeclaration(member)) continue;
            const route = this.decorator(member, /^(Get|Put|Post|Delete)$/);
            if (route === undefined) continue;
            const parts = [...base.text.split('/'), ...route.text.split('/')].filter((part) => part !== '');
            const path = `/${parts.join('/')}`.replace(/:(\w+)/g, '{$1}');
            found.set(`${route.name.toLowerCase()} ${path}`, member);
          }
      });
    }
    return found;
  }

  private parentOf(node: ts.ClassDeclaration): ts.ClassDeclaration | undefined {
    const [type] = (node.heritageClauses ?? []).flatMap(({ token, types }) =>
      token === ts.SyntaxKind.ExtendsKeyword ? types : [],
    );
    const symbol = type && this.checker.getSymbolAtLocation(type.expression);
    const real =
      symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    const declaration = real?.valueDeclaration;
    return declaration !== undefined && ts.isClassDeclaration(declaration) ? declaration : undefined;
  }

  // --- reading

  private decorator(node: ts.HasDecorators, name: RegExp): { name: string; text: string } | undefined {
    for (const { expression } of ts.getDecorators(node) ?? []) {
      if (!ts.isCallExpression(expression) || !name.test(expression.expression.getText())) continue;
      const [path] = expression.arguments;
      return {
        name: expression.expression.getText(),
        text: path !== undefined && ts.isStringLiteral(path) ? path.text : '',
      };
    }
    return undefined;
  }

  private learn(file: ts.SourceFile): void {
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined && node.name !== undefined)
        this.add(node.name.getText(), node);
      if (ts.isPropertyAssignment(node) && ts.isFunctionLike(node.initializer))
        this.add(node.name.getText(), node.initializer);
      if (
        ts.isVariableDeclaration(node) &&
        node.name.getText() === 'verbs' &&
        /core\/run\.ts$/.test(file.fileName)
      )
        for (const each of (node.initializer as ts.ObjectLiteralExpression).properties)
          if (ts.isShorthandPropertyAssignment(each)) {
            const symbol = this.checker.getShorthandAssignmentValueSymbol(each);
            const real =
              symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
            const declaration = real?.declarations?.[0];
            if (declaration !== undefined) {
              this.verbs.set(each.name.text, declaration);
              this.verbNodes.add(declaration);
            }
          }
      if (
        ts.isVariableDeclaration(node) &&
        /rules\/kinds\//.test(file.fileName) &&
        /Kind$/.test(node.name.getText()) &&
        node.initializer !== undefined &&
        ts.isObjectLiteralExpression(node.initializer)
      )
        this.kinds.set(node.name.getText(), this.answersOf(node.initializer));
      node.forEachChild(visit);
    };
    visit(file);
  }

  private add(name: string, node: ts.Node): void {
    const all = this.byName.get(name) ?? [];
    all.push(node as Body);
    this.byName.set(name, all);
  }

  /** The functions of a kind of lock that give reasons. */
  private answersOf(kind: ts.ObjectLiteralExpression): ts.Node[] {
    return kind.properties.flatMap((each) => {
      if (!/^whyNot$/.test(each.name?.getText() ?? '')) return [];
      if (ts.isMethodDeclaration(each)) return [each];
      const value = ts.isShorthandPropertyAssignment(each)
        ? this.checker.getShorthandAssignmentValueSymbol(each)?.declarations?.[0]
        : ts.isPropertyAssignment(each)
          ? ts.isIdentifier(each.initializer)
            ? this.checker.getSymbolAtLocation(each.initializer)?.declarations?.[0]
            : each.initializer
          : undefined;
      return value === undefined ? [] : [value];
    });
  }

  private kind(node: ts.Identifier, within: ts.Node): void {
    const all = /Kind$/.test(node.text) && this.kinds.has(node.text) ? [node.text] : [];
    if (node.text === 'lockById') all.push(...this.kinds.keys());
    const found = this.kindsIn.get(within) ?? new Set();
    for (const each of all) found.add(each);
    this.kindsIn.set(within, found);
  }

  private read(node: ts.Node): void {
    if (this.known.has(node)) return;
    const own = new Set<string>();
    const next = new Set<ts.Node>();
    this.known.set(node, own);
    this.calls.set(node, next);
    const isEdge = /lease-api\/src\/http/.test(node.getSourceFile().fileName);
    const visit = (at: ts.Node): void => {
      if (ts.isDecorator(at) || ts.isTypeNode(at)) return;
      if (ts.isStringLiteralLike(at)) this.literal(at, own);
      if (ts.isTemplateExpression(at)) this.composed(at, own);
      if (ts.isCallExpression(at)) this.call(at, next, isEdge, node);
      if (ts.isIdentifier(at)) this.kind(at, node);
      if (ts.isIdentifier(at) || ts.isPropertyAccessExpression(at)) this.passed(at, own, node);
      at.forEachChild(visit);
    };
    (node as Body).body?.forEachChild(visit);
    const { body } = node as Body;
    if (body !== undefined && !ts.isBlock(body)) visit(body);
  }

  /** A reason that the code spells, and that may be answered: not one that is compared, logged or written into a record. */
  private literal(node: ts.StringLiteralLike, own: Set<string>): void {
    if (!this.reasons.has(node.text)) return;
    const type = this.checker.getContextualType(node);
    if (type === undefined || !this.isReason(type) || !this.leaves(node)) return;
    own.add(node.text);
  }

  /** One that the code puts together, as `export_${state}`. */
  private composed(node: ts.TemplateExpression, own: Set<string>): void {
    const type = this.checker.getTypeAtLocation(node);
    if (!this.someReasons(type) || !this.leaves(node)) return;
    for (const one of type.isUnion() ? type.types : [type]) if (one.isStringLiteral()) own.add(one.value);
  }

  /** Whether what an expression says can become what the function returns or throws. */
  private leaves(node: ts.Node): boolean {
    for (let at = node; !ts.isFunctionLike(at.parent); at = at.parent) {
      const { parent } = at;
      if (ts.isNewExpression(parent)) return true;
      if (ts.isCallExpression(parent) && parent.expression !== at)
        return this.bearing(this.checker.getTypeAtLocation(parent));
      if (ts.isStatement(parent) || ts.isVariableDeclaration(parent)) return true;
    }
    return true;
  }

  private call(node: ts.CallExpression, next: Set<ts.Node>, isEdge: boolean, within: ts.Node): void {
    const [first] = node.arguments;
    const method = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : '';
    if ((method === 'run' || method === 'call') && first !== undefined) {
      const type = this.checker.getTypeAtLocation(first);
      for (const one of type.isUnion() ? type.types : [type]) {
        const verb = one.isStringLiteral() ? this.verbs.get(one.value) : undefined;
        if (verb !== undefined) next.add(verb);
      }
    }
    const signature = this.checker.getResolvedSignature(node);
    const declaration = signature?.declaration;
    if (declaration === undefined || declaration.getSourceFile().isDeclarationFile) return;
    if (ts.isInterfaceDeclaration(declaration.parent) && declaration.parent.name.text === 'LockKind')
      this.asksKind.add(within);
    const bears = this.bearing(this.checker.getTypeAtLocation(node));
    const edge = isEdge && /lease-api\/src\/http/.test(declaration.getSourceFile().fileName);
    if (!bears && !edge) return;
    if ('body' in declaration && declaration.body !== undefined) next.add(declaration);
    else for (const each of this.implementations(declaration, method)) next.add(each);
  }

  /**
   * What a method of an interface may be: that of a class which implements it, or of an object in the same file. An object of
   * another file was read with the function that makes it.
   */
  private implementations(declaration: ts.Node, method: string): ts.Node[] {
    const { parent } = declaration;
    if (!ts.isInterfaceDeclaration(parent)) return [];
    const name = parent.name.text;
    if (name === 'LockKind' || name === 'OwnSpace') return [];
    return (this.byName.get(method) ?? []).filter((each) => {
      if (ts.isClassDeclaration(each.parent))
        return (each.parent.heritageClauses ?? []).some(({ types }) =>
          types.some(({ expression }) => expression.getText() === name),
        );
      return each.getSourceFile() === declaration.getSourceFile() && ts.isPropertyAssignment(each.parent);
    });
  }

  /** A reason that is passed on from somewhere else. */
  private passed(node: ts.Identifier | ts.PropertyAccessExpression, own: Set<string>, within: ts.Node): void {
    const { parent } = node;
    if (
      (ts.isPropertyAccessExpression(parent) && parent.expression === node) ||
      ts.isPropertyAccessExpression(parent)
    )
      return;
    const expected = ts.isShorthandPropertyAssignment(parent)
      ? parent.name.text === 'reason' && this.checker.getTypeAtLocation(node)
      : ts.isExpression(node) && this.checker.getContextualType(node);
    if (expected === false || expected === undefined || !this.isReason(expected) || !this.leaves(node)) {
      if (!ts.isShorthandPropertyAssignment(parent)) return;
    }
    if (ts.isShorthandPropertyAssignment(parent) && (parent.name.text !== 'reason' || !this.leaves(node)))
      return;
    const type = this.checker.getTypeAtLocation(node);
    if (this.someReasons(type)) {
      for (const one of type.isUnion() ? type.types : [type]) if (one.isStringLiteral()) own.add(one.value);
      return;
    }
    if (!this.isReason(type)) return;
    const symbol = ts.isShorthandPropertyAssignment(parent)
      ? this.checker.getShorthandAssignmentValueSymbol(parent)
      : this.checker.getSymbolAtLocation(node);
    const source = symbol?.valueDeclaration;
    // Whoever calls gives it, or the function that is called here.
    if (source !== undefined && ts.isParameter(source)) return;
    if (source !== undefined && ts.isVariableDeclaration(source) && source.initializer !== undefined) return;
    this.passedOn.add(nameOf(within));
  }

  // --- types

  private isReason(type: ts.Type): boolean {
    return (
      type.isUnion() &&
      type.types.filter((one) => one.isStringLiteral() && this.reasons.has(one.value)).length > 40
    );
  }

  private someReasons(type: ts.Type): boolean {
    const all = (type.isUnion() ? type.types : [type]).filter((one) => !(one.flags & ts.TypeFlags.Undefined));
    return (
      all.length > 0 &&
      all.length <= 40 &&
      all.every((one) => one.isStringLiteral() && this.reasons.has(one.value))
    );
  }

  private isRefusal(type: ts.Type): boolean {
    const refused = type.getProperty('refused');
    if (refused === undefined) return false;
    const value = this.checker.getNonNullableType(this.checker.getTypeOfSymbol(refused));
    return (value.isUnion() ? value.types : [value]).some(
      (one) => one.getProperty('reason') !== undefined || one.getProperty('refused') !== undefined,
    );
  }

  private holdsRefusal(property: ts.Symbol): boolean {
    if ((property.flags & ts.SymbolFlags.Property) === 0) return false;
    const type = this.checker.getTypeOfSymbol(property);
    return type.isUnion() && type.types.some((one) => this.isRefusal(one));
  }

  /** Whether a value may be a refusal, a reason or a problem. */
  private bearing(type: ts.Type): boolean {
    const known = this.bearingTypes.get(type);
    if (known !== undefined) return known;
    this.bearingTypes.set(type, false);
    const awaited = this.checker.getAwaitedType(type) ?? type;
    const all = awaited.isUnion() ? awaited.types : [awaited];
    const found =
      this.isReason(awaited) ||
      this.someReasons(awaited) ||
      all.some((one) => {
        if (this.isRefusal(one)) return true;
        if (one.getProperty('code') !== undefined && one.getProperty('reason') !== undefined) return true;
        const reason = one.getProperty('reason');
        if (reason !== undefined && this.isReason(this.checker.getTypeOfSymbol(reason))) return true;
        // One that stands beside something else: { answer, inVain }.
        return !one.isClass() && one.getProperties().some((each) => this.holdsRefusal(each));
      });
    this.bearingTypes.set(type, found);
    return found;
  }
}

function nameOf(node: ts.Node): string {
  const { name } = node as { name?: ts.Node };
  const file = node.getSourceFile().fileName.slice(root.length + 1);
  return `${file.replace(/^.*\/src\//, '')}:${name?.getText() ?? '?'}`;
}
