import { yamlName } from '@tidemark/domain/definition/yaml-name.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

it('a name written for YAML is read as that name, in a list and as a key', () => {
  const odd = fc.constantFrom(
    'price, net',
    'a: b',
    '#1',
    '[x]',
    '{x}',
    'GDP (current US$), 2019',
    'yes',
    'null',
    '1.5',
    '0x1f',
    '-',
    '',
    ' a',
    "it's",
    '"',
    'ü',
  );

  fc.assert(
    fc.property(fc.oneof(odd, fc.string(), fc.string({ unit: 'grapheme' })), (name) => {
      expect(parse(`exclude: [${yamlName(name)}, b]`)).toEqual({ exclude: [name, 'b'] });
      expect(parse(`columns: { ${yamlName(name)}: { type: text } }`)).toEqual({
        columns: { [name]: { type: 'text' } },
      });
    }),
    { numRuns: 500 },
  );
});

it('a plain name needs no quotes', () => {
  expect(['age', 'unit price', 'größe', 'a.b/c'].map(yamlName)).toEqual([
    'age',
    'unit price',
    'größe',
    'a.b/c',
  ]);
});
