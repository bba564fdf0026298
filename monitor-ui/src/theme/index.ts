/**
 * Tokens: every colour and size of the house, light, dark and night. `base.css` brings them to a page.
 *
 * Imports nothing; knows no strip and no bed.
 */
export { INKS, THEMES } from './inks.ts';
export type { Inks, ThemeName } from './inks.ts';
