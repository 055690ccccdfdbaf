import type { Asked, Line, Part, Want } from './history';

/**
 * Judges a history by what its clients were told. Shares no code with the service: what conflicts with what is written
 * here a second time, on purpose.
 *
 * What a client may believe: it holds what it was granted from the moment when it had the answer, until it sends its release
 * or its answer to a break, or is told that it has lost it; at most until its session's deadline, which it counts from when it
 * sent the last successful keepalive; and once it has been told of a break, at most until the deadline of the break.
 * Without news of a break a lease may be lost, if its holder could not be told: that takes at least the break time,
 * counted from when the holder's stream last moved, in the shard of the file.
 *
 * Of shards it knows what clients may: the id of an event has a place in each, and a token leaves the number of its shard as its
 * remainder.
 */
export interface Verdict {
  violations: string[];
  counts: Record<string, number>;
}

export interface Judging {
  /** How much later than its bound a waiting request may be answered, as the machine may be busy. */
  lateMs: number;
  /** How long an event may be under way. */
  deliveryMs: number;
}

/** Events that are repeated whenever a stream resumes. A break is news only as long as it runs. */
const lasting = new Set(['granted', 'dropped', 'downgraded', 'released', 'revoked']);

/** Clocks are rounded to milliseconds, by both sides. */
const roundingMs = 50;

interface Hold {
  who: string;
  hold: string;
  id: string;
  file: string;
  want: Want;
  token: number | undefined;
  /** When the request was sent, when its grant was known, and when the holder stopped to rely on it. */
  sentAt: number;
  from: number;
  until: number;
  /** When it was asked for first: a repeat is told of the grant that an earlier attempt has got. */
  askedAt: number;
  /** When its holder was first told anything about its end. */
  newsAt: number;
  /** It was told of a break. */
  broken: boolean;
  /** Its holder has given it back, so what it hears of it later is old. */
  released: boolean;
  /** When it was told that it has lost it by force, on which stream. */
  taken: { at: number; stream: Stream }[];
}

const fresh = { broken: false, released: false };

/** All attempts of one request. */
const attemptsOf = ({ verb, hold }: { verb: string; hold: string }): string => `${verb} ${hold}`;

interface Stream {
  who: string;
  place: string;
  openedAt: number;
  /** When it moved: the first news, and each new position; in each shard, and in any. */
  moves: number[];
  movesIn: number[][];
  events: Told[];
  lastId: string | undefined;
}

interface Told {
  at: number;
  event: string;
  key: string;
  id: string;
  leaseId: string | undefined;
  file: string | undefined;
}

interface Call {
  at: number;
  who: string;
  ask: Asked;
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export function judge(lines: readonly Line[], { lateMs, deliveryMs }: Judging): Verdict {
  return new Judge(lines, lateMs, deliveryMs).verdict();
}

class Judge {
  private readonly violations: string[] = [];
  private readonly counts: Record<string, number> = {};
  private readonly calls = new Map<string, Call>();
  private readonly asked = new Map<string, number>();
  private readonly holds: Hold[] = [];
  private readonly byName = new Map<string, Hold[]>();
  private readonly byLease = new Map<string, Hold[]>();
  private readonly streams = new Map<number, Stream>();
  private readonly deadlines = new Map<string, number>();
  /** By the service's id: whose session it is, and from when on nothing of it may be in anybody's way. */
  private readonly sessions = new Map<string, string>();
  private readonly overAt = new Map<string, number>();
  /** How many shards the table has, and the shard of each file, as far as tokens have shown it. */
  private shards = 1;
  private readonly shardOf = new Map<string, number>();
  private readonly faults: { from: number; until: number }[] = [];
  /** The last position of each listener. */
  private readonly lastIds = new Map<string, string>();
  private breakMs = 0;
  private ttlMs = 0;
  private wallAt = 0;
  private endAt = 0;

  constructor(
    private readonly lines: readonly Line[],
    private readonly lateMs: number,
    private readonly deliveryMs: number,
  ) {}

