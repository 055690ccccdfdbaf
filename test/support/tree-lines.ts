import { randomUUID } from 'node:crypto';
import type {
  Dependent,
  OperationView,
  Reason,
  RecordOf,
  RecordRow,
  Refused,
  VerbInput,
  VerbName,
  VerbOutput,
} from '#locks';
import type { ItemKind } from '../../libs/locks/src/core/rows';

/**
 * Lines of a scenario about the configuration tree.
 *
 *   stack posix on-demand tmp- local                   an item, made or changed; `expect 3` only if it has that version
 *   region r beat 1s dead 10s ack 5s, node n1 in r
 *   put demo on posix policy wait region r break 5s
 *   item exports demo -> none refuse                   how it reads
 *   dependents exports demo -> pins, files f           who depends on it; `for A`: as A is told
 *   pin A on exports demo, pin exports demo on nodes n1, unpin A
 *   remove exports demo -> removed, remove exports demo by force 10s -> begun
 *   hangup demo 10s, resume demo, stop posix i1 10s
 *   operation -> running breaking, 1 file left         the last one begun; `did` says what it has done
 *   beat n1 i1 -> up, subscribe A r 10, acks A n1
 *   touch tmp-1 local, unbound -> f g, bind f, bind f failing no_such_file
 *   news -> exports/demo created                       what was recorded about the tree since the last `news`
 *   notices -> A down n1                               who was told of nodes since the last `notices`
 */
type Granted<V extends VerbName> = Exclude<VerbOutput<V>, Refused>;

/** What these lines need from their scenario. */
export interface Host {
  call: <V extends VerbName>(verb: V, input: VerbInput<V>) => Promise<Granted<V>>;
  refused(): Refused['refused'] | undefined;
  actor(name: string): { sessionId: string; digest: string | undefined };
  nameOf(sessionId: string): string;
  fileOf(path: string): { fileKey: string; realKey: string };
  exportName(): string;
  incarnation(): string;
  span(text: string): number;
}

const first = new Set(
  'stack region node put item dependents pin unpin remove hangup resume stop operation did beat subscribe acks touch unbound bind news notices count declare details'.split(
    ' ',
  ),
);

export class TreeLines {
  private operationId = '';
  private readonly pins = new Map<string, string>();
  private readonly notices = new Map<string, string>();
  private changes: RecordOf<'configured'>[] = [];
  private told: RecordOf<'node'>[] = [];

  constructor(private readonly host: Host) {}

  knows(word: string): boolean {
    return first.has(word);
  }

  /** Takes the records about the tree, and leaves the others. */
  sift(records: readonly RecordRow[]): RecordRow[] {
    return records.filter((record) => {
      if (record.kind === 'configured') this.changes.push(record);
      else if (record.kind === 'node') this.told.push(record);
      else return true;
      return false;
    });
  }

