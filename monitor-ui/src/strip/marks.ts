/**
 * What was found, drawn on a page over the traces: brackets, bars, hatching, the baseline.
 *
 * Same records and scales, same pixels. A provisional record is dashed and pale; a revision is
 * painted in its place, because the page is painted anew.
 */
import { groupOf, MICROS_PER_SECOND } from '../vitals/index.ts';
import type { Annotations, PlacedBaseline, PlacedFinding, Profile } from '../vitals/index.ts';
import { rateY } from './geometry.ts';
import type { Geometry } from './geometry.ts';
import type { StripInks, StripWords } from './inks.ts';

/** The part of a canvas that marks are drawn with; a test writes the calls down. */
export type MarkPen = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'stroke'
  | 'fill'
  | 'fillRect'
  | 'fillText'
  | 'measureText'
  | 'setLineDash'
  | 'save'
  | 'restore'
> & {
  fillStyle: string | CanvasGradient | CanvasPattern;
  strokeStyle: string | CanvasGradient | CanvasPattern;
  lineWidth: number;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
};

/** Everything marks are drawn from. */
export interface MarkParts {
  readonly geometry: Geometry;
  readonly inks: StripInks;
  readonly words: Pick<StripWords, 'finding'>;
  /** Sheet pixel of the pen's left edge. */
  readonly origin: number;
  /** What stands for what is not trusted: a hatching of the artefacts' ink. */
  readonly artefactFill: string | CanvasPattern;
}

/** Minutes of paper that a label may take beyond its mark. */
const LABEL_MINUTES = 1;
/** How pale a provisional mark is. */
const PROVISIONAL_ALPHA = 0.62;

/** The findings that a profile shows; what belongs to no profile is shown by each. */
export function shownFindings(annotations: Annotations, profile: Profile): readonly PlacedFinding[] {
  return annotations.findings.filter((finding) => isShown(finding, profile));
}

/** Whether a profile shows a finding. */
export function isShown(finding: PlacedFinding, profile: Profile): boolean {
  const group = groupOf(finding.kind);
  const isGraded = group === 'acceleration' || group === 'deceleration';
  return !isGraded || finding.profiles.includes(profile);
}

/** Draws a stretch of the baseline, lifting the pen where there is none. */
export function drawBaseline(pen: MarkPen, parts: MarkParts, baseline: PlacedBaseline): void {
  const { geometry, inks, origin } = parts;
  const css = geometry.ratio * (geometry.detail === 'full' ? 1.6 : 1);
  pen.save();
  pen.strokeStyle = inks.baseline;
  pen.lineWidth = Math.max(1, css);
  pen.globalAlpha = 0.85;
  pen.setLineDash(baseline.state === 'provisional' ? [4 * css, 3 * css] : []);
  pen.beginPath();
  let isDown = false;
  baseline.bpm.forEach((bpm, n) => {
    if (Number.isNaN(bpm)) {
      isDown = false;
      return;
    }
    const y = rateY(geometry, bpm);
    const x = (at: number) => geometry.time.px(at) - origin;
    const at = baseline.from + n * baseline.stepMicros;
    if (isDown) pen.lineTo(x(at), y);
    else pen.moveTo(x(at), y);
    // Each value holds for its whole step, so that a lone one is seen and stretches meet.
    pen.lineTo(x(at + baseline.stepMicros), y);
    isDown = true;
  });
  pen.stroke();
  pen.restore();
}

/** Where the bracket of an event stands, in pixels of its pen. */
export interface Bracket {
  readonly from: number;
  readonly to: number;
  /** Its long line. */
  readonly y: number;
  /** How far its arms and its tip reach towards the trace; negative is upwards. */
  readonly reach: number;
  /** Where the extreme was. */
  readonly tip: number;
}

/**
 * The bracket of an acceleration above its peak, of a deceleration below its nadir, of anything
 * without a value at the top of the field; always on the paper.
 */
export function bracketOf(geometry: Geometry, finding: PlacedFinding, origin: number): Bracket {
  const { rate, lane, fontPx, detail } = geometry;
  const x = (at: number) => geometry.time.px(at) - origin;
  const isBelow = groupOf(finding.kind) === 'deceleration';
  const room = detail === 'full' ? fontPx * 1.9 : lane;
  const distance = lane * 1.1;
  const value = finding.value === undefined ? rate.top : rateY(geometry, finding.value);
  const wanted = isBelow ? value + distance : value - distance;
  return {
    from: x(finding.from),
    to: x(finding.to),
    y: Math.round(Math.min(Math.max(wanted, rate.top + room), rate.bottom - room)),
    reach: isBelow ? -lane * 0.55 : lane * 0.55,
    tip: x(finding.extremeAt),
  };
}

