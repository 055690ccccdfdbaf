export * from './core/io';
export type {
  Access,
  Cause,
  Change,
  HoldAsk,
  LeaseType,
  Limits,
  ProcessIdentity,
  RecordRow,
} from './core/rows';
export * from './table/table';
