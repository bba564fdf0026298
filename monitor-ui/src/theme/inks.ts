/**
 * Colours of the strip, light and dark.
 *
 * The traces differ in lightness as well as in hue (black, blue, purple, green; white, sky,
 * pink, mint), so that they stay apart for every kind of colour vision, and in line style
 * besides. Red, yellow and cyan are left to alarms.
 */

/** Which of the two a wall shows. */
export type ThemeName = 'light' | 'dark';

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
  mhr: '#f08fe0',
  ua: '#5fd6a2',
  absence: '#5d6875',
  gap: '#4f6074',
  plate: '#131b26ec',
  late: '#a79bff',
  lateTint: '#a79bff26',
  coincidence: '#ffa24a',
  event: '#dfe7f1',
  movement: '#dfe7f1',
};

/** The strip's colours of each theme. */
export const INKS: Readonly<Record<ThemeName, Inks>> = { light: LIGHT, dark: DARK };
