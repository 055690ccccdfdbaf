import { readFileSync } from 'node:fs';
import type { Lock } from '#contracts';
import { Cluster, type Holder, stopClusters } from '../support/cluster';
import { eventually, within } from '../support/eventually';
import { Leasectl, stopLeasectl } from '../support/leasectl';
import { type LeaseApi, startLeaseApi } from '../support/service';

/** leasectl as people and programs use it: the built program against the running service. */
let cluster: Cluster;
let a: Holder;
let b: Holder;
let ctl: Leasectl;

beforeAll(async () => {
  cluster = await Cluster.start();
  a = await cluster.holder({ pid: 4711, label: 'holder a' });
  b = await cluster.holder({ pid: 4712 });
  ctl = new Leasectl(cluster.api.url);
});
afterAll(async () => {
  stopLeasectl();
  await stopClusters();
});

const demo = (file: string) => ({ export: 'demo', file });
const local = (file: string) => ({ export: 'local', file });
/** For comparing the whole output. */
const matching = (pattern: RegExp): string => expect.stringMatching(pattern) as string;
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
const waiters = (file: string) =>
  eventually(async () => {
    const locks = await all({ ...local(file), state: 'waiting' });
    expect(locks).not.toHaveLength(0);
    return locks;
  });

async function all(filter: Parameters<ReturnType<Cluster['client']>['locks']>[0]): Promise<Lock[]> {
  const locks: Lock[] = [];
  for await (const lock of cluster.client().locks(filter)) locks.push(lock);
  return locks;
}

describe('the listing', () => {
  let ids: string[];
  let rows: Lock[];
  beforeAll(async () => {
    const lease = await a.session.acquire({ ...local('listed'), type: 'read' });
    const opened = await a.session.open({ ...local('listed'), access: 'read', deny: 'write' });
    const range = await a.session.lock({
      ...local('listed'),
      class: 'posix',
      type: 'write',
      start: 5,
      end: 9,
      pid: 77,
    });
    ids = [lease.id, opened.id, range.id];
    rows = await all(local('listed'));
  });

  test('is a table with a line for each row and the file in the last column', async () => {
    const { exit, out, err } = await ctl.run(['ls', 'local:listed']);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    const [head = '', ...listed] = lines(out);
    expect(head.split(/ {2,}/)).toEqual('ID,KIND,TYPE,STATE,AGE,NODE,LABEL,PID,FILE'.split(','));
    const age = matching(/^\d+ (s|min)/);
    expect(listed.map((line) => line.split(/ {2,}/))).toEqual([
      [ids[0], 'lease', 'read', 'active', age, 'holder a', '4711', 'local:listed'],
      [ids[1], 'open', 'read deny write', 'open', age, 'holder a', '4711', 'local:listed'],
      [ids[2], 'posix', 'write', 'held', age, 'holder a', '77', 'local:listed', 'bytes 5-9'],
    ]);
    const from = head.indexOf('FILE');
    expect(listed.map((line) => line.slice(from, from + 12))).toEqual(Array(3).fill('local:listed'));
  });

  test('has no header, only ids, or the JSON of the API, where an option asks for that', async () => {
    expect(lines((await ctl.run(['ls', 'local:listed', '--no-headers'])).out)).toHaveLength(3);
    expect(lines((await ctl.run(['ls', '-q', '--file', 'local:listed'])).out)).toEqual(ids);
    expect(await ctl.json(['ls', 'local:listed'])).toEqual(
      rows.map((row) => ({ ...row, ageMs: expect.any(Number) as number })),
    );
    const wide = await ctl.run(['ls', '--wide', 'local:listed']);
    expect(wide.out).toContain(a.session.id);
    const { out } = await ctl.run(['ls', '--proc', '--export', 'local', '--session', a.session.id]);
    expect(out).toBe(await cluster.client().locksText({ export: 'local', session: a.session.id }));
    expect(out).toMatch(/^\d+: LEASE {2}ACTIVE {4}READ 4711 <none>:0 0 EOF$/m);
  });

  test('marks what no fileserver backs', async () => {
    const at = { export: 'demo', file: cluster.file('unbacked') };
    const lease = await a.session.acquire({ ...at, type: 'read' });
    const opened = await a.session.open({ ...at, access: 'read' });
    const range = await a.session.lock({ ...at, class: 'flock', type: 'read' });
    expect([lease.backed, opened.backed, range.backed]).toEqual([true, false, false]);
    const { out } = await ctl.run(['ls', 'demo:unbacked', '--no-headers']);
    expect(lines(out).map((line) => line.split(/ {2,}/).slice(7))).toEqual([
      ['demo:unbacked'],
      ['demo:unbacked', 'unbacked'],
      ['demo:unbacked', 'bytes 0-EOF; unbacked'],
    ]);
  });

  test('is filtered', async () => {
    const of = async (...filter: string[]) =>
      lines(
        (await ctl.run(['ls', '-q', '--session', a.session.id, '--file', 'local:listed', ...filter])).out,
      );
    expect(await of('--kind', 'open')).toEqual([ids[1]]);
    expect(await of('--state', 'active')).toEqual([ids[0]]);
    expect(await of('--type', 'write')).toEqual([ids[2]]);
    expect(await of('--state', 'breaking')).toEqual([]);
    const none = await ctl.run(['ls', 'local:listed', '--state', 'breaking']);
    expect(none).toEqual({ exit: 0, out: '', err: 'Nothing is held, and nobody waits.\n' });
  });

  test('has only the names that begin so, for a path that ends with a slash, and for an export', async () => {
    const names = ['jobs/1', 'jobs/2', 'jobs'];
    for (const file of names) await a.session.acquire({ ...local(file), type: 'write' });
    const files = async (where: string): Promise<string[]> =>
      lines((await ctl.run(['ls', where, '--json'])).out).map((line) => (JSON.parse(line) as Lock).file);
    expect(await files('local:jobs/')).toEqual(['jobs/1', 'jobs/2']);
    expect((await files('local:')).filter((file) => file.startsWith('jobs'))).toEqual(names);
    expect(lines((await ctl.run(['tree', 'local:jobs/', '--json'])).out)).toHaveLength(2);
    expect(await ctl.run(['ls', 'local:/'])).toMatchObject({ exit: 2 });
    expect(await ctl.run(['ls', 'local:jobs/', '--file', 'local:jobs'])).toMatchObject({ exit: 2 });
    const refused = await cluster.api.request('GET', '/v1/locks?prefix=jobs');
    expect([refused.status, refused.text]).toEqual([400, matching(/needs the filter `export`/)]);
  });

  test('leaves out what has ended, unless an option asks for it', async () => {
    const lease = await a.session.acquire({ ...local('over'), type: 'read' });
    await lease.release();
    expect(lines((await ctl.run(['ls', '-q', 'local:over'])).out)).toEqual([]);
    expect(lines((await ctl.run(['ls', '-q', '-a', 'local:over'])).out)).toEqual([lease.id]);
    expect(lines((await ctl.run(['ls', '-q', '--state', 'released', 'local:over'])).out)).toEqual([lease.id]);
  });

  test('of many pages has every row once and one header, and ends quietly when its reader does', async () => {
    const { session } = await cluster.holder();
    const places = Array.from({ length: 2_560 }, (_, i) => local(`many-${String(i)}`));
    const made: string[] = [];
    for (let i = 0; i < places.length; i += 256)
      made.push(...(await session.allocateMany(places.slice(i, i + 256))).map(({ id }) => id));
    const { out } = await ctl.run(['ls', '--session', session.id]);
    const [head = '', ...listed] = lines(out);
    expect(head).toMatch(/^ID /);
    expect(listed.map((line) => line.split(' ')[0])).toEqual(made);
    expect((await ctl.json(['ls', '--session', session.id])).map(({ id }) => id)).toEqual(made);
    for (const options of ['', '--json', '-q']) {
      const cut = await ctl.bash(
        `set -o pipefail; leasectl ls ${options} --session ${session.id} | head -n 2`,
      );
      expect(lines(cut.out)).toHaveLength(2);
      expect({ exit: cut.exit, err: cut.err }).toEqual({ exit: 0, err: '' });
    }
    await session.end();
  });

  test('shows control characters in names as codes', async () => {
    const evil = 'red\x1b[31m\x9b2J\u202egnp.txt';
    const lease = await a.session.acquire({ ...local(evil), type: 'read' });
    const table = await ctl.run(['ls', '--session', a.session.id]);
    expect(table.out).toContain('local:red\\x1b[31m\\u{9b}2J\\u{202e}gnp.txt');
    const tree = await ctl.run(['tree', `local:${evil}`]);
    const shown = await ctl.run(['show', lease.id]);
    const json = await ctl.run(['ls', '--json', `local:${evil}`]);
    for (const { out } of [table, tree, shown, json]) expect(out).not.toMatch(/[\x1b\x9b]/);
    expect((JSON.parse(json.out) as Lock).file).toBe(evil);
    await lease.release();
  });
});

