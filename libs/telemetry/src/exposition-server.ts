import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expositionType, type Instruments } from './instruments';

/** A scraper needs one connection. */
const connectionsMax = 32;
const requestMs = 10_000;

/** Serves GET /metrics, for a program without an HTTP server of its own. */
export class ExpositionServer {
  private constructor(private readonly server: Server) {}

  /** @throws if it cannot listen there */
  static async listen(
    instruments: Instruments,
    { host, port }: { host: string; port: number },
  ): Promise<ExpositionServer> {
    const server = createServer(
      { requestTimeout: requestMs, headersTimeout: requestMs },
      (request, reply) => {
        reply.setHeader('cache-control', 'no-store').setHeader('x-content-type-options', 'nosniff');
        if (request.url !== '/metrics') reply.writeHead(404).end();
        else if (request.method !== 'GET') reply.writeHead(405, { allow: 'GET' }).end();
        else
          void instruments.exposition().then(
            (text) => reply.writeHead(200, { 'content-type': expositionType }).end(text),
            () => reply.writeHead(500).end(),
          );
      },
    );
    server.maxConnections = connectionsMax;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return new ExpositionServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
