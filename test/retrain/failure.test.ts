import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../functions/retrain/failure.ts';

const thrown = (errorMessage: string) => JSON.stringify({ errorType: 'Any', errorMessage, trace: [] });

describe('a failure is described', () => {
  it.each([
    [
      'as a defect of ours, where something cannot be',
      { Error: 'InvariantError', Cause: thrown('No\n  record.') },
      'Decide met what cannot be, which is a defect of Tidemark: No record. Please report it.',
    ],
    [
      'in the words of a function',
      { Error: 'LeaseContendedError', Cause: thrown('Try again') },
      'Decide failed with LeaseContendedError: Try again.',
    ],
    [
      'in the words of a service',
      { Error: 'EventBridge.InternalException', Cause: 'Down' },
      'Decide failed with EventBridge.InternalException: Down.',
    ],
    [
      'by how its execution ended',
      { Error: 'Execution.TIMED_OUT', Cause: '' },
      'the execution ran out of time before it was done.',
    ],
  ])('%s', (_, caught, message) => {
    expect(describeFailure(caught, 'Decide')).toEqual({ error: caught.Error, message });
  });
});
