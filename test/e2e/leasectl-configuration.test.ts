import { everyCommand, fullName, makeProgram } from '../../apps/leasectl/src/program';
import { Cluster, type Holder, stopClusters } from '../support/cluster';
import { eventually, within } from '../support/eventually';
import { Leasectl, stopLeasectl } from '../support/leasectl';
import { startLeaseApi } from '../support/service';

/** The configuration tree by leasectl: the built program against the running service. */
let cluster: Cluster;
let a: Holder;
let ctl: Leasectl;

beforeAll(async () => {
  cluster = await Cluster.start();
  a = await cluster.holder({ pid: 4711 });
  ctl = new Leasectl(cluster.api.url);
});
afterAll(async () => {
  stopLeasectl();
  await stopClusters();
});

/** For comparing the whole output. */
const matching = (pattern: RegExp): string => expect.stringMatching(pattern) as string;
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
/** Runs a command that must succeed; returns its output. */
async function done(...args: string[]): Promise<string> {
  const { exit, out, err } = await ctl.run(args);
  expect({ args, exit, err }).toMatchObject({ args, exit: 0 });
  return out;
}
async function item(kind: string, name: string): Promise<Record<string, unknown>> {
  const [found = {}] = await ctl.json([kind, 'show', name]);
  return found;
}

