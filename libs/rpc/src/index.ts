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
export { programKey, withFiles } from './environment';
export {
  adapterKeyFileDefault,
  installationSecret,
  privateText,
  secretFileDefault,
  secretMode,
} from './secret';
export { connectionsWaitingMax, PromptClient, PromptServer, PromptSocket } from './socket';
export { answerToStranger, networkOf, type Peer, proven, Strangers } from './strangers';
export { clientFailure, Tls, TlsDoor, tlsFailure, type TlsFiles, TlsRefusal } from './tls';
export { trustedText, Watched } from './watched-file';