  verdict(): Verdict {
    this.gatherFaults();
    for (const line of this.lines)
      if (line.say === 'event') this.shards = Math.max(this.shards, placesIn(line.id ?? '').length);
    for (const line of this.lines) this.read(line);
    for (const hold of this.holds)
      hold.until = Math.min(hold.until, this.deadlines.get(hold.who) ?? Infinity);
    this.judgeUnanswered();
    this.judgeHolders();
    this.judgePermits();
    this.judgeTokens();
    this.judgeStreams();
    this.counts['shards with files'] = new Set(this.shardOf.values()).size;
    return { violations: this.violations, counts: this.counts };
  }

  private count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  private violated(what: string): void {
    this.count('violations');
    this.violations.push(what);
  }

  private gatherFaults(): void {
    const running = new Map<string, number>();
    for (const line of this.lines) {
      this.endAt = line.at;
      if (line.say !== 'fault') continue;
      if (line.is === 'begins') {
        this.count('faults');
        running.set(line.fault, line.at);
        continue;
      }
      this.faults.push({ from: running.get(line.fault) ?? line.at, until: line.at });
      running.delete(line.fault);
    }
    for (const from of running.values()) this.faults.push({ from, until: Infinity });
  }

  private read(line: Line): void {
    switch (line.say) {
      case 'run':
        this.breakMs = line.breakMs;
        this.ttlMs = line.ttlMs;
        this.wallAt = line.wallMs - line.at;
        return;
      case 'asks':
        this.count(`asked ${line.ask.verb}`);
        this.calls.set(`${line.who} ${String(line.no)}`, line);
        if ('hold' in line.ask && !this.asked.has(attemptsOf(line.ask)))
          this.asked.set(attemptsOf(line.ask), line.at);
        this.relinquish(line);
        return;
      case 'told':
        this.told(line);
        return;
      case 'stream':
        if (line.is === 'open')
          this.streams.set(line.stream, {
            who: line.who,
            place: line.place,
            openedAt: line.at,
            moves: [],
            movesIn: [],
            events: [],
            lastId: undefined,
          });
        return;
      case 'event':
        this.event(line);
        return;
      case 'ping': {
        const stream = this.streams.get(line.stream);
        if (stream !== undefined && line.id !== undefined) this.move(stream, line.at, line.id);
        return;
      }
      case 'fault':
    }
  }

  /** From here on the client itself does not rely on what it gives up. */
  private relinquish({ at, who, ask }: Call): void {
    if (ask.verb === 'end') this.deadlines.set(who, Math.min(this.deadlines.get(who) ?? at, at));
    if (ask.verb === 'release')
      for (const hold of this.named(ask.hold)) {
        hold.released = true;
        this.end(hold, at);
      }
    if (ask.verb === 'acknowledge')
      for (const hold of this.named(ask.hold))
        if (ask.target === 'none' || isWrite(hold.want)) this.end(hold, at);
  }

  private named(name: string): Hold[] {
    return this.byName.get(name) ?? [];
  }

  private end(hold: Hold, at: number): void {
    hold.until = Math.min(hold.until, at);
    hold.newsAt = Math.min(hold.newsAt, at);
  }

  private told(line: Extract<Line, { say: 'told' }>): void {
    const key = `${line.who} ${String(line.no)}`;
    const call = this.calls.get(key);
    if (call === undefined) return;
    this.calls.delete(key);
    this.judgeBound(call, line.at);
    if (line.status === 0) {
      this.count('no answer');
      return;
    }
    const body = record(line.body);
    if (line.status >= 400) this.refused(call, line.at, line.status, body);
    else this.granted(call, line.at, body);
  }

