import { expect, it } from 'vitest';
import { labelIds } from '../../tools/cases/label-ids.ts';

it.each([
  ['CSV', 'inference_id,label\nn-0, yes\nn-1, no\nn-0, no\n', ['n-0', 'n-1']],
  ['CSV whose other name is misspelt', 'inference_id,lable\nn-0,yes\n', ['n-0']],
  ['CSV with the id in another column, quoted', 'label;"inferenceId"\r\nyes;"n-0"\r\n', ['n-0']],
  ['CSV with a hyphen in the name', 'Inference-ID;Label\nn-0;yes\n', ['n-0']],
  ['CSV with a line above the header', 'sep=,\ninference_id,label\nn-0,yes\n', ['n-0']],
  [
    'JSON Lines',
    '{"inference_id": "n-0", "label": 1}\n{"inferenceId":"n-1"}\n{"inference_id":7}\n',
    ['n-0', 'n-1', '7'],
  ],
  ['a JSON array', '[{"inference_id":"n-0"},{"inference_id":"n-1"}]', ['n-0', 'n-1']],
  [
    'ground truth',
    '{"groundTruthData":{"data":"1","encoding":"CSV"},"eventMetadata":{"eventId":"n-0"}}',
    ['n-0'],
  ],
])('ids are found in labels as %s', (_, text, ids) => {
  expect(labelIds(text)).toEqual(ids);
});
