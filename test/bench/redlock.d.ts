/** Types for the part that is used; the package has none. */
declare module 'redlock' {
  interface Lock {
    unlock(): Promise<void>;
  }
  export default class Redlock {
    constructor(servers: object[], options?: { retryCount?: number });
    lock(resource: string, ttlMs: number): Promise<Lock>;
  }
}
