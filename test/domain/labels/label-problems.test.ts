import { describe, expect, it } from 'vitest';
import type { MissingColumn } from '../../../domain/labels/label-lines.ts';
import { labelProblemSentence } from '../../../domain/labels/label-problems.ts';

const said = (...missing: MissingColumn[]) =>
  labelProblemSentence({ code: 'no-header', count: 2, lines: [1, 2], missing });

describe('a header that lacks a column is told', () => {
  it('with the one that is missing, if the other is there', () => {
    expect(said({ column: 'label', meant: null })).toBe(
      'Lines 1, 2: the first line does not name the columns `inference_id` and `label`. Only `label` is missing. Begin the file with a line that names them, or write JSON Lines with these two fields.',
    );
  });

  it('with the name that was meant, if one is near', () => {
    const sentence = said({ column: 'label', meant: 'lable' });

    expect(sentence).toContain('Did you mean `label` by `lable`?');
    expect(sentence).not.toContain('Only');
  });

  it('without a guess, if both are missing', () => {
    expect(said({ column: 'inference_id', meant: null }, { column: 'label', meant: null })).not.toContain(
      'Only',
    );
  });
});
