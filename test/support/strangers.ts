import { once } from 'node:events';
import { connect as connectHttp2, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from 'node:http2';
import { connect } from 'node:net';

/** Sends arbitrary bytes from a separate address: 127.0.0.0/8 has many. */

/** Sends a message over Nest's TCP transport and returns the answer. */
export async function tellRpc(
  address: string,
  { pattern, data, localAddress }: { pattern: string; data: object; localAddress?: string },
): Promise<unknown> {
  const [host, port] = address.split(':');
  const socket = connect({ host, port: Number(port), localAddress });
  const text = JSON.stringify({ pattern, data, id: '1' });
  socket.write(`${String(text.length)}#${text}`);
  let heard = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk));
  try {
    for (;;) {
      await once(socket, 'data');
      const [, length, json = ''] = /^(\d+)#(.*)$/s.exec(heard) ?? [];
      if (json.length >= Number(length)) return (JSON.parse(json) as { response: unknown }).response;
    }
  } finally {
    socket.destroy();
  }
}

/** A gRPC call, under this seal. Returns its status, and the bytes of its answer with their seal. */
export async function callGrpc(
  address: string,
  {
    path,
    seal,
    bytes,
    localAddress,
  }: { path: string; seal: string; bytes: Uint8Array; localAddress?: string },
): Promise<{ status: number; text: string; answer: Buffer; seal: string }> {
  const [host, port] = address.split(':');
  const session = connectHttp2(`http://${address}`, {
    createConnection: () => connect({ host, port: Number(port), localAddress }),
  });
  try {
    const call = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      'leasehold-seal': seal,
    });
    const frame = Buffer.alloc(5);
    frame.writeUInt32BE(bytes.length, 1);
    call.end(Buffer.concat([frame, bytes]));
    const ends: IncomingHttpHeaders & IncomingHttpStatusHeader = {};
    for (const event of ['response', 'trailers'] as const)
      call.on(event, (headers: object) => Object.assign(ends, headers));
    const chunks: Buffer[] = [];
    call.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(call, 'close');
    const text = decodeURIComponent(String(ends['grpc-message']));
    const answer = Buffer.concat(chunks).subarray(5);
    return { status: Number(ends['grpc-status']), text, answer, seal: String(ends['leasehold-seal']) };
  } finally {
    session.close();
  }
}
