import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { startRedis } from '../support/redis-server';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/**
 * Exports that appear at their first use and go after their last, used by many at once: a request that meets the removal
 * of its export is retried once, and succeeds. CYCLES sets the number of cycles.
 */
const cycles = Number(process.env['CYCLES'] ?? 10_000);
const clients = 20;
const places = 10;
jest.setTimeout(600_000);

interface Row {
  leaseId?: string;
  openId?: string;
  rangeId?: string;
  sessionId?: string;
  secret?: string;
}

/** One connection, one request at a time: the service should be busy here, not its clients. */
class Client {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private session: Row = {};

  constructor(private readonly api: LeaseApi) {}

  async open(): Promise<this> {
    this.session = await this.call('POST', '/sessions', { ttlMs: 600_000 });
    return this;
  }
  async end(): Promise<void> {
    await this.call('DELETE', `/sessions/${String(this.session.sessionId)}`);
    this.agent.destroy();
  }

  /** Acquires something on a file, and releases it. */
  async cycle(place: number, what: number): Promise<void> {
    const { sessionId } = this.session;
    const where = { sessionId, export: `tmp-${String(place)}`, file: 'f' };
    switch (what % 3) {
      case 0: {
        const { leaseId } = await this.call('POST', '/leases/acquire', { ...where, type: 'read' });
        return this.drop(`/leases/${String(leaseId)}`);
      }
      case 1: {
        const { openId } = await this.call('POST', '/opens', { ...where, access: 'read' });
        return this.drop(`/opens/${String(openId)}`);
      }
      default: {
        const bytes = { class: 'posix', start: 0, end: 'EOF', type: 'read' };
        const { rangeId } = await this.call('POST', '/ranges', { ...where, ...bytes });
        return this.drop(`/ranges/${String(rangeId)}`);
      }
    }
  }

  private async drop(path: string): Promise<void> {
    await this.call('DELETE', path);
  }

  private call(method: string, path: string, body?: object): Promise<Row> {
    const { agent, session } = this;
    const headers: Record<string, string> = {};
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (session.secret !== undefined) headers['x-session-secret'] = session.secret;
    return new Promise((resolve, reject) => {
      const sent = request(`${this.api.url}/v1${path}`, { method, agent, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => {
          const { statusCode = 0 } = answer;
          if (statusCode >= 300) reject(new Error(`${method} ${path}: ${String(statusCode)} ${text}`));
          else resolve((text === '' ? {} : JSON.parse(text)) as Row);
        });
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** This test is not about disks. */
const memory = '/dev/shm';

test.each(['embedded', 'redis'])(
  `over the %s table: ${String(cycles)} cycles by ${String(clients)} clients over ${String(places)} files`,
  async (store) => {
    const redis = store === 'redis' ? await startRedis() : undefined;
    const directory = existsSync(memory) ? mkdtempSync(join(memory, 'leasehold-load-')) : undefined;
    const embedded = directory === undefined ? undefined : `embedded:${directory}`;
    // Released rows are remembered for a while, and the test would have to wait for that.
    const env = { LEASEHOLD_REMEMBER_MS: '1000' };
    const api = await startLeaseApi({ table: redis?.url ?? embedded, env });
    const read = async (path: string): Promise<Record<string, unknown>> =>
      (await api.request('GET', `/v1${path}`)).body;
    const body = { onDemand: { prefix: 'tmp-', policy: 'local' } };
    expect(await api.request('PUT', '/v1/stacks/scratch', { body })).toMatchObject({ status: 201 });

    let left = cycles;
    const failures: unknown[] = [];
    const work = async (client: Client, at: number): Promise<void> => {
      for (let turn = at; left > 0 && failures.length === 0; turn++) {
        left -= 1;
        await client.cycle(turn % places, turn);
      }
    };
    const all = await Promise.all(Array.from({ length: clients }, () => new Client(api).open()));
    const startedAt = performance.now();
    await Promise.all(
      all.map((client, at) =>
        work(client, at).catch((error: unknown) => {
          failures.push(error);
        }),
      ),
    );
    const seconds = (performance.now() - startedAt) / 1000;
    expect(failures).toEqual([]);
    expect(left).toBe(0);
    const { text } = await api.request('GET', '/metrics');
    const [, touched = ''] = /leasehold_verb_seconds_count\{verb="exportTouch"\} (\d+)/.exec(text) ?? [];
    process.stdout.write(
      `${store}: ${String(cycles)} cycles in ${seconds.toFixed(1)} s, ${touched} of them looked for an export that was gone\n`,
    );
    // This race is the point of the test.
    expect(Number(touched)).toBeGreaterThan(cycles / 1_000);

    await Promise.all(all.map((client) => client.end()));
    await eventually(async () => {
      expect(await read('/locks')).toEqual({ locks: [] });
      expect((await read('/exports'))['exports']).toHaveLength(1);
      expect(await read('/stacks/scratch/dependents')).toEqual({ dependents: [] });
    });
    expect(await api.request('DELETE', '/v1/stacks/scratch')).toMatchObject({ status: 204 });
    await stopPrograms();
    await redis?.stop();
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  },
);
