/**
 * A made-up analysis of the made-up monitors: it knows what they do instead of reading it.
 *
 * It has everything that a wall must show: each level, no level, a carried and a doubtful one,
 * provisional findings that become final, twins, artefacts.
 */
import { bridgeTime, Caveat } from '../src/vitals/index.ts';
import type {
  Assessment,
  BridgeTime,
  ConditionKind,
  FetusNumber,
  Finding,
  FindingId,
  FindingKind,
  Level,
  Profile,
  Unclassifiable,
  Why,
} from '../src/vitals/index.ts';
import type { Episode, Publication } from '../src/wire/index.ts';
import type { Bed, Scenario } from './synthetic.ts';

/** Seconds after which an event is final. */
const FINAL_AFTER = 90;
const BLOCK = 600;
const ROLLING_EVERY = 10;
const HASH = '5f0c2a7be1d94c38';

const at = (second: number) => bridgeTime(Math.round(second * 1_000_000));
const idOf = (second: number, salt: number) => (BigInt(Math.round(second)) * 64n + BigInt(salt)) as FindingId;

/** Everything about one bed as it stands at a second, over the seconds before it. */
export function publicationsOf(bed: Bed, episode: Episode, second: number, past: number): Publication[] {
  const fetuses: readonly FetusNumber[] = bed.scenario === 'twins' ? [1, 2] : [1];
  return fetuses.flatMap((fetus) => {
    const events = eventsOf(bed.scenario, fetus, second - past, second);
    const head = { fetus, episode } as const;
    const findings = events.map((event): Publication => {
      const isFinal = event.to + FINAL_AFTER < second;
      const state = isFinal ? ('final' as const) : ('provisional' as const);
      return { ...head, kind: 'finding', id: event.id, state, revision: isFinal ? 2 : 1, body: findingOf(event) };
    });
    const first = Math.ceil((second - past) / BLOCK) * BLOCK;
    const blocks: Publication[] = [];
    for (let from = first; from + BLOCK <= second; from += BLOCK) {
      const body = assessmentOf('block', bed.scenario, fetus, events, from, from + BLOCK);
      blocks.push({ ...head, kind: 'assessment', id: idOf(from, 40), state: 'final', revision: 1, body });
    }
    const to = Math.floor(second / ROLLING_EVERY) * ROLLING_EVERY;
    const body = assessmentOf('rolling', bed.scenario, fetus, events, to - BLOCK, to);
    const rolling: Publication = { ...head, kind: 'assessment', id: 1n as FindingId, state: 'provisional', revision: to, body };
    return [...findings, ...blocks, rolling, ...baselinesOf(bed, head, second, past), ...conditionsOf(bed, head, second)];
  });
}

interface Event {
  readonly id: FindingId;
  readonly kind: FindingKind;
  readonly from: number;
  readonly to: number;
  readonly peak: number;
  readonly value?: number;
  readonly depth?: number;
  readonly severity?: 'mild' | 'severe';
  readonly profiles?: readonly Profile[];
  readonly lag?: number;
  readonly contraction?: FindingId;
}

/** What happens again and again: its period, and the shape of one round. */
function eventsOf(scenario: Scenario, fetus: FetusNumber, from: number, to: number): Event[] {
  const contractions = rounds(180, from, to, (start): Event => {
    const peak = start + 70;
    return { id: idOf(start, 1), kind: 'contraction', from: peak - 42, to: peak + 44, peak, value: 50 };
  });
  const events = fetus === 2 ? [] : falls(scenario, from, to);
  return [...(fetus === 1 ? contractions : []), ...events].filter((event) => event.to <= to);
}

function falls(scenario: Scenario, from: number, to: number): Event[] {
  switch (scenario) {
    case 'late decelerations':
      return rounds(180, from, to, (start) => ({
        id: idOf(start, 2),
        kind: 'late',
        severity: 'severe',
        from: start + 62,
        to: start + 152,
        peak: start + 105,
        value: 112,
        depth: 34,
        lag: 35,
        contraction: idOf(start, 1),
      }));
    case 'variable decelerations':
      return rounds(180, from, to, (start) => ({
        id: idOf(start, 3),
        kind: 'variable',
        severity: start % 360 === 0 ? 'severe' : 'mild',
        from: start + 41,
        to: start + 100,
        peak: start + 66,
        value: 76,
        depth: 62,
        lag: -4,
      }));
    case 'maternal pickup':
      return rounds(300, from, to, (start) => ({
        id: idOf(start, 4),
        kind: 'maternalCoincidence',
        from: start + 241,
        to: start + 300,
        peak: start + 241,
      }));
    case 'reassuring':
    case 'twins':
      return rounds(210, from, to, (start) => ({
        id: idOf(start, 5),
        kind: 'acceleration',
        from: start + 38,
        to: start + 82,
        peak: start + 60,
        value: 162,
        depth: 22,
        profiles: start % 420 === 0 ? ['expert'] : ['definition', 'expert'],
      }));
    default:
      return [];
  }
}

function rounds(period: number, from: number, to: number, make: (start: number) => Event): Event[] {
  const events: Event[] = [];
  for (let start = Math.ceil(from / period) * period; start < to; start += period) events.push(make(start));
  return events;
}

function findingOf(event: Event): Finding<BridgeTime> {
  return {
    kind: event.kind,
    severity: event.severity,
    profiles: event.profiles ?? ['definition', 'expert'],
    likelihoodPercent: 87,
    lostPercent: 2,
    value: event.value,
    depthBpm: event.depth,
    fallSeconds: event.depth === undefined ? undefined : 36,
    areaBpmSeconds: event.depth === undefined ? 0 : 1200,
    from: at(event.from),
    to: at(event.to),
    extremeAt: at(event.peak),
    lagSeconds: event.lag,
    contraction: event.contraction,
  };
}

