import type { HoldAsk, Reason, VerbInput, VerbName, VerbOutput } from '#locks';
import { checkInvariants } from '../support/invariants';
import { PlainRows } from '../support/plain-rows';
import { quickly } from '../support/quickly';
import { scenarioLimits } from '../support/scenario';

/**
 * An export is used before its adapter comes, while it registers, and when it leaves and returns (semantics.md §7):
 * both orders of every pair of steps, from every stage. In any order, nothing is granted twice, nothing is left
 * waiting, and in the end nothing is left.
 */
class World {
  readonly clock = { now: 1_700_000_000_000 };
  readonly rows = new PlainRows(this.clock);
  private asks: HoldAsk[] = [];
  private incarnation = 0;
  private count = 0;

  constructor() {
    this.call('identify', { identity: 'races', limits: scenarioLimits });
    this.call('stackPut', { name: 'posix' });
    this.policy('local');
    for (const sessionId of ['A', 'B'])
      this.call('sessionCreate', { sessionId, digest: sessionId, ttlMs: 3_000_000, pid: 1 });
  }

  call<V extends VerbName>(verb: V, input: VerbInput<V>): VerbOutput<V> {
    const { value, asks } = this.rows.play(verb, input);
    this.asks.push(...asks);
    return value;
  }

  policy(policy: 'local' | 'refuse'): void {
    const times = { own: {}, breakMs: 4_000, lockDelayMs: 0 };
    this.call('exportPut', { name: 'posix', stack: 'posix', policy, ...times });
  }

  private file(named: boolean) {
    const placeholder = named ? true : undefined;
    const fileKey = named ? 'name/f' : 'real/f';
    return { fileKey, exportName: 'posix', path: 'f', fileId: 'f', inode: '<none>:0', placeholder };
  }

  private owner(sessionId: string) {
    return { owner: sessionId, ownerKey: `${sessionId}/`, clientKey: `${sessionId}//` };
  }

  acquire(sessionId: string, type: 'read' | 'write', named: boolean): void {
    this.count += 1;
    const item = { leaseId: `l${String(this.count)}`, ...this.file(named), ...this.owner(sessionId) };
    this.call('leaseAcquire', { sessionId, item, type });
  }

  open(sessionId: string, named: boolean): void {
    this.count += 1;
    this.call('openCreate', {
      sessionId,
      openId: `o${String(this.count)}`,
      file: this.file(named),
      ...this.owner(sessionId),
      access: 'write',
      deny: 'none',
      waitMs: 60_000,
    });
  }

  release(): void {
    for (const [leaseId] of this.rows.all('lease')) this.call('leaseSet', { leaseId, type: 'none' });
    for (const [openId] of this.rows.all('open')) this.call('openClose', { openId });
  }

  register(): void {
    this.incarnation += 1;
    this.call('register', {
      stack: 'posix',
      version: '1',
      major: 1,
      minor: 1,
      incarnation: `i${String(this.incarnation)}`,
      process: { hostId: 'h', bootId: 'b', pid: this.incarnation, startTicks: '1' },
      endpoint: 'e',
      exports: ['posix'],
      breakMs: 4_000,
      lockDelayMs: 0,
      breakLimitMs: 0,
    });
  }

  report(): void {
    this.call('holdReport', { incarnation: `i${String(this.incarnation)}`, holds: [], done: true });
  }

  beat(): void {
    const dead = Array.from({ length: this.incarnation - 1 }, (_, i) => `i${String(i + 1)}`);
    const incarnation = `i${String(this.incarnation)}`;
    this.call('heartbeat', { incarnation, exports: ['posix'], dead });
  }

  bind(failed?: Reason): void {
    const incarnation = `i${String(this.incarnation)}`;
    const { files } = this.call('unboundList', { exportName: 'posix', incarnation, limit: 9 });
    for (const { fileKey } of files)
      this.call('fileBind', {
        ...{
          exportName: 'posix',
          fileKey,
          incarnation,
          realKey: 'real/f',
          fileId: 'id',
          inode: '1:2:3',
          failed,
        },
      });
  }

