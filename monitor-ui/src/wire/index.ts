/**
 * Frames, blocks and records of the analysis from bytes. Alone in knowing the bytes, as the crate `protocol` is.
 *
 * In: bytes from outside, taken as allegations. Out: values of `vitals`, or a
 * {@link WireError} that names what was wrong. Never: sockets, clocks, decisions.
 * Checked against the golden files that the crate writes.
 */
export * from './alert.ts';
export * from './block.ts';
export * from './feed_frame.ts';
export * from './judge.ts';
export * from './name.ts';
export * from './publication.ts';
export * from './wire_error.ts';
export { crc32 } from './crc32.ts';
