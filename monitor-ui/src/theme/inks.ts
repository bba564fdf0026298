/**
 * Colours of the strip: light, dark, and red for eyes that must see in a dark room.
 *
 * The traces differ in lightness as well as in hue (black, blue, purple, green; white, sky,
 * pink, mint), so that they stay apart for every kind of colour vision, and in line style
 * besides. Red, yellow and cyan are left to alarms.
 *
 * The five levels are a machine's suggestion and no alarm. They run from pale green over olive,
 * amber and orange to purple, each darker than the one before on light paper (more vivid on
 * dark), and always stand beside their number, so that no colour alone tells a level.
 *
 * At night all is red, which disturbs eyes that are used to the dark least. There is no hue left
 * to tell things apart: lightness, line style, shape and words do, as they do everywhere besides.
 */

/** Which of them a wall shows. */
export type ThemeName = 'light' | 'dark' | 'night';

/** All themes, in the order in which they are offered. */
export const THEMES: readonly ThemeName[] = ['light', 'dark', 'night'];

/** Colours of one theme's strip. */
export type Inks = Readonly<Record<keyof typeof LIGHT, string>>;

const LIGHT = {
  paper: '#ffffff',
  above: '#fcf2e7',
  below: '#e9f1f9',
  margin: '#f7f6f3',
  gridThin: '#ece8e0',
  gridBold: '#d3ccbe',
  gridMinute: '#b9b09e',
  band: '#7fae94',
  label: '#514c43',
  fhr1: '#0f1a2b',
  fhr2: '#0064b8',
  mhr: '#94248a',
  ua: '#0b6142',
  absence: '#a8a294',
  gap: '#8d97a5',
  plate: '#fffffff0',
  late: '#5b4bb5',
  lateTint: '#5b4bb51f',
  coincidence: '#c25e00',
  event: '#2c3a4f',
  movement: '#2c3a4f',
  baseline: '#0a7d78',
  acceleration: '#1f6f2c',
  deceleration: '#a63a00',
  sinusoidal: '#8a1663',
  contraction: '#3f8f6c',
  artefact: '#8a6d00',
  artefactTint: '#8a6d0014',
  highlight: '#0b5cad',
  highlightTint: '#0b5cad1c',
  level1: '#cfe9dc',
  level1Text: '#0e4630',
  level2: '#c9d486',
  level2Text: '#2f3a05',
  level3: '#f0ad3c',
  level3Text: '#2e1b00',
  level4: '#c24a0c',
  level4Text: '#ffffff',
  level5: '#7a1160',
  level5Text: '#ffffff',
  levelNone: '#e9ebee',
  levelNoneText: '#3f4a59',
} as const;

const DARK: Inks = {
  paper: '#131b26',
  above: '#211c1a',
  below: '#131f31',
  margin: '#0d131b',
  gridThin: '#1e2936',
  gridBold: '#304053',
  gridMinute: '#475a70',
  band: '#3f7f63',
  label: '#b6c2d0',
  fhr1: '#f3f6fa',
  fhr2: '#58b4ff',
  mhr: '#d968c6',
  ua: '#5fd6a2',
  absence: '#5d6875',
  gap: '#4f6074',
  plate: '#131b26ec',
  late: '#a79bff',
  lateTint: '#a79bff26',
  coincidence: '#ffa24a',
  event: '#dfe7f1',
  movement: '#dfe7f1',
  baseline: '#45cfc6',
  acceleration: '#7fdc8a',
  deceleration: '#ff9a63',
  sinusoidal: '#ff8fd0',
  contraction: '#3c9c78',
  artefact: '#d8b646',
  artefactTint: '#d8b64618',
  highlight: '#8cc8ff',
  highlightTint: '#8cc8ff24',
  level1: '#1c4335',
  level1Text: '#b9ecd2',
  level2: '#58641c',
  level2Text: '#f1f6c8',
  level3: '#bb780e',
  level3Text: '#1d1100',
  level4: '#f07a35',
  level4Text: '#220c00',
  level5: '#d0289f',
  level5Text: '#ffffff',
  levelNone: '#232d3a',
  levelNoneText: '#c2cdda',
};

const NIGHT: Inks = {
  paper: '#0d0202',
  above: '#140404',
  below: '#080101',
  margin: '#050000',
  gridThin: '#200605',
  gridBold: '#380c08',
  gridMinute: '#561710',
  band: '#8a2e20',
  label: '#e87a62',
  fhr1: '#ffab94',
  fhr2: '#f2452a',
  mhr: '#a84a38',
  ua: '#e87058',
  absence: '#6e2a20',
  gap: '#5c2018',
  plate: '#0d0202ec',
  late: '#ff8468',
  lateTint: '#ff84681f',
  coincidence: '#ff7a5c',
  event: '#f0937d',
  movement: '#f0937d',
  baseline: '#d9604a',
  acceleration: '#ff9c84',
  deceleration: '#ff6a4c',
  sinusoidal: '#f57e64',
  contraction: '#a8432f',
  artefact: '#d96a50',
  artefactTint: '#d96a5018',
  highlight: '#ff9c84',
  highlightTint: '#ff9c8424',
  level1: '#260400',
  level1Text: '#ff8a6e',
  level2: '#4d0d03',
  level2Text: '#ff9a80',
  level3: '#8a1a06',
  level3Text: '#ffc0ae',
  level4: '#e0421a',
  level4Text: '#0a0000',
  level5: '#ff9170',
  level5Text: '#140000',
  levelNone: '#1c0403',
  levelNoneText: '#e0735c',
};

/** The strip's colours of each theme. */
export const INKS: Readonly<Record<ThemeName, Inks>> = { light: LIGHT, dark: DARK, night: NIGHT };
