import { blocksOf, type Finding, type MachineDefinition, type State } from '@tidemark/region/asl';

/** A Task's comment that says why it lacks a field, such as "No Catch: nothing is left to undo." */
const exception = {
  Retry: /\bNo Retry\b[^.]*: ./i,
  Catch: /\bNo Catch\b[^.]*: ./i,
  HeartbeatSeconds: /\bNo HeartbeatSeconds\b[^.]*: ./i,
};

/** Tidemark's own rules for its state machines, which AWS does not ask for. */
export function checkHouseRules(definition: MachineDefinition): Finding[] {
  return [
    ...(definition.Comment ? [] : [advice('/', 'The machine needs a Comment that says what it is for.')]),
    // `timeout` of CDK's StateMachine does not reach a definition from a file.
    ...(definition.TimeoutSeconds === undefined ? [advice('/', 'The machine needs TimeoutSeconds.')] : []),
    ...[...blocksOf(definition)].flatMap(({ states, location }) =>
      Object.entries(states.States).flatMap(([name, state]) => [
        ...checkTask(state, `${location}/States/${name}`),
        ...checkLambdaTask(state, `${location}/States/${name}`),
        ...checkChoice(state, `${location}/States/${name}`),
      ]),
    ),
  ];
}

const advice = (location: string, message: string): Finding => ({ kind: 'advice', location, message });

function checkTask(state: State, location: string): Finding[] {
  if (state.Type !== 'Task') return [];
  const timeout =
    state.TimeoutSeconds === undefined
      ? [advice(location, "The task needs TimeoutSeconds; AWS's default is more than three years.")]
      : [];
  // Without heartbeats, a token that is lost holds the execution until the task's timeout.
  const waits = state.Resource.endsWith('.waitForTaskToken');
  const recovery = (['Retry', 'Catch', ...(waits ? (['HeartbeatSeconds'] as const) : [])] as const)
    .filter((field) => state[field] === undefined && !exception[field].test(state.Comment ?? ''))
    .map((field) =>
      advice(location, `The task needs ${field}, or a Comment that gives the reason: "No ${field}: …".`),
    );
  return [...timeout, ...recovery];
}

/** A new account runs ten functions at once, so Lambda refuses some as soon as a few files are dropped together. */
function checkLambdaTask(state: State, location: string): Finding[] {
  if (state.Type !== 'Task' || !/:lambda:invoke(\.|$)/.test(state.Resource) || !state.Retry) return [];
  const isRetried = state.Retry.some(({ ErrorEquals }) =>
    ErrorEquals.includes('Lambda.TooManyRequestsException'),
  );
  return isRetried
    ? []
    : [advice(`${location}/Retry`, 'The task needs a retry of its own for Lambda.TooManyRequestsException.')];
}

/**
 * AWS's documentation has a Choice state's own `Assign` apply whichever rule matches; the language's specification, only with
 * `Default`. A last rule with the condition `{% true %}` means the same to both.
 */
function checkChoice(state: State, location: string): Finding[] {
  if (state.Type !== 'Choice') return [];
  return (['Assign', 'Output'] as const)
    .filter((field) => state[field] !== undefined)
    .map((field) =>
      advice(
        `${location}/${field}`,
        `Put ${field} into the rules, the last of which may be {% true %}: it is ambiguous here.`,
      ),
    );
}