describe('items', () => {
  test('are created, shown, listed, changed and removed', async () => {
    expect(await done('regions', 'create', 'r1', '--beat', '500ms', '--dead', '5')).toMatch(
      /^Created regions\/r1, version \d+\.$/m,
    );
    await done('nodes', 'create', 'n1', '--region', 'r1', '--description', 'the first');
    await done(
      'exports',
      'create',
      'e1',
      '--stack',
      'local',
      '--policy',
      'local',
      '--region',
      'r1',
      '--break',
      '30',
    );
    expect(await item('regions', 'r1')).toMatchObject({ beatMs: 500, deadMs: 5_000 });
    expect(await item('nodes', 'n1')).toMatchObject({
      region: 'r1',
      state: 'down',
      description: 'the first',
    });
    expect(await item('exports', 'e1')).toMatchObject({
      stack: 'local',
      policy: 'local',
      region: 'r1',
      breakMs: 30_000,
    });
    expect(await done('exports', 'show', 'e1')).toMatch(/^break: +30 s$/m);
    expect(lines(await done('exports', '-q'))).toEqual(expect.arrayContaining(['local', 'demo', 'e1']));
    expect(await done('nodes')).toMatch(/^n1 +down +r1 /m);
    expect(await done('regions', 'ls')).toMatch(/^r1 +500 ms +5 s /m);

    // A field that is not given stays unchanged.
    const { version } = await item('exports', 'e1');
    await done('exports', 'set', 'e1', '--policy', 'refuse');
    expect(await item('exports', 'e1')).toMatchObject({ policy: 'refuse', region: 'r1', breakMs: 30_000 });
    const stale = await ctl.run([
      'exports',
      'set',
      'e1',
      '--policy',
      'wait',
      '--if-version',
      String(version),
    ]);
    expect(stale).toMatchObject({ exit: 5, out: '', err: matching(/ESTALE/) });
    await done('exports', 'set', 'e1', '--unset', 'region');
    expect((await item('exports', 'e1'))['region']).toBeUndefined();

    expect(await ctl.run(['exports', 'create', 'e1', '--stack', 'local'])).toMatchObject({ exit: 5 });
    expect(await done('exports', 'rm', 'e1')).toBe('Removed exports/e1.\n');
    expect(await ctl.run(['exports', 'show', 'e1'])).toMatchObject({ exit: 3 });
    expect(await ctl.run(['exports', 'rm', 'e1'])).toMatchObject({ exit: 3 });
    await done('nodes', 'rm', 'n1');
    await done('regions', 'rm', 'r1');
  });

  test('with dependents are not removed, and the refusal names those', async () => {
    await done('regions', 'create', 'r2');
    await done('nodes', 'create', 'n2', '--region', 'r2');
    await done('exports', 'create', 'e2', '--stack', 'local', '--region', 'r2');
    expect(lines(await done('regions', 'dependents', 'r2', '-q')).sort()).toEqual(['exports/e2', 'nodes/n2']);
    const { exit, err } = await ctl.run(['regions', 'rm', 'r2']);
    expect(exit).toBe(1);
    expect(err).toMatch(/EBUSY has_dependents/);
    expect(err).toMatch(/^ +exports +e2/m);
    expect(err).toMatch(/^ +nodes +n2/m);
    expect(err).toContain('leasectl regions rm r2 --force');
    const tree = await done('tree', 'config');
    expect(tree).toMatch(/^stacks\/local[\s\S]*^[├└]─ exports\/e2 {2}/m);
    expect(tree).toMatch(/^regions\/r2[\s\S]*^├─ nodes\/n2 {2}down\n└─ required by exports\/e2$/m);
    await done('exports', 'rm', 'e2');
    await done('nodes', 'rm', 'n2');
    await done('regions', 'rm', 'r2');
  });

  test('are kept by pins until those are removed', async () => {
    await done('exports', 'create', 'e3', '--stack', 'local');
    await done('regions', 'create', 'r3');
    const byItem = (
      await done('pin', 'export/e3', '--by', 'regions/r3', '--because', 'so it is', '-q')
    ).trim();
    const env = { LEASEHOLD_SESSION_SECRET: a.session.secret };
    const bySession = (
      await ctl.run(['pin', 'exports/e3', '--session', a.session.id, '-q'], { env })
    ).out.trim();
    expect(await done('show', byItem)).toMatch(/because: +so it is/);
    expect(lines(await done('exports', 'dependents', 'e3'))).toEqual(
      expect.arrayContaining([matching(/^pins .* regions\/r3 +so it is$/)]),
    );
    expect(await ctl.run(['exports', 'rm', 'e3'])).toMatchObject({
      exit: 1,
      err: matching(/ regions\/r3 +so it is/),
    });
    // A short id will do, if no other pin has it.
    expect(await ctl.run(['unpin', 'ffff'])).toMatchObject({ exit: 3, err: matching(/No pin has an id/) });
    await done('unpin', byItem.slice(0, 13));
    expect(await ctl.run(['exports', 'rm', 'e3'])).toMatchObject({ exit: 1 });
    expect(await ctl.run(['unpin', bySession.slice(0, 13)], { env })).toMatchObject({ exit: 0 });
    expect(await ctl.run(['unpin', bySession], { env })).toMatchObject({ exit: 3 });
    await done('exports', 'rm', 'e3');
    await done('regions', 'rm', 'r3');
  });

  beforeAll(async () => {
    await done('regions', 'create', 'r9');
    await done('nodes', 'create', 'silent', '--region', 'r9');
    await done('exports', 'create', 'regional', '--stack', 'local', '--region', 'r9');
  });
  test.each([
    ['an export without its stack', ['exports', 'create', 'x'], 2, /required option '--stack <name>'/],
    ['a stack that there is not', ['exports', 'create', 'x', '--stack', 'nowhere'], 3, /ENOENT/],
    [
      'a policy that there is not',
      ['exports', 'create', 'x', '--stack', 'local', '--policy', 'hope'],
      2,
      /wait, refuse, local/,
    ],
    ['a name that is none', ['exports', 'create', 'a/b', '--stack', 'local'], 2, /is not a valid name/],
    ['a time out of bounds', ['regions', 'create', 'x', '--beat', '1ms'], 2, /from 100 ms to 60 s/],
    [
      'dead before two beats',
      ['regions', 'create', 'x', '--beat', '1', '--dead', '1'],
      2,
      /EINVAL bad_request[\s\S]*deadMs: at least twice beatMs/,
    ],
    ['a set of nothing', ['exports', 'set', 'demo'], 2, /nothing to set/],
    ['an unset of what is needed', ['exports', 'set', 'demo', '--unset', 'stack'], 2, /Allowed choices/],
    ['a removal of the built-in stack', ['stacks', 'rm', 'local'], 1, /E(BUSY|PERM|INVAL)/],
    ['a deadline without force', ['exports', 'rm', 'demo', '--deadline', '3'], 2, /--force/],
    [
      'a pin by a session without its secret',
      ['pin', 'exports/demo', '--session', '00000000-0000-4000-8000-000000000000'],
      2,
      /LEASEHOLD_SESSION_SECRET/,
    ],
    [
      'an operation that there is not',
      ['operations', 'wait', '00000000-0000-4000-8000-000000000000'],
      3,
      /ENOENT/,
    ],
    ['an operation that is none', ['operations', 'wait', 'nothing'], 2, /"nothing" is not an id/],
    ['a name that nothing has', ['show', 'nothing'], 3, /leasectl tree config/],
    [
      'a lease without a node',
      ['hold', 'regional:f', '--', 'true'],
      75,
      /EPERM node_required[\s\S]*--node NAME/,
    ],
    [
      'a lease on a node that does not beat',
      ['hold', 'regional:f', '--node', 'silent', '--', 'true'],
      75,
      /EAGAIN node_down/,
    ],
    ['a node that there is not', ['nodes', 'beat', 'nothing'], 3, /ENOENT/],
    ['a region that there is not', ['regions', 'watch', 'nothing'], 3, /ENOENT no_such_item/],
    ['an adapter that there is not', ['stacks', 'stop-adapter', 'posix', 'nothing'], 3, /ENOENT/],
  ])('%s is refused', async (_, args, exit, says) => {
    expect(await ctl.run(args)).toMatchObject({ exit, out: '', err: matching(says) });
  });
});

