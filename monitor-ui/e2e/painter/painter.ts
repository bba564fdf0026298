/** A page that paints the scenes, and compares pictures where the pixels are. */
import { Recent } from '../../src/feed/index.ts';
import { StripView } from '../../src/strip/strip_view.ts';
import { after, insert, SCENES } from './scenes.ts';
import type { Scene } from './scenes.ts';

/** How two pictures differ. */
export interface Difference {
  /** Share of the pixels that differ by more than a step allowed. */
  readonly share: number;
  /** The largest difference of a colour part, 0 to 255. */
  readonly worst: number;
  readonly width: number;
  readonly height: number;
}

/** What the tests ask. */
export interface Painter {
  readonly scenes: readonly string[];
  /** The picture of a scene as a PNG in a data URL. */
  picture(name: string): string;
  /** A scene painted at once, beside the same painted second by second as it came. */
  grown(name: string, stepAllowed: number): Difference;
  /** A scene beside a picture; parts may differ by so much. */
  against(name: string, png: string, stepAllowed: number): Promise<Difference>;
  /** Device pixels by which the paper stands further on after each of so many frames of 1/60 s. */
  steps(name: string, frames: number): number[];
}

declare global {
  interface Window {
    painter: Painter;
  }
}

function canvasOf(scene: Scene): { canvas: HTMLCanvasElement; view: StripView } {
  const canvas = document.createElement('canvas');
  const view = new StripView(canvas, scene.look);
  view.configure(scene.look, scene.cssWidth, scene.ratio);
  return { canvas, view };
}

function sceneOf(name: string): Scene {
  const scene = SCENES[name];
  if (scene === undefined) throw new Error(`no scene is called ${name}`);
  return scene();
}

const subjectOf = (columns: Recent, { annotations }: Scene) =>
  ({ columns, annotations, analysis: annotations.version === 0 ? 'absent' : 'going on', highlight: undefined }) as const;

function atOnce(scene: Scene): HTMLCanvasElement {
  const { canvas, view } = canvasOf(scene);
  const recent = new Recent();
  for (const came of scene.came) insert(recent, came);
  view.paint(subjectOf(recent, scene), after(scene.now - 1, 200));
  return canvas;
}

/** Painted with each second, and between two seconds when the paper moved. */
function secondBySecond(scene: Scene): HTMLCanvasElement {
  const { canvas, view } = canvasOf(scene);
  const recent = new Recent();
  const subject = subjectOf(recent, scene);
  let at = -Infinity;
  for (const came of scene.came) {
    // Silence before it, too, was seen while it lasted.
    for (let second = Math.max(at + 1, came.second - 60); second < came.second; second += 1) view.paint(subject, after(second, 700));
    insert(recent, came);
    at = Math.max(at, came.second);
    for (const millis of [200, 450, 700]) view.paint(subject, after(at, millis));
  }
  for (let second = at + 1; second < scene.now; second += 1) view.paint(subject, after(second, 200));
  // The clock of a wall never goes back by more than it was off; here it ends where the other began.
  view.paint(subject, after(scene.now - 1, 200));
  return canvas;
}

function pixels(canvas: HTMLCanvasElement): Uint8ClampedArray {
  const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
  if (data === undefined) throw new Error('the canvas cannot be read');
  return data;
}

function difference(a: HTMLCanvasElement, b: HTMLCanvasElement, stepAllowed: number): Difference {
  const { width, height } = a;
  if (b.width !== width || b.height !== height) return { share: 1, worst: 255, width, height };
  const [one, other] = [pixels(a), pixels(b)];
  let different = 0;
  let worst = 0;
  for (let at = 0; at < one.length; at += 4) {
    let step = 0;
    for (let part = 0; part < 3; part += 1) step = Math.max(step, Math.abs((one[at + part] ?? 0) - (other[at + part] ?? 0)));
    if (step > stepAllowed) different += 1;
    worst = Math.max(worst, step);
  }
  return { share: different / (width * height), worst, width, height };
}

async function decoded(png: string): Promise<HTMLCanvasElement> {
  const bitmap = await createImageBitmap(await (await fetch(png)).blob());
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  return canvas;
}

/** Where the first upright line of the paper stands in the contraction field's margin row. */
function firstLine(canvas: HTMLCanvasElement, row: number): number {
  const data = pixels(canvas);
  const colour = (x: number) => [0, 1, 2].map((part) => data[(row * canvas.width + x) * 4 + part] ?? 0);
  const key = (x: number) => colour(x).join();
  const ground = key(Math.floor(canvas.width / 2) + 1) === key(Math.floor(canvas.width / 2)) ? key(Math.floor(canvas.width / 2)) : key(Math.floor(canvas.width / 2) + 2);
  for (let x = Math.floor(canvas.width / 2); x < canvas.width; x += 1) if (key(x) !== ground) return x;
  return -1;
}

function steps(name: string, frames: number): number[] {
  const scene = sceneOf(name);
  const { canvas, view } = canvasOf(scene);
  const recent = new Recent();
  for (const came of scene.came) insert(recent, came);
  const row = Math.round(canvas.height * 0.06);
  return Array.from({ length: frames }, (_, n) => {
    view.paint(subjectOf(recent, scene), after(scene.now - 1, 200 + (n * 1000) / 60));
    return firstLine(canvas, row);
  });
}

window.painter = {
  scenes: Object.keys(SCENES),
  picture: (name) => atOnce(sceneOf(name)).toDataURL('image/png'),
  grown: (name, stepAllowed) => {
    const scene = sceneOf(name);
    return difference(atOnce(scene), secondBySecond(scene), stepAllowed);
  },
  against: async (name, png, stepAllowed) => difference(atOnce(sceneOf(name)), await decoded(png), stepAllowed),
  steps,
};
