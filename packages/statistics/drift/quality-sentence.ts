import { counted, numeral } from '../sentence.ts';
import { shortNumber } from './bins.ts';
import { percent, probability } from './drift-sentences.ts';
import type { QualityJudgement } from './quality.schema.ts';

/** What is said of a window's quality in one sentence. */
export function qualitySentence(judged: Omit<QualityJudgement, 'sentence'>): string {
  const { metric, baseline, expected, drop, policy } = judged;
  const current = judged.basis === 'measured' ? judged.measured : judged.estimated;
  if (judged.basis === 'nothing' || !current || drop === undefined) {
    const why =
      judged.effectiveRows === undefined
        ? 'too little to estimate it from'
        : `predictions of which the hold-out has too few like them (as many as ${counted(Math.round(judged.effectiveRows), 'row')}) to estimate it`;
    return `Too few labels (fewer than ${policy.minimumLabels}) to measure ${metric}, and ${why}.`;
  }
  const how =
    judged.basis === 'measured'
      ? `measured on ${counted(current.rows, 'label')}`
      : `estimated from ${counted(current.rows, 'prediction')} without labels`;
  const before =
    expected.value === baseline.value
      ? `was ${shortNumber(baseline.value)}`
      : `was ${shortNumber(baseline.value)}, and ${shortNumber(expected.value)} on average in ${numeral(expected.blocks)} ${expected.blocks === 1 ? 'stretch' : 'stretches'} as long as a window`;
  return `${metric} ${shortNumber(current.value)}, ${how}, ${before}: ${consequence(judged, drop)}.`;
}

function consequence(
  { verdict, allowedDrop, expected, policy, p = 1 }: Omit<QualityJudgement, 'sentence'>,
  drop: number,
): string {
  const worse = `worse by ${shortNumber(drop)}`;
  const lost = allowedDrop > 0 ? `${percent(drop / allowedDrop)} of what may be lost` : '';
  const above = lost === '' ? '' : `, ${lost}`;
  const level = probability(policy.alpha);
  if (verdict === 'degraded')
    return `${worse}${above}, which is significant (p ${probability(p)}, where at most ${level} counts)`;
  if (drop <= 0) return 'no worse';
  if (p > policy.alpha) {
    const among = expected.degreesOfFreedom === null ? '' : ', as windows differ anyway';
    return `${worse}, which is not significant enough for an alarm${among} (p ${probability(p)}, where at most ${level} counts)`;
  }
  return `${worse}, which is significant (p ${probability(p)}, where at most ${level} counts)${lost === '' ? '' : `, but only ${lost}`}`;
}
