/**
 * All of the language that the core may use. Anything not declared here does not type-check, because in Lua it would
 * need a library or have another meaning. A string has no length (bytes in Lua, UTF-16 units in JavaScript) and no
 * methods.
 */
interface Array<T> {
  readonly length: number;
  [index: number]: T;
  push(item: T): number;
  [Symbol.iterator](): ArrayIterator<T>;
}
interface ReadonlyArray<T> {
  readonly length: number;
  readonly [index: number]: T;
  [Symbol.iterator](): ArrayIterator<T>;
}
interface Math {
  floor(x: number): number;
  max(a: number, b: number): number;
  min(a: number, b: number): number;
}
declare const Math: Math;

// Types that the compiler itself requires.
interface Boolean {}
interface CallableFunction {}
interface Function {}
interface IArguments {}
interface NewableFunction {}
interface Number {}
interface Object {}
interface RegExp {}
interface String {}
interface Iterator<T> {
  next(): { done: boolean; value: T };
}
interface Iterable<T> {
  [Symbol.iterator](): Iterator<T>;
}
interface ArrayIterator<T> extends Iterator<T> {
  [Symbol.iterator](): ArrayIterator<T>;
}
declare const Symbol: { readonly iterator: unique symbol };
type Record<K extends string, T> = { [P in K]: T };
type Partial<T> = { [P in keyof T]?: T[P] };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Exclude<T, U> = T extends U ? never : T;
type Extract<T, U> = T extends U ? T : never;
type Omit<T, K extends string> = Pick<T, Exclude<keyof T, K>>;
