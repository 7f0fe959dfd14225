import { edgesUpTo } from './edges-up-to.ts';

/** Distinct values in ascending order. */
export function ascending(values: Iterable<number>): number[] {
  return [...new Set(values)].toSorted((a, b) => a - b);
}

/**
 * Moves edges from answers to the middles between them and the next lower ones: in which bin an answer lies must not depend on how many
 * digits a container prints. A sole answer has an edge on either side.
 */
export function betweenAnswers(answers: readonly number[], edges: readonly number[]): number[] {
  const [only = 0] = answers;
  if (answers.length === 1) return [only - answerTolerance(only), only + answerTolerance(only)];
  const moved = edges.flatMap((edge) => {
    const above = answers[lowerCount(answers, edge)];
    const below = answers[lowerCount(answers, edge) - 1];
    return above === undefined || below === undefined ? [] : [(above + below) / 2];
  });
  return ascending(moved);
}

/** How many of the ascending answers are below the edge. */
function lowerCount(answers: readonly number[], edge: number): number {
  const upTo = edgesUpTo(answers, edge);
  return answers[upTo - 1] === edge ? upTo - 1 : upTo;
}

/** How far a deployment's proof lets the same answer lie off. */
export function answerTolerance(answer: number): number {
  return 1e-6 + 1e-5 * Math.abs(answer);
}
