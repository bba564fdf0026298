/**
 * Alarm sounds, made here: what is played when, and the loudspeaker.
 *
 * In: a list of alarms, pauses, the time. Out: sound. Never: what an alarm means, where it came
 * from, words. Start at `sound_plan.ts`; only `speaker.ts` touches the browser.
 */
export * from './alarm.ts';
export { BURSTS } from './melody.ts';
export { PAUSE_MILLIS_MAX, Pauses } from './pauses.ts';
export type { Scope } from './pauses.ts';
export { SoundPlan } from './sound_plan.ts';
export type { SoundCommand } from './sound_plan.ts';
export { Speaker } from './speaker.ts';
export type { SpeakerState } from './speaker.ts';
