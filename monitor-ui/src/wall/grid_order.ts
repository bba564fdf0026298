/**
 * The order of the tiles. Pure.
 *
 * A bed stands where its most urgent alarm stands in the list; beds without an alarm keep their
 * place behind them. The wanted order is laid on the screen only when nobody is at the tiles.
 */

/** The tiles stay as they are for so long after the pointer or the focus has left them. Design. */
export const HOLD_MILLIS = 4_000;

/** How the tiles are sorted. */
export const ORDERS = ['urgency', 'place'] as const;
/** How the tiles are sorted. */
export type Order = (typeof ORDERS)[number];

/** Beds by urgency; `places` are the beds by place, `alarms` the list in its order. */
export function byUrgencyOf(places: readonly string[], alarms: readonly { readonly bed: string | undefined }[]): readonly string[] {
  const known = new Set(places);
  const urgent = new Set<string>();
  for (const { bed } of alarms) if (bed !== undefined && known.has(bed)) urgent.add(bed);
  return [...urgent, ...places.filter((bed) => !urgent.has(bed))];
}

/** What is on the screen, and what would be. */
export interface Settled {
  readonly order: readonly string[];
  /** Beds that would stand elsewhere in the wanted order. */
  readonly moving: number;
}

/**
 * The order to show: the wanted one, or, while somebody is at the tiles, the shown one. A bed that
 * is new comes behind the others then, and one that is gone leaves its place to those behind it.
 */
export function settle(shown: readonly string[], wanted: readonly string[], hands: 'on' | 'off'): Settled {
  if (hands === 'off' || shown.length === 0) return { order: wanted, moving: 0 };
  const now = new Set(wanted);
  const kept = shown.filter((bed) => now.has(bed));
  const before = new Set(kept);
  const order = [...kept, ...wanted.filter((bed) => !before.has(bed))];
  return { order, moving: order.filter((bed, n) => bed !== wanted[n]).length };
}
