import type { UnplacedFinding } from '../definition-finding.ts';
import { columnRulesMeanSomething } from './column-rules.ts';
import {
  columnListsAreClean,
  exclusionsAreUsed,
  includeOrExclude,
  rolesAreApart,
  timeIsNotTarget,
  weightsAreXgboosts,
} from './column-use-rules.ts';
import type { DefinitionFacts, DefinitionRule } from './definition-rule.ts';
import { championMetricIsPaired, limitsMeanSomething, metricsFitProblem } from './gate-rules.ts';
import { imagesAreAllowed } from './image-rules.ts';
import { completionSettingsApply, markerIsAFileName } from './ingestion-rules.ts';
import {
  alarmsAreWatchedFor,
  budgetAllowsOneTraining,
  capIsReachable,
  newRowsMakeABatch,
  replacedDataLeavesSomething,
  retrainingSettingsApply,
  triggersAreListedOnce,
  windowNeedsTime,
} from './retraining-rules.ts';
import { concurrencyFitsLimit, stepsApply } from './serving-rules.ts';
import { targetFitsProblem } from './target-rules.ts';
import {
  hyperparametersAreNamedOnce,
  hyperparametersAreXgboosts,
  hyperparametersFitSageMaker,
  spotFitsTimeLimit,
  trainingFitsLimit,
} from './training-rules.ts';

const rules: readonly DefinitionRule[] = [
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
export function ruleFindings(facts: DefinitionFacts): UnplacedFinding[] {
  return rules.flatMap((rule) => rule(facts));
}
