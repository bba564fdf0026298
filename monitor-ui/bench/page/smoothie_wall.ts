/**
 * The same wall drawn with smoothie, as its manual shows: one chart a tile with four series and
 * fixed bounds, each value appended when it came, each chart with its own loop. Smoothie itself
 * skips frames in which its picture would not have moved by a pixel.
 */
import { SmoothieChart, TimeSeries } from 'smoothie';
import { CHANNELS, firstRowFrom, TICK_MICROS, TICKS_PER_SECOND } from '../../src/vitals/index.ts';
import type { Channel, SecondColumns } from '../../src/vitals/index.ts';
import { FIELD, microsPerPx, SCENE_INKS, secondsShown } from './scene.ts';
import type { PutUp } from './wall.ts';

export const smoothieWall: PutUp = ({ scene, tracks, now, places }) => {
  const millis = (now() ?? 0) / 1000;
  // Smoothie places values by the computer's clock; the ward's day is another.
  const shift = Date.now() - millis;
  const walls = tracks.map(({ recent }, n) => {
    const chart = new SmoothieChart({
      millisPerPixel: microsPerPx(scene) / 1000,
      minValue: FIELD.rateMin,
      maxValue: FIELD.rateMax,
      interpolation: 'linear',
      grid: {
        fillStyle: SCENE_INKS.paper,
        strokeStyle: SCENE_INKS.gridBold,
        millisPerLine: 60_000,
        verticalSections: Math.round((FIELD.rateMax - FIELD.rateMin) / 30),
        borderVisible: false,
      },
      labels: { disabled: true },
    });
    const series = new Map(CHANNELS.map((channel): [Channel, TimeSeries] => [channel, new TimeSeries({ resetBounds: false })]));
    for (const [channel, each] of series) chart.addTimeSeries(each, { strokeStyle: SCENE_INKS[channel], lineWidth: 1.25 });
    const canvas = document.createElement('canvas');
    canvas.width = Math.floor(scene.width);
    canvas.height = Math.floor(scene.height);
    places[n]?.append(canvas);
    chart.streamTo(canvas, 0);
    const oldest = millis * 1000 - secondsShown(scene) * 1e6;
    return { recent, series, next: firstRowFrom(recent, oldest) };
  });
  const grown = () => {
    for (const each of walls) {
      for (; each.next < each.recent.count; each.next += 1) append(each.recent, each.next, each.series, shift);
    }
  };
  grown();
  return { grown, frame: () => undefined };
};

function append(columns: SecondColumns, row: number, series: ReadonlyMap<Channel, TimeSeries>, shift: number): void {
  for (const [channel, each] of series) {
    for (let i = 0; i < TICKS_PER_SECOND; i += 1) {
      const value = columns.ticks[channel].values[row * TICKS_PER_SECOND + i] ?? NaN;
      const at = ((columns.at[row] ?? 0) + i * TICK_MICROS) / 1000 + shift;
      if (!Number.isNaN(value)) each.append(at, channel === 'ua' ? onRateScale(value) : value);
    }
  }
}

/** One chart of smoothie has one scale: activity is moved to where its field is. */
function onRateScale(activity: number): number {
  return FIELD.rateMin + (activity / FIELD.activityMax) * (FIELD.rateMax - FIELD.rateMin);
}