describe('single rows', () => {
  test('is shown by its file, its id, or the id of its session', async () => {
    const lease = await a.session.acquire({ ...local('shown'), type: 'write' });
    const file = await ctl.run(['show', 'local:shown']);
    expect(file.exit).toBe(0);
    expect(file.out).toMatch(new RegExp(`highest token: +${String(lease.token)}`));
    expect(file.out).toContain(lease.id);
    const lock = await ctl.run(['show', lease.id]);
    expect(lock.out).toMatch(new RegExp(`token: +${String(lease.token)}`));
    const session = await ctl.run(['show', a.session.id]);
    expect(session.out).toMatch(/label: +holder a/);
    expect(session.out).toMatch(/ttl: +2 min/);
    expect(session.out).toContain(lease.id);
    expect(await ctl.json(['show', lease.id])).toEqual([
      expect.objectContaining({ id: lease.id, token: lease.token, state: 'active' }),
    ]);
    const nobody = await ctl.run(['show', '00000000-0000-4000-8000-000000000000']);
    expect(nobody).toMatchObject({ exit: 3, out: '' });
    expect(nobody.err).toContain('Next: ');
    await lease.release();
  });

  test('sessions are listed, and the service reports its state', async () => {
    const listed = await ctl.run(['sessions']);
    expect(listed.out).toMatch(new RegExp(`${a.session.id} +live .* 4711 .*holder a`));
    expect(lines((await ctl.run(['sessions', '-q'])).out)).toContain(b.session.id);
    const { exit, out } = await ctl.run(['status']);
    expect(exit).toBe(0);
    expect(out).toMatch(/is ready/);
    expect(out).toMatch(/^export demo: up, stack posix$/m);
  });
});

describe('an id', () => {
  const nobody = 'fffffffff';

  test('may be given by its first or last characters, wherever one is expected', async () => {
    const { session } = await cluster.holder({ label: 'short' });
    const lease = await session.acquire({ ...local('short'), type: 'read' });
    const head = lease.id.slice(0, 8);
    const of = session.id.slice(0, 8);
    const tail = session.id.slice(19);
    expect((await ctl.run(['show', head])).out).toContain(lease.id);
    expect((await ctl.run(['show', tail])).out).toMatch(/label: +short/);
    expect(lines((await ctl.run(['ls', '-q', '--session', of])).out)).toEqual([lease.id]);
    expect((await ctl.run(['tree', '--session', tail.toUpperCase()])).out).toContain(lease.id);
    expect((await ctl.run(['sessions', 'end', of, '--dry-run'])).out).toContain(lease.id);
    expect(await ctl.run(['break', head, '--target', 'read'])).toMatchObject({ exit: 0 });
    const second = await session.acquire({ ...local('short-2'), type: 'read' });
    expect(await ctl.run(['release', head, second.id.slice(0, 13)])).toEqual({
      exit: 0,
      out: `Released ${lease.id}.\nReleased ${second.id}.\n`,
      err: '',
    });
    expect(await ctl.run(['sessions', 'end', tail])).toMatchObject({
      exit: 0,
      out: `Ended session ${session.id}.\n`,
    });
  });

  test('that is ambiguous is refused with those it may stand for, and nothing is done', async () => {
    const { session } = await cluster.holder({ label: 'twins' });
    const one = await session.acquire({ ...local('twin-1'), type: 'read' });
    const two = await session.acquire({ ...local('twin-2'), type: 'read' });
    // All ids end with the same digits.
    const { exit, out, err } = await ctl.run(['release', one.id.slice(0, 8), '0000']);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain('0000 is ambiguous');
    expect(err).toMatch(/^ {2}[0-9a-f-]{36} {2}lease active local:/m);
    expect(lines((await ctl.run(['ls', '-q', '--session', session.id])).out)).toEqual([one.id, two.id]);
    await session.end();
  });

  test('that nothing has, or that is none, is refused', async () => {
    const missing = await ctl.run(['release', nobody]);
    expect(missing).toMatchObject({ exit: 3, out: '' });
    expect(missing.err).toContain(`No lock has an id that begins or ends with ${nobody}.`);
    expect(await ctl.run(['ls', '--session', nobody])).toMatchObject({ exit: 3 });
    expect(await ctl.run(['show', nobody])).toMatchObject({ exit: 3 });
    for (const args of [
      ['release', 'abc'],
      ['release', 'not an id'],
      ['sessions', 'end', 'me'],
      ['ls', '--session', 'x'],
    ])
      expect(await ctl.run(args)).toMatchObject({ exit: 2, out: '' });
  });
});

