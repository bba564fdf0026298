/**
 * What the society recommends at each level, as codes, for each of two roles.
 *
 * Both roles and both codes are shown and none is picked: the choice weighs trend, stage,
 * background risk and what the place can do. Of the pairs, the doctor's at levels 3, 4 and 5
 * are confirmed in a source; the others wait for the reviewers of the table.
 */
import type { Level } from '../vitals/index.ts';

/** From routine observation (A) to delivery at once (D). */
export type ActionCode = 'A' | 'B' | 'C' | 'D';
/** Whom an action is for. */
export type ActionRole = 'doctor' | 'midwife';
/** Every role, in the order in which they are shown. */
export const ACTION_ROLES: readonly ActionRole[] = ['doctor', 'midwife'];

/** The codes of each level and role. */
export const LEVEL_ACTIONS: Readonly<Record<Level, Readonly<Record<ActionRole, readonly ActionCode[]>>>> = {
  1: { doctor: ['A'], midwife: ['A'] },
  2: { doctor: ['A', 'B'], midwife: ['B'] },
  3: { doctor: ['B', 'C'], midwife: ['B', 'C'] },
  4: { doctor: ['C', 'D'], midwife: ['C', 'D'] },
  5: { doctor: ['D'], midwife: ['D'] },
};
