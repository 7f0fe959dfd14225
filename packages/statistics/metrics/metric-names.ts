import * as z from 'zod';

/** The field's usual three. */
export const problemSchema = z.enum(['binary', 'multiclass', 'regression']).meta({
  description:
    'What kind of answer is predicted: yes or no (binary), one of several (multiclass), or a number (regression).',
});
export type Problem = z.infer<typeof problemSchema>;

/** What each kind of problem is measured by. */
export const metricNames = {
  binary: ['auc', 'logLoss', 'accuracy', 'precision', 'recall', 'f1', 'brier', 'calibrationError'],
  multiclass: ['logLoss', 'accuracy', 'macroPrecision', 'macroRecall', 'macroF1'],
  regression: ['rmse', 'mae', 'r2', 'mape'],
} as const satisfies Record<Problem, readonly string[]>;
