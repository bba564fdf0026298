/**
 * The one animation frame of the whole wall.
 *
 * Every strip registers here; none asks for frames itself. With a hundred strips, a hundred
 * loops would fight for the same sixteen milliseconds. Where many have something to paint at
 * once, as when the seconds of all beds come together, each frame paints as many as it has time
 * for and the next goes on: no frame is late, and none of the strips waits long.
 */

/** Paints if it has to, and says whether it had. */
export type Paint = () => 'painted' | 'unchanged';

/** How often strips move: as smooth as the screen, or once a second for who asked for calm. */
export type Motion = 'smooth' | 'calm';

/** Who is painted first: what somebody looks at closely in every frame, the others by turns. */
export type Rank = 'every frame' | 'by turns';

/** What the loop needs of a browser; a test has its own. */
export interface Screen {
  requestFrame(run: (at: number) => void): number;
  /** Milliseconds of a monotonic clock. */
  now(): number;
}

/** Frames a second are plenty for paper that moves two pixels in it. */
const SMOOTH_MILLIS = 1000 / 60 - 4;
const CALM_MILLIS = 1000;

/** Painting of one frame, ms: of the 16.7 that a frame has, most is left to everything else. */
export const BUDGET_MILLIS = 4;
/** A turn that is not through after so many frames, as when a wall has just come, may take more. */
export const LATE_AFTER_FRAMES = 15;
export const LATE_BUDGET_MILLIS = 12;

const BROWSER: Screen = {
  requestFrame: (run) => requestAnimationFrame(run),
  now: () => performance.now(),
};

/** All that moves. */
export class FrameLoop {
  readonly #motion: () => Motion;
  readonly #screen: Screen;
  readonly #urgent = new Set<Paint>();
  readonly #patient = new Set<Paint>();
  /** Whose turn it still is; the turn is through when none is left. */
  #waiting: Paint[] = [];
  #frames = 0;
  #frame: number | undefined;
  #turnedAt = -Infinity;

  constructor(motion: () => Motion, screen: Screen = BROWSER) {
    this.#motion = motion;
    this.#screen = screen;
  }

  /** Calls `paint` with every frame, or in its turn; the answer ends that. */
  add(paint: Paint, rank: Rank = 'by turns'): () => void {
    const paints = rank === 'every frame' ? this.#urgent : this.#patient;
    paints.add(paint);
    this.#frame ??= this.#screen.requestFrame(this.#run);
    return () => {
      paints.delete(paint);
    };
  }

  readonly #run = (at: number) => {
    const isEmpty = this.#urgent.size === 0 && this.#patient.size === 0;
    this.#frame = isEmpty ? undefined : this.#screen.requestFrame(this.#run);
    const motion = this.#motion();
    const isDue = at - this.#turnedAt >= (motion === 'calm' ? CALM_MILLIS : SMOOTH_MILLIS);
    if (isDue && (motion === 'smooth' || this.#waiting.length === 0)) for (const paint of this.#urgent) paint();
    if (this.#waiting.length === 0) {
      if (!isDue) return;
      this.#frames = 0;
      // Taken from the end, in the order in which they came.
      this.#waiting = [...this.#patient].reverse();
    }
    if (isDue) this.#turnedAt = at;
    this.#frames += 1;
    this.#paintSome(this.#frames > LATE_AFTER_FRAMES ? LATE_BUDGET_MILLIS : BUDGET_MILLIS);
  };

  #paintSome(budgetMillis: number): void {
    const began = this.#screen.now();
    for (let paint = this.#waiting.pop(); paint !== undefined; paint = this.#waiting.pop()) {
      if (!this.#patient.has(paint)) continue;
      if (paint() === 'painted' && this.#screen.now() - began >= budgetMillis) return;
    }
  }
}
