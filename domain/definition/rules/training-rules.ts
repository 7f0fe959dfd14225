import { unreachable } from '../../errors.ts';
import { didYouMean } from '../closest.ts';
import type { UnplacedFinding } from '../definition-finding.ts';
import {
  canonicalHyperparameter,
  type HyperparameterVerdict,
  judgeHyperparameter,
  xgboostNames,
} from '../xgboost-hyperparameters.ts';
import type { DefinitionRule } from './definition-rule.ts';

/** SageMaker takes 100 hyperparameters of a job; Tidemark adds up to 5 of its own (objective, classes, metric, rounds, seed). */
const maximumHyperparameters = 95;
/** SageMaker's limit for a hyperparameter's value, in characters. */
const longestHyperparameter = 2500;

/** Without an image the hyperparameters are XGBoost's, and a slip would cost the start of an instance. */
export const hyperparametersAreXgboosts: DefinitionRule = ({ definition: { problem, training } }) => {
  if (training.image !== undefined) return [];
  return Object.entries(training.hyperparameters).flatMap(([name, value]) => {
    const told = sentences(name, value, judgeHyperparameter(problem, name, value));
    return told ? [{ path: ['training', 'hyperparameters', name], ...told }] : [];
  });
};

/** XGBoost would take one of the two and say nothing. */
export const hyperparametersAreNamedOnce: DefinitionRule = ({ definition: { training } }) => {
  if (training.image !== undefined) return [];
  const names = Object.keys(training.hyperparameters);
  return names
    .filter((name) => canonicalHyperparameter(name) !== name && names.includes(canonicalHyperparameter(name)))
    .map((name) => ({
      path: ['training', 'hyperparameters', name],
      atName: true,
      what: `\`${name}\` is another name of \`${canonicalHyperparameter(name)}\`, which is there too.`,
      remedy: 'Keep one of them.',
    }));
};

function sentences(
  name: string,
  value: string,
  verdict: HyperparameterVerdict,
): Omit<UnplacedFinding, 'path'> | undefined {
  switch (verdict.kind) {
    case 'fine':
      return undefined;
    case 'unknown':
      return {
        atName: true,
        what: `SageMaker’s XGBoost has no hyperparameter \`${name}\`.${didYouMean(name, xgboostNames)}`,
        remedy:
          'Correct the name or remove the line. Hyperparameters of your own need an `image` of your own.',
      };
    case 'reserved':
      return {
        atName: true,
        what: `\`${name}\` cannot be set: ${verdict.why}.`,
        remedy: 'Remove the line. To train in another way, give an `image` of your own.',
      };
    case 'wrong-value':
      return {
        what: `\`${name}\` is ${value}; SageMaker’s XGBoost needs ${verdict.mustBe}.`,
        remedy: 'Correct the value, or remove the line for the default.',
      };
    default:
      return unreachable(verdict);
  }
}

export const hyperparametersFitSageMaker: DefinitionRule = ({ definition: { training } }) => {
  const entries = Object.entries(training.hyperparameters);
  return [
    ...(entries.length <= maximumHyperparameters
      ? []
      : [
          {
            path: ['training', 'hyperparameters'],
            atName: true as const,
            what: `There are ${entries.length} hyperparameters; SageMaker takes 100, of which Tidemark needs ${100 - maximumHyperparameters}.`,
            remedy: `Keep ${maximumHyperparameters} at most; read the others from a file in the image.`,
          },
        ]),
    ...entries
      .filter(([, value]) => value.length > longestHyperparameter)
      .map(([name, value]) => ({
        path: ['training', 'hyperparameters', name],
        what: `\`${name}\` has ${value.length} characters; SageMaker takes ${longestHyperparameter}.`,
        remedy: 'Shorten it, or read it from a file in the image.',
      })),
  ];
};

/** SageMaker waits an hour at most for spot capacity and training together when the algorithm keeps no checkpoints. */
const longestSpotMinutes = 60;

export const spotFitsTimeLimit: DefinitionRule = ({ definition: { training } }) =>
  training.spot && training.image === undefined && training.timeLimitMinutes > longestSpotMinutes
    ? [
        {
          path: ['training', 'timeLimitMinutes'],
          what: `\`training.timeLimitMinutes\` is ${training.timeLimitMinutes}, but on spot capacity the built-in XGBoost may take ${longestSpotMinutes} minutes at most, because it would start over after each interruption.`,
          remedy: `Write \`timeLimitMinutes: ${longestSpotMinutes}\` or less, or \`spot: false\`.`,
        },
      ]
    : [];

/** The deployment's own limit, which keeps a slip from running up a bill. */
export const trainingFitsLimit: DefinitionRule = ({ definition: { training }, limits }) =>
  training.timeLimitMinutes <= limits.trainingMinutes
    ? []
    : [
        {
          path: ['training', 'timeLimitMinutes'],
          what: `\`training.timeLimitMinutes\` is ${training.timeLimitMinutes}; this installation of Tidemark allows ${limits.trainingMinutes}.`,
          remedy: `Write ${limits.trainingMinutes} or less, or ask the operators of Tidemark to raise \`limits.trainingMinutes\` in cdk.json.`,
        },
      ];
