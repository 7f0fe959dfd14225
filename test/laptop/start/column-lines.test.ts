import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../../functions/train/evaluation.schema.ts';
import { columnLines } from '../../../laptop/start/column-lines.ts';
import { finding } from '../../train/train-records.ts';

const evaluation = (of: Pick<Evaluation, 'positive' | 'columns'>) => of as Evaluation;
const textOf = (of: Evaluation) => columnLines(of).map((line) => line.map(({ text }) => text).join(''));

describe('the lines about columns', () => {
  it('say what yes means, then warnings, then what is not used', () => {
    const lines = textOf(
      evaluation({
        positive: { label: 'churned', decidedBy: 'order' },
        columns: [finding('body', 'free-text', 'warning'), finding('transfer', 'constant', 'note')],
      }),
    );

    expect(lines).toEqual([
      expect.stringMatching(/^ {2}Yes means +`churned`, the later of the two values/),
      expect.stringMatching(/^ {2}Warnings +About `body`\.$/),
      expect.stringMatching(/^ {2}Not used +About `transfer`\.$/),
    ]);
  });

  it('are few, however many columns there are', () => {
    const columns = Array.from({ length: 500 }, (_, index) => finding(`c${index}`, 'constant', 'note'));

    const lines = textOf(evaluation({ positive: null, columns }));

    expect(lines).toHaveLength(13);
    expect(lines.at(-1)).toContain('and 488 more');
  });
});
