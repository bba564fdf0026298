/**
 * The shared vocabulary: what was measured, of whom, when, and how well; what was read from it.
 *
 * In: raw numbers, checked once. Out: types that cannot hold a wrong unit or an invented
 * value. Never: clocks, bytes, the page. Imports nothing.
 */
export * from './alarm.ts';
export * from './annotations.ts';
export * from './assessment.ts';
export * from './brand.ts';
export * from './channel.ts';
export * from './finding.ts';
export * from './reading.ts';
export * from './second.ts';
export * from './time.ts';
export * from './unit.ts';
