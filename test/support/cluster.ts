import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Leasehold, type OpenSession, type Notice, type Session } from '#client';
import { unlikeContract } from './event-reader';
import { eventually, within } from './eventually';
import { freePort } from './free-port';
import { killLockers } from './locker';
import { killOpeners, open, type Opener } from './openers';
import { closeProxies, TcpProxy } from './tcp-proxy';
import { type Fileserver, type LeaseApi, startFileserver, startLeaseApi, stopPrograms } from './service';

type NoticeOf<N extends Notice['event']> = Extract<Notice, { event: N }>['data'];

/** What in the events of a session differed from the contract, of any session. */
const faults: string[] = [];

/** Every notice of a session since it was opened. */
export class Ear {
  /** In the order of arrival. */
  readonly notices: Notice[] = [];
  private readonly taken = new Set<Notice>();
  private readonly waiting = new Set<() => void>();

  constructor(session: Session) {
    session.on('error', () => undefined);
    void this.listen(session.events());
  }

  /** The first notice of this kind, present or future, not yet returned; about this file, if one is named. */
  async next<N extends Notice['event']>(event: N, file?: string): Promise<NoticeOf<N>> {
    const matches = (notice: Notice): boolean =>
      notice.event === event &&
      !this.taken.has(notice) &&
      (file === undefined || ('file' in notice.data && notice.data.file === file));
    const find = async (): Promise<NoticeOf<N>> => {
      for (;;) {
        const found = this.notices.find(matches);
        if (found !== undefined) {
          this.taken.add(found);
          return found.data as NoticeOf<N>;
        }
        await new Promise<void>((resolve) => this.waiting.add(resolve));
      }
    };
    return within(`${event} ${file ?? ''} after ${JSON.stringify(this.notices)}`, find());
  }

  /** The kinds of notices about a file so far, in order. */
  about(file: string): string[] {
    return this.notices
      .filter(({ data }) => 'file' in data && data.file === file)
      .map((notice) => notice.event);
  }

  private async listen(notices: AsyncIterable<Notice>): Promise<void> {
    for await (const notice of notices) {
      // The client itself says that nobody answers it, on a busy machine.
      const isOwn = notice.event === 'jeopardy' && notice.data.export === undefined;
      const fault = isOwn ? undefined : unlikeContract(notice.event, notice.data);
      if (fault !== undefined) faults.push(fault);
      this.notices.push(notice);
      for (const wake of this.waiting) wake();
      this.waiting.clear();
    }
  }
}

export interface Holder {
  session: Session;
  ear: Ear;
}

export interface ClusterOptions {
  /** One for all lease APIs, or the way of each to it. */
  table?: string | readonly string[];
  /** Of the lease APIs. */
  env?: Record<string, string>;
  /** How many lease APIs; more than one need a Redis table. */
  apis?: number;
  /** Puts `wire` between lease API and adapter, for tests that cut the connection or hold messages. */
  wired?: boolean;
  /** How long the start of a lease API may take. */
  startMs?: number;
}

const clusters = new Set<Cluster>();

/** Ends everything that tests have started; for `afterAll`. Throws if any event was not as in the contract. */
export async function stopClusters(): Promise<void> {
  for (const cluster of clusters) cluster.closeSessions();
  killOpeners();
  killLockers();
  closeProxies();
  await stopPrograms();
  for (const { exported } of clusters) rmSync(exported, { recursive: true, force: true });
  clusters.clear();
  if (faults.length > 0) throw new Error(faults.splice(0).slice(0, 10).join('\n'));
}

/** The service as in production: lease APIs and one posix adapter that serves the export `demo`, all real processes. */
export class Cluster {
  readonly exported = mkdtempSync(join(tmpdir(), 'leasehold-export-'));
  private readonly sessions: Session[] = [];
  private readonly clients = new Map<string, Leasehold>();

  private constructor(
    readonly apis: LeaseApi[],
    /** With `wire`, the requests of lease APIs to the adapter pass through here. */
    readonly wire: TcpProxy,
    /** With `wire`, the adapter's messages to the first lease API pass through here. */
    readonly reports: TcpProxy,
  ) {}

  /** The adapter; `replace` puts another one here. */
  fileserver!: Fileserver;

  static async start({
    table,
    env,
    apis = 1,
    wired = false,
    startMs,
  }: ClusterOptions = {}): Promise<Cluster> {
    const started = await Promise.all(
      Array.from({ length: apis }, (_, n) =>
        startLeaseApi({ table: typeof table === 'object' ? table[n] : table, env, startMs }),
      ),
    );
    let listen = '127.0.0.1:0';
    // The adapter takes the same port later.
    const wire = await TcpProxy.start({ target: () => listen, host: '127.0.0.2', port: await freePort() });
    const direct = started.map(({ rpcAddress }) => rpcAddress);
    const reports = await TcpProxy.start({ target: () => direct[0] ?? '' });
    const advertise = wired ? wire.address : undefined;
    if (wired) listen = `127.0.0.1:${String(wire.port)}`;
    const told = wired ? [reports.address, ...direct.slice(1)] : direct;
    const cluster = new Cluster(started, wire, reports);
    clusters.add(cluster);
    const exports = { demo: cluster.exported };
    cluster.fileserver = await startFileserver({ exports, apis: told, listen, advertise }, ...started);
    return cluster;
  }

  get api(): LeaseApi {
    return this.apis[0] as LeaseApi;
  }

