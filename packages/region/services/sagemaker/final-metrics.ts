import { isBuiltInImage } from '../../containers/images.ts';
import type { CreateTrainingJobRequest } from './create-training-job.schema.ts';
import type { TrainingJob } from './training-job.schema.ts';

type Metric = TrainingJob['metrics'][number];
type Algorithm = CreateTrainingJobRequest['AlgorithmSpecification'];

/** What the built-in XGBoost logs after each round: `#011validation-auc:0.7`. */
const XGBOOST_SCORE = /#011(train|validation)-([^\s:]+?):(\S+?)(?=#011|\s|$)/g;

/** Finds metrics in what a container prints and keeps the last value of each, as `FinalMetricDataList` does. */
export class FinalMetrics {
  readonly #find: (line: string) => [name: string, value: number][];
  readonly #metrics = new Map<string, Metric>();

  constructor({ TrainingImage, MetricDefinitions = [] }: Algorithm) {
    const definitions = MetricDefinitions.map(({ Name, Regex }) => ({
      name: Name,
      regex: new RegExp(Regex),
    }));
    this.#find = isBuiltInImage(TrainingImage) ? xgboostScores : (line) => definedScores(line, definitions);
  }

  read(line: string, now: number): void {
    for (const [name, value] of this.#find(line)) {
      if (Number.isFinite(value)) this.#metrics.set(name, { name, value, at: now });
    }
  }

  get metrics(): Metric[] {
    return [...this.#metrics.values()];
  }
}

function xgboostScores(line: string): [string, number][] {
  return [...line.matchAll(XGBOOST_SCORE)].map(([, dataset, metric, value]) => [
    `${dataset}:${metric}`,
    Number(value),
  ]);
}

function definedScores(
  line: string,
  definitions: readonly { name: string; regex: RegExp }[],
): [string, number][] {
  return definitions.flatMap(({ name, regex }) => {
    const value = regex.exec(line)?.[1];
    return value === undefined ? [] : [[name, Number(value)] satisfies [string, number]];
  });
}
