/** As much of it as is used; it brings no types. */
declare module 'redlock' {
  interface Lock {
    unlock(): Promise<void>;
  }
  export default class Redlock {
    constructor(servers: object[], options?: { retryCount?: number });
    lock(resource: string, ttlMs: number): Promise<Lock>;
  }
}
