export { ExpositionServer } from './exposition-server';
export { expositionType, type Instrument, Instruments, type Values } from './instruments';
export { createLog, forPeople, type Log } from './log';
export {
  asking,
  isTraced,
  originIn,
  originNow,
  part,
  serve,
  served,
  type Serving,
  type Span,
} from './origin';
export { programVersion } from './version';