describe('operations', () => {
  test('a hangup breaks holds, shows its progress, and is undone by a resume', async () => {
    await done('exports', 'create', 'e4', '--stack', 'local');
    const lease = await a.session.acquire({ export: 'e4', file: 'f', type: 'write' });
    const hangup = ctl.start(['exports', 'hangup', 'e4', '--deadline', '30']);
    await a.ear.next('break', 'f');
    await hangup.says(/^Hangup of exports\/e4: breaking; 1 file left/m);
    expect(await done('operations')).toMatch(/ hangup +exports\/e4 +breaking +1 /);
    await lease.acknowledge('none');
    const ended = await within('the hangup', hangup.ended);
    expect(ended).toMatchObject({
      exit: 0,
      out: matching(/^Hangup of exports\/e4 is done: leases of 1 file broken/),
    });
    expect(await ctl.run(['hold', 'e4:f', '--', 'true'])).not.toMatchObject({ exit: 0 });
    await done('exports', 'resume', 'e4');
    expect(await ctl.run(['hold', 'e4:f', '--', 'true'])).toMatchObject({ exit: 0 });
    await done('exports', 'rm', 'e4');
  });

  test('an export is in grace until its holders are done, or an administrator ends it', async () => {
    await done('exports', 'create', 'e5', '--stack', 'local');
    expect(await done('exports', 'grace', 'e5')).toBe('exports/e5 is not in grace: nobody is waited for.\n');
    const lease = await a.session.acquire({ export: 'e5', file: 'f', type: 'read' });
    expect(await done('exports', 'grace', 'e5', '--for', '300')).toBe(
      'exports/e5 is in grace for 5 min; 1 session may end it before.\n',
    );
    expect(await ctl.run(['hold', 'e5:g', '--', 'true'])).not.toMatchObject({ exit: 0 });
    await done('exports', 'grace', 'e5', '--for', '0');
    expect(await ctl.run(['hold', 'e5:g', '--', 'true'])).toMatchObject({ exit: 0 });
    expect(await ctl.run(['exports', 'grace', 'none'])).not.toMatchObject({ exit: 0 });
    await lease.release();
    await done('exports', 'rm', 'e5');
  });

  test('probe says what the fileserver makes of a lease of each type, and leaves nothing behind', async () => {
    await done('exports', 'create', 'e6', '--stack', 'local');
    expect(await done('exports', 'probe', 'e6', 'f')).toMatch(
      /^TYPE +GRANTED +BACKED +TOOK +WHY NOT\nread +yes +no +\S+ m?s *\nwrite +yes +no +\S+ m?s *\n$/,
    );
    const lease = await a.session.acquire({ export: 'e6', file: 'f', type: 'read' });
    const { exit, out } = await ctl.run(['exports', 'probe', 'e6', 'f']);
    expect([exit, out]).toEqual([1, matching(/^read +yes .*\nwrite +no +- +\S+ m?s +lease_conflict: \S/m)]);
    await lease.release();
    expect(await done('ls', '--export', 'e6')).not.toMatch(/e6:f/);
    const { body } = await cluster.api.request('GET', '/v1/sessions?limit=1000');
    const left = (body['sessions'] as { label?: string; state: string }[]).filter(
      ({ label, state }) => label === 'leasectl probe: e6' && state !== 'ended',
    );
    expect(left).toEqual([]);
    expect(await ctl.run(['exports', 'probe', 'none', 'f'])).toMatchObject({ exit: 3 });
    await done('exports', 'rm', 'e6');
  });

  test('a removal by force revokes at the deadline what was not released', async () => {
    await done('exports', 'create', 'e5', '--stack', 'local');
    const lease = await a.session.acquire({ export: 'e5', file: 'f', type: 'write' });
    expect(await ctl.run(['exports', 'rm', 'e5'])).toMatchObject({ exit: 1, err: matching(/files +\S*f/) });
    const { exit, out } = await ctl.run(['exports', 'rm', 'e5', '--force', '--deadline', '1']);
    expect(exit).toBe(0);
    expect(out).toMatch(/removed exports\/e5\.$/m);
    await eventually(() => {
      expect(lease.signal.aborted).toBe(true);
    });
    expect(await ctl.run(['exports', 'show', 'e5'])).toMatchObject({ exit: 3 });
  });

  test('an operation continues after --no-wait or Ctrl-C, and can be waited for later', async () => {
    await done('exports', 'create', 'e6', '--stack', 'local');
    const lease = await a.session.acquire({ export: 'e6', file: 'f', type: 'write' });
    const id = (await done('exports', 'hangup', 'e6', '--no-wait', '-q')).trim();
    const waiting = ctl.start(['operations', 'wait', id]);
    await waiting.says('breaking');
    waiting.signal('SIGINT');
    expect(await within('its end', waiting.ended)).toMatchObject({
      exit: 130,
      err: matching(new RegExp(`It continues: leasectl operations wait ${id}`)),
    });
    expect(await done('operations', 'show', id)).toMatch(/^state: +running$/m);
    const again = ctl.start(['operations', 'wait', id, '--json']);
    await a.ear.next('break', 'f');
    await lease.acknowledge('none');
    const { exit, out } = await within('its end', again.ended);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ operationId: id, state: 'done' });
    await done('exports', 'rm', 'e6');
  });
});

