/**
 * The one animation frame of the whole wall.
 *
 * Every strip registers here; none asks for frames itself. With a hundred strips, a hundred
 * loops would fight for the same sixteen milliseconds.
 */

/** Paints if it has to. */
export type Paint = () => void;

/** How often strips move: as smooth as the screen, or once a second for who asked for calm. */
export type Motion = 'smooth' | 'calm';

/** Frames a second are plenty for paper that moves two pixels in it. */
const SMOOTH_MILLIS = 1000 / 60 - 4;
const CALM_MILLIS = 1000;

/** All that moves. */
export class FrameLoop {
  readonly #paints = new Set<Paint>();
  readonly #motion: () => Motion;
  #frame: number | undefined;
  #paintedAt = -Infinity;

  constructor(motion: () => Motion) {
    this.#motion = motion;
  }

  /** Calls `paint` with every frame; the answer ends that. */
  add(paint: Paint): () => void {
    this.#paints.add(paint);
    this.#frame ??= requestAnimationFrame(this.#run);
    return () => {
      this.#paints.delete(paint);
    };
  }

  readonly #run = (at: number) => {
    this.#frame = this.#paints.size === 0 ? undefined : requestAnimationFrame(this.#run);
    const pause = this.#motion() === 'calm' ? CALM_MILLIS : SMOOTH_MILLIS;
    if (at - this.#paintedAt < pause) return;
    this.#paintedAt = at;
    for (const paint of this.#paints) paint();
  };
}