  private granted({ at: sentAt, who, ask }: Call, at: number, body: Record<string, unknown>): void {
    this.count(`done ${ask.verb}`);
    if (ask.verb === 'session') {
      this.deadlines.set(who, sentAt + this.ttlMs);
      this.sessions.set(text(body['sessionId']), who);
      this.overAt.set(who, at + this.ttlMs);
    }
    if (ask.verb === 'end') this.overAt.set(who, at);
    if (ask.verb === 'keepalive') {
      this.overAt.set(who, Math.max(this.overAt.get(who) ?? 0, at + this.ttlMs));
      const deadline = this.deadlines.get(who) ?? 0;
      // An answer that comes after the deadline is too late: the client has given up.
      if (at <= deadline) this.deadlines.set(who, Math.max(deadline, sentAt + this.ttlMs));
    }
    if (ask.verb === 'take' || ask.verb === 'takeSet') {
      const times = { sentAt, askedAt: this.askedFirst(ask, sentAt), from: at };
      if (ask.verb === 'take') this.taken({ who, hold: ask.hold, ...times }, ask, body);
      else {
        const lists = [body['leases'], body['ranges'], body['permits']];
        const all = lists.flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
        if (all.length !== ask.parts.length)
          this.violated(`${who}: of a set of ${String(ask.parts.length)} ${String(all.length)} were granted`);
        for (const [no, part] of ask.parts.entries())
          this.taken({ who, hold: `${ask.hold}/${String(no)}`, ...times }, part, record(all[no]));
      }
    }
    if (ask.verb === 'acknowledge' && ask.target === 'read')
      this.weaken(ask.hold, { sentAt, askedAt: this.askedFirst(ask, sentAt), from: at }, body['token']);
    if (ask.verb === 'read') {
      const state = text(body['state']);
      if (state === 'released' || state === 'revoked')
        for (const hold of this.named(ask.hold)) this.end(hold, at);
    }
  }

  private taken(
    hold: Pick<Hold, 'who' | 'hold' | 'sentAt' | 'askedAt' | 'from'>,
    { file, want }: Part,
    body: Record<string, unknown>,
  ): void {
    const token = typeof body['token'] === 'number' ? body['token'] : undefined;
    const state = text(body['state']);
    // A late repeat is told what became of the first: nothing is held then.
    if (state === 'released' || state === 'revoked') return;
    if (want.kind === 'lease' && body['type'] !== want.type) return;
    // A semaphore and a file of one name are two things.
    const on = want.kind === 'permit' ? `semaphore ${file}` : file;
    this.add({ ...hold, id: text(body[`${want.kind}Id`]), file: on, want, token });
  }

  private askedFirst(ask: { verb: string; hold: string }, sentAt: number): number {
    return this.asked.get(attemptsOf(ask)) ?? sentAt;
  }

  private add(hold: Omit<Hold, 'until' | 'newsAt' | 'broken' | 'released' | 'taken'>): void {
    const whole: Hold = { ...hold, until: Infinity, newsAt: Infinity, ...fresh, taken: [] };
    this.holds.push(whole);
    if (hold.token !== undefined && hold.want.kind === 'lease')
      this.shardOf.set(hold.file, hold.token % this.shards);
    entry(this.byName, hold.hold).push(whole);
    if (hold.want.kind === 'lease') entry(this.byLease, hold.id).push(whole);
    this.count(`granted ${hold.want.kind}`);
  }

  /** A write lease has become a read lease. */
  private weaken(name: string, times: Pick<Hold, 'sentAt' | 'askedAt' | 'from'>, token: unknown): void {
    const [first] = this.named(name);
    if (first === undefined || !isWrite(first.want) || this.named(name).length > 1) return;
    const { who, hold, id, file } = first;
    this.add({
      ...{ who, hold, id, file, ...times },
      want: { kind: 'lease', type: 'read' },
      token: typeof token === 'number' ? token : undefined,
    });
  }

