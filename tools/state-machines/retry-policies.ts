import type { RetryPolicies } from './retry-policies.schema.ts';

/** A retrier as it stands in a machine's file, fields in the order in which they are written. */
export type WrittenRetrier = Readonly<Record<string, unknown>>;

/** `Policy: lambda.` or `Policy: lambda, never LeaseLostError, ModelRetiredError.`, and a sentence if there is more to say. */
const policyComment =
  /^Policy: (?<policy>[\w-]+)(?:, never (?<never>\w+(?:\.\w+)*(?:, \w+(?:\.\w+)*)*))?\.(?: .+)?$/;
const ownComment = /^No policy: .+/;

/**
 * What the `Comment` of a state's first retrier says: the policy, and errors that the state does not retry besides; or why
 * there is none (`No policy: …`). Undefined if neither.
 */
export function namedBy(
  comment: unknown,
): { readonly policy: string | null; readonly never: readonly string[] } | undefined {
  const text = typeof comment === 'string' ? comment : '';
  const { policy, never } = policyComment.exec(text)?.groups ?? {};
  if (policy !== undefined) return { policy, never: never?.split(', ') ?? [] };
  return ownComment.test(text) ? { policy: null, never: [] } : undefined;
}

/**
 * The retriers that a state should have whose first one has this comment.
 * @returns null if the comment says why there is no policy, a sentence if it cannot be followed
 */
export function retriersFor(
  comment: unknown,
  policies: RetryPolicies,
): readonly WrittenRetrier[] | null | string {
  const named = namedBy(comment);
  if (named === undefined) {
    return 'The Comment of the first retrier must name its policy of retry-policies.json ("Policy: lambda."), or say why it has none ("No policy: …").';
  }
  if (named.policy === null) return null;
  const policy = Object.entries(policies.Policies).find(([name]) => name === named.policy)?.[1];
  if (policy === undefined) {
    return `There is no policy '${named.policy}'; retry-policies.json has ${Object.keys(policies.Policies).join(', ')}.`;
  }
  const never = [...named.never, ...policy.Never];
  const twice = never.find((name, at) => never.indexOf(name) < at);
  if (twice !== undefined) {
    return `${twice} is never retried by the policy '${named.policy}' already, or is named twice; take it out of the Comment.`;
  }
  const retriers = policy.Retriers.map((name) => retrierOf(policies, name));
  const [first, ...others] =
    never.length === 0 ? retriers : [{ ErrorEquals: never, MaxAttempts: 0 }, ...retriers];
  return [{ Comment: comment, ...first }, ...others];
}

function retrierOf({ Retriers }: RetryPolicies, name: string): WrittenRetrier {
  const { Comment: _, ...retrier } = Object.entries(Retriers).find(([other]) => other === name)?.[1] ?? {};
  return retrier;
}

/** What is wrong with a state's `Retry`, as a sentence; undefined if it is what its policy says, field for field. */
export function retryProblem(retry: readonly WrittenRetrier[], policies: RetryPolicies): string | undefined {
  const comment = retry[0]?.Comment;
  const wanted = retriersFor(comment, policies);
  if (wanted === null || typeof wanted === 'string') return wanted ?? undefined;
  const difference = firstDifference(retry, wanted);
  if (difference === undefined) return undefined;
  return `It differs from the policy '${namedBy(comment)?.policy}': ${difference}. Change state-machines/retry-policies.json or name another policy, then run npm run format.`;
}

function firstDifference(
  found: readonly WrittenRetrier[],
  wanted: readonly WrittenRetrier[],
): string | undefined {
  if (found.length !== wanted.length) return `it has ${found.length} retriers instead of ${wanted.length}`;
  for (const [at, retrier] of wanted.entries()) {
    const other = found[at] ?? {};
    const names = [...new Set([...Object.keys(retrier), ...Object.keys(other)])];
    const field = names.find((name) => JSON.stringify(other[name]) !== JSON.stringify(retrier[name]));
    if (field !== undefined) {
      return `${field} of retrier ${at + 1} is ${shown(other[field])} instead of ${shown(retrier[field])}`;
    }
  }
  return undefined;
}

const shown = (value: unknown): string => (value === undefined ? 'not given' : JSON.stringify(value));

/**
 * What is wrong with the policies themselves: retriers that do not exist, and unused policies.
 * @param used names of policies that states have
 */
export function policyProblems({ Policies, Retriers }: RetryPolicies, used: readonly string[]): string[] {
  const named = Object.entries(Policies).flatMap(([policy, { Retriers: retriers }]) =>
    retriers.map((retrier) => ({ policy, retrier })),
  );
  return [
    ...named
      .filter(({ retrier }) => !Object.hasOwn(Retriers, retrier))
      .map(
        ({ policy, retrier }) => `The policy '${policy}' has a retrier '${retrier}', which does not exist.`,
      ),
    ...Object.keys(Retriers)
      .filter((name) => named.every(({ retrier }) => retrier !== name))
      .map((name) => `No policy has the retrier '${name}'; remove it.`),
    ...Object.keys(Policies)
      .filter((name) => !used.includes(name))
      .map((name) => `No state has the policy '${name}'; remove it.`),
  ];
}
