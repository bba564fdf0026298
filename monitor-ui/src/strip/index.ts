/**
 * The strip on canvas: paper first.
 *
 * In: columns of recent seconds, what was found in them, a look (paper, inks, words), a moment. Out: pixels.
 * Never: feeds, beds, alerts, settings, and never a scale that follows the data.
 * A centimetre is the same on every strip of the same look.
 */
export { FrameLoop } from './frame_loop.ts';
export type { Motion } from './frame_loop.ts';
export { heightCm } from './geometry.ts';
export type { StripDetail } from './geometry.ts';
export type { GapReason, StripInks, StripWords } from './inks.ts';
export { isShown } from './marks.ts';
export type { Span } from './overlay.ts';
export { PaperPlace } from './paper_place.ts';
export * from './paper_scale.ts';
export type { Picked } from './pick.ts';
export type { StripLook } from './strip_view.ts';
export { default as CtgStrip } from './ctg_strip.svelte';