  private refused(call: Call, at: number, status: number, body: Record<string, unknown>): void {
    const reason = text(body['reason']);
    this.count(`refused ${reason === '' ? String(status) : reason}`);
    const { who, ask } = call;
    this.judgeBlockers(call, at, body['blockers']);
    if (reason === '' || text(body['code']) === '' || text(body['detail'] ?? body['title']) === '')
      this.violated(
        `${who}: a refusal without reason: ${ask.verb}, ${String(status)} ${JSON.stringify(body)}`,
      );
    if (status === 500) this.violated(`${who}: ${ask.verb} was answered 500: ${JSON.stringify(body)}`);
    const deadline = this.deadlines.get(who) ?? 0;
    if (reason === 'session_expired' || reason === 'no_such_session') {
      if (at < deadline - roundingMs)
        this.violated(
          `${who}: its session was lost: ${reason} ${ms(deadline - at)} before the deadline that it counts itself`,
        );
      this.deadlines.set(who, Math.min(deadline, at));
      return;
    }
    if (
      !('hold' in ask) ||
      ask.verb === 'takeSet' ||
      !reason.startsWith('no_such_') ||
      (ask.verb === 'release' && ask.attempt > 1)
    )
      return;
    for (const hold of this.named(ask.hold))
      if (at < deadline && (hold.until >= at || hold.until === call.at) && hold.newsAt >= call.at)
        this.violated(`${who}: an acknowledged grant was lost: ${hold.hold} on ${hold.file}: ${reason}`);
    for (const hold of this.named(ask.hold)) this.end(hold, at);
  }

  /** Nobody is refused for what a session has that is over, and has been for as long as that may take to be noticed. */
  private judgeBlockers({ who, ask }: Call, at: number, blockers: unknown): void {
    if (!Array.isArray(blockers)) return;
    for (const { sessionId, kind } of (blockers as unknown[]).map(record)) {
      const other = this.sessions.get(text(sessionId));
      const overAt = other === undefined ? undefined : this.overAt.get(other);
      if (other === undefined || overAt === undefined) continue;
      this.count('blockers looked at');
      if (at > overAt + this.lateMs + this.faultyMs(overAt, at))
        this.violated(
          `${who}: ${JSON.stringify(ask)} was refused for a ${text(kind)} of ${other}, ${ms(at - overAt)} after its end`,
        );
    }
  }

  private event(line: Extract<Line, { say: 'event' }>): void {
    const { at, who, event } = line;
    const data = record(line.data);
    this.count(`event ${event}`);
    const stream = this.streams.get(line.stream);
    const leaseId = typeof data['leaseId'] === 'string' ? data['leaseId'] : undefined;
    if (stream !== undefined) {
      const of = leaseId ?? data['openId'] ?? data['rangeId'] ?? data['changeId'] ?? data['waitId'];
      const file = typeof data['file'] === 'string' ? data['file'] : undefined;
      stream.events.push({ at, event, key: `${event} ${text(of)}`, id: text(line.id), leaseId, file });
      this.move(stream, at, line.id ?? `${String(stream.moves.length)}?`, event);
    }
    if (event === 'expired') {
      const deadline = this.deadlines.get(who) ?? 0;
      if (at < deadline - roundingMs)
        this.violated(`${who}: expired ${ms(deadline - at)} before the deadline that it counts itself`);
      this.deadlines.set(who, Math.min(deadline, at));
    }
    for (const hold of leaseId === undefined ? [] : (this.byLease.get(leaseId) ?? [])) {
      if (event === 'revoked' && data['cause'] === 'deadline' && stream !== undefined)
        hold.taken.push({ at, stream });
      this.aboutLease(hold, event, at, data);
    }
  }

  private aboutLease(hold: Hold, event: string, at: number, data: Record<string, unknown>): void {
    if (event === 'revoked' || event === 'released') this.end(hold, at);
    if (event === 'downgraded' && isWrite(hold.want) && !hold.released) {
      this.end(hold, at);
      // The event may be late, and others may have got later tokens since.
      this.weaken(hold.hold, { sentAt: at, askedAt: hold.askedAt, from: at }, data['token']);
    }
    if (event !== 'break') return;
    hold.broken = true;
    hold.newsAt = Math.min(hold.newsAt, at);
    const deadline = Date.parse(text(data['deadlineAt'])) - this.wallAt;
    const concerned = data['target'] === 'none' || isWrite(hold.want);
    // Told too late: until now it believed, which is judged as if it had not been told.
    if (concerned) hold.until = Math.min(hold.until, Math.max(deadline, at));
  }

