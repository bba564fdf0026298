/** A canvas that writes down what is drawn on it. */
import type { MarkPen } from '../src/strip/marks.ts';

/** A call with its rounded numbers, and what it was drawn with. */
export interface Stroke {
  readonly call: string;
  readonly at: readonly (number | string)[];
  readonly ink: string;
  readonly alpha: number;
  readonly dash: readonly number[];
  readonly width: number;
}

/** A pen that remembers; every letter is ten pixels wide. */
export class RecordingPen implements MarkPen {
  readonly strokes: Stroke[] = [];
  fillStyle: string | CanvasGradient | CanvasPattern = '';
  strokeStyle: string | CanvasGradient | CanvasPattern = '';
  lineWidth = 1;
  globalAlpha = 1;
  font = '';
  textAlign: CanvasTextAlign = 'left';
  textBaseline: CanvasTextBaseline = 'middle';
  #dash: number[] = [];
  readonly #saved: [string | CanvasGradient | CanvasPattern, string | CanvasGradient | CanvasPattern, number, number, number[]][] = [];

  /** The calls of one name, as their numbers. */
  of(call: string): (readonly (number | string)[])[] {
    return this.strokes.filter((stroke) => stroke.call === call).map(({ at }) => at);
  }

  save(): void {
    this.#saved.push([this.fillStyle, this.strokeStyle, this.lineWidth, this.globalAlpha, this.#dash]);
  }

  restore(): void {
    const saved = this.#saved.pop();
    if (saved === undefined) throw new Error('more restored than saved');
    [this.fillStyle, this.strokeStyle, this.lineWidth, this.globalAlpha, this.#dash] = saved;
  }

  setLineDash(dash: Iterable<number>): void {
    this.#dash = [...dash];
  }

  measureText(text: string): TextMetrics {
    return { width: text.length * 10 } as TextMetrics;
  }

  beginPath(): void {}

  moveTo(x: number, y: number): void {
    this.#note('moveTo', [x, y], this.strokeStyle);
  }

  lineTo(x: number, y: number): void {
    this.#note('lineTo', [x, y], this.strokeStyle);
  }

  stroke(): void {
    this.#note('stroke', [], this.strokeStyle);
  }

  fill(): void {
    this.#note('fill', [], this.fillStyle);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#note('fillRect', [x, y, width, height], this.fillStyle);
  }

  fillText(text: string, x: number, y: number): void {
    this.#note('fillText', [text, x, y], this.fillStyle);
  }

  #note(call: string, at: readonly (number | string)[], ink: unknown): void {
    const rounded = at.map((part) => (typeof part === 'number' ? Math.round(part * 100) / 100 : part));
    const [alpha, width] = [this.globalAlpha, this.lineWidth];
    this.strokes.push({ call, at: rounded, ink: String(ink), alpha, dash: this.#dash, width });
  }
}
