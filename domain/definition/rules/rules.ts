import type { Finding } from '../problem.ts';
import { columnRulesMeanSomething } from './column-rules.ts';
import {
  columnListsAreClean,
  exclusionsAreUsed,
  includeOrExclude,
  rolesAreApart,
  timeIsNotTarget,
  weightsAreXgboosts,
} from './columns.ts';
import { concurrencyFitsLimit, stepsApply } from './deployment.ts';
import { championMetricIsPaired, limitsMeanSomething, metricsFitProblem } from './gates.ts';
import { imagesAreAllowed } from './images.ts';
import { completionSettingsApply, markerIsAFileName } from './ingestion.ts';
import {
  alarmsAreWatchedFor,
  budgetAllowsOneTraining,
  capIsReachable,
  newRowsMakeABatch,
  replacedDataLeavesSomething,
  retrainingSettingsApply,
  triggersAreListedOnce,
  windowNeedsTime,
} from './retraining.ts';
import type { Facts, Rule } from './rule.ts';
import { targetFitsProblem } from './target.ts';
import {
  hyperparametersAreNamedOnce,
  hyperparametersAreXgboosts,
  hyperparametersFitSageMaker,
  spotFitsTimeLimit,
  trainingFitsLimit,
} from './training.ts';

const rules: readonly Rule[] = [
  targetFitsProblem,
  columnListsAreClean,
  includeOrExclude,
  timeIsNotTarget,
  exclusionsAreUsed,
  rolesAreApart,
  weightsAreXgboosts,
  columnRulesMeanSomething,
  completionSettingsApply,
  markerIsAFileName,
  hyperparametersAreNamedOnce,
  hyperparametersAreXgboosts,
  hyperparametersFitSageMaker,
  spotFitsTimeLimit,
  trainingFitsLimit,
  imagesAreAllowed,
  metricsFitProblem,
  championMetricIsPaired,
  limitsMeanSomething,
  concurrencyFitsLimit,
  stepsApply,
  retrainingSettingsApply,
  windowNeedsTime,
  triggersAreListedOnce,
  alarmsAreWatchedFor,
  replacedDataLeavesSomething,
  newRowsMakeABatch,
  capIsReachable,
  budgetAllowsOneTraining,
];

/** What is wrong with a definition of the right shape, by every rule. */
export function ruleFindings(facts: Facts): Finding[] {
  return rules.flatMap((rule) => rule(facts));
}