  private move(stream: Stream, at: number, id: string, event?: string): void {
    if (stream.lastId === id) return;
    // A stream goes on where the one before was: only what differs is news.
    const listener = `${stream.who} ${stream.place}`;
    const before = event === 'resync' ? [] : placesIn(this.lastIds.get(listener) ?? '');
    for (const [shard, place] of placesIn(id).entries())
      if (place !== before[shard]) (stream.movesIn[shard] ??= []).push(at);
    this.lastIds.set(listener, id);
    stream.lastId = id;
    stream.moves.push(at);
  }

  /** How long faults lasted in a time. */
  private faultyMs(from: number, until: number): number {
    let sum = 0;
    for (const fault of this.faults)
      sum += Math.max(0, Math.min(until, fault.until) - Math.max(from, fault.from));
    return sum;
  }

  private judgeBound({ at, who, ask }: Call, answeredAt: number): void {
    const took = answeredAt - at;
    const bound = (ask.verb === 'take' ? ask.waitMs : 0) + this.lateMs;
    this.counts['slowest answer, ms'] = Math.max(this.counts['slowest answer, ms'] ?? 0, Math.round(took));
    if (took > bound + this.faultyMs(at, answeredAt))
      this.violated(`${who}: ${JSON.stringify(ask)} was not answered for ${ms(took)}`);
  }

  private judgeUnanswered(): void {
    for (const call of this.calls.values()) this.judgeBound(call, this.endAt);
  }

  private judgeHolders(): void {
    const byFile = new Map<string, Hold[]>();
    for (const hold of this.holds) {
      this.judgeTelling(hold);
      entry(byFile, hold.file).push(hold);
    }
    for (const holds of byFile.values()) {
      holds.sort((a, b) => a.from - b.from);
      for (const [at, one] of holds.entries())
        for (let next = at + 1; next < holds.length; next += 1) {
          const other = holds[next] as Hold;
          if (other.who === one.who || !conflicts(one.want, other.want)) continue;
          this.judgePair(one, other);
          // Later ones begin later still.
          if (other.from > one.until + this.breakMs + this.deliveryMs) break;
        }
    }
  }

  /** Two that conflict; `other` was known to be granted later. */
  private judgePair(one: Hold, other: Hold): void {
    this.count('pairs that conflict');
    const both = Math.min(one.until, other.until) - other.from;
    if (both <= roundingMs) return;
    // Which of the two was granted first is not known if their requests overlap.
    const lost = [one, other].filter((each) => this.mayHaveLost(each, each === one ? other : one));
    if (lost.length > 0) {
      this.count('pairs of which one could not be told');
      return;
    }
    this.violated(
      `${other.file}: two conflicting holders for ${ms(both)}: ${shown(one)} and ${shown(other)}`,
    );
  }

  /** Whether a lease may have been taken by force for the sake of `by`, while its holder could not be told in time. */
  private mayHaveLost(lease: Hold, by: Hold): boolean {
    if (lease.want.kind !== 'lease' || lease.sentAt > by.from) return false;
    const toldInTime = lease.broken && lease.until > lease.newsAt;
    if (toldInTime) return false;
    let moved = lease.sentAt;
    for (const stream of this.streams.values())
      if (stream.who === lease.who)
        for (const at of this.movesOf(stream, lease.file))
          if (at < Math.min(by.from, lease.newsAt) && at > moved) moved = at;
    return by.from >= moved + this.breakMs - this.deliveryMs;
  }

  /** A lease that was taken at the deadline of a break: a stream that was open all the time has brought the news. */
  private judgeTelling(lease: Hold): void {
    const [first] = lease.taken;
    for (const { at, stream } of lease.taken)
      // A stream that says so much later tells what it has missed, perhaps again.
      if (first !== undefined && at <= first.at + this.deliveryMs) this.judgeTaken(lease, at, stream);
  }

