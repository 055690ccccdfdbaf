/** The part of Redis's Lua API that the table uses. */
declare const redis: {
  call(this: void, command: string, ...args: readonly (string | number)[]): unknown;
  register_function(
    this: void,
    options: {
      function_name: string;
      callback: (this: void, keys: readonly string[], args: readonly string[]) => unknown;
      flags: readonly string[];
    },
  ): void;
};
declare const cmsgpack: {
  pack(this: void, value: unknown): string;
  unpack(this: void, bytes: string): unknown;
  /** From an offset, at most so many values. Before them it returns the next offset, or -1 at the end. */
  unpack_limit(this: void, bytes: string, limit: number, from: number): LuaMultiReturn<unknown[]>;
};
declare const string: {
  char(this: void, ...bytes: readonly number[]): string;
  byte(this: void, text: string, at: number): number | undefined;
  format(this: void, form: string, n: number): string;
  sub(this: void, text: string, from: number, to?: number): string;
  len(this: void, text: string): number;
};
declare function tonumber(this: void, text: string): number;
declare function unpack(
  this: void,
  values: readonly string[],
  from?: number,
  upTo?: number,
): LuaMultiReturn<string[]>;
declare function setmetatable<T>(this: void, table: T, metatable: unknown): T;

/** Set by the loader: a name that carries a digest of this code. */
declare const libraryName: string;
declare function type(this: void, value: unknown): string;
declare function error(this: void, message: unknown, level?: number): never;
/** Multiple return values, as TypeScriptToLua marks them. */
declare type LuaMultiReturn<T extends readonly unknown[]> = T & { readonly __tstlMultiReturn: unknown };
/** A table whose names and values `for` walks, as TypeScriptToLua marks it. */
declare type Pairs<V> = (readonly [string, V])[] & { readonly __tstlIterable: 'Pairs' };
declare function pcall<A extends readonly unknown[], R>(
  this: void,
  f: (this: void, ...args: A) => R,
  ...args: A
): LuaMultiReturn<[boolean, R]>;
