import { type MetricFacts, metricFactsOf, metricNamesOf } from '@tidemark/statistics/metrics/metric-facts.ts';
import { problemTypeSchema } from '@tidemark/statistics/metrics/metric-names.ts';
import { didYouMean } from '../closest.ts';
import type { Definition } from '../definition.schema.ts';
import type { Path, UnplacedFinding } from '../definition-finding.ts';
import type { DefinitionRule } from './definition-rule.ts';

/** Metrics are those of the problem. */
export const metricsFitProblem: DefinitionRule = ({ definition }) => {
  const { absolute, champion } = definition.gates;
  return [
    ...Object.keys(absolute).flatMap((metric) =>
      unknownMetric(definition, metric, { path: ['gates', 'absolute', metric], atName: true }),
    ),
    ...(champion.metric === undefined
      ? []
      : unknownMetric(definition, champion.metric, { path: ['gates', 'champion', 'metric'] })),
  ];
};

/** A sum of absolute values over bins has no row-by-row difference to test. */
export const championMetricIsPaired: DefinitionRule = ({ definition: { gates } }) =>
  gates.champion.metric === 'calibrationError'
    ? [
        {
          path: ['gates', 'champion', 'metric'],
          what: '`calibrationError` cannot be compared with the live version: it has no value per row, which a paired test needs.',
          remedy:
            'Compare by `brier`, which calibration is a part of, and limit `calibrationError` under `absolute`.',
        },
      ]
    : [];

function unknownMetric(
  { problem }: Definition,
  metric: string,
  where: { path: Path; atName?: true },
): UnplacedFinding[] {
  const names = metricNamesOf(problem);
  if (names.includes(metric)) return [];
  const elsewhere = problemTypeSchema.options.find((other) => metricNamesOf(other).includes(metric));
  const why = elsewhere ? `it is for ${elsewhere} problems` : 'there is no such metric';
  return [
    {
      ...where,
      what: `\`${metric}\` is not a metric of a ${problem} problem: ${why}.${didYouMean(metric, names)}`,
      remedy: `Metrics of a ${problem} problem are ${names.join(', ')}.`,
    },
  ];
}

/** A limit that every model keeps, or none can, is a slip and not a gate. */
export const limitsMeanSomething: DefinitionRule = ({ definition: { problem, gates } }) =>
  Object.entries(gates.absolute).flatMap(([metric, limit]): UnplacedFinding[] => {
    const facts = metricFactsOf(problem, metric);
    if (!facts) return [];
    const [bound, value] = 'atLeast' in limit ? ['atLeast', limit.atLeast] : ['atMost', limit.atMost];
    const path = ['gates', 'absolute', metric, bound];
    const right = facts.better === 'higher' ? 'atLeast' : 'atMost';
    if (bound !== right) {
      return [
        {
          path,
          atName: true,
          what: `\`${bound}\` is the wrong way round for ${metric}, of which ${facts.better} is better: it would refuse good models.`,
          remedy: `Write \`${metric}: { ${right}: ${value} }\`.`,
        },
      ];
    }
    const { lowest, highest } = facts;
    const isOutside = (lowest !== null && value < lowest) || (highest !== null && value > highest);
    if (!isOutside) return [];
    const isPercentage = highest === 1 && value > 1 && value <= 100;
    return [
      {
        path,
        what: `${metric} ${rangeOf(facts)}, so a limit of ${value} can never decide anything.`,
        remedy: isPercentage
          ? `Write \`${bound}: ${value / 100}\` for ${value} %.`
          : 'Choose a limit in that range.',
      },
    ];
  });

function rangeOf({ lowest, highest }: MetricFacts): string {
  if (lowest === null) return `is at most ${highest}`;
  return highest === null ? `is at least ${lowest}` : `lies between ${lowest} and ${highest}`;
}
