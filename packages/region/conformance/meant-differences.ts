import { eventRulerPatterns } from './meant/event-ruler.ts';
import { jsonataPythonExpressions } from './meant/jsonata-python.ts';
import { motoDynamoDb } from './meant/moto-dynamodb.ts';
import { motoEvents } from './meant/moto-events.ts';
import { motoOthers } from './meant/moto-others.ts';
import { motoS3 } from './meant/moto-s3.ts';
import { motoStates } from './meant/moto-states.ts';
import type { MeantDifference } from './meant-difference.ts';

/** Every difference that is meant, by the implementation that differs. An entry that a whole run does not meet is an error of the run. */
export const meantDifferences: readonly MeantDifference[] = [
  ...motoS3,
  ...motoDynamoDb,
  ...motoEvents,
  ...motoStates,
  ...motoOthers,
  ...eventRulerPatterns,
  ...jsonataPythonExpressions,
];
