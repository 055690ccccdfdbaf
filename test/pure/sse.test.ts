import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { SseResponse } from '../../apps/lease-api/src/http/sse';
import { Unsent } from '../../apps/lease-api/src/http/unsent';
import type { Metrics } from '../../apps/lease-api/src/telemetry/metrics';
import { eventually, within } from '../support/eventually';

/** What a client of an event stream reads, byte by byte. */
class Stream extends SseResponse {
  static from(response: ServerResponse): Stream {
    const headers = { 'x-request-id': 'r1' };
    const metrics = { streamsCut: { add: jest.fn() } } as unknown as Metrics;
    return new Stream({ response, headers }, () => undefined, metrics, new Unsent());
  }
  tell(text: string): void {
    this.write(text);
  }
}

const ascii = 'event: expired\ndata: {"sessionId":"s"}\n\n';
const accents = 'event: released\ndata: {"file":"é.txt","owner":"日本"}\n\n';

let server: Server;
let port = 0;
/** Called with each response, in the order of the requests. */
let serve: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((_request, response) => {
    serve(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function rawAnswer(request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  return within('the end of the answer', textOf(socket));
}

test('events arrive as they were told, with headers of their own', async () => {
  serve = (response) => {
    const stream = Stream.from(response);
    for (const each of [ascii, accents, ascii]) stream.tell(each);
    stream.end();
  };
  const [response] = (await once(get({ port, host: '127.0.0.1' }), 'response')) as [IncomingMessage];
  expect(response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-request-id': 'r1',
  });
  expect(await textOf(response)).toBe(ascii + accents + ascii);
});

test('a client of HTTP/1.0 gets them without chunks', async () => {
  serve = (response) => {
    const stream = Stream.from(response);
    stream.tell(accents);
    stream.end();
  };
  const answer = await rawAnswer('GET / HTTP/1.0\r\n\r\n');
  expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe(accents);
});

test('a request that was sent before the answer to another gets its events after that answer', async () => {
  const responses: ServerResponse[] = [];
  serve = (response) => {
    responses.push(response);
    const [first, second] = responses;
    if (first === undefined || second === undefined) return;
    const stream = Stream.from(second);
    stream.tell(accents);
    first.end('first');
    setImmediate(() => {
      stream.tell(ascii);
      stream.end();
    });
  };
  const request = 'GET / HTTP/1.1\r\nhost: h\r\n';
  const answer = await rawAnswer(`${request}\r\n${request}connection: close\r\n\r\n`);
  const [, second = ''] = answer.split('first');
  const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
  expect(second.slice(second.indexOf('\r\n\r\n') + 4)).toBe(`${chunk(accents)}${chunk(ascii)}0\r\n\r\n`);
});

test('a replay goes on when its client has read what it was sent', async () => {
  const page = `data: ${'x'.repeat(100_000)}\n\n`;
  let pages = 0;
  let waits: Promise<string> | undefined;
  serve = (response) => {
    const stream = Stream.from(response);
    // Until the kernel takes no more.
    for (; stream.unsent <= 64 * 1024; pages += 1) stream.tell(page);
    waits = stream.drained().then(() => 'drained');
  };
  const [response] = (await once(get({ port, host: '127.0.0.1' }), 'response')) as [IncomingMessage];
  expect(await Promise.race([waits, turn('waits')])).toBe('waits');
  let received = 0;
  response.on('data', (part: Buffer) => (received += part.length));
  expect(await within('the rest', waits ?? Promise.resolve(''))).toBe('drained');
  await eventually(() => {
    expect(received).toBe(pages * page.length);
  });
  response.destroy();
});