  answer(yes: boolean): void {
    const ask = this.asks.shift();
    if (ask === undefined) return;
    const { fileKey, holdGen, type } = ask;
    const reason = yes ? undefined : 'fileserver_refused';
    this.call('holdAnswered', { fileKey, holdGen, have: yes ? type : 'none', reason });
  }

  later(ms: number): void {
    this.clock.now += ms;
    this.call('tick', {});
  }

  end(what: 'hangup' | 'remove'): void {
    this.count += 1;
    const operation = { operationId: `g${String(this.count)}`, deadlineMs: 3_000 };
    if (what === 'hangup') this.call('exportHangup', { name: 'posix', ...operation });
    else this.call('itemRemove', { kind: 'exports', name: 'posix', force: true, ...operation });
  }

  check(): void {
    checkInvariants(this.rows);
    // One file never has two separate rows.
    quickly(this.rows.all('file').length).toBeLessThanOrEqual(1);
  }

  /** An adapter is up and does what it is asked; every holder answers and ends its session. */
  settle(): void {
    this.register();
    this.report();
    for (let i = 0; i < 12; i += 1) {
      this.later(1_500);
      this.beat();
      this.bind();
      for (let left = this.asks.length; left > 0; left -= 1) this.answer(true);
    }
    const exp = this.rows.get('export', 'posix');
    expect({ opening: exp?.opening ?? false, bound: this.rows.lists.has('b:posix') }).toEqual({
      ...{ opening: false, bound: false },
    });
    for (const [sessionId] of this.rows.all('session')) this.call('sessionEnd', { sessionId });
    for (let i = 0; i < 12; i += 1) {
      this.later(1_500);
      this.beat();
      for (let left = this.asks.length; left > 0; left -= 1) this.answer(true);
    }
    this.later(600_000);
    for (const kind of ['file', 'open', 'share', 'alias'] as const) quickly(this.rows.all(kind)).toEqual([]);
  }
}

const steps: Record<string, (world: World) => void> = {
  'A writes by name': (w) => {
    w.acquire('A', 'write', true);
  },
  'A writes': (w) => {
    w.acquire('A', 'write', false);
  },
  'B reads by name': (w) => {
    w.acquire('B', 'read', true);
  },
  'B reads': (w) => {
    w.acquire('B', 'read', false);
  },
  'B opens by name': (w) => {
    w.open('B', true);
  },
  'B opens': (w) => {
    w.open('B', false);
  },
  'all let go': (w) => {
    w.release();
  },
  'an adapter registers': (w) => {
    w.register();
  },
  'it has said what it holds': (w) => {
    w.report();
  },
  'names are bound': (w) => {
    w.bind();
  },
  'names lead nowhere': (w) => {
    w.bind('no_such_file');
  },
  'the fileserver grants': (w) => {
    w.answer(true);
  },
  'the fileserver refuses': (w) => {
    w.answer(false);
  },
  'the adapter is lost': (w) => {
    w.later(6_000);
  },
  'the policy is refuse': (w) => {
    w.policy('refuse');
  },
  'the policy is local': (w) => {
    w.policy('local');
  },
  'it is hung up': (w) => {
    w.end('hangup');
  },
  'it is removed by force': (w) => {
    w.end('remove');
  },
};
const arrival = [
  'B reads by name',
  'an adapter registers',
  'it has said what it holds',
  'names are bound',
  'the fileserver grants',
  'the adapter is lost',
  'an adapter registers',
  'it has said what it holds',
];
const stages = arrival.map((_, n) => arrival.slice(0, n)).concat([arrival, ['A writes by name']]);

describe.each(stages.map((stage) => [stage.join(', ') || 'nothing yet', stage] as const))(
  'after %s',
  (_title, stage) => {
    test.each(Object.keys(steps))('%s, then every other step', (one) => {
      for (const other of Object.keys(steps)) {
        const order = [...stage, one, other];
        const world = new World();
        try {
          for (const step of stage) steps[step]?.(world);
          for (const step of [one, other]) {
            steps[step]?.(world);
            world.check();
          }
          world.settle();
        } catch (error) {
          throw new Error(`in the order: ${order.join(', ')}`, { cause: error });
        }
      }
    });
  },
);
