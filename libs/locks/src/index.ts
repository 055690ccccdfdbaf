export * from './core/io';
export type {
  Access,
  Attributes,
  Cause,
  RecordBody as Change,
  ChangeKind,
  CycleMember,
  Deny,
  DirectoryChange,
  Held,
  HoldAsk,
  RangesAsk,
  RangeTestAsk,
  RangeWanted,
  LeaseType,
  Limits,
  Measured,
  Mode,
  ProcessIdentity,
  RangeClass,
  NodeNotice,
  Place,
  RecordNames,
  RecordOf,
  RecordRow,
  SubjectLimits,
  Want,
  Shortage,
  WhyNot,
} from './core/rows';
export type { Reason } from './core/reasons';
export { formatFirst, formatNewest, formatOfShards } from './core/format';
export { isAsked, isTaken } from './core/rules/break';
export { compatible } from './core/rules/modes';
export * from './table/table';
export { openEmbeddedTable, type EmbeddedTableOptions } from './table/embedded/embedded-table';
export { openLmdbStore } from './table/embedded/lmdb-store';
export { witnessDirectory } from './table/embedded/witness';
export type { Store, StoreKey } from './table/embedded/store';
export { ShardedTable } from './table/sharded-table';
export * from './table/shards';
export { openRedisTable, type RedisTableOptions } from './table/redis/redis-table';
export { addressText, redisClient, type RedisAddress, type TlsFor } from './table/redis/connection';
export type { Durability } from './table/redis/durability';
