import { describe, expect, it } from 'vitest';
import { stepsOf } from '../../../laptop/progress/execution-view.ts';
import type { ExecutionView } from '../../../laptop/progress/executions.client.ts';
import { type Line, render } from '../../../laptop/progress/line.ts';
import { Progress } from '../../../laptop/progress/progress.ts';
import type { Screen } from '../../../laptop/progress/screen.ts';
import { HistoryBuilder } from './history-builder.ts';

/** A screen that remembers: what stays, and what is below it now. */
class Paper implements Screen {
  readonly printed: string[] = [];
  now: string[] = [];
  constructor(readonly isLive: boolean) {}
  print(...lines: readonly Line[]): void {
    this.printed.push(...lines.map((line) => squeezed(line)));
  }
  live(lines: readonly Line[]): void {
    this.now = lines.map((line) => squeezed(line));
  }
  close(): void {}
}

const squeezed = (line: Line) => render(line, { colour: false }).trim().replaceAll(/ +/g, ' ');

function execution(history: HistoryBuilder, more: Partial<ExecutionView> = {}): ExecutionView {
  return {
    arn: 'arn:execution:1',
    capability: 'train',
    model: 'churn',
    status: 'RUNNING',
    startedAt: 1000,
    endedAt: undefined,
    steps: stepsOf(history.events),
    ...more,
  };
}

const start = () => new HistoryBuilder().add('ExecutionStarted');
const open = (paper: Paper, since = 0) =>
  new Progress({ screen: paper, functionLabel: (name) => name.replace('arn:', ''), since });

describe('Progress', () => {
  it('tells each finished state once, and shows what runs with what it waits for', () => {
    const paper = new Paper(true);
    const progress = open(paper);
    const history = start()
      .entered('Task', 'Prepare data')
      .exited('Task', 'Prepare data')
      .entered('Task', 'Train model')
      .scheduled('sagemaker', 'createTrainingJob.sync', { TrainingJobName: 'job-1' });

    progress.update([execution(history)], 10_000);
    progress.update([execution(history)], 14_000);

    expect(paper.printed).toEqual(['✓ train Prepare data 1.0 s']);
    expect(paper.now).toEqual([
      expect.stringMatching(/train Train model 10 s sagemaker create training job job-1$/),
    ]);
  });

  it('names the model once there are several', () => {
    const paper = new Paper(true);
    const progress = open(paper);
    const history = start().entered('Task', 'Prepare').exited('Task', 'Prepare');
    const other = { arn: 'arn:execution:2', model: 'late' };

    progress.update([execution(history)], 5000);
    progress.update([execution(history), execution(history, other)], 6000);

    expect(paper.printed).toEqual(['✓ train Prepare 1.0 s', '✓ train late Prepare 1.0 s']);
  });

  it('tells nothing of quiet capabilities but that they run, and that they fail', () => {
    const paper = new Paper(true);
    const quiet = new Set(['train']);
    const progress = new Progress({ screen: paper, functionLabel: (name) => name, since: 0, quiet });
    const history = start().entered('Task', 'Judge').exited('Task', 'Judge').entered('Task', 'Publish');

    progress.update([execution(history)], 5000);
    const shown = [...paper.now];
    progress.update([execution(history, { status: 'FAILED', endedAt: 6000 })], 6000);

    expect(shown).toEqual([expect.stringMatching(/train Publish/)]);
    expect(paper.printed).toEqual(['✗ train workflow failed']);
  });

  it.each([
    ['Delete schedule', '✓ train Delete schedule 2.0 s'],
    [
      'Find schedule',
      '! train Find schedule 2.0 s failed, and was handled: ResourceNotFoundException: There is none.',
    ],
  ])('takes what is missing for an error unless it was to go: %s', (name, told) => {
    const paper = new Paper(true);
    const history = start()
      .entered('Task', name)
      .failed('ResourceNotFoundException', 'There is none.')
      .exited('Task', name);

    open(paper).update([execution(history)], 5000);

    expect(paper.printed).toEqual([told]);
  });

  it('names the function that a state waits for', () => {
    const paper = new Paper(true);
    const history = start()
      .entered('Task', 'Judge')
      .scheduled('lambda', 'invoke', { FunctionName: 'arn:judge' });

    open(paper).update([execution(history)], 3000);

    expect(paper.now).toEqual([expect.stringMatching(/Judge 1\.0 s function judge$/)]);
  });

  it('says nothing of states that only decide, nor of short repetitions', () => {
    const paper = new Paper(true);
    const progress = open(paper);
    const history = start().entered('Wait', 'Pause').exited('Wait', 'Pause');
    progress.update([execution(history)], 5000);
    history
      .entered('Choice', 'Ready?')
      .exited('Choice', 'Ready?')
      .entered('Wait', 'Pause')
      .exited('Wait', 'Pause');

    progress.update([execution(history)], 9000);

    expect(paper.printed).toEqual(['✓ train Pause 1.0 s']);
  });

  it('says that a state failed, and that the workflow did, once', () => {
    const paper = new Paper(true);
    const progress = open(paper);
    const cause = JSON.stringify({ errorType: 'InvariantError', errorMessage: 'no rows', trace: ['…'] });
    const history = start()
      .entered('Task', 'Judge')
      .failed('InvariantError', cause)
      .add('ExecutionFailed', { executionFailedEventDetails: { error: 'InvariantError', cause } });
    const failed = execution(history, { status: 'FAILED', endedAt: 5000 });

    progress.update([failed], 6000);
    progress.update([failed], 7000);

    expect(paper.printed).toEqual([
      '✗ train Judge 2.0 s InvariantError: no rows',
      '✗ train workflow failed: InvariantError: no rows',
    ]);
  });

  it('leaves out executions that were over before', () => {
    const paper = new Paper(true);
    const history = start().entered('Task', 'Judge').exited('Task', 'Judge');
    const over = execution(history, { status: 'SUCCEEDED', endedAt: 4000 });

    open(paper, 5000).update([over], 6000);

    expect(paper.printed).toEqual([]);
  });

  it('mentions a long state now and then where nothing can be redrawn', () => {
    const paper = new Paper(false);
    const progress = open(paper);
    const history = start().entered('Wait', 'Pause'); // since 2 s

    for (const now of [3000, 11_000, 12_000, 13_000, 21_000, 22_000])
      progress.update([execution(history)], now);

    expect(paper.printed).toEqual(['· train Pause 10 s pausing', '· train Pause 20 s pausing']);
  });
});
