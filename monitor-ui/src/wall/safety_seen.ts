/**
 * Who has read the safety card in this browser.
 *
 * Of a person only a short number made from the name is kept, so that the storage of a browser
 * that many use does not list them; two names may share one, and then one person reads it less.
 */
import type { Shelf } from './settings.ts';

const KEY = 'ubugoe.wall.safety';
/** Raised when the sentences change: everybody reads them again. */
const EDITION = 1;
/** People that one browser remembers; beyond it who came first is forgotten, and reads again. */
const PEOPLE_MAX = 200;

/** Whether a person has read this edition here. */
export function hasRead(shelf: Shelf, name: string): boolean {
  return people(shelf).includes(mark(name));
}

/** A person has read it. */
export function keepRead(shelf: Shelf, name: string): void {
  const others = people(shelf).filter((each) => each !== mark(name));
  try {
    shelf.setItem(KEY, JSON.stringify({ edition: EDITION, people: [...others, mark(name)].slice(-PEOPLE_MAX) }));
  } catch {
    // Where the browser forbids storage the card comes with every login.
  }
}

function people(shelf: Shelf): readonly number[] {
  try {
    const kept: unknown = JSON.parse(shelf.getItem(KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null || !('edition' in kept) || kept.edition !== EDITION) return [];
    const list: unknown = 'people' in kept ? kept.people : [];
    return Array.isArray(list) ? list.filter((each) => typeof each === 'number') : [];
  } catch {
    return [];
  }
}

/** FNV-1a, 32 bits: spreads names well enough and tells little of them. */
function mark(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
