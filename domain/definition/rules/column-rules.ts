import { timeDirectives, timeFormatProblem } from '@tidemark/statistics/tables/read-time.ts';
import type { UnplacedFinding } from '../definition-finding.ts';
import type { DefinitionRule } from './definition-rule.ts';

/** What `columns` says of a column must be of use, and agree with the column's part in the definition. */
export const columnRulesMeanSomething: DefinitionRule = ({ definition }) => {
  const { columns, target, time, weight, features, problem } = definition;
  const excluded = new Set(features.exclude ?? []);
  return Object.entries(columns).flatMap(([name, { type, missing, format }]): UnplacedFinding[] => {
    const path = ['columns', name];
    const findings: UnplacedFinding[] = [];
    if (type === undefined && missing === undefined && format === undefined) {
      findings.push({
        path,
        atName: true,
        what: `\`columns.${name}\` says nothing of the column.`,
        remedy: 'Give it a `type`, `missing` or `format`, or remove it.',
      });
    }
    if (excluded.has(name) && name !== time) {
      findings.push({
        path,
        atName: true,
        what: `\`${name}\` is under \`features.exclude\`: nothing reads it, whatever it holds.`,
        remedy: 'Remove it from one of the two.',
      });
    }
    if (format !== undefined && type !== 'time') {
      findings.push({
        path: [...path, 'format'],
        what: `\`format\` says how times are spelled, and \`${name}\` is not said to hold times.`,
        remedy: 'Write `type: time` beside it, or remove `format`.',
      });
    }
    const wrong = format === undefined ? undefined : timeFormatProblem(format);
    if (wrong !== undefined) {
      findings.push({
        path: [...path, 'format'],
        what: `\`${format}\` is not a format of times. ${wrong}`,
        remedy: `Write iso-8601, epoch-seconds, epoch-milliseconds, or a pattern of ${timeDirectives.join(' ')} such as %d.%m.%Y.`,
      });
    }
    if (name === time && type !== undefined && type !== 'time') {
      findings.push({
        path: [...path, 'type'],
        what: `\`${name}\` is the \`time\` of a row, and \`columns\` calls it ${type}.`,
        remedy: 'Write `type: time`, or name another column in `time`.',
      });
    }
    if (name === weight && type !== undefined && type !== 'number') {
      findings.push({
        path: [...path, 'type'],
        what: `\`${name}\` is the \`weight\` of a row, and \`columns\` calls it ${type}.`,
        remedy: 'Write `type: number`, or name another column in `weight`.',
      });
    }
    if (name === target.column && 'positive' in target && missing?.includes(target.positive)) {
      findings.push({
        path: [...path, 'missing'],
        what: `\`${target.positive}\` counts as yes by \`target.positive\`, and as missing by \`columns\`: no row could be a yes.`,
        remedy: 'Remove it from one of the two.',
      });
    }
    if (name === target.column && type === 'time') {
      findings.push({
        path: [...path, 'type'],
        what: `\`${name}\` is the target, and \`columns\` calls it a time, which is not predicted.`,
        remedy: 'Name another column as `target`, or correct the type.',
      });
    }
    const needsNumber = problem === 'regression' || 'above' in target;
    if (name === target.column && type !== undefined && type !== 'time' && needsNumber && type !== 'number') {
      findings.push({
        path: [...path, 'type'],
        what: `\`${name}\` is the target and must be a number, and \`columns\` calls it ${type}.`,
        remedy: 'Write `type: number`, or correct `problem` and `target`.',
      });
    }
    return findings;
  });
};
