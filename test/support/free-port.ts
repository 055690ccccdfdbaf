import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that the kernel gives to outgoing connections, so that none of those takes it before it is used.
 * Each worker of a test run has ports of its own, and gives one out again after all others only: a program that has
 * not begun to listen, or is down between two starts, keeps its port.
 */
const perWorker = 4000;
const from = 12_000 + perWorker * (Number(process.env['JEST_WORKER_ID'] ?? 0) % 5);
let next = Math.floor(Math.random() * perWorker);

/** A port of 127.0.0.1 on which nobody listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = from + (next++ % perWorker);
    const probe = createServer().listen(port, '127.0.0.1');
    try {
      // Rejects with the event `error`.
      await once(probe, 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') continue;
      throw error;
    }
    probe.close();
    await once(probe, 'close');
    return port;
  }
}
