import type { QualityJudgement } from '@tidemark/statistics/drift/quality.schema.ts';
import { qualitySentence } from '@tidemark/statistics/drift/quality-sentence.ts';
import { describe, expect, it } from 'vitest';
import { judgeWindow } from '../../functions/monitor/judge-window.ts';
import { windowToJudge } from './judged-windows.ts';

const { quality } = judgeWindow(windowToJudge(), new Date('2026-03-01T14:05:00.000Z'));
const estimate = { value: 0.65, low: 0.6, high: 0.7, rows: 400 };

function sentence(more: Partial<QualityJudgement>): string {
  const judged = {
    ...quality,
    basis: 'estimated' as const,
    estimated: { ...quality.estimated, ...estimate },
    baseline: { ...quality.baseline, value: 0.68 },
    expected: { ...quality.expected, value: 0.68, degreesOfFreedom: null },
    drop: 0.03126,
    allowedDrop: 0.05,
    policy: { ...quality.policy, alpha: 0.001 },
    ...more,
  };
  // Parsed by nobody: only what the sentence reads counts.
  return qualitySentence(judged as QualityJudgement);
}

describe('what is said of a loss of quality', () => {
  it.each<[string, Partial<QualityJudgement>, RegExp]>([
    [
      'that is not sure names the level, and does not call 0.0012 chance',
      { verdict: 'healthy', p: 0.0012 },
      /worse by 0\.03126, which is not significant enough for an alarm \(p 0\.0012, where at most 0\.001 counts\)\.$/,
    ],
    [
      'that windows differ by anyway says so',
      { verdict: 'healthy', p: 0.39, expected: { ...quality.expected, value: 0.68, degreesOfFreedom: 15 } },
      /not significant enough for an alarm, as windows differ anyway \(p 0\.39, where at most 0\.001 counts\)\.$/,
    ],
    [
      'that is sure and small says how much of what may be lost it is',
      { verdict: 'healthy', p: 0.0001 },
      /worse by 0\.03126, which is significant \(p 0\.0001, where at most 0\.001 counts\), but only 63 % of what may be lost\.$/,
    ],
    [
      'that counts says how sure it is',
      { verdict: 'degraded', p: 0.0001, drop: 0.06 },
      /worse by 0\.06, 120 % of what may be lost, which is significant \(p 0\.0001, where at most 0\.001 counts\)\.$/,
    ],
    ['that is none', { verdict: 'healthy', drop: -0.01, p: 0.9 }, /: no worse\.$/],
  ])('%s', (_, more, expected) => {
    expect(sentence(more)).toMatch(expected);
  });
});
