import { judge } from '../chaos/checker';
import type { Asked, Line, Want } from '../chaos/history';

/** What the checker of `npm run chaos` finds in histories written by hand, and what it must not find. */
const judging = { lateMs: 5_000, deliveryMs: 1_000 };
const [breakMs, ttlMs] = [3_000, 10_000];

/** Writes down a history: `ask` and `told` of the same number belong together. */
class Story {
  readonly lines: Line[] = [{ at: 0, say: 'run', breakMs, ttlMs, wallMs: 0 }];

  /** One that begins anew, or as these lines do. */
  constructor(before?: readonly Line[]) {
    if (before !== undefined) this.lines = [...before];
    else
      for (const who of ['one', 'two'])
        this.ask(0, who, 0, { verb: 'session' }).told(1, who, 0, 201, { sessionId: `id of ${who}` });
  }

  ask(at: number, who: string, no: number, ask: Asked): this {
    this.lines.push({ at, say: 'asks', who, no, node: 0, ask });
    return this;
  }
  told(at: number, who: string, no: number, status: number, body: unknown): this {
    this.lines.push({ at, say: 'told', who, no, status, body });
    return this;
  }
  /** A request and its grant. */
  takes(at: number, who: string, no: number, want: Want, body: object = {}): this {
    const hold = `${who}${String(no)}`;
    this.ask(at, who, no, { verb: 'take', hold, file: 'f', want, waitMs: 0, attempt: 1 });
    return this.told(at + 10, who, no, 201, { [`${want.kind}Id`]: hold, ...body });
  }
  stream(at: number, who: string, stream: number, place = 'steady', id?: string): this {
    this.lines.push({ at, say: 'stream', who, stream, place, is: 'open' });
    return this.event(at, who, stream, 'resync', {}, id);
  }
  event(at: number, who: string, stream: number, event: string, data: unknown, id = `1-${String(at)}`): this {
    this.lines.push({ at, say: 'event', who, stream, id, event, data });
    return this;
  }
  ping(at: number, who: string, stream: number, id = `1-${String(at)}`): this {
    this.lines.push({ at, say: 'ping', who, stream, id });
    return this;
  }
  get violations(): string[] {
    return judge(
      this.lines.toSorted((a, b) => a.at - b.at),
      judging,
    ).violations;
  }
}

const write: Want = { kind: 'lease', type: 'write' };
const opens: Want = { kind: 'open', access: 'write', deny: 'write' };
const range = (start: number, end: number): Want => ({ kind: 'range', type: 'write', start, end });
const lease = { type: 'write' };

test('two conflicting holders at once, by what they were told', () => {
  const story = new Story().takes(100, 'one', 1, opens).takes(200, 'two', 1, opens);
  expect(story.violations).toEqual([expect.stringContaining('two conflicting holders')]);
  const ranges = new Story().takes(100, 'one', 1, range(0, 9)).takes(200, 'two', 1, range(9, 20));
  expect(ranges.violations).toEqual([expect.stringContaining('two conflicting holders')]);
  expect(
    new Story().takes(100, 'one', 1, range(0, 9)).takes(200, 'two', 1, range(10, 20)).violations,
  ).toEqual([]);
});

test('a holder stops to believe when it sends its release, and at its own deadline', () => {
  const release: Asked = { verb: 'release', hold: 'one1', attempt: 1 };
  const released = new Story()
    .takes(100, 'one', 1, opens)
    .ask(150, 'one', 2, release)
    .takes(160, 'two', 1, opens);
  expect(released.told(400, 'one', 2, 204, {}).violations).toEqual([]);
  // The session counts from when it sent its last proof of life: here from 0.
  expect(new Story().takes(100, 'one', 1, opens).takes(ttlMs - 20, 'two', 1, opens).violations).toEqual([]);
  expect(new Story().takes(100, 'one', 1, opens).takes(ttlMs - 200, 'two', 1, opens).violations).toHaveLength(
    1,
  );
  const kept = new Story().takes(100, 'one', 1, opens).ask(5_000, 'one', 2, { verb: 'keepalive' });
  kept
    .told(5_010, 'one', 2, 200, {})
    .ask(5_000, 'two', 2, { verb: 'keepalive' })
    .told(5_010, 'two', 2, 200, {});
  expect(kept.takes(ttlMs, 'two', 3, opens).violations).toHaveLength(1);
});

