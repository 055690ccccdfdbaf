import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { createParser } from 'eventsource-parser';
import { clockMs } from './figure';
import { serveJobs } from './side-process';
import { newSession, type SessionKey, Wire } from './wire';

const wiresMax = 50;
const breakMs = 60_000;

const wires: Wire[] = [];
const holders: SessionKey[] = [];
let breaker: SessionKey | undefined;
let leases: { leaseId: string; secret: string }[] = [];
/** The time of each break event of this round. */
let heard: number[] = [];
let onHeard: (() => void) | undefined;
const agent = new Agent({ maxSockets: Infinity });

/** Runs a function for each of `items`, on all connections in parallel. */
async function forEach<T>(
  items: readonly T[],
  work: (wire: Wire, item: T, at: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    wires.map(async (wire) => {
      for (let at = next++; at < items.length; at = next++) await work(wire, items[at] as T, at);
    }),
  );
}

/** Follows a session's events; resolves once the stream is live. */
async function listen(url: string, { sessionId, secret }: SessionKey): Promise<void> {
  const request = get(`${url}/v1/sessions/${sessionId}/events`, {
    agent,
    headers: { 'x-session-secret': secret },
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await new Promise<void>((resolve) => {
    const parser = createParser({
      onEvent: ({ event }) => {
        if (event === 'resync') resolve();
        if (event !== 'break') return;
        heard.push(clockMs());
        onHeard?.();
      },
    });
    response.setEncoding('utf8').on('data', (text: string) => {
      parser.feed(text);
    });
  });
}

const jobs = {
  /** Opens this many sessions, each with its event stream. */
  connect: async ({ url, sessions }: { url: string; sessions: number }): Promise<void> => {
    for (let n = 0; n < wiresMax; n++) wires.push(await Wire.to(url));
    breaker = await newSession(wires[0] as Wire);
    await forEach(Array.from({ length: sessions }), async (wire) => {
      const session = await newSession(wire);
      await listen(url, session);
      holders.push(session);
    });
  },

  /** Acquires this many read leases on one file, spread over the sessions. */
  take: async ({ file, count }: { file: string; count: number }): Promise<void> => {
    leases = [];
    await forEach(Array.from({ length: count }), async (wire, _, at) => {
      const { sessionId, secret } = holders[at % holders.length] as SessionKey;
      const body = { sessionId, owner: `owner ${String(at)}`, export: 'local', file, type: 'read' };
      const text = await wire.expect(201, 'POST', '/v1/leases/acquire', secret, body);
      leases.push({ leaseId: (JSON.parse(text) as { leaseId: string }).leaseId, secret });
    });
  },

  /** Opens the file for writing. Returns how long the first and the last holder waited for the event. */
  open: async ({ file }: { file: string }): Promise<{ firstMs: number; lastMs: number }> => {
    const { sessionId, secret } = breaker as SessionKey;
    heard = [];
    const all = new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`${String(heard.length)} of ${String(leases.length)} holders were told`));
      }, breakMs);
      onHeard = () => {
        if (heard.length < leases.length) return;
        clearTimeout(late);
        resolve();
      };
    });
    const calledAt = clockMs();
    await (wires[0] as Wire).expect(409, 'POST', '/v1/opens', secret, {
      sessionId,
      export: 'local',
      file,
      access: 'write',
    });
    await all;
    return { firstMs: Math.min(...heard) - calledAt, lastMs: Math.max(...heard) - calledAt };
  },

  /** Every holder releases its lease. */
  release: async (): Promise<void> => {
    await forEach(leases, async (wire, { leaseId, secret }) => {
      await wire.expect(204, 'DELETE', `/v1/leases/${leaseId}`, secret);
    });
  },
};
export type HolderJobs = typeof jobs;
serveJobs(jobs);
