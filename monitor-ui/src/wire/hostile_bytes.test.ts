import { describe, expect, it } from 'vitest';
import { golden } from '../../tests/golden.ts';
import { seeded } from '../../tests/seeded.ts';
import { crc32, decodeBlock, decodeFeedFrame, WireError } from './index.ts';

/** Decodes as the feed does and lets nothing but a WireError pass; says whether it was refused. */
function refused(bytes: Uint8Array): boolean {
  try {
    const frame = decodeFeedFrame(bytes);
    if (frame.kind === 'blocks') for (const entry of frame.entries) decodeBlock(entry.block);
    return false;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    expect(error.message).not.toBe('');
    return true;
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
    for (const name of ['roster', 'blocks', 'beat', 'missed']) {
      const bytes = golden(name);
      for (let cut = 0; cut < bytes.length; cut += 1) expect(refused(bytes.subarray(0, cut))).toBe(true);
    }
  });

  it('are refused when one is left over', () => {
    for (const name of ['roster', 'blocks', 'beat', 'missed']) {
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
    const whole = ['roster', 'blocks', 'beat', 'missed'].map(golden);
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

  it('a heart rate of zero is refused: it would be a lost signal shown as a value', () => {
    const bytes = forged(66, 0);
    bytes[67] = 0x40;
    new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true);
    expect(blockFault(bytes)).toEqual({ kind: 'value', field: 'heart rate', value: 0x4000 });
  });
});
