/** What a run of the benchmark says, and how it is printed. Pure. */
import type { Look } from './chromium.ts';

/** One measured run of one wall. */
export interface Figures {
  readonly wall: string;
  readonly seconds: number;
  readonly framesPerSecond: number;
  readonly gapMillis: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number };
  /** Milliseconds of the main thread for each frame: all, and by kind of work. */
  readonly mainMillis: {
    readonly task: number;
    readonly script: number;
    readonly layout: number;
    readonly style: number;
    /** Painting, and everything else that is none of the above. */
    readonly paint: number;
  };
  /** CPU seconds for each second. */
  readonly cpu: { readonly renderer: number; readonly all: number };
  readonly heapBytes: { readonly before: number; readonly after: number };
}

/** Figures of a run between two looks. */
export function figuresOf(
  wall: string,
  looks: { readonly before: Look; readonly after: Look },
  gaps: readonly number[],
  heapBytes: Figures['heapBytes'],
): Figures {
  const { before, after } = looks;
  const seconds = after.atSeconds - before.atSeconds;
  const perFrame = (from: number, to: number) => ((to - from) * 1000) / Math.max(gaps.length, 1);
  const task = perFrame(before.taskSeconds, after.taskSeconds);
  const script = perFrame(before.scriptSeconds, after.scriptSeconds);
  const layout = perFrame(before.layoutSeconds, after.layoutSeconds);
  const style = perFrame(before.styleSeconds, after.styleSeconds);
  return {
    wall,
    seconds,
    framesPerSecond: (gaps.length * 1000) / gaps.reduce((sum, gap) => sum + gap, 0),
    gapMillis: { p50: quantile(gaps, 0.5), p95: quantile(gaps, 0.95), p99: quantile(gaps, 0.99), max: quantile(gaps, 1) },
    mainMillis: { task, script, layout, style, paint: Math.max(0, task - script - layout - style) },
    cpu: {
      renderer: (after.rendererSeconds - before.rendererSeconds) / seconds,
      all: (after.allSeconds - before.allSeconds) / seconds,
    },
    heapBytes,
  };
}

/** The value below which so large a share of the values lies (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? NaN;
}

/**
 * Of several runs of one wall the one in which the machine was quietest: the most frames came, and
 * of runs with as many the one that took the least CPU. A wall that is starved by other work takes
 * little CPU, and is not cheap for it.
 */
export function quietest(runs: readonly Figures[]): Figures | undefined {
  const frames = ({ framesPerSecond }: Figures) => Math.round(framesPerSecond);
  return [...runs].sort((a, b) => frames(b) - frames(a) || a.cpu.renderer - b.cpu.renderer)[0];
}

/** The slope of a line through points, by least squares, and its standard error. */
export function slope(points: readonly (readonly [x: number, y: number])[]): { readonly slope: number; readonly error: number } {
  const mean = (list: readonly number[]) => list.reduce((sum, each) => sum + each, 0) / list.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const rise = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const left = points.reduce((sum, [x, y]) => sum + (y - meanY - rise * (x - meanX)) ** 2, 0);
  return { slope: rise, error: Math.sqrt(left / (points.length - 2) / spread) };
}

/** CPU of the renderer for each frame: what a wall takes that cannot keep up, too. */
function cpuMillisPerFrame({ cpu, framesPerSecond }: Figures): number {
  return (cpu.renderer * 1000) / framesPerSecond;
}

/** The figures as a table; `against` is the wall that the others are compared with. */
export function table(rows: readonly Figures[], against: string): string {
  const base = rows.find(({ wall }) => wall === against);
  const head = ['wall', 'fps', 'gap p50', 'p95', 'p99', 'max ms', 'main ms/frame', 'script', 'layout', 'style', 'paint', 'CPU renderer', 'CPU all', '× CPU', 'CPU ms/frame', '× ', 'heap MB', ''];
  const lines = rows.map((row) => [
    row.wall,
    row.framesPerSecond.toFixed(1),
    row.gapMillis.p50.toFixed(1),
    row.gapMillis.p95.toFixed(1),
    row.gapMillis.p99.toFixed(1),
    row.gapMillis.max.toFixed(1),
    row.mainMillis.task.toFixed(2),
    row.mainMillis.script.toFixed(2),
    row.mainMillis.layout.toFixed(2),
    row.mainMillis.style.toFixed(2),
    row.mainMillis.paint.toFixed(2),
    `${(row.cpu.renderer * 100).toFixed(1)} %`,
    `${(row.cpu.all * 100).toFixed(1)} %`,
    base === undefined ? '' : (row.cpu.renderer / base.cpu.renderer).toFixed(1),
    cpuMillisPerFrame(row).toFixed(2),
    base === undefined ? '' : (cpuMillisPerFrame(row) / cpuMillisPerFrame(base)).toFixed(1),
    (row.heapBytes.before / 1e6).toFixed(1),
    `→ ${(row.heapBytes.after / 1e6).toFixed(1)}`,
  ]);
  const all = [head, ...lines];
  const widths = head.map((_, n) => Math.max(...all.map((line) => line[n]?.length ?? 0)));
  return all.map((line) => line.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join('  ')).join('\n');
}
