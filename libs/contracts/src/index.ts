export * from './plain';
export * from './words';
export * from './printable';
export * from './problem-body';
export * from './rest';
export * from './events';
export * as fileserver from './fileserver';
export * as nfs from './nfs';
export * as configuration from './configuration';
