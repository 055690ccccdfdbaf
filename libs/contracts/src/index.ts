export * from './words';
export * from './limits';
export * from './printable';
export * from './problem';
export * from './rest';
export * from './events';
export * as fileserver from './fileserver';
export * as nfs from './nfs';
export * as configuration from './configuration';
