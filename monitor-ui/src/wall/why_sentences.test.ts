/**
 * Files and printed strips say of a level what the wall says, word for word: both are held
 * against the same golden file, which the analysis writes.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LEVELS, WHY } from '../vitals/index.ts';
import type { Level, WhyName } from '../vitals/index.ts';
import { ACTION_ROLES, LEVEL_ACTIONS } from './level_actions.ts';
import type { ActionCode, ActionRole } from './level_actions.ts';
import { whySentence } from './reading_text.ts';
import { WORDS } from './words.ts';

/** A reason as it travels, and as the analysis puts it; the variability of all is decreased. */
interface Reason {
  readonly code: number;
  readonly value: number;
  readonly at: string | null;
  readonly ja: string;
  readonly en: string;
}

/** What a level asks of a role. */
interface Action {
  readonly level: Level;
  readonly role: 'physician' | 'midwife';
  readonly code: ActionCode;
  readonly ja: string;
  readonly en: string;
}

const FILE = new URL('../../../analytics/watch/golden/sentences.json', import.meta.url);
const golden = JSON.parse(readFileSync(fileURLToPath(FILE), 'utf8')) as {
  readonly reasons: readonly Reason[];
  readonly actions: readonly Action[];
};
const NAMES = Object.keys(WHY) as WhyName[];

describe('the reasons of a level', () => {
  it('are the same on the wall and in the analysis: none is known to one side alone', () => {
    const theirs = golden.reasons.map(({ code }) => code).sort((a, b) => a - b);
    const ours = NAMES.map((name) => WHY[name].code).sort((a, b) => a - b);
    expect(ours).toEqual(theirs);
  });

  it.each(golden.reasons)('$en', (reason) => {
    const name = NAMES.find((each) => WHY[each].code === reason.code);
    if (name === undefined) throw new Error(`no reason has the code ${reason.code}`);
    const why = { name, finding: undefined, value: reason.value / WHY[name].per };
    const at = reason.at ?? undefined;
    expect(whySentence(WORDS.ja.analysis, why, at, 'decreased')).toBe(reason.ja);
    expect(whySentence(WORDS.en.analysis, why, at, 'decreased')).toBe(reason.en);
    expect(reason.ja).not.toBe(reason.en);
  });
});

describe('the actions of a level', () => {
  it('are the same on the wall and in the analysis, in both languages', () => {
    const roles: Readonly<Record<ActionRole, Action['role']>> = { doctor: 'physician', midwife: 'midwife' };
    const ours = LEVELS.flatMap((level) =>
      ACTION_ROLES.flatMap((role) =>
        LEVEL_ACTIONS[level][role].map((code) => ({
          level,
          role: roles[role],
          code,
          ja: WORDS.ja.analysis.action[role][code],
          en: WORDS.en.analysis.action[role][code],
        })),
      ),
    );
    expect(ours).toEqual(golden.actions);
  });
});