describe('nodes', () => {
  test('beat until they are told to end, and learn of the incarnation before', async () => {
    await done('regions', 'create', 'r7', '--beat', '200ms', '--dead', '1');
    await done('nodes', 'create', 'n7', '--region', 'r7');
    const watching = ctl.start(['regions', 'watch', 'r7']);
    await watching.says('watching the nodes of regions/r7');
    const beating = ctl.start(['nodes', 'beat', 'n7', '--incarnation', 'first']);
    await beating.says('nodes/n7 is up; it sends a heartbeat every 200 ms and is dead after 1 s of silence');
    expect(await item('nodes', 'n7')).toMatchObject({ state: 'up' });
    await done('exports', 'create', 'e7', '--stack', 'local', '--region', 'r7');
    expect(await ctl.run(['hold', 'e7:f', '--node', 'n7', '--', 'true'])).toMatchObject({ exit: 0 });
    beating.signal('SIGINT');
    expect(await within('its end', beating.ended)).toMatchObject({
      exit: 0,
      err: matching(/nodes\/n7 has stopped in order/),
    });
    await eventually(async () => {
      expect(await item('nodes', 'n7')).toMatchObject({ state: 'down' });
    });
    watching.signal('SIGINT');
    const told = await within('its end', watching.ended);
    expect(told.exit).toBe(0);
    expect(lines(told.out).map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'nodes/n7 is up  first',
      'nodes/n7 is dead  first',
    ]);
    const once = await ctl.json(['nodes', 'beat', 'n7', '--once', '--incarnation', 'second']);
    expect(once).toMatchObject([{ beatMs: 200, deadMs: 1_000 }]);
    await done('exports', 'rm', 'e7');
    await done('nodes', 'rm', 'n7', '--force', '--deadline', '1');
    await done('regions', 'rm', 'r7');
  });

  test('a superseded incarnation ends, and says so', async () => {
    await done('regions', 'create', 'r10', '--beat', '200ms', '--dead', '1');
    await done('nodes', 'create', 'n10', '--region', 'r10');
    const first = ctl.start(['nodes', 'beat', 'n10', '--incarnation', 'first']);
    await first.says('nodes/n10 is up');
    await done('nodes', 'beat', 'n10', '--once', '--incarnation', 'second');
    expect(await within('its end', first.ended)).toMatchObject({
      exit: 5,
      err: matching(/ESTALE (node_life_over|incarnation_superseded)/),
    });
  });

  test('an unanswered heartbeat is reported, and so is the next answered one', async () => {
    const api = await startLeaseApi();
    const other = new Leasectl(api.url);
    await other.run(['regions', 'create', 'r', '--beat', '200ms', '--dead', '60']);
    await other.run(['nodes', 'create', 'n', '--region', 'r']);
    const beating = other.start(['nodes', 'beat', 'n']);
    await beating.says('nodes/n is up');
    await api.kill();
    await beating.says('heartbeats of nodes/n do not get through; it is dead after 60 s');
    await api.start();
    await beating.says('nodes/n: heartbeats get through again');
    beating.signal('SIGTERM');
    expect(await within('its end', beating.ended)).toMatchObject({ exit: 0 });
    await api.stop();
  });
});