test('sessions that are over are listed last, and only on request', async () => {
  const { session } = await cluster.holder({ label: 'soon over' });
  await session.end();
  const { session: later } = await cluster.holder({ label: 'later' });
  const listed = await ctl.run(['sessions', '-q']);
  expect(lines(listed.out)).toContain(later.id);
  expect(lines(listed.out)).not.toContain(session.id);
  const people = await ctl.run(['sessions']);
  expect(people.err).toMatch(/^Not listed: \d+ sessions? that (is|are) over; --all lists them\.$/m);
  const everyone = lines((await ctl.run(['sessions', '-q', '--all'])).out);
  expect(everyone.indexOf(session.id)).toBeGreaterThan(everyone.indexOf(later.id));
  await later.end();
});

describe('a name that does not exist', () => {
  test('is repeated, with names like it', async () => {
    for (const args of [
      ['why', 'dmeo:a'],
      ['hold', 'dem:a', '--', 'true'],
      ['exports', 'show', 'Demo'],
      ['show', 'demoo'],
    ]) {
      const { exit, err } = await ctl.run(args);
      expect({ args, exit: exit === 0 }).toEqual({ args, exit: false });
      expect(err).toMatch(/exports\/(dmeo|dem|Demo|demoo) does not exist\./);
      expect(err).toContain('Did you mean demo?');
    }
    const far = await ctl.run(['exports', 'show', 'nothing-like-it']);
    expect(far.err).toContain('exports/nothing-like-it does not exist.');
    expect(far.err).not.toContain('Did you mean');
    expect((await ctl.run(['stacks', 'show', 'posx'])).err).toContain('Did you mean posix?');
  });

  test('is repeated for files and ids', async () => {
    expect((await ctl.run(['show', 'demo:no-such-file'])).err).toContain('demo:no-such-file');
    const id = '00000000-0000-4000-8000-000000000000';
    expect((await ctl.run(['release', id])).err).toContain(id);
    expect((await ctl.run(['ls', '--session', id])).exit).toBe(0);
  });
});

describe('leasectl sessions end', () => {
  const ends = ['sessions', 'end'];

  test('--dry-run says what would be released and who waits for it, and changes nothing', async () => {
    const { session } = await cluster.holder({ label: 'stuck' });
    const lease = await session.acquire({ ...local('stuck'), type: 'write' });
    const opening = b.session.open({ ...local('stuck'), access: 'read', waitMs: 60_000 });
    const [waiter] = await waiters('stuck');
    const { exit, out, err } = await ctl.run([...ends, session.id, '--dry-run']);
    expect(exit).toBe(0);
    expect(out).toMatch(new RegExp(`${session.id} +live .*stuck`));
    expect(out).toContain(lease.id);
    expect(out).toMatch(new RegExp(`└─ open  read  waiting .*${waiter?.id ?? ''}`));
    expect(err).toContain('1 request of other owners waits for it.');
    const [told] = await ctl.json([...ends, session.id, '--dry-run']);
    expect(told).toMatchObject({
      session: { sessionId: session.id, state: 'live', lastSeenAt: matching(/Z$/) },
      locks: [{ id: lease.id, waiters: [{ id: waiter?.id, sessionId: b.session.id }] }],
      ...{ waiting: 1, truncated: false },
    });
    expect(lease.state).toBe('breaking');

    // Now without --dry-run: the waiter gets its turn, and the client is told that its session has ended.
    const over = new Promise((resolve) => {
      session.signal.addEventListener('abort', resolve);
    });
    expect(await ctl.run([...ends, session.id])).toMatchObject({ exit: 0, err: '' });
    await (await within('the open', opening)).close();
    await within('the end of the session', over);
    expect(session.signal.reason).toMatchObject({ reason: 'session_expired' });
    expect(lease.signal.reason).toMatchObject({ reason: 'lease_revoked' });
    // It has already ended; and an unknown id is no session.
    expect((await ctl.run([...ends, session.id])).exit).toBe(0);
    expect((await ctl.run([...ends, '00000000-0000-4000-8000-000000000000'])).exit).toBe(3);
    expect((await ctl.run([...ends, 'stuck'])).exit).toBe(2);
  });
});

