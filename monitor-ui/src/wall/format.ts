/** Times and durations as people read them. */
import { MICROS_PER_SECOND } from '../vitals/index.ts';
import type { Language, Words } from './words.ts';

/** The zone of every time on the wall, whatever the computer is set to: Japan has one. */
const REGION_TIME_ZONE = 'Asia/Tokyo';

const CLOCKS: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  ja: clock('ja-JP', { second: '2-digit' }),
  en: clock('en-GB', { second: '2-digit' }),
};
const CLOCKS_TO_THE_MINUTE: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  ja: clock('ja-JP', {}),
  en: clock('en-GB', {}),
};

/** Hours, minutes and seconds in the time zone of the region. */
export function clockTime(language: Language, micros: number): string {
  return CLOCKS[language].format(micros / 1000);
}

/** Hours and minutes. */
export function minuteTime(language: Language, micros: number): string {
  return CLOCKS_TO_THE_MINUTE[language].format(micros / 1000);
}

/** Hours and minutes; with the seconds where they are not zero. */
export function paperTime(language: Language, micros: number): string {
  const isWholeMinute = Math.round(micros / MICROS_PER_SECOND) % 60 === 0;
  return (isWholeMinute ? CLOCKS_TO_THE_MINUTE : CLOCKS)[language].format(micros / 1000);
}

/** A duration in at most two units, rounded down. */
export function duration(words: Words, seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return words.seconds(whole);
  if (whole < 3600) return words.minutesSeconds(Math.floor(whole / 60), whole % 60);
  return words.hoursMinutes(Math.floor(whole / 3600), Math.floor((whole % 3600) / 60));
}

/** The time left of a pause, as minutes and seconds; never less than what is left. */
export function countdown(millis: number): string {
  const seconds = Math.max(0, Math.ceil(millis / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function clock(locale: string, more: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: REGION_TIME_ZONE,
    ...more,
  });
}