  client(url = this.api.url): Leasehold {
    let client = this.clients.get(url);
    // A restart under load can take long.
    if (client === undefined) this.clients.set(url, (client = new Leasehold({ url, retryMs: 30_000 })));
    return client;
  }

  /** A new session with its own event stream, at the first lease API unless another is named. */
  async holder(options: OpenSession = {}, url?: string): Promise<Holder> {
    return this.heard(await this.client(url).openSession({ ttlMs: 120_000, ...options }));
  }

  /** Follows a session that a test has made itself. */
  heard(session: Session): Holder {
    this.sessions.push(session);
    return { session, ear: new Ear(session) };
  }

  closeSessions(): void {
    for (const session of this.sessions) session.close();
  }

  path(name: string): string {
    return join(this.exported, name);
  }
  /** Writes a file and returns its name. */
  file(name: string, content = 'text\n'): string {
    writeFileSync(this.path(name), content);
    return name;
  }
  content(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }
  /** Runs a program that does not use the service, in the exported directory. */
  opener(command: string): Opener {
    return open(command, this.exported);
  }

  /** The leases on a file in the kernel's /proc/locks: state, mode, maj:min:ino and range. */
  kernel(name: string): string[] {
    const { ino } = statSync(this.path(name), { bigint: true });
    return kernelLeases().flatMap(({ pid, line, inode }) =>
      inode.endsWith(`:${String(ino)}`) ? [line.replace(` ${String(pid)} `, ' ')] : [],
    );
  }

  /** Every line of the kernel's /proc/locks about a file, unchanged. */
  kernelLocks(name: string): string {
    const { ino } = statSync(this.path(name), { bigint: true });
    const lines = readFileSync('/proc/locks', 'utf8').split('\n');
    return lines
      .filter((line) => line.split(' ').some((word) => word.endsWith(`:${String(ino)}`)))
      .join('\n');
  }

  /** Waits until the kernel lists exactly these leases on a file. */
  async kernelSays(name: string, ...lines: string[]): Promise<void> {
    const { ino } = statSync(this.path(name), { bigint: true });
    const { dev } = statSync(this.path(name));
    const device = [dev >> 8, dev & 0xff].map((n) => n.toString(16).padStart(2, '0')).join(':');
    await eventually(() => {
      expect(this.kernel(name)).toEqual(lines.map((line) => `LEASE  ${line} ${device}:${String(ino)} 0 EOF`));
    });
  }

  /**
   * Waits until the table and the fileserver agree: the kernel has exactly one lease of the adapter for every file that
   * which the table lists leases, with the mode of the strongest, and no message is in flight.
   */
  async agreed(api = this.api): Promise<void> {
    await eventually(async () => {
      const listed = new Map<string, string>();
      for await (const lock of this.client(api.url).locks({ export: 'demo' })) {
        if (lock.kind !== 'lease' || lock.type === 'none') continue;
        expect([lock.file, lock.state]).toEqual([lock.file, 'active']);
        const known = listed.get(lock.inode);
        listed.set(lock.inode, known === 'WRITE' || lock.type === 'write' ? 'WRITE' : 'READ');
      }
      const held = kernelLeases()
        .filter(({ pid }) => pid === this.fileserver.pid)
        .map(({ inode, mode }): [string, string] => [inode, mode]);
      expect(new Map(held)).toEqual(listed);
      expect(held).toHaveLength(listed.size);
      const [demo] = (await this.client(api.url).exports()).filter(({ name }) => name === 'demo');
      expect(demo).toMatchObject({ state: 'up', unconfirmedFiles: 0 });
    });
  }

  /** Waits until the lease API knows this very adapter. */
  async served(): Promise<void> {
    const incarnation = this.fileserver.lines.findLast(({ msg }) => msg === 'ready')?.['incarnation'];
    await eventually(async () => {
      const [demo] = (await this.client().exports()).filter(({ name }) => name === 'demo');
      expect(demo).toMatchObject({ state: 'up', incarnation });
    });
  }

  /** Starts a second adapter for the same export and returns the first one, which keeps running. */
  async supersede(): Promise<Fileserver> {
    const before = this.fileserver;
    const apis = this.apis.map(({ rpcAddress }) => rpcAddress);
    const after = await startFileserver({ exports: { demo: this.exported }, apis });
    this.fileserver = after;
    await this.served();
    return before;
  }

  /** Writes a file, and waits until its timestamps are old enough to differ from those of the next change. */
  async oldFile(name: string): Promise<string> {
    this.file(name);
    await eventually(() => {
      expect(Date.now() - statSync(this.path(name)).ctimeMs).toBeGreaterThan(100);
    });
    return name;
  }
}

interface KernelLease {
  /** The line of /proc/locks, without its number. */
  line: string;
  mode: string;
  pid: number;
  inode: string;
}

/** Every lease in the kernel's /proc/locks. */
export function kernelLeases(): KernelLease[] {
  const leases: KernelLease[] = [];
  for (const row of readFileSync('/proc/locks', 'utf8').split('\n')) {
    const [, line = '', mode = '', pid, inode = ''] =
      /^\d+: (LEASE +(?:ACTIVE|BREAKING) +(\w+) (\d+) (\S+) 0 EOF)$/.exec(row) ?? [];
    if (line !== '') leases.push({ line, mode, pid: Number(pid), inode });
  }
  return leases;
}
