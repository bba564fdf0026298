import { describe, expect, it } from 'vitest';
import { golden } from '../../tests/golden.ts';
import { seeded } from '../../tests/seeded.ts';
import { crc32, decodeBlock, decodeFeedFrame, decodePublication, WireError } from './index.ts';

/** Decodes as the feed does and lets nothing but a WireError pass; says whether it was refused. */
function refused(bytes: Uint8Array): boolean {
  try {
    const frame = decodeFeedFrame(bytes);
    if (frame.kind === 'blocks') for (const entry of frame.entries) decodeBlock(entry.block);
    if (frame.kind === 'analysis') for (const entry of frame.entries) decodePublication(entry.record);
    return false;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    expect(error.message).not.toBe('');
    return true;
  }
}

const FRAMES = ['roster', 'blocks', 'beat', 'missed', 'analysis', 'analyst_present'];
const RECORDS = ['finding', 'contraction', 'assessment', 'not_classifiable', 'baseline', 'condition', 'judgement'];

function recordFault(bytes: Uint8Array): unknown {
  try {
    return decodePublication(bytes);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return error.fault;
  }
}

function blockFault(bytes: Uint8Array): unknown {
  try {
    return decodeBlock(bytes);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return error.fault;
  }
}

/** A block whose byte at `at` was set to `value` by somebody who mended the checksum. */
function forged(at: number, value: number): Uint8Array {
  const bytes = golden('block');
  bytes[at] = value;
  new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true);
  return bytes;
}

describe('bytes from outside', () => {
  it('check value of the checksum', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });

  it('are refused with a WireError wherever they are cut', () => {
    for (const name of FRAMES) {
      const bytes = golden(name);
      for (let cut = 0; cut < bytes.length; cut += 1) expect(refused(bytes.subarray(0, cut))).toBe(true);
    }
  });

  it('are refused when one is left over', () => {
    for (const name of FRAMES) {
      expect(refused(Uint8Array.from([...golden(name), 0]))).toBe(true);
    }
  });

  it('never show a block in which a single bit was disturbed', () => {
    const bytes = golden('block');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const disturbed = bytes.slice();
      disturbed[bit >> 3] = (disturbed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => decodeBlock(disturbed)).toThrow(WireError);
    }
  });

  it('never throw anything but a WireError, however they are shuffled', () => {
    const random = seeded(4711);
    const whole = FRAMES.map(golden);
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Uint8Array.from(whole[round % whole.length] ?? []);
      for (let n = 0; n <= round % 5; n += 1) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      refused(bytes.subarray(0, Math.ceil(random() * bytes.length)));
    }
  });

  it.each([
    ['a version from the future', 0, 2, { kind: 'version', received: 2 }],
    ['an unknown flag', 3, 0x80, { kind: 'value', field: 'flags', value: 0x8081 }],
    ['an unknown heart transducer', 60, 5, { kind: 'value', field: 'heart transducer', value: 5 }],
    ['an unknown belt', 63, 3, { kind: 'value', field: 'activity transducer', value: 3 }],
    ['a reserved byte in use', 65, 1, { kind: 'value', field: 'reserved', value: 1 }],
    ['an unknown absence', 72, 8, { kind: 'value', field: 'heart rate', value: 0x8008 }],
    ['a time no number can hold', 51, 0x7f, expect.objectContaining({ field: 'at' })],
    ['a name with a space', 98, 0x20, { kind: 'value', field: 'device', value: 5 }],
  ])('%s is refused even with a good checksum', (_, at, value, fault) => {
    expect(blockFault(forged(at, value))).toEqual(fault);
  });

  it('are refused as records wherever they are cut, and when one is left over', () => {
    for (const name of RECORDS) {
      const bytes = golden(`publication_${name}`);
      for (let cut = 0; cut < bytes.length; cut += 1) {
        expect(() => decodePublication(bytes.subarray(0, cut))).toThrow(WireError);
      }
      expect(() => decodePublication(Uint8Array.from([...bytes, 0]))).toThrow(WireError);
    }
  });

  it('never throw anything but a WireError as records, however they are shuffled', () => {
    const random = seeded(4712);
    const whole = RECORDS.map((name) => golden(`publication_${name}`));
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Uint8Array.from(whole[round % whole.length] ?? []);
      for (let n = 0; n <= round % 4; n += 1) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      recordFault(bytes);
    }
  });

  it.each([
    ['a version from the future', 'finding', 0, 2, { kind: 'version', received: 2 }],
    ['an unknown kind of record', 'finding', 1, 6, { kind: 'value', field: 'kind', value: 6 }],
    ['a third fetus', 'finding', 2, 3, { kind: 'value', field: 'fetus', value: 3 }],
    ['an unknown state', 'finding', 3, 3, { kind: 'value', field: 'state', value: 3 }],
    ['an unknown finding', 'finding', 32, 0x15, { kind: 'value', field: 'finding', value: 0x15 }],
    ['an unknown profile', 'finding', 34, 4, { kind: 'value', field: 'profiles', value: 4 }],
    ['more than all', 'finding', 35, 101, { kind: 'value', field: 'likelihood', value: 101 }],
    ['a reserved byte in use', 'finding', 37, 1, { kind: 'value', field: 'reserved', value: 1 }],
    ['a sixth level', 'assessment', 33, 6, { kind: 'value', field: 'jsog', value: 6 }],
    ['a level with a reason for none', 'assessment', 35, 1, { kind: 'value', field: 'reason', value: 0 }],
    ['no level and no reason', 'assessment', 33, 0, { kind: 'value', field: 'reason', value: 0 }],
    ['an unknown caveat', 'assessment', 41, 8, expect.objectContaining({ field: 'flags' })],
    ['an unknown condition', 'condition', 32, 16, { kind: 'value', field: 'condition', value: 16 }],
    ['a step of nothing', 'baseline', 41, 0, { kind: 'value', field: 'step', value: 0 }],
    ['a judgement without a level', 'judgement', 32, 0, { kind: 'value', field: 'level', value: 0 }],
  ])('%s is refused', (_, name, at, value, fault) => {
    const bytes = golden(`publication_${name}`);
    bytes[at] = value;
    if (name === 'baseline') bytes[40] = 0;
    expect(recordFault(bytes)).toEqual(fault);
  });

  it('a reason without a name yet is left out, not refused', () => {
    const bytes = golden('publication_not_classifiable');
    bytes[bytes.length - 13] = 0x7f;
    expect(decodePublication(bytes)).toMatchObject({ kind: 'assessment', body: { jsog: 'lost', why: [] } });
  });

  it('a heart rate of zero is refused: it would be a lost signal shown as a value', () => {
    const bytes = forged(66, 0);
    bytes[67] = 0x40;
    new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true);
    expect(blockFault(bytes)).toEqual({ kind: 'value', field: 'heart rate', value: 0x4000 });
  });
});
