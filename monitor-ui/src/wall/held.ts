/** Where the paper is held so that a stretch of the past is seen. */
import { regionTime } from '../vitals/index.ts';
import type { RegionTime } from '../vitals/index.ts';

/** Share of the paper that stays free to the right of what is shown, and is kept for its end. */
const ROOM = { right: 0.15, stretch: 0.8 } as const;
/** What begins in this share of the paper before now is seen without holding it. */
const IN_SIGHT = 0.95;

/**
 * The moment at the right edge of paper that shows so many microseconds; `undefined` where the
 * running paper shows the stretch already, or the end of one that is longer than the paper.
 */
export function heldAt(
  stretch: { readonly from: RegionTime; readonly to: RegionTime },
  shownMicros: number,
  now: RegionTime | undefined,
): RegionTime | undefined {
  if (now === undefined) return undefined;
  const oldest = Math.max(stretch.from, stretch.to - shownMicros * ROOM.stretch);
  if (oldest > now - shownMicros * IN_SIGHT) return undefined;
  // Never beyond now: what would reach that far is in sight.
  return regionTime(stretch.to + shownMicros * ROOM.right);
}
