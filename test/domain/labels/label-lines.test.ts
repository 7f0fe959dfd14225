import { LabelLines } from '@tidemark/domain/labels/label-lines.ts';
import type { Label } from '@tidemark/domain/labels/labels.schema.ts';
import { describe, expect, it } from 'vitest';

/** What a file says, by line. */
function read(...lines: string[]) {
  const file = new LabelLines();
  return lines.map((line) => file.read(line));
}
const labels = (...some: Label[]) => ({ kind: 'labels', labels: some, notYet: 0 });
const notYet = { kind: 'labels', labels: [], notYet: 1 };
const unreadable = (reason: string) => expect.objectContaining({ kind: 'unreadable', reason });
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
    ['blanks around quotes', [' "inference_id" ,  "label"', ' "order-17" ,\t"42" ']],
    ['quotes', ['"inference_id","label"', '"order-17","42"']],
    ['inferenceId', ['inferenceId,label', 'order-17,42']],
    ['inference-id and Label', ['inference-id,Label', 'order-17,42']],
    ['Inference ID', ['Inference ID;LABEL', 'order-17;42']],
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
    ['the name that a prediction is answered with', '{"inferenceId":"a","label":1}', label('a', 1)],
    ['names in another case', '{"InferenceID":"a","Label":1}', label('a', 1)],
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
    [
      'is one JSON array',
      ['[{"inference_id":"a","label":1},', '{"inference_id":"b","label":0}]'],
      ['json-array', 'json-array'],
    ],
    ['has JSON without a label', ['{"inference_id":"a"}'], ['no-fields']],
    ['has JSON that is a list', ['{"inference_id":"a","label":1}', '["b",1]'], [undefined, 'no-fields']],
    ['has a label that is a list', ['{"inference_id":"a","label":[1]}'], ['not-a-label']],
    ['names the label twice', ['inference_id,label,Label', 'a,1,0'], ['two-columns', 'two-columns']],
    ['names the id twice', ['InferenceId;label;inference-id', 'a;1;b'], ['two-columns', 'two-columns']],
    ['has JSON with two labels', ['{"inference_id":"a","label":1,"LABEL":0}'], ['two-columns']],
    ['has ground truth that is not CSV', [truth('{}', 'JSON')], ['not-csv']],
    ['has ground truth of nothing', [truth('')], ['not-a-label']],
  ])('that %s is told from a good one', (_, lines, reasons) => {
    expect(read(...lines)).toEqual(
      reasons.map((reason) =>
        reason === undefined ? expect.objectContaining({ kind: 'labels' }) : unreadable(reason),
      ),
    );
  });

  it.each([
    ['has too few fields', 'order-17', 'wrong-fields'],
    ['has too many fields', 'order-17,1,2', 'wrong-fields'],
    ['has no id', ',1', 'not-a-label'],
    ['has a quote that does not end', 'order-17,"1', 'wrong-fields'],
    ['has text after a quote', 'order-17,"1"2', 'wrong-fields'],
  ])('keeps the good lines beside one that %s', (_, bad, reason) => {
    expect(read('inference_id,label', 'a,1', bad, 'b,0')).toEqual([
      labels(),
      labels(label('a', '1')),
      unreadable(reason),
      labels(label('b', '0')),
    ]);
  });

  it.each([
    ['a comment', '# written by the nightly job'],
    ['Excel’s separator', 'sep=,'],
    ['a blank line', '   '],
    ['a byte-order mark alone', '\uFEFF'],
  ])('may begin with %s', (_, first) => {
    expect(read(first, 'inference_id,label', 'order-17,42')).toEqual([
      labels(),
      labels(),
      labels(label('order-17', '42')),
    ]);
  });

  it.each(['', '  ', ',', ' ; ', '\t'])('passes over the blank line %j', (blank) => {
    expect(read('inference_id,label', blank, 'a,1')).toEqual([labels(), labels(), labels(label('a', '1'))]);
    expect(read('{"inference_id":"a","label":1}', blank)).toEqual([labels(label('a', 1)), labels()]);
  });

  it.each([
    ['nothing in CSV', ['inference_id,label', 'a,']],
    ['NA in CSV', ['inference_id,label', 'a,NA']],
    ['null in JSON', ['{"inference_id":"a","label":null}']],
    ['an empty text in JSON', ['{"inference_id":"a","label":" "}']],
  ])('has a prediction that is not labelled yet, by %s', (_, lines) => {
    expect(read(...lines).at(-1)).toEqual(notYet);
  });

  it('takes NA in quotes for a class', () => {
    expect(read('inference_id,label', 'a,"NA"')[1]).toEqual(labels(label('a', 'NA')));
  });

  it.each([
    ['inference_id,lable', [{ column: 'label', meant: 'lable' }]],
    ['infrence_id;label', [{ column: 'inference_id', meant: 'infrence_id' }]],
    [
      'customer,outcome',
      [
        { column: 'inference_id', meant: null },
        { column: 'label', meant: null },
      ],
    ],
    [
      'order-17,yes',
      [
        { column: 'inference_id', meant: null },
        { column: 'label', meant: null },
      ],
    ],
  ])('says what the header %s lacks, and what was meant', (header, missing) => {
    expect(read(header)).toEqual([{ kind: 'unreadable', reason: 'no-header', missing }]);
  });

  it.each(['label1,n-0', 'lab3l,x', 'label\u0007,x'])('does not repeat what may be a value: %j', (header) => {
    const [found] = read(header);

    expect(found).toMatchObject({ reason: 'no-header', missing: [{ meant: null }, { meant: null }] });
  });

  it.each(['PK\u0003\u0004', 'PAR1\u0015', 'i\0d\0', '\uFFFD\uFFFDi\0'])(
    'is told to be no text: %j',
    (start) => {
      expect(read(start, 'x')).toEqual([unreadable('not-text'), unreadable('not-text')]);
    },
  );

  it.each([
    ['-999', { type: 'number' as const, missing: ['-999'] }],
    ['"NA"', { type: 'number' as const }],
    ['unknown', { type: 'string' as const, missing: ['unknown'] }],
  ])('has no label yet where %s means missing in the data', (text, spelling) => {
    const file = new LabelLines(spelling);
    file.read('inference_id,label');

    expect(file.read(`a,${text}`)).toEqual(notYet);
    const json = new LabelLines(spelling);
    expect(json.read(`{"inference_id":"a","label":${/^[-"]/.test(text) ? text : `"${text}"`}}`)).toEqual(
      notYet,
    );
  });

  it('says so of JSON, too', () => {
    expect(read('{"inference_id":"a","lable":1}')).toEqual([
      { kind: 'unreadable', reason: 'no-fields', missing: [{ column: 'label', meant: 'lable' }] },
    ]);
  });
});
