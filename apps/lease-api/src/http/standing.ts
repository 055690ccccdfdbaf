import { setImmediate as turn } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';

/** How often streams are looked at. With what is remembered of JWTs, one that was withdrawn has none after a minute. */
const lookMs = 15_000;
/** How many are looked at before others have their turn. */
const atOnce = 100;

/** Ends the answers that go on, as event streams do, of callers that may not have them any more. */
export class Standing {
  private readonly lasting = new Map<ServerResponse, () => Promise<boolean>>();
  private readonly timer = setInterval(() => {
    this.look();
  }, lookMs).unref();
  private looking: Promise<void> | undefined;
  private isDue = false;

  /** Asks from time to time whether the caller still may. */
  watch(response: ServerResponse, stillMay: () => Promise<boolean>): void {
    this.lasting.set(response, stillMay);
    response.on('close', () => {
      this.lasting.delete(response);
    });
  }

  /** Looks at every stream; while it does, once more after that. */
  look(): void {
    this.isDue = true;
    this.looking ??= this.lookAtAll().finally(() => {
      this.looking = undefined;
    });
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async lookAtAll(): Promise<void> {
    while (this.isDue) {
      this.isDue = false;
      let looked = 0;
      for (const [response, stillMay] of this.lasting) {
        if (!(await stillMay())) response.end();
        looked += 1;
        if (looked % atOnce === 0) await turn();
      }
    }
  }
}
