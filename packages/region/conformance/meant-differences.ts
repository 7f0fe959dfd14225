import type { MeantDifference } from './meant-difference.ts';

export const meantDifferences: readonly MeantDifference[] = [];
