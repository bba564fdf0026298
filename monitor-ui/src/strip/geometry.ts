/** Where everything stands on a strip, in device pixels. */
import { ACTIVITY_MAX, ACTIVITY_PER_CM, RATE_SCALES } from './paper_scale.ts';
import type { PaperScale, RateScale } from './paper_scale.ts';
import { TimeScale } from './time_scale.ts';

/**
 * How much is printed: everything; the two fields alone, for a tile; or the heart rates alone,
 * for a tile so small that contractions would be a smear.
 */
export type StripDetail = 'full' | 'mini' | 'rates';

/** A field of the paper from its top line to its bottom line. */
export interface Field {
  readonly top: number;
  readonly bottom: number;
}

/** The places of one strip; the same for every strip of the same paper. */
export interface Geometry {
  readonly detail: StripDetail;
  readonly time: TimeScale;
  readonly scale: RateScale;
  readonly cmPerMinute: number;
  /** Device pixels of a centimetre of paper. */
  readonly cm: number;
  /** Device pixels of a CSS pixel. */
  readonly ratio: number;
  readonly rate: Field;
  /** Between the fields: time of day, movements, event marks. */
  readonly middle: Field;
  readonly activity: Field;
  /** The levels, below everything that was measured; without height on a tile. */
  readonly ribbon: Field;
  readonly height: number;
  /** Scale numbers right of the newest moment; 0 on a tile. */
  readonly gutter: number;
  /** Height of a lane that tells of one channel. */
  readonly lane: number;
  readonly font: string;
  readonly fontPx: number;
}

const FONT_FAMILY = 'system-ui, "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", sans-serif';

/** Paper between the contraction field and the ribbon of levels, cm. */
const RIBBON_GAP_CM = 0.1;

/** Height of a strip in centimetres of its paper. */
export function heightCm(detail: StripDetail, scale: RateScale): number {
  const { edge, middle, activity, ribbon } = margins(detail);
  const ribbonAndGap = ribbon === 0 ? 0 : ribbon + RIBBON_GAP_CM;
  return (scale.maxBpm - scale.minBpm) / scale.bpmPerCm + activity + ribbonAndGap + edge * 2 + middle;
}

/** Lays a strip out on paper of a scale, for a screen with so many device pixels a CSS pixel. */
export function layOut(detail: StripDetail, paper: PaperScale, ratio: number): Geometry {
  const scale = RATE_SCALES[paper.rate];
  const cm = paper.pxPerCm * ratio;
  const { edge, middle, activity, ribbon } = margins(detail);
  const rateTop = Math.round(edge * cm);
  const rateBottom = rateTop + Math.round(((scale.maxBpm - scale.minBpm) / scale.bpmPerCm) * cm);
  const activityTop = rateBottom + Math.round(middle * cm);
  const activityBottom = activityTop + Math.round(activity * cm);
  const ribbonTop = activityBottom + (ribbon === 0 ? 0 : Math.round(RIBBON_GAP_CM * cm));
  const ribbonBottom = ribbonTop + Math.round(ribbon * cm);
  const fontPx = Math.max(0.29 * cm, 10.5 * ratio);
  return {
    detail,
    time: new TimeScale(paper.speed, cm),
    scale,
    cmPerMinute: paper.speed,
    cm,
    ratio,
    rate: { top: rateTop, bottom: rateBottom },
    middle: { top: rateBottom, bottom: activityTop },
    activity: { top: activityTop, bottom: activityBottom },
    ribbon: { top: ribbonTop, bottom: ribbonBottom },
    height: ribbonBottom + Math.round(edge * cm),
    gutter: detail === 'full' ? Math.round(fontPx * 2.5) : 0,
    lane: Math.max(Math.round(0.32 * cm), Math.round(3 * ratio)),
    font: `${fontPx}px ${FONT_FAMILY}`,
    fontPx,
  };
}

/** The line of a heart rate, not cut at the edge of the paper. */
export function rateY(geometry: Geometry, bpm: number): number {
  return geometry.rate.bottom - ((bpm - geometry.scale.minBpm) / geometry.scale.bpmPerCm) * geometry.cm;
}

/** The line of an activity, not cut at the edge of the paper. */
export function activityY(geometry: Geometry, units: number): number {
  return geometry.activity.bottom - (units / ACTIVITY_PER_CM) * geometry.cm;
}

/** Heights in centimetres of what is not the heart rate field. */
interface Margins {
  readonly edge: number;
  readonly middle: number;
  readonly activity: number;
  readonly ribbon: number;
}

function margins(detail: StripDetail): Margins {
  const activity = ACTIVITY_MAX / ACTIVITY_PER_CM;
  switch (detail) {
    case 'full':
      return { edge: 0.2, middle: 0.9, activity, ribbon: 0.55 };
    case 'mini':
      return { edge: 0.1, middle: 0.5, activity, ribbon: 0 };
    case 'rates':
      return { edge: 0.1, middle: 0.4, activity: 0, ribbon: 0 };
  }
}
