import type { VerbName } from '../../core/io';

/** A step that has not been sent yet. */
export interface Step {
  readonly verb: VerbName;
  readonly input: Buffer;
  readonly resolve: (reply: Buffer) => void;
  readonly reject: (error: unknown) => void;
}

/** Most steps in one function call, and their bytes. How long Redis is held is bounded there (serve.ts). */
const stepsMax = 64;
const bytesMax = 512 * 1024;

/**
 * Sends the steps of one turn of the event loop together, in their order: Redis runs them in one function call, with one
 * write to its log. Each has its own answer.
 */
export class GatheredSteps {
  private waiting: Step[] = [];

  /** @param send sends steps in one call; resolves with the answers to the first of them, at least one. */
  constructor(private readonly send: (steps: readonly Step[]) => Promise<readonly (Buffer | Error)[]>) {}

  run(verb: VerbName, input: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.waiting.push({ verb, input, resolve, reject }) === 1)
        setImmediate(() => {
          const steps = this.waiting;
          this.waiting = [];
          for (const part of parted(steps)) void this.sendAll(part);
        });
    });
  }

  /** Redis leaves what it has no time for, which is then sent again. */
  private async sendAll(steps: readonly Step[]): Promise<void> {
    let left = steps;
    try {
      while (left.length > 0) {
        const answers = await this.send(left);
        if (answers.length === 0) throw new Error('no step was run');
        for (const [at, answer] of answers.entries()) {
          if (answer instanceof Error) left[at]?.reject(answer);
          else left[at]?.resolve(answer);
        }
        left = left.slice(answers.length);
      }
    } catch (error) {
      for (const { reject } of left) reject(error);
    }
  }
}

function* parted(steps: readonly Step[]): Generator<readonly Step[]> {
  let [from, bytes] = [0, 0];
  for (const [at, { input }] of steps.entries()) {
    if (at > from && (at - from === stepsMax || bytes + input.length > bytesMax)) {
      yield steps.slice(from, at);
      [from, bytes] = [at, 0];
    }
    bytes += input.length;
  }
  yield steps.slice(from);
}
