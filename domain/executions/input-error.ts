import * as z from 'zod';

/**
 * What is wrong with an input, for the person who typed it. Of an input that may be one of several things, it is held against the one that it
 * differs from in the fewest places. A word that says what the input is, such as `detail-type`, weighs more than all others.
 */
export function inputError({ issues }: z.ZodError): string {
  return z.prettifyError(new z.ZodError(issues.flatMap(nearest)));
}

type Issue = z.core.$ZodIssue;

function nearest(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const branches = issue.errors.map((branch) => branch.flatMap(nearest));
  const [best = []] = branches.toSorted((a, b) => distance(a) - distance(b));
  return best.map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
}

function distance(issues: readonly Issue[]): number {
  const isOther = issues.some(({ code, path }) => code === 'invalid_value' && path.length === 1);
  const foreign = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  return issues.length + 5 * foreign.length + (isOther ? 100 : 0);
}
