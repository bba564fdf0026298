/**
 * Made-up strips that a picture is kept of: each has what it is named after, and all of them
 * together have everything that a strip can show.
 *
 * No words: every machine has other letters, and a picture is to be the same on each.
 */
import { Recent } from '../../src/feed/index.ts';
import type { StripLook } from '../../src/strip/strip_view.ts';
import { CSS_PX_PER_CM } from '../../src/strip/paper_scale.ts';
import type { PaperSpeed, RateScaleName } from '../../src/strip/paper_scale.ts';
import { INKS } from '../../src/theme/index.ts';
import { Absence, Flag, MICROS_PER_SECOND, NO_ANNOTATIONS, regionTime } from '../../src/vitals/index.ts';
import type { Annotations, FindingId, RegionTime, Second } from '../../src/vitals/index.ts';
import { Mark } from '../../src/wire/index.ts';
import type { DeviceName, Epoch, Episode } from '../../src/wire/index.ts';
import { absent, four, rate } from '../../tests/blocks.ts';
import { placedAssessment, placedFinding } from '../../tests/records.ts';
import { secondOf } from '../../tests/synthetic.ts';
import type { Scenario } from '../../tests/synthetic.ts';

/** A second of the strip, as it came. */
export interface Came {
  readonly second: number;
  readonly marks: number;
  readonly body: Second;
}

/** What a picture is kept of. */
export interface Scene {
  readonly look: StripLook;
  readonly cssWidth: number;
  readonly ratio: number;
  /** In the order in which they came; the newest came last, or late. */
  readonly came: readonly Came[];
  readonly annotations: Annotations;
  /** The second that has just ended. */
  readonly now: number;
}

/** A whole hour of some day, in seconds: the paper's lines are where the hours are. */
const HOUR = 1_767_240_000;

const NO_WORDS: StripLook['words'] = {
  absence: () => '',
  gap: () => '',
  noDataFor: () => '',
  late: '',
  coincidence: '',
  rateTitle: '',
  activityTitle: () => '',
  finding: () => [],
  level: () => [],
  notAnalysed: '',
  timeOfDay: () => '',
};

function look(more: Partial<Pick<StripLook, 'detail'>> & { theme?: 'light' | 'dark'; speed?: PaperSpeed; rate?: RateScaleName; size?: number }): StripLook {
  const { detail = 'full', theme = 'light', speed = 3, rate = '30-240', size = 0.5 } = more;
  const paper = { speed, rate, pxPerCm: CSS_PX_PER_CM * size };
  return { detail, paper, inks: { ...INKS[theme], label: 'transparent' }, words: NO_WORDS, profile: 'definition' };
}

/** Seconds of a scenario up to an hour, some of them as `change` says; `undefined` never came. */
function seconds(
  scenario: Scenario,
  count: number,
  change: (second: Second, before: number) => Second | 'late' | undefined = (second) => second,
): Came[] {
  const live: Came[] = [];
  const late: Came[] = [];
  for (let second = HOUR - count; second < HOUR; second += 1) {
    const body = secondOf(scenario, second);
    const changed = change(body, HOUR - second);
    if (changed === 'late') late.push({ second, marks: Mark.late, body });
    else if (changed !== undefined) live.push({ second, marks: 0, body: changed });
  }
  return [...live, ...late];
}

const micros = (before: number) => regionTime((HOUR - before) * MICROS_PER_SECOND);

/** A finding, a baseline and levels of the last minutes. */
const FOUND: Annotations = {
  version: 1,
  findings: [
    placedFinding({ id: 1, from: HOUR - 130, to: HOUR - 80 }, { kind: 'late', severity: 'severe', value: 112 }),
    placedFinding({ id: 2, from: HOUR - 60, to: HOUR - 30, state: 'provisional' }, { kind: 'acceleration', value: 165 }),
    placedFinding({ id: 3, from: HOUR - 150, to: HOUR - 90 }, { kind: 'contraction', value: 70 }),
  ],
  baselines: [
    { id: 9n as FindingId, fetus: 1, state: 'final', revision: 1, from: micros(180), stepMicros: 10 * MICROS_PER_SECOND, bpm: Float32Array.from({ length: 15 }, (_, n) => 144 + (n % 3)) },
  ],
  blocks: [placedAssessment({ id: 4, from: HOUR - 720, to: HOUR - 120 }, { shown: 3, jsog: 3 })],
  rolling: [placedAssessment({ id: 5, from: HOUR - 600, to: HOUR - 5, state: 'provisional' }, { span: 'rolling', shown: 4, jsog: 4 })],
};

const lost = (second: Second): Second => ({ ...second, fhr1: four(absent(Absence.blank)) });

/** Every scene. */
export const SCENES: Readonly<Record<string, () => Scene>> = {
  large_3cm_30_240: () => scene({}, seconds('reassuring', 400)),
  large_2cm_50_210_dark: () => scene({ speed: 2, rate: '50-210', theme: 'dark' }, seconds('late decelerations', 500)),
  large_1cm_sharp_screen: () => scene({ speed: 1, size: 0.4 }, seconds('variable decelerations', 900), { ratio: 2, cssWidth: 260 }),
  absent_late_and_gap: () =>
    scene(
      {},
      seconds('reassuring', 400, (second, before) => {
        if (before > 150 && before < 180) return lost(second);
        if (before > 110 && before < 130) return undefined;
        if (before > 60 && before < 90) return 'late';
        if (before > 20 && before < 40) return { ...second, flags: second.flags | Flag.coincidence | (before === 30 ? Flag.eventMark : 0) };
        return before === 8 ? { ...second, fhr1: four(rate(250)) } : second;
      }),
    ),
  silence_to_now: () => scene({}, seconds('reassuring', 400, (second, before) => (before < 40 ? undefined : second))),
  found: () => scene({}, seconds('late decelerations', 400), { annotations: FOUND }),
  tile_twins: () => scene({ detail: 'mini', speed: 1, size: 0.25 }, seconds('twins', 2_400), { cssWidth: 240 }),
  tile_lost_and_silent: () =>
    scene(
      { detail: 'mini', speed: 1, size: 0.5 },
      seconds('ambulance', 1_200, (second, before) => (before > 200 && before < 320 ? lost(second) : before < 90 ? undefined : second)),
      { cssWidth: 240 },
    ),
  tile_smallest_dark: () => scene({ detail: 'rates', speed: 1, size: 1 / 6, theme: 'dark' }, seconds('variable decelerations', 2_000), { cssWidth: 180 }),
};

function scene(
  paper: Parameters<typeof look>[0],
  came: readonly Came[],
  { cssWidth = 320, ratio = 1, annotations = NO_ANNOTATIONS }: Partial<Pick<Scene, 'cssWidth' | 'ratio' | 'annotations'>> = {},
): Scene {
  return { look: look(paper), cssWidth, ratio, came, annotations, now: HOUR };
}

/** Puts a second where it belongs. */
export function insert(recent: Recent, { second, marks, body }: Came): void {
  const at = second * MICROS_PER_SECOND;
  const block = {
    device: 'bed-1' as DeviceName,
    epoch: 1n as Epoch,
    seq: second - HOUR + 10_000,
    episode: 1n as Episode,
    tick: 0 as never,
    at: at as never,
    builtAt: at as never,
    second: body,
  };
  recent.insert(block, marks, regionTime(at));
}

/** Region time so long after the end of a second. */
export function after(second: number, millis: number): RegionTime {
  return regionTime((second + 1) * MICROS_PER_SECOND + millis * 1000);
}
