/**
 * What the analysis says of one track, placed by the region's clock as its blocks are.
 *
 * In: records as they came, the offset of the bridge's clock. Out: lists for the strip and the
 * page, each in the order of time. Findings and baselines age out with the recent seconds;
 * levels, conditions and judgements stay until their number is too large.
 */
import { bridgeToRegion } from '../vitals/index.ts';
import type {
  Annotations,
  Assessment,
  Baseline,
  BridgeTime,
  Condition,
  FetusNumber,
  Finding,
  FindingId,
  Judgement,
  PlacedAssessment,
  PlacedBaseline,
  PlacedFinding,
  RegionTime,
} from '../vitals/index.ts';
import { decodePublication } from '../wire/index.ts';
import type { Episode, Publication } from '../wire/index.ts';
import { Records } from './records.ts';
import type { Kept } from './records.ts';

/** Most records of one track: twice what the region keeps of findings, for tombstones. */
export const FINDINGS_MAX = 512;
/** As many stretches of the baseline. */
export const BASELINES_MAX = 64;
/** As many assessments, conditions and judgements each. */
export const LONG_LIVED_MAX = 128;

/** What the analysis says of one track. */
export class TrackAnalysis implements Annotations {
  version = 0;
  #episode: Episode | undefined;
  readonly #findings = new Records<Finding<RegionTime>>(FINDINGS_MAX);
  readonly #baselines = new Records<Baseline<RegionTime>>(BASELINES_MAX);
  readonly #assessments = new Records<Assessment<RegionTime>>(LONG_LIVED_MAX);
  readonly #conditions = new Records<Condition<RegionTime>>(LONG_LIVED_MAX);
  readonly #judgements = new Records<Judgement<RegionTime>>(LONG_LIVED_MAX);
  #lists: Lists = EMPTY;
  #listed = 0;

  /**
   * Takes a record as it came; older revisions change nothing. Throws what the decoder throws.
   */
  take(bytes: Uint8Array, offsetMicros: number): void {
    const taken = this.#place(decodePublication(bytes), offsetMicros);
    if (taken === 'taken') this.version += 1;
  }

  /** Forgets everything: the whole set comes anew. */
  clear(): void {
    const all = [this.#findings, this.#baselines, this.#assessments, this.#conditions, this.#judgements];
    for (const records of all) records.clear();
    this.version += 1;
  }

  /**
   * Goes on with the episode of the newest second: levels of another woman in the same bed are
   * none of hers. Findings that lie wholly before a moment are dropped, as the seconds are.
   */
  follow(episode: Episode, oldest: number): void {
    const aged = this.#findings.age(oldest) + this.#baselines.age(oldest);
    if (aged > 0 || episode !== this.#episode) this.version += 1;
    this.#episode = episode;
  }

  /** The episode that is going on; `undefined` before the first second. */
  get episode(): Episode | undefined {
    return this.#episode;
  }

  get findings(): readonly PlacedFinding[] {
    return this.#current().findings;
  }

  get baselines(): readonly PlacedBaseline[] {
    return this.#current().baselines;
  }

  get blocks(): readonly PlacedAssessment[] {
    return this.#current().blocks;
  }

  get rolling(): readonly PlacedAssessment[] {
    return this.#current().rolling;
  }

  /** Blocks and rolling levels of the episode that is going on. */
  get assessments(): readonly Kept<Assessment<RegionTime>>[] {
    return this.#current().assessments;
  }

  /** What holds now, levels included. */
  get conditions(): readonly Kept<Condition<RegionTime>>[] {
    return this.#current().conditions;
  }

  /** What people judged. */
  get judgements(): readonly Kept<Judgement<RegionTime>>[] {
    return this.#current().judgements;
  }

  /** The finding that an assessment names. */
  finding(episode: Episode, fetus: FetusNumber, id: FindingId): Kept<Finding<RegionTime>> | undefined {
    return this.#findings.find({ episode, fetus, id });
  }

  #place(publication: Publication, offset: number): 'taken' | 'already known' {
    const { fetus, state, revision, id, episode } = publication;
    const head = { fetus, state, revision, id, episode };
    const at = (time: BridgeTime) => bridgeToRegion(time, offset);
    switch (publication.kind) {
      case 'finding': {
        const { body } = publication;
        const [from, to, extremeAt] = [at(body.from), at(body.to), at(body.extremeAt)];
        return this.#findings.take({ ...body, from, to, extremeAt, ...head, endsAt: to });
      }
      case 'assessment': {
        const { body } = publication;
        const to = at(body.to);
        return this.#assessments.take({ ...body, from: at(body.from), to, ...head, endsAt: to });
      }
      case 'baseline': {
        const { body } = publication;
        const from = at(body.from);
        const endsAt = from + body.stepMicros * body.bpm.length;
        return this.#baselines.take({ ...body, from, ...head, endsAt });
      }
      case 'condition': {
        const { body } = publication;
        const since = at(body.since);
        // One that holds is never the oldest, however long it has held.
        const endsAt = body.isActive ? Infinity : since;
        return this.#conditions.take({ ...body, since, ...head, endsAt });
      }
      case 'judgement': {
        const { body } = publication;
        const to = at(body.to);
        return this.#judgements.take({ ...body, from: at(body.from), to, ...head, endsAt: to });
      }
    }
  }

  /** Lists are made anew when something changed and somebody looks. */
  #current(): Lists {
    if (this.#listed === this.version) return this.#lists;
    this.#listed = this.version;
    const isHers = ({ episode }: { readonly episode: Episode }) => episode === this.#episode;
    const assessments = this.#assessments.list().filter(isHers);
    this.#lists = {
      findings: [...this.#findings.list()].sort((a, b) => a.from - b.from),
      baselines: this.#baselines.list(),
      assessments,
      blocks: assessments.filter(({ span }) => span === 'block'),
      rolling: newestOfEach(assessments.filter(({ span }) => span === 'rolling')),
      conditions: this.#conditions.list().filter((each) => each.isActive && isHers(each)),
      judgements: this.#judgements.list().filter(isHers),
    };
    return this.#lists;
  }
}

interface Lists {
  readonly findings: readonly Kept<Finding<RegionTime>>[];
  readonly baselines: readonly Kept<Baseline<RegionTime>>[];
  readonly assessments: readonly Kept<Assessment<RegionTime>>[];
  readonly blocks: readonly Kept<Assessment<RegionTime>>[];
  readonly rolling: readonly Kept<Assessment<RegionTime>>[];
  readonly conditions: readonly Kept<Condition<RegionTime>>[];
  readonly judgements: readonly Kept<Judgement<RegionTime>>[];
}

const EMPTY: Lists = {
  findings: [],
  baselines: [],
  assessments: [],
  blocks: [],
  rolling: [],
  conditions: [],
  judgements: [],
};

/** The newest of each fetus; the list is in the order of time. */
function newestOfEach<Record extends { readonly fetus: FetusNumber }>(list: readonly Record[]): Record[] {
  const newest = new Map(list.map((record) => [record.fetus, record]));
  return [...newest.values()].sort((a, b) => a.fetus - b.fetus);
}
