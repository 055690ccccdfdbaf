import { createServer } from 'node:net';

/** Below the ports that the kernel gives to outgoing connections, and beside those of test/support/free-port.ts. */
const range = { from: 10_000, to: 12_000 };

/** A port of 127.0.0.1 on which nobody listens, as text. */
export async function freePort() {
  for (;;) {
    const port = range.from + Math.floor(Math.random() * (range.to - range.from));
    const server = createServer();
    const isFree = await new Promise((resolve, reject) => {
      server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return String(port);
  }
}