test('a lease may be taken from a holder that could not be told, but only after the break time', () => {
  const untold = (ms: number): string[] =>
    new Story().takes(100, 'one', 1, write, lease).takes(100 + ms, 'two', 1, opens).violations;
  expect(untold(breakMs + 100)).toEqual([]);
  expect(untold(breakMs - judging.deliveryMs - 200)).toEqual([
    expect.stringContaining('two conflicting holders'),
  ]);
  // Its stream moved shortly before, so it would have heard of a break that began before that.
  const alive = new Story().takes(100, 'one', 1, write, lease).stream(110, 'one', 1).ping(4_000, 'one', 1);
  expect(alive.takes(4_200, 'two', 1, opens).violations).toHaveLength(1);
});

test('once told of a break, a holder believes until the deadline of the break', () => {
  const notice = { leaseId: 'one1', target: 'none', deadlineAt: new Date(3_200).toISOString() };
  const told = (): Story =>
    new Story()
      .takes(100, 'one', 1, write, lease)
      .stream(150, 'one', 1)
      .event(200, 'one', 1, 'break', notice);
  expect(told().takes(3_250, 'two', 1, opens).violations).toEqual([]);
  expect(told().takes(2_500, 'two', 1, opens).violations).toEqual([
    expect.stringContaining('two conflicting'),
  ]);
});

test('a token that goes back', () => {
  const type = 'read';
  const read: Want = { kind: 'lease', type };
  const tokens = (first: number, second: number): string[] =>
    new Story()
      .takes(100, 'one', 1, read, { type, token: first })
      .takes(200, 'two', 1, read, { type, token: second }).violations;
  expect(tokens(5, 6)).toEqual([]);
  expect(tokens(5, 5)).toEqual([expect.stringContaining('a token went back')]);
  expect(tokens(5, 4)).toEqual([expect.stringContaining('a token went back')]);
});

test('a repeat that is told of an earlier grant, after a later one', () => {
  const type = 'read';
  const read: Want = { kind: 'lease', type };
  const take = (attempt: number): Asked => ({
    ...{ verb: 'take', hold: 'one1', file: 'f', want: read, waitMs: 0, attempt },
  });
  const repeated = (from: number): string[] =>
    new Story()
      .ask(from, 'one', 1, take(1))
      .told(from + 5, 'one', 1, 0, 'no answer')
      .takes(200, 'two', 1, read, { type, token: 6 })
      .ask(400, 'one', 2, take(2))
      .told(410, 'one', 2, 201, { leaseId: 'one1', type, token: 5 }).violations;
  expect(repeated(100)).toEqual([]);
  expect(repeated(300)).toEqual([expect.stringContaining('a token went back')]);
});

test('a lease that was weakened, whose holder hears of it late', () => {
  const told = { leaseId: 'one1', token: 6 };
  const story = (): Story =>
    new Story()
      .stream(50, 'one', 1)
      .takes(100, 'one', 1, write, { ...lease, token: 5 })
      .ask(200, 'one', 2, { verb: 'release', hold: 'one1', attempt: 1 })
      .told(210, 'one', 2, 204, {})
      .takes(300, 'two', 1, write, { ...lease, token: 7 });
  expect(story().event(400, 'one', 1, 'downgraded', told).violations).toEqual([]);
  const kept = new Story()
    .stream(50, 'one', 1)
    .takes(100, 'one', 1, write, { ...lease, token: 5 })
    .event(200, 'one', 1, 'downgraded', told);
  expect(kept.takes(300, 'two', 1, write, { ...lease, token: 7 }).violations).toEqual([
    expect.stringContaining('two conflicting holders'),
  ]);
});

