/**
 * One live connection to the region: reconnect, recent seconds, freshness.
 *
 * In: frames by `wire`. Out: tracks, the region's clock, how old everything is.
 * Never: the page, colours, words. Start at {@link Feed}; the connection's brain is
 * `link_core.ts`, what decides that all of it is no longer the present is `silence.ts`; neither knows
 * a socket or a clock.
 */
export type { PlacedAlarm } from './alarm_set.ts';
export { ANALYST_SILENCE_MILLIS } from './analyst.ts';
export type { AnalystView } from './analyst.ts';
export * from './feed.ts';
export { BED_ALARM_MILLIS, SILENCE_MILLIS, WALL_ALARM_MILLIS } from './silence.ts';
export type { BedSilence, Freshness, SilenceCause, WallSilence } from './silence.ts';
export type { LinkPhase, Transport, TransportChoice } from './link_core.ts';
export { Recent } from './recent.ts';
export type { Kept } from './records.ts';
export { requestKey } from './requests.ts';
export type { Answer, Request } from './requests.ts';
export { Track } from './track.ts';
export { TrackAnalysis } from './track_analysis.ts';
export { webrtcPeer } from './webrtc_peer.ts';
export { websocketPeer } from './websocket_peer.ts';
