import { describe, expect, it } from 'vitest';
import { stepsOf } from '../../../laptop/progress/execution-view.ts';
import { HistoryBuilder } from './history-builder.ts';

const start = () => new HistoryBuilder().add('ExecutionStarted');

describe('stepsOf', () => {
  it('tells a state that is over, and how long it took', () => {
    const { events } = start().entered('Task', 'Read file').exited('Task', 'Read file');

    expect(stepsOf(events)).toMatchObject([
      { name: 'Read file', stateType: 'Task', status: 'done', visits: 1, elapsedMilliseconds: 1000 },
    ]);
  });

  it('tells a state that runs, since when, and what it has called', () => {
    const { events } = start().entered('Task', 'Train').scheduled('sagemaker', 'createTrainingJob.sync', {
      TrainingJobName: 'job-1',
    });

    expect(stepsOf(events)).toMatchObject([
      {
        status: 'running',
        runningSince: 2000,
        task: {
          service: 'sagemaker',
          action: 'createTrainingJob.sync',
          parameters: { TrainingJobName: 'job-1' },
        },
      },
    ]);
  });

  it('adds up the visits of a state that is entered again', () => {
    const { events } = start()
      .entered('Wait', 'Pause')
      .exited('Wait', 'Pause')
      .entered('Choice', 'Ready?')
      .exited('Choice', 'Ready?')
      .entered('Wait', 'Pause')
      .exited('Wait', 'Pause');

    expect(stepsOf(events)).toMatchObject([
      { name: 'Pause', visits: 2, elapsedMilliseconds: 2000 },
      { name: 'Ready?', visits: 1 },
    ]);
  });

  it('counts the time of concurrent visits once', () => {
    const { events } = start()
      .entered('Map', 'Each') // 2
      .entered('Task', 'Score', 2) // 3
      .entered('Task', 'Score', 2) // 4
      .exited('Task', 'Score', 3) // 5
      .exited('Task', 'Score', 4) // 6
      .exited('Map', 'Each', 6); // 7

    expect(stepsOf(events)).toMatchObject([
      { name: 'Each', elapsedMilliseconds: 5000 },
      { name: 'Score', visits: 2, status: 'done', elapsedMilliseconds: 3000 },
    ]);
  });

  it('keeps the tasks of parallel branches apart', () => {
    const { events } = start()
      .entered('Task', 'Left', 1) // 2
      .entered('Task', 'Right', 1) // 3
      .scheduled('lambda', 'invoke', { FunctionName: 'left' }, 2)
      .scheduled('lambda', 'invoke', { FunctionName: 'right' }, 3);

    expect(stepsOf(events).map(({ task }) => task?.parameters)).toEqual([
      { FunctionName: 'left' },
      { FunctionName: 'right' },
    ]);
  });

  it('remembers a failure that was retried', () => {
    const { events } = start()
      .entered('Task', 'Call')
      .scheduled('lambda', 'invoke', {})
      .failed('TransientError', 'busy')
      .scheduled('lambda', 'invoke', {})
      .exited('Task', 'Call');

    expect(stepsOf(events)).toMatchObject([
      { status: 'done', error: { error: 'TransientError', cause: 'busy' } },
    ]);
  });

  it('tells a failure that was caught from one that was retried', () => {
    const { events } = start()
      .entered('Task', 'Call')
      .scheduled('lambda', 'invoke', {})
      .failed('TransientError', 'busy')
      .exited('Task', 'Call')
      .entered('Task', 'Handle')
      .exited('Task', 'Handle');

    expect(stepsOf(events)).toMatchObject([
      { name: 'Call', status: 'caught', error: { error: 'TransientError' } },
      { name: 'Handle', status: 'done' },
    ]);
  });

  it('does not take the failure of one visit for that of another', () => {
    const { events } = start()
      .entered('Map', 'Each') // 2
      .entered('Task', 'Score', 2) // 3
      .entered('Task', 'Score', 2) // 4
      .failed('TransientError', 'busy') // 5, of 4
      .add('TaskSucceeded', { previousEventId: 3 }) // 6
      .exited('Task', 'Score', 6) // 7
      .scheduled('lambda', 'invoke', {}, 5) // 8
      .add('TaskSucceeded', { previousEventId: 8 })
      .exited('Task', 'Score', 9);

    expect(stepsOf(events)).toMatchObject([{ name: 'Each' }, { name: 'Score', status: 'done' }]);
  });

  it('calls the state failed that an execution fails in', () => {
    const { events } = start()
      .entered('Task', 'Call')
      .failed('InvariantError', 'broken')
      .add('ExecutionFailed', { executionFailedEventDetails: { error: 'InvariantError', cause: 'broken' } });

    expect(stepsOf(events)).toMatchObject([
      { name: 'Call', status: 'failed', elapsedMilliseconds: 2000, error: { error: 'InvariantError' } },
    ]);
  });

  it('calls a Fail state failed', () => {
    const { events } = start()
      .entered('Fail', 'Give up')
      .add('ExecutionFailed', { executionFailedEventDetails: { error: 'E', cause: 'why' } });

    expect(stepsOf(events)).toMatchObject([{ name: 'Give up', status: 'failed', error: { cause: 'why' } }]);
  });
});