test('an acknowledged grant, or a session, that is lost', () => {
  const gone = { code: 'ENOENT', reason: 'no_such_open', detail: 'gone' };
  const read = new Story()
    .takes(100, 'one', 1, opens)
    .ask(200, 'one', 2, { verb: 'read', hold: 'one1', attempt: 1 });
  expect(read.told(210, 'one', 2, 404, gone).violations).toEqual([expect.stringContaining('grant was lost')]);
  // A repeated release finds nothing if the first one was carried out.
  const again = new Story().takes(100, 'one', 1, opens);
  for (const attempt of [1, 2])
    again.ask(200 * attempt, 'one', 1 + attempt, { verb: 'release', hold: 'one1', attempt });
  expect(again.told(300, 'one', 2, 0, '').told(410, 'one', 3, 404, gone).violations).toEqual([]);
  const expired = { code: 'ESTALE', reason: 'session_expired', detail: 'expired' };
  const session = new Story().ask(5_000, 'one', 1, { verb: 'keepalive' }).told(5_010, 'one', 1, 412, expired);
  expect(session.violations).toEqual([expect.stringContaining('its session was lost')]);
});

test('a break that was not delivered to a live stream', () => {
  const revoked = { leaseId: 'one1', cause: 'deadline' };
  const story = (): Story =>
    new Story()
      .stream(50, 'one', 1)
      .takes(100, 'one', 1, write, lease)
      .event(5_000, 'one', 1, 'revoked', revoked);
  expect(story().violations).toEqual([expect.stringContaining('a break was not delivered')]);
  const notice = { leaseId: 'one1', target: 'none', deadlineAt: new Date(5_000).toISOString() };
  expect(story().event(2_000, 'one', 1, 'break', notice).violations).toEqual([]);
  // Another stream, which missed both, is told twice of the end.
  const missed = story().event(2_000, 'one', 1, 'break', notice).ping(8_000, 'one', 2);
  missed.lines.push({ at: 7_900, say: 'stream', who: 'one', stream: 2, place: 'resumed', is: 'open' });
  missed.event(8_000, 'one', 2, 'revoked', revoked, '1-5000');
  expect(missed.event(12_500, 'one', 2, 'revoked', revoked, '1-5000').violations).toEqual([]);
});

test('a waiter beyond its bound; a fault gives it more time', () => {
  const late = (): Story =>
    new Story().ask(100, 'one', 1, { verb: 'keepalive' }).told(100 + judging.lateMs + 50, 'one', 1, 200, {});
  expect(late().violations).toEqual([expect.stringContaining('was not answered')]);
  const fault = late();
  fault.lines.push(
    { at: 1_000, say: 'fault', fault: 'x', is: 'begins' },
    { at: 1_100, say: 'fault', fault: 'x', is: 'ends' },
  );
  expect(fault.violations).toEqual([]);
});

test('an event that is lost over a resume', () => {
  const story = (): Story => new Story().stream(50, 'one', 1).stream(50, 'one', 2, 'resumed');
  const both = story()
    .event(3_000, 'one', 1, 'granted', { openId: 'x' })
    .event(3_010, 'one', 2, 'granted', { openId: 'x' });
  expect(both.ping(9_000, 'one', 1).ping(9_000, 'one', 2).violations).toEqual([]);
  const lost = story().event(3_000, 'one', 1, 'granted', { openId: 'x' }).ping(9_000, 'one', 2);
  expect(lost.violations).toEqual([expect.stringContaining('an event was lost over a resume')]);
  const told = story()
    .event(3_000, 'one', 1, 'granted', { openId: 'x' })
    .event(4_000, 'one', 2, 'resync', {});
  expect(told.ping(9_000, 'one', 2).violations).toEqual([]);
  // It came when the other stream was there, but is older than that.
  const older = story().event(3_000, 'one', 1, 'granted', { openId: 'x' }, '1-40');
  expect(older.ping(9_000, 'one', 2).violations).toEqual([]);
});