  async line(verb: string, rest: string[]): Promise<string> {
    const [name = '', second = '', third = ''] = rest;
    const after = (word: string): string | undefined => {
      const at = rest.indexOf(word);
      return at < 0 ? undefined : rest[at + 1];
    };
    const ms = (word: string, otherwise: number): number => {
      const text = after(word);
      return text === undefined ? otherwise : this.host.span(text);
    };
    const expect = after('expect') === undefined ? undefined : Number(after('expect'));
    const { call } = this.host;
    switch (verb) {
      case 'stack': {
        const at = rest.indexOf('on-demand');
        const onDemand = at < 0 ? {} : { prefix: rest[at + 1], policy: rest[at + 2] as 'wait' };
        return this.put(await call('stackPut', { name, expect, ...onDemand }));
      }
      case 'region':
        return this.put(
          await call('regionPut', {
            ...{ name, expect, beatMs: ms('beat', 1000), deadMs: ms('dead', 10_000), ackMs: ms('ack', 5000) },
          }),
        );
      case 'node':
        return this.put(await call('nodePut', { name, expect, region: after('in') ?? '' }));
      case 'put': {
        const own = {
          breakMs: after('break') === undefined ? undefined : ms('break', 0),
          directories: rest.includes('directories') ? true : undefined,
          maxHoldMs: after('hold') === undefined ? undefined : ms('hold', 0),
          ranges: rest.includes('kernel') ? ('kernel' as const) : undefined,
        };
        return this.put(
          await call('exportPut', {
            name,
            expect,
            stack: after('on') ?? '',
            policy: (after('policy') ?? 'refuse') as 'refuse',
            region: after('region'),
            own,
            breakMs: 45_000,
            lockDelayMs: 0,
          }),
        );
      }
      case 'item':
        return this.item(name as ItemKind, second);
      case 'dependents': {
        const value = await call('dependentList', {
          ...{ kind: name as ItemKind, name: second, after: 0, limit: 100 },
          viewer: rest[2] === 'for' ? this.host.actor(rest[3] ?? '').sessionId : undefined,
        });
        const no = this.no();
        if (no !== undefined) return no;
        return value.dependents.map((each) => this.dependent(each)).join(', ') || 'none';
      }
      case 'pin': {
        const pinId = randomUUID();
        const at = rest.indexOf('on');
        const [kind, on] = [rest[at + 1] as ItemKind, rest[at + 2] ?? ''];
        const by = at === 2 ? { by: { kind: name as ItemKind, name: second } } : this.host.actor(name);
        await call('pinAdd', { pinId, kind, name: on, because: after('because'), ...by });
        const no = this.no();
        if (no === undefined) this.pins.set(rest.slice(0, at).join(' '), pinId);
        return no ?? 'pinned';
      }
      case 'unpin': {
        const pinId = this.pins.get(rest.join(' ')) ?? '';
        const digest = rest.length === 1 ? this.host.actor(name).digest : undefined;
        await call('pinDrop', { pinId, digest });
        return this.no() ?? 'unpinned';
      }
      case 'remove': {
        const at = rest.indexOf('force');
        const operationId = randomUUID();
        const value = await call('itemRemove', {
          kind: name as ItemKind,
          name: second,
          expect,
          force: at >= 0,
          operationId,
          deadlineMs: at < 0 ? 0 : this.host.span(rest[at + 1] ?? ''),
        });
        return this.no() ?? this.begun(value.operation) ?? 'removed';
      }
      case 'hangup': {
        const input = { name, operationId: randomUUID(), deadlineMs: this.host.span(second) };
        const value = await call('exportHangup', input);
        return this.no() ?? this.begun(value.operation) ?? '';
      }
      case 'resume': {
        const value = await call('exportResume', { name });
        return this.no() ?? (value.resumed ? 'resumed' : 'was not stopped');
      }
      case 'stop': {
        const value = await call('adapterStop', {
          ...{
            stack: name,
            incarnation: second,
            operationId: randomUUID(),
            deadlineMs: this.host.span(third),
          },
        });
        return this.no() ?? this.begun(value.operation) ?? '';
      }
      case 'operation':
      case 'did':
        return this.operation(verb === 'did');
      case 'beat': {
        const value = await call('nodeBeat', { name, incarnation: second, leaving: third === 'leaving' });
        const lost = value.sessionsLost > 0 ? `, lost ${String(value.sessionsLost)}` : '';
        return this.no() ?? `${value.state}${lost}`;
      }
      case 'subscribe': {
        await call('subscribe', { ...this.host.actor(name), region: second, priority: Number(third) });
        return this.no() ?? 'subscribed';
      }
      case 'acks': {
        const noticeId = this.notices.get(name) ?? '';
        const value = await call('noticeAck', { ...this.host.actor(name), node: second, noticeId });
        return this.no() ?? (value.taken ? 'taken' : 'not waited for');
      }
      case 'touch':
        await call('exportTouch', { name, stack: second, breakMs: 45_000, lockDelayMs: 0 });
        return this.no() ?? 'there';
      case 'declare': {
        const stack = after('as');
        const directories = rest.includes('directories');
        const value = await call('exportDeclare', {
          ...{ name, stack, breakMs: ms('break', 45_000), lockDelayMs: ms('delay', 0), directories },
        });
        return value.declared ? 'declared' : 'not declared';
      }
      case 'details':
        return this.details(name);
      case 'count':
        await call('exportCount', { name, refused: Number(second), queued: Number(third) });
        return this.no() ?? 'counted';
      case 'unbound': {
        const [exportName, incarnation] = [this.host.exportName(), this.host.incarnation()];
        const value = await call('unboundList', { exportName, incarnation, limit: 100 });
        return value.files.map((file) => file.path).join(' ') || 'nothing';
      }
      case 'bind': {
        const { fileKey } = this.host.fileOf(name);
        const to = this.host.fileOf(after('to') ?? name);
        const value = await call('fileBind', {
          exportName: this.host.exportName(),
          fileKey,
          incarnation: this.host.incarnation(),
          realKey: to.realKey,
          fileId: `id-${after('to') ?? name}`,
          inode: 'fe:00:77',
          failed: after('failing') as Reason | undefined,
        });
        return value.bound ? 'bound' : 'not bound';
      }
      case 'news': {
        const texts = this.changes.map(
          (each) => `${each.item.replace(/^operations\/.*/, 'operation')} ${each.reason}`,
        );
        this.changes = [];
        return texts.join(', ') || 'nothing';
      }
      default: {
        const texts = this.told.map(({ sessionId, notice }) => {
          this.notices.set(this.host.nameOf(sessionId), notice.noticeId);
          return `${this.host.nameOf(sessionId)} ${notice.node} ${notice.event}`;
        });
        this.told = [];
        return texts.join(', ') || 'nothing';
      }
    }
  }

