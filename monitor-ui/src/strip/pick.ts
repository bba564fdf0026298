/** What somebody points at on a strip. */
import { groupOf } from '../vitals/index.ts';
import type { Annotations, PlacedAssessment, PlacedFinding, Profile } from '../vitals/index.ts';
import type { Geometry } from './geometry.ts';
import { shownFindings } from './marks.ts';
import { gradedFetuses, ribbonLane } from './ribbon.ts';

/** What lies under a pixel of the strip. */
export type Picked =
  | { readonly kind: 'assessment'; readonly record: PlacedAssessment }
  | { readonly kind: 'finding'; readonly record: PlacedFinding };

/** What lies at a moment and a height in device pixels; of several findings the shortest. */
export function pick(
  geometry: Geometry,
  annotations: Annotations,
  profile: Profile,
  at: number,
  y: number,
): Picked | undefined {
  if (y >= geometry.ribbon.top) return pickLevel(geometry, annotations, at, y);
  const isInActivity = y >= geometry.activity.top;
  const [record] = shownFindings(annotations, profile)
    .filter(({ kind }) => (groupOf(kind) === 'contraction') === isInActivity)
    .filter(({ from, to }) => from <= at && at < to)
    .sort((a, b) => a.to - a.from - (b.to - b.from));
  return record === undefined ? undefined : { kind: 'finding', record };
}

function pickLevel(geometry: Geometry, annotations: Annotations, at: number, y: number): Picked | undefined {
  const fetuses = gradedFetuses(annotations);
  const isHere = ({ fetus, from, to }: PlacedAssessment) => {
    const lane = ribbonLane(geometry, fetuses, fetus);
    return from <= at && at < to && y >= lane.top && y <= lane.bottom;
  };
  const record = annotations.blocks.find(isHere) ?? annotations.rolling.find(isHere);
  return record === undefined ? undefined : { kind: 'assessment', record };
}
