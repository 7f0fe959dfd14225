import { unreachable } from '@tidemark/domain/errors.ts';
import type { Line } from '../progress/line.ts';
import type { SamplePrediction } from './prediction.client.ts';
import { field, more, reportFigure } from './report-lines.ts';

/** What was asked, what the endpoint answered, and what is true. */
export function predictionLines({ rowId, row, encoding, prediction }: SamplePrediction): Line[] {
  const { column } = encoding.target;
  const features = Object.entries(row)
    .filter(([name]) => name !== column)
    .map(([name, value]) => `${name} ${value ?? 'missing'}`);
  return [
    field('Prediction', `hold-out row ${rowId}: ${features.join(', ')}`),
    more(`${answerText(encoding, prediction)}; in truth ${column} was ${row[column]}`),
  ];
}

function answerText(
  { problem, target }: SamplePrediction['encoding'],
  prediction: readonly number[],
): string {
  const [first = Number.NaN] = prediction;
  switch (problem) {
    case 'binary':
      return `the endpoint says ${reportFigure(first)} for ${target.column} ${yesText(target)}`;
    case 'multiclass':
      return `the endpoint says ${prediction.map((share, index) => `${target.classes[index]} ${reportFigure(share)}`).join(', ')}`;
    case 'regression':
      return `the endpoint says ${reportFigure(first)}`;
    default:
      return unreachable(problem);
  }
}

function yesText({ above, classes }: SamplePrediction['encoding']['target']): string {
  return above === null ? `= ${classes[1]}` : `above ${above}`;
}
