import type {
  Dependent,
  ExportView,
  NodeView,
  OperationView,
  RegionView,
  StackView,
  VerbInput,
} from '#locks';
import type { Log } from '../telemetry/logger';
import type { Arbiter } from './arbiter';
import { randomId } from './ids';
import type { Holders, Reader } from './holders';
import type { Operations } from './operations';
import { isRefused, refuse, type Refused } from './refusal';

export type ItemKind = VerbInput<'itemRemove'>['kind'];
type Policy = ExportView['policy'];
/** An item of the configuration tree, by its name. */
export interface ItemRef {
  kind: ItemKind;
  name: string;
}
interface ViewOf {
  stacks: StackView;
  exports: ExportView;
  nodes: NodeView;
  regions: RegionView;
}
/** Settings of an item. `expect`: the version that the caller expects; 0: the item must not exist. */
interface Expecting {
  expect?: number;
}
export interface StackSettings extends Expecting {
  description?: string;
  onDemand?: { prefix: string; policy: Policy };
}
export interface ExportSettings extends Expecting {
  stack: string;
  policy: Policy;
  region?: string;
  breakMs?: number;
  lockDelayMs?: number;
  maxHoldMs?: number;
  directories?: boolean;
  ranges?: 'table' | 'kernel';
}
export interface NodeSettings extends Expecting {
  region: string;
  description?: string;
}
export interface RegionSettings extends Expecting {
  beatMs: number;
  deadMs: number;
  ackMs: number;
}
export interface Put<T> {
  created: boolean;
  item: T;
}

/** The two parts of `kind/name`. */
export function itemOf(text: string): ItemRef {
  const at = text.indexOf('/');
  return { kind: text.slice(0, at) as ItemKind, name: text.slice(at + 1) };
}

export const pathOf = ({ kind, name }: ItemRef): string => `${kind}/${name}`;

/** The configuration tree: stacks, exports, nodes and regions, each with its version (semantics.md §7). */
export class Items {
  constructor(
    private readonly arbiter: Arbiter,
    private readonly operations: Operations,
    private readonly holders: Holders,
    /** Defaults of exports; `directories`: the exports whose directories may be delegated. */
    private readonly defaults: { breakMs: number; lockDelayMs: number; directories: readonly string[] },
    private readonly log: Log,
  ) {}

  async list<K extends ItemKind>(kind: K): Promise<readonly ViewOf[K][]> {
    return this.read(kind);
  }

  /** Refused: no_such_item. */
  async get<K extends ItemKind>(kind: K, name: string): Promise<ViewOf[K] | Refused> {
    const [found] = await this.read(kind, name);
    return found ?? refuse('no_such_item', { missing: pathOf({ kind, name }) });
  }

  /** Refused: version_old, item_removing, built_in, items_max. */
  putStack(name: string, settings: StackSettings): Promise<Put<StackView> | Refused> {
    const { expect, description, onDemand } = settings;
    const { prefix, policy } = onDemand ?? {};
    return this.put(
      { kind: 'stacks', name },
      this.arbiter.run('stackPut', { name, expect, description, prefix, policy }),
    );
  }

  /**
   * Replaces the settings of an export; those left out take the service's defaults.
   * Refused: version_old, no_such_item (its stack or region), item_removing, stack_busy, break_time_too_long, items_max.
   */
  putExport(name: string, settings: ExportSettings): Promise<Put<ExportView> | Refused> {
    const { expect, stack, policy, region, ...own } = settings;
    const { directories, ...times } = this.defaults;
    return this.put(
      { kind: 'exports', name },
      this.arbiter.run('exportPut', {
        ...{ name, expect, stack, policy, region, own, ...times },
        directories: directories.includes(name),
      }),
      { kind: 'stacks', name: stack },
      { kind: 'regions', name: region ?? '' },
    );
  }

  /** Refused: version_old, no_such_item (its region), item_removing, has_dependents, items_max. */
  putNode(name: string, settings: NodeSettings): Promise<Put<NodeView> | Refused> {
    return this.put({ kind: 'nodes', name }, this.arbiter.run('nodePut', { name, ...settings }), {
      kind: 'regions',
      name: settings.region,
    });
  }

  /** Refused: version_old, item_removing, items_max. */
  putRegion(name: string, settings: RegionSettings): Promise<Put<RegionView> | Refused> {
    return this.put({ kind: 'regions', name }, this.arbiter.run('regionPut', { name, ...settings }));
  }

  /**
   * Removes an item without dependents; with `force` an operation removes the dependents first.
   * Refused: no_such_item, version_old, has_dependents, built_in, item_removing, operation_running.
   */
  async remove(
    ref: ItemRef,
    how: { expect?: number; force: boolean; deadlineMs: number },
  ): Promise<{ operation?: OperationView } | Refused> {
    const operationId = randomId();
    const removed = await this.arbiter.run('itemRemove', { ...ref, ...how, operationId });
    if (isRefused(removed)) return this.operations.named(removed, pathOf(ref));
    const begun = removed.operation?.operationId;
    this.log.warn(
      { item: pathOf(ref), operationId: begun },
      begun === undefined ? 'item removed' : 'removal begun',
    );
    return removed;
  }

  /** One page of an item's dependents, if the reader may see them. Refused: no_such_item, nothing_there. */
  async dependents(
    ref: ItemRef,
    after: number,
    limit: number,
    reader?: Reader,
  ): Promise<{ dependents: Dependent[]; after?: number } | Refused> {
    const refused = await this.holders.ofItem(reader, ref);
    return refused ?? this.arbiter.run('dependentList', { ...ref, after, limit, viewer: reader?.sessionId });
  }

  private async put<K extends ItemKind>(
    { kind, name }: { kind: K; name: string },
    step: Promise<Put<ViewOf[K]> | Refused>,
    ...above: ItemRef[]
  ): Promise<Put<ViewOf[K]> | Refused> {
    const made = await step;
    if (isRefused(made)) return this.operations.named(made, ...[{ kind, name }, ...above].map(pathOf));
    this.log.info({ item: pathOf({ kind, name }), created: made.created }, 'configured');
    return made;
  }

  private async read<K extends ItemKind>(kind: K, name?: string): Promise<ViewOf[K][]> {
    return this.readers[kind](name);
  }

  private readonly readers: { [K in ItemKind]: (name?: string) => Promise<ViewOf[K][]> } = {
    stacks: async (name) => (await this.arbiter.run('stackList', { name })).stacks,
    exports: async (name) => (await this.arbiter.run('exportList', { name })).exports,
    nodes: async (name) => (await this.arbiter.run('nodeList', { name })).nodes,
    regions: async (name) => (await this.arbiter.run('regionList', { name })).regions,
  };
}
