/** What the benchmark asks of a wall, whoever draws it. */
import type { Track } from '../../src/feed/index.ts';
import type { RegionTime } from '../../src/vitals/index.ts';
import type { Scene } from './scene.ts';

/** What a wall is drawn from. */
export interface WallParts {
  readonly scene: Scene;
  readonly tracks: readonly Track[];
  readonly now: () => RegionTime | undefined;
  readonly places: readonly HTMLElement[];
}

/** A wall that is going on. */
export interface Wall {
  /** Told that new seconds are there. */
  grown(): void;
  /** Draws now what is due; a wall with a loop of its own need not. */
  frame(): void;
}

/** Puts a wall up. */
export type PutUp = (parts: WallParts) => Wall;
