import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValueHasher } from '../../profile/value-hash.ts';

const hasher = new ValueHasher();
const ofText = (text: string): [number, number] => {
  const bytes = Buffer.from(text);
  hasher.ofBytes(bytes, 0, bytes.length);
  return [hasher.high, hasher.low];
};
const ofNumber = (value: number): [number, number] => {
  hasher.ofNumber(value);
  return [hasher.high, hasher.low];
};
const hex = ([high, low]: [number, number]) =>
  [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');

describe('the hash of a value', () => {
  // Stored profiles and plans hold hashes: a change of the hash must raise their versions.
  it.each([
    ['', '8e5e3ba71736dc68'],
    ['SFO', '3fb77cb79d25b775'],
    ['Zürich', '4d41b9b0a097bed4'],
  ])('of the text %j is always the same', (text, expected) => {
    expect(hex(ofText(text))).toBe(expected);
  });

  it.each([
    [0, '3eb380a5caed47af'],
    [1, '293a39ac9e29f9c9'],
    [-1.5, 'c09b42e0bc82fd3b'],
  ])('of the number %d is always the same', (value, expected) => {
    expect(hex(ofNumber(value))).toBe(expected);
  });

  it('is one for 0 and -0', () => {
    expect(ofNumber(-0)).toEqual(ofNumber(0));
  });

  it('is of the bytes between start and end only', () => {
    const bytes = Buffer.from('xxSFOyy');
    hasher.ofBytes(bytes, 2, 5);
    expect([hasher.high, hasher.low]).toEqual(ofText('SFO'));
  });

  it('differs among 100,000 texts and numbers that differ little', () => {
    const texts = Array.from({ length: 100_000 }, (_, index) => hex(ofText(`user-${index}`)));
    const numbers = Array.from({ length: 100_000 }, (_, index) => hex(ofNumber(index / 8)));

    expect(new Set(texts).size).toBe(100_000);
    expect(new Set(numbers).size).toBe(100_000);
  });

  it('differs for two texts that swap, double or drop a character', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string(), (a, b) => {
        fc.pre(a !== b && Buffer.from(a).toString() !== Buffer.from(b).toString());
        expect(hex(ofText(a))).not.toBe(hex(ofText(b)));
      }),
    );
  });

  it('changes about half of its bits with any one bit of a number or a text', () => {
    const changed = (a: [number, number], b: [number, number]) => bitsOf(a[0] ^ b[0]) + bitsOf(a[1] ^ b[1]);
    const shares: number[] = [];
    for (let value = 1; value <= 200; value += 1) {
      for (let bit = 0; bit < 64; bit += 1) {
        const bytes = Buffer.alloc(8);
        bytes.writeDoubleBE(value * 1.7);
        const other = Buffer.from(bytes);
        other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        if (Number.isNaN(other.readDoubleBE())) continue;
        shares.push(changed(ofNumber(bytes.readDoubleBE()), ofNumber(other.readDoubleBE())) / 64);
        shares.push(changed(ofText(bytes.toString('latin1')), ofText(other.toString('latin1'))) / 64);
      }
    }

    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.005);
  });
});

function bitsOf(value: number): number {
  return (value >>> 0).toString(2).replaceAll('0', '').length;
}
