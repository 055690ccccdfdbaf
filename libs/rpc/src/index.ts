export { Caller, type Wire } from './caller';
export {
  type AdapterProof,
  keyOf,
  keyPairOf,
  type Incarnation,
  type Key,
  isAdapterProven,
  newIncarnation,
  partsOf,
  proveAdapter,
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
export { adapterKeyFileDefault, installationSecret, privateText, secretFileDefault } from './secret';
export { answerToStranger, connectionsWaitingMax, PromptClient, PromptServer, PromptSocket } from './socket';
export { proven, Strangers } from './strangers';
