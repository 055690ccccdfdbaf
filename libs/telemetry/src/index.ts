export { ExpositionServer } from './exposition-server';
export { expositionType, type Instrument, Instruments, programVersion, type Values } from './instruments';
