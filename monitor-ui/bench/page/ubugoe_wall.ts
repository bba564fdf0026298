/** The product's own strips, as the page mounts them. */
import { flushSync, mount } from 'svelte';
import { CtgStrip, FrameLoop } from '../../src/strip/index.ts';
import type { StripLook, StripWords } from '../../src/strip/index.ts';
import { SCENE_INKS } from './scene.ts';
import type { PutUp } from './wall.ts';

/** A tile prints no words; these are never asked for. */
const WORDS: StripWords = {
  absence: () => '',
  gap: () => '',
  noDataFor: () => '',
  late: '',
  coincidence: '',
  rateTitle: '',
  activityTitle: () => '',
  finding: () => [],
  level: () => [],
  notAnalysed: '',
  timeOfDay: () => '',
};

export const ubugoeWall: PutUp = ({ scene, tracks, now, places }) => {
  const loop = new FrameLoop(() => 'smooth');
  const look: StripLook = { detail: 'mini', paper: scene.paper, inks: SCENE_INKS, words: WORDS, profile: 'definition' };
  tracks.forEach((track, n) => {
    const target = places[n];
    if (target === undefined) throw new Error('each track has a place');
    const props = { columns: track.recent, annotations: track.analysis, analysis: 'going on' as const, look, now, loop, label: track.key };
    mount(CtgStrip, { target, props });
  });
  flushSync();
  return { grown: () => undefined, frame: () => undefined };
};
