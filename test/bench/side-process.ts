import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** The jobs of a side process, by name. */
export type Jobs = Record<string, (input: never) => unknown>;
type Input<J extends Jobs, N extends keyof J> = Parameters<J[N]>[0];
type Output<J extends Jobs, N extends keyof J> = Awaited<ReturnType<J[N]>>;

interface Question {
  no: number;
  name: string;
  input: unknown;
}
type Answer = { no: number; output: unknown } | { no: number; failed: string };

/** Flags with which Node runs the TypeScript files of this folder. */
export const typescript = ['-r', join(__dirname, '../support/typescript.cjs')];
/** No job takes longer; one that does has hung. */
const jobMs = 240_000;
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A part of a benchmark in a separate process, so that it does not take time from the measured one. */
export class SideProcess<J extends Jobs> {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private asked = 0;

  /** `program` is a file of this folder, without its extension. */
  constructor(program: string, nodeFlags: string[] = []) {
    this.child = fork(join(__dirname, `${program}.ts`), { execArgv: [...nodeFlags, ...typescript] });
    running.add(this.child);
    this.child.on('message', (answer: Answer) => {
      this.waiting.get(answer.no)?.(answer);
    });
    this.child.once('exit', (code) => {
      running.delete(this.child);
      for (const [no, answer] of this.waiting)
        answer({ no, failed: `${program} has ended (${String(code)})` });
    });
  }

  /** Runs one job there. Throws if it fails there, or takes longer than four minutes. */
  async ask<N extends keyof J & string>(name: N, input: Input<J, N>): Promise<Output<J, N>> {
    const question: Question = { no: ++this.asked, name, input };
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<Answer>((resolve) => {
      timer = setTimeout(() => {
        resolve({ no: question.no, failed: `${name} has not ended within ${String(jobMs)} ms` });
      }, jobMs);
      this.waiting.set(question.no, resolve);
      this.child.send(question);
    });
    clearTimeout(timer);
    this.waiting.delete(question.no);
    if ('failed' in answer) throw new Error(answer.failed);
    return answer.output as Output<J, N>;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}

/** For the program itself: runs the jobs of its parent, one after another. */
export function serveJobs(jobs: Jobs): void {
  process.on('message', ({ no, name, input }: Question) => {
    const answer = (message: Answer): void => void process.send?.(message);
    Promise.resolve()
      .then(() => jobs[name]?.(input as never))
      .then(
        (output) => {
          answer({ no, output });
        },
        (error: unknown) => {
          answer({ no, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
        },
      );
  });
  process.on('disconnect', () => process.exit());
}