/** Draws one finding in the shape of its group. */
export function drawFinding(pen: MarkPen, parts: MarkParts, finding: PlacedFinding): void {
  pen.save();
  if (finding.state === 'provisional') pen.globalAlpha = PROVISIONAL_ALPHA;
  switch (groupOf(finding.kind)) {
    case 'acceleration':
      drawEvent(pen, parts, finding, parts.inks.acceleration);
      break;
    case 'deceleration':
      drawEvent(pen, parts, finding, parts.inks.deceleration);
      break;
    case 'sinusoidal':
      drawEvent(pen, parts, finding, parts.inks.sinusoidal);
      break;
    case 'contraction':
      drawContraction(pen, parts, finding);
      break;
    case 'artefact':
      drawArtefact(pen, parts, finding);
      break;
  }
  pen.restore();
}

function drawEvent(pen: MarkPen, parts: MarkParts, finding: PlacedFinding, colour: string): void {
  const { geometry } = parts;
  const { from, to, y, reach, tip } = bracketOf(geometry, finding, parts.origin);
  const isSevere = finding.severity === 'severe';
  const css = geometry.ratio * Math.max(1, geometry.cm / geometry.ratio / 50);
  pen.strokeStyle = colour;
  pen.fillStyle = colour;
  // Severe is told by weight as well as by the word.
  pen.lineWidth = (isSevere ? 3.2 : 1.8) * css * (geometry.detail === 'full' ? 1 : 0.8);
  pen.setLineDash(finding.state === 'provisional' ? [4 * css, 3 * css] : []);
  pen.beginPath();
  pen.moveTo(from, y + reach);
  pen.lineTo(from, y);
  pen.lineTo(to, y);
  pen.lineTo(to, y + reach);
  pen.stroke();
  if (geometry.detail !== 'full') return;
  const half = Math.abs(reach) * 0.6;
  pen.beginPath();
  pen.moveTo(tip, y + reach);
  pen.lineTo(tip - half, y);
  pen.lineTo(tip + half, y);
  pen.fill();
  drawLabel(pen, parts, finding, { x: (from + to) / 2, y: y - reach * 1.5 }, to - from, colour);
}

/** The fullest words that have room, on a plate of the paper's colour. */
function drawLabel(
  pen: MarkPen,
  parts: MarkParts,
  finding: PlacedFinding,
  at: { readonly x: number; readonly y: number },
  markPx: number,
  colour: string,
): void {
  const { geometry, inks, words } = parts;
  // Provisional words are light in weight, not in colour: they must be read as well.
  pen.globalAlpha = 1;
  pen.font = finding.state === 'provisional' ? geometry.font : `600 ${geometry.font}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  const minutePx = geometry.time.px(60 * MICROS_PER_SECOND);
  const room = Math.max(markPx, minutePx * LABEL_MINUTES);
  const text = words.finding(finding).find((each) => pen.measureText(each).width <= room);
  if (text === undefined) return;
  const width = pen.measureText(text).width + geometry.fontPx * 0.4;
  pen.fillStyle = inks.plate;
  pen.fillRect(at.x - width / 2, at.y - geometry.fontPx * 0.65, width, geometry.fontPx * 1.3);
  pen.fillStyle = colour;
  pen.fillText(text, at.x, at.y);
}

/** A bar along the foot of the contraction field, with a tick at the peak. */
function drawContraction(pen: MarkPen, parts: MarkParts, finding: PlacedFinding): void {
  const { geometry, inks, origin } = parts;
  if (geometry.detail === 'rates') return;
  const x = (at: number) => Math.round(geometry.time.px(at) - origin);
  const [from, to, peak] = [x(finding.from), x(finding.to), x(finding.extremeAt)];
  const height = Math.max(2, Math.round(geometry.lane * 0.45));
  const { bottom } = geometry.activity;
  const line = Math.max(1, Math.round(geometry.ratio * 1.2));
  pen.fillStyle = inks.contraction;
  if (finding.state === 'provisional') {
    pen.fillRect(from, bottom - height, to - from, line);
    pen.fillRect(from, bottom - line, to - from, line);
    pen.fillRect(from, bottom - height, line, height);
  } else {
    pen.fillRect(from, bottom - height, to - from, height);
  }
  pen.fillRect(peak - (line >> 1), bottom - height * 2.2, line * 1.5, height * 2.2);
}

/** A pale ground over what is not trusted, and a hatched lane at the top of the field. */
function drawArtefact(pen: MarkPen, parts: MarkParts, finding: PlacedFinding): void {
  const { geometry, inks, origin } = parts;
  const { rate } = geometry;
  const x = Math.round(geometry.time.px(finding.from) - origin);
  const width = Math.max(1, Math.round(geometry.time.px(finding.to) - origin) - x);
  pen.fillStyle = inks.artefactTint;
  pen.fillRect(x, rate.top, width, rate.bottom - rate.top);
  pen.fillStyle = parts.artefactFill;
  pen.fillRect(x, rate.top, width, geometry.lane);
}
