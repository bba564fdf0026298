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

/** Share of the paper that one step through the past moves it: the rest is seen in both. */
const STEP = 0.8;

/**
 * The moment at the right edge after a step through the past; `undefined` where that is now. The
 * oldest second stays in sight.
 */
export function scrolled(
  held: RegionTime | undefined,
  direction: -1 | 1,
  shownMicros: number,
  { oldest, now }: { readonly oldest: RegionTime; readonly now: RegionTime },
): RegionTime | undefined {
  const earliest = Math.min(oldest + shownMicros, now);
  const to = (held ?? now) + direction * STEP * shownMicros;
  const at = Math.max(to, earliest);
  return at >= now ? undefined : regionTime(at);
}

/** The finding that begins next before or after a moment. */
export function findingBeside<Finding extends { readonly from: RegionTime }>(
  findings: readonly Finding[],
  from: RegionTime,
  direction: -1 | 1,
): Finding | undefined {
  const inOrder = [...findings].sort((a, b) => direction * (a.from - b.from));
  return inOrder.find((each) => direction * (each.from - from) > 0);
}
