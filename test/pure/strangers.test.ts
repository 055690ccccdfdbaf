import { once } from 'node:events';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { PromptServer, proven, Strangers } from '../../libs/rpc/src';
import { eventually } from '../support/eventually';

/** What connections may cost whose other end has not shown that it knows a secret. */
Logger.overrideLogger(false);

const servers: PromptServer[] = [];
const clients: Socket[] = [];
afterEach(() => {
  for (const each of clients.splice(0)) each.destroy();
  for (const each of servers.splice(0)) each.close();
});

async function serve(max: { connections?: number; bytes?: number; proofMs?: number }) {
  const bounds = { connections: 100, bytes: 1_000, proofMs: 3_600_000, ...max };
  const server = new PromptServer({ host: '127.0.0.1', port: 0 }, { strangers: new Strangers(bounds) });
  servers.push(server);
  const accepted: Socket[] = [];
  let isKnown = false;
  const listener = server.unwrap<Server>().on('connection', (socket) => {
    accepted.push(socket);
    if (isKnown) proven(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(() => {
      resolve();
    });
  });
  const { port } = listener.address() as AddressInfo;
  /** A connection that has sent this much of a frame, once that has been read; and its other end. */
  const half = async (bytes: number, known = false): Promise<{ client: Socket; socket: Socket }> => {
    isKnown = known;
    const client = connect(port, '127.0.0.1').on('error', () => undefined);
    clients.push(client);
    const before = accepted.length;
    await once(client, 'connect');
    client.write(`5000#${'x'.repeat(bytes)}`);
    const socket = await eventually(() => {
      const [one] = accepted.slice(before);
      expect(one?.bytesRead).toBe(bytes + 5);
      return one;
    });
    if (socket === undefined) throw new Error('nobody was accepted');
    return { client, socket };
  };
  return half;
}

test('who keeps the most unfinished bytes is cut off, and nobody else', async () => {
  const half = await serve({ bytes: 1_000 });
  const small = await half(100);
  const big = await half(600);
  const medium = await half(400);
  await eventually(() => {
    expect(big.socket.destroyed).toBe(true);
  });
  expect([small.socket.destroyed, medium.socket.destroyed]).toEqual([false, false]);
  // What the one that was cut off kept no longer counts.
  const next = await half(450);
  expect([small, medium, next].map(({ socket }) => socket.destroyed)).toEqual([false, false, false]);
});

test('a connection that has shown a secret may take its time', async () => {
  const half = await serve({ bytes: 1_000, proofMs: 1_000 });
  const known = await half(900, true);
  const stranger = await half(900);
  await eventually(() => {
    expect(stranger.socket.destroyed).toBe(true);
  });
  expect(known.socket.destroyed).toBe(false);
});

test('the oldest stranger makes room for the next', async () => {
  const half = await serve({ connections: 2 });
  const [first, second, third] = [await half(1), await half(1), await half(1)];
  await eventually(() => {
    expect(first.socket.destroyed).toBe(true);
  });
  expect([second.socket.destroyed, third.socket.destroyed]).toEqual([false, false]);
});
