import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import type { GateVerdict } from '@tidemark/domain/registry/records.schema.ts';
import type { Improvement } from '@tidemark/statistics/metrics/comparison.ts';
import { type MetricEstimates } from '@tidemark/statistics/metrics/metric.ts';
import type { Problem } from '@tidemark/statistics/metrics/metric-names.ts';
import type { UnreadText } from './unread-text.schema.ts';
/**
 * One-sided confidence that a model beats a guess: the bound is then the lower end of the two-sided interval at 0.95, the one
 * that is reported.
 */
export declare const guessConfidence = 0.975;
/** What the champion gate decides on. */
export type ChampionComparison =
  | {
      readonly kind: 'none';
    }
  | {
      readonly kind: 'incomparable';
      readonly version: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'compared';
      readonly version: number;
      readonly metric: string;
      /** `undefined` if the metric has no paired test on these rows. */
      readonly improvement: Improvement | undefined;
    };
/** What the gates decide on. */
export interface GateFacts {
  readonly problem: Problem;
  readonly gates: Definition['gates'];
  readonly metrics: MetricEstimates;
  readonly rows: number;
  /** Over a guess, by the problem's main metric. */
  readonly overGuess: Improvement | undefined;
  readonly champion: ChampionComparison;
  readonly unreadTexts: readonly UnreadText[];
}
/** Every gate's verdict; a version is approved if all pass. */
export declare function judge(facts: GateFacts): GateVerdict[];
