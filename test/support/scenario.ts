import { createHash, randomUUID } from 'node:crypto';
import type { HoldAsk, LeaseView, OpenView, Refused, RecordRow, Table } from '#locks';

/**
 * Plays a scenario table against a table of rows: one line a request, time is a verb.
 *
 *   A reads f -> active read          a lease, taken or converted; B.x is owner x of session B
 *   A opens f write wait 10s -> waiting
 *   tick 45s
 *   A has f -> revoked
 *
 * What follows `->` must be the outcome, word for word; a line without it must not be refused. Tokens are watched
 * throughout: every grant on a file has a higher one than all before.
 */
export interface Clock {
  now: number;
}

const key = (...parts: string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('base64url').slice(0, 22);
const ms = (text: string): number => {
  const found = /^(\d+)(ms|s|m)$/.exec(text);
  if (!found) throw new Error(`not a span: ${text}`);
  return Number(found[1]) * { ms: 1, s: 1000, m: 60_000 }[found[2] as 'ms' | 's' | 'm'];
};

export const scenarioLimits = {
  sessionRowsMax: 1000,
  sessionsMax: 1000,
  queueMax: 3,
  unusedMs: 60_000,
  rememberMs: 60_000,
  askMs: 5_000,
  lostMs: 5_000,
  rangesMax: 1_000,
  fileDelegationsMax: 3,
  sessionDelegationsMax: 5,
  exportDelegationsMax: 8,
  revokedMax: 1,
  coolMs: 10_000,
  graceMs: 0,
};

export class Scenario {
  private exportName = '';
  private local = true;
  private incarnation = 'i1';
  private readonly secrets = new Map<string, string>();
  private readonly sessions = new Map<string, string>();
  private readonly leases = new Map<string, string>();
  private readonly opens = new Map<string, string>();
  private readonly names = new Map<string, string>();
  private readonly asks = new Map<string, HoldAsk>();
  private readonly highest = new Map<string, number>();
  private last: Refused['refused'] | undefined;
  private seen = 0;
  private breakNo = 0;

  constructor(
    readonly table: Table,
    readonly clock: Clock,
  ) {}

  async play(text: string): Promise<void> {
    await this.table.call('identify', { identity: 'scenario', epochSeen: 0, limits: scenarioLimits });
    let at = 0;
    for (const raw of text.split('\n')) {
      at += 1;
      const line = raw.replace(/#.*/, '').trim();
      if (line === '') continue;
      const [command = '', expected] = line.split('->').map((part) => part.trim());
      const actual = await this.line(command.split(/\s+/));
      const wrong = expected === undefined ? actual.startsWith('no ') : actual !== expected;
      if (wrong) {
        throw new Error(
          `line ${String(at)}: ${command}\n  expected: ${expected ?? 'anything but a refusal'}\n  actual:   ${actual}`,
        );
      }
    }
  }

  private async call(...args: Parameters<Table['call']>): Promise<unknown> {
    const reply = await this.table.call(...args);
    for (const ask of reply.asks) this.asks.set(ask.path, ask);
    const value: unknown = reply.value;
    this.last =
      typeof value === 'object' && value !== null && 'refused' in value
        ? (value as Refused).refused
        : undefined;
    return value;
  }

  private file(path: string) {
    return {
      fileKey: key(this.exportName, path),
      exportName: this.exportName,
      path,
      fileId: this.local ? path : `id-${path}`,
      inode: this.local ? '<none>:0' : 'fe:00:77',
    };
  }

  private who(actor: string) {
    const [name = '', owner] = actor.split('.');
    const sessionId = this.sessions.get(name);
    if (sessionId === undefined) throw new Error(`no session ${name}`);
    return {
      sessionId,
      digest: this.secrets.get(name),
      owner: owner ?? name,
      ownerKey: key(sessionId, owner ?? name),
      clientKey: key(sessionId, '', 'client'),
    };
  }

  private refusal(): string | undefined {
    return this.last === undefined ? undefined : `no ${this.last.reason}`;
  }

  private leaseText(lease: LeaseView): string {
    if (lease.state === 'pending') return `pending ${lease.pendingType ?? ''}`;
    if (lease.state === 'breaking') return `breaking ${lease.type} to ${lease.break?.target ?? '?'}`;
    if (lease.state === 'active')
      return `active ${lease.type}${lease.pendingType ? ` pending ${lease.pendingType}` : ''}`;
    return lease.state;
  }

  private async line(words: string[]): Promise<string> {
    const [first = '', verb = '', ...rest] = words;
    switch (first) {
      case 'export':
        return this.declare(words.slice(1));
      case 'session':
        return this.session(verb, rest[0] ?? '30s');
      case 'tick':
        return this.tick(ms(verb));
      case 'outage':
        this.clock.now += ms(verb);
        return 'ok';
      case 'fs':
        return this.fileserver(verb, rest);
      case 'asks':
        return [...this.asks.values()].map((ask) => `${ask.path} ${ask.type}`).join(', ') || 'nothing';
      case 'records':
        return this.records();
      case 'blockers':
        return (this.last?.blockers ?? [])
          .map((each) => `${this.nameOf(each.sessionId)} ${each.type} ${each.state}`)
          .join(', ');
      case 'files':
        return String((await this.table.call('lockList', { after: 0, limit: 1000 })).value.locks.length);
      default:
        return this.act(first, verb, rest);
    }
  }

  private nameOf(sessionId: string): string {
    return this.names.get(sessionId) ?? sessionId;
  }

  private async declare([stack = '', ...options]: string[]): Promise<string> {
    const span = (name: string, otherwise: number): number => {
      const at = options.indexOf(name);
      return at < 0 ? otherwise : ms(options[at + 1] ?? '');
    };
    this.local = stack === 'local';
    this.exportName = stack;
    if (this.local) {
      await this.call('exportDeclare', {
        name: stack,
        breakMs: span('break', 45_000),
        lockDelayMs: span('delay', 0),
      });
      return 'ok';
    }
    return this.register('i1', span('break', 45_000), span('limit', 45_000), span('delay', 0));
  }

  private async register(
    incarnation: string,
    breakMs = 45_000,
    breakLimitMs = 45_000,
    lockDelayMs = 0,
  ): Promise<string> {
    this.incarnation = incarnation;
    await this.call('register', {
      stack: 'posix',
      incarnation,
      process: { hostId: 'h', bootId: 'b', pid: 1, startTicks: incarnation },
      endpoint: '127.0.0.1:1',
      exports: [this.exportName],
      breakMs,
      lockDelayMs,
      breakLimitMs,
      holdsDieWithProcess: true,
      epochSeen: 0,
    });
    const refused = this.refusal();
    if (refused === undefined) await this.call('holdReport', { incarnation, holds: [], done: true });
    return refused ?? 'ok';
  }

  private async session(name: string, ttl: string): Promise<string> {
    const sessionId = randomUUID();
    this.sessions.set(name, sessionId);
    this.names.set(sessionId, name);
    this.secrets.set(name, `secret-${name}`);
    await this.call('sessionCreate', {
      sessionId,
      digest: `secret-${name}`,
      ttlMs: ms(ttl),
      pid: 800 + this.sessions.size,
    });
    return this.refusal() ?? 'ok';
  }

  /** Time passes as it does for a service: the sweeper looks at least once a second, and the adapter beats. */
  private async tick(span: number): Promise<string> {
    const end = this.clock.now + span;
    while (this.clock.now < end) {
      this.clock.now = Math.min(end, this.clock.now + 1000);
      if (!this.local && this.incarnation !== '') {
        await this.call('heartbeat', {
          incarnation: this.incarnation,
          exports: [this.exportName],
          epochSeen: 0,
          dead: [],
        });
      }
      for (let i = 0; i < 100; i += 1) {
        const value = (await this.call('tick', {})) as { nextMs: number };
        if (value.nextMs > 0) break;
      }
    }
    return 'ok';
  }

  private async fileserver(verb: string, rest: string[]): Promise<string> {
    const path = rest[0] ?? '';
    const ask = this.asks.get(path);
    switch (verb) {
      case 'has':
      case 'refuses': {
        if (ask === undefined) throw new Error(`nothing is asked about ${path}`);
        this.asks.delete(path);
        this.gens.set(path, ask.holdGen);
        const have = rest[1] as 'none' | 'read' | 'write';
        const value = (await this.call('holdAnswered', {
          fileKey: ask.fileKey,
          holdGen: ask.holdGen,
          have,
          reason: verb === 'refuses' ? (rest[2] ?? 'fileserver_refused') : undefined,
          cookie: have === 'none' ? undefined : (rest[2] ?? 'c0'),
        })) as { settled: boolean };
        return value.settled ? 'ok' : 'no longer awaited';
      }
      case 'silent':
        if (ask === undefined) throw new Error(`nothing is asked about ${path}`);
        this.asks.delete(path);
        await this.call('holdAnswered', {
          fileKey: ask.fileKey,
          holdGen: ask.holdGen,
          failed: 'fileserver_timeout',
        });
        return 'ok';
      case 'breaks':
      case 'lost': {
        const before = rest.includes('before');
        const holdGen = before ? (this.gens.get(path) ?? 0) : this.holdOf(path);
        const common = {
          fileKey: this.file(path).fileKey,
          exportName: this.exportName,
          holdGen,
          incarnation: this.incarnation,
        };
        if (verb === 'lost') {
          const value = (await this.call('fileserverLost', {
            ...common,
            have: rest[1] as 'none' | 'read',
            cause: 'fileserver',
          })) as { taken: boolean };
          return this.refusal() ?? (value.taken ? 'taken' : 'not taken');
        }
        this.breakNo += 1;
        const value = (await this.call('fileserverBreak', {
          ...common,
          breakNo: this.breakNo,
          target: rest[1] as 'none' | 'read',
          remainingMs: rest[2] === undefined ? undefined : ms(rest[2]),
        })) as { taken: boolean };
        return this.refusal() ?? (value.taken ? 'taken' : 'not taken');
      }
      case 'dies':
        this.incarnation = '';
        return 'ok';
      case 'successor':
        return this.register(path);
      case 'dead': {
        await this.call('heartbeat', {
          incarnation: this.incarnation,
          exports: [this.exportName],
          epochSeen: 0,
          dead: [path],
        });
        return this.refusal() ?? 'ok';
      }
      case 'beats':
        await this.call('heartbeat', {
          incarnation: path,
          exports: [this.exportName],
          epochSeen: 0,
          dead: [],
        });
        return this.refusal() ?? 'ok';
      case 'reports': {
        const holds = [{ ...this.file(path), type: rest[1] as 'read', holdGen: 900 }];
        const value = (await this.call('holdReport', {
          incarnation: this.incarnation,
          holds,
          done: true,
        })) as {
          adopted: number;
        };
        return `${String(value.adopted)} adopted`;
      }
      default:
        throw new Error(`no such line: fs ${verb}`);
    }
  }

  /** The generation under which the fileserver last answered: kept by the scenario as the adapter would. */
  private readonly gens = new Map<string, number>();
  private holdOf(path: string): number {
    const asked = this.asks.get(path);
    return asked?.holdGen ?? this.gens.get(path) ?? 0;
  }

  private async act(actor: string, verb: string, rest: string[]): Promise<string> {
    const who = this.who(actor);
    const path = rest[0] ?? '';
    const slot = `${actor}:${path}`;
    const option = (name: string): string | undefined => {
      const at = rest.indexOf(name);
      return at < 0 ? undefined : rest[at + 1];
    };
    switch (verb) {
      case 'reads':
      case 'writes':
      case 'releases':
      case 'acknowledges':
        return this.set(actor, verb, rest);
      case 'allocates': {
        const leaseId = randomUUID();
        await this.call('leaseAlloc', {
          ...who,
          items: [
            {
              leaseId,
              ...this.file(path),
              owner: who.owner,
              ownerKey: who.ownerKey,
              clientKey: who.clientKey,
            },
          ],
        });
        if (this.last === undefined) this.leases.set(slot, leaseId);
        return this.refusal() ?? 'allocated';
      }
      case 'has': {
        const leaseId = this.leases.get(slot);
        if (leaseId === undefined) return 'nothing';
        const value = (await this.call('leaseGet', { leaseId })) as { lease: LeaseView };
        return this.refusal() ?? this.leaseText(value.lease);
      }
      case 'deadline': {
        const value = (await this.call('leaseGet', { leaseId: this.leases.get(slot) ?? '' })) as {
          lease: LeaseView;
        };
        return this.refusal() ?? String(value.lease.break?.remainingMs ?? 'never');
      }
      case 'opens': {
        const openId = randomUUID();
        const wait = option('wait');
        const value = (await this.call('openCreate', {
          ...who,
          openId,
          file: this.file(path),
          access: rest[1] as 'read',
          deny: (option('denying') ?? 'none') as 'none',
          waitMs: wait === undefined ? 0 : ms(wait),
        })) as { open: OpenView };
        if (this.last === undefined) this.opens.set(slot, openId);
        return this.refusal() ?? value.open.state;
      }
      case 'open': {
        const value = (await this.call('openGet', {
          openId: this.opens.get(slot) ?? '',
          digest: who.digest,
        })) as { open: OpenView };
        return this.refusal() ?? value.open.state;
      }
      case 'closes':
        await this.call('openClose', { openId: this.opens.get(slot) ?? '', digest: who.digest });
        return this.refusal() ?? 'closed';
      case 'checks': {
        const leaseId = this.leases.get(slot) ?? '';
        const value = (await this.table.call('leaseGet', { leaseId })).value;
        const token = 'lease' in value ? value.lease.token : 0;
        await this.call('fenceCheck', { fileKey: this.file(path).fileKey, token, access: rest[1] as 'read' });
        return this.refusal() ?? 'valid';
      }
      case 'lives':
        await this.call('keepalive', { sessionId: who.sessionId, digest: who.digest });
        return this.refusal() ?? 'ok';
      case 'ends': {
        let more = true;
        while (more)
          more =
            (
              (await this.call('sessionEnd', { sessionId: who.sessionId, digest: who.digest })) as {
                more?: boolean;
              }
            ).more ?? false;
        return this.refusal() ?? 'ended';
      }
      case 'is': {
        const value = (await this.call('sessionGet', { sessionId: who.sessionId })) as {
          session: { state: string };
        };
        return this.refusal() ?? value.session.state;
      }
      case 'forced':
        await this.call('lockRelease', { id: this.leases.get(slot) ?? '', unfenced: rest[1] === 'unfenced' });
        return this.refusal() ?? 'ok';
      case 'broken':
        await this.call('lockBreak', { id: this.leases.get(slot) ?? '', target: rest[1] as 'none' });
        return this.refusal() ?? 'ok';
      case 'gives-up':
        await this.call('leaseUndo', { leaseId: this.leases.get(slot) ?? '', reason: 'fileserver_timeout' });
        return 'ok';
      default:
        throw new Error(`no such line: ${actor} ${verb}`);
    }
  }

  private async set(actor: string, verb: string, [path = '', ...options]: string[]): Promise<string> {
    const who = this.who(actor);
    const slot = `${actor}:${path}`;
    const type =
      verb === 'releases'
        ? 'none'
        : verb === 'acknowledges'
          ? (options[0] as 'none' | 'read')
          : verb === 'reads'
            ? 'read'
            : 'write';
    const known = this.leases.get(slot);
    const fresh = known === undefined || options.includes('anew');
    let value: unknown;
    if (fresh && type !== 'none') {
      const leaseId = randomUUID();
      value = await this.call('leaseAcquire', {
        ...who,
        item: {
          leaseId,
          ...this.file(path),
          owner: who.owner,
          ownerKey: who.ownerKey,
          clientKey: who.clientKey,
        },
        type,
      });
      if (this.last === undefined) this.leases.set(slot, leaseId);
    } else {
      const breakId = verb === 'acknowledges' ? await this.breakOf(known ?? '', options) : undefined;
      value = await this.call('leaseSet', { leaseId: known ?? '', digest: who.digest, type, breakId });
    }
    const refused = this.refusal();
    if (refused !== undefined) return refused;
    return this.leaseText((value as { lease: LeaseView }).lease);
  }

  /** The break the holder was told of: the running one, or with `late` one that is over. */
  private async breakOf(leaseId: string, options: string[]): Promise<string> {
    const { value } = await this.table.call('leaseGet', { leaseId });
    const running = 'lease' in value ? value.lease.break : undefined;
    return options.includes('late') ? 'b0' : (running?.breakId ?? 'b0');
  }

  /** What was recorded since the last time it was asked. */
  private async records(): Promise<string> {
    const { records } = await this.table.history(this.seen, 1000);
    for (const record of records) this.watch(record);
    this.seen = records.at(-1)?.no ?? this.seen;
    const texts = records.map((record) => {
      const who = record.sessionId === undefined ? '' : ` ${this.nameOf(record.sessionId)}`;
      const what =
        record.kind === 'break'
          ? ` to ${record.target ?? ''}`
          : record.kind === 'granted'
            ? ` ${record.type ?? ''}`
            : '';
      const why = record.kind === 'undone' || record.kind === 'dropped' ? ` ${record.reason ?? ''}` : '';
      const turn = record.turn === true ? ' in turn' : '';
      return `${record.kind}${who}${what}${why}${turn}`;
    });
    return texts.join(', ') || 'nothing';
  }

  private watch(record: RecordRow): void {
    if (record.kind !== 'granted' || record.fileKey === undefined) return;
    const token = record.token ?? 0;
    const before = this.highest.get(record.fileKey) ?? 0;
    if (token <= before)
      throw new Error(`token ${String(token)} of ${record.path ?? ''} does not grow (was ${String(before)})`);
    this.highest.set(record.fileKey, token);
  }
}
