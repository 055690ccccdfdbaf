import { serveJobs } from './side-process';
import { newSession, Wire } from './wire';

export interface Flood {
  url: string;
  token: string;
  inFlight: number;
  ms: number;
}

const jobs = {
  /** Asks for one lease after another, on as many connections, whatever the answer. */
  flood: async ({ url, token, inFlight, ms }: Flood): Promise<{ granted: number; refused: number }> => {
    const done = { granted: 0, refused: 0 };
    const until = performance.now() + ms;
    const slot = async (no: number): Promise<void> => {
      const wire = await Wire.to(url, token);
      let session: Awaited<ReturnType<typeof newSession>> | undefined;
      for (let asked = 0; performance.now() < until; asked++) {
        session ??= await newSession(wire).catch(() => undefined);
        if (session === undefined) {
          done.refused += 1;
          continue;
        }
        const { sessionId, secret } = session;
        const body = {
          sessionId,
          export: 'local',
          file: `greedy/${String(no)}/${String(asked % 100)}`,
          type: 'write',
        };
        const { status } = await wire.request('POST', '/v1/leases/acquire', secret, body);
        done[status === 201 ? 'granted' : 'refused'] += 1;
      }
      if (session !== undefined)
        await wire.request('DELETE', `/v1/sessions/${session.sessionId}`, session.secret);
      wire.close();
    };
    await Promise.all(Array.from({ length: inFlight }, (_, no) => slot(no)));
    return done;
  },
};
export type GreedyJobs = typeof jobs;
serveJobs(jobs);
