/**
 * The same wall drawn with uPlot, as its manual advises for streams: one chart a tile, fixed
 * scales, no legend and no cursor; `setData` without a reset when data came, then the time scale
 * moved. `each frame` moves it with every frame; `each pixel` only when it is a pixel further
 * on, which is the trick that our own strips use.
 */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { TICK_MICROS, TICKS_PER_SECOND, firstRowFrom } from '../../src/vitals/index.ts';
import type { Channel, SecondColumns } from '../../src/vitals/index.ts';
import { FIELD, microsPerPx, SCENE_INKS, secondsShown } from './scene.ts';
import type { Scene } from './scene.ts';
import type { PutUp } from './wall.ts';

const DRAWN: readonly Channel[] = ['mhr', 'fhr2', 'fhr1', 'ua'];

/** Puts the wall up, scrolling so often. */
export function uplotWall(scroll: 'each frame' | 'each pixel'): PutUp {
  return ({ scene, tracks, now, places }) => {
    const shown = secondsShown(scene);
    const perPx = microsPerPx(scene) / 1e6;
    const charts = tracks.map(({ recent }, n) => ({ plot: chart(scene, places[n]), recent, version: -1 }));
    let leftPx = 0;
    const draw = () => {
      const micros = now();
      if (micros === undefined) return;
      const right = micros / 1e6;
      const px = Math.floor(right / perPx);
      const hasMoved = scroll === 'each frame' || px !== leftPx;
      leftPx = px;
      for (const each of charts) {
        const isNew = each.recent.version !== each.version;
        if (!isNew && !hasMoved) continue;
        each.plot.batch(() => {
          if (isNew) each.plot.setData(aligned(each.recent, micros - (shown + 2) * 1e6), false);
          each.plot.setScale('x', { min: right - shown, max: right });
        });
        each.version = each.recent.version;
      }
    };
    const run = () => {
      requestAnimationFrame(run);
      draw();
    };
    requestAnimationFrame(run);
    return { grown: () => undefined, frame: draw };
  };
}

function chart({ width, height }: Scene, target: HTMLElement | undefined): uPlot {
  const grid = (stroke: string) => ({ show: true, stroke, width: 1 });
  const axis = { size: 0, gap: 0, ticks: { show: false }, values: () => [] };
  return new uPlot(
    {
      width: Math.floor(width),
      height: Math.floor(height),
      pxAlign: 1,
      padding: [0, 0, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      select: { show: false, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: false, auto: false },
        rate: { auto: false, range: [FIELD.rateMin, FIELD.rateMax] },
        activity: { auto: false, range: [0, FIELD.activityMax] },
      },
      axes: [
        { ...axis, grid: grid(SCENE_INKS.gridBold), incrs: [60, 300], space: 1 },
        { ...axis, scale: 'rate', grid: grid(SCENE_INKS.gridBold), incrs: [30], space: 1 },
      ],
      series: [
        {},
        ...DRAWN.map((channel) => ({
          scale: channel === 'ua' ? 'activity' : 'rate',
          stroke: SCENE_INKS[channel],
          width: 1.25,
          points: { show: false },
          spanGaps: false,
        })),
      ],
    },
    [[], [], [], [], []],
    target ?? document.body,
  );
}

/** The window's ticks as uPlot wants them: times in seconds, and a list for each series. */
function aligned(columns: SecondColumns, from: number): uPlot.AlignedData {
  const first = firstRowFrom(columns, from);
  const length = (columns.count - first) * TICKS_PER_SECOND;
  const times = new Array<number>(length);
  for (let row = first; row < columns.count; row += 1) {
    for (let i = 0; i < TICKS_PER_SECOND; i += 1) {
      times[(row - first) * TICKS_PER_SECOND + i] = ((columns.at[row] ?? 0) + i * TICK_MICROS) / 1e6;
    }
  }
  const series = DRAWN.map((channel) => {
    const { values } = columns.ticks[channel];
    const list = new Array<number | null>(length);
    for (let i = 0; i < length; i += 1) {
      const value = values[first * TICKS_PER_SECOND + i] ?? NaN;
      list[i] = Number.isNaN(value) ? null : value;
    }
    return list;
  });
  return [times, ...series];
}