describe('leasectl why', () => {
  test('a file without holders or without waiters is reported as free of conflict: exit code 0', async () => {
    expect(await ctl.run(['why', 'local:free'])).toMatchObject({
      exit: 0,
      out: 'local:free: free, nothing is held.\n',
    });
    const lease = await a.session.acquire({ ...local('free'), type: 'read' });
    const held = await ctl.run(['why', 'local:free']);
    expect(held.exit).toBe(0);
    expect(held.out).toMatch(/nobody is blocked/);
    expect(held.out).toContain(lease.id);
    await lease.release();
  });

  test('every waiter is shown with its blockers, and a break with the holders that have not answered: exit code 1', async () => {
    const lease = await a.session.acquire({ ...local('why'), type: 'read' });
    const first = b.session.open({ ...local('why'), access: 'write', waitMs: 30_000 });
    await a.ear.next('break', 'why');
    const [opener] = await waiters('why');
    const { session: third } = await cluster.holder({ pid: 4713 });
    const second = third.open({ ...local('why'), access: 'write', deny: 'both', waitMs: 30_000 });
    await eventually(async () => {
      expect(await all({ ...local('why'), state: 'waiting' })).toHaveLength(2);
    });

    const { exit, out } = await ctl.run(['why', 'local:why']);
    expect(exit).toBe(1);
    expect(out).toMatch(/2 requests wait/);
    expect(out).toMatch(
      /A break to none, \d+ s left \(open\) waits for 1 answer; the deadline is \d\d:\d\d:\d\d/,
    );
    expect(out).toMatch(/1\. open write, pid 4712/);
    expect(out).toMatch(
      new RegExp(
        `blocked by the lease read \\(breaking\\) of "holder a", pid 4711, for \\d+ \\w+, ${lease.id}`,
      ),
    );
    expect(out).toMatch(
      new RegExp(
        `behind the request open write \\(waiting\\) of pid 4712, for \\d+ \\w+, ${opener?.id ?? ''}`,
      ),
    );
    const [told] = await ctl.json(['why', 'local:why']);
    expect(told).toMatchObject({
      blocked: true,
      breaks: [{ target: 'none', unanswered: [lease.id] }],
      waiters: [{ id: opener?.id, blocker: { id: lease.id } }, { blocker: { id: opener?.id } }],
    });

    const tree = await ctl.run(['tree', 'local:why']);
    const drawn = lines(tree.out);
    expect(drawn).toHaveLength(3);
    expect(drawn[0]).toMatch(/^local:why {2}lease {2}read {2}breaking {2}break to none, \d+ s left/);
    expect(drawn[1]).toMatch(/^└─ open {2}write {2}waiting/);
    expect(drawn[2]).toMatch(/^ {3}└─ open {2}write deny both {2}waiting/);

    await lease.acknowledge();
    await (await within('the first', first)).close();
    await (await within('the second', second)).close();
    await third.end();
  });

  test('a local program at the fileserver shows as a break', async () => {
    const f = cluster.file('why-kernel');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    const writer = cluster.opener(`echo more >> ${f}`);
    await a.ear.next('break', f);
    const { exit, out } = await ctl.run(['why', `demo:${f}`]);
    expect(exit).toBe(1);
    expect(out).toMatch(/A break to none, \d+ s left \(fileserver\)/);
    expect(out).toContain('The waiting program is at the fileserver itself');
    await lease.acknowledge();
    await writer.exited;
  });
});

describe('by force', () => {
  test('break asks the holders, and stays until they have answered', async () => {
    const lease = await a.session.acquire({ ...local('forced'), type: 'write' });
    const breaking = ctl.start(['break', 'local:forced', '--target', 'read', '--wait', '30']);
    expect(await a.ear.next('break', 'forced')).toMatchObject({ target: 'read', cause: 'admin' });
    await breaking.says('1 holder must still answer.');
    await lease.acknowledge();
    expect(await breaking.ended).toEqual({
      exit: 0,
      out: matching(/^A break to read, 4\d s left \(admin\) has begun\.\nThe break is over\.\n$/),
      err: '1 holder must still answer.\n',
    });
    const byId = await ctl.run(['break', lease.id]);
    expect(byId.exit).toBe(0);
    await a.ear.next('break', 'forced');
    const late = await ctl.run(['break', 'local:forced', '--wait', '500ms']);
    expect(late.exit).toBe(7);
    expect(late.err).toContain('Next: See who has not answered: leasectl why local:forced');
    await lease.acknowledge();
    expect(await ctl.run(['break', 'local:forced'])).toMatchObject({
      exit: 0,
      out: matching(/nothing to break/),
    });
  });

  test('release revokes what is named, and continues after what is missing', async () => {
    const one = await a.session.acquire({ ...local('taken-1'), type: 'write' });
    const two = await a.session.open({ ...local('taken-2'), access: 'read' });
    const nobody = '00000000-0000-4000-8000-000000000000';
    const { exit, err } = await ctl.run(['release', one.id, nobody, two.id]);
    expect(exit).toBe(3);
    expect(err).toContain('ENOENT no_such_lock');
    expect(err).toContain('leasectl ls');
    await within(
      'the loss',
      eventually(() => {
        expect(one.signal.aborted).toBe(true);
      }),
    );
    expect(await all(local('taken-2'))).toEqual([]);
    expect(await ctl.run(['release', 'nonsense'])).toMatchObject({ exit: 2 });
  });
});

describe('watch', () => {
  test('prints rows that appear, change and end, and exits cleanly on Ctrl-C', async () => {
    const watching = ctl.start(['watch', '--file', 'local:watched', '--interval', '100ms']);
    const json = ctl.start(['watch', '--file', 'local:watched', '--interval', '100ms', '--json']);
    const lease = await a.session.acquire({ ...local('watched'), type: 'write' });
    await watching.says(
      new RegExp(
        `^\\d\\d:\\d\\d:\\d\\d \\+ ${lease.id} {2}lease {2}write {2}active {2}pid 4711 {2}local:watched$`,
        'm',
      ),
    );
    await json.says('"change":"added"');
    await cluster.client().forceBreak(lease.id, { target: 'read' });
    await watching.says(/~ .* lease {2}write {2}breaking {2}break to read.*\(state, break\)/);
    await lease.acknowledge();
    await watching.says(/~ .* lease {2}read {2}active/);
    await lease.release();
    await json.says(/"change":"changed".*"state":"released"/);
    for (const each of [watching, json]) {
      each.signal('SIGINT');
      expect(await within('its end', each.ended)).toMatchObject({ exit: 0, err: '' });
    }
  });

  test('`follow` prints what happens under a prefix, for whoever holds nothing there', async () => {
    const following = ctl.start(['follow', 'local:followed/']);
    const json = ctl.start(['follow', 'local:followed/', '--json']);
    await json.says('"what":"resync"');
    const [lease, other] = await Promise.all(
      ['followed/x', 'elsewhere'].map((file) => a.session.acquire({ ...local(file), type: 'write' })),
    );
    await json.says(/"what":"granted".*followed\/x/);
    await lease?.release();
    await json.says(/"what":"released".*followed\/x/);
    // People are not told that a stream begins, so what is to be heard is repeated.
    await eventually(async () => {
      await (await a.session.acquire({ ...local('followed/x'), type: 'write' })).release();
      expect(following.out).toMatch(/^\d\d:\d\d:\d\d {2}released {2}.*local:followed\/x/m);
    });
    await other?.release();
    for (const each of [following, json]) {
      each.signal('SIGINT');
      const { exit, out } = await within('its end', each.ended);
      expect([exit, out]).toEqual([0, expect.not.stringContaining('elsewhere')]);
    }
  });

  test('says when the service is unreachable and when it is back', async () => {
    const api = await startLeaseApi();
    const other = new Leasectl(api.url);
    const watching = other.start(['watch', 'sessions', '--interval', '100ms', '--no-existing']);
    await eventually(async () => {
      await api.session();
      expect(watching.out).toMatch(/\+ /);
    });
    await api.kill();
    await watching.says('ENOTCONN unreachable; retrying for 60 s.');
    await api.start();
    await watching.says(`${api.url} is back.`);
    watching.signal('SIGTERM');
    expect((await watching.ended).exit).toBe(0);
    await api.stop();
    expect((await other.run(['watch'])).exit).toBe(4);
  });
});