  private no(): string | undefined {
    const refusal = this.host.refused();
    if (refusal === undefined) return undefined;
    const who = (refusal.dependents ?? []).map((each) => this.dependent(each)).join(', ');
    const version = refusal.version === undefined ? '' : ` ${String(refusal.version > 0)}`;
    return `no ${refusal.reason}${who === '' ? '' : `: ${who}`}${version}`;
  }

  private dependent({ kind, name, because, otherTenant }: Dependent): string {
    if (otherTenant === true) return `${kind} of another tenant`;
    const who =
      kind === 'pins' ? '' : ` ${['sessions', 'connections'].includes(kind) ? this.host.nameOf(name) : name}`;
    return `${kind}${who}${because === undefined ? '' : ` because ${because}`}`;
  }

  private put(value: { created: boolean }): string {
    return this.no() ?? (value.created ? 'created' : 'changed');
  }

  private begun(operation: OperationView | undefined): string | undefined {
    if (operation === undefined) return undefined;
    this.operationId = operation.operationId;
    return 'begun';
  }

  private async operation(did: boolean): Promise<string> {
    const { operation } = await this.host.call('operationGet', { operationId: this.operationId });
    const no = this.no();
    if (no !== undefined) return no;
    if (!did) {
      const files = operation.filesLeft === 0 ? '' : `, ${String(operation.filesLeft)} left`;
      return `${operation.state === 'done' ? 'done' : operation.phase}${files}`;
    }
    const counted = {
      cancelled: operation.requestsCancelled,
      broken: operation.leasesBroken,
      revoked: operation.leasesRevoked,
      closed: operation.opensClosed,
      unlocked: operation.rangesReleased,
      sessions: operation.sessionsEnded,
      pins: operation.pinsDropped,
    };
    const parts = Object.entries(counted).flatMap(([what, n]) => (n > 0 ? [`${what} ${String(n)}`] : []));
    return [...parts, ...operation.removed].join(', ') || 'nothing';
  }

  /** The complete view of an export, next to the scenario's other facts. */
  private async details(name: string): Promise<string> {
    const [each] = (await this.host.call('exportList', { name })).exports;
    if (each === undefined) return 'none of that name';
    const spans = [each.breakMs, each.lockDelayMs, each.breakLimitMs].map((n) => `${String(n / 1000)}s`);
    const adapter = `${each.incarnation}/${String(each.major)}.${String(each.minor)}`;
    const counts = [each.unconfirmed, each.unboundFiles, each.delegations].map(String).join(' ');
    return [
      `${each.state} break ${spans.join(' ')}, adapter ${adapter}, counts ${counts}`,
      ...(each.maxHoldMs === undefined ? [] : [`hold ${String(each.maxHoldMs / 1000)}s`]),
      ...(each.directories ? ['directories'] : []),
      ...(each.ranges === 'kernel' ? ['kernel ranges'] : []),
      ...(each.local ? ['local'] : []),
      ...(each.demand ? ['on demand'] : []),
      ...(each.cause === undefined ? [] : [each.cause]),
      ...(each.fileSystem === undefined ? [] : [`on ${each.fileSystem}`]),
      ...(each.region === undefined ? [] : [`region ${each.region}`]),
      ...(each.operation === undefined ? [] : ['in operation']),
    ].join(', ');
  }

  private async item(kind: ItemKind, name: string): Promise<string> {
    const { call } = this.host;
    if (kind === 'exports') {
      const [each] = (await call('exportList', { name })).exports;
      if (each === undefined) return 'none of that name';
      const by = each.byName ? ' by name' : '';
      const missed = [
        each.refused > 0 ? ` refused ${String(each.refused)}` : '',
        each.queued > 0 ? ` queued ${String(each.queued)}` : '',
        each.unbacked > 0 ? ` unbacked ${String(each.unbacked)}` : '',
      ].join('');
      return `${each.stack} ${each.policy} ${each.state}${by}${missed}`;
    }
    if (kind === 'stacks') {
      const [each] = (await call('stackList', { name })).stacks;
      if (each === undefined) return 'none of that name';
      const adapters = each.adapters.map(
        (a) =>
          `${a.incarnation} ${a.version} ${String(a.major)}.${String(a.minor)} ${a.state} [${a.exports.join(' ')}]`,
      );
      return [`${String(each.exports)} exports`, ...adapters].join(', ');
    }
    if (kind === 'regions') {
      const [each] = (await call('regionList', { name })).regions;
      if (each === undefined) return 'none of that name';
      return `${String(each.nodes)} nodes, ${String(each.subscribers)} subscribers`;
    }
    const [each] = (await call('nodeList', { name })).nodes;
    if (each === undefined) return 'none of that name';
    const telling = (each.notice?.waitsFor ?? []).map((id) => this.host.nameOf(id)).join(' ');
    return `${each.state}, ${String(each.sessions)} sessions${telling === '' ? '' : `, telling ${telling}`}`;
  }
}
