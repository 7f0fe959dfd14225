import type { MeantDifference } from '../meant-difference.ts';
import { meantFor } from './meant.ts';

const guide = 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html';
const entry = meantFor('jsonata-python', 'states');

export const jsonataPythonExpressions: readonly MeantDifference[] = [
  entry(/\$eval\(/, /.*/, 1, 'ours', 'Step Functions has no $eval', guide),
  entry(
    /`a b`\.c/,
    /.*/,
    1,
    'neither',
    'a name without context has no value in a state machine; here the machine is refused, because it is a mistake',
    guide,
  ),
  entry(
    /\$base64encode\("aé"\)/,
    /value/,
    1,
    'unknown',
    'the reference implementation in JavaScript encodes characters below 256 as one byte, others encode UTF-8',
    'no source was found',
  ),
];
