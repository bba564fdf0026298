/** What the matching of the screen says, in both languages. */
import type { Language } from './words.ts';

/** How somebody matches the screen. */
export type Measure = 'card' | 'ruler';
/** Measures that can be chosen. */
export const MEASURES: readonly Measure[] = ['card', 'ruler'];

/** Every word of it. */
export interface CalibrationWords {
  /** On the strip and beside it, until somebody has matched the screen; and from then on. */
  readonly missing: string;
  readonly done: string;
  readonly missingLong: string;
  readonly title: string;
  readonly why: string;
  readonly measure: string;
  readonly measureName: Readonly<Record<Measure, string>>;
  readonly card: string;
  /** Where the screen is narrower than a card is long. */
  readonly cardUpright: string;
  readonly ruler: (cm: number) => string;
  readonly picture: Readonly<Record<Measure, string>>;
  readonly size: string;
  readonly value: (devicePx: string) => string;
  readonly smaller: string;
  readonly larger: string;
  readonly perScreen: string;
  readonly save: string;
  readonly cancel: string;
  readonly forget: string;
}

const JA: CalibrationWords = {
  missing: '画面未校正',
  done: '実寸',
  missingLong: '画面が未校正のため実寸ではありません。押すと校正します。',
  title: '画面の校正',
  why: '記録紙の 1 cm を、この画面の上でも実際の 1 cm にします。',
  measure: '合わせるもの',
  measureName: { card: 'カード', ruler: '定規' },
  card: 'キャッシュカードや運転免許証（85.6 × 54.0 mm）を画面に当て、枠と同じ大きさになるまで調節してください。',
  cardUpright: 'キャッシュカードや運転免許証を縦にして画面に当て、枠と同じ幅（54.0 mm）になるまで調節してください。',
  ruler: (cm) => `定規を画面に当て、目盛 0〜${cm} が定規の ${cm} cm と重なるまで調節してください。`,
  picture: { card: 'カードの大きさの枠', ruler: '定規の目盛' },
  size: '大きさ',
  value: (devicePx) => `1 cm ＝ ${devicePx} 画素`,
  smaller: '小さく',
  larger: '大きく',
  perScreen: '校正は画面ごとに保存されます。解像度が同じで大きさが違う画面へ移ったときは、もう一度校正してください。',
  save: '保存',
  cancel: '取消',
  forget: '校正を消す',
};

const EN: CalibrationWords = {
  missing: 'Not calibrated',
  done: 'True size',
  missingLong: 'This screen is not calibrated, so the paper is not true to size. Press to calibrate.',
  title: 'Screen calibration',
  why: 'Makes a centimetre of paper a centimetre on this screen.',
  measure: 'What to match',
  measureName: { card: 'Card', ruler: 'Ruler' },
  card: 'Hold a bank card or a driving licence (85.6 × 54.0 mm) to the screen, and adjust until the outline is as large.',
  cardUpright: 'Hold a bank card or a driving licence upright to the screen, and adjust until the outline is as wide (54.0 mm).',
  ruler: (cm) => `Hold a ruler to the screen, and adjust until the marks 0 to ${cm} lie on ${cm} cm of the ruler.`,
  picture: { card: 'An outline as large as a card', ruler: 'The marks of a ruler' },
  size: 'Size',
  value: (devicePx) => `1 cm = ${devicePx} pixels`,
  smaller: 'Smaller',
  larger: 'Larger',
  perScreen: 'Kept for each screen. Calibrate again after moving to a screen of the same resolution and another size.',
  save: 'Save',
  cancel: 'Cancel',
  forget: 'Forget calibration',
};

/** The words of each language. */
export const CALIBRATION_WORDS: Readonly<Record<Language, CalibrationWords>> = { ja: JA, en: EN };
