import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, type Line, render, wrap } from '../../../laptop/progress/line.ts';

describe('render', () => {
  it('leaves styles out without colour', () => {
    const line: Line = [{ text: 'a ' }, { text: 'b', style: 'bad' }];

    expect(render(line, { colour: false })).toBe('a b');
    expect(render(line, { colour: true })).toBe('a \u001B[31mb\u001B[39m');
  });

  it('never exceeds the width, and marks what is cut', () => {
    const segments = fc.array(
      fc.record({
        text: fc.string({ unit: fc.constantFrom('a', 'b', 'c') }),
        style: fc.constantFrom('bad', 'dim'),
      }),
    );
    fc.assert(
      fc.property(segments, fc.integer({ min: 1, max: 30 }), (line, width) => {
        const whole = line.map(({ text }) => text).join('');

        const shown = stripVTControlCharacters(render(line as Line, { colour: true, width }));

        expect(shown.length).toBeLessThanOrEqual(width);
        expect(shown).toBe(whole.length <= width ? whole : `${whole.slice(0, width - 1)}…`);
      }),
    );
  });
});

describe('wrap', () => {
  const shown = (line: Line, width: number) =>
    wrap(line, width).map((wrapped) => render(wrapped, { colour: false }));

  it('goes on below where the prose begins', () => {
    const line: Line = [
      { text: 'label   ' },
      { text: 'as many words as there are in a sentence of some length', isProse: true },
    ];

    expect(shown(line, 40)).toEqual([
      'label   as many words as there are in a',
      '        sentence of some length',
    ]);
  });

  it.each([
    ['a line that fits', [{ text: 'a ' }, { text: 'b c', isProse: true }] as Line],
    ['a line without prose', [{ text: 'x '.repeat(60).trim() }] as Line],
    ['an empty line', [] as Line],
  ])('leaves %s as it is', (_, line) => {
    expect(shown(line, 50)).toEqual([render(line, { colour: false })]);
  });

  it('loses no word and exceeds the width only for a word that is longer', () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 40 }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 40, max: 80 }), (list, width) => {
        const lines = shown([{ text: '  ' }, { text: list.join(' '), isProse: true }], width);

        expect(lines.flatMap((line) => line.trim().split(' '))).toEqual(list);
        for (const line of lines) expect(line.length <= width || !line.trim().includes(' ')).toBe(true);
      }),
    );
  });
});

describe('duration', () => {
  it.each([
    [0, '0.0 s'],
    [440, '0.4 s'],
    [9_940, '9.9 s'],
    [9_960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min 0 s'],
    [125_000, '2 min 5 s'],
  ])('of %d ms is %s', (milliseconds, expected) => {
    expect(duration(milliseconds)).toBe(expected);
  });
});
