export * from './words';
export * from './limits';
export * from './problem';
export * from './rest';
export * from './events';
export * as configuration from './configuration';
export * as fileserver from './fileserver';
export * as nfs from './nfs';
export * from './envelope';
