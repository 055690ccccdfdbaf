export { Caller, type Wire } from './caller';
export {
  keyOf,
  keyPairOf,
  type Incarnation,
  type Key,
  newIncarnation,
  partsOf,
  sessionSecret,
} from './identity';
export {
  Door,
  type Admitted,
  type AdmittedCall,
  seal,
  type Seal,
  sealCall,
  type Sealed,
  type StreamSeal,
} from './seal';
export { Repeats } from './repeats';
export { installationSecret, privateText, secretFileDefault } from './secret';
export { answerToStranger, connectionsWaitingMax, PromptClient, PromptServer, PromptSocket } from './socket';