describe('in several shards', () => {
  const gone = (file: string) => ({ openId: `of ${file}`, file });
  const type = 'write';
  /** Files f and g, in the first shard and the second: tokens say so. */
  const story = (): Story =>
    new Story()
      .takes(20, 'one', 1, write, { type, token: 4 })
      .ask(40, 'one', 2, { verb: 'release', hold: 'one1', attempt: 1 })
      .told(45, 'one', 2, 204, {})
      .ask(30, 'one', 3, { verb: 'take', hold: 'g', file: 'g', want: write, waitMs: 0, attempt: 1 })
      .told(35, 'one', 3, 201, { leaseId: 'g', type, token: 5 })
      .stream(50, 'one', 1, 'steady', '4-1.5-1')
      .stream(50, 'one', 2, 'resumed', '4-1.5-1');

  test('events are lost only once a stream has passed their place in their own shard', () => {
    const both = story()
      .event(3_000, 'one', 1, 'granted', gone('f'), '4-9.5-1')
      .event(3_100, 'one', 1, 'granted', gone('g'), '4-9.5-c');
    const lost = (place: string): number =>
      new Story(both.lines).ping(9_000, 'one', 2, place).violations.length;
    expect(['4-8.5-b', '4-a.5-b', '4-9.5-c'].map(lost)).toEqual([0, 1, 2]);
  });

  test('a lease may be lost without news as long as its own shard tells nothing', () => {
    const alive = (place: string): number =>
      story()
        .ping(4_000, 'one', 1, place)
        .ask(4_200, 'two', 1, { verb: 'take', hold: 'h', file: 'g', want: opens, waitMs: 0, attempt: 1 })
        .told(4_210, 'two', 1, 201, { openId: 'h' }).violations.length;
    expect(['4-9.5-1', '4-1.5-9'].map(alive)).toEqual([0, 1]);
  });
});

test('more permits at once than there are', () => {
  const permit: Want = { kind: 'permit', limit: 1 };
  const taken = (): Story => new Story().takes(100, 'one', 1, permit);
  expect(taken().takes(300, 'two', 1, permit).violations).toEqual([
    expect.stringContaining('more than 1 permits at once'),
  ]);
  const released = taken().ask(200, 'one', 2, { verb: 'release', hold: 'one1', attempt: 1 });
  expect(released.takes(300, 'two', 1, permit).violations).toEqual([]);
  // A file of that name is something else.
  expect(taken().takes(300, 'two', 1, write, lease).violations).toEqual([]);
});

test('a set that conflicts, and one of which a part is missing', () => {
  const parts = [
    { file: 'f', want: write },
    { file: 'g', want: range(0, 9) },
  ];
  const set = (body: object): Story =>
    new Story()
      .ask(100, 'one', 1, { verb: 'takeSet', hold: 's', parts, waitMs: 0, attempt: 1 })
      .told(110, 'one', 1, 201, body);
  const whole = { leases: [{ leaseId: 'x', type: 'write' }], ranges: [{ rangeId: 'y' }], permits: [] };
  expect(set(whole).takes(300, 'two', 1, opens).violations).toEqual([
    expect.stringContaining('two conflicting holders'),
  ]);
  const released = set(whole).ask(200, 'one', 2, { verb: 'release', hold: 's/0', attempt: 1 });
  expect(released.takes(300, 'two', 1, opens).violations).toEqual([]);
  expect(set({ ...whole, ranges: [] }).violations).toEqual([
    expect.stringContaining('of a set of 2 1 were granted'),
  ]);
});

test('what a session had is in the way long after its end', () => {
  const refused = (at: number): string[] =>
    new Story()
      .ask(50, 'one', 1, { verb: 'end' })
      .told(60, 'one', 1, 204, {})
      .ask(at, 'two', 1, { verb: 'take', hold: 'x', file: 'f', want: opens, waitMs: 0, attempt: 1 })
      .told(at + 10, 'two', 1, 409, {
        ...{ code: 'EAGAIN', reason: 'share_denied', detail: 'no' },
        blockers: [{ kind: 'open', sessionId: 'id of one' }],
      }).violations;
  expect(refused(judging.lateMs - 100)).toEqual([]);
  expect(refused(judging.lateMs + 100)).toEqual([expect.stringContaining('after its end')]);
});

test('a refusal without reason', () => {
  const refused = (body: object): string[] =>
    new Story().ask(100, 'one', 1, { verb: 'keepalive' }).told(110, 'one', 1, 409, body).violations;
  expect(refused({ code: 'EAGAIN', detail: 'no' })).toEqual([
    expect.stringContaining('a refusal without reason'),
  ]);
  expect(refused({ code: 'EAGAIN', reason: 'lease_conflict', detail: 'no' })).toEqual([]);
});
