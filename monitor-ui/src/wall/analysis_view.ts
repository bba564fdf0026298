/**
 * What the analysis says of a bed at one moment. Pure: what is known and a moment in, what to
 * show out.
 */
import { MICROS_PER_SECOND } from '../vitals/index.ts';
import type { Assessment, Condition, FetusNumber, Judgement, PlacedFinding, RegionTime } from '../vitals/index.ts';
import type { AnalystView, Freshness, Kept } from '../feed/index.ts';

/**
 * A level that is older than this is not shown as the present one. The analysis looks again
 * every 10 to 30 s; three missed looks mean that it does not see this bed any more.
 */
export const LEVEL_OLD_AFTER_SECONDS = 90;
/** Blocks that a tile shows of the trend. */
export const TREND_BLOCKS = 4;

/** An assessment as the feed keeps it. */
export type KeptAssessment = Kept<Assessment<RegionTime>>;

/** The level of one fetus now. */
export interface LevelView {
  readonly fetus: FetusNumber;
  readonly assessment: KeptAssessment;
  readonly ageSeconds: number;
  readonly isOld: boolean;
  /** The last blocks of the record, oldest first. */
  readonly trend: readonly KeptAssessment[];
}

/** What the analysis says of a bed. */
export interface AnalysisView {
  /** Whether it lives; a feed that is stale knows of no analysis. */
  readonly state: AnalystView['state'];
  readonly since: RegionTime | undefined;
  readonly levels: readonly LevelView[];
  readonly blocks: readonly KeptAssessment[];
  readonly findings: readonly PlacedFinding[];
  readonly conditions: readonly Kept<Condition<RegionTime>>[];
  readonly judgements: readonly Kept<Judgement<RegionTime>>[];
}

/** The part of a track's analysis that is looked at. */
export interface AnalysisSource {
  readonly assessments: readonly KeptAssessment[];
  readonly findings: readonly PlacedFinding[];
  readonly conditions: readonly Kept<Condition<RegionTime>>[];
  readonly judgements: readonly Kept<Judgement<RegionTime>>[];
}

/** Looks at what the analysis says of a bed. */
export function analysisView(
  source: AnalysisSource,
  analyst: AnalystView | undefined,
  now: RegionTime | undefined,
  freshness: Freshness,
): AnalysisView {
  const blocks = source.assessments.filter(({ span }) => span === 'block');
  const newest = new Map<FetusNumber, KeptAssessment>();
  for (const each of source.assessments) if (each.span === 'rolling') newest.set(each.fetus, each);
  return {
    state: freshness === 'stale' ? 'absent' : (analyst?.state ?? 'unknown'),
    since: analyst?.since,
    levels: [...newest.values()].sort((a, b) => a.fetus - b.fetus).map((each) => levelView(each, blocks, now)),
    blocks,
    findings: source.findings,
    conditions: source.conditions,
    judgements: source.judgements,
  };
}

function levelView(
  assessment: KeptAssessment,
  blocks: readonly KeptAssessment[],
  now: RegionTime | undefined,
): LevelView {
  const ageSeconds = now === undefined ? Infinity : Math.max(0, (now - assessment.to) / MICROS_PER_SECOND);
  return {
    fetus: assessment.fetus,
    assessment,
    ageSeconds,
    isOld: ageSeconds > LEVEL_OLD_AFTER_SECONDS,
    trend: blocks.filter(({ fetus }) => fetus === assessment.fetus).slice(-TREND_BLOCKS),
  };
}