describe('watching', () => {
  test('a change of an item is printed as a line', async () => {
    const watching = ctl.start(['watch', 'exports', '--no-existing', '--interval', '100ms']);
    // The time of the first poll is unknown, so the change is repeated.
    await done('exports', 'create', 'e8', '--stack', 'local');
    await eventually(async () => {
      await done('exports', 'set', 'e8', '--policy', 'wait');
      await done('exports', 'set', 'e8', '--policy', 'refuse');
      expect(watching.out).toMatch(/~ e8 {2}.*\(version.*policy/);
    });
    await done('exports', 'rm', 'e8');
    await watching.says(/- e8 /);
    watching.signal('SIGINT');
    expect((await watching.ended).exit).toBe(0);
  });
});

describe('adapters', () => {
  test('an adapter is stopped in order: its leases are broken, and the program ends', async () => {
    const f = cluster.file('stopped');
    const lease = await a.session.acquire({ export: 'demo', file: f, type: 'read' });
    const [stack] = await ctl.json(['stacks', 'show', 'posix']);
    expect(stack).toMatchObject({ adapters: [{ state: 'up', exports: ['demo'] }] });
    expect(await done('stacks')).toMatch(/^posix +1 +1\/1 /m);
    expect(await done('tree', 'config')).toMatch(/^[├└]─ adapter \S+ {2}up {2}.*serves demo$/m);
    const { incarnation = '' } = (stack?.['adapters'] as { incarnation: string }[])[0] ?? {};
    const stop = ctl.start(['stacks', 'stop-adapter', 'posix', incarnation, '--deadline', '30']);
    await a.ear.next('break', f);
    await lease.acknowledge('none');
    const { exit, out } = await within('the stop', stop.ended);
    expect(exit).toBe(0);
    expect(out).toMatch(/^Stop of .* is done: leases of 1 file broken/);
    expect(await cluster.fileserver.ended()).toBe(0);
    expect(await done('exports')).toMatch(/^demo +none +posix /m);
    expect(await ctl.run(['hold', `demo:${f}`, '--', 'true'])).toMatchObject({
      exit: 75,
      err: matching(/EAGAIN no_backend/),
    });
  });
});

describe('every list', () => {
  const id = String.raw`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`;
  // Before midnight what is to come may be tomorrow's.
  const time = String.raw`(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d \((?:in )?\d[^()]*\)`;
  const version = String.raw`version \d{16}`;
  /** The cells of a line, in order, without empty ones. */
  const cells = (...texts: string[]): RegExp => new RegExp(`^ *${texts.join(' {2,}')}$`, 'm');

  beforeAll(async () => {
    await done('regions', 'create', 'r11', '--beat', '60', '--dead', '600');
    await done('nodes', 'create', 'n11', '--region', 'r11');
    await done('nodes', 'beat', 'n11', '--once', '--incarnation', 'first');
    await done('stacks', 'create', 's11', '--description', 'on call', '--on-demand', 'e11-');
    await done('exports', 'create', 'e11', '--stack', 'local', '--region', 'r11', '--break', '0');
    await done('pin', 'exports/e11', '--by', 'nodes/n11', '--because', 'so it is');
    const { session } = await cluster.holder({ node: 'n11', pid: 4712, label: 'the lister' });
    await session.acquire({ export: 'e11', file: 'listed', type: 'write' });
    const modal = await cluster.holder({ pid: 4713 });
    await modal.session.dlm('local').lock('listed', 'EX');
    await done('exports', 'hangup', 'e11', '--deadline', '1h', '--no-wait');
    // The operation breaks the lease after it has been answered.
    await eventually(async () => {
      expect(await done('ls', '--export', 'e11')).toMatch(/ breaking /);
    });
  });

  const lease = ['lease', 'write', 'breaking'];
  const breaks = String.raw`break to none, \d[^()]* left \(admin\); unbacked`;
  const age = String.raw`\d[^ ]* \S+`;
  const whose = [age, 'n11', 'the lister'];
  const by = `"the lister" on n11, pid 4712, for ${age}`;
  const listed = new Map<string, RegExp>([
    ['ls', cells(id, ...lease, ...whose, '4712', 'e11:listed', breaks)],
    [
      'ls --wide',
      cells(id, ...lease, ...whose, '4712', id, String.raw`\d{16}`, '<none>:0', 'e11:listed', breaks),
    ],
    ['dlm ls', cells(id, 'dlm', 'EX', 'granted', age, '4713', 'local:listed')],
    ['tree', cells('e11:listed', ...lease, breaks, by, id)],
    ['sessions ls', cells(id, 'live', '1', '[01]', '2 min', time, time, '4712', 'n11', 'the lister')],
    ['operations ls', cells(id, 'hangup', 'exports/e11', 'breaking', '1', time, time)],
    ['stacks ls', cells('s11', '0', '0/0', String.raw`\d+\.\d+-\d+`, String.raw`e11-\* \(wait\)`, 'on call')],
    [
      'exports ls',
      cells('e11', 'stopping', 'local', 'refuse', 'r11', 'never forced', '-', '0', '0', `operation ${id}`),
    ],
    ['nodes ls', cells('n11', 'up', 'r11', '1', time, 'first')],
    ['regions ls', cells('r11', '60 s', '10 min', '5 s', '1', '0')],
    ['exports dependents e11', cells('pins', id, 'nodes/n11', 'so it is')],
    ['regions dependents r11', cells('nodes', 'n11')],
    ['status', /^export e11: stopping, stack local$/m],
    ['show e11:listed', cells(id, ...lease, ...whose, '4712', breaks)],
    ['why e11:listed', cells(id, ...lease, ...whose, '4712', 'unbacked')],
  ]);
  test.each([...listed])('leasectl %s shows the values of its rows', async (command, row) => {
    const { out, err } = await ctl.run(command.split(' '));
    expect(err).toMatch(/^(Not listed: \d+ sessions? that (is|are) over; --all lists them\.\n)?$/);
    expect(out).toMatch(row);
    expect(out).not.toMatch(/undefined|null|NaN|\[object/);
  });

  const watched = new Map<string, RegExp>([
    ['locks', cells(...lease, breaks, 'pid 4712', 'e11:listed')],
    ['sessions', cells('live', 'locks 1', 'label the lister')],
    ['operations', cells('hangup of exports/e11', 'breaking', '1 file left')],
    ['stacks', cells(version)],
    ['exports', cells('stopping', version, 'stack local', 'region r11', `operationId ${id}`)],
    ['nodes', cells('up', version, 'region r11')],
    ['regions', cells(version)],
  ]);
  test.each([...watched])('leasectl watch %s shows the values of its rows', async (what, row) => {
    const watching = ctl.start(['watch', what]);
    await watching.says(new RegExp(`^\\S+ \\+ \\S+ {2}${row.source.slice(3)}`, 'm'));
    watching.signal('SIGINT');
    const { exit, out, err } = await within('its end', watching.ended);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).not.toMatch(/undefined|null|NaN|\[object/);
  });

  test('is one of these', () => {
    const commands = [...everyCommand(makeProgram('0.0.0', () => undefined))];
    const names = commands.filter((command) => command.name() === 'ls').map(fullName);
    expect(names).toContain('sessions ls');
    expect([...listed.keys()]).toEqual(expect.arrayContaining(names));
    const watch = commands.find((command) => fullName(command) === 'watch');
    expect([...watched.keys()].sort()).toEqual([...(watch?.registeredArguments[0]?.argChoices ?? [])].sort());
  });

  test('a sign of life is not a change, nor is the time that passes', async () => {
    const sessions = ctl.start(['watch', 'sessions', '--interval', '100ms']);
    const locks = ctl.start(['watch', 'locks', '--interval', '100ms']);
    const { session } = await cluster.holder({ label: 'the living' });
    await sessions.says(cells(`\\S+ \\+ ${session.id}`, 'live', 'locks 0', 'label the living'));
    await locks.says('breaking');
    const before = await ctl.json(['show', session.id]);
    await eventually(async () => {
      const url = `${cluster.api.url}/v1/sessions/${session.id}/keepalive`;
      await fetch(url, { method: 'POST', headers: { 'x-session-secret': session.secret } });
      expect((await ctl.json(['show', session.id]))[0]?.['lastSeenAt']).not.toBe(before[0]?.['lastSeenAt']);
    });
    // Each of these is seen by a separate poll of the list.
    for (let i = 0; i < 10; i += 1) {
      const { id: seen } = await session.acquire({ export: 'local', file: `living-${i}`, type: 'read' });
      await locks.says(`+ ${seen}`);
    }
    await sessions.says(new RegExp(`~ ${session.id} .*locks 10 `));
    for (const each of [sessions, locks]) each.signal('SIGINT');
    const changes = lines((await within('its end', sessions.ended)).out).filter((line) =>
      line.includes(`~ ${session.id}`),
    );
    for (const change of changes) expect(change).toMatch(/ \((locks|streams)(, (locks|streams))?\)$/);
    const told = lines((await within('its end', locks.ended)).out).filter((line) =>
      line.includes('e11:listed'),
    );
    expect(told).toHaveLength(1);
  });
});