describe('hold', () => {
  const env = [
    'LEASEHOLD_FENCING_TOKEN',
    'LEASEHOLD_LEASE_ID',
    'LEASEHOLD_TYPE',
    'LEASEHOLD_EXPORT',
    'LEASEHOLD_FILE',
  ];
  const free = (file: string) =>
    eventually(async () => {
      expect(
        (await all(local(file))).filter(({ state }) => state !== 'released' && state !== 'revoked'),
      ).toEqual([]);
    });

  test('runs a command under a lease, described in its environment, and exits with the command’s code', async () => {
    const script = `leasectl ls -q local:h1 --state active; echo ${env.map((name) => `$${name}`).join(' ')}; exit 7`;
    const { exit, out, err } = await ctl.run(['hold', 'local:h1', '--', 'sh', '-c', script]);
    expect({ exit, err }).toEqual({ exit: 7, err: '' });
    const [listed, told = ''] = lines(out);
    const [token, lease, type, exportName, file] = told.split(' ');
    expect({ lease, type, exportName, file }).toEqual({
      lease: listed,
      type: 'write',
      exportName: 'local',
      file: 'h1',
    });
    expect(await cluster.client().fence(local('h1'))).toMatchObject({ highestToken: Number(token) });
    await free('h1');
    expect(
      await ctl.run(['hold', 'local:h1', '--type', 'read', '--', 'sh', '-c', 'kill -USR1 $$']),
    ).toMatchObject({
      exit: 138,
    });
  });

  test('a refusal names the holder, and the command is not run', async () => {
    const lease = await a.session.acquire({ ...local('h2'), type: 'write' });
    const refused = await ctl.run(['hold', 'local:h2', '--', 'echo', 'run']);
    expect(refused).toMatchObject({ exit: 75, out: '' });
    expect(refused.err).toContain('EAGAIN lease_conflict');
    expect(refused.err).toMatch(
      new RegExp(`${lease.id} +lease +write +active +\\d+ s +holder a +4711 +${a.session.id}`),
    );
    expect(refused.err).toContain('To wait for the lease: --wait SECONDS');
    const late = await ctl.run(['hold', 'local:h2', '--wait', '300ms', '--', 'echo', 'run']);
    expect(late).toMatchObject({ exit: 75, out: '' });
    expect(late.err).toContain(lease.id);
    await lease.release();
  });

  test('waits in turn, and says for whom', async () => {
    const lease = await a.session.acquire({ ...local('h3'), type: 'write' });
    const holding = ctl.start(['hold', 'local:h3', '--wait', '2m', '--', 'echo', 'run']);
    await holding.says('waiting for local:h3, 0 requests ahead. It is held by "holder a", pid 4711, for');
    expect(holding.out).toBe('');
    await lease.release();
    expect(await within('its turn', holding.ended)).toMatchObject({ exit: 0, out: 'run\n' });
    await free('h3');
  });

  test('ends the command when a local program opens the file, which then succeeds', async () => {
    const f = cluster.file('h4');
    const script = 'trap "echo told; exit 3" TERM; echo ready; while :; do sleep 0.1; done';
    const holding = ctl.start(['hold', `demo:${f}`, '--type', 'read', '--', 'sh', '-c', script]);
    await holding.says('ready');
    const writer = cluster.opener(`echo more >> ${f}`);
    const { exit, out, err } = await within('its end', holding.ended);
    expect({ exit, out }).toEqual({ exit: 3, out: 'ready\ntold\n' });
    expect(err).toMatch(
      new RegExp(
        `somebody needs demo:${f}; the lease must be released within \\d+ s. Sending SIGTERM to sh.`,
      ),
    );
    expect(await within('the writer', writer.exited)).toBe(0);
    expect(cluster.content(f)).toBe('text\nmore\n');
  });

  test('kills a command that ignores signals before the deadline', async () => {
    const api = await startLeaseApi({ env: { LEASEHOLD_BREAK_MS: '3000' } });
    const other = new Leasectl(api.url);
    const script = 'trap "" USR1; echo ready; while :; do sleep 0.1; done';
    const holding = other.start(['hold', 'local:h5', '--on-break', 'usr1', '--', 'sh', '-c', script]);
    await holding.says('ready');
    const { sessionId, secret } = await api.session();
    const opening = api.request('POST', '/v1/opens', {
      body: { sessionId, ...local('h5'), access: 'write', waitMs: 20_000 },
      secret,
    });
    const { exit, err } = await within('its end', holding.ended);
    expect(exit).toBe(137);
    expect(err).toContain('Sending SIGUSR1 to sh.');
    expect(err).toContain('sh has not ended in time; killing it.');
    expect(await within('the open', opening)).toMatchObject({ status: 201 });
    // It was released, not revoked.
    const { body } = await api.request('GET', '/v1/locks?export=local&file=h5&kind=lease');
    expect(body['locks']).toMatchObject([{ state: 'released' }]);

    const sooner = other.start([
      'hold',
      'local:h6',
      '--on-break',
      'kill',
      '--',
      'sh',
      '-c',
      'echo ready; sleep 60',
    ]);
    await sooner.says('ready');
    await other.run(['break', 'local:h6']);
    expect(await within('its end', sooner.ended)).toMatchObject({ exit: 137 });
    await api.stop();
  });

  test('a lost lease ends the command, with an exit code of its own', async () => {
    const script = 'trap "echo told; exit 0" TERM; echo ready; while :; do sleep 0.1; done';
    const holding = ctl.start(['hold', 'local:h7', '--', 'sh', '-c', script]);
    await holding.says('ready');
    const [lease] = await all({ ...local('h7'), state: 'active' });
    await ctl.run(['release', lease?.id ?? '']);
    const { exit, out, err } = await within('its end', holding.ended);
    expect({ exit, out }).toEqual({ exit: 76, out: 'ready\ntold\n' });
    expect(err).toMatch(/the lease of local:h7 is lost \(ESTALE lease_revoked\); ending sh/);

    const deaf = 'trap "" TERM; echo ready; while :; do sleep 0.1; done';
    const other = ctl.start(['hold', 'local:h7', '--kill-after', '200ms', '--', 'sh', '-c', deaf]);
    await other.says('ready');
    const [again] = await all({ ...local('h7'), state: 'active' });
    await ctl.run(['release', again?.id ?? '']);
    expect(await within('its end', other.ended)).toMatchObject({ exit: 76, err: matching(/killing it/) });
  });

  test('--max-hold ends the command when it has held a real file for so long, and the kernel’s lease with it', async () => {
    const f = cluster.file('m1');
    const held = await ctl.run(['hold', `demo:${f}`, '--max-hold', '500ms', '--', 'sleep', '600']);
    expect(held).toMatchObject({ exit: 76, err: matching(/held for as long as it may be/) });
    const writer = cluster.opener(`echo more >> ${f}`);
    expect(await within('the writer', writer.exited)).toBe(0);
    expect(await ctl.run(['hold', `demo:${f}`, '--max-hold', '31d', '--', 'true'])).toMatchObject({
      exit: 2,
    });
  });

  test('a service that is unreachable until the session has expired ends the command too', async () => {
    const api = await startLeaseApi();
    const other = new Leasectl(api.url);
    const holding = other.start([
      'hold',
      'local:h8',
      '--ttl',
      '10',
      '--',
      'sh',
      '-c',
      'echo ready; sleep 60',
    ]);
    await holding.says('ready');
    await api.kill();
    await holding.says('is in doubt');
    const { exit, err } = await within('its end', holding.ended);
    expect(exit).toBe(76);
    expect(err).toMatch(/is lost \(ESTALE session_expired\)/);
  });

  test('processes that the command leaves behind do not outlive the lease', async () => {
    const script = 'sleep 300 & echo "left $!"; echo ready; sleep 300';
    const holding = ctl.start(['hold', 'local:h14', '--', 'sh', '-c', script]);
    await holding.says('ready');
    const pid = Number(/left (\d+)/.exec(holding.out)?.[1]);
    expect(process.kill(pid, 0)).toBe(true);
    await ctl.run(['break', 'local:h14']);
    expect(await within('its end', holding.ended)).toMatchObject({ exit: 143 });
    await eventually(() => {
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    });
  });

  test('signals are passed to the command', async () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const) {
      const script = `trap "exit 9" ${signal.slice(3)}; echo ready; while :; do sleep 0.1; done`;
      const holding = ctl.start(['hold', 'local:h9', '--wait', '10', '--', 'sh', '-c', script]);
      await holding.says('ready');
      holding.signal(signal);
      expect([signal, await within('its end', holding.ended)]).toMatchObject([signal, { exit: 9, err: '' }]);
    }
    await free('h9');
  });

  test('Ctrl-C on a terminal reaches the command once', async () => {
    const script =
      'n=0; trap "n=\\$((n+1)); echo told \\$n" INT; echo ready; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; done; exit 4';
    const terminal = ctl.terminal(`leasectl hold local:h10 -- sh -c '${script}'`);
    await terminal.says('ready');
    terminal.child.stdin?.write('\x03');
    const { exit, out } = await within('its end', terminal.ended);
    expect({ exit, told: out.match(/told \d/g) }).toEqual({ exit: 4, told: ['told 1'] });
  });

  test('an interrupted wait leaves nothing behind', async () => {
    const lease = await a.session.acquire({ ...local('h11'), type: 'write' });
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const holding = ctl.start(['hold', 'local:h11', '--wait', '60', '--', 'echo', 'run']);
      await holding.says('waiting for local:h11');
      holding.signal(signal);
      expect(await within('its end', holding.ended)).toMatchObject({ exit: code, out: '' });
      expect((await all(local('h11'))).filter(({ state }) => state === 'waiting')).toEqual([]);
    }
    await lease.release();
  });

  test('a command that is missing or cannot be run is reported as shells do', async () => {
    expect(await ctl.run(['hold', 'local:h12', '--', 'no-such-command'])).toMatchObject({ exit: 127 });
    expect(await ctl.run(['hold', 'local:h12', '--', '/'])).toMatchObject({ exit: 126 });
    await free('h12');
  });

  test('many commands for one file run one at a time, and all get their turn', async () => {
    const log = ctl.file('turns', '');
    const script = `echo in >> ${log}; sleep 0.05; echo out >> ${log}`;
    const all = await Promise.all(
      Array.from({ length: 5 }, () =>
        ctl.run(['hold', 'local:h13', '--wait', '60', '-q', '--', 'sh', '-c', script]),
      ),
    );
    expect(all).toEqual(Array(5).fill({ exit: 0, out: '', err: '' }));
    expect(lines(readFileSync(log, 'utf8'))).toEqual(Array(5).fill(['in', 'out']).flat());
  });
});

