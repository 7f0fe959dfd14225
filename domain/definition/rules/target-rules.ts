import type { DefinitionRule } from './definition-rule.ts';

/** Only a yes or no is made from something else; classes and numbers are predicted as they stand. */
export const targetFitsProblem: DefinitionRule = ({ definition: { problem, target } }) => {
  const extra = 'above' in target ? 'above' : 'positive' in target ? 'positive' : undefined;
  if (extra === undefined || problem === 'binary') return [];
  return [
    {
      path: ['target', extra],
      atName: true,
      what: `\`target.${extra}\` says what counts as yes, which only a binary problem has; this one is ${problem}.`,
      remedy: `Write \`problem: binary\`, or only the column: \`target: ${target.column}\`.`,
    },
  ];
};
