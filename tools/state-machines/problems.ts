import { validateStateMachine } from '@tidemark/region/asl';
import { checkHouseRules } from './house-rules.ts';
import { retriesIn } from './machine-text.ts';
import { type RetryPolicies, retryPoliciesSchema } from './retry-policies.schema.ts';
import { namedBy, policyProblems, retryProblem } from './retry-policies.ts';

/** What is wrong with a machine's file, by AWS's rules and by ours, a line for each finding. */
export function machineProblems(text: string, policies: RetryPolicies): string[] {
  const definition = parsed(text);
  if (typeof definition === 'string') return [definition];
  return [
    ...validateStateMachine(definition.json, [checkHouseRules]),
    ...retriesIn(text).flatMap(({ location, retriers }) => {
      const message = retryProblem(retriers, policies);
      return message === undefined ? [] : [{ location, message }];
    }),
  ].map(({ location, message }) => `${location}: ${message}`);
}

/**
 * What is wrong with machines and policies together.
 * @param machines texts by the names of their files
 * @param policiesText `retry-policies.json`
 */
export function problemsOf(machines: ReadonlyMap<string, string>, policiesText: string): string[] {
  const policies = parsePolicies(policiesText);
  if (Array.isArray(policies)) return policies.map((problem) => `retry-policies.json: ${problem}`);
  const used = [...machines.values()].flatMap(policiesIn);
  return [
    ...policyProblems(policies, used).map((problem) => `retry-policies.json: ${problem}`),
    ...[...machines].flatMap(([file, text]) =>
      machineProblems(text, policies).map((problem) => `${file}: ${problem}`),
    ),
  ];
}

/** The policies, or what is wrong with them. */
export function parsePolicies(text: string): RetryPolicies | string[] {
  const json = parsed(text);
  if (typeof json === 'string') return [json];
  const { data, error } = retryPoliciesSchema.safeParse(json.json);
  return data ?? error.issues.map(({ path, message }) => `/${path.map(String).join('/')}: ${message}`);
}

function policiesIn(text: string): string[] {
  if (typeof parsed(text) === 'string') return [];
  return retriesIn(text).flatMap(({ retriers }) => namedBy(retriers[0]?.Comment)?.policy ?? []);
}

function parsed(text: string): { readonly json: unknown } | string {
  try {
    return { json: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return `not JSON: ${error.message}`;
  }
}
