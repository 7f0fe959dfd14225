import { didYouMean } from '../closest.ts';
import type { Path, UnplacedFinding } from '../definition-finding.ts';
import type { DefinitionRule } from './definition-rule.ts';

const whyNotTarget =
  'is the target; a model that sees the answer looks perfect and is of no use, so the target is never a feature';

/** Lists of columns: each column once, and the target in none of them. */
export const columnListsAreClean: DefinitionRule = ({ definition }) => {
  const { include = [], exclude = [] } = definition.features;
  const lists: { path: Path; columns: readonly string[]; why: string; remedy: string }[] = [
    {
      path: ['features', 'include'],
      columns: include,
      why: whyNotTarget,
      remedy: 'Remove it from the list.',
    },
    {
      path: ['features', 'exclude'],
      columns: exclude,
      why: `${whyNotTarget} and need not be excluded`,
      remedy: 'Remove it from the list, or correct `target` if another column was meant.',
    },
    {
      path: ['monitoring', 'exclude'],
      columns: definition.monitoring.exclude,
      why: 'is the target; what is monitored are the features and the predictions',
      remedy: 'Remove it from the list.',
    },
    {
      path: ['segments'],
      columns: definition.segments,
      why: 'is the target: metrics are always reported over all its values',
      remedy: 'Remove it from the list.',
    },
  ];
  return lists.flatMap(({ path, columns, why, remedy }) => {
    const seen = new Set<string>();
    return columns.flatMap((column, index): UnplacedFinding[] => {
      const at = [...path, index];
      const isRepeated = seen.has(column);
      seen.add(column);
      if (column === definition.target.column) return [{ path: at, what: `\`${column}\` ${why}.`, remedy }];
      if (!isRepeated) return [];
      return [{ path: at, what: `\`${column}\` is in the list twice.`, remedy: 'Remove one of them.' }];
    });
  });
};

/** A list of what to use leaves nothing to exclude. */
export const includeOrExclude: DefinitionRule = ({ definition: { features } }) =>
  features.include && features.exclude
    ? [
        {
          path: ['features', 'exclude'],
          atName: true,
          what: '`features.include` and `features.exclude` cannot be used together: what is not included is already left out.',
          remedy: 'Keep `include` to name the columns to use, or `exclude` to use all others.',
        },
      ]
    : [];

/** A column that is excluded from monitoring would be monitored otherwise. */
export const exclusionsAreUsed: DefinitionRule = ({ definition }) => {
  const { features, time, segments, monitoring } = definition;
  const others = [...segments, ...(time === undefined ? [] : [time])];
  return monitoring.exclude.flatMap((column, index): UnplacedFinding[] => {
    const path = ['monitoring', 'exclude', index];
    if (features.exclude?.includes(column)) {
      return [
        {
          path,
          what: `\`${column}\` is not a feature, as \`features.exclude\` lists it, so it is not monitored anyway.`,
          remedy: 'Remove it from one of the lists.',
        },
      ];
    }
    const used = [...(features.include ?? []), ...others];
    if (features.include === undefined || used.includes(column)) return [];
    return [
      {
        path,
        what: `\`${column}\` is not among the columns that the definition uses.${didYouMean(column, used)}`,
        remedy: 'Correct the name, or remove it from the list.',
      },
    ];
  });
};

/** A column has one of these uses: each of them says something else about a row. */
export const rolesAreApart: DefinitionRule = ({ definition: { target, time, entity, weight, features } }) => {
  const roles = { target: target.column, time, entity, weight };
  const clash = (
    role: 'entity' | 'weight',
    others: readonly ('target' | 'time' | 'entity')[],
  ): UnplacedFinding[] => {
    const column = roles[role];
    if (column === undefined) return [];
    const other = others.find((each) => roles[each] === column);
    if (other !== undefined) {
      return [
        {
          path: [role],
          what: `\`${column}\` is both \`${role}\` and \`${other}\`, which say different things about a row.`,
          remedy: `Name another column in \`${role}\`, or leave it out.`,
        },
      ];
    }
    const index = features.include?.indexOf(column) ?? -1;
    if (index === -1) return [];
    return [
      {
        path: ['features', 'include', index],
        what: `\`${column}\` is the \`${role}\` and never a feature.`,
        remedy: `Remove it from the list, or leave \`${role}\` out.`,
      },
    ];
  };
  return [...clash('entity', ['target', 'time']), ...clash('weight', ['target', 'time', 'entity'])];
};

/** How a custom image uses a column of weights is unknown. */
export const weightsAreXgboosts: DefinitionRule = ({ definition: { weight, training } }) =>
  weight === undefined || training.image === undefined
    ? []
    : [
        {
          path: ['weight'],
          what: '`weight` is for the built-in XGBoost; an image of your own would take the column for a feature.',
          remedy: 'Leave out `weight`, or `training.image`.',
        },
      ];

export const timeIsNotTarget: DefinitionRule = ({ definition: { time, target } }) =>
  time === target.column
    ? [
        {
          path: ['time'],
          what: `\`${time}\` is both the target and the time of a row, but the time is known before the answer.`,
          remedy: 'Name another column in `time`, or leave it out to split rows by chance.',
        },
      ]
    : [];