describe('errors', () => {
  test.each([
    ['an unknown command', ['nonsense'], 2, /unknown command 'nonsense'/],
    ['a misspelt command', ['shwo'], 2, /Did you mean show\?/],
    ['an unknown option', ['ls', '--nonsense'], 2, /unknown option '--nonsense'[\s\S]*leasectl help ls/],
    ['no command', [], 2, /Usage: leasectl/],
    ['no argument', ['why'], 2, /missing required argument 'file'/],
    ['too many arguments', ['why', 'local:a', 'local:b'], 2, /too many arguments/],
    ['a file without its export', ['why', 'story.txt'], 2, /"story.txt" is not EXPORT:PATH/],
    ['a file out of its export', ['why', 'local:../etc/passwd'], 2, /without empty, \. or \.\. segments/],
    ['a file with an absolute path', ['ls', '--file', 'local:/a'], 2, /relative to the export/],
    ['an export with a strange name', ['ls', 'a b:c'], 2, /letters, digits/],
    ['the file twice', ['ls', 'local:a', '--file', 'local:b'], 2, /given twice/],
    ['a file of another export', ['ls', 'local:a', '--export', 'demo'], 2, /--export names demo/],
    ['a state that there is not', ['ls', '--state', 'asleep'], 2, /Allowed choices are allocated/],
    ['a session that is none', ['ls', '--session', 'me'], 2, /an id/],
    [
      'a time that is none',
      ['hold', 'local:a', '--wait', 'soon', '--', 'true'],
      2,
      /seconds, or with a unit/,
    ],
    ['a time too long', ['hold', 'local:a', '--wait', '2h', '--', 'true'], 2, /from 0 ms to 60 min/],
    [
      'a signal that is none',
      ['hold', 'local:a', '--on-break', 'hello', '--', 'true'],
      2,
      /must be a signal, as in term/,
    ],
    ['nothing to run', ['hold', 'local:a'], 2, /There is no command to run: put it after --/],
    ['an item without its kind', ['pin', 'demo', '--by', 'exports/x'], 2, /is not KIND\/NAME/],
    ['a pin by nobody', ['pin', 'exports/demo'], 2, /Who depends on it/],
    ['a URL that is none', ['--api', 'nonsense', 'ls'], 2, /not the URL of a lease API/],
    ['a token file that is not there', ['--admin-token-file', '/nonexistent', 'ls'], 2, /ENOENT/],
    ['proc as JSON', ['ls', '--proc', '--json'], 2, /cannot be combined/],
    ['help about nothing', ['help', 'nonsense'], 2, /There is no command "nonsense"/],
    [
      'no such export',
      ['why', 'nowhere:a'],
      3,
      /ENOENT no_such_export[\s\S]*Next: List what exists: leasectl exports ls/,
    ],
    ['no such file', ['why', 'demo:missing'], 3, /ENOENT no_such_file/],
    [
      'a command for a file that is not there',
      ['hold', 'demo:missing', '--', 'true'],
      3,
      /ENOENT no_such_file/,
    ],
    [
      'nobody at the URL',
      ['--api', 'http://127.0.0.1:9', 'ls'],
      4,
      /ENOTCONN unreachable[\s\S]*Next: Check that the lease API is running/,
    ],
    [
      'nobody to take a lease from',
      ['--api', 'http://127.0.0.1:9', 'hold', 'local:a', '--', 'true'],
      4,
      /unreachable/,
    ],
    [
      'somebody else at the URL',
      ['--api', 'http://127.0.0.1:RPC', 'ls', '--timeout', '2'],
      4,
      /unreachable|no_answer|bad_answer/,
    ],
  ])('%s', async (_, args, exit, says) => {
    const rpc = cluster.api.rpcAddress.split(':').at(-1) ?? '';
    const ended = await ctl.run(args.map((arg) => arg.replace('RPC', rpc)));
    expect(ended).toMatchObject({ exit, out: '', err: matching(says) });
    expect(ended.err).not.toMatch(/bug in leasectl|\n {4}at /);
  });

  test('are one JSON object each with --json', async () => {
    const { err } = await ctl.run(['why', 'demo:missing', '--json']);
    expect(JSON.parse(err)).toMatchObject({ code: 'ENOENT', reason: 'no_such_file' });
    const own = await ctl.run(['show', '00000000-0000-4000-8000-000000000000', '--json']);
    expect(JSON.parse(own.err)).toMatchObject({ exit: 3 });
  });

  test('the token is required where the service has one, and comes from the environment, a file or an option', async () => {
    const api: LeaseApi = await startLeaseApi({ env: { LEASEHOLD_ADMIN_TOKEN: 'correct-horse' } });
    const guarded = new Leasectl(api.url);
    const bare = await guarded.run(['ls']);
    expect(bare).toMatchObject({
      exit: 6,
      err: matching(/EACCES no_credentials[\s\S]*LEASEHOLD_ADMIN_TOKEN/),
    });
    const wrong = await guarded.run(['ls'], { env: { LEASEHOLD_ADMIN_TOKEN: 'wrong-horse' } });
    expect(wrong).toMatchObject({ exit: 6, err: matching(/EACCES bad_token/) });
    expect(wrong.err).not.toContain('wrong-horse');
    const file = guarded.file('token', 'correct-horse\n');
    for (const given of [
      ['--admin-token', 'correct-horse'],
      ['--admin-token-file', file],
    ])
      expect(await guarded.run(['ls', ...given])).toMatchObject({ exit: 0 });
    const env = { LEASEHOLD_ADMIN_TOKEN: 'correct-horse' };
    expect(await guarded.run(['ls'], { env })).toMatchObject({ exit: 0 });
    // An option takes precedence over the environment; giving both options is an error.
    const stale = { LEASEHOLD_ADMIN_TOKEN: 'wrong-horse' };
    expect(await guarded.run(['ls', '--admin-token-file', file], { env: stale })).toMatchObject({ exit: 0 });
    // Without loading fetch, which would cost such a command a third of its processor time.
    const guard = guarded.file(
      'no-fetch.cjs',
      `for (const name of ['fetch', 'Headers', 'Request', 'Response'])
         Object.defineProperty(globalThis, name, { get() { throw new Error(name + ' is loaded'); } });`,
    );
    const without = { NODE_OPTIONS: `--require ${guard}` };
    expect(await guarded.run(['ls', '--admin-token-file', file], { env: without })).toMatchObject({
      exit: 0,
    });
    const inFile = { LEASEHOLD_ADMIN_TOKEN_FILE: file };
    expect(await guarded.run(['ls'], { env: inFile })).toMatchObject({ exit: 0 });
    expect(await guarded.run(['ls'], { env: { ...stale, ...inFile } })).toMatchObject({ exit: 2 });
    expect(await guarded.run(['ls', '--admin-token', 'wrong-horse'], { env: inFile })).toMatchObject({
      exit: 6,
    });
    expect(await guarded.run(['ls', '--admin-token', 'x', '--admin-token-file', file])).toMatchObject({
      exit: 2,
    });
    expect(await guarded.run(['ls', '--admin-token-file', guarded.file('empty', '\n')])).toMatchObject({
      exit: 2,
    });
    expect((await guarded.run(['help', 'ls'], { env })).out).not.toContain('correct-horse');
    expect((await guarded.run(['--help'], { env })).out).not.toContain('correct-horse');
    // Leases need no token.
    expect(await guarded.run(['hold', 'local:x', '--', 'true'])).toMatchObject({ exit: 0 });
    await api.stop();
  });

  test('a service that does not answer is waited for only until the timeout', async () => {
    const api = await startLeaseApi();
    api.pause();
    const ended = await new Leasectl(api.url).run(['ls', '--timeout', '300ms']);
    api.resume();
    expect(ended).toMatchObject({ exit: 4, err: matching(/ETIMEDOUT no_answer/) });
    await api.stop();
  });
});

