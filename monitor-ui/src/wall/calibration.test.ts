import { describe, expect, it } from 'vitest';
import { DEVICE_PX_PER_CM, keepCalibration, loadCalibration, stepped } from './calibration.ts';
import type { Shelf } from './settings.ts';

function shelf(kept: Record<string, string> = {}): Shelf & { readonly kept: Record<string, string> } {
  return { kept, getItem: (key) => kept[key] ?? null, setItem: (key, value) => void (kept[key] = value) };
}

const DESK = { width: 1920, height: 1080, ratio: 1 };
const WALL = { width: 3840, height: 2160, ratio: 1 };

describe('the calibration', () => {
  it('is of one screen: another is not calibrated', () => {
    const kept = shelf();
    expect(loadCalibration(kept, DESK)).toBeUndefined();
    keepCalibration(kept, DESK, 38.4);
    keepCalibration(kept, WALL, 20.1);
    expect(loadCalibration(kept, DESK)).toBe(38.4);
    expect(loadCalibration(kept, WALL)).toBe(20.1);
    expect(loadCalibration(kept, { ...DESK, width: 1280 })).toBeUndefined();
  });

  it('stays true when the page is zoomed or the screen turned', () => {
    const kept = shelf();
    keepCalibration(kept, DESK, 38.4);
    expect(loadCalibration(kept, { width: 1080, height: 1920, ratio: 1.5 })).toBe(38.4);
  });

  it('can be forgotten', () => {
    const kept = shelf();
    keepCalibration(kept, DESK, 38.4);
    keepCalibration(kept, WALL, 20.1);
    keepCalibration(kept, DESK, undefined);
    expect(loadCalibration(kept, DESK)).toBeUndefined();
    expect(loadCalibration(kept, WALL)).toBe(20.1);
  });

  it('takes nothing that no screen can have, from whoever kept it', () => {
    for (const odd of ['[["1920x1080",3000]]', '[["1920x1080","38"]]', '{"1920x1080":38}', '[[1,2],7,null]', 'no JSON', '[["1920x1080",null]]']) {
      expect(loadCalibration(shelf({ 'ubugoe.wall.calibration': odd }), DESK)).toBeUndefined();
    }
    const kept = shelf();
    keepCalibration(kept, DESK, NaN);
    expect(loadCalibration(kept, DESK)).toBeUndefined();
  });

  it('remembers a bounded number of screens', () => {
    const kept = shelf();
    for (let width = 1000; width < 1100; width += 1) keepCalibration(kept, { ...DESK, width: width + 1080 }, 40);
    expect(loadCalibration(kept, { ...DESK, width: 2179 })).toBe(40);
    expect(loadCalibration(kept, { ...DESK, width: 2080 })).toBeUndefined();
    expect(kept.kept['ubugoe.wall.calibration']?.length).toBeLessThan(500);
  });

  it('moves by steps and stays within what a screen can have', () => {
    expect(stepped(37.7953, 1)).toBe(37.9);
    expect(stepped(37.8, -1)).toBe(37.7);
    expect(stepped(37.8, 10)).toBe(38.8);
    expect(stepped(4, -10)).toBe(DEVICE_PX_PER_CM.min);
    expect(stepped(259.95, 30)).toBe(DEVICE_PX_PER_CM.max);
  });
});
