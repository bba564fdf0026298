/**
 * One wall of the benchmark, chosen by the address. The runner talks to it through `bench`.
 *
 * Live: seconds come when they are due, as from a socket, all beds at once, which is the worst
 * case for a frame. Ahead: the runner lets hours pass as fast as they can be drawn.
 */
import { regionTime } from '../../src/vitals/index.ts';
import { sceneOf } from './scene.ts';
import { smoothieWall } from './smoothie_wall.ts';
import { ubugoeWall } from './ubugoe_wall.ts';
import { uplotWall } from './uplot_wall.ts';
import type { PutUp, Wall } from './wall.ts';
import { Ward } from './ward.ts';

/** What the runner may ask. */
export interface Bench {
  /** Lets so many seconds pass, drawing once in each `every`. */
  pass(seconds: number, every: number): Promise<void>;
  /** How old the oldest of the newest seconds is: a wall that gets no data draws nothing, cheaply. */
  ageSeconds(): number;
}

declare global {
  interface Window {
    bench: Bench;
    benchReady: boolean;
  }
}

/** Seconds whose bytes are made before a live run; a run is shorter. */
const MADE_SECONDS = 180;
/** Simulated seconds between two breaths, in which the browser may do what it has to. */
const BREATH_SECONDS = 20;

const WALLS: Readonly<Record<string, PutUp>> = {
  ubugoe: ubugoeWall,
  'uplot each pixel': uplotWall('each pixel'),
  'uplot each frame': uplotWall('each frame'),
  smoothie: smoothieWall,
  empty: () => ({ grown: () => undefined, frame: () => undefined }),
};

const query = new URL(window.location.href).searchParams;
const isAhead = query.get('clock') === 'ahead';
const beds = Number(query.get('beds') ?? 128);
const speed = Number(query.get('speed') ?? 1) as 1 | 2 | 3;
let started = performance.now();
let passedMillis = 0;
const clock = () => (isAhead ? passedMillis : performance.now() - started);

async function begin(): Promise<void> {
  const putUp = WALLS[query.get('wall') ?? ''];
  const place = document.getElementById('wall');
  if (putUp === undefined || place === null) throw new Error('no such wall');
  const scene = sceneOf(beds, { width: window.innerWidth, height: window.innerHeight }, speed);
  place.style.setProperty('--columns', String(scene.columns));
  const places = Array.from({ length: beds }, () => {
    const div = document.createElement('div');
    div.style.height = `${scene.height}px`;
    place.append(div);
    return div;
  });
  const ward = new Ward(beds, clock);
  // Made before the clock starts: a page that is busy for seconds would seem cut off to its feed.
  const made = isAhead ? [] : Array.from({ length: MADE_SECONDS }, (_, second) => ward.framesOf(second));
  started = performance.now();
  await ward.open();
  const now = () => {
    const at = ward.feed.regionNow();
    return at === undefined ? undefined : regionTime(at);
  };
  const wall = putUp({ scene, tracks: ward.feed.tracks(), now, places });
  if (!isAhead) {
    setInterval(() => {
      ward.handDue(made);
      wall.grown();
    }, 250);
  }
  window.bench = { ageSeconds: () => ward.ageSeconds(), pass: (seconds, every) => pass(ward, wall, seconds, every) };
  window.benchReady = true;
}

async function pass(ward: Ward, wall: Wall, seconds: number, every: number): Promise<void> {
  for (let n = 1; n <= seconds; n += 1) {
    const second = Math.floor(passedMillis / 1000);
    passedMillis += 1000;
    ward.hand(ward.framesOf(second));
    wall.grown();
    if (n % every === 0) wall.frame();
    if (n % BREATH_SECONDS === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

void begin();
