import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { serveJobs } from './side-process';
import { newSession, type SessionKey, Wire } from './wire';

const wiresMax = 50;
const heardMs = 120_000;

const wires: Wire[] = [];
const holders: SessionKey[] = [];
const leases: { leaseId: string; secret: string }[] = [];
let breaker: SessionKey | undefined;
/** The ends of the streams; of the bare server: its own ends of them. */
const sockets: Socket[] = [];
/** How often a text has been heard, and when that is often enough. */
let heard = 0;
let wanted = Infinity;
let onHeard: (() => void) | undefined;

/** Runs a function for each of `items`, on all connections in parallel. */
async function forEach<T>(items: readonly T[], work: (wire: Wire, item: T, at: number) => Promise<void>) {
  let next = 0;
  await Promise.all(
    wires.map(async (wire) => {
      for (let at = next++; at < items.length; at = next++) await work(wire, items[at] as T, at);
    }),
  );
}

/** One connection that only counts what it hears: `event: break` stands whole in one write. */
async function listen(port: number, request: string): Promise<void> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  await once(socket, 'connect');
  const answered = new Promise<void>((resolve) => {
    socket.on('data', (text: string) => {
      resolve();
      if (!text.includes('event: break')) return;
      heard += 1;
      if (heard === wanted) onHeard?.();
    });
  });
  socket.write(request);
  await answered;
  sockets.push(socket);
}

async function hears(count: number, begin: () => Promise<unknown>): Promise<void> {
  heard = 0;
  wanted = count;
  const all = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new Error(`${String(heard)} of ${String(count)} streams were told`));
    }, heardMs);
    onHeard = () => {
      clearTimeout(late);
      resolve();
    };
  });
  await begin();
  await all;
}

const jobs = {
  sessions: async ({ url, count }: { url: string; count: number }): Promise<void> => {
    for (let n = 0; n < wiresMax; n++) wires.push(await Wire.to(url));
    breaker = await newSession(wires[0] as Wire);
    await forEach(Array.from({ length: count }), async (wire) => {
      holders.push(await newSession(wire));
    });
  },
  /** Every session follows its events. */
  streams: async ({ url }: { url: string }): Promise<void> => {
    const { port, host } = new URL(url);
    await forEach(holders, (_wire, { sessionId, secret }) =>
      listen(
        Number(port),
        `GET /v1/sessions/${sessionId}/events HTTP/1.1\r\nhost: ${host}\r\nx-session-secret: ${secret}\r\naccept: text/event-stream\r\n\r\n`,
      ),
    );
  },
  /** Every session takes a read lease on one file. */
  take: async ({ file }: { file: string }): Promise<void> => {
    await forEach(holders, async (wire, { sessionId, secret }) => {
      const body = { sessionId, export: 'local', file, type: 'read' };
      const text = await wire.expect(201, 'POST', '/v1/leases/acquire', secret, body);
      leases.push({ leaseId: (JSON.parse(text) as { leaseId: string }).leaseId, secret });
    });
  },
  /** Opens the file for writing; resolves when every stream has heard of it. */
  open: ({ file }: { file: string }): Promise<void> =>
    hears(holders.length, () => {
      const { sessionId, secret } = breaker as SessionKey;
      const body = { sessionId, export: 'local', file, access: 'write' };
      return (wires[0] as Wire).expect(409, 'POST', '/v1/opens', secret, body);
    }),
  release: async (): Promise<void> => {
    await forEach(leases.splice(0), async (wire, { leaseId, secret }) => {
      await wire.expect(204, 'DELETE', `/v1/leases/${leaseId}`, secret);
    });
  },

  /** A server that answers nothing but what it is told to write. Returns its port. */
  serve: async (): Promise<number> => {
    const server: Server = createServer((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      sockets.push(socket);
    }).listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  },
  /** Writes a frame, as long as a break event and its chunk, to each stream of the bare server. */
  write: ({ bytes }: { bytes: number }): void => {
    const frame = Buffer.from('event: break\n'.padEnd(bytes, 'x'), 'latin1');
    for (const socket of sockets) socket.write(frame);
  },
  /** Connects streams to the bare server. */
  connect: async ({ port, count }: { port: number; count: number }): Promise<void> => {
    for (let at = 0; at < count; at += wiresMax)
      await Promise.all(Array.from({ length: wiresMax }, () => listen(port, 'GET / HTTP/1.1\r\n\r\n')));
  },
  /** Resolves when this many frames have arrived after `begin` of the bare server was called by the parent. */
  hear: ({ count }: { count: number }): Promise<void> => hears(count, () => Promise.resolve()),
};
export type ListenerJobs = typeof jobs;
serveJobs(jobs);
