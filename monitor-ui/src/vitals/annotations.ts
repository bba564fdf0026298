/** What lies over a strip: everything the analysis says of it, placed by the region's clock. */
import type { Assessment } from './assessment.ts';
import type { Baseline, FetusNumber, Finding, FindingId, RecordState } from './finding.ts';
import type { RegionTime } from './time.ts';

/** What every placed record carries beside what it says. */
export interface Placed {
  readonly id: FindingId;
  readonly fetus: FetusNumber;
  readonly state: RecordState;
  /** Rises with each change of the same record. */
  readonly revision: number;
}

/** A finding in its place. */
export type PlacedFinding = Finding<RegionTime> & Placed;
/** A stretch of the baseline in its place. */
export type PlacedBaseline = Baseline<RegionTime> & Placed;
/** An assessment in its place. */
export type PlacedAssessment = Assessment<RegionTime> & Placed;

/** What a strip paints over its traces. Lists are in the order of their time. */
export interface Annotations {
  /** Rises with every change. */
  readonly version: number;
  readonly findings: readonly PlacedFinding[];
  readonly baselines: readonly PlacedBaseline[];
  /** The blocks of the record. */
  readonly blocks: readonly PlacedAssessment[];
  /** The newest levels of each fetus. */
  readonly rolling: readonly PlacedAssessment[];
}

/** Of a strip that nobody analysed. */
export const NO_ANNOTATIONS: Annotations = { version: 0, findings: [], baselines: [], blocks: [], rolling: [] };
