import { LabelLines } from '@tidemark/domain/labels/label-lines.ts';
import { LabelProblems } from '@tidemark/domain/labels/label-problems.ts';
import { describe, expect, it } from 'vitest';
import {
  checkLabels,
  checkSentences,
  isRejected,
  type LookedUp,
} from '../../functions/labels/label-check.ts';
import { parseLabelKey } from '../../functions/labels/label-key.ts';
import { distance, encodingOf } from '../capture/encodings.ts';

const key = 'labels/churn/today.csv';
const found: LookedUp = { ids: 2, unknown: [], isComplete: true };
const classes = {
  ...encodingOf(distance),
  problem: 'binary' as const,
  target: { column: 'churned', above: null, classes: ['no', 'yes'] },
};

function check(text: string, encoding: typeof classes | null = classes, ids: LookedUp = found) {
  const reader = new LabelLines();
  const problems = new LabelProblems();
  const lines = text.split('\n');
  let notYet = 0;
  const labels = lines.flatMap((line, index) => {
    const read = reader.read(line);
    problems.note(read, index + 1);
    if (read.kind !== 'labels') return [];
    notYet += read.notYet;
    return read.labels.map((label) => ({ ...label, line: index + 1 }));
  });
  const file = { labels, notYet, problems: problems.list(), lines: lines.length, isWhole: true };
  const findings = checkLabels(file, encoding && { encoding, ids });
  return { ...findings, rejected: isRejected(findings), says: checkSentences(key, findings).join(' ') };
}

describe('a file of labels', () => {
  it.each([
    [
      'a misspelt header',
      'inference_id,lable\na,yes',
      /holds no label.* Line 1, 2: |Lines 1, 2: .*Did you mean `label` by `lable`\?/,
    ],
    ['no header', 'a,yes\nb,no', /Begin the file with a line that names them/],
    ['a JSON array', '[{"inference_id":"a","label":"yes"}]', /one JSON array.*one JSON object a line/],
    ['a misspelt field', '{"inference_id":"a","labl":"yes"}', /Did you mean `label` by `labl`\?/],
    [
      'only classes that the version does not know',
      'inference_id,label\na,perhaps\nb,maybe',
      /2 labels name no class of the live version, the first in lines 2, 3/,
    ],
    ['nothing but a header', 'inference_id,label', /holds no label/],
  ])('with %s is rejected, and says why and what to do', (_, text, says) => {
    expect(check(text)).toMatchObject({ rejected: true, usable: 0, says: expect.stringMatching(says) });
  });

  it.each([
    ['inferenceId', '{"inferenceId":"a","label":"yes"}\n{"inferenceId":"b","label":"no"}'],
    ['other spellings of classes', 'inference-id;Label\na; YES\nb;No '],
    ['blank lines', 'inference_id,label\n\na,yes\n,\nb,no\n'],
    ['a comment and a byte-order mark', '\uFEFF# nightly\ninference_id,label\na,yes\nb,no'],
  ])('with %s is received whole', (_, text) => {
    expect(check(text)).toMatchObject({
      rejected: false,
      usable: 2,
      problems: [],
      says: `2 labels of ${key} can be used.`,
    });
  });

  it('says what else it holds', () => {
    const text = 'inference_id,label\na,yes\na,no\nb,\nc,YES!\nbroken';
    const ids = { ids: 3, unknown: ['c'], isComplete: true };

    expect(check(text, classes, ids)).toMatchObject({
      rejected: false,
      labels: 3,
      usable: 2,
      notYet: 1,
      overruled: 1,
      problems: [{ code: 'wrong-fields', count: 1, lines: [6] }],
      unknownLabels: {
        code: 'no-class',
        count: 1,
        lines: [5],
        values: [{ value: 'YES!', count: 1, meant: 'yes' }],
      },
      says: expect.stringMatching(
        /Line 6: .* 1 label names no class .* 1 prediction is not labelled yet\. 1 of 3 inference ids names no prediction .* 1 label is overruled/,
      ),
    });
  });

  it('holds no value in what is said', () => {
    const { says } = check('inference_id,label\nsecret-id,secret-class\nsecret-id', classes, {
      ids: 1,
      unknown: ['secret-id'],
      isComplete: true,
    });

    expect(says).not.toMatch(/secret/);
    expect(check('secret-id,secret-class').says).not.toMatch(/secret/);
  });

  it('is read without a live version, and says what was not looked at', () => {
    expect(check('inference_id,label\na,whatever', null)).toMatchObject({
      rejected: false,
      usable: 1,
      says: expect.stringMatching(/No version is live/),
    });
  });

  it('of predictions that are not labelled yet is not rejected', () => {
    expect(check('inference_id,label\na,\nb,NA')).toMatchObject({ rejected: false, usable: 0, notYet: 2 });
  });

  it('does not claim that ids are unknown where not all predictions were looked at', () => {
    const ids = { ids: 2, unknown: ['a'], isComplete: false };

    expect(check('inference_id,label\na,yes\nb,no', classes, ids).says).toMatch(
      /1 of 2 inference ids were not found among the latest predictions/,
    );
  });
});

describe('a key below labels/', () => {
  it.each([
    ['labels/churn/2026/03/today.csv', { kind: 'labels', model: 'churn' }],
    ['labels/churn/', { kind: 'hidden' }],
    ['labels/churn/_SUCCESS', { kind: 'hidden' }],
    ['labels/today.csv', { kind: 'misplaced', subject: 'today.csv' }],
    ['labels/No Model/today.csv', { kind: 'misplaced', subject: 'No Model' }],
  ])('%s', (given, expected) => {
    expect(parseLabelKey(given)).toEqual(expected);
  });
});
