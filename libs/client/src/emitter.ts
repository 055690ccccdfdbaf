import { warn } from './platform';

type Listener<Args extends unknown[]> = (...args: Args) => unknown;

/**
 * Listeners by event, as Node's EventEmitter has them, but on every platform, and nothing that a listener does escapes
 * into the background: a throw, and the rejection of a promise that it returns, is reported as `error`.
 */
export class Emitter<Events extends Record<keyof Events, unknown[]>> {
  readonly #listeners = new Map<PropertyKey, readonly unknown[]>();

  on<N extends keyof Events>(event: N, listener: Listener<Events[N]>): this {
    this.#listeners.set(event, [...this.#of(event), listener]);
    return this;
  }

  once<N extends keyof Events>(event: N, listener: Listener<Events[N]>): this {
    const first: Listener<Events[N]> = (...args) => {
      this.off(event, first);
      return listener(...args);
    };
    return this.on(event, first);
  }

  off<N extends keyof Events>(event: N, listener: Listener<Events[N]>): this {
    this.#listeners.set(
      event,
      this.#of(event).filter((each) => each !== listener),
    );
    return this;
  }

  protected emit<N extends keyof Events>(event: N, ...args: Events[N]): void {
    for (const listener of this.#of<Events[N]>(event)) {
      guarded(
        () => listener(...args),
        (error) => {
          this.report(error);
        },
      );
    }
  }

  /** Reports what no call awaits: to the listeners of `error`, or else as a warning of the process. */
  protected report(error: unknown): void {
    const listeners = this.#of<[unknown]>('error');
    if (listeners.length === 0) warn(error);
    for (const listener of listeners) guarded(() => listener(error), warn);
  }

  #of<Args extends unknown[]>(event: PropertyKey): readonly Listener<Args>[] {
    return (this.#listeners.get(event) ?? []) as readonly Listener<Args>[];
  }
}

function guarded(act: () => unknown, failed: (error: unknown) => void): void {
  try {
    const result = act();
    if (result instanceof Promise) result.catch(failed);
  } catch (error) {
    failed(error);
  }
}
