import type { Finding, Path } from '../problem.ts';
import type { Rule } from './rule.ts';

const whyNotTarget =
  'is the target; a model that sees the answer looks perfect and is of no use, so the target is never a feature';

/** Lists of columns: each column once, and the target in none of them. */
export const columnListsAreClean: Rule = ({ definition }) => {
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
      path: ['segments'],
      columns: definition.segments,
      why: 'is the target: metrics are always reported over all its values',
      remedy: 'Remove it from the list.',
    },
  ];
  return lists.flatMap(({ path, columns, why, remedy }) => {
    const seen = new Set<string>();
    return columns.flatMap((column, index): Finding[] => {
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
export const includeOrExclude: Rule = ({ definition: { features } }) =>
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

export const timeIsNotTarget: Rule = ({ definition: { time, target } }) =>
  time === target.column
    ? [
        {
          path: ['time'],
          what: `\`${time}\` is both the target and the time of a row, but the time is known before the answer.`,
          remedy: 'Name another column in `time`, or leave it out to split rows by chance.',
        },
      ]
    : [];
