/** What the tools of the large strip say, in both languages. */
import type { Language } from './words.ts';

/** Every word of them. */
export interface StripToolsWords {
  readonly tools: string;
  readonly earlier: string;
  readonly later: string;
  readonly findingBefore: string;
  readonly findingAfter: string;
  readonly measure: string;
  readonly measured: string;
  /** Of two points: from the first to the second. */
  readonly difference: (time: string, bpm: string) => string;
  readonly point: (name: string, time: string, bpm: number) => string;
  readonly keys: string;
  readonly close: string;
}

const JA: StripToolsWords = {
  tools: '記録紙の操作',
  earlier: '前へ送る',
  later: '後へ送る',
  findingBefore: '前の所見へ',
  findingAfter: '次の所見へ',
  measure: '計測',
  measured: '計測値',
  difference: (time, bpm) => `Δ時間 ${time}・Δ心拍 ${bpm} bpm`,
  point: (name, time, bpm) => `計測点 ${name}：${time}、${bpm} bpm`,
  keys: '矢印キーで 1 秒・1 bpm ずつ、Shift を押すと 10 秒・5 bpm ずつ動きます。Esc で終わります。',
  close: '計測を終わる',
};

const EN: StripToolsWords = {
  tools: 'Tools of the strip',
  earlier: 'Earlier',
  later: 'Later',
  findingBefore: 'Previous finding',
  findingAfter: 'Next finding',
  measure: 'Measure',
  measured: 'Measured',
  difference: (time, bpm) => `Δt ${time} · Δrate ${bpm} bpm`,
  point: (name, time, bpm) => `Point ${name}: ${time}, ${bpm} bpm`,
  keys: 'Arrow keys move by 1 s and 1 bpm, with Shift by 10 s and 5 bpm. Esc ends.',
  close: 'End measuring',
};

/** The words of each language. */
export const STRIP_TOOLS_WORDS: Readonly<Record<Language, StripToolsWords>> = { ja: JA, en: EN };
