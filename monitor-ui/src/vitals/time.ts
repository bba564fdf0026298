/**
 * Four clocks that are never mixed: the device's, the bridge's, the region's, the display's.
 *
 * Only `feed` relates them, by what the region sends; everything else takes the one it needs.
 */
import type { Brand } from './brand.ts';

/** Ticks of 250 ms since a device's stream began, as its bridge counts them. */
export type DeviceTime = Brand<number, 'device tick'>;

/** Microseconds since 1970 UTC by the bridge's clock, which may be wrong. */
export type BridgeTime = Brand<number, 'bridge µs'>;

/** Microseconds since 1970 UTC by the region's clock: what the wall's strips are placed by. */
export type RegionTime = Brand<number, 'region µs'>;

/** Milliseconds of the browser's monotonic clock: the only one that decides what is stale. */
export type DisplayTime = Brand<number, 'display ms'>;

/** Microseconds in a second. */
export const MICROS_PER_SECOND = 1_000_000;
/** Microseconds in a tick of a device. */
export const TICK_MICROS = 250_000;

/** Names a count of ticks. */
export function deviceTime(ticks: number): DeviceTime {
  return ticks as DeviceTime;
}

/** Names microseconds of a bridge's clock. */
export function bridgeTime(micros: number): BridgeTime {
  return micros as BridgeTime;
}

/** Names microseconds of the region's clock. */
export function regionTime(micros: number): RegionTime {
  return micros as RegionTime;
}

/** Names milliseconds of the browser's monotonic clock. */
export function displayTime(millis: number): DisplayTime {
  return millis as DisplayTime;
}

/** A bridge's time on the region's clock, with the offset that the region measured. */
export function bridgeToRegion(at: BridgeTime, offsetMicros: number): RegionTime {
  return (at + offsetMicros) as RegionTime;
}

/** A region's time on the bridge's clock: the way back of {@link bridgeToRegion}. */
export function regionToBridge(at: RegionTime, offsetMicros: number): BridgeTime {
  return (at - offsetMicros) as BridgeTime;
}
