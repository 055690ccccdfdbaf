import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveJobs } from './side-process';

/** A server that does nothing but answer: what HTTP itself costs here. */
const jobs = {
  listen: async (): Promise<string> => {
    const server = createServer((request, response) => {
      request.resume().once('end', () => {
        response.setHeader('content-type', 'application/json').end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  },
};
export type EchoJobs = typeof jobs;
serveJobs(jobs);
