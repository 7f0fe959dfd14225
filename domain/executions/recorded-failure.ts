import { sentenceOf } from '../events/domain-event.ts';
import { type Told, told } from '../invocations/outcome.ts';
import type { RecordedFailure } from './failure.schema.ts';

/** How the function `record-failure` of a capability says that it ended: repeated, or of something unknown, it has nothing to record. */
export const toldFailure = ({ events }: RecordedFailure): Told =>
  events.length > 0
    ? told('done', 'recorded', { message: sentenceOf(events) })
    : told('unneeded', 'nothing-to-record');
