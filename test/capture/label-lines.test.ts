import { describe, expect, it } from 'vitest';
import { LabelLines } from '../../functions/capture/label-lines.ts';
import type { Label } from '../../functions/capture/labels.schema.ts';

/** What a file says, by line. */
function read(...lines: string[]) {
  const file = new LabelLines();
  return lines.map((line) => file.read(line));
}
const labels = (...some: Label[]) => ({ kind: 'labels', labels: some });
const unreadable = (reason: string) => ({ kind: 'unreadable', reason });
const label = (inferenceId: string, value: Label['label']): Label => ({ inferenceId, label: value });

describe('a file of labels', () => {
  it.each([
    ['comma', ['inference_id,label', 'order-17,42']],
    ['semicolon', ['inference_id;label', 'order-17;42']],
    ['tab', ['inference_id\tlabel', 'order-17\t42']],
    ['bar', ['inference_id|label', 'order-17|42']],
    ['byte-order mark', ['\uFEFFinference_id,label', 'order-17,42']],
    ['other columns, in any order', ['time,LABEL,who,Inference_Id', '2026-03-01,42,"Doe, J.",order-17']],
    ['spaces and carriage returns', ['inference_id, label\r', 'order-17, 42\r']],
    ['quotes', ['"inference_id","label"', '"order-17","42"']],
  ])('is read as CSV with %s', (_, lines) => {
    expect(read(...lines)).toEqual([labels(), labels(label('order-17', '42'))]);
  });

  it('keeps quotes and separators that are part of a label', () => {
    expect(read('inference_id,label', '7,"a ""late"", b"')[1]).toEqual(labels(label('7', 'a "late", b')));
  });

  it.each([
    ['text', '{"inference_id":"order-17","label":"above 15"}', label('order-17', 'above 15')],
    ['a number', '{"inference_id":"order-17","label":42.5,"time":"2026-03-01"}', label('order-17', 42.5)],
    ['a truth value', '{"inference_id":"order-17","label":false}', label('order-17', false)],
    ['a number for an id', '{"inference_id":17,"label":1}', label('17', 1)],
  ])('is read as JSON Lines with %s', (_, line, expected) => {
    expect(read(line)).toEqual([labels(expected)]);
  });

  const truth = (data: string, encoding = 'CSV') =>
    JSON.stringify({
      groundTruthData: { data, encoding },
      eventMetadata: { eventId: 'order-17' },
      eventVersion: '0',
    });

  it.each([
    ['one row', truth('1'), [label('order-17', '1')]],
    ['one row in base64', truth(Buffer.from('1\n').toString('base64'), 'BASE64'), [label('order-17', '1')]],
    ['a request of two rows', truth('1\n0\n'), [label('order-17-0', '1'), label('order-17-1', '0')]],
  ])('is read as SageMaker’s ground truth of %s', (_, line, expected) => {
    expect(read(line)).toEqual([labels(...expected)]);
  });

  it('may mix both kinds of JSON', () => {
    expect(read(truth('1'), '{"inference_id":"b","label":0}')).toEqual([
      labels(label('order-17', '1')),
      labels(label('b', 0)),
    ]);
  });

  it.each([
    ['has no header', ['order-17,1', 'order-18,0'], ['no-header', 'no-header']],
    ['has a header without a label', ['inference_id,truth', 'order-17,1'], ['no-header', 'no-header']],
    ['breaks off', ['{"inference_id":"a","lab'], ['not-json']],
    ['has JSON without a label', ['{"inference_id":"a"}'], ['not-a-label']],
    ['has a missing label', ['{"inference_id":"a","label":null}'], ['not-a-label']],
    ['has a label that is a list', ['{"inference_id":"a","label":[1]}'], ['not-a-label']],
    ['has ground truth that is not CSV', [truth('{}', 'JSON')], ['not-csv']],
    ['has ground truth of nothing', [truth('')], ['not-a-label']],
  ])('that %s is told from a good one', (_, lines, reasons) => {
    expect(read(...lines)).toEqual(reasons.map(unreadable));
  });

  it.each([
    ['has too few fields', 'order-17'],
    ['has too many fields', 'order-17,1,2'],
    ['has no id', ',1'],
    ['has no label', 'order-17,'],
    ['has a quote that does not end', 'order-17,"1'],
    ['has text after a quote', 'order-17,"1"2'],
  ])('keeps the good lines beside one that %s', (_, bad) => {
    expect(read('inference_id,label', 'a,1', bad, 'b,0')).toEqual([
      labels(),
      labels(label('a', '1')),
      unreadable('not-a-label'),
      labels(label('b', '0')),
    ]);
  });
});