describe('help', () => {
  test('exists for every command, and exits with 0', async () => {
    const version = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;
    expect(await ctl.run(['--version'])).toEqual({ exit: 0, out: `leasectl ${version}\n`, err: '' });
    for (const args of [
      ['help'],
      ['--help'],
      ['help', 'hold'],
      ['exports', 'create', '--help'],
      ['help', 'nodes', 'beat'],
    ])
      expect(await ctl.run(args)).toMatchObject({ exit: 0, out: matching(/^Usage: leasectl /), err: '' });
    expect(await ctl.run(['help', 'exit-codes'])).toMatchObject({ exit: 0, out: matching(/^ +75 /m) });
  });
});

describe('completion', () => {
  /** The completions that bash would offer for a line, from the installed function. */
  async function offered(line: string): Promise<string[]> {
    // Split as readline does: at blanks, and at colons and equal signs, which are separate words.
    const words: string[] = line.match(/[:=]|[^\s:=]+/g) ?? [];
    if (/\s$/.test(line)) words.push('');
    const script = `eval "$(leasectl completion bash)"
      COMP_LINE='${line}' COMP_POINT=${String(line.length)} COMP_CWORD=${String(words.length - 1)}
      COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
      _leasectl; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { out, err } = await ctl.bash(script);
    expect(err).toBe('');
    return lines(out);
  }

  test('offers commands, options and their values to bash', async () => {
    expect(await offered('leasectl w')).toEqual(['why', 'watch']);
    expect(await offered('leasectl exports ')).toEqual(expect.arrayContaining(['ls', 'create', 'hangup']));
    expect(await offered('leasectl stacks sto')).toEqual(['stop-adapter']);
    expect(await offered('leasectl ls --st')).toEqual(['--state']);
    expect(await offered('leasectl --api http://127.0.0.1:1 ls --ki')).toEqual(['--kind']);
    expect(await offered('leasectl ls --state b')).toEqual(['breaking']);
    expect(await offered('leasectl exports create x --policy=w')).toEqual(['wait']);
    expect(await offered('leasectl completion ')).toEqual(['bash', 'zsh', 'fish']);
    expect(await offered('leasectl hold local:a -- ')).toEqual([]);
  });

  test('offers the exports, files and ids that exist', async () => {
    const lease = await a.session.acquire({ ...local('completed.txt'), type: 'read' });
    expect(await offered('leasectl why ')).toEqual(['local:', 'demo:']);
    expect(await offered('leasectl why local:compl')).toEqual(['completed.txt']);
    expect(await offered('leasectl ls --file local:compl')).toEqual(['completed.txt']);
    expect(await offered('leasectl ls --export d')).toEqual(['demo']);
    expect(await offered(`leasectl release ${lease.id.slice(0, 20)}`)).toEqual([lease.id]);
    expect(await offered('leasectl ls --session ')).toContain(a.session.id);
    await lease.release();
  });

  test('offers nothing, quickly, when the service is unreachable or hangs', async () => {
    expect(await offered('leasectl --api http://127.0.0.1:9 why ')).toEqual([]);
    const api = await startLeaseApi();
    api.pause();
    expect(await offered(`leasectl --api=${api.url} why `)).toEqual([]);
    api.resume();
    await api.stop();
  });

  test('completes a command typed in bash with TAB', async () => {
    const lease = await a.session.acquire({ ...local('typed-name.txt'), type: 'read' });
    const bash = ctl.terminal('bash --norc --noprofile -i', { env: { PS1: '$ ', HISTFILE: '' } });
    bash.child.stdin?.write('eval "$(leasectl completion bash)"; echo rea""dy\r');
    await bash.says('ready\r\n');
    bash.child.stdin?.write('leasectl sh\tlocal:typ\t; echo en""ded\r');
    await bash.says('ended\r\n');
    expect(bash.out).toContain('leasectl show local:typed-name.txt');
    expect(bash.out).toContain(lease.id);
    bash.child.stdin?.write('exit\r');
    await bash.ended;
    await lease.release();
  });
});

describe('on a terminal', () => {
  test('important text is in color, unless NO_COLOR is set', async () => {
    const lease = await a.session.acquire({ ...local('colored'), type: 'write' });
    await cluster.client().forceBreak(lease.id);
    const colored = await ctl.terminal('leasectl ls local:colored').ended;
    expect(colored.out).toContain('\x1b[33mbreaking\x1b[39m');
    const plain = await ctl.terminal('leasectl ls local:colored', { env: { NO_COLOR: '1' } }).ended;
    expect(plain.out).not.toContain('\x1b');
    expect((await ctl.run(['ls', 'local:colored'])).out).not.toContain('\x1b');
    await lease.acknowledge();
  });

  test('progress is one line that is rewritten', async () => {
    const lease = await a.session.acquire({ ...local('progress'), type: 'write' });
    const terminal = ctl.terminal('leasectl break local:progress --wait 30');
    await terminal.says(/\r\x1b\[2K1 holder must still answer, \d+ s left\./);
    await lease.acknowledge();
    const { exit, out } = await terminal.ended;
    expect(exit).toBe(0);
    expect(out).toMatch(/\r\x1b\[2KThe break is over\.\r\n$/);
  });
});
