import { Worker } from 'node:worker_threads';

/** Milliseconds of processor time allowed for what runs now (0: nothing runs), and the number of what runs. */
const shared = new Int32Array(new SharedArrayBuffer(8));

/** In a thread of its own, as what hangs lets nothing else run. */
const thread = `
  const { workerData } = require('node:worker_threads');
  let [running, from] = [0, process.cpuUsage()];
  setInterval(() => {
    const [limit, number] = [Atomics.load(workerData, 0), Atomics.load(workerData, 1)];
    if (number !== running) [running, from] = [number, process.cpuUsage()];
    const { user, system } = process.cpuUsage(from);
    if (limit > 0 && (user + system) / 1000 > limit) process.kill(process.pid, 'SIGKILL');
  }, 100);
`;

/**
 * Kills this process when something takes more than its processor time. Time on the clock would say more about the
 * machine.
 */
export const watchdog = {
  begin(limitMs: number): void {
    start();
    Atomics.add(shared, 1, 1);
    Atomics.store(shared, 0, Math.ceil(limitMs));
  },
  end(): void {
    Atomics.store(shared, 0, 0);
  },
};

let started = false;
function start(): void {
  if (started) return;
  started = true;
  new Worker(thread, { eval: true, execArgv: [], workerData: shared }).unref();
}
