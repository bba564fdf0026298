/** Shapes of quality: each differs without its colour. */
import { Quality } from '../vitals/index.ts';

/** How many of three bars are full. */
export function barsOf(quality: Quality): number {
  switch (quality) {
    case Quality.good:
      return 3;
    case Quality.fair:
      return 2;
    case Quality.poor:
      return 1;
    case Quality.unrated:
      return 0;
  }
}
