/** The plan of the rooms, checked: who imports whom. A new line here is a decision. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** Each room with the rooms that it may import, from the innermost outwards. */
const PLAN: Readonly<Record<string, readonly string[]>> = {
  vitals: [],
  wire: ['vitals'],
  feed: ['vitals', 'wire'],
  strip: ['vitals'],
  sound: ['vitals'],
  theme: [],
  wall: ['vitals', 'wire', 'feed', 'strip', 'sound', 'theme'],
};
/** Packages from outside that a room may import; styles and pictures are not packages. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = { wall: ['svelte', 'svelte/reactivity'] };

interface Import {
  readonly file: string;
  readonly room: string;
  readonly from: string;
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.(ts|svelte)$/.test(name) && !name.endsWith('.test.ts') ? [path] : [];
  });
}

function imports(): Import[] {
  return sources(SRC).flatMap((path) => {
    const file = relative(SRC, path);
    const room = file.split('/')[0] ?? '';
    const text = readFileSync(path, 'utf8');
    const found = text.matchAll(/^\s*(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*['"]([^'"]+)['"];/gm);
    return [...found].map((match) => ({ file, room, from: match[1] ?? '' }));
  });
}

describe('the rooms', () => {
  it('are those of the plan', () => {
    expect(readdirSync(SRC).sort()).toEqual(Object.keys(PLAN).sort());
  });

  it('import inwards only', () => {
    const found = imports();
    expect(found.length).toBeGreaterThan(50);
    const wrong = found.flatMap(({ file, room, from }) => {
      if (!from.startsWith('.')) {
        return OUTSIDE[room]?.includes(from) === true ? [] : [`${file} imports ${from} from outside`];
      }
      const target = relative(SRC, join(SRC, file, '..', from)).split('/')[0] ?? '';
      const allowed = target === room || PLAN[room]?.includes(target) === true;
      return allowed ? [] : [`${file} imports ${target}; the plan allows ${PLAN[room]?.join(', ')}`];
    });
    expect(wrong).toEqual([]);
  });

  it('name files as their twins in Rust', () => {
    const odd = sources(SRC).filter((path) => !/\/[a-z0-9_]+(\.svelte)?\.(ts|svelte)$/.test(path));
    expect(odd.filter((path) => !/\/[a-z0-9_]+\.svelte$/.test(path))).toEqual([]);
  });

  it('read no clock and touch no page where cores are: vitals, wire, and the brains of feed and sound', () => {
    const cores = sources(SRC).filter((path) => /\/(vitals|wire)\/|sound\/(alarm|melody|pauses|sound_plan|synth)\.ts$|feed\/(alarm_set|attending|link_core|recent|requests|region_clock|seen|silence|sleep_guard|track)\.ts$/.test(path));
    expect(cores.length).toBeGreaterThan(12);
    const touching = cores.filter((path) =>
      /\b(Date\.now|performance\.|Math\.random|setTimeout|document\.|window\.|fetch\()/.test(readFileSync(path, 'utf8')),
    );
    expect(touching).toEqual([]);
  });
});
