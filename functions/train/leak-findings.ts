import { yamlName } from '@tidemark/domain/definition/yaml-name.ts';
import { cell, code, counted, reveal, say } from '@tidemark/statistics/sentence.ts';
import type { ColumnFinding } from './column-finding.schema.ts';
import { type Wording, warned } from './column-findings.ts';
import type { MissingnessLeak } from './missingness.ts';
import type { StudiedColumn } from './study-columns.ts';

/** What the warnings are about. */
interface LeakContext {
  readonly target: string;
  /** Names of the classes by their numbers; empty for regression. */
  readonly classes: readonly string[];
  readonly trainRows: number;
  /** Columns that the model reads. */
  readonly used: ReadonlySet<string>;
}

/** A warning for each column that gives the answer away, by its values or by having any. */
export function leakFindings(studied: readonly StudiedColumn[], context: LeakContext): ColumnFinding[] {
  return studied.flatMap(({ statistics, leak, missingness }) => {
    const { name } = statistics.column;
    const isUsed = context.used.has(name);
    const advice = isUsed
      ? say`If it is not known when a prediction is made, write ${code(`features.exclude: [${yamlName(name)}]`)}; with it the metrics are too good to be true.`
      : say`The model does not use it.`;
    const add = (why: 'leak' | 'leak-by-missingness', { clause, withValue = clause }: Wording) =>
      warned(why, statistics, context.trainRows, isUsed, {
        clause: say`${clause}. ${advice}`,
        withValue: reveal`${withValue}. ${advice}`,
      });
    return [
      // What is left out and gives the answer away by its values cannot do harm.
      ...(leak !== undefined && isUsed
        ? [add('leak', { clause: say`alone gives the answer away in the training rows: ${leak}` })]
        : []),
      ...(missingness ? [add('leak-by-missingness', missingnessWording(missingness, context))] : []),
    ];
  });
}

function missingnessWording(leak: MissingnessLeak, { target, classes }: LeakContext): Wording {
  const has = leak.side === 'with' ? 'has a value' : 'is empty';
  if (leak.of === 'range') {
    const { rows, lowest, highest } = leak;
    return {
      clause: say`${has} only in a part of the range of ${code(target)} (${counted(rows, 'training row')})`,
      withValue: reveal`${has} only where ${code(target)} is between ${shown(lowest)} and ${shown(highest)} (${counted(rows, 'training row')})`,
    };
  }
  const { rows, ofClass, label } = leak;
  const only = ofClass === rows ? 'only' : 'almost only';
  const counts =
    ofClass === rows ? counted(rows, 'training row') : say`${ofClass} of ${counted(rows, 'training row')}`;
  return {
    clause: say`${has} ${only} in one class of ${code(target)} (${counts})`,
    withValue: reveal`${has} ${only} where ${code(target)} is ${cell(classes[label] ?? 'of a rare class')} (${counts})`,
  };
}

/** Six digits are more than anybody compares by eye. */
function shown(value: number): number {
  return Number(value.toPrecision(6));
}
