/** A reading of the strip as people read it. Pure: records and words in, texts out. */
import { Caveat, groupOf, isCarried, PROLONGED_MICROS } from '../vitals/index.ts';
import type { Assessment, Finding, VariabilityGrade, Why } from '../vitals/index.ts';
import type { AnalysisWords } from './analysis_words.ts';

/** A level, from the fullest wording to the shortest; carried is never left out. */
export function levelTexts(words: AnalysisWords, assessment: Assessment<unknown>): readonly string[] {
  const { shown } = assessment;
  const marks = [
    ...(isCarried(assessment) ? [words.carried] : []),
    ...((assessment.caveats & Caveat.toBeChecked) !== 0 ? [words.toBeChecked] : []),
  ];
  const marked = (text: string) => [text, ...marks].join('・');
  if (shown === undefined) return [words.notClassifiable, '–'];
  const full = marked(`${words.level(shown)} ${words.levelName[shown]}`);
  return [
    ...(assessment.span === 'rolling' ? [`${words.lastMinutes}：${full}`] : []),
    full,
    marked(`${shown} ${words.levelShort[shown]}`),
    marked(String(shown)),
  ];
}

/** A finding on the strip, from the fullest wording to the shortest. */
export function findingTexts(words: AnalysisWords, finding: Finding<unknown>): readonly string[] {
  const name = words.findingShort[finding.kind];
  const { depthBpm, severity } = finding;
  switch (groupOf(finding.kind)) {
    case 'acceleration': {
      const height = depthBpm === undefined ? [] : [`+${Math.round(depthBpm)}`];
      return [...height.map((bpm) => `${name} ${bpm}`), ...height];
    }
    case 'deceleration': {
      const degree = severity === undefined ? '' : ` ${words.severity[severity]}`;
      const depth = depthBpm === undefined ? '' : ` −${Math.round(depthBpm)}`;
      return [`${name}${degree}${depth}`, `${name}${degree}`, name];
    }
    default:
      return [words.finding[finding.kind], name];
  }
}

/** What a finding is called in a list, with its degree. */
export function findingName(
  words: AnalysisWords,
  finding: Finding<number>,
): string {
  const isLongRise = finding.kind === 'acceleration' && finding.to - finding.from >= PROLONGED_MICROS;
  const name = isLongRise ? words.prolongedAcceleration : words.finding[finding.kind];
  return finding.severity === undefined ? name : `${name}（${words.severity[finding.severity]}）`;
}

/** The numbers of a finding, in words; empty where it has none. */
export function findingNumbers(words: AnalysisWords, finding: Finding<number>): readonly string[] {
  const { value, depthBpm, lagSeconds } = finding;
  const group = groupOf(finding.kind);
  const has = value !== undefined && depthBpm !== undefined;
  const [extreme, distance] = [String(Math.round(value ?? 0)), String(Math.round(depthBpm ?? 0))];
  const lag = lagSeconds === undefined ? [] : [words.lag(signed(lagSeconds))];
  if (group === 'acceleration') return has ? [words.peak(extreme, distance)] : [];
  if (group === 'deceleration') return [...(has ? [words.nadir(extreme, distance)] : []), ...lag];
  return [];
}

/**
 * A reason as a sentence; `at` is the time of the finding behind it, where that is known, and
 * `grade` that of the assessment's variability.
 */
export function whySentence(
  words: AnalysisWords,
  why: Why,
  at: string | undefined,
  grade: VariabilityGrade | undefined,
): string {
  const called = grade === undefined ? words.none : words.variabilityGrade[grade];
  return words.reason[why.name](number(why.value), at === undefined ? '' : words.at(at), called);
}

/** A number without more digits than it has meaning. */
export function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

function signed(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 0 ? `−${-whole}` : `+${whole}`;
}
