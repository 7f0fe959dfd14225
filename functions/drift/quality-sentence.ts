import { shortNumber } from './bins.ts';
import { percent, probability } from './drift-sentences.ts';
import type { QualityJudgement } from './quality.schema.ts';

/** What is said of a window's quality in one sentence. */
export function qualitySentence(judged: Omit<QualityJudgement, 'sentence'>): string {
  const { metric, baseline, drop, allowedDrop, policy, p = 1 } = judged;
  const current = judged.basis === 'measured' ? judged.measured : judged.estimated;
  if (judged.basis === 'nothing' || !current || drop === undefined) {
    return `Too few labels (fewer than ${policy.minimumLabels}) to measure ${metric}, and too little to estimate it from.`;
  }
  const how =
    judged.basis === 'measured'
      ? `measured on ${current.rows} labels`
      : `estimated from ${current.rows} predictions without labels`;
  const figures = `${metric} ${shortNumber(current.value)}, ${how}, was ${shortNumber(baseline.value)}`;
  return `${figures}: ${consequence(judged.verdict, drop, allowedDrop, p, policy.alpha)}.`;
}

function consequence(
  verdict: QualityJudgement['verdict'],
  drop: number,
  allowed: number,
  p: number,
  alpha: number,
): string {
  const lost = allowed > 0 ? `, ${percent(drop / allowed)} of what may be lost` : '';
  if (verdict === 'degraded') return `worse by ${shortNumber(drop)}${lost} (p ${probability(p)})`;
  if (drop <= 0) return 'no worse';
  if (p > alpha) return `worse by ${shortNumber(drop)}, which chance explains (p ${probability(p)})`;
  return `worse by ${shortNumber(drop)}${lost}`;
}
