import type { MeantDifference } from '../meant-difference.ts';
import { meantFor } from './meant.ts';

const entry = meantFor('event-ruler', 'events');

export const eventRulerPatterns: readonly MeantDifference[] = [
  entry(
    /"\$or":\[1,2\]/,
    /outcome/,
    1,
    'theirs',
    'event-ruler takes $or for the name of a field where its list holds no patterns; here it is refused on purpose, because it is a mistake',
    'https://github.com/aws/event-ruler, $or matching',
  ),
];
