import { compile, expressionText } from '../jsonata.ts';
import type { Json, MachineDefinition, State } from '../machine-definition.schema.ts';
import { parseResource } from '../tasks/resource.ts';
import { isExpression } from '../template.ts';
import { expressionProblems } from './expression-problems.ts';
import type { Finding } from './finding.ts';
import { assignedNames } from './variables.ts';
import { blocksOf } from './walk.ts';

/** A template, the path to it in its state, and the members of `$states` that exist there. */
interface Field {
  readonly path: string;
  readonly template: Json | undefined;
  readonly members: readonly string[];
}

const always = ['input', 'context'] as const;

/** Every expression parses, and uses only `$states`, visible variables and known functions. */
export function checkExpressions(definition: MachineDefinition): Finding[] {
  return [...blocksOf(definition)].flatMap(({ states, location, outer }) => {
    const variables = new Set([...outer, states].flatMap((around) => [...assignedNames(around)]));
    return Object.entries(states.States).flatMap(([name, state]) =>
      fieldsOf(state).flatMap(({ path, template, members }) =>
        stringsIn(template, `${location}/States/${name}/${path}`).flatMap(({ at, text }) =>
          isExpression(text) ? checkExpression(text, at, { variables, members }) : checkText(text, at),
        ),
      ),
    );
  });
}

/** Half an expression is a slip: the string would be taken as it stands. */
function checkText(text: string, location: string): Finding[] {
  if (!/^\s*\{%|%\}\s*$/.test(text)) return [];
  const message =
    "looks like an expression and is none: it must start with '{%' and end with '%}', without blanks around.";
  return [{ kind: 'advice', location, message }];
}

function checkExpression(
  expression: string,
  location: string,
  known: { readonly variables: ReadonlySet<string>; readonly members: readonly string[] },
): Finding[] {
  const text = expressionText(expression);
  try {
    const ast = compile(text).ast();
    return expressionProblems(ast, known).map((message) => ({ kind: 'invalid', location, message }));
  } catch (error) {
    const why = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
    return [{ kind: 'invalid', location, message: `The JSONata does not parse: ${String(why)} In: ${text}` }];
  }
}

function stringsIn(template: Json | undefined, at: string): { at: string; text: string }[] {
  if (typeof template === 'string') return [{ at, text: template }];
  if (Array.isArray(template)) {
    return template.flatMap((item, index) => stringsIn(item, `${at}[${index}]`));
  }
  if (template === null || typeof template !== 'object') return [];
  return Object.entries(template).flatMap(([key, member]) => stringsIn(member, `${at}/${key}`));
}

function fieldsOf(state: State): Field[] {
  const hasResult = state.Type === 'Task' || state.Type === 'Parallel' || state.Type === 'Map';
  const leaving = hasResult ? [...always, 'result'] : always;
  const field = (path: string, template: Json | undefined, members: readonly string[] = always): Field => ({
    path,
    template,
    members,
  });
  const output = 'Output' in state ? [field('Output', state.Output, leaving)] : [];
  const assign = 'Assign' in state ? [field('Assign', state.Assign, leaving)] : [];
  return [...output, ...assign, ...ownFields(state, field), ...catchFields(state, field)];
}

type MakeField = (path: string, template: Json | undefined, members?: readonly string[]) => Field;

function ownFields(state: State, field: MakeField): Field[] {
  switch (state.Type) {
    case 'Task':
      return [
        field('Arguments', state.Arguments, argumentMembers(state.Resource)),
        field('TimeoutSeconds', state.TimeoutSeconds),
        field('HeartbeatSeconds', state.HeartbeatSeconds),
      ];
    case 'Choice':
      return state.Choices.flatMap(({ Condition, Output, Assign }, index) => [
        field(`Choices[${index}]/Condition`, Condition),
        field(`Choices[${index}]/Output`, Output),
        field(`Choices[${index}]/Assign`, Assign),
      ]);
    case 'Wait':
      return [field('Seconds', state.Seconds), field('Timestamp', state.Timestamp)];
    case 'Fail':
      return [field('Error', state.Error), field('Cause', state.Cause)];
    case 'Parallel':
      return [field('Arguments', state.Arguments)];
    case 'Map':
      return [
        field('Items', state.Items),
        field('ItemSelector', state.ItemSelector),
        field('MaxConcurrency', state.MaxConcurrency),
        field('ItemReader', state.ItemReader),
        field('ItemBatcher', state.ItemBatcher),
        field('ResultWriter', state.ResultWriter),
        field('ToleratedFailureCount', state.ToleratedFailureCount),
        field('ToleratedFailurePercentage', state.ToleratedFailurePercentage),
      ];
    default:
      return [];
  }
}

function catchFields(state: State, field: MakeField): Field[] {
  const catchers = 'Catch' in state ? (state.Catch ?? []) : [];
  const members = [...always, 'errorOutput'];
  return catchers.flatMap(({ Output, Assign }, index) => [
    field(`Catch[${index}]/Output`, Output, members),
    field(`Catch[${index}]/Assign`, Assign, members),
  ]);
}

/** A token exists only where a task waits for it; elsewhere `$states.context.Task` has nothing. */
function argumentMembers(resource: string): readonly string[] {
  const waits =
    resource.endsWith('.waitForTaskToken') && parseResource(resource).pattern === 'waitForTaskToken';
  return waits ? [...always, 'context.Task'] : always;
}