interface Grade {
  readonly jsog: Level | Unclassifiable;
  readonly shown?: Level;
  readonly caveats: number;
  readonly why: readonly Why[];
}

function gradeOf(scenario: Scenario, fetus: FetusNumber, worst: Event | undefined): Grade {
  const why = (name: Why['name'], value = 0, finding?: FindingId): Why => ({ name, value, finding });
  const base = [why('baseline', 140), why('variability', 11)];
  switch (scenario) {
    case 'late decelerations':
      return { jsog: 3, caveats: 0, why: [why('lateSevere', 112, worst?.id), ...base, why('nichdDecelerations', 100, worst?.id)] };
    case 'variable decelerations':
      return { jsog: 4, caveats: 0, why: [why('variableSevere', 76, worst?.id), why('baseline', 140), why('variability', 4.5)] };
    case 'maternal pickup':
      return { jsog: 2, caveats: Caveat.loss, why: [why('noDeceleration'), ...base, why('signalLost', 21)] };
    case 'transducer off':
      return { jsog: 'lost', caveats: Caveat.loss, why: [why('signalLost', 61)] };
    case 'ambulance':
      return {
        jsog: 4,
        shown: 5,
        caveats: Caveat.toBeChecked | Caveat.noUterineActivity,
        why: [why('displayRule'), why('baseline', 75), why('variability', 0), why('noDeceleration')],
      };
    case 'twins':
      if (fetus === 2) {
        const carried = [why('noDeceleration'), why('baseline', 165), why('baselineCarried', 240)];
        return { jsog: 2, caveats: Caveat.baselineCarried, why: carried };
      }
      return { jsog: 1, caveats: 0, why: [why('noDeceleration'), ...base] };
    default:
      return { jsog: 1, caveats: 0, why: [why('noDeceleration'), ...base, why('nstAccelerations', 3)] };
  }
}

function assessmentOf(
  span: 'block' | 'rolling',
  scenario: Scenario,
  fetus: FetusNumber,
  events: readonly Event[],
  from: number,
  to: number,
): Assessment<BridgeTime> {
  const here = events.filter((event) => event.to > from && event.from < to && event.severity !== undefined);
  const worst = here.find(({ severity }) => severity === 'severe') ?? here[0];
  const grade = gradeOf(scenario, fetus, worst);
  const isClassified = typeof grade.jsog === 'number';
  const level = isClassified ? (grade.jsog as Level) : undefined;
  return {
    span,
    jsog: grade.jsog,
    shown: grade.shown ?? level,
    figo: !isClassified ? undefined : (level ?? 1) >= 4 ? 'pathological' : (level ?? 1) >= 2 ? 'suspicious' : 'normal',
    nichd: !isClassified ? undefined : level === 1 ? 'I' : 'II',
    nst: scenario === 'reassuring' ? 'reactive' : 'notYet',
    variability: isClassified ? (scenario === 'variable decelerations' ? 'decreased' : 'normal') : undefined,
    caveats: grade.caveats | Caveat.tableUnreviewed,
    lostPercent: isClassified ? 3 : 61,
    from: at(from),
    to: at(to),
    baselineBpm: isClassified ? 140 : undefined,
    baselineRawBpm: isClassified ? 139.25 : undefined,
    bandwidthBpm: isClassified ? 11 : undefined,
    shortTermMs: isClassified ? 6.42 : undefined,
    longTermMs: isClassified ? 38.1 : undefined,
    contractions: 3.3,
    baselineAgeSeconds: (grade.caveats & Caveat.baselineCarried) === 0 ? 0 : 240,
    variabilityAgeSeconds: 0,
    tableHash: HASH,
    tableVersion: 'jsog-2010/2023',
    engine: 'ubugoe-ctg 0.1',
    why: grade.why,
  };
}

type Head = { readonly fetus: FetusNumber; readonly episode: Episode };

const BASELINES: Readonly<Record<Scenario, number>> = {
  reassuring: 138,
  'late decelerations': 146,
  'variable decelerations': 140,
  twins: 138,
  'maternal pickup': 134,
  'transducer off': 138,
  ambulance: 150,
};

function baselinesOf(bed: Bed, head: Head, second: number, past: number): Publication[] {
  const bpm = head.fetus === 2 ? 152 : BASELINES[bed.scenario];
  const list: Publication[] = [];
  for (let from = Math.ceil((second - past) / BLOCK) * BLOCK - BLOCK; from < second; from += BLOCK) {
    const known = Math.min(BLOCK, second - from - 5) / 2.5;
    const count = Math.max(0, Math.floor(known));
    const values = Float32Array.from({ length: count }, (_, n) =>
      bed.scenario === 'transducer off' && n % 160 > 110 ? NaN : bpm + 2 * Math.sin((from + n * 2.5) / 90),
    );
    const state = known < 240 ? ('provisional' as const) : ('final' as const);
    const body = { from: at(from), stepMicros: 2_500_000, bpm: values };
    list.push({ ...head, kind: 'baseline', id: idOf(from, 50), state, revision: count + 1, body });
  }
  return list;
}

function conditionsOf(bed: Bed, head: Head, second: number): Publication[] {
  const held: Partial<Record<Scenario, ConditionKind>> = {
    'late decelerations': 'level3',
    'variable decelerations': 'level4',
    'transducer off': 'notClassifiable',
    'maternal pickup': 'maternalCoincidence',
  };
  const kind = held[bed.scenario];
  if (kind === undefined) return [];
  const body = { kind, isActive: true, since: at(second - (second % 300)), value: 0 };
  return [{ ...head, kind: 'condition', id: 7n as FindingId, state: 'final', revision: 1, body }];
}