  private judgeTaken(lease: Hold, takenAt: number, stream: Stream): void {
    const [first = Infinity] = stream.moves;
    if (Math.max(first, lease.from) > takenAt - this.breakMs - this.deliveryMs) return;
    this.count('breaks to the deadline');
    const isTold = stream.events.some(
      ({ at, event, leaseId }) =>
        at <= takenAt && (leaseId === lease.id ? event === 'break' : event === 'resync' && at > lease.from),
    );
    if (!isTold)
      this.violated(`${lease.file}: a break was not delivered to a live stream of ${shown(lease)}`);
  }

  /** When a stream brought something from the shard of this file. */
  private movesOf(stream: Stream, file: string | undefined): readonly number[] {
    const shard = file === undefined ? undefined : this.shardOf.get(file);
    return shard === undefined ? stream.moves : (stream.movesIn[shard] ?? []);
  }

  /** Of a semaphore there are at most so many permits at a time. */
  private judgePermits(): void {
    const byFile = new Map<string, Hold[]>();
    for (const hold of this.holds) if (hold.want.kind === 'permit') entry(byFile, hold.file).push(hold);
    for (const [file, permits] of byFile)
      for (const permit of permits) {
        const limit = permit.want.kind === 'permit' ? permit.want.limit : 0;
        const at = permit.from;
        // Others that had theirs before, and still have it then.
        const others = new Set(
          permits
            .filter(({ from, until }) => from <= at && until - roundingMs > at)
            .filter(({ id, until }) => id !== permit.id && Math.min(until, permit.until) - at > roundingMs)
            .map(({ id }) => id),
        );
        this.count('permits counted');
        if (others.size >= limit)
          this.violated(
            `${file}: more than ${String(limit)} permits at once: ${shown(permit)} beside ${String(others.size)}`,
          );
      }
  }

  private judgeTokens(): void {
    const byFile = new Map<string, Hold[]>();
    for (const hold of this.holds) if (hold.token !== undefined) entry(byFile, hold.file).push(hold);
    for (const [file, holds] of byFile) {
      const told = [...holds].sort((a, b) => a.from - b.from);
      const sent = [...holds].sort((a, b) => a.askedAt - b.askedAt);
      let highest: Hold | undefined;
      let next = 0;
      for (const hold of sent) {
        for (; (told[next]?.from ?? Infinity) < hold.askedAt; next += 1) {
          const each = told[next] as Hold;
          if (highest === undefined || (each.token ?? 0) > (highest.token ?? 0)) highest = each;
        }
        if (highest === undefined || highest.id === hold.id) continue;
        this.count('tokens compared');
        if ((hold.token ?? 0) <= (highest.token ?? 0))
          this.violated(
            `${file}: a token went back: ${String(highest.token)}, then ${String(hold.token)} (${shown(hold)})`,
          );
      }
    }
  }

  /** Each client has a stream that is cut and resumed, and one that is not: both bring the same. */
  private judgeStreams(): void {
    const byWho = new Map<string, Stream[]>();
    for (const stream of this.streams.values()) entry(byWho, stream.who).push(stream);
    for (const [who, streams] of byWho) {
      const places = new Map<string, Stream[]>();
      for (const stream of streams) entry(places, stream.place).push(stream);
      this.counts['streams resumed'] = (this.counts['streams resumed'] ?? 0) + streams.length - places.size;
      for (const [place, here] of places)
        for (const [other, there] of places) if (place !== other) this.judgePlace(who, here, there);
    }
  }

