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

/** For what is compared as a whole. */
const matching = (pattern: RegExp): string => expect.stringMatching(pattern) as string;
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
/** One that must succeed; what it printed. */
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
  test('are made, shown, listed, changed and removed', async () => {
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

    // What is not given stays as it is.
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

  test('one that others depend on is not removed, and they are named', async () => {
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

  test('pins hold an item, and are taken back', async () => {
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
    await done('unpin', byItem);
    expect(await ctl.run(['exports', 'rm', 'e3'])).toMatchObject({ exit: 1 });
    expect(await ctl.run(['unpin', bySession], { env })).toMatchObject({ exit: 0 });
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
    ['an operation that is none', ['operations', 'wait', 'nothing'], 2, /EINVAL/],
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
  test('a hangup breaks what is held, shows how far it is, and is undone by a resume', async () => {
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

  test('a removal by force takes what is not given up by the deadline', async () => {
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

  test('one is left to itself, by --no-wait or by Ctrl-C, and waited for later', async () => {
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
  test('beat until they are told to end, and hear of the life before', async () => {
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

  test('a life that another has taken over from ends, and says so', async () => {
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

  test('a beat that is not answered is told, and so is the next that is', async () => {
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
  test('a change of an item is a line', async () => {
    const watching = ctl.start(['watch', 'exports', '--no-existing', '--interval', '100ms']);
    // There is no telling when the first look was, so the change is repeated.
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
  test('one is stopped in order: its leases are broken, and the program ends', async () => {
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
