/** The wire of NFSv4.1 and ONC RPC, for both sides: XDR, the declarations of the standards, and record marking. */
export * from './bitmaps';
export * from './records';
export * as wire from './wire.generated';
export { type Codec, decode, encode, Reader, Writer, XdrError } from './xdr';