  /** Everything that came here, came there as well, unless it was told to read its state again. */
  private judgePlace(who: string, here: readonly Stream[], there: readonly Stream[]): void {
    const opened = Math.min(...there.map(({ moves: [first = Infinity] }) => first));
    const moved = Math.max(...there.flatMap(({ moves }) => moves.slice(-1)), 0);
    const arrived = there.flatMap(({ events }) => events);
    const seen = new Set(arrived.map(({ key }) => key));
    const resyncs = arrived.filter(({ event }) => event === 'resync');
    const resynced = Math.max(0, ...resyncs.map(({ at }) => at));
    for (const { at, event, key, id, file } of here.flatMap(({ events }) => events)) {
      if (!lasting.has(event)) continue;
      if (at < opened + this.deliveryMs || at > moved - this.deliveryMs) continue;
      if (at < resynced + this.deliveryMs) continue;
      // It came late here, and there before the stream began.
      const shard = file === undefined ? undefined : this.shardOf.get(file);
      if (resyncs.some((each) => isUpTo(id, each.id, shard))) continue;
      // What is missed is told shard after shard, and it has not come to this one yet.
      if (!there.some(({ lastId }) => lastId !== undefined && hasReached(lastId, id, shard))) continue;
      this.count('events compared');
      if (!seen.has(key)) this.violated(`${who}: an event was lost over a resume: ${key}`);
    }
  }
}

/** The places in the id of an event, EPOCH-NUMBER, one for each shard. */
const placesIn = (id: string): string[] => (id === '' ? [] : id.split('.'));

/** The epoch and the number in each place, or in that of this shard. */
function numbersIn(id: string, shard: number | undefined): [number, number][] {
  const places = placesIn(id);
  // Of several shards, numbers are written with letters, too.
  const radix = places.length > 1 ? 36 : 10;
  const all = places.map((place): [number, number] => {
    const [epoch = '', no = ''] = place.split('-');
    return [Number.parseInt(epoch, radix), Number.parseInt(no, radix)];
  });
  return shard === undefined || places.length === 1 ? all : all.slice(shard, shard + 1);
}

/** Whether an event is not later than another, as far as they are of the same epoch; if its shard is unknown, in any. */
function isUpTo(id: string, other: string, shard: number | undefined): boolean {
  const others = numbersIn(other, shard);
  return numbersIn(id, shard).some(([epoch, no], at) => {
    const [otherEpoch, otherNo] = others[at] ?? [Number.NaN, 0];
    return epoch === otherEpoch && no <= otherNo;
  });
}

/** Whether a stream that has come to this place must have brought the event; if its shard is unknown, in all. */
function hasReached(place: string, id: string, shard: number | undefined): boolean {
  const reached = numbersIn(place, shard);
  return numbersIn(id, shard).every(([epoch, no], at) => {
    const [ownEpoch, ownNo] = reached[at] ?? [0, 0];
    return ownEpoch > epoch || (ownEpoch === epoch && ownNo >= no);
  });
}

function entry<K, V>(map: Map<K, V[]>, key: K): V[] {
  let list = map.get(key);
  if (list === undefined) map.set(key, (list = []));
  return list;
}

const isWrite = (want: Want): boolean => want.kind === 'lease' && want.type === 'write';

function conflicts(a: Want, b: Want): boolean {
  // Of a semaphore there are several; they are counted.
  if (a.kind === 'permit' || b.kind === 'permit') return false;
  if (a.kind === 'range' || b.kind === 'range')
    return (
      a.kind === 'range' &&
      b.kind === 'range' &&
      a.start <= b.end &&
      b.start <= a.end &&
      (a.type === 'write' || b.type === 'write')
    );
  if (a.kind === 'lease' && b.kind === 'lease') return a.type === 'write' || b.type === 'write';
  if (a.kind === 'open' && b.kind === 'open') return a.access === b.deny || b.access === a.deny;
  const [lease, open] = a.kind === 'lease' ? [a, b] : [b, a];
  if (open.kind !== 'open' || lease.kind !== 'lease') return false;
  return lease.type === 'write' || open.access === 'write' || open.deny === 'read';
}

const ms = (n: number): string => `${n.toFixed(0)} ms`;

function shown({ who, hold, want, from, until }: Hold): string {
  const { kind, ...rest } = want;
  return `${who}'s ${kind} ${hold} ${JSON.stringify(rest)} (${from.toFixed(0)} to ${until.toFixed(0)})`;
}
